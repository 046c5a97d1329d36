/* cmd_decode.c - what pasted credentials and challenges say, and what nearly matches. */
#include "cli/command.h"

#include "auth/datetime.h"
#include "cli/decode.h"
#include "cli/secret.h"
#include "cli/terminal.h"

#include <stdlib.h>

#define MEMORY_MAX (256u << 20)

static int time_of(struct str text, struct decode_ask *ask, struct err *err)
{
	struct datetime when;

	if (!text.p)
		return 0;
	if (datetime_parse(text, &when, err))
		return err_set(err, ERR_INPUT,
			       "--at %.*s: expected a time such as 2026-11-22T10:11:12Z",
			       STR_ARG(text));
	ask->has_at = true;
	ask->at_unix_ms = when.unix_ms;
	return 0;
}

/* Without any source of a password the form is judged all the same. */
static int find_password(const struct options *o, struct secret *s, struct decode_ask *ask,
			 struct err *err)
{
	const char *environment = getenv("COUNTERSIGN_PASSWORD");

	if (!o->password_file.p && (!environment || !*environment))
		return 0;
	if (o->password_file.p && str_eq(o->password_file, STR("-")) && str_eq(ask->file, STR("-")))
		return err_set(err, ERR_INPUT,
			       "--password-file -: standard input is what is decoded, expected a "
			       "file");
	if (secret_find(s, o, STR(""), err))
		return -1;
	ask->password = s->password;
	return 0;
}

static int decode_file(const struct options *o, struct arena *a, struct secret *s, struct err *err)
{
	bool json_here = o->json.p && str_eq(o->json, STR("-"));
	FILE *f = json_here ? stderr : stdout;
	const struct console_options how = { terminal_colour(o->colour, f), terminal_width(f) };
	struct decode_ask ask = { .file = o->n_operand ? o->operand[0] : STR("-"),
				  .user = o->user,
				  .user_given = o->user_given };
	struct redactor redactor = { .n = 0 };
	const struct report_options report = { .redactor = &redactor,
					       .tool = STR("countersign " COUNTERSIGN_VERSION) };
	struct decoding d;
	struct str octets;

	if (time_of(o->at, &ask, err) || find_password(o, s, &ask, err) ||
	    file_read(a, ask.file, DECODE_MAX_BYTES, "what is to be decoded", &octets, err) ||
	    decode(a, octets, &ask, &d, err))
		return -1;
	/* One of under three octets cannot be masked; nothing here prints a password anyway. */
	(void)!redact_add(&redactor, ask.password);
	if (!json_here)
		console_decoding(f, &d, &redactor, &how);
	if (o->json.p && report_decoding(&d, &report, o->json.p, err))
		return -1;
	return decoding_count(&d, DECODED_WRONG) ? EXIT_NONCONFORMING : EXIT_GOOD;
}

int cmd_decode(const struct cli *cli)
{
	struct secret secret = { .n = 0 };
	struct err err = { .code = ERR_NONE };
	struct arena a;
	int status;

	arena_init(&a, MEMORY_MAX);
	status = decode_file(&cli->o, &a, &secret, &err);
	arena_free(&a);
	secret_wipe(&secret);
	return status < 0 ? cli_fail(&err) : status;
}
