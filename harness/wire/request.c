#include "wire/request.h"

#include <stdarg.h>
#include <stdio.h>

static bool has_any(struct str s, const char *octets, size_t n)
{
	for (size_t i = 0; i < s.n; i++)
		if (memchr(octets, s.p[i], n))
			return true;
	return false;
}

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!char_is_tchar(s.p[i]))
			return false;
	return s.n > 0;
}

/* RFC 9112 5.2: CR LF is part of a value only in front of a space or tab. */
static bool value_stays_inside(struct str v)
{
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '\0' || v.p[i] == '\n')
			return false;
		if (v.p[i] != '\r')
			continue;
		if (i + 2 >= v.n || v.p[i + 1] != '\n' || !memchr(" \t", v.p[i + 2], 2))
			return false;
		i += 2;
	}
	return true;
}

/* libcurl reads "name;" as a field without a value, and would drop a name that has a ';' itself. */
static int field_check(const struct http_field *f, struct err *err)
{
	const int shown = (int)(f->name.n < 64 ? f->name.n : 64);

	if (f->name.n == 0 || has_any(f->name, "\r\n:\0", 4))
		return err_set(err, ERR_INPUT, "\"%.*s\" cannot be the name of a field", shown,
			       f->name.p ? f->name.p : "");
	if (str_trim(f->value).n == 0 && str_chr(f->name, ';') != (size_t)-1)
		return err_set(err, ERR_INPUT, "field \"%.*s\" needs a value", shown, f->name.p);
	if (!value_stays_inside(f->value))
		return err_set(err, ERR_INPUT, "field %.*s has CR, LF or NUL in its value", shown,
			       f->name.p);
	return 0;
}

static int request_check(const struct http_request *r, struct err *err)
{
	if (!is_token(r->method))
		return err_set(err, ERR_INPUT, "the method is not a token");
	if (r->target.n == 0 || has_any(r->target, "\r\n\0", 3))
		return err_set(err, ERR_INPUT, "the request target is empty or has CR, LF or NUL");
	if (str_eq(r->method, STR("HEAD")) && r->body.n > 0)
		return err_set(err, ERR_INPUT, "HEAD with a body is not supported");
	/* libcurl would quietly send the first one only. */
	if (http_count(&r->fields, "Host") > 1)
		return err_set(err, ERR_INPUT, "two Host fields are not supported");
	for (size_t i = 0; i < r->fields.n; i++)
		if (field_check(&r->fields.v[i], err))
			return -1;
	return 0;
}

int request_begin(struct exchange *x, struct err *err)
{
	x->fate = WIRE_PENDING;
	x->why[0] = '\0';
	x->response = (struct http_response){ 0 };
	x->sent_octets = x->received_octets = (struct str){ 0 };
	x->sent_ms = x->done_ms = x->wall_ms = 0;
	x->tls = NULL;
	if (arena_check(x->a, err))
		return -1;
	return request_check(&x->request, err);
}

bool request_has_body(const struct http_request *r)
{
	static const char *const methods[] = { "POST", "PUT", "PATCH" };

	for (size_t i = 0; i < COUNT(methods); i++)
		if (str_eq(r->method, str(methods[i])))
			return true;
	return r->body.n > 0;
}

void exchange_fail(struct exchange *x, enum wire_fate fate, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(x->why, sizeof(x->why), fmt, ap);
	va_end(ap);
	for (char *p = x->why; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	x->fate = fate;
	x->response = (struct http_response){ 0 };
}
