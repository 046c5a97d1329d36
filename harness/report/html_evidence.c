#include "report/html.h"

#include "report/diff.h"

#define SHOWN_MAX    4096       /* octets of one message */
#define SHOWN_IN_ALL (6u << 20) /* of all messages of a page: a browser has to lay it out */
#define NAMED_MAX    32
#define ENDS_SHOWN   4 /* steps */

static bool is_control(const struct step_result *s)
{
	return s->role && strcmp(s->role, "control") == 0;
}

/* The accepted control that stands nearest, rather before than behind; NULL: there is none. */
static const struct step_result *control_of(const struct variant_result *v, size_t at)
{
	for (size_t i = at; i-- > 0;)
		if (is_control(&v->step[i]) && v->step[i].outcome == OUTCOME_ACCEPTED)
			return &v->step[i];
	for (size_t i = at + 1; i < v->n_step; i++)
		if (is_control(&v->step[i]) && v->step[i].outcome == OUTCOME_ACCEPTED)
			return &v->step[i];
	return NULL;
}

/* Names of what a step deviates in, as the field of the message may be called. */
static size_t deviation_names(const struct variant_result *v, const struct step_result *s,
			      struct str out[static NAMED_MAX])
{
	static const struct {
		const char *name, *field;
	} also[] = { { "password", "response" }, { "user", "username" }, { "nc-form", "nc" },
		     { "digest", "password" },   { "body", "response" }, { "method", "response" } };
	const struct suite_case *c = v->variant->c;
	const struct suite_step *step;
	size_t n = 0;

	if (s->step < 0 || (size_t)s->step >= c->n_step)
		return 0;
	step = &c->step[s->step];
	for (size_t i = 0; i < step->n_credentials; i++) {
		const struct suite_credentials *k = &step->credentials[i];

		for (size_t d = 0; d < k->n_deviation && n + 3 + COUNT(also) < NAMED_MAX; d++) {
			struct str name = str(k->deviation[d].d->name);

			out[n++] = name;
			out[n++] = k->deviation[d].value; /* omit="cnonce" names one, too */
			for (size_t a = 0; a < COUNT(also); a++)
				if (str_eq(name, str(also[a].name)))
					out[n++] = str(also[a].field);
		}
	}
	for (size_t i = 0; i < step->header.n && n < NAMED_MAX; i++)
		out[n++] = step->header.v[i].name;
	return n;
}

/* Octets of s: an answer may repeat what its request held. */
static struct str shown(struct html *h, const struct step_result *s, struct str octets)
{
	const struct redactor own = write_redactor(h->o->redactor, s);

	return write_text(&h->one, &own, octets, SHOWN_MAX);
}

static void write_diff(struct html *h, const struct diff *d)
{
	static const char *const open[DIFF_KINDS] = {
		[DIFF_SAME] = "",
		[DIFF_FRESH] = "<i>",
		[DIFF_DEVIATION] = "<mark>",
		[DIFF_REMOVED] = "<del>",
	};
	static const char *const close[DIFF_KINDS] = {
		[DIFF_SAME] = "",
		[DIFF_FRESH] = "</i>",
		[DIFF_DEVIATION] = "</mark>",
		[DIFF_REMOVED] = "</del>",
	};

	for (size_t i = 0; i < d->n; i++) {
		html_put(h, open[d->piece[i].kind]);
		buf_xml(&h->b, d->piece[i].text);
		html_put(h, close[d->piece[i].kind]);
	}
}

/* A probe is shown against its control, everything else as it is. */
static void write_sent(struct html *h, const struct variant_result *v, size_t at)
{
	const struct step_result *s = &v->step[at];
	const struct step_result *control = is_control(s) ? NULL : control_of(v, at);
	struct str named[NAMED_MAX], against = { 0 };
	size_t n = is_control(s) ? 0 : deviation_names(v, s, named);
	struct diff d;

	if (control && control->sent.n)
		against = shown(h, control, control->sent);
	d = diff_messages(&h->one, shown(h, s, s->sent), against, named, n);
	html_put(h, write_is_client(h->r) ? "<figure><figcaption>the client sent</figcaption><pre>"
					  : "<figure><figcaption>sent</figcaption><pre>");
	write_diff(h, &d);
	html_put(h, "</pre></figure>\n");
}

static void write_octets(struct html *h, const struct variant_result *v, size_t at)
{
	const struct step_result *s = &v->step[at];
	size_t from = h->b.n;

	html_fmt(h, "<details%s><summary>octets</summary>\n<div class=\"pair\">\n",
		 (int)at == v->deciding ? " open=\"open\"" : "");
	write_sent(h, v, at);
	html_put(h, write_is_client(h->r) ? "<figure><figcaption>it was served</figcaption><pre>"
					  : "<figure><figcaption>received</figcaption><pre>");
	if (s->received.n)
		buf_xml(&h->b, shown(h, s, s->received));
	else
		html_put(h, "nothing");
	html_put(h, "</pre></figure>\n</div></details>\n");
	h->octets += h->b.n - from;
}

static void write_step(struct html *h, const struct variant_result *v, size_t at, bool octets)
{
	const struct step_result *s = &v->step[at];
	bool deciding = (int)at == v->deciding;
	struct str expected = outcome_set_text(&h->one, s->expect);

	html_fmt(h, "<li class=\"%s%s\"><div class=\"line\"><span class=\"role\">%s</span> <code>",
		 is_control(s) ? "control" : "step", deciding ? " deciding" : "",
		 s->role ? s->role : "step");
	html_told(h, s->summary, 400);
	html_put(h, "</code> <span class=\"answer\">");
	html_own(h, write_step_answer(&h->one, s));
	if (deciding && s->expect && !(s->expect & OUTCOME_BIT(s->outcome)))
		html_fmt(h, " <em>expected %.*s</em>", STR_ARG(expected));
	html_put(h, "</span></div>\n");
	if (octets && s->sent.n && h->octets < SHOWN_IN_ALL)
		write_octets(h, v, at);
	html_put(h, "</li>\n");
}

/* What drawn spellings came to. */
static void write_swarm(struct html *h, const struct swarm_result *s)
{
	html_told_in(h, "p", NULL, s->summary);
	html_put(h, "<ul class=\"groups\">\n");
	for (size_t i = 0; i < s->n_group; i++)
		html_told_in(h, "li", NULL, s->group[i].line);
	html_put(h, "</ul>\n");
}

/* Of hundreds of steps, as a repetition has them: the ends, and what stands around the deciding
 * one.
 */
static bool is_shown(const struct variant_result *v, size_t at)
{
	size_t deciding = v->deciding >= 0 ? (size_t)v->deciding : 0;

	return at < ENDS_SHOWN || at + ENDS_SHOWN >= v->n_step ||
	       (at + 2 >= deciding && at <= deciding + 2);
}

void html_evidence(struct html *h, const struct variant_result *v, bool octets)
{
	size_t hidden = 0;

	if (v->swarm)
		write_swarm(h, v->swarm);
	if (!v->n_step)
		return;
	html_put(h, "<ol class=\"steps\">\n");
	for (size_t i = 0; i < v->n_step; i++) {
		hidden += !is_shown(v, i);
		if (!is_shown(v, i))
			continue;
		if (hidden)
			html_fmt(h, "<li class=\"step\">%zu more, left out here</li>\n", hidden);
		hidden = 0;
		write_step(h, v, i, octets);
	}
	html_put(h, "</ol>\n");
}
