#include "suite/suite.h"

#include <stdio.h>

static const char *const outcome_names[] = {
	[OUTCOME_ACCEPTED] = "accepted",   [OUTCOME_CHALLENGED] = "challenged",
	[OUTCOME_STALE] = "stale",         [OUTCOME_NOT_AUTHORIZED] = "not-authorized",
	[OUTCOME_FAULT] = "fault",         [OUTCOME_BAD_REQUEST] = "bad-request",
	[OUTCOME_FORBIDDEN] = "forbidden", [OUTCOME_LOCKED] = "locked",
	[OUTCOME_MALFORMED] = "malformed", [OUTCOME_ERROR] = "error",
	[OUTCOME_CLOSED] = "closed",       [OUTCOME_TIMEOUT] = "timeout",
};
_Static_assert(COUNT(outcome_names) == OUTCOMES, "one name per enum outcome");

static const char *const level_names[] = {
	[LEVEL_MEASURE] = "measure", [LEVEL_MAY] = "may",   [LEVEL_HARDENING] = "hardening",
	[LEVEL_SHOULD] = "should",   [LEVEL_MUST] = "must",
};
_Static_assert(COUNT(level_names) == LEVEL_COUNT, "one name per enum level");

static const char *const risk_names[] = {
	[RISK_SAFE] = "safe",
	[RISK_INTRUSIVE] = "intrusive",
	[RISK_UNSAFE] = "unsafe",
};

/* Words that stand for several outcomes. */
static const struct {
	const char *name;
	unsigned set;
} sets[] = {
	{ "refused", OUTCOME_SET_REFUSED },
	{ "any", OUTCOME_SET_ANSWERED },
};

const char *outcome_name(enum outcome o)
{
	return outcome_names[o];
}

const char *level_name(enum level l)
{
	return level_names[l];
}

const char *risk_name(enum risk r)
{
	return risk_names[r];
}

static unsigned word_set(struct str word)
{
	for (size_t i = 0; i < COUNT(sets); i++) {
		if (str_eq(word, str(sets[i].name)))
			return sets[i].set;
	}
	for (size_t i = 0; i < OUTCOMES; i++) {
		if (str_eq(word, str(outcome_names[i])))
			return OUTCOME_BIT(i);
	}
	return 0;
}

static int unknown_word(struct str word, struct err *err)
{
	char known[256] = "";
	size_t n = 0;

	for (size_t i = 0; i < OUTCOMES; i++)
		n += (size_t)snprintf(known + n, sizeof(known) - n, " %s", outcome_names[i]);
	return err_set(err, ERR_INPUT, "\"%.*s\" is not an outcome, expected one of refused any%s",
		       STR_ARG(str_sub(word, 0, 64)), known);
}

int outcome_set_parse(struct str words, unsigned *set, struct err *err)
{
	struct str rest = words;
	unsigned sum = 0;

	for (struct str w = str_word(&rest); w.n > 0; w = str_word(&rest)) {
		unsigned one = word_set(w);

		if (!one)
			return unknown_word(w, err);
		sum |= one;
	}
	if (!sum)
		return unknown_word(words, err);
	*set = sum;
	return 0;
}

struct str outcome_set_text(struct arena *a, unsigned set)
{
	struct str text = STR("");

	for (size_t i = COUNT(sets); i-- > 0;) {
		if ((set & sets[i].set) != sets[i].set)
			continue;
		text = arena_fmt(a, "%.*s%s%s", STR_ARG(text), text.n ? " " : "", sets[i].name);
		set &= ~sets[i].set;
	}
	for (size_t i = 0; i < OUTCOMES; i++) {
		if (set & OUTCOME_BIT(i))
			text = arena_fmt(a, "%.*s%s%s", STR_ARG(text), text.n ? " " : "",
					 outcome_names[i]);
	}
	return text;
}
