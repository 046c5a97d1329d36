/* Archives from friends and strangers: what is written comes back, and nothing else gets in. */
#include "bundle/pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <archive.h>
#include <archive_entry.h>

#define TAR_BLOCK 512

struct bench {
	struct arena a;
	struct buf tar, gz, back;
	struct bundle_files files, read;
	struct err err;
};

static void start(struct bench *b)
{
	*b = (struct bench){ .files = { .mtime_s = 1700000000 } };
	arena_init(&b->a, 64u << 20);
	buf_init(&b->tar, 64u << 20);
	buf_init(&b->gz, 64u << 20);
	buf_init(&b->back, 64u << 20);
}

static void end(struct bench *b)
{
	buf_free(&b->tar);
	buf_free(&b->gz);
	buf_free(&b->back);
	arena_free(&b->a);
}

static void pack_three(struct bench *b)
{
	struct str deep = STR("evidence/token.created.skewed_skew=-1d/00-control.request");

	start(b);
	files_add(&b->a, &b->files, STR("results.json"), STR("{}\n"));
	files_add(&b->a, &b->files, deep, str_n("a\0b", 3));
	files_add(&b->a, &b->files, STR("SHA256SUMS"), STR(""));
	files_sort(&b->files);
	assert_int_equal(pack_tar(&b->files, &b->tar, &b->err), 0);
	assert_int_equal(pack_gzip(buf_view(&b->tar), &b->gz, &b->err), 0);
}

/* --- what is written --- */

static void comes_back(void **state)
{
	struct bench b;

	(void)state;
	pack_three(&b);
	assert_int_equal(pack_gunzip(buf_view(&b.gz), &pack_caps, &b.back, &b.err), 0);
	assert_true(str_eq(buf_view(&b.back), buf_view(&b.tar)));
	assert_int_equal(pack_list(&b.a, buf_view(&b.back), &pack_caps, &b.read, &b.err), 0);
	assert_int_equal(b.read.n, 3);
	assert_int_equal(b.read.mtime_s, 1700000000);
	for (size_t i = 0; i < 3; i++) {
		assert_true(str_eq(b.read.v[i].name, b.files.v[i].name));
		assert_true(str_eq(b.read.v[i].octets, b.files.v[i].octets));
	}
	assert_true(str_eq(b.read.v[0].name, STR("SHA256SUMS")));
	end(&b);
}

static void same_octets(void **state)
{
	static const char head[10] = { 0x1f, (char)0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };
	struct bench b, c;

	(void)state;
	pack_three(&b);
	pack_three(&c);
	assert_true(str_eq(buf_view(&b.gz), buf_view(&c.gz)));
	assert_memory_equal(b.gz.p, head, sizeof(head)); /* no time, no name */
	end(&b);
	end(&c);
}

/* --- what is read --- */

static void refuses(struct bench *b, const char *gist)
{
	b->err = (struct err){ 0 };
	assert_int_equal(pack_list(&b->a, buf_view(&b->tar), &pack_caps, &b->read, &b->err), -1);
	if (!strstr(b->err.text, gist))
		fail_msg("\"%s\" does not say \"%s\"", b->err.text, gist);
}

struct hostile {
	const char *name, *link, *gist;
	unsigned type; /* AE_IF...; 0: a hard link */
};

static la_ssize_t to_buf(struct archive *x, void *ctx, const void *p, size_t n)
{
	(void)x;
	buf_add(ctx, p, n);
	return (la_ssize_t)n;
}

static void add_hostile(struct archive *x, const struct hostile *h)
{
	struct archive_entry *e = archive_entry_new();
	bool file = h->type == AE_IFREG;

	archive_entry_set_pathname(e, h->name);
	archive_entry_set_filetype(e, h->type ? h->type : AE_IFREG);
	archive_entry_set_perm(e, 0644);
	archive_entry_set_size(e, file ? 1 : 0);
	if (h->link && h->type)
		archive_entry_set_symlink(e, h->link);
	else if (h->link)
		archive_entry_set_hardlink(e, h->link);
	assert_int_equal(archive_write_header(x, e), ARCHIVE_OK);
	if (file)
		assert_int_equal(archive_write_data(x, "x", 1), 1);
	archive_entry_free(e);
}

static void make_hostile(struct bench *b, const struct hostile *h, size_t n)
{
	struct archive *x = archive_write_new();

	start(b);
	assert_int_equal(archive_write_set_format_pax_restricted(x), ARCHIVE_OK);
	assert_int_equal(archive_write_open(x, &b->tar, NULL, to_buf, NULL), ARCHIVE_OK);
	for (size_t i = 0; i < n; i++)
		add_hostile(x, &h[i]);
	assert_int_equal(archive_write_free(x), ARCHIVE_OK);
}

static void strangers(void **state)
{
	static const struct hostile rows[] = {
		{ "../../etc/passwd", NULL, "a name that no bundle has", AE_IFREG },
		{ PACK_FOLDER "../x", NULL, "a name that no bundle has", AE_IFREG },
		{ PACK_FOLDER "a/../../x", NULL, "a name that no bundle has", AE_IFREG },
		{ PACK_FOLDER "a//x", NULL, "a name that no bundle has", AE_IFREG },
		{ PACK_FOLDER ".bashrc", NULL, "a name that no bundle has", AE_IFREG },
		{ PACK_FOLDER "-rf", NULL, "a name that no bundle has", AE_IFREG },
		{ PACK_FOLDER "a\x1b[2Jb", NULL, "a name that no bundle has", AE_IFREG },
		{ PACK_FOLDER "a\nb", NULL, "a name that no bundle has", AE_IFREG },
		{ PACK_FOLDER, NULL, "a name that no bundle has", AE_IFDIR },
		{ "/etc/passwd", NULL, "a name that no bundle has", AE_IFREG },
		{ PACK_FOLDER "link", "/etc/passwd", "is a link", AE_IFLNK },
		{ PACK_FOLDER "hard", PACK_FOLDER "x", "is a link", 0 },
		{ PACK_FOLDER "device", NULL, "is a link, folder or device", AE_IFCHR },
		{ PACK_FOLDER "disk", NULL, "is a link, folder or device", AE_IFBLK },
		{ PACK_FOLDER "pipe", NULL, "is a link, folder or device", AE_IFIFO },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bench b;

		make_hostile(&b, &rows[i], 1);
		refuses(&b, rows[i].gist);
		end(&b);
	}
}

static void twice(void **state)
{
	static const struct hostile same[] = {
		{ PACK_FOLDER "a", NULL, NULL, AE_IFREG },
		{ PACK_FOLDER "a", NULL, NULL, AE_IFREG },
	};
	static const struct hostile later[] = {
		{ PACK_FOLDER "b", NULL, NULL, AE_IFREG },
		{ PACK_FOLDER "a", NULL, NULL, AE_IFREG },
	};
	struct bench b;

	(void)state;
	make_hostile(&b, same, 2);
	refuses(&b, "a: comes twice");
	end(&b);
	make_hostile(&b, later, 2);
	refuses(&b, "out of order");
	end(&b);
}

static void too_many(void **state)
{
	const struct pack_caps caps = { .octets = 1 << 20, .files = 2, .ratio = 10 };
	struct bench b;

	(void)state;
	pack_three(&b);
	assert_int_equal(pack_list(&b.a, buf_view(&b.tar), &caps, &b.read, &b.err), -1);
	assert_int_equal(b.err.code, ERR_LIMIT);
	end(&b);
}

/* Sixteen MiB of zeros are sixteen KiB of gzip. */
static void bombs(void **state)
{
	const struct pack_caps caps = { .octets = 32u << 20, .files = 9, .ratio = 200 };
	struct bench b;
	char *zeros = calloc(1, 16u << 20);

	(void)state;
	start(&b);
	assert_non_null(zeros);
	assert_int_equal(pack_gzip(str_n(zeros, 16u << 20), &b.gz, &b.err), 0);
	assert_int_equal(pack_gunzip(buf_view(&b.gz), &caps, &b.back, &b.err), -1);
	assert_int_equal(b.err.code, ERR_LIMIT);
	assert_true(b.back.n <= PACK_RATIO_FREE + (1 << 16));
	free(zeros);
	end(&b);
}

static void truncated(void **state)
{
	struct bench b;

	(void)state;
	pack_three(&b);
	for (size_t n = 0; n < b.gz.n; n++) {
		buf_clear(&b.back);
		assert_int_equal(pack_gunzip(str_n(b.gz.p, n), &pack_caps, &b.back, &b.err), -1);
	}
	for (size_t n = 0; n < b.tar.n - 2 * (size_t)TAR_BLOCK; n += 64) {
		bool bad = pack_list(&b.a, str_n(b.tar.p, n), &pack_caps, &b.read, &b.err);

		/* A tar without its two last blocks is one all the same. */
		assert_true(bad || b.read.n < 3 || n > b.tar.n - 3 * (size_t)TAR_BLOCK);
	}
	end(&b);
}

/* Each bit of the wrapping: told, or what it wraps is the same all the same. */
static void flipped(void **state)
{
	struct bench b;
	size_t told = 0;

	(void)state;
	pack_three(&b);
	for (size_t bit = 0; bit < 8 * b.gz.n; bit++) {
		b.gz.p[bit / 8] ^= (char)(1 << bit % 8);
		buf_clear(&b.back);
		if (pack_gunzip(buf_view(&b.gz), &pack_caps, &b.back, &b.err))
			told++;
		else
			assert_true(str_eq(buf_view(&b.back), buf_view(&b.tar)));
		b.gz.p[bit / 8] ^= (char)(1 << bit % 8);
	}
	assert_true(told > 7 * b.gz.n);
	end(&b);
}

static void flipped_tar(void **state)
{
	struct bench b;
	size_t told = 0;

	(void)state;
	pack_three(&b);
	for (size_t i = 0; i < b.tar.n; i++) {
		b.tar.p[i] ^= 0x15;
		told += pack_list(&b.a, buf_view(&b.tar), &pack_caps, &b.read, &b.err) != 0;
		b.tar.p[i] ^= 0x15;
	}
	assert_true(told >= 3 * 300); /* a header has a sum */
	end(&b);
}

static void names(void **state)
{
	static const char *const good[] = { "a", "a/b", "A-1_=.x/00-probe.request", "a.." };
	static const char *const bad[] = { "",    "/",   "a/",  "/a",  "a//b", ".",    "..",
					   "a/.", "a\\", "a b", "a/-", "a\t",  "\xc3", ".x" };
	char longest[BUNDLE_NAME_MAX + 2];

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(files_name_ok(str(good[i])));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(files_name_ok(str(bad[i])));
	memset(longest, 'a', sizeof(longest));
	assert_true(files_name_ok(str_n(longest, BUNDLE_NAME_MAX)));
	assert_false(files_name_ok(str_n(longest, BUNDLE_NAME_MAX + 1)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back), cmocka_unit_test(same_octets),
		cmocka_unit_test(strangers),  cmocka_unit_test(twice),
		cmocka_unit_test(too_many),   cmocka_unit_test(bombs),
		cmocka_unit_test(truncated),  cmocka_unit_test(flipped),
		cmocka_unit_test(names),      cmocka_unit_test(flipped_tar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
