/* The Timestamp that stands beside a token, and how finely times are written: WSS SOAP Message
 * Security 1.1 section 10.
 */
#include "client/check_parts.h"

#include "auth/datetime.h"

/* Of Security/Timestamp; in the order of the document. */
struct timestamp {
	struct str created, expires;
	size_t n_created, n_expires;
	bool expires_first;
};

static struct timestamp timestamp_of(const struct heard *h)
{
	struct timestamp t = { .n_created = 0 };

	for (size_t i = 0; h->is_soap && i < h->soap.n_leaf; i++) {
		const struct soap_leaf *l = &h->soap.leaf[i];

		if (!str_eq(l->parent, STR("Timestamp")) ||
		    !str_eq(l->grandparent, STR("Security")))
			continue;
		if (str_eq(l->name, STR("Created")) && !t.n_created++)
			t.created = str_trim(l->text);
		if (str_eq(l->name, STR("Expires")) && !t.n_expires++) {
			t.expires = str_trim(l->text);
			t.expires_first = !t.n_created;
		}
	}
	return t;
}

static bool in_utc(struct str text, int64_t *ms)
{
	struct datetime when;
	struct err ignored;

	if (datetime_parse(text, &when, &ignored) || !when.has_zone || when.offset_min)
		return false;
	*ms = when.unix_ms;
	return true;
}

static struct check_finding no_time(const struct check_view *w, const struct heard *h,
				    const char *name, struct str text)
{
	return check_broken(w, h, "expected %s of the Timestamp in UTC (Z), got %.*s", name,
			    STR_ARG(check_quoted(w, text)));
}

struct check_finding judge_token_timestamp(const struct check_view *w, const struct conversation *c,
					   const struct heard *h)
{
	struct timestamp t = timestamp_of(h);
	int64_t created_ms, expires_ms;

	(void)c;
	if (!t.n_created && !t.n_expires)
		return check_unseen(NULL);
	if (t.n_created != 1)
		return check_broken(w, h,
				    "expected one Timestamp with one Created, got %zu Created",
				    t.n_created);
	if (t.n_expires > 1)
		return check_broken(w, h,
				    "expected one Timestamp with one Expires, got %zu Expires",
				    t.n_expires);
	if (!in_utc(t.created, &created_ms))
		return no_time(w, h, "Created", t.created);
	if (!t.n_expires)
		return check_holds();
	if (t.expires_first)
		return check_broken(w, h, "expected Expires behind Created, got it in front");
	if (!in_utc(t.expires, &expires_ms))
		return no_time(w, h, "Expires", t.expires);
	if (expires_ms <= created_ms)
		return check_broken(w, h, "expected Expires later than Created, got %.*s",
				    STR_ARG(check_quoted(w, t.expires)));
	return check_holds();
}

/* A device compares it with its own clock. */
struct check_finding judge_token_timestamp_near(const struct check_view *w,
						const struct conversation *c, const struct heard *h)
{
	struct timestamp t = timestamp_of(h);
	int64_t created_ms, off_s;

	(void)c;
	if (!in_utc(t.created, &created_ms) || check_asks_time(h))
		return check_unseen(NULL);
	off_s = (created_ms - h->device_ms) / 1000;
	if (off_s <= w->value && off_s >= -w->value)
		return check_holds();
	return check_broken(w, h,
			    "expected the Timestamp within %lld s of the device's clock, got one "
			    "%lld s %s it",
			    (long long)w->value, (long long)(off_s < 0 ? -off_s : off_s),
			    off_s < 0 ? "behind" : "ahead of");
}

struct check_finding judge_token_created_fraction(const struct check_view *w,
						  const struct conversation *c,
						  const struct heard *h)
{
	struct str rest = str_trim(h->soap.token.created);
	size_t dot = str_chr(rest, '.'), n = 0;

	(void)c;
	if (!h->soap.token.created.p)
		return check_unseen(NULL);
	rest = dot == (size_t)-1 ? STR("") : str_sub(rest, dot + 1, rest.n);
	while (n < rest.n && char_is_digit(rest.p[n]))
		n++;
	if ((int64_t)n <= w->value)
		return check_holds();
	return check_broken(w, h, "expected a Created with %lld decimals at most, got %zu",
			    (long long)w->value, n);
}
