/* HTTP credentials: what they say, and whether a password gives them. */
#include "cli/decode_parts.h"

#include "auth/base64.h"

#define DIGEST_CLAUSE "RFC 7616 section 3.4"
#define BASIC_CLAUSE  "RFC 7617 section 2"

/* One set of credentials under way. */
struct reading {
	struct decoder *d;
	struct decoded_item *item;
	struct challenge c;
	const struct challenge *asked; /* the challenge that they answer; NULL: not known */
	struct http_request request;
	struct account account[2];
	struct verify_policy policy;
	struct verify_result result;
};

static struct str param(const struct challenge *c, const char *name)
{
	const struct auth_param *p = challenge_param(c, name);

	return p ? p->value : (struct str){ NULL, 0 };
}

static struct str raw(const struct challenge *c, const char *name)
{
	const struct auth_param *p = challenge_param(c, name);

	return p ? p->raw : (struct str){ NULL, 0 };
}

/* --- what was asked --- */

/* The offered challenge with this nonce, else the first of the scheme; *known: by its nonce. */
static const struct challenge *find_asked(const struct reading *k, bool *known)
{
	const struct challenge_list *l = &k->d->offered;
	const struct challenge *first = NULL;

	*known = false;
	for (size_t i = 0; i < l->n; i++) {
		if (!challenge_is(&l->v[i], "Digest"))
			continue;
		first = first ? first : &l->v[i];
		if (!str_eq(param(&l->v[i], "nonce"), param(&k->c, "nonce")))
			continue;
		if (!*known || str_ieq(param(&l->v[i], "algorithm"), param(&k->c, "algorithm")))
			first = &l->v[i];
		*known = true;
	}
	return first;
}

/* Without a challenge whatever is sent counts as offered. */
static void make_policy(struct reading *k)
{
	const unsigned all = (1u << HASHES) - 1;
	struct verify_policy *p = &k->policy;
	struct digest_challenge asked;
	struct err ignored;

	*p = (struct verify_policy){ .account = k->account,
				     .n_account = COUNT(k->account),
				     .realm = param(&k->c, "realm"),
				     .offer_basic = true,
				     .offer_digest = true,
				     .algs = all,
				     .algs_sess = all,
				     .qop_auth = param(&k->c, "qop").p != NULL,
				     .qop_auth_int = param(&k->c, "qop").p != NULL,
				     .opaque = param(&k->c, "opaque") };
	if (!k->asked || digest_challenge_read(k->asked, &asked, &ignored))
		return;
	p->realm = asked.realm;
	p->opaque = asked.opaque;
	p->qop_auth = asked.qop_auth;
	p->qop_auth_int = asked.qop_auth_int;
}

/* --- Digest --- */

static const enum defect hash_defects[] = {
	DEFECT_PASSWORD,       DEFECT_METHOD,          DEFECT_BODY,
	DEFECT_RESPONSE_UPPER, DEFECT_RESPONSE_PREFIX, DEFECT_BASIC_NUL
};

static void digest_facts(struct reading *k)
{
	static const char *const names[] = { "username", "username*", "realm",   "nonce",
					     "uri",      "algorithm", "qop",     "nc",
					     "cnonce",   "opaque",    "userhash" };

	for (size_t i = 0; i < COUNT(names); i++)
		decoding_fact(k->item, names[i], param(&k->c, names[i]));
}

static struct nearly_digest question(const struct reading *k)
{
	struct nearly_digest n = { .in = k->result.inputs,
				   .response = param(&k->c, "response"),
				   .user = k->d->ask->user,
				   .raw_user = raw(&k->c, "username"),
				   .raw_realm = raw(&k->c, "realm"),
				   .raw_uri = raw(&k->c, "uri") };

	n.in.password = k->d->ask->password;
	if (k->d->request) {
		n.target = k->d->request->target;
		n.host = http_get(&k->d->request->fields, "Host");
	}
	if (k->asked) {
		n.realm = param(k->asked, "realm");
		n.nonce = param(k->asked, "nonce");
		n.qop_list = param(k->asked, "qop");
	}
	return n;
}

/* Without a request the method is not known: any will do, and is told. */
static int try_methods(struct reading *k, struct nearly_digest *n, bool *right)
{
	static const char *const methods[] = { "POST",  "GET",     "DESCRIBE", "OPTIONS",
					       "PUT",   "HEAD",    "DELETE",   "SETUP",
					       "PLAY",  "PATCH",   "REGISTER", "CONNECT",
					       "PAUSE", "TEARDOWN" };

	for (size_t i = 0; i < COUNT(methods) && !*right; i++) {
		n->in.method = str(methods[i]);
		if (nearly_digest_right(n, right, k->d->err))
			return -1;
	}
	return 0;
}

static int explain_response(struct reading *k, struct nearly_digest *n)
{
	static const char *const guesses[] = { "POST", "GET", "DESCRIBE" };
	struct nearly near = { NULL, STR("") };
	struct arena scratch DEFER(decode_drop);

	arena_init(&scratch, DECODE_SCRATCH_MAX);
	if (k->d->request && nearly_digest(&scratch, n, &near, k->d->err))
		return -1;
	for (size_t i = 0; i < COUNT(guesses) && !k->d->request && !near.why; i++) {
		n->in.method = str(guesses[i]);
		if (nearly_digest(&scratch, n, &near, k->d->err))
			return -1;
	}
	decode_nearly(k->d, k->item, &near, DIGEST_CLAUSE);
	return 0;
}

static int judge_response(struct reading *k)
{
	struct nearly_digest n = question(k);
	struct str text = STR("the response is that of this password");
	bool right = false;

	if (k->d->request ? nearly_digest_right(&n, &right, k->d->err) : try_methods(k, &n, &right))
		return -1;
	if (!right)
		return explain_response(k, &n);
	if (!k->d->request)
		text = arena_fmt(k->d->a,
				 "the response is that of this password and of method "
				 "%.*s, which the field does not tell",
				 STR_ARG(n.in.method));
	decoding_find(k->item, DECODED_RIGHT, "response", text, DIGEST_CLAUSE);
	k->d->answered = n.in;
	k->d->has_answered = true;
	return 0;
}

static void judge_user(struct reading *k)
{
	const struct decode_ask *ask = k->d->ask;
	struct str sent = k->result.user;
	bool hashed = str_ieq(param(&k->c, "userhash"), STR("true"));

	if (!ask->user_given || !sent.p || hashed || str_eq(sent, ask->user))
		return;
	if (str_ieq(sent, ask->user))
		decoding_find(k->item, DECODED_WRONG, "user-case",
			      STR("the user name is in other letters than --user: names have case"),
			      DIGEST_CLAUSE);
	else
		decoding_find(k->item, DECODED_WRONG, "user-other",
			      STR("the user name is not that of --user"), DIGEST_CLAUSE);
}

/* Whoever is named counts as an account; a username* is only known once it was read. */
static int verify_named(struct reading *k)
{
	if (verify_http(k->d->a, &k->policy, &k->request, &k->result, k->d->err))
		return -1;
	if (k->result.account || !k->result.user.p || k->account[0].user.p)
		return 0;
	k->account[0].user = k->result.user;
	return verify_http(k->d->a, &k->policy, &k->request, &k->result, k->d->err);
}

static int judge_digest(struct reading *k)
{
	struct defects d;
	bool known;

	k->asked = find_asked(k, &known);
	make_policy(k);
	if (verify_named(k))
		return -1;
	d = k->result.defects;
	for (size_t i = 0; i < COUNT(hash_defects); i++)
		defect_clear(&d, hash_defects[i]);
	if (k->asked && !known && param(&k->c, "nonce").p)
		defect_set(&d, DEFECT_NONCE_UNKNOWN);
	digest_facts(k);
	decode_defects(k->d, k->item, d, DIGEST_CLAUSE);
	judge_user(k);
	k->d->has_answered = false;
	if (!k->d->ask->password.p || !k->result.account || !param(&k->c, "response").n)
		return 0;
	return judge_response(k);
}

/* --- Basic --- */

static int judge_basic(struct reading *k)
{
	const struct decode_ask *ask = k->d->ask;
	struct str text = base64_decode_loosely(k->d->a, k->c.token68), user = str_cut(&text, ':');
	struct nearly_basic n = { k->c.token68, ask->user_given ? ask->user : user, ask->password };
	struct defects d;
	struct nearly near;

	k->account[0].user = n.user;
	make_policy(k);
	if (verify_http(k->d->a, &k->policy, &k->request, &k->result, k->d->err))
		return -1;
	d = k->result.defects;
	defect_clear(&d, DEFECT_PASSWORD);
	defect_clear(&d, DEFECT_USER_UNKNOWN);
	if (!defect_has(&d, DEFECT_BASIC_NO_COLON))
		decoding_fact(k->item, "username", user);
	decode_defects(k->d, k->item, d, BASIC_CLAUSE);
	if (!ask->password.p)
		return 0;
	if (!defects_any(&k->result.defects)) {
		decoding_find(k->item, DECODED_RIGHT, "basic",
			      STR("name and password are those that were given"), BASIC_CLAUSE);
		return 0;
	}
	if (nearly_basic(k->d->a, &n, &near, k->d->err))
		return -1;
	decode_nearly(k->d, k->item, &near, BASIC_CLAUSE);
	return 0;
}

/* --- all --- */

static int other_scheme(struct reading *k)
{
	decoding_find(k->item, DECODED_WRONG, "scheme",
		      STR("no credentials of Basic or Digest: nothing else is known here"),
		      "RFC 9110 section 11.4");
	return 0;
}

static int start(struct reading *k, size_t line, struct str value, const char *where)
{
	struct decoder *d = k->d;
	const struct decode_ask *ask = d->ask;
	const char *kind;

	if (credentials_parse(d->a, value, &k->c, d->err))
		return err_prefix(d->err, "%zu", line);
	kind = challenge_is(&k->c, "Digest")  ? "Digest credentials"
	       : challenge_is(&k->c, "Basic") ? "Basic credentials"
					      : "credentials";
	k->item = decoding_item(d->a, d->out, line, kind);
	if (!k->item)
		return arena_check(d->a, d->err);
	decoding_fact(k->item, "in", str(where));
	if (d->request)
		decoding_fact(k->item, "request",
			      arena_fmt(d->a, "%.*s %.*s", STR_ARG(d->request->method),
					STR_ARG(d->request->target)));
	k->request = (struct http_request){ .method = STR("GET"), .target = param(&k->c, "uri") };
	if (d->request) {
		k->request = *d->request;
		k->request.fields = (struct http_fields){ 0 };
	}
	http_add(d->a, &k->request.fields, STR("Authorization"), value);
	k->account[0] = (struct account){ param(&k->c, "username"), ask->password, 0 };
	k->account[1] = (struct account){ ask->user, ask->password, 0 };
	return 0;
}

int decode_credentials(struct decoder *d, size_t line, struct str value, const char *where)
{
	struct reading k = { .d = d };
	int bad;

	if (start(&k, line, value, where))
		return -1;
	bad = challenge_is(&k.c, "Digest")  ? judge_digest(&k)
	      : challenge_is(&k.c, "Basic") ? judge_basic(&k)
					    : other_scheme(&k);
	if (!bad && !d->ask->password.p)
		decoding_find(k.item, DECODED_NOTE, "no-password",
			      STR("no password was given: nothing was recomputed"), "");
	return bad ? -1 : arena_check(d->a, d->err);
}

/* --- Authentication-Info --- */

static int judge_rspauth(struct decoder *d, struct decoded_item *item, struct str rspauth)
{
	const char *const clause = "RFC 7616 section 3.5";
	struct digest_inputs in = d->answered;
	char right[HASH_HEX_MAX], with_method[HASH_HEX_MAX];

	in.body = d->response_body;
	if (digest_rspauth(&in, right, d->err) || digest_response(&in, with_method, d->err))
		return -1;
	if (hash_equal(rspauth, str(right)))
		decoding_find(item, DECODED_RIGHT, "rspauth",
			      STR("the server knows the password, too"), clause);
	else if (hash_equal(rspauth, str(with_method)))
		decoding_find(item, DECODED_WRONG, "rspauth-with-method",
			      STR("the method was hashed: A2 of a server starts with the colon"),
			      clause);
	else
		decoding_find(item, DECODED_WRONG, "rspauth-other",
			      STR("rspauth is not that of the credentials before it"), clause);
	return 0;
}

int decode_info(struct decoder *d, size_t line, struct str value)
{
	static const char *const names[] = { "nextnonce", "qop", "nc", "cnonce" };
	struct decoded_item *item = decoding_item(d->a, d->out, line, "Authentication-Info");
	struct challenge c;
	struct str rspauth;

	/* A list of parameters without a scheme (RFC 7616 3.5). */
	if (!item || credentials_parse(d->a, arena_concat(d->a, STR("Digest "), value), &c, d->err))
		return item ? err_prefix(d->err, "%zu", line) : arena_check(d->a, d->err);
	for (size_t i = 0; i < COUNT(names); i++)
		decoding_fact(item, names[i], param(&c, names[i]));
	if (c.problems)
		decoding_find(item, DECODED_WRONG, "info-syntax",
			      STR("it breaks the grammar of a list of parameters"),
			      "RFC 7616 section 3.5");
	rspauth = param(&c, "rspauth");
	if (rspauth.p && d->has_answered)
		return judge_rspauth(d, item, rspauth);
	decoding_find(item, DECODED_NOTE, "rspauth-unchecked",
		      rspauth.p
			      ? STR("no right credentials stand before it: nothing was recomputed")
			      : STR("no rspauth: the server does not prove that it knows the "
				    "password"),
		      "RFC 7616 section 3.5");
	return arena_check(d->a, d->err);
}
