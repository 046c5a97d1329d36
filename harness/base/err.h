/* err.h - why the harness could not do its job.
 *
 * A device that answers wrongly is not an error: that is a verdict (engine/verdict.h).
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define MUST_CHECK        __attribute__((warn_unused_result))
#define DEFER(fn)         __attribute__((cleanup(fn)))
#define COUNT(a)          (sizeof(a) / sizeof((a)[0]))

enum err_code {
	ERR_NONE,
	ERR_NOMEM,
	ERR_IO, /* file, socket, TLS */
	ERR_TIMEOUT,
	ERR_PARSE, /* bytes from outside break their grammar */
	ERR_INPUT, /* a suite, profile, option or file of the user is wrong: exit 4 */
	ERR_CRYPTO,
	ERR_LIMIT,   /* a cap was reached */
	ERR_INTERNAL /* our own bug: exit 3 */
};

struct err {
	enum err_code code;
	char text[512]; /* one line, no newline; "" when code is ERR_NONE */
};

/* Record a failure and return -1, so that callers can write
 *	return err_set(err, ERR_PARSE, "challenge has no nonce");
 * Never allocates; text that does not fit is cut on a UTF-8 boundary; control characters become
 *'?'.
 */
int err_set(struct err *err, enum err_code code, const char *fmt, ...) PRINTF(3, 4);

/* The same with ": " and the system's words for an errno value behind it; returns -1. */
int err_system(struct err *err, enum err_code code, int number, const char *fmt, ...) PRINTF(4, 5);

/* Put "prefix: " before the text that is there ("suites/digest.xml:12: ..."); returns -1. */
int err_prefix(struct err *err, const char *fmt, ...) PRINTF(2, 3);

#endif
