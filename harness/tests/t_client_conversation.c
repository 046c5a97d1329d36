/* What a conversation keeps, and says of it. */
#include "worth_lab.h"

#include "base/mem.h"

/* --- the likely mistake --- */

static void says_the_likely_mistake(void **state)
{
	const struct digest_inputs in = { .qop = DIGEST_QOP_AUTH,
					  .user = STR("user"),
					  .realm = STR("r"),
					  .password = STR("open sesame"),
					  .method = STR("GET"),
					  .uri = STR("/c/1"),
					  .nonce = STR("n"),
					  .nc = STR("00000001"),
					  .cnonce = STR("abcdefgh") };
	struct {
		struct digest_inputs in;
		const char *why;
	} mistakes[] = {
		{ in, "an empty user name was hashed" },
		{ in, "quotes were hashed with their value" },
		{ in, "the user name was hashed in other letters than it was sent: a client or a "
		      "database that changes its case" },
		{ in, "qop is sent, and cnonce was not hashed" },
		{ in, PASSWORD },
	};

	(void)state;
	mistakes[0].in.user = STR("");
	mistakes[1].in.realm = STR("\"r\"");
	mistakes[2].in.user = STR("USER");
	mistakes[3].in.cnonce = STR("");
	mistakes[4].in.password = STR("Open Sesame");
	for (size_t i = 0; i < COUNT(mistakes); i++) {
		const char *step[LAB_STEPS] = { PLAIN, MD5 };
		char hex[HASH_HEX_MAX];
		struct lab l;

		assert_int_equal(digest_response(&mistakes[i].in, hex, &err), 0);
		step[2] = arena_fmt(&arena,
				    ">GET /c/1\nAuthorization: Digest username=\"user\", "
				    "realm=\"r\", nonce=\"n\", uri=\"/c/1\", response=\"%s\", "
				    "opaque=\"o\"" QOP,
				    hex)
				  .p;
		lab_play(&l, step);
		assert_false(l.last->right);
		if (!str_starts(l.last->why, str(mistakes[i].why)))
			fail_msg("%s: %.*s", mistakes[i].why, STR_ARG(l.last->why));
		lab_free(&l);
	}
}

/* --- which answer they are for --- */

static void credentials_are_for_an_answer(void **state)
{
	static const char *const script[LAB_STEPS] = {
		PLAIN,     MD5,    PLAIN, CH("Digest realm=\"x\", nonce=\"m\""), RIGHT, INFO("k"),
		NEXT("k"), "=200", BASIC
	};
	const struct conversation *c;
	struct lab l;

	(void)state;
	lab_play(&l, script);
	c = &l.c[0];
	assert_int_equal(c->n, 5);
	assert_null(c->v[0]->answers);
	assert_ptr_equal(c->v[2]->answers, c->v[0]);
	assert_ptr_equal(c->v[2]->to, &c->v[0]->digest[0]);
	check_str(c->v[2]->next_nonce, "k");
	assert_ptr_equal(c->v[3]->answers, c->v[2]);
	check_str(c->v[3]->to->nonce, "k");
	check_str(c->v[3]->to->realm, "r");
	/* Basic is for the latest challenge. */
	assert_ptr_equal(c->v[4]->answers, c->v[1]);
	assert_null(c->v[4]->to);
	lab_free(&l);
}

static void an_answer_is_read(void **state)
{
	static const char *const script[LAB_STEPS] = {
		PLAIN, "<401\nWWW-Authenticate: Negotiate, Basic realm=\"r\"\n"
		       "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\n"
		       "WWW-Authenticate: Digest nonce=\"n\""
	};
	const struct heard *h;
	struct lab l;

	(void)state;
	lab_play(&l, script);
	h = l.last;
	assert_int_equal(h->response.status, 401);
	assert_int_equal(h->challenge.n, 4);
	assert_int_equal(h->n_digest, 1); /* the other one has no realm */
	assert_true(h->offers_basic);
	assert_false(h->offers_token);
	conversation_say(&l.c[0], l.last, NULL, 7, false);
	assert_int_equal(h->turn, 7);
	lab_free(&l);
}

static void one_line_says_what_came(void **state)
{
	static const struct {
		const char *step, *line;
	} lines[] = {
		{ PLAIN, "GET /c/1, without credentials" },
		{ RIGHT, "GET /c/1, Digest nc=00000001" },
		{ BASIC, "GET /c/1, Basic" },
		{ ">GET /c/1\nAuthorization: ,=", "GET /c/1, unreadable credentials" },
		{ TOKEN, "POST /c/1 GetUsers, UsernameToken" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		const char *const script[LAB_STEPS] = { lines[i].step };
		struct lab l;

		lab_play(&l, script);
		check_view(heard_summary(&arena, l.last), str(lines[i].line), lines[i].step);
		lab_free(&l);
	}
}

/* --- caps --- */

static const struct account account = { { "user", 4 }, { "open sesame", 11 }, 0 };

static void keeps_so_many_requests(void **state)
{
	const struct told told = { .times = 1 };
	const struct http_request in = { .method = STR("GET"), .target = STR("/") };
	const struct hearing at = { .connection = 1 };
	struct conversation c;

	(void)state;
	assert_int_equal(conversation_init(&c, NULL, &account, &told, &err), 0);
	for (size_t i = 0; i < HEARD_MAX; i++)
		assert_non_null(conversation_hear(&c, &at, &in));
	assert_null(conversation_hear(&c, &at, &in));
	assert_null(conversation_hear(&c, &at, &in));
	assert_int_equal(c.n, HEARD_MAX);
	assert_int_equal(c.lost, 2);
	conversation_free(&c);
}

static void keeps_so_many_octets(void **state)
{
	const struct told told = { .times = 1 };
	struct http_request in = { .method = STR("GET"), .target = STR("/") };
	const struct hearing at = { .connection = 1 };
	char *body = test_calloc(1, CONVERSATION_BYTES / 3);
	struct conversation c;
	size_t kept = 0;

	(void)state;
	in.body = str_n(body, CONVERSATION_BYTES / 3);
	assert_int_equal(conversation_init(&c, NULL, &account, &told, &err), 0);
	for (size_t i = 0; i < 9; i++)
		kept += conversation_hear(&c, &at, &in) != NULL;
	assert_int_equal(kept, 2);
	assert_int_equal(c.n + c.lost, 9);
	assert_true(c.a.total_bytes <= CONVERSATION_BYTES);
	conversation_free(&c);
	test_free(body);
}

/* Wherever memory ends: lost, or right; never a wrong verdict on right credentials. */
static void survives_without_memory(void **state)
{
	static const char *const script[LAB_STEPS] = { PLAIN, MD5,     RIGHT, INFO("m"),
						       TOKEN, REFUSED, BASIC };
	struct http_request in[4];
	struct lab l;
	bool through = false;

	(void)state;
	lab_play(&l, script);
	for (size_t i = 0; i < COUNT(in); i++)
		in[i] = l.c[0].v[i]->request;
	for (long n = 0; !through; n++) {
		struct conversation c = { 0 };
		const struct hearing at = { .connection = 1, .device_ms = LAB_WALL };

		assert_in_range(n, 0, 1000);
		mem_fail_after(n);
		through = !conversation_init(&c, NULL, &account, &l.told, &err);
		for (size_t i = 0; through && i < COUNT(in); i++) {
			struct heard *h = conversation_hear(&c, &at, &in[i]);

			if (h)
				conversation_say(&c, h, &l.c[0].v[i]->response, 0, i == 1);
		}
		through = through && !c.lost && arena_ok(&c.a);
		mem_fail_after(-1);
		assert_true(!through || (n > 0 && c.v[1]->right));
		conversation_free(&c);
	}
	lab_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(says_the_likely_mistake), CHECK(credentials_are_for_an_answer),
		CHECK(an_answer_is_read),       CHECK(one_line_says_what_came),
		CHECK(keeps_so_many_requests),  CHECK(keeps_so_many_octets),
		CHECK(survives_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
