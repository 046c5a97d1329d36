/* Client cases and personas, which passed the walk, become structs. */
#include "suite/parse.h"

/* All attributes but those that a struct has a member for. */
static int settings_read(struct arena *a, const xmlNode *node, struct suite_settings *out,
			 struct err *err)
{
	size_t n = 0;

	for (const xmlAttr *x = node->properties; x; x = x->next)
		n++;
	out->v = arena_array(a, struct suite_setting, n + 1);
	if (!out->v)
		return arena_check(a, err);
	for (const xmlAttr *x = node->properties; x; x = x->next) {
		if (xmlStrEqual(x->name, BAD_CAST "expect"))
			continue;
		out->v[out->n++] = (struct suite_setting){
			.name = arena_str(a, str((const char *)x->name)),
			.value = xml_attr_value(a, x),
		};
	}
	return arena_check(a, err);
}

static int offer_read(struct arena *a, const xmlNode *node, struct suite_turn *t, struct err *err)
{
	struct suite_offer *o = &t->offer[t->n_offer++];

	while (o->kind + 1 < OFFERS && !xml_is(node, offer_name(o->kind)))
		o->kind++;
	return settings_read(a, node, &o->set, err);
}

static int turn_read(struct arena *a, const xmlNode *node, struct suite_turn *t, struct err *err)
{
	struct str expect = xml_attr(a, node, "expect");
	size_t n = 0;

	for (const xmlNode *c = xml_child(node, NULL); c; c = xml_child(node, c))
		n++;
	t->line = xml_line(node);
	t->grant = xml_is(node, "grant");
	while (expect.p && t->expect + 1 < TURN_EXPECTS &&
	       !str_eq(expect, str(turn_expect_name(t->expect))))
		t->expect++;
	t->offer = arena_array(a, struct suite_offer, n + 1);
	if (!t->offer || settings_read(a, node, &t->set, err))
		return arena_check(a, err);
	for (const xmlNode *c = xml_child(node, NULL); c; c = xml_child(node, c)) {
		if (offer_read(a, c, t, err))
			return -1;
	}
	return 0;
}

static int client_check_read(struct reader *r, const xmlNode *node, struct err *err)
{
	struct suite_client *k = r->c->client;
	struct suite_check *check = &k->check[k->n_check++];

	*check = (struct suite_check){
		.line = xml_line(node),
		.name = xml_attr(r->a, node, "is"),
		.value = xml_attr(r->a, node, "value"),
	};
	if (client_checks[client_check_index(check->name)].valued == (check->value.p != NULL))
		return 0;
	return xml_error(r->f, node, err, "check %.*s %s value, expected %s", STR_ARG(check->name),
			 check->value.p ? "with a" : "without",
			 check->value.p ? "none" : "a number");
}

static void observe_read(struct reader *r, const xmlNode *node, struct suite_client *k)
{
	struct str of = xml_attr(r->a, node, "of");

	for (int i = 0; i < OBSERVED; i++)
		if (str_eq(of, str(observed_name((enum observed)i))))
			k->observed = (enum observed)i;
}

static int client_part(struct reader *r, const xmlNode *node, struct err *err)
{
	struct suite_client *k = r->c->client;

	if (xml_is(node, "call"))
		return settings_read(r->a, node, &k->call, err);
	if (xml_is(node, "clock"))
		return settings_read(r->a, node, &k->clock, err);
	if (xml_is(node, "observe"))
		observe_read(r, node, k);
	if (xml_is(node, "check"))
		return client_check_read(r, node, err);
	if (xml_is(node, "challenge") || xml_is(node, "grant"))
		return turn_read(r->a, node, &k->turn[k->n_turn++], err);
	return 0;
}

/* What is served follows from the turns, what is asked of the client from them and the checks. */
static int client_sense(struct reader *r, const xmlNode *node, struct err *err)
{
	const struct suite_client *k = r->c->client;
	bool asks = k->n_check > 0;

	for (size_t i = 0; i < k->n_turn; i++)
		asks = asks || (!k->turn[i].grant && k->turn[i].expect != TURN_ANY);
	if (!asks)
		return xml_error(r->f, node, err,
				 "nothing is asked of the client, expected a <check>, or a "
				 "<challenge> that is to be answered or not");
	if (k->n_turn && k->turn[0].grant)
		return xml_error(r->f, node, err,
				 "<grant> before the first <challenge>, expected it behind one");
	if (xml_count(node, "observe") && (k->n_turn || k->call.n || k->clock.n))
		return xml_error(r->f, node, err,
				 "<observe> with something of its own to serve, expected checks "
				 "alone");
	return 0;
}

int client_read(struct reader *r, const xmlNode *node, struct err *err)
{
	struct suite_client *k = arena_new(r->a, struct suite_client);

	if (!k)
		return arena_check(r->a, err);
	r->c->client = k;
	k->provides = xml_attr(r->a, node, "provides");
	k->turn = arena_array(r->a, struct suite_turn,
			      xml_count(node, "challenge") + xml_count(node, "grant") + 1);
	k->check = arena_array(r->a, struct suite_check, xml_count(node, "check") + 1);
	if (!k->turn || !k->check)
		return arena_check(r->a, err);
	for (const xmlNode *c = xml_child(node, NULL); c; c = xml_child(node, c)) {
		if (client_part(r, c, err))
			return -1;
	}
	return client_sense(r, node, err);
}

int persona_read(struct arena *a, const struct xml_file *f, const xmlNode *node,
		 struct suite_persona *out, struct err *err)
{
	*out = (struct suite_persona){
		.id = xml_attr(a, node, "id"),
		.title = xml_attr(a, node, "title"),
		.source = xml_attr(a, node, "source"),
		.password = xml_attr(a, node, "password"),
		.time = xml_attr(a, node, "time"),
		.file = f->name,
		.line = xml_line(node),
	};
	return turn_read(a, xml_child(node, NULL), &out->challenge, err);
}
