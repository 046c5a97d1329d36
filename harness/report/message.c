#include "report/message.h"

static struct str take_line(struct str *rest)
{
	struct str line = str_cut(rest, '\n');

	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

static void read_start(struct str line, struct message *out)
{
	out->start[0] = str_cut(&line, ' ');
	out->start[1] = str_cut(&line, ' ');
	out->start[2] = line;
}

/* RFC 9112 5.2: what begins with white space belongs to the line before. */
static void read_field(struct arena *a, struct str line, struct http_fields *f)
{
	size_t colon = str_chr(line, ':');
	bool folded = line.p[0] == ' ' || line.p[0] == '\t';

	if (folded && f->n) {
		struct str *value = &f->v[f->n - 1].value;

		value->n = (size_t)(line.p + line.n - value->p);
	} else if (colon != (size_t)-1) {
		http_add(a, f, str_sub(line, 0, colon), str_trim(str_sub(line, colon + 1, line.n)));
	}
}

static void read_head(struct arena *a, struct str *rest, struct message *out)
{
	out->fields.n = 0;
	read_start(take_line(rest), out);
	while (rest->n) {
		struct str line = take_line(rest);

		if (!line.n)
			return;
		read_field(a, line, &out->fields);
	}
}

/* RFC 9110 15.2: interim responses come before the one that counts. */
static bool is_interim(const struct message *m)
{
	return str_istarts(m->start[0], STR("HTTP/")) && str_starts(m->start[1], STR("1")) &&
	       !str_eq(m->start[1], STR("101"));
}

static size_t chunk_bytes(struct str line)
{
	size_t n = 0;

	for (size_t i = 0; i < line.n && char_hex(line.p[i]) >= 0 && n < SIZE_MAX / 32; i++)
		n = n * 16 + (size_t)char_hex(line.p[i]);
	return n;
}

/* RFC 9112 7.1; what is cut off ends it. */
static struct str read_chunks(struct arena *a, struct str rest)
{
	char *out = arena_alloc(a, rest.n + 1);
	size_t n = 0;

	while (out && rest.n) {
		size_t size = chunk_bytes(take_line(&rest));
		struct str chunk = str_sub(rest, 0, size);

		if (!chunk.n)
			break;
		memcpy(out + n, chunk.p, chunk.n);
		n += chunk.n;
		rest = str_sub(rest, chunk.n, rest.n);
		take_line(&rest);
	}
	return str_n(out, out ? n : 0);
}

void message_read(struct arena *a, struct str octets, struct message *out)
{
	struct str rest = octets;

	*out = (struct message){ .head_bytes = 0 };
	do
		read_head(a, &rest, out);
	while (rest.n && is_interim(out));
	out->head_bytes = octets.n - rest.n;
	out->body = rest;
	if (str_ifind(http_get(&out->fields, "Transfer-Encoding"), STR("chunked")) != (size_t)-1)
		out->body = read_chunks(a, rest);
}
