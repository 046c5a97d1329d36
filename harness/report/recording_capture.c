/* recording_capture.c - packets of a capture, as tshark tells them, put together to exchanges.
 *
 * The octets of TCP are taken and read by our own parser, so that nothing is lost that a dissector
 * would tidy up: spellings are what is judged.  Exported PDUs are octets without TCP;
 * recording_pdu.c puts them in order.
 */
#include "report/recording_parts.h"
#include "report/recordings.h"

#include "base/buf.h"
#include "report/record_file.h"
#include "wire/stream.h"

#include <stdio.h>
#include <stdlib.h>

#define PACKETS_MAX 2000000
#define STREAMS_MAX 100000

enum {
	STREAM,
	TIME,
	FROM4,
	FROM6,
	FROM_PORT,
	TO4,
	TO6,
	TO_PORT,
	SEQUENCE,
	PAYLOAD,
	PDU_FROM_PORT,
	PDU_TO_PORT,
	PDU,
	FIELDS
};

const char *const recording_fields[] = {
	[STREAM] = "tcp.stream",
	[TIME] = "frame.time_epoch",
	[FROM4] = "ip.src",
	[FROM6] = "ipv6.src",
	[FROM_PORT] = "tcp.srcport",
	[TO4] = "ip.dst",
	[TO6] = "ipv6.dst",
	[TO_PORT] = "tcp.dstport",
	[SEQUENCE] = "tcp.seq_raw",
	[PAYLOAD] = "tcp.payload",
	[PDU_FROM_PORT] = "exported_pdu.src_port",
	[PDU_TO_PORT] = "exported_pdu.dst_port",
	[PDU] = "exported_pdu.exported_pdu",
	[FIELDS] = NULL,
};

struct side {
	struct stream stream;
	struct segment *segment; /* those of this direction, by sequence */
	size_t n;
	uint64_t first; /* sequence number of the first octet */
	size_t at;      /* of segment: where time_at() stands */
};

struct reading {
	struct record_file f;
	struct recording *out;
	struct segment *segment;
	size_t n, room;
	struct segment *pdu;
	size_t n_pdu;
};

static void close_file(struct reading *k)
{
	record_close(&k->f);
}

/* --- one packet --- */

static struct str field_of(struct arena *a, const json_t *layers, int which)
{
	const json_t *value = json_object_get(layers, recording_fields[which]);
	const json_t *first = json_is_array(value) ? json_array_get(value, 0) : value;

	if (!json_is_string(first))
		return (struct str){ NULL, 0 };
	return arena_str(a, str_n(json_string_value(first), json_string_length(first)));
}

/* Hexadecimal, with or without colons. */
static bool unhex(struct arena *a, struct str hex, struct str *out)
{
	char *p = arena_alloc(a, hex.n / 2 + 1);
	size_t n = 0;

	for (size_t i = 0; p && i + 1 < hex.n; i += 2) {
		if (hex.p[i] == ':')
			i++;
		if (i + 1 >= hex.n || char_hex(hex.p[i]) < 0 || char_hex(hex.p[i + 1]) < 0)
			return false;
		p[n++] = (char)(char_hex(hex.p[i]) << 4 | char_hex(hex.p[i + 1]));
	}
	*out = str_n(p, n);
	return p != NULL;
}

/* "1700000000.123456789" */
static bool moment_of(struct str text, int64_t *ms)
{
	struct str seconds = str_cut(&text, '.'), part = str_sub(text, 0, 3);
	uint64_t s, more = 0;

	if (str_to_u64(seconds, UINT32_MAX, &s) || (part.n && str_to_u64(part, 999, &more)))
		return false;
	for (size_t i = part.n; part.n && i < 3; i++)
		more *= 10;
	*ms = (int64_t)(s * 1000 + more);
	return true;
}

static struct str place_of(struct arena *a, struct str ip4, struct str ip6, struct str port)
{
	if (ip6.n && !ip4.n)
		return arena_fmt(a, "[%.*s]:%.*s", STR_ARG(ip6), STR_ARG(port));
	return arena_fmt(a, "%.*s:%.*s", STR_ARG(ip4), STR_ARG(port));
}

static int bad_packet(const struct reading *k, size_t number, const char *expected, struct err *err)
{
	return err_set(err, ERR_INPUT, "%.*s: packet %zu of what tshark tells: expected %s",
		       STR_ARG(k->f.name), number + 1, expected);
}

/* One without ports is of no conversation that HTTP could have. */
static int read_pdu(struct reading *k, const struct str *v, size_t number, struct err *err)
{
	struct segment s = { .number = number };

	if (!v[PDU_FROM_PORT].n || !v[PDU_TO_PORT].n)
		return 0;
	if (!moment_of(v[TIME], &s.wall_ms) || !unhex(k->f.a, v[PDU], &s.octets))
		return bad_packet(k, number, "time and octets of an exported PDU", err);
	s.from = place_of(k->f.a, v[FROM4], v[FROM6], v[PDU_FROM_PORT]);
	s.to = place_of(k->f.a, v[TO4], v[TO6], v[PDU_TO_PORT]);
	k->pdu[k->n_pdu++] = s;
	return arena_check(k->f.a, err);
}

/* Packets without octets of TCP, or of an exported PDU, are passed over. */
static int read_packet(struct reading *k, const json_t *packet, size_t number, struct err *err)
{
	const json_t *layers = json_object_get(json_object_get(packet, "_source"), "layers");
	struct segment s = { .number = number };
	struct str v[FIELDS];

	for (int i = 0; i < FIELDS; i++)
		v[i] = field_of(k->f.a, layers, i);
	if (arena_check(k->f.a, err))
		return -1;
	if (!v[PAYLOAD].n)
		return v[PDU].n ? read_pdu(k, v, number, err) : 0;
	if (str_to_u64(v[STREAM], STREAMS_MAX - 1, &s.stream) ||
	    str_to_u64(v[SEQUENCE], UINT32_MAX, &s.sequence) || !moment_of(v[TIME], &s.wall_ms) ||
	    !v[FROM_PORT].n || !v[TO_PORT].n || !unhex(k->f.a, v[PAYLOAD], &s.octets))
		return bad_packet(k, number,
				  "stream, time, ports, sequence number and payload of TCP", err);
	s.from = place_of(k->f.a, v[FROM4], v[FROM6], v[FROM_PORT]);
	s.to = place_of(k->f.a, v[TO4], v[TO6], v[TO_PORT]);
	k->segment[k->n++] = s;
	return arena_check(k->f.a, err);
}

/* --- a direction --- */

static int by_octets(struct str x, struct str y)
{
	int way = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);

	return way ? way : x.n < y.n ? -1 : x.n > y.n;
}

static int by_place(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;
	int from;

	if (x->stream != y->stream)
		return x->stream < y->stream ? -1 : 1;
	from = by_octets(x->from, y->from);
	if (from)
		return from;
	return x->number < y->number ? -1 : x->number > y->number;
}

static int by_sequence(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;

	if (x->sequence != y->sequence)
		return x->sequence < y->sequence ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* Sequence numbers are counted modulo 2^32 (RFC 9293 3.4), and the first segment that was captured
 * need not be the first one that was sent.
 */
static void in_sequence(struct side *s)
{
	uint32_t base = s->n ? (uint32_t)s->segment[0].sequence : 0;

	for (size_t i = 0; i < s->n; i++)
		s->segment[i].sequence =
			(uint32_t)((uint32_t)s->segment[i].sequence - base + (1u << 31));
	qsort(s->segment, s->n, sizeof(*s->segment), by_sequence);
}

/* What was sent twice counts once; at a gap it ends. */
static int join(struct reading *k, struct side *s, struct err *err)
{
	struct buf all DEFER(buf_free);

	in_sequence(s);
	s->first = s->n ? s->segment[0].sequence : 0;
	buf_init(&all, RECORDING_OCTETS);
	for (size_t i = 0; i < s->n; i++) {
		const struct segment *g = &s->segment[i];
		uint64_t at = g->sequence - s->first;

		if (at > all.n) {
			s->stream.cut = true;
			break;
		}
		if (at + g->octets.n > all.n)
			buf_str(&all, str_sub(g->octets, all.n - (size_t)at, g->octets.n));
	}
	if (!buf_ok(&all))
		return err_set(err, ERR_INPUT, "%.*s: a connection of more than 256 MiB",
			       STR_ARG(k->f.name));
	s->stream.octets = arena_str(k->f.a, buf_view(&all));
	return arena_check(k->f.a, err);
}

/* When the octet at that place came; places are asked for in their order. */
static int64_t time_at(struct side *s, size_t at)
{
	while (s->at + 1 < s->n) {
		const struct segment *g = &s->segment[s->at];

		if (g->sequence - s->first + g->octets.n > at)
			break;
		s->at++;
	}
	return s->segment[s->at].wall_ms;
}

/* --- a connection --- */

static int add(struct reading *k, const struct recorded_exchange *x, struct err *err)
{
	struct recording *out = k->out;

	if (out->n == RECORDING_MAX)
		return err_set(err, ERR_INPUT, "%.*s: more than %d exchanges: cut some of them out",
			       STR_ARG(k->f.name), RECORDING_MAX);
	if (out->n == k->room) {
		size_t room = k->room ? 2 * k->room : 64;
		struct recorded_exchange *v = arena_array(k->f.a, struct recorded_exchange, room);

		if (!v)
			return arena_check(k->f.a, err);
		if (out->n)
			memcpy(v, out->v, out->n * sizeof(*v));
		out->v = v;
		k->room = room;
	}
	out->v[out->n++] = *x;
	return 0;
}

/* RFC 8446 5.1: a record of the handshake.  RFC 9113 3.4: what a client of HTTP/2 begins with. */
static void count_unread(struct recording *out, const struct side *s)
{
	out->n_tls += str_starts(s->stream.octets, STR("\x16\x03"));
	out->n_http2 += str_starts(s->stream.octets, STR("PRI * HTTP/2.0\r\n"));
}

static bool is_server(const struct side *s)
{
	return str_starts(s->stream.octets, STR("HTTP/"));
}

/* HTTP/1 answers in the order in which it is asked. */
static int pair(struct reading *k, struct side *client, struct side *server, struct err *err)
{
	bool answers = true;

	for (;;) {
		struct recorded_exchange x = { .connection = client->segment[0].stream + 1,
					       .server = client->segment[0].to };
		size_t at = client->stream.at;

		if (!stream_request(&client->stream, k->f.a, &x.request))
			return arena_check(k->f.a, err);
		x.wall_ms = time_at(client, at);
		answers = answers &&
			  stream_response(&server->stream, k->f.a, x.request.method, &x.response);
		/* Who was refused before the body need not send it: RFC 9110 10.1.1. */
		x.cut = server->stream.cut ||
			(client->stream.cut && !http_get(&x.request.fields, "Expect").p);
		if (add(k, &x, err))
			return -1;
	}
}

static int connection(struct reading *k, struct segment *v, size_t n, struct err *err)
{
	struct side side[2] = { { .segment = v } };

	while (side[0].n < n && str_eq(v[side[0].n].from, v[0].from))
		side[0].n++;
	side[1] = (struct side){ .segment = v + side[0].n, .n = n - side[0].n };
	if (join(k, &side[0], err) || join(k, &side[1], err))
		return -1;
	if (is_server(&side[0]))
		return side[1].n ? pair(k, &side[1], &side[0], err) : 0;
	count_unread(k->out, &side[0]);
	return pair(k, &side[0], &side[1], err);
}

static int all_connections(struct reading *k, struct err *err)
{
	size_t from = 0;

	qsort(k->segment, k->n, sizeof(*k->segment), by_place);
	for (size_t i = 0; i < k->n; i++) {
		if (i + 1 < k->n && k->segment[i + 1].stream == k->segment[from].stream)
			continue;
		if (connection(k, &k->segment[from], i + 1 - from, err))
			return -1;
		from = i + 1;
	}
	return arena_check(k->f.a, err);
}

int recording_capture(struct arena *a, struct str name, struct str text, struct recording *out,
		      struct err *err)
{
	struct reading k DEFER(close_file) = { .f = { .a = a, .name = name, .text = text },
					       .out = out };
	size_t n;

	*out = (struct recording){ .format = STR("capture") };
	if (record_parse_any(&k.f, err))
		return -1;
	n = json_array_size(k.f.root);
	if (!json_is_array(k.f.root) || n > PACKETS_MAX)
		return err_set(err, ERR_INPUT, "%.*s: expected a list of at most %d packets",
			       STR_ARG(name), PACKETS_MAX);
	k.segment = arena_array(a, struct segment, n + 1);
	k.pdu = arena_array(a, struct segment, n + 1);
	if (!k.segment || !k.pdu)
		return arena_check(a, err);
	for (size_t i = 0; i < n; i++)
		if (read_packet(&k, json_array_get(k.f.root, i), i, err))
			return -1;
	for (size_t i = 0, m = pdus_in_sequence(k.pdu, k.n_pdu, STREAMS_MAX); i < m; i++)
		k.segment[k.n++] = k.pdu[i];
	return all_connections(&k, err);
}
