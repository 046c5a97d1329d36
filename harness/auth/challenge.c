#include "auth/challenge.h"

#define FIELDS_MAX_BYTES 65536
#define CHALLENGES_MAX   64
#define PARAMS_MAX       64

/* A cursor over one field value, and the challenge that its parameters belong to. */
struct parser {
	struct arena *a;
	struct challenge_list *out;
	struct err *err;
	struct str s;
	size_t i;
	struct challenge *cur; /* NULL before the first */
	bool closed;           /* "Basic," : no parameter can follow */
	bool comma;            /* one came since the last item */
	bool space;            /* white space came since the last item */
	size_t item;           /* where cur's text starts in s */
};

static char peek(const struct parser *p)
{
	return p->i < p->s.n ? p->s.p[p->i] : '\0';
}

/* CR and LF come from obs-fold (RFC 9112 5.2). */
static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blank(struct parser *p)
{
	while (p->i < p->s.n && is_blank(p->s.p[p->i]))
		p->i++;
}

static struct str take_token(struct parser *p)
{
	size_t from = p->i;

	while (p->i < p->s.n && char_is_tchar(p->s.p[p->i]))
		p->i++;
	return str_sub(p->s, from, p->i - from);
}

/* Room for one more of size octets behind n: arrays grow at the powers of two from 8 on. */
static void *grown(struct parser *p, void *v, size_t n, size_t size)
{
	void *larger;

	if (n != 0 && (n < 8 || (n & (n - 1))))
		return v;
	larger = arena_alloc_n(p->a, size, n ? 2 * n : 8);
	if (larger && n)
		memcpy(larger, v, n * size);
	if (!larger)
		(void)err_set(p->err, ERR_NOMEM, "no memory for a challenge");
	return larger;
}

/* The octets that were read since p->item belong to the current challenge.  A challenge may go on
 * in the next field: fields of one name are one list (RFC 9110 5.3).
 */
static void end_text(struct parser *p)
{
	struct str piece = str_trim(str_sub(p->s, p->item, p->i - p->item));

	while (piece.n && (piece.p[piece.n - 1] == ',' || is_blank(piece.p[piece.n - 1])))
		piece.n--;
	if (!p->cur || piece.n == 0)
		return;
	if (p->cur->text.p)
		piece = arena_concat(p->a, arena_concat(p->a, p->cur->text, STR(", ")), piece);
	p->cur->text = piece;
}

/* at: where it starts in the field. */
static int new_challenge(struct parser *p, struct str scheme, size_t at)
{
	struct challenge_list *l = p->out;
	struct challenge *v;
	size_t here = p->i;

	if (l->n == CHALLENGES_MAX)
		return err_set(p->err, ERR_LIMIT, "more than %d challenges", CHALLENGES_MAX);
	p->i = at;
	end_text(p);
	p->i = here;
	v = grown(p, l->v, l->n, sizeof(*v));
	if (!v)
		return -1;
	l->v = v;
	p->cur = &v[l->n++];
	*p->cur = (struct challenge){ .scheme = scheme };
	p->closed = false;
	p->item = at;
	return 0;
}

/* Something that no grammar covers; where no challenge could own it, it becomes one without scheme.
 */
static int problem(struct parser *p, size_t at)
{
	if (!p->cur && new_challenge(p, str_sub(p->s, at, 0), at))
		return -1;
	p->cur->problems |= CHALLENGE_SYNTAX;
	return 0;
}

static bool is_control(char c)
{
	return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

/* Index of the quote that closes the string, or the end. */
static size_t closing_quote(struct str s, size_t i)
{
	struct str rest = str_sub(s, i, s.n);
	size_t quote = str_chr(rest, '"');

	/* Mostly there is no quoted pair before it. */
	if (quote != (size_t)-1 && str_chr(str_sub(rest, 0, quote), '\\') == (size_t)-1)
		return i + quote;
	for (; i < s.n && s.p[i] != '"'; i++)
		if (s.p[i] == '\\')
			i++;
	return i < s.n ? i : s.n;
}

/* The octets that are meant; obs-fold reads as one space.  Control characters are no qdtext. */
static size_t unquote(struct str inner, char *out, bool *control)
{
	size_t n = 0;

	for (size_t i = 0; i < inner.n; i++) {
		char c = inner.p[i];

		if (c == '\r' || c == '\n') {
			while (n && is_blank(out[n - 1]))
				n--;
			while (i + 1 < inner.n && is_blank(inner.p[i + 1]))
				i++;
			c = ' ';
		} else if (c == '\\' && i + 1 < inner.n) {
			c = inner.p[++i];
		}
		*control = *control || is_control(c);
		out[n++] = c;
	}
	return n;
}

/* Is what is meant what is written?  Then it is borrowed, not copied. */
static bool is_plain(struct str inner)
{
	bool control = false;

	for (size_t i = 0; i < inner.n; i++)
		control |= is_control(inner.p[i]);
	return !control && str_chr(inner, '\\') == (size_t)-1;
}

static int quoted_value(struct parser *p, struct auth_param *param)
{
	size_t from = p->i, end = closing_quote(p->s, from + 1);
	struct str inner = str_sub(p->s, from + 1, end - from - 1);
	bool bad = end == p->s.n;
	char *out;

	param->value = inner;
	if (!is_plain(inner)) {
		out = arena_alloc(p->a, inner.n + 1);
		if (!out)
			return err_set(p->err, ERR_NOMEM, "no memory for a parameter");
		param->value = str_n(out, unquote(inner, out, &bad));
	}
	p->i = bad ? end : end + 1;
	param->quoted = true;
	param->raw = str_sub(p->s, from, p->i - from);
	if (bad)
		p->cur->problems |= CHALLENGE_SYNTAX;
	return 0;
}

/* What stands where a token should may hold foreign octets: read as far as the item goes. */
static void token_value(struct parser *p, struct auth_param *param)
{
	size_t from = p->i;

	while (p->i < p->s.n && !is_blank(peek(p)) && peek(p) != ',' && peek(p) != '"') {
		if (!char_is_tchar(peek(p)))
			p->cur->problems |= CHALLENGE_SYNTAX;
		p->i++;
	}
	param->value = param->raw = str_sub(p->s, from, p->i - from);
	if (param->value.n == 0)
		p->cur->problems |= CHALLENGE_SYNTAX;
}

/* name BWS "=" BWS value; the cursor is behind the "=". */
static int read_param(struct parser *p, struct str name, size_t at)
{
	struct auth_param param = { .name = name }, *v;
	struct challenge *c;

	if ((!p->cur || p->closed) && new_challenge(p, str_sub(p->s, at, 0), at))
		return -1;
	c = p->cur;
	if (c->scheme.n == 0 || c->token68.p)
		c->problems |= CHALLENGE_SYNTAX;
	if (!p->comma && c->n_param)
		c->problems |= p->space ? CHALLENGE_NO_COMMA : CHALLENGE_SYNTAX;
	skip_blank(p);
	if (peek(p) != '"')
		token_value(p, &param);
	else if (quoted_value(p, &param))
		return -1;
	for (size_t i = 0; i < c->n_param; i++)
		if (str_ieq(c->param[i].name, name))
			c->problems |= CHALLENGE_DUPLICATE;
	if (c->n_param == PARAMS_MAX)
		return err_set(p->err, ERR_LIMIT, "more than %d parameters", PARAMS_MAX);
	v = grown(p, c->param, c->n_param, sizeof(*v));
	if (!v)
		return -1;
	c->param = v;
	v[c->n_param++] = param;
	return 0;
}

/* RFC 9110 11.2: nothing but a comma or the end may follow, else it is the name of a parameter. */
static bool take_token68(struct parser *p)
{
	size_t end = p->i, behind;

	while (end < p->s.n && (char_is_alpha(p->s.p[end]) || char_is_digit(p->s.p[end]) ||
				(p->s.p[end] && strchr("-._~+/", p->s.p[end]))))
		end++;
	if (end == p->i)
		return false;
	while (end < p->s.n && p->s.p[end] == '=')
		end++;
	for (behind = end; behind < p->s.n && is_blank(p->s.p[behind]); behind++)
		;
	if (behind < p->s.n && p->s.p[behind] != ',')
		return false;
	p->cur->token68 = str_sub(p->s, p->i, end - p->i);
	p->i = end;
	return true;
}

/* A scheme has just been read: does a list of parameters, a token68 or nothing follow? */
static void after_scheme(struct parser *p)
{
	p->closed = peek(p) == ',';
	if (p->i < p->s.n && !p->closed && !is_blank(peek(p)))
		p->cur->problems |= CHALLENGE_SYNTAX;
	skip_blank(p);
	take_token68(p);
}

/* A stray octet goes with all that touches it; a stray string as a whole. */
static int read_junk(struct parser *p)
{
	struct auth_param ignored = { .quoted = false };

	if (problem(p, p->i))
		return -1;
	if (peek(p) == '"')
		return quoted_value(p, &ignored);
	do
		p->i++;
	while (p->i < p->s.n && !is_blank(peek(p)) && !char_is_tchar(peek(p)) && peek(p) != ',' &&
	       peek(p) != '"');
	return 0;
}

static int read_item(struct parser *p)
{
	size_t at = p->i, after;
	struct str word = take_token(p);

	if (word.n == 0)
		return read_junk(p);
	after = p->i;
	skip_blank(p);
	if (peek(p) == '=') {
		p->i++;
		return read_param(p, word, at);
	}
	p->i = after;
	/* Only a comma ends a challenge: a word without one is a stray octet of the current. */
	if (p->cur && !p->comma)
		return problem(p, at);
	if (new_challenge(p, word, at))
		return -1;
	after_scheme(p);
	return 0;
}

static int read_field(struct parser *p, struct str field)
{
	p->s = field;
	p->i = p->item = 0;
	p->comma = true;
	for (;;) {
		p->space = false;
		for (; p->i < field.n && (is_blank(peek(p)) || peek(p) == ','); p->i++) {
			p->comma = p->comma || peek(p) == ',';
			p->space = true;
		}
		if (p->i == field.n)
			break;
		if (read_item(p))
			return -1;
		p->comma = false;
	}
	end_text(p);
	return 0;
}

int challenge_parse(struct arena *a, const struct str *field, size_t n, struct challenge_list *out,
		    struct err *err)
{
	struct parser p = { .a = a, .out = out, .err = err };
	size_t total = 0;

	*out = (struct challenge_list){ NULL, 0 };
	for (size_t i = 0; i < n; i++) {
		if (field[i].n > FIELDS_MAX_BYTES - total)
			return err_set(err, ERR_LIMIT, "more than %d octets of challenges",
				       FIELDS_MAX_BYTES);
		total += field[i].n;
		if (read_field(&p, field[i]))
			return -1;
	}
	return arena_check(a, err);
}

int credentials_parse(struct arena *a, struct str field, struct challenge *out, struct err *err)
{
	struct challenge_list list;

	*out = (struct challenge){ .problems = CHALLENGE_SYNTAX };
	field = str_trim(field);
	if (challenge_parse(a, &field, 1, &list, err))
		return -1;
	if (list.n)
		*out = list.v[0];
	/* Credentials are no list: nothing before the scheme, no second member. */
	if (list.n != 1 || out->scheme.p != field.p)
		out->problems |= CHALLENGE_SYNTAX;
	out->text = field;
	return 0;
}

const struct auth_param *challenge_param(const struct challenge *c, const char *name)
{
	for (size_t i = 0; i < c->n_param; i++)
		if (str_ieq(c->param[i].name, str(name)))
			return &c->param[i];
	return NULL;
}

bool challenge_is(const struct challenge *c, const char *scheme)
{
	return str_ieq(c->scheme, str(scheme));
}

/* --- Digest --- */

/* The IANA registry of RFC 7616 6.1; each also with "-sess". */
static const char *const algorithms[HASHES][2] = {
	[HASH_MD5] = { "MD5", "MD5-sess" },
	[HASH_SHA256] = { "SHA-256", "SHA-256-sess" },
	[HASH_SHA512_256] = { "SHA-512-256", "SHA-512-256-sess" },
};

int digest_algorithm_parse(struct str token, enum hash_alg *alg, bool *session)
{
	for (int i = 0; i < 2 * HASHES; i++) {
		const char *name = algorithms[i / 2][i % 2];

		if (name && (token.n == 0 || str_ieq(token, str(name)))) {
			*alg = (enum hash_alg)(i / 2);
			*session = i % 2;
			return 0;
		}
	}
	return -1;
}

const char *digest_algorithm_name(enum hash_alg alg, bool session)
{
	const char *name = algorithms[alg][session];

	return name ? name : "";
}

static struct str param_value(const struct challenge *c, const char *name)
{
	const struct auth_param *p = challenge_param(c, name);

	return p ? p->value : (struct str){ NULL, 0 };
}

/* Options are parted by commas; white space too is seen in the field. */
static int read_qop(struct str list, struct digest_challenge *out, struct err *err)
{
	bool any = false;
	struct str member, word;

	while (list.n) {
		member = str_cut(&list, ',');
		for (word = str_word(&member); word.n; word = str_word(&member)) {
			any = true;
			out->qop_auth = out->qop_auth || str_ieq(word, STR("auth"));
			out->qop_auth_int = out->qop_auth_int || str_ieq(word, STR("auth-int"));
		}
	}
	if (any && !out->qop_auth && !out->qop_auth_int)
		return err_set(err, ERR_PARSE, "no known option in qop");
	return 0;
}

int digest_challenge_read(const struct challenge *c, struct digest_challenge *out, struct err *err)
{
	*out = (struct digest_challenge){ .realm = param_value(c, "realm"),
					  .nonce = param_value(c, "nonce"),
					  .opaque = param_value(c, "opaque"),
					  .domain = param_value(c, "domain"),
					  .algorithm = param_value(c, "algorithm") };
	if (!challenge_is(c, "Digest"))
		return err_set(err, ERR_PARSE, "not a Digest challenge");
	if (c->problems & CHALLENGE_DUPLICATE)
		return err_set(err, ERR_PARSE, "a parameter of the Digest challenge comes twice");
	if (c->problems & CHALLENGE_SYNTAX)
		return err_set(err, ERR_PARSE, "the Digest challenge breaks its grammar");
	if (!out->realm.p || !out->nonce.p)
		return err_set(err, ERR_PARSE, "the Digest challenge has no %s",
			       out->realm.p ? "nonce" : "realm");
	if (digest_algorithm_parse(out->algorithm, &out->alg, &out->session))
		return err_set(err, ERR_PARSE, "nobody registered the algorithm \"%.*s\"",
			       (int)(out->algorithm.n < 64 ? out->algorithm.n : 64),
			       out->algorithm.p);
	out->has_opaque = out->opaque.p;
	out->has_qop = challenge_param(c, "qop");
	out->stale = str_ieq(param_value(c, "stale"), STR("true"));
	out->userhash = str_ieq(param_value(c, "userhash"), STR("true"));
	out->charset_utf8 = str_ieq(param_value(c, "charset"), STR("UTF-8"));
	return read_qop(param_value(c, "qop"), out, err);
}
