#include "cli/waiver_file.h"

#include "auth/datetime.h"
#include "base/buf.h"
#include "cli/ini.h"
#include "cli/options.h"
#include "report/report.h"

struct entry_at {
	struct arena *a;
	struct str path;
	const struct ini_entry *e;
};

static int complain(const struct entry_at *at, struct err *err, const char *what)
{
	return err_set(err, ERR_INPUT, "%.*s:%d: %.*s: %s", STR_ARG(at->path), at->e->line,
		       STR_ARG(at->e->name), what);
}

/* --- one entry --- */

/* A pattern of stars alone would waive what nobody has looked at. */
static int read_case(const struct entry_at *at, struct waiver *w, struct err *err)
{
	for (size_t i = 0; i < at->e->value.n; i++) {
		if (char_is_alpha(at->e->value.p[i])) {
			w->pattern = at->e->value;
			return 0;
		}
	}
	return complain(at, err,
			"expected the id of a case or variant, such as "
			"token.created.old[skew=-1h]; * stands for any octets");
}

static int read_device(const struct entry_at *at, struct waiver *w, struct err *err)
{
	w->device = at->e->value;
	return w->device.n ? 0
			   : complain(at, err,
				      "expected \"MANUFACTURER MODEL\" as the survey "
				      "prints it, or * for any");
}

static int read_firmware(const struct entry_at *at, struct waiver *w, struct err *err)
{
	w->firmware = at->e->value;
	return w->firmware.n ? 0 : complain(at, err, "expected a version, or * for any");
}

static int read_outcome(const struct entry_at *at, struct waiver *w, struct err *err)
{
	struct err why = { 0 };

	if (waiver_outcome_parse(at->e->value, w, &why) == 0)
		return 0;
	return complain(at, err, why.text);
}

/* What `waivers suggest` writes in place of what only a person knows. */
static bool is_left_open(struct str value)
{
	size_t i = 0;

	while (i < value.n && (value.p[i] == '?' || value.p[i] == ' '))
		i++;
	return i == value.n;
}

static int read_words(const struct entry_at *at, struct str *out, const char *what, struct err *err)
{
	*out = at->e->value;
	return is_left_open(*out) ? complain(at, err, what) : 0;
}

static int read_reason(const struct entry_at *at, struct waiver *w, struct err *err)
{
	return read_words(at, &w->note.reason,
			  "not filled in, expected why the finding may stand for now", err);
}

static int read_ticket(const struct entry_at *at, struct waiver *w, struct err *err)
{
	return read_words(at, &w->note.ticket,
			  "not filled in, expected where the repair is tracked", err);
}

static int read_owner(const struct entry_at *at, struct waiver *w, struct err *err)
{
	return read_words(at, &w->note.owner, "not filled in, expected who answers for it", err);
}

static int read_until(const struct entry_at *at, struct waiver *w, struct err *err)
{
	struct str midnight = arena_fmt(at->a, "%.*sT00:00:00Z", STR_ARG(at->e->value));
	struct datetime day;
	struct err unused;

	w->note.until = at->e->value;
	if (at->e->value.n == strlen("YYYY-MM-DD") && datetime_parse(midnight, &day, &unused) == 0)
		return 0;
	return complain(at, err, "expected its last day as YYYY-MM-DD");
}

static const struct {
	const char *name;
	int (*read)(const struct entry_at *at, struct waiver *w, struct err *err);
} entries[] = {
	{ "case", read_case },       { "device", read_device }, { "firmware", read_firmware },
	{ "outcome", read_outcome }, { "reason", read_reason }, { "ticket", read_ticket },
	{ "owner", read_owner },     { "until", read_until },
};

#define ENTRIES (sizeof(entries) / sizeof(entries[0]))

/* --- one section, and all --- */

static int unknown(const struct entry_at *at, struct err *err)
{
	const char *names[ENTRIES], *near;

	for (size_t i = 0; i < ENTRIES; i++)
		names[i] = entries[i].name;
	near = nearest(at->e->name, names, ENTRIES);
	return err_set(err, ERR_INPUT,
		       "%.*s:%d: no entry \"%.*s\", expected case, device, firmware, outcome, "
		       "reason, ticket, owner and until%s%s%s",
		       STR_ARG(at->path), at->e->line, STR_ARG(str_sub(at->e->name, 0, 60)),
		       near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static int read_section(struct arena *a, struct str path, const struct ini_section *s,
			struct waiver *w, struct err *err)
{
	unsigned seen = 0;

	*w = (struct waiver){ .name = s->name, .note.line = s->line };
	for (size_t i = 0; i < s->n; i++) {
		struct entry_at at = { a, path, &s->entry[i] };
		size_t k = 0;

		while (k < ENTRIES && !str_eq(at.e->name, str(entries[k].name)))
			k++;
		if (k == ENTRIES)
			return unknown(&at, err);
		if (entries[k].read(&at, w, err))
			return -1;
		seen |= 1u << k;
	}
	for (size_t k = 0; k < ENTRIES; k++)
		if (!(seen >> k & 1))
			return err_set(err, ERR_INPUT,
				       "%.*s:%d: the waiver has no %s, expected each of case, "
				       "device, firmware, outcome, reason, ticket, owner and until",
				       STR_ARG(path), s->line, entries[k].name);
	return 0;
}

int waiver_file_parse(struct arena *a, struct str path, struct str text, struct waiver_list *out,
		      struct err *err)
{
	struct ini_file f;

	if (ini_read(a, path, text, &f, err))
		return -1;
	*out = (struct waiver_list){ .file = path, .w = arena_array(a, struct waiver, f.n + 1) };
	if (!out->w)
		return arena_check(a, err);
	for (; out->n < f.n; out->n++)
		if (read_section(a, path, &f.section[out->n], &out->w[out->n], err))
			return -1;
	return arena_check(a, err);
}

int waiver_file_open(struct arena *a, struct str path, struct waiver_list *out, struct err *err)
{
	struct str text;

	if (file_read(a, path, WAIVER_FILE_MAX, "a waiver file", &text, err))
		return -1;
	return waiver_file_parse(a, path, text, out, err);
}

/* --- suggestions --- */

/* As a pattern that INI can hold: what it cannot becomes "?" or, of several octets, "*". */
static struct str as_pattern(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; p && i < s.n && n < 120; i++) {
		bool plain = s.p[i] >= 0x20 && s.p[i] < 0x7f && s.p[i] != ';' && s.p[i] != '#';

		if (plain)
			p[n++] = s.p[i];
		else if (!n || p[n - 1] != '*')
			p[n++] = '*';
	}
	if (p && n == 120)
		p[n - 1] = '*';
	return p && n ? str_n(p, n) : STR("*");
}

/* A section's name ends at the first bracket. */
static struct str as_name(struct arena *a, struct str id)
{
	struct str out = as_pattern(a, id);
	char *p = arena_alloc(a, out.n + 1);

	for (size_t i = 0; p && i < out.n; i++)
		p[i] = out.p[i] == '[' || out.p[i] == ']' ? ' ' : out.p[i];
	return str_trim(str_n(p, p ? out.n : 0));
}

static struct str last_day(struct arena *a, const struct ledger *r)
{
	struct datetime day;
	struct err unused;

	if (datetime_parse(r->started, &day, &unused))
		return STR("?");
	return str_sub(datetime_format(a, day.unix_ms + WAIVER_DAYS * INT64_C(86400000), 0), 0, 10);
}

static void suggest(struct buf *b, struct arena *a, const struct ledger *r,
		    const struct ledger_row *v)
{
	struct str message = text_clean(a, v->message, 160);

	buf_fmt(b, "[%.*s]\n", STR_ARG(as_name(a, v->id)));
	while (message.n) {
		struct str line = str_cut(&message, '\n');

		buf_fmt(b, "; %.*s\n", STR_ARG(line));
	}
	buf_fmt(b, "case     = %.*s\n", STR_ARG(as_pattern(a, v->id)));
	buf_fmt(b, "device   = %.*s\n", STR_ARG(as_pattern(a, waiver_device(a, r->identity))));
	buf_fmt(b, "firmware = %.*s\n", STR_ARG(as_pattern(a, str_trim(r->identity[2]))));
	buf_fmt(b, "outcome  = %s %s %s\n", verdict_name(v->verdict), reason_name(v->reason),
		v->has_outcome ? outcome_name(v->outcome) : "none");
	buf_fmt(b, "reason   = ?\nticket   = ?\nowner    = ?\nuntil    = %.*s\n\n",
		STR_ARG(last_day(a, r)));
}

struct str waiver_file_suggest(struct arena *a, const struct ledger *r, bool warnings)
{
	struct buf b DEFER(buf_free) = { 0 };

	buf_init(&b, 16 * WAIVER_FILE_MAX);
	for (size_t i = 0; i < r->n; i++) {
		const struct ledger_row *v = &r->row[i];

		if (!v->waived &&
		    (v->verdict == VERDICT_FAIL || (warnings && v->verdict == VERDICT_WARN)))
			suggest(&b, a, r, v);
	}
	return arena_str(a, buf_view(&b));
}
