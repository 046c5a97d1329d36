#include "suite/parse.h"

#include "base/mem.h"

#include <libxml/relaxng.h>

static const char *const schema_files[] = {
	[FILE_SUITE] = "schema/suite.rng",
	[FILE_PROFILE] = "schema/profile.rng",
	[FILE_REQUIREMENTS] = "schema/requirements.rng",
	[FILE_FIELD] = "schema/field.rng",
	[FILE_CLIENT] = "schema/client.rng",
	[FILE_PERSONAS] = "schema/personas.rng",
};
_Static_assert(COUNT(schema_files) == FILE_KINDS, "one row per enum file_kind");

struct schemas {
	xmlRelaxNG *s[FILE_KINDS];
};

static void parser_free(xmlRelaxNGParserCtxt **p)
{
	if (*p)
		xmlRelaxNGFreeParserCtxt(*p);
}

static void valid_free(xmlRelaxNGValidCtxt **v)
{
	if (*v)
		xmlRelaxNGFreeValidCtxt(*v);
}

enum file_kind file_kind(struct str name)
{
	if (str_eq(name, STR("requirements.xml")) || str_starts(name, STR("requirements/")))
		return FILE_REQUIREMENTS;
	if (str_eq(name, STR("field.xml")))
		return FILE_FIELD;
	if (str_eq(name, STR("client/personas.xml")))
		return FILE_PERSONAS;
	if (str_starts(name, STR("client/")))
		return FILE_CLIENT;
	return str_starts(name, STR("profiles/")) ? FILE_PROFILE : FILE_SUITE;
}

static xmlRelaxNG *compile(const char *name, struct err *err)
{
	struct str text = embedded_find(embedded_files, str(name));
	xmlRelaxNGParserCtxt *p DEFER(parser_free) =
		text.p ? xmlRelaxNGNewMemParserCtxt(text.p, (int)text.n) : NULL;
	struct complaint said = { 0 };
	xmlRelaxNG *schema;

	if (!p) {
		err_set(err, ERR_INTERNAL, "%s is not part of the program", name);
		return NULL;
	}
	xmlRelaxNGSetParserStructuredErrors(p, xml_complain, &said);
	schema = xmlRelaxNGParse(p);
	if (!schema)
		err_set(err, ERR_INTERNAL, "%s:%d: %s", name, said.line, said.text);
	return schema;
}

struct schemas *schemas_new(struct err *err)
{
	struct schemas *s = mem_alloc(sizeof(*s));

	if (!s) {
		err_set(err, ERR_NOMEM, "out of memory for the schemas");
		return NULL;
	}
	for (size_t i = 0; i < FILE_KINDS; i++) {
		s->s[i] = compile(schema_files[i], err);
		if (!s->s[i]) {
			schemas_free(s);
			return NULL;
		}
	}
	return s;
}

void schemas_free(struct schemas *s)
{
	for (size_t i = 0; s && i < FILE_KINDS; i++)
		xmlRelaxNGFree(s->s[i]);
	mem_free(s);
}

void schemas_defer(struct schemas **s)
{
	schemas_free(*s);
}

int schemas_check(const struct schemas *s, const struct xml_file *f, struct err *err)
{
	enum file_kind kind = file_kind(f->name);
	xmlRelaxNGValidCtxt *v DEFER(valid_free) = xmlRelaxNGNewValidCtxt(s->s[kind]);
	struct complaint said = { 0 };

	if (!v)
		return err_set(err, ERR_NOMEM, "%.*s: out of memory", STR_ARG(f->name));
	xmlRelaxNGSetValidStructuredErrors(v, xml_complain, &said);
	if (xmlRelaxNGValidateDoc(v, f->doc) == 0)
		return 0;
	return err_set(err, ERR_INPUT, "%.*s:%d: %s, expected what %s allows", STR_ARG(f->name),
		       said.line, said.any ? said.text : "not valid", schema_files[kind]);
}
