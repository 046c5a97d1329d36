/* recordings.h - readers of recorded conversations: other programs' formats, and our own evidence.
 *
 * All of them are hostile input: sizes are capped, and what is wrong is one line, "file: what,
 * expected what".  Everything lives in a; recording_close() is the caller's.
 */
#ifndef REPORT_RECORDINGS_H
#define REPORT_RECORDINGS_H

#include "client/recording.h"
#include "report/record.h"

/* HTTP Archive 1.2.  name is for messages. */
int recording_har(struct arena *a, struct str name, struct str text, struct recording *out,
		  struct err *err) MUST_CHECK;

/* What tshark says of a capture: one object per packet, with the fields of recording_fields, as
 * "-T json -e FIELD ..." writes them.  The octets of each connection are put together by their
 * sequence numbers, and read as HTTP/1.
 */
extern const char *const recording_fields[]; /* ended by NULL */
int recording_capture(struct arena *a, struct str name, struct str text, struct recording *out,
		      struct err *err) MUST_CHECK;

/* The folder of countersign client --results, as record_open() read it. */
int recording_results(struct arena *a, const struct record *record, struct recording *out,
		      struct err *err) MUST_CHECK;

#endif
