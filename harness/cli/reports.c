#include "cli/reports.h"

static const struct report {
	const char *option, *what;
	bool folder;
	size_t offset; /* of the path in struct options */
	int (*write)(const struct run_result *r, const struct report_options *how, const char *path,
		     struct err *err);
} reports[] = {
	{ "junit", "JUnit report", false, offsetof(struct options, junit), report_junit },
	{ "json", "results", false, offsetof(struct options, json), report_json },
	{ "har", "HTTP archive", false, offsetof(struct options, har), report_har },
	{ "pcapng", "packets for Wireshark", false, offsetof(struct options, pcapng),
	  report_pcapng },
	{ "results", "results folder", true, offsetof(struct options, results), report_results },
};

#define N_REPORTS (sizeof(reports) / sizeof(reports[0]))

static struct str path_of(const struct report *p, const struct options *o)
{
	return *(const struct str *)((const char *)o + p->offset);
}

int reports_on_stdout(const struct options *o, bool *taken, struct err *err)
{
	const struct report *first = NULL;

	for (const struct report *p = reports; p < reports + N_REPORTS; p++) {
		if (!str_eq(path_of(p, o), STR("-")))
			continue;
		if (p->folder)
			return err_set(err, ERR_INPUT, "--%s -: expected a folder", p->option);
		if (first)
			return err_set(err, ERR_INPUT, "--%s - and --%s -: one of the two",
				       first->option, p->option);
		first = p;
	}
	*taken = first != NULL;
	return 0;
}

int reports_write(const struct options *o, const struct run_result *r,
		  const struct report_options *how, FILE *out)
{
	int status = 0;

	for (const struct report *p = reports; p < reports + N_REPORTS; p++) {
		struct str path = path_of(p, o);
		struct err err = { 0 };

		if (!path.p)
			continue;
		if (p->write(r, how, path.p, &err)) {
			fprintf(stderr, "countersign: %s\n", err.text);
			status = -1;
		} else if (out && !str_eq(path, STR("-"))) {
			fprintf(out, "%s: %.*s\n", p->what, STR_ARG(path));
		}
	}
	return status;
}
