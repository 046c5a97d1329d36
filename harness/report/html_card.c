#include "report/chain.h"
#include "report/html.h"

#define FIELD_MAX 300

static void clock_row(struct html *h, const struct survey *s)
{
	int64_t ms = s->clock_offset_ms;

	if (!s->has_clock)
		return;
	html_row(h, "Clock",
		 arena_fmt(
			 &h->one, "%.*s s %s ours, to within %.*s s, by %.*s",
			 STR_ARG(write_seconds(&h->one, ms < 0 ? -ms : ms)),
			 ms < 0 ? "behind" : "ahead of",
			 STR_ARG(write_seconds(&h->one, s->clock_quality_ms)),
			 STR_ARG(write_line(&h->one, h->o->redactor, s->clock_source, FIELD_MAX))));
}

static void anonymous_row(struct html *h, const struct survey *s)
{
	if (s->anonymous_status)
		html_row(h, "Without credentials",
			 arena_fmt(&h->one, "%s (%d)", outcome_name(s->anonymous),
				   s->anonymous_status));
}

/* What of the windows was measured, in words; the pictures show more. */
static void window_row(struct html *h)
{
	static const struct {
		const char *property, *before, *after;
	} windows[] = {
		{ "token.skew.past", "tokens up to ", " old" },
		{ "token.skew.future", "up to ", " ahead" },
		{ "digest.nonce.life", "nonces for ", "" },
		{ "token.cache.life", "used tokens remembered for ", "" },
	};
	struct str row = { 0 };

	for (size_t i = 0; i < COUNT(windows); i++) {
		const struct variant_result *v = html_measured(h, windows[i].property);

		if (!v)
			continue;
		row = arena_fmt(&h->one, "%.*s%s%s%s%.*s%s", STR_ARG(row), row.n ? ", " : "",
				windows[i].before, v->at_limit ? "at least " : "",
				STR_ARG(html_duration(&h->one, v->value)), windows[i].after);
	}
	html_row(h, "Windows", row);
}

static void write_identity(struct html *h, const struct survey *s)
{
	static const char *const names[] = { "Manufacturer", "Model", "Firmware", "Serial" };

	_Static_assert(COUNT(names) == COUNT(s->identity), "one name per part of the identity");
	html_put(h, "<dl class=\"facts\">\n");
	for (size_t i = 0; i < COUNT(names); i++)
		html_row(h, names[i], s->identity[i]);
	html_row(h, "Server", s->server);
	html_row(h, "Asked for", s->operation);
	anonymous_row(h, s);
	clock_row(h, s);
	window_row(h);
	if (s->done)
		html_row(h, "Round trip", arena_fmt(&h->one, "%" PRId64 " ms", s->round_trip_ms));
	html_row(h, "Bare request", s->bare_cost);
	html_put(h, "</dl>\n");
}

/* --- how it asks --- */

static const char *const columns[] = {
	"realm", "algorithm", "qop", "charset", "userhash", "stale"
};

static struct str parameter(const struct challenge *c, const char *name)
{
	for (size_t i = 0; i < c->n_param; i++)
		if (str_ieq(c->param[i].name, str(name)))
			return c->param[i].value;
	return (struct str){ 0 };
}

static bool column_used(const struct challenge_list *l, const char *name)
{
	for (size_t i = 0; i < l->n && i < WRITE_CHALLENGES; i++)
		if (parameter(&l->v[i], name).p)
			return true;
	return false;
}

static void challenge_row(struct html *h, const struct challenge_list *l, const struct challenge *c)
{
	html_put(h, "<tr><th scope=\"row\">");
	html_told(h, c->scheme, FIELD_MAX);
	html_put(h, c->problems ? " <i>(malformed)</i></th>" : "</th>");
	for (size_t k = 0; k < COUNT(columns); k++) {
		if (!column_used(l, columns[k]))
			continue;
		html_put(h, "<td>");
		html_told(h, parameter(c, columns[k]), FIELD_MAX);
		html_put(h, "</td>");
	}
	html_put(h, "</tr>\n");
}

static void write_challenges(struct html *h, struct str of, const struct challenge_list *l)
{
	html_put(h, "<div class=\"scroll\"><table>\n<caption>Challenges of ");
	html_told(h, of, FIELD_MAX);
	html_put(h, "</caption>\n<thead><tr><th>scheme</th>");
	for (size_t k = 0; k < COUNT(columns); k++)
		if (column_used(l, columns[k]))
			html_fmt(h, "<th>%s</th>", columns[k]);
	html_put(h, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < l->n && i < WRITE_CHALLENGES; i++)
		challenge_row(h, l, &l->v[i]);
	if (!l->n)
		html_put(h, "<tr><td>none</td></tr>\n");
	html_put(h, "</tbody></table></div>\n");
	if (l->n > WRITE_CHALLENGES)
		html_fmt(h, "<p class=\"small\">and %zu more</p>\n", l->n - WRITE_CHALLENGES);
}

static void write_second(struct html *h, const struct survey_endpoint *e)
{
	if (!e->path.n)
		return;
	write_challenges(h, e->path, &e->challenge);
	if (e->anonymous_status)
		html_fmt(h, "<p class=\"small\">Without credentials it answers %s (%d).</p>\n",
			 outcome_name(e->anonymous), e->anonymous_status);
}

/* What it is, never whether that is good: a client decides whom it trusts. */
static void write_certificate(struct html *h, const struct tls_certificate *c)
{
	const struct str notes = chain_notes(&h->one, c, h->r->started_wall_ms);

	html_put(h, "<tr><th scope=\"row\">");
	html_told(h, c->subject, FIELD_MAX);
	html_own_in(h, "div", "level", notes);
	html_put(h, "</th><td>");
	html_told(h, c->issuer, FIELD_MAX);
	html_put(h, "</td><td>");
	html_own(h, chain_times(&h->one, c));
	html_put(h, "</td><td class=\"sum\">");
	html_told(h, c->sha256, FIELD_MAX);
	html_put(h, "</td></tr>\n");
}

static void write_chain(struct html *h, const struct tls_chain *c)
{
	if (!chain_told(c))
		return;
	html_put(h, "<div class=\"scroll\"><table>\n<caption>Certificates that it showed, its own "
		    "first</caption>\n<thead><tr><th>subject</th><th>issuer</th><th>valid</th>"
		    "<th>SHA-256</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < c->n; i++)
		write_certificate(h, &c->v[i]);
	html_put(h, "</tbody></table></div>\n");
	html_own_in(h, "p", "small", chain_left_off(&h->one, c));
}

static void write_mechanisms(struct html *h, const struct survey *s)
{
	if (!s->n_mechanism)
		return;
	html_put(h, "<div class=\"scroll\"><table>\n<caption>Right credentials, by each way of "
		    "giving them</caption>\n<tbody>\n");
	for (size_t i = 0; i < s->n_mechanism; i++) {
		html_put(h, "<tr><th scope=\"row\">");
		html_told(h, s->mechanism[i].name, FIELD_MAX);
		html_fmt(h, "</th><td class=\"%s\">", s->mechanism[i].accepted ? "yes" : "no");
		html_told(h, s->mechanism[i].answer, FIELD_MAX);
		html_put(h, "</td></tr>\n");
	}
	html_put(h, "</tbody></table></div>\n");
}

static void write_features(struct html *h, const struct survey *s)
{
	if (!s->features)
		return;
	html_put(h, "<ul class=\"tags\">");
	for (int i = 0; i < 64 && suite_features[i].name; i++) {
		if (!(s->features >> i & 1))
			continue;
		html_put(h, "<li title=\"");
		html_own(h, str(suite_features[i].help));
		html_fmt(h, "\">%s</li>", suite_features[i].name);
	}
	html_put(h, "</ul>\n");
}

/* What a client was seen to do, and what not. */
static void write_client(struct html *h)
{
	html_put(h, "<section id=\"client\" class=\"card\">\n<h2>What this client can do</h2>\n"
		    "<div class=\"scroll\"><table>\n<tbody>\n");
	for (int i = 0; i < 64 && client_features[i].name; i++) {
		const bool shown = h->r->client_features >> i & 1;

		html_fmt(h, "<tr><th scope=\"row\">%s</th><td class=\"%s\">%s</td><td>",
			 client_features[i].name, shown ? "yes" : "no",
			 shown ? "seen" : "not seen");
		html_own(h, str(client_features[i].help));
		html_put(h, "</td></tr>\n");
	}
	html_put(h, "</tbody></table></div>\n</section>\n");
}

void html_card(struct html *h)
{
	const struct survey *s = &h->r->survey;

	if (write_is_client(h->r)) {
		write_client(h);
		return;
	}
	html_put(h, "<section id=\"device\" class=\"card\">\n<h2>How this device asks who is "
		    "there</h2>\n<div class=\"two\">\n<div>\n");
	write_identity(h, s);
	html_put(h, "</div>\n<div>\n");
	write_challenges(h, h->r->target, &s->challenge);
	write_second(h, &s->second);
	write_mechanisms(h, s);
	html_put(h, "</div>\n</div>\n");
	write_chain(h, &s->tls);
	write_features(h, s);
	html_put(h, "</section>\n");
}
