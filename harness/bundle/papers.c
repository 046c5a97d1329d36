#include "bundle/papers.h"

#include "auth/datetime.h"
#include "base/buf.h"

void papers_drop_json(json_t **o)
{
	json_decref(*o);
}

const char *papers_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

bool papers_is(const json_t *variant, const char *verdict)
{
	return strcmp(papers_text(variant, "verdict"), verdict) == 0;
}

json_t *papers_json(const struct bundle_files *f, const char *name, struct err *err)
{
	struct str text = files_get(f, name);
	json_error_t why = { .line = 0 };
	json_t *root;

	if (!text.p) {
		err_set(err, ERR_PARSE, "%s: missing", name);
		return NULL;
	}
	root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &why);
	if (!root)
		err_set(err, ERR_PARSE, "%s:%d: no JSON: %s", name, why.line, why.text);
	return root;
}

/* --- what is read --- */

enum kind { TEXT, NUMBER, FLAG, LIST, OBJECT };

static bool is_kind(const json_t *value, enum kind kind)
{
	const bool is[] = {
		[TEXT] = json_is_string(value),   [NUMBER] = json_is_integer(value),
		[FLAG] = json_is_boolean(value),  [LIST] = json_is_array(value),
		[OBJECT] = json_is_object(value),
	};

	return is[kind];
}

struct member {
	const char *key;
	enum kind kind;
};

static const struct member results_members[] = {
	{ "format", NUMBER },         { "tool", TEXT },     { "command", TEXT },
	{ "target", TEXT },           { "kind", TEXT },     { "profile", TEXT },
	{ "catalogue_sha256", TEXT }, { "seed", TEXT },     { "started", TEXT },
	{ "took_ms", NUMBER },        { "survey", OBJECT }, { "counts", OBJECT },
	{ "exit_code", NUMBER },      { "variants", LIST }, { NULL, TEXT },
};
static const struct member variant_members[] = {
	{ "id", TEXT },     { "rev", NUMBER }, { "verdict", TEXT },
	{ "reason", TEXT }, { "gates", FLAG }, { NULL, TEXT },
};
static const struct member manifest_members[] = {
	{ "format", NUMBER },
	{ "evidence", TEXT },
	{ "files", LIST },
	{ NULL, TEXT },
};

static int check(const json_t *o, const struct member *m, const char *where, struct err *err)
{
	static const char *const words[] = {
		[TEXT] = "a text", [NUMBER] = "an integer", [FLAG] = "true or false",
		[LIST] = "a list", [OBJECT] = "an object",
	};

	for (; m->key; m++)
		if (!is_kind(json_object_get(o, m->key), m->kind))
			return err_set(err, ERR_PARSE, "%s: no \"%s\", expected %s", where, m->key,
				       words[m->kind]);
	return 0;
}

static int check_format(const json_t *o, const char *where, struct err *err)
{
	json_int_t format = json_integer_value(json_object_get(o, "format"));

	if (format == 1)
		return 0;
	return err_set(err, ERR_PARSE, "%s: format %lld, expected 1", where, (long long)format);
}

static int read_variants(struct papers *r, struct err *err)
{
	json_t *v;
	size_t i;

	r->variants = json_object_get(r->results, "variants");
	json_array_foreach(r->variants, i,
			   v) if (check(v, variant_members, PAPERS_RESULTS, err)) return -1;
	return 0;
}

static int read_times(struct papers *r, struct err *err)
{
	json_int_t took = json_integer_value(json_object_get(r->results, "took_ms"));
	struct datetime when;

	if (datetime_parse(str(papers_text(r->results, "started")), &when, err))
		return err_prefix(err, PAPERS_RESULTS ": started");
	if (took < 0 || took > INT64_C(1) << 40 || when.unix_ms < 0)
		return err_set(err, ERR_PARSE, PAPERS_RESULTS ": times that no run has");
	r->start_ms = when.unix_ms;
	r->end_ms = when.unix_ms + took;
	return 0;
}

int papers_read(const struct bundle_files *f, struct papers *out, struct err *err)
{
	*out = (struct papers){ .manifest = papers_json(f, PAPERS_MANIFEST, err) };
	if (!out->manifest)
		return -1;
	out->results = papers_json(f, PAPERS_RESULTS, err);
	if (!out->results || check(out->manifest, manifest_members, PAPERS_MANIFEST, err) ||
	    check_format(out->manifest, PAPERS_MANIFEST, err) ||
	    check(out->results, results_members, PAPERS_RESULTS, err) ||
	    check_format(out->results, PAPERS_RESULTS, err))
		return -1;
	return read_variants(out, err) || read_times(out, err) ? -1 : 0;
}

void papers_free(struct papers *r)
{
	json_decref(r->manifest);
	json_decref(r->results);
}

/* --- the files of the manifest --- */

static int check_listed(const json_t *entry, const struct bundle_file *file, struct err *err)
{
	struct str name = str(papers_text(entry, "path"));
	char hex[BUNDLE_SHA256];

	if (!files_name_ok(name))
		return err_set(err, ERR_PARSE, PAPERS_MANIFEST ": a file without a proper name");
	if (!file)
		return err_set(err, ERR_PARSE, "%.*s: missing, " PAPERS_MANIFEST " lists it",
			       STR_ARG(name));
	if (files_sha256(file->octets, hex, err))
		return -1;
	if (strcmp(hex, papers_text(entry, "sha256")) != 0)
		return err_set(err, ERR_PARSE, "%.*s: changed since the run wrote it",
			       STR_ARG(name));
	return 0;
}

int papers_check_files(struct arena *a, const struct papers *r, const struct bundle_files *f,
		       struct err *err)
{
	const json_t *list = json_object_get(r->manifest, "files");
	bool *listed = arena_array(a, bool, f->n + 1);
	json_t *entry;
	size_t i;

	if (!listed)
		return arena_check(a, err);
	json_array_foreach(list, i, entry)
	{
		const struct bundle_file *file = files_find(f, str(papers_text(entry, "path")));

		if (check_listed(entry, file, err))
			return -1;
		listed[file - f->v] = true;
	}
	for (i = 0; i < f->n; i++)
		if (!listed[i] && !files_is_own(f->v[i].name) &&
		    !str_eq(f->v[i].name, STR(PAPERS_MANIFEST)))
			return err_set(err, ERR_PARSE, "%.*s: " PAPERS_MANIFEST " does not list it",
				       STR_ARG(f->v[i].name));
	return 0;
}
