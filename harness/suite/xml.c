#include "suite/parse.h"

#include <stdarg.h>
#include <stdio.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

static void context_free(xmlParserCtxt **c)
{
	xmlFreeParserCtxt(*c);
}

static void buffer_free(xmlBuffer **b)
{
	xmlBufferFree(*b);
}

static void text_free(xmlChar **t)
{
	xmlFree(*t);
}

void xml_complain(void *complaint, XML_ERROR *e)
{
	struct complaint *c = complaint;

	if (c->any || e->level < XML_ERR_ERROR)
		return;
	c->any = true;
	c->no_memory = e->code == XML_ERR_NO_MEMORY;
	c->line = e->line > 0 ? e->line : 1;
	snprintf(c->text, sizeof(c->text), "%.*s", STR_ARG(str_trim(str(e->message))));
}

static void parser_complains(void *ctx, XML_ERROR *e)
{
	const xmlParserCtxt *c = ctx;

	xml_complain(c->_private, e);
}

/* A DTD can name files and multiply entities; nothing in a suite needs one. */
static void refuse_doctype(void *ctx, const xmlChar *name, const xmlChar *id, const xmlChar *uri)
{
	xmlParserCtxt *c = ctx;
	struct complaint *said = c->_private;

	(void)name, (void)id, (void)uri;
	if (!said->any)
		*said = (struct complaint){ true, false, c->input->line,
					    "a DOCTYPE, expected none" };
	xmlStopParser(c);
}

static int parse_error(const struct complaint *said, struct str name, struct err *err)
{
	if (said->no_memory)
		return err_set(err, ERR_NOMEM, "%.*s: out of memory", STR_ARG(name));
	return err_set(err, ERR_INPUT, "%.*s:%d: %s", STR_ARG(name), said->line,
		       said->any ? said->text : "not XML");
}

int xml_file_open(struct xml_file *f, struct str name, struct str octets, struct err *err)
{
	/* Text nodes keep their entities out: a CDATA section is text too. */
	const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
			    XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES;
	xmlParserCtxt *c DEFER(context_free) = NULL;
	struct complaint said = { 0 };

	*f = (struct xml_file){ .name = name };
	if (octets.n > SUITE_FILE_MAX)
		return err_set(err, ERR_LIMIT, "%.*s: %zu octets, expected at most %u",
			       STR_ARG(name), octets.n, SUITE_FILE_MAX);
	if (!str_is_utf8(octets) || str_chr(octets, '\0') != (size_t)-1)
		return err_set(err, ERR_INPUT, "%.*s:1: not text in UTF-8, expected XML",
			       STR_ARG(name));
	c = xmlNewParserCtxt();
	if (!c)
		return err_set(err, ERR_NOMEM, "%.*s: out of memory", STR_ARG(name));
	c->_private = &said;
	c->sax->serror = parser_complains;
	c->sax->internalSubset = refuse_doctype;
	f->doc = xmlCtxtReadMemory(c, octets.p ? octets.p : "", (int)octets.n, NULL, "UTF-8",
				   options);
	if (f->doc && !said.any)
		return 0;
	xml_file_close(f);
	return parse_error(&said, name, err);
}

void xml_file_close(struct xml_file *f)
{
	xmlFreeDoc(f->doc);
	f->doc = NULL;
}

int xml_line(const xmlNode *node)
{
	return (int)xmlGetLineNo(node);
}

int xml_error(const struct xml_file *f, const xmlNode *node, struct err *err, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(err, ERR_INPUT, "%.*s:%d: %s", STR_ARG(f->name), xml_line(node), text);
}

bool xml_is(const xmlNode *node, const char *name)
{
	return !node->ns && xmlStrEqual(node->name, BAD_CAST name);
}

const xmlNode *xml_child(const xmlNode *parent, const xmlNode *previous)
{
	const xmlNode *n = previous ? previous->next : parent->children;

	while (n && n->type != XML_ELEMENT_NODE)
		n = n->next;
	return n;
}

size_t xml_count(const xmlNode *parent, const char *name)
{
	size_t n = 0;

	for (const xmlNode *c = xml_child(parent, NULL); c; c = xml_child(parent, c))
		n += xml_is(c, name);
	return n;
}

/* A copy of what libxml2 gave; NULL there means that its allocator failed. */
static struct str copied(struct arena *a, const xmlChar *text)
{
	struct str s = arena_str(a, str((const char *)text));

	if (!text)
		a->failed = true;
	return s.p ? s : STR("");
}

struct str xml_attr_value(struct arena *a, const xmlAttr *attr)
{
	xmlChar *text DEFER(text_free) = xmlNodeGetContent((const xmlNode *)attr);

	return copied(a, text);
}

struct str xml_attr(struct arena *a, const xmlNode *node, const char *name)
{
	const xmlAttr *attr = xmlHasNsProp((xmlNode *)node, BAD_CAST name, NULL);

	return attr ? xml_attr_value(a, attr) : (struct str){ 0 };
}

struct str xml_text(struct arena *a, const xmlNode *node)
{
	xmlChar *text DEFER(text_free) = xmlNodeGetContent(node);
	struct str rest = str((const char *)text);
	char *out = arena_alloc(a, rest.n + 1);
	size_t n = 0;

	if (!text || !out) {
		a->failed = true;
		return STR("");
	}
	for (size_t i = 0; i < rest.n; i++) {
		bool blank = rest.p[i] == ' ' || rest.p[i] == '\t' || rest.p[i] == '\n' ||
			     rest.p[i] == '\r';

		if (!blank)
			out[n++] = rest.p[i];
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	return str_trim(str_n(out, n));
}

struct str xml_inner(struct arena *a, const xmlNode *node)
{
	xmlBuffer *b DEFER(buffer_free) = xmlBufferCreate();

	for (xmlNode *n = node->children; b && n; n = n->next) {
		/* A copy declares the namespaces that it borrows from above. */
		xmlNode *copy = xmlDocCopyNode(n, n->doc, 1);
		int written = copy ? xmlNodeDump(b, n->doc, copy, 0, 0) : -1;

		xmlFreeNode(copy);
		if (written < 0) {
			a->failed = true;
			return STR("");
		}
	}
	return copied(a, b ? xmlBufferContent(b) : NULL);
}
