/* The open domains of the case language: a predicate, and the words for it. */
#include "suite/domain.h"

#include "suite/parse.h"

static bool all(struct str s, bool (*ok)(char c))
{
	for (size_t i = 0; i < s.n; i++) {
		if (!ok(s.p[i]))
			return false;
	}
	return s.n > 0;
}

static bool is_lower_or_digit(char c)
{
	return char_is_digit(c) || (c >= 'a' && c <= 'z');
}

static bool is_word_char(char c)
{
	return char_is_alpha(c) || char_is_digit(c) || c == '.' || c == '_' || c == '-';
}

static bool is_name_char(char c)
{
	return is_lower_or_digit(c) || c == '-';
}

static bool is_dotted_char(char c)
{
	return is_name_char(c) || c == '.';
}

static bool is_glob_char(char c)
{
	return is_dotted_char(c) || c == '*' || c == '?';
}

/* White space would end the request target. */
static bool is_target_char(char c)
{
	return (unsigned char)c > ' ' && c != 0x7f && c != '#';
}

static bool is_link_char(char c)
{
	return c > ' ' && c < 0x7f;
}

static bool is_field_char(char c)
{
	return (unsigned char)c >= ' ' || c == '\t';
}

static bool is_name(struct str s)
{
	return all(s, is_name_char) && s.p[0] >= 'a' && s.p[0] <= 'z';
}

static bool is_word(struct str s)
{
	return all(s, is_word_char) && (char_is_alpha(s.p[0]) || char_is_digit(s.p[0]));
}

static bool is_document(struct str s)
{
	return all(s, is_dotted_char) && is_lower_or_digit(s.p[0]);
}

/* "family.topic.variant": at least two parts, none of them empty. */
static bool is_case_id(struct str s)
{
	size_t parts = 0;

	if (!s.n || s.p[s.n - 1] == '.')
		return false;
	for (struct str rest = s; rest.n > 0; parts++) {
		struct str part = str_cut(&rest, '.');

		if (!all(part, is_name_char) || part.p[0] == '-')
			return false;
	}
	return parts >= 2;
}

static bool is_anchor(struct str s)
{
	struct str rest = s;
	struct str document = str_cut(&rest, '#');

	return is_document(document) && is_word(rest);
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* "DGN-09" */
static bool is_row(struct str s)
{
	struct str rest = s;
	struct str group = str_cut(&rest, '-');

	return all(group, is_upper) && all(rest, char_is_digit);
}

/* "CVE-2011-1184" */
static bool is_cve(struct str s)
{
	struct str rest = s;
	struct str year;

	if (!str_eq(str_cut(&rest, '-'), STR("CVE")))
		return false;
	year = str_cut(&rest, '-');
	return year.n == 4 && all(year, char_is_digit) && all(rest, char_is_digit);
}

static bool is_link(struct str s)
{
	bool web = str_starts(s, STR("https://")) || str_starts(s, STR("http://"));

	return web && all(s, is_link_char);
}

static bool is_number(struct str s, uint64_t max)
{
	uint64_t n;

	return str_to_u64(s, max, &n) == 0;
}

static bool is_duration(struct str s)
{
	int64_t ms;

	return str_to_ms(s, &ms) == 0;
}

static bool is_wait(struct str s)
{
	int64_t ms;

	return suite_wait_ms(s, &ms) == 0;
}

/* Any domain is a predicate and the words for it. */
static int expect(bool fits, const char *what, struct err *err)
{
	return fits ? 0 : err_set(err, ERR_INPUT, "expected %s", what);
}

int domain_text(struct str s, struct err *err)
{
	return expect(str_trim(s).n > 0, "some text", err);
}

int domain_name(struct str s, struct err *err)
{
	return expect(is_name(s), "lower-case letters, digits and hyphens", err);
}

int domain_word(struct str s, struct err *err)
{
	return expect(is_word(s), "letters, digits, dots and hyphens", err);
}

int domain_document(struct str s, struct err *err)
{
	return expect(is_document(s), "the id of a document, such as rfc7616", err);
}

int domain_rule_document(struct str s, struct err *err)
{
	return expect(str_eq(s, STR("*")) || is_document(s),
		      "the id of a document, such as rfc7616, or *", err);
}

int domain_case_id(struct str s, struct err *err)
{
	return expect(is_case_id(s), "an id such as digest.nc.reused", err);
}

int domain_anchor(struct str s, struct err *err)
{
	return expect(is_anchor(s), "an anchor such as rfc7616#3.4.nc", err);
}

int domain_row(struct str s, struct err *err)
{
	return expect(is_row(s), "a row such as DGN-09", err);
}

int domain_link(struct str s, struct err *err)
{
	return expect(is_link(s), "a link that begins with https://", err);
}

int domain_cve(struct str s, struct err *err)
{
	return expect(is_cve(s), "a number such as CVE-2011-1184", err);
}

int domain_glob(struct str s, struct err *err)
{
	return expect(all(s, is_glob_char), "a pattern of case ids, such as token.text.*", err);
}

int domain_number(struct str s, struct err *err)
{
	return expect(is_number(s, 1000000), "a number up to 1000000", err);
}

int domain_repeat(struct str s, struct err *err)
{
	return expect(is_number(s, REPEAT_MAX), "a number up to 10000", err);
}

int domain_rounds(struct str s, struct err *err)
{
	return expect(is_number(s, SAMPLE_MAX), "a number up to 1000", err);
}

int domain_length(struct str s, struct err *err)
{
	return expect(is_number(s, LENGTH_MAX), "a number of octets up to 65536", err);
}

int domain_call_length(struct str s, struct err *err)
{
	return expect(is_number(s, CALL_LENGTH_MAX), "a number of octets up to 1228800", err);
}

int domain_limit(struct str s, struct err *err)
{
	return expect(is_duration(s), "a number, or a duration such as 7d", err);
}

int domain_wait(struct str s, struct err *err)
{
	return expect(is_wait(s), "a duration such as 5m10s", err);
}

int domain_operation(struct str s, struct err *err)
{
	return expect(soap_operation_find(s) != NULL,
		      "an operation of the device or media service, such as GetUsers", err);
}

int domain_token(struct str s, struct err *err)
{
	return expect(all(s, char_is_tchar), "a token of RFC 9110 section 5.6.2", err);
}

int domain_query(struct str s, struct err *err)
{
	return expect(all(s, is_target_char), "a query without spaces and #", err);
}

int domain_field(struct str s, struct err *err)
{
	return expect(!s.n || all(s, is_field_char), "a value on one line", err);
}

int domain_calls(struct str s, struct err *err)
{
	return expect(is_number(s, 100) && !str_eq(s, STR("0")), "a number from 1 to 100", err);
}

int domain_offset(struct str s, struct err *err)
{
	return expect(is_duration(s), "a duration such as +1h or -7d", err);
}

int domain_status(struct str s, struct err *err)
{
	return expect(s.n == 3 && is_number(s, 599) && s.p[0] >= '2', "a status from 200 to 599",
		      err);
}

/* "expected one of " and as many names as the message has room for. */
static int expect_name(const char *(*name)(size_t i), struct err *err)
{
	char known[sizeof(err->text)] = "";
	size_t n = 0;

	for (size_t i = 0; name(i); i++) {
		size_t room = sizeof(known) - n, len = strlen(name(i));

		if (len + 2 > room)
			break;
		known[n++] = ' ';
		memcpy(known + n, name(i), len);
		n += len;
	}
	return err_set(err, ERR_INPUT, "expected one of%s", known);
}

static const char *feature_at(size_t i)
{
	return suite_features[i].name;
}

int domain_feature(struct str s, struct err *err)
{
	return suite_feature_index(s) >= 0 ? 0 : expect_name(feature_at, err);
}

static const char *client_feature_at(size_t i)
{
	return client_features[i].name;
}

int domain_client_feature(struct str s, struct err *err)
{
	return client_feature_index(s) >= 0 ? 0 : expect_name(client_feature_at, err);
}

int domain_client_check(struct str s, struct err *err)
{
	return expect(client_check_index(s) >= 0,
		      "a check of suites/client/README.md, such as digest.nc-first", err);
}

int domain_outcomes(struct str s, struct err *err)
{
	unsigned set;

	return outcome_set_parse(s, &set, err);
}

int domain_check(struct str s, struct err *err)
{
	for (const char *const *name = suite_check_names; *name; name++) {
		if (str_eq(s, str(*name)))
			return 0;
	}
	return expect(false, "a check of suites/README.md, such as challenge.qop", err);
}
