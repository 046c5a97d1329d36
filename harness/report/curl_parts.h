/* curl_parts.h - between curl.c and curl_recipe.c only. */
#ifndef REPORT_CURL_PARTS_H
#define REPORT_CURL_PARTS_H

#include "report/curl.h"
#include "report/shell.h"

#include "base/http.h"

#define CURL_NONCES    8 /* challenges of one case */
#define CURL_VARIABLES 8

/* One command in the making. */
struct curl_script {
	struct arena *a;
	const struct redactor *redactor;
	const struct run_result *r;
	const struct variant_result *v;
	struct buf b;
	const char *why; /* curl cannot do it; NULL: so far it can */
	bool password, wrong;
	const char *hash; /* of the function h, as it is now; NULL: none */
	struct curl_nonce {
		struct str nonce, opaque;
		const char *nonce_name, *opaque_name;
	} nonce[CURL_NONCES]; /* that the shell has taken from challenges */
	size_t n_nonce;
	struct str token_nonce, created; /* whose variables are set */
	const struct recipe *last;       /* whose variables are set */
	const struct suite_step *step;
	/* of the step that is written: in the fields, in the body */
	struct shell_variable field[CURL_VARIABLES], body[CURL_VARIABLES];
	size_t n_field, n_body;
	struct str last_body; /* that $body is, when no variable is in it */
	bool clear;           /* it holds the password itself */
};

/* Lines that set the variables of a recipe, and what they stand for in the request. */
void curl_recipe(struct curl_script *s, const struct recipe *r, const struct suite_step *step);
/* The same variables as they are, for the same octets. */
void curl_recipe_again(struct curl_script *s, const struct recipe *r);
/* One word of the shell; of text that is no variable, nothing may be a secret. */
void curl_words(struct curl_script *s, const char *before, struct str text,
		const struct shell_variable *v, size_t n);
void curl_fail(struct curl_script *s, const char *why);

#endif
