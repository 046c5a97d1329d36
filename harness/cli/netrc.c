#include "cli/secret.h"

struct netrc {
	char *text;
	size_t n, i;
};

struct netrc_entry {
	bool open; /* it is for the host */
	struct str user, password;
};

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* "..." with \" and \\ inside; written back in place, which is never longer. */
static struct str quoted_word(struct netrc *f)
{
	size_t from = ++f->i, to = from;

	while (f->i < f->n && f->text[f->i] != '"') {
		if (f->text[f->i] == '\\' && f->i + 1 < f->n)
			f->i++;
		f->text[to++] = f->text[f->i++];
	}
	if (f->i < f->n)
		f->i++;
	return str_n(f->text + from, to - from);
}

static void skip_line(struct netrc *f)
{
	while (f->i < f->n && f->text[f->i] != '\n')
		f->i++;
}

/* The next word; .p is NULL at the end.  A comment may stand where a keyword is expected. */
static struct str next_word(struct netrc *f, bool comments)
{
	size_t from;

	for (;;) {
		while (f->i < f->n && blank(f->text[f->i]))
			f->i++;
		if (!comments || f->i == f->n || f->text[f->i] != '#')
			break;
		skip_line(f);
	}
	if (f->i == f->n)
		return (struct str){ 0 };
	if (f->text[f->i] == '"')
		return quoted_word(f);
	from = f->i;
	while (f->i < f->n && !blank(f->text[f->i]))
		f->i++;
	return str_n(f->text + from, f->i - from);
}

/* A macro ends with an empty line. */
static void skip_macro(struct netrc *f)
{
	while (f->i < f->n) {
		size_t from;

		skip_line(f);
		from = ++f->i;
		if (from >= f->n || f->text[from] == '\n')
			break;
	}
	if (f->i > f->n)
		f->i = f->n;
}

static bool complete(const struct netrc_entry *e, struct str wanted)
{
	return e->open && e->password.p && (!wanted.p || !e->user.p || str_eq(e->user, wanted));
}

int netrc_find(char *text, size_t n, struct str host, struct str wanted_user, struct str *user,
	       struct str *password, struct err *err)
{
	struct netrc f = { text, n, 0 };
	struct netrc_entry e = { 0 };

	for (struct str word = next_word(&f, true); word.p; word = next_word(&f, true)) {
		bool machine = str_eq(word, STR("machine")), other = str_eq(word, STR("default"));

		if (machine || other) {
			if (complete(&e, wanted_user))
				break;
			e = (struct netrc_entry){ .open = other };
			if (machine)
				e.open = str_ieq(next_word(&f, false), host);
		} else if (str_eq(word, STR("login"))) {
			e.user = next_word(&f, false);
		} else if (str_eq(word, STR("password"))) {
			e.password = next_word(&f, false);
		} else if (str_eq(word, STR("account"))) {
			next_word(&f, false);
		} else if (str_eq(word, STR("macdef"))) {
			skip_macro(&f);
		} else {
			/* Not the word itself: it may be a password with a space in it. */
			return err_set(err, ERR_INPUT,
				       "octet %zu: expected machine, default, login, password, "
				       "account or macdef",
				       f.i - word.n);
		}
	}
	if (!complete(&e, wanted_user))
		return err_set(err, ERR_INPUT, "no password for %s%.*s%smachine %.*s",
			       wanted_user.p ? "login " : "", STR_ARG(wanted_user),
			       wanted_user.p ? " on " : "", STR_ARG(host));
	*user = e.user;
	*password = e.password;
	return 0;
}
