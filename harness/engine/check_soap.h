/* check_soap.h - the checks of check.c that read the SOAP message: 0 when it holds, 1 when not,
 * with *why set to one line.
 */
#ifndef ENGINE_CHECK_SOAP_H
#define ENGINE_CHECK_SOAP_H

#include "engine/internal.h"

typedef int check_fn(const struct check_context *x, struct str value, struct str *why);
check_fn check_fault_must_understand;
check_fn check_fault_version;
check_fn check_fault_receiver;
check_fn check_not_internal;
check_fn check_says_digest;
check_fn check_says_token;
check_fn check_no_data;
check_fn check_no_userinfo;

#endif
