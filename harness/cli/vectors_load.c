#include "cli/vectors.h"

#include "auth/verify.h"

#include "base/mem.h"

#include <jansson.h>
#include <stdio.h>

#define FILE_MAX (64u << 20)

/* What a test has beside its inputs. */
#define TEST_MEMBERS  "id comment source flags result expected"
#define GROUP_MEMBERS "operation about tests"

extern const struct embedded_vectors {
	const char *name;
	const unsigned char *octets;
	size_t n;
} embedded_vectors[];

/* --- the file's shape --- */

static int broken(const struct vector_file *f, const char *where, const char *what, struct err *err)
{
	return err_set(err, ERR_INPUT, "%.*s: %s: %s", STR_ARG(f->name), where, what);
}

/* The schema's additionalProperties: a member that nobody reads is a mistake. */
static const char *foreign_member(json_t *object, struct str own, struct str inputs)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		struct str name = str(key);

		if (str_has_word(own, name) || str_has_word(inputs, name))
			continue;
		if (!str_ends(name, STR("_hex")) ||
		    !str_has_word(inputs, str_sub(name, 0, name.n - 4)))
			return key;
	}
	return NULL;
}

static bool is_filled(const json_t *text)
{
	return json_string_length(text) > 0;
}

/* Each flag has a note. */
static bool flags_known(const struct vector_file *f, const json_t *flags)
{
	for (size_t i = 0; i < json_array_size(flags); i++) {
		const char *flag = json_string_value(json_array_get(flags, i));

		if (!flag || !json_object_get(f->notes, flag))
			return false;
	}
	return json_is_array(flags);
}

static const char *test_problem(const struct vector_file *f, const struct vector *v)
{
	const char *result = json_string_value(json_object_get(v->test, "result"));
	bool invalid = result && strcmp(result, "invalid") == 0;
	const char *member;

	if (!json_is_object(v->test) || !v->id.n)
		return "a test without an id";
	if (!result || (!invalid && strcmp(result, "valid") != 0))
		return "result is neither valid nor invalid";
	if (!is_filled(json_object_get(v->test, "source")))
		return "no source";
	if (!flags_known(f, json_object_get(v->test, "flags")))
		return "flags: a list of names of notes is expected";
	if (!v->op->decides && !invalid && !json_is_object(json_object_get(v->test, "expected")))
		return "a valid one without expected";
	member = foreign_member(v->test, STR(TEST_MEMBERS), str(v->op->inputs));
	return member ? member : NULL;
}

static struct vector *next_vector(struct vector_set *s)
{
	struct vector *larger;

	if (s->n == s->room) {
		larger = mem_grow(s->v, (s->room ? 2 * s->room : 256) * sizeof(*s->v));
		if (!larger)
			return NULL;
		s->v = larger;
		s->room = s->room ? 2 * s->room : 256;
	}
	return &s->v[s->n];
}

static int add_test(struct vector_set *s, const struct vector_file *f, const struct vector_op *op,
		    json_t *group, json_t *test, struct err *err)
{
	struct vector *v = next_vector(s);
	const char *problem;

	if (!v)
		return err_set(err, ERR_NOMEM, "no memory for the vectors");
	*v = (struct vector){ .op = op, .file = f, .test = test, .group = group };
	v->id = vector_member(NULL, test, "id");
	problem = test_problem(f, v);
	if (problem)
		return broken(f, v->id.n ? v->id.p : "tests", problem, err);
	v->valid = strcmp(json_string_value(json_object_get(test, "result")), "valid") == 0;
	s->n++;
	return 0;
}

static int add_group(struct vector_set *s, const struct vector_file *f, json_t *group,
		     struct err *err)
{
	struct str operation = vector_member(NULL, group, "operation");
	const struct vector_op *op = vector_op_find(operation);
	json_t *tests = json_object_get(group, "tests"), *test;
	const char *member;
	size_t i;

	if (!op)
		return broken(f, "operation", operation.p ? operation.p : "missing", err);
	member = foreign_member(group, STR(GROUP_MEMBERS), str(op->inputs));
	if (member)
		return broken(f, op->name, member, err);
	if (!json_array_size(tests))
		return broken(f, op->name, "a group without tests", err);
	json_array_foreach(tests, i, test) if (add_test(s, f, op, group, test, err)) return -1;
	return 0;
}

/* Ids are unique over all files: they name a vector in reports. */
static int check_ids(const struct vector_set *s, struct err *err)
{
	json_t *seen = json_object();
	int bad = seen ? 0 : err_set(err, ERR_NOMEM, "no memory for the ids");

	for (size_t i = 0; i < s->n && !bad; i++) {
		if (json_object_get(seen, s->v[i].id.p))
			bad = broken(s->v[i].file, s->v[i].id.p, "this id comes twice", err);
		else if (json_object_set_new(seen, s->v[i].id.p, json_true()))
			bad = err_set(err, ERR_NOMEM, "no memory for the ids");
	}
	json_decref(seen);
	return bad;
}

int vectors_add(struct vector_set *s, struct str name, struct str text, struct err *err)
{
	struct vector_file *f = &s->file[s->n_file];
	json_error_t at;
	json_t *groups, *group;
	size_t i;

	if (s->n_file == VECTOR_FILES)
		return err_set(err, ERR_INPUT, "more than %d files", VECTOR_FILES);
	*f = (struct vector_file){ .name = name };
	f->root = json_loadb(text.p, text.n, JSON_ALLOW_NUL, &at);
	if (!f->root)
		return err_set(err, ERR_INPUT, "%.*s:%d: %s", STR_ARG(name), at.line, at.text);
	s->n_file++;
	f->notes = json_object_get(f->root, "notes");
	groups = json_object_get(f->root, "groups");
	if (!json_is_object(f->notes) || !json_array_size(groups))
		return broken(f, "file", "notes and groups are expected", err);
	if (foreign_member(f->root, STR("schema about notes groups"), STR("")))
		return broken(f, foreign_member(f->root, STR("schema about notes groups"), STR("")),
			      "unknown member", err);
	json_array_foreach(groups, i, group) if (add_group(s, f, group, err)) return -1;
	return 0;
}

/* --- files --- */

static int read_file(struct arena *a, const char *path, struct str *out, struct err *err)
{
	FILE *f = fopen(path, "re");
	size_t n = 0, room = 1u << 20, got;
	char *p = arena_alloc(a, room);

	if (!f)
		return err_set(err, ERR_INPUT, "%s: cannot be opened", path);
	while (p && (got = fread(p + n, 1, room - n, f)) > 0) {
		char *larger = p;

		n += got;
		if (n == room) {
			larger = arena_alloc(a, room *= 2);
			if (larger)
				memcpy(larger, p, n);
		}
		p = larger;
	}
	*out = str_n(p, n);
	if (fclose(f))
		return err_set(err, ERR_IO, "%s: cannot be read", path);
	return p ? 0 : err_set(err, ERR_INPUT, "%s: larger than %u octets", path, FILE_MAX);
}

static struct str base_name(struct str path)
{
	while (str_chr(path, '/') != (size_t)-1)
		str_cut(&path, '/');
	return path;
}

static int load_one(struct vector_set *s, struct str path, struct err *err)
{
	struct arena a;
	struct str text;
	int bad;

	arena_init(&a, 2 * FILE_MAX);
	bad = read_file(&a, path.p, &text, err) || vectors_add(s, base_name(path), text, err);
	arena_free(&a);
	return bad ? -1 : 0;
}

int vectors_load(struct vector_set *out, const struct str *path, size_t n, struct err *err)
{
	*out = (struct vector_set){ 0 };
	for (size_t i = 0; i < n; i++)
		if (load_one(out, path[i], err))
			return -1;
	for (const struct embedded_vectors *e = embedded_vectors; n == 0 && e->name; e++)
		if (vectors_add(out, str(e->name), str_n(e->octets, e->n), err))
			return -1;
	return check_ids(out, err);
}

void vectors_free(struct vector_set *s)
{
	for (size_t i = 0; i < s->n_file; i++)
		json_decref(s->file[i].root);
	mem_free(s->v);
	*s = (struct vector_set){ 0 };
}
