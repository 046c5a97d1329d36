/* actor_basic.c - Basic credentials: RFC 7617 section 2. */
#include "client/actor_parts.h"

#include "auth/base64.h"

#define WRAP_AT 76

struct str actor_latin1(struct arena *a, struct str text)
{
	char *out = arena_alloc(a, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; out && i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c < 0x80)
			out[n++] = (char)c;
		else if ((c == 0xc2 || c == 0xc3) && i + 1 < text.n)
			out[n++] = (char)((c & 3) << 6 | (text.p[++i] & 0x3f));
		else if (c >= 0xc0)
			out[n++] = '?';
	}
	return out ? str_n(out, n) : STR("");
}

static struct str pair(struct actor *k)
{
	struct str user = k->o->told.user, password = k->o->told.password, text;
	bool lost = has(k, PLANTED_BASIC_NO_COLON) ||
		    (has(k, PLANTED_BASIC_EMPTY_NO_COLON) && !password.n);
	struct str colon = lost ? STR("") : STR(":");

	if (has(k, PLANTED_BASIC_CUT_COLON))
		password = str_cut(&password, ':');
	text = arena_concat(k->a, arena_concat(k->a, user, colon), password);
	return has(k, PLANTED_BASIC_LATIN1) ? actor_latin1(k->a, text) : text;
}

static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return true;
	return false;
}

static struct str url_safe(struct arena *a, struct str text)
{
	struct str copy = arena_str(a, text);
	char *p = (char *)(uintptr_t)copy.p;

	for (size_t i = 0; p && i < copy.n; i++) {
		p[i] = p[i] == '+' ? '-' : p[i];
		p[i] = p[i] == '/' ? '_' : p[i];
	}
	return copy;
}

static struct str wrapped(struct arena *a, struct str text)
{
	if (text.n <= WRAP_AT)
		return text;
	return arena_fmt(a, "%.*s\t%.*s", STR_ARG(str_sub(text, 0, WRAP_AT)),
			 STR_ARG(str_sub(text, WRAP_AT, text.n)));
}

int actor_basic(struct actor *k, struct str *field, struct err *err)
{
	struct str payload;

	/* RFC 7617 2: a user-id with a colon cannot be sent, nor can control characters. */
	if (!has(k, PLANTED_BASIC_CONTROL) &&
	    (has_control(k->o->told.user) || has_control(k->o->told.password)))
		return err_set(err, ERR_INPUT, "a control character cannot be sent by Basic");
	if (!has(k, PLANTED_BASIC_COLON_IN_NAME) && str_chr(k->o->told.user, ':') != (size_t)-1)
		return err_set(err, ERR_INPUT, "a user-id with a colon cannot be sent by Basic");
	payload = base64_encode(k->a, pair(k));
	if (has(k, PLANTED_BASIC_URL_SAFE))
		payload = url_safe(k->a, payload);
	if (has(k, PLANTED_BASIC_WRAPPED))
		payload = wrapped(k->a, payload);
	*field = arena_concat(k->a, STR("Basic "), payload);
	return arena_check(k->a, err);
}
