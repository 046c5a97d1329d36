/* The case language as a table: what suites/schema/ says too, with words for what is expected. */
#include "suite/domain.h"
#include "suite/parse.h"

/* Elements, from the leaves up. */

#define LEVELS "must should may hardening measure"
#define TARGETS                                                                                    \
	"absolute double-slash dot-segment parent-segment encoded upper trailing-slash parameter " \
	"nul"

const struct element_rule title_rule = { .name = "title", .content = CONTENT_TEXT };
const struct element_rule why_rule = { .name = "why", .content = CONTENT_TEXT };
const struct element_rule remedy_rule = { .name = "remedy", .content = CONTENT_TEXT };
static const struct element_rule about_rule = { .name = "about", .content = CONTENT_TEXT };

const struct element_rule cite_rule = {
	.name = "cite",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "clause", .required = true, .check = domain_anchor },
			{ .name = "level", .required = true, .words = LEVELS },
			{ .name = NULL },
		},
};

const struct element_rule axis_rule = {
	.name = "axis",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "name", .required = true, .check = domain_name },
			{ .name = "values", .required = true, .check = domain_text },
			{ .name = NULL },
		},
};

static const struct element_rule measure_rule = {
	.name = "measure",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "property", .required = true, .check = domain_word },
			{ .name = "unit", .required = true, .check = domain_word },
			{ .name = "low", .required = true, .check = domain_limit },
			{ .name = "high", .required = true, .check = domain_limit },
			{ .name = "resolution", .required = true, .check = domain_limit },
			{ .name = "parallel", .words = "yes no" },
			{ .name = "loss", .words = "ends" },
			{ .name = NULL },
		},
};

static const struct element_rule sample_rule = {
	.name = "sample",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "property", .required = true, .check = domain_word },
			{ .name = "unit", .required = true, .check = domain_word },
			{ .name = "of",
			  .required = true,
			  .words = "nonce-entropy time-difference lock-out bare-cost" },
			{ .name = "n", .check = domain_rounds },
			{ .name = NULL },
		},
};

static const struct element_rule anonymous_rule = { .name = "anonymous" };
static const struct element_rule security_rule = { .name = "security", .content = CONTENT_RAW };

static const struct element_rule basic_rule = {
	.name = "basic",
	.deviates = true,
	.mech = MECH_BASIC,
};

static const struct element_rule digest_rule = {
	.name = "digest",
	.deviates = true,
	.mech = MECH_DIGEST,
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "use",
			  .bound = true,
			  .words = "MD5 MD5-sess SHA-256 SHA-256-sess SHA-512-256 SHA-512-256-sess "
				   "strongest" },
			{ .name = NULL },
		},
};

static const struct element_rule token_rule = {
	.name = "token",
	.deviates = true,
	.mech = MECH_TOKEN,
};

static const struct element_rule header_rule = {
	.name = "header",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "name", .required = true, .bound = true, .check = domain_token },
			{ .name = "value", .bound = true, .check = domain_field },
			{ .name = "length", .bound = true, .check = domain_length },
			{ .name = NULL },
		},
};

static const struct element_rule check_rule = {
	.name = "check",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "is", .required = true, .check = domain_check },
			{ .name = "value", .bound = true, .check = domain_number },
			{ .name = NULL },
		},
};

const struct element_rule send_rule = {
	.name = "send",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "expect", .check = domain_outcomes },
			{ .name = "operation", .bound = true, .check = domain_operation },
			{ .name = "method", .bound = true, .check = domain_token },
			{ .name = "query", .bound = true, .check = domain_query },
			{ .name = "path", .bound = true, .words = "first second" },
			{ .name = "target", .bound = true, .words = TARGETS },
			{ .name = "envelope", .bound = true, .words = "soap11 foreign none" },
			{ .name = "wait", .bound = true, .check = domain_wait },
			{ .name = "connection", .bound = true, .words = "new same" },
			{ .name = "challenge", .words = "fresh next" },
			{ .name = "content", .words = "none" },
			{ .name = "cookies", .words = "return" },
			{ .name = "repeat", .bound = true, .check = domain_repeat },
			{ .name = "until", .check = domain_outcomes },
			{ .name = "replay", .check = domain_number },
			{ .name = NULL },
		},
	.child =
		(const struct child_rule[]){
			{ .element = &anonymous_rule },
			{ .element = &basic_rule, .repeated = true },
			{ .element = &digest_rule, .repeated = true },
			{ .element = &token_rule, .repeated = true },
			{ .element = &header_rule, .repeated = true },
			{ .element = &security_rule },
			{ .element = &check_rule, .repeated = true },
			{ .element = NULL },
		},
};

static const struct element_rule spellings_rule = {
	.name = "spellings",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "of", .required = true, .words = "basic digest token" },
			{ .name = "kind", .required = true, .words = "legal hostile" },
			{ .name = NULL },
		},
};

static const struct element_rule case_rule = {
	.name = "case",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "id", .required = true, .check = domain_case_id },
			{ .name = "rev", .required = true, .check = domain_number },
			{ .name = "needs", .list = true, .check = domain_feature },
			{ .name = "unless", .list = true, .check = domain_feature },
			{ .name = "failures", .check = domain_number },
			{ .name = "risk", .words = "safe intrusive unsafe" },
			{ .name = "slow", .words = "yes no" },
			{ .name = "kills", .list = true, .check = domain_word },
			{ .name = "field", .list = true, .check = domain_word },
			{ .name = NULL },
		},
	.ordered = true,
	.child =
		(const struct child_rule[]){
			{ .element = &title_rule, .required = true },
			{ .element = &why_rule, .required = true },
			{ .element = &remedy_rule },
			{ .element = &cite_rule, .required = true, .repeated = true },
			{ .element = &axis_rule, .repeated = true },
			{ .element = &measure_rule },
			{ .element = &sample_rule },
			{ .element = &spellings_rule },
			{ .element = &send_rule,
			  .required = true,
			  .repeated = true,
			  .instead = true },
			{ .element = NULL },
		},
};

const struct element_rule suite_rule = {
	.name = "suite",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "family", .required = true, .check = domain_name },
			{ .name = "title", .required = true, .check = domain_text },
			{ .name = NULL },
		},
	.child =
		(const struct child_rule[]){
			{ .element = &case_rule, .required = true, .repeated = true },
			{ .element = NULL },
		},
};

static const struct attribute_rule level_attributes[] = {
	{ .name = "document", .required = true, .check = domain_rule_document },
	{ .name = "levels", .required = true, .list = true, .words = LEVELS },
	{ .name = NULL },
};

static const struct element_rule gate_rule = { .name = "gate", .attribute = level_attributes };
static const struct element_rule note_rule = { .name = "note", .attribute = level_attributes };

static const struct element_rule except_rule = {
	.name = "except",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "cases", .required = true, .check = domain_glob },
			{ .name = "reason", .required = true, .check = domain_text },
			{ .name = NULL },
		},
};

const struct element_rule profile_rule = {
	.name = "profile",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "id", .required = true, .check = domain_document },
			{ .name = "kind", .required = true, .words = "onvif http any client" },
			{ .name = NULL },
		},
	.child =
		(const struct child_rule[]){
			{ .element = &title_rule, .required = true },
			{ .element = &about_rule, .required = true },
			{ .element = &gate_rule, .repeated = true },
			{ .element = &note_rule, .repeated = true },
			{ .element = &except_rule, .repeated = true },
			{ .element = NULL },
		},
};

static const struct element_rule requirement_rule = {
	.name = "requirement",
	.content = CONTENT_TEXT,
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "anchor", .required = true, .check = domain_anchor },
			{ .name = "level", .required = true, .words = LEVELS },
			{ .name = "source", .required = true, .check = domain_text },
			{ .name = "uncased", .check = domain_text },
			{ .name = NULL },
		},
};

static const struct element_rule document_rule = {
	.name = "document",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "id", .required = true, .check = domain_document },
			{ .name = "title", .required = true, .check = domain_text },
			{ .name = NULL },
		},
	.child =
		(const struct child_rule[]){
			{ .element = &requirement_rule, .required = true, .repeated = true },
			{ .element = NULL },
		},
};

static const struct element_rule row_rule = {
	.name = "row",
	.content = CONTENT_TEXT,
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "id", .required = true, .check = domain_row },
			{ .name = "side", .required = true, .words = "device server both client" },
			{ .name = "link", .required = true, .check = domain_link },
			{ .name = "cve", .list = true, .check = domain_cve },
			{ .name = "uncased", .check = domain_text },
			{ .name = NULL },
		},
};

static const struct element_rule group_rule = {
	.name = "group",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "id", .required = true, .check = domain_word },
			{ .name = "title", .required = true, .check = domain_text },
			{ .name = NULL },
		},
	.child =
		(const struct child_rule[]){
			{ .element = &row_rule, .required = true, .repeated = true },
			{ .element = NULL },
		},
};

const struct element_rule field_rule = {
	.name = "field",
	.child =
		(const struct child_rule[]){
			{ .element = &group_rule, .required = true, .repeated = true },
			{ .element = NULL },
		},
};

const struct element_rule requirements_rule = {
	.name = "requirements",
	.child =
		(const struct child_rule[]){
			{ .element = &document_rule, .required = true, .repeated = true },
			{ .element = NULL },
		},
};
