/* A bundle: the same input gives the same octets, a changed one is told with the file's name, and
 * only what can be certified becomes one.
 */
#include "bundle_lab.h"

#include "bundle/bundle.h"
#include "bundle/pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <unistd.h>

#define DAY_MS INT64_C(86400000)

static void refused(struct str octets, struct str trusted, int64_t at_ms, const char *gist)
{
	struct bundle_facts facts;
	struct arena a;
	struct err err;

	arena_init(&a, (size_t)1 << 30);
	assert_int_equal(lab_verify(octets, trusted, at_ms, &facts, &a, &err), -1);
	if (!strstr(err.text, gist))
		fail_msg("\"%s\" does not say \"%s\"", err.text, gist);
	arena_free(&a);
}

/* --- good ones --- */

static void good(void **state)
{
	const struct lab_id *id[] = { &lab_rsa, &lab_ec }, *trusted[] = { &lab_ca, &lab_other_ca };
	struct bundle_facts f;
	struct lab lab;
	struct err err;

	(void)state;
	lab_start(&lab);
	lab_write(&lab);
	for (size_t i = 0; i < COUNT(id); i++) {
		struct buf b = lab_make_good(&lab, id[i]);

		if (lab_verify(buf_view(&b), trusted[i]->cert, LAB_NOW_MS, &f, &lab.a, &err))
			fail_msg("%s", err.text);
		assert_true(str_eq(f.result, STR("PASSED")));
		assert_int_equal(f.unfit.n, 0);
		assert_int_equal(f.files, 10);
		/* What others wrote is cleaned. */
		assert_true(str_chr(f.device, '\x1b') == (size_t)-1);
		assert_true(str_chr(f.subject, '\x1b') == (size_t)-1);
		assert_true(str_eq(f.statement, STR("Ana, lab 7")));
		buf_free(&b);
	}
	lab_end(&lab);
}

static void twice_the_same(void **state)
{
	struct buf a, b;
	struct lab lab;

	(void)state;
	lab_start(&lab);
	lab_write(&lab);
	a = lab_make_good(&lab, &lab_rsa);
	b = lab_make_good(&lab, &lab_rsa);
	assert_true(str_eq(buf_view(&a), buf_view(&b)));
	buf_free(&a);
	buf_free(&b);
	lab_end(&lab);
}

/* OpenSSL 3.0 makes no CMS of it; a later one may. */
static void ed25519(void **state)
{
	struct lab lab;
	struct made m;

	(void)state;
	lab_start(&lab);
	lab_write(&lab);
	m = lab_make(&lab, &lab_ed, false);
	if (m.bad) {
		assert_int_equal(m.err.code, ERR_CRYPTO);
		assert_non_null(strstr(m.err.text, "no CMS signature with this key"));
	}
	buf_free(&m.b);
	lab_end(&lab);
}

/* The file for openssl and the results tell of the same certificates. */
static void certificates(void **state)
{
	static const struct {
		const char *file, *gist; /* file NULL: there is none; gist NULL: good */
	} rows[] = {
		{ "one\ntwo\n", NULL },
		{ NULL, "tls-chain.pem: certificate 1 is not that of results.json" },
		{ "one\n", "tls-chain.pem: certificate 3 is not that of results.json" },
		{ "two\none\n", "tls-chain.pem: certificate 1 is not that of results.json" },
		{ "one\ntwo\ntwo\n", "tls-chain.pem: more than results.json has" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lab lab;
		struct made m;

		lab_start(&lab);
		json_object_set_new(json_object_get(lab.results, "survey"), "tls",
				    json_pack("{s:[{s:s}, {s:n}, {s:s}], s:i}", "certificates",
					      "pem", "one\n", "pem", "pem", "two\n", "left_off",
					      2));
		if (rows[i].file)
			lab_file(&lab, "tls-chain.pem", rows[i].file, true);
		lab_write(&lab);
		m = lab_make(&lab, &lab_rsa, false);
		assert_int_equal(m.bad, rows[i].gist ? -1 : 0);
		if (rows[i].gist && !strstr(m.err.text, rows[i].gist))
			fail_msg("\"%s\" does not say \"%s\"", m.err.text, rows[i].gist);
		buf_free(&m.b);
		lab_end(&lab);
	}
}

/* --- who signed --- */

static void strangers(void **state)
{
	struct lab lab;
	struct buf b;

	(void)state;
	lab_start(&lab);
	lab_write(&lab);
	b = lab_make_good(&lab, &lab_rsa);
	refused(buf_view(&b), lab_other_ca.cert, LAB_NOW_MS, "SHA256SUMS.p7s: the signer: ");
	refused(buf_view(&b), STR(""), LAB_NOW_MS, "SHA256SUMS.p7s: the signer: ");
	refused(buf_view(&b), lab_ca.cert, LAB_NOW_MS + 3 * DAY_MS, "certificate has expired");
	refused(buf_view(&b), lab_ca.cert, LAB_NOW_MS - 3 * DAY_MS, "certificate is not yet valid");
	refused(buf_view(&b), STR("no PEM"), LAB_NOW_MS, "no certificate in PEM");
	buf_free(&b);
	lab_end(&lab);
}

static void bad_keys(void **state)
{
	const struct {
		struct str key, cert;
		int64_t at_ms;
		const char *gist;
	} rows[] = {
		{ lab_ca.key, lab_rsa.cert, LAB_NOW_MS, "of another key" },
		{ lab_ec.key, lab_rsa.cert, LAB_NOW_MS, "of another key" },
		{ lab_rsa.cert, lab_rsa.cert, LAB_NOW_MS, "no private key" },
		{ lab_rsa.key, STR("no PEM"), LAB_NOW_MS, "no certificate in PEM" },
		{ lab_rsa.key, lab_rsa.cert, LAB_NOW_MS + 3 * DAY_MS, "has expired" },
		{ lab_rsa.key, lab_rsa.cert, LAB_NOW_MS - 3 * DAY_MS, "not valid yet" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };

		assert_null(signer_new(rows[i].key, rows[i].cert, STR(""), rows[i].at_ms, &err));
		assert_int_equal(err.code, ERR_INPUT);
		if (!strstr(err.text, rows[i].gist))
			fail_msg("\"%s\" does not say \"%s\"", err.text, rows[i].gist);
	}
}

/* --- what was changed --- */

/* The files of b with one octet of one of them changed, packed again. */
static struct buf repacked(struct arena *a, struct str octets, size_t file, size_t at, char with)
{
	struct bundle_files f;
	struct buf tar, out;
	struct err err = { 0 };
	char *p;

	buf_init(&tar, BUNDLE_MAX_BYTES);
	buf_init(&out, BUNDLE_MAX_BYTES);
	assert_int_equal(pack_gunzip(octets, &pack_caps, &tar, &err), 0);
	assert_int_equal(pack_list(a, buf_view(&tar), &pack_caps, &f, &err), 0);
	p = arena_alloc(a, f.v[file].octets.n + 1);
	assert_non_null(p);
	memcpy(p, f.v[file].octets.p, f.v[file].octets.n);
	p[at] ^= with;
	f.v[file].octets.p = p;
	buf_clear(&tar);
	assert_int_equal(pack_tar(&f, &tar, &err), 0);
	assert_int_equal(pack_gzip(buf_view(&tar), &out, &err), 0);
	buf_free(&tar);
	return out;
}

static struct bundle_files list_of(struct arena *a, struct str octets)
{
	struct bundle_files f;
	struct err err = { 0 };
	struct buf tar;

	buf_init(&tar, BUNDLE_MAX_BYTES);
	assert_int_equal(pack_gunzip(octets, &pack_caps, &tar, &err), 0);
	assert_int_equal(pack_list(a, buf_view(&tar), &pack_caps, &f, &err), 0);
	buf_free(&tar);
	return f;
}

/* In each file, octets from its start to its end. */
static void a_changed_octet(void **state)
{
	struct bundle_files f;
	struct lab lab;
	struct buf b;

	(void)state;
	lab_start(&lab);
	lab_write(&lab);
	b = lab_make_good(&lab, &lab_rsa);
	f = list_of(&lab.a, buf_view(&b));
	assert_int_equal(f.n, 10);
	for (size_t i = 0; i < f.n; i++) {
		size_t step = f.v[i].octets.n / 40 + 1;

		for (size_t at = 0; at < f.v[i].octets.n; at += step) {
			struct buf bad = repacked(&lab.a, buf_view(&b), i, at, 1);

			refused(buf_view(&bad), lab_ca.cert, LAB_NOW_MS, f.v[i].name.p);
			buf_free(&bad);
		}
	}
	buf_free(&b);
	lab_end(&lab);
}

/* The octets of the file itself: gzip, tar and what they hold. */
static void a_changed_wrapping(void **state)
{
	struct lab lab;
	struct buf b;

	(void)state;
	lab_start(&lab);
	lab_write(&lab);
	b = lab_make_good(&lab, &lab_rsa);
	for (size_t i = 0; i < b.n; i += i < 12 || i + 12 > b.n ? 1 : 13) {
		b.p[i] ^= 0x20;
		refused(buf_view(&b), lab_ca.cert, LAB_NOW_MS, "");
		b.p[i] ^= 0x20;
	}
	for (size_t n = 0; n < b.n; n += b.n / 50)
		refused(str_n(b.p, n), lab_ca.cert, LAB_NOW_MS, "gzip");
	buf_char(&b, 'x');
	refused(buf_view(&b), lab_ca.cert, LAB_NOW_MS, "gzip");
	buf_free(&b);
	lab_end(&lab);
}

/* Files that come or go. */
static void another_list(void **state)
{
	struct bundle_files f;
	struct lab lab;
	struct buf b;

	(void)state;
	lab_start(&lab);
	lab_write(&lab);
	b = lab_make_good(&lab, &lab_rsa);
	f = list_of(&lab.a, buf_view(&b));
	for (size_t i = 0; i <= f.n; i++) {
		struct bundle_files changed = { .mtime_s = f.mtime_s };
		const char *name = i < f.n ? f.v[i].name.p : "evidence/more";
		struct buf tar, out;
		struct err err = { 0 };

		for (size_t k = 0; k < f.n; k++)
			if (k != i)
				files_add(&lab.a, &changed, f.v[k].name, f.v[k].octets);
		if (i == f.n)
			files_add(&lab.a, &changed, str(name), STR("more"));
		files_sort(&changed);
		buf_init(&tar, BUNDLE_MAX_BYTES);
		buf_init(&out, BUNDLE_MAX_BYTES);
		assert_int_equal(pack_tar(&changed, &tar, &err), 0);
		assert_int_equal(pack_gzip(buf_view(&tar), &out, &err), 0);
		refused(buf_view(&out), lab_ca.cert, LAB_NOW_MS, name);
		buf_free(&tar);
		buf_free(&out);
	}
	buf_free(&b);
	lab_end(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(twice_the_same),
		cmocka_unit_test(certificates),
		cmocka_unit_test(ed25519),
		cmocka_unit_test(strangers),
		cmocka_unit_test(bad_keys),
		cmocka_unit_test(a_changed_octet),
		cmocka_unit_test(a_changed_wrapping),
		cmocka_unit_test(another_list),
	};

	return cmocka_run_group_tests(tests, lab_make_ids, lab_drop_ids);
}
