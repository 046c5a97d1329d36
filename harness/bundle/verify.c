#include "bundle/bundle.h"

#include "bundle/card.h"
#include "bundle/dsse.h"
#include "bundle/pack.h"
#include "bundle/sign.h"
#include "bundle/statement.h"
#include "report/report.h"

#define FACT_MAX 2000 /* octets of what is told */

struct check {
	struct arena *a;
	const struct bundle_check *o;
	struct bundle_facts *out;
	struct str octets;
	struct buf tar;
	struct bundle_files f;
	struct dsse dsse;
	struct proof *proof;
	struct papers papers;
	json_t *card;
};

static void drop_check(struct check *c)
{
	buf_free(&c->tar);
	proof_free(c->proof);
	papers_free(&c->papers);
	json_decref(c->card);
}

static void drop_buf(struct buf *b)
{
	buf_free(b);
}

/* --- which of the three is wrong? --- */

/* SHA256SUMS, its signature and the statement vouch for each other.  When the signature does not
 * fit, the statement's digests say which of the other two was changed.
 */
static int blame(struct check *c, const struct err *why, struct err *err)
{
	struct str sums = files_get(&c->f, BUNDLE_SUMS), wanted;
	char hex[BUNDLE_SHA256];

	wanted = statement_digest(c->a, c->dsse.payload, BUNDLE_SUMS);
	if (wanted.n && files_sha256(sums, hex, err) == 0 && !str_eq(wanted, str(hex)))
		return err_set(err, ERR_PARSE,
			       BUNDLE_SUMS ": changed, " BUNDLE_P7S " does not sign it");
	return err_set(err, ERR_PARSE, BUNDLE_P7S ": %s", why->text);
}

static int check_signature(struct check *c, struct err *err)
{
	struct str text = files_get(&c->f, BUNDLE_DSSE);
	struct err why = { 0 }, envelope = { 0 };
	char keyid[SIGN_KEYID];
	int bad = dsse_read(c->a, text, &c->dsse, &envelope);

	c->proof = proof_new(files_get(&c->f, BUNDLE_P7S), files_get(&c->f, BUNDLE_SUMS), &why);
	if (!c->proof)
		return blame(c, &why, err);
	if (bad)
		return err_set(err, ERR_PARSE, BUNDLE_DSSE ": %s", envelope.text);
	proof_keyid(c->proof, keyid);
	if (!str_eq(c->dsse.keyid, str(keyid)))
		return err_set(err, ERR_PARSE, BUNDLE_DSSE ": of another key than " BUNDLE_P7S);
	if (proof_octets(c->proof, dsse_pae(c->a, c->dsse.payload), c->dsse.sig, err))
		return err_prefix(err, BUNDLE_DSSE);
	return 0;
}

static int check_digest(struct check *c, const char *name, char hex[static BUNDLE_SHA256],
			struct err *err)
{
	if (files_sha256(files_get(&c->f, name), hex, err))
		return -1;
	if (str_eq(statement_digest(c->a, c->dsse.payload, name), str(hex)))
		return 0;
	return err_set(err, ERR_PARSE, "%s: changed, its SHA-256 is not that of " BUNDLE_DSSE,
		       name);
}

static int check_there(const struct bundle_files *f, struct err *err)
{
	static const char *const wanted[] = { BUNDLE_SUMS, BUNDLE_P7S, BUNDLE_DSSE };

	for (size_t i = 0; i < COUNT(wanted); i++)
		if (!files_find(f, str(wanted[i])))
			return err_set(err, ERR_PARSE, "%s: missing", wanted[i]);
	return 0;
}

static int check_vouchers(struct check *c, struct err *err)
{
	char hex[BUNDLE_SHA256];

	if (check_there(&c->f, err) || check_signature(c, err) ||
	    check_digest(c, BUNDLE_SUMS, hex, err) || check_digest(c, BUNDLE_P7S, hex, err))
		return -1;
	return files_check_sums(&c->f, files_get(&c->f, BUNDLE_SUMS), err);
}

/* --- do the pages say the same? --- */

static int check_pages(struct check *c, struct err *err)
{
	struct statement_facts facts = { .papers = &c->papers };
	struct str payload;

	if (papers_read(&c->f, &c->papers, err) ||
	    papers_check_files(c->a, &c->papers, &c->f, err) ||
	    papers_check_cases(&c->papers, &c->f, err) ||
	    papers_check_chain(&c->papers, &c->f, err))
		return -1;
	c->card = papers_json(&c->f, BUNDLE_CARD, err);
	if (!c->card || card_check(c->card, &c->papers, err) ||
	    check_digest(c, BUNDLE_SUMS, facts.sums, err) ||
	    check_digest(c, BUNDLE_P7S, facts.p7s, err))
		return -1;
	facts.firmware = card_firmware(c->card);
	if (statement_write(c->a, &facts, &payload, err))
		return -1;
	if (str_eq(payload, c->dsse.payload))
		return 0;
	return err_set(err, ERR_PARSE, BUNDLE_DSSE ": does not say what " PAPERS_RESULTS " says");
}

/* --- are the layers around the files those that these files give? --- */

static int check_tar(struct check *c, struct err *err)
{
	struct buf own DEFER(drop_buf);

	buf_init(&own, pack_caps.octets);
	if (c->f.mtime_s != c->papers.end_ms / 1000)
		return err_set(err, ERR_PARSE, "the times in the tar are not the run's");
	if (pack_tar(&c->f, &own, err))
		return -1;
	if (str_eq(buf_view(&own), buf_view(&c->tar)))
		return 0;
	return err_set(err, ERR_PARSE, "the headers of the tar were changed");
}

/* Another zlib may press the same files in another way; then there is nothing to compare with. */
static int check_gzip(struct check *c, struct err *err)
{
	struct buf own DEFER(drop_buf);

	buf_init(&own, pack_caps.octets);
	if (strcmp(papers_text(c->card, "zlib"), pack_zlib_version()) != 0) {
		c->out->other_zlib = true;
		return 0;
	}
	if (pack_gzip(buf_view(&c->tar), &own, err))
		return -1;
	if (str_eq(buf_view(&own), c->octets))
		return 0;
	return err_set(err, ERR_PARSE,
		       "the gzip layer was changed: it holds the signed files, but "
		       "in another form");
}

/* --- what it says --- */

static struct str clean(struct check *c, const json_t *object, const char *key)
{
	return text_clean(c->a, str(papers_text(object, key)), FACT_MAX);
}

static struct str device_text(struct check *c)
{
	static const char *const parts[] = { "manufacturer", "model", "firmware", "serial" };
	const json_t *d = json_object_get(json_object_get(c->card, "device"), "identity");
	struct str text = STR("");

	for (size_t i = 0; i < COUNT(parts); i++) {
		struct str part = clean(c, d, parts[i]);

		if (part.n)
			text = arena_fmt(c->a, "%.*s%s%s %.*s", STR_ARG(text), text.n ? ", " : "",
					 parts[i], STR_ARG(part));
	}
	return text;
}

static int tell(struct check *c, struct err *err)
{
	const json_t *firmware = card_firmware(c->card);
	struct bundle_facts *out = c->out;

	out->subject = proof_subject(c->a, c->proof);
	out->issuer = proof_issuer(c->a, c->proof);
	out->target = clean(c, c->card, "target");
	out->device = device_text(c);
	out->firmware = STR("");
	if (json_is_object(firmware))
		out->firmware =
			arena_fmt(c->a, "%.*s, SHA-256 %.*s", STR_ARG(clean(c, firmware, "name")),
				  STR_ARG(clean(c, firmware, "sha256")));
	out->profile = clean(c, c->card, "profile");
	out->result = clean(c, c->card, "result");
	out->started = clean(c, c->card, "started");
	out->decision_rule = clean(c, c->card, "decision_rule");
	out->statement = clean(c, c->card, "operator");
	out->unfit = card_lines(
		c->a, json_object_get(json_object_get(c->card, "certification"), "reasons"));
	out->files = c->f.n;
	out->octets = c->tar.n;
	return arena_check(c->a, err);
}

/* What is told first is what a reader can act on: a changed file before a changed wrapping. */
static int check_all(struct check *c, struct err *err)
{
	if (pack_gunzip(c->octets, &pack_caps, &c->tar, err) ||
	    pack_list(c->a, buf_view(&c->tar), &pack_caps, &c->f, err))
		return -1;
	if (check_vouchers(c, err))
		return -1;
	if (proof_trust(c->proof, c->o->ca, c->o->now_ms, err))
		return err->code == ERR_INPUT ? -1 : err_prefix(err, BUNDLE_P7S ": the signer");
	if (check_pages(c, err) || check_tar(c, err) || check_gzip(c, err))
		return -1;
	if (c->o->judge && c->o->judge(c->o->judge_ctx, &c->f, err))
		return -1;
	return tell(c, err);
}

int bundle_verify(struct arena *a, struct str octets, const struct bundle_check *check,
		  struct bundle_facts *out, struct err *err)
{
	struct check c DEFER(drop_check) = { .a = a, .o = check, .out = out, .octets = octets };

	*out = (struct bundle_facts){ .files = 0 };
	buf_init(&c.tar, pack_caps.octets);
	return check_all(&c, err);
}
