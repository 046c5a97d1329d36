#include "suite/parse.h"

#include "base/buf.h"

#include <assert.h>
#include <stdio.h>

#include <libxml/xmlstring.h>

/* A message shows no more of a value than this. */
#define SHOWN(s) STR_ARG(str_sub((s), 0, 80))

const struct attribute_rule *attribute_find(const struct element_rule *e, struct str name)
{
	for (const struct attribute_rule *a = e->attribute; a && a->name; a++) {
		if (str_eq(name, str(a->name)))
			return a;
	}
	return NULL;
}

const struct element_rule *child_find(const struct element_rule *e, struct str name)
{
	for (const struct child_rule *c = e->child; c && c->element; c++) {
		if (str_eq(name, str(c->element->name)))
			return c->element;
	}
	return NULL;
}

/* --- what is expected, in words --- */

static const char *attribute_names(struct buf *b, const struct element_rule *e)
{
	if (e->attribute || e->deviates)
		buf_puts(b, "one of");
	for (const struct attribute_rule *a = e->attribute; a && a->name; a++)
		buf_fmt(b, " %s", a->name);
	for (const struct deviation *d = deviations; e->deviates && d->name; d++) {
		if (d->mech == e->mech)
			buf_fmt(b, " %s", d->name);
	}
	return b->n ? b->p : "none";
}

static const char *child_names(struct buf *b, const struct element_rule *e)
{
	if (e->content == CONTENT_TEXT)
		return " text";
	for (const struct child_rule *c = e->child; c && c->element; c++)
		buf_fmt(b, " <%s>", c->element->name);
	return b->n ? b->p : " none";
}

/* --- values --- */

static int word_check(const struct attribute_rule *a, struct str word, struct err *err)
{
	if (a->words && !str_has_word(str(a->words), word))
		return err_set(err, ERR_INPUT, "expected one of %s", a->words);
	return a->check ? a->check(word, err) : 0;
}

static int attribute_check(const struct attribute_rule *a, struct str value, struct str *wrong,
			   struct err *err)
{
	struct str rest = value;

	*wrong = value;
	if (!a->list)
		return word_check(a, value, err);
	if (!str_trim(value).n)
		return err_set(err, ERR_INPUT, "expected at least one word");
	for (struct str w = str_word(&rest); w.n > 0; w = str_word(&rest)) {
		*wrong = w;
		if (word_check(a, w, err))
			return -1;
	}
	return 0;
}

int value_check(const struct element_rule *e, struct str name, struct str value, struct err *err)
{
	const struct attribute_rule *a = attribute_find(e, name);
	const struct deviation *d = a ? NULL : deviation_find(e->mech, name);
	struct str wrong = value;
	struct err why = { 0 };

	if (d)
		return deviation_check(d, value, err);
	if (a && !attribute_check(a, value, &wrong, &why))
		return 0;
	return err_set(err, ERR_INPUT, "%.*s=\"%.*s\": %s", STR_ARG(name), SHOWN(wrong), why.text);
}

/* --- attributes --- */

static bool is_known(const struct element_rule *e, const xmlAttr *attr)
{
	struct str name = str((const char *)attr->name);

	return !attr->ns &&
	       (attribute_find(e, name) || (e->deviates && deviation_find(e->mech, name)));
}

static bool may_bind(const struct element_rule *e, struct str name)
{
	const struct attribute_rule *a = attribute_find(e, name);

	return a ? a->bound : e->deviates;
}

static int one_attribute(const struct xml_file *f, const xmlNode *node, const xmlAttr *attr,
			 const struct element_rule *e, struct err *err)
{
	struct arena a DEFER(arena_free);
	struct buf names DEFER(buf_free);
	struct str name = str((const char *)attr->name), value;

	arena_init(&a, 2 * SUITE_FILE_MAX);
	buf_init(&names, sizeof(err->text));
	if (!is_known(e, attr))
		return xml_error(f, node, err, "unknown attribute \"%.*s\" of <%s>, expected %s",
				 SHOWN(name), e->name, attribute_names(&names, e));
	value = xml_attr_value(&a, attr);
	if (arena_check(&a, err))
		return -1;
	if (may_bind(e, name) && bind_find(value, 0) != (size_t)-1)
		return 0; /* bind.c, when the axes are known */
	if (!value_check(e, name, value, err))
		return 0;
	return err_prefix(err, "%.*s:%d", STR_ARG(f->name), xml_line(node));
}

static int attributes_check(const struct xml_file *f, const xmlNode *node,
			    const struct element_rule *e, struct err *err)
{
	for (const xmlAttr *attr = node->properties; attr; attr = attr->next) {
		if (one_attribute(f, node, attr, e, err))
			return -1;
	}
	for (const struct attribute_rule *a = e->attribute; a && a->name; a++) {
		if (a->required && !xmlHasNsProp((xmlNode *)node, BAD_CAST a->name, NULL))
			return xml_error(f, node, err, "<%s> without \"%s\", expected one", e->name,
					 a->name);
	}
	return 0;
}

/* --- children --- */

#define CHILDREN_MAX 16 /* more than any child table has rows */

struct progress {
	size_t seen[CHILDREN_MAX];
	size_t last;
};

static int wrong_child(const struct xml_file *f, const xmlNode *n, const struct element_rule *e,
		       const char *what, struct err *err)
{
	struct buf names DEFER(buf_free);

	buf_init(&names, sizeof(err->text));
	return xml_error(f, n, err, "%s in <%s>, expected%s", what, e->name,
			 child_names(&names, e));
}

static int one_child(const struct xml_file *f, const xmlNode *n, const struct element_rule *e,
		     struct progress *p, struct err *err)
{
	char what[128];
	size_t i = 0;

	while (e->child && e->child[i].element && !xml_is(n, e->child[i].element->name))
		i++;
	assert(i < CHILDREN_MAX);
	if (!e->child || !e->child[i].element) {
		snprintf(what, sizeof(what), "unknown element <%.80s>", (const char *)n->name);
		return wrong_child(f, n, e, what, err);
	}
	if (e->ordered && i < p->last) {
		snprintf(what, sizeof(what), "<%s> behind <%s>", e->child[i].element->name,
			 e->child[p->last].element->name);
		return wrong_child(f, n, e, what, err);
	}
	if (p->seen[i]++ && !e->child[i].repeated)
		return xml_error(f, n, err, "another <%s> in <%s>, expected one",
				 e->child[i].element->name, e->name);
	p->last = i;
	return 0;
}

static bool is_blank(const xmlNode *n)
{
	return str_trim(str((const char *)n->content)).n == 0;
}

static int node_check(const struct xml_file *f, const xmlNode *n, const struct element_rule *e,
		      struct progress *p, struct err *err)
{
	if (n->type == XML_COMMENT_NODE || n->type == XML_PI_NODE)
		return 0;
	if (n->type == XML_ELEMENT_NODE)
		return one_child(f, n, e, p, err);
	if (n->type != XML_TEXT_NODE)
		return wrong_child(f, n, e, "unknown markup", err);
	if (e->content == CONTENT_TEXT || is_blank(n))
		return 0;
	return wrong_child(f, n, e, "text", err);
}

static int children_check(const struct xml_file *f, const xmlNode *node,
			  const struct element_rule *e, struct err *err)
{
	struct progress p = { 0 };
	bool text = false;

	for (const xmlNode *n = node->children; n; n = n->next) {
		if (node_check(f, n, e, &p, err))
			return -1;
		text = text || (n->type == XML_TEXT_NODE && !is_blank(n));
	}
	if (e->content == CONTENT_TEXT && !text)
		return xml_error(f, node, err, "<%s> is empty, expected text", e->name);
	for (size_t i = 0; e->child && e->child[i].element; i++) {
		bool instead = e->child[i].instead && p.seen[i - 1];

		if (e->child[i].required && !p.seen[i] && !instead)
			return xml_error(f, node, err, "<%s> without <%s>, expected one", e->name,
					 e->child[i].element->name);
	}
	return 0;
}

/* The depth is that of the grammar: unknown elements stop the walk, raw ones end it. */
static int element_check(const struct xml_file *f, const xmlNode *node,
			 const struct element_rule *e, struct err *err)
{
	if (attributes_check(f, node, e, err))
		return -1;
	if (e->content == CONTENT_RAW)
		return 0;
	if (children_check(f, node, e, err))
		return -1;
	for (const xmlNode *n = xml_child(node, NULL); n; n = xml_child(node, n)) {
		const struct element_rule *child = child_find(e, str((const char *)n->name));

		if (child && element_check(f, n, child, err))
			return -1;
	}
	return 0;
}

int walk_check(const struct xml_file *f, const xmlNode *root, const struct element_rule *rule,
	       struct err *err)
{
	if (!xml_is(root, rule->name))
		return xml_error(f, root, err, "<%.80s>, expected <%s>", (const char *)root->name,
				 rule->name);
	return element_check(f, root, rule, err);
}
