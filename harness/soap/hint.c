/* hint.c - what the text of a refusal says about locks and remaining tries.
 *
 * Only ever read to stop a run early, never to judge: a count that is missed costs a failed login,
 * a count that is invented stops a healthy run.  So a number counts only with a word for "attempt"
 * and a word for "left" around it, in one sentence.
 */
#include "soap/soap.h"

#define WORDS_MAX      256
#define LOCK_UNITS_MAX 604800 /* what is longer is no lock, but a date or a counter */

enum word_kind { WORD_PLAIN, WORD_NUMBER, WORD_STOP /* end of a sentence */ };

struct word {
	struct str text;
	enum word_kind kind;
	int value;
};

struct words {
	struct word v[WORDS_MAX];
	size_t n;
};

/* --- cutting a text into words --- */

static bool is_word(char c)
{
	return char_is_alpha(c) || char_is_digit(c) || (unsigned char)c >= 0x80;
}

static struct word word_of(struct str text)
{
	struct word w = { .text = text };
	uint64_t value;

	/* Counters of tries are small; larger numbers are status codes, years, ports. */
	if (str_to_u64(text, 99, &value) == 0) {
		w.kind = WORD_NUMBER;
		w.value = (int)value;
	}
	return w;
}

/* Does the dot at i end a sentence, or does it stand within "3.5" and "10.0.0.1"? */
static bool ends_sentence(struct str s, size_t i)
{
	if (s.p[i] != '.')
		return s.p[i] == ';' || s.p[i] == '!' || s.p[i] == '?';
	return i + 1 == s.n || !is_word(s.p[i + 1]);
}

static void words_cut(struct words *w, struct str s)
{
	size_t i = 0;

	w->n = 0;
	while (i < s.n && w->n < WORDS_MAX) {
		size_t from = i;

		/* A '.', '-' or "'" within a word belongs to it: "3.5", "locked-out", "don't". */
		while (i < s.n &&
		       (is_word(s.p[i]) || (i > from && i + 1 < s.n && is_word(s.p[i + 1]) &&
					    strchr(".-'", s.p[i]) && s.p[i])))
			i++;
		if (i > from)
			w->v[w->n++] = word_of(str_sub(s, from, i - from));
		else if (s.p[i] == '/')
			w->v[w->n++] = (struct word){ .text = STR("of") }, i++;
		else if (ends_sentence(s, i++))
			w->v[w->n++] = (struct word){ .kind = WORD_STOP };
	}
}

static bool word_in(const struct word *w, const char *list)
{
	struct str rest = str(list), one;

	if (w->kind != WORD_PLAIN)
		return false;
	while ((one = str_word(&rest)).n) {
		if (str_ends(one, STR("*")) ? str_istarts(w->text, str_sub(one, 0, one.n - 1))
					    : str_ieq(w->text, one))
			return true;
	}
	return false;
}

/* Is there such a word among the span words before (after) i, in the same sentence and on this side
 * of any other number?
 */
static bool word_near(const struct words *w, size_t i, int step, int span, const char *list)
{
	for (int k = 1; k <= span; k++) {
		size_t at = step > 0 ? i + (size_t)k : i - (size_t)k;

		if (at >= w->n || w->v[at].kind != WORD_PLAIN)
			return false;
		if (word_in(&w->v[at], list))
			return true;
	}
	return false;
}

/* --- remaining tries --- */

#define TRIES "attempt attempts try tries retry retries chance chances"
#define TIMES "time times"
#define LEFT  "left remain* still more additional"
#define UNITS "s sec secs second seconds m min mins minute minutes h hour hours day days ms"
#define BEFORE_TRIES                                                                               \
	"more remaining further failed invalid unsuccessful wrong additional of login log in "     \
	"sign "                                                                                    \
	"logon authentication password access"
#define AFTER_TRIES                                                                                \
	"left remaining remain remains is are you have still only now for this user account "      \
	"count "                                                                                   \
	"counter number of until before lockout"

/* "3 more failed attempts": a noun behind the number, with nothing but its adjectives between. */
static bool tries_follow(const struct words *w, size_t i)
{
	for (size_t at = i + 1; at < w->n && at <= i + 4; at++) {
		if (word_in(&w->v[at], TRIES))
			return true;
		if (word_in(&w->v[at], TIMES))
			return at == i + 1 || word_in(&w->v[at - 1], "more");
		if (!word_in(&w->v[at], BEFORE_TRIES))
			return false;
	}
	return false;
}

/* "remaining attempts: 4", "attempts left for this user: 2". */
static bool tries_precede(const struct words *w, size_t i)
{
	for (size_t at = i; at-- > 0 && at + 7 >= i;) {
		if (word_in(&w->v[at], "attempts tries retries chances"))
			return true;
		if (!word_in(&w->v[at], AFTER_TRIES))
			return false;
	}
	return false;
}

static bool something_left(const struct words *w, size_t i)
{
	if (word_near(w, i, 1, 6, LEFT) || word_near(w, i, -1, 6, LEFT))
		return true;
	/* "You have 3 attempts", but not "you have made 3 attempts" */
	if (i > 0 && (word_in(&w->v[i - 1], "have") ||
		      (i > 1 && word_in(&w->v[i - 1], "only") && word_in(&w->v[i - 2], "have"))))
		return true;
	/* "3 attempts before lock-out" */
	return i + 2 < w->n && word_in(&w->v[i + 1], TRIES) &&
	       word_in(&w->v[i + 2], "before until");
}

/* "3 of 5 attempts left" is about the 3: the 5 becomes a plain word. */
static void join_of(struct words *w)
{
	for (size_t i = 0; i + 2 < w->n; i++) {
		if (w->v[i].kind == WORD_NUMBER && word_in(&w->v[i + 1], "of") &&
		    w->v[i + 2].kind == WORD_NUMBER)
			w->v[i + 2] = (struct word){ .text = STR("of") };
	}
}

int soap_attempts_left(struct str text)
{
	struct words w;

	words_cut(&w, text);
	join_of(&w);
	for (size_t i = 0; i < w.n; i++) {
		if (w.v[i].kind != WORD_NUMBER || (i + 1 < w.n && word_in(&w.v[i + 1], UNITS)))
			continue;
		if ((tries_follow(&w, i) || tries_precede(&w, i)) && something_left(&w, i))
			return w.v[i].value;
	}
	return -1;
}

/* --- locks --- */

/* "will be locked after 3 more", "before the account is locked": a warning, not yet a lock. */
#define NOT_YET "will would before may might can could if not never avoid unless until cannot no"
/* Things that are locked for other reasons than logins. */
#define THINGS "profile profiles source configuration file resource stream recording firmware lens"

static bool happened(const struct words *w, size_t i)
{
	return !word_near(w, i, -1, 6, NOT_YET) && !word_near(w, i, -1, 4, THINGS);
}

static bool lock_word(const struct words *w, size_t i)
{
	static const char locks[] = "locked lockout lock-out locked-out lockedout blocked banned "
				    "suspended suspension";

	if (word_in(&w->v[i], "lock") && i + 1 < w->n && word_in(&w->v[i + 1], "out"))
		return true;
	return word_in(&w->v[i], locks);
}

static bool too_many(const struct words *w, size_t i)
{
	static const char logins[] = "failed failures attempt attempts tries retries login logins "
				     "logons invalid unsuccessful authentication wrong errors";

	if (word_in(&w->v[i], "too") && i + 1 < w->n && word_in(&w->v[i + 1], "many"))
		return word_near(w, i + 1, 1, 4, logins);
	return word_in(&w->v[i], "exceeded exceeds") &&
	       (word_near(w, i, -1, 6, "attempts tries retries logins failures") ||
		word_near(w, i, 1, 6, "attempts tries retries logins failures"));
}

/* "try again later", "try again in 5 minutes", "wait 30 seconds", "temporarily disabled" */
static bool told_to_wait(const struct words *w, size_t i)
{
	if (word_in(&w->v[i], "again"))
		return i > 0 && word_in(&w->v[i - 1], "try retry") && i + 1 < w->n &&
		       word_in(&w->v[i + 1], "later in after");
	if (word_in(&w->v[i], "wait"))
		return i + 2 < w->n && w->v[i + 1].kind == WORD_NUMBER &&
		       word_in(&w->v[i + 2], UNITS);
	return word_in(&w->v[i], "temporarily") &&
	       word_near(w, i, 1, 2, "disabled denied forbidden refused");
}

bool soap_says_locked(struct str text)
{
	struct words w;

	words_cut(&w, text);
	for (size_t i = 0; i < w.n; i++) {
		if ((lock_word(&w, i) || too_many(&w, i) || told_to_wait(&w, i)) && happened(&w, i))
			return true;
	}
	return false;
}

static const struct {
	const char *words;
	int64_t seconds;
} lock_units[] = {
	{ "s sec secs second seconds", 1 },
	{ "m min mins minute minutes", 60 },
	{ "h hour hours", 3600 },
	{ "day days", 86400 },
};

int64_t soap_lock_seconds(struct str text)
{
	struct words w;
	uint64_t n;

	words_cut(&w, text);
	for (size_t i = 0; i + 1 < w.n; i++) {
		/* Digits of any length: a count above 99 is a plain word. */
		if (str_to_u64(w.v[i].text, LOCK_UNITS_MAX, &n))
			continue;
		for (size_t k = 0; k < COUNT(lock_units); k++)
			if (word_in(&w.v[i + 1], lock_units[k].words))
				return (int64_t)n * lock_units[k].seconds;
	}
	return -1;
}
