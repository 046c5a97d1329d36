#include "bundle/card.h"

#include "bundle/certify.h"
#include "bundle/pack.h"
#include "report/report.h"

#include <stdlib.h>

#define TITLE "Authentication conformance report"
#define SCOPE                                                                                      \
	"What was judged is HTTP Basic, HTTP Digest and WS-Security UsernameToken authentication " \
	"under the named profile of the named catalogue, on the one device and at the time named " \
	"here. It is no statement of ONVIF or of another owner of a specification."

const char bundle_decision_rule[] =
	"FAILED when a rule that gates under the profile is broken in any case; WARNED when only "
	"advice is not followed or a right decision has a wrong form; else PASSED. A refusal "
	"counts "
	"only between accepted controls. Measured numbers are told and decide nothing by "
	"themselves; where a rule sets a limit for a number it is met or not, and no uncertainty "
	"is "
	"added or taken off.";

/* --- the device --- */

static const json_t *survey_of(const struct papers *r)
{
	return json_object_get(r->results, "survey");
}

/* A value, or null and a note that says why it is not there. */
static void put_or_note(json_t *o, const char *key, json_t *value, const char *note_key,
			const char *note)
{
	bool there = value && !json_is_null(value);

	if (there)
		json_object_set(o, key, value);
	else
		json_object_set_new(o, key, json_null());
	json_object_set_new(o, note_key, there ? json_null() : json_string(note));
}

static bool has_identity(const json_t *identity)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)identity, key,
			    value) if (json_is_string(value)) return true;
	return false;
}

static json_t *firmware(const struct bundle_options *o)
{
	if (!o->firmware.name.p)
		return json_null();
	return json_pack("{s:s, s:I, s:s}", "name", o->firmware.name.p, "bytes",
			 (json_int_t)o->firmware.bytes, "sha256", o->firmware.sha256);
}

/* The certificates without their octets, which stand in PAPERS_CHAIN. */
static json_t *chain(const json_t *tls)
{
	json_t *list = json_deep_copy(json_object_get(tls, "certificates")), *one;
	size_t i;

	json_array_foreach(list, i, one) json_object_del(one, "pem");
	if (json_array_size(list))
		return list;
	json_decref(list);
	return NULL;
}

static void put_chain(json_t *o, const struct papers *r)
{
	const json_t *tls = json_object_get(survey_of(r), "tls");
	const bool clear = strncmp(papers_text(r->results, "target"), "https:", 6) != 0;
	json_t *list DEFER(papers_drop_json) = chain(tls);

	put_or_note(o, "tls_chain", list, "tls_chain_note",
		    clear ? "the target was not asked over TLS"
			  : "the run did not record the certificates of the target");
	if (list && json_integer_value(json_object_get(tls, "left_off")) > 0)
		json_object_set_new(o, "tls_chain_note",
				    json_string("it showed more, which the run did not keep"));
}

/* What the results know of it. */
static json_t *device_told(const struct papers *r)
{
	json_t *identity = json_object_get(survey_of(r), "identity"), *d = json_object();

	put_or_note(d, "identity", has_identity(identity) ? identity : NULL, "identity_note",
		    "the target did not answer GetDeviceInformation, or was not asked");
	put_chain(d, r);
	return d;
}

static json_t *device(const struct bundle_options *o, const struct papers *r)
{
	json_t *d = device_told(r);

	json_object_set_new(d, "firmware", firmware(o));
	json_object_set_new(d, "firmware_note",
			    o->firmware.name.p ? json_string("given by the operator; that the "
							     "device runs it is not proved")
					       : json_string("no firmware file was given"));
	return d;
}

const json_t *card_firmware(const json_t *card)
{
	return json_object_get(json_object_get(card, "device"), "firmware");
}

/* --- may it be certified? --- */

static json_t *certification(json_t *reasons)
{
	return json_pack("{s:b, s:O}", "certified", json_array_size(reasons) == 0, "reasons",
			 reasons);
}

struct str card_lines(struct arena *a, const json_t *list)
{
	struct str text = STR("");
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one) text =
		arena_fmt(a, "%.*s%s%.*s", STR_ARG(text), i ? "\n" : "",
			  STR_ARG(text_clean(a, str(json_string_value(one)), 300)));
	return text;
}

/* --- the page --- */

static json_t *optional(struct str s)
{
	return s.p ? json_stringn(s.p, s.n) : json_null();
}

static json_t *card(const struct bundle_options *o, const struct papers *r, json_t *reasons,
		    struct err *err)
{
	json_t *summary DEFER(papers_drop_json) = papers_summary(r, err);
	json_t *root;

	if (!summary)
		return NULL;
	root = json_pack("{s:i, s:s, s:s}", "format", 1, "title", TITLE, "scope", SCOPE);
	json_object_update(root, summary);
	json_object_set_new(root, "certification", certification(reasons));
	json_object_set_new(root, "decision_rule", optional(o->decision_rule));
	json_object_set_new(root, "device", device(o, r));
	json_object_set_new(root, "operator", optional(o->statement));
	json_object_set_new(root, "bundled_by", optional(o->tool));
	json_object_set_new(root, "zlib", json_string(pack_zlib_version()));
	return root;
}

int card_write(struct arena *a, const struct bundle_options *o, const struct papers *r,
	       struct str *text, struct str *unfit, struct err *err)
{
	json_t *reasons DEFER(papers_drop_json) = certify_reasons(r);
	json_t *root DEFER(papers_drop_json) = NULL;
	char *dump;

	*unfit = card_lines(a, reasons);
	if (unfit->n && !o->draft)
		return err_set(err, ERR_INPUT,
			       "cannot be certified; --draft bundles it all the same");
	root = card(o, r, reasons, err);
	if (!root)
		return -1;
	dump = json_dumps(root, JSON_INDENT(1));
	if (!dump || !json_is_string(json_object_get(root, "decision_rule"))) {
		free(dump);
		return err_set(err, ERR_INPUT,
			       "the decision rule, the operator's statement or the firmware's "
			       "name is not UTF-8");
	}
	*text = arena_concat(a, str(dump), STR("\n"));
	free(dump);
	return arena_check(a, err);
}

/* --- the check --- */

static int check_member(const json_t *card, const char *key, const json_t *expected,
			struct err *err)
{
	if (json_equal(json_object_get(card, key), expected))
		return 0;
	return err_set(err, ERR_PARSE,
		       BUNDLE_CARD ": its \"%s\" is not what " PAPERS_RESULTS " says", key);
}

int card_check(const json_t *card, const struct papers *r, struct err *err)
{
	json_t *summary DEFER(papers_drop_json) = papers_summary(r, err);
	json_t *reasons DEFER(papers_drop_json) = certify_reasons(r);
	json_t *decided DEFER(papers_drop_json) = certification(reasons);
	json_t *told DEFER(papers_drop_json) = device_told(r);
	const char *key;
	json_t *value;

	if (!summary)
		return -1;
	json_object_foreach(summary, key, value) if (check_member(card, key, value, err)) return -1;
	json_object_foreach(told, key, value) if (check_member(json_object_get(card, "device"), key,
							       value, err)) return -1;
	if (json_integer_value(json_object_get(card, "format")) != 1)
		return err_set(err, ERR_PARSE, BUNDLE_CARD ": expected format 1");
	return check_member(card, "certification", decided, err);
}
