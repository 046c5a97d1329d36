/* cases.c - do evidence/.../case.json and tls-chain.pem tell the same as results.json? */
#include "bundle/papers.h"

/* Variants by their id; NULL: no memory, or an id that comes twice. */
static json_t *index_of(const struct papers *p, struct err *err)
{
	json_t *index = json_object(), *v;
	size_t i;

	json_array_foreach(p->variants, i, v) json_object_set(index, papers_text(v, "id"), v);
	if (json_object_size(index) == json_array_size(p->variants))
		return index;
	json_decref(index);
	err_set(err, ERR_PARSE, PAPERS_RESULTS ": a variant comes twice");
	return NULL;
}

/* All that results.json says; the steps of a case have more to say, which files. */
static int check_case(const json_t *one, json_t *index, const char *name, struct err *err)
{
	const char *id = papers_text(one, "id");
	json_t *v = json_object_get(index, id), *value;
	const char *key;

	if (!v)
		return err_set(err, ERR_PARSE,
			       "%s: its id is none of " PAPERS_RESULTS ", or comes twice", name);
	json_object_foreach(
		v, key,
		value) if (strcmp(key, "steps") != 0 &&
			   !json_equal(value,
				       json_object_get(
					       one, key))) return err_set(err, ERR_PARSE,
									  "%s: its \"%s\" is not "
									  "what " PAPERS_RESULTS
									  " says",
									  name, key);
	return json_object_del(index, id);
}

static int check_file(const struct bundle_files *f, const struct bundle_file *file, json_t *index,
		      struct err *err)
{
	json_t *one DEFER(papers_drop_json) = papers_json(f, file->name.p, err);

	return one ? check_case(one, index, file->name.p, err) : -1;
}

int papers_check_cases(const struct papers *p, const struct bundle_files *f, struct err *err)
{
	json_t *index DEFER(papers_drop_json) = index_of(p, err);
	const char *left;

	if (!index)
		return -1;
	for (size_t i = 0; i < f->n; i++)
		if (str_starts(f->v[i].name, STR("evidence/")) &&
		    str_ends(f->v[i].name, STR("/case.json")) &&
		    check_file(f, &f->v[i], index, err))
			return -1;
	left = json_object_iter_key(json_object_iter(index));
	if (!left || strcmp(papers_text(p->manifest, "evidence"), "none") == 0)
		return 0;
	return err_set(err, ERR_PARSE, PAPERS_RESULTS ": no evidence/.../case.json of %.200s",
		       left);
}

int papers_check_chain(const struct papers *p, const struct bundle_files *f, struct err *err)
{
	const json_t *tls = json_object_get(json_object_get(p->results, "survey"), "tls");
	struct str rest = files_get(f, PAPERS_CHAIN);
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(tls, "certificates"), i, one)
	{
		const struct str pem = str(papers_text(one, "pem"));

		if (!str_starts(rest, pem))
			return err_set(err, ERR_PARSE,
				       PAPERS_CHAIN
				       ": certificate %zu is not that of " PAPERS_RESULTS,
				       i + 1);
		rest = str_sub(rest, pem.n, rest.n);
	}
	if (!rest.n)
		return 0;
	return err_set(err, ERR_PARSE, PAPERS_CHAIN ": more than " PAPERS_RESULTS " has");
}
