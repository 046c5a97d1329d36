/* What a device of a case says to a head, before the content has come. */
#include "play_lab.h"

#define TELL "<call method='POST' body='x' length='70000'/>"
#define OURS                                                                                       \
	(struct play_options)                                                                      \
	{                                                                                          \
		.heads = true                                                                      \
	}
#define EXPECT "Content-Length: 70000\nExpect: 100-continue"
#define BARE   "POST /c/1/1\n" EXPECT
#define RIGHT                                                                                      \
	"POST /c/1/1\n" EXPECT                                                                     \
	"\nAuthorization: Digest username=\"countersign\", realm=\"countersign\", nonce=\"$N\", "  \
	"uri=\"/c/1/1\", qop=auth, nc=00000001, cnonce=\"abcdefgh\", response=\"?\""

struct talk {
	struct stage s;
	struct conversation *c;
};

static void open_case(struct talk *t, const char *children, struct play_options o)
{
	struct str xml = arena_fmt(
		&arena, "<client-suite family='x' title='X'>%s%s" CHECKS "</case></client-suite>",
		"<case id='x.a' rev='1'>" LAB_TEXTS LAB_CITE, children);

	stage_init(&t->s, xml.p, 0, o);
	t->c = play_conversation(t->s.p);
}

/* The head of such a request; its answer is in t->s. */
static enum head_answer say(struct talk *t, const char *step)
{
	struct stage *s = &t->s;
	struct str text = stage_filled(s, str(step)), line = str_cut(&text, '\n');
	struct http_request in = { .method = str_word(&line), .target = str_word(&line) };
	enum head_answer answer;

	while (text.n) {
		struct str value = str_cut(&text, '\n'), name = str_cut(&value, ':');

		http_add(&arena, &in.fields, name, lab_sign(&s->l, str_trim(value), &in));
	}
	answer = play_head(s->p, &arena, s->connection, 0, &in, &s->out);
	s->octets = http_response_text(&arena, &s->out);
	if (answer == HEAD_FINAL)
		stage_read_nonce(s);
	return answer;
}

static bool answered(const struct talk *t, const char *text)
{
	return str_find(t->s.octets, str(text)) != (size_t)-1;
}

static void a_challenge_comes_first(void **state)
{
	struct talk t;

	(void)state;
	open_case(&t, TELL "<challenge early='keep'/>", OURS);
	assert_int_equal(say(&t, BARE), HEAD_FINAL);
	assert_int_equal(t.s.out.status, 401);
	assert_false(answered(&t, "Connection"));
	assert_int_equal(t.c->n, 1);
	assert_true(t.c->v[0]->early);
	assert_true(t.c->v[0]->expects);
	assert_false(t.c->v[0]->granted);
	/* Right credentials are asked for their content, and that head is no request of its own. */
	assert_int_equal(say(&t, RIGHT), HEAD_CONTINUE);
	assert_int_equal(t.c->n, 1);
	assert_int_equal(stage_call(&t.s, stage_filled(&t.s, STR(RIGHT))), DEVICE_ANSWERED);
	assert_int_equal(t.s.out.status, 200);
	assert_false(t.c->v[1]->early);
	stage_free(&t.s);
}

static void a_connection_is_closed_when_it_says_so(void **state)
{
	struct talk t;

	(void)state;
	open_case(&t, TELL "<challenge early='close'/>", OURS);
	assert_int_equal(say(&t, BARE), HEAD_FINAL);
	assert_true(answered(&t, "Connection: close"));
	/* Checks and records see it, too. */
	check_str(http_get(&t.c->v[0]->response.fields, "Connection"), "close");
	stage_free(&t.s);
}

static void credentials_may_be_old_before_the_content(void **state)
{
	struct talk t;

	(void)state;
	open_case(&t, TELL "<challenge/><challenge early='keep'><digest stale='true'/></challenge>",
		  OURS);
	assert_int_equal(say(&t, BARE), HEAD_CONTINUE);
	assert_int_equal(stage_call(&t.s, STR("POST /c/1/1\n\nx")), DEVICE_ANSWERED);
	assert_int_equal(say(&t, RIGHT), HEAD_FINAL);
	assert_true(answered(&t, "stale=true"));
	assert_true(t.c->v[1]->early);
	assert_int_equal(t.c->v[1]->turn, 1);
	assert_int_equal(say(&t, RIGHT), HEAD_CONTINUE);
	stage_free(&t.s);
}

static void an_expectation_is_refused(void **state)
{
	struct talk t;

	(void)state;
	open_case(&t, TELL "<challenge early='refused'/>", OURS);
	assert_int_equal(say(&t, BARE), HEAD_FINAL);
	assert_int_equal(t.s.out.status, 417);
	assert_false(answered(&t, "WWW-Authenticate"));
	assert_int_equal(stage_call(&t.s, STR("POST /c/1/1\n\nx")), DEVICE_ANSWERED);
	assert_int_equal(t.s.out.status, 401);
	/* Whoever it is. */
	assert_int_equal(say(&t, RIGHT), HEAD_FINAL);
	assert_int_equal(t.s.out.status, 417);
	stage_free(&t.s);
}

static void nobody_asks_for_the_content(void **state)
{
	struct talk t;

	(void)state;
	open_case(&t, TELL "<challenge early='never'/>", OURS);
	assert_int_equal(say(&t, BARE), HEAD_WAIT);
	assert_int_equal(t.c->n, 0);
	/* It came all the same. */
	assert_int_equal(stage_call(&t.s, STR(BARE "\n\nx")), DEVICE_ANSWERED);
	play_end(t.s.p);
	assert_int_equal(t.c->n, 1);
	assert_true(t.c->v[0]->unasked);
	assert_false(t.c->v[0]->early);
	/* It did not. */
	assert_int_equal(say(&t, BARE), HEAD_WAIT);
	play_end(t.s.p);
	assert_int_equal(t.c->n, 2);
	assert_true(t.c->v[1]->unasked);
	assert_int_equal(t.c->v[1]->response.status, 0);
	play_end(t.s.p);
	assert_int_equal(t.c->n, 2);
	stage_free(&t.s);
}

static void what_a_head_does_not_tell_waits(void **state)
{
	static const struct {
		const char *children, *head;
	} rows[] = {
		{ TELL "<challenge/>", BARE },
		{ TELL "<challenge early='keep'/>", "POST /c/1/1\nContent-Length: 70000" },
		{ TELL "<challenge early='keep'/>", "POST /c/1/1\nExpect: 100-continue" },
		/* The response is over the content. */
		{ TELL "<challenge early='keep'><digest qop='auth-int'/></challenge>",
		  "POST /c/1/1\n" EXPECT "\nAuthorization: Digest username=\"countersign\", "
		  "realm=\"countersign\", nonce=\"x\", uri=\"/c/1/1\", qop=auth-int, nc=00000001, "
		  "cnonce=\"abcdefgh\", response=\"00000000000000000000000000000000\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct talk t;

		open_case(&t, rows[i].children, OURS);
		assert_int_equal(say(&t, rows[i].head), HEAD_CONTINUE);
		assert_int_equal(t.c->n, 0);
		stage_free(&t.s);
	}
}

#define ACTION(name)                                                                               \
	"POST /c/1/onvif/device_service\n" EXPECT "\nContent-Type: application/soap+xml; "         \
	"action=\"http://www.onvif.org/ver10/device/wsdl/" name "\""

static void an_operation_is_known_by_its_action(void **state)
{
	static const struct {
		const char *children, *head;
		enum head_answer answer;
	} rows[] = {
		{ "<challenge early='keep'/>", ACTION("GetUsers"), HEAD_FINAL },
		/* Who asks for the time needs no credentials: ONVIF Core 5.9.4.3. */
		{ "<challenge early='keep'/>", ACTION("GetSystemDateAndTime"), HEAD_CONTINUE },
		{ "<challenge early='keep'/>", ACTION("Unknown"), HEAD_CONTINUE },
		{ "<challenge early='keep'/>", BARE, HEAD_CONTINUE },
		/* A token would be in the envelope. */
		{ "<challenge early='keep'><digest/><token/></challenge>", ACTION("GetUsers"),
		  HEAD_CONTINUE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct talk t;

		open_case(&t, rows[i].children,
			  (struct play_options){ .heads = true, .soap = true });
		assert_int_equal(say(&t, rows[i].head), rows[i].answer);
		stage_free(&t.s);
	}
}

/* A server that cannot ask by heads gives whole requests, and nothing of it was early. */
static void without_such_a_server_it_is_as_ever(void **state)
{
	struct talk t;

	(void)state;
	open_case(&t, TELL "<challenge early='keep'/>", (struct play_options){ .heads = false });
	assert_int_equal(say(&t, BARE), HEAD_CONTINUE);
	assert_int_equal(stage_call(&t.s, STR(BARE "\n\nx")), DEVICE_ANSWERED);
	assert_int_equal(t.s.out.status, 401);
	assert_false(t.c->v[0]->early);
	stage_free(&t.s);
}

static void what_comes_behind_belongs_to_it(void **state)
{
	struct talk t;
	size_t behind;

	(void)state;
	open_case(&t, TELL "<challenge early='keep'/>", OURS);
	assert_int_equal(say(&t, BARE), HEAD_FINAL);
	assert_true(play_content(t.s.p, 1, STR("xxx")));
	assert_int_equal(t.c->v[0]->request.body.n, 3);
	assert_false(play_content(t.s.p, 1, STR("POST /c/1/1 HTTP/1.1\r\n\r\n")));
	check_str(heard_stray(t.c->v[0], &behind), "POST /c/1/1 HTTP/1.1");
	assert_int_equal(behind, 3);
	stage_free(&t.s);
}

/* Heads without end cost no more than one conversation may. */
static void heads_without_end_are_no_burden(void **state)
{
	struct talk t;

	(void)state;
	open_case(&t, TELL "<challenge early='never'/>", OURS);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(say(&t, BARE), HEAD_WAIT);
	assert_true(t.c->a.total_bytes <= CONVERSATION_BYTES);
	stage_free(&t.s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(a_challenge_comes_first),
		CHECK(a_connection_is_closed_when_it_says_so),
		CHECK(credentials_may_be_old_before_the_content),
		CHECK(an_expectation_is_refused),
		CHECK(nobody_asks_for_the_content),
		CHECK(what_a_head_does_not_tell_waits),
		CHECK(an_operation_is_known_by_its_action),
		CHECK(without_such_a_server_it_is_as_ever),
		CHECK(what_comes_behind_belongs_to_it),
		CHECK(heads_without_end_are_no_burden),
	};

	return cmocka_run_group_tests(tests, lab_setup, lab_teardown);
}
