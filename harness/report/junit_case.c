#include "report/junit.h"

#include <inttypes.h>

/* What a reader should do about it, as a word in type="".  None of these is a name of a type that
 * XML parsers cast by ("symbol", "date", "file", ...).
 */
static const char *const level_types[LEVEL_COUNT] = {
	[LEVEL_MEASURE] = "RequirementViolation", [LEVEL_MAY] = "RequirementViolation",
	[LEVEL_HARDENING] = "SecurityWeakness",   [LEVEL_SHOULD] = "RequirementViolation",
	[LEVEL_MUST] = "RequirementViolation",
};

static const char *inconclusive_type(const struct variant_result *v)
{
	if (v->has_outcome && v->outcome == OUTCOME_TIMEOUT)
		return "Timeout";
	if (v->reason == REASON_UNREACHABLE || (v->has_outcome && v->outcome == OUTCOME_CLOSED))
		return "Transport";
	return "Precondition";
}

static const char *type_word(const struct variant_result *v)
{
	if (v->verdict == VERDICT_FAIL)
		return v->cite ? level_types[v->cite->level] : "RequirementViolation";
	return v->verdict == VERDICT_INCONCLUSIVE ? inconclusive_type(v) : "Internal";
}

/* " label: text", or nothing when there is no text. */
static void body_line(struct buf *body, const char *label, struct str text)
{
	if (text.n)
		buf_fmt(body, " %s: %.*s\n", label, STR_ARG(text));
}

static void body_clause(struct junit *j, struct buf *body, const struct variant_result *v)
{
	const struct requirement *q;

	if (!v->cite)
		return;
	body_line(body, "clause", write_clause(&j->one, j->r, v->cite));
	body_line(body, "level", str(level_name(v->cite->level)));
	q = j->r->catalogue ? catalogue_requirement(j->r->catalogue, v->cite->clause) : NULL;
	if (q)
		body_line(body, "requirement", write_own(&j->one, q->text, 1000));
}

static void body_steps(struct junit *j, struct buf *body, const struct variant_result *v)
{
	size_t controls = 0, accepted = 0;

	if (v->n_step)
		buf_puts(body, " steps:\n");
	for (size_t i = 0; i < v->n_step; i++) {
		const struct step_result *s = &v->step[i];
		bool control = s->role && strcmp(s->role, "control") == 0;

		controls += control;
		accepted += control && s->outcome == OUTCOME_ACCEPTED;
		buf_fmt(body, "%s %zu. %s: %.*s -> %.*s\n", (int)i == v->deciding ? " >" : "  ",
			i + 1, s->role ? s->role : "step",
			STR_ARG(write_line(&j->one, j->o->redactor, s->summary, 400)),
			STR_ARG(write_step_answer(&j->one, s)));
	}
	if (controls)
		buf_fmt(body, " controls: %zu of %zu accepted\n", accepted, controls);
}

static void body_curl(struct buf *body, struct str command)
{
	if (command.p)
		buf_fmt(body, " again, with bash:\n%.*s\n", STR_ARG(command));
}

/* The first line is the message, since one CI service shows the body alone. */
static void write_body(struct junit *j, const struct variant_result *v, struct str message)
{
	const struct suite_case *c = v->variant->c;
	struct buf body DEFER(buf_free) = { 0 };

	buf_init(&body, 1 << 20);
	buf_fmt(&body, "%.*s\n", STR_ARG(message));
	if (v->message.n > message.n)
		body_line(&body, "in full", write_line(&j->one, j->o->redactor, v->message, 1000));
	if (v->waiver)
		body_line(&body, "waiver", write_waiver(&j->one, j->o->redactor, v));
	body_clause(j, &body, v);
	body_line(&body, "why", write_own(&j->one, c->why, 1000));
	if (v->verdict == VERDICT_FAIL)
		body_line(&body, "remedy", write_own(&j->one, c->remedy, 1000));
	body_line(&body, "form", write_line(&j->one, j->o->redactor, v->form, 400));
	body_line(&body, "reason", str(reason_name(v->reason)));
	body_steps(j, &body, v);
	body_curl(&body, write_curl(&j->one, j->o->redactor, j->r, v));
	junit_text(j, text_clean(&j->one, buf_view(&body), WRITE_BODY));
}

static void write_finding(struct junit *j, const struct variant_result *v)
{
	static const char *const elements[VERDICTS] = {
		[VERDICT_FAIL] = "failure",
		[VERDICT_SKIP] = "skipped",
		[VERDICT_INCONCLUSIVE] = "error",
		[VERDICT_ERROR] = "error",
	};
	const char *element = v->waiver ? "skipped" : elements[v->verdict];
	bool absent = v->verdict == VERDICT_SKIP && v->reason == REASON_NOT_OFFERED;
	struct str before = v->waiver ? STR("WAIVED: ") : absent ? STR("N/A: ") : STR("");
	struct str message = write_message(&j->one, j->o->redactor, v, WRITE_MESSAGE - before.n);

	if (!element)
		return;
	message = arena_concat(&j->one, before, message);
	buf_fmt(&j->b, "      <%s", element);
	junit_attribute(j, "message", message);
	if (v->verdict != VERDICT_SKIP && !v->waiver)
		junit_attribute(j, "type", str(type_word(v)));
	buf_char(&j->b, '>');
	write_body(j, v, message);
	buf_fmt(&j->b, "</%s>\n", element);
}

/* A value must not end the [[...]] that it stands in. */
static void property_line(struct junit *j, struct str name, struct str value)
{
	struct str line = arena_fmt(&j->one, "%.*s=%.*s", STR_ARG(name), STR_ARG(value));

	char *p = arena_alloc(&j->one, line.n + 1);

	for (size_t i = 0; p && i < line.n; i++)
		p[i] = line.p[i] == '[' ? '(' : line.p[i] == ']' ? ')' : line.p[i];
	buf_puts(&j->b, "[[PROPERTY|");
	junit_xml(j, str_n(p, p ? line.n : 0));
	buf_puts(&j->b, "]]\n");
}

static void write_numbers(struct junit *j, const struct variant_result *v, struct str property)
{
	struct str name = arena_fmt(&j->one, "measure.%.*s", STR_ARG(property));

	property_line(j, write_own(&j->one, name, 200), write_measure(&j->one, v));
	for (size_t i = 0; i < v->n_more; i++) {
		struct str more = arena_fmt(&j->one, "%.*s.%s", STR_ARG(name), v->more[i].name);

		property_line(j, write_own(&j->one, more, 200), write_number(&j->one, &v->more[i]));
	}
}

/* Case properties in the only place where every CI service lets them stand. */
static void write_output(struct junit *j, const struct variant_result *v)
{
	const struct suite_case *c = v->variant->c;

	buf_puts(&j->b, "      <system-out>");
	for (size_t i = 0; i < c->n_cite; i++)
		property_line(j, STR("requirement"), write_own(&j->one, c->cite[i].clause, 200));
	if (v->cite)
		property_line(j, STR("level"), str(level_name(v->cite->level)));
	property_line(j, STR("verdict"), str(verdict_name(v->verdict)));
	if (v->waiver)
		property_line(j, STR("waived"), v->waiver->until);
	if (v->measured && c->measure)
		write_numbers(j, v, c->measure->property);
	if (v->verdict == VERDICT_WARN) {
		junit_text(j, write_message(&j->one, j->o->redactor, v, 1000));
		buf_char(&j->b, '\n');
	}
	buf_puts(&j->b, "</system-out>\n");
}

/* Some services rewrite or drop characters outside the Basic Multilingual Plane, and names are
 * keys. */
static struct str bmp_only(struct arena *a, struct str s)
{
	struct str out = arena_str(a, s);
	char *p = arena_alloc(a, out.n + 1);
	size_t n = 0;

	for (size_t i = 0; p && i < out.n; i++) {
		bool lead = (uint8_t)out.p[i] >= 0xf0;

		p[n++] = lead ? '?' : out.p[i];
		i += lead ? 3 : 0;
	}
	return str_n(p, n);
}

static bool name_taken(const struct junit *j, struct str name)
{
	for (size_t i = 0; i < j->n_name; i++)
		if (str_eq(j->name[i], name))
			return true;
	return false;
}

/* Id and title; what was cut to the same name gets a number. */
static struct str unique_name(struct junit *j, const struct variant_result *v)
{
	struct str full =
		arena_fmt(&j->one, "%.*s %.*s", STR_ARG(write_own(&j->one, v->variant->id, 400)),
			  STR_ARG(write_own(&j->one, v->variant->c->title, 400)));
	struct str base = bmp_only(&j->a, text_clean(&j->one, full, WRITE_MESSAGE)), name = base;

	for (unsigned i = 2; name_taken(j, name) && arena_ok(&j->a); i++)
		name = arena_fmt(&j->a, "#%u %.*s", i,
				 STR_ARG(text_clean(&j->one, base, WRITE_MESSAGE - 12)));
	j->name[j->n_name++] = name;
	return name;
}

void junit_case(struct junit *j, const struct variant_result *v)
{
	write_recycle(&j->one, &j->a);
	buf_puts(&j->b, "    <testcase");
	junit_attribute(j, "name", unique_name(j, v));
	junit_attribute(j, "classname",
			arena_fmt(&j->one, "countersign.%.*s",
				  STR_ARG(junit_family(j, v->variant->c->family))));
	junit_attribute(j, "time", write_seconds(&j->one, v->took_ms));
	buf_puts(&j->b, ">\n");
	write_finding(j, v);
	write_output(j, v);
	buf_puts(&j->b, "    </testcase>\n");
}
