#include "report/curl_parts.h"
#include "report/write.h"

#include "base/redact.h"
#include "wire/recorded.h"

#define COMMAND_MAX (12u << 10) /* less than the writers cut at */

/* --- what curl cannot do --- */

static bool is(struct curl_script *s, struct str attribute, struct str value)
{
	return str_eq(suite_bind(s->a, s->v->variant, attribute, (struct str){ 0 }), value);
}

static void check_limits(struct curl_script *s, const struct step_result *r,
			 const struct suite_step *step)
{
	if (suite_repeat(s->a, s->v->variant, step, (struct str){ 0 }) != 1)
		curl_fail(s, "it repeats a step");
	if (is(s, step->connection, STR("same")))
		curl_fail(s, "it needs one connection for several requests");
	if (step->next_nonce)
		curl_fail(s, "it goes on with nextnonce");
	if (r->sent.n < r->sent_bytes)
		curl_fail(s, "its request is too long to be kept");
}

/* --- one request --- */

/* What is left of text without the variables in it. */
static struct str literals(struct arena *a, struct str text, const struct shell_variable *v,
			   size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = v[i].octets.n ? str_find(text, v[i].octets) : (size_t)-1;

		if (at != (size_t)-1)
			text = arena_concat(a, str_sub(text, 0, at),
					    str_sub(text, at + v[i].octets.n, text.n));
	}
	return text;
}

static bool is_public(const struct curl_script *s, struct str text)
{
	static const struct redactor off = { .off = true };
	size_t room = text.n * 6 + 64;

	/* Nor may it be one for a reader who sees no control characters. */
	return str_eq(redact(s->redactor, s->a, text), text) &&
	       str_eq(write_line(s->a, s->redactor, text, room),
		      write_line(s->a, &off, text, room));
}

/* Asked before the quotes of the shell make another text of it. */
void curl_words(struct curl_script *s, const char *before, struct str text,
		const struct shell_variable *v, size_t n)
{
	if (!is_public(s, literals(s->a, text, v, n)))
		curl_fail(s, "a secret would stand in the command");
	buf_puts(&s->b, before);
	if (!text.n)
		buf_puts(&s->b, "''");
	if (!shell_template(&s->b, text, v, n))
		curl_fail(s, "it sends a NUL");
}

/* Fields that curl writes by itself, or that are of one run only. */
static bool is_own_field(const struct curl_script *s, const struct http_field *f,
			 const struct http_request *q)
{
	struct url_parts url;
	struct err err = { 0 };
	uint64_t length = 0;

	if (str_ieq(f->name, STR("Content-Length")))
		return !str_to_u64(f->value, UINT32_MAX, &length) && length == q->body.n;
	if (str_ieq(f->name, STR("Host")) && !url_parse(s->r->target, &url, &err))
		return str_ends(url.origin, arena_concat(s->a, STR("//"), f->value)) ||
		       (s->r->in_memory && str_eq(f->value, STR("localhost")));
	return str_ieq(f->name, STR("X-Countersign"));
}

static void write_field(struct curl_script *s, const struct http_field *f)
{
	bool secret = s->clear && str_ieq(f->name, STR("Authorization"));
	struct str line = arena_fmt(s->a, "%.*s: %.*s", STR_ARG(f->name), STR_ARG(f->value));

	if (!f->value.n) /* else curl takes the field away */
		line = arena_concat(s->a, f->name, STR(";"));
	/* What ps shows must not hold a password. */
	curl_words(s, secret ? " \\\n  -H @<(printf '%s\\n' " : " \\\n  -H ", line, s->field,
		   str_ieq(f->name, STR("Authorization")) ? s->n_field : 0);
	if (secret)
		buf_char(&s->b, ')');
}

static bool is_plain_target(struct str target)
{
	for (size_t i = 0; i < target.n; i++)
		if (!char_is_alpha(target.p[i]) && !char_is_digit(target.p[i]) &&
		    !strchr("-_./?=&%:,~", target.p[i]))
			return false;
	return target.n && target.p[0] == '/';
}

static void write_url(struct curl_script *s, const struct http_request *q)
{
	struct url_parts url = { .tls = false };
	struct err err = { 0 };

	if (url_parse(s->r->target, &url, &err))
		curl_fail(s, "its URL cannot be read");
	if (!is_plain_target(q->target))
		curl_words(s, " \\\n  --request-target ", q->target, NULL, 0);
	else if (str_find(q->target, STR("/.")) != (size_t)-1)
		buf_puts(&s->b, " --path-as-is");
	curl_words(s, " \\\n  ",
		   is_plain_target(q->target) ? arena_concat(s->a, url.origin, q->target)
					      : arena_concat(s->a, url.origin, STR("/")),
		   NULL, 0);
}

static void write_method(struct curl_script *s, const struct http_request *q)
{
	bool body = q->body.n || http_count(&q->fields, "Content-Length");

	if (str_eq(q->method, STR("HEAD")))
		buf_puts(&s->b, " -I");
	else if (!str_eq(q->method, body ? STR("POST") : STR("GET")))
		curl_words(s, " -X ", q->method, NULL, 0);
	if (!body)
		return;
	if (!http_count(&q->fields, "Content-Type"))
		buf_puts(&s->b, " -H Content-Type:");
	if (!q->body.n)
		buf_puts(&s->b, " -d ''");
	else
		buf_puts(&s->b, s->clear && s->n_body ? " --data-binary @<(printf %s \"$body\")"
						      : " --data-binary \"$body\"");
}

/* Text that a variable stands for must be the child's, not the same letters somewhere before it. */
static bool in_place(struct str body, const struct shell_variable *v)
{
	size_t at = v->octets.n ? str_find(body, v->octets) : (size_t)-1;

	return at == (size_t)-1 || (at && body.p[at - 1] == '>');
}

static void write_body(struct curl_script *s, const struct http_request *q)
{
	for (size_t i = 0; i < s->n_body; i++)
		if (!in_place(q->body, &s->body[i]))
			curl_fail(s, "its token is written in a way of its own");
	if (!q->body.n || (!s->n_body && str_eq(s->last_body, q->body)))
		return;
	s->last_body = s->n_body ? STR("") : q->body;
	curl_words(s, "body=", q->body, s->body, s->n_body);
	buf_char(&s->b, '\n');
}

/* The options of one call of curl: octets as they were, and nothing that curl would add. */
static void write_call(struct curl_script *s, const struct http_request *q, const char *how)
{
	buf_puts(&s->b, how);
	write_method(s, q);
	for (size_t i = 0; i < q->fields.n; i++)
		if (!is_own_field(s, &q->fields.v[i], q))
			write_field(s, &q->fields.v[i]);
	buf_puts(&s->b, " \\\n  -H Accept: -H User-Agent:");
	write_url(s, q);
}

/* --- challenges --- */

/* The recipe that answers the challenge of step i. */
static const struct recipe_part *answering(const struct curl_script *s, size_t i)
{
	for (i++; i < s->v->n_step; i++) {
		const struct recipe *r = s->v->step[i].recipe;

		for (size_t k = 0; r && k < r->n; k++)
			if (r->part[k].mech == MECH_DIGEST)
				return &r->part[k];
	}
	return NULL;
}

/* Which of the WWW-Authenticate: Digest fields holds the challenge, from 1; 0: none. */
static int which_challenge(struct curl_script *s, struct str received, const struct recipe_part *p)
{
	struct http_response r;
	struct err err = { 0 };
	struct str field[16];
	struct str want = arena_fmt(s->a, "nonce=\"%.*s\"", STR_ARG(p->challenge_nonce));
	const char *alg = digest_algorithm_name(p->digest.alg, p->digest.session);
	size_t n;
	int digests = 0, found = 0;

	if (recorded_response(s->a, received, &r, &err))
		return 0;
	n = http_all(&r.fields, "WWW-Authenticate", field, COUNT(field));
	for (size_t i = 0; i < n && i < COUNT(field); i++) {
		if (!str_istarts(field[i], STR("Digest ")))
			continue;
		digests++;
		if (str_find(field[i], want) == (size_t)-1)
			continue;
		if (!found || str_ifind(field[i], str(alg)) != (size_t)-1)
			found = digests;
	}
	return found;
}

static const struct {
	const char *nonce, *opaque;
} nonce_names[CURL_NONCES] = {
	{ "nonce", "opaque" },   { "nonce2", "opaque2" }, { "nonce3", "opaque3" },
	{ "nonce4", "opaque4" }, { "nonce5", "opaque5" }, { "nonce6", "opaque6" },
	{ "nonce7", "opaque7" }, { "nonce8", "opaque8" },
};

static void take_parameter(struct curl_script *s, const char *variable, const char *parameter)
{
	buf_fmt(&s->b, "%s=$(sed -n 's/.*[ ,]%s=\"\\([^\"]*\\)\".*/\\1/p' <<<\"$challenge\")\n",
		variable, parameter);
}

static void write_challenge(struct curl_script *s, const struct step_result *r,
			    const struct http_request *q)
{
	const struct recipe_part *p = answering(s, (size_t)(r - s->v->step));
	int which = p ? which_challenge(s, r->received, p) : 0;
	struct curl_nonce *n = &s->nonce[s->n_nonce];

	if (!which || s->n_nonce == CURL_NONCES) {
		curl_fail(s, "its challenge is written in a way of its own");
		return;
	}
	*n = (struct curl_nonce){ p->challenge_nonce, p->challenge_opaque,
				  nonce_names[s->n_nonce].nonce, NULL };
	write_call(s, q, "challenge=$(curl -sSi");
	buf_fmt(&s->b, " |\n  tr -d '\\r' | grep -i '^www-authenticate: *digest ' | sed -n %dp)\n",
		which);
	take_parameter(s, n->nonce_name, "nonce");
	if (p->challenge_opaque.n) {
		n->opaque_name = nonce_names[s->n_nonce].opaque;
		take_parameter(s, n->opaque_name, "opaque");
	}
	s->n_nonce++;
}

/* --- steps --- */

static bool is_role(const struct step_result *r, const char *role)
{
	return r->role && strcmp(r->role, role) == 0;
}

static const struct recipe *recipe_of(const struct curl_script *s, size_t step)
{
	for (size_t i = 0; i < s->v->n_step; i++)
		if (s->v->step[i].step == (int)step && is_role(&s->v->step[i], "probe"))
			return s->v->step[i].recipe;
	return NULL;
}

static void write_wait(struct curl_script *s, const struct suite_step *step)
{
	int64_t ms = 0;

	if (step->wait.p &&
	    !suite_wait_ms(suite_bind(s->a, s->v->variant, step->wait, (struct str){ 0 }), &ms))
		buf_fmt(&s->b, "sleep %lld\n", (long long)((ms + 999) / 1000));
}

static void write_step(struct curl_script *s, const struct step_result *r, bool last)
{
	const struct suite_step *step = &s->v->variant->c->step[r->step];
	bool challenge = is_role(r, "challenge");
	struct http_request q;
	struct err err = { 0 };

	s->n_field = s->n_body = 0;
	s->clear = false;
	check_limits(s, r, step);
	if (recorded_request(s->a, r->sent, &q, &err)) {
		curl_fail(s, "its request was not kept");
		return;
	}
	if (!challenge)
		write_wait(s, step);
	if (!challenge && step->replay)
		curl_recipe_again(s, recipe_of(s, step->replay - 1));
	else if (!challenge && r->recipe)
		curl_recipe(s, r->recipe, step);
	write_body(s, &q);
	if (challenge) {
		write_challenge(s, r, &q);
		return;
	}
	write_call(s, &q, last ? "curl -sSi" : "curl -sS -o /dev/null");
	buf_char(&s->b, '\n');
}

static void write_steps(struct curl_script *s)
{
	size_t last = (size_t)s->v->deciding;

	for (size_t i = 0; i <= last && !s->why; i++) {
		const struct step_result *r = &s->v->step[i];

		if (!is_role(r, "probe") && !is_role(r, "challenge"))
			continue;
		if (r->step < 0 || (size_t)r->step >= s->v->variant->c->n_step)
			curl_fail(s, "its steps are not those of its case");
		else
			write_step(s, r, i == last);
	}
}

/* What stands before: words that the lines use. */
static struct str prelude(const struct curl_script *s)
{
	struct str text = STR("");

	if (s->r->in_memory)
		text = STR("# the built-in device was asked in memory: serve it with\n"
			   "# countersign device, and put its address here\n");
	if (s->password)
		text = arena_concat(s->a, text,
				    STR("password=$(cat \"${PASSWORD_FILE:-password.txt}\")\n"));
	if (s->wrong)
		text = arena_concat(s->a, text,
				    STR("wrong=x${password#?}; [ \"$wrong\" != \"$password\" ] || "
					"wrong=y${password#?}\n"));
	if (str_find(buf_view(&s->b), STR("\"$tag\"")) != (size_t)-1)
		text = arena_concat(s->a, text, STR("tag=Password\n"));
	return text;
}

/* --- the other way --- */

/* The call of countersign replay: secrets are masked before the shell's quotes hide them. */
static struct str replay_call(struct curl_script *s)
{
	struct str user = write_line(s->a, s->redactor, s->r->user, WRITE_MESSAGE);
	struct str target = write_line(s->a, s->redactor, s->r->target, 2 * WRITE_MESSAGE),
		   text = STR("countersign replay");

	buf_clear(&s->b);
	buf_puts(&s->b, "countersign replay ");
	(void)shell_word(&s->b, s->v->variant->id);
	if (!s->r->in_memory) {
		buf_char(&s->b, ' ');
		(void)shell_word(&s->b, target);
		buf_puts(&s->b, str_eq(s->r->kind, STR("http")) ? " --kind http" : "");
		buf_puts(&s->b, " --user ");
		(void)shell_word(&s->b, user);
		buf_puts(&s->b, " --password-file password.txt");
	}
	if (buf_ok(&s->b))
		text = buf_view(&s->b);
	return arena_fmt(s->a, "%.*s  # curl alone cannot: %s", STR_ARG(text), s->why);
}

static struct str script_text(struct curl_script *s)
{
	struct str text;

	if (s->r->from_record)
		curl_fail(s, "this was judged from a record");
	else if (s->v->swarm)
		curl_fail(s, "its replay file says what was drawn");
	else if (s->v->deciding < 0 || (size_t)s->v->deciding >= s->v->n_step)
		curl_fail(s, "no single step decides it");
	else
		write_steps(s);
	if (!buf_ok(&s->b))
		curl_fail(s, "it is too long");
	if (s->why)
		return replay_call(s);
	text = arena_concat(s->a, prelude(s), str_trim(buf_view(&s->b)));
	/* Whatever looks like a credential is no command for others. */
	if (is_public(s, text))
		return text;
	curl_fail(s, "a secret would stand in the command");
	return replay_call(s);
}

/* A client is asked again by serving it the case again; what only watches needs one to look at. */
static struct str client_again(struct arena *a, const struct run_result *r,
			       const struct variant_result *v)
{
	struct buf b;
	struct str text;

	buf_init(&b, COMMAND_MAX);
	buf_puts(&b, "countersign client --only ");
	shell_word(&b, v->variant->id);
	if (v->seen_in && v->seen_in != v->variant) {
		buf_puts(&b, " --only ");
		shell_word(&b, v->seen_in->id);
	}
	buf_fmt(&b, " --profile %.*s", STR_ARG(r->profile->id));
	if (r->client_command.p) {
		buf_puts(&b, " --exec ");
		shell_word(&b, r->client_command);
	}
	text = arena_str(a, buf_view(&b));
	buf_free(&b);
	return text;
}

struct str curl_command_of(struct arena *a, const struct redactor *redactor,
			   const struct run_result *r, const struct variant_result *v)
{
	struct curl_script s = { .a = a, .redactor = redactor, .r = r, .v = v };
	struct str text = { 0 };

	if ((v->verdict != VERDICT_FAIL && v->verdict != VERDICT_WARN) || !v->n_step)
		return text;
	if (v->variant->c->client)
		return client_again(a, r, v);
	buf_init(&s.b, COMMAND_MAX);
	text = script_text(&s);
	buf_free(&s.b);
	return text;
}

struct str curl_command(struct arena *a, const struct run_result *r, const struct variant_result *v)
{
	static const struct redactor none = { .n = 0 };

	return curl_command_of(a, &none, r, v);
}
