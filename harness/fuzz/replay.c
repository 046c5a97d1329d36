/* replay.c - a corpus without libFuzzer: each file of the directories in argv goes through the fuzz
 * target once.  Exit status 1 when there is none to read.
 */
#include "base/err.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX_BYTES (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void file_close(FILE **f)
{
	if (*f)
		(void)fclose(*f);
}

/* An exact copy: a read past its end is a read past the allocation. */
static int replay_file(const char *path)
{
	static uint8_t room[FILE_MAX_BYTES];
	FILE *f DEFER(file_close) = fopen(path, "rb");
	uint8_t *exact;
	size_t n;

	if (!f)
		return -1;
	n = fread(room, 1, sizeof(room), f);
	exact = malloc(n ? n : 1);
	if (ferror(f) || !exact) {
		free(exact);
		return -1;
	}
	memcpy(exact, room, n);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	return 0;
}

static int replay_directory(const char *path, int *files)
{
	DIR *d = opendir(path);

	if (!d)
		return -1;
	for (const struct dirent *e = readdir(d); e; e = readdir(d)) {
		char name[4096];
		int n = snprintf(name, sizeof(name), "%s/%s", path, e->d_name);

		if (e->d_name[0] == '.' || n < 0 || (size_t)n >= sizeof(name))
			continue;
		if (replay_file(name)) {
			(void)fprintf(stderr, "%s cannot be read\n", name);
			(void)closedir(d);
			return -1;
		}
		(*files)++;
	}
	return closedir(d);
}

int main(int argc, char **argv)
{
	int files = 0;

	for (int i = 1; i < argc; i++) {
		if (replay_directory(argv[i], &files)) {
			(void)fprintf(stderr, "%s cannot be read\n", argv[i]);
			return 1;
		}
	}
	(void)printf("%d files\n", files);
	return files ? 0 : 1;
}
