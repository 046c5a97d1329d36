#include "cli/lab.h"

#define ROUND_TRIP_MS 2
#define TIMEOUT_MS    10000

const struct profile *lab_everything(void)
{
	static struct profile_rule rule = { .document = { "*", 1 } };
	static const struct profile everything = { .id = { "everything", 10 },
						   .rule = &rule,
						   .n_rule = 1 };

	for (int l = 0; l < LEVEL_COUNT; l++) {
		rule.gate[l] = l != LEVEL_MEASURE;
		rule.note[l] = l == LEVEL_MEASURE;
	}
	return &everything;
}

static void drop_device(struct device **d)
{
	device_free(*d);
}

static void drop_wire(struct wire **w)
{
	if (*w)
		(*w)->ops->free(*w);
}

static void drop_engine(struct engine **e)
{
	engine_free(*e);
}

int lab_run(const struct lab *lab, struct run_result *r, struct err *err)
{
	struct virtual_world clock;
	struct world world;
	struct engine_options o = lab->engine;
	struct device *device DEFER(drop_device) = NULL;
	struct engine *engine DEFER(drop_engine) = NULL;
	struct wire *wire DEFER(drop_wire) =
		NULL; /* goes before the engine, which owns what flies */

	virtual_world_init(&clock, LAB_WALL_MS, 1);
	world = world_virtual(&clock);
	device = device_new(&lab->device, &world, err);
	if (!device)
		return -1;
	o.catalogue = lab->catalogue;
	o.profile = lab->profile;
	o.http_kind = !lab->device.persona->soap;
	o.tls = lab->device.persona->tls;
	o.url = arena_fmt(&r->a, "%s://127.0.0.1%s", o.tls ? "https" : "http", device_path(device));
	o.loopback = o.lab = o.slow = true;
	if (!o.account.user.p)
		o.account = (struct craft_account){ persona_user(lab->device.persona),
						    persona_password(lab->device.persona) };
	if (!o.seed.p)
		o.seed = STR("countersign");
	if (!o.connections)
		o.connections = 1;
	engine = engine_new(&o, &world, r, err);
	if (!engine)
		return -1;
	wire = wire_memory_new(device, &clock, ROUND_TRIP_MS, TIMEOUT_MS, err);
	if (!wire)
		return -1;
	return engine_drive(engine, wire, lab->interrupted, err);
}
