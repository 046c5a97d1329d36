/* run_fixture.h - the result of a run, filled by hand, for the tests of the reports. */
#ifndef TESTS_RUN_FIXTURE_H
#define TESTS_RUN_FIXTURE_H

#include "report/report.h"

#define FIXTURE_CASES    4
#define FIXTURE_VARIANTS 18
/* No certificate, but an octet that could begin one. */
#define FIXTURE_PEM    "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"
#define FIXTURE_SHA256 "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"

struct run_fixture {
	struct run_result r;
	struct catalogue catalogue;
	struct profile profile;
	struct requirement requirement;
	struct suite_case c[FIXTURE_CASES];
	struct cite cite;
	struct suite_measure measure;
	struct measured_number more[2];
	struct suite_variant variant[FIXTURE_VARIANTS];
	struct variant_result result[FIXTURE_VARIANTS];
	struct step_result step[FIXTURE_VARIANTS][3];
	struct challenge challenge;
	struct auth_param param;
	struct tls_certificate certificate[2];
	struct redactor redactor;
	struct report_options o;
	char folder[64]; /* an empty folder of its own */
	char path[96];   /* folder/report */
	char id[FIXTURE_VARIANTS][48];
	struct waiver_note waiver;
	struct waiver_report waivers;
	struct str problem;
	struct cause cause;
};

/* Every verdict and reason comes at least once; text stands in every field that a run fills. */
void run_fixture_start(struct run_fixture *f, struct str text);
/* Variant i is waived and text is wrong with another waiver; the clock explains the run. */
void run_fixture_overlay(struct run_fixture *f, size_t i, struct str text);
void run_fixture_end(struct run_fixture *f);
/* The whole file at f->path, NUL-terminated; free() it. */
char *run_fixture_read(const struct run_fixture *f, size_t *n);
char *run_fixture_file(const char *path, size_t *n); /* the same of any file */
/* What a console writer printed; free() it. */
char *run_fixture_console(struct run_fixture *f, const struct console_options *o, size_t *n);

/* Octets that break writers: markup, NUL, broken UTF-8, a surrogate, escape sequences, U+FFFE,
 * characters of four octets, an attachment line for CI services.
 */
extern const struct str hostile_text;

#endif
