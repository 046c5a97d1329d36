/* pcapng.c - the exchanges behind the cases for Wireshark: pcapng (draft-ietf-opsawg-pcapng) whose
 * packets are messages of HTTP by name (link type 252, exported PDUs).  So it takes no right to
 * capture, and what went through TLS is there as well.
 */
#include "report/exchanges.h"
#include "report/folder.h"
#include "report/write.h"

#include "base/buf.h"

#include <arpa/inet.h>

#define SCRATCH_MAX       (256u << 20)
#define FILE_MAX_BYTES    (1u << 30)
#define LINKTYPE_EXPORTED 252 /* LINKTYPE_WIRESHARK_UPPER_PDU */
#define FIRST_PORT        1024

enum block { BLOCK_SECTION = 0x0a0d0d0a, BLOCK_INTERFACE = 1, BLOCK_PACKET = 6 };
enum option { OPTION_END = 0, OPTION_COMMENT = 1, OPTION_NAME = 2, OPTION_APPLICATION = 4 };

/* Of an exported PDU: Wireshark's wsutil/exported_pdu_tlvs.h. */
enum tag {
	TAG_END = 0,
	TAG_DISSECTOR = 12,
	TAG_IPV4_SRC = 20,
	TAG_IPV4_DST = 21,
	TAG_IPV6_SRC = 22,
	TAG_IPV6_DST = 23,
	TAG_PORT_TYPE = 24,
	TAG_PORT_SRC = 25,
	TAG_PORT_DST = 26
};
#define PORT_TCP 2

struct pcapng {
	struct buf b;
	struct arena a;
	const struct report_options *o;
	uint8_t client[16], server[16]; /* addresses */
	size_t address_bytes;
	uint16_t port, other_port, client_port;
};

static void put16(struct buf *b, uint32_t v)
{
	buf_char(b, (char)(v & 0xff));
	buf_char(b, (char)(v >> 8 & 0xff));
}

static void put32(struct buf *b, uint32_t v)
{
	put16(b, v & 0xffff);
	put16(b, v >> 16);
}

static void put_padded(struct buf *b, struct str s)
{
	buf_str(b, s);
	for (size_t i = s.n; i % 4; i++)
		buf_char(b, '\0');
}

static void put_option(struct buf *b, enum option code, struct str value)
{
	value = str_sub(value, 0, 60000);
	put16(b, code);
	put16(b, (uint32_t)value.n);
	put_padded(b, value);
}

/* The length stands at both ends of a block. */
static void put_block(struct pcapng *p, enum block type, const struct buf *body)
{
	uint32_t bytes = (uint32_t)body->n + 12;

	put32(&p->b, type);
	put32(&p->b, bytes);
	buf_str(&p->b, buf_view(body));
	put32(&p->b, bytes);
	p->b.failed |= !buf_ok(body);
}

static void section(struct pcapng *p, const struct run_result *r)
{
	struct buf body DEFER(buf_free) = { 0 };

	buf_init(&body, 1 << 16);
	put32(&body, 0x1a2b3c4d); /* the order of octets */
	put16(&body, 1);          /* version 1.0 */
	put16(&body, 0);
	put32(&body, UINT32_MAX); /* its length is not said */
	put32(&body, UINT32_MAX);
	put_option(&body, OPTION_COMMENT,
		   arena_fmt(&p->a,
			     "run %s; evidence %s; ports and addresses only tell exchanges apart",
			     r->id, evidence_name(p->o->evidence)));
	put_option(&body, OPTION_APPLICATION, write_own(&p->a, p->o->tool, WRITE_MESSAGE));
	put_option(&body, OPTION_END, STR(""));
	put_block(p, BLOCK_SECTION, &body);
}

static void interface(struct pcapng *p)
{
	struct buf body DEFER(buf_free) = { 0 };

	buf_init(&body, 1 << 16);
	put16(&body, LINKTYPE_EXPORTED);
	put16(&body, 0);
	put32(&body, 0); /* no limit to a packet */
	put_option(&body, OPTION_NAME, STR("countersign"));
	put_option(&body, OPTION_END, STR(""));
	put_block(p, BLOCK_INTERFACE, &body);
}

/* Tags are in network order. */
static void put_tag(struct buf *b, enum tag tag, struct str value)
{
	size_t padded = (value.n + 3) / 4 * 4;

	buf_char(b, '\0');
	buf_char(b, (char)tag);
	buf_char(b, (char)(padded >> 8));
	buf_char(b, (char)(padded & 0xff));
	put_padded(b, value);
}

static void put_number_tag(struct buf *b, enum tag tag, uint32_t v)
{
	const uint8_t octets[4] = { 0, 0, (uint8_t)(v >> 8), (uint8_t)v };

	put_tag(b, tag, str_n(octets, sizeof(octets)));
}

/* Each exchange is a conversation of its own, so that an answer finds its request.  i: which of the
 * file it is; the cases of a client have numbers of their own. */
static uint16_t client_port(size_t i)
{
	return (uint16_t)(FIRST_PORT + i % (UINT16_MAX - FIRST_PORT));
}

static struct str pdu(struct pcapng *p, const struct step_result *s, bool answer, struct buf *b)
{
	const struct str client = str_n(p->client, p->address_bytes);
	const struct str server = str_n(p->server, p->address_bytes);
	bool v6 = p->address_bytes == 16;
	uint16_t to = s->elsewhere ? p->other_port : p->port, from = p->client_port;

	put_tag(b, TAG_DISSECTOR, STR("http"));
	put_tag(b, v6 ? TAG_IPV6_SRC : TAG_IPV4_SRC, answer ? server : client);
	put_tag(b, v6 ? TAG_IPV6_DST : TAG_IPV4_DST, answer ? client : server);
	put_number_tag(b, TAG_PORT_TYPE, PORT_TCP);
	put_number_tag(b, TAG_PORT_SRC, answer ? to : from);
	put_number_tag(b, TAG_PORT_DST, answer ? from : to);
	put_tag(b, TAG_END, STR(""));
	buf_str(b, answer ? evidence_received(&p->a, p->o, s) : evidence_sent(&p->a, p->o, s));
	return buf_view(b);
}

static void packet(struct pcapng *p, const struct told *t, bool answer)
{
	const struct step_result *s = t->step;
	struct buf body DEFER(buf_free) = { 0 }, data DEFER(buf_free) = { 0 };
	uint64_t us = (uint64_t)(s->wall_ms + (answer ? s->took_ms : 0)) * 1000;
	struct str octets;

	buf_init(&body, 1 << 20);
	buf_init(&data, 1 << 20);
	octets = pdu(p, s, answer, &data);
	put32(&body, 0); /* the interface */
	put32(&body, (uint32_t)(us >> 32));
	put32(&body, (uint32_t)us);
	put32(&body, (uint32_t)octets.n);
	put32(&body, (uint32_t)octets.n);
	put_padded(&body, octets);
	put_option(&body, OPTION_COMMENT, exchange_words(&p->a, t));
	put_option(&body, OPTION_END, STR(""));
	put_block(p, BLOCK_PACKET, &body);
	p->b.failed |= !buf_ok(&data);
}

/* A name has no address here: then it is one of those that documentation may use (RFC 5737). */
static void choose_addresses(struct pcapng *p, struct str target, struct str other)
{
	struct url_parts u = { .port = 80 };
	struct err ignored = { 0 };
	char host[64] = "";

	if (url_parse(target, &u, &ignored) == 0 && u.host.n < sizeof(host))
		memcpy(host, u.host.p, u.host.n);
	p->port = (uint16_t)u.port;
	p->other_port = url_parse(other, &u, &ignored) ? p->port : (uint16_t)u.port;
	p->address_bytes = inet_pton(AF_INET6, host, p->server) == 1 ? 16 : 4;
	if (p->address_bytes == 16)
		inet_pton(AF_INET6, "2001:db8::2", p->client);
	else
		inet_pton(AF_INET, "192.0.2.2", p->client);
	if (p->address_bytes == 4 && inet_pton(AF_INET, host, p->server) != 1)
		inet_pton(AF_INET, "192.0.2.1", p->server);
}

static void packets(struct pcapng *p, const struct run_result *r, struct arena *keep)
{
	struct arena list;
	struct told *all;
	size_t n;

	arena_init(&list, SCRATCH_MAX);
	n = exchanges_told(r, &list, &all);
	keep->failed |= list.failed;
	for (size_t i = 0; i < n; i++) {
		p->client_port = client_port(i);
		packet(p, &all[i], false);
		if (all[i].step->received.n)
			packet(p, &all[i], true);
		write_recycle(&p->a, keep);
	}
	arena_free(&list);
}

int report_pcapng(const struct run_result *r, const struct report_options *o, const char *path,
		  struct err *err)
{
	struct pcapng p = { .o = o };
	struct arena keep;
	mode_t before;
	int bad;

	arena_init(&p.a, SCRATCH_MAX);
	arena_init(&keep, 0);
	buf_init(&p.b, FILE_MAX_BYTES);
	choose_addresses(&p, r->target, r->other_target);
	section(&p, r);
	interface(&p);
	packets(&p, r, &keep);
	write_recycle(&p.a, &keep);
	bad = arena_check(&keep, err) || buf_check(&p.b, "the pcapng", err);
	before = evidence_guard(o);
	bad = bad || file_replace(path, buf_view(&p.b), err);
	evidence_guard_end(before);
	buf_free(&p.b);
	return bad ? -1 : 0;
}
