/* github.c - what GitHub Actions shows beside a job: annotations and the job summary. */
#define _POSIX_C_SOURCE 200809L
#include "report/fleet_parts.h"
#include "report/markdown.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define ANNOTATIONS 10 /* of each kind that GitHub shows of a step; the rest is dropped */

/* Data of a workflow command ends with its line; a property also at ':' and ','. */
static void escape(struct buf *b, struct str clean, bool property)
{
	for (size_t i = 0; i < clean.n; i++) {
		char c = clean.p[i];

		if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
			buf_fmt(b, "%%%02X", (unsigned char)c);
		else
			buf_char(b, c);
	}
}

static void annotate(struct buf *b, const char *kind, struct str title, struct str text)
{
	buf_fmt(b, "::%s title=", kind);
	escape(b, title, true);
	buf_puts(b, "::");
	escape(b, text, false);
	buf_char(b, '\n');
}

static bool is_error(const struct run_result *r, const struct variant_result *v)
{
	return write_told(r, v) && (v->verdict == VERDICT_FAIL || v->verdict == VERDICT_ERROR ||
				    v->verdict == VERDICT_INCONCLUSIVE);
}

static bool is_warning(const struct run_result *r, const struct variant_result *v)
{
	return v->verdict == VERDICT_WARN && write_told(r, v);
}

static void annotate_variant(struct buf *b, struct arena *a, const struct run_result *r,
			     const struct report_options *o, const char *kind,
			     const struct variant_result *v)
{
	struct str text = write_message(a, o->redactor, v, 1000);

	if (v->cite)
		text = arena_fmt(a, "%.*s [%s, %.*s]", STR_ARG(text), level_name(v->cite->level),
				 STR_ARG(write_clause(a, r, v->cite)));
	annotate(b, kind,
		 arena_fmt(a, "%s %.*s", verdict_name(v->verdict),
			   STR_ARG(write_own(a, v->variant->id, WRITE_MESSAGE))),
		 text);
}

/* room of them; what is more is one annotation that says how many. */
static void annotate_kind(struct buf *b, struct arena *a, const struct run_result *r,
			  const struct report_options *o, const char *kind, size_t room,
			  bool (*picks)(const struct run_result *, const struct variant_result *))
{
	size_t n = 0, shown = 0, most;

	for (size_t i = 0; i < r->n_variant; i++)
		n += picks(r, &r->variant[i]);
	most = n > room ? room - 1 : n;
	for (size_t i = 0; i < r->n_variant && shown < most; i++) {
		if (!picks(r, &r->variant[i]))
			continue;
		annotate_variant(b, a, r, o, kind, &r->variant[i]);
		shown++;
	}
	if (n > shown)
		annotate(b, kind, STR("countersign"),
			 arena_fmt(a, "%zu more: see the report", n - shown));
}

int github_annotations(FILE *f, const struct run_result *r, const struct report_options *o,
		       struct err *err)
{
	struct buf b DEFER(buf_free) = { 0 };
	struct arena a DEFER(arena_free) = { 0 };
	size_t room = ANNOTATIONS;

	buf_init(&b, 1 << 20);
	arena_init(&a, 64u << 20);
	if (r->cause.n) {
		annotate(&b, "error", STR("countersign stopped"),
			 write_line(&a, o->redactor, r->cause, 1000));
		room--;
	}
	for (size_t i = 0; r->waivers && i < r->waivers->n_problem && room > 1; i++, room--)
		annotate(&b, "error", STR("countersign waiver"),
			 write_line(&a, o->redactor, r->waivers->problem[i], 1000));
	annotate_kind(&b, &a, r, o, "error", room, is_error);
	annotate_kind(&b, &a, r, o, "warning", ANNOTATIONS, is_warning);
	if (arena_check(&a, err) || buf_check(&b, "the annotations", err))
		return -1;
	fwrite(b.p, 1, b.n, f);
	return 0;
}

/* One write, so that pages of programs that run side by side do not mix. */
static int append(int fd, const char *path, struct str text, struct err *err)
{
	ssize_t n;

	do
		n = write(fd, text.p, text.n);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)text.n)
		return 0;
	return err_system(err, ERR_IO, n < 0 ? errno : ENOSPC, "%s: cannot write", path);
}

static void close_file(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* The summary, and what may still go in. */
static int open_summary(const char *path, int *fd, size_t *room, struct err *err)
{
	struct stat st;
	size_t taken;

	*fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (*fd < 0 || fstat(*fd, &st))
		return err_system(err, ERR_IO, errno, "%s: cannot open", path);
	taken = S_ISREG(st.st_mode) ? (size_t)st.st_size : 0;
	if (taken + GITHUB_LEAST > MARKDOWN_MAX)
		return err_set(err, ERR_LIMIT, "%s: the job summary is full (%zu octets)", path,
			       taken);
	*room = MARKDOWN_MAX - taken;
	return 0;
}

int github_summary(const struct run_result *r, const struct report_options *o, const char *path,
		   struct err *err)
{
	struct buf page DEFER(buf_free) = { 0 };
	int fd DEFER(close_file) = -1;
	size_t room;

	if (open_summary(path, &fd, &room, err) || markdown_page(r, o, room, &page, err))
		return -1;
	return append(fd, path, buf_view(&page), err);
}

int github_fleet_summary(const struct fleet_report *r, const char *path, struct err *err)
{
	struct buf page DEFER(buf_free) = { 0 };
	int fd DEFER(close_file) = -1;
	size_t room;

	if (open_summary(path, &fd, &room, err) || fleet_page(r, room, &page, err))
		return -1;
	return append(fd, path, buf_view(&page), err);
}
