/* cli_process.h - start the program, read what it prints, and clean up: for the tests that call it.
 */
#ifndef TESTS_CLI_PROCESS_H
#define TESTS_CLI_PROCESS_H

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGS_MAX   12
#define OUTPUT_MAX (1 << 20)
#define LINE_SIZE  256

static char folder[] = "cli_test_XXXXXX";

struct outcome {
	int status;
	char *out, *err;
};

#define PATH_SIZE 128

/* folder/name, in a buffer of the caller. */
static char *path_of(char path[static PATH_SIZE], const char *name)
{
	snprintf(path, PATH_SIZE, "%s/%s", folder, name);
	return path;
}

static char *slurp(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *text = malloc(OUTPUT_MAX + 1);
	size_t n;

	assert_non_null(f);
	assert_non_null(text);
	n = fread(text, 1, OUTPUT_MAX, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static void redirect(const char *path, int flags, int fd)
{
	int file = open(path, flags, 0600);

	if (file < 0 || dup2(file, fd) < 0)
		_exit(125);
}

/* args end with NULL.  Output goes to the files "out" and "err", or to out_fd when that is not -1.
 */
static pid_t start(const char *const *args, int out_fd)
{
	char out[PATH_SIZE], err[PATH_SIZE];
	char *argv[ARGS_MAX + 2];
	pid_t pid;
	int n = 0;

	path_of(out, "out");
	path_of(err, "err");
	argv[n++] = (char *)(uintptr_t) "countersign";
	for (size_t i = 0; i < ARGS_MAX && args[i]; i++)
		argv[n++] = (char *)(uintptr_t)args[i];
	argv[n] = NULL;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		redirect("/dev/null", O_RDONLY, STDIN_FILENO);
		redirect(err, O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
		if (out_fd < 0)
			redirect(out, O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
		else if (dup2(out_fd, STDOUT_FILENO) < 0)
			_exit(125);
		execv(COUNTERSIGN_PROGRAM, argv);
		_exit(126);
	}
	assert_true(pid > 0);
	return pid;
}

/* The same with a pipe; returns its other end. */
static int start_piped(const char *const *args, pid_t *pid)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(ends[0], F_SETFD, FD_CLOEXEC), 0);
	assert_int_equal(fcntl(ends[1], F_SETFD, FD_CLOEXEC), 0);
	*pid = start(args, ends[1]);
	close(ends[1]);
	return ends[0];
}

/* One line, without its newline; false at the end. */
static bool read_line(int fd, char line[static LINE_SIZE])
{
	size_t n = 0;
	char c = '\0';

	while (n < LINE_SIZE - 1 && read(fd, &c, 1) == 1 && c != '\n')
		line[n++] = c;
	line[n] = '\0';
	return n || c == '\n';
}

static int status_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static struct outcome call(const char *const *args)
{
	char path[PATH_SIZE];
	struct outcome o;

	o.status = status_of(start(args, -1));
	o.out = slurp(path_of(path, "out"));
	o.err = slurp(path_of(path, "err"));
	return o;
}

static void forget(struct outcome *o)
{
	free(o->out);
	free(o->err);
}

#define CALL(...) call((const char *const[]){ __VA_ARGS__, NULL })

#endif
