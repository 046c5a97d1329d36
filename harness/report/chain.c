#include "report/chain.h"

#include "auth/datetime.h"

#define FIELD_MAX    1024
#define LEFT_OFF_MAX 1000000

bool chain_told(const struct tls_chain *c)
{
	return c->n || c->left_off;
}

struct str chain_notes(struct arena *a, const struct tls_certificate *c, int64_t at_ms)
{
	struct str text = { 0 };

	for (enum tls_note n = 0; n < TLS_NOTES; n++)
		if (tls_note_holds(n, c, at_ms))
			text = arena_fmt(a, "%.*s%s%s", STR_ARG(text), text.n ? ", " : "",
					 tls_note_words(n));
	return text;
}

struct str chain_times(struct arena *a, const struct tls_certificate *c)
{
	if (!c->has_times)
		return STR("");
	return arena_fmt(a, "%.*s to %.*s", STR_ARG(datetime_format(a, c->from_ms, 0)),
			 STR_ARG(datetime_format(a, c->until_ms, 0)));
}

struct str chain_left_off(struct arena *a, const struct tls_chain *c)
{
	if (!c->left_off)
		return STR("");
	return arena_fmt(a, "%s%zu more, which %s not kept", c->n ? "and " : "", c->left_off,
			 c->left_off == 1 ? "was" : "were");
}

/* It was shown to everybody who asked.  Masked it would be no certificate, so it goes as a whole.
 */
struct str chain_pem(struct arena *a, const struct redactor *r, const struct tls_certificate *c)
{
	return c->pem.p && str_eq(write_text(a, r, c->pem, TLS_PEM_BYTES), c->pem)
		       ? c->pem
		       : (struct str){ 0 };
}

/* --- JSON --- */

static void put_moment(struct json_writer *w, json_t *o, const char *key, bool known, int64_t ms)
{
	if (known)
		json_put_own(w, o, key, datetime_format(&w->a, ms, 0));
	else
		json_put(w, o, key, json_null());
}

static json_t *notes(struct json_writer *w, const struct tls_certificate *c)
{
	json_t *list = json_array();

	for (enum tls_note n = 0; n < TLS_NOTES; n++)
		if (tls_note_holds(n, c, w->r->started_wall_ms))
			json_append_own(w, list, str(tls_note_name(n)));
	return list;
}

static json_t *certificate(struct json_writer *w, const struct tls_certificate *c)
{
	const struct str pem = chain_pem(&w->a, w->redactor, c);
	json_t *o = json_object();

	json_put_text(w, o, "subject", c->subject, FIELD_MAX);
	json_put_text(w, o, "issuer", c->issuer, FIELD_MAX);
	put_moment(w, o, "not_before", c->has_times, c->from_ms);
	put_moment(w, o, "not_after", c->has_times, c->until_ms);
	json_put_own(w, o, "sha256", c->sha256);
	json_put(w, o, "notes", notes(w, c));
	json_put(w, o, "pem", pem.p ? json_stringn(pem.p, pem.n) : json_null());
	return o;
}

json_t *chain_json(struct json_writer *w, const struct tls_chain *c)
{
	json_t *o, *list;

	if (!chain_told(c))
		return json_null();
	o = json_object();
	list = json_array();
	for (size_t i = 0; i < c->n; i++)
		json_append(w, list, certificate(w, &c->v[i]));
	json_put(w, o, "certificates", list);
	json_put_int(w, o, "left_off", (int64_t)c->left_off);
	return o;
}

/* --- the way back --- */

static int read_times(const struct record_file *f, const json_t *o, size_t i,
		      struct tls_certificate *c, struct err *err)
{
	struct str from, until;

	if (record_optional(f, o, "not_before", i, &from, err) ||
	    record_optional(f, o, "not_after", i, &until, err))
		return -1;
	c->has_times = from.p && until.p;
	if (!c->has_times)
		return 0;
	if (record_moment(from, &c->from_ms))
		return record_wrong(f, "not_before", i, "a moment of UTC or null", err);
	if (record_moment(until, &c->until_ms))
		return record_wrong(f, "not_after", i, "a moment of UTC or null", err);
	return 0;
}

/* Nobody has to believe the hash: it is that of the octets beside it. */
static int read_certificate(const struct record_file *f, const json_t *o, size_t i,
			    struct tls_certificate *c, struct err *err)
{
	struct err ignored = { 0 };
	struct str own;

	if (record_text(f, o, "subject", i, &c->subject, err) ||
	    record_text(f, o, "issuer", i, &c->issuer, err) ||
	    record_text(f, o, "sha256", i, &c->sha256, err) ||
	    record_optional(f, o, "pem", i, &c->pem, err) || read_times(f, o, i, c, err))
		return -1;
	if (!c->pem.p)
		return 0;
	if (tls_fingerprint(f->a, c->pem, &own, &ignored))
		return record_wrong(f, "pem", i, "one certificate in PEM, or null", err);
	if (!str_eq(own, c->sha256))
		return record_wrong(f, "sha256", i, "the hash of what is in \"pem\"", err);
	return 0;
}

int chain_read(const struct record_file *f, const json_t *o, struct tls_chain *out, struct err *err)
{
	const json_t *list;
	int64_t left_off;

	if (!json_is_object(o))
		return 0;
	if (record_array(f, o, "certificates", 0, TLS_CERTIFICATES, &list, err) ||
	    record_int(f, o, "left_off", 0, 0, LEFT_OFF_MAX, &left_off, err))
		return -1;
	out->left_off = (size_t)left_off;
	out->v = arena_array(f->a, struct tls_certificate, TLS_CERTIFICATES);
	if (!out->v)
		return arena_check(f->a, err);
	for (; out->n < json_array_size(list); out->n++)
		if (read_certificate(f, json_array_get(list, out->n), out->n, &out->v[out->n], err))
			return -1;
	return 0;
}
