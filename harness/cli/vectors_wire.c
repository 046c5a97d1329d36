/* The adapter protocol's lines: requests out, the hello and answers in. */
#include "cli/vectors_drive.h"

#include <jansson.h>
#include <stdio.h>

#define QUOTE_MAX 80 /* octets of a line that are quoted */

/* --- out --- */

static int add_chunk(const char *p, size_t n, void *ctx)
{
	buf_add(ctx, p, n);
	return buf_ok(ctx) ? 0 : -1;
}

/* The inputs of the group, then those of the test, which come first in force. */
static bool add_inputs(json_t *out, json_t *from, struct str inputs)
{
	const char *key;
	json_t *value;
	bool ok = true;

	json_object_foreach(from, key, value)
	{
		struct str name = str(key);

		if (str_ends(name, STR("_hex")))
			name.n -= 4;
		if (str_has_word(inputs, name))
			ok = json_object_set_nocheck(out, key, value) == 0 && ok;
	}
	return ok;
}

/* A test's "password" replaces a group's "password_hex". */
static void drop_replaced(json_t *out, const struct vector *v)
{
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(out, next, key, value)
	{
		struct str name = str(key);
		bool hex = str_ends(name, STR("_hex"));
		char other[64];

		snprintf(other, sizeof(other), "%.*s%s", (int)(hex ? name.n - 4 : name.n), key,
			 hex ? "" : "_hex");
		if (!json_object_get(v->test, key) && json_object_get(v->test, other))
			json_object_del(out, key);
	}
}

int adapter_request(const struct vector *v, struct buf *out, struct err *err)
{
	struct str inputs = str(v->op->inputs);
	json_t *o = json_object();
	bool ok = o && json_object_set(o, "id", json_object_get(v->test, "id")) == 0 &&
		  json_object_set_new(o, "op", json_string(v->op->name)) == 0 &&
		  add_inputs(o, v->group, inputs) && add_inputs(o, v->test, inputs);

	if (ok && json_object_size(v->group) > 3)
		drop_replaced(o, v);
	ok = ok && json_dump_callback(o, add_chunk, out, JSON_COMPACT) == 0;
	buf_char(out, '\n');
	json_decref(o);
	return ok ? 0 : err_set(err, ERR_NOMEM, "no memory for a request");
}

/* --- in --- */

static json_t *read_line(struct str line, struct err *err)
{
	json_error_t at;
	json_t *root = json_loadb(line.p, line.n, JSON_ALLOW_NUL, &at);
	struct str start = str_sub(line, 0, QUOTE_MAX);

	if (json_is_object(root))
		return root;
	json_decref(root);
	err_set(err, ERR_PARSE, "wrote what is no JSON object: \"%.*s\"", STR_ARG(start));
	return NULL;
}

static void read_words(const json_t *list, void (*take)(void *ctx, struct str word), void *ctx)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		take(ctx, str(json_string_value(json_array_get(list, i))));
}

static void take_operation(void *ctx, struct str word)
{
	struct adapter_hello *h = ctx;

	for (size_t i = 0; vector_ops[i].name; i++)
		h->offers[i] = h->offers[i] || str_eq(word, str(vector_ops[i].name));
}

static void take_own(void *ctx, struct str word)
{
	static const struct {
		const char *name;
		unsigned bit;
	} own[] = { { "cnonce", OWN_CNONCE },
		    { "nc", OWN_NC },
		    { "nonce", OWN_NONCE },
		    { "created", OWN_CREATED } };

	for (size_t i = 0; i < COUNT(own); i++)
		if (str_eq(word, str(own[i].name)))
			((struct adapter_hello *)ctx)->own |= own[i].bit;
}

int adapter_hello_read(struct arena *a, struct str line, struct adapter_hello *out, struct err *err)
{
	json_t *root = read_line(line, err);

	if (!root)
		return -1;
	*out = (struct adapter_hello){
		.name = arena_str(a, vector_member(a, root, "adapter")),
		.version = arena_str(a, vector_member(a, root, "version")),
	};
	read_words(json_object_get(root, "operations"), take_operation, out);
	read_words(json_object_get(root, "own"), take_own, out);
	json_decref(root);
	if (!out->name.n)
		return err_set(err, ERR_PARSE, "its hello has no member adapter");
	return arena_check(a, err);
}

/* [["realm", "x"], ...]; values may be {"hex": ...}. */
static void read_params(struct arena *a, const json_t *params, struct challenge *out)
{
	size_t n = json_array_size(params);

	out->param = arena_array(a, struct auth_param, n + 1);
	for (size_t i = 0; out->param && i < n; i++) {
		const json_t *pair = json_array_get(params, i), *value = json_array_get(pair, 1);
		struct auth_param *p = &out->param[out->n_param++];

		p->name = str(json_string_value(json_array_get(pair, 0)));
		if (json_is_object(value))
			p->value = vector_unhex(a, vector_member(NULL, value, "hex"));
		else
			p->value = str_n(json_string_value(value), json_string_length(value));
	}
}

static void read_challenges(struct arena *a, const json_t *list, struct answer *out)
{
	size_t n = json_array_size(list);

	out->has_challenges = json_is_array(list);
	out->challenges.v = arena_array(a, struct challenge, n + 1);
	for (size_t i = 0; out->challenges.v && i < n; i++) {
		const json_t *one = json_array_get(list, i);
		struct challenge *c = &out->challenges.v[out->challenges.n++];

		c->scheme = vector_member(a, one, "scheme");
		c->token68 = vector_member(a, one, "token68");
		read_params(a, json_object_get(one, "params"), c);
	}
}

static void read_outputs(struct arena *a, const json_t *root, struct answer *out)
{
	const struct {
		const char *name;
		struct str *text;
	} texts[] = { { "authorization", &out->authorization },
		      { "rspauth", &out->rspauth },
		      { "username", &out->username },
		      { "password", &out->password },
		      { "type", &out->type },
		      { "nonce", &out->nonce },
		      { "created", &out->created } };
	const json_t *valid = json_object_get(root, "valid");
	const json_t *challenges = json_object_get(root, "challenges");

	for (size_t i = 0; i < COUNT(texts); i++)
		*texts[i].text = vector_member(a, root, texts[i].name);
	out->has_valid = json_is_boolean(valid);
	out->valid = json_is_true(valid);
	if (challenges)
		read_challenges(a, challenges, out);
}

int adapter_answer_read(struct arena *a, struct str line, json_t **root, struct str *id,
			struct answer *out, struct err *err)
{
	struct str unsupported, error;

	*root = read_line(line, err);
	if (!*root)
		return -1;
	*id = vector_member(NULL, *root, "id");
	*out = (struct answer){ .kind = ANSWER_GIVEN };
	unsupported = vector_member(NULL, *root, "unsupported");
	error = vector_member(NULL, *root, "error");
	if (unsupported.p || error.p) {
		out->kind = unsupported.p ? ANSWER_UNSUPPORTED : ANSWER_REFUSED;
		out->why = unsupported.p ? unsupported : error;
		return 0;
	}
	read_outputs(a, *root, out);
	return 0;
}

void adapter_answer_free(json_t **root)
{
	json_decref(*root);
	*root = NULL;
}
