#define _XOPEN_SOURCE 700 /* fdopendir */
#include "bundle/bundle.h"

#include "report/report.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 6

struct walk {
	struct arena *a;
	struct bundle_files *out;
	size_t left; /* octets that the files may still have */
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static void close_dir(DIR **d)
{
	if (*d)
		closedir(*d);
}

static int system_failed(struct str name, struct err *err)
{
	return err_system(err, ERR_INPUT, errno, "%.*s", STR_ARG(name));
}

static int read_all(int fd, char *p, size_t n, size_t *got)
{
	*got = 0;
	while (*got < n) {
		ssize_t r = read(fd, p + *got, n - *got);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		*got += (size_t)r;
	}
	return 0;
}

static int take_file(struct walk *w, int fd, size_t size, struct str name, struct err *err)
{
	char *p;
	size_t n;

	if (size > w->left)
		return err_set(err, ERR_INPUT, "%.*s: a bundle has at most %zu octets",
			       STR_ARG(name), BUNDLE_MAX_BYTES);
	p = arena_alloc(w->a, size + 1);
	if (!p)
		return arena_check(w->a, err);
	if (read_all(fd, p, size, &n))
		return system_failed(name, err);
	w->left -= n;
	files_add(w->a, w->out, name, str_n(p, n));
	return arena_check(w->a, err);
}

static int take_folder(struct walk *w, int fd, struct str prefix, int depth, struct err *err);

/* Links are not followed: what they point to may not be the run's. */
static int take_entry(struct walk *w, int dir, const char *entry, struct str name, int depth,
		      struct err *err)
{
	int fd DEFER(close_fd) = openat(dir, entry, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (!files_name_ok(name))
		return err_set(
			err, ERR_INPUT,
			"%.*s: a name that `run --results` does not write, expected letters, "
			"digits and ._=-",
			STR_ARG(text_clean(w->a, name, 200)));
	if (fd < 0 || fstat(fd, &st))
		return system_failed(name, err);
	if (S_ISDIR(st.st_mode))
		return take_folder(w, fd, arena_fmt(w->a, "%.*s/", STR_ARG(name)), depth + 1, err);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_INPUT, "%.*s: expected a plain file or a folder",
			       STR_ARG(name));
	return take_file(w, fd, (size_t)st.st_size, name, err);
}

static int take_folder(struct walk *w, int fd, struct str prefix, int depth, struct err *err)
{
	int own = dup(fd);
	DIR *d DEFER(close_dir) = own < 0 ? NULL : fdopendir(own);

	if (!d) {
		if (own >= 0)
			close(own);
		return system_failed(prefix, err);
	}
	if (depth > DEPTH_MAX)
		return err_set(err, ERR_INPUT, "%.*s: more than %d folders deep", STR_ARG(prefix),
			       DEPTH_MAX);
	for (const struct dirent *e = readdir(d); e; e = readdir(d)) {
		struct str name = arena_fmt(w->a, "%.*s%s", STR_ARG(prefix), e->d_name);

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (take_entry(w, fd, e->d_name, name, depth, err))
			return -1;
	}
	return 0;
}

int bundle_folder(struct arena *a, const char *folder, struct bundle_files *out, struct err *err)
{
	int fd DEFER(close_fd) = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct walk w = { .a = a, .out = out, .left = BUNDLE_MAX_BYTES };

	*out = (struct bundle_files){ 0 };
	if (fd < 0)
		return system_failed(str(folder), err);
	if (take_folder(&w, fd, STR(""), 0, err))
		return -1;
	files_sort(out);
	return 0;
}
