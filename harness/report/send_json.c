#include "report/send_json.h"

#include "base/buf.h"

#include <jansson.h>

#define XML_MAX (4 * SEND_LINE_MAX)

static void json_defer(json_t **j)
{
	json_decref(*j);
}

static const char *reference(char c)
{
	static const struct {
		char c;
		const char *reference;
	} table[] = {
		{ '&', "&amp;" },  { '<', "&lt;" },   { '>', "&gt;" },  { '"', "&quot;" },
		{ '\n', "&#10;" }, { '\r', "&#13;" }, { '\t', "&#9;" },
	};

	for (size_t i = 0; i < COUNT(table); i++)
		if (table[i].c == c)
			return table[i].reference;
	return NULL;
}

static void put_escaped(struct buf *b, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		const char *r = reference(text.p[i]);

		if (r)
			buf_puts(b, r);
		else
			buf_char(b, text.p[i]);
	}
}

/* What becomes a name of XML must be one. */
static bool is_name(const char *key)
{
	struct str name = str(key);
	bool good = name.n && char_is_alpha(name.p[0]);

	for (size_t i = 0; good && i < name.n; i++)
		good = char_is_alpha(name.p[i]) || char_is_digit(name.p[i]) || name.p[i] == '-';
	return good;
}

static bool is_attribute(const char *key, json_t *value)
{
	return (json_is_string(value) && strcmp(key, "security") != 0) || json_is_integer(value);
}

static int put_attributes(struct buf *b, json_t *object, struct err *err)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		if (!is_name(key))
			return err_set(err, ERR_INPUT, "\"%.60s\", expected a name", key);
		if (!is_attribute(key, value))
			continue;
		if (json_is_string(value)) {
			buf_fmt(b, " %s=\"", key);
			put_escaped(b, str_n(json_string_value(value), json_string_length(value)));
			buf_char(b, '"');
		} else {
			buf_fmt(b, " %s=\"%lld\"", key, (long long)json_integer_value(value));
		}
	}
	return 0;
}

static int put_element(struct buf *b, const char *name, json_t *value, struct err *err)
{
	if (strcmp(name, "security") == 0 && json_is_string(value)) { /* markup, as it is */
		buf_fmt(b, "<security>%s</security>", json_string_value(value));
		return 0;
	}
	if (!json_is_object(value) && !json_is_true(value))
		return err_set(err, ERR_INPUT, "\"%.60s\": expected a string, an object or true",
			       name);
	buf_fmt(b, "<%s", name);
	if (json_is_object(value) && put_attributes(b, value, err))
		return -1;
	buf_puts(b, "/>");
	return 0;
}

static int put_elements(struct buf *b, json_t *send, struct err *err)
{
	const char *key;
	json_t *value, *one;
	size_t i;

	json_object_foreach(send, key, value)
	{
		if (is_attribute(key, value))
			continue;
		if (!json_is_array(value) && put_element(b, key, value, err))
			return -1;
		json_array_foreach(value, i, one) /* of no array: none */
			if (put_element(b, key, one, err)) return -1;
	}
	return 0;
}

static int put_send(struct arena *a, json_t *send, struct str *out, struct err *err)
{
	struct buf b DEFER(buf_free) = { 0 };

	buf_init(&b, XML_MAX);
	buf_puts(&b, "<send");
	if (put_attributes(&b, send, err))
		return -1;
	buf_char(&b, '>');
	if (put_elements(&b, send, err))
		return -1;
	buf_puts(&b, "</send>");
	if (buf_check(&b, "a step", err))
		return -1;
	*out = arena_str(a, buf_view(&b));
	return arena_check(a, err);
}

int send_read(struct arena *a, struct str line, int number, enum send_word *word, struct str *out,
	      bool *unsaid, struct err *err)
{
	json_error_t why;
	json_t *all DEFER(json_defer) = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, &why);
	json_t *send = json_object_get(all, "send"), *begin = json_object_get(all, "begin");

	if (!all)
		return err_set(err, ERR_INPUT, "-:%d: %s, expected an object of JSON", number,
			       why.text);
	*word = begin ? SEND_BEGIN : SEND_STEP;
	if (json_object_size(all) == 1 && json_is_string(begin)) {
		*out = arena_str(a, str(json_string_value(begin)));
		return arena_check(a, err);
	}
	if (json_object_size(all) != 1 || !json_is_object(send))
		return err_set(err, ERR_INPUT,
			       "-:%d: expected {\"send\": {...}} or {\"begin\": \"name\"}", number);
	*unsaid = !json_object_get(send, "expect");
	return put_send(a, send, out, err) ? err_prefix(err, "-:%d", number) : 0;
}
