#include "cli/target.h"

#include <stdio.h>

#define ROUND_TRIP_MS   2 /* of the built-in device, on its own clock */
#define LAB_CONNECTIONS 8

static void names_of_personas(char *out, size_t room)
{
	size_t n = 0;

	out[0] = '\0';
	for (const struct persona *p = personas; p->name && n < room; p++)
		n += (size_t)snprintf(out + n, room - n, " %s", p->name);
}

static const char *nearest_fault(struct str name)
{
	const char *names[256];
	size_t n = 0;

	for (const struct fault *f = faults; f->name && n < COUNT(names); f++)
		names[n++] = f->name;
	return nearest(name, names, n);
}

int target_device(struct device_options *out, const struct options *o, struct err *err)
{
	bool http = str_eq(o->kind, STR("http"));
	struct str name = o->persona.p ? o->persona : http ? STR("http") : STR("onvif");
	char known[256];

	*out = (struct device_options){ .persona = persona_find(name),
					.ignore_time = o->ignore_time,
					.clock_offset_ms = o->clock_offset_ms };
	if (!out->persona) {
		names_of_personas(known, sizeof(known));
		return err_set(err, ERR_INPUT, "--persona %.*s: expected one of%s", STR_ARG(name),
			       known);
	}
	if (o->fault.n > DEVICE_FAULTS)
		return err_set(err, ERR_INPUT, "--fault more than %d times", DEVICE_FAULTS);
	for (size_t i = 0; i < o->fault.n; i++) {
		const struct fault *f = fault_find(o->fault.v[i]);
		const char *near = f ? NULL : nearest_fault(o->fault.v[i]);

		if (!f)
			return err_set(err, ERR_INPUT,
				       "--fault %.*s: no such fault%s%s; countersign device "
				       "--list-faults shows all",
				       STR_ARG(o->fault.v[i]), near ? ", did you mean " : "",
				       near ? near : "");
		out->fault[out->n_fault++] = f;
	}
	return 0;
}

static int open_built_in(struct target *t, const struct options *o, struct err *err)
{
	struct world real = world_real();
	struct device_options d;
	uint64_t chance;

	if (o->password_file.p || o->netrc_file.p || o->user_given)
		return err_set(err, ERR_INPUT,
			       "--user, --password-file and --netrc-file need a URL: the built-in "
			       "device has its own accounts");
	if (target_device(&d, o, err))
		return -1;
	if (o->kind_given && str_eq(o->kind, STR("onvif")) != d.persona->soap)
		return err_set(err, ERR_INPUT, "--kind %.*s: persona %s is of the other kind",
			       STR_ARG(o->kind), d.persona->name);
	world_random(&real, &chance, sizeof(chance));
	virtual_world_init(&t->clock, world_wall_ms(&real), o->seed.p ? 1 : chance);
	t->world = world_virtual(&t->clock);
	t->device = device_new(&d, &t->world, err);
	if (!t->device)
		return -1;
	t->wire = wire_memory_new(t->device, &t->clock, ROUND_TRIP_MS, o->timeout_ms, err);
	if (!t->wire)
		return -1;
	t->built_in = t->loopback = true;
	t->http_kind = !d.persona->soap;
	t->profile = d.persona->profile;
	t->tls = d.persona->tls;
	t->url = arena_fmt(&t->a, "%s://127.0.0.1%s", t->tls ? "https" : "http",
			   device_path(t->device));
	t->user = persona_user(d.persona);
	t->password = persona_password(d.persona);
	return arena_check(&t->a, err);
}

static int open_url(struct target *t, const struct options *o, struct err *err)
{
	struct wire_options w = { .url = o->operand[0],
				  .timeout_ms = o->timeout_ms,
				  .ca_file = o->cacert.p,
				  .insecure = o->insecure,
				  .hub = t->hub };
	struct url_parts parts;

	if (o->persona.p || o->fault.n)
		return err_set(err, ERR_INPUT,
			       "--persona and --fault are for the built-in device: leave the URL "
			       "away, or run countersign device");
	if (url_parse(o->operand[0], &parts, err))
		return -1;
	t->url = o->operand[0];
	t->tls = parts.tls;
	t->loopback = parts.loopback;
	t->http_kind = str_eq(o->kind, STR("http"));
	t->profile = t->http_kind ? "rfc7616" : "onvif-core";
	t->world = world_real();
	t->lab = o->lab || (t->loopback && !o->failures.p);
	t->connections = o->connections ? (int)o->connections : t->lab ? LAB_CONNECTIONS : 1;
	w.connections = t->connections;
	if (o->dry_run) { /* nothing is sent, so no password is needed */
		t->user = o->user;
		return 0;
	}
	if (secret_find(&t->secret, o, parts.host, err))
		return -1;
	t->user = t->secret.user;
	t->password = t->secret.password;
	t->wire = wire_http_new(&w, &t->world, err);
	return t->wire ? 0 : -1;
}

int target_open(struct target *t, const struct options *o, struct err *err)
{
	arena_init(&t->a, 1 << 20);
	if (o->n_operand)
		return open_url(t, o, err);
	t->lab = o->lab || !o->failures.p;
	t->connections = o->connections ? (int)o->connections : 1;
	return open_built_in(t, o, err);
}

void target_drop_wire(struct target *t)
{
	if (t->wire)
		t->wire->ops->free(t->wire);
	t->wire = NULL;
}

void target_close(struct target *t)
{
	target_drop_wire(t);
	device_free(t->device);
	secret_wipe(&t->secret);
	arena_free(&t->a);
}
