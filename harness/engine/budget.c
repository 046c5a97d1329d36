/* budget.c - how many failed logins a run may cost: design, section 8. */
#include "engine/internal.h"

static int budget_word(struct str word, struct failure_budget *out)
{
	bool window = str_chr(word, '/') != (size_t)-1;
	struct str count = str_cut(&word, '/');
	uint64_t n = 0;

	if (str_eq(count, STR("none"))) {
		out->unlimited = true;
		return 0;
	}
	if (str_starts(count, STR("in-row:"))) {
		if (str_to_u64(str_sub(count, strlen("in-row:"), count.n), 1000, &n) || n == 0)
			return -1;
		out->in_row = (int)n;
		return 0;
	}
	if (str_to_u64(count, 100000, &n))
		return -1;
	out->count = (int)n;
	return window ? str_to_ms(word, &out->window_ms) : 0;
}

int failure_budget_parse(struct str text, struct failure_budget *out, struct err *err)
{
	struct str rest = text;

	*out = (struct failure_budget){ .count = -1 };
	while (rest.n)
		if (budget_word(str_cut(&rest, ','), out) || out->window_ms < 0)
			return err_set(
				err, ERR_INPUT,
				"--failures %.*s: expected COUNT/DURATION (3/30m), in-row:COUNT, "
				"or none",
				STR_ARG(text));
	if (!text.n)
		return err_set(err, ERR_INPUT,
			       "--failures is empty: expected 3/30m, in-row:1 or none");
	return 0;
}
