/* Basic credentials, RFC 7617 section 2, from the octets: scheme 1*SP token68. */
#include "auth/verify_parts.h"

#include "auth/base64.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Does s start with name "=" value, and not just with the end of padded Base64? */
static bool is_param(struct str s)
{
	size_t i = 0;

	while (i < s.n && char_is_tchar(s.p[i]))
		i++;
	if (i == 0)
		return false;
	while (i < s.n && is_blank(s.p[i]))
		i++;
	if (i == s.n || s.p[i] != '=')
		return false;
	i++;
	while (i < s.n && is_blank(s.p[i]))
		i++;
	return i < s.n && s.p[i] != '=';
}

/* Where parameters start behind the payload, or the end. */
static size_t payload_end(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ',')
			return i;
		if (is_blank(s.p[i]) && is_param(str_trim(str_sub(s, i, s.n))))
			return i;
	}
	return s.n;
}

/* Which rule of RFC 4648 a payload breaks that a strict decoder refuses. */
static enum defect decode_defect(struct str payload)
{
	bool padding = false;

	for (size_t i = 0; i < payload.n; i++) {
		char c = payload.p[i];

		padding = padding || c == '=';
		if (!char_is_alpha(c) && !char_is_digit(c) && c != '+' && c != '/' && c != '=')
			return DEFECT_BASIC_BASE64;
	}
	return padding || payload.n % 4 ? DEFECT_BASIC_PADDING : DEFECT_BASIC_BASE64;
}

static struct str until_nul(struct str s)
{
	return str_cut(&s, '\0');
}

/* A server that keeps C strings compares what stands before the NUL. */
static bool is_right_before_nul(struct judge *j, struct str user, struct str password)
{
	struct str short_user = until_nul(user), short_password = until_nul(password);

	j->out->account = verify_account(j->policy, short_user);
	return j->out->account && hash_equal(j->out->account->password, short_password);
}

static void judge_pair(struct judge *j, struct str user, struct str password)
{
	struct verify_result *out = j->out;

	out->user = user;
	out->account = verify_account(j->policy, user);
	if (out->account && hash_equal(out->account->password, password))
		return;
	if (is_right_before_nul(j, user, password)) {
		defect_set(&out->defects, DEFECT_BASIC_NUL);
		return;
	}
	out->account = verify_account(j->policy, user);
	defect_set(&out->defects, out->account ? DEFECT_PASSWORD : DEFECT_USER_UNKNOWN);
}

/* The colon may be all that is missing between a user-id and its password. */
static void judge_without_colon(struct judge *j, struct str pair)
{
	const struct verify_policy *p = j->policy;

	defect_set(&j->out->defects, DEFECT_BASIC_NO_COLON);
	j->out->user = pair;
	for (size_t i = 0; i < p->n_account; i++) {
		const struct account *account = &p->account[i];

		if (str_starts(pair, account->user) &&
		    hash_equal(account->password, str_sub(pair, account->user.n, pair.n))) {
			j->out->user = account->user;
			j->out->account = account;
			return;
		}
	}
	judge_pair(j, pair, STR(""));
}

int verify_basic(struct judge *j)
{
	struct defects *d = &j->out->defects;
	struct str text = str_sub(j->credentials.text, j->credentials.scheme.n, (size_t)-1);
	struct str payload, pair, user;
	struct err why = { .code = ERR_NONE };

	while (text.n && is_blank(text.p[0]))
		text = str_sub(text, 1, text.n);
	payload = str_trim(str_sub(text, 0, payload_end(text)));
	if (payload.n == 0) {
		defect_set(d, DEFECT_SYNTAX);
		return 0;
	}
	if (payload_end(text) < text.n)
		defect_set(d, DEFECT_BASIC_PARAM);
	if (base64_decode(j->a, payload, &pair, &why)) {
		if (why.code != ERR_PARSE)
			return err_set(j->err, why.code, "%s", why.text);
		defect_set(d, decode_defect(payload));
		pair = base64_decode_loosely(j->a, payload);
	}
	/* RFC 7617 2: the first colon parts them; the password may hold more. */
	if (str_chr(pair, ':') == (size_t)-1) {
		judge_without_colon(j, pair);
		return 0;
	}
	user = str_cut(&pair, ':');
	judge_pair(j, user, pair);
	return 0;
}
