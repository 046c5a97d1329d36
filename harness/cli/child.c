#include "cli/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_BYTES 65536
#define END_MS     2000 /* from the end of its output to its end */

extern char **environ;

struct pipes {
	int fd[6]; /* ours and its: input, output, errors */
};

static void close_all(const int *fd, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (fd[i] >= 0)
			close(fd[i]);
	}
}

static int open_pipes(struct pipes *p, struct err *err)
{
	for (size_t i = 0; i < COUNT(p->fd); i++)
		p->fd[i] = -1;
	for (size_t i = 0; i < COUNT(p->fd); i += 2)
		if (pipe(p->fd + i)) {
			int why = errno;

			close_all(p->fd, COUNT(p->fd));
			return err_system(err, ERR_IO, why, "no pipe for the program");
		}
	for (size_t i = 0; i < COUNT(p->fd); i++)
		fcntl(p->fd[i], F_SETFD, FD_CLOEXEC);
	return 0;
}

/* In a process group of its own, so that what a shell starts ends with it. */
static int spawn(const char *command, char *const *environment, const struct pipes *p, pid_t *pid)
{
	char shell[] = "sh", flag[] = "-c";
	char *const argv[] = { shell, flag, (char *)(uintptr_t)command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t pipe_signal;
	int why;

	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_adddup2(&actions, p->fd[0], 0);
	posix_spawn_file_actions_adddup2(&actions, p->fd[3], 1);
	posix_spawn_file_actions_adddup2(&actions, p->fd[5], 2);
	posix_spawnattr_setsigdefault(&attributes, &pipe_signal);
	posix_spawnattr_setflags(&attributes,
				 (short)(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF));
	why = posix_spawn(pid, "/bin/sh", &actions, &attributes, argv,
			  environment ? environment : environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return why;
}

int child_start(struct child *c, const char *command, char *const *environment, struct err *err)
{
	struct pipes p;
	int why;

	*c = (struct child){ .in = -1, .out = -1, .err = -1, .status = -1 };
	if (open_pipes(&p, err))
		return -1;
	why = spawn(command, environment, &p, &c->pid);
	if (why) {
		c->pid = 0;
		close_all(p.fd, COUNT(p.fd));
		return err_system(err, ERR_IO, why, "the program cannot be started");
	}
	close_all((const int[]){ p.fd[0], p.fd[3], p.fd[5] }, 3);
	c->in = p.fd[1];
	c->out = p.fd[2];
	c->err = p.fd[4];
	fcntl(c->in, F_SETFL, O_NONBLOCK);
	fcntl(c->out, F_SETFL, O_NONBLOCK);
	fcntl(c->err, F_SETFL, O_NONBLOCK);
	buf_init(&c->to, CHILD_TO_MAX);
	buf_init(&c->from, 2 * CHILD_LINE_MAX + READ_BYTES);
	return 0;
}

char **child_environment(struct arena *a, const struct child_variable *v, size_t n)
{
	size_t own = 0;
	char **out;

	while (environ[own])
		own++;
	out = arena_array(a, char *, own + n + 1);
	for (size_t i = 0; out && i < n; i++)
		out[i] = (char *)(uintptr_t)arena_fmt(a, "%s=%.*s", v[i].name, STR_ARG(v[i].value))
				 .p;
	for (size_t i = 0; out && i < own; i++)
		out[n + i] = environ[i];
	return arena_ok(a) ? out : NULL;
}

void child_say(struct child *c, struct str line)
{
	buf_str(&c->to, line);
	buf_char(&c->to, '\n');
}

/* --- octets --- */

static void drop_front(struct buf *b, size_t n)
{
	memmove(b->p, b->p + n, b->n - n);
	b->n -= n;
	b->p[b->n] = '\0';
}

static int write_some(struct child *c, struct err *err)
{
	ssize_t n = write(c->in, c->to.p, c->to.n);

	if (n > 0)
		drop_front(&c->to, (size_t)n);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return err_set(err, ERR_IO, "closed its input");
	return 0;
}

/* Keeps the end. */
static void keep_words(struct child *c, const char *p, size_t n)
{
	const size_t room = sizeof(c->words);
	size_t over;

	if (n > room) {
		p += n - room;
		n = room;
	}
	over = c->n_words + n > room ? c->n_words + n - room : 0;
	memmove(c->words, c->words + over, c->n_words - over);
	memcpy(c->words + c->n_words - over, p, n);
	c->n_words += n - over;
}

/* 1: something came, 0: nothing for now, -1: its end. */
static int read_errors(struct child *c)
{
	char octets[4096];
	ssize_t n = read(c->err, octets, sizeof(octets));

	if (n > 0)
		keep_words(c, octets, (size_t)n);
	return n > 0 ? 1 : n == 0 || (errno != EAGAIN && errno != EINTR) ? -1 : 0;
}

/* The last line that it wrote on standard error, in parentheses. */
static struct str last_words(const struct child *c, char text[static 300])
{
	struct str words = str_trim(str_n(c->words, c->n_words));
	size_t n = 0;

	for (size_t i = 0; i < words.n; i++)
		if (words.p[i] == '\n')
			n = i + 1;
	words = str_sub(words, n, words.n);
	if (!words.n)
		return STR("");
	snprintf(text, 300, " (%.*s)", STR_ARG(words));
	return str(text);
}

/* A shell says by its status that what it ran was ended by a signal.  0: none. */
static int signal_of(int status)
{
	if (WIFSIGNALED(status))
		return WTERMSIG(status);
	return WIFEXITED(status) && WEXITSTATUS(status) > 128 ? WEXITSTATUS(status) - 128 : 0;
}

/* Its output is over: let it end, and say how. */
static int ended(struct child *c, struct err *err)
{
	struct pollfd p = { .fd = c->err, .events = POLLIN };
	char text[300];
	int status = 0;
	bool ours;

	child_end_input(c);
	while (c->err >= 0 && poll(&p, 1, END_MS) > 0 && read_errors(c) >= 0)
		;
	/* It has ended, is about to, or lives on without its output. */
	ours = waitpid(c->pid, &status, WNOHANG) == 0;
	if (ours) {
		kill(-c->pid, SIGKILL);
		waitpid(c->pid, &status, 0);
	}
	c->pid = 0;
	c->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	if (signal_of(status) && !(ours && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL))
		return err_set(err, ERR_IO, "was ended by signal %d%.*s", signal_of(status),
			       STR_ARG(last_words(c, text)));
	if (WIFEXITED(status) && WEXITSTATUS(status))
		return err_set(err, ERR_IO, "ended with status %d%.*s", WEXITSTATUS(status),
			       STR_ARG(last_words(c, text)));
	return err_set(err, ERR_IO, "closed its output%.*s", STR_ARG(last_words(c, text)));
}

static int read_some(struct child *c, struct err *err)
{
	char octets[READ_BYTES];
	ssize_t n;

	if (c->taken) {
		drop_front(&c->from, c->taken);
		c->taken = 0;
	}
	n = read(c->out, octets, sizeof(octets));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		return ended(c, err);
	buf_add(&c->from, octets, (size_t)n);
	if (!buf_ok(&c->from) ||
	    (c->from.n > CHILD_LINE_MAX && str_chr(buf_view(&c->from), '\n') == (size_t)-1))
		return err_set(err, ERR_LIMIT, "wrote a line of more than %u octets",
			       CHILD_LINE_MAX);
	return 0;
}

int child_exchange(struct child *c, int64_t wait_ms, struct err *err)
{
	struct pollfd p[] = { { .fd = c->out, .events = POLLIN },
			      { .fd = c->err, .events = POLLIN },
			      { .fd = c->to.n ? c->in : -1, .events = POLLOUT } };

	if (poll(p, COUNT(p), (int)(wait_ms > 60000 ? 60000 : wait_ms)) <= 0)
		return 0;
	if (p[1].revents && read_errors(c) < 0) {
		close(c->err);
		c->err = -1;
	}
	if (p[0].revents && read_some(c, err))
		return -1;
	return p[2].revents && c->pid ? write_some(c, err) : 0;
}

bool child_line(struct child *c, struct str *line)
{
	struct str rest = str_sub(buf_view(&c->from), c->taken, (size_t)-1);
	size_t end = str_chr(rest, '\n');

	if (end == (size_t)-1)
		return false;
	*line = str_sub(rest, 0, end);
	c->taken += end + 1;
	return true;
}

void child_end_input(struct child *c)
{
	if (c->in >= 0)
		close(c->in);
	c->in = -1;
}

void child_stop(struct child *c, bool politely)
{
	struct pollfd p = { .fd = c->out, .events = POLLIN };
	char octets[4096];
	int status = c->status;

	if (c->pid && politely) {
		child_end_input(c);
		while (poll(&p, 1, END_MS) > 0 && read(c->out, octets, sizeof(octets)) > 0)
			;
	}
	if (c->pid) {
		kill(-c->pid, SIGKILL);
		waitpid(c->pid, NULL, 0);
	}
	close_all((const int[]){ c->in, c->out, c->err }, 3);
	buf_free(&c->to);
	buf_free(&c->from);
	*c = (struct child){ .in = -1, .out = -1, .err = -1, .status = status };
}
