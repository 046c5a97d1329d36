/* early_parts.h - what the files of the server that asks by heads share.  Nobody else but their
 * test includes this.
 */
#ifndef DEVICE_EARLY_PARTS_H
#define DEVICE_EARLY_PARTS_H

#include "base/buf.h"
#include "device/device.h"

#define EARLY_HEAD_MAX (128u << 10)
#define EARLY_BODY_MAX (1280u << 10)

/* --- early_read.c: RFC 9112, out of octets that are still arriving --- */

struct early_head {
	struct http_request in; /* copied */
	bool http_1_0;
	bool close;    /* the client's wish, or HTTP/1.0 */
	bool expects;  /* 100-continue, with content to come */
	bool chunked;  /* else length */
	size_t length; /* of the content; 0: none */
	size_t bytes;  /* of the head, its empty line included */
};
/* 0: whole.  1: more has to come, from *scanned on.  Else the status that refuses it. */
int early_head_read(struct arena *a, struct str octets, size_t *scanned, struct early_head *out);

/* Content at the beginning of a buffer: so many octets are decoded, the rest behind them is raw. */
struct early_body {
	bool chunked;
	size_t length; /* of not chunked */
	size_t done;   /* decoded */
	enum { CHUNK_SIZE, CHUNK_DATA, CHUNK_END, CHUNK_TRAILER } at;
	size_t left;    /* of the chunk */
	size_t trailer; /* octets of it, so far */
};
/* Decodes in place.  0: whole, done octets of in are it.  1, status: as above. */
int early_body_read(struct early_body *b, struct buf *in);

/* --- early_link.c: one connection --- */

struct early_link {
	const struct early_handler *h;
	int fd;
	uint64_t number;
	int64_t since_ms; /* the last octet, or the begin of the end */
	bool heard;       /* the head of a request came whole */
	bool ended;       /* the client sends nothing any more */
	bool dead;        /* to be closed */
	enum { READS_HEAD, READS_BODY, READS_REST, LAST, LINGERS, PHASES } phase;
	struct buf in, out;
	size_t sent, scanned;
	size_t rest; /* octets behind an early answer that are still to come */
	size_t lingered;
	struct arena a; /* of one request */
	struct early_head head;
	struct early_body body;
};

struct early_link *early_link_new(const struct early_handler *h, int fd, uint64_t number,
				  int64_t now_ms);
void early_link_free(struct early_link *l);
/* What poll() shall wait for. */
short early_link_wants(const struct early_link *l);
/* poll() said so; or time has passed. */
void early_link_turn(struct early_link *l, short events, int64_t now_ms);

#endif
