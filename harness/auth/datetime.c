#include "auth/datetime.h"

#include <stdio.h>

/* A cursor over the text; "bad" is sticky. */
struct cursor {
	struct str rest;
	bool bad;
};

static bool take(struct cursor *c, char wanted)
{
	if (c->rest.n == 0 || c->rest.p[0] != wanted)
		return false;
	c->rest = str_sub(c->rest, 1, c->rest.n);
	return true;
}

static void need(struct cursor *c, char wanted)
{
	if (!take(c, wanted))
		c->bad = true;
}

/* Exactly n decimal digits. */
static int number(struct cursor *c, size_t n, int low, int high)
{
	uint64_t v = 0;

	if (c->rest.n < n || str_to_u64(str_sub(c->rest, 0, n), (uint64_t)high, &v) ||
	    (int)v < low) {
		c->bad = true;
		return low;
	}
	c->rest = str_sub(c->rest, n, c->rest.n);
	return (int)v;
}

static bool is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int64_t year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01 to the first of January of a year from 1 on. */
static int64_t days_before_year(int64_t year)
{
	int64_t y = year - 1;

	return y * 365 + y / 4 - y / 100 + y / 400 - 719162;
}

static int64_t days_of(int year, int month, int day)
{
	int64_t days = days_before_year(year) + day - 1;

	for (int m = 1; m < month; m++)
		days += days_in_month(year, m);
	return days;
}

/* Milliseconds; digits behind the third are counted and dropped. */
static int fraction(struct cursor *c, int *digits)
{
	int ms = 0, weight = 100;

	*digits = 0;
	if (!take(c, '.'))
		return 0;
	while (c->rest.n && char_is_digit(c->rest.p[0])) {
		ms += weight * (c->rest.p[0] - '0');
		weight /= 10;
		*digits += *digits < 1000; /* hostile input is long */
		c->rest = str_sub(c->rest, 1, c->rest.n);
	}
	if (*digits == 0)
		c->bad = true;
	return ms;
}

/* XSD 1.0 part 2, 3.2.7.3: Z, or up to fourteen hours on either side. */
static void zone(struct cursor *c, struct datetime *out)
{
	int sign = take(c, '+') ? 1 : take(c, '-') ? -1 : 0;

	out->has_zone = true;
	if (sign == 0) {
		out->has_zone = take(c, 'Z');
		return;
	}
	out->offset_min = 60 * number(c, 2, 0, 14);
	need(c, ':');
	out->offset_min += number(c, 2, 0, 59);
	if (out->offset_min > 14 * 60)
		c->bad = true;
	out->offset_min *= sign;
}

int datetime_parse(struct str text, struct datetime *out, struct err *err)
{
	struct cursor c = { .rest = text };
	int year, month, day, hour, minute, second, ms;

	*out = (struct datetime){ 0 };
	year = number(&c, 4, 1, 9999);
	need(&c, '-');
	month = number(&c, 2, 1, 12);
	need(&c, '-');
	day = number(&c, 2, 1, days_in_month(year, month));
	need(&c, 'T');
	hour = number(&c, 2, 0, 24);
	need(&c, ':');
	minute = number(&c, 2, 0, 59);
	need(&c, ':');
	second = number(&c, 2, 0, 59);
	ms = fraction(&c, &out->fraction_digits);
	zone(&c, out);
	if (hour == 24 && (minute || second || ms))
		c.bad = true;
	if (c.bad || c.rest.n)
		return err_set(err, ERR_PARSE, "not an xsd:dateTime: \"%.*s\"",
			       (int)(text.n < 64 ? text.n : 64), text.p ? text.p : "");
	out->unix_ms = days_of(year, month, day) * 86400000 +
		       ((hour * 60 + minute - out->offset_min) * 60 + second) * (int64_t)1000 + ms;
	return 0;
}

struct civil {
	int year, month, day, hour, minute, second, ms;
};

/* Instants outside the years 1 to 9999 are moved to the nearest that can be written. */
static struct civil civil_of(int64_t unix_ms)
{
	const int64_t day_ms = 86400000;
	int64_t first = days_before_year(1) * day_ms, end = days_before_year(10000) * day_ms;
	int64_t days, in_day, year;
	struct civil t = { .month = 1 };

	unix_ms = unix_ms < first ? first : unix_ms >= end ? end - 1 : unix_ms;
	days = (unix_ms - first) / day_ms;
	in_day = (unix_ms - first) % day_ms;
	year = days / 366 + 1; /* never too late; some twenty years early at most */
	while (days_before_year(year + 1) - days_before_year(1) <= days)
		year++;
	days -= days_before_year(year) - days_before_year(1);
	while (days >= days_in_month(year, t.month))
		days -= days_in_month(year, t.month++);
	t.year = (int)year;
	t.day = (int)days + 1;
	t.hour = (int)(in_day / 3600000);
	t.minute = (int)(in_day / 60000 % 60);
	t.second = (int)(in_day / 1000 % 60);
	t.ms = (int)(in_day % 1000);
	return t;
}

static struct str format(struct arena *a, int64_t unix_ms, struct str tail)
{
	struct civil t = civil_of(unix_ms);

	return arena_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d%.*s", t.year, t.month, t.day, t.hour,
			 t.minute, t.second, STR_ARG(tail));
}

struct str datetime_format(struct arena *a, int64_t unix_ms, int fraction_digits)
{
	char tail[16], fraction_text[10];
	int n = fraction_digits < 0 ? 0 : fraction_digits > 9 ? 9 : fraction_digits;

	snprintf(fraction_text, sizeof(fraction_text), "%03d000000", civil_of(unix_ms).ms);
	snprintf(tail, sizeof(tail), "%s%.*sZ", n ? "." : "", n, fraction_text);
	return format(a, unix_ms, str(tail));
}

struct str datetime_format_offset(struct arena *a, int64_t unix_ms, int offset_min)
{
	int minutes = offset_min < 0 ? -offset_min : offset_min;
	char tail[32];

	snprintf(tail, sizeof(tail), "%c%02d:%02d", offset_min < 0 ? '-' : '+', minutes / 60,
		 minutes % 60);
	/* far below the range or far above it, where the sum would overflow, all is clamped anyway
	 */
	if (unix_ms > INT64_MAX / 2 || unix_ms < INT64_MIN / 2)
		unix_ms /= 2;
	return format(a, unix_ms + offset_min * (int64_t)60000, str(tail));
}

/* Index of the three letters in names, or -1. */
static int name_index(struct cursor *c, const char *names)
{
	struct str name = str_sub(c->rest, 0, 3);

	for (int i = 0; names[3 * i]; i++) {
		if (str_eq(name, str_n(names + 3 * i, 3))) {
			c->rest = str_sub(c->rest, 3, c->rest.n);
			return i;
		}
	}
	c->bad = true;
	return 0;
}

/* A leap second (RFC 9110 5.6.7 allows 60) counts as the first second of the next minute. */
int datetime_parse_http(struct str text, int64_t *unix_ms, struct err *err)
{
	struct cursor c = { .rest = text };
	int year, month, day, hour, minute, second;

	name_index(&c, "MonTueWedThuFriSatSun");
	need(&c, ',');
	need(&c, ' ');
	day = number(&c, 2, 1, 31);
	need(&c, ' ');
	month = name_index(&c, "JanFebMarAprMayJunJulAugSepOctNovDec") + 1;
	need(&c, ' ');
	year = number(&c, 4, 1, 9999);
	need(&c, ' ');
	hour = number(&c, 2, 0, 23);
	need(&c, ':');
	minute = number(&c, 2, 0, 59);
	need(&c, ':');
	second = number(&c, 2, 0, 60);
	if (c.bad || !str_eq(c.rest, STR(" GMT")) || day > days_in_month(year, month))
		return err_set(err, ERR_PARSE, "not an IMF-fixdate: \"%.*s\"",
			       (int)(text.n < 64 ? text.n : 64), text.p ? text.p : "");
	*unix_ms = days_of(year, month, day) * 86400000 +
		   ((hour * 60 + minute) * 60 + second) * (int64_t)1000;
	return 0;
}
