/* client_lab.h - conversations as text, for the tests of client/.
 *
 * A script is a list of steps:
 *	"!password=other"	what the client was told, before the first request
 *	">GET /c/1\nHost: x\n\nbody"	a request; fields that begin with @ say when and where it
 *came
 *	"<401\nWWW-Authenticate: ..."	the answer to it; "=200": one that grants
 *	"!early="		the answer came before the content, of which
 *	"+octets"		these come now
 *	"-"			another conversation begins
 * response="?" in Digest credentials becomes the right one; "%" in an envelope the right token.
 */
#ifndef TESTS_CLIENT_LAB_H
#define TESTS_CLIENT_LAB_H

#include "check.h"

#include "auth/base64.h"
#include "client/check_parts.h"

#include <string.h>

#define LAB_STEPS 24
#define LAB_WALL  INT64_C(1790000000000) /* of our clock, and of the device's */

struct lab_row {
	const char *check; /* "digest.cnonce-length 8": with its value */
	enum held held;
	const char *why; /* NULL: HOLDS */
	const char *step[LAB_STEPS];
};
#define HELD(check, ...)                                                                           \
	{                                                                                          \
		check, HOLDS, NULL,                                                                \
		{                                                                                  \
			__VA_ARGS__                                                                \
		}                                                                                  \
	}
#define WRONG(check, why, ...)                                                                     \
	{                                                                                          \
		check, BROKEN, why,                                                                \
		{                                                                                  \
			__VA_ARGS__                                                                \
		}                                                                                  \
	}
#define UNSEEN(check, why, ...)                                                                    \
	{                                                                                          \
		check, NOT_SHOWN, why,                                                             \
		{                                                                                  \
			__VA_ARGS__                                                                \
		}                                                                                  \
	}

struct lab {
	struct conversation c[8];
	size_t n;
	struct heard *last;
	struct told told;
	struct account account;
	struct str session_nonce, session_cnonce; /* of the first -sess credentials */
};

static inline struct str lab_param(const struct challenge *c, const char *name)
{
	const struct auth_param *p = challenge_param(c, name);

	return p ? p->value : (struct str){ NULL, 0 };
}

/* The right response for what the credentials say. */
static inline struct str lab_sign(struct lab *l, struct str value, const struct http_request *in)
{
	struct str mark = STR("response=\"?\""), head;
	struct digest_inputs d = { .method = in->method, .body = in->body };
	size_t at = str_find(value, mark);
	char hex[HASH_HEX_MAX];
	struct challenge c;

	if (at == (size_t)-1)
		return value;
	assert_int_equal(credentials_parse(&arena, value, &c, &err), 0);
	digest_algorithm_parse(lab_param(&c, "algorithm"), &d.alg, &d.session);
	d.qop = lab_param(&c, "qop").p ? DIGEST_QOP_AUTH : DIGEST_QOP_NONE;
	d.qop_text = lab_param(&c, "qop");
	d.user = lab_param(&c, "username");
	if (lab_param(&c, "userhash").p || !d.user.p)
		d.user = l->told.user;
	d.realm = lab_param(&c, "realm");
	d.password = l->told.password;
	d.uri = lab_param(&c, "uri");
	d.nonce = lab_param(&c, "nonce");
	d.nc = lab_param(&c, "nc");
	d.cnonce = lab_param(&c, "cnonce");
	if (d.session && !l->session_nonce.p) {
		l->session_nonce = d.nonce;
		l->session_cnonce = d.cnonce;
	}
	d.session_nonce = l->session_nonce;
	d.session_cnonce = l->session_cnonce;
	assert_int_equal(digest_response(&d, hex, &err), 0);
	head = arena_concat(&arena, str_sub(value, 0, at + mark.n - 2), str(hex));
	return arena_concat(&arena, head, str_sub(value, at + mark.n - 1, value.n));
}

/* "nonce created" between two "%" becomes a UsernameToken with a right digest. */
static inline struct str lab_tokens(struct lab *l, struct str body)
{
	struct str out = STR("");

	while (str_chr(body, '%') != (size_t)-1) {
		struct str head = str_cut(&body, '%'), said = str_cut(&body, '%');
		struct str nonce = str_word(&said), digest;

		said = str_trim(said);
		assert_int_equal(
			ut_password_digest(&arena, nonce, said, l->told.password, &digest, &err),
			0);
		out = arena_fmt(&arena,
				"%.*s%.*s<w:Security xmlns:w='" UT_NS_WSSE "'><w:UsernameToken>"
				"<w:Username>%.*s</w:Username><w:Password Type='" UT_TYPE_DIGEST
				"'>%.*s</w:Password><w:Nonce>%.*s</w:Nonce>"
				"<u:Created xmlns:u='" UT_NS_WSU "'>%.*s</u:Created>"
				"</w:UsernameToken></w:Security>",
				STR_ARG(out), STR_ARG(head), STR_ARG(l->told.user), STR_ARG(digest),
				STR_ARG(base64_encode(&arena, nonce)), STR_ARG(said));
	}
	return arena_concat(&arena, out, body);
}

static inline int64_t lab_number(struct str s)
{
	bool minus = str_starts(s, STR("-"));
	uint64_t v = 0;

	assert_int_equal(str_to_u64(minus ? str_sub(s, 1, s.n) : s, INT64_MAX, &v), 0);
	return minus ? -(int64_t)v : (int64_t)v;
}

/* The fields off *text, up to the empty line; the body is left. */
static inline struct str lab_head(struct str *text)
{
	struct str all = *text;
	size_t n = str_starts(all, STR("\n")) ? 0 : str_find(all, STR("\n\n"));

	if (n == (size_t)-1)
		n = all.n;
	*text = str_sub(all, n + (n ? 2 : 1), all.n);
	return str_sub(all, 0, n);
}

static inline void lab_hear(struct lab *l, struct str text)
{
	struct conversation *c = &l->c[l->n - 1];
	struct hearing at = {
		.connection = 1, .call = 1, .wall_ms = LAB_WALL, .device_ms = LAB_WALL
	};
	struct str line = str_cut(&text, '\n');
	struct http_request in = { .method = str_word(&line), .target = str_word(&line) };
	struct str head = lab_head(&text);

	in.body = lab_tokens(l, text);
	while (head.n) {
		struct str value = str_cut(&head, '\n'), name = str_cut(&value, ':');

		value = str_trim(value);
		if (str_eq(name, STR("@connection")))
			at.connection = (uint64_t)lab_number(value);
		else if (str_eq(name, STR("@origin")))
			at.origin = (int)lab_number(value);
		else if (str_eq(name, STR("@device")))
			at.device_ms += lab_number(value);
		else
			http_add(&arena, &in.fields, name, lab_sign(l, value, &in));
	}
	l->last = conversation_hear(c, &at, &in);
	assert_non_null(l->last);
}

static inline void lab_say(struct lab *l, struct str text, bool granted)
{
	struct str line = str_cut(&text, '\n');
	struct str head = lab_head(&text);
	struct http_response out = { .status = (int)lab_number(line) };

	out.body = text;
	while (head.n) {
		struct str value = str_cut(&head, '\n'), name = str_cut(&value, ':');

		http_add(&arena, &out.fields, name, str_trim(value));
	}
	conversation_say(&l->c[l->n - 1], l->last, &out, 0, granted);
}

static inline void lab_begin(struct lab *l)
{
	l->session_nonce = l->session_cnonce = (struct str){ NULL, 0 };
	assert_true(l->n < COUNT(l->c));
	assert_int_equal(conversation_init(&l->c[l->n], NULL, &l->account, &l->told, &err), 0);
	l->n++;
}

static inline void lab_tell(struct lab *l, struct str text)
{
	struct str name = str_cut(&text, '=');
	struct conversation *c = l->n ? &l->c[l->n - 1] : NULL;

	if (c && str_eq(name, STR("status")))
		c->command = true, c->status = (int)lab_number(text);
	else if (c && str_eq(name, STR("printed")))
		c->printed = text;
	else if (c && str_eq(name, STR("timeout")))
		c->command = c->timed_out = true;
	else if (c && str_eq(name, STR("early")))
		l->last->early = true;
	else if (c && str_eq(name, STR("unasked")))
		l->last->unasked = true;
	else if (str_eq(name, STR("user")))
		l->told.user = l->account.user = text;
	else if (str_eq(name, STR("password")))
		l->told.password = l->account.password = text;
	else if (str_eq(name, STR("told")))
		l->told.password = text;
	else if (str_eq(name, STR("body")))
		l->told.body = text;
	else
		fail_msg("step !%.*s", STR_ARG(name));
}

static inline void lab_play(struct lab *l, const char *const *step)
{
	*l = (struct lab){ .told = { .times = 1,
				     .user = STR("user"),
				     .target = STR("/c/1"),
				     .password = STR("open sesame") },
			   .account = { STR("user"), STR("open sesame"), 0 } };
	for (size_t i = 0; i < LAB_STEPS && step[i]; i++) {
		struct str s = str(step[i]), rest = str_sub(s, 1, s.n);

		if (*step[i] != '!' && (!l->n || *step[i] == '-'))
			lab_begin(l);
		if (*step[i] == '!')
			lab_tell(l, rest);
		else if (*step[i] == '>')
			lab_hear(l, rest);
		else if (*step[i] == '+')
			conversation_content(&l->c[l->n - 1], 1, rest);
		else if (*step[i] != '-')
			lab_say(l, rest, *step[i] == '=');
	}
}

static inline void lab_free(struct lab *l)
{
	for (size_t i = 0; i < l->n; i++)
		conversation_free(&l->c[i]);
}

static unsigned lab_seen[CLIENT_CHECKS]; /* 1 << enum held */

static inline struct check_finding lab_check(const struct lab *l, const char *text)
{
	const struct conversation *c[COUNT(l->c)];
	struct str value = str(text), name = str_word(&value);
	struct check_view w = { &arena, c, l->n, value.n ? lab_number(str_trim(value)) : 0 };
	struct check_finding f;
	int check = client_check_index(name);

	if (check < 0)
		fail_msg("no check %s", text);
	for (size_t i = 0; i < l->n; i++)
		c[i] = &l->c[i];
	f = client_check(&w, check);
	lab_seen[check] |= 1u << f.held;
	return f;
}

/* How many rows are not as they are to be: 0 or 1. */
static inline size_t lab_run(const struct lab_row *row, size_t number)
{
	static const char *const held[] = { "HOLDS", "BROKEN", "NOT_SHOWN" };
	struct check_finding f;
	struct lab l;
	bool bad;

	lab_play(&l, row->step);
	f = lab_check(&l, row->check);
	bad = f.held != row->held || !str_eq(f.why, str(row->why)) || (f.at && f.held != BROKEN);
	if (bad)
		print_error("row %zu, %s:\n got %s %.*s\nwant %s %s\n", number, row->check,
			    held[f.held], STR_ARG(f.why), held[row->held],
			    row->why ? row->why : "");
	lab_free(&l);
	return bad;
}

static inline void lab_rows(const struct lab_row *row, size_t n)
{
	size_t bad = 0;

	for (size_t i = 0; i < n; i++)
		bad += lab_run(&row[i], i);
	assert_int_equal(bad, 0);
}

/* Each check in here was found to hold, and to be broken. */
static inline void lab_complete(bool (*in_here)(struct str name))
{
	for (int i = 0; i < CLIENT_CHECKS; i++) {
		if (in_here(str(client_checks[i].name)) && (lab_seen[i] & 3) != 3)
			fail_msg("%s: no row that %s", client_checks[i].name,
				 lab_seen[i] & 1 ? "breaks it" : "holds");
	}
}

#endif
