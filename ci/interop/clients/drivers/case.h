/* case.h - what the drivers in C share: the case, as the environment tells it. */
#ifndef CASE_H
#define CASE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static const char *told(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value && *value ? value : otherwise;
}

static int cannot(const char *why)
{
	fprintf(stderr, "%s\n", why);
	return EX_UNAVAILABLE;
}

/* All calls are for the first URL. */
static int one_url(void)
{
	char *urls = strdup(told("URLS", ""));
	int same = 1;

	for (char *url = strtok(urls, " "); url; url = strtok(NULL, " "))
		same &= strcmp(url, told("URL", "")) == 0;
	free(urls);
	return same;
}

/* Calls all URLs in turn; call says whether it went well (0), and the last one counts. */
static int run(int (*call)(void *it, const char *url), void *it)
{
	char *urls = strdup(told("URLS", told("URL", "")));
	int bad = 1;

	for (char *url = strtok(urls, " "); url; url = strtok(NULL, " "))
		bad = call(it, url) != 0;
	free(urls);
	return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
