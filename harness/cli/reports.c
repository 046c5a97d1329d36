#include "cli/reports.h"

#include "base/buf.h"

#include <stdlib.h>

static const struct report {
	const char *option, *what;
	bool folder;
	size_t offset; /* of the path in struct options */
	int (*write)(const struct run_result *r, const struct report_options *how, const char *path,
		     struct err *err);
} reports[] = {
	{ "html", "HTML report", false, offsetof(struct options, html), report_html },
	{ "junit", "JUnit report", false, offsetof(struct options, junit), report_junit },
	{ "json", "results", false, offsetof(struct options, json), report_json },
	{ "har", "HTTP archive", false, offsetof(struct options, har), report_har },
	{ "pcapng", "packets for Wireshark", false, offsetof(struct options, pcapng),
	  report_pcapng },
	{ "markdown", "page", false, offsetof(struct options, markdown), report_markdown },
	{ "tap", "TAP report", false, offsetof(struct options, tap), report_tap },
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

/* The manifest is the first file of a folder that is touched. */
static int check(const struct report *p, struct str path, struct err *err)
{
	struct buf manifest DEFER(buf_free) = { 0 };

	if (!p->folder)
		return file_check(path.p, err);
	buf_init(&manifest, 8192);
	buf_fmt(&manifest, "%.*s/manifest.json", STR_ARG(path));
	return buf_check(&manifest, "the path", err) || file_check(manifest.p, err) ? -1 : 0;
}

int reports_check(const struct options *o, struct err *err)
{
	for (const struct report *p = reports; p < reports + N_REPORTS; p++) {
		struct str path = path_of(p, o);

		if (!path.p || check(p, path, err) == 0)
			continue;
		err->code = ERR_INPUT;
		return err_prefix(err, "--%s", p->option);
	}
	return 0;
}

static void write_github(const struct options *o, const struct run_result *r,
			 const struct report_options *how, FILE *out)
{
	struct str on = str(getenv("GITHUB_ACTIONS")), path = str(getenv("GITHUB_STEP_SUMMARY"));
	struct err err = { 0 };

	if (!str_eq(on, STR("true")) || (!r->n_variant && !r->cause.n))
		return;
	if (path.n && !o->markdown.p && github_summary(r, how, path.p, &err))
		fprintf(stderr, "countersign: %s\n", err.text);
	if (out && !o->no_annotations && github_annotations(out, r, how, &err))
		fprintf(stderr, "countersign: %s\n", err.text);
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
	write_github(o, r, how, out);
	return status;
}
