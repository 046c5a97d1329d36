/* watch.c - what every answer may tell: failed logins, attempts that are left, a locked account. */
#include "engine/internal.h"

#include "base/redact.h"

#include <stdio.h>

bool engine_counts_as_failure(const struct answer *an)
{
	static const unsigned failures =
		OUTCOME_BIT(OUTCOME_CHALLENGED) | OUTCOME_BIT(OUTCOME_NOT_AUTHORIZED) |
		OUTCOME_BIT(OUTCOME_FAULT) | OUTCOME_BIT(OUTCOME_BAD_REQUEST) |
		OUTCOME_BIT(OUTCOME_FORBIDDEN) | OUTCOME_BIT(OUTCOME_LOCKED) |
		OUTCOME_BIT(OUTCOME_MALFORMED);

	return failures & OUTCOME_BIT(an->outcome);
}

void engine_note(struct engine *e, const struct answer *an, bool with_credentials)
{
	if (with_credentials && an->outcome != OUTCOME_ACCEPTED)
		e->disturbed = e->sequence;
	if (with_credentials && engine_counts_as_failure(an))
		e->r->failed_logins++;
}

/* For how long, if the answer says it: in its text, or as Retry-After (RFC 9110 10.2.3). */
void engine_locked(struct engine *e, const struct answer *an)
{
	struct str after = http_get(&an->response->fields, "Retry-After");
	int64_t s = soap_lock_seconds(an->text);
	uint64_t seconds;

	if (s < 0 && str_to_u64(after, LOCK_MAX_S, &seconds) == 0)
		s = (int64_t)seconds;
	cause_name(e->r, "account-locked",
		   s < 0     ? STR("It does not say for how long.")
		   : s < 120 ? arena_fmt(&e->r->a, "It says for how long: %d seconds.", (int)s)
			     : arena_fmt(&e->r->a, "It says for how long: %d minutes.",
					 (int)(s / 60)));
}

bool engine_watch(struct engine *e, const struct answer *an, bool with_credentials)
{
	char text[400];
	int left;

	engine_note(e, an, with_credentials);
	if (an->outcome == OUTCOME_LOCKED) {
		struct redactor own = { .n = 0 }; /* it may repeat what it was sent */

		redact_learn(&own, an->sent);
		engine_locked(e, an);
		snprintf(text, sizeof(text),
			 "the target says that it is locked: %d \"%.*s\"; wait, then "
			 "run with a smaller --failures",
			 an->status, STR_ARG(str_sub(redact(&own, &e->r->a, an->text), 0, 120)));
		engine_stop(e, REASON_LOCKED, text);
		return true;
	}
	left = an->outcome == OUTCOME_ACCEPTED ? -1 : soap_attempts_left(an->text);
	if (left >= 0 && left <= 1 && !e->o.lab) {
		snprintf(text, sizeof(text),
			 "the target says that %d attempts are left before it locks: stopped in "
			 "time",
			 left);
		engine_stop(e, REASON_LOCKED, text);
		return true;
	}
	return e->stopped;
}
