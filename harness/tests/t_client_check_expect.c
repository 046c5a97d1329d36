/* Checks of content that waits for 100 Continue, and what of it is kept. */
#include "client_lab.h"

#define TOLD   "!body=0123456789"
#define POST   ">POST /c/1\nContent-Length: 10\n"
#define EXPECT POST "Expect: 100-continue"
#define NO     "<401\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"" /* a challenge of 2069 */
#define GOOD                                                                                       \
	"Authorization: Digest username=\"user\", realm=\"r\", nonce=\"n\", uri=\"/c/1\", "        \
	"response=\"?\""
#define SEND  POST GOOD "\n\n0123456789"
#define OK    "=200"
#define EARLY EXPECT, NO, "!early="
#define GONE  EXPECT, "<417", "!early="
#define NEXT  "POST /c/1 HTTP/1.1\r\nHost: x\r\n\r\n"

#define STRAY                                                                                      \
	"expected the announced content or the end of the connection, got another request "        \
	"behind "

static const struct lab_row rows[] = {
	HELD("expect.content", EXPECT "\n\n0123456789", NO),
	HELD("expect.content", EXPECT, NO),
	HELD("expect.content",
	     ">POST /c/1\nTransfer-Encoding: chunked\nExpect: X, 100-Continue\n\nx", NO),
	WRONG("expect.content", "expected content with Expect: 100-continue, got none",
	      ">GET /c/1\nExpect: 100-continue", NO),
	WRONG("expect.content", "expected content with Expect: 100-continue, got none",
	      ">POST /c/1\nContent-Length: 0\nExpect: 100-continue", NO),
	UNSEEN("expect.content", "no request had Expect: 100-continue", POST "\n0123456789", NO),
	UNSEEN("expect.content", "no request had Expect: 100-continue",
	       ">GET /c/1\nExpect: 100-continued", NO),

	HELD("expect.in-sync", TOLD, EARLY, SEND, OK),
	HELD("expect.in-sync", TOLD, EARLY, "+01234", "+56789", SEND, OK),
	/* The connection ended in the midst of it, or with other content: it is no request. */
	HELD("expect.in-sync", TOLD, EARLY, "+01234", SEND, OK),
	HELD("expect.in-sync", TOLD, EARLY, "+0123\r\nHTTP/1.1\r\n x HTTP/1.1\r\n", SEND, OK),
	WRONG("expect.in-sync", STRAY "0 octets of \"10\": \"POST /c/1 HTTP/1.1\"", TOLD, EARLY,
	      "+" NEXT),
	WRONG("expect.in-sync", STRAY "5 octets of \"10\": \"POST /c/1 HTTP/1.1\"", TOLD, EARLY,
	      "+01234" NEXT),
	/* In pieces, and without content that is known. */
	WRONG("expect.in-sync", STRAY "0 octets of \"10\": \"GET /c/1 HTTP/1.1\"", EARLY, "+GE",
	      "+T /c/1 HTT", "+P/1.1\r\nHo"),
	UNSEEN("expect.in-sync", "no request was answered before its content",
	       EXPECT "\n\n0123456789", NO, SEND, OK),

	HELD("expect.retried", TOLD, GONE, SEND, OK),
	HELD("expect.retried", TOLD, GONE, EXPECT "\n" GOOD, "<417", SEND, OK),
	/* Where it did not belong, but again and without Expect. */
	HELD("expect.retried", TOLD, GONE, "+" NEXT),
	WRONG("expect.retried", "expected the request again without Expect, got nothing more", TOLD,
	      GONE),
	WRONG("expect.retried", "expected the request again without Expect, got nothing more", TOLD,
	      GONE, "+POST /c/1 HTTP/1.1\r\nExpect: 100-continue\r\n\r\n"),
	WRONG("expect.retried", "expected the request again without Expect, got nothing more", TOLD,
	      GONE, EXPECT, "<417", EXPECT, "<417"),
	WRONG("expect.retried",
	      "expected the request again without Expect, got other requests only", TOLD, GONE,
	      ">GET /c/1", NO, ">POST /c/2", NO),
	UNSEEN("expect.retried", "no request was answered by 417", EARLY, SEND, OK),

	HELD("expect.goes-on", TOLD, EXPECT "\n\n0123456789", NO, "!unasked="),
	WRONG("expect.goes-on", "expected the content after a while without 100 Continue, got none",
	      TOLD, EXPECT, "!unasked="),
	UNSEEN("expect.goes-on", "no request waited for 100 Continue", TOLD, EXPECT, "<401"),
};

/* What other checks make of answers that came before the content. */
static const struct lab_row others[] = {
	HELD("body", TOLD, EARLY, EXPECT "\n" GOOD, NO, "!early=", SEND, OK),
	HELD("same-request", TOLD, EARLY, SEND, OK),
	HELD("same-request", TOLD, EARLY, "+01234", SEND, OK),
	HELD("same-request", TOLD, EARLY, EXPECT "\n" GOOD, NO, "!early="),
	WRONG("same-request",
	      "expected the body of the request that was challenged (0 octets), got another (0 "
	      "octets)",
	      TOLD, EARLY, POST GOOD, NO),
	WRONG("same-request",
	      "expected the body of the request that was challenged (5 octets), got another (10 "
	      "octets)",
	      TOLD, EARLY, "+01234", POST GOOD "\n\nabcdefghij", OK),
	UNSEEN("tries 1", "no credentials were refused", TOLD, EARLY, EXPECT "\n" GOOD, "<417",
	       "!early=", SEND, OK),
};

static bool of_expect(struct str name)
{
	return str_starts(name, STR("expect."));
}

static void each_finding(void **state)
{
	(void)state;
	lab_rows(rows, COUNT(rows));
	lab_rows(others, COUNT(others));
	lab_complete(of_expect);
}

/* Nobody owes Expect; of other checks it is what the client did not come to. */
static void what_is_missing_is_no_fault(void **state)
{
	struct lab l;

	(void)state;
	lab_play(&l, (const char *const[LAB_STEPS]){ TOLD, POST "\n0123456789", NO });
	assert_true(lab_check(&l, "expect.in-sync").no_duty);
	assert_true(lab_check(&l, "expect.content").no_duty);
	assert_false(lab_check(&l, "body").no_duty);
	lab_free(&l);
}

/* However often it comes, and in whatever pieces, there is one copy of what was told. */
static void content_is_kept_once(void **state)
{
	struct lab l;

	(void)state;
	lab_play(&l, (const char *const[LAB_STEPS]){ TOLD, SEND, NO, EARLY, "+012", "+345" });
	check_str(l.c[0].v[0]->request.body, "0123456789");
	check_str(l.c[0].v[1]->request.body, "012345");
	assert_ptr_equal(l.c[0].v[0]->request.body.p, l.c[0].told.body.p);
	assert_ptr_equal(l.c[0].v[1]->request.body.p, l.c[0].told.body.p);
	assert_int_equal(l.c[0].v[1]->beyond.n, 0);
	lab_free(&l);
}

/* Somebody who sends without end costs 64 KiB. */
static void what_is_beyond_has_a_cap(void **state)
{
	static char junk[60000];
	size_t before;
	struct lab l;

	(void)state;
	memset(junk, 'x', sizeof(junk));
	lab_play(&l, (const char *const[LAB_STEPS]){ TOLD, EARLY, "+01" });
	before = l.c[0].a.total_bytes;
	for (int i = 0; i < 100; i++)
		assert_true(conversation_content(&l.c[0], 1, str_n(junk, sizeof(junk))));
	check_str(l.c[0].v[0]->request.body, "01");
	assert_int_equal(l.c[0].v[0]->beyond.n, 65536);
	assert_true(l.c[0].a.total_bytes - before < 100000);
	assert_true(arena_ok(&l.c[0].a));
	/* Nobody answered early on that connection. */
	assert_true(conversation_content(&l.c[0], 2, STR(NEXT)));
	lab_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(each_finding),
		CHECK(what_is_missing_is_no_fault),
		CHECK(content_is_kept_once),
		CHECK(what_is_beyond_has_a_cap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
