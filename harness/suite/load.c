#include "suite/parse.h"

#include "auth/hash.h"
#include "base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* --- one file --- */

static void xml_defer(struct xml_file *f)
{
	xml_file_close(f);
}

/* Room for more elements behind n; the old ones are copied, the arena keeps both. */
static void *extend(struct arena *a, const void *v, size_t size, size_t n, size_t more)
{
	void *p = arena_alloc_n(a, size, n + more);

	if (p && n)
		memcpy(p, v, n * size);
	return p;
}

/* The cases of one file behind those of others. */
static int take_cases(struct catalogue *k, const struct xml_file *f, const xmlNode *root,
		      struct suite_case **to, size_t *n_to, struct err *err)
{
	struct str family = xml_attr(&k->a, root, "family");
	struct suite_case *v = extend(&k->a, *to, sizeof(*v), *n_to, xml_count(root, "case"));

	if (!v)
		return arena_check(&k->a, err);
	*to = v;
	for (const xmlNode *n = xml_child(root, NULL); n; n = xml_child(root, n)) {
		struct suite_case *c = &v[*n_to];

		if (case_read(&k->a, f, n, family, c, err) || bind_check(f, n, c, err))
			return -1;
		++*n_to;
	}
	return 0;
}

static int take_suite(struct catalogue *k, const struct xml_file *f, const xmlNode *root,
		      struct err *err)
{
	return take_cases(k, f, root, &k->c, &k->n_case, err);
}

static int take_client(struct catalogue *k, const struct xml_file *f, const xmlNode *root,
		       struct err *err)
{
	return take_cases(k, f, root, &k->client, &k->n_client, err);
}

static int take_personas(struct catalogue *k, const struct xml_file *f, const xmlNode *root,
			 struct err *err)
{
	struct suite_persona *v =
		extend(&k->a, k->persona, sizeof(*v), k->n_persona, xml_count(root, "persona"));

	if (!v)
		return arena_check(&k->a, err);
	k->persona = v;
	for (const xmlNode *n = xml_child(root, NULL); n; n = xml_child(root, n)) {
		if (persona_read(&k->a, f, n, &k->persona[k->n_persona], err))
			return -1;
		k->n_persona++;
	}
	return 0;
}

/* Elements of that name two levels down. */
static size_t count_below(const xmlNode *root, const char *name)
{
	size_t n = 0;

	for (const xmlNode *c = xml_child(root, NULL); c; c = xml_child(root, c))
		n += xml_count(c, name);
	return n;
}

static int take_requirements(struct catalogue *k, const struct xml_file *f, const xmlNode *root,
			     struct err *err)
{
	struct requirement *v = extend(&k->a, k->requirement, sizeof(*v), k->n_requirement,
				       count_below(root, "requirement"));

	if (!v)
		return arena_check(&k->a, err);
	k->requirement = v;
	for (const xmlNode *d = xml_child(root, NULL); d; d = xml_child(root, d)) {
		for (const xmlNode *n = xml_child(d, NULL); n; n = xml_child(d, n)) {
			if (requirement_read(&k->a, f, d, n, &k->requirement[k->n_requirement],
					     err))
				return -1;
			k->n_requirement++;
		}
	}
	return 0;
}

static int take_field(struct catalogue *k, const struct xml_file *f, const xmlNode *root,
		      struct err *err)
{
	struct field_row *v =
		extend(&k->a, k->field, sizeof(*v), k->n_field, count_below(root, "row"));

	if (!v)
		return arena_check(&k->a, err);
	k->field = v;
	for (const xmlNode *g = xml_child(root, NULL); g; g = xml_child(root, g)) {
		for (const xmlNode *n = xml_child(g, NULL); n; n = xml_child(g, n)) {
			if (field_row_read(&k->a, f, g, n, &k->field[k->n_field], err))
				return -1;
			k->n_field++;
		}
	}
	return 0;
}

static int take_profile(struct catalogue *k, const struct xml_file *f, const xmlNode *root,
			struct err *err)
{
	struct profile *v = extend(&k->a, k->profile, sizeof(*v), k->n_profile, 1);

	if (!v)
		return arena_check(&k->a, err);
	k->profile = v;
	if (profile_read(&k->a, f, root, &k->profile[k->n_profile], err))
		return -1;
	k->n_profile++;
	return 0;
}

static const struct {
	const struct element_rule *rule;
	int (*take)(struct catalogue *k, const struct xml_file *f, const xmlNode *root,
		    struct err *err);
} kinds[] = {
	[FILE_SUITE] = { &suite_rule, take_suite },
	[FILE_PROFILE] = { &profile_rule, take_profile },
	[FILE_REQUIREMENTS] = { &requirements_rule, take_requirements },
	[FILE_FIELD] = { &field_rule, take_field },
	[FILE_CLIENT] = { &client_rule, take_client },
	[FILE_PERSONAS] = { &personas_rule, take_personas },
};
_Static_assert(COUNT(kinds) == FILE_KINDS, "one row per enum file_kind");

int suite_parse_memory(struct catalogue *out, const struct schemas *s, struct str name,
		       struct str octets, struct err *err)
{
	struct xml_file f DEFER(xml_defer) = { 0 };
	enum file_kind kind = file_kind(name);
	struct str kept = arena_str(&out->a, name);
	const xmlNode *root;

	if (arena_check(&out->a, err) || xml_file_open(&f, kept, octets, err))
		return -1;
	root = xmlDocGetRootElement(f.doc);
	if (walk_check(&f, root, kinds[kind].rule, err) || schemas_check(s, &f, err))
		return -1;
	return kinds[kind].take(out, &f, root, err);
}

/* --- many files --- */

struct loader {
	struct catalogue *out;
	struct schemas *schemas;
	const char *dir; /* NULL: the embedded files */
	struct buf listing;
};

/* The catalogue's identity is the digest of what sha256sum prints of its files, in order. */
static int take_file(struct loader *l, struct str name, struct str octets, struct err *err)
{
	char hex[HASH_HEX_MAX];

	if (hash_joined_hex(HASH_SHA256, &octets, 1, hex, err))
		return -1;
	buf_fmt(&l->listing, "%s  %.*s\n", hex, STR_ARG(name));
	return suite_parse_memory(l->out, l->schemas, name, octets, err);
}

static int load_embedded(struct loader *l, struct err *err)
{
	for (const struct embedded_file *e = embedded_files; e->name; e++) {
		if (str_starts(str(e->name), STR("schema/")))
			continue;
		if (take_file(l, str(e->name), str_n(e->octets, e->n), err))
			return -1;
	}
	return 0;
}

static void file_defer(FILE **f)
{
	if (*f)
		fclose(*f);
}

static void dir_defer(DIR **d)
{
	if (*d)
		closedir(*d);
}

/* name is relative to the directory; a file that may be missing is then not read. */
static int take_path(struct loader *l, struct str name, bool optional, struct err *err)
{
	struct arena a DEFER(arena_free);
	FILE *file DEFER(file_defer) = NULL;
	struct str path;
	char *octets;
	size_t n;

	arena_init(&a, 2 * SUITE_FILE_MAX);
	path = arena_fmt(&a, "%s/%.*s", l->dir, STR_ARG(name));
	octets = arena_alloc(&a, SUITE_FILE_MAX + 1);
	if (arena_check(&a, err) || !octets)
		return -1;
	file = fopen(path.p, "rb");
	if (!file && optional && errno == ENOENT)
		return 0;
	if (!file)
		return err_system(err, ERR_INPUT, errno, "%.*s", STR_ARG(path));
	n = fread(octets, 1, SUITE_FILE_MAX + 1, file);
	if (ferror(file))
		return err_system(err, ERR_INPUT, errno, "%.*s", STR_ARG(path));
	return take_file(l, name, str_n(octets, n), err);
}

static int by_name(const void *x, const void *y)
{
	const struct str *a = x, *b = y;

	return strcmp(a->p, b->p);
}

static bool is_case_file(const char *name)
{
	return name[0] != '.' && str_ends(str(name), STR(".xml")) &&
	       strcmp(name, "requirements.xml") != 0 && strcmp(name, "field.xml") != 0;
}

/* Names of the XML files below dir/prefix, sorted, each with prefix before it. */
static int list_dir(struct arena *a, const char *dir, const char *prefix, bool optional,
		    struct str *name, size_t *n, struct err *err)
{
	struct str path = arena_fmt(a, "%s/%s", dir, prefix);
	DIR *d DEFER(dir_defer) = NULL;

	if (arena_check(a, err))
		return -1;
	*n = 0;
	d = opendir(path.p);
	if (!d && optional && errno == ENOENT)
		return 0;
	if (!d)
		return err_system(err, ERR_INPUT, errno, "%.*s", STR_ARG(path));
	for (struct dirent *e = readdir(d); e; e = readdir(d)) {
		if (!is_case_file(e->d_name))
			continue;
		if (*n == SUITE_FILES_MAX)
			return err_set(err, ERR_LIMIT, "%.*s: more XML files than %d",
				       STR_ARG(path), SUITE_FILES_MAX);
		name[(*n)++] = arena_fmt(a, "%s%s", prefix, e->d_name);
	}
	if (arena_check(a, err))
		return -1;
	qsort(name, *n, sizeof(*name), by_name);
	return 0;
}

static int take_dir(struct loader *l, const char *prefix, bool optional, struct err *err)
{
	struct arena a DEFER(arena_free);
	struct str *name;
	size_t n;

	arena_init(&a, SUITE_FILE_MAX);
	name = arena_array(&a, struct str, SUITE_FILES_MAX);
	if (!name)
		return arena_check(&a, err);
	if (list_dir(&a, l->dir, prefix, optional, name, &n, err))
		return -1;
	if (!n && !optional)
		return err_set(err, ERR_INPUT, "%s: no suite, expected *.xml", l->dir);
	for (size_t i = 0; i < n; i++) {
		if (take_path(l, name[i], false, err))
			return -1;
	}
	return 0;
}

static int load_dir(struct loader *l, struct err *err)
{
	if (take_dir(l, "", false, err) || take_dir(l, "client/", true, err) ||
	    take_dir(l, "profiles/", true, err) || take_dir(l, "requirements/", true, err))
		return -1;
	if (take_path(l, STR("requirements.xml"), true, err))
		return -1;
	return take_path(l, STR("field.xml"), true, err);
}

static int identity(struct loader *l, struct err *err)
{
	struct str listing = buf_view(&l->listing);
	char hex[HASH_HEX_MAX];

	if (buf_check(&l->listing, "the listing of suites", err) ||
	    hash_joined_hex(HASH_SHA256, &listing, 1, hex, err))
		return -1;
	memcpy(l->out->sha256, hex, sizeof(l->out->sha256));
	return 0;
}

int catalogue_load(struct catalogue *out, const char *dir, struct err *err)
{
	struct schemas *s DEFER(schemas_defer) = schemas_new(err);
	struct loader l = { .out = out, .schemas = s, .dir = dir };
	int failed;

	*out = (struct catalogue){ 0 };
	arena_init(&out->a, SUITE_ARENA_MAX);
	if (!s)
		return -1;
	buf_init(&l.listing, SUITE_FILE_MAX);
	failed = (dir ? load_dir(&l, err) : load_embedded(&l, err)) || identity(&l, err);
	buf_free(&l.listing);
	if (failed)
		catalogue_free(out);
	return failed ? -1 : 0;
}

void catalogue_free(struct catalogue *c)
{
	arena_free(&c->a);
	*c = (struct catalogue){ 0 };
}

/* --- look-ups --- */

const struct suite_case *catalogue_case(const struct catalogue *c, struct str id)
{
	for (size_t i = 0; i < c->n_case; i++) {
		if (str_eq(c->c[i].id, id))
			return &c->c[i];
	}
	for (size_t i = 0; i < c->n_client; i++) {
		if (str_eq(c->client[i].id, id))
			return &c->client[i];
	}
	return NULL;
}

const struct suite_persona *catalogue_persona(const struct catalogue *c, struct str id)
{
	for (size_t i = 0; i < c->n_persona; i++) {
		if (str_eq(c->persona[i].id, id))
			return &c->persona[i];
	}
	return NULL;
}

const struct profile *catalogue_profile(const struct catalogue *c, struct str id)
{
	for (size_t i = 0; i < c->n_profile; i++) {
		if (str_eq(c->profile[i].id, id))
			return &c->profile[i];
	}
	return NULL;
}

const struct requirement *catalogue_requirement(const struct catalogue *c, struct str anchor)
{
	for (size_t i = 0; i < c->n_requirement; i++) {
		if (str_eq(c->requirement[i].anchor, anchor))
			return &c->requirement[i];
	}
	return NULL;
}
