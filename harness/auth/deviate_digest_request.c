/* Deviations of Digest before hashing: qop, algorithm, and what of the request is hashed. */
#include "auth/deviate.h"

static const struct str none = { NULL, 0 };

/* --- qop --- */

/* RFC 2069's form, which RFC 2617 kept for old clients and RFC 7616 did not. */
static int qop_none(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	if (!c->digest.has_qop)
		return err_set(err, ERR_INPUT, "the challenge offers no qop");
	c->digest.has_qop = false;
	c->digest.hash.qop = DIGEST_QOP_NONE;
	return 0;
}

static int set_qop(struct craft *c, enum digest_qop qop, struct str text)
{
	c->digest.has_qop = true;
	c->digest.qop = text;
	c->digest.hash.qop = qop;
	return 0;
}

static int qop_unknown(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	c->digest.hash.qop_text = STR("auth-conf");
	return set_qop(c, DIGEST_QOP_AUTH, STR("auth-conf"));
}

static int qop_auth_int(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	/* Where nothing else is offered, a correct client says it anyway. */
	return set_qop(c, DIGEST_QOP_AUTH_INT, STR("auth-int"));
}

int deviate_digest_qop(struct craft *c, struct str value, struct err *err)
{
	static const struct action actions[] = {
		{ "none", qop_none },
		{ "unknown", qop_unknown },
		{ "auth-int", qop_auth_int },
	};

	return RUN(actions);
}

/* --- algorithm --- */

/* RFC 7616 3.3: absent means MD5. */
static int algorithm_omit(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	if (!c->digest.has_algorithm || c->digest.hash.alg != HASH_MD5 || c->digest.hash.session)
		return err_set(err, ERR_INPUT, "only algorithm=MD5 may be left out");
	c->digest.has_algorithm = false;
	return 0;
}

static int set_algorithm(struct craft *c, enum hash_alg alg, bool session, struct str label)
{
	struct digest_craft *d = &c->digest;

	d->hash.alg = alg;
	d->hash.session = session;
	d->hash.session_nonce = d->hash.session_cnonce = none;
	d->has_algorithm = true;
	d->algorithm = label;
	return 0;
}

static int algorithm_lower(struct craft *c, struct str argument, struct err *err)
{
	struct digest_craft *d = &c->digest;
	const char *name = digest_algorithm_name(d->hash.alg, d->hash.session);

	(void)argument;
	d->algorithm = text_lower(c->a, str(name));
	d->has_algorithm = true;
	return arena_check(c->a, err);
}

static int algorithm_unknown(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	c->digest.algorithm = STR("FOO-1");
	c->digest.has_algorithm = true;
	return 0;
}

static int algorithm_sess(struct craft *c, struct str argument, struct err *err)
{
	enum hash_alg alg = c->digest.hash.alg;

	(void)argument;
	if (c->digest.hash.session)
		return err_set(err, ERR_INPUT, "the challenge asks for a -sess algorithm already");
	return set_algorithm(c, alg, true, str(digest_algorithm_name(alg, true)));
}

static int algorithm_md5_label(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	return set_algorithm(c, HASH_SHA256, false, STR("MD5"));
}

static int algorithm_sha256(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	if (c->digest.hash.alg == HASH_SHA256 && !c->digest.hash.session)
		return err_set(err, ERR_INPUT, "the challenge asks for SHA-256 already");
	return set_algorithm(c, HASH_SHA256, false, STR("SHA-256"));
}

/* The name of a -sess algorithm over a hash that has no session in it. */
static int algorithm_plain_hash(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	if (!c->digest.hash.session)
		return err_set(err, ERR_INPUT, "the challenge asks for no -sess algorithm");
	c->digest.hash.session = false;
	return 0;
}

int deviate_digest_algorithm(struct craft *c, struct str value, struct err *err)
{
	static const struct action actions[] = {
		{ "omit", algorithm_omit },
		{ "lower", algorithm_lower },
		{ "unknown", algorithm_unknown },
		{ "sess", algorithm_sess },
		{ "md5-label", algorithm_md5_label },
		{ "sha256", algorithm_sha256 },
		{ "plain-hash", algorithm_plain_hash },
	};

	return RUN(actions);
}

/* --- what of the request is hashed --- */

int deviate_digest_method(struct craft *c, struct str value, struct err *err)
{
	bool is_get = str_eq(c->in->request.method, STR("GET"));

	(void)value;
	(void)err;
	c->digest.hash.method = is_get ? STR("POST") : STR("GET");
	return 0;
}

static struct str other_resource(const struct craft *c)
{
	return str_eq(c->in->request.target, STR("/other")) ? STR("/another") : STR("/other");
}

static int uri_other(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	c->digest.uri = c->digest.hash.uri = other_resource(c);
	return 0;
}

static int uri_other_sent(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	c->digest.uri = other_resource(c);
	return 0;
}

static int uri_other_hashed(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	c->digest.hash.uri = other_resource(c);
	return 0;
}

static int uri_no_query(struct craft *c, struct str argument, struct err *err)
{
	struct str target = c->in->request.target;
	size_t query = str_chr(target, '?');

	(void)argument;
	if (query == (size_t)-1)
		return err_set(err, ERR_INPUT, "the request target has no query");
	c->digest.uri = c->digest.hash.uri = str_sub(target, 0, query);
	return 0;
}

/* Hash and send another uri, a little one off the target. */
static int set_uri(struct craft *c, struct str uri, struct err *err)
{
	if (str_eq(uri, c->in->request.target))
		return err_set(err, ERR_INPUT, "that is the target itself");
	c->digest.uri = c->digest.hash.uri = uri;
	return arena_check(c->a, err);
}

static bool has_query(const struct craft *c)
{
	return str_chr(c->in->request.target, '?') != (size_t)-1;
}

static int uri_query_added(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return set_uri(
		c,
		arena_concat(c->a, c->in->request.target, has_query(c) ? STR("&y=1") : STR("?y=1")),
		err);
}

static int uri_query_altered(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	if (!has_query(c))
		return err_set(err, ERR_INPUT, "the request target has no query");
	return set_uri(c, text_alter(c->a, c->in->request.target), err);
}

static int uri_fragment(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return set_uri(c, arena_concat(c->a, c->in->request.target, STR("#top")), err);
}

static int uri_asterisk(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return set_uri(c, STR("*"), err);
}

/* Path and query of the target, with something done to the path. */
static int uri_with_path(struct craft *c, struct str (*change)(struct arena *a, struct str path),
			 struct err *err)
{
	struct str rest = c->in->request.target, path = str_cut(&rest, '?');

	path = change(c->a, path);
	if (has_query(c))
		path = arena_fmt(c->a, "%.*s?%.*s", STR_ARG(path), STR_ARG(rest));
	return set_uri(c, path, err);
}

static struct str slash_behind(struct arena *a, struct str path)
{
	return arena_concat(a, path, STR("/"));
}

static struct str slash_before(struct arena *a, struct str path)
{
	return arena_concat(a, STR("/"), path);
}

static int uri_upper(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return uri_with_path(c, text_upper, err);
}

static int uri_trailing_slash(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return uri_with_path(c, slash_behind, err);
}

static int uri_double_slash(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return uri_with_path(c, slash_before, err);
}

/* RFC 9112 3.2.2: a server accepts the absolute form. */
static int uri_absolute(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	if (!c->in->origin.n || !str_starts(c->in->request.target, STR("/")))
		return err_set(err, ERR_INPUT, "the request has no absolute uri");
	c->digest.uri = arena_concat(c->a, c->in->origin, c->in->request.target);
	c->digest.hash.uri = c->digest.uri;
	return arena_check(c->a, err);
}

static int uri_empty(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	c->digest.uri = c->digest.hash.uri = STR("");
	return 0;
}

/* RFC 9110 4.2.3: %65 is e. */
static int uri_escaped(struct craft *c, struct str argument, struct err *err)
{
	struct str target = c->in->request.target;
	size_t query = str_chr(target, '?');

	(void)argument;
	for (size_t i = query == (size_t)-1 ? target.n : query; i > 0; i--) {
		char letter = target.p[i - 1];
		bool is_escape =
			(i > 1 && target.p[i - 2] == '%') || (i > 2 && target.p[i - 3] == '%');

		if (!char_is_alpha(letter) || is_escape)
			continue;
		c->digest.uri = arena_fmt(c->a, "%.*s%%%02X%.*s", (int)(i - 1), target.p,
					  (unsigned)(unsigned char)letter, (int)(target.n - i),
					  target.p + i);
		c->digest.hash.uri = c->digest.uri;
		return arena_check(c->a, err);
	}
	return err_set(err, ERR_INPUT, "the path of the request has no letter");
}

int deviate_digest_uri(struct craft *c, struct str value, struct err *err)
{
	static const struct action actions[] = {
		{ "other", uri_other },
		{ "other-sent", uri_other_sent },
		{ "other-hashed", uri_other_hashed },
		{ "no-query", uri_no_query },
		{ "query-added", uri_query_added },
		{ "query-altered", uri_query_altered },
		{ "fragment", uri_fragment },
		{ "upper", uri_upper },
		{ "asterisk", uri_asterisk },
		{ "trailing-slash", uri_trailing_slash },
		{ "double-slash", uri_double_slash },
		{ "absolute", uri_absolute },
		{ "empty", uri_empty },
		{ "escaped", uri_escaped },
	};

	return RUN(actions);
}

/* RFC 7616 3.4.3: only auth-int protects the body. */
int deviate_digest_body(struct craft *c, struct str value, struct err *err)
{
	struct digest_inputs *hash = &c->digest.hash;

	if (hash->qop != DIGEST_QOP_AUTH_INT)
		return err_set(err, ERR_INPUT, "without qop=auth-int the body is not hashed");
	if (str_eq(value, STR("changed"))) {
		hash->body = arena_concat(c->a, hash->body, STR(" "));
		return arena_check(c->a, err);
	}
	if (!hash->body.n)
		return err_set(err, ERR_INPUT, "the body is empty");
	hash->body = STR("");
	return 0;
}

int deviate_digest_opaque(struct craft *c, struct str value, struct err *err)
{
	struct digest_craft *d = &c->digest;

	if (!d->has_opaque)
		return err_set(err, ERR_INPUT, "the challenge has no opaque");
	if (str_eq(value, STR("omit")))
		d->has_opaque = false;
	else
		d->opaque = text_alter(c->a, d->opaque);
	return arena_check(c->a, err);
}
