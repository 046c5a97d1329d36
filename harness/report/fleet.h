/* fleet.h - the reports of many devices: each is added when its run is over, and may then be freed.
 */
#ifndef REPORT_FLEET_H
#define REPORT_FLEET_H

#include "report/report.h"

#define FLEET_FINDINGS 3

/* What is kept of one device; redacted and clean. */
struct fleet_device {
	struct str name, target, identity, profile, cause;
	struct str link; /* to its page or folder, from the fleet page; .p NULL: none */
	struct str finding[FLEET_FINDINGS]; /* the worst ones: "FAIL digest.nc.reused: ..." */
	size_t n_finding, more;             /* more: findings that are not told */
	size_t count[VERDICTS], waived;
	size_t variants;
	int exit_code, failed_logins;
	int64_t took_ms;
	int index, total;            /* in its inventory, from 1 */
	struct str junit, json, tap; /* its parts of the reports */
	bool tap_good;               /* none of its test points is "not ok" */
};

struct fleet_report;
struct fleet_report *fleet_report_new(struct str tool, struct str title, struct err *err);
void fleet_report_free(struct fleet_report *f); /* NULL is fine */

/* What is collected beside the table: it takes memory. */
enum fleet_part { FLEET_JUNIT = 1, FLEET_JSON = 2, FLEET_TAP = 4 };

/* r->place names the device.  r and o are not kept. */
int fleet_report_add(struct fleet_report *f, const struct run_result *r,
		     const struct report_options *o, unsigned parts, struct str link,
		     struct err *err) MUST_CHECK;
/* In the order of the inventory; the reports are written in this order. */
void fleet_report_sort(struct fleet_report *f);
/* What is wrong with the whole of it, such as a part that is missing: told on every report. */
int fleet_report_problem(struct fleet_report *f, struct str text, struct err *err) MUST_CHECK;

const struct fleet_device *fleet_report_devices(const struct fleet_report *f, size_t *n);
/* The worst of the devices, 5 when there is none. */
int fleet_report_status(const struct fleet_report *f);

void console_fleet(FILE *f, const struct fleet_report *r, const struct console_options *o);
/* A group of suites for each device, in the dialect of reports/junit.rng. */
int report_fleet_junit(const struct fleet_report *r, const char *path, struct err *err) MUST_CHECK;
/* reports/fleet.schema.json: what report_json writes, for each device. */
int report_fleet_json(const struct fleet_report *r, const char *path, struct err *err) MUST_CHECK;
/* One page, without script: devices by verdict counts, cause and worst findings. */
int report_fleet_html(const struct fleet_report *r, const char *path, struct err *err) MUST_CHECK;
/* TAP version 14: a test point for each device, and those of its run as a subtest. */
int report_fleet_tap(const struct fleet_report *r, const char *path, struct err *err) MUST_CHECK;
/* A page of GitHub Flavored Markdown, of at most 1 MiB; devices with findings first. */
int report_fleet_markdown(const struct fleet_report *r, const char *path,
			  struct err *err) MUST_CHECK;
/* Append it to the job summary of a step of GitHub Actions. */
int github_fleet_summary(const struct fleet_report *r, const char *path,
			 struct err *err) MUST_CHECK;

#endif
