#include "cli/ini.h"

#include <ini.h>

/* inih hands out entries, one by one, and neither their lines nor sections without any.  Both are
 * seen where it asks for the next line.
 */
struct reading {
	struct arena *a;
	struct str rest;
	struct ini_file *out;
	struct ini_entry *next; /* of room for as many entries as there are lines */
	int line;
	bool goes_on; /* the line starts with white space */
	struct err *err;
	bool failed;
};

static int complain(struct reading *r, const char *what)
{
	if (!r->failed)
		err_set(r->err, ERR_INPUT, "%.*s:%d: %s", STR_ARG(r->out->path), r->line, what);
	r->failed = true;
	return -1;
}

static bool is_text(struct str line)
{
	for (size_t i = 0; i < line.n; i++)
		if (((unsigned char)line.p[i] < 0x20 && !strchr("\t\r\n", line.p[i])) ||
		    line.p[i] == 0x7f || !line.p[i])
			return false;
	return str_is_utf8(line);
}

/* The name is taken from the line: inih keeps 49 octets of it. */
static void open_section(struct reading *r, struct str line)
{
	struct str rest = str_sub(line, 1, line.n), name = str_cut(&rest, ']');

	r->out->section[r->out->n++] = (struct ini_section){ .name = arena_str(r->a, name),
							     .line = r->line,
							     .entry = r->next };
}

/* For ini_parse_stream, like fgets. */
static char *next_line(char *out, int room, void *ctx)
{
	struct reading *r = ctx;
	size_t end = str_chr(r->rest, '\n');
	struct str line = str_sub(r->rest, 0, end == (size_t)-1 ? r->rest.n : end + 1);

	if (!line.n || r->failed)
		return NULL;
	r->line++;
	r->rest = str_sub(r->rest, line.n, r->rest.n);
	if (line.n >= (size_t)room) {
		complain(r, "a line of over 198 octets, expected that the value goes on in the "
			    "next line, behind a blank");
		return NULL;
	}
	if (!is_text(line)) {
		complain(r, "an octet that is no text, expected UTF-8");
		return NULL;
	}
	r->goes_on = line.p[0] == ' ' || line.p[0] == '\t';
	/* Behind blanks it would be a section or more of a value, after what stands before. */
	if (r->goes_on && str_starts(str_trim(line), STR("["))) {
		complain(r, "a bracket behind a blank, expected a [section] in the first column");
		return NULL;
	}
	if (line.p[0] == '[')
		open_section(r, line);
	memcpy(out, line.p, line.n);
	out[line.n] = '\0';
	return out;
}

static struct ini_entry *find(const struct ini_section *s, struct str name)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->entry[i].name, name))
			return &s->entry[i];
	return NULL;
}

/* For ini_parse_stream: 1 is good. */
static int take_entry(void *ctx, const char *section, const char *name, const char *value)
{
	struct reading *r = ctx;
	struct ini_section *s = r->out->n ? &r->out->section[r->out->n - 1] : NULL;
	struct ini_entry *old;

	(void)section;
	if (!s)
		return complain(r, "expected a [section] in the first column before this") + 1;
	old = find(s, str(name));
	if (old && r->goes_on)
		old->value = arena_fmt(r->a, "%.*s%s%s", STR_ARG(old->value),
				       old->value.n ? " " : "", value);
	else if (old)
		return complain(r, "an entry that was there before, expected each once in a "
				   "section") +
		       1;
	else
		s->entry[s->n++] = (struct ini_entry){ .name = arena_str(r->a, str(name)),
						       .value = arena_str(r->a, str(value)),
						       .line = r->line };
	r->next = s->entry + s->n;
	return 1;
}

static size_t lines_of(struct str text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

int ini_read(struct arena *a, struct str path, struct str text, struct ini_file *out,
	     struct err *err)
{
	size_t lines = lines_of(text);
	struct reading r = { .a = a, .rest = text, .out = out, .err = err };
	int bad;

	*out = (struct ini_file){ .path = path,
				  .section = arena_array(a, struct ini_section, lines) };
	r.next = arena_array(a, struct ini_entry, lines);
	if (!out->section || !r.next)
		return arena_check(a, err);
	if (str_starts(r.rest, STR("\xef\xbb\xbf"))) /* what some editors put first */
		r.rest = str_sub(r.rest, 3, r.rest.n);
	bad = ini_parse_stream(next_line, &r, take_entry, &r);
	if (!r.failed && bad) {
		r.line = bad > 0 ? bad : r.line;
		complain(&r, "neither [section] nor name = value, expected one of these or a ; "
			     "remark");
	}
	return r.failed ? -1 : arena_check(a, err);
}
