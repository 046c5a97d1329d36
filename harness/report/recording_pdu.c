/* recording_pdu.c - exported PDUs (link type 252): messages of HTTP without the TCP below them, as
 * our own --pcapng has them, and as "tshark -U" writes what was within TLS.
 */
#include "report/recording_parts.h"

#include <stdlib.h>
#include <string.h>

static int by_octets(struct str x, struct str y)
{
	int way = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);

	return way ? way : x.n < y.n ? -1 : x.n > y.n;
}

/* The ends of a conversation in one order, whoever speaks. */
static struct str end_of(const struct segment *s, bool low)
{
	return (by_octets(s->from, s->to) < 0) == low ? s->from : s->to;
}

static int by_ends(const struct segment *x, const struct segment *y)
{
	int way = by_octets(end_of(x, true), end_of(y, true));

	return way ? way : by_octets(end_of(x, false), end_of(y, false));
}

static int by_conversation(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;
	int way = by_ends(x, y);

	return way ? way : x->number < y->number ? -1 : x->number > y->number;
}

/* The next one of the same speaker has all of it, and more; nobody spoke between. */
static bool is_repeated(const struct segment *s, const struct segment *next)
{
	return by_ends(s, next) == 0 && str_eq(s->from, next->from) &&
	       next->octets.n > s->octets.n && str_starts(next->octets, s->octets);
}

size_t pdus_in_sequence(struct segment *v, size_t n, uint64_t first)
{
	uint64_t stream = 0, sent[2] = { 0, 0 };
	size_t kept = 0;

	if (n)
		qsort(v, n, sizeof(*v), by_conversation);
	for (size_t i = 0; i < n; i++) {
		struct segment s = v[i];
		bool low = str_eq(s.from, end_of(&s, true));

		if (i + 1 < n && is_repeated(&s, &v[i + 1]))
			continue;
		if (!kept || by_ends(&v[kept - 1], &s) != 0) {
			stream = first + s.number; /* in the order in which they began */
			sent[0] = sent[1] = 0;
		}
		s.stream = stream;
		s.sequence = sent[low];
		sent[low] += s.octets.n;
		v[kept++] = s;
	}
	return kept;
}
