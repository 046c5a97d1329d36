#include "cli/inventory_device.h"

#include "cli/inventory.h"
#include "engine/result.h"
#include "wire/wire.h"

#define DEVICE_ARENA_MAX (256u << 20)

/* The account of the section goes with it, so it goes to no other host. */
static int turn_page(const struct inventory *v, const struct inventory_device *d,
		     const struct options *asked, struct options *o, struct err *err)
{
	struct url_parts parts;

	if (!asked->n_operand)
		return 0;
	if (url_parse(asked->operand[0], &parts, err))
		return -1;
	if (!d->host.p)
		return err_set(err, ERR_INPUT,
			       "%.*s:%d: [%.*s] is the built-in device, which has no other page",
			       STR_ARG(v->file), d->line, STR_ARG(d->name));
	if (!str_ieq(parts.origin, d->host))
		return err_set(err, ERR_INPUT, "%.*s:%d: [%.*s]: %.*s is not of %.*s",
			       STR_ARG(v->file), d->line, STR_ARG(d->name),
			       STR_ARG(asked->operand[0]), STR_ARG(d->host));
	o->operand[0] = asked->operand[0];
	o->kind = asked->kind;
	o->kind_given = asked->kind_given;
	o->profile = asked->profile;
	o->operation = asked->operation;
	return 0;
}

static int choose(struct arena *a, const struct options *asked, struct cli *one,
		  struct inventory_place *place, struct err *err)
{
	const struct inventory_device *d;
	struct options *base = arena_new(a, struct options);
	struct inventory v;

	if (!base)
		return arena_check(a, err);
	if (!asked->targets.p)
		return err_set(err, ERR_INPUT,
			       "--device %.*s: expected --targets FILE, where it stands",
			       STR_ARG(asked->device));
	*base = *asked;
	base->n_operand = 0;
	base->targets = base->device = (struct str){ 0 };
	if (inventory_read(a, asked->targets, base, &v, err))
		return -1;
	d = inventory_find(a, &v, asked->device, err);
	if (!d)
		return -1;
	one->o = d->o;
	*place = (struct inventory_place){ d->name, d->vendor, d->model, (int)(d - v.device) + 1,
					   (int)v.n };
	return turn_page(&v, d, asked, &one->o, err);
}

int inventory_device_run(const struct cli *cli, int (*run)(const struct cli *cli))
{
	struct arena a DEFER(arena_free);
	struct inventory_place place;
	struct cli one = *cli;
	struct err err = { 0 };

	arena_init(&a, DEVICE_ARENA_MAX);
	if (choose(&a, &cli->o, &one, &place, &err))
		return cli_fail(&err);
	one.place = &place;
	return run(&one);
}
