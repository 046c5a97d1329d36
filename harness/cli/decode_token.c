/* UsernameToken: UTP 1.0 and 1.1, ONVIF Core 5.9.5. */
#include "cli/decode_parts.h"

#include "auth/datetime.h"
#include "soap/soap.h"

#include <inttypes.h>

#define CLAUSE  "UTP 1.1 section 3.1"
#define SKEW_MS 300000 /* UTP 1.1 section 3.1 recommends five minutes */

/* Around what is pasted without its envelope; no line feed, so that lines stay what they are. */
#define HEAD                                                                                       \
	"<s:Envelope xmlns:s=\"" SOAP_NS_12 "\" xmlns:wsse=\"" UT_NS_WSSE                          \
	"\" xmlns:wsu=\"" UT_NS_WSU "\"><s:Header>"
#define TAIL "</s:Header><s:Body/></s:Envelope>"

struct reading {
	struct decoder *d;
	struct decoded_item *item;
	struct soap_message m;
	struct account account;
	struct token_result result;
};

/* --- reading --- */

/* The local name of the root, and where its tag starts. */
static struct str root_of(struct str xml, size_t *at)
{
	struct str rest = str_trim(xml), name;
	size_t colon;

	while (str_starts(rest, STR("<?")) || str_starts(rest, STR("<!--"))) {
		size_t end = str_chr(rest, '>');

		if (end == (size_t)-1)
			return STR("");
		rest = str_trim(str_sub(rest, end + 1, rest.n));
	}
	*at = (size_t)(rest.p - xml.p);
	name = str_sub(rest, 1, rest.n);
	for (size_t i = 0; i < name.n; i++)
		if (strchr(" \t\r\n/>", name.p[i]))
			name.n = i;
	colon = str_chr(name, ':');
	return colon == (size_t)-1 ? name : str_sub(name, colon + 1, name.n);
}

static struct str line_feeds(struct decoder *d, struct str skipped)
{
	struct str out = STR("");

	for (size_t i = 0; i < skipped.n; i++)
		if (skipped.p[i] == '\n')
			out = arena_concat(d->a, out, STR("\n"));
	return out;
}

/* An envelope around what is none; .p NULL where nobody would know how. */
static struct str enveloped(struct decoder *d, struct str xml)
{
	size_t at = 0;
	struct str root = root_of(xml, &at), bare = str_sub(xml, at, xml.n);
	struct str before = line_feeds(d, str_sub(xml, 0, at < 4096 ? at : 0));

	if (str_eq(root, STR("Envelope")))
		return xml;
	if (str_eq(root, STR("Security")))
		return arena_fmt(d->a, HEAD "%.*s%.*s" TAIL, STR_ARG(before), STR_ARG(bare));
	if (str_eq(root, STR("UsernameToken")))
		return arena_fmt(d->a, HEAD "<wsse:Security>%.*s%.*s</wsse:Security>" TAIL,
				 STR_ARG(before), STR_ARG(bare));
	return (struct str){ NULL, 0 };
}

/* The reader says "line N: ..." of what it was given. */
static int bad_xml(struct decoder *d, size_t line, const struct err *why)
{
	struct str rest = str(why->text);
	uint64_t n = 1;

	if (why->code == ERR_NOMEM)
		return err_set(d->err, ERR_NOMEM, "%s", why->text);
	if (str_starts(rest, STR("line "))) {
		rest = str_sub(rest, 5, rest.n);
		if (str_to_u64(str_cut(&rest, ':'), DECODE_MAX_BYTES, &n) || !n)
			n = 1;
	}
	rest = str_trim(rest);
	return err_set(d->err, ERR_INPUT, "%zu: %.*s, expected an envelope or a UsernameToken",
		       line + (size_t)n - 1, STR_ARG(rest));
}

/* --- judging --- */

static const enum defect hash_defects[] = {
	DEFECT_PASSWORD,
	DEFECT_TOKEN_NONCE_UNDECODED,
	DEFECT_TOKEN_DIGEST_NO_NONCE,
	DEFECT_TOKEN_DIGEST_NO_CREATED,
	DEFECT_TOKEN_DIGEST_FORM,
	DEFECT_TOKEN_DIGEST_PLAIN,
	DEFECT_TOKEN_TEXT,
};

static void place_defects(const struct soap_message *m, struct defects *d)
{
	const struct {
		bool is;
		enum defect defect;
	} places[] = {
		{ m->n_token > 1, DEFECT_TOKEN_TWO },
		{ m->n_security > 1, DEFECT_TOKEN_TWO_HEADERS },
		{ m->token_in_body, DEFECT_TOKEN_MISPLACED },
		{ m->security_foreign, DEFECT_TOKEN_NAMESPACE },
		{ m->security_elsewhere, DEFECT_TOKEN_ACTOR },
	};

	for (size_t i = 0; i < COUNT(places); i++)
		if (places[i].is)
			defect_set(d, places[i].defect);
}

static void facts(struct reading *k)
{
	const struct username_token *t = &k->m.token;
	const char *type = str_eq(t->password_type, STR(UT_TYPE_DIGEST)) ? "PasswordDigest"
			   : str_eq(t->password_type, STR(UT_TYPE_TEXT)) ? "PasswordText"
			   : t->password_type.p                          ? "of a foreign Type"
									 : "without Type";

	decoding_fact(k->item, "operation", k->m.body_name);
	decoding_fact(k->item, "username", t->username);
	decoding_fact(k->item, "password", str(type));
	decoding_fact(k->item, "nonce", t->nonce);
	if (k->result.nonce_octets.n)
		decoding_fact(k->item, "nonce is",
			      arena_fmt(k->d->a, "%zu octets", k->result.nonce_octets.n));
	decoding_fact(k->item, "created", t->created);
}

/* Whole hours off: a zone, not a clock. */
static const char *skew_hint(int64_t ms)
{
	int64_t half_hours = (ms < 0 ? -ms : ms) + 60000;

	if (half_hours < 1800000 || half_hours % 1800000 > 120000)
		return "";
	return "; that is a zone or a daylight hour: local time that calls itself UTC";
}

static void judge_skew(struct reading *k)
{
	int64_t ms = k->result.created_unix_ms - k->d->seen_unix_ms, s = ms / 1000;
	const char *side = ms < 0 ? "behind" : "ahead of";
	const char *against = k->d->ask->has_at ? "--at" : "the Date of the response";
	struct str text;

	if (!k->d->has_seen || !k->result.has_created)
		return;
	text = arena_fmt(k->d->a, "Created is %" PRId64 " s %s %s%s", s < 0 ? -s : s, side, against,
			 skew_hint(ms));
	if (ms > SKEW_MS || ms < -SKEW_MS)
		decoding_find(k->item, DECODED_WRONG, "created-skew", text,
			      "UTP 1.1 section 3.1, which recommends five minutes");
	else
		decoding_fact(k->item, "skew", text);
}

static void judge_user(struct reading *k)
{
	const struct decode_ask *ask = k->d->ask;
	struct str sent = k->m.token.username;

	if (!ask->user_given || !sent.p || str_eq(sent, ask->user))
		return;
	decoding_find(
		k->item, DECODED_WRONG, str_ieq(sent, ask->user) ? "user-case" : "user-other",
		str_ieq(sent, ask->user)
			? STR("the user name is in other letters than --user: names have case")
			: STR("the user name is not that of --user"),
		CLAUSE);
}

static struct nearly_token question(const struct reading *k)
{
	const struct username_token *t = &k->m.token;

	return (struct nearly_token){
		.nonce = t->nonce,
		.created = t->created,
		.digest = t->password,
		.timestamp_created = soap_leaf_text(&k->m, "Timestamp", "Created"),
		.user = t->username,
		.password = k->d->ask->password,
	};
}

static int judge_digest(struct reading *k)
{
	struct nearly_token n = question(k);
	struct nearly near;
	struct arena scratch DEFER(decode_drop);
	bool right;

	arena_init(&scratch, DECODE_SCRATCH_MAX);
	if (nearly_token_right(&scratch, &n, &right, k->d->err))
		return -1;
	if (right) {
		decoding_find(k->item, DECODED_RIGHT, "digest",
			      STR("the digest is that of this password"), CLAUSE);
		return 0;
	}
	if (nearly_token(&scratch, &n, &near, k->d->err))
		return -1;
	decode_nearly(k->d, k->item, &near, CLAUSE);
	return 0;
}

/* Text may also be a digest under the wrong Type: the verifier has said so then. */
static int judge_text(struct reading *k)
{
	if (hash_equal(k->m.token.password, k->d->ask->password)) {
		decoding_find(k->item, DECODED_RIGHT, "password",
			      STR("the password is the one that was given"), CLAUSE);
		return 0;
	}
	if (str_eq(k->m.token.password_type, STR(UT_TYPE_TEXT)))
		return decode_nearly(k->d, k->item, &(struct nearly){ NULL, STR("") }, CLAUSE), 0;
	return judge_digest(k);
}

static int judge(struct reading *k)
{
	const struct verify_policy policy = { .account = &k->account, .n_account = 1 };
	struct decoder *d = k->d;
	struct defects defects;

	k->account = (struct account){ k->m.token.username, d->ask->password, 0 };
	if (verify_token(d->a, &policy, &k->m.token, &k->result, d->err))
		return -1;
	defects = k->result.defects;
	if (defect_has(&defects, DEFECT_TOKEN_TEXT))
		decoding_find(
			k->item, DECODED_NOTE, "token-text",
			STR("the password itself goes over the wire: ONVIF asks for a digest"),
			"ONVIF Core section 5.9.5");
	for (size_t i = 0; i < COUNT(hash_defects); i++)
		defect_clear(&defects, hash_defects[i]);
	place_defects(&k->m, &defects);
	facts(k);
	decode_defects(d, k->item, defects, CLAUSE);
	judge_user(k);
	judge_skew(k);
	if (!d->ask->password.p)
		decoding_find(k->item, DECODED_NOTE, "no-password",
			      STR("no password was given: nothing was recomputed"), "");
	if (!d->ask->password.p || !k->m.token.password.p)
		return 0;
	return str_eq(k->m.token.password_type, STR(UT_TYPE_DIGEST)) ? judge_digest(k)
								     : judge_text(k);
}

/* Nothing for us, but somewhere there may be a token. */
static int no_token(struct decoder *d, size_t line, const struct soap_message *m, bool must)
{
	bool misplaced = m->token_in_body || m->security_foreign || m->security_elsewhere;
	struct decoded_item *item = NULL;
	struct defects defects = { { 0, 0 } };

	if (must || misplaced)
		item = decoding_item(d->a, d->out, line, "envelope");
	if (!item)
		return arena_check(d->a, d->err);
	decoding_fact(item, "operation", m->body_name);
	place_defects(m, &defects);
	decode_defects(d, item, defects, CLAUSE);
	if (!misplaced)
		decoding_find(item, DECODED_NOTE, "no-token", STR("no UsernameToken in it"),
			      CLAUSE);
	return arena_check(d->a, d->err);
}

int decode_xml(struct decoder *d, size_t line, struct str xml, bool must)
{
	struct reading k = { .d = d };
	struct str envelope = enveloped(d, xml);
	struct err why = { .code = ERR_NONE };

	if (!envelope.p && !must)
		return arena_check(d->a, d->err);
	if (!envelope.p)
		return err_set(d->err, ERR_INPUT,
			       "%zu: another XML element, expected an Envelope, Security or "
			       "UsernameToken",
			       line);
	if (soap_read(d->a, envelope, &k.m, &why))
		return bad_xml(d, line, &why);
	if (!k.m.n_token)
		return no_token(d, line, &k.m, must);
	k.item = decoding_item(d->a, d->out, line, "UsernameToken");
	return k.item && !judge(&k) ? arena_check(d->a, d->err) : -1;
}
