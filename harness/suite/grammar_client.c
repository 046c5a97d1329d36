/* The language of client cases as a table: what suites/schema/client.rng says too. */
#include "suite/domain.h"
#include "suite/parse.h"

/* How a challenge is written; RFC 9110 11.2 and 5.6 leave all of it open. */
#define SPELLINGS                                                                                  \
	{ .name = "scheme", .bound = true, .words = "lower upper mixed" },                         \
		{ .name = "names", .bound = true, .words = "upper mixed" },                        \
		{ .name = "order", .bound = true, .words = "reversed rotated qop-first" },         \
		{ .name = "commas",                                                                \
		  .bound = true,                                                                   \
		  .words = "tight wide tabs leading trailing empty" },                             \
		{ .name = "equals", .bound = true, .words = "spaced" },                            \
	{                                                                                          \
		.name = "quotes", .bound = true, .words = "none all pairs"                         \
	}

static const struct element_rule call_rule = {
	.name = "call",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "times", .bound = true, .check = domain_calls },
			{ .name = "method", .bound = true, .check = domain_token },
			{ .name = "path", .bound = true, .check = domain_query },
			{ .name = "query", .bound = true, .check = domain_query },
			{ .name = "user", .bound = true, .check = domain_field },
			{ .name = "password", .bound = true, .check = domain_field },
			{ .name = "body", .bound = true, .check = domain_field },
			{ .name = "length", .bound = true, .check = domain_call_length },
			{ .name = NULL },
		},
};

static const struct element_rule clock_rule = {
	.name = "clock",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "offset", .bound = true, .check = domain_offset },
			{ .name = "jump", .bound = true, .check = domain_offset },
			{ .name = "time",
			  .bound = true,
			  .words = "open challenged daylight no-utc refused" },
			{ .name = NULL },
		},
};

static const struct element_rule offer_digest_rule = {
	.name = "digest",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "realm", .bound = true, .check = domain_field },
			{ .name = "nonce", .bound = true, .check = domain_field },
			{ .name = "opaque", .bound = true, .check = domain_field },
			{ .name = "algorithm", .bound = true, .check = domain_field },
			{ .name = "qop", .bound = true, .check = domain_field },
			{ .name = "stale", .bound = true, .check = domain_field },
			{ .name = "domain", .bound = true, .check = domain_field },
			{ .name = "charset", .bound = true, .check = domain_field },
			{ .name = "userhash", .bound = true, .check = domain_field },
			{ .name = "extra", .bound = true, .check = domain_field },
			SPELLINGS,
			{ .name = NULL },
		},
};

static const struct element_rule offer_basic_rule = {
	.name = "basic",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "realm", .bound = true, .check = domain_field },
			{ .name = "charset", .bound = true, .check = domain_field },
			{ .name = "extra", .bound = true, .check = domain_field },
			SPELLINGS,
			{ .name = NULL },
		},
};

static const struct element_rule offer_token_rule = { .name = "token" };

static const struct element_rule offer_other_rule = {
	.name = "other",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "text", .required = true, .bound = true, .check = domain_field },
			{ .name = NULL },
		},
};

/* Of what a challenge is made: those of a persona have no expectation. */
#define ANSWER_ATTRIBUTES                                                                          \
	{ .name = "status", .bound = true, .check = domain_status },                               \
		{ .name = "fields", .bound = true, .words = "one several" },                       \
		{ .name = "connection", .bound = true, .words = "keep close" },                    \
		{ .name = "body", .bound = true, .words = "none text html long" },                 \
		{ .name = "fault",                                                                 \
		  .bound = true,                                                                   \
		  .words = "not-authorized failed-authentication sender" },                        \
		{ .name = "reason", .bound = true, .check = domain_field },                        \
	{                                                                                          \
		.name = "prefix", .bound = true, .check = domain_token                             \
	}

static const struct child_rule offers[] = {
	{ .element = &offer_digest_rule, .repeated = true },
	{ .element = &offer_basic_rule, .repeated = true },
	{ .element = &offer_token_rule },
	{ .element = &offer_other_rule, .repeated = true },
	{ .element = NULL },
};

static const struct element_rule challenge_rule = {
	.name = "challenge",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "expect", .words = "answered right unanswered any" },
			{ .name = "repeat", .bound = true, .check = domain_calls },
			{ .name = "early", .bound = true, .words = "keep close refused never" },
			ANSWER_ATTRIBUTES,
			{ .name = NULL },
		},
	.child = offers,
};

static const struct element_rule persona_challenge_rule = {
	.name = "challenge",
	.attribute =
		(const struct attribute_rule[]){
			ANSWER_ATTRIBUTES,
			{ .name = NULL },
		},
	.child = offers,
};

static const struct element_rule grant_rule = {
	.name = "grant",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "info", .bound = true, .words = "none right quoted wrong next" },
			{ .name = "status", .bound = true, .check = domain_status },
			{ .name = "redirect", .bound = true, .words = "same-origin other-origin" },
			{ .name = "connection", .bound = true, .words = "keep close" },
			{ .name = NULL },
		},
};

static const struct element_rule observe_rule = {
	.name = "observe",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "of", .words = "run recording device" },
			{ .name = NULL },
		},
};

static const struct element_rule client_check_rule = {
	.name = "check",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "is", .required = true, .check = domain_client_check },
			{ .name = "value", .bound = true, .check = domain_number },
			{ .name = NULL },
		},
};

const struct element_rule client_case_rule = {
	.name = "case",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "id", .required = true, .check = domain_case_id },
			{ .name = "rev", .required = true, .check = domain_number },
			{ .name = "needs", .list = true, .check = domain_client_feature },
			{ .name = "unless", .list = true, .check = domain_client_feature },
			{ .name = "provides", .list = true, .check = domain_client_feature },
			{ .name = "kills", .list = true, .check = domain_word },
			{ .name = "field", .list = true, .check = domain_word },
			{ .name = NULL },
		},
	.child =
		(const struct child_rule[]){
			{ .element = &title_rule, .required = true },
			{ .element = &why_rule, .required = true },
			{ .element = &remedy_rule, .required = true },
			{ .element = &cite_rule, .required = true, .repeated = true },
			{ .element = &axis_rule, .repeated = true },
			{ .element = &call_rule },
			{ .element = &clock_rule },
			{ .element = &observe_rule },
			{ .element = &challenge_rule,
			  .required = true,
			  .repeated = true,
			  .instead = true },
			{ .element = &grant_rule, .repeated = true },
			{ .element = &client_check_rule, .repeated = true },
			{ .element = NULL },
		},
};

const struct element_rule client_rule = {
	.name = "client-suite",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "family", .required = true, .check = domain_name },
			{ .name = "title", .required = true, .check = domain_text },
			{ .name = NULL },
		},
	.child =
		(const struct child_rule[]){
			{ .element = &client_case_rule, .required = true, .repeated = true },
			{ .element = NULL },
		},
};

static const struct element_rule persona_rule = {
	.name = "persona",
	.attribute =
		(const struct attribute_rule[]){
			{ .name = "id", .required = true, .check = domain_name },
			{ .name = "title", .required = true, .check = domain_text },
			{ .name = "source", .required = true, .check = domain_link },
			{ .name = "password", .check = domain_field },
			{ .name = "time", .words = "open challenged no-utc refused" },
			{ .name = NULL },
		},
	.child =
		(const struct child_rule[]){
			{ .element = &persona_challenge_rule, .required = true },
			{ .element = NULL },
		},
};

const struct element_rule personas_rule = {
	.name = "personas",
	.child =
		(const struct child_rule[]){
			{ .element = &persona_rule, .required = true, .repeated = true },
			{ .element = NULL },
		},
};
