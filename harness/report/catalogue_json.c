/* catalogue_json.c - cases as lines of JSON, for those who drive the harness from outside. */
#include "report/json.h"

#include <stdlib.h>

static json_t *words(struct json_writer *w, struct str list)
{
	json_t *out = json_array();

	for (struct str word = str_word(&list); word.n; word = str_word(&list))
		json_append_own(w, out, word);
	return out;
}

static json_t *cites(struct json_writer *w, const struct suite_case *c)
{
	json_t *out = json_array();

	for (size_t i = 0; i < c->n_cite; i++) {
		json_t *o = json_object();

		json_put_own(w, o, "clause", c->cite[i].clause);
		json_put_own(w, o, "level", str(level_name(c->cite[i].level)));
		json_append(w, out, o);
	}
	return out;
}

static json_t *standing(struct json_writer *w, const struct profile *p, const struct suite_case *c)
{
	struct case_standing s = profile_standing(p, c);
	json_t *o = json_object();

	json_put_own(w, o, "profile", p->id);
	json_put_bool(w, o, "selected", s.cite != NULL);
	json_put_bool(w, o, "gates", s.cite && s.gates);
	json_put(w, o, "level", s.cite ? json_string(level_name(s.cite->level)) : json_null());
	if (s.excepted.p)
		json_put_own(w, o, "excepted", s.excepted);
	return o;
}

static json_t *variant_ids(struct json_writer *w, const struct suite_case *c, struct err *err)
{
	json_t *out = json_array();
	struct suite_variant *v;
	size_t n;

	if (suite_expand(&w->a, c, &v, &n, err)) {
		json_decref(out);
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		json_append_own(w, out, v[i].id);
	return out;
}

static json_t *case_object(struct json_writer *w, const struct profile *p,
			   const struct suite_case *c, json_t *ids)
{
	json_t *o = json_object();

	json_put_own(w, o, "id", c->id);
	json_put_own(w, o, "family", c->family);
	json_put_own(w, o, "file", c->file);
	json_put_int(w, o, "line", c->line);
	json_put_int(w, o, "rev", c->rev);
	json_put_own(w, o, "title", c->title);
	json_put_own(w, o, "why", c->why);
	json_put_own(w, o, "remedy", c->remedy);
	json_put(w, o, "cites", cites(w, c));
	json_put(w, o, "needs", words(w, c->needs));
	json_put(w, o, "unless", words(w, c->unless));
	json_put(w, o, "kills", words(w, c->kills));
	json_put(w, o, "field", words(w, c->field));
	json_put_int(w, o, "failures", c->failures);
	json_put_own(w, o, "risk", str(risk_name(c->risk)));
	json_put_bool(w, o, "slow", c->slow);
	json_put_bool(w, o, "spellings", c->spellings != NULL);
	json_put_own(w, o, "measures", c->measure ? c->measure->property : STR(""));
	if (p)
		json_put(w, o, "standing", standing(w, p, c));
	json_put(w, o, "variants", ids);
	return o;
}

int report_case(FILE *f, const struct profile *p, const struct suite_case *c, struct err *err)
{
	struct json_writer w = { 0 };
	char *dump = NULL;
	json_t *ids, *o;

	arena_init(&w.a, 64u << 20);
	ids = variant_ids(&w, c, err);
	if (!ids) {
		arena_free(&w.a);
		return -1;
	}
	o = case_object(&w, p, c, ids);
	if (o && !w.failed && arena_ok(&w.a))
		dump = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	arena_free(&w.a);
	if (!dump)
		return err_set(err, ERR_NOMEM, "no memory for the list of cases");
	fprintf(f, "%s\n", dump);
	free(dump);
	return 0;
}
