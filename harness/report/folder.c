#include "report/folder.h"

#include "auth/hash.h"
#include "base/buf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define FILE_MAX_BYTES (1u << 30)

static void close_file(FILE **f)
{
	if (*f)
		fclose(*f);
}

static struct str path_of(struct folder *f, struct str name)
{
	return arena_fmt(&f->w.a, "%s/%.*s", f->path, STR_ARG(name));
}

static int enter(struct folder *f, struct str name, struct str octets, struct err *err)
{
	json_t *o = json_object();
	char sha256[HASH_HEX_MAX];

	if (hash_joined_hex(HASH_SHA256, &octets, 1, sha256, err)) {
		json_decref(o);
		return -1;
	}
	json_put_own(&f->w, o, "path", name);
	json_put_int(&f->w, o, "bytes", (int64_t)octets.n);
	json_put_own(&f->w, o, "sha256", str(sha256));
	json_append(&f->w, f->files, o);
	return arena_check(&f->w.a, err);
}

int folder_add(struct folder *f, struct str name, struct str octets, struct err *err)
{
	struct str path = path_of(f, name);

	if (arena_check(&f->w.a, err) || file_put(path.p, octets, err))
		return -1;
	return enter(f, name, octets, err);
}

int folder_add_json(struct folder *f, struct str name, json_t *object, struct err *err)
{
	char *dump = object && !f->w.failed ? json_dumps(object, JSON_INDENT(1)) : NULL;
	struct str text = arena_concat(&f->w.a, str(dump), STR("\n"));
	bool made = dump != NULL;

	free(dump);
	json_decref(object);
	if (!made)
		return err_set(err, ERR_NOMEM, "no memory for %.*s", STR_ARG(name));
	return folder_add(f, name, text, err);
}

static int read_all(const char *path, struct buf *out, struct err *err)
{
	FILE *in DEFER(close_file) = fopen(path, "rbe");
	char part[16384];
	size_t n;

	while (in && (n = fread(part, 1, sizeof(part), in)) > 0)
		buf_add(out, part, n);
	if (!in || ferror(in))
		return err_system(err, ERR_IO, errno, "%s: cannot read", path);
	return buf_check(out, path, err);
}

int folder_note(struct folder *f, const char *name, struct err *err)
{
	struct buf all DEFER(buf_free) = { 0 };
	struct str path = path_of(f, str(name));

	buf_init(&all, FILE_MAX_BYTES);
	if (arena_check(&f->w.a, err) || read_all(path.p, &all, err))
		return -1;
	return enter(f, str(name), buf_view(&all), err);
}

mode_t evidence_guard(const struct report_options *o)
{
	mode_t before = umask(0077);

	if (o->evidence != EVIDENCE_FULL)
		umask(before);
	return before;
}

void evidence_guard_end(mode_t before)
{
	umask(before);
}
