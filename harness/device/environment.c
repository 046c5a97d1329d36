/* environment.c - what happens to devices: lock-outs, reboots, clocks that jump, lost exchanges.  A
 * harness must take none of it for a finding.
 */
#include "device/internal.h"

#define LOCK_FAILURES 5
#define LOCK_MS       (30 * (int64_t)60000)
#define REBOOT_MS     20000
#define STEP_MS       3600000

static bool reached(const struct device *d, enum behaviour which)
{
	return d->on[which] && d->requests >= (uint64_t)d->value[which];
}

static bool rebooting(struct device *d)
{
	int64_t now_ms = world_mono_ms(d->world);

	if (reached(d, ENV_REBOOT) && !d->rebooted) {
		d->rebooted = true;
		d->down_until_ms = now_ms + REBOOT_MS;
		memory_forget(d);
	}
	return now_ms < d->down_until_ms;
}

enum device_answer environment_enter(struct call *c, bool *done)
{
	struct device *d = c->d;

	d->requests++;
	*done = true;
	if (reached(d, ENV_SILENT))
		return DEVICE_SILENT;
	if (rebooting(d) || (d->on[ENV_DROPS] && d->requests % (uint64_t)d->value[ENV_DROPS] == 0))
		return DEVICE_CLOSES;
	if (reached(d, ENV_CLOCK_STEP) && !d->stepped) {
		d->stepped = true;
		d->clock_offset_ms += STEP_MS;
	}
	*done = d->on[ENV_WRONG_HOST];
	if (*done) {
		c->out->status = 404;
		respond_header(c, "Content-Type", STR("text/html"));
		c->out->body = STR("<html><body><h1>Not Found</h1></body></html>\n");
	}
	return DEVICE_ANSWERED;
}

static bool locks(const struct device *d)
{
	return d->on[ENV_LOCKOUT] || d->on[ENV_LOCKOUT_SILENT];
}

static struct lock *lock_of(struct device *d, struct str user)
{
	size_t i = 0;

	while (i < LEVELS && !str_eq(d->account[i].user, user))
		i++;
	return &d->lock[i];
}

bool environment_locked(struct call *c, struct str user)
{
	struct lock *l = lock_of(c->d, user);

	if (!locks(c->d) || !l->until_ms)
		return false;
	if (world_mono_ms(c->d->world) < l->until_ms)
		return true;
	*l = (struct lock){ 0 };
	return false;
}

void environment_failed(struct call *c, struct str user)
{
	struct lock *l = lock_of(c->d, user);

	c->d->counted++;
	if (locks(c->d) && ++l->failures >= LOCK_FAILURES)
		l->until_ms = world_mono_ms(c->d->world) + LOCK_MS;
}

void environment_bare(struct call *c)
{
	c->d->counted++;
}

void environment_succeeded(struct call *c, const struct account *account)
{
	c->d->counted = 0;
	/* The silent one counts for ever, as the worst of them do. */
	if (account && !c->d->on[ENV_LOCKOUT_SILENT])
		*lock_of(c->d, account->user) = (struct lock){ 0 };
}

/* Never fewer than ten: this device counts, and locks nobody out. */
static struct str counted_hint(struct call *c)
{
	int64_t left = c->d->value[BARE_COUNTED] - c->d->counted;

	return arena_fmt(c->a, "You still have %d attempts.", (int)(left < 10 ? 10 : left));
}

struct str environment_hint(struct call *c)
{
	const struct lock *l;

	if (c->d->on[BARE_COUNTED])
		return counted_hint(c);

	if (!c->d->on[ENV_LOCKOUT] || c->decision == NO_CREDENTIALS)
		return STR("");
	l = lock_of(c->d, c->user);
	if (l->until_ms)
		return STR("The account is locked for 30 minutes.");
	if (!l->failures)
		return STR("");
	return arena_fmt(c->a, "You still have %d attempts.", LOCK_FAILURES - l->failures);
}
