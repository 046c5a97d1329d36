/* domain.h - what attributes may hold where no list closes it.  For grammar.c alone.
 *
 * Each gives 0, or -1 with ERR_INPUT and "expected ..." as the whole text.
 */
#ifndef SUITE_DOMAIN_H
#define SUITE_DOMAIN_H

#include "base/err.h"
#include "base/str.h"

int domain_text(struct str s, struct err *err) MUST_CHECK;
int domain_name(struct str s, struct err *err) MUST_CHECK;
int domain_word(struct str s, struct err *err) MUST_CHECK;
int domain_document(struct str s, struct err *err) MUST_CHECK;
int domain_rule_document(struct str s, struct err *err) MUST_CHECK;
int domain_case_id(struct str s, struct err *err) MUST_CHECK;
int domain_anchor(struct str s, struct err *err) MUST_CHECK;
int domain_row(struct str s, struct err *err) MUST_CHECK;
int domain_link(struct str s, struct err *err) MUST_CHECK;
int domain_cve(struct str s, struct err *err) MUST_CHECK;
int domain_glob(struct str s, struct err *err) MUST_CHECK;
int domain_calls(struct str s, struct err *err) MUST_CHECK;
int domain_offset(struct str s, struct err *err) MUST_CHECK;
int domain_status(struct str s, struct err *err) MUST_CHECK;
int domain_client_check(struct str s, struct err *err) MUST_CHECK;
int domain_client_feature(struct str s, struct err *err) MUST_CHECK;
int domain_number(struct str s, struct err *err) MUST_CHECK;
int domain_limit(struct str s, struct err *err) MUST_CHECK;
int domain_repeat(struct str s, struct err *err) MUST_CHECK;
int domain_rounds(struct str s, struct err *err) MUST_CHECK;
int domain_length(struct str s, struct err *err) MUST_CHECK;
int domain_call_length(struct str s, struct err *err) MUST_CHECK;
int domain_wait(struct str s, struct err *err) MUST_CHECK;
int domain_operation(struct str s, struct err *err) MUST_CHECK;
int domain_token(struct str s, struct err *err) MUST_CHECK;
int domain_query(struct str s, struct err *err) MUST_CHECK;
int domain_field(struct str s, struct err *err) MUST_CHECK;
int domain_feature(struct str s, struct err *err) MUST_CHECK;
int domain_outcomes(struct str s, struct err *err) MUST_CHECK;
int domain_check(struct str s, struct err *err) MUST_CHECK;

#endif
