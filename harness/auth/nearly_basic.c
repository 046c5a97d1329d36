/* Basic credentials that do not match: RFC 7617 section 2. */
#include "auth/nearly.h"

#include "auth/base64.h"

struct attempt {
	struct arena *a;
	const struct nearly_basic *n;
	struct str text; /* what a careless decoder makes of the payload */
};

static struct str joined(const struct attempt *t, struct str user, struct str password)
{
	return arena_fmt(t->a, "%.*s:%.*s", STR_ARG(user), STR_ARG(password));
}

static bool is(const struct attempt *t, struct str user, struct str password)
{
	return hash_equal(t->text, joined(t, user, password));
}

static bool plain(const struct attempt *t)
{
	return hash_equal(t->n->payload, joined(t, t->n->user, t->n->password));
}

static bool other_base64(const struct attempt *t)
{
	struct str right = base64_encode(t->a, joined(t, t->n->user, t->n->password));

	return is(t, t->n->user, t->n->password) && !str_eq(t->n->payload, right);
}

static bool encoded_twice(const struct attempt *t)
{
	return hash_equal(base64_decode_loosely(t->a, t->text),
			  joined(t, t->n->user, t->n->password));
}

static bool no_colon(const struct attempt *t)
{
	return hash_equal(t->text, arena_concat(t->a, t->n->user, t->n->password)) ||
	       hash_equal(t->text, t->n->password);
}

static bool swapped(const struct attempt *t)
{
	return is(t, t->n->password, t->n->user);
}

static bool user_case(const struct attempt *t)
{
	struct str rest = t->text, user = str_cut(&rest, ':');

	return str_ieq(user, t->n->user) && !str_eq(user, t->n->user) &&
	       hash_equal(rest, t->n->password);
}

static bool user_other(const struct attempt *t)
{
	struct str rest = t->text, user = str_cut(&rest, ':');

	return !str_ieq(user, t->n->user) && hash_equal(rest, t->n->password);
}

static const struct row {
	struct hypothesis why;
	bool (*test)(const struct attempt *t);
} rows[] = {
	{ { "basic-not-encoded", "name and password stand there without Base64",
	    "RFC 7617 section 2" },
	  plain },
	{ { "basic-base64",
	    "the Base64 is not that of RFC 4648 section 4: for URLs, wrapped, or "
	    "with wrong padding",
	    "RFC 7617 section 2" },
	  other_base64 },
	{ { "basic-encoded-twice", "name and password were encoded to Base64 twice",
	    "RFC 7617 section 2" },
	  encoded_twice },
	{ { "basic-no-colon", "no colon between name and password", "RFC 7617 section 2" },
	  no_colon },
	{ { "basic-swapped", "name and password changed places", "RFC 7617 section 2" }, swapped },
	{ { "user-case", "the user name is in other letters: names have case",
	    "RFC 7617 section 2" },
	  user_case },
	{ { "user-other", "the password is right, the user name is another", "RFC 7617 section 2" },
	  user_other },
};

const struct hypothesis *nearly_basic_row(size_t i)
{
	return i < COUNT(rows) ? &rows[i].why : NULL;
}

int nearly_basic(struct arena *a, const struct nearly_basic *n, struct nearly *out, struct err *err)
{
	const struct attempt t = { a, n, base64_decode_loosely(a, n->payload) };

	*out = (struct nearly){ NULL, STR("") };
	for (size_t i = 0; i < COUNT(rows) && !out->why; i++)
		if (rows[i].test(&t))
			out->why = &rows[i].why;
	for (const struct password_slip *s = password_slips; s->make && !out->why; s++) {
		struct str password = s->make(a, n->password);

		if (password.p && is(&t, n->user, password))
			out->why = &s->why;
	}
	return arena_check(a, err);
}
