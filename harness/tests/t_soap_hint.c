/* Fault texts: counts and locks that are meant, and look-alikes that are not. */
#include "soap/soap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct {
	const char *text;
	int left;
	bool locked;
} row[] = {
	{ "You still have 3 attempts", 3, false },
	{ "Sender not Authorized. You still have 4 attempts.", 4, false },
	{ "2 attempts remaining", 2, false },
	{ "remaining attempts: 4", 4, false },
	{ "Attempts left: 1", 1, false },
	{ "Wrong password, 0 tries left", 0, false },
	{ "you can try 3 more times", 3, false },
	{ "3 of 5 attempts left", 3, false },
	{ "3/5 login attempts left", 3, false },
	{ "You have 2 attempts before the account is locked for 30 minutes", 2, false },
	{ "The account will be locked after 3 more failed attempts", 3, false },
	{ "retries remaining (2)", 2, false },
	{ "account is locked for 30 minutes", -1, true },
	{ "Locked.", -1, true },
	{ "Temporary Suspension", -1, true },
	{ "too many failed logins", -1, true },
	{ "Too many failed login attempts, try again in 5 minutes", -1, true },
	{ "Maximum number of login attempts exceeded", -1, true },
	{ "Account locked due to 5 failed attempts", -1, true },
	{ "IP address blocked, 28 minutes left", -1, true },
	{ "Please wait 30 seconds", -1, true },
	{ "HTTP 401 Unauthorized", -1, false },
	{ "limit of 5 profiles", -1, false },
	{ "5 profiles left", -1, false },
	{ "Sender not Authorized", -1, false },
	{ "", -1, false },
	{ "The account is not locked", -1, false },
	{ "unlocked", -1, false },
	{ "The clock is 5 seconds off; 401 attempts left", -1, false },
	{ "Too many profiles", -1, false },
	{ "Attempts are logged. 5 users remain", -1, false },
	{ "Video source is locked by another client", -1, false },
	{ "version 2.5 attempts remaining work", -1, false },
};

static void test_hints(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(row); i++) {
		if (soap_attempts_left(str(row[i].text)) != row[i].left)
			fail_msg("\"%s\": %d attempts left", row[i].text,
				 soap_attempts_left(str(row[i].text)));
		if (soap_says_locked(str(row[i].text)) != row[i].locked)
			fail_msg("\"%s\": locked is not %d", row[i].text, row[i].locked);
	}
}

static void test_long_texts_are_read_in_part(void **state)
{
	static char text[8192];

	(void)state;
	memset(text, '.', sizeof(text));
	assert_int_equal(soap_attempts_left(str_n(text, sizeof(text))), -1);
	for (size_t i = 0; i + 1 < sizeof(text); i += 2)
		memcpy(text + i, "1 ", 2);
	assert_int_equal(soap_attempts_left(str_n(text, sizeof(text))), -1);
	assert_false(soap_says_locked(str_n(text, sizeof(text))));
}

static void test_lock_times(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} locks[] = {
		{ "The account is locked for 30 minutes.", 1800 },
		{ "Locked. Try again in 1 hour", 3600 },
		{ "wait 300 seconds", 300 },
		{ "Your account is locked after 5 failed attempts, unlock in 10 min.", 600 },
		{ "The account is locked", -1 },
		{ "locked, 5 attempts", -1 },
		{ "99999999999999999999 seconds", -1 },
		{ "30", -1 },
		{ "", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(locks); i++)
		if (soap_lock_seconds(str(locks[i].text)) != locks[i].seconds)
			fail_msg("\"%s\": not %d s", locks[i].text, (int)locks[i].seconds);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hints),
		cmocka_unit_test(test_lock_times),
		cmocka_unit_test(test_long_texts_are_read_in_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
