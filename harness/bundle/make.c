#include "bundle/bundle.h"

#include "bundle/card.h"
#include "bundle/dsse.h"
#include "bundle/pack.h"
#include "bundle/sign.h"
#include "bundle/statement.h"

static void drop_buf(struct buf *b)
{
	buf_free(b);
}

/* What a bundle writes itself cannot come from the folder. */
static int check_free_names(const struct bundle_files *f, struct err *err)
{
	for (size_t i = 0; i < f->n; i++)
		if (files_is_own(f->v[i].name))
			return err_set(err, ERR_INPUT,
				       "%.*s: already there, expected a folder of `run --results`",
				       STR_ARG(f->v[i].name));
	return 0;
}

static int add_card(struct arena *a, const struct bundle_options *o, const struct papers *r,
		    struct bundle_files *f, struct str *unfit, struct err *err)
{
	struct str text;

	if (card_write(a, o, r, &text, unfit, err))
		return -1;
	files_add(a, f, STR(BUNDLE_CARD), text);
	files_sort(f);
	return arena_check(a, err);
}

/* SHA256SUMS and its signature; when says when it was signed. */
static int add_sums(struct arena *a, const struct bundle_options *o, int64_t when_ms,
		    struct bundle_files *f, struct err *err)
{
	struct buf sums DEFER(drop_buf), der DEFER(drop_buf);

	buf_init(&sums, BUNDLE_MAX_BYTES);
	buf_init(&der, SIGN_MAX);
	if (files_sums(f, &sums, err) || sign_cms(o->signer, buf_view(&sums), when_ms, &der, err))
		return -1;
	files_add(a, f, STR(BUNDLE_SUMS), arena_str(a, buf_view(&sums)));
	files_add(a, f, STR(BUNDLE_P7S), arena_str(a, buf_view(&der)));
	files_sort(f);
	return arena_check(a, err);
}

static int add_statement(struct arena *a, const struct bundle_options *o, const struct papers *r,
			 struct bundle_files *f, struct err *err)
{
	json_t *card DEFER(papers_drop_json) = papers_json(f, BUNDLE_CARD, err);
	struct statement_facts facts = { .papers = r, .firmware = card_firmware(card) };
	struct str payload, text;

	if (!card || files_sha256(files_get(f, BUNDLE_SUMS), facts.sums, err) ||
	    files_sha256(files_get(f, BUNDLE_P7S), facts.p7s, err) ||
	    statement_write(a, &facts, &payload, err) ||
	    dsse_sign(a, o->signer, payload, &text, err))
		return -1;
	files_add(a, f, STR(BUNDLE_DSSE), text);
	files_sort(f);
	return arena_check(a, err);
}

static int pack(const struct bundle_files *f, struct buf *out, struct err *err)
{
	struct buf tar DEFER(drop_buf);

	buf_init(&tar, pack_caps.octets);
	return pack_tar(f, &tar, err) || pack_gzip(buf_view(&tar), out, err) ? -1 : 0;
}

static int fill(struct arena *a, const struct bundle_options *o, struct papers *r,
		struct bundle_files *f, struct str *unfit, struct err *err)
{
	if (papers_read(f, r, err) || papers_check_files(a, r, f, err) ||
	    papers_check_cases(r, f, err) || papers_check_chain(r, f, err))
		return -1;
	f->mtime_s = r->end_ms / 1000;
	if (add_card(a, o, r, f, unfit, err) || add_sums(a, o, r->end_ms, f, err))
		return -1;
	return add_statement(a, o, r, f, err);
}

int bundle_make(struct arena *a, const struct bundle_options *o, struct buf *out, struct str *unfit,
		struct err *err)
{
	struct bundle_files f;
	struct papers r = { .manifest = NULL };
	int bad;

	*unfit = STR("");
	if (bundle_folder(a, o->folder, &f, err) || check_free_names(&f, err))
		return err_prefix(err, "%s", o->folder);
	bad = fill(a, o, &r, &f, unfit, err) || pack(&f, out, err);
	papers_free(&r);
	if (!bad)
		return 0;
	if (err->code == ERR_PARSE)
		err->code = ERR_INPUT;
	return err_prefix(err, "%s", o->folder);
}
