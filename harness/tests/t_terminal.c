/* When there are colours, and when somebody watches. */
#define _XOPEN_SOURCE 700 /* posix_openpt */

#include "cli/terminal.h"

#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <fcntl.h>
#include <unistd.h>

static const char *const names[] = { "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE",
				     "CLICOLOR", "TERM",        "CI" };

static FILE *terminal, *file;
static int master;

static int open_both(void **state)
{
	(void)state;
	master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master < 0 || grantpt(master) || unlockpt(master))
		return -1;
	terminal = fopen(ptsname(master), "w");
	file = tmpfile();
	return terminal && file ? 0 : -1;
}

static int close_both(void **state)
{
	(void)state;
	fclose(terminal);
	fclose(file);
	return close(master);
}

static void environment(const char *const *set)
{
	for (size_t i = 0; i < COUNT(names); i++)
		unsetenv(names[i]);
	for (; *set; set += 2)
		assert_int_equal(setenv(set[0], set[1], 1), 0);
}

static const struct {
	const char *when;
	const char *set[5];
	bool on_terminal, in_file;
} colours[] = {
	{ "auto", { NULL }, true, false },
	{ "always", { "NO_COLOR", "1" }, true, true },
	{ "never", { "FORCE_COLOR", "1" }, false, false },
	{ "auto", { "NO_COLOR", "1" }, false, false },
	{ "auto", { "NO_COLOR", "" }, true, false }, /* no-color.org: when not an empty string */
	{ "auto", { "NO_COLOR", "1", "FORCE_COLOR", "1" }, false, false },
	{ "auto", { "FORCE_COLOR", "1" }, true, true },
	{ "auto", { "FORCE_COLOR", "3" }, true, true },
	{ "auto", { "FORCE_COLOR", "0" }, false, false },
	{ "auto", { "FORCE_COLOR", "false" }, false, false },
	{ "auto", { "FORCE_COLOR", "0", "CLICOLOR_FORCE", "1" }, false, false },
	{ "auto", { "CLICOLOR_FORCE", "1" }, true, true },
	{ "auto", { "CLICOLOR_FORCE", "0" }, true, false },
	{ "auto", { "CLICOLOR_FORCE", "1", "NO_COLOR", "1" }, false, false },
	{ "auto", { "CLICOLOR", "0" }, false, false },
	{ "auto", { "CLICOLOR", "1" }, true, false },
	{ "auto", { "TERM", "dumb" }, false, false },
	{ "auto", { "TERM", "dumb", "FORCE_COLOR", "1" }, true, true },
};

static void colours_follow_the_conventions(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(colours); i++) {
		environment(colours[i].set);
		if (terminal_colour(str(colours[i].when), terminal) != colours[i].on_terminal ||
		    terminal_colour(str(colours[i].when), file) != colours[i].in_file)
			fail_msg("row %zu: --colour %s, %s=%s", i, colours[i].when,
				 colours[i].set[0] ? colours[i].set[0] : "",
				 colours[i].set[0] ? colours[i].set[1] : "");
	}
}

static void progress_is_for_those_who_watch(void **state)
{
	static const char *const none[] = { NULL }, *const ci[] = { "CI", "true", NULL },
				 *const dumb[] = { "TERM", "dumb", NULL },
				 *const forced[] = { "FORCE_COLOR", "1", NULL };

	(void)state;
	environment(none);
	assert_true(terminal_watched(terminal));
	assert_false(terminal_watched(file));
	environment(ci);
	assert_false(terminal_watched(terminal));
	environment(dumb);
	assert_false(terminal_watched(terminal));
	environment(forced);
	assert_false(terminal_watched(file)); /* colours are one thing, a line that moves another */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(colours_follow_the_conventions),
		cmocka_unit_test(progress_is_for_those_who_watch),
	};

	return cmocka_run_group_tests(tests, open_both, close_both);
}
