/* datetime.h - xsd:dateTime (XML Schema 2, 3.2.7) as instants. */
#ifndef AUTH_DATETIME_H
#define AUTH_DATETIME_H

#include "base/arena.h"

struct datetime {
	int64_t unix_ms; /* UTC; a value without a zone is read as UTC */
	bool has_zone;
	int offset_min;      /* of the zone as written; 0 for Z */
	int fraction_digits; /* as written; more than 3 are cut, not rounded */
};

/* White space around is not accepted here: trim first.  Seconds of 60 are refused (XSD 1.0; BSP
 * R3213).  Years 0001 to 9999; "24:00:00" is the next day.  -1 with ERR_PARSE.
 */
int datetime_parse(struct str text, struct datetime *out, struct err *err) MUST_CHECK;

/* "2026-08-22T10:11:12Z", with fraction_digits (0..9) behind the seconds. */
struct str datetime_format(struct arena *a, int64_t unix_ms, int fraction_digits);
/* The same instant as wall time of a zone: "2026-08-22T12:11:12+02:00". */
struct str datetime_format_offset(struct arena *a, int64_t unix_ms, int offset_min);
/* An HTTP date (RFC 9110 5.6.7, IMF-fixdate) to milliseconds; -1 with ERR_PARSE. */
int datetime_parse_http(struct str text, int64_t *unix_ms, struct err *err) MUST_CHECK;

#endif
