/* What can be certified, what can be a draft, and what is no folder of a run. */
#include "bundle_lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <unistd.h>

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
		m = lab_make(&lab, &lab_rsa, false);
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
	b = lab_make_good(&lab, &lab_rsa);
	assert_int_equal(lab_verify(buf_view(&b), lab_ca.cert, LAB_NOW_MS, &f, &lab.a, &err), 0);
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
	m = lab_make(&lab, &lab_rsa, true);
	assert_int_equal(m.bad, 0);
	assert_int_equal(lab_verify(buf_view(&m.b), lab_ca.cert, LAB_NOW_MS, &f, &lab.a, &err), 0);
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
	m = lab_make(&lab, &lab_rsa, true);
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

static void lie_in_case(struct lab *lab)
{
	json_t *files = json_object_get(lab->manifest, "files");

	/* Listed as it is now, not as the run wrote it. */
	json_array_clear(files);
	lab_file(lab, "evidence/digest.plain/00-control.request", "x", true);
	lab_file(lab, "TEST-countersign.xml", "<testsuites/>\n", true);
	json_object_set_new(json_array_get(json_object_get(lab->results, "variants"), 0), "verdict",
			    json_string("fail"));
	lab_write(lab);
	json_object_set_new(json_array_get(json_object_get(lab->results, "variants"), 0), "verdict",
			    json_string("pass"));
	lab_write_results(lab);
}

static void drop_case(struct lab *lab)
{
	json_t *v = json_deep_copy(json_array_get(json_object_get(lab->results, "variants"), 0));

	json_object_set_new(v, "id", json_string("digest.more"));
	json_array_append_new(json_object_get(lab->results, "variants"), v);
	lab_write_results(lab);
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
	bad_folder("v0/case.json: its \"verdict\" is not what results.json says", lie_in_case);
	bad_folder("results.json: no evidence/.../case.json of digest.more", drop_case);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unfit),
		cmocka_unit_test(failed_device),
		cmocka_unit_test(drafts),
		cmocka_unit_test(folders),
	};

	return cmocka_run_group_tests(tests, lab_make_ids, lab_drop_ids);
}
