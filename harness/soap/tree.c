#include "soap/tree.h"

#include "soap/soap.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

/* What the handlers leave behind, in ctxt->_private: the first error is the cause, the rest follow.
 */
struct complaint {
	bool any, doctype;
	int line, code;
	char text[256];
};

static void complain(struct complaint *c, int line, int code, const char *text)
{
	size_t n = 0;

	if (c->any)
		return;
	c->any = true;
	c->line = line;
	c->code = code;
	for (; text && text[n] && text[n] != '\n' && n < sizeof(c->text) - 1; n++)
		c->text[n] = text[n];
	c->text[n] = '\0';
}

static void on_error(void *user, xmlErrorPtr error)
{
	xmlParserCtxt *ctxt = user;

	if (ctxt && ctxt->_private && error && error->level >= XML_ERR_ERROR)
		complain(ctxt->_private, error->line, error->code, error->message);
}

/* SOAP 1.2 part 1, section 5: no document type declaration.  Stopped before its content is read, so
 * that no entity is ever declared.
 */
static void on_doctype(void *user, const xmlChar *name, const xmlChar *public_id,
		       const xmlChar *system_id)
{
	xmlParserCtxt *ctxt = user;
	struct complaint *c = ctxt->_private;

	(void)name, (void)public_id, (void)system_id;
	complain(c, ctxt->input ? ctxt->input->line : 0, 0,
		 "a document type declaration, which SOAP forbids");
	c->doctype = true;
	xmlStopParser(ctxt);
}

static void ctxt_free(xmlParserCtxt **ctxt)
{
	if (*ctxt)
		xmlFreeParserCtxt(*ctxt);
}

void tree_free(xmlDoc **doc)
{
	if (*doc)
		xmlFreeDoc(*doc);
	*doc = NULL;
}

static xmlDoc *refuse(const struct complaint *c, struct err *err)
{
	if (c->code == XML_ERR_NO_MEMORY)
		err_set(err, ERR_NOMEM, "no memory for the XML tree");
	else
		err_set(err, ERR_PARSE, "line %d: %s", c->line, c->any ? c->text : "not XML");
	return NULL;
}

xmlDoc *tree_parse(struct str octets, struct err *err)
{
	xmlParserCtxt *ctxt DEFER(ctxt_free) = NULL;
	struct complaint complaint = { 0 };
	xmlDoc *doc;

	if (octets.n > SOAP_MAX) {
		err_set(err, ERR_LIMIT, "an envelope of more than %u octets", SOAP_MAX);
		return NULL;
	}
	if (octets.n == 0) {
		err_set(err, ERR_PARSE, "line 1: no XML at all");
		return NULL;
	}
	ctxt = xmlNewParserCtxt();
	if (!ctxt) {
		err_set(err, ERR_NOMEM, "no memory for the XML parser");
		return NULL;
	}
	ctxt->_private = &complaint;
	ctxt->sax->serror = on_error;
	ctxt->sax->internalSubset = on_doctype;
	doc = xmlCtxtReadMemory(ctxt, octets.p, (int)octets.n, NULL, NULL,
				XML_PARSE_NONET | XML_PARSE_COMPACT);
	if (doc && ctxt->wellFormed && ctxt->nsWellFormed && !complaint.doctype)
		return doc;
	tree_free(&doc);
	return refuse(&complaint, err);
}

static xmlNode *element_from(xmlNode *node)
{
	while (node && node->type != XML_ELEMENT_NODE)
		node = node->next;
	return node;
}

xmlNode *tree_first(const xmlNode *parent)
{
	return parent ? element_from(parent->children) : NULL;
}

xmlNode *tree_next(const xmlNode *node)
{
	return element_from(node->next);
}

struct str tree_name(const xmlNode *node)
{
	return str((const char *)node->name);
}

struct str tree_ns(const xmlNode *node)
{
	return node->ns && node->ns->href ? str((const char *)node->ns->href) : STR("");
}

bool tree_is(const xmlNode *node, const char *ns, const char *name)
{
	return str_eq(tree_name(node), str(name)) && str_eq(tree_ns(node), str(ns));
}

xmlNode *tree_child(const xmlNode *parent, const char *ns, const char *name)
{
	xmlNode *node = tree_first(parent);

	while (node &&
	       !(str_eq(tree_name(node), str(name)) && (!ns || str_eq(tree_ns(node), str(ns)))))
		node = tree_next(node);
	return node;
}

static bool is_text(const xmlNode *node)
{
	return (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) &&
	       node->content;
}

struct str tree_text(struct arena *a, const xmlNode *node)
{
	size_t n = 0, at = 0;
	char *p;

	for (const xmlNode *c = node->children; c; c = c->next)
		n += is_text(c) ? strlen((const char *)c->content) : 0;
	p = arena_alloc(a, n + 1);
	if (!p)
		return STR("");
	for (const xmlNode *c = node->children; c; c = c->next) {
		size_t piece = is_text(c) ? strlen((const char *)c->content) : 0;

		if (piece)
			memcpy(p + at, c->content, piece);
		at += piece;
	}
	return str_n(p, n);
}

struct str tree_attribute(struct arena *a, const xmlNode *node, const char *ns, const char *name)
{
	xmlChar *value = ns ? xmlGetNsProp(node, (const xmlChar *)name, (const xmlChar *)ns)
			    : xmlGetNoNsProp(node, (const xmlChar *)name);
	struct str out = { 0 };

	if (!value)
		return out;
	out = arena_str(a, str((const char *)value));
	xmlFree(value);
	return out;
}

void tree_qname(struct arena *a, const xmlNode *node, struct str *local, struct str *ns)
{
	struct str prefix = STR(""), rest = str_trim(tree_text(a, node));
	const xmlNs *found;

	if (str_chr(rest, ':') != (size_t)-1)
		prefix = arena_str(a, str_cut(&rest, ':'));
	/* xmlSearchNs wants non-const pointers and only reads through them. */
	found = xmlSearchNs(node->doc, (xmlNode *)(uintptr_t)node,
			    prefix.n ? (const xmlChar *)prefix.p : NULL);
	*local = rest;
	*ns = found && found->href ? arena_str(a, str((const char *)found->href)) : STR("");
}
