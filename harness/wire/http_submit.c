#include "wire/http_wire.h"

#include "wire/request.h"

/* The values of options that never change. */
static const struct {
	CURLoption option;
	long value;
} numbers[] = {
	{ CURLOPT_NOSIGNAL, 1 },
	{ CURLOPT_VERBOSE, 1 }, /* record_octets */
	{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
	{ CURLOPT_HTTP09_ALLOWED, 1 }, /* record_body refuses it, after it was recorded */
	{ CURLOPT_HTTP_CONTENT_DECODING, 0 },
	{ CURLOPT_PATH_AS_IS, 1 },
	{ CURLOPT_FOLLOWLOCATION, 0 },
	{ CURLOPT_NETRC, CURL_NETRC_IGNORED },
	{ CURLOPT_DISALLOW_USERNAME_IN_URL, 1 },
};

static const struct {
	CURLoption option;
	const char *value;
} strings[] = {
	{ CURLOPT_PROTOCOLS_STR, "http,https" },
	{ CURLOPT_PROXY, "" },
	{ CURLOPT_NOPROXY, "*" },
};

/* Fields that libcurl adds by itself; a line without a value takes them out. */
static const char *const unwanted[] = { "Accept", "Content-Type", "Expect", "User-Agent" };

#define SET(option, value) (ok = ok && curl_easy_setopt(s->easy, option, value) == CURLE_OK)

static bool set_fixed(struct slot *s)
{
	const struct wire_options *o = &s->w->o;
	bool ok = true;

	for (size_t i = 0; i < COUNT(numbers); i++)
		SET(numbers[i].option, numbers[i].value);
	for (size_t i = 0; i < COUNT(strings); i++)
		SET(strings[i].option, strings[i].value);
	SET(CURLOPT_URL, s->w->origin);
	SET(CURLOPT_TIMEOUT_MS, (long)o->timeout_ms);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)o->timeout_ms);
	SET(CURLOPT_CERTINFO, s->w->chain_told ? 0L : 1L);
	SET(CURLOPT_SSL_VERIFYPEER, o->insecure ? 0L : 1L);
	SET(CURLOPT_SSL_VERIFYHOST, o->insecure ? 0L : 2L);
	if (o->ca_file)
		SET(CURLOPT_CAINFO, o->ca_file);
	return ok;
}

static bool set_callbacks(struct slot *s)
{
	bool ok = true;

	SET(CURLOPT_PRIVATE, (void *)s);
	SET(CURLOPT_ERRORBUFFER, s->error);
	SET(CURLOPT_DEBUGFUNCTION, record_octets);
	SET(CURLOPT_DEBUGDATA, (void *)s);
	SET(CURLOPT_HEADERFUNCTION, record_head);
	SET(CURLOPT_HEADERDATA, (void *)s);
	SET(CURLOPT_WRITEFUNCTION, record_body);
	SET(CURLOPT_WRITEDATA, (void *)s);
	return ok;
}

int slot_open(struct slot *s, struct http_wire *w, struct err *err)
{
	const size_t all = w->o.max_head_bytes + w->o.max_body_bytes;

	s->w = w;
	buf_init(&s->sent, all);
	buf_init(&s->received, all);
	buf_init(&s->head, w->o.max_head_bytes);
	buf_init(&s->body, w->o.max_body_bytes);
	s->easy = curl_easy_init();
	return s->easy ? 0 : err_set(err, ERR_NOMEM, "no memory for a connection");
}

void slot_close(struct slot *s)
{
	if (s->x)
		curl_multi_remove_handle(s->w->multi, s->easy);
	s->x = NULL;
	curl_easy_cleanup(s->easy);
	curl_slist_free_all(s->lines);
	buf_free(&s->sent);
	buf_free(&s->received);
	buf_free(&s->head);
	buf_free(&s->body);
}

static bool add_line(struct slot *s, const char *line)
{
	struct curl_slist *longer = line ? curl_slist_append(s->lines, line) : NULL;

	if (longer)
		s->lines = longer;
	return longer != NULL;
}

/* In the given order.  "Name;" is libcurl's way to send a field without a value. */
static bool make_lines(struct slot *s, const struct http_fields *f)
{
	struct buf line DEFER(buf_free);
	bool ok = true;

	buf_init(&line, SIZE_MAX / 2);
	for (size_t i = 0; ok && i < f->n; i++) {
		buf_clear(&line);
		buf_str(&line, f->v[i].name);
		buf_puts(&line, str_trim(f->v[i].value).n ? ": " : ";");
		if (str_trim(f->v[i].value).n)
			buf_str(&line, f->v[i].value);
		ok = buf_ok(&line) && add_line(s, line.p);
	}
	for (size_t i = 0; ok && i < COUNT(unwanted); i++) {
		if (http_count(f, unwanted[i]))
			continue;
		buf_clear(&line);
		buf_puts(&line, unwanted[i]);
		buf_char(&line, ':');
		ok = buf_ok(&line) && add_line(s, line.p);
	}
	return ok;
}

/* The order matters: each of these three options also chooses a method, which CUSTOMREQUEST then
 * overrides in the request line only.
 */
static bool set_body(struct slot *s, const struct http_request *r)
{
	bool ok = true;

	if (request_has_body(r)) {
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.n);
		SET(CURLOPT_POSTFIELDS, r->body.n ? r->body.p : "");
	} else {
		SET(CURLOPT_HTTPGET, 1L);
		if (str_eq(r->method, STR("HEAD")))
			SET(CURLOPT_NOBODY, 1L);
	}
	return ok;
}

static bool set_request(struct slot *s, const struct exchange *x)
{
	struct buf text DEFER(buf_free);
	bool ok = set_body(s, &x->request);

	buf_init(&text, SIZE_MAX / 2);
	buf_str(&text, x->request.method);
	ok = ok && buf_ok(&text);
	SET(CURLOPT_CUSTOMREQUEST, text.p);
	buf_clear(&text);
	buf_str(&text, x->request.target);
	ok = ok && buf_ok(&text);
	SET(CURLOPT_REQUEST_TARGET, text.p);
	SET(CURLOPT_HTTPHEADER, s->lines);
	SET(CURLOPT_FRESH_CONNECT, (long)x->fresh_connection);
	SET(CURLOPT_FORBID_REUSE, (long)x->fresh_connection);
	return ok;
}

int slot_start(struct slot *s, struct exchange *x, struct err *err)
{
	curl_slist_free_all(s->lines);
	s->lines = NULL;
	record_reset(s);
	x->sent_ms = world_mono_ms(s->w->world);
	x->wall_ms = world_wall_ms(s->w->world);
	/* Only this puts libcurl's counter of dead connections back, which allows five for ever. */
	curl_easy_reset(s->easy);
	if (!set_fixed(s) || !set_callbacks(s) || !make_lines(s, &x->request.fields) ||
	    !set_request(s, x))
		return err_set(err, ERR_NOMEM, "no memory for a request");
	if (curl_multi_add_handle(s->w->multi, s->easy) != CURLM_OK)
		return err_set(err, ERR_INTERNAL, "libcurl did not take a request");
	s->x = x;
	return 0;
}
