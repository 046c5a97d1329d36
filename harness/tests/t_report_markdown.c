/* The Markdown page: what a run found, and nothing that a target says can be markup. */
#include "run_fixture.h"

#include "report/markdown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static char *page_of(struct run_fixture *f)
{
	struct err err = { 0 };
	size_t n;

	if (report_markdown(&f->r, &f->o, f->path, &err))
		fail_msg("%s", err.text);
	return run_fixture_read(f, &n);
}

static void findings_come_first_and_the_worst_of_them(void **state)
{
	static const char *const in_order[] = {
		"## Countersign: ERROR\n",
		"| 2 | 2 | 2 | 6 | 5 | 1 | 0 |\n",
		"| target | one two |\n",
		"**Stopped:** locked out\n",
		"### Findings\n",
		"#### ERROR token.created.skewed&#91;skew=&#45;16h&#93;\n",
		"#### FAIL digest.nc.reused&#91;skew=&#45;3h&#93;\n",
		"- found: one two\n",
		"- must: rfc7616&#35;<wbr>3.4.nc (RFC 7616 section 3.4)\n",
		"- why: A captured request would work a second time.\n",
		"- remedy: Keep the highest nc &#38; answer &#60;401&#62; to a repeat.\n",
		"2. probe (decides): one two &rarr; accepted 200, 12 ms\n",
		"#### INCONCLUSIVE ",
		"#### WARN ",
		"1 not judged, since the run ended before.\n",
		"### Measured\n",
		"| token.skew.past | 295 s, spread 3 s, lowest &#45;4 s |\n",
		"### The target\n",
		"| without credentials | challenged (401) |\n",
		"| challenge | one two (malformed) |\n",
		"| clock | &#45;2.300 s against ours |\n",
		"| second path | one two |\n",
		"| there without credentials | challenged (401) |\n",
		"| challenge there | one two (malformed) |\n",
		"| certificate | one two |\n",
		"| issuer | one two |\n",
		"| valid | 1970-01-01T00&#58;00&#58;00Z to 2026-08-22T",
		"| note | issued by itself, expired |\n",
		"| SHA-256 | " FIXTURE_SHA256 " |\n",
		"| issuer | CN = root |\n",
		"| certificates | and 3 more, which were not kept |\n",
		"<details><summary>All 18 variants</summary>\n",
		"| digest.nc.reused&#91;skew=&#45;0h&#93; | pass |  |\n",
	};
	struct run_fixture f;
	const char *at;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("one two"));
	f.r.cause = STR("locked out");
	f.result[15].n_step = 0;
	all = page_of(&f);
	at = all;
	for (size_t i = 0; i < COUNT(in_order); i++) {
		const char *found = strstr(at, in_order[i]);

		if (!found)
			fail_msg("missing or out of order: %s\n%s", in_order[i], at);
		at = found;
	}
	free(all);
	run_fixture_end(&f);
}

static void waivers_and_the_cause_have_their_sections(void **state)
{
	struct run_fixture f;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("words"));
	run_fixture_overlay(&f, 3, STR("<b>so</b>"));
	all = page_of(&f);
	assert_non_null(strstr(all, "| 2 | 2 | 1 | 6 | 5 | 1 | 1 |\n"));
	assert_non_null(strstr(all, "### Cause: "));
	assert_non_null(strstr(all, "\n1. "));
	assert_null(strstr(all, "#### FAIL digest.nc.reused&#91;skew=&#45;3h&#93;"));
	assert_non_null(strstr(all, "### Waivers\n\n- **problem:** &#60;b&#62;so&#60;/b&#62;\n"
				    "- FAIL digest.nc.reused&#91;skew=&#45;3h&#93;, waived until "
				    "2027-01-31 by someone, T-1&#58; &#60;b&#62;so&#60;/b&#62;\n"));
	assert_non_null(strstr(all, "| digest.nc.reused&#91;skew=&#45;3h&#93; | waived | "));
	free(all);
	run_fixture_end(&f);
}

static void text_is_only_text(void **state)
{
	static const struct {
		const char *text, *written;
	} rows[] = {
		{ "digest.nc-reused_2", "digest.nc-reused_2" },
		{ "a|b`c", "a&#124;b&#96;c" },
		{ "<script>", "&#60;script&#62;" },
		{ "[x](http://y)", "&#91;x&#93;(http&#58;//y)" },
		{ "www.example.com", "www&#46;example.com" },
		{ "- list", "&#45; list" },
		{ "1. list", "1&#46; list" },
		{ "*b* _i_ ~s~", "&#42;b&#42; &#95;i&#95; &#126;s&#126;" },
		{ "@user #1", "&#64;<wbr>user &#35;<wbr>1" },
		{ "a@b.c", "a&#64;<wbr>b.c" },
		{ "&lt;\\!", "&#38;lt;&#92;&#33;" },
		{ "$x$ :+1:", "&#36;x&#36; &#58;&#43;1&#58;" },
		{ "\xc3\xa9", "\xc3\xa9" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf b DEFER(buf_free) = { 0 };

		buf_init(&b, 1000);
		markdown_text(&b, str(rows[i].text));
		assert_true(buf_ok(&b));
		assert_string_equal(b.p, rows[i].written);
	}
}

/* Every octet of punctuation of a target's text is a reference, but for those that mean nothing. */
static void hostile_text_brings_no_markup(void **state)
{
	struct run_fixture f;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("|x|\n# y\n<img src=z>`w` ![](u)\r\n~~~"));
	f.r.cause = f.r.budget;
	all = page_of(&f);
	assert_null(strstr(all, "|x|"));
	assert_null(strstr(all, "\n# y"));
	assert_null(strstr(all, "<img"));
	assert_null(strchr(all, '`'));
	assert_null(strchr(all, '!'));
	assert_null(strchr(all, '~'));
	assert_non_null(strstr(all, "&#124;x&#124; &#35;<wbr> y &#60;img src=z&#62;&#96;w&#96;"));
	free(all);
	run_fixture_end(&f);
}

static void a_page_that_is_too_long_is_cut_between_parts(void **state)
{
	struct run_fixture f;
	struct err err = { 0 };

	(void)state;
	run_fixture_start(&f, STR("some text"));
	for (size_t max = 1100; max < 20000; max += 500) {
		struct buf page DEFER(buf_free) = { 0 };
		struct str text;

		assert_int_equal(markdown_page(&f.r, &f.o, max, &page, &err), 0);
		text = buf_view(&page);
		assert_true(text.n <= max);
		assert_true(str_starts(text, STR("## Countersign: ERROR\n")));
		assert_true(str_ends(text, STR("did not fit on this page.\n")) ||
			    str_ends(text, STR("</details>\n")));
		if (max == 1100)
			assert_true(str_ends(text, STR("\n9 more findings and the rest did not "
						       "fit on this page.\n")));
	}
	run_fixture_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(findings_come_first_and_the_worst_of_them),
		cmocka_unit_test(waivers_and_the_cause_have_their_sections),
		cmocka_unit_test(text_is_only_text),
		cmocka_unit_test(hostile_text_brings_no_markup),
		cmocka_unit_test(a_page_that_is_too_long_is_cut_between_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
