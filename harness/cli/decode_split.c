/* What the parts of a pasted text are: messages, fields, bare values, XML. */
#include "cli/decode_parts.h"

struct splitter {
	struct arena *a;
	struct pieces *out;
	struct str rest;
	size_t line; /* of the start of rest */
	struct err *err;
};

static const struct {
	const char *name;
	enum piece_kind kind;
} fields[] = {
	{ "Authorization", PIECE_CREDENTIALS },   { "Proxy-Authorization", PIECE_CREDENTIALS },
	{ "WWW-Authenticate", PIECE_CHALLENGES }, { "Proxy-Authenticate", PIECE_CHALLENGES },
	{ "Authentication-Info", PIECE_INFO },    { "Proxy-Authentication-Info", PIECE_INFO },
};

/* --- what a line is --- */

static struct str first_line(struct str text)
{
	struct str line = str_sub(text, 0, str_chr(text, '\n'));

	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

static bool is_version(struct str word)
{
	return str_starts(word, STR("HTTP/")) || str_starts(word, STR("RTSP/"));
}

static bool is_status_line(struct str line)
{
	struct str version = str_cut(&line, ' ');
	uint64_t status;

	return is_version(version) && !str_to_u64(str_sub(line, 0, 3), 599, &status) &&
	       status >= 100;
}

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!char_is_tchar(s.p[i]))
			return false;
	return s.n > 0;
}

static bool is_request_line(struct str line)
{
	struct str method = str_cut(&line, ' '), target = str_cut(&line, ' ');

	return is_token(method) && target.n && is_version(line) && str_chr(line, ' ') == (size_t)-1;
}

/* Index in fields of the line's name, or COUNT. */
static size_t field_index(struct str line)
{
	struct str name = str_trim(str_sub(line, 0, str_chr(line, ':')));
	size_t i = 0;

	if (name.n == line.n)
		return COUNT(fields);
	while (i < COUNT(fields) && !str_ieq(name, str(fields[i].name)))
		i++;
	return i;
}

static bool is_other_field(struct str line)
{
	size_t colon = str_chr(line, ':');

	return colon != (size_t)-1 && is_token(str_sub(line, 0, colon)) &&
	       !str_starts(str_sub(line, colon, line.n), STR("://"));
}

static bool is_value(struct str line)
{
	struct str scheme = str_word(&line);

	return (str_ieq(scheme, STR("Digest")) || str_ieq(scheme, STR("Basic"))) && line.n;
}

static bool starts_piece(struct str line)
{
	return is_status_line(line) || is_request_line(line) || field_index(line) < COUNT(fields) ||
	       is_value(line);
}

/* --- moving on --- */

static void skip(struct splitter *s, size_t n)
{
	n = n < s->rest.n ? n : s->rest.n;
	for (size_t i = 0; i < n; i++)
		s->line += s->rest.p[i] == '\n';
	s->rest = str_sub(s->rest, n, s->rest.n);
}

static size_t line_bytes(struct str text)
{
	size_t lf = str_chr(text, '\n');

	return lf == (size_t)-1 ? text.n : lf + 1;
}

static int add(struct splitter *s, const struct piece *p)
{
	if (s->out->n == DECODE_MAX_PIECES)
		return err_set(s->err, ERR_INPUT, "%zu: more than %d parts", p->line,
			       DECODE_MAX_PIECES);
	s->out->v[s->out->n++] = *p;
	return 0;
}

/* Lines that start with white space belong to the value before (RFC 9112 5.2). */
static struct str take_folded(struct splitter *s)
{
	struct str whole = first_line(s->rest);

	skip(s, line_bytes(s->rest));
	while (s->rest.n && (s->rest.p[0] == ' ' || s->rest.p[0] == '\t') &&
	       str_trim(first_line(s->rest)).n) {
		struct str more = first_line(s->rest);

		whole = str_n(whole.p, (size_t)(more.p + more.n - whole.p));
		skip(s, line_bytes(s->rest));
	}
	return whole;
}

/* --- messages --- */

static int read_fields(struct splitter *s, struct http_fields *out)
{
	while (s->rest.n && first_line(s->rest).n) {
		size_t line = s->line;
		struct str whole = take_folded(s);
		size_t colon = str_chr(whole, ':');

		if (colon == (size_t)-1)
			return err_set(s->err, ERR_INPUT,
				       "%zu: a line without a colon, expected a header field or an "
				       "empty line before the body",
				       line);
		http_add(s->a, out, str_trim(str_sub(whole, 0, colon)),
			 str_trim(str_sub(whole, colon + 1, whole.n)));
	}
	skip(s, line_bytes(s->rest));
	return arena_check(s->a, s->err);
}

/* What is pasted has often lost or won octets: Content-Length holds where something plausible
 * follows, else the body goes up to what starts the next part.
 */
static struct str take_body(struct splitter *s, const struct http_fields *f)
{
	struct str length = http_get(f, "Content-Length"), body = s->rest, behind;
	uint64_t n = 0;
	size_t at = 0;

	if (str_ifind(http_get(f, "Transfer-Encoding"), STR("chunked")) != (size_t)-1 &&
	    decode_unchunk(s->a, s->rest, &body, &at)) {
		skip(s, at);
		return body;
	}
	body = s->rest;
	at = 0;
	if (length.p && !str_to_u64(length, s->rest.n, &n)) {
		behind = str_sub(s->rest, (size_t)n, s->rest.n);
		while (behind.n && (behind.p[0] == '\n' || behind.p[0] == '\r'))
			behind = str_sub(behind, 1, behind.n);
		if (!behind.n || starts_piece(first_line(behind))) {
			body.n = (size_t)n;
			skip(s, body.n);
			return body;
		}
	}
	while (at < body.n && !starts_piece(first_line(str_sub(body, at, body.n))))
		at += line_bytes(str_sub(body, at, body.n));
	body.n = at;
	skip(s, at);
	if (str_ends(body, STR("\n")))
		body.n--;
	if (str_ends(body, STR("\r")))
		body.n--;
	return body;
}

static int take_request(struct splitter *s)
{
	struct piece p = { .kind = PIECE_REQUEST, .line = s->line };
	struct str line = first_line(s->rest);

	p.request.method = str_cut(&line, ' ');
	p.request.target = str_cut(&line, ' ');
	skip(s, line_bytes(s->rest));
	if (read_fields(s, &p.request.fields))
		return -1;
	p.request.body = take_body(s, &p.request.fields);
	return add(s, &p);
}

static int take_response(struct splitter *s)
{
	struct piece p = { .kind = PIECE_RESPONSE, .line = s->line };
	struct str line = first_line(s->rest);
	uint64_t status = 0;

	str_cut(&line, ' ');
	if (str_to_u64(str_sub(line, 0, 3), 599, &status))
		return err_set(s->err, ERR_INPUT, "%zu: expected a status of 100 to 599", s->line);
	p.response.status = (int)status;
	skip(s, line_bytes(s->rest));
	if (read_fields(s, &p.response.fields))
		return -1;
	p.response.body = take_body(s, &p.response.fields);
	return add(s, &p);
}

/* --- fields, values, XML --- */

static int take_field(struct splitter *s, size_t index)
{
	struct piece p = { .kind = fields[index].kind, .line = s->line };

	p.value = take_folded(s);
	str_cut(&p.value, ':');
	p.value = str_trim(p.value);
	return add(s, &p);
}

/* Digest with a response, Basic with a token68: credentials. */
static int take_value(struct splitter *s)
{
	struct piece p = { .kind = PIECE_CHALLENGES, .line = s->line };
	struct challenge c;
	size_t n = 0;

	for (;;) {
		struct str line = first_line(str_sub(s->rest, n, s->rest.n));

		if (!str_trim(line).n || (n && starts_piece(line)))
			break;
		n += line_bytes(str_sub(s->rest, n, s->rest.n));
	}
	p.value = str_trim(str_sub(s->rest, 0, n));
	skip(s, n);
	if (credentials_parse(s->a, p.value, &c, s->err))
		return err_prefix(s->err, "%zu", p.line);
	if (c.token68.p || challenge_param(&c, "response") || challenge_param(&c, "username"))
		p.kind = PIECE_CREDENTIALS;
	return add(s, &p);
}

/* Behind the root's name; prolog and comments are skipped. */
static struct str root_name(struct str xml)
{
	while (str_starts(xml, STR("<?")) || str_starts(xml, STR("<!"))) {
		size_t end = str_chr(xml, '>');

		if (end == (size_t)-1)
			return STR("");
		xml = str_trim(str_sub(xml, end + 1, xml.n));
	}
	xml = str_sub(xml, 1, xml.n);
	for (size_t i = 0; i < xml.n; i++)
		if (strchr(" \t\r\n/>", xml.p[i]))
			return str_sub(xml, 0, i);
	return STR("");
}

static int take_xml(struct splitter *s)
{
	struct piece p = { .kind = PIECE_XML, .line = s->line };
	struct str root = root_name(s->rest), end, behind;
	size_t at;

	if (!root.n || root.n > 100)
		return err_set(s->err, ERR_INPUT, "%zu: expected an XML element", s->line);
	end = arena_fmt(s->a, "</%.*s", STR_ARG(root));
	at = str_find(s->rest, end);
	if (!end.n || at == (size_t)-1)
		return err_set(s->err, ERR_INPUT,
			       "%zu: the XML does not end, expected </%.*s> behind it", s->line,
			       STR_ARG(root));
	behind = str_sub(s->rest, at, s->rest.n);
	at += str_chr(behind, '>') == (size_t)-1 ? behind.n : str_chr(behind, '>') + 1;
	p.value = str_sub(s->rest, 0, at);
	skip(s, at);
	return add(s, &p);
}

static int take(struct splitter *s)
{
	struct str line = first_line(s->rest);
	size_t index = field_index(line);

	if (is_status_line(line))
		return take_response(s);
	if (is_request_line(line))
		return take_request(s);
	if (index < COUNT(fields))
		return take_field(s, index);
	if (is_value(line))
		return take_value(s);
	if (s->rest.p[0] == '<')
		return take_xml(s);
	if (!is_other_field(line))
		return err_set(s->err, ERR_INPUT,
			       "%zu: a line of no known form, expected a header field such as "
			       "Authorization or its value, an HTTP message, or XML",
			       s->line);
	take_folded(s);
	return 0;
}

int decode_split(struct arena *a, struct str octets, struct pieces *out, struct err *err)
{
	struct splitter s = { .a = a, .out = out, .rest = octets, .line = 1, .err = err };

	*out = (struct pieces){ arena_array(a, struct piece, DECODE_MAX_PIECES), 0 };
	if (!out->v)
		return arena_check(a, err);
	if (str_starts(s.rest, STR("\xef\xbb\xbf")))
		s.rest = str_sub(s.rest, 3, s.rest.n);
	for (;;) {
		while (s.rest.n && strchr(" \t\r\n", s.rest.p[0]) && s.rest.p[0])
			skip(&s, 1);
		if (!s.rest.n)
			break;
		if (take(&s))
			return -1;
	}
	if (!out->n)
		return err_set(err, ERR_INPUT,
			       "%zu: nothing to decode, expected a header field such as "
			       "Authorization or its value, an HTTP message, or XML",
			       s.line);
	return arena_check(a, err);
}
