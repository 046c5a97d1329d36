#include "cli/replay.h"

#include "base/buf.h"
#include "soap/spell_token.h"

#include <errno.h>
#include <inttypes.h>

#define HEAD "countersign-replay 1"

/* --- reading --- */

struct reading {
	struct str name;
	int line;
	struct replay *out;
};

static int complain(const struct reading *r, struct err *err, const char *what)
{
	return err_set(err, ERR_INPUT, "%.*s:%d: %s", STR_ARG(r->name), r->line, what);
}

static bool is_printable(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || (unsigned char)s.p[i] > 0x7e)
			return false;
	return true;
}

static int keep(const struct reading *r, struct str *field, struct str value, struct err *err)
{
	if (field->p)
		return complain(r, err, "another case or choices, expected each once");
	*field = value;
	return 0;
}

static int read_line(const struct reading *r, struct str line, struct err *err)
{
	struct str rest = line, word = str_cut(&rest, ' ');

	if (!is_printable(line))
		return complain(r, err, "an octet that cannot be printed, expected \\xNN for it");
	if (str_eq(word, STR("case")) && rest.n)
		return keep(r, &r->out->case_id, rest, err);
	if (str_eq(word, STR("choices")))
		return keep(r, &r->out->choices, rest.p ? rest : STR(""), err);
	if (!line.n || line.p[0] == '#' || str_eq(word, STR("sent")))
		return 0;
	return complain(r, err, "expected case ID, choices NAME=N..., sent TEXT or # REMARK");
}

int replay_parse(struct arena *a, struct str name, struct str text, struct replay *out,
		 struct err *err)
{
	struct reading r = { .name = name, .line = 1, .out = out };
	struct str rest = arena_str(a, text);

	*out = (struct replay){ .case_id = { 0 } };
	if (!str_eq(str_trim(str_cut(&rest, '\n')), STR(HEAD)))
		return complain(&r, err, "this is no replay file, expected \"" HEAD "\"");
	while (rest.n) {
		r.line++;
		if (read_line(&r, str_trim(str_cut(&rest, '\n')), err))
			return -1;
	}
	if (!out->case_id.p || !out->choices.p)
		return complain(&r, err, "the file ends, expected a case and choices");
	return arena_check(a, err);
}

static void close_file(FILE **f)
{
	if (*f)
		fclose(*f);
}

static int read_file(struct arena *a, struct str path, struct str *out, struct err *err)
{
	FILE *f DEFER(close_file) = fopen(arena_str(a, path).p, "rb");
	char *p = arena_alloc(a, REPLAY_MAX + 1);
	size_t n;

	if (!p)
		return arena_check(a, err);
	if (!f)
		return err_system(err, ERR_INPUT, errno, "%.*s", STR_ARG(path));
	n = fread(p, 1, REPLAY_MAX + 1, f);
	if (ferror(f))
		return err_set(err, ERR_INPUT, "%.*s: cannot be read", STR_ARG(path));
	if (n > REPLAY_MAX)
		return err_set(err, ERR_INPUT, "%.*s: more than %u octets, expected a replay file",
			       STR_ARG(path), REPLAY_MAX);
	*out = str_n(p, n);
	return 0;
}

int replay_open(struct arena *a, struct str path, const struct catalogue *c, struct replay *out,
		struct err *err)
{
	const struct suite_case *one;
	struct str text = { 0 };

	if (read_file(a, path, &text, err) || replay_parse(a, path, text, out, err))
		return -1;
	one = catalogue_case(c, out->case_id);
	if (!one || !one->spellings)
		return err_set(err, ERR_INPUT, "%.*s: case %.*s, expected one of drawn spellings",
			       STR_ARG(path), STR_ARG(out->case_id));
	if (spell_parse(spell_grammar(one->spellings->of, one->spellings->hostile), out->choices,
			&out->spelling, err))
		return err_prefix(err, "%.*s: ", STR_ARG(path));
	return 0;
}

/* --- writing --- */

static void add_escaped(struct buf *b, struct str line)
{
	for (size_t i = 0; i < line.n; i++) {
		unsigned char c = (unsigned char)line.p[i];

		if (c == '\r')
			buf_puts(b, "\\r");
		else if (c == '\\' || c < 0x20 || c > 0x7e)
			buf_fmt(b, "\\x%02x", c);
		else
			buf_char(b, (char)c);
	}
}

struct str replay_text(struct arena *a, const struct redactor *redactor, const struct run_result *r,
		       const struct variant_result *v, const struct spell_group *g)
{
	struct str rest = redact(redactor, a, g->sent);
	struct buf b DEFER(buf_free);

	buf_init(&b, REPLAY_MAX);
	buf_fmt(&b, HEAD "\ncase %.*s\nchoices %.*s\n", STR_ARG(v->variant->c->id),
		STR_ARG(g->choices));
	buf_fmt(&b, "# spelling %" PRIu64 " of seed ", g->first);
	add_escaped(&b, r->seed);
	buf_puts(&b, ", made smaller\n# ");
	add_escaped(&b, g->line);
	buf_char(&b, '\n');
	while (rest.n) {
		struct str line = str_sub(rest, 0, str_chr(rest, '\n'));
		bool ended = line.n < rest.n;

		str_cut(&rest, '\n');
		buf_puts(&b, "sent ");
		add_escaped(&b, line);
		buf_puts(&b, ended ? "\\n\n" : "\n");
	}
	if (!buf_ok(&b))
		a->failed = true;
	return arena_str(a, buf_view(&b));
}

static int write_file(struct str path, struct str text, struct err *err)
{
	FILE *f = fopen(path.p, "wb");
	bool ok = f && fwrite(text.p, 1, text.n, f) == text.n;

	if (f && fclose(f))
		ok = false;
	return ok ? 0 : err_system(err, ERR_IO, errno, "%.*s", STR_ARG(path));
}

int replay_save(struct arena *a, const struct redactor *redactor, const struct run_result *r,
		struct str dir, bool legal, FILE *tell, struct err *err)
{
	int n = 0;

	for (size_t i = 0; i < r->n_variant; i++) {
		const struct variant_result *v = &r->variant[i];

		for (size_t k = 0; v->swarm && k < v->swarm->n_group; k++) {
			const struct spell_group *g = &v->swarm->group[k];
			struct str path;

			if (!v->swarm->g->hostile && (!legal || g->optional))
				continue;
			path = arena_fmt(a, "%.*s/%.*s-%" PRIu64 ".replay", STR_ARG(dir),
					 STR_ARG(v->variant->c->id), g->first);
			if (write_file(path, replay_text(a, redactor, r, v, g), err))
				return -1;
			if (tell)
				fprintf(tell, "replay: %.*s\n", STR_ARG(path));
			n++;
		}
	}
	return arena_check(a, err) ? -1 : n;
}
