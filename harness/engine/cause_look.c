/* cause_look.c - which one cause is behind what a run found.  Rows in order: the first that fits is
 * named, so what spoils verdicts stands before what only explains them.
 */
#include "engine/internal.h"

#include <inttypes.h>

/* The founding document's limit: recorders that write their own time fail beyond it. */
#define CLOCK_LIMIT_MS 120000
#define HOUR_MS        3600000
/* An hour of daylight saving is an hour to the minute; drift is not. */
#define HOUR_TOLERANCE_MS 60000
#define MANY              3

/* --- of the first answer --- */

static const struct {
	enum wire_fate fate;
	bool sent; /* the request went out */
	const char *why, *id;
} fates[] = {
	{ WIRE_UNRESOLVED, false, "", "name-unknown" },
	{ WIRE_TIMEOUT, false, "", "no-answer" },
	{ WIRE_TIMEOUT, true, "", "no-answer" },
	{ WIRE_TLS, false, "ertificate", "certificate" },
	{ WIRE_TLS, false, "", "tls-on-plain" },
	{ WIRE_CLOSED, false, "", "nobody-listens" },
	{ WIRE_CLOSED, true, "", "wrong-port" },
};

/* A record of TLS of the kind alert (RFC 8446 5.1), or what web servers say in words. */
static bool wants_tls(const struct exchange *x)
{
	static const char *const words[] = { "plain HTTP request was sent to HTTPS port",
					     "speaking plain HTTP to an SSL-enabled",
					     "HTTP request to an HTTPS server" };

	if (str_starts(x->received_octets, STR("\x15\x03")))
		return true;
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_ifind(x->response.body, str(words[i])) != (size_t)-1)
			return true;
	return false;
}

const char *cause_of_exchange(const struct exchange *x)
{
	bool sent = x->sent_octets.n > 0;

	for (size_t i = 0; i < COUNT(fates); i++)
		if (fates[i].fate == x->fate && (fates[i].sent == sent || x->fate == WIRE_TLS) &&
		    str_find(str(x->why), str(fates[i].why)) != (size_t)-1)
			return fates[i].id;
	if (wants_tls(x))
		return "plain-on-tls";
	return x->fate == WIRE_MALFORMED && x->response.status == 0 ? "wrong-port" : "path-wrong";
}

/* Where only tokens were tried, the clock that the device judges by may not be the one it tells. */
struct str cause_of_refusal(struct arena *a, const struct survey *v)
{
	for (size_t i = 0; i < v->n_mechanism; i++)
		if (!str_starts(v->mechanism[i].name, STR("UsernameToken")))
			return (struct str){ 0 };
	if (!v->has_clock)
		return STR("Only tokens could be tried, and the device does not tell its time.");
	return arena_fmt(a,
			 "Only tokens could be tried; the device's clock differs by %" PRId64 " s.",
			 v->clock_offset_ms / 1000);
}

/* --- of what a whole run shows --- */

/* What was found, in words; .p NULL when the cause is not there. */
typedef struct str look_fn(struct run_result *r);

static size_t count(const struct run_result *r, enum verdict v, enum reason why)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_variant; i++)
		n += r->variant[i].verdict == v && r->variant[i].reason == why;
	return n;
}

static struct str clock_stepped(struct run_result *r)
{
	size_t n = count(r, VERDICT_INCONCLUSIVE, REASON_CLOCK);

	if (!r->survey.clock_steps || !n)
		return (struct str){ 0 };
	return arena_fmt(&r->a, "It jumped %d time%s, and %zu variants are inconclusive for it.",
			 r->survey.clock_steps, r->survey.clock_steps == 1 ? "" : "s", n);
}

static bool took_any_time(const struct variant_result *v)
{
	return v->verdict != VERDICT_PASS && v->has_outcome && v->outcome == OUTCOME_ACCEPTED &&
	       v->reason == REASON_DECISION;
}

/* Created from hours ago and from the future, and each of them taken. */
static struct str time_not_checked(struct run_result *r)
{
	size_t taken = 0, judged = 0;

	for (size_t i = 0; i < r->n_variant; i++) {
		const struct variant_result *v = &r->variant[i];
		struct str id = v->variant->c->id;

		if ((!str_eq(id, STR("token.created.old")) &&
		     !str_eq(id, STR("token.created.future"))) ||
		    v->verdict > VERDICT_FAIL)
			continue;
		judged++;
		taken += took_any_time(v);
	}
	if (judged < MANY || taken < judged)
		return (struct str){ 0 };
	return arena_fmt(&r->a, "Each of %zu tokens of a wrong time was accepted.", taken);
}

static int64_t size_of(int64_t ms)
{
	return ms < 0 ? -ms : ms;
}

static struct str clock_words(struct run_result *r, bool wanted)
{
	const struct survey *s = &r->survey;

	if (!s->has_clock || !wanted || size_of(s->clock_offset_ms) < CLOCK_LIMIT_MS)
		return (struct str){ 0 };
	return arena_fmt(&r->a, "It is %" PRId64 " s %s that of this machine, by %.*s.",
			 (size_of(s->clock_offset_ms) + 500) / 1000,
			 s->clock_offset_ms < 0 ? "behind" : "ahead of", STR_ARG(s->clock_source));
}

/* Half a day each way is as far as zones go. */
static struct str clock_hour(struct run_result *r)
{
	int64_t off = size_of(r->survey.clock_offset_ms), odd = off % HOUR_MS;
	bool whole = odd <= HOUR_TOLERANCE_MS || odd >= HOUR_MS - HOUR_TOLERANCE_MS;
	int64_t hours = (off + HOUR_TOLERANCE_MS) / HOUR_MS;
	struct str words = clock_words(r, whole && hours >= 1 && hours <= 14);

	if (words.p && hours == 1)
		return arena_concat(&r->a, words, STR(" One hour: daylight saving, most likely."));
	return words;
}

static struct str clock_ahead(struct run_result *r)
{
	return clock_words(r, r->survey.clock_offset_ms > 0);
}

static struct str clock_behind(struct run_result *r)
{
	return clock_words(r, r->survey.clock_offset_ms < 0);
}

static struct str digest_only(struct run_result *r)
{
	bool digest = false, refused = false;
	size_t n = 0;

	for (size_t i = 0; i < r->survey.n_mechanism; i++) {
		bool token =
			str_eq(r->survey.mechanism[i].name, STR("UsernameToken PasswordDigest"));

		digest |= r->survey.mechanism[i].accepted &&
			  str_starts(r->survey.mechanism[i].name, STR("Digest"));
		refused |= token && !r->survey.mechanism[i].accepted;
	}
	if (!digest || !refused)
		return (struct str){ 0 };
	for (size_t i = 0; i < r->n_variant; i++)
		n += r->variant[i].reason == REASON_NOT_OFFERED &&
		     str_has_word(r->variant[i].variant->c->needs, STR("token"));
	return n ? arena_fmt(&r->a, "%zu variants that need a token were not judged.", n)
		 : STR("No case that was selected needs a token.");
}

static const struct {
	const char *id;
	look_fn *look;
} looks[] = {
	{ "clock-stepped", clock_stepped }, { "time-not-checked", time_not_checked },
	{ "clock-hour", clock_hour },       { "clock-ahead", clock_ahead },
	{ "clock-behind", clock_behind },   { "digest-only", digest_only },
};

void cause_look(struct run_result *r)
{
	if (r->cause.p || !r->survey.done)
		return; /* whoever stopped the run knew why, or nobody does */
	for (size_t i = 0; i < COUNT(looks) && !r->cause_page; i++) {
		struct str found = looks[i].look(r);

		if (found.p)
			cause_name(r, looks[i].id, found);
	}
}
