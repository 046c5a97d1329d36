#include "cli/command.h"

#include "bundle/bundle.h"
#include "bundle/sign.h"
#include "cli/input.h"

#include <stdio.h>
#include "report/report.h"

#include "base/world.h"

#define PEM_MAX  (1u << 20)
#define TEXT_MAX (64u << 10)

static void drop_signer(struct signer **s)
{
	signer_free(*s);
}

static void drop_buf(struct buf *b)
{
	buf_free(b);
}

static void drop_arena(struct arena *a)
{
	arena_free(a);
}

static int required(struct str value, const char *option, struct err *err)
{
	return value.p ? 0
		       : err_set(err, ERR_INPUT, "--%s is needed: countersign help bundle", option);
}

static int open_signer(struct arena *a, const struct options *o, struct signer **out,
		       struct err *err)
{
	struct world world = world_real();
	struct str key, cert, chain = STR("");

	if (required(o->out, "output", err) || required(o->key, "key", err) ||
	    required(o->cert, "cert", err))
		return -1;
	if (input_read_secret(a, o->key, PEM_MAX, &key, err) ||
	    input_read(a, o->cert, PEM_MAX, &cert, err) ||
	    (o->chain.p && input_read(a, o->chain, PEM_MAX, &chain, err)))
		return -1;
	*out = signer_new(key, cert, chain, world_wall_ms(&world), err);
	return *out ? 0
		    : err_prefix(err, "--key %.*s --cert %.*s", STR_ARG(o->key), STR_ARG(o->cert));
}

static struct str last_part(struct str path)
{
	struct str rest = path, part = path;

	while (rest.n)
		part = str_cut(&rest, '/');
	return part;
}

static int fill(struct arena *a, const struct options *o, struct bundle_options *out,
		struct err *err)
{
	struct str rule = o->decision_rule.p ? o->decision_rule : str(bundle_decision_rule);

	out->folder = o->operand[0].p;
	out->tool = str(cli_tool);
	out->draft = o->draft;
	if (input_text(a, rule, TEXT_MAX, &out->decision_rule, err) ||
	    input_text(a, o->statement, TEXT_MAX, &out->statement, err))
		return -1;
	if (!o->firmware.p)
		return 0;
	out->firmware.name = arena_str(a, last_part(o->firmware));
	return input_sha256(o->firmware, &out->firmware.bytes, out->firmware.sha256, err);
}

static void tell_unfit(FILE *f, struct str unfit)
{
	while (unfit.n) {
		struct str reason = str_cut(&unfit, '\n');

		fprintf(f, "  %.*s\n", STR_ARG(reason));
	}
}

static int make(struct arena *a, const struct options *o, struct err *err)
{
	struct signer *signer DEFER(drop_signer) = NULL;
	struct buf out DEFER(drop_buf);
	struct bundle_options how = { .draft = false };
	struct str unfit = STR("");

	buf_init(&out, BUNDLE_MAX_BYTES);
	if (open_signer(a, o, &signer, err) || fill(a, o, &how, err))
		return -1;
	how.signer = signer;
	if (bundle_make(a, &how, &out, &unfit, err)) {
		tell_unfit(stderr, unfit);
		return -1;
	}
	if (file_replace(o->out.p, buf_view(&out), err))
		return -1;
	if (str_eq(o->out, STR("-")))
		return 0;
	printf("authentication conformance report: %.*s, %zu octets\n", STR_ARG(o->out), out.n);
	if (unfit.n)
		puts("a draft, not certified:");
	tell_unfit(stdout, unfit);
	return 0;
}

int cmd_bundle(const struct cli *cli)
{
	struct arena a DEFER(drop_arena);
	struct err err = { 0 };

	arena_init(&a, 3 * BUNDLE_MAX_BYTES);
	return make(&a, &cli->o, &err) ? cli_fail(&err) : EXIT_GOOD;
}
