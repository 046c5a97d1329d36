/* recording_har.c - HTTP Archive 1.2: what browsers, proxies and our own --har write. */
#include "report/recordings.h"

#include "auth/base64.h"
#include "auth/datetime.h"
#include "report/record_file.h"

#define TEXT_MAX (16u << 20) /* octets of one body */

struct reading {
	struct record_file f;
	struct recording *out;
	size_t octets; /* of all bodies, as they will be kept */
};

static void close_file(struct reading *k)
{
	record_close(&k->f);
}

static int wrong(const struct reading *k, size_t entry, const char *expected, struct err *err)
{
	return err_set(err, ERR_INPUT, "%.*s: entry %zu: expected %s", STR_ARG(k->f.name),
		       entry + 1, expected);
}

/* .p NULL: it is none. */
static struct str text_of(struct arena *a, const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);

	if (!json_is_string(value))
		return (struct str){ NULL, 0 };
	return arena_str(a, str_n(json_string_value(value), json_string_length(value)));
}

/* Names of HTTP/2 that begin with a colon are no fields. */
static int read_fields(struct reading *k, const json_t *of, size_t entry, struct http_fields *out,
		       struct err *err)
{
	const json_t *list = json_object_get(of, "headers");

	if (!json_is_array(list) || json_array_size(list) > 1000)
		return wrong(k, entry, "headers, at most 1000 of them", err);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *o = json_array_get(list, i);
		struct str name = text_of(k->f.a, o, "name"), value = text_of(k->f.a, o, "value");

		if (!name.n || !value.p)
			return wrong(k, entry, "each header with a name and a value", err);
		if (name.p[0] != ':')
			http_add(k->f.a, out, name, str_trim(value));
	}
	return arena_check(k->f.a, err);
}

/* Browsers archive what never left them as well: data:, blob:, ws:, their extensions'. */
static bool is_foreign(struct str url)
{
	size_t colon = str_chr(url, ':');

	return colon != (size_t)-1 && colon && !str_istarts(url, STR("http://")) &&
	       !str_istarts(url, STR("https://"));
}

/* Where an archive has an URL, the request line has what stands behind the origin. */
static int read_url(struct reading *k, size_t entry, struct str url, struct recorded_exchange *x,
		    struct err *err)
{
	struct str host = http_get(&x->request.fields, "Host"), rest = url;
	size_t scheme = str_find(url, STR("://")), slash;

	if (scheme == (size_t)-1)
		return wrong(k, entry, "a request whose url is of http or https", err);
	rest = str_sub(url, scheme + 3, url.n);
	slash = str_chr(rest, '/');
	if (slash == (size_t)-1)
		slash = str_chr(rest, '?');
	x->server = host.n ? host : str_sub(rest, 0, slash);
	x->request.target = slash == (size_t)-1 ? STR("/") : str_sub(rest, slash, rest.n);
	slash = str_chr(x->request.target, '#');
	x->request.target = str_sub(x->request.target, 0, slash);
	if (x->request.target.p[0] == '?')
		x->request.target = arena_concat(k->f.a, STR("/"), x->request.target);
	return 0;
}

static int read_body(struct reading *k, const json_t *o, size_t entry, struct str *out,
		     struct err *err)
{
	struct str text = text_of(k->f.a, o, "text"), encoding = text_of(k->f.a, o, "encoding");
	struct err why;

	*out = text.p ? text : STR("");
	if (str_ieq(encoding, STR("base64")) && base64_decode(k->f.a, text, out, &why))
		return wrong(k, entry, "Base64, as its encoding says", err);
	k->octets += out->n;
	if (out->n > TEXT_MAX || k->octets > RECORDING_OCTETS)
		return wrong(k, entry, "bodies of at most 16 MiB each and 256 MiB together", err);
	return 0;
}

static int read_request(struct reading *k, const json_t *entry, size_t i,
			struct recorded_exchange *x, struct err *err)
{
	const json_t *o = json_object_get(entry, "request");
	struct str url = text_of(k->f.a, o, "url");

	x->request.method = text_of(k->f.a, o, "method");
	if (!json_is_object(o) || !x->request.method.n || !url.p)
		return wrong(k, i, "a request with method and url", err);
	if (read_fields(k, o, i, &x->request.fields, err) || read_url(k, i, url, x, err))
		return -1;
	return read_body(k, json_object_get(o, "postData"), i, &x->request.body, err);
}

/* Status 0: there was no answer. */
static int read_response(struct reading *k, const json_t *entry, size_t i,
			 struct recorded_exchange *x, struct err *err)
{
	const json_t *o = json_object_get(entry, "response");
	json_int_t status = json_integer_value(json_object_get(o, "status"));

	if (!json_is_object(o) || status < 0 || status > 599 || (status && status < 100))
		return wrong(k, i, "a response with a status of HTTP, or 0", err);
	x->response.status = (int)status;
	if (!status)
		return 0;
	return read_fields(k, o, i, &x->response.fields, err) ||
			       read_body(k, json_object_get(o, "content"), i, &x->response.body,
					 err)
		       ? -1
		       : 0;
}

/* Entry i becomes the next exchange. */
static int read_entry(struct reading *k, size_t i, const json_t *o, struct err *err)
{
	struct recorded_exchange *x = &k->out->v[k->out->n];
	struct str when = text_of(k->f.a, o, "startedDateTime");
	struct str connection = text_of(k->f.a, o, "connection");
	struct datetime t;
	struct err ignored;

	/* Any text: what is equal is the same connection. */
	for (size_t c = 0; c < connection.n; c++)
		x->connection = x->connection * 31 + (unsigned char)connection.p[c];
	if (!json_is_object(o) || !when.p || datetime_parse(when, &t, &ignored))
		return wrong(k, i, "an object with a startedDateTime of ISO 8601", err);
	x->wall_ms = t.unix_ms;
	return read_request(k, o, i, x, err) || read_response(k, o, i, x, err) ? -1 : 0;
}

int recording_har(struct arena *a, struct str name, struct str text, struct recording *out,
		  struct err *err)
{
	struct reading k DEFER(close_file) = { .f = { .a = a, .name = name, .text = text },
					       .out = out };
	const json_t *entries;
	size_t n;

	*out = (struct recording){ .format = STR("HTTP Archive") };
	if (record_parse(&k.f, err))
		return -1;
	entries = json_object_get(json_object_get(k.f.root, "log"), "entries");
	n = json_array_size(entries);
	if (!json_is_array(entries) || n > RECORDING_MAX)
		return err_set(err, ERR_INPUT,
			       "%.*s: expected an HTTP Archive: log with at most %d entries",
			       STR_ARG(name), RECORDING_MAX);
	out->v = arena_array(a, struct recorded_exchange, n + 1);
	if (!out->v)
		return arena_check(a, err);
	for (size_t i = 0; i < n; i++) {
		const json_t *o = json_array_get(entries, i);

		if (is_foreign(text_of(a, json_object_get(o, "request"), "url")))
			continue;
		if (read_entry(&k, i, o, err))
			return -1;
		out->n++;
	}
	return arena_check(a, err);
}
