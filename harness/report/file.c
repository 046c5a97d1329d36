#define _XOPEN_SOURCE 700 /* realpath */
#include "report/report.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int failed(struct err *err, const char *path, const char *what)
{
	return err_system(err, ERR_IO, errno, "%s: cannot %s", path, what);
}

int file_write(int fd, struct str text)
{
	while (text.n) {
		ssize_t n = write(fd, text.p, text.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		text = str_sub(text, (size_t)n, text.n);
	}
	return 0;
}

/* What is no regular file (a pipe, /dev/stdout) is written, not replaced. */
static int write_through(const char *path, struct str text, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), bad;

	if (fd < 0)
		return failed(err, path, "open");
	bad = file_write(fd, text);
	if (close(fd) || bad)
		return failed(err, path, "write");
	return 0;
}

static int make_parents(const char *path, struct err *err)
{
	char parent[PATH_MAX];

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(parent, sizeof(parent), "%.*s", (int)(slash - path), path);
		if (mkdir(parent, 0777) && errno != EEXIST)
			return failed(err, parent, "make the folder");
	}
	return 0;
}

int folder_make(const char *path, struct err *err)
{
	char below[PATH_MAX];

	if ((size_t)snprintf(below, sizeof(below), "%s/", path) >= sizeof(below))
		return err_set(err, ERR_IO, "%.80s...: the path is too long", path);
	return make_parents(below, err);
}

int file_put(const char *path, struct str text, struct err *err)
{
	int fd, bad;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return failed(err, path, "create");
	bad = file_write(fd, text);
	if (close(fd) || bad)
		return failed(err, path, "write");
	return 0;
}

/* The temporary file while there is one, for file_abandon. */
static char part[PATH_MAX];
static volatile sig_atomic_t part_exists;

void file_abandon(void)
{
	if (part_exists)
		unlink(part);
}

/* Not mkstemp: a report is for others to read, so the mode is the umask's business. */
static int open_part(const char *path, struct err *err)
{
	int fd;

	if ((size_t)snprintf(part, sizeof(part), "%s.%ld.part", path, (long)getpid()) >=
	    sizeof(part))
		return err_set(err, ERR_IO, "%.80s...: the path is too long", path);
	unlink(part);
	part_exists = 1;
	fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd >= 0)
		return fd;
	part_exists = 0;
	return failed(err, part, "create");
}

static void drop_part(void)
{
	unlink(part);
	part_exists = 0;
}

static int replace_regular(const char *path, struct str text, struct err *err)
{
	int fd = open_part(path, err), bad;

	if (fd < 0)
		return -1;
	bad = file_write(fd, text) || fsync(fd);
	bad |= close(fd);
	if (!bad && rename(part, path) == 0) {
		part_exists = 0;
		return 0;
	}
	failed(err, path, "write");
	drop_part();
	return -1;
}

/* The file that path stands for: a link stays, its file is replaced.  true in *through: it is no
 * regular file.
 */
static int look(const char **path, char resolved[static PATH_MAX], bool *through, struct err *err)
{
	struct stat st;

	*through = false;
	if (!*path || !**path)
		return err_set(err, ERR_IO, "a report needs a file name");
	if (stat(*path, &st))
		return 0;
	*through = !S_ISREG(st.st_mode);
	if (!*through && !realpath(*path, resolved))
		return failed(err, *path, "resolve");
	*path = *through ? *path : resolved;
	return 0;
}

int file_check(const char *path, struct err *err)
{
	char resolved[PATH_MAX];
	struct stat st;
	bool through;
	int fd;

	if (path && strcmp(path, "-") == 0)
		return 0;
	if (look(&path, resolved, &through, err))
		return -1;
	if (through) {
		errno = EISDIR;
		if (stat(path, &st) || S_ISDIR(st.st_mode) || access(path, W_OK))
			return failed(err, path, "open");
		return 0;
	}
	if (make_parents(path, err) || (fd = open_part(path, err)) < 0)
		return -1;
	close(fd);
	drop_part();
	return 0;
}

int file_replace(const char *path, struct str text, struct err *err)
{
	char resolved[PATH_MAX];
	bool through;

	if (path && strcmp(path, "-") == 0)
		return fflush(stdout) || file_write(STDOUT_FILENO, text)
			       ? failed(err, "standard output", "write")
			       : 0;
	if (look(&path, resolved, &through, err))
		return -1;
	if (through)
		return write_through(path, text, err);
	if (make_parents(path, err))
		return -1;
	return replace_regular(path, text, err);
}

static int read_all(int fd, struct buf *b)
{
	char piece[1 << 16];

	while (buf_ok(b)) {
		ssize_t n = read(fd, piece, sizeof(piece));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -1 : 0;
		buf_add(b, piece, (size_t)n);
	}
	return 0;
}

static int read_into(struct buf *b, const char *name, struct err *err)
{
	bool given = strcmp(name, "-") == 0;
	int fd = given ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC), bad;

	if (fd < 0)
		return err_system(err, ERR_INPUT, errno, "%s", name);
	bad = read_all(fd, b);
	if (bad)
		err_system(err, ERR_INPUT, errno, "%s", name);
	if (!given)
		close(fd);
	return bad;
}

int file_read(struct arena *a, struct str path, size_t max_bytes, const char *what, struct str *out,
	      struct err *err)
{
	struct buf b DEFER(buf_free) = { 0 };

	buf_init(&b, max_bytes);
	if (read_into(&b, arena_str(a, path).p, err))
		return -1;
	if (!buf_ok(&b) && !b.no_memory)
		return err_set(err, ERR_INPUT, "%.*s: more than %zu octets, expected %s",
			       STR_ARG(path), max_bytes, what);
	*out = arena_str(a, buf_view(&b));
	return buf_check(&b, what, err) || arena_check(a, err) ? -1 : 0;
}
