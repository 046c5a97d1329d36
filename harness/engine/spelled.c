/* spelled.c - a drawn spelling as the octets of one request, proved before it is sent. */
#include "engine/internal.h"

#include "soap/spell_token.h"

/* Everything but the credentials: the protected operation, or the page. */
static int start_request(struct engine *e, struct arena *a, struct built *out, struct err *err)
{
	const struct suite_step bare = { .anonymous = true };
	struct session none = { 0 };

	if (build_request(e, &bare, NULL, (struct binding){ 0 }, &none, a, false, out, err))
		return -1;
	out->with_credentials = true;
	return 0;
}

static struct craft_in craft_input(struct engine *e, const struct built *out)
{
	struct craft_in in = e->in;

	in.request = out->request;
	in.device_unix_ms = device_now_ms(e);
	in.token_text = !feature_has(e, "token") && feature_has(e, "token.text");
	return in;
}

static void replace_content_type(struct arena *a, struct http_request *r, struct str type)
{
	struct http_fields kept = { 0 };

	for (size_t i = 0; i < r->fields.n; i++)
		if (!str_ieq(r->fields.v[i].name, STR("Content-Type")))
			http_add(a, &kept, r->fields.v[i].name, r->fields.v[i].value);
	http_add(a, &kept, STR("Content-Type"), type);
	r->fields = kept;
}

static int write_credentials(struct engine *e, struct craft *c, const struct spell_grammar *g,
			     const struct spelling *s, struct built *out, struct err *err)
{
	struct spell_envelope envelope = { .octets = { 0 } };

	if (g->mech != MECH_TOKEN)
		return spell_fields(c, g, s, &out->request.fields, err);
	if (spell_envelope(c, e->protected_op, g, s, &envelope, err))
		return -1;
	out->request.body = envelope.octets;
	replace_content_type(c->a, &out->request, envelope.content_type);
	return 0;
}

/* The fields as a server reads them (RFC 9112 5.1 and 5.2), for the verifier. */
static struct http_request as_read(struct arena *a, const struct http_request *r)
{
	struct http_request out = *r;

	out.fields = (struct http_fields){ 0 };
	for (size_t i = 0; i < r->fields.n; i++)
		http_add(a, &out.fields, r->fields.v[i].name, str_trim(r->fields.v[i].value));
	return out;
}

static enum spelled prove(struct engine *e, const struct spell_grammar *g,
			  const struct digest_challenge *d, struct arena *a, struct built *out,
			  struct err *err)
{
	struct http_request read = as_read(a, &out->request);
	struct defects all;

	if (build_verify(e, a, d, &read, g->mech == MECH_TOKEN, &all, err))
		return SPELLED_NOT;
	out->proved_invalid = defects_any(&all);
	out->proved_valid = !out->proved_invalid;
	out->defects = defects_text(a, all);
	if (out->proved_invalid == g->hostile)
		return SPELLED;
	err_set(err, ERR_INTERNAL,
		g->hostile ? "the reference verifier finds a hostile spelling right%.*s"
			   : "the reference verifier finds in a legal spelling: %.*s",
		STR_ARG(out->defects));
	return SPELLED_WRONGLY;
}

/* What was sent lives in the arena of its exchange; a client needs only the count of it. */
static void forget_octets(struct session *s, struct arena *home)
{
	struct craft_memory *m = &s->memory;

	m->cnonce = m->token_nonce = m->created = m->nonce = (struct str){ 0 };
	m->has_token = false;
	if (m->session_nonce.p) {
		m->session_nonce = arena_str(home, m->session_nonce);
		m->session_cnonce = arena_str(home, m->session_cnonce);
	}
}

enum spelled spelled_request(struct engine *e, const struct spell_grammar *g,
			     const struct spelling *s, struct session *session, struct arena *home,
			     struct arena *a, struct built *out, struct err *err)
{
	static const struct spelling plain;
	const struct spell_grammar *grammar = s ? g : spell_grammar(g->mech, false);
	const struct digest_challenge challenge = session->memory.challenge;
	struct craft *c = arena_new(a, struct craft);
	struct deviate base;
	struct craft_in in;
	size_t n;

	s = s ? s : &plain;
	n = spell_base(grammar, s, &base);
	if (!c || start_request(e, a, out, err))
		return SPELLED_NOT;
	in = craft_input(e, out);
	if (g->mech == MECH_DIGEST)
		nonce_join(e, &session->memory);
	if (craft_credentials(c, a, g->mech, &in, &session->memory, &base, n, err))
		return err->code == ERR_INPUT && n ? SPELLED_WRONGLY : SPELLED_NOT;
	if (g->mech == MECH_DIGEST)
		nonce_note(e, &session->memory);
	forget_octets(session, home);
	if (write_credentials(e, c, grammar, s, out, err))
		return SPELLED_NOT;
	out->summary = arena_fmt(a, "%.*s, %s: %.*s", STR_ARG(out->summary),
				 mechanism_name(g->mech), STR_ARG(spell_text(a, grammar, s)));
	if (arena_check(a, err))
		return SPELLED_NOT;
	return prove(e, grammar, g->mech == MECH_DIGEST ? &challenge : NULL, a, out, err);
}
