/* cmd_merge.c - one report of what several machines judged. */
#include "cli/command.h"
#include "cli/reports.h"
#include "cli/terminal.h"
#include "report/merge.h"

static void drop_merge(struct merge **m)
{
	merge_free(*m);
}

static void drop_report(struct fleet_report **f)
{
	fleet_report_free(*f);
}

static int write_json(const struct merge *m, const struct fleet_report *f, const char *path,
		      struct err *err)
{
	return merge_runs(m) == 1 ? merge_json(m, path, err) : report_fleet_json(f, path, err);
}

static int write_plain(const struct merge *m, merge_writer *write, const char *path,
		       struct err *err)
{
	static const struct redactor none = { .n = 0 }; /* it was redacted when it was written */
	const struct report_options how = { .redactor = &none, .tool = str(cli_tool) };

	return merge_write(m, &how, write, path, err);
}

/* One device that was not of an inventory looks as if one machine had judged it. */
static bool is_plain(const struct fleet_report *f)
{
	size_t n;
	const struct fleet_device *d = fleet_report_devices(f, &n);

	return n == 1 && !d->total;
}

static int write_junit(const struct merge *m, const struct fleet_report *f, const char *path,
		       struct err *err)
{
	return is_plain(f) ? write_plain(m, report_junit, path, err)
			   : report_fleet_junit(f, path, err);
}

static int write_page(const struct merge *m, const struct fleet_report *f, const char *path,
		      struct err *err)
{
	return is_plain(f) ? write_plain(m, report_html, path, err)
			   : report_fleet_html(f, path, err);
}

static const struct {
	const char *what;
	size_t offset; /* of the path in struct options */
	int (*write)(const struct merge *m, const struct fleet_report *f, const char *path,
		     struct err *err);
} outputs[] = {
	{ "results", offsetof(struct options, json), write_json },
	{ "JUnit report", offsetof(struct options, junit), write_junit },
	{ "HTML report", offsetof(struct options, html), write_page },
};

static int write_all(const struct options *o, const struct merge *m, const struct fleet_report *f,
		     FILE *out, struct err *err)
{
	for (size_t i = 0; i < COUNT(outputs); i++) {
		struct str path = *(const struct str *)((const char *)o + outputs[i].offset);

		if (!path.p)
			continue;
		if (outputs[i].write(m, f, path.p, err)) {
			err->code = err->code == ERR_INPUT ? ERR_IO : err->code;
			return -1;
		}
		if (!o->quiet && !str_eq(path, STR("-")))
			fprintf(out, "%s: %.*s\n", outputs[i].what, STR_ARG(path));
	}
	return 0;
}

static int merge_files(const struct options *o, struct merge *m, struct fleet_report *f,
		       const struct catalogue *c, struct err *err)
{
	unsigned parts =
		(o->junit.p ? (unsigned)FLEET_JUNIT : 0) | (o->json.p ? (unsigned)FLEET_JSON : 0);

	for (size_t i = 0; i < o->n_operand; i++)
		if (merge_add(m, o->operand[i], err))
			return -1;
	return merge_join(m, c, f, parts, err);
}

static int run(const struct options *o, const struct catalogue *c, struct err *err)
{
	struct merge *m DEFER(drop_merge) = merge_new(err);
	struct fleet_report *f DEFER(drop_report) =
		fleet_report_new(str(cli_tool), STR("Countersign"), err);
	struct console_options how;
	bool taken;
	FILE *out;

	if (!m || !f || reports_on_stdout(o, &taken, err) || merge_files(o, m, f, c, err))
		return -1;
	out = taken ? stderr : stdout;
	how = (struct console_options){ terminal_colour(o->colour, out), terminal_width(out) };
	fleet_report_sort(f);
	console_fleet(out, f, &how);
	if (write_all(o, m, f, out, err))
		return -1;
	return fleet_report_status(f);
}

int cmd_merge(const struct cli *cli)
{
	struct catalogue c;
	struct err err = { 0 };
	int status;

	if (cli_catalogue(&cli->o, &c, &err))
		return cli_fail(&err);
	status = run(&cli->o, &c, &err);
	catalogue_free(&c);
	return status < 0 ? cli_fail(&err) : status;
}
