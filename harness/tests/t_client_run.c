/* Which cases are served, in which order, and what is not: needs, unless, provides, patterns. */
#include "client_run_lab.h"

#include "base/mem.h"

#define PLAY      "<challenge/>" SOUND
#define SHOWS     CASE("digest", "provides='digest'", PLAY)
#define SHA       CASE("sha", "needs='digest' provides='digest.sha-256'", PLAY)
#define NEEDS     CASE("needs", "needs='digest'", PLAY)
#define NEEDS_SHA CASE("needs-sha", "needs='digest.sha-256'", PLAY)
#define UNLESS    CASE("unless", "unless='digest'", PLAY)
#define NONE      CASE("none", "", PLAY)
#define WATCHES   CASE("watches", "needs='digest'", "<observe/>" SOUND)
#define NOT_DIGEST                                                                                 \
	"not shown of this client: it answers a Digest challenge of MD5 with qop=auth (digest)"
#define NOT_SHA "not shown of this client: it answers SHA-256 (digest.sha-256)"
#define MISSED  "expected an answer to challenge 1, but no credentials for it came"

static void those_that_show_come_first(void **state)
{
	(void)state;
	run_lab_check((struct run_lab){ .cases = NEEDS_SHA NONE NEEDS SHA SHOWS }, /* backwards */
		      "x.digest x.sha x.needs-sha x.none x.needs",
		      "x.needs-sha pass\nx.none pass\nx.needs pass\nx.sha pass\nx.digest pass\n");
}

static void what_is_not_shown_is_skipped(void **state)
{
	(void)state;
	run_lab_check((struct run_lab){ .cases = SHOWS SHA NEEDS_SHA NEEDS, .does = "x.sha=plain" },
		      "x.digest x.sha x.needs",
		      "x.digest pass\nx.sha fail decision: " MISSED
		      "\nx.needs-sha skip not-offered: " NOT_SHA "\nx.needs pass\n");
}

/* Each waits for one behind it, which is skipped: nothing is left open. */
static void whoever_waits_is_told(void **state)
{
	(void)state;
	run_lab_check((struct run_lab){ .cases = NEEDS_SHA WATCHES SHA SHOWS,
					.does = "x.digest=unable-at-once" },
		      "x.digest",
		      "x.needs-sha skip not-offered: " NOT_SHA
		      "\nx.watches skip not-offered: " NOT_DIGEST
		      "\nx.sha skip not-offered: " NOT_DIGEST
		      "\nx.digest skip not-offered: the client says that it cannot do this\n");
}

static void unless_waits_for_the_other(void **state)
{
	(void)state;
	run_lab_check((struct run_lab){ .cases = UNLESS SHOWS }, "x.digest",
		      "x.unless skip not-offered: not for this client: it answers a Digest "
		      "challenge of MD5 with qop=auth (digest)\nx.digest pass\n");
	run_lab_check((struct run_lab){ .cases = UNLESS SHOWS, .does = "x.digest=plain" },
		      "x.digest x.unless", "x.unless pass\nx.digest fail decision: " MISSED "\n");
}

static void what_is_known_need_not_be_shown(void **state)
{
	(void)state;
	run_lab_check((struct run_lab){ .cases = NEEDS, .known = "digest" }, "x.needs",
		      "x.needs pass\n");
	run_lab_check((struct run_lab){ .cases = SHOWS NEEDS,
					.known = "digest",
					.only = "x.needs",
					.does = "x.digest=plain" },
		      "x.needs", "x.needs pass\n");
}

/* Nobody asked for those that only show something: what they find is not the run's. */
static void only_brings_what_is_needed(void **state)
{
	(void)state;
	run_lab_check((struct run_lab){ .cases = SHOWS SHA NEEDS NONE, .only = "x.none" }, "x.none",
		      "x.none pass\n");
	run_lab_check((struct run_lab){ .cases = SHOWS SHA NEEDS NEEDS_SHA, .only = "x.needs-*" },
		      "x.digest x.sha x.needs-sha",
		      "x.digest pass\nx.sha pass\nx.needs-sha pass\n");
	run_lab_check((struct run_lab){ .cases = SHOWS SHA NEEDS_SHA,
					.only = "x.needs-sha",
					.does = "x.sha=plain" },
		      "x.digest x.sha",
		      "x.digest pass\nx.sha skip not-offered: served only to see whether it "
		      "answers SHA-256: " MISSED "\nx.needs-sha skip not-offered: " NOT_SHA "\n");
	run_lab_check((struct run_lab){ .cases = SHOWS SHA NEEDS_SHA,
					.only = "x.needs-sha x.sha",
					.does = "x.sha=plain" },
		      "x.digest x.sha",
		      "x.digest pass\nx.sha fail decision: " MISSED
		      "\nx.needs-sha skip not-offered: " NOT_SHA "\n");
	run_lab_check((struct run_lab){ .cases = UNLESS SHOWS,
					.only = "x.unless",
					.does = "x.digest=plain" },
		      "x.digest x.unless",
		      "x.unless pass\nx.digest skip not-offered: served only to see whether it "
		      "answers a Digest challenge of MD5 with qop=auth: " MISSED "\n");
}

static void skip_leaves_out(void **state)
{
	(void)state;
	run_lab_check((struct run_lab){ .cases = SHOWS NEEDS NONE, .skip = "x.none" },
		      "x.digest x.needs", "x.digest pass\nx.needs pass\n");
	run_lab_check((struct run_lab){ .cases = SHOWS NEEDS, .skip = "x.digest" }, "",
		      "x.needs skip not-offered: " NOT_DIGEST "\n");
}

/* By the id of a case, all of its variants; by that of a variant, one. */
static void patterns_name_cases_and_variants(void **state)
{
	static const char axis[] =
		CASE("a", "",
		     "<axis name='q' values='auth auth-int'/><challenge><digest qop='$q'/>"
		     "</challenge>" SOUND) NONE;

	(void)state;
	run_lab_check((struct run_lab){ .cases = axis, .only = "x.a" },
		      "x.a[q=auth] x.a[q=auth-int]", "x.a[q=auth] pass\nx.a[q=auth-int] pass\n");
	run_lab_check((struct run_lab){ .cases = axis, .only = "x.a*auth-int]" }, "x.a[q=auth-int]",
		      "x.a[q=auth-int] pass\n");
	run_lab_check((struct run_lab){ .cases = axis, .skip = "x.a*=auth] x.none" },
		      "x.a[q=auth-int]", "x.a[q=auth-int] pass\n");
}

static void patterns_that_match_nothing_are_told(void **state)
{
	static const struct {
		const char *only, *skip, *why;
	} rows[] = {
		{ "x.b", NULL,
		  "--only x.b matches no client case; countersign list --client shows all" },
		{ NULL, "x.none y*",
		  "--skip y* matches no client case; countersign list --client shows all" },
		{ "x.none", "x.*",
		  "nothing selected: profile all and the patterns have no client case in common" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct run_lab l = { .cases = SHOWS NONE,
				     .only = rows[i].only,
				     .skip = rows[i].skip };

		run_lab_load(&l);
		assert_int_equal(run_lab_play(&l), -1);
		assert_int_equal(err.code, ERR_INPUT);
		check_view(str(err.text), str(rows[i].why), "error");
		run_lab_free(&l);
	}
}

/* --- the profile --- */

static void a_profile_leaves_cases_out(void **state)
{
	struct profile_exception exception = { STR("x.n*"), STR("It has none.") };
	const struct profile p = { .id = STR("p"),
				   .kind = STR("client"),
				   .rule = (struct profile_rule *)(uintptr_t)&run_lab_rule,
				   .n_rule = 1,
				   .exception = &exception,
				   .n_exception = 1 };

	(void)state;
	run_lab_check((struct run_lab){ .cases = SHOWS NONE, .profile = &p }, "x.digest",
		      "x.digest pass\nx.none skip excepted: the profile leaves it out: It has "
		      "none.\n");
	/* A level of which it says nothing is not in it. */
	run_lab_check(
		(struct run_lab){
			.cases = CASE_CITED("a", "", "<cite clause='d#1' level='may'/>", PLAY) NONE,
			.profile = &p },
		"", "x.none skip excepted: the profile leaves it out: It has none.\n");
}

/* --- the end --- */

static void an_interrupted_run_says_so(void **state)
{
	(void)state;
	run_lab_check((struct run_lab){ .cases = SHOWS NEEDS WATCHES, .stopped = true }, "x.digest",
		      "x.digest pass\nx.needs inconclusive interrupted: the run was interrupted "
		      "before it\nx.watches inconclusive interrupted: the run was interrupted "
		      "before it\n");
}

static void those_that_watch_see_the_whole_run(void **state)
{
	(void)state;
	run_lab_check((struct run_lab){ .cases = WATCHES SHOWS NONE,
					.does = "x.none=wrong",
					.skip = NULL,
					.only = "x.watches" },
		      "x.digest", "x.watches pass\nx.digest pass\n");
	run_lab_check((struct run_lab){ .cases = CASE("watches", "", "<observe/>" SOUND) }, "",
		      "x.watches skip not-reached: the client never called\n");
}

static void survives_without_memory(void **state)
{
	bool through = false;

	(void)state;
	for (long n = 0; !through; n++) {
		struct run_lab l = { .cases = SHOWS NEEDS WATCHES };
		struct client_options o;
		struct virtual_world clock;
		struct world world;
		struct client_run *k;
		struct served *s;

		run_lab_load(&l);
		o = run_lab_options(&l);
		virtual_world_init(&clock, 0, 1);
		world = world_virtual(&clock);
		mem_fail_after(n);
		k = client_run_new(&o, &world, &l.r, &err);
		while (k && (s = client_run_next(k)))
			client_run_done(k, s);
		if (k)
			client_run_end(k, false);
		mem_fail_after(-1);
		assert_true(k || err.code == ERR_NOMEM);
		through = k && arena_ok(&l.r.a) && !l.r.count[VERDICT_ERROR];
		assert_true(!through || (n > 0 && l.r.n_variant == 3));
		client_run_free(k);
		run_lab_free(&l);
		assert_in_range(n, 0, 1000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(those_that_show_come_first),
		CHECK(what_is_not_shown_is_skipped),
		CHECK(whoever_waits_is_told),
		CHECK(unless_waits_for_the_other),
		CHECK(what_is_known_need_not_be_shown),
		CHECK(only_brings_what_is_needed),
		CHECK(skip_leaves_out),
		CHECK(patterns_name_cases_and_variants),
		CHECK(patterns_that_match_nothing_are_told),
		CHECK(a_profile_leaves_cases_out),
		CHECK(an_interrupted_run_says_so),
		CHECK(those_that_watch_see_the_whole_run),
		CHECK(survives_without_memory),
	};

	return cmocka_run_group_tests(tests, lab_setup, lab_teardown);
}
