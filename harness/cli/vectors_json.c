#include "cli/vectors_json.h"

#define DEPTH_MAX 32

struct reader {
	struct arena *a;
	const char *p, *end, *start;
	struct err *err;
};

static int wrong(const struct reader *r, const char *what)
{
	int line = 1;

	for (const char *p = r->start; p < r->p; p++)
		line += *p == '\n';
	return err_set(r->err, ERR_PARSE, "line %d: %s", line, what);
}

static void skip_space(struct reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\t' || *r->p == '\r'))
		r->p++;
}

static bool take(struct reader *r, char c)
{
	skip_space(r);
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

/* --- strings --- */

static int read_hex4(const char *p, const char *end, unsigned *out)
{
	*out = 0;
	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		if (char_hex(p[i]) < 0)
			return -1;
		*out = *out << 4 | (unsigned)char_hex(p[i]);
	}
	return 0;
}

static char *put_utf8(char *out, unsigned c)
{
	static const struct {
		unsigned last, lead;
		int more;
	} forms[] = {
		{ 0x7f, 0, 0 }, { 0x7ff, 0xc0, 1 }, { 0xffff, 0xe0, 2 }, { 0x10ffff, 0xf0, 3 }
	};
	size_t f = 0;

	while (c > forms[f].last)
		f++;
	*out++ = (char)(forms[f].lead | c >> 6 * forms[f].more);
	for (int i = forms[f].more - 1; i >= 0; i--)
		*out++ = (char)(0x80 | (c >> 6 * i & 0x3f));
	return out;
}

/* Behind "\u": one code point, of one or two escapes; NULL when it is none. */
static const char *read_code(const char *p, const char *end, unsigned *c)
{
	unsigned low;

	if (read_hex4(p, end, c))
		return NULL;
	p += 4;
	if (*c < 0xd800 || *c > 0xdfff)
		return p;
	if (*c > 0xdbff || end - p < 6 || p[0] != '\\' || p[1] != 'u' ||
	    read_hex4(p + 2, end, &low) || low < 0xdc00 || low > 0xdfff)
		return NULL;
	*c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
	return p + 6;
}

/* A string with escapes, from its first octet to before its last quote. */
static int unescape(struct reader *r, struct str raw, struct str *text)
{
	static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	const char *p = raw.p, *end = raw.p + raw.n;
	char *start = arena_alloc(r->a, raw.n + 1), *out = start;

	if (!start)
		return arena_check(r->a, r->err);
	while (p < end) {
		const char *name;
		unsigned c;

		if (*p != '\\') {
			*out++ = *p++;
			continue;
		}
		p++;
		name = *p ? strchr(names, *p) : NULL;
		if (name) {
			*out++ = values[name - names];
			p++;
		} else if (*p == 'u' && (p = read_code(p + 1, end, &c)) != NULL) {
			out = put_utf8(out, c);
		} else {
			return wrong(r, "an escape that is none");
		}
	}
	*text = str_n(start, (size_t)(out - start));
	return 0;
}

/* The opening quote is behind us. */
static int read_string(struct reader *r, struct str *text)
{
	const char *start = r->p;
	unsigned char high = 0;
	bool escapes = false;
	struct str raw;

	for (; r->p < r->end && *r->p != '"'; r->p++) {
		unsigned char c = (unsigned char)*r->p;

		if (c < 0x20)
			return wrong(r, "a control character in a string");
		high |= c;
		if (c == '\\') {
			escapes = true;
			r->p++;
		}
	}
	if (r->p >= r->end)
		return wrong(r, "a string without an end");
	raw = str_n(start, (size_t)(r->p - start));
	r->p++;
	if (high & 0x80 && !str_is_utf8(raw))
		return wrong(r, "a string that is not UTF-8");
	*text = raw;
	return escapes ? unescape(r, raw, text) : 0;
}

/* --- values --- */

static int read_value(struct reader *r, struct jv *v, int depth);

static struct jv *add_member(struct reader *r, struct jv *v, struct jv ***tail)
{
	struct jv *one = arena_new(r->a, struct jv);

	if (!one)
		return NULL;
	**tail = one;
	*tail = &one->next;
	v->n++;
	return one;
}

static int read_list(struct reader *r, struct jv *v, int depth)
{
	struct jv **tail = &v->child, *one;

	v->kind = JV_LIST;
	if (take(r, ']'))
		return 0;
	do {
		one = add_member(r, v, &tail);
		if (!one)
			return arena_check(r->a, r->err);
		if (read_value(r, one, depth))
			return -1;
	} while (take(r, ','));
	return take(r, ']') ? 0 : wrong(r, "expected , or ]");
}

static int read_key(struct reader *r, const struct jv *v, struct str *key)
{
	if (!take(r, '"'))
		return wrong(r, "expected a key in quotes");
	if (read_string(r, key))
		return -1;
	if (jv_find(v, *key))
		return wrong(r, "a key comes twice");
	return take(r, ':') ? 0 : wrong(r, "expected :");
}

static int read_object(struct reader *r, struct jv *v, int depth)
{
	struct jv **tail = &v->child, *one;
	struct str key;

	v->kind = JV_OBJECT;
	if (take(r, '}'))
		return 0;
	do {
		if (read_key(r, v, &key))
			return -1;
		one = add_member(r, v, &tail);
		if (!one)
			return arena_check(r->a, r->err);
		one->key = key;
		if (read_value(r, one, depth))
			return -1;
	} while (take(r, ','));
	return take(r, '}') ? 0 : wrong(r, "expected , or }");
}

static int read_word(struct reader *r, struct jv *v)
{
	static const struct {
		struct str text;
		enum jv_kind kind;
	} words[] = { { { "null", 4 }, JV_NULL },
		      { { "false", 5 }, JV_FALSE },
		      { { "true", 4 }, JV_TRUE } };
	struct str rest = str_n(r->p, (size_t)(r->end - r->p));

	for (size_t i = 0; i < COUNT(words); i++) {
		if (!str_starts(rest, words[i].text))
			continue;
		v->kind = words[i].kind;
		r->p += words[i].text.n;
		return 0;
	}
	v->kind = JV_NUMBER;
	v->text.p = r->p;
	while (r->p < r->end && (char_is_digit(*r->p) || (*r->p && strchr("+-.eE", *r->p))))
		r->p++;
	v->text.n = (size_t)(r->p - v->text.p);
	return v->text.n ? 0 : wrong(r, "expected a value");
}

static int read_any(struct reader *r, struct jv *v, int depth)
{
	if (depth > DEPTH_MAX)
		return wrong(r, "nested too deep");
	if (take(r, '"')) {
		v->kind = JV_STRING;
		return read_string(r, &v->text);
	}
	if (take(r, '{'))
		return read_object(r, v, depth + 1);
	if (take(r, '['))
		return read_list(r, v, depth + 1);
	return read_word(r, v);
}

static int read_value(struct reader *r, struct jv *v, int depth)
{
	const char *start;

	skip_space(r);
	start = r->p;
	if (read_any(r, v, depth))
		return -1;
	v->raw = str_n(start, (size_t)(r->p - start));
	return 0;
}

int jv_read(struct arena *a, struct str text, const struct jv **out, struct err *err)
{
	struct reader r = { a, text.p, text.p + text.n, text.p, err };
	struct jv *v = arena_new(a, struct jv);

	*out = v;
	if (!v)
		return arena_check(a, err);
	if (read_value(&r, v, 0))
		return -1;
	skip_space(&r);
	return r.p == r.end ? 0 : wrong(&r, "something behind the value");
}

/* --- questions --- */

const struct jv *jv_find(const struct jv *v, struct str key)
{
	const struct jv *one = jv_is(v, JV_OBJECT) ? v->child : NULL;

	while (one && (one->key.n != key.n || memcmp(one->key.p, key.p, key.n) != 0))
		one = one->next;
	return one;
}

const struct jv *jv_get(const struct jv *v, const char *key)
{
	return jv_find(v, str(key));
}

struct str jv_text(const struct jv *v)
{
	return jv_is(v, JV_STRING) ? v->text : (struct str){ NULL, 0 };
}

const struct jv *jv_first(const struct jv *v)
{
	return jv_is(v, JV_LIST) || jv_is(v, JV_OBJECT) ? v->child : NULL;
}

size_t jv_count(const struct jv *v)
{
	return jv_is(v, JV_LIST) || jv_is(v, JV_OBJECT) ? v->n : 0;
}

bool jv_is(const struct jv *v, enum jv_kind kind)
{
	return v && v->kind == kind;
}
