/* lines.h - what the two gSOAP adapters share: the loop over JSON Lines, and inputs as C strings.
 * Everything is static, because an adapter is one source file.
 */
#ifndef LINES_H
#define LINES_H

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct operation {
	const char *name;
	json_t *(*answer)(json_t *request);
};

static json_t *unsupported(const char *why)
{
	return json_pack("{s:s}", "unsupported", why);
}

static json_t *refused(const char *why)
{
	return json_pack("{s:s}", "error", why);
}

static json_t *verdict(int valid)
{
	return json_pack("{s:b}", "valid", valid);
}

static int from_hex(const char *hex, char *to)
{
	int n = 0;

	for (unsigned octet; sscanf(hex, "%2x", &octet) == 1; hex += 2)
		to[n++] = (char)octet;
	to[n] = '\0';
	return n;
}

/* An input as octets with a NUL behind them, to be freed.  *size may be NULL. */
static char *octets(json_t *request, const char *name, int *size)
{
	char key[64], *copy;
	json_t *hex, *text = json_object_get(request, name);
	size_t n = json_string_length(text);

	snprintf(key, sizeof(key), "%s_hex", name);
	hex = json_object_get(request, key);
	if (hex) {
		copy = malloc(json_string_length(hex) / 2 + 1);
		n = (size_t)from_hex(json_string_value(hex), copy);
	} else {
		copy = calloc(1, n + 1);
		memcpy(copy, n ? json_string_value(text) : "", n);
	}
	if (size)
		*size = (int)n;
	return copy;
}

/* Whether an input has a NUL, which no C string can hold. */
static int has_nul(json_t *request, const char *name)
{
	int size;
	char *value = octets(request, name, &size);
	int found = strlen(value) != (size_t)size;

	free(value);
	return found;
}

/* An output under its name, or in hex under NAME_hex if it is not UTF-8. */
static json_t *output(const char *name, const char *value)
{
	char key[64], *hex = malloc(2 * strlen(value) + 1);
	json_t *answer = json_object(), *text = json_string(value);

	for (size_t i = 0; value[i]; i++)
		sprintf(hex + 2 * i, "%02x", (unsigned char)value[i]);
	snprintf(key, sizeof(key), "%s%s", name, text ? "" : "_hex");
	json_object_set_new(answer, key, text ? text : json_string(hex));
	free(hex);
	return answer;
}

/* Whether the names and passwords that a server is to know can be C strings. */
static int accounts_have_nul(json_t *request)
{
	size_t i;
	json_t *account;

	json_array_foreach(json_object_get(request, "accounts"), i, account)
	{
		if (has_nul(account, "username") || has_nul(account, "password"))
			return 1;
	}
	return 0;
}

static json_t *reply(const char *library, const char *own, const struct operation *all,
		     json_t *request)
{
	json_t *list = json_array(), *answer = NULL;
	const char *op = json_string_value(json_object_get(request, "op"));

	for (; all->name; all++) {
		json_array_append_new(list, json_string(all->name));
		if (op && strcmp(op, all->name) == 0)
			answer = all->answer(request);
	}
	if (!op)
		return json_pack("{s:s, s:s, s:o, s:[s]}", "adapter", library, "version",
				 GSOAP_VERSION_TEXT, "operations", list, "own", own);
	json_decref(list);
	if (!answer)
		answer = refused("no such operation");
	json_object_set(answer, "id", json_object_get(request, "id"));
	return answer;
}

static int serve(const char *library, const char *own, const struct operation *all)
{
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, stdin) > 0) {
		json_t *request = json_loads(line, JSON_ALLOW_NUL, NULL);
		json_t *answer = reply(library, own, all, request);

		json_dumpf(answer, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
		putchar('\n');
		fflush(stdout);
		json_decref(answer);
		json_decref(request);
	}
	free(line);
	return 0;
}

#endif
