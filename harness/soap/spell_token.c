/* Spellings of an envelope with a UsernameToken that mean the same. */
#include "soap/spell_pen.h"

enum {
	DECLARATION,
	SOAP_PREFIX,
	WSSE_PREFIX,
	WSU_PREFIX,
	OPERATION_PREFIX,
	DECLARED,
	QUOTES,
	IN_TAGS,
	BETWEEN,
	EMPTY,
	AROUND,
	USERNAME,
	PASSWORD,
	NONCE,
	CREATED,
	TYPE,
	ORDER,
	MUST_UNDERSTAND,
	ATTRIBUTES,
	ENCODING_TYPE,
	EXTRA,
	COMMENT,
	ENCODING,
	POINTS
};

#define INFOSET    "soap12#5.infoset"
#define NAMES      "soap12#names onvif-base-test#device-6-1.namespaces"
#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct spell_point points[] = {
	[DECLARATION] = { .name = "declaration",
			  .clause = INFOSET,
			  .words = WORDS("no XML declaration",
					 "the XML declaration in single quotes",
					 "the encoding of the XML declaration in lower case",
					 "standalone in the XML declaration",
					 "an XML declaration without encoding") },
	[SOAP_PREFIX] = { .name = "soap-prefix",
			  .clause = NAMES,
			  .words = WORDS("prefix SOAP-ENV for SOAP", "prefix wsse for SOAP",
					 "no prefix for SOAP") },
	[WSSE_PREFIX] = { .name = "wsse-prefix",
			  .clause = NAMES,
			  .words = WORDS("another prefix than wsse", "no prefix for Security",
					 "prefix wsu for Security") },
	[WSU_PREFIX] = { .name = "wsu-prefix",
			 .clause = NAMES,
			 .words = WORDS("another prefix than wsu", "prefix wsu declared on Created",
					"no prefix for Created") },
	[OPERATION_PREFIX] = { .name = "operation-prefix",
			       .clause = NAMES,
			       .words = WORDS("a prefix for the operation",
					      "a prefix for the operation, of the Envelope") },
	[DECLARED] = { .name = "declared",
		       .clause = NAMES,
		       .words = WORDS("namespaces declared on the Envelope",
				      "namespaces declared again on each element") },
	[QUOTES] = { .name = "quotes",
		     .clause = INFOSET,
		     .words = WORDS("attributes in single quotes",
				    "attributes in either quotes by turns") },
	[IN_TAGS] = { .name = "in-tags",
		      .clause = INFOSET,
		      .words = WORDS("spaces at the end of tags", "line breaks in tags",
				     "spaces around the equals signs of attributes") },
	[BETWEEN] = { .name = "between",
		      .clause = INFOSET,
		      .words = WORDS("line breaks between elements", "CR LF between elements",
				     "tabs between elements") },
	[EMPTY] = { .name = "empty",
		    .clause = INFOSET,
		    .words = WORDS("two tags for an empty element",
				   "a space in the tag of an empty element") },
	[AROUND] = { .name = "around",
		     .clause = "wss-ut-1.1#3.1.whitespace",
		     .words = WORDS("spaces around the texts", "line breaks around the texts",
				    "tabs and CR LF around the texts") },
	[USERNAME] = { .name = "username", .clause = INFOSET, .words = PEN_TEXT_WORDS("Username") },
	[PASSWORD] = { .name = "password", .clause = INFOSET, .words = PEN_TEXT_WORDS("Password") },
	[NONCE] = { .name = "nonce", .clause = INFOSET, .words = PEN_TEXT_WORDS("Nonce") },
	[CREATED] = { .name = "created", .clause = INFOSET, .words = PEN_TEXT_WORDS("Created") },
	[TYPE] = { .name = "type",
		   .clause = INFOSET,
		   .words = WORDS("a reference in Type", "all of Type in references") },
	[ORDER] = { .name = "order",
		    .clause = "wss-ut-1.1#3.1.order",
		    .words = WORDS("Username at the end", "Created in front",
				   "the children backwards", "Password at the end") },
	[MUST_UNDERSTAND] = { .name = "must-understand",
			      .clause = "soap12#5.2.3.must-understand",
			      .words = WORDS("mustUnderstand=1", "no mustUnderstand") },
	[ATTRIBUTES] = { .name = "attributes",
			 .clause = INFOSET,
			 .words = WORDS("mustUnderstand in front of the namespaces") },
	[ENCODING_TYPE] = { .name = "encoding-type",
			    .clause = "wss-ut-1.1#3.1.encoding",
			    .words = WORDS("no EncodingType") },
	[EXTRA] = { .name = "extra",
		    .clause = "wss-ut-1.1#3.1.order",
		    .words = WORDS("an Id on the UsernameToken",
				   "an unknown child of the UsernameToken") },
	[COMMENT] = { .name = "comment",
		      .clause = INFOSET,
		      .words = WORDS("a comment between the children", "a comment in Username",
				     "a comment in Nonce"),
		      .optional = true },
	[ENCODING] = { .name = "encoding",
		       .clause = "xml10#4.3.3.encodings",
		       .words = WORDS("a byte order mark of UTF-8", "UTF-16, little end first",
				      "UTF-16, big end first"),
		       .optional = true },
};
_Static_assert(COUNT(points) == POINTS, "one row per point");
const struct spell_grammar spell_token_legal = { MECH_TOKEN, false, points, POINTS };

/* One envelope on its way out. */
struct letter {
	struct pen pen;
	const uint8_t *choice;
	const struct token_craft *t;
	const struct soap_operation *op;
	const char *soap, *wsse, *wsu, *operation; /* prefixes */
};

static bool chosen(const struct letter *l, int point, unsigned choice)
{
	return l->choice[point] == choice;
}

static void choose_prefixes(struct letter *l)
{
	static const char *const soap[] = { "s", "SOAP-ENV", "wsse", "" };
	static const char *const wsse[] = { "wsse", "w.1-x", "", "wsu" };
	static const char *const wsu[] = { "wsu", "u_2", "wsu", "" };

	l->soap = soap[l->choice[SOAP_PREFIX]];
	l->wsse = wsse[l->choice[WSSE_PREFIX]];
	l->wsu = wsu[l->choice[WSU_PREFIX]];
	l->operation = l->choice[OPERATION_PREFIX] ? "tds" : "";
	/* One prefix, one meaning at a time. */
	if (strcmp(l->soap, "wsse") == 0 && strcmp(l->wsse, "wsse") == 0)
		l->wsse = "sec";
	if (strcmp(l->wsse, "wsu") == 0 && strcmp(l->wsu, "wsu") == 0)
		l->wsu = "wsse";
	if (strcmp(l->soap, l->wsu) == 0 && *l->wsu)
		l->wsu = "util";
}

/* Is wsu declared only where Created stands? */
static bool late_wsu(const struct letter *l)
{
	return l->choice[WSU_PREFIX] >= 2;
}

static bool on_envelope(const struct letter *l)
{
	/* A default namespace there would be that of the Envelope too. */
	return chosen(l, DECLARED, 1) && *l->wsse;
}

static void add_wsse(struct letter *l)
{
	pen_namespace(&l->pen, l->wsse, UT_NS_WSSE);
}

static void add_wsu(struct letter *l)
{
	pen_namespace(&l->pen, l->wsu, UT_NS_WSU);
}

static void add_declaration(struct letter *l)
{
	const char *name = chosen(l, ENCODING, 2) || chosen(l, ENCODING, 3) ? "UTF-16"
			   : chosen(l, DECLARATION, 3)                      ? "utf-8"
									    : "UTF-8";
	char quote = chosen(l, DECLARATION, 2) ? '\'' : '"';
	struct buf *b = &l->pen.b;

	/* XML 1.0, 2.8: it may be absent; 4.3.3: UTF-16 is then known by its mark. */
	if (chosen(l, DECLARATION, 1))
		return;
	buf_fmt(b, "<?xml version=%c1.0%c", quote, quote);
	if (!chosen(l, DECLARATION, 5))
		buf_fmt(b, " encoding=%c%s%c", quote, name, quote);
	if (chosen(l, DECLARATION, 4))
		buf_puts(b, " standalone=\"yes\"");
	buf_puts(b, "?>\n");
}

/* White space that xsd:base64Binary and xsd:dateTime collapse; names and plain passwords keep it.
 */
static void add_around(struct letter *l, bool collapses)
{
	static const char *const spaces[] = { "", "  ", "\n    ", "\t\r\n" };

	if (collapses)
		buf_puts(&l->pen.b, spaces[l->choice[AROUND]]);
}

static void add_commented(struct letter *l, enum pen_text how, struct str text)
{
	size_t half = text.n / 2;

	while (half < text.n && ((unsigned char)text.p[half] & 0xc0) == 0x80)
		half++;
	pen_text(&l->pen, how, str_sub(text, 0, half));
	buf_puts(&l->pen.b, "<!-- not the end -->");
	pen_text(&l->pen, how, str_sub(text, half, text.n));
}

static void add_type(struct letter *l)
{
	struct str type = l->t->sent.password_type;
	struct pen raw = { .depth = 0 };

	if (!l->choice[TYPE]) {
		pen_attribute(&l->pen, "", "Type", type);
		return;
	}
	buf_init(&raw.b, PEN_MAX);
	pen_text(&raw, chosen(l, TYPE, 1) ? TEXT_FIRST_HEX : TEXT_DECIMAL, type);
	pen_raw_attribute(&l->pen, "", "Type", buf_view(&raw.b));
	buf_free(&raw.b);
}

enum child { CHILD_USERNAME, CHILD_PASSWORD, CHILD_NONCE, CHILD_CREATED, CHILDREN };

static struct str child_text(const struct letter *l, enum child which)
{
	const struct username_token *t = &l->t->sent;
	const struct str texts[CHILDREN] = { t->username, t->password, t->nonce, t->created };

	return texts[which];
}

static void add_child(struct letter *l, enum child which)
{
	static const char *const names[CHILDREN] = { "Username", "Password", "Nonce", "Created" };
	bool created = which == CHILD_CREATED, nonce = which == CHILD_NONCE;
	bool collapses = created || nonce || (which == CHILD_PASSWORD && !l->t->text);
	const char *prefix = created ? l->wsu : l->wsse;
	enum pen_text how = (enum pen_text)l->choice[USERNAME + which];

	pen_between(&l->pen);
	pen_open(&l->pen, prefix, names[which]);
	if (created && (late_wsu(l) || chosen(l, DECLARED, 2)))
		add_wsu(l);
	else if (!created && chosen(l, DECLARED, 2))
		add_wsse(l);
	if (which == CHILD_PASSWORD)
		add_type(l);
	if (nonce && !l->choice[ENCODING_TYPE])
		pen_attribute(&l->pen, "", "EncodingType", l->t->sent.nonce_encoding);
	pen_content(&l->pen);
	add_around(l, collapses);
	if ((which == CHILD_USERNAME && chosen(l, COMMENT, 2)) || (nonce && chosen(l, COMMENT, 3)))
		add_commented(l, how, child_text(l, which));
	else
		pen_text(&l->pen, how, child_text(l, which));
	add_around(l, collapses);
	pen_close(&l->pen, prefix, names[which]);
}

static void add_children(struct letter *l)
{
	static const uint8_t orders[][CHILDREN] = {
		{ 0, 1, 2, 3 }, { 1, 2, 3, 0 }, { 3, 0, 1, 2 }, { 3, 2, 1, 0 }, { 0, 2, 3, 1 },
	};

	for (size_t i = 0; i < CHILDREN; i++) {
		add_child(l, (enum child)orders[l->choice[ORDER]][i]);
		if (i == 1 && chosen(l, COMMENT, 1)) {
			pen_between(&l->pen);
			buf_puts(&l->pen.b, "<!-- <wsse:Username>nobody</wsse:Username> -->");
		}
	}
	if (chosen(l, EXTRA, 2)) {
		pen_between(&l->pen);
		pen_open(&l->pen, "", "Hint");
		pen_namespace(&l->pen, "", "urn:example:hint");
		pen_nothing(&l->pen, "", "Hint");
	}
}

static void add_must_understand(struct letter *l)
{
	/* Attributes without prefix are in no namespace: SOAP needs one for them. */
	const char *prefix = *l->soap ? l->soap : "env12";

	if (chosen(l, MUST_UNDERSTAND, 2))
		return;
	if (!*l->soap)
		pen_namespace(&l->pen, prefix, SOAP_NS_12);
	pen_attribute(&l->pen, prefix, "mustUnderstand",
		      chosen(l, MUST_UNDERSTAND, 1) ? STR("1") : STR("true"));
}

static void add_security(struct letter *l)
{
	struct pen *p = &l->pen;
	bool here = !on_envelope(l);

	pen_between(p);
	pen_open(p, l->wsse, "Security");
	if (l->choice[ATTRIBUTES])
		add_must_understand(l);
	if (here)
		add_wsse(l);
	if (here && !late_wsu(l))
		add_wsu(l);
	if (!l->choice[ATTRIBUTES])
		add_must_understand(l);
	pen_content(p);
	pen_between(p);
	pen_open(p, l->wsse, "UsernameToken");
	if (chosen(l, DECLARED, 2))
		add_wsse(l);
	if (chosen(l, EXTRA, 1)) {
		const char *prefix = late_wsu(l) ? "id" : l->wsu;

		if (late_wsu(l))
			pen_namespace(p, prefix, UT_NS_WSU);
		pen_attribute(p, prefix, "Id", STR("token-1"));
	}
	pen_content(p);
	add_children(l);
	pen_between(p);
	pen_close(p, l->wsse, "UsernameToken");
	pen_between(p);
	pen_close(p, l->wsse, "Security");
}

static void add_operation(struct letter *l)
{
	struct pen *p = &l->pen;

	pen_between(p);
	pen_open(p, l->operation, l->op->name);
	if (!chosen(l, OPERATION_PREFIX, 2))
		pen_namespace(p, l->operation, l->op->ns);
	/* Its arguments are written without prefix. */
	if (*l->operation && *l->op->arguments)
		pen_namespace(p, "", l->op->ns);
	if (*l->op->arguments) {
		pen_content(p);
		buf_puts(&p->b, l->op->arguments);
		pen_close(p, l->operation, l->op->name);
	} else {
		pen_nothing(p, l->operation, l->op->name);
	}
}

static void add_envelope(struct letter *l)
{
	struct pen *p = &l->pen;

	pen_open(p, l->soap, "Envelope");
	pen_namespace(p, l->soap, SOAP_NS_12);
	if (on_envelope(l))
		add_wsse(l);
	if (on_envelope(l) && !late_wsu(l))
		add_wsu(l);
	if (chosen(l, OPERATION_PREFIX, 2))
		pen_namespace(p, l->operation, l->op->ns);
	pen_content(p);
	pen_between(p);
	pen_open(p, l->soap, "Header");
	pen_content(p);
	add_security(l);
	pen_between(p);
	pen_close(p, l->soap, "Header");
	pen_between(p);
	pen_open(p, l->soap, "Body");
	pen_content(p);
	add_operation(l);
	pen_between(p);
	pen_close(p, l->soap, "Body");
	pen_between(p);
	pen_close(p, l->soap, "Envelope");
}

static struct str encode(struct arena *a, const struct letter *l)
{
	struct str text = buf_view(&l->pen.b);

	if (chosen(l, ENCODING, 1))
		return arena_concat(a, STR("\xef\xbb\xbf"), text);
	if (l->choice[ENCODING])
		return pen_utf16(a, text, chosen(l, ENCODING, 3));
	return arena_str(a, text);
}

static void free_letter(struct letter *l)
{
	buf_free(&l->pen.b);
}

int spell_write_token(struct craft *c, const struct soap_operation *op, const uint8_t *choice,
		      struct spell_envelope *out, struct err *err)
{
	struct letter l DEFER(free_letter) = { .choice = choice, .t = &c->token, .op = op };

	buf_init(&l.pen.b, PEN_MAX);
	l.pen.quotes = choice[QUOTES];
	l.pen.in_tags = choice[IN_TAGS];
	l.pen.between = choice[BETWEEN];
	l.pen.empty = choice[EMPTY];
	choose_prefixes(&l);
	add_declaration(&l);
	add_envelope(&l);
	if (buf_check(&l.pen.b, "an envelope", err))
		return -1;
	out->octets = encode(c->a, &l);
	out->content_type = soap_content_type(c->a, op);
	if (chosen(&l, ENCODING, 2) || chosen(&l, ENCODING, 3))
		out->content_type =
			arena_fmt(c->a, "application/soap+xml; charset=utf-16; action=\"%s/%s\"",
				  op->ns, op->name);
	return arena_check(c->a, err);
}
