/* hostile_reports FOLDER TEXT-FILE: every report of the run of run_fixture.c, with the octets of
 * the file in each field that a run fills, under the locale of the environment.  For the tests of
 * the programs that read our reports.
 */
#include "run_fixture.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <unistd.h>

#define TEXT_MAX 65536

static const struct {
	const char *name;
	int (*write)(const struct run_result *r, const struct report_options *o, const char *path,
		     struct err *err);
} writers[] = {
	{ "junit.xml", report_junit },    { "results.json", report_json },
	{ "page.md", report_markdown },   { "report.tap", report_tap },
	{ "summary.md", github_summary },
};

static int write_files(struct run_fixture *f, const char *folder, struct err *err)
{
	char path[4096];

	for (size_t i = 0; i < COUNT(writers); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, writers[i].name);
		if (writers[i].write(&f->r, &f->o, path, err))
			return -1;
	}
	return 0;
}

/* What the program says on standard output in a job of GitHub Actions. */
static int write_output(struct run_fixture *f, struct err *err)
{
	const struct console_options plain = { false, 100 };

	console_survey(stdout, &f->r, &f->redactor, &plain);
	console_findings(stdout, &f->r, &f->redactor, &plain);
	console_totals(stdout, &f->r, &plain);
	return github_annotations(stdout, &f->r, &f->o, err);
}

static int read_text(const char *path, char *text, size_t *n, struct err *err)
{
	FILE *in = fopen(path, "rb");

	if (!in)
		return err_system(err, ERR_IO, errno, "%s", path);
	*n = fread(text, 1, TEXT_MAX, in);
	fclose(in);
	return 0;
}

int main(int argc, char **argv)
{
	static char text[TEXT_MAX];
	struct run_fixture f;
	struct err err = { 0 };
	size_t n = 0;
	int bad;

	if (argc != 3 || !setlocale(LC_ALL, "") || read_text(argv[2], text, &n, &err)) {
		fprintf(stderr, "hostile_reports FOLDER TEXT-FILE: %s\n", err.text);
		return 4;
	}
	run_fixture_start(&f, str_n(text, n));
	bad = write_files(&f, argv[1], &err) || write_output(&f, &err);
	if (bad)
		fprintf(stderr, "hostile_reports: %s\n", err.text);
	printf("%.1f\n", 0.5); /* which locale it was */
	run_fixture_end(&f);
	return bad ? 3 : 0;
}
