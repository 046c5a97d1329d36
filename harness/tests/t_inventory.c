/* The devices of an inventory: what is read, and one line for each way in which it is wrong. */
#include "cli/inventory.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ARENA_MAX (256u << 20)
#define FILE_NAME "lab/t.ini"
#define TEXT(lit)                                                                                  \
	{                                                                                          \
		lit, sizeof(lit) - 1                                                               \
	} /* STR, where a constant is needed */

struct lab {
	struct arena a;
	struct options base;
	struct inventory v;
	struct err err;
};

static int parse(struct lab *l, struct str text)
{
	l->v = (struct inventory){ .n = 0 };
	l->err = (struct err){ 0 };
	return inventory_parse(&l->a, STR(FILE_NAME), text, &l->base, &l->v, &l->err);
}

static int start(void **state)
{
	static struct lab lab;

	lab = (struct lab){ .base = { .user = STR("admin"), .timeout_ms = 10000 } };
	arena_init(&lab.a, ARENA_MAX);
	*state = &lab;
	return 0;
}

static int end(void **state)
{
	struct lab *l = *state;

	arena_free(&l->a);
	return 0;
}

static void expect(struct str is, const char *should)
{
	if (!str_eq(is, str(should)))
		fail_msg("\"%.*s\", expected \"%s\"", STR_ARG(is), should);
}

/* --- what is read --- */

static void every_entry_goes_where_it_belongs(void **state)
{
	struct lab *l = *state;
	const struct inventory_device *d;

	l->base.password_file = STR("for-all.secret");
	if (parse(l, STR("; our cameras\n"
			 "[Gate.2_b]\n"
			 "url = http://192.0.2.10:8080/onvif/device_service\n"
			 "user = root\n"
			 "password-env = GATE_PASSWORD\n"
			 "vendor = Acme\n"
			 "model = Dome 7\n"
			 "profile = onvif-core\n"
			 "kind = onvif\n"
			 "operation = GetUsers\n"
			 "risk = intrusive\n"
			 "failures = 3/30m\n"
			 "lab = no\n"
			 "cleartext = yes\n"
			 "slow = yes\n"
			 "connections = 2\n"
			 "timeout = 3s\n"
			 "cacert = ca.pem\n"
			 "insecure = no\n"
			 "waivers = /etc/w.ini\n"
			 "baseline = last.json\n"
			 "[two]\n"
			 "persona = http\n"
			 "fault = nc-unchecked\n")))
		fail_msg("%s", l->err.text);
	assert_int_equal(l->v.n, 2);
	d = &l->v.device[0];
	expect(d->name, "Gate.2_b");
	expect(d->slug, "gate-2-b");
	expect(d->vendor, "Acme");
	expect(d->model, "Dome 7");
	expect(d->host, "http://192.0.2.10:8080");
	assert_int_equal(d->line, 2);
	assert_int_equal(d->o.n_operand, 1);
	expect(d->o.operand[0], "http://192.0.2.10:8080/onvif/device_service");
	expect(d->o.user, "root");
	expect(d->o.password_env, "GATE_PASSWORD");
	assert_null(d->o.password_file.p); /* one source takes the place of the other */
	expect(d->o.profile, "onvif-core");
	expect(d->o.operation, "GetUsers");
	expect(d->o.risk, "intrusive");
	expect(d->o.failures, "3/30m");
	assert_false(d->o.lab);
	assert_true(d->o.cleartext);
	assert_true(d->o.slow);
	assert_int_equal(d->o.connections, 2);
	assert_int_equal(d->o.timeout_ms, 3000);
	expect(d->o.cacert, "lab/ca.pem"); /* from the folder of the inventory */
	expect(d->o.waivers, "/etc/w.ini");
	expect(d->o.baseline, "lab/last.json");
	d = &l->v.device[1];
	assert_null(d->host.p);
	assert_int_equal(d->o.n_operand, 0);
	expect(d->o.persona, "http");
	assert_int_equal(d->o.fault.n, 1);
	expect(d->o.user, "admin");
	expect(d->o.password_file, "for-all.secret");
	assert_int_equal(d->o.timeout_ms, 10000);
	/* No device has what another one said. */
	assert_int_equal(l->base.fault.n, 0);
	assert_null(l->base.persona.p);
}

static void editors_may_save_it_in_their_way(void **state)
{
	static const struct str texts[] = {
		TEXT("\xef\xbb\xbf[a]\npersona = http\n"),
		TEXT("[a]\r\npersona = http\r\n"),
		TEXT("[a]\npersona = http"),
		TEXT("[a]\n\n# remark\n; remark\npersona=http ; of RFC 7616\n\n"),
		TEXT("[a]\npersona =\n  http\n"),
	};
	struct lab *l = *state;

	for (size_t i = 0; i < COUNT(texts); i++) {
		if (parse(l, texts[i]))
			fail_msg("%zu: %s", i, l->err.text);
		assert_int_equal(l->v.n, 1);
		expect(l->v.device[0].o.persona, "http");
	}
}

/* One server may hold several devices: by path, by kind, or by account. */
static void one_host_may_come_more_than_once(void **state)
{
	struct lab *l = *state;

	if (parse(l, STR("[a]\nurl = http://h/a\n[b]\nurl = http://h/b\n"
			 "[c]\nurl = http://h/a\nuser = other\n"
			 "[d]\nurl = http://h/a\nkind = http\n")))
		fail_msg("%s", l->err.text);
	assert_int_equal(l->v.n, 4);
	for (size_t i = 0; i < l->v.n; i++)
		expect(l->v.device[i].host, "http://h");
}

/* --- what is refused --- */

#define DEVICE "[a]\nurl = http://h/\n"
#define TEN    "0123456789"

/* Each message begins with the file and the line. */
static const struct {
	struct str text;
	const char *complaint;
} bad[] = {
	{ TEXT(""), "lab/t.ini:1: no device, expected a [section] for each" },
	{ TEXT("; nothing\n\n"), "lab/t.ini:1: no device" },
	{ TEXT("\n[a]\n"), "lab/t.ini:2: an empty section" },
	{ TEXT("url = http://h/\n"), "lab/t.ini:1: expected a [section]" },
	{ TEXT("[a\nurl = http://h/\n"), "lab/t.ini:1: " },
	{ TEXT("[a]\nnonsense\n"), "lab/t.ini:2: neither [section] nor name = value" },
	{ TEXT("  [a]\nurl = http://h/\n"), "lab/t.ini:1: a bracket behind a blank" },
	/* twice */
	{ TEXT(DEVICE "url = http://i/\n"), "lab/t.ini:3: an entry that was there before" },
	{ TEXT(DEVICE "[a]\nurl = http://i/\n"), "lab/t.ini:3: [a]: its name is that of line 1" },
	{ TEXT(DEVICE "[A]\nurl = http://i/\n"), "lab/t.ini:3: [A]: its name is that of line 1" },
	{ TEXT("[a.b]\nurl = http://h/\n[a-b]\nurl = http://i/\n"),
	  "lab/t.ini:3: [a-b]: its name is that of line 1, expected each device once" },
	{ TEXT(DEVICE "[b]\nurl = http://h/\n"),
	  "lab/t.ini:3: [b]: its url, kind and user are those of line 1" },
	/* names */
	{ TEXT("[]\nurl = http://h/\n"), "lab/t.ini:1: []: expected a name of letters" },
	{ TEXT("[.a]\nurl = http://h/\n"), "lab/t.ini:1: [.a]: expected a name" },
	{ TEXT("[..]\nurl = http://h/\n"), "lab/t.ini:1: [..]: expected a name" },
	{ TEXT("[a/b]\nurl = http://h/\n"), "lab/t.ini:1: [a/b]: expected a name" },
	{ TEXT("[a b]\nurl = http://h/\n"), "lab/t.ini:1: [a b]: expected a name" },
	{ TEXT("[caf\xc3\xa9]\nurl = http://h/\n"), "lab/t.ini:1: [caf" },
	{ TEXT("[" TEN TEN TEN TEN TEN TEN "x]\nurl = http://h/\n"), "lab/t.ini:1: [0123" },
	/* entries */
	{ TEXT(DEVICE "usr = x\n"), "lab/t.ini:3: no entry \"usr\", expected user perhaps" },
	{ TEXT(DEVICE "targets = x\n"), "lab/t.ini:3: no entry \"targets\"" },
	{ TEXT(DEVICE "junit = x\n"), "lab/t.ini:3: no entry \"junit\"" },
	{ TEXT(DEVICE "URL = http://i/\n"), "lab/t.ini:3: no entry \"URL\"" },
	{ TEXT(DEVICE "password = secret\n"),
	  "lab/t.ini:3: password: a password does not stand in an inventory" },
	{ TEXT(DEVICE "password-file = -\n"), "lab/t.ini:3: password-file: standard input" },
	{ TEXT(DEVICE "netrc-file = -\n"), "lab/t.ini:3: netrc-file: standard input" },
	{ TEXT(DEVICE "password-env =\n"), "lab/t.ini:3: password-env: empty" },
	{ TEXT(DEVICE "vendor =\n"), "lab/t.ini:3: vendor: empty" },
	{ TEXT(DEVICE "model =\n"), "lab/t.ini:3: model: empty" },
	{ TEXT(DEVICE "risk = some\n"), "lab/t.ini:3: risk some: expected one of safe" },
	{ TEXT(DEVICE "lab = perhaps\n"), "lab/t.ini:3: lab perhaps: expected yes or no" },
	{ TEXT(DEVICE "connections = many\n"), "lab/t.ini:3: connections many" },
	{ TEXT(DEVICE "timeout = soon\n"), "lab/t.ini:3: timeout soon" },
	/* where the device is */
	{ TEXT("[a]\nuser = x\n"), "lab/t.ini:1: [a]: no url, expected one, or persona" },
	{ TEXT("[a]\nfault = nc-unchecked\n"), "lab/t.ini:1: [a]: no url" },
	{ TEXT("[a]\nurl =\n"), "lab/t.ini:2: " },
	{ TEXT("[a]\nurl = ftp://h/\n"), "lab/t.ini:2: " },
	{ TEXT("[a]\nurl = http://u:p@h/\n"), "lab/t.ini:2: " },
	{ TEXT("[a]\nurl = http://h/\n  more\n"), "lab/t.ini:2: " },
	{ TEXT(DEVICE "persona = http\n"), "lab/t.ini:1: [a]: persona and fault are of the" },
	{ TEXT(DEVICE "fault = nc-unchecked\n"), "lab/t.ini:1: [a]: persona and fault are of the" },
	/* octets */
	{ TEXT("[a]\nurl = http://h/\0\n"), "lab/t.ini:2: an octet that is no text" },
	{ TEXT("[a\0]\nurl = http://h/\n"), "lab/t.ini:1: an octet that is no text" },
	{ TEXT("\0"), "lab/t.ini:1: an octet that is no text" },
	{ TEXT(DEVICE "vendor = \xff\n"), "lab/t.ini:3: an octet that is no text" },
	{ TEXT(DEVICE "vendor = a\x1b[2J\n"), "lab/t.ini:3: an octet that is no text" },
	{ TEXT(DEVICE "vendor = a\rurl = b\x7f\n"), "lab/t.ini:3: an octet that is no text" },
};

static void one_clear_line(const struct err *err)
{
	assert_int_equal(err->code, ERR_INPUT);
	for (const char *p = err->text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			fail_msg("an octet %02x in \"%s\"", *p, err->text);
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
	struct lab *l = *state;

	for (size_t i = 0; i < COUNT(bad); i++) {
		if (parse(l, bad[i].text) != -1)
			fail_msg("%zu is taken: %s", i, bad[i].complaint);
		one_clear_line(&l->err);
		if (strncmp(l->err.text, bad[i].complaint, strlen(bad[i].complaint)))
			fail_msg("%zu: \"%s\", expected \"%s\"", i, l->err.text, bad[i].complaint);
		if (strstr(l->err.text, "secret"))
			fail_msg("the password is told");
	}
}

/* A prefix of a good inventory is good, or is refused in one line; no octet behind it is read. */
static void every_prefix_is_read_or_refused(void **state)
{
	static const char text[] = "\xef\xbb\xbf; x\n[a]\nurl = http://h:1/\nuser = \xc3\xa9\n"
				   "password-env = P\n[b]\npersona =\n  http\n";
	struct lab *l = *state;

	for (size_t n = 0; n < sizeof(text); n++) {
		char *copy = malloc(n ? n : 1); /* whose end a sanitizer guards */

		assert_non_null(copy);
		memcpy(copy, text, n);
		if (parse(l, str_n(copy, n)))
			one_clear_line(&l->err);
		else
			assert_in_range(l->v.n, 1, 2);
		free(copy);
	}
}

/* --- sizes --- */

static struct str devices(struct buf *b, size_t n)
{
	buf_init(b, 64u << 20);
	for (size_t i = 0; i < n; i++)
		buf_fmt(b, "[d%zu]\npersona = http\n", i);
	assert_true(buf_ok(b));
	return buf_view(b);
}

static void a_long_line_is_refused(void **state)
{
	struct lab *l = *state;
	struct buf b DEFER(buf_free) = { 0 };

	buf_init(&b, 1 << 20);
	buf_puts(&b, DEVICE "vendor = ");
	for (int i = 0; i < 1000; i++)
		buf_puts(&b, "x");
	assert_int_equal(parse(l, buf_view(&b)), -1);
	one_clear_line(&l->err);
	assert_non_null(strstr(l->err.text, "lab/t.ini:3: a line of over 198 octets"));
}

static void many_devices_are_read(void **state)
{
	struct lab *l = *state;
	struct buf b DEFER(buf_free) = { 0 };

	if (parse(l, devices(&b, 2000)))
		fail_msg("%s", l->err.text);
	assert_int_equal(l->v.n, 2000);
	expect(l->v.device[1999].name, "d1999");
}

static void too_many_devices_are_refused(void **state)
{
	struct lab *l = *state;
	struct buf b DEFER(buf_free) = { 0 };

	assert_int_equal(parse(l, devices(&b, INVENTORY_DEVICES_MAX + 1)), -1);
	one_clear_line(&l->err);
	assert_non_null(strstr(l->err.text, "lab/t.ini:20001: expected at most 10000 devices"));
}

static void a_huge_file_is_not_read(void **state)
{
	struct lab *l = *state;
	char path[] = "/tmp/inventory_test_XXXXXX";
	int fd = mkstemp(path);
	FILE *f = fdopen(fd, "w");

	assert_non_null(f);
	assert_int_equal(fseek(f, (long)INVENTORY_MAX, SEEK_SET), 0);
	assert_int_equal(fputc('\n', f), '\n');
	assert_int_equal(fclose(f), 0);
	assert_int_equal(inventory_read(&l->a, str(path), &l->base, &l->v, &l->err), -1);
	remove(path);
	one_clear_line(&l->err);
	assert_non_null(strstr(l->err.text, "inventory"));
	assert_non_null(strstr(l->err.text, path));
}

static void a_file_that_is_not_there_is_told(void **state)
{
	struct lab *l = *state;

	assert_int_equal(inventory_read(&l->a, STR("/nonexistent/t.ini"), &l->base, &l->v, &l->err),
			 -1);
	one_clear_line(&l->err);
	assert_non_null(strstr(l->err.text, "/nonexistent/t.ini"));
}

/* An arena that is full is an error, and no half inventory. */
static void no_memory_is_an_error(void **state)
{
	struct lab *l = *state;
	const struct str text = STR(DEVICE "vendor = Acme\n[b]\npersona = http\n");
	bool taken = false;

	for (size_t room = 0; !taken && room < 1u << 20; room += 512) {
		struct arena small;

		arena_init(&small, room);
		l->err = (struct err){ 0 };
		taken = inventory_parse(&small, STR(FILE_NAME), text, &l->base, &l->v, &l->err) ==
			0;
		if (!taken)
			assert_int_equal(l->err.code, ERR_NOMEM);
		arena_free(&small);
	}
	assert_true(taken);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_entry_goes_where_it_belongs, start, end),
		cmocka_unit_test_setup_teardown(editors_may_save_it_in_their_way, start, end),
		cmocka_unit_test_setup_teardown(one_host_may_come_more_than_once, start, end),
		cmocka_unit_test_setup_teardown(what_is_wrong_is_told_with_its_line, start, end),
		cmocka_unit_test_setup_teardown(every_prefix_is_read_or_refused, start, end),
		cmocka_unit_test_setup_teardown(a_long_line_is_refused, start, end),
		cmocka_unit_test_setup_teardown(many_devices_are_read, start, end),
		cmocka_unit_test_setup_teardown(too_many_devices_are_refused, start, end),
		cmocka_unit_test_setup_teardown(a_huge_file_is_not_read, start, end),
		cmocka_unit_test_setup_teardown(a_file_that_is_not_there_is_told, start, end),
		cmocka_unit_test_setup_teardown(no_memory_is_an_error, start, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
