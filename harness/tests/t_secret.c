/* Passwords: from where they may come, and which files are refused. */
#include "cli/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "secret_test_XXXXXX";
static char path[64];

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/secret", folder);
	return unsetenv("COUNTERSIGN_PASSWORD");
}

static int drop_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static void write_file(const char *text, size_t n, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), (ssize_t)n);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static int find(struct secret *s, bool netrc, const char *user, struct err *err)
{
	struct options o = { .user = str(user ? user : "admin"), .user_given = user != NULL };

	*(netrc ? &o.netrc_file : &o.password_file) = str(path);
	return secret_find(s, &o, STR("cam.example"), err);
}

static const struct {
	const char *file, *password; /* NULL: refused */
	const char *why;
} files[] = {
	{ "secret\n", "secret", NULL },
	{ "secret\r\n", "secret", NULL },
	{ "secret", "secret", NULL },
	{ " with spaces \n", " with spaces ", NULL },
	{ "", NULL, "holds no password" },
	{ "\n", NULL, "holds no password" },
	{ "one\ntwo\n", NULL, "more than one line" },
};

static void a_file_holds_one_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		struct err err = { 0 };
		struct secret s;

		write_file(files[i].file, strlen(files[i].file), 0600);
		if (files[i].password) {
			assert_int_equal(find(&s, false, NULL, &err), 0);
			assert_true(str_eq(s.password, str(files[i].password)));
			assert_true(str_eq(s.user, STR("admin")));
			continue;
		}
		assert_int_equal(find(&s, false, NULL, &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		assert_non_null(strstr(err.text, files[i].why));
	}
}

static void a_file_that_others_can_use_is_refused(void **state)
{
	static const mode_t modes[] = { 0644, 0640, 0604, 0620, 0610 };

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(modes); i++) {
		struct err err = { 0 };
		struct secret s;

		write_file("secret\n", 7, modes[i / 2]);
		assert_int_equal(find(&s, i % 2, NULL, &err), -1);
		assert_non_null(strstr(err.text, "chmod 600"));
		assert_null(strstr(err.text, "secret\n"));
	}
}

static void a_file_that_is_too_long_or_missing_is_refused(void **state)
{
	char lots[SECRET_MAX + 1];
	struct err err = { 0 };
	struct secret s;

	(void)state;
	memset(lots, 'x', sizeof(lots));
	write_file(lots, sizeof(lots), 0600);
	assert_int_equal(find(&s, false, NULL, &err), -1);
	assert_non_null(strstr(err.text, "longer than"));
	unlink(path);
	assert_int_equal(find(&s, false, NULL, &err), -1);
	assert_non_null(strstr(err.text, "No such file"));
}

static void the_environment_is_the_last_resort(void **state)
{
	struct options o = { .user = STR("admin") };
	struct err err = { 0 };
	struct secret s;

	(void)state;
	assert_int_equal(secret_find(&s, &o, STR("h"), &err), -1);
	assert_non_null(strstr(err.text, "--password-file"));
	assert_non_null(strstr(err.text, "COUNTERSIGN_PASSWORD"));
	assert_int_equal(setenv("COUNTERSIGN_PASSWORD", "of-env", 1), 0);
	assert_int_equal(secret_find(&s, &o, STR("h"), &err), 0);
	assert_true(str_eq(s.password, STR("of-env")));
	write_file("of-file\n", 8, 0600);
	assert_int_equal(find(&s, false, NULL, &err), 0);
	assert_true(str_eq(s.password, STR("of-file")));
	assert_int_equal(unsetenv("COUNTERSIGN_PASSWORD"), 0);
}

static void a_secret_is_wiped(void **state)
{
	struct err err = { 0 };
	struct secret s;

	(void)state;
	write_file("hunter22\n", 9, 0600);
	assert_int_equal(find(&s, false, NULL, &err), 0);
	secret_wipe(&s);
	for (size_t i = 0; i < sizeof(s.octets); i++)
		assert_int_equal(s.octets[i], 0);
	assert_null(s.password.p);
}

/* --- netrc --- */

static const struct {
	const char *text, *wanted_user, *user, *password; /* password NULL: refused */
} netrcs[] = {
	{ "machine cam.example login root password pw", NULL, "root", "pw" },
	{ "machine CAM.example\n\tlogin root\n\tpassword pw\n", NULL, "root", "pw" },
	{ "machine cam.example password pw", NULL, "admin", "pw" },
	{ "machine other login a password b machine cam.example login c password d", NULL, "c",
	  "d" },
	{ "machine other login a password b default login c password d", NULL, "c", "d" },
	{ "machine cam.example login a password b machine cam.example login c password d", "c", "c",
	  "d" },
	{ "machine cam.example login a password b", "c", NULL, NULL },
	{ "machine cam.example password b", "c", "c", "b" },
	{ "machine cam.example login a account x password b", NULL, "a", "b" },
	{ "# a comment\nmachine cam.example # another\nlogin a password #b", NULL, "a", "#b" },
	{ "machine cam.example login a password \"b \\\" \\\\ c\"", NULL, "a", "b \" \\ c" },
	{ "machine cam.example login a password \"open", NULL, "a", "open" },
	{ "macdef x\nmachine cam.example login z password z\n\nmachine cam.example login a "
	  "password b",
	  NULL, "a", "b" },
	{ "machine other macdef x\nls\n", NULL, NULL, NULL },
	{ "machine cam.example login a", NULL, NULL, NULL },
	{ "machine", NULL, NULL, NULL },
	{ "", NULL, NULL, NULL },
	{ "machine cam.example login a password b c", NULL, NULL, NULL },
	{ "machine cam.example.org login a password b", NULL, NULL, NULL },
};

static void netrc_is_read_as_curl_reads_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(netrcs); i++) {
		struct err err = { 0 };
		struct secret s;
		int got;

		write_file(netrcs[i].text, strlen(netrcs[i].text), 0600);
		got = find(&s, true, netrcs[i].wanted_user, &err);
		if (got != (netrcs[i].password ? 0 : -1))
			fail_msg("%s: %s", netrcs[i].text, err.text);
		if (got)
			continue;
		assert_true(str_eq(s.user, str(netrcs[i].user)));
		assert_true(str_eq(s.password, str(netrcs[i].password)));
	}
}

/* A word that is out of place may be half of a password with a space in it. */
static void an_error_in_netrc_does_not_show_its_words(void **state)
{
	static const char text[] = "machine cam.example login a password hunter 22x";
	struct err err = { 0 };
	struct secret s;

	(void)state;
	write_file(text, strlen(text), 0600);
	assert_int_equal(find(&s, true, NULL, &err), -1);
	assert_non_null(strstr(err.text, "octet 44"));
	assert_null(strstr(err.text, "22x"));
	assert_null(strstr(err.text, "hunter"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_holds_one_line),
		cmocka_unit_test(a_file_that_others_can_use_is_refused),
		cmocka_unit_test(a_file_that_is_too_long_or_missing_is_refused),
		cmocka_unit_test(the_environment_is_the_last_resort),
		cmocka_unit_test(a_secret_is_wiped),
		cmocka_unit_test(netrc_is_read_as_curl_reads_it),
		cmocka_unit_test(an_error_in_netrc_does_not_show_its_words),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
