/* The table of checks, and what a request says. */
#include "client/check_parts.h"

#define HTTP (HAS_BASIC | HAS_DIGEST | HAS_OTHER)
#define ANY  (HTTP | HAS_TOKEN)

#define NO_REQUEST   "it sent no request"
#define NO_DIGEST    "no request had Digest credentials"
#define NO_TOKEN     "no request had a UsernameToken"
#define NO_TIMESTAMP "no Security header had a Timestamp"
#define NO_ENVELOPE  "no request had a SOAP envelope"

const struct check_row check_rows[] = {
	{ "digest.grammar", NULL, judge_digest_grammar, HAS_DIGEST, NO_DIGEST },
	{ "digest.quoted", NULL, judge_digest_quoted, HAS_DIGEST, NO_DIGEST },
	{ "digest.unquoted", NULL, judge_digest_unquoted, HAS_DIGEST, NO_DIGEST },
	{ "digest.escapes", NULL, judge_digest_escapes, HAS_DIGEST, NO_DIGEST },
	{ "digest.complete", NULL, judge_digest_complete, HAS_DIGEST, NO_DIGEST },
	{ "digest.hash", NULL, judge_digest_hash, HAS_DIGEST, NO_DIGEST },
	{ "digest.nc-first", judge_digest_nc_first, NULL, 0, NULL },
	{ "digest.nc-counts", judge_digest_nc_counts, NULL, 0, NULL },
	{ "digest.nc-form", NULL, judge_digest_nc_form, HAS_DIGEST, "no request had an nc" },
	{ "digest.nc-per-nonce", judge_digest_nc_per_nonce, NULL, 0, NULL },
	{ "digest.cnonce-fresh", judge_digest_cnonce_fresh, NULL, 0, NULL },
	{ "digest.cnonce-length", NULL, judge_digest_cnonce_length, HAS_DIGEST,
	  "no request had a cnonce" },
	{ "digest.cnonce-unpredictable", judge_digest_cnonce_unpredictable, NULL, 0, NULL },
	{ "digest.opaque", NULL, judge_digest_opaque, HAS_DIGEST, NO_DIGEST },
	{ "digest.realm", NULL, judge_digest_realm, HAS_DIGEST, NO_DIGEST },
	{ "digest.uri", NULL, judge_digest_uri, HAS_DIGEST, NO_DIGEST },
	{ "digest.username", NULL, judge_digest_username, HAS_DIGEST, NO_DIGEST },
	{ "digest.algorithm", NULL, judge_digest_algorithm, HAS_DIGEST, NO_DIGEST },
	{ "digest.qop-single", NULL, judge_digest_qop_single, HAS_DIGEST, "no request had a qop" },
	{ "digest.qop-present", NULL, judge_digest_qop_present, HAS_DIGEST,
	  "it answered no challenge with qop" },
	{ "digest.qop-absent", NULL, judge_digest_qop_absent, HAS_DIGEST,
	  "it answered no challenge without qop" },
	{ "digest.latest", NULL, judge_digest_latest, HAS_DIGEST, NO_DIGEST },
	{ "digest.pairing", NULL, judge_digest_pairing, HAS_DIGEST,
	  "it answered none of several Digest challenges" },
	{ "digest.strongest", NULL, judge_digest_strongest, HAS_DIGEST | HAS_BASIC | HAS_TOKEN,
	  "it answered none of several challenges" },
	{ "digest.first", NULL, judge_digest_first, HAS_DIGEST,
	  "it answered none of several Digest challenges" },
	{ "digest.userhash", NULL, judge_digest_userhash, HAS_DIGEST,
	  "it answered no challenge with userhash=true" },
	{ "digest.userhash-absent", NULL, judge_digest_userhash_absent, HAS_DIGEST,
	  "it answered no challenge without userhash=true" },
	{ "digest.session-kept", NULL, judge_digest_session_kept, HAS_DIGEST,
	  "no session of a -sess algorithm had a second request" },
	{ "digest.next-nonce", judge_digest_next_nonce, NULL, 0, NULL },
	{ "digest.repeats", judge_digest_repeats, NULL, 0, NULL },
	{ "one-authorization", NULL, judge_one_authorization, HTTP,
	  "no request had an Authorization" },
	{ "no-basic", NULL, judge_no_basic, 0, NO_REQUEST },
	{ "no-cleartext", NULL, judge_no_cleartext, 0, NO_REQUEST },
	{ "no-credentials", NULL, judge_no_credentials, 0, NO_REQUEST },
	{ "no-early-credentials", NULL, judge_no_early_credentials, 0, NO_REQUEST },
	{ "no-credentials-elsewhere", judge_no_credentials_elsewhere, NULL, 0, NULL },
	{ "no-userinfo", NULL, judge_no_userinfo, 0, NO_REQUEST },
	{ "basic.payload", NULL, judge_basic_payload, HAS_BASIC,
	  "no request had Basic credentials" },
	{ "tries", judge_tries, NULL, 0, NULL },
	{ "requests", judge_requests, NULL, 0, NULL },
	{ "body", NULL, judge_body, ANY, "no request had credentials" },
	{ "content-length", NULL, judge_content_length, 0, "no request had a body" },
	{ "same-request", NULL, judge_same_request, ANY,
	  "no challenge was answered with credentials" },
	{ "expect.content", NULL, judge_expect_content, 0, "no request had Expect: 100-continue" },
	{ "expect.in-sync", NULL, judge_expect_in_sync, 0,
	  "no request was answered before its content" },
	{ "expect.retried", judge_expect_retried, NULL, 0, NULL },
	{ "expect.goes-on", judge_expect_goes_on, NULL, 0, NULL },
	{ "ends-well", judge_ends_well, NULL, 0, NULL },
	{ "ends-badly", judge_ends_badly, NULL, 0, NULL },
	{ "token.digest", NULL, judge_token_digest, HAS_TOKEN, NO_TOKEN },
	{ "token.type", NULL, judge_token_type, HAS_TOKEN, NO_TOKEN },
	{ "token.encoding", NULL, judge_token_encoding, HAS_TOKEN, "no token had a Nonce" },
	{ "token.username", NULL, judge_token_username, HAS_TOKEN, NO_TOKEN },
	{ "token.complete", NULL, judge_token_complete, HAS_TOKEN, NO_TOKEN },
	{ "token.nonce-fresh", judge_token_nonce_fresh, NULL, 0, NULL },
	{ "token.nonce-length", NULL, judge_token_nonce_length, HAS_TOKEN, "no token had a Nonce" },
	{ "token.created-form", NULL, judge_token_created_form, HAS_TOKEN,
	  "no token had a Created" },
	{ "token.created-near", NULL, judge_token_created_near, HAS_TOKEN,
	  "no token had a Created that names an instant" },
	{ "token.created-fraction", NULL, judge_token_created_fraction, HAS_TOKEN,
	  "no token had a Created" },
	{ "token.timestamp", NULL, judge_token_timestamp, 0, NO_TIMESTAMP },
	{ "token.timestamp-near", NULL, judge_token_timestamp_near, 0, NO_TIMESTAMP },
	{ "token.namespaces", NULL, judge_token_namespaces, 0, NO_TOKEN },
	{ "token.no-text", NULL, judge_token_no_text, HAS_TOKEN, NO_TOKEN },
	{ "token.one", NULL, judge_token_one, 0, NO_TOKEN },
	{ "token.name-first", NULL, judge_token_name_first, HAS_TOKEN, NO_TOKEN },
	{ "token.not-with-digest", NULL, judge_token_not_with_digest, ANY,
	  "no request had credentials" },
	{ "token.none-on-time", NULL, judge_token_none_on_time, 0,
	  "it did not ask for the device's time" },
	{ "time.asked", judge_time_asked, NULL, 0, NULL },
	{ "time.asked-again", judge_time_asked_again, NULL, 0, NULL },
	{ "soap.well-formed", NULL, judge_soap_well_formed, 0, NO_ENVELOPE },
	{ "soap.content-type", NULL, judge_soap_content_type, 0, NO_ENVELOPE },
	{ "soap.addressing-once", NULL, judge_soap_addressing_once, 0,
	  "no envelope had WS-Addressing headers" },
	{ "device.challenged", NULL, judge_device_challenged, 0, "it answered no 401" },
	{ "device.challenge-form", NULL, judge_device_challenge_form, 0, "it sent no challenge" },
	{ "device.nonce-fresh", NULL, judge_device_nonce_fresh, 0,
	  "it sent no two Digest challenges" },
	{ "device.wrong-refused", NULL, judge_device_wrong_refused, ANY,
	  "no wrong credentials came" },
	{ "device.right-accepted", NULL, judge_device_right_accepted, ANY,
	  "no right credentials with a new nonce came" },
	{ "device.stale", NULL, judge_device_stale, 0, "no Digest credentials were refused" },
	{ "device.nc-once", NULL, judge_device_nc_once, HAS_DIGEST, "no nc came twice" },
	{ "device.token-once", NULL, judge_device_token_once, HAS_TOKEN, "no nonce came twice" },
	{ "device.no-text", NULL, judge_device_no_text, HAS_TOKEN, "no PasswordText came" },
	{ "device.rspauth", NULL, judge_device_rspauth, HAS_DIGEST, "it sent no rspauth" },
};
_Static_assert(COUNT(check_rows) == CLIENT_CHECKS, "one row per check");

/* --- findings --- */

struct check_finding check_holds(void)
{
	return (struct check_finding){ .held = HOLDS };
}

struct check_finding check_unseen(const char *why)
{
	return (struct check_finding){ .held = NOT_SHOWN, .why = str(why) };
}

struct check_finding check_broken(const struct check_view *w, const struct heard *at,
				  const char *fmt, ...)
{
	struct check_finding f = { .held = BROKEN, .at = at };
	va_list ap;

	va_start(ap, fmt);
	f.why = arena_vfmt(w->a, fmt, ap);
	va_end(ap);
	return f;
}

struct check_finding check_each(const struct check_view *w, const struct check_row *row)
{
	struct check_finding all = check_unseen(NULL);

	for (size_t i = 0; i < w->n; i++) {
		const struct conversation *c = w->c[i];

		for (size_t k = 0; k < c->n; k++) {
			const struct heard *h = c->v[k];
			struct check_finding f;

			if (row->has && !(h->has & row->has))
				continue;
			f = row->one(w, c, h);
			if (f.held == BROKEN)
				return f;
			if (f.held == HOLDS || (all.held == NOT_SHOWN && f.why.p))
				all = f;
		}
	}
	if (all.held == NOT_SHOWN && !all.why.p)
		all.why = str(row->missing);
	return all;
}

/* What cannot be told of a record without the account. */
static const char *const of_password[] = {
	"digest.hash",           "digest.session-kept",
	"basic.payload",         "token.digest",
	"no-cleartext",          "device.wrong-refused",
	"device.right-accepted", "device.stale",
	"device.rspauth",        NULL,
};
static const char *const of_user[] = { "digest.username", "token.username", NULL };

/* RFC 9110 10.1.1: whoever sends content need not wait for a word first. */
static const char *const of_choice[] = { "expect.content", "expect.in-sync", "expect.retried",
					 "expect.goes-on", NULL };

static bool is_any_of(const char *name, const char *const *list)
{
	while (*list && strcmp(*list, name) != 0)
		list++;
	return *list != NULL;
}

static bool lacks(const struct check_view *w, bool user)
{
	for (size_t i = 0; i < w->n; i++)
		if (user ? !w->c[i]->told.user.p : !w->c[i]->told.password.p)
			return true;
	return false;
}

struct check_finding client_check(const struct check_view *w, int check)
{
	const struct check_row *row = &check_rows[check];
	struct check_finding f;

	if (is_any_of(row->name, of_password) && lacks(w, false))
		return check_unseen("the password is not given (--password-file)");
	if (is_any_of(row->name, of_user) && lacks(w, true))
		return check_unseen("the name of the account is not given (--user)");
	f = row->all ? row->all(w) : check_each(w, row);
	f.no_duty = is_any_of(row->name, of_choice);
	return f;
}

/* --- what a request says --- */

struct str check_param(const struct heard *h, const char *name)
{
	const struct auth_param *p = challenge_param(&h->authorization, name);

	return p ? p->value : (struct str){ NULL, 0 };
}

struct str check_quoted(const struct check_view *w, struct str s)
{
	char text[81];
	size_t n = s.n < sizeof(text) ? s.n : sizeof(text) - 1;

	if (!s.p)
		return STR("none");
	for (size_t i = 0; i < n; i++)
		text[i] = (unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f ? '?' : s.p[i];
	return arena_fmt(w->a, "\"%.*s\"%s", (int)n, text, n < s.n ? "..." : "");
}

size_t check_index(const struct conversation *c, const struct heard *h)
{
	size_t i = 0;

	while (i < c->n && c->v[i] != h)
		i++;
	return i;
}

const struct heard *check_latest(const struct conversation *c, const struct heard *h, bool any)
{
	for (size_t i = check_index(c, h); i-- > 0;) {
		const struct heard *said = c->v[i];

		if (said->n_digest || (any && (said->challenge.n || said->offers_token)))
			return said;
	}
	return NULL;
}

const struct digest_challenge *check_challenge(const struct conversation *c, const struct heard *h)
{
	const struct heard *said = h->to ? NULL : check_latest(c, h, false);

	if (h->to)
		return h->to;
	return said && said->n_digest == 1 ? &said->digest[0] : NULL;
}

const struct heard *check_session(const struct conversation *c, const struct heard *h)
{
	const struct heard *first = h;

	/* Each step goes back to an earlier request, so it ends. */
	while (first->answers && first->answers->has & HAS_DIGEST && first->answers->next_nonce.p &&
	       str_eq(first->answers->next_nonce, first->http.nonce))
		first = first->answers;
	for (size_t i = 0; i < c->n && c->v[i] != first; i++) {
		const struct heard *v = c->v[i];

		if (v->has & HAS_DIGEST && v->http.session == first->http.session &&
		    str_eq(v->http.nonce, first->http.nonce))
			return v;
	}
	return first;
}

static bool needs_it(const struct check_view *w, enum hash_alg alg)
{
	struct str word = alg == HASH_SHA256 ? STR("digest.sha-256") : STR("digest.sha-512-256");

	return w->n == 1 && w->c[0]->variant && str_has_word(w->c[0]->variant->c->needs, word);
}

static bool used_it(const struct check_view *w, enum hash_alg alg, bool session)
{
	for (size_t i = 0; i < w->n; i++) {
		for (size_t k = 0; k < w->c[i]->n; k++) {
			const struct heard *h = w->c[i]->v[k];

			if (h->has & HAS_DIGEST && h->right && h->http.alg == alg &&
			    h->http.session == session)
				return true;
		}
	}
	return false;
}

bool check_knows(const struct check_view *w, enum hash_alg alg, bool session)
{
	if (!session && (alg == HASH_MD5 || needs_it(w, alg)))
		return true;
	return used_it(w, alg, session);
}

bool check_response(const struct conversation *c, const struct heard *h, const struct heard *prime)
{
	struct digest_inputs in = h->http.inputs;
	char hex[HASH_HEX_MAX];
	struct err ignored;

	/* The account that the client was told: the device may have another. */
	in.user = str_ieq(check_param(h, "userhash"), STR("true")) ? c->told.user : h->http.user;
	in.password = c->told.password;
	if (prime) {
		in.session_nonce = prime->http.nonce;
		in.session_cnonce = prime->http.cnonce;
	}
	return digest_response(&in, hex, &ignored) == 0 &&
	       hash_equal(check_param(h, "response"), str(hex));
}

bool check_asks_time(const struct heard *h)
{
	return h->is_soap && str_eq(h->soap.body_name, STR("GetSystemDateAndTime"));
}
