/* The client side of UsernameToken: a published example, Created, memory, XML. */
#include "craft_bench.h"

/* ONVIF Application Programmer's Guide, 6.1.1.3. */
static void onvif_example(void **state)
{
	struct bench b DEFER(bench_free);

	(void)state;
	bench_init(&b);
	b.in.account = (struct craft_account){ STR("user"), STR("userpassword") };
	good(&b, MECH_TOKEN, "nonce==LKqI6G/AikKCQrN0zqZFlg== created==2010-09-16T07:50:45Z");
	is_text(b.craft.token.security,
		"<wsse:Security xmlns:wsse=\"" UT_NS_WSSE "\" xmlns:wsu=\"" UT_NS_WSU "\" "
		"s:mustUnderstand=\"true\"><wsse:UsernameToken>"
		"<wsse:Username>user</wsse:Username>"
		"<wsse:Password Type=\"" UT_TYPE_DIGEST "\">tuOSpGlFlIXsozq4HFNeeGeFLEI="
		"</wsse:Password>"
		"<wsse:Nonce EncodingType=\"" UT_ENCODING_BASE64 "\">LKqI6G/AikKCQrN0zqZFlg=="
		"</wsse:Nonce>"
		"<wsu:Created>2010-09-16T07:50:45Z</wsu:Created>"
		"</wsse:UsernameToken></wsse:Security>");
	assert_int_equal(b.memory.token_nonce.n, 16);
	is_text(b.memory.created, "2010-09-16T07:50:45Z");
	assert_int_equal(b.craft.token.body_extra.n, 0);
}

static void token_has(const struct bench *b, const char *piece)
{
	if (str_find(b->craft.token.security, str(piece)) == (size_t)-1)
		fail_msg("%.*s\nlacks %s", STR_ARG(b->craft.token.security), piece);
}

static void created_counts_from_the_device(void **state)
{
	static const struct {
		const char *deviation, *text;
	} rows[] = {
		{ "", ">2026-08-22T10:11:12Z<" },
		{ "created=0s", ">2026-08-22T10:11:12Z<" },
		{ "created=-1h", ">2026-08-22T09:11:12Z<" },
		{ "created=+10m", ">2026-08-22T10:21:12Z<" },
		{ "created=no-zone", ">2026-08-22T10:11:12<" },
		{ "created=offset", ">2026-08-22T12:11:12+02:00<" },
		{ "created=offset-zero", ">2026-08-22T10:11:12+00:00<" },
		{ "created=fraction3", ">2026-08-22T10:11:12.000Z<" },
		{ "created=fraction9", ">2026-08-22T10:11:12.000000000Z<" },
		{ "created=date-only", ">2026-08-22<" },
		{ "created=lower", ">2026-08-22t10:11:12z<" },
		{ "created=leap", ">2026-08-22T10:11:60Z<" },
		{ "created=no-seconds", ">2026-08-22T10:11Z<" },
		{ "created=empty", "<wsu:Created></wsu:Created>" },
	};
	struct bench b DEFER(bench_free);

	(void)state;
	bench_init(&b);
	for (size_t i = 0; i < COUNT(rows); i++) {
		good(&b, MECH_TOKEN, rows[i].deviation);
		token_has(&b, rows[i].text);
	}
}

static void tokens_remember_their_nonce(void **state)
{
	struct bench b DEFER(bench_free);
	struct str first;

	(void)state;
	bench_init(&b);
	bad(&b, MECH_TOKEN, "nonce=same");
	good(&b, MECH_TOKEN, "nonce=double");
	first = b.craft.token.nonce_octets;
	good(&b, MECH_TOKEN, "nonce=same");
	assert_true(str_eq(b.craft.token.nonce_octets, first));
	good(&b, MECH_TOKEN, "omit=nonce");
	good(&b, MECH_TOKEN, "nonce=same created=-1m");
	assert_true(str_eq(b.craft.token.nonce_octets, first));
	good(&b, MECH_TOKEN, "");
	assert_false(str_eq(b.memory.token_nonce, first));
}

static void tokens_remember_their_created(void **state)
{
	struct bench b DEFER(bench_free);

	(void)state;
	bench_init(&b);
	bad(&b, MECH_TOKEN, "created=same");
	good(&b, MECH_TOKEN, "created==2010-09-16T07:50:45Z");
	good(&b, MECH_TOKEN, "nonce=same created=same");
	token_has(&b, ">2010-09-16T07:50:45Z<");
	good(&b, MECH_TOKEN, "omit=created");
	good(&b, MECH_TOKEN, "created=same");
	token_has(&b, ">2010-09-16T07:50:45Z<");
}

static void xml_is_escaped(void **state)
{
	struct bench b DEFER(bench_free);

	(void)state;
	bench_init(&b);
	b.in.account = (struct craft_account){ STR("a<b>&\"]]>\r"), STR("p<&>\"'d") };
	good(&b, MECH_TOKEN, "type=text");
	token_has(&b, "<wsse:Username>a&lt;b&gt;&amp;&quot;]]&gt;&#xD;</wsse:Username>");
	token_has(&b, "#PasswordText\">p&lt;&amp;&gt;&quot;");
	good(&b, MECH_TOKEN, "text=cdata");
	token_has(&b, "<![CDATA[a<b>&\"]]]]><![CDATA[>\r]]>");
	bad(&b, MECH_TOKEN, "type=text text=whitespace");
	bad(&b, MECH_TOKEN, "type=text digest=hex");
	b.in.account.user = STR("a\0b");
	bad(&b, MECH_TOKEN, "");
	b.in.account.user = STR("a\xff");
	bad(&b, MECH_TOKEN, "");
	b.in.account.user = STR("a--b");
	bad(&b, MECH_TOKEN, "place=comment");
	good(&b, MECH_TOKEN, "place=body");
	assert_int_equal(b.craft.token.security.n, 0);
	assert_true(str_starts(b.craft.token.body_extra, STR("<wsse:Security ")));
}

static void devices_without_digest_get_text(void **state)
{
	struct bench b DEFER(bench_free);

	(void)state;
	bench_init(&b);
	b.in.token_text = true;
	good(&b, MECH_TOKEN, "");
	token_has(&b, "#PasswordText\">Sesame7<");
	good(&b, MECH_TOKEN, "type=suffix");
	token_has(&b, "Type=\"#PasswordText\"");
	good(&b, MECH_TOKEN, "password=wrong");
	token_has(&b, ">Sesame8<");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(onvif_example),
		cmocka_unit_test(created_counts_from_the_device),
		cmocka_unit_test(tokens_remember_their_created),
		cmocka_unit_test(tokens_remember_their_nonce),
		cmocka_unit_test(xml_is_escaped),
		cmocka_unit_test(devices_without_digest_get_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
