#include "soap/read.h"

#include "auth/datetime.h"

#include <stdio.h>

#define LEAVES_MAX (1u << 16)

/* --- the tree, flattened --- */

static struct str copy_name(struct arena *a, const xmlNode *node)
{
	return node && node->type == XML_ELEMENT_NODE ? arena_str(a, tree_name(node)) : STR("");
}

static int leaf_add(struct arena *a, const xmlNode *node, struct soap_message *m, size_t *room,
		    struct err *err)
{
	const xmlNode *parent = node->parent;

	if (m->n_leaf == *room) {
		size_t more = *room ? *room * 2 : 32;
		struct soap_leaf *grown;

		if (more > LEAVES_MAX)
			return err_set(err, ERR_LIMIT, "an envelope of more than %u elements",
				       LEAVES_MAX);
		grown = arena_array(a, struct soap_leaf, more);
		if (!grown)
			return arena_check(a, err);
		if (m->n_leaf)
			memcpy(grown, m->leaf, m->n_leaf * sizeof(*grown));
		m->leaf = grown;
		*room = more;
	}
	m->leaf[m->n_leaf++] = (struct soap_leaf){
		.name = copy_name(a, node),
		.parent = copy_name(a, parent),
		.grandparent = copy_name(a, parent->parent),
		.text = tree_text(a, node),
	};
	return 0;
}

static int flatten(struct arena *a, const xmlNode *node, int depth, struct soap_message *m,
		   size_t *room, struct err *err)
{
	const xmlNode *child = tree_first(node);

	if (depth > TREE_DEPTH_MAX)
		return err_set(err, ERR_LIMIT, "line %ld: elements nest deeper than %d",
			       xmlGetLineNo(node), TREE_DEPTH_MAX);
	if (!child)
		return leaf_add(a, node, m, room, err);
	for (; child; child = tree_next(child)) {
		if (flatten(a, child, depth + 1, m, room, err))
			return -1;
	}
	return 0;
}

/* --- faults --- */

static void code_read(struct arena *a, const xmlNode *value, struct soap_message *m,
		      struct str *local, struct str *ns)
{
	struct str text = str_trim(tree_text(a, value));

	tree_qname(a, value, local, ns);
	if (!ns->n && !m->unbound.n && str_chr(text, ':') != (size_t)-1)
		m->unbound = text;
}

/* SOAP 1.2 part 1, 5.4: Code/Value, then Subcode in Subcode. */
static void fault_read_12(struct arena *a, const xmlNode *fault, const char *env,
			  struct soap_message *m)
{
	const xmlNode *code = tree_child(fault, env, "Code");
	const xmlNode *value = tree_child(code, env, "Value");
	const xmlNode *text = tree_child(tree_child(fault, env, "Reason"), env, "Text");

	if (value)
		code_read(a, value, m, &m->fault_code, &m->fault_code_ns);
	while ((code = tree_child(code, env, "Subcode")) && m->n_subcode < COUNT(m->subcode)) {
		value = tree_child(code, env, "Value");
		if (!value)
			continue;
		code_read(a, value, m, &m->subcode[m->n_subcode], &m->subcode_ns[m->n_subcode]);
		m->n_subcode++;
	}
	if (text)
		m->reason = tree_text(a, text);
}

/* SOAP 1.1, 4.4: unqualified children; some devices qualify them. */
static void fault_read_11(struct arena *a, const xmlNode *fault, struct soap_message *m)
{
	const xmlNode *code = tree_child(fault, NULL, "faultcode");
	const xmlNode *text = tree_child(fault, NULL, "faultstring");

	if (code)
		tree_qname(a, code, &m->fault_code, &m->fault_code_ns);
	if (text)
		m->reason = tree_text(a, text);
}

static void body_read(struct arena *a, const xmlNode *body, const char *env, struct soap_message *m)
{
	const xmlNode *first = tree_first(body);

	if (!first)
		return;
	m->body_ns = arena_str(a, tree_ns(first));
	m->body_name = arena_str(a, tree_name(first));
	m->is_fault = tree_is(first, env, "Fault");
	if (m->is_fault && m->version == 11)
		fault_read_11(a, first, m);
	else if (m->is_fault)
		fault_read_12(a, first, env, m);
}

int soap_read(struct arena *a, struct str octets, struct soap_message *out, struct err *err)
{
	xmlDoc *doc DEFER(tree_free) = tree_parse(octets, err);
	const xmlNode *root, *header;
	struct str ns;
	size_t room = 0;

	*out = (struct soap_message){ 0 };
	if (!doc)
		return -1;
	root = xmlDocGetRootElement(doc);
	if (!root || !str_eq(tree_name(root), STR("Envelope")))
		return err_set(err, ERR_PARSE, "line 1: the root element is not an Envelope");
	ns = tree_ns(root);
	out->version = str_eq(ns, str(SOAP_NS_12)) ? 12 : str_eq(ns, str(SOAP_NS_11)) ? 11 : 0;
	if (flatten(a, root, 1, out, &room, err))
		return -1;
	header = tree_child(root, ns.p, "Header");
	token_read_all(a, header, root, ns.p, out);
	body_read(a, tree_child(root, ns.p, "Body"), ns.p, out);
	return arena_check(a, err);
}

/* --- questions about what was read --- */

static const struct soap_leaf *leaf_find(const struct soap_message *m, const char *grandparent,
					 const char *parent, const char *name)
{
	for (size_t i = 0; i < m->n_leaf; i++) {
		const struct soap_leaf *l = &m->leaf[i];

		if (str_eq(l->name, str(name)) && (!parent || str_eq(l->parent, str(parent))) &&
		    (!grandparent || str_eq(l->grandparent, str(grandparent))))
			return l;
	}
	return NULL;
}

struct str soap_leaf_text(const struct soap_message *m, const char *parent, const char *name)
{
	const struct soap_leaf *l = leaf_find(m, NULL, parent, name);

	return l ? l->text : (struct str){ 0 };
}

/* LocalDateTime has the same children, so the grandparent decides (tt:SystemDateTime). */
int soap_device_time(const struct soap_message *m, int64_t *unix_ms, struct err *err)
{
	static const struct {
		const char *parent, *name;
		uint64_t max;
	} part[] = {
		{ "Date", "Year", 9999 }, { "Date", "Month", 12 },  { "Date", "Day", 31 },
		{ "Time", "Hour", 24 },   { "Time", "Minute", 59 }, { "Time", "Second", 61 },
	};
	uint64_t v[COUNT(part)];
	struct datetime when;
	char text[64];

	for (size_t i = 0; i < COUNT(part); i++) {
		const struct soap_leaf *l =
			leaf_find(m, "UTCDateTime", part[i].parent, part[i].name);

		if (!l)
			return err_set(err, ERR_PARSE, "no %s in a UTCDateTime", part[i].name);
		if (str_to_u64(str_trim(l->text), part[i].max, &v[i]))
			return err_set(err, ERR_PARSE, "UTCDateTime: %s is \"%.*s\"", part[i].name,
				       STR_ARG(l->text));
	}
	/* A leap second is the second before it: the clock is only needed to about a second. */
	v[5] = v[5] > 59 ? 59 : v[5];
	snprintf(text, sizeof(text), "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)v[0],
		 (unsigned)v[1], (unsigned)v[2], (unsigned)v[3], (unsigned)v[4], (unsigned)v[5]);
	if (datetime_parse(str(text), &when, err))
		return err_prefix(err, "UTCDateTime: ");
	*unix_ms = when.unix_ms;
	return 0;
}

bool soap_is_not_authorized(const struct soap_message *m)
{
	if (!m->is_fault || !str_eq(m->fault_code, STR("Sender")) ||
	    !str_eq(m->fault_code_ns, str(SOAP_NS_12)))
		return false;
	for (size_t i = 0; i < m->n_subcode; i++) {
		if (str_eq(m->subcode[i], STR("NotAuthorized")) &&
		    str_eq(m->subcode_ns[i], str(SOAP_NS_TER)))
			return true;
	}
	return false;
}
