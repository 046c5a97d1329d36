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

/* Made once: RSA keys take their time. */
static struct arena ids;
static struct lab_id ca, rsa, other_ca, ec, ed;

static int make_ids(void **state)
{
	(void)state;
	arena_init(&ids, 1 << 20);
	ca = lab_id(&ids, LAB_RSA, "Test CA", NULL);
	rsa = lab_id(&ids, LAB_RSA, "Lab \x1b[31m 7", &ca);
	other_ca = lab_id(&ids, LAB_EC, "Other CA", NULL);
	ec = lab_id(&ids, LAB_EC, "Lab 8", &other_ca);
	ed = lab_id(&ids, LAB_ED25519, "Lab 9", &ca);
	return 0;
}

static int drop_ids(void **state)
{
	(void)state;
	arena_free(&ids);
	return 0;
}

static struct signer *signer_of(const struct lab_id *id)
{
	struct err err = { 0 };
	struct signer *s = signer_new(id->key, id->cert, STR(""), LAB_NOW_MS, &err);

	if (!s)
		fail_msg("%s", err.text);
	return s;
}

struct made {
	struct buf b;
	struct str unfit;
	struct err err;
	int bad;
};

static struct made make(struct lab *lab, const struct lab_id *id, bool draft)
{
	struct signer *signer = signer_of(id);
	const struct bundle_options o = { .folder = lab->folder,
					  .signer = signer,
					  .tool = STR("countersign test"),
					  .decision_rule = str(bundle_decision_rule),
					  .statement = STR("Ana, lab 7"),
					  .firmware = { STR("fw.bin"), 3, "00aa" },
					  .draft = draft };
	struct made m = { .bad = 0 };

	buf_init(&m.b, BUNDLE_MAX_BYTES);
	m.bad = bundle_make(&lab->a, &o, &m.b, &m.unfit, &m.err);
	signer_free(signer);
	return m;
}

static struct buf make_good(struct lab *lab, const struct lab_id *id)
{
	struct made m = make(lab, id, false);

	if (m.bad)
		fail_msg("%s: %.*s", m.err.text, STR_ARG(m.unfit));
	return m.b;
}

static int verify(struct str octets, struct str trusted, int64_t at_ms, struct bundle_facts *facts,
		  struct arena *a, struct err *err)
{
	const struct bundle_check check = { .ca = trusted, .now_ms = at_ms };

	*err = (struct err){ 0 };
	return bundle_verify(a, octets, &check, facts, err);
}

static void refused(struct str octets, struct str trusted, int64_t at_ms, const char *gist)
{
	struct bundle_facts facts;
	struct arena a;
	struct err err;

	arena_init(&a, (size_t)1 << 30);
	assert_int_equal(verify(octets, trusted, at_ms, &facts, &a, &err), -1);
	if (!strstr(err.text, gist))
		fail_msg("\"%s\" does not say \"%s\"", err.text, gist);
	arena_free(&a);
}

/* --- good ones --- */

static void good(void **state)
{
	const struct lab_id *id[] = { &rsa, &ec }, *trusted[] = { &ca, &other_ca };
	struct bundle_facts f;
	struct lab lab;
	struct err err;

	(void)state;
	lab_start(&lab);
	lab_write(&lab);
	for (size_t i = 0; i < COUNT(id); i++) {
		struct buf b = make_good(&lab, id[i]);

		if (verify(buf_view(&b), trusted[i]->cert, LAB_NOW_MS, &f, &lab.a, &err))
			fail_msg("%s", err.text);
		assert_true(str_eq(f.result, STR("PASSED")));
		assert_int_equal(f.unfit.n, 0);
		assert_int_equal(f.files, 8);
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
	a = make_good(&lab, &rsa);
	b = make_good(&lab, &rsa);
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
	m = make(&lab, &ed, false);
	if (m.bad) {
		assert_int_equal(m.err.code, ERR_CRYPTO);
		assert_non_null(strstr(m.err.text, "no CMS signature with this key"));
	}
	buf_free(&m.b);
	lab_end(&lab);
}

/* --- who signed --- */

static void strangers(void **state)
{
	struct lab lab;
	struct buf b;

	(void)state;
	lab_start(&lab);
	lab_write(&lab);
	b = make_good(&lab, &rsa);
	refused(buf_view(&b), other_ca.cert, LAB_NOW_MS, "SHA256SUMS.p7s: the signer: ");
	refused(buf_view(&b), STR(""), LAB_NOW_MS, "SHA256SUMS.p7s: the signer: ");
	refused(buf_view(&b), ca.cert, LAB_NOW_MS + 3 * DAY_MS, "certificate has expired");
	refused(buf_view(&b), ca.cert, LAB_NOW_MS - 3 * DAY_MS, "certificate is not yet valid");
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
		{ ca.key, rsa.cert, LAB_NOW_MS, "of another key" },
		{ ec.key, rsa.cert, LAB_NOW_MS, "of another key" },
		{ rsa.cert, rsa.cert, LAB_NOW_MS, "no private key" },
		{ rsa.key, STR("no PEM"), LAB_NOW_MS, "no certificate in PEM" },
		{ rsa.key, rsa.cert, LAB_NOW_MS + 3 * DAY_MS, "has expired" },
		{ rsa.key, rsa.cert, LAB_NOW_MS - 3 * DAY_MS, "not valid yet" },
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
	b = make_good(&lab, &rsa);
	f = list_of(&lab.a, buf_view(&b));
	assert_int_equal(f.n, 8);
	for (size_t i = 0; i < f.n; i++) {
		size_t step = f.v[i].octets.n / 40 + 1;

		for (size_t at = 0; at < f.v[i].octets.n; at += step) {
			struct buf bad = repacked(&lab.a, buf_view(&b), i, at, 1);

			refused(buf_view(&bad), ca.cert, LAB_NOW_MS, f.v[i].name.p);
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
	b = make_good(&lab, &rsa);
	for (size_t i = 0; i < b.n; i += i < 12 || i + 12 > b.n ? 1 : 13) {
		b.p[i] ^= 0x20;
		refused(buf_view(&b), ca.cert, LAB_NOW_MS, "");
		b.p[i] ^= 0x20;
	}
	for (size_t n = 0; n < b.n; n += b.n / 50)
		refused(str_n(b.p, n), ca.cert, LAB_NOW_MS, "gzip");
	buf_char(&b, 'x');
	refused(buf_view(&b), ca.cert, LAB_NOW_MS, "gzip");
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
	b = make_good(&lab, &rsa);
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
		refused(buf_view(&out), ca.cert, LAB_NOW_MS, name);
		buf_free(&tar);
		buf_free(&out);
	}
	buf_free(&b);
	lab_end(&lab);
}

/* --- what cannot be certified --- */

static void add_variant(struct lab *lab, const char *id, const char *verdict, const char *reason)
{
	json_array_append_new(json_object_get(lab->results, "variants"),
			      json_pack("{s:s, s:i, s:s, s:s, s:b}", "id", id, "rev", 1, "verdict",
					verdict, "reason", reason, "gates", 1));
}

static void unfit(void **state)
{
	static const struct {
		const char *key, *value; /* of results; NULL: another variant of this verdict */
		const char *verdict, *reason, *gist;
	} rows[] = {
		{ "command", "countersign run --only 'digest.*'", NULL, NULL, "--only: a filter" },
		{ "command", "countersign run '--skip=a*'", NULL, NULL, "--skip: a filter" },
		{ "command", "countersign run --waivers w.ini", NULL, NULL, "--waivers" },
		{ "tool", "countersign 0.1.0 (commit 0123456789ab+dirty)", NULL, NULL, "+dirty" },
		{ "tool", "countersign 0.1.0", NULL, NULL, "does not know the commit" },
		{ NULL, NULL, "skip", "budget", "x.y: a mandatory case was skipped (budget)" },
		{ NULL, NULL, "skip", "slow", "x.y: a mandatory case was skipped (slow)" },
		{ NULL, NULL, "inconclusive", "locked", "x.y: inconclusive (locked)" },
		{ NULL, NULL, "error", "harness", "x.y: an error of the harness (harness)" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lab lab;
		struct made m;

		lab_start(&lab);
		if (rows[i].key)
			json_object_set_new(lab.results, rows[i].key, json_string(rows[i].value));
		else
			add_variant(&lab, "x.y", rows[i].verdict, rows[i].reason);
		lab_write(&lab);
		m = make(&lab, &rsa, false);
		assert_int_equal(m.bad, -1);
		assert_int_equal(m.err.code, ERR_INPUT);
		assert_int_equal(m.b.n, 0);
		if (str_find(m.unfit, str(rows[i].gist)) == (size_t)-1)
			fail_msg("\"%.*s\" does not say \"%s\"", STR_ARG(m.unfit), rows[i].gist);
		buf_free(&m.b);
		lab_end(&lab);
	}
}

/* A device that failed gets its report. */
static void failed_device(void **state)
{
	struct bundle_facts f;
	struct lab lab;
	struct err err;
	struct buf b;

	(void)state;
	lab_start(&lab);
	add_variant(&lab, "digest.nc.reused", "fail", "decision");
	json_object_set_new(lab.results, "exit_code", json_integer(1));
	lab_write(&lab);
	b = make_good(&lab, &rsa);
	assert_int_equal(verify(buf_view(&b), ca.cert, LAB_NOW_MS, &f, &lab.a, &err), 0);
	assert_true(str_eq(f.result, STR("FAILED")));
	buf_free(&b);
	lab_end(&lab);
}

static void drafts(void **state)
{
	struct bundle_facts f;
	struct lab lab;
	struct err err;
	struct made m;

	(void)state;
	lab_start(&lab);
	json_object_set_new(lab.results, "certify", json_false());
	add_variant(&lab, "x.y", "inconclusive", "control");
	lab_write(&lab);
	m = make(&lab, &rsa, true);
	assert_int_equal(m.bad, 0);
	assert_int_equal(verify(buf_view(&m.b), ca.cert, LAB_NOW_MS, &f, &lab.a, &err), 0);
	assert_true(str_eq(f.unfit, m.unfit));
	assert_true(str_find(f.unfit, STR("without --certify")) != (size_t)-1);
	assert_true(str_eq(f.result, STR("FAILED"))); /* what came to no end is no pass */
	buf_free(&m.b);
	lab_end(&lab);
}

/* --- folders that no run left so --- */

static void bad_folder(const char *gist, void (*spoil)(struct lab *lab))
{
	struct lab lab;
	struct made m;

	lab_start(&lab);
	lab_write(&lab);
	spoil(&lab);
	m = make(&lab, &rsa, true);
	assert_int_equal(m.bad, -1);
	assert_int_equal(m.err.code, ERR_INPUT);
	if (!strstr(m.err.text, gist))
		fail_msg("\"%s\" does not say \"%s\"", m.err.text, gist);
	buf_free(&m.b);
	lab_end(&lab);
}

static void change_evidence(struct lab *lab)
{
	lab_file(lab, "evidence/digest.plain/00-control.request", "GET /x HTTP/1.1\r\n\r\n", false);
}

static void add_file(struct lab *lab)
{
	lab_file(lab, "evidence/more", "", false);
}

static void drop_file(struct lab *lab)
{
	assert_int_equal(unlink(arena_fmt(&lab->a, "%s/TEST-countersign.xml", lab->folder).p), 0);
}

static void add_link(struct lab *lab)
{
	assert_int_equal(symlink("/etc/passwd", arena_fmt(&lab->a, "%s/link", lab->folder).p), 0);
}

static void add_odd_name(struct lab *lab)
{
	lab_file(lab, "evidence/a b", "", true);
}

static void add_own(struct lab *lab)
{
	lab_file(lab, "SHA256SUMS", "", true);
}

static void break_results(struct lab *lab)
{
	lab_file(lab, "results.json", "{\"format\": 1", false);
}

static void folders(void **state)
{
	(void)state;
	bad_folder("00-control.request: changed since the run wrote it", change_evidence);
	bad_folder("evidence/more: manifest.json does not list it", add_file);
	bad_folder("TEST-countersign.xml: missing", drop_file);
	bad_folder("link", add_link);
	bad_folder("a name that `run --results` does not write", add_odd_name);
	bad_folder("SHA256SUMS: already there", add_own);
	bad_folder("results.json:1: no JSON", break_results);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(twice_the_same),
		cmocka_unit_test(ed25519),
		cmocka_unit_test(strangers),
		cmocka_unit_test(bad_keys),
		cmocka_unit_test(a_changed_octet),
		cmocka_unit_test(a_changed_wrapping),
		cmocka_unit_test(another_list),
		cmocka_unit_test(unfit),
		cmocka_unit_test(failed_device),
		cmocka_unit_test(drafts),
		cmocka_unit_test(folders),
	};

	return cmocka_run_group_tests(tests, make_ids, drop_ids);
}
