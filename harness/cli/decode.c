/* Pasted text, part by part: an exchange gives its credentials a challenge, a method and a time. */
#include "cli/decode_parts.h"

#include "auth/datetime.h"

#define FIELDS_MAX 64

size_t decode_line(const struct decoder *d, struct str view, size_t fallback)
{
	size_t line = 1;

	if (!view.p || view.p < d->octets.p || view.p > d->octets.p + d->octets.n)
		return fallback;
	for (const char *p = d->octets.p; p < view.p; p++)
		line += *p == '\n';
	return line;
}

/* "NC_FORM" as "nc-form". */
static const char *stable_name(struct arena *a, enum defect which)
{
	struct str name = nearly_case(a, str(defect_name(which)), false);
	char *p = arena_alloc(a, name.n + 1);

	for (size_t i = 0; p && i < name.n; i++)
		p[i] = name.p[i] == '_' ? '-' : name.p[i];
	return p ? p : "";
}

void decode_defects(struct decoder *d, struct decoded_item *item, struct defects defects,
		    const char *clause)
{
	for (int i = 0; i < DEFECT_COUNT; i++)
		if (defect_has(&defects, (enum defect)i))
			decoding_find(item, DECODED_WRONG, stable_name(d->a, (enum defect)i),
				      str(defect_text((enum defect)i)), clause);
}

void decode_nearly(struct decoder *d, struct decoded_item *item, const struct nearly *n,
		   const char *clause)
{
	struct str text;

	if (!n->why) {
		decoding_find(item, DECODED_WRONG, "password",
			      STR("not of this password, nor by any mistake that is known: it is "
				  "another password, or another mistake"),
			      clause);
		return;
	}
	text = arena_fmt(d->a, "%s%s%.*s", n->why->text, n->detail.n ? "; here: " : "",
			 STR_ARG(n->detail));
	decoding_find(item, DECODED_WRONG, n->why->name, text, n->why->clause);
}

void decode_drop(struct arena *a)
{
	arena_free(a);
}

/* --- messages --- */

static int note(struct decoder *d, size_t line, const char *kind, const char *fact,
		struct str value, enum decoded_weight weight, const char *name, const char *text,
		const char *clause)
{
	struct decoded_item *item = decoding_item(d->a, d->out, line, kind);

	if (!item)
		return arena_check(d->a, d->err);
	decoding_fact(item, fact, value);
	decoding_find(item, weight, name, str(text), clause);
	return 0;
}

/* When the request arrived: --at, or the Date of the response that follows. */
static void find_time(struct decoder *d, const struct piece *p, const struct piece *end)
{
	struct err ignored;

	d->has_seen = d->ask->has_at;
	d->seen_unix_ms = d->ask->at_unix_ms;
	for (; p < end && !d->has_seen; p++) {
		struct str date = http_get(&p->response.fields, "Date");

		if (p->kind != PIECE_RESPONSE)
			continue;
		d->has_seen = date.p && !datetime_parse_http(date, &d->seen_unix_ms, &ignored);
		return;
	}
}

static int request_fields(struct decoder *d, const struct piece *p)
{
	static const char *const names[] = { "Authorization", "Proxy-Authorization" };

	for (size_t i = 0; i < COUNT(names); i++) {
		struct str v[FIELDS_MAX];
		size_t n = http_all(&p->request.fields, names[i], v, FIELDS_MAX);

		for (size_t k = 0; k < n && k < FIELDS_MAX; k++)
			if (decode_credentials(d, decode_line(d, v[k], p->line), v[k], names[i]))
				return -1;
		if (n > 1 &&
		    note(d, p->line, "request", "field", str(names[i]), DECODED_WRONG, "two-fields",
			 "the field comes more than once", "RFC 9110 section 11.6.2"))
			return -1;
	}
	return 0;
}

static int decode_request(struct decoder *d, const struct piece *p)
{
	size_t before = d->out->n;
	struct str body = str_trim(p->request.body), line;

	d->request = &p->request;
	if (request_fields(d, p) || (str_starts(body, STR("<")) &&
				     decode_xml(d, decode_line(d, body, p->line), body, false)))
		return -1;
	if (d->out->n > before)
		return 0;
	line = arena_fmt(d->a, "%.*s %.*s", STR_ARG(p->request.method), STR_ARG(p->request.target));
	return note(d, p->line, "request", "request", line, DECODED_NOTE, "no-credentials",
		    "no credentials in it", "");
}

static int response_fields(struct decoder *d, const struct piece *p, const char *name)
{
	struct str v[FIELDS_MAX];
	size_t n = http_all(&p->response.fields, name, v, FIELDS_MAX);

	n = n < FIELDS_MAX ? n : FIELDS_MAX;
	return n ? decode_challenges(d, p->line, v, n, name) : 0;
}

static int decode_response(struct decoder *d, const struct piece *p)
{
	static const struct {
		int status;
		const char *field, *clause;
	} asks[] = { { 401, "WWW-Authenticate", "RFC 9110 section 15.5.2" },
		     { 407, "Proxy-Authenticate", "RFC 9110 section 15.5.8" } };
	struct str info = http_get(&p->response.fields, "Authentication-Info");

	d->response_body = p->response.body;
	for (size_t i = 0; i < COUNT(asks); i++) {
		if (response_fields(d, p, asks[i].field))
			return -1;
		if (p->response.status != asks[i].status ||
		    http_count(&p->response.fields, asks[i].field))
			continue;
		if (note(d, p->line, "response", "status",
			 arena_fmt(d->a, "%d", p->response.status), DECODED_WRONG, "no-challenge",
			 "a refusal without a challenge: a client cannot know how to answer",
			 asks[i].clause))
			return -1;
	}
	d->request = NULL;
	return info.p ? decode_info(d, decode_line(d, info, p->line), info) : 0;
}

/* --- all --- */

/* Neighbouring challenge fields are one list (RFC 9110 5.3). */
static int decode_fields(struct decoder *d, const struct piece *p, const struct piece *end,
			 size_t *taken)
{
	struct str v[FIELDS_MAX];
	size_t n = 0;

	while (n < FIELDS_MAX && p + n < end && p[n].kind == PIECE_CHALLENGES) {
		v[n] = p[n].value;
		n++;
	}
	*taken = n;
	return decode_challenges(d, p->line, v, n, "a field");
}

static int decode_piece(struct decoder *d, const struct piece *p, const struct piece *end,
			size_t *taken)
{
	*taken = 1;
	find_time(d, p, end);
	switch (p->kind) {
	case PIECE_REQUEST:
		return decode_request(d, p);
	case PIECE_RESPONSE:
		return decode_response(d, p);
	case PIECE_CREDENTIALS:
		return decode_credentials(d, p->line, p->value, "a field");
	case PIECE_CHALLENGES:
		return decode_fields(d, p, end, taken);
	case PIECE_INFO:
		return decode_info(d, p->line, p->value);
	case PIECE_XML:
		return decode_xml(d, p->line, p->value, true);
	}
	return 0;
}

static int decode_all(struct decoder *d)
{
	struct pieces pieces;
	size_t taken;

	if (decode_split(d->a, d->octets, &pieces, d->err))
		return -1;
	for (size_t i = 0; i < pieces.n; i += taken)
		if (decode_piece(d, &pieces.v[i], pieces.v + pieces.n, &taken))
			return -1;
	if (!d->out->n)
		return err_set(d->err, ERR_INPUT,
			       "1: no credentials and no challenge, expected one of the two");
	return arena_check(d->a, d->err);
}

int decode(struct arena *a, struct str octets, const struct decode_ask *ask, struct decoding *out,
	   struct err *err)
{
	struct err why = { .code = ERR_NONE };
	struct decoder d = { .a = a, .ask = ask, .out = out, .err = &why };

	*out = (struct decoding){ .file = ask->file };
	d.octets = decode_unmark(a, octets);
	if (decode_all(&d) == 0)
		return 0;
	if (why.code == ERR_NOMEM || why.code == ERR_CRYPTO)
		return err_set(err, why.code, "%s", why.text);
	return err_set(err, ERR_INPUT, "%.*s:%s", STR_ARG(ask->file), why.text);
}
