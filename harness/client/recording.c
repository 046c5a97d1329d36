#include "client/recording.h"

#include <stdlib.h>

#define MASK STR("[redacted]")

/* --- markers --- */

/* Cuts the part behind the last semicolon off. */
static struct str last_part(struct str *text)
{
	size_t at = text->n;
	struct str part;

	while (at && text->p[at - 1] != ';')
		at--;
	part = str_sub(*text, at, text->n);
	*text = str_sub(*text, 0, at ? at - 1 : 0);
	return part;
}

/* "variant;run;n"; an id of a variant may have semicolons of its own. */
static void read_marker(struct recorded_exchange *x)
{
	struct str value = http_get(&x->response.fields, "X-Countersign");
	struct str number = last_part(&value), run = last_part(&value);

	if (x->variant.n || !value.n || run.n != 16 ||
	    str_to_u64(number, RECORDING_MAX, &x->number))
		return;
	x->variant = value;
	x->run = run;
}

/* "/c/17" of "/c/17/1?x"; .n 0: it is no path of a case. */
static struct str case_path(struct str target)
{
	struct str rest = target, number;

	if (!str_starts(target, STR("/c/")))
		return STR("");
	rest = str_sub(rest, 3, rest.n);
	number = str_sub(rest, 0, 0);
	while (number.n < rest.n && char_is_digit(rest.p[number.n]))
		number.n++;
	if (!number.n || number.n > 8 || (number.n < rest.n && rest.p[number.n] != '/'))
		return STR("");
	return str_sub(target, 0, 3 + number.n);
}

struct str recording_path(const struct recording *rec, struct str variant)
{
	for (size_t i = 0; i < rec->n; i++)
		if (str_eq(rec->v[i].variant, variant) && str_eq(rec->v[i].run, rec->run) &&
		    case_path(rec->v[i].request.target).n)
			return case_path(rec->v[i].request.target);
	return STR("");
}

/* What was closed without an answer has no marker, but it has the path of its case. */
static void attribute_closed(struct recording *rec)
{
	for (size_t i = 0; i < rec->n; i++) {
		struct recorded_exchange *x = &rec->v[i];
		struct str path = x->response.status ? STR("") : case_path(x->request.target);

		for (size_t k = 0; path.n && !x->variant.n && k < rec->n; k++) {
			const struct recorded_exchange *other = &rec->v[k];

			if (!other->response.status || !str_eq(other->run, rec->run) ||
			    !str_eq(case_path(other->request.target), path))
				continue;
			x->variant = other->variant;
			x->run = other->run;
		}
	}
}

/* --- what it is --- */

/* Merge sort keeps what has one time in its order, which qsort() does not. */
static int in_order(struct recording *rec, struct arena *a, struct err *err)
{
	struct recorded_exchange *to = arena_array(a, struct recorded_exchange, rec->n + 1);
	struct recorded_exchange *from = rec->v;

	if (!to)
		return arena_check(a, err);
	for (size_t width = 1; width < rec->n; width *= 2) {
		struct recorded_exchange *swap = from;

		for (size_t at = 0, out = 0; at < rec->n; at += 2 * width) {
			size_t mid = at + width < rec->n ? at + width : rec->n;
			size_t end = mid + width < rec->n ? mid + width : rec->n;
			size_t left = at, right = mid;

			while (left < mid || right < end)
				to[out++] =
					right == end || (left < mid &&
							 from[left].wall_ms <= from[right].wall_ms)
						? from[left++]
						: from[right++];
		}
		from = to;
		to = swap;
	}
	rec->v = from;
	return 0;
}

/* Where credentials stand. */
static bool is_masked(const struct recorded_exchange *x)
{
	struct str field[8];
	size_t n = http_all(&x->request.fields, "Authorization", field, COUNT(field));

	for (size_t i = 0; i < n && i < COUNT(field); i++)
		if (str_find(field[i], MASK) != (size_t)-1)
			return true;
	return str_find(x->request.body, MASK) != (size_t)-1 &&
	       str_find(x->request.body, STR("UsernameToken")) != (size_t)-1;
}

static bool is_soap(const struct recorded_exchange *x)
{
	return str_find(x->request.body, STR("http://www.w3.org/2003/05/soap-envelope")) !=
		       (size_t)-1 ||
	       str_find(x->request.body, STR("http://schemas.xmlsoap.org/soap/envelope/")) !=
		       (size_t)-1;
}

static void look(struct recording *rec)
{
	for (size_t i = 0; i < rec->n; i++) {
		struct recorded_exchange *x = &rec->v[i];

		read_marker(x);
		rec->soap |= is_soap(x);
		if (x->run.n)
			rec->run = x->run; /* the last one */
	}
	if (!rec->run.n)
		return;
	attribute_closed(rec);
	for (size_t i = 0; i < rec->n; i++) {
		bool ours = str_eq(rec->v[i].run, rec->run);

		rec->others += !ours;
		rec->by_path |= ours && case_path(rec->v[i].request.target).n;
	}
}

int recording_close(struct recording *rec, struct arena *a, struct err *err)
{
	if (!rec->n)
		return err_set(err, ERR_INPUT, "no HTTP exchange in it, expected at least one");
	for (size_t i = 0; i < rec->n; i++)
		if (is_masked(&rec->v[i]))
			return err_set(err, ERR_INPUT,
				       "credentials in it are masked, so that nothing can be "
				       "recomputed: expected a record of --evidence full");
	if (in_order(rec, a, err))
		return -1;
	look(rec);
	return 0;
}
