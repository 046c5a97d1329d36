/* The adapter protocol's lines: requests out, the hello and answers in. */
#include "cli/vectors_drive.h"
#include "cli/vectors_json.h"

#define QUOTE_MAX 80 /* octets of a line that are quoted */

/* --- out --- */

static struct str without_hex(struct str name)
{
	return str_ends(name, STR("_hex")) ? str_sub(name, 0, name.n - 4) : name;
}

/* Has the test this input, in either form? */
static bool replaced(const struct jv *test, struct str name)
{
	for (const struct jv *m = jv_first(test); m; m = m->next)
		if (str_eq(without_hex(m->key), without_hex(name)))
			return true;
	return false;
}

/* Members go out as they stand in the file, on one line. */
static void put_inputs(struct buf *out, const struct jv *from, const struct jv *test,
		       const struct vector_op *op)
{
	for (const struct jv *m = jv_first(from); m; m = m->next) {
		if (!str_has_word(str(op->inputs), without_hex(m->key)) ||
		    (test && replaced(test, m->key)))
			continue;
		buf_puts(out, ",\"");
		buf_str(out, m->key);
		buf_puts(out, "\":");
		for (struct str rest = m->raw, line; rest.n; buf_str(out, line))
			line = str_cut(&rest, '\n');
	}
}

static void put_text(struct buf *out, struct str text)
{
	buf_char(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c < 0x20 || c == '"' || c == '\\')
			buf_fmt(out, "\\u%04x", c);
		else
			buf_char(out, text.p[i]);
	}
	buf_char(out, '"');
}

int adapter_request(const struct vector *v, struct str url, struct buf *out, struct err *err)
{
	buf_puts(out, "{\"id\":");
	buf_str(out, jv_get(v->test, "id")->raw);
	buf_puts(out, ",\"op\":\"");
	buf_puts(out, v->op->name);
	buf_char(out, '"');
	put_inputs(out, v->group, v->test, v->op);
	put_inputs(out, v->test, NULL, v->op);
	if (url.p) {
		buf_puts(out, ",\"url\":");
		put_text(out, url);
	}
	buf_puts(out, "}\n");
	return buf_check(out, "a request", err);
}

/* --- in --- */

static int read_line(struct arena *a, struct str line, const struct jv **root, struct err *err)
{
	struct err why;

	if (jv_read(a, line, root, &why) == 0 && jv_is(*root, JV_OBJECT))
		return 0;
	return err_set(err, ERR_PARSE, "wrote what is no JSON object: \"%.*s\"",
		       STR_ARG(str_sub(line, 0, QUOTE_MAX)));
}

static void read_words(const struct jv *list, void (*take)(void *ctx, struct str word), void *ctx)
{
	for (const struct jv *one = jv_first(list); one; one = one->next)
		take(ctx, jv_text(one));
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
	const struct jv *root;

	if (read_line(a, line, &root, err))
		return -1;
	*out = (struct adapter_hello){ .name = arena_str(a, vector_member(a, root, "adapter")),
				       .version = arena_str(a, vector_member(a, root, "version")) };
	read_words(jv_get(root, "operations"), take_operation, out);
	read_words(jv_get(root, "own"), take_own, out);
	out->network = jv_is(jv_get(root, "network"), JV_TRUE);
	if (!out->name.n)
		return err_set(err, ERR_PARSE, "its hello has no member adapter");
	return arena_check(a, err);
}

/* [["realm", "x"], ...]; values may be {"hex": ...}. */
static void read_params(struct arena *a, const struct jv *params, struct challenge *out)
{
	out->param = arena_array(a, struct auth_param, jv_count(params) + 1);
	for (const struct jv *pair = jv_first(params); out->param && pair; pair = pair->next) {
		const struct jv *name = jv_first(pair), *value = name ? name->next : NULL;
		struct auth_param *p = &out->param[out->n_param++];

		p->name = jv_text(name);
		p->value = jv_text(value);
		if (jv_is(value, JV_OBJECT))
			p->value = vector_unhex(a, jv_text(jv_get(value, "hex")));
	}
}

static void read_challenges(struct arena *a, const struct jv *list, struct answer *out)
{
	out->has_challenges = jv_is(list, JV_LIST);
	out->challenges.v = arena_array(a, struct challenge, jv_count(list) + 1);
	for (const struct jv *one = jv_first(list); out->challenges.v && one; one = one->next) {
		struct challenge *c = &out->challenges.v[out->challenges.n++];

		c->scheme = vector_member(a, one, "scheme");
		c->token68 = vector_member(a, one, "token68");
		read_params(a, jv_get(one, "params"), c);
	}
}

static void read_outputs(struct arena *a, const struct jv *root, struct answer *out)
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
		      { "created", &out->created },
		      { "url", &out->url } };
	const struct jv *valid = jv_get(root, "valid");

	for (size_t i = 0; i < COUNT(texts); i++)
		*texts[i].text = vector_member(a, root, texts[i].name);
	out->valid = jv_is(valid, JV_TRUE);
	out->has_valid = out->valid || jv_is(valid, JV_FALSE);
	read_challenges(a, jv_get(root, "challenges"), out);
}

int adapter_answer_read(struct arena *a, struct str line, struct str *id, struct answer *out,
			struct err *err)
{
	struct str unsupported, error;
	const struct jv *root;

	if (read_line(a, line, &root, err))
		return -1;
	*id = jv_text(jv_get(root, "id"));
	*out = (struct answer){ .kind = ANSWER_GIVEN };
	unsupported = jv_text(jv_get(root, "unsupported"));
	error = jv_text(jv_get(root, "error"));
	if (!unsupported.p && !error.p) {
		read_outputs(a, root, out);
		return arena_check(a, err);
	}
	out->kind = unsupported.p ? ANSWER_UNSUPPORTED : ANSWER_REFUSED;
	out->why = unsupported.p ? unsupported : error;
	return 0;
}
