/* check.h - the table of checks is in check.c, some of its functions in check_answer.c. */
#ifndef ENGINE_CHECK_H
#define ENGINE_CHECK_H

#include "engine/internal.h"

#include "auth/digest.h"

/* 0 when it holds, 1 when not, with *why set to one line. */
typedef int check_fn(const struct check_context *x, struct str value, struct str *why);
#define FAIL(...) return *why = arena_fmt(x->a, __VA_ARGS__), 1

check_fn check_rspauth;
check_fn check_info_absent;
check_fn check_info_quoted;
check_fn check_info_unquoted;
check_fn check_info_nc;
check_fn check_info_qop;
check_fn check_answered;
check_fn check_no_echo;
check_fn check_not_public;
check_fn check_no_cookie;
check_fn check_cookie_protected;
check_fn check_hsts;
check_fn check_other_content;

#endif
