#include "cli/input.h"

#include "auth/hash.h"
#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int system_failed(struct str path, struct err *err)
{
	return err_system(err, ERR_INPUT, errno, "%.*s", STR_ARG(path));
}

static int open_file(struct str path, struct stat *st, struct err *err)
{
	char name[4096];
	int fd;

	if (path.n >= sizeof(name))
		return err_set(err, ERR_INPUT, "%.80s...: the path is too long", path.p);
	snprintf(name, sizeof(name), "%.*s", STR_ARG(path));
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return system_failed(path, err);
	if (fstat(fd, st) == 0 && !S_ISDIR(st->st_mode))
		return fd;
	close(fd);
	return err_set(err, ERR_INPUT, "%.*s: expected a file", STR_ARG(path));
}

/* A pipe has no length: read until its end. */
static int read_fd(int fd, struct str path, struct buf *out, struct err *err)
{
	char room[1 << 16];

	for (;;) {
		ssize_t n = read(fd, room, sizeof(room));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return system_failed(path, err);
		if (n == 0)
			return 0;
		buf_add(out, room, (size_t)n);
		if (!buf_ok(out))
			return err_set(err, ERR_INPUT, "%.*s: more than %zu octets", STR_ARG(path),
				       out->max_bytes);
	}
}

static int read_whole(struct arena *a, int fd, struct str path, size_t max_bytes, struct str *out,
		      struct err *err)
{
	struct buf b;
	int bad;

	buf_init(&b, max_bytes);
	bad = read_fd(fd, path, &b, err);
	*out = arena_str(a, buf_view(&b));
	buf_free(&b);
	return bad ? -1 : arena_check(a, err);
}

int input_read(struct arena *a, struct str path, size_t max_bytes, struct str *out, struct err *err)
{
	struct stat st;
	int fd DEFER(close_fd) = open_file(path, &st, err);

	return fd < 0 ? -1 : read_whole(a, fd, path, max_bytes, out, err);
}

int input_read_secret(struct arena *a, struct str path, size_t max_bytes, struct str *out,
		      struct err *err)
{
	struct stat st;
	int fd DEFER(close_fd) = open_file(path, &st, err);

	if (fd < 0)
		return -1;
	if (S_ISREG(st.st_mode) && st.st_mode & (S_IRWXG | S_IRWXO))
		return err_set(err, ERR_INPUT,
			       "%.*s can be used by others (mode %04o): chmod 600 %.*s",
			       STR_ARG(path), (unsigned)(st.st_mode & 07777), STR_ARG(path));
	return read_whole(a, fd, path, max_bytes, out, err);
}

int input_text(struct arena *a, struct str value, size_t max_bytes, struct str *out,
	       struct err *err)
{
	*out = value;
	if (!str_starts(value, STR("@")))
		return 0;
	if (input_read(a, str_sub(value, 1, value.n), max_bytes, out, err))
		return -1;
	*out = str_trim(*out);
	return 0;
}

/* Mapped, not read: firmware may be larger than what there is of memory. */
int input_sha256(struct str path, uint64_t *bytes, char hex[static 65], struct err *err)
{
	struct stat st;
	int fd DEFER(close_fd) = open_file(path, &st, err), bad;
	struct str whole;
	void *p;

	if (fd < 0)
		return -1;
	if (!S_ISREG(st.st_mode) || st.st_size <= 0)
		return err_set(err, ERR_INPUT, "%.*s: expected a file that is not empty",
			       STR_ARG(path));
	*bytes = (uint64_t)st.st_size;
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return system_failed(path, err);
	whole = str_n(p, (size_t)st.st_size);
	bad = hash_joined_hex(HASH_SHA256, &whole, 1, hex, err);
	munmap(p, (size_t)st.st_size);
	return bad;
}
