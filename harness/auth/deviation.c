/* The table of deviations: what the case language can say about credentials. */
#include "auth/deviate.h"

#include <stdio.h>

#define NUMBER_MAX 4096 /* of "bytes:NUMBER" and the like */

/* --- values --- */

/* "-330": minutes east of Greenwich, as many as xsd:dateTime allows. */
int deviation_minutes(struct str text, int *minutes)
{
	bool west = str_starts(text, STR("-"));
	uint64_t n;

	if (str_starts(text, STR("+")) || west)
		text = str_sub(text, 1, text.n);
	if (str_to_u64(text, 840, &n))
		return -1;
	*minutes = west ? -(int)n : (int)n;
	return 0;
}

/* A word and a number behind it: "bytes:16". */
static bool numbered(struct str prefix, struct str value, uint64_t max, struct str *argument)
{
	uint64_t number;

	*argument = str_sub(value, prefix.n, value.n);
	return str_starts(value, prefix) && str_to_u64(*argument, max, &number) == 0 && number > 0;
}

bool deviation_value(struct str word, struct str value, struct str *argument)
{
	const struct str zone = STR("zone:"), wall = STR("wall:");
	int minutes;
	int64_t ms;

	*argument = STR("");
	if (str_eq(word, STR("=LITERAL"))) {
		*argument = str_sub(value, 1, value.n);
		return str_starts(value, STR("="));
	}
	if (str_eq(word, STR("DURATION"))) {
		*argument = value;
		return str_to_ms(value, &ms) == 0;
	}
	if (str_eq(word, STR("bytes:NUMBER")))
		return numbered(STR("bytes:"), value, 4096, argument);
	if (str_eq(word, STR("ahead:NUMBER")))
		return numbered(STR("ahead:"), value, 4096, argument);
	if (str_eq(word, STR("behind:NUMBER")))
		return numbered(STR("behind:"), value, 4096, argument);
	if (str_eq(word, STR("fraction:NUMBER")))
		return numbered(STR("fraction:"), value, 64, argument);
	if (str_eq(word, STR("zone:MINUTES")) || str_eq(word, STR("wall:MINUTES"))) {
		*argument = str_sub(value, zone.n, value.n);
		return str_starts(value, str_starts(word, zone) ? zone : wall) &&
		       deviation_minutes(*argument, &minutes) == 0;
	}
	return str_eq(word, value);
}

static bool is_one_of(const char *words, struct str value)
{
	struct str rest = str(words), word, argument;

	while ((word = str_word(&rest)).n)
		if (deviation_value(word, value, &argument))
			return true;
	return false;
}

int action_run(const struct action *table, size_t n, struct craft *c, struct str value,
	       struct err *err)
{
	struct str argument;

	for (size_t i = 0; i < n; i++)
		if (deviation_value(str(table[i].value), value, &argument))
			return table[i].run(c, argument, err);
	return err_set(err, ERR_INTERNAL, "the table of deviations has no such value");
}

/* --- classes --- */

static enum deviation_class class_of(struct str value, const char *state, const char *legal)
{
	if (is_one_of(state, value))
		return DEVIATION_STATE;
	return is_one_of(legal, value) ? DEVIATION_LEGAL : DEVIATION_CONTENT;
}

#define CLASS(name, state, legal)                                                                  \
	static enum deviation_class class_##name(struct str value)                                 \
	{                                                                                          \
		return class_of(value, state, legal);                                              \
	}
CLASS(content, "", "")
CLASS(digest_user, "", "star hashed")
CLASS(basic_scheme, "", "lower upper mixed two-spaces")
CLASS(digest_nonce, "same foreign altered truncated", "")
/* RFC 7616 3.4: cnonce is a quoted-string, and no clause keeps it from being empty. */
CLASS(digest_cnonce, "", "same empty long comma quote bytes:NUMBER")
CLASS(digest_qop, "", "auth-int")
CLASS(digest_algorithm, "", "omit lower")
CLASS(digest_uri, "", "absolute escaped")
CLASS(digest_scheme, "", "lower upper mixed")
CLASS(digest_separator, "", "tight spaced tab empty-members")
CLASS(token_type, "", "text")
CLASS(token_nonce, "same =LITERAL",
      "bytes:NUMBER zeros nul-inside nul-first nul-last ones plus lines")
CLASS(token_created, "same DURATION wall:MINUTES =LITERAL",
      "no-zone offset offset-zero fraction3 fraction9 zone:MINUTES fraction:NUMBER")
CLASS(token_actor, "", "next ultimate empty")
CLASS(token_headers, "", "right-ours")
/* Whether a Timestamp is looked at is for a server to show. */
CLASS(token_timestamp,
      "short expired just-expired future reversed two two-created two-expires no-created garbage",
      "fresh created-only")
CLASS(token_beside, "unknown-mandatory unknown-mandatory-1 unknown-mandatory-next",
      "unknown unknown-optional unknown-relay mandatory-elsewhere mandatory-for-nobody addressing")
CLASS(token_attack, "", "deep long-name long-attribute many-children")
CLASS(token_prefix, "", "default odd swapped redeclared")
CLASS(token_encoding_type, "", "omit")
CLASS(token_extra, "timestamp-expired", "child timestamp id")
#undef CLASS

static enum deviation_class class_legal(struct str value)
{
	(void)value;
	return DEVIATION_LEGAL;
}

/* A literal that has the right form is a matter of what was sent before. */
static enum deviation_class class_digest_nc(struct str value)
{
	struct str literal = str_sub(value, 1, value.n);
	uint64_t nc;

	if (!str_starts(value, STR("=")))
		return class_of(value, "same lower behind:NUMBER", "skip high ahead:NUMBER");
	for (size_t i = 0; i < literal.n; i++)
		if (literal.p[i] != char_lower(literal.p[i]))
			return DEVIATION_CONTENT;
	if (literal.n != 8 || digest_nc_number(literal, &nc) || nc == 0)
		return DEVIATION_CONTENT;
	return DEVIATION_STATE;
}

/* --- rows --- */

#define BASIC(name, fn, stage, class, values, help)                                                \
	{                                                                                          \
		MECH_BASIC, name, values, stage, help, deviate_basic_##fn, class_##class           \
	}
#define DIGEST(name, fn, stage, class, values, help)                                               \
	{                                                                                          \
		MECH_DIGEST, name, values, stage, help, deviate_digest_##fn, class_##class         \
	}
#define TOKEN(name, fn, stage, class, values, help)                                                \
	{                                                                                          \
		MECH_TOKEN, name, values, stage, help, deviate_token_##fn, class_##class           \
	}

const struct deviation deviations[] = {
	BASIC("user", user, STAGE_VALUES, content,
	      "unknown empty case prefix padded nul-appended trailing-space question ascii "
	      "=LITERAL",
	      "another user-id"),
	BASIC("password", password, STAGE_VALUES, content,
	      "wrong empty case prefix bytes:NUMBER nul-appended trailing-space padded line-end "
	      "question ascii =LITERAL",
	      "another password; bytes: its first so many octets; question: ? for what is not "
	      "ASCII"),
	BASIC("scheme", scheme, STAGE_PARAMS, basic_scheme,
	      "omit lower upper mixed two-spaces tab glued",
	      "the scheme, and the space behind it, in another spelling"),
	BASIC("payload", payload, STAGE_PARAMS, content,
	      "no-colon bad-padding no-padding junk-after-padding space-inside empty not-base64 "
	      "trailing-param url-alphabet doubled plain",
	      "the Base64 of user-id and password in another spelling"),
	BASIC("overlong", overlong, STAGE_VALUES, content, "user password",
	      "a user-id or password of two thousand characters"),
	BASIC("fields", fields, STAGE_FIELDS, content, "two-right-wrong two-wrong-right two-same",
	      "two Authorization fields"),

	DIGEST("user", user, STAGE_VALUES, digest_user,
	       "unknown empty case prefix padded both star hashed bytes:NUMBER =LITERAL",
	       "another username; both, star: username* beside it, alone; hashed: userhash=true"),
	DIGEST("password", password, STAGE_VALUES, content,
	       "wrong empty case prefix bytes:NUMBER trailing-space question ascii =LITERAL",
	       "another password; bytes: its first so many octets; question: ? for what is not "
	       "ASCII"),
	DIGEST("realm", realm, STAGE_VALUES, content, "wrong empty",
	       "another realm, hashed and sent"),
	DIGEST("nonce", nonce, STAGE_VALUES, digest_nonce, "same foreign altered empty truncated",
	       "another nonce, hashed and sent; same: that of the last step"),
	DIGEST("nc", nc, STAGE_VALUES, digest_nc,
	       "same lower skip zero high ahead:NUMBER behind:NUMBER =LITERAL",
	       "another nonce count than the next one; ahead, behind: of the highest"),
	DIGEST("nc-form", nc_form, STAGE_VALUES, content, "short long upper",
	       "the nonce count not as eight lower-case hex digits"),
	DIGEST("qop", qop, STAGE_VALUES, digest_qop, "none unknown auth-int",
	       "another quality of protection; none: the form of RFC 2069"),
	DIGEST("algorithm", algorithm, STAGE_VALUES, digest_algorithm,
	       "omit lower unknown sess md5-label sha256 plain-hash",
	       "another algorithm, or another name for it"),
	DIGEST("cnonce", cnonce, STAGE_VALUES, digest_cnonce,
	       "same empty long comma quote bytes:NUMBER",
	       "another client nonce than 32 fresh hex digits"),
	DIGEST("method", method, STAGE_VALUES, content, "other", "the hash is over another method"),
	DIGEST("uri", uri, STAGE_VALUES, digest_uri,
	       "other other-sent other-hashed no-query query-added query-altered fragment upper "
	       "asterisk trailing-slash double-slash absolute empty escaped",
	       "another uri, hashed and sent unless it says which"),
	DIGEST("body", body, STAGE_VALUES, content, "changed empty",
	       "the hash of qop=auth-int is over another body"),
	DIGEST("opaque", opaque, STAGE_VALUES, content, "omit altered",
	       "not the opaque of the challenge"),
	DIGEST("response", response, STAGE_PARAMS, content, "upper altered short half long empty",
	       "the right hash in a wrong spelling, or a wrong one"),
	DIGEST("omit", omit, STAGE_PARAMS, content,
	       "username realm nonce uri response qop nc cnonce algorithm",
	       "a parameter is hashed and not sent"),
	DIGEST("overlong", overlong, STAGE_PARAMS, content,
	       "username realm nonce uri response algorithm opaque qop nc cnonce",
	       "a parameter of two thousand characters, hashed as it was"),
	DIGEST("duplicate", duplicate, STAGE_PARAMS, content,
	       "username realm nonce uri response algorithm opaque qop nc cnonce",
	       "a parameter twice with the same value"),
	DIGEST("duplicate-wrong", duplicate_wrong, STAGE_PARAMS, content,
	       "username realm nonce uri response algorithm opaque qop nc cnonce",
	       "a parameter twice, the second time with another value"),
	DIGEST("quote", quote, STAGE_PARAMS, legal, "qop nc algorithm",
	       "a quoted-string where clients write a token"),
	DIGEST("unquote", unquote, STAGE_PARAMS, legal,
	       "username realm nonce response cnonce opaque",
	       "a token where clients write a quoted-string"),
	DIGEST("escape", escape, STAGE_PARAMS, legal, "user",
	       "the username with a backslash before each character"),
	DIGEST("extra", extra, STAGE_PARAMS, legal, "unknown unknown-comma",
	       "a parameter that nobody defined; with a comma in its quoted value"),
	DIGEST("order", order, STAGE_PARAMS, legal, "reversed response-first",
	       "parameters in another order"),
	DIGEST("names", names, STAGE_PARAMS, legal, "upper mixed",
	       "names of parameters in other letters"),
	DIGEST("scheme", scheme, STAGE_PARAMS, digest_scheme, "lower upper mixed omit",
	       "the scheme in other letters, or not at all"),
	DIGEST("separator", separator, STAGE_PARAMS, digest_separator,
	       "none tight spaced tab empty-members semicolon",
	       "something else than a comma and a space between parameters"),
	DIGEST("equals", equals, STAGE_PARAMS, legal, "spaced tab", "white space around \"=\""),
	DIGEST("fields", fields, STAGE_FIELDS, content, "two-right-wrong two-wrong-right two-same",
	       "two Authorization fields"),

	TOKEN("user", user, STAGE_VALUES, content,
	      "unknown empty case padded bytes:NUMBER =LITERAL", "another Username"),
	TOKEN("password", password, STAGE_VALUES, content, "wrong empty case prefix =LITERAL",
	      "another password, hashed or plain"),
	TOKEN("type", type, STAGE_VALUES, token_type,
	      "text missing missing-text foreign suffix qname upper lower version query empty",
	      "another Type of Password; text: PasswordText with the right password"),
	TOKEN("created", created, STAGE_VALUES, token_created,
	      "DURATION same empty no-zone offset offset-zero fraction3 fraction9 date-only "
	      "garbage "
	      "lower leap no-seconds month-13 month-0 day-32 february-30 hour-25 minute-60 space "
	      "slashes basic short-year epoch comma dot-only zone-tight zone-hours zone-far "
	      "zone-name zone-twice trailing plus-year zone:MINUTES wall:MINUTES fraction:NUMBER "
	      "=LITERAL",
	      "another Created, hashed and sent; a duration counts from the device's now"),
	TOKEN("nonce", nonce, STAGE_VALUES, token_nonce,
	      "same empty not-base64 bytes:NUMBER zeros nul-inside nul-first nul-last ones plus "
	      "undecoded double spaces-inside lines no-padding more-padding hidden =LITERAL",
	      "another Nonce than the Base64 of 16 fresh octets"),
	TOKEN("omit", omit, STAGE_VALUES, content,
	      "username password nonce created nonce-created all",
	      "a child is missing, from the digest too"),
	TOKEN("digest", digest, STAGE_PARAMS, content,
	      "hex sha256 md5 sha512-256 no-nonce no-created bare swapped nonce-last equivalent "
	      "double altered empty short long plain =LITERAL",
	      "another password digest"),
	TOKEN("encoding-type", encoding_type, STAGE_PARAMS, token_encoding_type, "omit foreign",
	      "another EncodingType of Nonce"),
	TOKEN("duplicate", duplicate, STAGE_PARAMS, content, "username password nonce created",
	      "a child twice with the same text"),
	TOKEN("duplicate-wrong", duplicate_wrong, STAGE_PARAMS, content,
	      "username password nonce created",
	      "a child twice, the second time with another text"),
	TOKEN("duplicate-wrong-first", duplicate_wrong_first, STAGE_PARAMS, content,
	      "username password nonce created", "a child twice, the first time with another text"),
	TOKEN("blank", blank, STAGE_PARAMS, content, "username password nonce created",
	      "a child with nothing but white space in it, and nothing of it hashed"),
	TOKEN("child-namespace", child_namespace, STAGE_PARAMS, content,
	      "username password nonce created",
	      "a child of the right name in a namespace that nobody knows"),
	TOKEN("split", split, STAGE_PARAMS, legal,
	      "comment-username comment-password comment-nonce comment-created cdata-username "
	      "cdata-password cdata-nonce cdata-created charref-username charref-password "
	      "charref-nonce charref-created",
	      "the right text of a child, written in pieces"),
	TOKEN("append", append, STAGE_PARAMS, content,
	      "comment-username comment-password comment-nonce comment-created cdata-username "
	      "cdata-password cdata-nonce cdata-created charref-username charref-password "
	      "charref-nonce charref-created element-username element-password element-nonce "
	      "element-created",
	      "the right text of a child, and an x behind it in another piece"),
	TOKEN("order", order, STAGE_PARAMS, legal, "reversed username-last",
	      "children in another order"),
	TOKEN("text", text, STAGE_PARAMS, legal, "cdata charref whitespace comment",
	      "the same texts in another spelling of XML"),
	TOKEN("namespace", namespace, STAGE_PARAMS, content, "wrong draft wsu-wrong wsu-missing",
	      "other namespaces; wsu-missing: Created is in that of Username"),
	TOKEN("prefix", prefix, STAGE_PARAMS, token_prefix, "default odd swapped redeclared",
	      "other prefixes for the same namespaces"),
	TOKEN("must-understand", must_understand, STAGE_PARAMS, legal, "1 true 0 false omit",
	      "mustUnderstand of the Security header; a correct client says true"),
	TOKEN("actor", actor, STAGE_PARAMS, token_actor, "other none next ultimate empty",
	      "the Security header has a role; of other and none the device is not"),
	TOKEN("timestamp", timestamp, STAGE_PARAMS, token_timestamp,
	      "fresh created-only short expired just-expired future reversed two two-created "
	      "two-expires no-created garbage",
	      "a Timestamp beside the token"),
	TOKEN("quotes", quotes, STAGE_PARAMS, legal, "single", "single quotes around attributes"),
	TOKEN("extra", extra, STAGE_PARAMS, token_extra, "child timestamp timestamp-expired id",
	      "more elements or attributes than a device needs"),
	TOKEN("tokens", tokens, STAGE_FIELDS, content, "two-right-wrong two-wrong-right two-same",
	      "two UsernameTokens in the Security header"),
	TOKEN("headers", headers, STAGE_FIELDS, token_headers,
	      "two-right-wrong two-wrong-right right-ours right-theirs",
	      "two Security headers; ours and theirs: one of them is for somebody else"),
	TOKEN("beside", beside, STAGE_FIELDS, token_beside,
	      "unknown unknown-optional unknown-relay unknown-mandatory unknown-mandatory-1 "
	      "unknown-mandatory-next mandatory-elsewhere mandatory-for-nobody addressing",
	      "another header block behind the Security header"),
	TOKEN("attack", attack, STAGE_FIELDS, token_attack,
	      "doctype internal-entity external-entity parameter-entity default-attribute "
	      "undeclared-entity wrapped in-security nested deep deeper long-name long-attribute "
	      "many-children",
	      "what XML allows and a token does not need"),
	TOKEN("place", place, STAGE_FIELDS, content, "body comment",
	      "the Security header stands where none is"),
	{ .name = NULL },
};

const struct deviation *deviation_find(enum mechanism mech, struct str name)
{
	for (const struct deviation *d = deviations; d->name; d++)
		if (d->mech == mech && str_eq(name, str(d->name)))
			return d;
	return NULL;
}

/* "one of: same lower skip or =TEXT" */
int deviation_check(const struct deviation *d, struct str value, struct err *err)
{
	static const struct {
		const char *word, *text;
	} open[] = {
		{ "=LITERAL", "or =TEXT" },
		{ "DURATION", "a duration such as -10m" },
		{ "bytes:NUMBER", "bytes:1 to bytes:4096" },
		{ "ahead:NUMBER", "ahead:1 to ahead:4096" },
		{ "behind:NUMBER", "behind:1 to behind:4096" },
		{ "fraction:NUMBER", "fraction:1 to fraction:64" },
		{ "zone:MINUTES", "zone:-840 to zone:840" },
		{ "wall:MINUTES", "wall:-840 to wall:840" },
	};
	struct str rest = str(d->values), word;
	char expected[640] = "";
	size_t n = 0;

	if (is_one_of(d->values, value))
		return 0;
	while ((word = str_word(&rest)).n) {
		for (size_t i = 0; i < COUNT(open); i++)
			if (str_eq(word, str(open[i].word)))
				word = str(open[i].text);
		if (n < sizeof(expected))
			n += (size_t)snprintf(expected + n, sizeof(expected) - n, " %.*s",
					      STR_ARG(word));
	}
	return err_set(err, ERR_INPUT, "%s=\"%.*s\": expected one of:%s", d->name,
		       STR_ARG(str_sub(value, 0, 64)), expected);
}
