#include "client/conversation.h"

#include "base/buf.h"
#include "client/worth.h"

#define BEYOND_MAX (64u << 10)

static struct told told_copy(struct arena *a, const struct told *from)
{
	struct told t = *from;
	struct str *texts[] = { &t.method, &t.target, &t.body, &t.user, &t.password };

	for (size_t i = 0; i < COUNT(texts); i++)
		*texts[i] = texts[i]->p ? arena_str(a, *texts[i]) : *texts[i];
	return t;
}

int conversation_init(struct conversation *c, const struct suite_variant *variant,
		      const struct account *account, const struct told *told, struct err *err)
{
	*c = (struct conversation){ .variant = variant };
	arena_init(&c->a, CONVERSATION_BYTES);
	if (account->user.p)
		c->account.user = arena_str(&c->a, account->user);
	if (account->password.p)
		c->account.password = arena_str(&c->a, account->password);
	c->told = told_copy(&c->a, told);
	c->v = arena_array(&c->a, struct heard *, HEARD_MAX);
	if (arena_check(&c->a, err)) {
		conversation_free(c);
		return -1;
	}
	return 0;
}

void conversation_free(struct conversation *c)
{
	arena_free(&c->a);
	*c = (struct conversation){ 0 };
}

static void fields_copy(struct arena *a, struct http_fields *out, const struct http_fields *from)
{
	*out = (struct http_fields){ 0 };
	for (size_t i = 0; i < from->n; i++)
		http_add(a, out, arena_str(a, from->v[i].name), arena_str(a, from->v[i].value));
}

/* What the client was told to send is kept once, however often it comes. */
static struct str body_copy(struct conversation *c, struct str body)
{
	struct str told = str_sub(c->told.body, 0, body.n);

	return body.n && str_eq(body, told) ? told : arena_str(&c->a, body);
}

static void request_copy(struct conversation *c, struct http_request *out,
			 const struct http_request *in)
{
	out->method = arena_str(&c->a, in->method);
	out->target = arena_str(&c->a, in->target);
	out->body = body_copy(c, in->body);
	fields_copy(&c->a, &out->fields, &in->fields);
}

static void read_expect(struct heard *h)
{
	const struct http_fields *f = &h->request.fields;
	struct str rest = http_get(f, "Expect");
	uint64_t length = 0;

	while (rest.n)
		h->expects |= str_ieq(str_trim(str_cut(&rest, ',')), STR("100-continue"));
	if (str_to_u64(http_get(f, "Content-Length"), UINT64_MAX, &length))
		length = 0;
	h->has_content = h->request.body.n || length || http_get(f, "Transfer-Encoding").p;
}

struct heard *conversation_hear(struct conversation *c, const struct hearing *at,
				const struct http_request *in)
{
	struct heard *h = c->n < HEARD_MAX ? arena_new(&c->a, struct heard) : NULL;
	struct err ignored;

	if (h) {
		h->connection = at->connection;
		h->origin = at->origin;
		h->call = at->call;
		h->mono_ms = at->mono_ms;
		h->wall_ms = at->wall_ms;
		h->device_ms = at->device_ms;
		request_copy(c, &h->request, in);
		read_expect(h);
	}
	if (!h || worth_judge(c, h, &ignored)) {
		c->lost++;
		return NULL;
	}
	c->v[c->n++] = h;
	return h;
}

void conversation_forget(struct conversation *c, const struct heard *h)
{
	if (c->n && c->v[c->n - 1] == h)
		c->n--;
}

/* --- what comes behind an early answer --- */

/* Where the method begins, of a line that ends like one of a request; (size_t)-1: it does not.
 * Content may stand right before it. */
static size_t request_in(struct str line)
{
	struct str rest = line, method = str_cut(&rest, ' '), target = str_cut(&rest, ' ');
	size_t i = method.n;

	while (i && method.p[i - 1] >= 'A' && method.p[i - 1] <= 'Z')
		i--;
	if (i == method.n || !(str_starts(target, STR("/")) || str_starts(target, STR("http"))) ||
	    !(str_eq(rest, STR("HTTP/1.1")) || str_eq(rest, STR("HTTP/1.0"))))
		return (size_t)-1;
	return i;
}

struct str heard_stray(const struct heard *h, size_t *octets)
{
	struct str all = h->beyond.n ? h->beyond : h->request.body, rest = all;
	size_t end;

	while (h->early && (end = str_find(rest, STR("\r\n"))) != (size_t)-1) {
		size_t at = request_in(str_sub(rest, 0, end));

		if (at != (size_t)-1) {
			*octets = (h->beyond.n ? h->request.body.n : 0) + (all.n - rest.n) + at;
			return str_sub(rest, at, end - at);
		}
		rest = str_sub(rest, end + 2, rest.n);
	}
	return (struct str){ NULL, 0 };
}

static struct heard *early_on(const struct conversation *c, uint64_t connection)
{
	for (size_t i = c->n; i-- > 0;)
		if (c->v[i]->connection == connection)
			return c->v[i]->early ? c->v[i] : NULL;
	return NULL;
}

/* What is not the content that was given; its beginning tells. */
static void keep_beyond(struct conversation *c, struct heard *h, struct str octets)
{
	size_t n = h->beyond.n;
	char *p = n ? (char *)(uintptr_t)h->beyond.p : arena_alloc(&c->a, BEYOND_MAX);

	if (!p)
		return;
	octets = str_sub(octets, 0, BEYOND_MAX - n);
	memcpy(p + n, octets.p, octets.n);
	h->beyond = str_n(p, n + octets.n);
}

bool conversation_content(struct conversation *c, uint64_t connection, struct str octets)
{
	struct heard *h = early_on(c, connection);
	struct str told;
	size_t same = 0, ignored;

	if (!h || !octets.n)
		return true;
	told = str_sub(c->told.body, h->request.body.n, octets.n);
	while (!h->beyond.n && same < told.n && told.p[same] == octets.p[same])
		same++;
	if (same)
		h->request.body = str_sub(c->told.body, 0, h->request.body.n + same);
	if (same < octets.n)
		keep_beyond(c, h, str_sub(octets, same, octets.n));
	return !heard_stray(h, &ignored).p;
}

/* --- the answer --- */

static bool asks_for_token(struct arena *a, const struct http_response *out)
{
	struct soap_message m;
	struct err ignored;

	if (out->status < 400 || soap_read(a, out->body, &m, &ignored) || !m.is_fault)
		return false;
	for (size_t i = 0; i < m.n_subcode; i++)
		if (str_eq(m.subcode[i], STR("NotAuthorized")) ||
		    str_eq(m.subcode[i], STR("FailedAuthentication")))
			return true;
	/* Devices that give no subcode say it in words. */
	return str_ifind(m.reason, STR("not authorized")) != (size_t)-1;
}

static void read_challenges(struct conversation *c, struct heard *h)
{
	struct str field[64];
	size_t n = http_all(&h->response.fields, "WWW-Authenticate", field, COUNT(field));
	struct err ignored;

	n = n < COUNT(field) ? n : COUNT(field);
	if (challenge_parse(&c->a, field, n, &h->challenge, &ignored))
		h->challenge.n = 0;
	h->digest = arena_array(&c->a, struct digest_challenge, h->challenge.n + 1);
	for (size_t i = 0; h->digest && i < h->challenge.n; i++) {
		const struct challenge *one = &h->challenge.v[i];

		h->offers_basic |= challenge_is(one, "Basic");
		if (challenge_is(one, "Digest") &&
		    !digest_challenge_read(one, &h->digest[h->n_digest], &ignored))
			h->n_digest++;
	}
}

static void read_info(struct conversation *c, struct heard *h)
{
	struct str value = http_get(&h->response.fields, "Authentication-Info");
	const struct auth_param *p;
	struct challenge info;
	struct err ignored;

	/* The same list of parameters as credentials have, without a scheme. */
	if (!value.p ||
	    credentials_parse(&c->a, arena_concat(&c->a, STR("Info "), value), &info, &ignored))
		return;
	p = challenge_param(&info, "nextnonce");
	if (p)
		h->next_nonce = p->value;
}

void conversation_say(struct conversation *c, struct heard *h, const struct http_response *out,
		      int turn, bool granted)
{
	h->turn = turn;
	h->granted = granted;
	if (!out)
		return;
	h->response.status = out->status;
	h->response.body = arena_str(&c->a, out->body);
	fields_copy(&c->a, &h->response.fields, &out->fields);
	read_challenges(c, h);
	read_info(c, h);
	h->offers_token = asks_for_token(&c->a, &h->response);
}

/* --- in words --- */

struct str heard_summary(struct arena *a, const struct heard *h)
{
	const struct auth_param *nc = challenge_param(&h->authorization, "nc");
	struct buf text DEFER(buf_free);

	buf_init(&text, 4096);
	buf_fmt(&text, "%.*s %.*s", STR_ARG(str_sub(h->request.method, 0, 40)),
		STR_ARG(str_sub(h->request.target, 0, 200)));
	if (h->is_soap && h->soap.body_name.n)
		buf_fmt(&text, " %.*s", STR_ARG(str_sub(h->soap.body_name, 0, 80)));
	if (h->n_authorization)
		buf_fmt(&text, ", %.*s",
			STR_ARG(h->authorization.scheme.n ? str_sub(h->authorization.scheme, 0, 40)
							  : STR("unreadable credentials")));
	if (nc)
		buf_fmt(&text, " nc=%.*s", STR_ARG(str_sub(nc->value, 0, 20)));
	if (h->has & HAS_TOKEN)
		buf_puts(&text, ", UsernameToken");
	if (!h->has)
		buf_puts(&text, ", without credentials");
	if (h->early)
		buf_puts(&text, ", answered before its content");
	return arena_str(a, buf_view(&text));
}
