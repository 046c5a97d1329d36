/* send.c - one <send> by itself, for steps that come from outside. */
#include "suite/parse.h"

static void file_defer(struct xml_file *f)
{
	xml_file_close(f);
}

int suite_send_read(struct arena *a, struct str name, struct str octets, struct suite_case *c,
		    struct err *err)
{
	struct xml_file f DEFER(file_defer) = { .name = name };
	struct reader r = { .a = a, .f = &f, .c = c };
	const xmlNode *root;
	size_t before = c->n_step;

	if (xml_file_open(&f, name, octets, err))
		return -1;
	root = xmlDocGetRootElement(f.doc);
	if (!xml_is(root, "send"))
		return xml_error(&f, root, err, "<%s>, expected <send>", (const char *)root->name);
	if (bind_find(octets, 0) != (size_t)-1)
		return xml_error(&f, root, err, "an axis, expected values: there are no axes here");
	c->step[before] = (struct suite_step){ 0 };
	if (walk_check(&f, root, &send_rule, err) || step_read(&r, root, err)) {
		c->n_step = before;
		return -1;
	}
	return arena_check(a, err);
}
