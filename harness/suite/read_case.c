#include "suite/parse.h"

int number_read(struct str s)
{
	uint64_t n = 0;

	if (s.p && str_to_u64(s, 1000000, &n))
		n = 0; /* the walk has checked it */
	return (int)n;
}

enum level level_read(struct str word)
{
	size_t l = 0;

	while (l + 1 < LEVEL_COUNT && !str_eq(word, str(level_name((enum level)l))))
		l++;
	return (enum level)l;
}

static enum risk risk_read(struct str word)
{
	enum risk r = RISK_UNSAFE;

	while (r > RISK_SAFE && word.p && !str_eq(word, str(risk_name(r))))
		r--;
	return word.p ? r : RISK_SAFE;
}

/* The first of basic, digest, token in needs, alone or with what is special about it. */
static void mechanism_read(struct suite_case *c)
{
	struct str rest = c->needs;

	for (struct str w = str_word(&rest); w.n > 0 && !c->has_mech; w = str_word(&rest)) {
		for (enum mechanism m = 0; m < MECHANISMS; m++) {
			struct str head = w;

			if (!str_eq(str_cut(&head, '.'), str(mechanism_name(m))))
				continue;
			c->has_mech = true;
			c->mech = m;
		}
	}
}

static int cite_read(struct reader *r, const xmlNode *node, struct err *err)
{
	(void)err;
	r->c->cite[r->c->n_cite++] = (struct cite){
		.clause = xml_attr(r->a, node, "clause"),
		.level = level_read(xml_attr(r->a, node, "level")),
	};
	return 0;
}

static int axis_read(struct reader *r, const xmlNode *node, struct err *err)
{
	struct suite_axis *x = &r->c->axis[r->c->n_axis];
	struct str values = xml_attr(r->a, node, "values"), rest = values;
	size_t n = 0;

	x->name = xml_attr(r->a, node, "name");
	for (size_t i = 0; i < r->c->n_axis; i++) {
		if (str_eq(x->name, r->c->axis[i].name))
			return xml_error(r->f, node, err,
					 "another axis \"%.*s\", expected one of each name",
					 STR_ARG(x->name));
	}
	while (str_word(&rest).n > 0)
		n++;
	x->value = arena_array(r->a, struct str, n);
	if (!x->value)
		return arena_check(r->a, err);
	rest = values;
	for (; x->n < n; x->n++) {
		struct str w = str_word(&rest);

		for (size_t i = 0; i < x->n; i++) {
			if (str_eq(x->value[i], w))
				return xml_error(r->f, node, err,
						 "\"%.*s\" stands twice in axis \"%.*s\", "
						 "expected each value once",
						 STR_ARG(w), STR_ARG(x->name));
		}
		x->value[x->n] = w;
	}
	r->c->n_axis++;
	return 0;
}

static int spellings_read(struct reader *r, const xmlNode *node, struct err *err)
{
	struct suite_spellings *s = arena_new(r->a, struct suite_spellings);
	struct str of = xml_attr(r->a, node, "of");

	if (!s)
		return arena_check(r->a, err);
	while (s->of + 1 < MECHANISMS && !str_eq(of, str(mechanism_name(s->of))))
		s->of++;
	s->hostile = str_eq(xml_attr(r->a, node, "kind"), STR("hostile"));
	r->c->spellings = s;
	return 0;
}

/* --- one <send> --- */

static int credentials_read(struct reader *r, struct suite_step *s, const xmlNode *node,
			    enum mechanism mech, struct err *err)
{
	struct suite_credentials *k = &s->credentials[s->n_credentials++];
	size_t n = 0;

	*k = (struct suite_credentials){ .mech = mech };
	for (const xmlAttr *attr = node->properties; attr; attr = attr->next)
		n++;
	k->deviation = arena_array(r->a, struct suite_deviation, n);
	if (!k->deviation)
		return arena_check(r->a, err);
	for (const xmlAttr *attr = node->properties; attr; attr = attr->next) {
		struct str name = str((const char *)attr->name);
		struct str value = xml_attr_value(r->a, attr);

		if (mech == MECH_DIGEST && str_eq(name, STR("use"))) {
			k->use = value;
			continue;
		}
		k->deviation[k->n_deviation++] = (struct suite_deviation){
			.d = deviation_find(mech, name),
			.value = value,
		};
	}
	return 0;
}

static void check_read(struct reader *r, struct suite_step *s, const xmlNode *node)
{
	s->check[s->n_check++] = (struct suite_check){
		.line = xml_line(node),
		.name = xml_attr(r->a, node, "is"),
		.value = xml_attr(r->a, node, "value"),
	};
}

/* The checks that compare with a number. */
static bool wants_value(struct str check)
{
	return str_has_word(STR("status challenge.nonce-length"), check);
}

static int checks_check(struct reader *r, const struct suite_step *s, const xmlNode *node,
			struct err *err)
{
	const struct suite_check *k = &s->check[s->n_check - 1];

	if (wants_value(k->name) == (k->value.p != NULL))
		return 0;
	return xml_error(r->f, node, err, "check %.*s %s value, expected %s", STR_ARG(k->name),
			 k->value.p ? "with a" : "without", k->value.p ? "none" : "a number");
}

static int header_read(struct reader *r, struct suite_step *s, const xmlNode *n, struct err *err)
{
	struct str value = xml_attr(r->a, n, "value"), length = xml_attr(r->a, n, "length");

	if (!value.p && !length.p)
		return xml_error(r->f, n, err,
				 "<header> without \"value\", expected one, or a length");
	s->length[s->header.n] = length;
	http_add(r->a, &s->header, xml_attr(r->a, n, "name"), value);
	return 0;
}

static int step_child(struct reader *r, struct suite_step *s, const xmlNode *n, struct err *err)
{
	for (enum mechanism m = 0; m < MECHANISMS; m++) {
		if (xml_is(n, mechanism_name(m)))
			return credentials_read(r, s, n, m, err);
	}
	if (xml_is(n, "header")) {
		return header_read(r, s, n, err);
	} else if (xml_is(n, "security")) {
		s->security = xml_inner(r->a, n);
	} else if (xml_is(n, "check")) {
		check_read(r, s, n);
		return checks_check(r, s, n, err);
	} else {
		s->anonymous = true;
	}
	return 0;
}

/* How often, until when, and whether the octets are new ones. */
static int repeat_read(struct reader *r, struct suite_step *s, const xmlNode *node, struct err *err)
{
	struct str until = xml_attr(r->a, node, "until"), replay = xml_attr(r->a, node, "replay");
	size_t here = (size_t)(s - r->c->step) + 1;

	s->repeat = xml_attr(r->a, node, "repeat");
	s->replay = (size_t)number_read(replay);
	if (until.p && outcome_set_parse(until, &s->until, err))
		return -1;
	if (until.p && (!s->repeat.p || s->until & ~s->expect))
		return xml_error(r->f, node, err,
				 "until=\"%.*s\", expected a repeat, and outcomes of expect",
				 STR_ARG(until));
	if (replay.p && (s->replay < 1 || s->replay >= here))
		return xml_error(r->f, node, err,
				 "replay=\"%.*s\", expected a step before this one",
				 STR_ARG(replay));
	return 0;
}

static int step_attributes(struct reader *r, struct suite_step *s, const xmlNode *node,
			   struct err *err)
{
	struct str expect = xml_attr(r->a, node, "expect");

	s->line = xml_line(node);
	s->operation = xml_attr(r->a, node, "operation");
	s->method = xml_attr(r->a, node, "method");
	s->query = xml_attr(r->a, node, "query");
	s->path = xml_attr(r->a, node, "path");
	s->target = xml_attr(r->a, node, "target");
	s->envelope = xml_attr(r->a, node, "envelope");
	s->wait = xml_attr(r->a, node, "wait");
	s->connection = xml_attr(r->a, node, "connection");
	s->new_challenge = str_eq(xml_attr(r->a, node, "challenge"), STR("fresh"));
	s->next_nonce = str_eq(xml_attr(r->a, node, "challenge"), STR("next"));
	s->no_content = xml_attr(r->a, node, "content").p != NULL;
	s->return_cookies = xml_attr(r->a, node, "cookies").p != NULL;
	s->expect = OUTCOME_BIT(OUTCOME_ACCEPTED);
	if (expect.p && outcome_set_parse(expect, &s->expect, err))
		return -1;
	return repeat_read(r, s, node, err);
}

int step_read(struct reader *r, const xmlNode *node, struct err *err)
{
	struct suite_step *s = &r->c->step[r->c->n_step++];
	size_t n = 0;

	for (const xmlNode *c = xml_child(node, NULL); c; c = xml_child(node, c))
		n++;
	s->credentials = arena_array(r->a, struct suite_credentials, n);
	s->check = arena_array(r->a, struct suite_check, n);
	s->length = arena_array(r->a, struct str, n);
	if (!s->credentials || !s->check || !s->length)
		return arena_check(r->a, err);
	if (step_attributes(r, s, node, err))
		return -1;
	for (const xmlNode *c = xml_child(node, NULL); c; c = xml_child(node, c)) {
		if (step_child(r, s, c, err))
			return -1;
	}
	if (s->anonymous && s->n_credentials)
		return xml_error(r->f, node, err,
				 "<anonymous> with credentials, expected one or the other");
	if (s->replay && (s->anonymous || s->n_credentials || s->header.n || s->security.p))
		return xml_error(r->f, node, err,
				 "replay with something to send, expected the octets alone");
	s->bare_credentials = !s->anonymous && !s->n_credentials;
	return 0;
}

/* --- one <case> --- */

static int text_read(struct reader *r, const xmlNode *node, struct err *err)
{
	struct suite_case *c = r->c;
	struct str text = xml_text(r->a, node);

	(void)err;
	if (xml_is(node, "title"))
		c->title = text;
	else if (xml_is(node, "why"))
		c->why = text;
	else
		c->remedy = text;
	return 0;
}

static const struct {
	const char *name;
	int (*read)(struct reader *r, const xmlNode *node, struct err *err);
} parts[] = {
	{ "title", text_read },    { "why", text_read },
	{ "remedy", text_read },   { "cite", cite_read },
	{ "axis", axis_read },     { "measure", measure_read },
	{ "sample", sample_read }, { "spellings", spellings_read },
	{ "send", step_read },
};

static int children_read(struct reader *r, const xmlNode *node, struct err *err)
{
	for (const xmlNode *n = xml_child(node, NULL); n; n = xml_child(node, n)) {
		for (size_t i = 0; i < COUNT(parts); i++) {
			if (xml_is(n, parts[i].name) && parts[i].read(r, n, err))
				return -1;
		}
	}
	return 0;
}

static void attributes_read(struct reader *r, const xmlNode *node)
{
	struct suite_case *c = r->c;

	c->id = xml_attr(r->a, node, "id");
	c->rev = number_read(xml_attr(r->a, node, "rev"));
	c->needs = xml_attr(r->a, node, "needs");
	c->unless = xml_attr(r->a, node, "unless");
	c->kills = xml_attr(r->a, node, "kills");
	c->field = xml_attr(r->a, node, "field");
	c->failures = number_read(xml_attr(r->a, node, "failures"));
	c->risk = risk_read(xml_attr(r->a, node, "risk"));
	c->slow = str_eq(xml_attr(r->a, node, "slow"), STR("yes"));
	mechanism_read(c);
}

int case_read(struct arena *a, const struct xml_file *f, const xmlNode *node, struct str family,
	      struct suite_case *out, struct err *err)
{
	struct reader r = { .a = a, .f = f, .c = out };

	*out = (struct suite_case){ .family = family, .file = f->name, .line = xml_line(node) };
	attributes_read(&r, node);
	out->cite = arena_array(a, struct cite, xml_count(node, "cite"));
	out->axis = arena_array(a, struct suite_axis, xml_count(node, "axis"));
	out->step = arena_array(a, struct suite_step, xml_count(node, "send"));
	if (arena_check(a, err) || children_read(&r, node, err))
		return -1;
	if (str_starts(f->name, STR("client/")))
		return client_read(&r, node, err);
	if (measure_check(&r, node, err))
		return -1;
	if (!out->measure && !out->remedy.p)
		return xml_error(f, node, err, "<case> without <remedy>, expected one");
	return arena_check(a, err);
}
