/* Requirements, rows of the field catalogue, and profiles. */
#include "suite/parse.h"

/* --- requirements --- */

/* "3.4.nc" is section 3.4; a document without numbers is cited by words: "http-digest". */
static struct str section_of(struct str fragment)
{
	struct str rest = fragment;
	size_t n = 0;

	while (rest.n > 0 && char_is_digit(rest.p[0])) {
		struct str part = str_cut(&rest, '.');

		n = (size_t)(part.p - fragment.p) + part.n;
	}
	return n ? str_sub(fragment, 0, n) : fragment;
}

int requirement_read(struct arena *a, const struct xml_file *f, const xmlNode *document,
		     const xmlNode *node, struct requirement *out, struct err *err)
{
	struct str id = xml_attr(a, document, "id");
	struct str rest;

	*out = (struct requirement){
		.anchor = xml_attr(a, node, "anchor"),
		.title = xml_attr(a, document, "title"),
		.level = level_read(xml_attr(a, node, "level")),
		.text = xml_text(a, node),
		.source = xml_attr(a, node, "source"),
		.uncased = xml_attr(a, node, "uncased"),
		.file = f->name,
		.line = xml_line(node),
	};
	if (arena_check(a, err))
		return -1;
	rest = out->anchor;
	out->document = str_cut(&rest, '#');
	out->section = section_of(rest);
	if (!str_eq(out->document, id))
		return xml_error(f, node, err, "anchor \"%.*s\", expected one of \"%.*s#...\"",
				 STR_ARG(out->anchor), STR_ARG(id));
	return 0;
}

/* --- faults from the field --- */

static enum field_side side_read(struct str word)
{
	enum field_side s = FIELD_DEVICE;

	while (s < FIELD_CLIENT && !str_eq(word, str(field_side_name(s))))
		s++;
	return s;
}

int field_row_read(struct arena *a, const struct xml_file *f, const xmlNode *group,
		   const xmlNode *node, struct field_row *out, struct err *err)
{
	struct str id = xml_attr(a, group, "id");

	*out = (struct field_row){
		.id = xml_attr(a, node, "id"),
		.group = xml_attr(a, group, "title"),
		.side = side_read(xml_attr(a, node, "side")),
		.text = xml_text(a, node),
		.link = xml_attr(a, node, "link"),
		.cve = xml_attr(a, node, "cve"),
		.uncased = xml_attr(a, node, "uncased"),
		.file = f->name,
		.line = xml_line(node),
	};
	if (arena_check(a, err))
		return -1;
	if (!str_starts(out->id, id) || str_chr(out->id, '-') != id.n)
		return xml_error(f, node, err, "row \"%.*s\", expected one of \"%.*s-...\"",
				 STR_ARG(out->id), STR_ARG(id));
	return 0;
}

/* --- profiles --- */

/* The rule of that document, a new one when there is none yet. */
static struct profile_rule *rule_of(struct profile *p, struct str document)
{
	for (size_t i = 0; i < p->n_rule; i++) {
		if (str_eq(p->rule[i].document, document))
			return &p->rule[i];
	}
	p->rule[p->n_rule].document = document;
	return &p->rule[p->n_rule++];
}

static int rule_read(struct arena *a, const struct xml_file *f, const xmlNode *node,
		     struct profile *p, struct err *err)
{
	struct profile_rule *r = rule_of(p, xml_attr(a, node, "document"));
	struct str rest = xml_attr(a, node, "levels");
	bool gate = xml_is(node, "gate");

	for (struct str w = str_word(&rest); w.n > 0; w = str_word(&rest)) {
		enum level l = level_read(w);

		if (r->gate[l] || r->note[l])
			return xml_error(f, node, err,
					 "%s of \"%.*s\" stands twice, expected gate or note once",
					 level_name(l), STR_ARG(r->document));
		(gate ? r->gate : r->note)[l] = true;
	}
	return 0;
}

static int profile_child(struct arena *a, const struct xml_file *f, const xmlNode *n,
			 struct profile *p, struct err *err)
{
	if (xml_is(n, "title")) {
		p->title = xml_text(a, n);
	} else if (xml_is(n, "about")) {
		p->about = xml_text(a, n);
	} else if (xml_is(n, "except")) {
		p->exception[p->n_exception++] = (struct profile_exception){
			.pattern = xml_attr(a, n, "cases"),
			.reason = xml_attr(a, n, "reason"),
		};
	} else {
		return rule_read(a, f, n, p, err);
	}
	return 0;
}

int profile_read(struct arena *a, const struct xml_file *f, const xmlNode *node,
		 struct profile *out, struct err *err)
{
	*out = (struct profile){
		.id = xml_attr(a, node, "id"),
		.kind = xml_attr(a, node, "kind"),
		.file = f->name,
		.line = xml_line(node),
	};
	out->rule = arena_array(a, struct profile_rule,
				xml_count(node, "gate") + xml_count(node, "note"));
	out->exception = arena_array(a, struct profile_exception, xml_count(node, "except"));
	if (arena_check(a, err))
		return -1;
	for (const xmlNode *n = xml_child(node, NULL); n; n = xml_child(node, n)) {
		if (profile_child(a, f, n, out, err))
			return -1;
	}
	return arena_check(a, err);
}
