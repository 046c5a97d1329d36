/* Every planted fault shows: a script that ends otherwise on the clean device. */
#include "tests/device_client.h"

static const struct {
	const char *fault, *script;
} rows[] = {
	{ "nc-unchecked", "digest | digest d:nonce=same d:nc=same" },
	{ "nc-zero-accepted", "digest d:nc=zero" },
	{ "nc-form-unchecked", "digest d:nc-form=short" },
	{ "nc-strict-sequence", "digest | digest d:nc=skip" },
	{ "nc-decimal", "digest d:nc==0000000a" },
	{ "nonce-never-expires", "digest | wait=6m digest" },
	{ "nonce-expires-early", "digest | wait=1m digest" },
	{ "nonce-foreign-accepted", "digest d:nonce=foreign" },
	{ "nonce-empty-accepted", "digest d:nonce=empty" },
	{ "nonce-prefix-compared", "digest d:nonce=altered" },
	{ "nonce-fixed", "anon | anon" },
	{ "nonce-bound-to-connection", "digest | digest conn=2" },
	{ "nonce-bound-to-path", "digest | digest path=/onvif/media_service" },
	{ "nonce-one-shot", "digest | digest" },
	{ "nonce-uses-limit", "digest | digest | digest | digest | digest | digest | digest | "
			      "digest | digest" },
	{ "nc-window-small", "digest | digest d:nc=ahead:40 | digest d:nc=behind:8" },
	{ "nonce-low-entropy", "anon" },
	{ "nonce-time-ordered", "anon" },
	{ "stale-never", "digest | wait=6m digest" },
	{ "stale-lies", "digest d:password=wrong" },
	{ "stale-at-first", "anon" },
	{ "realm-unchecked", "digest d:realm=wrong" },
	{ "uri-unchecked", "digest d:uri=other" },
	{ "uri-query-ignored", "digest query d:uri=no-query" },
	{ "uri-query-refused", "digest query" },
	{ "uri-absolute-refused", "digest d:uri=absolute" },
	{ "method-unchecked", "digest d:method=other" },
	{ "auth-int-body-unchecked", "digest int d:body=empty" },
	{ "auth-int-refused", "digest int" },
	{ "sha256-broken", "digest sha256" },
	{ "qop-downgrade-accepted", "digest d:qop=none" },
	{ "qop-unoffered-accepted", "digest d:qop=unknown" },
	{ "algorithm-downgrade-accepted", "digest d:algorithm=sha256" },
	{ "algorithm-unknown-accepted", "digest d:algorithm=unknown" },
	{ "algorithm-required", "digest" },
	{ "algorithm-case-refused", "digest d:algorithm=lower" },
	{ "opaque-unchecked", "digest d:opaque=omit" },
	{ "response-prefix-accepted", "digest d:response=short" },
	{ "response-empty-accepted", "digest d:response=empty" },
	{ "response-upper-accepted", "digest d:response=upper" },
	{ "cnonce-limit", "digest d:cnonce=long" },
	{ "missing-realm-accepted", "digest d:omit=realm" },
	{ "missing-uri-accepted", "digest d:omit=uri" },
	{ "missing-nonce-accepted", "digest d:omit=nonce" },
	{ "missing-cnonce-accepted", "digest d:omit=cnonce" },
	{ "missing-nc-accepted", "digest d:omit=nc" },
	{ "missing-response-accepted", "digest d:omit=response" },
	{ "missing-username-accepted", "digest d:omit=username" },
	{ "username-unchecked", "digest d:user=unknown" },
	{ "username-both-accepted", "digest d:user=both" },
	{ "duplicate-first-wins", "digest d:duplicate-wrong=nonce" },
	{ "duplicate-last-wins", "digest d:duplicate=nonce" },
	{ "two-fields-first", "digest d:fields=two-right-wrong" },
	{ "two-fields-last", "digest d:fields=two-wrong-right" },
	{ "quoted-nc-refused", "digest d:quote=nc" },
	{ "unquoted-refused", "digest d:unquote=response" },
	{ "quoted-pair-refused", "digest d:escape=user" },
	{ "comma-in-string-refused", "digest d:extra=unknown-comma" },
	{ "scheme-case-refused", "digest d:scheme=lower" },
	{ "names-case-refused", "digest d:names=upper" },
	{ "unknown-param-refused", "digest d:extra=unknown" },
	{ "space-at-equals-refused", "digest d:equals=spaced" },
	{ "tight-comma-refused", "digest d:separator=tight" },
	{ "empty-member-refused", "digest d:separator=empty-members" },
	{ "param-order-required", "digest d:order=reversed" },
	{ "comma-less-accepted", "digest d:separator=none" },
	{ "syntax-unchecked", "basic b:scheme=tab" },
	{ "challenge-missing", "anon" },
	{ "challenge-without-nonce", "anon" },
	{ "challenge-without-realm", "anon" },
	{ "challenge-without-qop", "anon" },
	{ "challenge-algorithm-quoted", "anon" },
	{ "challenge-qop-unquoted", "anon" },
	{ "challenge-stale-quoted", "digest | wait=6m digest" },
	{ "challenge-realm-unquoted", "anon" },
	{ "challenge-unterminated", "anon" },
	{ "challenge-algorithm-twice", "anon" },
	{ "challenge-duplicate-param", "anon" },
	{ "basic-only", "anon" },
	{ "rspauth-wrong", "digest" },
	{ "info-without-cnonce", "digest" },
	{ "status-200-on-refusal", "basic b:password=wrong" },
	{ "status-403-on-refusal", "digest d:password=wrong" },
	{ "status-400-for-401", "digest d:password=wrong" },
	{ "status-500-on-refusal", "digest d:password=wrong" },
	{ "token-refusal-401", "token t:password=wrong" },
	{ "token-refusal-500", "token t:password=wrong" },
	{ "fault-without-subcode", "token t:password=wrong" },
	{ "fault-ter-unbound", "anon" },
	{ "fault-receiver", "anon" },
	{ "fault-soap11", "anon" },
	{ "fault-html", "anon" },
	{ "user-enumeration", "digest d:user=unknown" },
	{ "user-timing", "token t:password=wrong" },
	{ "user-limit", "digest d:user=bytes:65" },
	{ "header-limit", "digest d:cnonce=bytes:4096" },
	{ "bare-401-counted", "anon" },
	{ "anonymous-getusers", "anon op=GetUsers" },
	{ "preauth-needs-auth", "anon op=GetSystemDateAndTime" },
	{ "token-ignored-after-http", "digest token t:password=wrong" },
	{ "http-ignored-with-token", "digest token d:password=wrong" },
	{ "basic-nul-truncates", "basic b:password=nul-appended" },
	{ "basic-padding-junk-accepted", "basic as=viewer b:payload=junk-after-padding" },
	{ "basic-base64-unchecked", "basic b:payload=space-inside" },
	{ "basic-colon-missing-accepted", "basic b:payload=no-colon" },
	{ "basic-param-accepted", "basic b:payload=trailing-param" },
	{ "basic-scheme-omitted-accepted", "basic bare" },
	{ "basic-any-password", "basic b:password=wrong" },
	{ "basic-scheme-case-refused", "basic b:scheme=lower" },
	{ "password-prefix-accepted", "digest d:password=prefix" },
	{ "password-case-ignored", "token t:password=case" },
	{ "password-trimmed", "basic b:password=trailing-space" },
	{ "empty-password-accepted", "digest d:password=empty" },
	{ "user-case-ignored", "digest d:user=case" },
	{ "sess-refused", "digest sess" },
	{ "sess-second-refused", "digest sess | digest sess" },
	{ "sess-unhashed-accepted", "digest sess d:algorithm=plain-hash" },
	{ "sha512-256-refused", "digest" },
	{ "http-sha256-refused", "digest sha256" },
	{ "response-half-compared", "digest sha256 d:response=altered" },
	{ "nc-replay-by-cnonce", "digest | digest d:nonce=same d:nc=same" },
	{ "nextnonce-refused", "digest | digest next" },
	{ "username-star-refused", "digest d:user=star" },
	{ "userhash-refused", "digest d:user=hashed" },
	{ "auth-int-empty-refused", "digest int" },
	{ "qop-demanded", "digest" },
	{ "http-nc-unchecked", "digest | digest d:nonce=same d:nc=same" },
	{ "http-nonce-foreign-accepted", "digest d:nonce=foreign" },
	{ "http-opaque-unchecked", "digest d:opaque=altered" },
	{ "http-uri-unchecked", "digest d:uri=other" },
	{ "http-realm-unchecked", "digest d:realm=wrong" },
	{ "http-response-empty-accepted", "digest d:response=empty" },
	{ "http-username-unchecked", "digest d:user=unknown" },
	{ "http-method-unchecked", "digest d:method=other" },
	{ "http-body-unchecked", "digest body=x d:body=changed" },
	{ "http-missing-accepted", "digest d:omit=nc" },
	{ "http-qop-unoffered-accepted", "digest d:qop=unknown" },
	{ "http-algorithm-unoffered-accepted", "digest d:algorithm=sha256" },
	{ "http-duplicate-first-wins", "digest d:duplicate-wrong=nonce" },
	{ "http-duplicate-last-wins", "digest d:duplicate=nonce" },
	{ "http-password-cut-at-16", "digest d:password=bytes:16" },
	{ "http-password-lossy", "digest d:password=question" },
	{ "http-password-ascii", "digest d:password=ascii" },
	{ "http-stale-lies", "digest d:password=wrong" },
	{ "http-stale-never", "digest | wait=6m digest" },
	{ "basic-in-clear", "anon" },
	{ "challenge-charset-odd", "anon" },
	{ "challenge-userhash-odd", "anon" },
	{ "info-quoted", "digest" },
	{ "info-unquoted", "digest" },
	{ "info-nc-short", "digest" },
	{ "info-qop-other", "digest" },
	{ "info-on-refusal", "digest d:password=wrong" },
	{ "basic-user-unchecked", "basic b:user=unknown" },
	{ "basic-user-case-ignored", "basic b:user=case" },
	{ "basic-password-case-ignored", "basic b:password=case" },
	{ "basic-empty-password-accepted", "basic b:password=empty" },
	{ "basic-line-end-trimmed", "basic b:password=line-end" },
	{ "basic-plain-accepted", "basic b:payload=plain" },
	{ "basic-two-spaces-refused", "basic b:scheme=two-spaces" },
	{ "http-two-fields-first", "basic b:fields=two-right-wrong" },
	{ "http-two-fields-last", "basic b:fields=two-wrong-right" },
	{ "http-user-enumeration", "basic b:user=unknown" },
	{ "password-cut-at-8", "basic b:password=bytes:8" },
	{ "password-cut-at-16", "basic b:password=bytes:16" },
	{ "password-cut-at-72", "basic b:password=bytes:72" },
	{ "password-lossy", "basic b:password=question" },
	{ "password-ascii", "basic b:password=ascii" },
	{ "basic-utf8-refused", "basic" },
	{ "basic-colon-refused", "basic" },
	{ "account-built-in", "basic b:user==primana b:password==primana" },
	{ "account-null", "basic b:user=unknown b:password==(null)" },
	{ "head-open", "anon head" },
	{ "post-open", "anon method=POST" },
	{ "unknown-method-open", "anon method=PROBE" },
	{ "second-path-open", "anon path=/onvif/media_service op=GetProfiles" },
	{ "present-enough", "digest op=GetUsers d:password=wrong" },
	{ "present-enough-second",
	  "digest path=/onvif/media_service op=GetProfiles d:password=wrong" },
	{ "basic-present-enough", "basic op=GetUsers b:password=wrong" },
	{ "double-slash-open", "anon path=//" },
	{ "dot-segment-open", "anon path=/./onvif/device_service" },
	{ "path-parameter-open", "anon path=/onvif/device_service;x=1" },
	{ "forwarded-trusted", "anon h:X-Real-IP=127.0.0.1" },
	{ "cookie-opens", "basic | anon cookies" },
	{ "cookie-user-trusted", "anon h:Cookie=uid=admin" },
	{ "cookie-required", "digest" },
	{ "cookie-loose", "basic" },
	{ "hsts-missing", "anon" },
	{ "empty-post-400", "anon body=" },
	{ "expect-refused", "digest h:Expect=100-continue" },
	{ "chunked-refused", "digest h:Transfer-Encoding=chunked" },
	{ "refusal-closes", "basic b:password=wrong" },
	{ "authorization-limit-closes", "digest d:overlong=realm" },
	{ "refusal-echoes", "basic b:password=wrong" },
	{ "answer-public", "basic" },
	{ "bare-requests-lock", "anon | anon | anon | anon | anon | anon | anon | anon | anon | "
				"anon | anon | anon | anon | anon | anon | digest" },
	{ "head-refused", "digest head" },
	{ "head-challenge-missing", "anon head" },
	{ "md5-not-offered", "anon" },
	{ "absolute-form-refused", "digest path=http://camera:80/onvif/device_service" },
	{ "connection-authenticated", "basic | anon" },
	{ "basic-padding-missing-accepted", "basic b:payload=no-padding" },
	{ "uri-escaped-refused", "digest d:uri=escaped" },
	{ "nonce-with-quote", "anon" },
	{ "absolute-form-open", "anon path=http://camera:80/onvif/device_service" },
	{ "account-unknown-empty", "basic b:user=unknown b:password=empty" },
	{ "near-password-told", "digest d:password=prefix" },
	{ "strict-nc-unchecked", "digest | digest d:nonce=same d:nc=same" },
	{ "token-nonce-replay-accepted", "token | token t:nonce=same" },
	{ "token-without-nonce-accepted", "token t:omit=nonce" },
	{ "token-without-created-accepted", "token t:omit=created" },
	{ "token-nonce-unhashed", "token t:digest=no-nonce" },
	{ "token-created-unhashed", "token t:digest=no-created" },
	{ "token-nonce-base64-unchecked", "token t:nonce=not-base64" },
	{ "token-encoding-unchecked", "token t:encoding-type=foreign" },
	{ "encoding-type-required", "token t:encoding-type=omit" },
	{ "token-nonce-limit", "token t:nonce=bytes:21" },
	{ "token-nonce-nul-truncated", "token t:nonce=nul-inside" },
	{ "token-digest-undecoded", "token t:nonce=undecoded" },
	{ "token-cache-small",
	  "token t:nonce==AAAA | token | token | token | token | token | token | token | token | "
	  "token | token | token | token | token | token | token | token | token t:nonce==AAAA" },
	{ "token-cache-short", "token | wait=2m token t:nonce=same" },
	{ "nonce-cache-poisoned", "token t:password=wrong | token t:nonce=same" },
	{ "token-nonce-kept-with-created", "token | token t:nonce=same t:created=-10s" },
	{ "created-ignored", "token t:created=-1d" },
	{ "created-past-accepted", "token t:created=-10m" },
	{ "created-future-accepted", "token t:created=+10m" },
	{ "created-window-too-tight", "token t:created=-10s" },
	{ "created-fraction-refused", "token t:created=fraction3" },
	{ "created-offset-refused", "token t:created=offset" },
	{ "created-form-unchecked", "token t:created=garbage" },
	{ "created-zone-unchecked", "token t:created=no-zone" },
	{ "created-namespace-ignored", "token t:namespace=wsu-missing" },
	{ "token-text-accepted", "token t:type=text" },
	{ "token-text-refused", "token t:type=text" },
	{ "token-missing-type-accepted", "token t:type=missing" },
	{ "token-type-suffix-accepted", "token t:type=suffix" },
	{ "token-type-unchecked", "token t:type=foreign" },
	{ "token-digest-plain-accepted", "token t:digest=plain" },
	{ "token-digest-form-unchecked", "token t:digest=hex" },
	{ "token-username-only-accepted", "token t:omit=password" },
	{ "token-without-username-accepted", "token t:omit=username" },
	{ "token-username-unchecked", "token t:user=unknown" },
	{ "token-two-any-valid", "token t:tokens=two-wrong-right" },
	{ "token-two-first-wins", "token t:tokens=two-right-wrong" },
	{ "security-two-any-valid", "token t:headers=two-wrong-right" },
	{ "token-duplicate-first-wins", "token t:duplicate=password" },
	{ "token-in-body-accepted", "token t:place=body" },
	{ "token-comment-accepted", "token t:place=comment" },
	{ "token-comment-truncates", "token t:text=comment" },
	{ "token-namespace-ignored", "token t:namespace=wrong" },
	{ "token-actor-ignored", "token t:actor=other" },
	{ "token-prefix-hardcoded", "token t:prefix=odd" },
	{ "token-order-required", "token t:order=reversed" },
	{ "token-cdata-refused", "token t:text=cdata" },
	{ "token-charref-refused", "token t:text=charref" },
	{ "token-whitespace-refused", "token t:text=whitespace" },
	{ "token-single-quotes-refused", "token t:quotes=single" },
	{ "token-unknown-child-refused", "token t:extra=child" },
	{ "token-timestamp-refused", "token t:extra=timestamp" },
	{ "token-optional-ignored", "token t:must-understand=0" },
	{ "anonymous-read-system", "anon op=GetNTP" },
	{ "anonymous-read-secret", "anon op=GetSystemLog" },
	{ "anonymous-read-media", "anon op=GetProfiles" },
	{ "preauth-judges-credentials", "token t:created=-1d op=GetSystemDateAndTime" },
	{ "preauth-refuses-credentials", "token op=GetHostname" },
	{ "magic-query", "anon path=/onvif/device_service?auth=YWRtaW46MTEK" },
	{ "xaddr-userinfo", "anon op=GetServices" },
	{ "capabilities-silent", "anon op=GetServiceCapabilities" },
	{ "unknown-action-401", "token op=GetNothingAtAll" },
	{ "argument-not-authorized", "token op=GetStreamUri" },
	{ "get-open", "anon get path=/onvif/device_service?op=GetUsers" },
	{ "method-open", "anon method=PUT" },
	{ "soap11-open", "anon soap11" },
	{ "envelope-foreign-open", "anon body=<Envelope><Body><GetUsers/></Body></Envelope>" },
	{ "envelope-none-open", "anon body=<GetUsers/>" },
	{ "version-sender", "anon soap11" },
	{ "dtd-processed", "token t:attack=internal-entity" },
	{ "entity-dropped", "token t:attack=undeclared-entity" },
	{ "xml-deep-500", "token t:attack=deeper" },
	{ "security-is-enough", "token t:attack=in-security" },
	{ "must-understand-ignored", "token t:beside=unknown-mandatory" },
	{ "must-understand-of-others", "token t:beside=mandatory-elsewhere" },
	{ "token-refusal-200", "token t:password=wrong" },
	{ "token-malformed-500", "token t:nonce=not-base64" },
	{ "token-split-refused", "token t:split=charref-nonce" },
	{ "token-text-cut", "token t:append=cdata-username" },
	{ "token-duplicate-last-wins", "token t:duplicate-wrong-first=nonce" },
	{ "token-child-namespace-ignored", "token t:child-namespace=password" },
	{ "token-wrapped-accepted", "token t:attack=wrapped" },
	{ "token-nested-accepted", "token t:attack=nested" },
	{ "token-role-refused", "token t:actor=next" },
	{ "security-of-others-refused", "token t:headers=right-ours" },
	{ "header-beside-refused", "token t:beside=unknown" },
	{ "token-depth-limit", "token t:attack=deep" },
	{ "token-size-limit", "token t:attack=long-attribute" },
	{ "token-nonce-plus-refused", "token t:nonce=plus" },
	{ "created-fraction-limit", "token t:created=fraction9" },
	{ "created-local-accepted", "token t:created=+330m" },
	{ "created-zone-ignored", "token t:created=wall:330" },
	{ "token-type-open", "token t:type=foreign t:password=wrong" },
	{ "token-text-open", "token t:type=text t:password=wrong" },
	{ "timestamp-expired-accepted", "token t:timestamp=expired" },
	{ "timestamp-unchecked", "token t:timestamp=two" },
};

struct outcome {
	bool accepted;
	struct str text; /* the whole answer */
	int64_t delay_ms;
};

static struct outcome run(struct client *c, const char *persona, const char *fault,
			  const char *script)
{
	client_open(c, persona, fault, false);
	client_run(c, script);
	return (struct outcome){ client_accepted(c), http_response_text(&c->arena, &c->response),
				 device_delay_ms(c->device) };
}

/* What the fault did to the outcome, if that is wrong; NULL when it is as its kind says. */
static const char *complaint(const struct fault *f, struct outcome right, struct outcome wrong)
{
	if (str_eq(right.text, wrong.text) && right.delay_ms == wrong.delay_ms)
		return "does not show";
	if (f->kind == FAULT_IGNORE && (right.accepted || !wrong.accepted))
		return "is not let through";
	if (f->kind == FAULT_REFUSE && (!right.accepted || wrong.accepted))
		return "is not refused";
	if (f->kind == FAULT_FORM && right.accepted != wrong.accepted &&
	    !strstr(f->name, "status-200"))
		return "is another decision";
	return NULL;
}

static int check(const struct fault *f, const char *script)
{
	struct client clean, planted;
	struct outcome right = run(&clean, f->persona, NULL, script);
	struct outcome wrong = run(&planted, f->persona, f->name, script);
	const char *what = complaint(f, right, wrong);

	if (what)
		print_error("%s: \"%s\" %s: %d, clean %d\n", f->name, script, what,
			    planted.response.status, clean.response.status);
	client_close(&clean);
	client_close(&planted);
	return what ? 1 : 0;
}

static void test_each_fault_shows(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct fault *f = fault_find(str(rows[i].fault));

		if (!f)
			fail_msg("no fault %s", rows[i].fault);
		bad += check(f, rows[i].script);
	}
	assert_int_equal(bad, 0);
}

static void test_each_fault_has_a_row(void **state)
{
	(void)state;
	for (const struct fault *f = faults; f->name; f++) {
		size_t n = 0;

		for (size_t i = 0; i < COUNT(rows); i++)
			n += strcmp(rows[i].fault, f->name) == 0;
		if (n != (f->kind != FAULT_ENVIRONMENT))
			fail_msg("%s has %zu rows", f->name, n);
		assert_non_null(persona_find(str(f->persona)));
		assert_true(strlen(f->help) > 5);
		assert_ptr_equal(fault_find(str(f->name)), f);
	}
}

/* Right credentials still work under what only lets more through. */
static void test_right_is_still_right(void **state)
{
	(void)state;
	for (const struct fault *f = faults; f->name; f++) {
		const struct persona *p = persona_find(str(f->persona));
		const char *script = p->digest && !(p->algs & 1u << HASH_MD5) ? "digest sha256"
				     : p->digest                              ? "digest"
				     : p->soap                                ? "token"
									      : "basic";
		struct client c;

		if (f->kind != FAULT_IGNORE)
			continue;
		if (!run(&c, f->persona, f->name, script).accepted)
			fail_msg("%s refuses \"%s\"", f->name, script);
		client_close(&c);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_fault_has_a_row),
		cmocka_unit_test(test_each_fault_shows),
		cmocka_unit_test(test_right_is_still_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
