#include "bundle/pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>

static void drop_writer(struct archive **x)
{
	archive_write_free(*x);
}

static void drop_entry(struct archive_entry **e)
{
	archive_entry_free(*e);
}

static int failed(struct archive *x, struct err *err)
{
	const char *why = x ? archive_error_string(x) : NULL;

	return err_set(err, ERR_IO, "libarchive: %s", why ? why : "no memory");
}

static la_ssize_t to_buf(struct archive *x, void *ctx, const void *p, size_t n)
{
	struct buf *out = ctx;

	buf_add(out, p, n);
	if (buf_ok(out))
		return (la_ssize_t)n;
	archive_set_error(x, EFBIG, "more octets than a bundle may have");
	return -1;
}

static int open_writer(struct archive *x, struct buf *out, struct err *err)
{
	/* No padding: a gzip reader would take it for another member. */
	if (archive_write_set_bytes_in_last_block(x, 1) ||
	    archive_write_open(x, out, NULL, to_buf, NULL))
		return failed(x, err);
	return 0;
}

static int write_file(struct archive *x, struct archive_entry *e, const struct bundle_file *f,
		      int64_t mtime_s, struct err *err)
{
	char name[sizeof(PACK_FOLDER) + BUNDLE_NAME_MAX + 1];

	snprintf(name, sizeof(name), PACK_FOLDER "%.*s", STR_ARG(f->name));
	archive_entry_clear(e);
	archive_entry_set_pathname(e, name);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 0644);
	archive_entry_set_size(e, (la_int64_t)f->octets.n);
	archive_entry_set_mtime(e, (time_t)mtime_s, 0);
	if (archive_write_header(x, e))
		return failed(x, err);
	if (archive_write_data(x, f->octets.p, f->octets.n) != (la_ssize_t)f->octets.n)
		return failed(x, err);
	return 0;
}

int pack_tar(const struct bundle_files *f, struct buf *tar, struct err *err)
{
	struct archive *x DEFER(drop_writer) = archive_write_new();
	struct archive_entry *e DEFER(drop_entry) = archive_entry_new();

	if (!x || !e)
		return err_set(err, ERR_NOMEM, "no memory for an archive");
	/* ustar where a name fits, which is what every tar reads. */
	if (archive_write_set_format_pax_restricted(x))
		return failed(x, err);
	if (open_writer(x, tar, err))
		return -1;
	for (size_t i = 0; i < f->n; i++)
		if (write_file(x, e, &f->v[i], f->mtime_s, err))
			return -1;
	return archive_write_close(x) ? failed(x, err) : 0;
}

/* What a raw archive has is one file without a name. */
static int write_raw(struct archive *x, struct archive_entry *e, struct str tar, struct err *err)
{
	archive_entry_set_filetype(e, AE_IFREG);
	if (archive_write_header(x, e) ||
	    archive_write_data(x, tar.p, tar.n) != (la_ssize_t)tar.n || archive_write_close(x))
		return failed(x, err);
	return 0;
}

int pack_gzip(struct str tar, struct buf *out, struct err *err)
{
	struct archive *x DEFER(drop_writer) = archive_write_new();
	struct archive_entry *e DEFER(drop_entry) = archive_entry_new();

	if (!x || !e)
		return err_set(err, ERR_NOMEM, "no memory for an archive");
	if (archive_write_add_filter_gzip(x) || archive_write_set_format_raw(x) ||
	    archive_write_set_filter_option(x, "gzip", "timestamp", NULL) ||
	    archive_write_set_filter_option(x, "gzip", "compression-level", "6"))
		return failed(x, err);
	if (open_writer(x, out, err))
		return -1;
	return write_raw(x, e, tar, err);
}

const char *pack_zlib_version(void)
{
	const char *version = archive_zlib_version();

	return version ? version : "none";
}
