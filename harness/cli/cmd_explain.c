#include "cli/command.h"

#include "base/buf.h"
#include "cli/explain_client.h"
#include "cli/help.h"
#include "cli/transcript.h"
#include "client/actor.h"
#include "device/device.h"
#include "engine/cause.h"
#include "suite/suite.h"

#define INDENT 12

static void row(const char *label, struct str text)
{
	if (!text.n)
		return;
	printf("%-*s", INDENT, label);
	help_wrap(stdout, INDENT, INDENT, text);
}

/* --- what it rests on --- */

static void print_cites(const struct catalogue *c, const struct suite_case *one, struct arena *a)
{
	for (size_t i = 0; i < one->n_cite; i++) {
		const struct cite *cite = &one->cite[i];
		const struct requirement *q = catalogue_requirement(c, cite->clause);

		row(i ? "" : "rests on",
		    arena_fmt(a, "%.*s, %s: %.*s (%.*s)", STR_ARG(cite->clause),
			      level_name(cite->level), STR_ARG(q ? q->text : STR("?")),
			      STR_ARG(q ? q->source : STR("?"))));
	}
}

static void print_profiles(const struct catalogue *c, const struct suite_case *one, struct arena *a)
{
	const char *label = "profiles";

	for (size_t i = 0; i < c->n_profile; i++) {
		const struct profile *p = &c->profile[i];
		struct case_standing s = profile_standing(p, one);

		if (s.excepted.p)
			row(label, arena_fmt(a, "%.*s: left out, %.*s", STR_ARG(p->id),
					     STR_ARG(s.excepted)));
		else if (s.cite)
			row(label,
			    arena_fmt(a, "%.*s: %s, %s", STR_ARG(p->id), level_name(s.cite->level),
				      s.gates ? "decides" : "is noted"));
		else
			continue;
		label = "";
	}
}

static void print_cost(const struct suite_case *c, struct arena *a)
{
	row("needs", c->needs);
	row("not with", c->unless);
	if (!c->client)
		row("cost", arena_fmt(a, "%d failed login%s, risk %s%s", c->failures,
				      c->failures == 1 ? "" : "s", risk_name(c->risk),
				      c->slow ? ", slow" : ""));
	for (size_t i = 0; i < c->n_axis; i++) {
		struct str values = STR("");

		for (size_t k = 0; k < c->axis[i].n; k++)
			values = arena_fmt(a, "%.*s %.*s", STR_ARG(values),
					   STR_ARG(c->axis[i].value[k]));
		row("variants",
		    arena_fmt(a, "$%.*s is one of%.*s", STR_ARG(c->axis[i].name), STR_ARG(values)));
	}
	if (c->measure && c->measure->sample)
		row("measures", arena_fmt(a, "%.*s in %.*s: a sample of %s, %d round%s",
					  STR_ARG(c->measure->property), STR_ARG(c->measure->unit),
					  suite_sample_name(c->measure->sample), c->measure->rounds,
					  c->measure->rounds == 1 ? "" : "s"));
	else if (c->measure)
		row("measures",
		    arena_fmt(a, "%.*s in %.*s: the largest $x from %lld to %lld that still goes",
			      STR_ARG(c->measure->property), STR_ARG(c->measure->unit),
			      (long long)c->measure->low, (long long)c->measure->high));
}

/* --- its steps, in words --- */

static void say_request(const struct suite_step *s, struct buf *b)
{
	if (s->wait.p)
		buf_fmt(b, "wait %.*s, then ", STR_ARG(s->wait));
	if (s->new_challenge)
		buf_puts(b, "ask for a new challenge, then ");
	if (s->next_nonce)
		buf_puts(b, "take the nonce that the last answer named, then ");
	buf_puts(b, "send ");
	if (s->replay) {
		buf_fmt(b, "the octets of step %zu once more", s->replay);
		return;
	}
	if (s->method.p)
		buf_fmt(b, "%.*s ", STR_ARG(s->method));
	if (s->operation.p)
		buf_str(b, s->operation);
	else
		buf_puts(b, "the protected operation");
	if (s->path.p)
		buf_fmt(b, " at the %.*s protected path", STR_ARG(s->path));
	if (s->query.p)
		buf_fmt(b, " with ?%.*s", STR_ARG(s->query));
	if (s->target.p)
		buf_fmt(b, ", its target spelled %.*s", STR_ARG(s->target));
	if (s->connection.p)
		buf_fmt(b, " on a connection that is %.*s", STR_ARG(s->connection));
	if (s->no_content)
		buf_puts(b, " without content");
	if (s->repeat.p)
		buf_fmt(b, ", %.*s times in a row", STR_ARG(s->repeat));
	if (s->return_cookies)
		buf_puts(b, " and the cookies so far");
}

static void say_credentials(const struct suite_step *s, struct buf *b)
{
	if (s->anonymous)
		buf_puts(b, " without credentials");
	if (s->bare_credentials && !s->replay)
		buf_puts(b, " with right credentials");
	for (size_t i = 0; i < s->n_credentials; i++) {
		const struct suite_credentials *k = &s->credentials[i];

		buf_fmt(b, "%s %s %s", i ? " and" : " with", k->n_deviation ? "deviating" : "right",
			mechanism_name(k->mech));
		if (k->use.p)
			buf_fmt(b, " for the challenge %.*s", STR_ARG(k->use));
	}
	for (size_t i = 0; i < s->header.n; i++) {
		buf_fmt(b, "%s %.*s: %.*s", i ? "," : " and the field",
			STR_ARG(s->header.v[i].name), STR_ARG(s->header.v[i].value));
		if (s->length[i].p)
			buf_fmt(b, "(%.*s octets)", STR_ARG(s->length[i]));
	}
	if (s->security.p)
		buf_puts(b, " and a SOAP header of its own");
}

static void print_deviations(const struct suite_step *s, struct arena *a)
{
	for (size_t i = 0; i < s->n_credentials; i++) {
		const struct suite_credentials *k = &s->credentials[i];

		for (size_t d = 0; d < k->n_deviation; d++)
			row("", arena_fmt(a, "- %s %s=\"%.*s\": %s", mechanism_name(k->mech),
					  k->deviation[d].d->name, STR_ARG(k->deviation[d].value),
					  k->deviation[d].d->help));
	}
}

static void print_steps(const struct suite_case *c, struct arena *a)
{
	for (size_t i = 0; i < c->n_step; i++) {
		const struct suite_step *s = &c->step[i];
		struct buf b DEFER(buf_free) = { 0 };

		buf_init(&b, 1 << 16);
		buf_fmt(&b, "%zu. ", i + 1);
		say_request(s, &b);
		say_credentials(s, &b);
		buf_fmt(&b, "; conforms: %.*s", STR_ARG(outcome_set_text(a, s->expect)));
		if (s->until)
			buf_fmt(&b, "; until %.*s", STR_ARG(outcome_set_text(a, s->until)));
		row(i ? "" : "steps", buf_view(&b));
		print_deviations(s, a);
		for (size_t k = 0; k < s->n_check; k++)
			row("", arena_fmt(a, "- the answer must hold: %.*s%s%.*s",
					  STR_ARG(s->check[k].name), s->check[k].value.p ? " " : "",
					  STR_ARG(s->check[k].value)));
	}
	if (c->spellings) {
		row("steps",
		    arena_fmt(a, "as many drawn %s spellings of %s as --%s says; conforms: %s",
			      c->spellings->hostile ? "hostile" : "legal",
			      mechanism_name(c->spellings->of),
			      c->spellings->hostile ? "hostile" : "spellings",
			      c->spellings->hostile ? "refused" : "accepted"));
		return;
	}
	row("", STR("Before and after a refusal the same request with right credentials must be "
		    "accepted, else the verdict is inconclusive."));
}

static const char *fault_help(const struct suite_case *c, struct str name)
{
	const struct client_fault *k = c->client ? client_fault_find(name) : NULL;
	const struct fault *f = c->client ? NULL : fault_find(name);

	return k ? k->help : f ? f->help : "?";
}

static void print_faults(const struct suite_case *c, struct arena *a)
{
	struct str rest = c->kills;
	const char *label = "catches";

	for (struct str name = str_word(&rest); name.n; name = str_word(&rest)) {
		row(label, arena_fmt(a, "%.*s: %s", STR_ARG(name), fault_help(c, name)));
		label = "";
	}
}

/* What the case answers of the faults that people met. */
static void print_field(const struct catalogue *c, const struct suite_case *one, struct arena *a)
{
	struct str rest = one->field;
	const char *label = "field";

	for (struct str word = str_word(&rest); word.n; word = str_word(&rest)) {
		const struct field_row *r = catalogue_field(c, word);

		row(label,
		    arena_fmt(a, "%.*s: %.*s (%.*s)", STR_ARG(word),
			      STR_ARG(r ? r->text : STR("?")), STR_ARG(r ? r->link : STR("?"))));
		label = "";
	}
}

static void explain(const struct catalogue *c, const struct suite_case *one)
{
	struct arena a;

	arena_init(&a, 16u << 20);
	printf("%.*s (revision %d)\n", STR_ARG(one->id), one->rev);
	help_wrap(stdout, 0, 0, one->title);
	fputc('\n', stdout);
	row("why", one->why);
	row("remedy", one->remedy);
	print_cites(c, one, &a);
	print_profiles(c, one, &a);
	print_cost(one, &a);
	if (one->client)
		explain_client(one, &a, row);
	else
		print_steps(one, &a);
	print_faults(one, &a);
	print_field(c, one, &a);
	row("file", arena_fmt(&a, "%.*s:%d", STR_ARG(one->file), one->line));
	if (!one->client)
		transcript_print(c, one);
	arena_free(&a);
}

static int unknown_case(const struct catalogue *c, struct str id)
{
	const char *names[1024];
	const char *near;
	struct arena a;
	size_t n = 0;

	arena_init(&a, 1 << 20);
	for (; n < c->n_case && n < COUNT(names); n++)
		names[n] = arena_str(&a, c->c[n].id).p;
	for (size_t i = 0; i < c->n_client && n < COUNT(names); i++)
		names[n++] = arena_str(&a, c->client[i].id).p;
	for (size_t i = 0; cause_id(i) && n < COUNT(names); i++)
		names[n++] = cause_id(i);
	near = nearest(id, names, n);
	fprintf(stderr, "countersign: no case %.*s%s%s%s\n", STR_ARG(id),
		near ? ", did you mean " : "", near ? near : "",
		near ? "?" : "; countersign list shows all");
	arena_free(&a);
	return EXIT_USAGE;
}

/* "token.created.skewed[skew=-1h]" is a variant; the case is meant. */
static struct str case_of(struct str id)
{
	return str_sub(id, 0, str_chr(id, '['));
}

/* A cause's page, or the list of all; false when no cause is meant.  No case has such a name, since
 * theirs hold dots.
 */
static bool explain_cause(struct str id)
{
	struct str page = cause_text(id);
	struct arena a;

	fwrite(page.p ? page.p : "", 1, page.n, stdout);
	if (!str_eq(id, STR("cause")))
		return page.p;
	arena_init(&a, 1 << 20);
	for (size_t i = 0; cause_id(i); i++) {
		struct cause c;

		if (cause_read(&a, str(cause_id(i)), STR(""), &c) == 0)
			printf("%-18s %.*s\n", cause_id(i), STR_ARG(c.title));
	}
	arena_free(&a);
	return true;
}

int cmd_explain(const struct cli *cli)
{
	const struct suite_case *one;
	struct catalogue c = { 0 };
	struct err err = { 0 };
	int status = EXIT_GOOD;

	if (explain_cause(cli->o.operand[0]))
		return EXIT_GOOD;
	if (cli_catalogue(&cli->o, &c, &err))
		return cli_fail(&err);
	one = catalogue_case(&c, case_of(cli->o.operand[0]));
	if (one)
		explain(&c, one);
	else
		status = unknown_case(&c, cli->o.operand[0]);
	catalogue_free(&c);
	return status;
}
