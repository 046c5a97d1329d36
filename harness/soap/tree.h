/* tree.h - the door to libxml2 for envelopes: hardened parsing and a few questions.  Private to
 * soap/. */
#ifndef SOAP_TREE_H
#define SOAP_TREE_H

#include "base/arena.h"

#include <libxml/tree.h>

#define TREE_DEPTH_MAX 64

/* NULL with ERR_PARSE, ERR_LIMIT or ERR_NOMEM.  The caller frees with tree_free. */
xmlDoc *tree_parse(struct str octets, struct err *err);
void tree_free(xmlDoc **doc); /* for DEFER */

/* First element child, next element sibling; NULL at the end. */
xmlNode *tree_first(const xmlNode *parent);
xmlNode *tree_next(const xmlNode *node);

struct str tree_name(const xmlNode *node); /* local name; borrowed from the tree */
struct str tree_ns(const xmlNode *node);   /* "" when in none */
bool tree_is(const xmlNode *node, const char *ns, const char *name);
/* First child element of that name; ns NULL: in any namespace.  parent NULL gives NULL. */
xmlNode *tree_child(const xmlNode *parent, const char *ns, const char *name);

/* Character data directly below node, across CDATA sections and comments; never .p NULL. */
struct str tree_text(struct arena *a, const xmlNode *node);
/* An attribute (ns NULL: in none); .p NULL when absent. */
struct str tree_attribute(struct arena *a, const xmlNode *node, const char *ns, const char *name);

/* Resolve the QName that is node's text: local name, and namespace ("" when the prefix is unbound;
 * without a prefix the default namespace, as XML Schema 2, 3.2.18 has it).
 */
void tree_qname(struct arena *a, const xmlNode *node, struct str *local, struct str *ns);

#endif
