#define _XOPEN_SOURCE 700 /* nftw */
#include "call_fixture.h"

#include "run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <ftw.h>
#include <unistd.h>

static char folder[] = "/tmp/call_test_XXXXXX";

int call_enter(void)
{
	unsetenv("GITHUB_ACTIONS");
	return !mkdtemp(folder) || chdir(folder) ? -1 : 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

int call_leave(void)
{
	return chdir("/") || nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) ? -1 : 0;
}

int call_command(enum command_id id, int (*command)(const struct cli *), char *const *words)
{
	struct cli cli = { .argv = words };
	struct err err = { 0 };
	int kept[2] = { dup(1), dup(2) }, status;

	while (words[cli.argc])
		cli.argc++;
	if (options_parse(&cli.o, id, cli.argc, words, &err))
		fail_msg("%s", err.text);
	fflush(stdout);
	assert_non_null(freopen("out.txt", "w", stdout));
	assert_non_null(freopen("err.txt", "w", stderr));
	status = command(&cli);
	fflush(stdout);
	fflush(stderr);
	assert_int_equal(dup2(kept[0], 1), 1);
	assert_int_equal(dup2(kept[1], 2), 2);
	close(kept[0]);
	close(kept[1]);
	return status;
}

void call_has(const char *path, const char *words)
{
	size_t n;
	char *text = run_fixture_file(path, &n);

	if (!strstr(text, words))
		fail_msg("%s lacks \"%s\":\n%.2000s", path, words, text);
	free(text);
}

size_t call_count(const char *path, const char *words)
{
	size_t bytes, n = 0;
	char *text = run_fixture_file(path, &bytes), *at = text;

	while ((at = strstr(at, words))) {
		n++;
		at += strlen(words);
	}
	free(text);
	return n;
}
