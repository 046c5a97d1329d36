#include "auth/craft.h"

#include "auth/deviate.h"

static const struct {
	const char *name;
	const struct crafter *crafter;
} mechanisms[] = {
	[MECH_BASIC] = { "basic", &basic_crafter },
	[MECH_DIGEST] = { "digest", &digest_crafter },
	[MECH_TOKEN] = { "token", &token_crafter },
};
_Static_assert(COUNT(mechanisms) == MECHANISMS, "one row per enum mechanism");

const char *mechanism_name(enum mechanism m)
{
	return mechanisms[m].name;
}

static int apply(struct craft *c, const struct deviate *v, struct err *err)
{
	if (v->d->apply(c, v->value, err) || arena_check(c->a, err))
		return err_prefix(err, "%s %s=\"%.*s\": ", mechanism_name(c->mech), v->d->name,
				  STR_ARG(v->value));
	return 0;
}

/* In the order of the table, whatever the order in the case. */
static int run_stage(struct craft *c, enum deviation_stage stage, const struct deviate *deviate,
		     size_t n, struct err *err)
{
	for (const struct deviation *d = deviations; d->name; d++) {
		for (size_t i = 0; d->stage == stage && i < n; i++)
			if (deviate[i].d == d && apply(c, &deviate[i], err))
				return -1;
	}
	return 0;
}

static int check(enum mechanism mech, const struct deviate *deviate, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		if (deviate[i].d->mech != mech)
			return err_set(err, ERR_INPUT, "%s is no deviation of %s",
				       deviate[i].d->name, mechanism_name(mech));
		if (deviation_check(deviate[i].d, deviate[i].value, err))
			return -1;
	}
	return 0;
}

/* Octets that would end the header line early would make another request of it. */
static int check_fields(const struct craft *c, struct err *err)
{
	for (size_t i = 0; i < c->n_field; i++) {
		for (size_t k = 0; k < c->field[i].n; k++) {
			unsigned char octet = (unsigned char)c->field[i].p[k];

			if ((octet < 0x20 && octet != '\t') || octet == 0x7f)
				return err_set(err, ERR_INPUT,
					       "octet %02x cannot stand in a header field", octet);
		}
	}
	return 0;
}

int craft_credentials(struct craft *out, struct arena *a, enum mechanism mech,
		      const struct craft_in *in, struct craft_memory *memory,
		      const struct deviate *deviate, size_t n_deviate, struct err *err)
{
	const struct crafter *crafter = mechanisms[mech].crafter;

	*out = (struct craft){ .a = a, .in = in, .memory = memory, .mech = mech };
	if (check(mech, deviate, n_deviate, err) || crafter->start(out, err))
		return -1;
	if (run_stage(out, STAGE_VALUES, deviate, n_deviate, err) || crafter->hash(out, err))
		return -1;
	if (run_stage(out, STAGE_PARAMS, deviate, n_deviate, err) || crafter->write(out, err))
		return -1;
	if (run_stage(out, STAGE_FIELDS, deviate, n_deviate, err) || check_fields(out, err))
		return -1;
	if (arena_check(a, err))
		return -1;
	crafter->remember(out);
	return 0;
}
