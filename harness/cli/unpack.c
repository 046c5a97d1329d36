#define _XOPEN_SOURCE 700 /* nftw, mkdtemp */
#include "cli/unpack.h"

#include "report/report.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE (UNPACK_PATH + BUNDLE_NAME_MAX + 2)

static int failed(const char *path, struct err *err)
{
	return err_system(err, ERR_IO, errno, "%s", path);
}

/* The folders of a name; names of a bundle lead nowhere else: files_name_ok. */
static int make_parents(char *path, char *at, struct err *err)
{
	for (char *slash = strchr(at, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) && errno != EEXIST)
			return failed(path, err);
		*slash = '/';
	}
	return 0;
}

static int write_file(const char *folder, const struct bundle_file *f, struct err *err)
{
	char path[PATH_SIZE];
	int fd, bad;

	snprintf(path, sizeof(path), "%s/%.*s", folder, STR_ARG(f->name));
	if (make_parents(path, path + strlen(folder) + 1, err))
		return -1;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return failed(path, err);
	bad = file_write(fd, f->octets);
	if (bad)
		failed(path, err);
	close(fd);
	return bad;
}

int unpack_files(const struct bundle_files *f, char path[static UNPACK_PATH], struct err *err)
{
	const char *where = getenv("TMPDIR");

	if (!where || !*where || strlen(where) > UNPACK_PATH / 2)
		where = P_tmpdir;
	snprintf(path, UNPACK_PATH, "%s/countersign-XXXXXX", where);
	if (!mkdtemp(path)) {
		failed(path, err);
		path[0] = '\0';
		return -1;
	}
	for (size_t i = 0; i < f->n; i++) {
		if (write_file(path, &f->v[i], err)) {
			unpack_remove(path);
			path[0] = '\0';
			return -1;
		}
	}
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void unpack_remove(const char *path)
{
	if (*path)
		nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
