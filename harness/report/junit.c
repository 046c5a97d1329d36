/* junit.c - JUnit XML that every common consumer reads: flat suites, one failure or error or
 * skipped and one system-out per case, no case attribute but name, classname and time, no CDATA.
 * reports/junit.rng says it exactly.
 */
#include "report/junit.h"

#include "auth/datetime.h"

#define DOCUMENT_MAX (512u << 20)

/* The character at the start of valid UTF-8, and how many octets it has. */
static uint32_t character(struct str s, size_t *n)
{
	uint8_t lead = (uint8_t)s.p[0];
	uint32_t c;

	*n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
	c = *n == 1 ? lead : lead & (0x7fu >> *n);
	for (size_t i = 1; i < *n && i < s.n; i++)
		c = c << 6 | ((uint8_t)s.p[i] & 0x3f);
	return c;
}

void junit_xml(struct junit *j, struct str text)
{
	while (text.n) {
		size_t n = 0, wide;

		while (n < text.n && (uint8_t)text.p[n] < 0x80)
			n++;
		buf_xml(&j->b, str_sub(text, 0, n));
		text = str_sub(text, n, text.n);
		if (!text.n)
			return;
		buf_fmt(&j->b, "&#x%X;", (unsigned)character(text, &wide));
		text = str_sub(text, wide, text.n);
	}
}

void junit_text(struct junit *j, struct str text)
{
	for (size_t at; (at = str_find(text, STR("[["))) != (size_t)-1;) {
		junit_xml(j, str_sub(text, 0, at + 1));
		buf_char(&j->b, ' ');
		text = str_sub(text, at + 1, text.n);
	}
	junit_xml(j, text);
}

void junit_attribute(struct junit *j, const char *name, struct str value)
{
	buf_fmt(&j->b, " %s=\"", name);
	junit_text(j, value);
	buf_char(&j->b, '"');
}

struct str junit_family(struct junit *j, struct str family)
{
	struct str out = arena_fmt(&j->one, "f%.*s%s%.*s", STR_ARG(j->device),
				   j->device.n ? "-" : "", STR_ARG(write_own(&j->one, family, 80)));
	char *p = arena_alloc(&j->one, out.n + 1);

	for (size_t i = 0; p && i < out.n; i++) {
		char c = char_lower(out.p[i]);

		p[i] = char_is_alpha(c) || char_is_digit(c) ? c : '-';
	}
	out = str_n(p, p ? out.n : 0);
	/* The "f" stays only before what is no letter. */
	return out.n > 1 && char_is_alpha(out.p[1]) ? str_sub(out, 1, out.n) : out;
}

static void attribute_count(struct junit *j, const char *name, size_t n)
{
	buf_fmt(&j->b, " %s=\"%zu\"", name, n);
}

static void count_variant(struct junit_tally *t, const struct variant_result *v)
{
	t->tests++;
	t->took_ms += v->took_ms > 0 ? v->took_ms : 0;
	if (v->waiver) {
		t->skipped++;
		return;
	}
	t->failures += v->verdict == VERDICT_FAIL;
	t->errors += v->verdict == VERDICT_ERROR || v->verdict == VERDICT_INCONCLUSIVE;
	t->skipped += v->verdict == VERDICT_SKIP;
}

static void write_tally(struct junit *j, const struct junit_tally *t, bool skipped)
{
	attribute_count(j, "tests", t->tests);
	attribute_count(j, "failures", t->failures);
	attribute_count(j, "errors", t->errors);
	if (skipped)
		attribute_count(j, "skipped", t->skipped);
	junit_attribute(j, "time", write_seconds(&j->one, t->took_ms));
}

/* Empty values are left out. */
static void property(struct junit *j, const char *name, struct str value)
{
	if (!value.n)
		return;
	buf_puts(&j->b, "      <property");
	junit_attribute(j, "name", str(name));
	junit_attribute(j, "value", write_line(&j->one, j->o->redactor, value, WRITE_MESSAGE));
	buf_puts(&j->b, "/>\n");
}

static void write_properties(struct junit *j)
{
	static const char *const identity[] = { "dut.manufacturer", "dut.model", "dut.firmware",
						"dut.serial" };
	const struct run_result *r = j->r;

	buf_puts(&j->b, "    <properties>\n");
	property(j, "inventory.device", r->place.device);
	property(j, "target", r->target);
	property(j, "client.command", r->client_command);
	for (size_t i = 0; i < COUNT(identity); i++)
		property(j, identity[i], r->survey.identity[i]);
	property(j, "run.started", datetime_format(&j->one, r->started_wall_ms, 0));
	property(j, "run.seed", r->seed);
	property(j, "run.cause", r->cause);
	property(j, "run.budget", r->budget);
	property(j, "run.explained", r->cause_page ? r->cause_page->id : STR(""));
	property(j, "profile", r->profile ? r->profile->id : STR(""));
	property(j, "catalogue.sha256", r->catalogue ? str(r->catalogue->sha256) : STR(""));
	property(j, "tool", j->o->tool);
	buf_puts(&j->b, "    </properties>\n");
}

static void open_suite(struct junit *j, struct str name, size_t id, const struct junit_tally *t)
{
	struct str started = datetime_format(&j->one, j->r->started_wall_ms, 0);

	if (started.n)
		started.n--; /* no zone here: consumers take it as UTC; run.started has the Z */
	buf_puts(&j->b, "  <testsuite");
	junit_attribute(j, "name", junit_family(j, name));
	attribute_count(j, "id", id);
	write_tally(j, t, true);
	junit_attribute(j, "timestamp", started);
	buf_puts(&j->b, ">\n");
	write_properties(j);
}

/* Warnings pass, so that they do not break a build; they are told here. */
static void write_warnings(struct junit *j, struct str family, struct str note)
{
	size_t told = 0;

	if (note.n) {
		buf_puts(&j->b, told++ ? "" : "    <system-out>");
		junit_text(j, note);
	}

	for (size_t i = 0; i < j->r->n_variant; i++) {
		const struct variant_result *v = &j->r->variant[i];

		if (v->verdict != VERDICT_WARN || v->waiver ||
		    !str_eq(v->variant->c->family, family))
			continue;
		write_recycle(&j->one, &j->a);
		buf_puts(&j->b, told++ ? "" : "    <system-out>");
		junit_text(j, STR("WARN "));
		junit_text(j, write_own(&j->one, v->variant->id, WRITE_MESSAGE));
		junit_text(j, STR(": "));
		junit_text(j, write_message(&j->one, j->o->redactor, v, WRITE_MESSAGE));
		buf_char(&j->b, '\n');
	}
	if (told)
		buf_puts(&j->b, "</system-out>\n");
}

static void write_family(struct junit *j, struct str family, size_t id, struct str note)
{
	struct junit_tally t = { 0 };

	for (size_t i = 0; i < j->r->n_variant; i++)
		if (str_eq(j->r->variant[i].variant->c->family, family))
			count_variant(&t, &j->r->variant[i]);
	write_recycle(&j->one, &j->a);
	open_suite(j, family, id, &t);
	for (size_t i = 0; i < j->r->n_variant; i++)
		if (str_eq(j->r->variant[i].variant->c->family, family))
			junit_case(j, &j->r->variant[i]);
	write_warnings(j, family, note);
	buf_puts(&j->b, "  </testsuite>\n");
}

/* What explains the run, with what to do; empty when nothing is known. */
static struct str explanation(struct junit *j)
{
	const struct cause *c = j->r->cause_page;
	struct str out;

	if (!c)
		return STR("");
	out = arena_fmt(&j->a, "%.*s\n%.*s\n", STR_ARG(c->title), STR_ARG(c->what));
	for (size_t i = 0; i < c->n_todo; i++)
		out = arena_fmt(&j->a, "%.*s%zu. %.*s\n", STR_ARG(out), i + 1, STR_ARG(c->todo[i]));
	out = arena_fmt(&j->a, "%.*scountersign explain %.*s says more.\n", STR_ARG(out),
			STR_ARG(c->id));
	return write_text(&j->a, j->o->redactor, out, WRITE_BODY);
}

/* One case of the run itself: element is "error" or "failure". */
static void write_run_case(struct junit *j, const char *name, const char *element, struct str type,
			   struct str text, struct str more)
{
	struct str message = write_line(&j->one, j->o->redactor, text, WRITE_MESSAGE);
	struct str full = write_text(&j->one, j->o->redactor, text, WRITE_BODY);

	buf_fmt(&j->b,
		"    <testcase name=\"%s\" classname=\"countersign.%.*s\" time=\"0.000\">\n      "
		"<%s",
		name, STR_ARG(junit_family(j, STR("run"))), element);
	junit_attribute(j, "message", message);
	junit_attribute(j, "type", type);
	buf_char(&j->b, '>');
	junit_text(j, message);
	buf_char(&j->b, '\n');
	if (!str_eq(full, message))
		junit_text(j, full);
	if (more.n && !str_eq(full, message))
		buf_char(&j->b, '\n');
	junit_text(j, more);
	buf_fmt(&j->b, "</%s>\n    </testcase>\n", element);
}

static struct str waiver_problems(struct junit *j)
{
	const struct waiver_report *w = j->r->waivers;
	struct str out = STR("");

	for (size_t i = 0; w && i < w->n_problem; i++)
		out = arena_fmt(&j->a, "%.*s%.*s\n", STR_ARG(out), STR_ARG(w->problem[i]));
	return out;
}

/* A run that stopped, or judged nothing, says so in a case of its own; bad waivers do too. */
static void write_run_suite(struct junit *j, struct str cause, struct str problems, size_t id)
{
	const struct junit_tally t = { .tests = (size_t)(cause.n > 0) + (problems.n > 0),
				       .failures = problems.n > 0,
				       .errors = cause.n > 0 };
	bool internal = j->r->cause_reason == REASON_HARNESS;
	bool transport = j->r->cause_reason == REASON_UNREACHABLE;
	struct str type = internal    ? STR("Internal")
			  : transport ? STR("Transport")
				      : STR("Precondition");

	open_suite(j, STR("run"), id, &t);
	if (cause.n)
		write_run_case(j, "run.complete The run judges every selected case", "error", type,
			       cause, explanation(j));
	if (problems.n)
		write_run_case(j, "run.waivers Each waiver still stands for what it was written",
			       "failure", STR("RequirementViolation"), problems, STR(""));
	buf_puts(&j->b, "  </testsuite>\n");
}

/* Families in the order in which they first come; the array lives in j->a. */
static size_t families(struct junit *j, struct str **out)
{
	struct str *family = arena_array(&j->a, struct str, j->r->n_variant + 1);
	size_t n = 0;

	for (size_t i = 0; family && i < j->r->n_variant; i++) {
		size_t k = 0;

		while (k < n && !str_eq(family[k], j->r->variant[i].variant->c->family))
			k++;
		if (k == n)
			family[n++] = j->r->variant[i].variant->c->family;
	}
	*out = family;
	return n;
}

static void write_suites(struct junit *j, struct junit_tally *t, size_t *id)
{
	struct str cause = j->r->cause, problems = waiver_problems(j), note, *family;
	/* One cause, not a page of cases that it kept from running. */
	bool cases = j->r->n_variant && (!cause.n || write_anything_ran(j->r));
	size_t n = families(j, &family);

	if (!cases && !cause.n)
		cause = STR("nothing was judged: no case was selected");
	for (size_t i = 0; cases && i < j->r->n_variant; i++)
		count_variant(t, &j->r->variant[i]);
	t->tests += (size_t)(cause.n > 0) + (problems.n > 0);
	t->errors += cause.n > 0;
	t->failures += problems.n > 0;
	if (cause.n || problems.n)
		write_run_suite(j, cause, problems, (*id)++);
	note = cause.n ? STR("") : explanation(j); /* once, with the first family */
	for (size_t i = 0; cases && i < n; i++)
		write_family(j, family[i], (*id)++, i ? STR("") : note);
}

int junit_suites(struct junit *j, struct junit_tally *t, size_t *id, struct err *err)
{
	int bad;

	arena_init(&j->a, DOCUMENT_MAX);
	arena_init(&j->one, DOCUMENT_MAX);
	j->n_name = 0;
	j->name = arena_array(&j->a, struct str, j->r->n_variant + 1);
	if (j->name)
		write_suites(j, t, id);
	bad = arena_check(&j->a, err) || arena_check(&j->one, err) ||
	      buf_check(&j->b, "the JUnit report", err);
	arena_free(&j->a);
	arena_free(&j->one);
	return bad ? -1 : 0;
}

int junit_document(struct str suites, const struct junit_tally *t, const char *path,
		   struct err *err)
{
	struct junit j = { .o = NULL };
	int bad;

	buf_init(&j.b, DOCUMENT_MAX);
	arena_init(&j.one, 1 << 16);
	buf_puts(&j.b,
		 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"countersign\"");
	write_tally(&j, t, false);
	buf_puts(&j.b, ">\n");
	buf_str(&j.b, suites);
	buf_puts(&j.b, "</testsuites>\n");
	bad = arena_check(&j.one, err) || buf_check(&j.b, "the JUnit report", err) ||
	      file_replace(path, buf_view(&j.b), err);
	buf_free(&j.b);
	arena_free(&j.one);
	return bad ? -1 : 0;
}

int report_junit(const struct run_result *r, const struct report_options *o, const char *path,
		 struct err *err)
{
	struct junit j = { .r = r, .o = o };
	struct junit_tally t = { 0 };
	size_t id = 0;
	int bad;

	buf_init(&j.b, DOCUMENT_MAX);
	bad = junit_suites(&j, &t, &id, err) || junit_document(buf_view(&j.b), &t, path, err);
	buf_free(&j.b);
	return bad ? -1 : 0;
}
