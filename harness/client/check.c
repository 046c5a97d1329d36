#include "client/check.h"
struct check_finding client_check(const struct check_view *w, int check)
{
	(void)w;
	(void)check;
	return (struct check_finding){ .held = HOLDS };
}
