#include "bundle/files.h"

#include "auth/hash.h"

#include <stdlib.h>

static bool char_ok(char c)
{
	return char_is_alpha(c) || char_is_digit(c) || c == '.' || c == '_' || c == '=' || c == '-';
}

bool files_name_ok(struct str name)
{
	bool at_start = true;

	if (name.n > BUNDLE_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (c == '/' ? at_start : !char_ok(c) || (at_start && (c == '.' || c == '-')))
			return false;
		at_start = c == '/';
	}
	return !at_start;
}

void files_add(struct arena *a, struct bundle_files *f, struct str name, struct str octets)
{
	if (f->n == f->room) {
		size_t room = f->room ? 2 * f->room : 64;
		struct bundle_file *grown = arena_array(a, struct bundle_file, room);

		if (!grown)
			return;
		if (f->n)
			memcpy(grown, f->v, f->n * sizeof(*grown));
		f->v = grown;
		f->room = room;
	}
	f->v[f->n++] = (struct bundle_file){ arena_str(a, name), octets };
}

/* As strcmp; no name has a NUL. */
static int order(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

static int compare(const void *x, const void *y)
{
	const struct bundle_file *a = x, *b = y;

	return order(a->name, b->name);
}

void files_sort(struct bundle_files *f)
{
	if (f->n)
		qsort(f->v, f->n, sizeof(*f->v), compare);
}

const struct bundle_file *files_find(const struct bundle_files *f, struct str name)
{
	size_t from = 0, to = f->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int c = order(name, f->v[middle].name);

		if (c == 0)
			return &f->v[middle];
		if (c < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

struct str files_get(const struct bundle_files *f, const char *name)
{
	const struct bundle_file *found = files_find(f, str(name));

	return found ? found->octets : (struct str){ 0 };
}

int files_sha256(struct str octets, char hex[static BUNDLE_SHA256], struct err *err)
{
	_Static_assert(BUNDLE_SHA256 == HASH_HEX_MAX, "the longest digest of auth/hash.h");
	return hash_joined_hex(HASH_SHA256, &octets, 1, hex, err);
}

/* The signature, and what is about it, cannot stand in what is signed. */
static bool is_summed(struct str name)
{
	return !str_eq(name, STR(BUNDLE_SUMS)) && !str_eq(name, STR(BUNDLE_P7S)) &&
	       !str_eq(name, STR(BUNDLE_DSSE));
}

bool files_is_own(struct str name)
{
	return !is_summed(name) || str_eq(name, STR(BUNDLE_CARD));
}

int files_sums(const struct bundle_files *f, struct buf *out, struct err *err)
{
	char hex[BUNDLE_SHA256];

	for (size_t i = 0; i < f->n; i++) {
		if (!is_summed(f->v[i].name))
			continue;
		if (files_sha256(f->v[i].octets, hex, err))
			return -1;
		buf_fmt(out, "%s  %.*s\n", hex, STR_ARG(f->v[i].name));
	}
	return buf_check(out, BUNDLE_SUMS, err);
}

/* The next line of *sums; name.n 0 at the end. */
static int next_line(struct str *sums, struct str *hex, struct str *name, struct err *err)
{
	struct str line = str_cut(sums, '\n');

	*hex = str_sub(line, 0, BUNDLE_SHA256 - 1);
	*name = str_sub(line, BUNDLE_SHA256 + 1, line.n);
	if (!line.n && !sums->n)
		return 0;
	if (!files_name_ok(*name) || !str_eq(str_sub(line, BUNDLE_SHA256 - 1, 2), STR("  ")))
		return err_set(err, ERR_PARSE,
			       BUNDLE_SUMS ": a line is not \"SHA-256, two spaces, name\"");
	return 0;
}

static int check_one(const struct bundle_file *f, struct str hex, struct err *err)
{
	char own[BUNDLE_SHA256];

	if (files_sha256(f->octets, own, err))
		return -1;
	if (str_eq(hex, str(own)))
		return 0;
	return err_set(err, ERR_PARSE, "%.*s: changed, its SHA-256 is not that of " BUNDLE_SUMS,
		       STR_ARG(f->name));
}

int files_check_sums(const struct bundle_files *f, struct str sums, struct err *err)
{
	struct str hex, name;

	for (size_t i = 0; i <= f->n; i++) {
		const struct bundle_file *file = i < f->n ? &f->v[i] : NULL;
		int c;

		if (file && !is_summed(file->name))
			continue;
		if (next_line(&sums, &hex, &name, err))
			return -1;
		if (!file && !name.n)
			return 0;
		c = !name.n ? 1 : !file ? -1 : order(name, file->name);
		if (c < 0)
			return err_set(err, ERR_PARSE, "%.*s: missing, " BUNDLE_SUMS " names it",
				       STR_ARG(name));
		if (c > 0)
			return err_set(err, ERR_PARSE, "%.*s: not named by " BUNDLE_SUMS,
				       STR_ARG(file->name));
		if (check_one(file, hex, err))
			return -1;
	}
	return 0;
}
