/* Whether cnonces are random: RFC 7616 5.12.  Only what chance does not do is said to be wrong. */
#include "client/check_parts.h"

#include "auth/base64.h"

#define SESSIONS_MAX 4096   /* that are compared */
#define NEAR_MS      600000 /* of our clock: what counts as a time */
#define STEP_MAX     1000   /* between two values of a counter */

/* First requests of sessions that have a cnonce, and where they are from. */
struct sessions {
	const struct heard *v[SESSIONS_MAX];
	const struct conversation *of[SESSIONS_MAX];
	size_t n;
};

static struct sessions *sessions_of(const struct check_view *w)
{
	struct sessions *s = arena_new(w->a, struct sessions);

	for (size_t i = 0; s && i < w->n; i++) {
		for (size_t k = 0; k < w->c[i]->n && s->n < SESSIONS_MAX; k++) {
			const struct heard *h = w->c[i]->v[k];

			if (h->has & HAS_DIGEST && h->http.cnonce.p &&
			    check_session(w->c[i], h) == h) {
				s->of[s->n] = w->c[i];
				s->v[s->n++] = h;
			}
		}
	}
	return s;
}

/* A conversation before this one had it.  Under a further nonce of the same conversation a cnonce
 * may stay: RFC 7616 5.12 wants it random, and it was.
 */
static bool was_had(const struct sessions *s, size_t at)
{
	for (size_t k = 0; k < at; k++)
		if (s->of[k] != s->of[at] && str_eq(s->v[at]->http.cnonce, s->v[k]->http.cnonce))
			return true;
	return false;
}

struct check_finding judge_digest_cnonce_fresh(const struct check_view *w)
{
	const struct sessions *s = sessions_of(w);

	for (size_t i = 0; s && i < s->n; i++) {
		if (was_had(s, i))
			return check_broken(w, s->v[i],
					    "expected another cnonce for nonce %.*s, got %.*s "
					    "again",
					    STR_ARG(check_quoted(w, s->v[i]->http.nonce)),
					    STR_ARG(check_quoted(w, s->v[i]->http.cnonce)));
	}
	return s && s->n > 1 ? check_holds()
			     : check_unseen("there was no second session with a cnonce");
}

/* --- a constant --- */

/* Those of the examples in RFC 2617 3.5, RFC 7616 3.9.1 and 3.9.2: they are still met. */
static const char *const examples[] = {
	"0a4f113b",
	"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
	"NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
};

static const char *constant(const struct sessions *s, size_t at)
{
	struct str cnonce = s->v[at]->http.cnonce;

	for (size_t i = 0; i < COUNT(examples); i++)
		if (str_eq(cnonce, str(examples[i])))
			return "the one of an example in the RFC";
	return was_had(s, at) ? "one that another session had" : NULL;
}

/* --- a number --- */

static bool number(struct str s, unsigned base, uint64_t *out)
{
	uint64_t v = 0;

	if (!s.n || s.n > (base == 10 ? 19 : 16))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		int digit = char_hex(s.p[i]);

		if (digit < 0 || digit >= (int)base)
			return false;
		v = v * base + (unsigned)digit;
	}
	*out = v;
	return true;
}

/* --- a time --- */

/* Of the units of a second that programs count in. */
static bool is_near(uint64_t v, int64_t wall_ms)
{
	static const uint64_t per_ms[] = { 1, 1000, 1000000 };
	int64_t off = (int64_t)(v < INT64_MAX / 1000 ? v : 0) * 1000 - wall_ms;

	if (off > -NEAR_MS && off < NEAR_MS)
		return true;
	for (size_t i = 0; i < COUNT(per_ms); i++) {
		off = (int64_t)(v / per_ms[i] < INT64_MAX ? v / per_ms[i] : 0) - wall_ms;
		if (off > -NEAR_MS && off < NEAR_MS)
			return true;
	}
	return false;
}

static bool says_time(struct str s, int64_t wall_ms)
{
	uint64_t v;

	if ((number(s, 10, &v) && is_near(v, wall_ms)) ||
	    (number(s, 16, &v) && is_near(v, wall_ms)))
		return true;
	/* uniqid() of PHP: eight digits of seconds, five of microseconds. */
	return s.n == 13 && number(s, 16, &v) && number(str_sub(s, 0, 8), 16, &v) &&
	       is_near(v, wall_ms);
}

/* Parted by colons: libsoup 3 writes an address, its process and the time. */
static bool has_time(struct str s, int64_t wall_ms)
{
	bool found = false;

	while (s.n && !found)
		found = says_time(str_cut(&s, ':'), wall_ms);
	return found;
}

static const char *time_of(const struct check_view *w, const struct heard *h)
{
	struct str cnonce = h->http.cnonce, octets;
	struct err ignored;

	if (says_time(cnonce, h->wall_ms))
		return "the time";
	if (cnonce.n && cnonce.n < 64 && base64_decode(w->a, cnonce, &octets, &ignored) == 0 &&
	    has_time(octets, h->wall_ms))
		return "the time in Base64";
	return NULL;
}

/* --- a counter --- */

/* From one value to the next; what both begin with is left away.  0: no step of a counter. */
static int64_t step(struct str from, struct str to, unsigned base)
{
	size_t same = 0;
	uint64_t a, b;

	if (from.n != to.n)
		return 0;
	while (same < from.n && from.p[same] == to.p[same])
		same++;
	if (!number(str_sub(from, same, from.n), base, &a) ||
	    !number(str_sub(to, same, to.n), base, &b) || b <= a || b - a > STEP_MAX)
		return 0;
	return (int64_t)(b - a);
}

/* Three in even steps; two are enough where they have eight characters and stand side by side. */
static bool counted(const struct sessions *s, size_t at)
{
	static const unsigned bases[] = { 10, 16 };

	for (size_t i = 0; i < COUNT(bases) && at > 0; i++) {
		struct str now = s->v[at]->http.cnonce, before = s->v[at - 1]->http.cnonce;
		int64_t last = step(before, now, bases[i]);

		if (last > 0 && last < 3 && now.n >= 8)
			return true;
		if (last > 0 && at > 1 && last == step(s->v[at - 2]->http.cnonce, before, bases[i]))
			return true;
	}
	return false;
}

struct check_finding judge_digest_cnonce_unpredictable(const struct check_view *w)
{
	const struct sessions *s = sessions_of(w);

	for (size_t i = 0; s && i < s->n; i++) {
		const char *what = constant(s, i);

		what = what ? what : time_of(w, s->v[i]);
		what = what ? what : counted(s, i) ? "the next one of a counter" : NULL;
		if (what)
			return check_broken(w, s->v[i], "expected a random cnonce, got %.*s: %s",
					    STR_ARG(check_quoted(w, s->v[i]->http.cnonce)), what);
	}
	return s && s->n > 1 ? check_holds()
			     : check_unseen("there was no second session with a cnonce");
}
