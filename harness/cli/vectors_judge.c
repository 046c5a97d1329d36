#include "cli/vectors.h"

#include "report/report.h"

#define MESSAGE_MAX 400
#define SCRATCH_MAX (64u << 20)

const struct vector_op vector_ops[] = {
	{ "basic.encode", "username password", "authorization", false, own_basic_encode,
	  differs_basic },
	{ "basic.verify", "authorization accounts", "valid", true, own_basic_verify, NULL },
	{ "digest.respond", "www_authenticate username password method uri body cnonce nc",
	  "authorization", false, own_digest_respond, differs_digest },
	{ "digest.verify",
	  "authorization method uri body realm nonce opaque qop algorithms accounts",
	  "valid rspauth", true, own_digest_verify, differs_rspauth },
	{ "challenge.parse", "fields", "challenges", false, own_challenge_parse,
	  differs_challenges },
	{ "usernametoken.create", "username password nonce created type",
	  "username password type nonce created", false, own_token_create, differs_token },
	{ "usernametoken.verify", "envelope now accounts seen types", "valid", true,
	  own_token_verify, NULL },
	{ .name = NULL },
};

const struct vector_op *vector_op_find(struct str name)
{
	for (const struct vector_op *op = vector_ops; op->name; op++)
		if (str_eq(name, str(op->name)))
			return op;
	return NULL;
}

const char *vector_verdict_name(enum vector_verdict verdict)
{
	static const char *const names[] = {
#define X(name, text) [VECTOR_##name] = text,
		VECTOR_VERDICTS(X)
#undef X
	};

	return names[verdict];
}

/* One line for reports; passes have none. */
static int finish(struct arena *keep, enum vector_verdict verdict, struct str message,
		  struct vector_result *out, struct err *err)
{
	*out = (struct vector_result){ .verdict = verdict };
	if (verdict == VECTOR_PASS)
		return 0;
	out->message = text_clean(keep, message, MESSAGE_MAX);
	for (char *p = (char *)(uintptr_t)out->message.p; p && *p; p++)
		if (*p == '\n' || *p == '\t')
			*p = ' ';
	return arena_check(keep, err);
}

struct judging {
	struct arena *a, *keep;
	const struct vector *v;
	const struct answer *got;
	struct vector_result *out;
	struct err *err;
};

static int say(const struct judging *j, enum vector_verdict verdict, struct str message)
{
	return finish(j->keep, verdict, message, j->out, j->err);
}

static int judge_refusal(const struct judging *j)
{
	if (!j->v->valid)
		return say(j, VECTOR_PASS, STR(""));
	return say(j, VECTOR_FAIL, arena_fmt(j->a, "refused: %.*s", STR_ARG(j->got->why)));
}

static int judge_decision(const struct judging *j)
{
	struct str what = { NULL, 0 };

	if (!j->got->has_valid)
		return say(j, VECTOR_ERROR, STR("the answer has no member valid"));
	if (j->got->valid != j->v->valid)
		return say(j, VECTOR_FAIL,
			   j->got->valid ? STR("accepted, and must not be")
					 : STR("not accepted, and must be"));
	if (j->v->op->differs && vector_expected(j->v) &&
	    j->v->op->differs(j->a, j->v, j->got, &what, j->err))
		return -1;
	return say(j, what.p ? VECTOR_FAIL : VECTOR_PASS, what);
}

/* Of a broken list of challenges, nothing or what is left may be handed out. */
static int judge_left(const struct judging *j, struct str what)
{
	bool none = j->got->has_challenges && j->got->challenges.n == 0;

	if (none || !what.p)
		return say(j, VECTOR_PASS, what);
	return say(j, VECTOR_FAIL,
		   arena_fmt(j->a, "read as a challenge, and must not be: %.*s", STR_ARG(what)));
}

static int judge_answer(const struct judging *j)
{
	struct str what = { NULL, 0 };

	if (!vector_expected(j->v))
		return say(j, VECTOR_FAIL, STR("answered, and must be refused"));
	if (j->v->op->differs(j->a, j->v, j->got, &what, j->err))
		return -1;
	if (j->v->valid)
		return say(j, what.p ? VECTOR_FAIL : VECTOR_PASS, what);
	if (j->v->op->own == own_challenge_parse)
		return judge_left(j, what);
	return say(j, what.p ? VECTOR_PASS : VECTOR_FAIL, STR("gives what must not come"));
}

int vector_judge(struct arena *a, struct arena *keep, const struct vector *v,
		 const struct answer *got, struct vector_result *out, struct err *err)
{
	const struct judging j = { a, keep, v, got, out, err };

	if (got->kind == ANSWER_UNSUPPORTED)
		return say(&j, VECTOR_UNSUPPORTED, got->why);
	if (got->kind == ANSWER_REFUSED)
		return judge_refusal(&j);
	return v->op->decides ? judge_decision(&j) : judge_answer(&j);
}

int vectors_own(const struct vector_set *s, const bool *selected, struct arena *keep,
		struct vector_result *out, struct err *err)
{
	int bad = 0;

	for (size_t i = 0; i < s->n && !bad; i++) {
		struct answer got = { .kind = ANSWER_GIVEN };
		struct arena a;

		if (selected && !selected[i])
			continue;
		arena_init(&a, SCRATCH_MAX);
		bad = s->v[i].op->own(&a, &s->v[i], &got, err) ||
		      vector_judge(&a, keep, &s->v[i], &got, &out[i], err);
		arena_free(&a);
		if (bad)
			(void)err_prefix(err, "%.*s", STR_ARG(s->v[i].id));
	}
	return bad ? -1 : 0;
}
