/* results.json: read back, complete, redacted. */
#include "run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <jansson.h>

static json_t *written(struct run_fixture *f)
{
	struct err err = { 0 };
	json_error_t at;
	json_t *root;

	if (report_json(&f->r, &f->o, f->path, &err))
		fail_msg("%s", err.text);
	root = json_load_file(f->path, JSON_REJECT_DUPLICATES, &at);
	if (!root)
		fail_msg("%d: %s", at.line, at.text);
	return root;
}

/* Every member of value is named by the schema, and every required one is there; $ref, anyOf and
 * items are followed.  The schema says additionalProperties false throughout.
 */
static bool conforms(json_t *root, json_t *schema, json_t *value);

static json_t *resolve(json_t *root, json_t *schema)
{
	const char *ref = json_string_value(json_object_get(schema, "$ref"));

	if (!ref)
		return schema;
	assert_true(str_starts(str(ref), STR("#/$defs/")));
	schema = json_object_get(json_object_get(root, "$defs"), ref + strlen("#/$defs/"));
	assert_non_null(schema);
	return schema;
}

static bool type_is(const char *type, const json_t *value)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "object",   [JSON_ARRAY] = "array", [JSON_STRING] = "string",
		[JSON_INTEGER] = "integer", [JSON_REAL] = "number", [JSON_TRUE] = "boolean",
		[JSON_FALSE] = "boolean",   [JSON_NULL] = "null",
	};

	return strcmp(type, names[json_typeof(value)]) == 0;
}

static bool type_conforms(json_t *schema, const json_t *value)
{
	json_t *type = json_object_get(schema, "type"), *one;
	bool found = json_is_string(type) && type_is(json_string_value(type), value);
	size_t i;

	json_array_foreach(type, i, one) found |= type_is(json_string_value(one), value);
	return !type || found;
}

static bool any_conforms(json_t *root, json_t *schemas, json_t *value)
{
	json_t *one;
	size_t i;

	json_array_foreach(schemas, i, one) if (conforms(root, one, value)) return true;
	return false;
}

static bool is_listed(json_t *list, json_t *value)
{
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one) if (json_equal(one, value)) return true;
	return false;
}

static bool members_conform(json_t *root, json_t *schema, json_t *value)
{
	json_t *required = json_object_get(schema, "required"), *one;
	const char *key;
	size_t i;

	assert_true(json_is_false(json_object_get(schema, "additionalProperties")));
	json_object_foreach(
		value, key,
		one) if (!conforms(root,
				   json_object_get(json_object_get(schema, "properties"), key),
				   one)) return false;
	json_array_foreach(required, i,
			   one) if (!json_object_get(value, json_string_value(one))) return false;
	return true;
}

static bool conforms(json_t *root, json_t *schema, json_t *value)
{
	json_t *any, *list, *one;
	size_t i;

	if (!schema)
		return false;
	schema = resolve(root, schema);
	any = json_object_get(schema, "anyOf");
	list = json_object_get(schema, "enum");
	if (any)
		return any_conforms(root, any, value);
	if (!type_conforms(schema, value) || (list && !is_listed(list, value)))
		return false;
	json_array_foreach(value, i, one) if (!conforms(root, json_object_get(schema, "items"),
							one)) return false;
	return !json_is_object(value) || members_conform(root, schema, value);
}

static void assert_schema(json_t *value)
{
	json_error_t at;
	json_t *schema = json_load_file(SOURCE_DIR "/reports/results.schema.json",
					JSON_REJECT_DUPLICATES, &at);

	assert_non_null(schema);
	assert_true(conforms(schema, schema, value));
	json_decref(schema);
}

static json_int_t number(json_t *o, const char *key)
{
	assert_true(json_is_integer(json_object_get(o, key)));
	return json_integer_value(json_object_get(o, key));
}

static const char *text(json_t *o, const char *key)
{
	assert_true(json_is_string(json_object_get(o, key)));
	return json_string_value(json_object_get(o, key));
}

static void a_run_is_read_back(void **state)
{
	struct run_fixture f;
	json_t *root, *fail, *measure, *more;

	(void)state;
	run_fixture_start(&f, STR("one"));
	f.r.cause = STR("locked out");
	f.r.cause_reason = REASON_LOCKED;
	root = written(&f);
	assert_schema(root);
	assert_string_equal(text(root, "tool"), "countersign 0.1.0");
	assert_string_equal(text(root, "started"), "2026-08-22T10:11:12.123Z");
	assert_string_equal(text(json_object_get(root, "cause"), "reason"), "locked");
	assert_int_equal(number(json_object_get(root, "counts"), "fail"), 2);
	assert_int_equal(number(root, "exit_code"), 1);
	fail = json_array_get(json_object_get(root, "variants"), 3);
	assert_string_equal(text(fail, "id"), "digest.nc.reused[skew=-3h]");
	assert_string_equal(text(fail, "case"), "digest.nc.reused");
	assert_string_equal(text(fail, "verdict"), "fail");
	assert_string_equal(text(fail, "clause"), "rfc7616#3.4.nc");
	assert_string_equal(text(json_array_get(json_object_get(fail, "steps"), 1), "sent"), "one");
	measure = json_object_get(json_array_get(json_object_get(root, "variants"), 17), "measure");
	assert_string_equal(text(measure, "property"), "token.skew.past");
	assert_int_equal(number(measure, "value"), 295);
	more = json_array_get(json_object_get(measure, "more"), 1);
	assert_string_equal(text(more, "name"), "lowest");
	assert_string_equal(text(more, "unit"), "s");
	assert_int_equal(number(more, "value"), -4);
	json_decref(root);
	run_fixture_end(&f);
}

static void octets_stand_for_findings_only(void **state)
{
	struct run_fixture f;
	json_t *root, *v;
	size_t i;

	(void)state;
	run_fixture_start(&f, STR("one"));
	root = written(&f);
	assert_int_equal(json_array_size(json_object_get(root, "variants")), FIXTURE_VARIANTS);
	json_array_foreach(json_object_get(root, "variants"), i, v)
	{
		json_t *step = json_array_get(json_object_get(v, "steps"), 0);
		bool pass = strcmp(text(v, "verdict"), "pass") == 0;

		assert_true(!step || (json_object_get(step, "received") != NULL) != pass);
	}
	json_decref(root);
	run_fixture_end(&f);
}

static void a_run_that_knows_nothing_is_valid_too(void **state)
{
	struct run_fixture f;
	json_t *root;

	(void)state;
	run_fixture_start(&f, STR("one"));
	f.r.survey = (struct survey){ 0 };
	f.r.profile = NULL;
	f.r.catalogue = NULL;
	f.r.budget = (struct str){ 0 };
	for (size_t i = 0; i < FIXTURE_VARIANTS; i++) {
		f.result[i].cite = NULL;
		f.result[i].has_outcome = f.result[i].measured = false;
		f.result[i].form = (struct str){ 0 };
		f.step[i][0].status = 0;
	}
	root = written(&f);
	assert_schema(root);
	assert_true(json_is_null(json_object_get(root, "cause")));
	json_decref(root);
	run_fixture_end(&f);
}

static void assert_clean(json_t *value)
{
	const char *key;
	json_t *one;
	size_t i;

	json_object_foreach(value, key, one) assert_clean(one);
	json_array_foreach(value, i, one) assert_clean(one);
	for (i = 0; json_is_string(value) && i < json_string_length(value); i++) {
		uint8_t c = (uint8_t)json_string_value(value)[i];

		assert_true(c >= 0x20 || c == '\t' || c == '\n');
	}
	assert_true(!json_is_string(value) || json_string_length(value) <= 4096);
}

static void hostile_text_is_cleaned_and_capped(void **state)
{
	struct run_fixture f;
	char lots[20000];
	json_t *root;

	(void)state;
	run_fixture_start(&f, hostile_text);
	f.r.cause = hostile_text;
	root = written(&f);
	assert_schema(root);
	assert_clean(root);
	json_decref(root);
	run_fixture_end(&f);
	memset(lots, 0xe9, sizeof(lots));
	run_fixture_start(&f, str_n(lots, sizeof(lots)));
	root = written(&f);
	assert_clean(root);
	json_decref(root);
	run_fixture_end(&f);
}

static void a_secret_never_gets_out(void **state)
{
	struct err err = { 0 };
	struct run_fixture f;
	size_t n;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("was s3cret\"Pa55 or s3c\x1b[0mret\"Pa55 here"));
	assert_int_equal(redact_add(&f.redactor, STR("s3cret\"Pa55")), 0);
	f.r.cause = f.r.target;
	assert_int_equal(report_json(&f.r, &f.o, f.path, &err), 0);
	all = run_fixture_read(&f, &n);
	assert_non_null(strstr(all, "was [redacted] or [redacted] here"));
	assert_null(strstr(all, "s3cret"));
	assert_null(strstr(all, "Pa55"));
	free(all);
	run_fixture_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_is_read_back),
		cmocka_unit_test(octets_stand_for_findings_only),
		cmocka_unit_test(a_run_that_knows_nothing_is_valid_too),
		cmocka_unit_test(hostile_text_is_cleaned_and_capped),
		cmocka_unit_test(a_secret_never_gets_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
