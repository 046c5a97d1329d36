/* html_picture.c - windows of time as pictures.  All places are whole numbers: no locale, no
 * rounding, the same octets each time.
 */
#include "report/html.h"

#define WIDTH  480
#define CENTRE 240
#define LEFT   20  /* of the scale of lives */
#define LIFE_S 900 /* that it shows: the bound of the search for a nonce's life */

/* --- the scale of the skew: even steps between times that people know --- */

static const struct {
	int64_t s;
	const char *name;
} stops[] = { { 0, "0" },      { 60, "1 m" },   { 120, "2 m" },  { 300, "5 m" },
	      { 600, "10 m" }, { 3600, "1 h" }, { 86400, "1 d" } };

#define STOP_WIDTH 36

static int64_t skew_width(int64_t s)
{
	for (size_t i = 1; i < COUNT(stops); i++) {
		int64_t span = stops[i].s - stops[i - 1].s;

		if (s <= stops[i].s)
			return (int64_t)(i - 1) * STOP_WIDTH +
			       (s - stops[i - 1].s) * STOP_WIDTH / span;
	}
	return (int64_t)(COUNT(stops) - 1) * STOP_WIDTH;
}

static void skew_scale(struct html *h, int top, int bottom)
{
	for (size_t i = 0; i < COUNT(stops); i++) {
		int64_t x = skew_width(stops[i].s);

		for (int side = -1; side <= 1; side += 2) {
			html_fmt(h,
				 "<path class=\"grid\" d=\"M%" PRId64
				 " %dV%d\"/><text class=\"tick\" "
				 "x=\"%" PRId64 "\" y=\"%d\">%s</text>",
				 CENTRE + side * x, top, bottom, CENTRE + side * x, bottom + 14,
				 stops[i].name);
			if (!x)
				break;
		}
	}
}

/* What texts say of how far a token's time may be off.  No number: they ask for the time alone. */
static const struct limit {
	const char *anchor, *who, *what;
	enum level level;
	int64_t s; /* 0: none */
} limits[] = {
	{ "pc-cctv#skew.within", "PC-CCTV", "two minutes", LEVEL_MUST, 120 },
	{ "wss-ut-1.1#3.1.freshness", "UsernameToken Profile 1.1", "five minutes at least",
	  LEVEL_SHOULD, 300 },
	{ "onvif-core#5.9.5.both", "ONVIF Core", "a time, no limit", LEVEL_MUST, 0 },
	{ "pelco-sarix#ws-security-digest.time", "Pelco Sarix", "the camera's time, no number",
	  LEVEL_MUST, 0 },
};

#define ROW 32

static void limit_row(struct html *h, const struct limit *l, int y)
{
	struct html_weight w = html_weight(h, str(l->anchor), l->level);
	const char *how = w.gates    ? "decides here"
			  : w.spoken ? "noted here"
				     : "not in this profile";
	int64_t x = l->s ? skew_width(l->s) : CENTRE - LEFT;

	html_fmt(h,
		 "<g class=\"%s\"><text class=\"limit\" x=\"%d\" y=\"%d\">%s: %s <tspan "
		 "class=\"how\">(%s)</tspan></text>",
		 w.gates ? "gates" : "noted", CENTRE, y + 12, l->who, l->what, how);
	html_fmt(h, "<path class=\"span%s\" d=\"M%" PRId64 " %dH%" PRId64 "\"/>",
		 l->s ? "" : " open", CENTRE - x, y + 20, CENTRE + x);
	if (l->s)
		html_fmt(h, "<path class=\"span\" d=\"M%" PRId64 " %dv8M%" PRId64 " %dv8\"/>",
			 CENTRE - x, y + 16, CENTRE + x, y + 16);
	html_put(h, "</g>\n");
}

static void skew_end(struct html *h, const struct variant_result *v, int side)
{
	int64_t x = CENTRE + side * skew_width(v->value);
	bool near_edge = skew_width(v->value) > CENTRE - 70;

	html_fmt(h,
		 "<text class=\"value\" x=\"%" PRId64
		 "\" y=\"38\" text-anchor=\"%s\">%s%.*s</text>",
		 near_edge ? CENTRE + side * (CENTRE - 10) : x,
		 near_edge == (side < 0) ? "start" : "end", v->at_limit ? "at least " : "",
		 STR_ARG(html_duration(&h->one, v->value)));
}

static void skew_picture(struct html *h)
{
	const struct variant_result *past = html_measured(h, "token.skew.past"),
				    *future = html_measured(h, "token.skew.future");
	const int height = 102 + (int)COUNT(limits) * ROW;
	int64_t left, right;

	if (!past || !future)
		return;
	left = CENTRE - skew_width(past->value);
	right = CENTRE + skew_width(future->value);
	html_fmt(h,
		 "<figure>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Accepted times of "
		 "tokens\">\n<text class=\"side\" x=\"%d\" y=\"14\">older</text><text "
		 "class=\"side\" "
		 "x=\"%d\" y=\"14\" text-anchor=\"end\">ahead</text><text class=\"tick\" x=\"%d\" "
		 "y=\"14\">the device's clock</text>\n",
		 WIDTH, height, LEFT, WIDTH - LEFT, CENTRE);
	skew_scale(h, 46, 76);
	html_fmt(h,
		 "<rect class=\"window\" x=\"%" PRId64 "\" y=\"50\" width=\"%" PRId64
		 "\" height=\"18\"/><path class=\"now\" d=\"M%d 44V%d\"/>\n",
		 left, right > left ? right - left : 1, CENTRE, 78);
	skew_end(h, past, -1);
	skew_end(h, future, 1);
	for (size_t i = 0; i < COUNT(limits); i++)
		limit_row(h, &limits[i], 100 + (int)i * ROW);
	html_put(h, "</svg>\n<figcaption>How far the time of a token may be off: what the device "
		    "accepts, and what the texts say.</figcaption>\n</figure>\n");
}

/* --- how long things live --- */

static int64_t life_x(int64_t s)
{
	if (s > LIFE_S)
		s = LIFE_S;
	return LEFT + s * (WIDTH - 2 * LEFT) / LIFE_S;
}

static void life_row(struct html *h, const char *label, const struct variant_result *v, int y)
{
	bool open;

	if (!v)
		return;
	open = v->at_limit || v->value > LIFE_S;
	html_fmt(h,
		 "<text class=\"label\" x=\"%d\" y=\"%d\">%s <tspan class=\"value\">%s%.*s"
		 "</tspan></text><rect class=\"window\" x=\"%d\" y=\"%d\" width=\"%" PRId64
		 "\" height=\"12\"/>",
		 LEFT, y + 12, label, v->at_limit ? "at least " : "",
		 STR_ARG(html_duration(&h->one, v->value)), LEFT, y + 18, life_x(v->value) - LEFT);
	if (open)
		html_fmt(h, "<path class=\"more\" d=\"M%" PRId64 " %dl8 6l-8 6\"/>",
			 life_x(v->value) + 3, y + 18);
	html_put(h, "\n");
}

static void life_scale(struct html *h, int bottom)
{
	for (int minute = 0; minute <= LIFE_S / 60; minute++) {
		int64_t x = life_x(60 * minute);

		html_fmt(h, "<path class=\"grid\" d=\"M%" PRId64 " %dV%d\"/>", x,
			 minute % 5 ? bottom - 4 : 6, bottom);
		if (minute % 5 == 0)
			html_fmt(h, "<text class=\"tick\" x=\"%" PRId64 "\" y=\"%d\">%d%s</text>",
				 x, bottom + 14, minute, minute ? " min" : "");
	}
	html_put(h, "\n");
}

static void life_picture(struct html *h)
{
	static const struct {
		const char *property, *label;
	} rows[] = {
		{ "digest.nonce.life", "A Digest nonce serves for" },
		{ "token.skew.past", "A token is accepted for" },
		{ "token.cache.life", "A used token is remembered for" },
	};
	const struct variant_result *found[COUNT(rows)];
	int n = 0, y = 4;

	for (size_t i = 0; i < COUNT(rows); i++) {
		found[i] = html_measured(h, rows[i].property);
		n += found[i] != NULL;
	}
	if (!n)
		return;
	html_fmt(h, "<figure>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Lives\">\n",
		 WIDTH, n * 40 + 34);
	life_scale(h, n * 40 + 12);
	for (size_t i = 0; i < COUNT(rows); i++) {
		life_row(h, rows[i].label, found[i], y);
		y += found[i] ? 40 : 0;
	}
	html_put(h, "</svg>\n<figcaption>How long nonces and tokens serve. Pelco Sarix and the "
		    "UsernameToken Profile speak of five minutes; a token that is accepted longer "
		    "than it is remembered can be sent again.</figcaption>\n</figure>\n");
}

void html_pictures(struct html *h)
{
	bool any = html_measured(h, "token.skew.past") || html_measured(h, "digest.nonce.life") ||
		   html_measured(h, "token.cache.life");

	if (!any)
		return;
	html_put(h, "<section id=\"windows\">\n<h2>Windows and lives</h2>\n<div class=\"two\">\n");
	skew_picture(h);
	life_picture(h);
	html_put(h, "</div>\n</section>\n");
}
