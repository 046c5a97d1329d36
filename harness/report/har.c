/* har.c - HTTP Archive 1.2 of the exchanges behind the cases, for tools that read browsers' logs.
 */
#include "report/exchanges.h"
#include "report/json.h"
#include "report/folder.h"
#include "report/message.h"

#include "auth/base64.h"
#include "auth/datetime.h"

#include <stdlib.h>

#define SCRATCH_MAX (256u << 20)
#define TEXT_MAX    (256u << 10) /* octets of a body; as many as are kept, and escapes */
#define FIELD_MAX   (64u << 10)

struct har {
	struct json_writer w;
	struct url_parts url;
	bool has_url;
};

static void put_pair(struct har *h, json_t *list, struct str name, struct str value)
{
	json_t *o = json_object();

	json_put_text(&h->w, o, "name", name, FIELD_MAX);
	value = write_line(&h->w.a, h->w.redactor, value, FIELD_MAX);
	json_put(&h->w, o, "value", json_stringn(value.p, value.n));
	json_append(&h->w, list, o);
}

static json_t *headers(struct har *h, const struct http_fields *f)
{
	json_t *list = json_array();

	for (size_t i = 0; i < f->n; i++)
		put_pair(h, list, f->v[i].name, f->v[i].value);
	return list;
}

static json_t *query(struct har *h, struct str target)
{
	json_t *list = json_array();
	size_t mark = str_chr(target, '?');
	struct str rest = mark == (size_t)-1 ? STR("") : str_sub(target, mark + 1, target.n);

	while (rest.n) {
		struct str value = str_cut(&rest, '&'), name = str_cut(&value, '=');

		put_pair(h, list, name, value);
	}
	return list;
}

/* RFC 3986: what may not stand in a URI is escaped, since readers check that it is one. */
static struct str escaped(struct arena *a, struct str target)
{
	struct str out = STR("");
	size_t plain = 0;

	for (size_t i = 0; i <= target.n; i++) {
		char c = i < target.n ? target.p[i] : ' ';

		if (i < target.n &&
		    (char_is_alpha(c) || char_is_digit(c) || strchr("-._~:/?#@!$&'()*+,;=%", c)))
			continue;
		out = arena_concat(a, out, str_sub(target, plain, i - plain));
		if (i < target.n)
			out = arena_fmt(a, "%.*s%%%02X", STR_ARG(out), (unsigned char)c);
		plain = i + 1;
	}
	return out;
}

static struct str url_of(struct har *h, const struct step_result *s, struct str target)
{
	struct str origin = h->has_url ? h->url.origin : STR("http://localhost");

	if (s->elsewhere && h->w.r->other_target.n)
		origin = h->w.r->other_target;

	if (str_istarts(target, STR("http://")) || str_istarts(target, STR("https://")))
		return escaped(&h->w.a, target);
	return arena_fmt(&h->w.a, "%.*s%s%.*s", STR_ARG(origin),
			 str_starts(target, STR("/")) ? "" : "/",
			 STR_ARG(escaped(&h->w.a, target)));
}

/* Octets that are no text go as Base64 where the format knows that, else cleaned. */
static void put_text(struct har *h, json_t *o, struct str body, bool may_encode)
{
	if (!may_encode || str_is_utf8(body)) {
		json_put_text(&h->w, o, "text", body, TEXT_MAX);
		return;
	}
	body = base64_encode(&h->w.a, redact(h->w.redactor, &h->w.a, body));
	json_put(&h->w, o, "text", json_stringn(body.p, body.n));
	json_put(&h->w, o, "encoding", json_string("base64"));
}

static void put_sizes(struct har *h, json_t *o, size_t bytes, struct str kept)
{
	struct message m;

	message_read(&h->w.a, kept, &m); /* as it was sent, before anything was masked */
	json_put_int(&h->w, o, "headersSize", (int64_t)m.head_bytes);
	json_put_int(&h->w, o, "bodySize",
		     bytes > m.head_bytes ? (int64_t)(bytes - m.head_bytes) : 0);
}

static struct str kind_of(const struct message *m)
{
	struct str kind = http_get(&m->fields, "Content-Type");

	return kind.p ? kind : STR("");
}

static json_t *request(struct har *h, const struct step_result *s)
{
	json_t *o = json_object(), *post;
	struct message m;

	message_read(&h->w.a, redact(h->w.redactor, &h->w.a, s->sent), &m);
	json_put_text(&h->w, o, "method", m.start[0], FIELD_MAX);
	json_put_text(&h->w, o, "url", url_of(h, s, m.start[1]), FIELD_MAX);
	json_put_text(&h->w, o, "httpVersion", m.start[2], FIELD_MAX);
	json_put(&h->w, o, "cookies", json_array());
	json_put(&h->w, o, "headers", headers(h, &m.fields));
	json_put(&h->w, o, "queryString", query(h, m.start[1]));
	put_sizes(h, o, s->sent_bytes, s->sent);
	if (!m.body.n)
		return o;
	post = json_object();
	json_put_text(&h->w, post, "mimeType", kind_of(&m), FIELD_MAX);
	put_text(h, post, m.body, false);
	json_put(&h->w, o, "postData", post);
	return o;
}

/* Without an answer all of it is there, and empty: so browsers write it. */
static json_t *response(struct har *h, const struct step_result *s)
{
	json_t *o = json_object(), *content = json_object();
	const struct redactor *all = h->w.redactor, own = write_redactor(all, s);
	struct message m;

	h->w.redactor = &own;
	message_read(&h->w.a, redact(&own, &h->w.a, s->received), &m);
	json_put_int(&h->w, o, "status", s->status);
	json_put_text(&h->w, o, "statusText", m.start[2], FIELD_MAX);
	json_put_text(&h->w, o, "httpVersion", m.start[0], FIELD_MAX);
	json_put(&h->w, o, "cookies", json_array());
	json_put(&h->w, o, "headers", headers(h, &m.fields));
	json_put_int(&h->w, content, "size", (int64_t)m.body.n);
	json_put_text(&h->w, content, "mimeType", kind_of(&m), FIELD_MAX);
	put_text(h, content, m.body, true);
	json_put(&h->w, o, "content", content);
	json_put_text(&h->w, o, "redirectURL", http_get(&m.fields, "Location"), FIELD_MAX);
	put_sizes(h, o, s->received_bytes, s->received);
	if (s->why.n)
		json_put_text(&h->w, o, "_error", s->why, FIELD_MAX);
	h->w.redactor = all;
	return o;
}

static json_t *timings(struct har *h, const struct step_result *s)
{
	json_t *o = json_object();

	json_put_int(&h->w, o, "send", 0);
	json_put_int(&h->w, o, "wait", s->took_ms);
	json_put_int(&h->w, o, "receive", 0);
	return o;
}

static json_t *entry(struct har *h, const struct told *t)
{
	const struct step_result *s = t->step;
	json_t *o = json_object();

	json_put_own(&h->w, o, "startedDateTime", datetime_format(&h->w.a, s->wall_ms, 3));
	json_put_int(&h->w, o, "time", s->took_ms);
	json_put(&h->w, o, "request", request(h, s));
	json_put(&h->w, o, "response", response(h, s));
	json_put(&h->w, o, "cache", json_object());
	json_put(&h->w, o, "timings", timings(h, s));
	json_put_own(&h->w, o, "comment", exchange_words(&h->w.a, t));
	if (s->connection)
		json_put_own(&h->w, o, "connection",
			     arena_fmt(&h->w.a, "%llu", (unsigned long long)s->connection));
	json_put_own(&h->w, o, "_case", t->variant->variant->id);
	json_put_own(&h->w, o, "_role", str(s->role ? s->role : "step"));
	json_put_own(&h->w, o, "_outcome", str(outcome_name(s->outcome)));
	json_put_int(&h->w, o, "_number", s->number);
	return o;
}

static json_t *archive(struct har *h, const struct report_options *o)
{
	json_t *root = json_object(), *log = json_object(), *creator = json_object();
	json_t *entries = json_array();
	struct arena list;
	struct told *all;
	struct str version = o->tool, name = str_cut(&version, ' ');
	size_t n;

	arena_init(&list, SCRATCH_MAX);
	n = exchanges_told(h->w.r, &list, &all);
	h->w.keep.failed |= list.failed;
	for (size_t i = 0; i < n; i++) {
		write_recycle(&h->w.a, &h->w.keep);
		json_append(&h->w, entries, entry(h, &all[i]));
	}
	arena_free(&list);
	json_put_own(&h->w, creator, "name", name);
	json_put_own(&h->w, creator, "version", version);
	json_put(&h->w, log, "version", json_string("1.2"));
	json_put(&h->w, log, "creator", creator);
	json_put(&h->w, log, "entries", entries);
	json_put(&h->w, log, "comment", json_string("the exchanges behind the cases of one run"));
	json_put(&h->w, root, "log", log);
	return root;
}

int report_har(const struct run_result *r, const struct report_options *o, const char *path,
	       struct err *err)
{
	struct har h = { .w = { .redactor = evidence_redactor(o), .r = r } };
	struct err ignored = { 0 };
	mode_t before;
	json_t *root;
	char *dump;
	int bad;

	arena_init(&h.w.a, SCRATCH_MAX);
	arena_init(&h.w.keep, 0);
	h.has_url = url_parse(r->target, &h.url, &ignored) == 0;
	root = archive(&h, o);
	write_recycle(&h.w.a, &h.w.keep);
	dump = root && !h.w.failed && arena_ok(&h.w.keep) ? json_dumps(root, JSON_INDENT(1)) : NULL;
	json_decref(root);
	if (!dump)
		return err_set(err, ERR_NOMEM, "no memory for the HTTP archive");
	before = evidence_guard(o);
	bad = file_replace(path, str(dump), err);
	evidence_guard_end(before);
	free(dump);
	return bad;
}
