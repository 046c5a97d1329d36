/* Can a report be written?  Asked without touching what is there. */
#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "file_test_XXXXXX", path[4300];

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static const char *in_folder(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static size_t files_there(void)
{
	DIR *d = opendir(folder);
	size_t n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2; /* "." and ".." */
}

static void an_old_report_is_left_alone(void **state)
{
	struct err err = { 0 };
	char text[8] = "";
	FILE *f;

	(void)state;
	assert_int_equal(file_check(in_folder("report"), &err), 0);
	assert_int_equal(files_there(), 0);
	assert_int_equal(file_replace(in_folder("report"), STR("old"), &err), 0);
	assert_int_equal(file_check(in_folder("report"), &err), 0);
	assert_int_equal(files_there(), 1);
	f = fopen(in_folder("report"), "rb");
	assert_non_null(f);
	assert_int_equal(fread(text, 1, sizeof(text), f), 3);
	fclose(f);
	assert_string_equal(text, "old");
	unlink(in_folder("report"));
}

static void what_cannot_be_written_is_known_before(void **state)
{
	char name[4200];
	struct err err = { 0 };

	(void)state;
	assert_int_equal(file_check("-", &err), 0);
	assert_int_equal(file_check("/dev/null", &err), 0);
	assert_int_equal(file_check("", &err), -1);
	assert_int_equal(file_check(folder, &err), -1);
	assert_non_null(strstr(err.text, "Is a directory"));
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(file_check(name, &err), -1);
	name[300] = '\0';
	assert_int_equal(file_check(in_folder(name), &err), -1);
	assert_non_null(strstr(err.text, "File name too long"));
	assert_int_equal(file_check("/proc/version/report", &err), -1);
	assert_int_equal(file_check("/proc/report", &err), -1);
	assert_int_equal(files_there(), 0);
}

/* Opening a pipe would wait for its reader, or let the reader see an end that is none. */
static void a_pipe_is_not_opened(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
	assert_int_equal(file_check(in_folder("pipe"), &err), 0);
	unlink(in_folder("pipe"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_old_report_is_left_alone),
		cmocka_unit_test(what_cannot_be_written_is_known_before),
		cmocka_unit_test(a_pipe_is_not_opened),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
