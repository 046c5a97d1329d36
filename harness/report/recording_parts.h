/* recording_parts.h - what the readers of a capture share.  Nobody else includes this. */
#ifndef REPORT_RECORDING_PARTS_H
#define REPORT_RECORDING_PARTS_H

#include "base/str.h"

/* Octets of one direction of a connection. */
struct segment {
	uint64_t stream, sequence;
	struct str from, to; /* "192.0.2.10:80" */
	int64_t wall_ms;
	struct str octets;
	size_t number; /* in the capture */
};

/* recording_pdu.c: puts exported PDUs in order, and gives each its stream, from first on, and its
 * place in it.  A message that was exported before all of it was there, and again as a whole,
 * stands once.  How many are left of the n; they are in front.
 */
size_t pdus_in_sequence(struct segment *v, size_t n, uint64_t first);

#endif
