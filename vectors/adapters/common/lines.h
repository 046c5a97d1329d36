/* lines.h - what the adapters in C share: the loop over JSON Lines, and reading of inputs.  What is
 * read or kept is freed when the request is answered.
 */
#ifndef LINES_H
#define LINES_H

#define _GNU_SOURCE
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct operation {
	const char *name;
	json_t *(*answer)(json_t *q);
};

static struct {
	void *p;
	void (*release)(void *p);
} kept[256];
static size_t n_kept;

static void *keep(void *p, void (*release)(void *p))
{
	if (!p || n_kept == sizeof(kept) / sizeof(*kept))
		abort();
	kept[n_kept].p = p;
	kept[n_kept++].release = release;
	return p;
}

/* Last in, first out. */
static void release_kept(void)
{
	while (n_kept) {
		n_kept--;
		kept[n_kept].release(kept[n_kept].p);
	}
}

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

static const char *string(json_t *q, const char *name)
{
	const char *value = json_string_value(json_object_get(q, name));

	return value ? value : "";
}

/* Octets with a NUL behind them. */
static char *unhex(const char *hex, int *size)
{
	char *to = keep(malloc(strlen(hex) / 2 + 1), free);
	int n = 0;

	for (unsigned octet; sscanf(hex, "%2x", &octet) == 1; hex += 2)
		to[n++] = (char)octet;
	to[n] = '\0';
	if (size)
		*size = n;
	return to;
}

/* An input as octets with a NUL behind them.  *size may be NULL. */
static char *octets(json_t *q, const char *name, int *size)
{
	char key[64], *copy;
	json_t *text = json_object_get(q, name);
	size_t n = json_string_length(text);

	snprintf(key, sizeof(key), "%s_hex", name);
	if (json_object_get(q, key))
		return unhex(string(q, key), size);
	copy = keep(calloc(1, n + 1), free);
	memcpy(copy, n ? json_string_value(text) : "", n);
	if (size)
		*size = (int)n;
	return copy;
}

static char *text(json_t *q, const char *name)
{
	return octets(q, name, NULL);
}

/* Whether name or password has a NUL, which no C string can hold. */
static int has_nul(json_t *account)
{
	int name, password;

	return strlen(octets(account, "username", &name)) != (size_t)name ||
	       strlen(octets(account, "password", &password)) != (size_t)password;
}

static int accounts_have_nul(json_t *q)
{
	size_t i;
	json_t *account;

	json_array_foreach(json_object_get(q, "accounts"), i, account)
	{
		if (has_nul(account))
			return 1;
	}
	return 0;
}

/* Whether right() is so for one of the accounts. */
static int any_account(json_t *q, int (*right)(void *ctx, const char *name, const char *password),
		       void *ctx)
{
	size_t i;
	json_t *account;

	json_array_foreach(json_object_get(q, "accounts"), i, account)
	{
		if (right(ctx, text(account, "username"), text(account, "password")))
			return 1;
	}
	return 0;
}

/* Whether a list of the request has this text. */
static int lists(json_t *q, const char *list, const char *wanted)
{
	size_t i;
	json_t *one;

	json_array_foreach(json_object_get(q, list), i, one)
	{
		if (wanted && strcmp(json_string_value(one), wanted) == 0)
			return 1;
	}
	return 0;
}

/* An output under its name, or in hex under NAME_hex if it is not UTF-8. */
static json_t *output(const char *name, const char *value)
{
	char key[64], *hex = keep(malloc(2 * strlen(value) + 1), free);
	json_t *answer = json_object(), *as_text = json_string(value);

	for (size_t i = 0; value[i]; i++)
		sprintf(hex + 2 * i, "%02x", (unsigned char)value[i]);
	snprintf(key, sizeof(key), "%s%s", name, as_text ? "" : "_hex");
	json_object_set_new(answer, key, as_text ? as_text : json_string(hex));
	return answer;
}

static json_t *reply(const char *library, const char *version, const char *own,
		     const struct operation *all, json_t *q)
{
	json_t *list = json_array(), *answer = NULL;
	const char *op = string(q, "op");

	for (; all->name; all++) {
		json_array_append_new(list, json_string(all->name));
		if (strcmp(op, all->name) == 0)
			answer = all->answer(q);
	}
	if (!*op)
		return json_pack("{s:s, s:s, s:o, s:[s]}", "adapter", library, "version", version,
				 "operations", list, "own", own);
	json_decref(list);
	if (!answer)
		answer = refused("no answer that could be written");
	json_object_set(answer, "id", json_object_get(q, "id"));
	return answer;
}

static int serve(const char *library, const char *version, const char *own,
		 const struct operation *all)
{
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, stdin) > 0) {
		json_t *q = json_loads(line, JSON_ALLOW_NUL, NULL);
		json_t *answer = reply(library, version, own, all, q);

		json_dumpf(answer, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
		putchar('\n');
		fflush(stdout);
		json_decref(answer);
		json_decref(q);
		release_kept();
	}
	free(line);
	return 0;
}

#endif
