/* judge_timestamp.c - the Timestamp of a Security header: WSS core 10, WS-I BSP R3203, R3224,
 * R3227. */
#include "device/internal.h"

#include "auth/datetime.h"

struct timestamp {
	int n_created, n_expires;
	bool broken; /* a time that cannot be read */
	int64_t created_ms, expires_ms;
};

static void take_time(struct timestamp *t, int *count, int64_t *ms, struct str text)
{
	struct datetime when;
	struct err ignored = { 0 };

	(*count)++;
	if (datetime_parse(str_trim(text), &when, &ignored) || !when.has_zone)
		t->broken = true;
	else
		*ms = when.unix_ms;
}

/* A second Timestamp shows as a second Created. */
static struct timestamp timestamp_read(const struct soap_message *m)
{
	struct timestamp t = { 0 };

	for (size_t i = 0; i < m->n_leaf; i++) {
		const struct soap_leaf *l = &m->leaf[i];

		if (!str_eq(l->parent, STR("Timestamp")) ||
		    !str_eq(l->grandparent, STR("Security")))
			continue;
		if (str_eq(l->name, STR("Created")))
			take_time(&t, &t.n_created, &t.created_ms, l->text);
		else if (str_eq(l->name, STR("Expires")))
			take_time(&t, &t.n_expires, &t.expires_ms, l->text);
	}
	return t;
}

void judge_timestamp(const struct call *c, struct defects *out)
{
	struct timestamp t = timestamp_read(&c->soap);
	int64_t late_ms = device_clock_ms(c->d) - t.expires_ms;

	if (!t.n_created && !t.n_expires)
		return;
	if (t.broken || t.n_created != 1 || t.n_expires > 1 ||
	    (t.n_expires && t.expires_ms < t.created_ms))
		defect_set(out, DEFECT_TIMESTAMP_FORM);
	else if (t.n_expires && !c->d->ignore_time && late_ms > c->d->persona->skew_past_ms)
		defect_set(out, DEFECT_TIMESTAMP_EXPIRED);
}
