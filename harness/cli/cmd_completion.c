#include "cli/completion.h"

static const struct {
	const char *name;
	void (*print)(FILE *f);
} shells[] = {
	{ "bash", completion_bash },
	{ "zsh", completion_zsh },
	{ "fish", completion_fish },
};

int cmd_completion(const struct cli *cli)
{
	struct str what = cli->o.operand[0];
	struct err err = { 0 };
	bool known;

	for (size_t i = 0; i < COUNT(shells); i++) {
		if (str_eq(what, str(shells[i].name))) {
			shells[i].print(stdout);
			return EXIT_GOOD;
		}
	}
	if (completion_words(&cli->o, what, stdout, &known, &err))
		return cli_fail(&err);
	if (known)
		return EXIT_GOOD;
	err_set(&err, ERR_INPUT, "completion %.*s: expected bash, zsh or fish", STR_ARG(what));
	return cli_fail(&err);
}
