/* JUnit in the dialect of reports/junit.rng: one suite for each file. */
#include "cli/vectors_report.h"

#include "auth/datetime.h"
#include "base/buf.h"
#include "cli/vectors_json.h"
#include "report/report.h"

#include <stdio.h>

#define DOCUMENT_MAX (256u << 20)
#define LINE_MAX     200
#define BODY_MAX     4000

struct document {
	struct buf b;
	struct arena a; /* of one case */
	const struct vectors_run *r;
};

/* "[[" is parted, as in a run's report: CI services read [[ATTACHMENT|path]]. */
static void put_text(struct document *d, struct str text)
{
	for (size_t at; (at = str_find(text, STR("[["))) != (size_t)-1;) {
		buf_xml(&d->b, str_sub(text, 0, at + 1));
		buf_char(&d->b, ' ');
		text = str_sub(text, at + 1, text.n);
	}
	buf_xml(&d->b, text);
}

static void attribute(struct document *d, const char *name, struct str value)
{
	struct str line = text_clean(&d->a, value, LINE_MAX);

	for (char *p = (char *)(uintptr_t)line.p; p && *p; p++)
		if (*p == '\n' || *p == '\t')
			*p = ' ';
	buf_fmt(&d->b, " %s=\"", name);
	put_text(d, line.n ? line : STR("-"));
	buf_char(&d->b, '"');
}

/* --- counts --- */

struct tally {
	size_t tests, failures, errors, skipped;
};

static bool belongs(const struct document *d, size_t i, const struct vector_file *f)
{
	return (!d->r->selected || d->r->selected[i]) && (!f || d->r->set->v[i].file == f);
}

static struct tally tally_of(const struct document *d, const struct vector_file *f)
{
	struct tally t = { 0 };

	for (size_t i = 0; i < d->r->set->n; i++) {
		enum vector_verdict v = d->r->result[i].verdict;

		if (!belongs(d, i, f))
			continue;
		t.tests++;
		t.failures += v == VECTOR_FAIL || v == VECTOR_STALE;
		t.errors += v == VECTOR_ERROR;
		t.skipped += v == VECTOR_UNSUPPORTED || v == VECTOR_EXPECTED || v == VECTOR_NONE;
	}
	return t;
}

/* The time is known for the run, not for a vector. */
static void put_tally(struct document *d, const struct tally *t, bool whole)
{
	int64_t ms = whole ? d->r->took_ms : 0;

	buf_fmt(&d->b, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", t->tests, t->failures,
		t->errors);
	if (!whole)
		buf_fmt(&d->b, " skipped=\"%zu\"", t->skipped);
	buf_fmt(&d->b, " time=\"%d.%03d\"", (int)(ms / 1000), (int)(ms % 1000));
}

/* --- one case --- */

static const struct {
	const char *element, *type;
} elements[VECTOR_COUNT] = {
	[VECTOR_NONE] = { "skipped", NULL },
	[VECTOR_FAIL] = { "failure", "RequirementViolation" },
	[VECTOR_ERROR] = { "error", "Transport" },
	[VECTOR_UNSUPPORTED] = { "skipped", NULL },
	[VECTOR_EXPECTED] = { "skipped", NULL },
	[VECTOR_STALE] = { "failure", "RequirementViolation" },
};

static void put_body(struct document *d, const struct vector *v, struct str message)
{
	struct str source = jv_text(jv_get(v->test, "source"));
	struct str note = vector_note(&d->a, v);
	struct str text = arena_fmt(&d->a, "%.*s\nhunted: %.*s\nsource: %.*s\noperation: %s\n",
				    STR_ARG(message), STR_ARG(note), STR_ARG(source), v->op->name);

	put_text(d, text_clean(&d->a, text, BODY_MAX));
}

static void put_case(struct document *d, size_t i, struct str family)
{
	const struct vector_result *result = &d->r->result[i];
	const struct vector *v = &d->r->set->v[i];
	const char *element = elements[result->verdict].element;
	const char *type = elements[result->verdict].type;

	arena_free(&d->a);
	buf_puts(&d->b, "    <testcase");
	attribute(d, "name", v->id);
	attribute(d, "classname", arena_concat(&d->a, STR("countersign."), family));
	buf_puts(&d->b, " time=\"0.000\"");
	if (!element) {
		buf_puts(&d->b, "/>\n");
		return;
	}
	buf_fmt(&d->b, ">\n      <%s", element);
	attribute(d, "message", result->message);
	if (type)
		attribute(d, "type", str(type));
	buf_char(&d->b, '>');
	put_body(d, v, result->message);
	buf_fmt(&d->b, "</%s>\n    </testcase>\n", element);
}

/* --- suites --- */

/* "digest-verify.json" to "digest-verify"; a user's file may be called anything. */
static struct str family_of(struct document *d, const struct vector_file *f)
{
	struct str name = f->name, out = arena_fmt(&d->a, "f%.*s", STR_ARG(name));
	char *p = arena_alloc(&d->a, out.n + 1);
	size_t n = str_ends(out, STR(".json")) ? out.n - 5 : out.n;

	for (size_t i = 0; p && i < n; i++) {
		char c = char_lower(out.p[i]);

		p[i] = char_is_alpha(c) || char_is_digit(c) ? c : '-';
	}
	return n > 1 && p && char_is_alpha(p[1]) ? str_n(p + 1, n - 1) : str_n(p, p ? n : 0);
}

static void put_property(struct document *d, const char *name, struct str value)
{
	buf_puts(&d->b, "      <property");
	attribute(d, "name", str(name));
	attribute(d, "value", value);
	buf_puts(&d->b, "/>\n");
}

static void put_suite(struct document *d, const struct vector_file *f, size_t id)
{
	struct tally t = tally_of(d, f);
	struct str started = datetime_format(&d->a, d->r->started_wall_ms, 0);
	char family[128];

	snprintf(family, sizeof(family), "%.*s", STR_ARG(family_of(d, f)));
	buf_puts(&d->b, "  <testsuite");
	attribute(d, "name", str(family));
	buf_fmt(&d->b, " id=\"%zu\"", id);
	put_tally(d, &t, false);
	attribute(d, "timestamp", str_sub(started, 0, started.n ? started.n - 1 : 0));
	buf_puts(&d->b, ">\n    <properties>\n");
	put_property(d, "target", d->r->adapter.n ? d->r->adapter : STR("countersign"));
	put_property(d, "version", d->r->adapter.n ? d->r->version : STR(COUNTERSIGN_VERSION));
	put_property(d, "run.started", started);
	put_property(d, "tool", STR("countersign " COUNTERSIGN_VERSION));
	buf_puts(&d->b, "    </properties>\n");
	for (size_t i = 0; i < d->r->set->n; i++)
		if (belongs(d, i, f))
			put_case(d, i, str(family));
	buf_puts(&d->b, "  </testsuite>\n");
}

int vectors_junit(const struct vectors_run *r, const char *path, struct err *err)
{
	struct document d = { .r = r };
	struct tally all;
	size_t id = 0;
	int bad;

	buf_init(&d.b, DOCUMENT_MAX);
	arena_init(&d.a, 16u << 20);
	all = tally_of(&d, NULL);
	buf_puts(&d.b,
		 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"countersign\"");
	put_tally(&d, &all, true);
	buf_puts(&d.b, ">\n");
	for (size_t i = 0; i < r->set->n_file; i++)
		if (tally_of(&d, &r->set->file[i]).tests)
			put_suite(&d, &r->set->file[i], id++);
	buf_puts(&d.b, "</testsuites>\n");
	bad = buf_check(&d.b, "the JUnit report", err) || file_replace(path, buf_view(&d.b), err);
	buf_free(&d.b);
	arena_free(&d.a);
	return bad ? -1 : 0;
}
