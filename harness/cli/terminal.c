#include "cli/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

/* Some programs write 0 or false for "no". */
static bool is_off(const char *name)
{
	struct str value = str(getenv(name));

	return str_eq(value, STR("0")) || str_eq(value, STR("false"));
}

static bool is_terminal(FILE *f)
{
	return isatty(fileno(f)) == 1;
}

static bool is_dumb(void)
{
	return str_eq(str(getenv("TERM")), STR("dumb"));
}

bool terminal_colour(struct str when, FILE *f)
{
	if (str_eq(when, STR("always")))
		return true;
	if (str_eq(when, STR("never")) || is_set("NO_COLOR"))
		return false;
	if (is_set("FORCE_COLOR"))
		return !is_off("FORCE_COLOR");
	if (is_set("CLICOLOR_FORCE") && !is_off("CLICOLOR_FORCE"))
		return true;
	return is_terminal(f) && !is_dumb() && !is_off("CLICOLOR");
}

int terminal_width(FILE *f)
{
	struct winsize size;

	if (!is_terminal(f) || ioctl(fileno(f), TIOCGWINSZ, &size) || size.ws_col == 0)
		return 100;
	if (size.ws_col < 40)
		return 40;
	return size.ws_col < 120 ? size.ws_col : 120;
}

bool terminal_watched(FILE *f)
{
	return is_terminal(f) && !is_dumb() && !is_set("CI");
}
