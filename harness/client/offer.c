/* offer.c - a challenge, written as the case asks for it. */
#include "client/play_parts.h"

#include "base/buf.h"

#define OFFER_MAX (256u << 10)

struct param {
	const char *name;
	struct str value;
	bool quoted; /* where the grammar leaves no choice, or by habit */
};

struct pen {
	struct play *p;
	struct arena *a;
	const struct suite_offer *o;
	struct buf out;
};

void play_draw_nonce(struct play *p, char out[static NONCE_HEX + 1])
{
	uint8_t octets[NONCE_HEX / 2];

	world_random(p->world, octets, sizeof(octets));
	for (size_t i = 0; i < sizeof(octets); i++) {
		out[2 * i] = "0123456789abcdef"[octets[i] >> 4];
		out[2 * i + 1] = "0123456789abcdef"[octets[i] & 15];
	}
	out[NONCE_HEX] = '\0';
}

/* --- values --- */

static const struct suite_offer *persona_offer(const struct play *p, enum offer_kind kind)
{
	const struct suite_turn *t = p->o.persona ? &p->o.persona->challenge : NULL;

	for (size_t i = 0; t && i < t->n_offer; i++)
		if (t->offer[i].kind == kind)
			return &t->offer[i];
	return NULL;
}

static struct str setting(const struct pen *w, const char *name)
{
	const struct suite_offer *persona = persona_offer(w->p, w->o->kind);
	struct str own = play_setting(w->p, w->a, &w->o->set, name);

	return own.p || !persona ? own : setting_of(&persona->set, name);
}

static struct str repeated(struct arena *a, char c, struct str count)
{
	uint64_t n = 0;
	char *p;

	if (str_to_u64(count, OFFER_MAX / 4, &n))
		n = 0;
	p = arena_alloc(a, (size_t)n + 1);
	if (!p)
		return STR("");
	memset(p, c, (size_t)n);
	return str_n(p, (size_t)n);
}

/* What the client shall read; .p NULL: the parameter is left out.  usual: where nothing is said. */
static struct str value_of(const struct pen *w, const char *name, struct str usual)
{
	struct str v = setting(w, name);

	if (!v.p)
		return usual;
	if (str_eq(v, STR("omit")))
		return (struct str){ NULL, 0 };
	if (str_starts(v, STR("long:")))
		return repeated(w->a, 'r', str_sub(v, 5, v.n));
	return str_starts(v, STR("=")) ? str_sub(v, 1, v.n) : v;
}

static struct str nonce_value(const struct pen *w)
{
	struct str v = setting(w, "nonce");

	if (!str_eq(v, STR("same")))
		play_draw_nonce(w->p, w->p->nonce);
	return v.p && !str_eq(v, STR("same")) ? value_of(w, "nonce", STR(""))
					      : arena_str(w->a, str(w->p->nonce));
}

/* --- spelling --- */

static struct str cased(struct arena *a, const char *name, struct str how)
{
	struct str s = arena_str(a, str(name));
	char *p = (char *)(uintptr_t)s.p;

	for (size_t i = 0; how.p && p && i < s.n; i++) {
		bool upper = str_eq(how, STR("upper")) || (str_eq(how, STR("mixed")) && i % 2);
		char low = char_lower(p[i]);

		p[i] = upper && low >= 'a' && low <= 'z' ? (char)(low - 'a' + 'A') : low;
	}
	return s;
}

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!char_is_tchar(s.p[i]))
			return false;
	return s.n > 0;
}

static void put_quoted(struct pen *w, struct str value, bool pairs)
{
	buf_char(&w->out, '"');
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (c == '"' || c == '\\' || (pairs && char_is_alpha(c)))
			buf_char(&w->out, '\\');
		buf_char(&w->out, c);
	}
	buf_char(&w->out, '"');
}

static void put_param(struct pen *w, const struct param *m)
{
	struct str quotes = setting(w, "quotes");
	bool quoted = m->quoted || str_eq(quotes, STR("all"));

	if (str_eq(quotes, STR("none")) && is_token(m->value))
		quoted = false;
	buf_str(&w->out, cased(w->a, m->name, setting(w, "names")));
	buf_puts(&w->out, str_eq(setting(w, "equals"), STR("spaced")) ? " = " : "=");
	if (quoted || !is_token(m->value))
		put_quoted(w, m->value, str_eq(quotes, STR("pairs")));
	else
		buf_str(&w->out, m->value);
}

static const char *separator(const struct pen *w)
{
	static const struct {
		const char *commas, *text;
	} rows[] = {
		{ "tight", "," },
		{ "wide", "   ,   " },
		{ "tabs", "\t,\t" },
		{ "empty", ", , ," },
	};
	struct str commas = setting(w, "commas");

	for (size_t i = 0; i < COUNT(rows); i++)
		if (str_eq(commas, str(rows[i].commas)))
			return rows[i].text;
	return ", ";
}

/* The place from which the nth parameter is taken. */
static size_t place(const struct pen *w, const struct param *here, size_t i, size_t n)
{
	struct str order = setting(w, "order");
	size_t qop = 0;

	if (str_eq(order, STR("qop-first"))) {
		while (qop < n && strcmp(here[qop].name, "qop") != 0)
			qop++;
		if (qop == n || i > qop)
			return i;
		return i ? i - 1 : qop;
	}

	if (str_eq(order, STR("reversed")))
		return n - 1 - i;
	return str_eq(order, STR("rotated")) ? (i + 1) % n : i;
}

static struct str written(struct pen *w, const char *scheme, const struct param *all, size_t n_all)
{
	struct param here[16];
	struct str extra = setting(w, "extra"), commas = setting(w, "commas"), out;
	size_t n = 0;

	for (size_t i = 0; i < n_all; i++)
		if (all[i].value.p)
			here[n++] = all[i];
	buf_init(&w->out, OFFER_MAX);
	buf_str(&w->out, cased(w->a, scheme, setting(w, "scheme")));
	buf_puts(&w->out, str_eq(commas, STR("leading")) ? " , " : " ");
	for (size_t i = 0; i < n; i++) {
		buf_puts(&w->out, i ? separator(w) : "");
		put_param(w, &here[place(w, here, i, n)]);
	}
	if (extra.n)
		buf_fmt(&w->out, "%s%.*s", n ? separator(w) : "", STR_ARG(extra));
	buf_puts(&w->out, str_eq(commas, STR("trailing")) ? " , " : "");
	out = arena_str(w->a, buf_view(&w->out));
	buf_free(&w->out);
	return out;
}

/* --- kinds --- */

static struct str stale_value(const struct pen *w, enum staleness stale)
{
	if (stale == STALE_TRUE)
		return STR("true");
	return stale == STALE_ABSENT ? (struct str){ NULL, 0 }
				     : value_of(w, "stale", (struct str){ NULL, 0 });
}

static struct str digest_text(struct pen *w, enum staleness stale)
{
	const struct str none = { NULL, 0 };
	const struct param all[] = {
		{ "realm", value_of(w, "realm", STR("countersign")), true },
		{ "domain", value_of(w, "domain", none), true },
		{ "nonce", nonce_value(w), true },
		{ "opaque", value_of(w, "opaque", arena_str(w->a, str(w->p->opaque))), true },
		{ "stale", stale_value(w, stale), false },
		{ "algorithm", value_of(w, "algorithm", STR("MD5")), false },
		{ "qop", value_of(w, "qop", STR("auth")), true },
		{ "charset", value_of(w, "charset", none), false },
		{ "userhash", value_of(w, "userhash", none), false },
	};

	return written(w, "Digest", all, COUNT(all));
}

static struct str basic_text(struct pen *w, enum staleness stale)
{
	const struct param all[] = {
		{ "realm", value_of(w, "realm", STR("countersign")), true },
		{ "charset", value_of(w, "charset", (struct str){ NULL, 0 }), true },
	};

	(void)stale;
	return written(w, "Basic", all, COUNT(all));
}

static struct str token_text(struct pen *w, enum staleness stale)
{
	(void)w, (void)stale;
	return (struct str){ NULL, 0 };
}

/* "{nonce}" in it is a fresh one. */
static struct str other_text(struct pen *w, enum staleness stale)
{
	const struct str mark = STR("{nonce}");
	struct str text = setting(w, "text");
	size_t at = str_find(text, mark);

	(void)stale;
	if (at == (size_t)-1)
		return arena_str(w->a, text);
	play_draw_nonce(w->p, w->p->nonce);
	return arena_fmt(w->a, "%.*s%s%.*s", STR_ARG(str_sub(text, 0, at)), w->p->nonce,
			 STR_ARG(str_sub(text, at + mark.n, text.n)));
}

struct str offer_text(struct play *p, struct arena *a, const struct suite_offer *o,
		      enum staleness stale)
{
	static struct str (*const by_kind[])(struct pen *, enum staleness) = {
		[OFFER_DIGEST] = digest_text,
		[OFFER_BASIC] = basic_text,
		[OFFER_TOKEN] = token_text,
		[OFFER_OTHER] = other_text,
	};
	struct pen w = { .p = p, .a = a, .o = o };

	_Static_assert(COUNT(by_kind) == OFFERS, "one function per kind");
	return by_kind[o->kind](&w, stale);
}
