/* fleet_tap.c - TAP of many devices: each is a subtest (TAP 14, "Subtests"), a test point with its
 * run's points in front, indented by four.
 */
#include "report/fleet_parts.h"
#include "report/tap.h"

#define TAP_MAX_BYTES ((size_t)2 << 30)

static void indent(struct buf *b, struct str text)
{
	while (text.n) {
		struct str line = str_cut(&text, '\n');

		buf_puts(b, "    ");
		buf_str(b, line);
		buf_char(b, '\n');
	}
}

int fleet_report_add_tap(struct fleet_report *f, const struct run_result *r,
			 const struct report_options *o, struct err *err)
{
	struct buf points DEFER(buf_free) = { 0 }, b DEFER(buf_free) = { 0 };
	struct fleet_device *d = &f->device[f->n - 1];

	if (tap_points(r, o, &points, &d->tap_good, err))
		return -1;
	buf_init(&b, TAP_MAX_BYTES);
	indent(&b, buf_view(&points));
	if (buf_check(&b, "the TAP report", err))
		return -1;
	d->tap = arena_str(&f->a, buf_view(&b));
	return arena_check(&f->a, err);
}

static void write_device(struct buf *b, const struct fleet_device *d, size_t number)
{
	enum verdict as;

	buf_puts(b, "# Subtest: ");
	tap_description(b, d->name);
	buf_char(b, '\n');
	buf_str(b, d->tap);
	/* A point that is not ok makes its subtest so, whatever a baseline lets stand. */
	buf_fmt(b, "%sok %zu - ", d->exit_code == 0 && d->tap_good ? "" : "not ", number);
	tap_description(b, d->name);
	buf_fmt(b, " %s\n", fleet_word(d, &as));
}

int report_fleet_tap(const struct fleet_report *r, const char *path, struct err *err)
{
	struct buf b DEFER(buf_free) = { 0 };

	buf_init(&b, TAP_MAX_BYTES);
	buf_fmt(&b, "TAP version 14\n1..%zu%s\n", r->n + r->n_problem,
		r->n ? "" : " # SKIP no device");
	for (size_t i = 0; i < r->n; i++)
		write_device(&b, &r->device[i], i + 1);
	for (size_t i = 0; i < r->n_problem; i++) {
		buf_fmt(&b, "not ok %zu - ", r->n + i + 1);
		tap_description(&b, r->problem[i]);
		buf_char(&b, '\n');
	}
	return buf_check(&b, "the TAP report", err) || file_replace(path, buf_view(&b), err) ? -1
											     : 0;
}
