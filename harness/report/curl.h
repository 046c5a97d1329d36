/* curl.h - a finding as commands for bash and curl, so that nobody has to believe the harness.
 *
 * The commands send what the steps of the case sent, with what is of one time only made anew: they
 * ask for a challenge, and reckon response, digest, nonce and Created.  The password comes from the
 * file that PASSWORD_FILE names, or password.txt, and never stands in an argument.
 */
#ifndef REPORT_CURL_H
#define REPORT_CURL_H

#include "base/redact.h"
#include "engine/result.h"

/* One or more lines, all in ASCII, without the last line feed.  No secret is in them: neither one
 * that redactor knows, in whatever quotes, nor what looks like one; redact() leaves them as they
 * are.  Where curl cannot do what the case does, or would need a secret: the call of "countersign
 * replay", with the reason in a remark.  .p NULL: v is no finding (fail, warn), or had no exchange.
 */
struct str curl_command_of(struct arena *a, const struct redactor *redactor,
			   const struct run_result *r, const struct variant_result *v);
/* The same when no secret is known. */
struct str curl_command(struct arena *a, const struct run_result *r,
			const struct variant_result *v);

#endif
