/* doctor.c - what happened, when right credentials were not accepted or nobody answered.
 *
 * Its findings: the device's clock stepped; the target was away and is back; this shape of request
 * is not served; the account (or this address) is locked; the target is gone.
 */
#include "engine/internal.h"

#include <stdio.h>

static struct control *canary_of(struct engine *e)
{
	struct suite_step plain = { .expect = OUTCOME_BIT(OUTCOME_ACCEPTED) };
	struct err err = { 0 };
	struct control *k = control_for(e, NULL, &plain, (struct binding){ 0 }, &err);

	if (!k)
		engine_stop(e, REASON_HARNESS, err.text);
	return k;
}

static void send_canary(struct engine *e)
{
	struct doctor *d = &e->doctor;

	d->phase = DOCTOR_CANARY;
	d->canary->bad = false;
	d->canary->has_challenge = false;
	d->canary->want_after = e->sequence;
}

void doctor_call(struct engine *e, struct control *patient, enum reason suspicion,
		 struct str symptom)
{
	struct doctor *d = &e->doctor;
	struct control *canary;

	if (d->phase != DOCTOR_IDLE || e->stopped)
		return;
	canary = canary_of(e);
	if (!canary)
		return;
	*d = (struct doctor){ .suspicion = suspicion,
			      .patient = patient,
			      .canary = canary,
			      .symptom = arena_str(&e->r->a, symptom) };
	if (suspicion == REASON_UNREACHABLE) {
		send_canary(e);
		return;
	}
	if (feature_has(e, "clock") && !e->o.http_kind)
		d->phase = DOCTOR_CLOCK;
	else
		send_canary(e);
}

static void leave(struct engine *e)
{
	e->doctor.phase = DOCTOR_IDLE;
}

static void conclude_locked(struct engine *e)
{
	char text[400];

	leave(e);
	snprintf(
		text, sizeof(text),
		"right credentials are no longer accepted (%.*s) after %d failed logins: the "
		"account "
		"or this address is probably locked; wait until the target lets you in again, then "
		"run with a smaller --failures",
		STR_ARG(e->doctor.symptom), e->r->failed_logins);
	engine_stop(e, REASON_LOCKED, text);
	cause_name(e->r, "account-locked", STR("It does not say so, nor for how long."));
}

/* Nobody answered the canary: wait for the target, but not for ever. */
static void canary_lost(struct engine *e, const struct answer *an)
{
	int64_t patience_ms = e->o.loopback ? RECOVERY_LOOPBACK_MS : RECOVERY_MS;
	int64_t now_ms = world_mono_ms(e->world);
	struct doctor *d = &e->doctor;
	char text[400];

	d->suspicion = REASON_UNREACHABLE;
	if (!d->tries++)
		d->gone_ms = now_ms;
	if (now_ms - d->gone_ms < patience_ms) {
		d->phase = DOCTOR_PAUSE;
		d->wake_ms = now_ms + RECOVERY_PAUSE_MS;
		return;
	}
	leave(e);
	snprintf(text, sizeof(text),
		 "the target stopped answering (%.*s) and did not come back within %d s",
		 STR_ARG(an->why), (int)(patience_ms / 1000));
	engine_stop(e, REASON_UNREACHABLE, text);
}

static void canary_back(struct engine *e, const struct answer *an)
{
	struct doctor *d = &e->doctor;

	if (an->outcome == OUTCOME_ACCEPTED) {
		/* One lost connection is its trial's affair; a target that was away may have
		 * forgotten everything that it told us.
		 */
		if (d->suspicion == REASON_UNREACHABLE && d->tries)
			engine_disturb(e, REASON_UNREACHABLE);
		if (d->suspicion == REASON_CONTROL && d->patient && d->patient != d->canary)
			d->patient->hopeless = true; /* the target is well: it refuses this shape */
		leave(e);
		return;
	}
	if (an->outcome == OUTCOME_CLOSED || an->outcome == OUTCOME_TIMEOUT) {
		canary_lost(e, an);
		return;
	}
	if (d->suspicion == REASON_UNREACHABLE) /* it came back, and remembers nothing of us */
		d->symptom = answer_text(&e->r->a, an);
	conclude_locked(e);
}

/* After the clock the plainest request decides.  When that is the patient itself, it is asked once
 * more, with a fresh challenge: a lock-out is not to be concluded from one answer.
 */
void doctor_told(struct engine *e, struct control *k, const struct answer *an)
{
	if (e->doctor.phase == DOCTOR_CANARY && k == e->doctor.canary)
		canary_back(e, an);
}

struct exchange *doctor_next(struct engine *e)
{
	struct doctor *d = &e->doctor;
	struct suite_step time = { .anonymous = true, .operation = STR("GetSystemDateAndTime") };
	struct session none = { 0 };
	struct built built;
	struct exchange *x;
	struct err err = { 0 };

	if (d->phase == DOCTOR_PAUSE && world_mono_ms(e->world) >= d->wake_ms)
		send_canary(e);
	if (d->phase == DOCTOR_CANARY)
		return control_next(e);
	if (d->phase != DOCTOR_CLOCK || d->in_flight)
		return NULL;
	x = exchange_new(e, OWNER_DOCTOR, d);
	if (!x)
		return NULL;
	if (build_request(e, &time, NULL, (struct binding){ 0 }, &none, x->a, true, &built, &err)) {
		exchange_free(x);
		engine_stop(e, REASON_HARNESS, err.text);
		return NULL;
	}
	x->request = built.request;
	marker_add(e, x, &x->request, STR("doctor"));
	d->in_flight = true;
	return x;
}

void doctor_done(struct engine *e, struct exchange *x)
{
	struct doctor *d = &e->doctor;
	struct survey *s = &e->r->survey;
	struct answer an;
	struct err err = { 0 };
	int64_t device_ms, offset_ms, moved_ms;

	d->in_flight = false;
	answer_read(&an, x, true);
	if (engine_watch(e, &an, false))
		return;
	if (an.outcome != OUTCOME_ACCEPTED || soap_device_time(&an.message, &device_ms, &err)) {
		send_canary(e);
		return;
	}
	offset_ms = clock_offset_ms(x, device_ms);
	moved_ms = offset_ms - e->clock_offset_ms;
	if (moved_ms < -CLOCK_TOLERANCE_MS || moved_ms > CLOCK_TOLERANCE_MS) {
		e->clock_offset_ms = offset_ms;
		s->clock_steps++;
		if (d->patient)
			d->patient->bad = false;
		engine_disturb(e, REASON_CLOCK);
		leave(e);
		return;
	}
	send_canary(e);
}
