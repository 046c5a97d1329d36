/* curl_recipe.c - credentials reckoned by a shell: what RFC 7617, RFC 7616 3.4 and UTP 3.1 say. */
#include "report/curl_parts.h"

#include "auth/datetime.h"

#include <inttypes.h>

void curl_fail(struct curl_script *s, const char *why)
{
	if (!s->why)
		s->why = why;
}

static void word(struct curl_script *s, struct str text)
{
	curl_words(s, " ", text, NULL, 0);
}

static void in_field(struct curl_script *s, struct str octets, const char *name)
{
	if (s->n_field < COUNT(s->field))
		s->field[s->n_field++] = (struct shell_variable){ octets, name };
}

static void in_body(struct curl_script *s, struct str octets, const char *name)
{
	if (s->n_body < COUNT(s->body))
		s->body[s->n_body++] = (struct shell_variable){ octets, name };
}

/* The variable that holds the password of a recipe, as a word. */
static const char *password_word(struct curl_script *s, enum recipe_password which)
{
	static const char *const words[] = {
		[RECIPE_RIGHT] = " \"$password\"",
		[RECIPE_WRONG] = " \"$wrong\"",
		[RECIPE_EMPTY] = " ''",
		[RECIPE_OTHER] = " ''",
	};

	s->password |= which == RECIPE_RIGHT || which == RECIPE_WRONG;
	s->wrong |= which == RECIPE_WRONG;
	if (which == RECIPE_OTHER)
		curl_fail(s, "its password is made of the right one");
	return words[which];
}

/* --- Basic --- */

static void write_basic(struct curl_script *s, const struct recipe_part *p)
{
	buf_puts(&s->b, "basic=$(printf '%s:%s'");
	word(s, p->user);
	buf_fmt(&s->b, "%s | openssl base64 -A)\n", password_word(s, p->password));
}

static void map_basic(struct curl_script *s, const struct recipe_part *p)
{
	in_field(s, p->computed, "basic");
	s->clear = true;
}

/* --- Digest --- */

static const struct curl_nonce *known_nonce(const struct curl_script *s, struct str nonce)
{
	for (size_t i = s->n_nonce; i-- > 0;)
		if (nonce.n && str_eq(s->nonce[i].nonce, nonce))
			return &s->nonce[i];
	return NULL;
}

static void nonce_word(struct curl_script *s, struct str nonce)
{
	const struct curl_nonce *known = known_nonce(s, nonce);

	if (known)
		buf_fmt(&s->b, " \"$%s\"", known->nonce_name);
	else
		word(s, nonce);
}

static void write_hash(struct curl_script *s, enum hash_alg alg)
{
	static const char *const names[] = {
		[HASH_MD5] = "md5",
		[HASH_SHA256] = "sha256",
		[HASH_SHA512_256] = "sha512-256",
	};
	const char *name = (size_t)alg < COUNT(names) ? names[alg] : NULL;

	if (!name) {
		curl_fail(s, "its hash is none of RFC 7616");
		return;
	}
	if (s->hash != name)
		buf_fmt(&s->b, "h() { openssl dgst -%s -r | cut -d' ' -f1; }\n", name);
	s->hash = name;
}

/* RFC 7616 3.4.2 */
static void write_ha1(struct curl_script *s, const struct recipe_part *p)
{
	const struct digest_inputs *d = &p->digest;

	buf_puts(&s->b, "ha1=$(printf '%s:%s:%s'");
	word(s, d->user);
	word(s, d->realm);
	buf_fmt(&s->b, "%s | h)\n", password_word(s, p->password));
	if (!d->session)
		return;
	buf_puts(&s->b, "ha1=$(printf '%s:%s:%s' \"$ha1\"");
	nonce_word(s, d->session_nonce.p ? d->session_nonce : d->nonce);
	word(s, d->session_cnonce.p ? d->session_cnonce : d->cnonce);
	buf_puts(&s->b, " | h)\n");
}

/* RFC 7616 3.4.3 */
static void write_ha2(struct curl_script *s, const struct digest_inputs *d)
{
	bool whole = d->qop == DIGEST_QOP_AUTH_INT;

	buf_fmt(&s->b, "ha2=$(printf '%s'", whole ? "%s:%s:%s" : "%s:%s");
	word(s, d->method);
	word(s, d->uri);
	if (whole) {
		buf_puts(&s->b, " \"$(printf %s");
		word(s, d->body);
		buf_puts(&s->b, " | h)\"");
	}
	buf_puts(&s->b, " | h)\n");
}

/* RFC 7616 3.4.1, and RFC 2069 without qop */
static void write_digest(struct curl_script *s, const struct recipe_part *p)
{
	const struct digest_inputs *d = &p->digest;
	struct str qop = d->qop == DIGEST_QOP_AUTH_INT ? STR("auth-int") : STR("auth");

	write_hash(s, d->alg);
	write_ha1(s, p);
	write_ha2(s, d);
	buf_fmt(&s->b, "response=$(printf '%s' \"$ha1\"",
		d->qop == DIGEST_QOP_NONE ? "%s:%s:%s" : "%s:%s:%s:%s:%s:%s");
	nonce_word(s, d->nonce);
	if (d->qop != DIGEST_QOP_NONE) {
		word(s, d->nc);
		word(s, d->cnonce);
		word(s, d->qop_text.p ? d->qop_text : qop);
	}
	buf_puts(&s->b, " \"$ha2\" | h)\n");
}

static void map_digest(struct curl_script *s, const struct recipe_part *p)
{
	const struct curl_nonce *nonce = known_nonce(s, p->digest.nonce);
	const struct curl_nonce *challenge = known_nonce(s, p->challenge_nonce);

	in_field(s, p->computed, "response");
	if (nonce)
		in_field(s, nonce->nonce, nonce->nonce_name);
	if (challenge && challenge->opaque_name)
		in_field(s, challenge->opaque, challenge->opaque_name);
}

/* --- UsernameToken --- */

/* What a deviation of the step's token is, by its name; .p NULL: it has none. */
static struct str token_deviation(const struct curl_script *s, const char *name)
{
	for (size_t i = 0; i < s->step->n_credentials; i++) {
		const struct suite_credentials *c = &s->step->credentials[i];

		for (size_t k = 0; c->mech == MECH_TOKEN && k < c->n_deviation; k++)
			if (strcmp(c->deviation[k].d->name, name) == 0)
				return suite_bind(s->a, s->v->variant, c->deviation[k].value,
						  (struct str){ 0 });
	}
	return (struct str){ 0 };
}

/* A Nonce that is itself the deviation would be a replay when it comes again, and a fresh one would
 * deviate no more.
 */
static bool nonce_deviates(const struct curl_script *s)
{
	struct str value = token_deviation(s, "nonce");

	return value.p && !str_eq(value, STR("same")) && !str_starts(value, STR("bytes:"));
}

static void write_nonce(struct curl_script *s, const struct recipe_part *p)
{
	if (p->nonce.n && str_eq(p->nonce, s->token_nonce))
		return;
	if (!p->nonce_plain)
		curl_fail(s, "its Nonce is not what is hashed");
	buf_fmt(&s->b, "nonce64=$(openssl rand %zu | openssl base64 -A)\n", p->nonce_bytes);
	s->token_nonce = p->nonce;
}

#define SECONDS_END 19 /* of "2026-08-22T10:11:12" */

/* The time that the text shows, whatever its zone; -1 when it does not begin with one. */
static int shown_ms(struct arena *a, struct str created, int64_t *ms)
{
	struct str seconds = str_sub(created, 0, SECONDS_END);
	struct datetime t;
	struct err err = { 0 };

	if (datetime_parse(arena_concat(a, seconds, STR("Z")), &t, &err))
		return -1;
	*ms = t.unix_ms;
	return 0;
}

/* As far from now as it was, and with what stood behind its seconds. */
static void write_created(struct curl_script *s, const struct recipe_part *p)
{
	int64_t ahead_s, ms = 0;

	if (str_eq(p->created, s->created))
		return;
	s->created = p->created;
	if (p->created_hashed && str_starts(token_deviation(s, "created"), STR("="))) {
		curl_words(s, "created=", p->created, NULL, 0);
		buf_char(&s->b, '\n');
		return;
	}
	if (!p->created_hashed || shown_ms(s->a, p->created, &ms)) {
		curl_fail(s, "its Created is written in a way of its own");
		return;
	}
	ahead_s = (ms - p->device_unix_ms + s->r->survey.clock_offset_ms) / 1000;
	if (ahead_s)
		buf_fmt(&s->b, "created=$(date -u -d \"@$(($(date +%%s) %c %" PRId64 "))\"",
			ahead_s < 0 ? '-' : '+', ahead_s < 0 ? -ahead_s : ahead_s);
	else
		buf_puts(&s->b, "created=$(date -u");
	buf_puts(&s->b, " +%Y-%m-%dT%H:%M:%S)");
	curl_words(s, "", str_sub(p->created, SECONDS_END, p->created.n), NULL, 0);
	buf_char(&s->b, '\n');
}

/* Xml 1.0, 2.4: what may not stand in text as it is. */
static void write_text(struct curl_script *s, const struct recipe_part *p)
{
	buf_fmt(&s->b,
		"digest=$(printf %%s%s | sed \"s/&/\\&amp;/g; s/</\\&lt;/g; s/>/\\&gt;/g; "
		"s/\\\"/\\&quot;/g; s/'/\\&apos;/g\")\n",
		password_word(s, p->password));
}

static void write_token(struct curl_script *s, const struct recipe_part *p)
{
	write_nonce(s, p);
	write_created(s, p);
	if (p->text) {
		write_text(s, p);
		return;
	}
	buf_fmt(&s->b,
		"digest=$({ printf %%s \"$nonce64\" | openssl base64 -d -A; "
		"printf '%%s%%s' \"$created\"%s; } |\n  openssl dgst -sha1 -binary | "
		"openssl base64 -A)\n",
		password_word(s, p->password));
}

static struct str escaped(struct arena *a, struct str text)
{
	struct buf b DEFER(buf_free) = { 0 };

	buf_init(&b, 1 << 20);
	buf_xml(&b, text);
	if (!buf_ok(&b))
		a->failed = true;
	return arena_str(a, buf_view(&b));
}

static void map_token(struct curl_script *s, const struct recipe_part *p)
{
	in_body(s, escaped(s->a, p->computed), "digest");
	in_body(s, p->nonce, "nonce64");
	in_body(s, p->created, "created");
	s->clear |= p->text;
}

/* --- all --- */

static const struct {
	void (*write)(struct curl_script *s, const struct recipe_part *p);
	void (*map)(struct curl_script *s, const struct recipe_part *p);
} mechanisms[MECHANISMS] = {
	[MECH_BASIC] = { write_basic, map_basic },
	[MECH_DIGEST] = { write_digest, map_digest },
	[MECH_TOKEN] = { write_token, map_token },
};

void curl_recipe(struct curl_script *s, const struct recipe *r, const struct suite_step *step)
{
	if (!r->whole)
		curl_fail(s, "it has more credentials than a command should");
	s->step = step;
	if (nonce_deviates(s))
		curl_fail(s, "its Nonce must be new each time, and deviates");
	for (size_t i = 0; i < r->n; i++) {
		mechanisms[r->part[i].mech].write(s, &r->part[i]);
		mechanisms[r->part[i].mech].map(s, &r->part[i]);
		for (size_t k = 0; k < i; k++)
			if (r->part[k].mech == r->part[i].mech)
				curl_fail(s, "it has two credentials of one kind");
	}
	s->last = r;
}

void curl_recipe_again(struct curl_script *s, const struct recipe *r)
{
	if (r != s->last)
		curl_fail(s, "it sends octets again that are not those of the step before");
	for (size_t i = 0; r && i < r->n; i++)
		mechanisms[r->part[i].mech].map(s, &r->part[i]);
}
