/* Directories of suites, and the embedded ones. */
#include "suite_lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A directory that knows what was written into it. */
struct folder {
	char path[64];
	char file[256][128];
	size_t n;
};

static void folder_open(struct folder *f)
{
	*f = (struct folder){ .path = "/tmp/countersign-suite-XXXXXX" };
	assert_non_null(mkdtemp(f->path));
}

static void folder_mkdir(const struct folder *f, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", f->path, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void folder_put(struct folder *f, const char *name, const char *text)
{
	char path[sizeof(f->file[0])];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", f->path, name);
	memcpy(f->file[f->n++], path, sizeof(path));
	file = fopen(path, "wb");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void folder_close(struct folder *f)
{
	char path[128];

	while (f->n > 0)
		assert_int_equal(unlink(f->file[--f->n]), 0);
	snprintf(path, sizeof(path), "%s/profiles", f->path);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/requirements", f->path);
	rmdir(path);
	assert_int_equal(rmdir(f->path), 0);
}

#define FAMILY(name)                                                                               \
	"<suite family='" name "' title='X'><case id='" name ".a' rev='1'>" LAB_TEXTS LAB_CITE     \
	"<send/></case></suite>"
#define PROFILE(id) "<profile id='" id "' kind='any'><title>T</title><about>A</about></profile>"

#define REQUIREMENT(id)                                                                            \
	"<requirements><document id='" id "' title='D'><requirement anchor='" id                   \
	"#1' level='must'"                                                                         \
	" source='S'>t</requirement></document></requirements>"

static void folder_fill(struct folder *f)
{
	folder_open(f);
	folder_mkdir(f, "profiles");
	folder_put(f, "zebra.xml", FAMILY("zebra"));
	folder_put(f, "apple.xml", FAMILY("apple"));
	folder_put(f, ".hidden.xml", "not read");
	folder_put(f, "README.md", "not read");
	folder_put(f, "profiles/b.xml", PROFILE("b"));
	folder_put(f, "profiles/a.xml", PROFILE("a"));
	folder_mkdir(f, "requirements");
	folder_put(f, "requirements.xml", REQUIREMENT("d"));
	folder_put(f, "requirements/z.xml", REQUIREMENT("c"));
	folder_put(f, "requirements/y.xml", REQUIREMENT("e"));
	folder_put(f, "field.xml",
		   "<field><group id='A' title='T'><row id='A-1' side='both' link='https://x/'>t"
		   "</row></group></field>");
}

static void files_come_in_order_of_their_names(void **state)
{
	struct catalogue k;
	struct err err = { 0 };
	struct folder f;

	(void)state;
	folder_fill(&f);
	if (catalogue_load(&k, f.path, &err))
		fail_msg("%s", err.text);
	assert_int_equal(k.n_case, 2);
	lab_str(k.c[0].id, "apple.a");
	lab_str(k.c[1].id, "zebra.a");
	assert_int_equal(k.n_profile, 2);
	lab_str(k.profile[0].id, "a");
	lab_str(k.profile[1].file, "profiles/b.xml");
	assert_int_equal(k.n_requirement, 3);
	lab_str(k.requirement[0].anchor, "e#1");
	lab_str(k.requirement[1].file, "requirements/z.xml");
	lab_str(k.requirement[2].file, "requirements.xml");
	assert_int_equal(k.n_field, 1);
	lab_str(k.field[0].id, "A-1");
	catalogue_free(&k);
	assert_int_equal(k.n_case, 0);
	folder_close(&f);
}

static void the_identity_is_of_names_and_octets(void **state)
{
	char first[65];
	struct catalogue k;
	struct err err;
	struct folder f;

	(void)state;
	folder_fill(&f);
	assert_int_equal(catalogue_load(&k, f.path, &err), 0);
	assert_int_equal(strlen(k.sha256), 64);
	memcpy(first, k.sha256, sizeof(first));
	catalogue_free(&k);
	assert_int_equal(catalogue_load(&k, f.path, &err), 0);
	assert_string_equal(k.sha256, first);
	catalogue_free(&k);
	folder_put(&f, "zebra.xml", FAMILY("zebra") " ");
	f.n--;
	assert_int_equal(catalogue_load(&k, f.path, &err), 0);
	assert_string_not_equal(k.sha256, first);
	catalogue_free(&k);
	folder_close(&f);
}

static void one_suite_is_enough(void **state)
{
	/* printf '%s  x.xml\n' "$(sha256sum < x.xml | cut -d' ' -f1)" | sha256sum */
	static const char sha256[] =
		"bcb7811bd43340b60cea3c03d110dc9b41e820f2c5da98a6da11773e69b17fa4";
	struct catalogue k;
	struct err err = { 0 };
	struct folder f;

	(void)state;
	folder_open(&f);
	folder_put(&f, "x.xml", LAB_SUITE("", "<send/>"));
	assert_int_equal(catalogue_load(&k, f.path, &err), 0);
	assert_int_equal(k.n_case, 1);
	assert_int_equal(k.n_profile + k.n_requirement + k.n_field, 0);
	assert_string_equal(k.sha256, sha256);
	catalogue_free(&k);
	folder_close(&f);
}

static void a_directory_without_suites_is_refused(void **state)
{
	struct catalogue k;
	struct err err = { 0 };
	struct folder f;
	char want[160];

	(void)state;
	folder_open(&f);
	folder_put(&f, "requirements.xml", "<requirements/>");
	folder_put(&f, "field.xml", "<field/>");
	assert_int_equal(catalogue_load(&k, f.path, &err), -1);
	snprintf(want, sizeof(want), "%s: no suite, expected *.xml", f.path);
	assert_string_equal(err.text, want);
	assert_int_equal(err.code, ERR_INPUT);
	folder_close(&f);
	assert_int_equal(catalogue_load(&k, f.path, &err), -1);
	snprintf(want, sizeof(want), "%s/: No such file or directory", f.path);
	assert_string_equal(err.text, want);
	assert_int_equal(err.code, ERR_INPUT);
}

static void the_first_error_has_its_file(void **state)
{
	struct catalogue k;
	struct err err = { 0 };
	struct folder f;

	(void)state;
	folder_fill(&f);
	folder_put(&f, "profiles/c.xml", "<profile id='c'/>");
	assert_int_equal(catalogue_load(&k, f.path, &err), -1);
	assert_string_equal(err.text, "profiles/c.xml:1: <profile> without \"kind\", expected one");
	assert_null(k.c);
	folder_close(&f);
}

static void there_is_a_cap_on_files(void **state)
{
	struct catalogue k;
	struct err err = { 0 };
	struct folder f;
	char name[32];

	(void)state;
	folder_open(&f);
	for (int i = 0; i <= SUITE_FILES_MAX; i++) {
		snprintf(name, sizeof(name), "f%d.xml", i);
		folder_put(&f, name, "");
	}
	assert_int_equal(catalogue_load(&k, f.path, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_non_null(strstr(err.text, "more XML files than 200"));
	folder_close(&f);
}

/* The program carries what the source tree has, in the same order. */
static void the_embedded_files_are_those_of_the_tree(void **state)
{
	struct catalogue in, out;
	struct err err = { 0 };

	(void)state;
	if (catalogue_load(&in, NULL, &err))
		fail_msg("%s", err.text);
	if (catalogue_load(&out, SOURCE_DIR "/suites", &err))
		fail_msg("%s", err.text);
	assert_string_equal(in.sha256, out.sha256);
	assert_int_equal(in.n_case, out.n_case);
	assert_true(in.n_case > 0 && in.n_requirement > 0 && in.n_profile > 0 && in.n_field > 0);
	catalogue_free(&in);
	catalogue_free(&out);
}

static void names_tell_kinds(void **state)
{
	(void)state;
	assert_int_equal(file_kind(STR("requirements.xml")), FILE_REQUIREMENTS);
	assert_int_equal(file_kind(STR("requirements/onvif.xml")), FILE_REQUIREMENTS);
	assert_int_equal(file_kind(STR("profiles/requirements.xml")), FILE_PROFILE);
	assert_int_equal(file_kind(STR("field.xml")), FILE_FIELD);
	assert_int_equal(file_kind(STR("profiles/field.xml")), FILE_PROFILE);
	assert_int_equal(file_kind(STR("digest.xml")), FILE_SUITE);
	assert_null(embedded_find(embedded_files, STR("schema/none.rng")).p);
	assert_true(embedded_find(embedded_files, STR("schema/suite.rng")).n > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_come_in_order_of_their_names),
		cmocka_unit_test(the_identity_is_of_names_and_octets),
		cmocka_unit_test(one_suite_is_enough),
		cmocka_unit_test(a_directory_without_suites_is_refused),
		cmocka_unit_test(the_first_error_has_its_file),
		cmocka_unit_test(there_is_a_cap_on_files),
		cmocka_unit_test(the_embedded_files_are_those_of_the_tree),
		cmocka_unit_test(names_tell_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
