#include "cli/inventory.h"

#include "cli/ini.h"
#include "report/report.h"
#include "wire/wire.h"

#define NAME_MAX_BYTES 60

struct entry_at {
	struct arena *a;
	struct str path;
	const struct ini_entry *e;
	struct inventory_device *d;
};

/* --- entries --- */

static int complain(const struct entry_at *at, struct err *err, const char *what)
{
	return err_set(err, ERR_INPUT, "%.*s:%d: %.*s: %s", STR_ARG(at->path), at->e->line,
		       STR_ARG(at->e->name), what);
}

static int take_option(const struct entry_at *at, struct str value, struct err *err)
{
	if (options_entry(&at->d->o, CMD_RUN, at->e->name.p, value, err) == 0)
		return 0;
	return err_prefix(err, "%.*s:%d", STR_ARG(at->path), at->e->line);
}

static int read_option(const struct entry_at *at, struct err *err)
{
	return take_option(at, at->e->value, err);
}

/* Named from the folder of the inventory, wherever the run is started. */
static int read_path(const struct entry_at *at, struct err *err)
{
	struct str file = at->e->value, folder = at->path;

	while (folder.n && folder.p[folder.n - 1] != '/')
		folder.n--;
	if (str_eq(file, STR("-")))
		return complain(at, err, "standard input serves one device, expected a file");
	if (file.n && file.p[0] != '/')
		file = arena_concat(at->a, folder, file);
	return take_option(at, file, err);
}

/* One source of a password takes the place of what the command line gave for all. */
static int read_account(const struct entry_at *at, struct err *err)
{
	at->d->o.password_file = at->d->o.netrc_file = at->d->o.password_env = (struct str){ 0 };
	if (!str_eq(at->e->name, STR("password-env")))
		return read_path(at, err);
	at->d->o.password_env = at->e->value;
	return at->e->value.n ? 0 : complain(at, err, "empty, expected the name of a variable");
}

static int read_url(const struct entry_at *at, struct err *err)
{
	struct url_parts parts;

	if (url_parse(at->e->value, &parts, err))
		return err_prefix(err, "%.*s:%d", STR_ARG(at->path), at->e->line);
	at->d->o.operand[0] = at->e->value;
	at->d->o.n_operand = 1;
	at->d->host = parts.origin;
	return 0;
}

static int read_vendor(const struct entry_at *at, struct err *err)
{
	at->d->vendor = at->e->value;
	return at->e->value.n ? 0 : complain(at, err, "empty, expected a name");
}

static int read_model(const struct entry_at *at, struct err *err)
{
	at->d->model = at->e->value;
	return at->e->value.n ? 0 : complain(at, err, "empty, expected a name");
}

/* Whoever reads the inventory would read it, and inventories are shared. */
static int refuse_password(const struct entry_at *at, struct err *err)
{
	return complain(at, err,
			"a password does not stand in an inventory, expected password-file, "
			"netrc-file or password-env");
}

static const struct {
	const char *name;
	int (*read)(const struct entry_at *at, struct err *err);
} entries[] = {
	{ "url", read_url },
	{ "user", read_option },
	{ "password-file", read_account },
	{ "netrc-file", read_account },
	{ "password-env", read_account },
	{ "password", refuse_password },
	{ "vendor", read_vendor },
	{ "model", read_model },
	{ "profile", read_option },
	{ "kind", read_option },
	{ "operation", read_option },
	{ "risk", read_option },
	{ "failures", read_option },
	{ "lab", read_option },
	{ "cleartext", read_option },
	{ "slow", read_option },
	{ "connections", read_option },
	{ "timeout", read_option },
	{ "cacert", read_path },
	{ "insecure", read_option },
	{ "waivers", read_path },
	{ "baseline", read_path },
	{ "persona", read_option },
	{ "fault", read_option },
};

#define ENTRIES (sizeof(entries) / sizeof(entries[0]))

static int unknown(const struct entry_at *at, struct err *err)
{
	const char *names[ENTRIES], *near;

	for (size_t i = 0; i < ENTRIES; i++)
		names[i] = entries[i].name;
	near = nearest(at->e->name, names, ENTRIES);
	return err_set(err, ERR_INPUT, "%.*s:%d: no entry \"%.*s\", expected %s%s",
		       STR_ARG(at->path), at->e->line, STR_ARG(str_sub(at->e->name, 0, 60)),
		       near ? near : "url, user, password-file, profile and the like",
		       near ? " perhaps" : "; countersign help run shows all");
}

static int read_entry(const struct entry_at *at, struct err *err)
{
	for (size_t i = 0; i < ENTRIES; i++)
		if (str_eq(at->e->name, str(entries[i].name)))
			return entries[i].read(at, err);
	return unknown(at, err);
}

/* --- names --- */

static bool is_name(struct str s)
{
	bool ok = s.n && s.n <= NAME_MAX_BYTES && (char_is_alpha(s.p[0]) || char_is_digit(s.p[0]));

	for (size_t i = 0; ok && i < s.n; i++)
		ok = char_is_alpha(s.p[i]) || char_is_digit(s.p[i]) || strchr("._-", s.p[i]);
	return ok;
}

/* Names that differ in case or punctuation alone would be one folder or one suite somewhere. */
static struct str slug_of(struct arena *a, struct str name)
{
	char *p = arena_alloc(a, name.n + 1);

	for (size_t i = 0; p && i < name.n; i++)
		p[i] = strchr("._", name.p[i]) ? '-' : char_lower(name.p[i]);
	return str_n(p, p ? name.n : 0);
}

/* --- a section, and all --- */

static int wrong_section(const struct inventory *v, const struct inventory_device *d,
			 struct err *err, const char *what)
{
	return err_set(err, ERR_INPUT, "%.*s:%d: [%.*s]: %s", STR_ARG(v->file), d->line,
		       STR_ARG(str_sub(d->name, 0, NAME_MAX_BYTES)), what);
}

static int check_unique(const struct inventory *v, const struct inventory_device *d,
			struct err *err)
{
	for (const struct inventory_device *p = v->device; p < d; p++) {
		bool same_url = d->host.p && p->host.p &&
				str_eq(p->o.operand[0], d->o.operand[0]) &&
				str_eq(p->o.kind, d->o.kind) && str_eq(p->o.user, d->o.user);

		if (!str_eq(p->slug, d->slug) && !same_url)
			continue;
		return err_set(
			err, ERR_INPUT, "%.*s:%d: [%.*s]: %s line %d, expected each device once",
			STR_ARG(v->file), d->line, STR_ARG(d->name),
			same_url ? "its url, kind and user are those of" : "its name is that of",
			p->line);
	}
	return 0;
}

static int read_section(struct arena *a, const struct inventory *v, const struct ini_section *s,
			const struct options *base, struct inventory_device *d, struct err *err)
{
	*d = (struct inventory_device){ .name = s->name, .o = *base, .line = s->line };
	if (!s->n)
		return err_set(err, ERR_INPUT,
			       "%.*s:%d: an empty section, expected url or persona below it",
			       STR_ARG(v->file), d->line);
	if (!is_name(d->name))
		return wrong_section(v, d, err,
				     "expected a name of letters, digits, \".\", \"_\" and \"-\", "
				     "of at most 60");
	d->slug = slug_of(a, d->name);
	for (size_t i = 0; i < s->n; i++) {
		struct entry_at at = { a, v->file, &s->entry[i], d };

		if (read_entry(&at, err))
			return -1;
	}
	if (!d->host.p && !d->o.persona.p)
		return wrong_section(v, d, err,
				     "no url, expected one, or persona for the built-in device");
	if (d->host.p && (d->o.persona.p || d->o.fault.n))
		return wrong_section(
			v, d, err, "persona and fault are of the built-in device, expected no url");
	return check_unique(v, d, err);
}

int inventory_parse(struct arena *a, struct str path, struct str text, const struct options *base,
		    struct inventory *out, struct err *err)
{
	struct ini_file f;

	if (ini_read(a, path, text, &f, err))
		return -1;
	*out = (struct inventory){ .file = path };
	if (!f.n)
		return err_set(err, ERR_INPUT, "%.*s:1: no device, expected a [section] for each",
			       STR_ARG(path));
	if (f.n > INVENTORY_DEVICES_MAX)
		return err_set(err, ERR_INPUT, "%.*s:%d: expected at most %d devices",
			       STR_ARG(path), f.section[INVENTORY_DEVICES_MAX].line,
			       INVENTORY_DEVICES_MAX);
	out->device = arena_array(a, struct inventory_device, f.n);
	if (!out->device)
		return arena_check(a, err);
	for (; out->n < f.n; out->n++)
		if (read_section(a, out, &f.section[out->n], base, &out->device[out->n], err))
			return -1;
	return arena_check(a, err);
}

int inventory_read(struct arena *a, struct str path, const struct options *base,
		   struct inventory *out, struct err *err)
{
	struct str text;

	if (file_read(a, path, INVENTORY_MAX, "an inventory", &text, err))
		return -1;
	return inventory_parse(a, path, text, base, out, err);
}

const struct inventory_device *inventory_find(struct arena *a, const struct inventory *v,
					      struct str name, struct err *err)
{
	const char **names = arena_array(a, const char *, v->n), *near;

	for (size_t i = 0; names && i < v->n; i++) {
		if (str_eq(v->device[i].name, name))
			return &v->device[i];
		names[i] = arena_str(a, v->device[i].name).p;
	}
	if (arena_check(a, err))
		return NULL;
	near = nearest(name, names, v->n);
	err_set(err, ERR_INPUT, "--device %.*s: no section of %.*s%s%s", STR_ARG(name),
		STR_ARG(v->file), near ? ", did you mean " : "", near ? near : "");
	return NULL;
}
