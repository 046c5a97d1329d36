#include "bundle/pack.h"

#include "report/report.h"

#include <archive.h>
#include <archive_entry.h>

/* A full run of a thousand variants is some 20 MiB in 8000 files, and presses to a tenth. */
const struct pack_caps pack_caps = {
	.octets = (size_t)512 << 20,
	.files = 100000,
	.ratio = 200,
};

static void drop_reader(struct archive **x)
{
	archive_read_free(*x);
}

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "no memory for an archive");
}

/* --- gzip --- */

#define GZIP_HEAD 10 /* octets; RFC 1952, 2.3 */
#define GZIP_TAIL 8  /* CRC-32, then the length modulo 2^32 */

static uint32_t crc32_of(struct str s)
{
	uint32_t table[256], crc = 0xffffffff;

	for (uint32_t i = 0; i < 256; i++) {
		table[i] = i;
		for (int k = 0; k < 8; k++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320 : 0);
	}
	for (size_t i = 0; i < s.n; i++)
		crc = crc >> 8 ^ table[(crc ^ (unsigned char)s.p[i]) & 0xff];
	return ~crc;
}

static uint32_t little_endian(const char *p)
{
	uint32_t n = 0;

	for (int i = 3; i >= 0; i--)
		n = n << 8 | (unsigned char)p[i];
	return n;
}

static bool too_much(const struct pack_caps *caps, size_t from, size_t to)
{
	return to > caps->octets || (to > PACK_RATIO_FREE && to / caps->ratio > from);
}

static int inflate(struct archive *x, struct str octets, const struct pack_caps *caps,
		   struct buf *tar, struct err *err)
{
	struct archive_entry *e;
	static const size_t step = 1 << 16;
	char room[1 << 16];
	la_ssize_t n;

	if (archive_read_support_filter_gzip(x) || archive_read_support_format_raw(x) ||
	    archive_read_open_memory(x, octets.p, octets.n) || archive_read_next_header(x, &e))
		return err_set(err, ERR_PARSE, "the gzip layer is damaged");
	while ((n = archive_read_data(x, room, step)) > 0) {
		if (too_much(caps, octets.n, tar->n + (size_t)n))
			return err_set(err, ERR_LIMIT,
				       "%zu octets of gzip hold more than a bundle has (at most "
				       "%zu octets, and %zu for each one)",
				       octets.n, caps->octets, caps->ratio);
		buf_add(tar, room, (size_t)n);
	}
	if (n < 0)
		return err_set(err, ERR_PARSE, "the gzip layer is damaged, or ends early");
	return buf_check(tar, "the bundle", err);
}

int pack_gunzip(struct str octets, const struct pack_caps *caps, struct buf *tar, struct err *err)
{
	static const char head[GZIP_HEAD] = { 0x1f, (char)0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };
	struct archive *x DEFER(drop_reader) = archive_read_new();

	if (!x)
		return no_memory(err);
	if (octets.n < GZIP_HEAD + GZIP_TAIL || memcmp(octets.p, head, 3) != 0)
		return err_set(err, ERR_PARSE, "this is no gzip file");
	if (memcmp(octets.p, head, GZIP_HEAD) != 0)
		return err_set(err, ERR_PARSE, "the header of the gzip layer was changed");
	if (inflate(x, octets, caps, tar, err))
		return -1;
	/* libarchive reads past both. */
	if (little_endian(octets.p + octets.n - 8) != crc32_of(buf_view(tar)) ||
	    little_endian(octets.p + octets.n - 4) != (uint32_t)tar->n)
		return err_set(err, ERR_PARSE,
			       "the gzip layer is damaged, ends early, or something stands "
			       "behind it");
	return 0;
}

/* --- tar --- */

/* What an archive says of itself is cleaned before it is told. */
static int complain(struct str name, struct err *err, const char *what)
{
	struct arena a;

	arena_init(&a, 1 << 20);
	err_set(err, ERR_PARSE, "%.*s: %s", STR_ARG(text_clean(&a, name, 200)), what);
	arena_free(&a);
	return -1;
}

static int check_name(const struct bundle_files *out, struct str full, struct str *name,
		      struct err *err)
{
	const struct bundle_file *last = out->n ? &out->v[out->n - 1] : NULL;

	*name = str_sub(full, sizeof(PACK_FOLDER) - 1, full.n);
	if (!str_starts(full, STR(PACK_FOLDER)) || !files_name_ok(*name))
		return complain(full, err,
				"a name that no bundle has, expected " PACK_FOLDER
				" and parts of letters, digits and ._=-");
	if (last && strcmp(name->p, last->name.p) == 0)
		return complain(*name, err, "comes twice");
	if (last && strcmp(name->p, last->name.p) < 0)
		return complain(*name, err, "comes twice, or out of order");
	return 0;
}

static int check_kind(struct archive_entry *e, struct str name, struct err *err)
{
	if (archive_entry_filetype(e) != AE_IFREG || archive_entry_hardlink(e) ||
	    archive_entry_symlink(e) || archive_entry_sparse_count(e))
		return complain(name, err, "is a link, folder or device, expected a plain file");
	return 0;
}

static int read_file(struct arena *a, struct archive *x, struct archive_entry *e, size_t most,
		     struct str *out, struct err *err)
{
	la_int64_t size = archive_entry_size(e);
	char *p;

	if (size < 0 || (uint64_t)size > most)
		return err_set(err, ERR_PARSE, "is longer than its archive");
	p = arena_alloc(a, (size_t)size + 1);
	if (!p)
		return err_set(err, ERR_LIMIT, "no memory for it");
	if (archive_read_data(x, p, (size_t)size) != (la_ssize_t)size)
		return err_set(err, ERR_PARSE, "ends early");
	*out = str_n(p, (size_t)size);
	return 0;
}

static int add_entry(struct arena *a, struct archive *x, struct archive_entry *e, size_t *left,
		     struct bundle_files *out, struct err *err)
{
	struct str full = str(archive_entry_pathname(e)), name, octets;

	if (check_name(out, full, &name, err) || check_kind(e, name, err))
		return -1;
	if (read_file(a, x, e, *left, &octets, err))
		return err_prefix(err, "%.*s", STR_ARG(name));
	*left -= octets.n;
	if (!out->n)
		out->mtime_s = (int64_t)archive_entry_mtime(e);
	files_add(a, out, name, octets);
	return arena_check(a, err);
}

int pack_list(struct arena *a, struct str tar, const struct pack_caps *caps,
	      struct bundle_files *out, struct err *err)
{
	struct archive *x DEFER(drop_reader) = archive_read_new();
	struct archive_entry *e;
	size_t left = tar.n; /* files are no longer than what they stand in */
	int status;

	*out = (struct bundle_files){ 0 };
	if (!x)
		return no_memory(err);
	if (!tar.n || archive_read_support_format_tar(x) ||
	    archive_read_open_memory(x, tar.p, tar.n))
		return err_set(err, ERR_PARSE, "the gzip layer holds no tar");
	while ((status = archive_read_next_header(x, &e)) == ARCHIVE_OK) {
		if (out->n == caps->files)
			return err_set(err, ERR_LIMIT, "more than %zu files", caps->files);
		if (add_entry(a, x, e, &left, out, err))
			return -1;
	}
	if (status == ARCHIVE_EOF && out->n)
		return 0;
	if (!out->n)
		return err_set(err, ERR_PARSE, "the gzip layer holds no tar");
	return err_set(err, ERR_PARSE, "%.*s: what follows it in the tar is damaged",
		       STR_ARG(out->v[out->n - 1].name));
}
