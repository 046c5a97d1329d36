/* Deviations of Created: other instants, and other texts for an instant (WSS core 10). */
#include "auth/datetime.h"
#include "auth/deviate.h"

#include <stdio.h>

static int created_shift(struct craft *c, struct str argument, struct err *err)
{
	int64_t shift;

	if (str_to_ms(argument, &shift) ||
	    __builtin_add_overflow(c->token.created_ms, shift, &c->token.created_ms))
		return err_set(err, ERR_INPUT, "not a duration");
	token_use_created(c, datetime_format(c->a, c->token.created_ms, 0));
	return arena_check(c->a, err);
}

static int created_literal(struct craft *c, struct str argument, struct err *err)
{
	(void)err;
	token_use_created(c, argument);
	return 0;
}

static int created_same(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	if (!c->memory->created.p)
		return err_set(err, ERR_INPUT, "no step before this one sent Created");
	token_use_created(c, c->memory->created);
	return 0;
}

/* The same instant as wall time of a zone, in minutes east of Greenwich. */
static int created_zone(struct craft *c, struct str argument, struct err *err)
{
	int minutes;

	if (deviation_minutes(argument, &minutes))
		return err_set(err, ERR_INPUT, "not a zone");
	token_use_created(c, datetime_format_offset(c->a, c->token.created_ms, minutes));
	return arena_check(c->a, err);
}

/* The wall time of UTC, said to be that of a zone: an instant so many minutes off. */
static int created_wall(struct craft *c, struct str argument, struct err *err)
{
	struct token_craft *t = &c->token;
	int minutes;

	if (deviation_minutes(argument, &minutes))
		return err_set(err, ERR_INPUT, "not a zone");
	t->created_ms -= minutes * (int64_t)60000;
	token_use_created(c, datetime_format_offset(c->a, t->created_ms, minutes));
	return arena_check(c->a, err);
}

/* xsd:dateTime puts no limit on the digits of a second's fraction. */
static int created_fraction(struct craft *c, struct str argument, struct err *err)
{
	struct str z = datetime_format(c->a, c->token.created_ms, 9);
	uint64_t digits;

	if (str_to_u64(argument, 64, &digits) || digits == 0 || z.n < 21)
		return err_set(err, ERR_INPUT, "not a number of digits");
	z = str_sub(z, 0, 20 + (digits < 9 ? (size_t)digits : 9));
	for (uint64_t i = 9; i < digits; i++)
		z = arena_concat(c->a, z, STR("0"));
	token_use_created(c, arena_concat(c->a, z, STR("Z")));
	return arena_check(c->a, err);
}

/* Where the parts of "2026-08-22T10:11:12Z" begin. */
enum part { YEAR = 0, MONTH = 5, DAY = 8, T = 10, HOUR = 11, MINUTE = 14, SECOND = 17, ZONE = 19 };

static struct str patched(struct arena *a, struct str z, enum part at, const char *text)
{
	size_t end = (size_t)at + strlen(text);

	return arena_fmt(a, "%.*s%s%.*s", STR_ARG(str_sub(z, 0, at)), text,
			 STR_ARG(str_sub(z, end, z.n)));
}

static struct str ended(struct arena *a, struct str z, size_t n, const char *end)
{
	return arena_concat(a, str_sub(z, 0, n), str(end));
}

/* "20260822T101112Z", the basic form of ISO 8601. */
static struct str basic_form(struct arena *a, struct str z)
{
	return arena_fmt(a, "%.*s%.*s%.*sT%.*s%.*s%.*sZ", STR_ARG(str_sub(z, YEAR, 4)),
			 STR_ARG(str_sub(z, MONTH, 2)), STR_ARG(str_sub(z, DAY, 2)),
			 STR_ARG(str_sub(z, HOUR, 2)), STR_ARG(str_sub(z, MINUTE, 2)),
			 STR_ARG(str_sub(z, SECOND, 2)));
}

/* Other spellings of z that are xsd:dateTime too, or look like it. */
static struct str respelt(struct arena *a, struct str z, int64_t ms, struct str value)
{
	const struct {
		const char *value;
		struct str text;
	} texts[] = {
		{ "empty", STR("") },
		{ "no-zone", ended(a, z, ZONE, "") },
		{ "offset", datetime_format_offset(a, ms, 120) },
		{ "offset-zero", ended(a, z, ZONE, "+00:00") },
		{ "fraction3", datetime_format(a, ms, 3) },
		{ "fraction9", datetime_format(a, ms, 9) },
		{ "date-only", str_sub(z, 0, T) },
		{ "garbage", STR("yesterday") },
		{ "lower", text_lower(a, z) },
		{ "leap", patched(a, z, SECOND, "60") },
		{ "no-seconds", ended(a, z, MINUTE + 2, "Z") },
		{ "month-13", patched(a, z, MONTH, "13") },
		{ "month-0", patched(a, z, MONTH, "00") },
		{ "day-32", patched(a, z, DAY, "32") },
		{ "february-30", patched(a, z, MONTH, "02-30") },
		{ "hour-25", patched(a, z, HOUR, "25") },
		{ "minute-60", patched(a, z, MINUTE, "60") },
		{ "space", patched(a, z, T, " ") },
		{ "slashes", patched(a, patched(a, z, MONTH - 1, "/"), DAY - 1, "/") },
		{ "basic", basic_form(a, z) },
		{ "short-year", str_sub(z, 2, z.n) },
		{ "epoch", arena_fmt(a, "%lld", (long long)(ms / 1000)) },
		{ "comma", ended(a, z, ZONE, ",000Z") },
		{ "dot-only", ended(a, z, ZONE, ".Z") },
		{ "zone-tight", ended(a, z, ZONE, "+0000") },
		{ "zone-hours", ended(a, z, ZONE, "+00") },
		{ "zone-far", ended(a, z, ZONE, "+15:00") },
		{ "zone-name", ended(a, z, ZONE, " UTC") },
		{ "zone-twice", ended(a, z, ZONE, "Z+00:00") },
		{ "trailing", arena_concat(a, z, STR("x")) },
		{ "plus-year", arena_concat(a, STR("+"), z) },
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		if (str_eq(value, str(texts[i].value)))
			return texts[i].text;
	return z;
}

int deviate_token_created(struct craft *c, struct str value, struct err *err)
{
	static const struct action open[] = {
		{ "same", created_same },
		{ "DURATION", created_shift },
		{ "zone:MINUTES", created_zone },
		{ "wall:MINUTES", created_wall },
		{ "fraction:NUMBER", created_fraction },
		{ "=LITERAL", created_literal },
	};
	struct str argument;

	for (size_t i = 0; i < COUNT(open); i++)
		if (deviation_value(str(open[i].value), value, &argument))
			return open[i].run(c, argument, err);
	token_use_created(c, respelt(c->a, c->token.sent.created, c->token.created_ms, value));
	return arena_check(c->a, err);
}
