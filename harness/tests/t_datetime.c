/* xsd:dateTime and HTTP dates. */
#include "check.h"

#include "auth/datetime.h"

/* Instants by GNU date. */
static void reads(void **state)
{
	static const struct {
		const char *text;
		int64_t unix_ms;
		bool has_zone;
		int offset_min, digits;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0, true, 0, 0 },
		{ "2010-09-16T07:50:45Z", 1284623445000, true, 0, 0 },
		{ "2010-09-16T07:50:45.123Z", 1284623445123, true, 0, 3 },
		{ "2010-09-16T07:50:45.1239999Z", 1284623445123, true, 0, 7 },
		{ "2010-09-16T07:50:45.5", 1284623445500, false, 0, 1 },
		{ "2010-09-16T09:50:45+02:00", 1284623445000, true, 120, 0 },
		{ "2010-09-16T04:20:45-03:30", 1284623445000, true, -210, 0 },
		{ "2000-02-29T23:59:59Z", 951868799000, true, 0, 0 },
		{ "2000-02-29T24:00:00Z", 951868800000, true, 0, 0 },
		{ "1969-12-31T23:59:59.999Z", -1, true, 0, 3 },
		{ "0001-01-01T00:00:00Z", -62135596800000, true, 0, 0 },
		{ "9999-12-31T23:59:59Z", 253402300799000, true, 0, 0 },
		{ "2026-01-01T00:00:00+14:00", 1767175200000, true, 840, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct datetime t;

		assert_int_equal(datetime_parse(str(rows[i].text), &t, &err), 0);
		assert_true(t.unix_ms == rows[i].unix_ms);
		assert_int_equal(t.has_zone, rows[i].has_zone);
		assert_int_equal(t.offset_min, rows[i].offset_min);
		assert_int_equal(t.fraction_digits, rows[i].digits);
	}
}

static void refuses(void **state)
{
	static const char *const rows[] = {
		"",
		"2010-09-16",
		"2010-09-16 07:50:45Z",
		"2010-9-16T07:50:45Z",
		"2010-09-16T07:50Z",
		"2010-09-16T07:50:60Z", /* BSP R3213: no leap seconds */
		"2010-09-16T07:60:45Z",
		"2010-09-16T25:00:00Z",
		"2010-09-16T24:00:01Z",
		"2010-13-16T07:50:45Z",
		"2010-00-16T07:50:45Z",
		"2010-02-29T07:50:45Z",
		"1900-02-29T07:50:45Z",
		"2010-09-31T07:50:45Z",
		"0000-01-01T00:00:00Z",
		"-2010-09-16T07:50:45Z",
		"12010-09-16T07:50:45Z",
		"2010-09-16T07:50:45.Z",
		"2010-09-16T07:50:45z",
		"2010-09-16T07:50:45+2:00",
		"2010-09-16T07:50:45+14:01",
		"2010-09-16T07:50:45+0200",
		"2010-09-16T07:50:45ZZ",
		" 2010-09-16T07:50:45Z",
		"2010-09-16T07:50:45Z ",
		"2016-01-15T10:16:41:553Z", /* seen in the field */
		"2010-09-16T+7:50:45Z",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct datetime t;

		assert_int_equal(datetime_parse(str(rows[i]), &t, &err), -1);
		assert_int_equal(err.code, ERR_PARSE);
	}
}

static void long_fraction(void **state)
{
	struct str nines = STR("");
	struct datetime t;

	(void)state;
	for (int i = 0; i < 2000; i++)
		nines = arena_concat(&arena, nines, STR("9"));
	assert_int_equal(
		datetime_parse(arena_fmt(&arena, "1970-01-01T00:00:00.%sZ", nines.p), &t, &err), 0);
	assert_true(t.unix_ms == 999);
}

static void writes(void **state)
{
	const int64_t t = 1787393472000; /* 2026-08-22T10:11:12Z */

	(void)state;
	check_str(datetime_format(&arena, t, 0), "2026-08-22T10:11:12Z");
	check_str(datetime_format(&arena, t + 50, 3), "2026-08-22T10:11:12.050Z");
	check_str(datetime_format(&arena, t + 987, 1), "2026-08-22T10:11:12.9Z");
	check_str(datetime_format(&arena, t + 987, 9), "2026-08-22T10:11:12.987000000Z");
	check_str(datetime_format(&arena, t, 42), "2026-08-22T10:11:12.000000000Z");
	check_str(datetime_format(&arena, -1, 3), "1969-12-31T23:59:59.999Z");
	check_str(datetime_format_offset(&arena, t, 120), "2026-08-22T12:11:12+02:00");
	check_str(datetime_format_offset(&arena, t, -210), "2026-08-22T06:41:12-03:30");
	check_str(datetime_format_offset(&arena, t, 0), "2026-08-22T10:11:12+00:00");
	check_str(datetime_format(&arena, INT64_MAX, 0), "9999-12-31T23:59:59Z");
	check_str(datetime_format_offset(&arena, INT64_MIN, -60), "0001-01-01T00:00:00-01:00");
}

/* Every day of eight centuries, there and back. */
static void round_trip(void **state)
{
	(void)state;
	for (int64_t day = -146097; day < 146097; day += 13) {
		struct datetime t;
		struct str text;
		struct arena a;

		arena_init(&a, 1000);
		text = datetime_format(&a, day * 86400000 + 12345678, 3);
		assert_int_equal(datetime_parse(text, &t, &err), 0);
		assert_true(t.unix_ms == day * 86400000 + 12345678);
		arena_free(&a);
	}
}

static void http_dates(void **state)
{
	static const char *const bad[] = {
		"Sunday, 06-Nov-94 08:49:37 GMT",
		"Sun Nov  6 08:49:37 1994",
		"Sun, 06 Nov 1994 08:49:37",
		"Sun, 06 Nov 1994 08:49:37 UTC",
		"Sun, 6 Nov 1994 08:49:37 GMT",
		"Sun, 31 Nov 1994 08:49:37 GMT",
		"Xxx, 06 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nox 1994 08:49:37 GMT",
		"",
	};
	int64_t ms;

	(void)state;
	/* RFC 9110 5.6.7's own example */
	assert_int_equal(datetime_parse_http(STR("Sun, 06 Nov 1994 08:49:37 GMT"), &ms, &err), 0);
	assert_true(ms == 784111777000);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(datetime_parse_http(str(bad[i]), &ms, &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(reads),  CHECK(refuses),    CHECK(long_fraction),
		CHECK(writes), CHECK(round_trip), CHECK(http_dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
