/* evidence.c - each case as it went: raw octets, three clocks, what was expected and what came. */
#include "report/folder.h"

#include "auth/hash.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#define FORMAT         1
#define TOP            "evidence"
#define NAME_MAX_BYTES 200 /* of a variant's folder, without its hash */

const struct redactor *evidence_redactor(const struct report_options *o)
{
	static const struct redactor none = { .off = true };

	return o->evidence == EVIDENCE_FULL ? &none : o->redactor;
}

struct str evidence_sent(struct arena *a, const struct report_options *o,
			 const struct step_result *s)
{
	return redact(evidence_redactor(o), a, s->sent);
}

struct str evidence_received(struct arena *a, const struct report_options *o,
			     const struct step_result *s)
{
	struct redactor own = write_redactor(evidence_redactor(o), s);

	return redact(&own, a, s->received);
}

/* --- what an earlier run left --- */

static bool is_ours(struct str name)
{
	return str_eq(name, STR("case.json")) || str_ends(name, STR(".request")) ||
	       str_ends(name, STR(".response"));
}

static void clear_folder(int above, const char *name)
{
	int fd = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *one;

	if (!d) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((one = readdir(d)))
		if (is_ours(str(one->d_name)))
			unlinkat(fd, one->d_name, 0);
	closedir(d);
	unlinkat(above, name, AT_REMOVEDIR);
}

void evidence_clear(const struct folder *f)
{
	struct arena a;
	struct str path;
	const struct dirent *one;
	DIR *d;

	arena_init(&a, 1 << 16);
	path = arena_fmt(&a, "%s/" TOP, f->path);
	d = path.n ? opendir(path.p) : NULL;
	while (d && (one = readdir(d)))
		if (one->d_name[0] != '.')
			clear_folder(dirfd(d), one->d_name);
	if (d)
		closedir(d);
	arena_free(&a);
}

/* --- what this one brought --- */

/* The id, fit for every file system; a hash tells apart what became the same. */
static struct str folder_name(struct arena *a, struct str id, struct err *err)
{
	size_t n = id.n < NAME_MAX_BYTES ? id.n : NAME_MAX_BYTES;
	char *p = arena_alloc(a, n + 1), hex[HASH_HEX_MAX];
	bool same = n == id.n;

	for (size_t i = 0; p && i < n; i++) {
		char c = id.p[i];
		bool plain = char_is_alpha(c) || char_is_digit(c) || c == '_' || c == '=' ||
			     c == '-' || (c == '.' && i);

		p[i] = plain ? c : '_';
		same = same && plain;
	}
	if (!p || (!same && hash_joined_hex(HASH_SHA256, &id, 1, hex, err)))
		return STR("");
	return same ? str_n(p, n) : arena_fmt(a, "%.*s-%.8s", (int)n, p, hex);
}

/* One direction of a step: its file, or null when nothing came or nothing was kept. */
static int write_octets(struct folder *f, json_t *step, const char *direction, struct str folder,
			struct str stem, struct str octets, struct err *err)
{
	struct arena *a = &f->w.a;
	struct str file = arena_fmt(a, "%.*s.%s", STR_ARG(stem), direction);

	json_put(&f->w, step, direction, octets.n ? json_stringn(file.p, file.n) : json_null());
	if (!octets.n)
		return arena_check(a, err);
	return folder_add(f, arena_fmt(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(file)), octets,
			  err);
}

static int write_steps(struct folder *f, json_t *steps, const struct variant_result *v,
		       struct str folder, struct err *err)
{
	for (size_t i = 0; i < v->n_step; i++) {
		const struct step_result *s = &v->step[i];
		json_t *o = json_step(&f->w, s);
		struct str stem = arena_fmt(&f->w.a, "%02zu-%s", i + 1, s->role ? s->role : "step");

		json_put_int(&f->w, o, "sent_kept", (int64_t)s->sent.n);
		json_put_int(&f->w, o, "received_kept", (int64_t)s->received.n);
		json_append(&f->w, steps, o);
		if (write_octets(f, o, "request", folder, stem, evidence_sent(&f->w.a, f->o, s),
				 err) ||
		    write_octets(f, o, "response", folder, stem,
				 evidence_received(&f->w.a, f->o, s), err))
			return -1;
	}
	return 0;
}

static json_t *bindings(struct json_writer *w, const struct suite_variant *v)
{
	json_t *o = json_object();

	for (size_t i = 0; v->choice && i < v->c->n_axis; i++) {
		const struct suite_axis *x = &v->c->axis[i];

		json_put_own(w, o, arena_str(&w->a, x->name).p, x->value[v->choice[i]]);
	}
	return o;
}

static int write_case(struct folder *f, const struct variant_result *v, struct err *err)
{
	struct arena *a = &f->w.a;
	struct str name = folder_name(a, v->variant->id, err), folder, path;
	json_t *o, *steps;

	if (!name.n)
		return err->code ? -1 : err_set(err, ERR_INTERNAL, "a case without an id");
	folder = arena_fmt(a, TOP "/%.*s", STR_ARG(name));
	path = arena_fmt(a, "%s/%.*s", f->path, STR_ARG(folder));
	if (arena_check(a, err) || folder_make(path.p, err))
		return -1;
	o = json_variant(&f->w, v);
	steps = json_array();
	json_put_int(&f->w, o, "format", FORMAT);
	json_put(&f->w, o, "bindings", bindings(&f->w, v->variant));
	json_put(&f->w, o, "steps", steps);
	if (write_steps(f, steps, v, folder, err)) {
		json_decref(o);
		return -1;
	}
	return folder_add_json(f, arena_fmt(a, "%.*s/case.json", STR_ARG(folder)), o, err);
}

int evidence_write(struct folder *f, struct err *err)
{
	for (size_t i = 0; i < f->w.r->n_variant; i++) {
		write_recycle(&f->w.a, &f->w.keep);
		if (write_case(f, &f->w.r->variant[i], err))
			return -1;
	}
	return arena_check(&f->w.keep, err);
}
