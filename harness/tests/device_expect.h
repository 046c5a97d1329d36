/* device_expect.h - one client for a test file, and what its scripts should give. */
#ifndef TESTS_DEVICE_EXPECT_H
#define TESTS_DEVICE_EXPECT_H

#include "tests/device_client.h"

static struct client client;

static void open_persona(const char *persona)
{
	client_open(&client, persona, NULL, false);
}

static int teardown(void **state)
{
	(void)state;
	client_close(&client);
	client = (struct client){ 0 };
	return 0;
}

/* Run a script and look at its last answer. */
static void expect(const char *script, int status)
{
	client_run(&client, script);
	if (client.answer != DEVICE_ANSWERED || client.response.status != status)
		fail_msg("%s: \"%s\" gives %d, not %d: %.*s", client.persona->name, script,
			 client.response.status, status, STR_ARG(client.response.body));
}

#endif
