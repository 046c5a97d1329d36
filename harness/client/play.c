#include "client/play.h"

#include "base/mem.h"
#include "client/play_parts.h"

#define OWN_MAX (4u << 20)

static const struct suite_offer our_offer = { .kind = OFFER_DIGEST };

struct account play_account(void)
{
	return (struct account){ STR("countersign"), STR("Sesame-1914"), 0 };
}

/* --- settings --- */

struct str play_setting(const struct play *p, struct arena *a, const struct suite_settings *s,
			const char *name)
{
	struct str value = setting_of(s, name);

	return value.p ? suite_bind(a, p->o.variant, value, (struct str){ NULL, 0 }) : value;
}

struct str play_answer_setting(const struct play *p, struct arena *a, const struct suite_turn *t,
			       const char *name)
{
	struct str own = play_setting(p, a, &t->set, name);

	if (own.p || !p->o.persona)
		return own;
	return setting_of(&p->o.persona->challenge.set, name);
}

const struct suite_offer *play_offers(const struct play *p, const struct suite_turn *t, size_t *n)
{
	const struct suite_turn *of = t;

	if (!t->n_offer && p->o.persona)
		of = &p->o.persona->challenge;
	*n = of->n_offer ? of->n_offer : 1;
	return of->n_offer ? of->offer : &our_offer;
}

bool play_turn_offers(const struct play *p, const struct suite_turn *t, enum offer_kind kind)
{
	const struct suite_offer *o;
	size_t n;

	o = play_offers(p, t, &n);
	for (size_t i = 0; i < n; i++)
		if (o[i].kind == kind)
			return true;
	return false;
}

/* --- time --- */

static int64_t setting_ms(const struct play *p, const char *name)
{
	struct arena a DEFER(arena_free);
	struct str text;
	int64_t ms = 0;

	arena_init(&a, 1u << 16);
	text = play_setting(p, &a, &p->client->clock, name);
	return text.p && str_to_ms(text, &ms) == 0 ? ms : 0;
}

int64_t play_clock_ms(const struct play *p)
{
	return world_wall_ms(p->world) + setting_ms(p, "offset") +
	       (p->jumped ? setting_ms(p, "jump") : 0);
}

static int64_t device_wall_ms(void *ctx)
{
	return play_clock_ms(ctx);
}

static int64_t device_mono_ms(void *ctx)
{
	return world_mono_ms(((struct play *)ctx)->world);
}

static void device_random(void *ctx, void *out, size_t n)
{
	world_random(((struct play *)ctx)->world, out, n);
}

/* --- life --- */

static int operations_new(struct play *p, struct err *err)
{
	const struct device_options o = { .persona = persona_find(STR("onvif")),
					  .anonymous = true };

	if (!p->o.soap)
		return 0;
	p->device_world = (struct world){ device_mono_ms, device_wall_ms, device_random, p };
	p->operations = device_new(&o, &p->device_world, err);
	return p->operations ? 0 : -1;
}

static struct str call_setting(struct play *p, const char *name)
{
	return play_setting(p, &p->own, &p->client->call, name);
}

static struct str body_of(struct play *p)
{
	struct str text = call_setting(p, "body"), length = call_setting(p, "length");
	uint64_t n;
	char *octets;

	if (!length.p || str_to_u64(length, CALL_LENGTH_MAX, &n))
		return text;
	octets = arena_alloc(&p->own, (size_t)n + 1);
	if (!octets)
		return text;
	for (size_t i = 0; i < n; i++)
		octets[i] = text.n ? text.p[i % text.n] : (char)('a' + i % 26);
	return str_n(octets, (size_t)n);
}

/* Below the path of the case, the number of the call; all at one for a client that knows one URL.
 */
static struct str target_of(const struct play *p, struct arena *a, int call)
{
	struct str path = play_setting(p, a, &p->client->call, "path");
	struct str query = play_setting(p, a, &p->client->call, "query");
	struct str base = arena_fmt(a, "%.*s/%d", STR_ARG(p->o.path), call);

	if (!p->o.path.n)
		base = STR("");
	if (p->o.soap)
		base = arena_concat(a, base, STR("/onvif/device_service"));
	else if (!base.n && !path.n)
		base = STR("/");
	return arena_fmt(a, "%.*s%.*s%s%.*s", STR_ARG(base), STR_ARG(path), query.p ? "?" : "",
			 STR_ARG(query));
}

static struct told told_of(struct play *p)
{
	struct told t = { .times = 1,
			  .method = call_setting(p, "method"),
			  .target = target_of(p, &p->own, 1),
			  .body = body_of(p),
			  .user = p->o.account.user,
			  .password = p->o.account.password };
	uint64_t times;

	if (str_to_u64(call_setting(p, "times"), 100, &times) == 0)
		t.times = (int)times;
	return t;
}

/* The account of the device, and what the client is told of it. */
static int say_nothing_yet(struct play *p, struct err *err)
{
	struct told t = told_of(p);
	struct str user = call_setting(p, "user"), password = call_setting(p, "password");
	struct account account = p->o.account;

	if (user.p)
		account.user = t.user = user;
	if (str_eq(password, STR("wrong")))
		t.password = arena_concat(&p->own, account.password, STR("-not"));
	else if (password.p)
		account.password = t.password = str_starts(password, STR("="))
							? str_sub(password, 1, password.n)
							: password;
	if (arena_check(&p->own, err))
		return -1;
	return conversation_init(&p->said, p->o.variant, &account, &t, err);
}

struct play *play_new(const struct play_options *o, const struct world *world, struct err *err)
{
	struct play *p = mem_alloc(sizeof(*p));

	if (!p) {
		err_set(err, ERR_NOMEM, "no memory to play a case");
		return NULL;
	}
	*p = (struct play){ .o = *o, .world = world, .client = o->variant->c->client };
	arena_init(&p->own, OWN_MAX);
	p->o.path = arena_str(&p->own, o->path);
	if (!p->o.account.user.p)
		p->o.account = play_account();
	if (o->persona && o->persona->password.p && !o->account.user.p)
		p->o.account.password = o->persona->password;
	play_draw_nonce(p, p->opaque);
	if (say_nothing_yet(p, err) || operations_new(p, err)) {
		play_free(p);
		return NULL;
	}
	return p;
}

void play_free(struct play *p)
{
	if (!p)
		return;
	device_free(p->operations);
	arena_free(&p->waiting.a);
	conversation_free(&p->said);
	arena_free(&p->own);
	mem_free(p);
}

struct conversation *play_conversation(struct play *p)
{
	return &p->said;
}

bool play_is_over(const struct play *p)
{
	return p->turn + 1 >= p->client->n_turn && p->grants >= p->said.told.times;
}

struct str *play_urls(struct play *p, struct arena *a, size_t *n)
{
	size_t times = (size_t)p->said.told.times;
	struct str *url = arena_array(a, struct str, times);

	for (size_t i = 0; url && i < times; i++)
		url[i] = arena_concat(a, p->o.origin, target_of(p, a, p->o.soap ? 1 : (int)i + 1));
	*n = url ? times : 0;
	return url;
}

/* A library of SOAP speaks what it is told to, and takes tokens where there is a choice.  Others
 * see for themselves which of several challenges they know.
 */
struct str play_scheme(const struct play *p)
{
	const struct suite_turn *t = &p->client->turn[0];
	const struct suite_offer *o;
	size_t n;

	if (!p->client->n_turn)
		return STR("any");
	o = play_offers(p, t, &n);
	if (n > 1 && p->o.soap && !play_turn_offers(p, t, OFFER_TOKEN) &&
	    play_turn_offers(p, t, OFFER_DIGEST))
		return STR("digest");
	if (n > 1 || o->kind == OFFER_OTHER)
		return STR("any");
	return o->kind == OFFER_TOKEN ? STR("usernametoken") : str(offer_name(o->kind));
}

/* --- one request --- */

/* Which call a request belongs to: the number behind the path of the case. */
static int call_of(const struct play *p, struct str target)
{
	struct str rest = target, number;
	uint64_t call;

	if (!p->o.path.n || !str_starts(target, p->o.path))
		return 0;
	rest = str_sub(target, p->o.path.n, target.n);
	if (!str_starts(rest, STR("/")))
		return 0;
	rest = str_sub(rest, 1, rest.n);
	number = str_cut(&rest, '/');
	number = str_cut(&number, '?');
	return str_to_u64(number, 100, &call) ? 0 : (int)call;
}

static bool at_challenge(const struct play *p)
{
	return p->turn < p->client->n_turn && !p->client->turn[p->turn].grant;
}

/* The challenge that stands behind the present turn: its own, or the last before it. */
static size_t challenge_turn(const struct play *p)
{
	size_t i = p->turn < p->client->n_turn ? p->turn : p->client->n_turn - 1;

	while (i > 0 && p->client->turn[i].grant)
		i--;
	return i;
}

static bool kind_is_offered(const struct play *p, const struct heard *h, const struct suite_turn *t)
{
	static const struct {
		unsigned has;
		enum offer_kind kind;
	} kinds[] = {
		{ HAS_BASIC, OFFER_BASIC },
		{ HAS_TOKEN, OFFER_TOKEN },
		{ HAS_DIGEST, OFFER_DIGEST },
	};

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (h->has & kinds[i].has && !play_turn_offers(p, t, kinds[i].kind) &&
		    !play_turn_offers(p, t, OFFER_OTHER))
			return false;
	return true;
}

/* Is it right for this turn's challenge, and not for one before it? */
static bool answers_turn(const struct play *p, const struct heard *h, size_t turn)
{
	const struct suite_turn *t = &p->client->turn[turn];

	if (!h->right || !kind_is_offered(p, h, t))
		return false;
	if (!(h->has & HAS_DIGEST))
		return true;
	return h->answers && (size_t)h->answers->turn >= turn;
}

static void go_on(struct play *p, const struct heard *h)
{
	struct arena a DEFER(arena_free);
	struct str repeat;
	uint64_t n = 1;

	arena_init(&a, 1u << 16);
	if (!at_challenge(p) || !answers_turn(p, h, p->turn) || (h->has & HAS_DIGEST && !p->issued))
		return;
	repeat = play_setting(p, &a, &p->client->turn[p->turn].set, "repeat");
	if (repeat.p && str_to_u64(repeat, 100, &n))
		n = 1;
	if ((uint64_t)++p->answered < n)
		return;
	p->answered = 0;
	p->issued = false;
	p->turn++;
}

static enum staleness staleness(const struct play *p, const struct heard *h)
{
	/* First the case's own words, to right credentials for what was before, or to none. */
	if (at_challenge(p) && (h->right || !h->has))
		return STALE_AS_SET;
	return h->right && h->has & HAS_DIGEST ? STALE_TRUE : STALE_ABSENT;
}

struct str play_early(const struct play *p, struct arena *a)
{
	return play_setting(p, a, &p->client->turn[challenge_turn(p)].set, "early");
}

enum reply play_decide(struct play *p, struct arena *a, const struct heard *h)
{
	if (h->origin)
		return REPLY_ELSEWHERE;
	if (h->expects && str_eq(play_early(p, a), STR("refused")))
		return REPLY_REFUSED;
	if (play_is_open(p, a, h))
		return REPLY_OPEN;
	go_on(p, h);
	return !at_challenge(p) && answers_turn(p, h, challenge_turn(p)) ? REPLY_GRANT
									 : REPLY_CHALLENGE;
}

/* Right credentials, and not enough: RFC 9110 15.5.4. */
static bool forbids(const struct play *p)
{
	return p->turn < p->client->n_turn && p->client->turn[p->turn].grant &&
	       setting_of(&p->client->turn[p->turn].set, "status").p;
}

static void mark(const struct play *p, const struct answer_context *c)
{
	if (p->o.marker)
		http_add(c->a, &c->out->fields, STR("X-Countersign"),
			 arena_fmt(c->a, "%.*s;%.*s;%zu", STR_ARG(p->o.variant->id),
				   STR_ARG(p->o.run), p->said.n));
}

/* The answer itself. */
static void answer(struct play *p, const struct answer_context *c, enum reply reply)
{
	bool in_turn = p->turn < p->client->n_turn;

	switch (reply) {
	case REPLY_ELSEWHERE:
		/* Whom the client should not have told: everything is granted, so that it goes on.
		 */
		c->out->status = 200;
		c->out->body = STR("This is another origin.\n");
		break;
	case REPLY_OPEN:
		play_open(p, c);
		break;
	case REPLY_GRANT:
		play_grant(p, c, in_turn ? &p->client->turn[p->turn] : NULL);
		break;
	case REPLY_CHALLENGE:
		play_challenge(p, c, &p->client->turn[challenge_turn(p)], staleness(p, c->h));
		break;
	case REPLY_REFUSED:
		play_refuse(p, c, &p->client->turn[challenge_turn(p)]);
		break;
	}
}

/* The answer is given, now or in a record: note it, and go on to the next turn.  out NULL: the
 * connection was closed. */
static void note(struct play *p, struct heard *h, enum reply reply, const struct http_response *out)
{
	bool forbidden = reply == REPLY_GRANT && forbids(p);
	bool refused = reply == REPLY_CHALLENGE || reply == REPLY_REFUSED;
	size_t turn = refused ? challenge_turn(p) : p->turn;
	struct arena a DEFER(arena_free);

	arena_init(&a, 1u << 16);
	h->early = play_answers_early(p, &a, h, reply);
	h->unasked = h->expects && str_eq(play_early(p, &a), STR("never"));

	if (reply == REPLY_CHALLENGE && at_challenge(p))
		p->issued = true;
	if (reply == REPLY_GRANT) {
		p->jumped = true;
		if (p->turn + 1 < p->client->n_turn)
			p->turn++;
		p->grants += forbidden || (out && out->status < 300);
	}
	conversation_say(&p->said, h, out, (int)turn, !refused && !forbidden);
}

struct heard *play_hear(struct play *p, uint64_t connection, int origin,
			const struct http_request *in)
{
	const struct hearing at = { .connection = connection,
				    .origin = origin,
				    .call = call_of(p, in->target),
				    .mono_ms = world_mono_ms(p->world),
				    .wall_ms = world_wall_ms(p->world),
				    .device_ms = play_clock_ms(p) };

	return conversation_hear(&p->said, &at, in);
}

void play_reply(struct play *p, const struct answer_context *c, enum reply reply)
{
	answer(p, c, reply);
	if (play_answers_early(p, c->a, c->h, reply) && str_eq(play_early(p, c->a), STR("close")) &&
	    !http_get(&c->out->fields, "Connection").p)
		http_add(c->a, &c->out->fields, STR("Connection"), STR("close"));
	mark(p, c); /* behind it, since an operation's answer begins anew */
	note(p, c->h, reply, c->out);
}

enum device_answer play_request(struct play *p, struct arena *a, uint64_t connection, int origin,
				const struct http_request *in, struct http_response *out)
{
	struct answer_context c = { .a = a, .out = out };

	*out = (struct http_response){ .status = 200 };
	if (p->waiting.connection == connection)
		p->waiting.is = false;
	c.h = play_hear(p, connection, origin, in);
	if (!c.h)
		return DEVICE_CLOSES;
	play_reply(p, &c, play_decide(p, a, c.h));
	return arena_ok(a) ? DEVICE_ANSWERED : DEVICE_CLOSES;
}

bool play_recorded(struct play *p, struct arena *a, uint64_t connection, int origin,
		   const struct http_request *in, const struct http_response *out)
{
	struct heard *h = play_hear(p, connection, origin, in);
	bool said_yes = out && out->status < 400, as_played = true;
	enum reply reply;

	if (!h)
		return true;
	reply = play_decide(p, a, h);
	/* Which open operations are refused is the case's own business. */
	if (out && reply != REPLY_ELSEWHERE && reply != REPLY_OPEN)
		as_played = said_yes == (reply == REPLY_GRANT && !forbids(p));
	note(p, h, reply, out);
	return as_played;
}
