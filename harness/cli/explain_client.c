/* explain_client.c - what a client meets in a case, and what is asked of it. */
#include "cli/explain_client.h"

struct telling {
	const struct suite_client *k;
	struct arena *a;
	void (*print)(const char *label, struct str text);
};

/* ' realm="x", qop="auth"': as written in the case. */
static void settings(const struct suite_settings *s, struct buf *b)
{
	for (size_t i = 0; i < s->n; i++)
		buf_fmt(b, "%s%.*s=\"%.*s\"", i ? ", " : " ", STR_ARG(s->v[i].name),
			STR_ARG(s->v[i].value));
}

static void told_row(const struct telling *t, const char *label, const struct suite_settings *s)
{
	struct buf b DEFER(buf_free) = { 0 };

	if (!s->n)
		return;
	buf_init(&b, 1 << 16);
	settings(s, &b);
	t->print(label, arena_str(t->a, str_trim(buf_view(&b))));
}

/* --- turns --- */

static const char *offer_words(enum offer_kind k)
{
	static const char *const words[] = {
		[OFFER_DIGEST] = "a Digest challenge",
		[OFFER_BASIC] = "a Basic challenge",
		[OFFER_TOKEN] = "a fault that asks for a UsernameToken",
		[OFFER_OTHER] = "another scheme",
	};

	_Static_assert(COUNT(words) == OFFERS, "one per kind");
	return words[k];
}

static const char *expect_words(enum turn_expect e)
{
	static const char *const words[] = {
		[TURN_ANSWERED] = "right credentials for it must follow",
		[TURN_RIGHT] = "right credentials for it must follow, if any do",
		[TURN_UNANSWERED] = "no credentials of any kind may follow",
		[TURN_ANY] = "only the checks say what may follow",
	};

	_Static_assert(COUNT(words) == TURN_EXPECTS, "one per expectation");
	return words[e];
}

static void say_challenge(const struct suite_turn *turn, struct buf *b)
{
	struct str repeat = setting_of(&turn->set, "repeat");

	buf_puts(b, "challenge");
	settings(&turn->set, b);
	if (!turn->n_offer)
		buf_puts(b, ": a Digest challenge as the persona has it");
	for (size_t i = 0; i < turn->n_offer; i++) {
		buf_puts(b, i ? "; and " : ": ");
		buf_puts(b, offer_words(turn->offer[i].kind));
		settings(&turn->offer[i].set, b);
	}
	buf_fmt(b, "; %s%s", expect_words(turn->expect), repeat.p ? ", each time" : "");
}

static void turn_rows(const struct telling *t)
{
	for (size_t i = 0; i < t->k->n_turn; i++) {
		const struct suite_turn *turn = &t->k->turn[i];
		struct buf b DEFER(buf_free) = { 0 };

		buf_init(&b, 1 << 16);
		buf_fmt(&b, "%zu. ", i + 1);
		if (turn->grant) {
			buf_puts(&b, "grant");
			settings(&turn->set, &b);
			buf_puts(&b, ": one right request goes through");
		} else {
			say_challenge(turn, &b);
		}
		t->print(i ? "" : "turns", arena_str(t->a, buf_view(&b)));
	}
	t->print(t->k->n_turn ? "" : "turns",
		 t->k->n_turn ? STR("Behind the last turn whatever is right is granted; wrong "
				    "credentials get the challenge again, with another nonce.")
			      : STR("none: the checks look at all that the client sent in the "
				    "run"));
}

static void check_rows(const struct telling *t)
{
	for (size_t i = 0; i < t->k->n_check; i++) {
		const struct suite_check *c = &t->k->check[i];
		const struct client_check_name *name = &client_checks[client_check_index(c->name)];

		t->print(i ? "" : "checks",
			 arena_fmt(t->a, "%.*s%s%.*s: %s", STR_ARG(c->name), c->value.p ? " " : "",
				   STR_ARG(c->value), name->help));
	}
}

void explain_client(const struct suite_case *c, struct arena *a,
		    void (*print)(const char *label, struct str text))
{
	const struct telling t = { c->client, a, print };

	print("shows", c->client->provides);
	told_row(&t, "told", &c->client->call);
	told_row(&t, "clock", &c->client->clock);
	turn_rows(&t);
	check_rows(&t);
}
