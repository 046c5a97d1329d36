#include "cli/vectors.h"

#include "auth/verify.h"

#include "base/embedded.h"
#include "base/mem.h"
#include "cli/vectors_json.h"

#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX (64u << 20)

/* What a test has beside its inputs. */
#define TEST_MEMBERS  "id comment source flags result expected"
#define GROUP_MEMBERS "operation about tests"

extern const struct embedded_file embedded_vectors[];

/* --- the file's shape --- */

static int broken(const struct vector_file *f, struct str where, const char *what, struct err *err)
{
	return err_set(err, ERR_INPUT, "%.*s: %.*s: %s", STR_ARG(f->name), STR_ARG(where), what);
}

/* The schema's additionalProperties: a member that nobody reads is a mistake. */
static const struct jv *foreign_member(const struct jv *object, const char *own, const char *inputs)
{
	const struct jv *m = jv_first(object);

	for (; m; m = m->next) {
		struct str name = m->key;

		if (str_has_word(str(own), name) || str_has_word(str(inputs), name))
			continue;
		if (!str_ends(name, STR("_hex")) ||
		    !str_has_word(str(inputs), str_sub(name, 0, name.n - 4)))
			return m;
	}
	return NULL;
}

/* Tests of a group have the same members mostly: those of the last one need no second look. */
static bool same_members(const struct jv *a, const struct jv *b)
{
	const struct jv *x = jv_first(a), *y = jv_first(b);

	for (; x && y && str_eq(x->key, y->key); x = x->next, y = y->next)
		;
	return a && b && !x && !y;
}

/* Each flag has a note. */
static bool flags_known(const struct vector_file *f, const struct jv *flags)
{
	for (const struct jv *flag = jv_first(flags); flag; flag = flag->next)
		if (!jv_find(f->notes, jv_text(flag)))
			return false;
	return jv_is(flags, JV_LIST);
}

/* Of a member, and of what is in it. */
static bool hex_is_hex(const struct jv *v, bool named)
{
	if (jv_is(v, JV_STRING))
		return !named || vector_is_hex(jv_text(v));
	for (const struct jv *m = jv_first(v); m; m = m->next)
		if (!hex_is_hex(m, m->key.n ? str_ends(m->key, STR("hex")) : named))
			return false;
	return true;
}

static const char *test_problem(const struct vector_file *f, const struct vector *v,
				const struct jv *last)
{
	struct str result = jv_text(jv_get(v->test, "result"));

	if (!v->id.n)
		return "a test without an id";
	if (!v->valid && !str_eq(result, STR("invalid")))
		return "result is neither valid nor invalid";
	if (!jv_text(jv_get(v->test, "source")).n)
		return "no source";
	if (!flags_known(f, jv_get(v->test, "flags")))
		return "flags: a list of names of notes is expected";
	if (!v->op->decides && v->valid && !jv_is(vector_expected(v), JV_OBJECT))
		return "a valid one without expected";
	if (!same_members(v->test, last) && foreign_member(v->test, TEST_MEMBERS, v->op->inputs))
		return "a member that nobody reads";
	if (!hex_is_hex(v->test, false))
		return "hex that is none: pairs of the digits 0 to f are expected";
	return NULL;
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
		    const struct jv *group, const struct jv *test, const struct jv *last,
		    struct err *err)
{
	struct vector *v = next_vector(s);
	const char *problem;

	if (!v)
		return err_set(err, ERR_NOMEM, "no memory for the vectors");
	*v = (struct vector){ .id = jv_text(jv_get(test, "id")),
			      .op = op,
			      .file = f,
			      .test = test,
			      .group = group,
			      .valid = str_eq(jv_text(jv_get(test, "result")), STR("valid")) };
	problem = test_problem(f, v, last);
	if (problem)
		return broken(f, v->id.n ? v->id : STR("tests"), problem, err);
	s->n++;
	return 0;
}

static int add_group(struct vector_set *s, const struct vector_file *f, const struct jv *group,
		     struct err *err)
{
	struct str operation = jv_text(jv_get(group, "operation"));
	const struct vector_op *op = vector_op_find(operation);
	const struct jv *test = jv_first(jv_get(group, "tests")), *last = NULL;

	if (!op)
		return broken(f, operation, "unknown operation", err);
	if (foreign_member(group, GROUP_MEMBERS, op->inputs))
		return broken(f, operation, "a member that nobody reads", err);
	if (!test)
		return broken(f, operation, "a group without tests", err);
	for (const struct jv *m = jv_first(group); m; m = m->next)
		if (!str_eq(m->key, STR("tests")) && !hex_is_hex(m, str_ends(m->key, STR("_hex"))))
			return broken(f, operation, "hex that is none", err);
	for (; test; last = test, test = test->next)
		if (add_test(s, f, op, group, test, last, err))
			return -1;
	return 0;
}

static int by_id(const void *x, const void *y)
{
	struct str a = (*(const struct vector *const *)x)->id;
	struct str b = (*(const struct vector *const *)y)->id;
	int d = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return d ? d : (a.n > b.n) - (a.n < b.n);
}

/* Ids are unique over all files: they name a vector in reports. */
static int check_ids(struct vector_set *s, struct err *err)
{
	const struct vector **v = arena_array(&s->a, const struct vector *, s->n + 1);

	if (!v)
		return arena_check(&s->a, err);
	for (size_t i = 0; i < s->n; i++)
		v[i] = &s->v[i];
	qsort(v, s->n, sizeof(*v), by_id);
	for (size_t i = 1; i < s->n; i++)
		if (str_eq(v[i]->id, v[i - 1]->id))
			return broken(v[i]->file, v[i]->id, "this id comes twice", err);
	return 0;
}

int vectors_add(struct vector_set *s, struct str name, struct str text, struct err *err)
{
	struct vector_file *f = &s->file[s->n_file];
	const struct jv *group;

	if (s->n_file == VECTOR_FILES)
		return err_set(err, ERR_INPUT, "more than %d files", VECTOR_FILES);
	*f = (struct vector_file){ .name = name };
	if (jv_read(&s->a, text, &f->root, err)) {
		err->code = err->code == ERR_PARSE ? ERR_INPUT : err->code;
		return err_prefix(err, "%.*s", STR_ARG(name));
	}
	s->n_file++;
	f->notes = jv_get(f->root, "notes");
	group = jv_first(jv_get(f->root, "groups"));
	if (!jv_is(f->notes, JV_OBJECT) || !group ||
	    foreign_member(f->root, "schema about notes groups", ""))
		return broken(f, STR("file"), "schema, about, notes and groups are expected", err);
	for (; group; group = group->next)
		if (add_group(s, f, group, err))
			return -1;
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
	struct str text;

	if (read_file(&s->a, path.p, &text, err))
		return -1;
	return vectors_add(s, base_name(path), text, err);
}

int vectors_load(struct vector_set *out, const struct str *path, size_t n, struct err *err)
{
	*out = (struct vector_set){ 0 };
	arena_init(&out->a, 4 * FILE_MAX);
	for (size_t i = 0; i < n; i++)
		if (load_one(out, path[i], err))
			return -1;
	for (const struct embedded_file *e = embedded_vectors; n == 0 && e->name; e++)
		if (vectors_add(out, str(e->name), str_n(e->octets, e->n), err))
			return -1;
	return check_ids(out, err);
}

void vectors_free(struct vector_set *s)
{
	arena_free(&s->a);
	mem_free(s->v);
	*s = (struct vector_set){ 0 };
}
