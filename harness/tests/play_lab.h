/* play_lab.h - the device of a client case, and who calls it, as text: for the tests of client/.
 *
 * A script is a list of steps:
 *	">GET /c/1/1\nHost: x\n\nbody"	a request, as in client_lab.h; "$N" in it is the nonce of
 *					the latest answer with one, "$P" the one before it
 *	"=401"		the answer has this status
 *	"+text"		it has this text in it (octets as they went)
 *	"-text"		it has not
 *	"*1h"		the clock goes on by that
 */
#ifndef TESTS_PLAY_LAB_H
#define TESTS_PLAY_LAB_H

#include "client_lab.h"
#include "suite_lab.h"

#include "client/play.h"

#define STAGE_STEPS 32
#define STAGE_CASE(attributes, children)                                                           \
	"<client-suite family='x' title='X'>" LAB_CASE(attributes, children) "</client-suite>"

#define CHECKS "<check is='digest.hash'/>"

/* Right Digest credentials of the account that a client is given, for MD5 and qop=auth. */
#define DIGEST_AT(target, nonce, nc)                                                               \
	">GET " target "\nAuthorization: Digest username=\"countersign\", "                        \
	"realm=\"countersign\", nonce=\"" nonce "\", uri=\"" target "\", qop=auth, nc=" nc         \
	", cnonce=\"abcdefgh\", response=\"?\""
#define DIGEST(nonce, nc) DIGEST_AT("/c/1/1", nonce, nc)

struct stage {
	struct catalogue k;
	struct virtual_world clock;
	struct world world;
	struct play *p;
	struct lab l; /* for what is told only */
	struct http_response out;
	struct str nonce[2]; /* the latest, and the one before it */
	struct str octets;   /* of the latest answer */
	uint64_t connection;
};

/* number: which variant.  o: what is not of the case. */
static inline void stage_init(struct stage *s, const char *xml, size_t number,
			      struct play_options o)
{
	struct suite_variant *v;
	size_t n;

	*s = (struct stage){ .connection = 1 };
	lab_init(&s->k);
	lab_add(&s->k, "client/x.xml", xml);
	assert_int_equal(s->k.n_client, 1);
	assert_int_equal(suite_expand(&s->k.a, &s->k.client[0], &v, &n, &err), 0);
	assert_true(number < n);
	virtual_world_init(&s->clock, LAB_WALL, 1);
	s->world = world_virtual(&s->clock);
	o.variant = &v[number];
	o.origin = STR("http://127.0.0.1:4711");
	o.other_origin = STR("http://127.0.0.1:4712");
	if (!o.path.p)
		o.path = STR("/c/1");
	s->p = play_new(&o, &s->world, &err);
	if (!s->p)
		fail_msg("%s", err.text);
	s->l.told = play_conversation(s->p)->told;
}

static inline void stage_free(struct stage *s)
{
	play_free(s->p);
	catalogue_free(&s->k);
}

static inline struct str stage_filled(const struct stage *s, struct str text)
{
	static const char marks[][3] = { "$N", "$P" };

	for (size_t i = 0; i < COUNT(marks); i++) {
		size_t at;

		while ((at = str_find(text, str(marks[i]))) != (size_t)-1)
			text = arena_fmt(&arena, "%.*s%.*s%.*s", STR_ARG(str_sub(text, 0, at)),
					 STR_ARG(s->nonce[i]),
					 STR_ARG(str_sub(text, at + 2, text.n)));
	}
	return text;
}

static inline void stage_read_nonce(struct stage *s)
{
	struct str field[8];
	size_t n = http_all(&s->out.fields, "WWW-Authenticate", field, COUNT(field));
	struct challenge_list all;

	assert_int_equal(challenge_parse(&arena, field, n < 8 ? n : 8, &all, &err), 0);
	for (size_t i = 0; i < all.n; i++) {
		const struct auth_param *p = challenge_param(&all.v[i], "nonce");

		if (!p || str_eq(p->value, s->nonce[0]))
			continue;
		s->nonce[1] = s->nonce[0];
		s->nonce[0] = p->value;
	}
}

/* origin as a field "@origin: 1", the connection as "@connection: 2". */
static inline enum device_answer stage_call(struct stage *s, struct str text)
{
	struct str line = str_cut(&text, '\n');
	struct http_request in = { .method = str_word(&line), .target = str_word(&line) };
	struct str head = lab_head(&text);
	uint64_t connection = s->connection;
	enum device_answer answer;
	int origin = 0;

	in.body = lab_tokens(&s->l, text);
	while (head.n) {
		struct str value = str_cut(&head, '\n'), name = str_cut(&value, ':');

		value = str_trim(value);
		if (str_eq(name, STR("@origin")))
			origin = (int)lab_number(value);
		else if (str_eq(name, STR("@connection")))
			connection = (uint64_t)lab_number(value);
		else
			http_add(&arena, &in.fields, name, lab_sign(&s->l, value, &in));
	}
	answer = play_request(s->p, &arena, connection, origin, &in, &s->out);
	s->octets = http_response_text(&arena, &s->out);
	stage_read_nonce(s);
	return answer;
}

static inline bool stage_step(struct stage *s, const char *step)
{
	struct str rest = stage_filled(s, str_sub(str(step), 1, strlen(step)));
	int64_t ms = 0;

	switch (*step) {
	case '>':
		return stage_call(s, rest) == DEVICE_ANSWERED;
	case '=':
		return s->out.status == (int)lab_number(rest);
	case '+':
		return str_find(s->octets, rest) != (size_t)-1;
	case '-':
		return str_find(s->octets, rest) == (size_t)-1;
	case '*':
		if (str_to_ms(rest, &ms))
			return false;
		virtual_world_advance(&s->clock, ms);
		return true;
	default:
		return false;
	}
}

static inline void stage_steps(struct stage *s, const char *label, const char *const *step)
{
	for (size_t i = 0; i < STAGE_STEPS && step[i]; i++)
		if (!stage_step(s, step[i]))
			fail_msg("%s, step %zu, %s: got\n%.*s", label, i, step[i],
				 STR_ARG(s->octets));
}

struct stage_row {
	const char *label, *children; /* of the case */
	const char *step[STAGE_STEPS];
};

static inline void stage_rows(const struct stage_row *row, size_t n, struct play_options o)
{
	for (size_t i = 0; i < n; i++) {
		struct stage s;
		struct str xml = arena_fmt(
			&arena, "<client-suite family='x' title='X'>%s%s</case></client-suite>",
			"<case id='x.a' rev='1'>" LAB_TEXTS LAB_CITE, row[i].children);

		stage_init(&s, xml.p, 0, o);
		stage_steps(&s, row[i].label, row[i].step);
		stage_free(&s);
	}
}

#endif
