#include "actor_script.h"

/* All that was sent, and the exit status: what a device can see of a client. */
static struct str seen(const struct script *s, int status)
{
	struct str all = arena_fmt(&arena, "%d\n", status);

	for (size_t i = 0; i < s->n_sent; i++)
		all = arena_fmt(&arena, "%.*s%d %.*s\n", STR_ARG(all), s->origin[i],
				STR_ARG(http_request_text(&arena, &s->sent[i])));
	return all;
}

static void names_are_their_own(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct client_fault *f = client_faults; f->name; f++, n++) {
		assert_ptr_equal(client_fault_find(str(f->name)), f);
		assert_true(strlen(f->help) > 10);
	}
	assert_true(n >= 60);
	assert_null(client_fault_find(STR("no-such-fault")));
}

/* One conversation, in which each of the faults that are listed shows. */
struct situation {
	const char *faults, *challenge, *second, *info;
	int times;
	const char *method, *body, *user, *password, *target;
	bool refused; /* nothing is ever granted */
};

static const struct situation situations[] = {
	{ .faults = "nc-from-zero nc-short nc-skips nc-constant cnonce-constant cnonce-counter "
		    "cnonce-time cnonce-short opaque-lost opaque-misspelt realm-escaped-again "
		    "realm-trimmed realm-missing username-lowered username-quote-unescaped "
		    "latin1-hashed nonce-twice uri-without-query uri-slash uri-decoded "
		    "method-get-hashed quoted-qop quoted-nc quoted-algorithm unquoted-response "
		    "unquoted-cnonce response-upper qop-list-echoed qop-list-hashed qop-ignored "
		    "qop-list-unread algorithm-lost sha256-label-md5-hash userhash-unasked "
		    "splits-on-comma splits-on-comma-space splits-on-space order-assumed "
		    "parameter-name-case quoted-pair-not-unescaped ends-at-escaped-quote "
		    "equals-tight empty-member-stops tabs-unread unknown-parameter-stops no-reuse "
		    "preemptive-basic both-authorizations password-in-query userinfo-in-target "
		    "template-credentials-first body-lost-on-retry method-changed-on-retry "
		    "query-lost-on-retry content-length-missing ends-badly-on-401",
	  .challenge = "Digest Nonce=\"a\",qop=\"auth,auth-int\" , , opaque=\"o\"\t, "
		       "algorithm=SHA-256, x = 1, realm=\" a\\\"b, c \"",
	  .times = 2,
	  .method = "POST",
	  .body = "body",
	  .user = "M\"\xc3\xbc"
		  "fasa",
	  .target = "/a%20b?c=d" },
	{ .faults = "nc-decimal nc-upper",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"auth\"",
	  .times = 12 },
	{ .faults = "auth-int-body-skipped auth-int-as-auth sess-recomputed sess-ignored sess-raw "
		    "userhash-in-ha1 userhash-plain userhash-unlabelled sha512-256-as-sha256 "
		    "opaque-empty-lost",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"auth-int\", "
		       "algorithm=SHA-512-256-sess, userhash=true, opaque=\"\"",
	  .times = 2,
	  .method = "POST",
	  .body = "body" },
	{ .faults = "auth-int-empty-skipped",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"auth-int\"" },
	{ .faults = "qop-when-not-offered no-qop-form-broken no-qop-refused "
		    "algorithm-when-not-offered opaque-invented quotes-required",
	  .challenge = "Digest realm=x, nonce=\"a\"" },
	{ .faults = "qop-unknown-taken",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"token, auth\"" },
	{ .faults = "unknown-algorithm-answered basic-unasked",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", algorithm=X" },
	{ .faults = "unknown-algorithm-stops unknown-scheme-stops first-challenge-only "
		    "one-challenge-per-field weakest-taken nonce-of-other-challenge "
		    "opaque-of-other-challenge basic-when-digest-offered",
	  .challenge = "X, Digest realm=\"x\", nonce=\"z\", algorithm=Y, Digest realm=\"x\", "
		       "nonce=\"a\", opaque=\"a\", Digest realm=\"x\", nonce=\"b\", opaque=\"b\", "
		       "algorithm=SHA-256, Basic realm=\"x\"" },
	{ .faults = "scheme-case", .challenge = "DIGEST realm=\"x\", nonce=\"a\"" },
	{ .faults = "substring-scheme", .challenge = "Basic realm=\"digest\"" },
	{ .faults = "stale-ignored stale-case cached-nonce-for-ever nc-global realm-cached-ha1 "
		    "quotes-kept",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"auth\"",
	  .second = "Digest realm=\"y\", nonce=\"b\", qop=\"auth\", stale=\"TRUE\"" },
	{ .faults = "loops-on-401 tries-twice basic-after-digest-failed ends-well-always "
		    "polls-after-refusal",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"auth\"",
	  .second = "Digest realm=\"x\", nonce=\"b\", qop=\"auth\"",
	  .refused = true,
	  .times = 2 },
	{ .faults = "nextnonce-ignored nextnonce-count-kept",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"auth\"",
	  .info = "nextnonce=\"n\"",
	  .times = 2 },
	{ .faults = "rspauth-ignored",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"auth\"",
	  .info = "rspauth=\"0\"" },
	{ .faults = "basic-latin1 basic-cut-at-colon",
	  .challenge = "Basic realm=\"x\"",
	  .user = "M\xc3\xbc"
		  "fasa" },
	{ .faults = "basic-wrapped",
	  .challenge = "Basic realm=\"x\"",
	  .user = "a-name-that-is-longer-than-fifty-seven-characters-in-base-64" },
	{ .faults = "basic-empty-colon-lost", .challenge = "Basic realm=\"x\"", .password = "" },
	{ .faults = "basic-colon-in-name", .challenge = "Basic realm=\"x\"", .user = "a:b" },
	{ .faults = "basic-control-sent", .challenge = "Basic realm=\"x\"", .user = "a\x7f" },
	{ .faults = "needless-pairs", .challenge = "Digest realm=\"x\", nonce=\"a\"" },
	{ .faults = "sess-without-qop",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", algorithm=MD5-sess" },
	{ .faults = "info-quotes-unread",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"auth\"",
	  .info = "qop=\"auth\"" },
	{ .faults = "basic-url-safe", .challenge = "Basic realm=\"x\"", .user = "~~~~>>>>" },
};

static struct str play(const struct situation *w, const char *fault)
{
	struct script s = { 0 };
	struct actor_options o = options(fault);

	o.told.times = w->times ? w->times : 1;
	o.told.method = str(w->method);
	o.told.body = str(w->body);
	o.told.password = w->password ? str(w->password) : STR("Circle: of Life");
	if (w->user)
		o.told.user = str(w->user);
	if (w->target)
		o.told.target = str(w->target);
	challenge(&s, w->challenge);
	if (w->second)
		challenge(&s, w->second);
	if (w->info)
		grant_with(&s, "Authentication-Info", w->info);
	else if (!w->refused)
		grant(&s);
	return seen(&s, run(&s, &o));
}

static void each_fault_changes_octets(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(situations); i++) {
		struct str rest = str(situations[i].faults);
		struct str clean = play(&situations[i], NULL);

		check_view(play(&situations[i], NULL), clean, "it is the same twice");
		for (struct str f = str_word(&rest); f.n; f = str_word(&rest)) {
			struct str name = arena_str(&arena, f);
			struct str faulty = play(&situations[i], name.p);

			if (str_eq(faulty, clean))
				print_error("%s changes nothing\n", name.p);
			assert_false(str_eq(faulty, clean));
		}
	}
}

static struct str play_onvif(const char *fault)
{
	struct script s = { 0 };
	struct actor_options o = options(fault);

	o.soap = true;
	o.told.times = 2;
	o.told.user = STR("a&b");
	o.told.password = STR("Circle\xc2\xa3");
	onvif_script(&s);
	return seen(&s, run(&s, &o));
}

/* Those of a token alone: a device that takes tokens, twice. */
static void each_token_fault_changes_octets(void **state)
{
	struct str clean = play_onvif(NULL);

	(void)state;
	for (const struct client_fault *f = client_faults; f->name; f++) {
		if (!f->soap || !(str_starts(str(f->name), STR("token-")) ||
				  str_starts(str(f->name), STR("timestamp-")) ||
				  str_starts(str(f->name), STR("security-"))))
			continue;
		if (str_has_word(STR("token-and-digest token-only token-after-digest-failed "
				     "token-before-digest token-to-other-origin"),
				 str(f->name)))
			continue;
		if (str_eq(play_onvif(f->name), clean))
			print_error("%s changes nothing\n", f->name);
		assert_false(str_eq(play_onvif(f->name), clean));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(names_are_their_own),
		CHECK(each_fault_changes_octets),
		CHECK(each_token_fault_changes_octets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
