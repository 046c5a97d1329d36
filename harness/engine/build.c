/* build.c - a step of a case as the octets of one request, and the proof that they fit the case. */
#include "engine/internal.h"

#define DEVIATIONS_MAX 16

static const struct suite_credentials *
own_credentials(const struct engine *e, const struct suite_case *c, struct suite_credentials *one)
{
	*one = (struct suite_credentials){ 0 };
	one->mech = c && c->has_mech ? c->mech : e->mech;
	return one;
}

/* The credentials of a step as a list: what it says, or the case's mechanism, or none. */
static size_t step_credentials(const struct engine *e, const struct suite_case *c,
			       const struct suite_step *s, struct suite_credentials *one,
			       const struct suite_credentials **list)
{
	if (s->anonymous || s->security.p)
		return 0;
	if (s->n_credentials) {
		*list = s->credentials;
		return s->n_credentials;
	}
	if (!e->has_mech && !(c && c->has_mech))
		return 0;
	*list = own_credentials(e, c, one);
	return 1;
}

bool step_answers_challenge(const struct engine *e, const struct suite_case *c,
			    const struct suite_step *s)
{
	struct suite_credentials one;
	const struct suite_credentials *list = NULL;
	size_t n = step_credentials(e, c, s, &one, &list);

	for (size_t i = 0; i < n; i++)
		if (list[i].mech == MECH_DIGEST)
			return true;
	return false;
}

/* What one build gathers while it goes through the mechanisms. */
struct assembly {
	struct engine *e;
	struct arena *a;
	struct session *session;
	bool has_digest; /* the challenge that is answered; crafting may end its use */
	struct digest_challenge challenge;
	struct built *out;
	struct str security, body_extra, prologue, words;
	struct str field[8];
	size_t n_field;
};

static void add_words(struct assembly *b, enum mechanism mech, const struct deviate *d, size_t n)
{
	static const char *const names[MECHANISMS] = { "Basic", "Digest", "UsernameToken" };

	b->words = arena_fmt(b->a, "%.*s, %s", STR_ARG(b->words), names[mech]);
	for (size_t i = 0; i < n; i++)
		b->words = arena_fmt(b->a, "%.*s %s=%.*s", STR_ARG(b->words), d[i].d->name,
				     STR_ARG(d[i].value));
}

#define NC_STEP_MAX 1000 /* a count that leaps further is a deviation, not a count */

static struct nonce_count *nonce_of(struct engine *e, struct str nonce)
{
	for (size_t i = 0; i < NONCES; i++)
		if (str_eq(str(e->nonces[i].nonce), nonce))
			return &e->nonces[i];
	return NULL;
}

/* A nonce that is new to this session may be old to another of ours: go on counting from there. */
void nonce_join(struct engine *e, struct craft_memory *m)
{
	const struct nonce_count *n;

	if (!m->has_digest || m->nonce.p || m->nc)
		return;
	n = nonce_of(e, m->challenge.nonce);
	if (n)
		m->nc = n->nc;
}

void nonce_note(struct engine *e, const struct craft_memory *m)
{
	struct nonce_count *n = nonce_of(e, m->challenge.nonce);

	if (!m->challenge.nonce.n || m->challenge.nonce.n >= sizeof(n->nonce))
		return;
	if (!n) {
		n = &e->nonces[e->next_nonce++ % NONCES];
		*n = (struct nonce_count){ .nc = 0 };
		memcpy(n->nonce, m->challenge.nonce.p, m->challenge.nonce.n);
	}
	if (m->nc > n->nc && m->nc - n->nc < NC_STEP_MAX)
		n->nc = m->nc;
}

static int add_credentials(struct assembly *b, const struct suite_credentials *c,
			   struct binding bind, struct err *err)
{
	struct deviate deviate[DEVIATIONS_MAX];
	struct craft *craft = arena_new(b->a, struct craft);
	struct craft_in in = b->e->in;

	if (!craft || c->n_deviation > DEVIATIONS_MAX)
		return err_set(err, ERR_LIMIT, "more than %d deviations", DEVIATIONS_MAX);
	for (size_t i = 0; i < c->n_deviation; i++) {
		deviate[i].d = c->deviation[i].d;
		deviate[i].value = suite_bind(b->a, bind.variant, c->deviation[i].value, bind.x);
	}
	in.request = b->out->request;
	in.device_unix_ms = device_now_ms(b->e);
	in.token_text = !feature_has(b->e, "token") && feature_has(b->e, "token.text");
	if (c->mech == MECH_DIGEST)
		nonce_join(b->e, &b->session->memory);
	if (craft_credentials(craft, b->a, c->mech, &in, &b->session->memory, deviate,
			      c->n_deviation, err))
		return -1;
	for (size_t i = 0; i < craft->n_field && b->n_field < COUNT(b->field); i++)
		b->field[b->n_field++] = craft->field[i];
	if (c->mech == MECH_TOKEN) {
		b->security = arena_concat(b->a, b->security, craft->token.security);
		b->body_extra = arena_concat(b->a, b->body_extra, craft->token.body_extra);
		b->prologue = arena_concat(b->a, b->prologue, craft->token.prologue);
	}
	if (c->mech == MECH_DIGEST) {
		nonce_note(b->e, &b->session->memory);
		b->out->digest = craft->digest.hash;
		b->out->has_digest = true;
	}
	b->out->with_credentials = true;
	add_words(b, c->mech, deviate, c->n_deviation);
	return recipe_add(&b->out->recipe, b->a, craft, c->mech, &in,
			  b->has_digest ? &b->challenge : NULL, err);
}

static bool at_second_path(const struct assembly *b, const struct suite_step *s,
			   struct binding bind)
{
	return str_eq(suite_bind(b->a, bind.variant, s->path, bind.x), STR("second"));
}

static const struct soap_operation *step_operation(const struct assembly *b,
						   const struct suite_step *s, struct binding bind)
{
	if (s->operation.p)
		return soap_operation_find(suite_bind(b->a, bind.variant, s->operation, bind.x));
	if (at_second_path(b, s, bind))
		return soap_operation_find(STR("GetProfiles"));
	return b->e->protected_op;
}

static bool has_body(struct str method)
{
	return str_has_word(STR("POST PUT PATCH DELETE"), method);
}

static void set_field(struct arena *a, struct http_fields *f, struct str name, struct str value)
{
	for (size_t i = 0; i < f->n; i++) {
		if (str_ieq(f->v[i].name, name)) {
			f->v[i].value = value;
			return;
		}
	}
	http_add(a, f, name, value);
}

/* The call in the envelope that the step asks for; most ask for none and get that of SOAP 1.2. */
static void set_body(struct assembly *b, const struct suite_step *s,
		     const struct soap_operation *op, struct binding bind, struct str security)
{
	struct http_request *r = &b->out->request;
	struct soap_parts parts = { .security = security,
				    .body_extra = b->body_extra,
				    .prologue = b->prologue };
	struct str envelope =
		s->envelope.p ? suite_bind(b->a, bind.variant, s->envelope, bind.x) : STR("");

	if (str_eq(envelope, STR("foreign")))
		parts.ns = "urn:example:envelope";
	if (str_eq(envelope, STR("soap11"))) {
		/* SOAP 1.1, 6: text/xml and a field for the action. */
		parts.ns = SOAP_NS_11;
		set_field(b->a, &r->fields, STR("Content-Type"), STR("text/xml; charset=utf-8"));
		set_field(b->a, &r->fields, STR("SOAPAction"),
			  arena_fmt(b->a, "\"%s/%s\"", op->ns, op->name));
	}
	r->body = str_eq(envelope, STR("none"))
			  ? arena_fmt(b->a, "<%s xmlns=\"%s\">%s</%s>", op->name, op->ns,
				      op->arguments, op->name)
			  : soap_envelope_of(b->a, op, &parts);
}

/* Method, target and body; the body without credentials first, so that auth-int can hash it. */
static int set_target(struct assembly *b, const struct suite_step *s, struct binding bind,
		      struct err *err)
{
	struct engine *e = b->e;
	struct http_request *r = &b->out->request;
	bool soap = !e->o.http_kind;

	r->method = s->method.p ? suite_bind(b->a, bind.variant, s->method, bind.x)
				: (soap ? STR("POST") : STR("GET"));
	r->target = at_second_path(b, s, bind) ? e->r->survey.second.path : e->url.target;
	if (s->query.p)
		r->target = arena_fmt(b->a, "%.*s%c%.*s", STR_ARG(r->target),
				      str_chr(r->target, '?') == (size_t)-1 ? '?' : '&',
				      STR_ARG(suite_bind(b->a, bind.variant, s->query, bind.x)));
	if (s->target.p &&
	    target_spell(b->a, e->url.origin, suite_bind(b->a, bind.variant, s->target, bind.x),
			 &r->target, err))
		return -1;
	b->words = arena_fmt(b->a, "%.*s %.*s", STR_ARG(r->method), STR_ARG(r->target));
	if (soap && has_body(r->method)) {
		const struct soap_operation *op = step_operation(b, s, bind);

		if (!op || !op->safe)
			return err_set(err, ERR_INPUT, "operation %.*s is not one that may be sent",
				       STR_ARG(s->operation));
		http_add(b->a, &r->fields, STR("Content-Type"), soap_content_type(b->a, op));
		set_body(b, s, op, bind, STR(""));
		b->words = arena_fmt(b->a, "%.*s %s", STR_ARG(b->words), op->name);
	} else if (str_eq(r->method, STR("POST"))) {
		http_add(b->a, &r->fields, STR("Content-Type"), STR("text/plain"));
		r->body = STR("countersign");
	}
	if (s->no_content)
		r->body = STR("");
	return arena_check(b->a, err);
}

/* As it is printed; or over and over, to the length that is asked for. */
static struct str header_value(struct assembly *b, const struct suite_step *s, size_t i,
			       struct binding bind)
{
	struct str value = suite_bind(b->a, bind.variant, s->header.v[i].value, bind.x);
	uint64_t length = 0;
	char *p;

	if (!s->length[i].p ||
	    str_to_u64(suite_bind(b->a, bind.variant, s->length[i], bind.x), LENGTH_MAX, &length))
		return value;
	p = arena_alloc(b->a, (size_t)length + 1);
	for (size_t k = 0; p && k < length; k++)
		p[k] = value.n ? value.p[k % value.n] : 'x';
	return str_n(p, p ? (size_t)length : 0);
}

static void finish_request(struct assembly *b, const struct suite_step *s, struct binding bind)
{
	struct http_request *r = &b->out->request;
	struct str security = b->security;

	if (s->security.p)
		security = arena_concat(b->a, security, s->security);
	if ((security.n || b->body_extra.n) && !b->e->o.http_kind && r->body.n)
		set_body(b, s, step_operation(b, s, bind), bind, security);
	for (size_t i = 0; i < b->n_field; i++)
		http_add(b->a, &r->fields, STR("Authorization"), b->field[i]);
	for (size_t i = 0; i < s->header.n; i++) {
		struct str name = suite_bind(b->a, bind.variant, s->header.v[i].name, bind.x);
		struct str value = header_value(b, s, i, bind);

		if (str_ieq(name, STR("Content-Type")))
			set_field(b->a, &r->fields, STR("Content-Type"), value);
		else
			http_add(b->a, &r->fields, name, value);
		if (str_ieq(name, STR("Authorization")))
			b->out->with_credentials = true;
	}
	if (s->return_cookies && b->session->cookies.p)
		http_add(b->a, &r->fields, STR("Cookie"), b->session->cookies);
	if (s->security.p)
		b->out->with_credentials = true;
	if (s->header.n || s->security.p)
		b->words = arena_fmt(b->a, "%.*s, as printed", STR_ARG(b->words));
}

static struct verify_policy policy_of(const struct digest_challenge *d)
{
	struct verify_policy p = { .offer_basic = true, .offer_digest = true };

	if (!d)
		return p;
	p.realm = d->realm;
	*(d->session ? &p.algs_sess : &p.algs) = 1u << d->alg;
	p.qop_auth = d->qop_auth;
	p.qop_auth_int = d->qop_auth_int;
	p.opaque = d->has_opaque ? d->opaque : (struct str){ 0 };
	return p;
}

static int verify_body(struct arena *a, const struct verify_policy *p, struct str body,
		       struct defects *out, struct err *err)
{
	struct token_result token = { 0 };
	struct soap_message message = { 0 };
	struct err ignored = { 0 };
	bool readable = soap_read(a, body, &message, &ignored) == 0;

	if (readable && verify_token(a, p, &message.token, &token, err))
		return -1;
	/* A header for somebody else beside ours is none of our business. */
	if (readable && message.n_token == 1 && message.n_security == 1 && !message.token_in_body &&
	    !message.security_foreign)
		*out = defects_plus(*out, token.defects);
	else
		defect_set(out, DEFECT_TOKEN_MISPLACED);
	/* Whether a plaintext password or a time without zone is welcome is what a case asks the
	 * target; neither is wrong by itself (UTP 3.1).
	 */
	defect_clear(out, DEFECT_TOKEN_TEXT);
	defect_clear(out, DEFECT_CREATED_NO_ZONE);
	return 0;
}

int build_verify(struct engine *e, struct arena *a, const struct digest_challenge *d,
		 const struct http_request *r, bool token, struct defects *out, struct err *err)
{
	struct account account = { e->in.account.user, e->in.account.password, 0 };
	struct verify_policy p = policy_of(d);
	struct verify_result http = { 0 };

	*out = (struct defects){ { 0 } };
	p.account = &account;
	p.n_account = 1;
	if (http_get(&r->fields, "Authorization").p) {
		if (verify_http(a, &p, r, &http, err))
			return -1;
		*out = http.defects;
	}
	return token ? verify_body(a, &p, r->body, out, err) : 0;
}

/* Ask the verifier, which shares no code with the builder, what is wrong with these octets. */
static int ask_verifier(struct assembly *b, struct err *err)
{
	struct defects all;

	if (build_verify(b->e, b->a, b->has_digest ? &b->challenge : NULL, &b->out->request,
			 b->security.n || b->body_extra.n, &all, err))
		return -1;
	b->out->proved_invalid = defects_any(&all);
	b->out->proved_valid = !b->out->proved_invalid;
	b->out->defects = defects_text(b->a, all);
	return 0;
}

int build_request(struct engine *e, const struct suite_step *s, const struct suite_case *c,
		  struct binding bind, struct session *session, struct arena *a, bool bare,
		  struct built *out, struct err *err)
{
	struct suite_credentials one;
	const struct suite_credentials *list = NULL;
	struct assembly b = { .e = e,
			      .a = a,
			      .session = session,
			      .has_digest = session->memory.has_digest,
			      .challenge = session->memory.challenge,
			      .out = out };
	size_t n;

	*out = (struct built){ 0 };
	if (set_target(&b, s, bind, err))
		return -1;
	n = bare ? 0 : step_credentials(e, c, s, &one, &list);
	for (size_t i = 0; i < n; i++)
		if (add_credentials(&b, &list[i], bind, err))
			return -1;
	if (bare) {
		b.words = arena_fmt(a, "%.*s, no credentials", STR_ARG(b.words));
	} else {
		finish_request(&b, s, bind);
		if (n && ask_verifier(&b, err))
			return -1;
	}
	out->summary = b.words;
	return arena_check(a, err);
}

/* The classes of a step's deviations, ORed as bits of enum deviation_class. */
static unsigned step_classes(const struct suite_step *s, struct binding bind, struct arena *a)
{
	unsigned classes = 0;

	for (size_t i = 0; i < s->n_credentials; i++)
		for (size_t j = 0; j < s->credentials[i].n_deviation; j++) {
			const struct suite_deviation *d = &s->credentials[i].deviation[j];

			classes |= 1u << d->d->class(suite_bind(a, bind.variant, d->value, bind.x));
		}
	return classes;
}

int build_prove(const struct suite_step *s, struct binding bind, const struct built *built,
		struct err *err)
{
	struct arena a;
	unsigned classes;
	bool refused = !(s->expect & OUTCOME_BIT(OUTCOME_ACCEPTED));

	if (!s->n_credentials)
		return 0;
	arena_init(&a, 1 << 16);
	classes = step_classes(s, bind, &a);
	arena_free(&a);
	if (classes & 1u << DEVIATION_STATE)
		return 0; /* only a server with a memory can tell; the selftest proves these */
	if (refused && (classes & 1u << DEVIATION_CONTENT) && !built->proved_invalid)
		return err_set(err, ERR_INTERNAL,
			       "the deviation changes nothing: the reference verifier finds the "
			       "credentials right");
	if (s->expect == OUTCOME_BIT(OUTCOME_ACCEPTED) && !built->proved_valid)
		return err_set(err, ERR_INTERNAL,
			       "the case wants these credentials accepted, and the reference "
			       "verifier finds: %.*s",
			       STR_ARG(built->defects));
	return 0;
}
