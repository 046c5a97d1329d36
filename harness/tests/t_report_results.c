/* The folder of --results: complete, summed, redacted, and nothing of an earlier run in it. */
#define _XOPEN_SOURCE 700 /* nftw */
#include "run_fixture.h"

#include "auth/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <ftw.h>
#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>

#define CASE "evidence/digest.nc.reused_skew=-3h_-"

static size_t n_files;
static mode_t modes; /* ORed */

static int count_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)path;
	(void)at;
	if (type == FTW_F) {
		n_files++;
		modes |= st->st_mode & 0777;
	}
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static size_t count_files(const struct run_fixture *f)
{
	n_files = 0;
	modes = 0;
	nftw(f->path, count_one, 8, FTW_PHYS);
	return n_files;
}

static void end(struct run_fixture *f)
{
	assert_int_equal(nftw(f->path, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	run_fixture_end(f);
}

static void write_results(struct run_fixture *f)
{
	struct err err = { 0 };

	if (report_results(&f->r, &f->o, f->path, &err))
		fail_msg("%s", err.text);
}

/* The whole of a file in the folder; free() it. */
static char *file_of(const struct run_fixture *f, const char *name, size_t *n)
{
	char path[400];

	assert_true(snprintf(path, sizeof(path), "%s/%s", f->path, name) < (int)sizeof(path));
	return run_fixture_file(path, n);
}

static json_t *json_of(const struct run_fixture *f, const char *name)
{
	size_t n;
	char *text = file_of(f, name, &n);
	json_t *o = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);

	free(text);
	assert_non_null(o);
	return o;
}

static const char *text(json_t *o, const char *key)
{
	assert_true(json_is_string(json_object_get(o, key)));
	return json_string_value(json_object_get(o, key));
}

static void assert_sum(const struct run_fixture *f, json_t *entry)
{
	struct err err = { 0 };
	char hex[HASH_HEX_MAX];
	size_t n;
	char *all = file_of(f, text(entry, "path"), &n);
	struct str octets = str_n(all, n);

	assert_int_equal(hash_joined_hex(HASH_SHA256, &octets, 1, hex, &err), 0);
	assert_string_equal(text(entry, "sha256"), hex);
	assert_int_equal(json_integer_value(json_object_get(entry, "bytes")), n);
	free(all);
}

static void the_manifest_sums_all_files(void **state)
{
	struct run_fixture f;
	json_t *manifest, *files, *one;
	size_t i;

	(void)state;
	run_fixture_start(&f, STR("one"));
	write_results(&f);
	manifest = json_of(&f, "manifest.json");
	assert_string_equal(text(manifest, "run"), "00112233445566ff");
	assert_string_equal(text(manifest, "evidence"), "redacted");
	assert_string_equal(text(manifest, "profile"), "onvif-core");
	files = json_object_get(manifest, "files");
	assert_int_equal(json_array_size(files) + 1, count_files(&f));
	/* 18 cases, 12 of them with 3 steps of two files each; three reports, the certificates */
	assert_int_equal(json_array_size(files), 18 + 12 * 6 + 4);
	json_array_foreach(files, i, one) assert_sum(&f, one);
	json_decref(manifest);
	end(&f);
}

/* But one that would tell a secret stays out, and its hash is told all the same. */
static void certificates_are_there_in_pem(void **state)
{
	struct run_fixture f;
	size_t n;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("one"));
	f.certificate[1].pem = STR(FIXTURE_PEM);
	write_results(&f);
	all = file_of(&f, "tls-chain.pem", &n);
	assert_string_equal(all, FIXTURE_PEM FIXTURE_PEM);
	free(all);
	assert_int_equal(redact_add(&f.redactor, STR("MA==")), 0);
	write_results(&f);
	assert_int_equal(count_files(&f), 18 + 12 * 6 + 4);
	all = file_of(&f, "results.json", &n);
	assert_non_null(strstr(all, FIXTURE_SHA256));
	assert_non_null(strstr(all, "\"pem\": null"));
	assert_null(strstr(all, "MA=="));
	free(all);
	end(&f);
}

/* The folder of a case is found by the names that the manifest has. */
static json_t *case_of(const struct run_fixture *f, const char *prefix, char *folder, size_t room)
{
	json_t *manifest = json_of(f, "manifest.json"), *one, *found = NULL;
	size_t i;

	json_array_foreach(json_object_get(manifest, "files"), i, one)
	{
		const char *path = text(one, "path");

		if (!str_starts(str(path), str(prefix)) || !str_ends(str(path), STR("/case.json")))
			continue;
		json_decref(found);
		found = json_of(f, path);
		snprintf(folder, room, "%.*s", (int)(strrchr(path, '/') - path), path);
	}
	json_decref(manifest);
	assert_non_null(found);
	return found;
}

static void a_case_names_its_files(void **state)
{
	struct run_fixture f;
	char folder[96], name[160];
	json_t *one, *step;
	size_t n;
	char *octets;

	(void)state;
	run_fixture_start(&f, STR("a\0b"));
	f.step[3][2].received = (struct str){ 0 };
	f.step[3][2].fate = WIRE_TIMEOUT;
	f.step[3][2].why = STR("no answer within 10000 ms");
	write_results(&f);
	one = case_of(&f, CASE, folder, sizeof(folder));
	assert_int_equal(strlen(folder), strlen(CASE) + 8);
	assert_string_equal(text(one, "id"), "digest.nc.reused[skew=-3h]");
	assert_string_equal(text(one, "verdict"), "fail");
	step = json_array_get(json_object_get(one, "steps"), 1);
	assert_string_equal(text(step, "request"), "02-probe.request");
	assert_string_equal(text(step, "wall"), "2026-08-22T10:11:12.123Z");
	assert_string_equal(text(step, "device"), "2026-08-22T10:11:09.823Z");
	assert_int_equal(json_integer_value(json_object_get(step, "sent_bytes")), 3);
	snprintf(name, sizeof(name), "%s/02-probe.request", folder);
	octets = file_of(&f, name, &n);
	assert_int_equal(n, 3);
	assert_memory_equal(octets, "a\0b", 3);
	free(octets);
	step = json_array_get(json_object_get(one, "steps"), 2);
	assert_string_equal(text(step, "fate"), "timeout");
	assert_string_equal(text(step, "why"), "no answer within 10000 ms");
	assert_true(json_is_null(json_object_get(step, "response")));
	json_decref(one);
	end(&f);
}

static void what_an_earlier_run_left_goes(void **state)
{
	struct run_fixture f;
	struct err err = { 0 };
	char mine[128];
	size_t before;

	(void)state;
	run_fixture_start(&f, STR("one"));
	write_results(&f);
	before = count_files(&f);
	f.r.n_variant = 4;
	write_results(&f);
	assert_int_equal(count_files(&f), 4 + 4 * 6 + 5);
	assert_true(before > n_files);
	/* but no file of somebody else */
	snprintf(mine, sizeof(mine), "%s/evidence/notes.txt", f.path);
	assert_int_equal(file_put(mine, STR("mine"), &err), 0);
	f.o.evidence = EVIDENCE_NONE;
	write_results(&f);
	assert_int_equal(count_files(&f), 6);
	f.r.survey.tls.n = 0;
	write_results(&f);
	assert_int_equal(count_files(&f), 5);
	assert_int_equal(access(mine, F_OK), 0);
	end(&f);
}

static void a_link_in_the_folder_is_not_followed(void **state)
{
	struct run_fixture f;
	struct err err = { 0 };
	char outside[128], link[128];

	(void)state;
	run_fixture_start(&f, STR("one"));
	f.r.n_variant = 1;
	write_results(&f);
	snprintf(outside, sizeof(outside), "%s/outside", f.folder);
	snprintf(link, sizeof(link), "%s/evidence/elsewhere", f.path);
	assert_int_equal(mkdir(outside, 0777), 0);
	snprintf(outside, sizeof(outside), "%s/outside/case.json", f.folder);
	assert_int_equal(file_put(outside, STR("theirs"), &err), 0);
	assert_int_equal(symlink("../../outside", link), 0);
	write_results(&f);
	assert_int_equal(access(outside, F_OK), 0);
	unlink(outside);
	snprintf(outside, sizeof(outside), "%s/outside", f.folder);
	assert_int_equal(rmdir(outside), 0);
	end(&f);
}

static void ids_are_made_fit_for_file_systems(void **state)
{
	static const char *const ids[] = { "..", "a/../../b", ".hidden", "a;b c", "a;b_c" };
	struct run_fixture f;
	char folder[96], other[96];
	char lots[600];

	(void)state;
	run_fixture_start(&f, STR("one"));
	for (size_t i = 0; i < COUNT(ids); i++)
		f.variant[i].id = str(ids[i]);
	memset(lots, 'x', sizeof(lots));
	f.variant[5].id = str_n(lots, sizeof(lots));
	write_results(&f);
	assert_int_equal(count_files(&f), 18 + 12 * 6 + 5); /* all inside, none over another */
	json_decref(case_of(&f, "evidence/_.-", folder, sizeof(folder)));
	json_decref(case_of(&f, "evidence/_hidden-", folder, sizeof(folder)));
	json_decref(case_of(&f, "evidence/a_.._.._b-", folder, sizeof(folder)));
	json_decref(case_of(&f, "evidence/a_b_c-", other, sizeof(other)));
	end(&f);
}

static void full_evidence_is_for_its_owner(void **state)
{
	struct run_fixture f;
	char folder[96], name[160];
	json_t *manifest;
	mode_t before = umask(0022);
	size_t n;
	char *octets;

	(void)state;
	run_fixture_start(&f, STR("Authorization: Basic YTpi"));
	write_results(&f);
	count_files(&f);
	assert_int_equal(modes, 0644);
	f.o.evidence = EVIDENCE_FULL;
	write_results(&f);
	count_files(&f);
	assert_int_equal(modes, 0600);
	manifest = json_of(&f, "manifest.json");
	assert_string_equal(text(manifest, "evidence"), "full");
	json_decref(manifest);
	json_decref(case_of(&f, CASE, folder, sizeof(folder)));
	snprintf(name, sizeof(name), "%s/02-probe.request", folder);
	octets = file_of(&f, name, &n);
	assert_string_equal(octets, "Authorization: Basic YTpi");
	free(octets);
	assert_int_equal(umask(before), 0022); /* it is as it was */
	end(&f);
}

static void a_folder_that_cannot_be_is_an_error(void **state)
{
	struct run_fixture f;
	struct err err = { 0 };

	(void)state;
	run_fixture_start(&f, STR("one"));
	assert_int_equal(file_put(f.path, STR("a file"), &err), 0);
	assert_int_equal(report_results(&f.r, &f.o, f.path, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	run_fixture_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_manifest_sums_all_files),
		cmocka_unit_test(certificates_are_there_in_pem),
		cmocka_unit_test(a_case_names_its_files),
		cmocka_unit_test(what_an_earlier_run_left_goes),
		cmocka_unit_test(a_link_in_the_folder_is_not_followed),
		cmocka_unit_test(ids_are_made_fit_for_file_systems),
		cmocka_unit_test(full_evidence_is_for_its_owner),
		cmocka_unit_test(a_folder_that_cannot_be_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
