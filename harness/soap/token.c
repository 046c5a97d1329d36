#include "soap/read.h"

#define ROLE_12 "http://www.w3.org/2003/05/soap-envelope/role/"

/* Roles that the last node of a message path plays: SOAP 1.2 part 1, 2.2; SOAP 1.1, 4.2.2. */
static const char *const our_roles[] = {
	"",
	ROLE_12 "next",
	ROLE_12 "ultimateReceiver",
	"http://schemas.xmlsoap.org/soap/actor/next",
};

/* Headers that any stack reads: WS-Addressing 1.0 and its submission of 2004. */
static const char *const known_headers[] = {
	"http://www.w3.org/2005/08/addressing",
	"http://schemas.xmlsoap.org/ws/2004/08/addressing",
};

static bool listed(const char *const *list, size_t n, struct str value)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(str(list[i]), value))
			return true;
	}
	return false;
}

static bool for_us(struct arena *a, const xmlNode *header, const char *env)
{
	bool soap11 = strcmp(env, SOAP_NS_11) == 0;
	struct str role = tree_attribute(a, header, env, soap11 ? "actor" : "role");

	return !role.p || listed(our_roles, COUNT(our_roles), str_trim(role));
}

static bool must_understand(struct arena *a, const xmlNode *header, const char *env)
{
	struct str value = str_trim(tree_attribute(a, header, env, "mustUnderstand"));

	return str_eq(value, STR("1")) || str_eq(value, STR("true"));
}

/* Keep the first, count them all: UTP 1.1 3.1 allows one of each (BSP R4222, R4223, R4225). */
static void child_read(struct arena *a, const xmlNode *child, int *count, struct str *text)
{
	if ((*count)++ == 0)
		*text = tree_text(a, child);
}

static void token_read(struct arena *a, const xmlNode *node, struct username_token *t)
{
	for (const xmlNode *c = tree_first(node); c; c = tree_next(c)) {
		if (tree_is(c, UT_NS_WSSE, "Username")) {
			child_read(a, c, &t->n_username, &t->username);
		} else if (tree_is(c, UT_NS_WSSE, "Password")) {
			if (t->n_password == 0)
				t->password_type = tree_attribute(a, c, NULL, "Type");
			child_read(a, c, &t->n_password, &t->password);
		} else if (tree_is(c, UT_NS_WSSE, "Nonce")) {
			if (t->n_nonce == 0)
				t->nonce_encoding = tree_attribute(a, c, NULL, "EncodingType");
			child_read(a, c, &t->n_nonce, &t->nonce);
		} else if (str_eq(tree_name(c), STR("Created"))) {
			/* Created of any namespace: it is hashed, and a foreign one is a defect. */
			if (t->n_created == 0)
				t->wsu_created = str_eq(tree_ns(c), str(UT_NS_WSU));
			child_read(a, c, &t->n_created, &t->created);
		}
	}
}

static void security_read(struct arena *a, const xmlNode *security, const char *env,
			  struct soap_message *m)
{
	m->n_security++;
	m->must_understand_security |= must_understand(a, security, env);
	for (const xmlNode *c = tree_first(security); c; c = tree_next(c)) {
		if (!tree_is(c, UT_NS_WSSE, "UsernameToken"))
			continue;
		if (m->n_token++ == 0)
			token_read(a, c, &m->token);
	}
}

static void header_read(struct arena *a, const xmlNode *block, const char *env,
			struct soap_message *m)
{
	bool ours = for_us(a, block, env);

	if (tree_is(block, UT_NS_WSSE, "Security")) {
		if (ours)
			security_read(a, block, env, m);
		else
			m->security_elsewhere = true;
		return;
	}
	if (str_eq(tree_name(block), STR("Security")))
		m->security_foreign = true;
	if (ours && must_understand(a, block, env) &&
	    !listed(known_headers, COUNT(known_headers), tree_ns(block)))
		m->must_understand_unknown = true;
}

/* Next element in document order below root, without recursion. */
static const xmlNode *walk(const xmlNode *root, const xmlNode *node, bool into)
{
	const xmlNode *next = into ? tree_first(node) : NULL;

	while (!next && node != root) {
		next = tree_next(node);
		node = node->parent;
	}
	return next;
}

void token_read_all(struct arena *a, const xmlNode *header, const xmlNode *root, const char *env,
		    struct soap_message *m)
{
	for (const xmlNode *c = tree_first(header); c; c = tree_next(c))
		header_read(a, c, env, m);
	for (const xmlNode *n = root; n; n = walk(root, n, n != header)) {
		if (tree_is(n, UT_NS_WSSE, "UsernameToken"))
			m->token_in_body = true;
	}
}
