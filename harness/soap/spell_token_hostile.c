/* Envelopes whose UsernameToken proves nothing, mutated.  A bit is flipped only within Security, so
 * that the operation stays the one that only reads.
 */
#include "soap/spell_pen.h"

enum {
	BASE,
	USERNAME,
	PASSWORD,
	NONCE,
	CREATED,
	TYPE,
	PLACE,
	NAMESPACE,
	DOCUMENT,
	ROLE,
	FLIP,
	FLIP_2,
	POINTS
};

#define DIGEST     "wss-ut-1.1#3.1.digest"
#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* In the order of mutate_text. */
#define TEXT_WORDS(name)                                                                           \
	WORDS(name " left out", name " empty", name " of 16 KiB", name " of format directives",    \
	      name " twice", name " with a reference to NUL", name " cut by a comment",            \
	      name " with an element inside", name " of a right start and CDATA behind it",        \
	      "an undeclared entity in " name, name " of octets that are not UTF-8",               \
	      name " with xsi:nil")
#define TEXT(point, word, text)                                                                    \
	[point] = { .name = word, .clause = DIGEST, .words = TEXT_WORDS(text) }

static const struct spell_point points[] = {
	[BASE] = { .name = "base",
		   .clause = DIGEST,
		   .words = WORDS("the empty password", "the first part of the password",
				  "an unknown name", "a digest that is altered",
				  "an empty digest") },
	TEXT(USERNAME, "username", "Username"),
	TEXT(PASSWORD, "password", "Password"),
	TEXT(NONCE, "nonce", "Nonce"),
	TEXT(CREATED, "created", "Created"),
	[TYPE] = { .name = "type",
		   .clause = DIGEST,
		   .words = WORDS("no Type", "Type PasswordText", "a foreign Type", "an empty Type",
				  "a Type of 4 KiB", "Type twice") },
	[PLACE] = { .name = "place",
		    .clause = DIGEST,
		    .words = WORDS("two tokens", "two Security headers", "a token in a token",
				   "a token in the Body", "a token beside Security",
				   "a token in another header", "a token in a comment",
				   "a token in a CDATA section", "an empty token in front",
				   "300 tokens") },
	[NAMESPACE] = { .name = "namespace",
			.clause = DIGEST,
			.words = WORDS("another namespace for wsse", "no namespace for wsse",
				       "another namespace for wsu", "a prefix that is not declared",
				       "the namespace of a draft") },
	[DOCUMENT] = { .name = "document",
		       .clause = DIGEST,
		       .words = WORDS("a document type with an entity", "an entity of a file",
				      "entities within entities", "a processing instruction",
				      "the envelope cut to a quarter", "the envelope cut to a half",
				      "the envelope cut to three quarters",
				      "a NUL behind the envelope",
				      "white space before the "
				      "declaration",
				      "XML 1.1", "an encoding that nobody knows", "two roots",
				      "200 elements deep", "no body") },
	[ROLE] = { .name = "role",
		   .clause = DIGEST,
		   .words = WORDS("Security for the role none", "Security for the role next",
				  "mustUnderstand that is no boolean", "no mustUnderstand") },
	[FLIP] = { .name = "flip",
		   .clause = DIGEST,
		   .words = WORDS("a bit flipped"),
		   .repeat = 62 },
	[FLIP_2] = { .name = "flip-2",
		     .clause = DIGEST,
		     .words = WORDS("a bit flipped"),
		     .repeat = 62 },
};
_Static_assert(COUNT(points) == POINTS, "one row per point");
const struct spell_grammar spell_token_hostile = { MECH_TOKEN, true, points, POINTS };

struct forger {
	struct arena *a;
	const uint8_t *choice;
	const struct token_craft *t;
	const struct soap_operation *op;
};

static struct str plus(struct forger *f, struct str x, const char *y)
{
	return arena_concat(f->a, x, str(y));
}

static struct str escaped(struct forger *f, struct str text)
{
	struct buf b DEFER(buf_free);

	buf_init(&b, PEN_MAX);
	buf_xml(&b, text);
	if (!buf_ok(&b))
		f->a->failed = true;
	return arena_str(f->a, buf_view(&b));
}

/* --- texts --- */

static struct str mutate_text(struct forger *f, struct str v, unsigned choice)
{
	struct str text = escaped(f, v);

	switch (choice) {
	case 2:
		return STR("");
	case 3:
		return arena_concat(f->a, text, spell_repeat(f->a, STR("A"), 16384));
	case 4:
		return STR("%s%n%x%d");
	case 6:
		return plus(f, text, "&#0;");
	case 7:
		return plus(f, text, "<!-- -->x");
	case 8:
		return plus(f, text, "<x>x</x>");
	case 9:
		return plus(f, text, "<![CDATA[x]]>");
	case 10:
		return plus(f, text, "&user;");
	case 11:
		return plus(f, text, "\xff\xfe\xc0\x80");
	}
	return text;
}

static struct str type_attribute(struct forger *f)
{
	static const char *const types[] = {
		" Type=\"" UT_TYPE_DIGEST "\"",
		"",
		" Type=\"" UT_TYPE_TEXT "\"",
		" Type=\"urn:example:none\"",
		" Type=\"\"",
		NULL,
		" Type=\"" UT_TYPE_DIGEST "\" Type=\"" UT_TYPE_TEXT "\"",
	};
	const char *type = types[f->choice[TYPE]];
	struct str out = STR(" Type=\"");

	if (!f->choice[TYPE] && f->t->text)
		return str(types[2]);
	if (type)
		return str(type);
	return plus(f, arena_concat(f->a, out, spell_repeat(f->a, STR("A"), 4096)), "\"");
}

static struct str child(struct forger *f, int point)
{
	static const char *const names[] = {
		[USERNAME] = "wsse:Username",
		[PASSWORD] = "wsse:Password",
		[NONCE] = "wsse:Nonce",
		[CREATED] = "wsu:Created",
	};
	const struct username_token *t = &f->t->sent;
	const struct str texts[] = { [USERNAME] = t->username,
				     [PASSWORD] = t->password,
				     [NONCE] = t->nonce,
				     [CREATED] = t->created };
	unsigned choice = f->choice[point];
	struct str text = mutate_text(f, texts[point], choice), out;
	struct str type = point == PASSWORD ? type_attribute(f) : STR("");

	if (choice == 1)
		return STR("");
	if (choice == 12)
		type = plus(
			f, type,
			" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:nil=\"true\"");
	out = arena_fmt(f->a, "<%s%.*s>", names[point], STR_ARG(type));
	out = arena_concat(f->a, out, text);
	out = arena_concat(f->a, out, arena_fmt(f->a, "</%s>", names[point]));
	return choice == 5 ? arena_concat(f->a, out, out) : out;
}

/* --- tokens and where they stand --- */

static struct str token(struct forger *f, struct str inside)
{
	struct str out = STR("<wsse:UsernameToken>");

	for (int point = USERNAME; point <= CREATED; point++)
		out = arena_concat(f->a, out, child(f, point));
	return plus(f, arena_concat(f->a, out, inside), "</wsse:UsernameToken>");
}

static struct str role(unsigned choice)
{
	static const char *const roles[] = {
		" s:mustUnderstand=\"true\"",
		" s:role=\"http://www.w3.org/2003/05/soap-envelope/role/none\"",
		" s:role=\"http://www.w3.org/2003/05/soap-envelope/role/next\"",
		" s:mustUnderstand=\"perhaps\"",
		"",
	};

	return str(roles[choice]);
}

static struct str declarations(unsigned choice)
{
	static const char *const rows[] = {
		" xmlns:wsse=\"" UT_NS_WSSE "\" xmlns:wsu=\"" UT_NS_WSU "\"",
		" xmlns:wsse=\"urn:example:wsse\" xmlns:wsu=\"" UT_NS_WSU "\"",
		" xmlns=\"\" xmlns:wsse=\"x\" xmlns:wsu=\"" UT_NS_WSU "\"",
		" xmlns:wsse=\"" UT_NS_WSSE "\" xmlns:wsu=\"urn:example:wsu\"",
		" xmlns:wsse=\"" UT_NS_WSSE "\"",
		" xmlns:wsse=\"http://schemas.xmlsoap.org/ws/2002/12/secext\" "
		"xmlns:wsu=\"" UT_NS_WSU "\"",
	};

	return str(rows[choice]);
}

static struct str security(struct forger *f, struct str inside)
{
	struct str out = arena_fmt(f->a, "<wsse:Security%.*s%.*s>",
				   STR_ARG(declarations(f->choice[NAMESPACE])),
				   STR_ARG(role(f->choice[ROLE])));

	out = plus(f, arena_concat(f->a, out, inside), "</wsse:Security>");
	if (out.n)
		spell_flip((char *)(uintptr_t)out.p, 0, f->choice[FLIP] ? out.n : 0,
			   f->choice[FLIP]);
	if (out.n)
		spell_flip((char *)(uintptr_t)out.p, 0, f->choice[FLIP_2] ? out.n : 0,
			   f->choice[FLIP_2]);
	return out;
}

static struct str around(struct forger *f, const char *before, struct str inside,
			 const char *behind)
{
	return plus(f, arena_concat(f->a, str(before), inside), behind);
}

/* What stands in the Header, and what beside the operation in the Body. */
static void place(struct forger *f, struct str *header, struct str *body)
{
	struct str one = token(f, STR("")), unsealed = declarations(f->choice[NAMESPACE]);
	struct str open = plus(f, arena_concat(f->a, STR("<h"), unsealed), ">");

	*body = STR("");
	switch (f->choice[PLACE]) {
	case 1:
		one = arena_concat(f->a, one, one);
		break;
	case 3:
		one = token(f, one);
		break;
	case 4:
		*body = plus(f, arena_concat(f->a, open, one), "</h>");
		one = STR("");
		break;
	case 5:
		*header = plus(f, arena_concat(f->a, open, one), "</h>");
		return;
	case 6:
		one = around(f, "<wsse:SecurityTokenReference><wsse:Embedded>", one,
			     "</wsse:Embedded></wsse:SecurityTokenReference>");
		break;
	case 7:
		one = around(f, "<!--", one, "-->");
		break;
	case 8:
		one = around(f, "<![CDATA[", one, "]]>");
		break;
	case 9:
		one = around(f, "<wsse:UsernameToken/>", one, "");
		break;
	case 10:
		/* Long texts and many tokens together would pass the cap of an envelope. */
		one = one.n < 2048 ? spell_repeat(f->a, one, 300) : arena_concat(f->a, one, one);
		break;
	}
	*header = security(f, one);
	if (f->choice[PLACE] == 2)
		*header = arena_concat(f->a, *header, *header);
}

/* --- the document --- */

static const char *prolog(unsigned choice)
{
	static const char *const rows[] = {
		[1] = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY user \"admin\">]>",
		[2] = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY user SYSTEM "
		      "\"file:///nonexistent\">]>",
		[3] = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
		      "\"&a;&a;&a;&a;\"><!ENTITY user \"&b;&b;&b;&b;\">]>",
		[4] = "<?xml version=\"1.0\"?><?order refuse?>",
		[9] = "  <?xml version=\"1.0\"?>",
		[10] = "<?xml version=\"1.1\"?>",
		[11] = "<?xml version=\"1.0\" encoding=\"X-NONE\"?>",
	};
	const char *row = choice < COUNT(rows) ? rows[choice] : NULL;

	return row ? row : "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
}

static struct str finish(struct forger *f, struct str v)
{
	unsigned choice = f->choice[DOCUMENT];

	if (choice >= 5 && choice <= 7)
		return str_sub(v, 0, v.n * (choice - 4) / 4);
	if (choice == 8)
		return arena_concat(f->a, v, str_n("\0<", 2));
	if (choice == 12)
		return plus(f, v, "<s:Envelope xmlns:s=\"" SOAP_NS_12 "\"/>");
	return choice == 14 ? STR("") : v;
}

static struct str document(struct forger *f)
{
	unsigned choice = f->choice[DOCUMENT];
	struct str header = STR(""), body = STR(""), out;

	place(f, &header, &body);
	if (choice == 13) {
		header = arena_concat(f->a, spell_repeat(f->a, STR("<x>"), 200), header);
		header = arena_concat(f->a, header, spell_repeat(f->a, STR("</x>"), 200));
	}
	out = arena_concat(f->a, str(prolog(choice)),
			   STR("<s:Envelope xmlns:s=\"" SOAP_NS_12 "\"><s:Header>"));
	out = plus(f, arena_concat(f->a, out, header), "</s:Header><s:Body>");
	out = arena_concat(f->a, out,
			   arena_fmt(f->a, "<%s xmlns=\"%s\">%s</%s>", f->op->name, f->op->ns,
				     f->op->arguments, f->op->name));
	out = plus(f, arena_concat(f->a, out, body), "</s:Body></s:Envelope>");
	return finish(f, out);
}

int spell_write_token_hostile(struct craft *c, const struct soap_operation *op,
			      const uint8_t *choice, struct spell_envelope *out, struct err *err)
{
	struct forger f = { .a = c->a, .choice = choice, .t = &c->token, .op = op };

	out->octets = document(&f);
	out->content_type = soap_content_type(c->a, op);
	return arena_check(c->a, err);
}

/* --- the door --- */

int spell_envelope(struct craft *c, const struct soap_operation *op, const struct spell_grammar *g,
		   const struct spelling *s, struct spell_envelope *out, struct err *err)
{
	if (g->hostile)
		return spell_write_token_hostile(c, op, s->choice, out, err);
	return spell_write_token(c, op, s->choice, out, err);
}

const struct spell_grammar *spell_grammar(enum mechanism mech, bool hostile)
{
	static const struct spell_grammar *const grammars[MECHANISMS][2] = {
		[MECH_BASIC] = { &spell_basic_legal, &spell_basic_hostile },
		[MECH_DIGEST] = { &spell_digest_legal, &spell_digest_hostile },
		[MECH_TOKEN] = { &spell_token_legal, &spell_token_hostile },
	};

	return grammars[mech][hostile];
}
