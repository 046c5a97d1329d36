#include "run_fixture.h"

#include "engine/cause.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <unistd.h>

static const char hostile[] =
	"a<b>&amp;]]>\"'\0\xff\xfe\xc0\x80\xed\xa0\x80 \x1b[1;31mred\x1b[0m \x1b]0;title\x07 "
	"\xef\xbf\xbe \xef\xbf\xbf \xf0\x9f\x98\x80 \xc2\x9b"
	"2J\xe2\x80\xae\r\n\tline [[ATTACHMENT|/etc/passwd]] end";
const struct str hostile_text = { hostile, sizeof(hostile) - 1 };

static const struct {
	enum verdict verdict;
	enum reason reason;
	enum level level;
} rows[FIXTURE_VARIANTS] = {
	{ VERDICT_PASS, REASON_NONE, LEVEL_MUST },
	{ VERDICT_WARN, REASON_FORM, LEVEL_SHOULD },
	{ VERDICT_WARN, REASON_CHECK, LEVEL_SHOULD },
	{ VERDICT_FAIL, REASON_DECISION, LEVEL_MUST },
	{ VERDICT_FAIL, REASON_OUTCOME, LEVEL_HARDENING },
	{ VERDICT_SKIP, REASON_NOT_OFFERED, LEVEL_MUST },
	{ VERDICT_SKIP, REASON_BUDGET, LEVEL_MUST },
	{ VERDICT_SKIP, REASON_SLOW, LEVEL_MUST },
	{ VERDICT_SKIP, REASON_RISK, LEVEL_MUST },
	{ VERDICT_SKIP, REASON_CLEARTEXT, LEVEL_MUST },
	{ VERDICT_SKIP, REASON_EXCEPTED, LEVEL_MUST },
	{ VERDICT_INCONCLUSIVE, REASON_CONTROL, LEVEL_MUST },
	{ VERDICT_INCONCLUSIVE, REASON_LOCKED, LEVEL_MUST },
	{ VERDICT_INCONCLUSIVE, REASON_UNREACHABLE, LEVEL_MUST },
	{ VERDICT_INCONCLUSIVE, REASON_CLOCK, LEVEL_MUST },
	{ VERDICT_INCONCLUSIVE, REASON_STOPPED, LEVEL_MUST },
	{ VERDICT_ERROR, REASON_HARNESS, LEVEL_MUST },
	{ VERDICT_PASS, REASON_NONE, LEVEL_MEASURE },
};

static void fill_catalogue(struct run_fixture *f)
{
	static const char *const families[FIXTURE_CASES] = { "digest", "token", "basic",
							     "measure" };
	static const char *const ids[FIXTURE_CASES] = { "digest.nc.reused", "token.created.skewed",
							"basic.payload.odd", "measure.skew.past" };

	f->requirement = (struct requirement){
		.anchor = STR("rfc7616#3.4.nc"),
		.document = STR("rfc7616"),
		.level = LEVEL_MUST,
		.text = STR("A nonce count is used once."),
		.source = STR("RFC 7616 section 3.4"),
	};
	f->cite = (struct cite){ STR("rfc7616#3.4.nc"), LEVEL_MUST };
	f->measure = (struct suite_measure){ .property = STR("token.skew.past"), .unit = STR("s") };
	for (size_t i = 0; i < FIXTURE_CASES; i++)
		f->c[i] = (struct suite_case){
			.id = str(ids[i]),
			.family = str(families[i]),
			.rev = 1,
			.title = STR("A nonce count that was already used is refused"),
			.why = STR("A captured request would work a second time."),
			.remedy = STR("Keep the highest nc & answer <401> to a repeat."),
			.cite = &f->cite,
			.n_cite = 1,
		};
	f->c[3].measure = &f->measure;
	f->catalogue = (struct catalogue){
		.c = f->c,
		.n_case = FIXTURE_CASES,
		.requirement = &f->requirement,
		.n_requirement = 1,
		.profile = &f->profile,
		.n_profile = 1,
	};
	memset(f->catalogue.sha256, 'a', 64);
	f->profile = (struct profile){ .id = STR("onvif-core"), .title = STR("ONVIF Core") };
}

static void fill_step(struct step_result *s, size_t k, struct str text)
{
	static const char *const roles[] = { "control", "probe", "control" };

	*s = (struct step_result){
		.number = (int64_t)k + 1,
		.fate = WIRE_ANSWERED,
		.wall_ms = 1787393472123,
		.device_ms = 1787393469823,
		.sent_bytes = text.n,
		.received_bytes = text.n,
		.role = roles[k],
		.step = k == 1 ? 0 : -1,
		.expect = OUTCOME_BIT(k == 1 ? OUTCOME_CHALLENGED : OUTCOME_ACCEPTED),
		.outcome = OUTCOME_ACCEPTED,
		.status = 200,
		.sent_ms = 1000,
		.took_ms = 12,
		.summary = text,
		.sent = text,
		.received = text,
	};
}

static void fill_variant(struct run_fixture *f, size_t i, struct str text)
{
	struct variant_result *v = &f->result[i];

	snprintf(f->id[i], sizeof(f->id[i]), "%.*s[skew=-%zuh]", STR_ARG(f->c[i % 3].id), i);
	f->variant[i] = (struct suite_variant){ .c = &f->c[i % 3], .id = str(f->id[i]) };
	for (size_t k = 0; k < 3; k++)
		fill_step(&f->step[i][k], k, text);
	*v = (struct variant_result){
		.variant = &f->variant[i],
		.verdict = rows[i].verdict,
		.reason = rows[i].reason,
		.gates = true,
		.cite = &f->cite,
		.outcome = OUTCOME_ACCEPTED,
		.has_outcome = true,
		.message = text,
		.form = text,
		.step = f->step[i],
		.n_step = rows[i].verdict == VERDICT_SKIP ? 0 : 3,
		.deciding = rows[i].verdict == VERDICT_SKIP ? -1 : 1,
		.took_ms = 1500,
	};
	if (rows[i].level == LEVEL_MEASURE) {
		f->variant[i].c = &f->c[3];
		v->measured = true;
		v->value = 295;
		f->more[0] = (struct measured_number){ "spread", 3, "s" };
		f->more[1] = (struct measured_number){ "lowest", -4, "s" };
		v->more = f->more;
		v->n_more = COUNT(f->more);
	}
	f->r.count[v->verdict]++;
}

/* One of which all is known, that had expired before the run, and one of which nothing is. */
static void fill_certificates(struct run_fixture *f, struct str text)
{
	f->certificate[0] = (struct tls_certificate){
		.subject = text,
		.issuer = text,
		.has_times = true,
		.from_ms = 0,
		.until_ms = 1787393472000,
		.sha256 = STR(FIXTURE_SHA256),
		.pem = STR(FIXTURE_PEM),
	};
	f->certificate[1] = (struct tls_certificate){
		.subject = text,
		.issuer = STR("CN = root"),
		.sha256 = STR(FIXTURE_SHA256),
	};
}

static void fill_survey(struct run_fixture *f, struct str text)
{
	struct survey *s = &f->r.survey;

	f->param = (struct auth_param){ text, text, text, true };
	f->challenge = (struct challenge){ .scheme = text,
					   .param = &f->param,
					   .n_param = 1,
					   .problems = CHALLENGE_DUPLICATE | CHALLENGE_SYNTAX,
					   .text = text };
	fill_certificates(f, text);
	*s = (struct survey){
		.done = true,
		.features = 5,
		.challenge = { &f->challenge, 1 },
		.operation = text,
		.anonymous = OUTCOME_CHALLENGED,
		.anonymous_status = 401,
		.has_clock = true,
		.clock_offset_ms = -2300,
		.clock_quality_ms = 500,
		.clock_source = text,
		.round_trip_ms = 12,
		.server = text,
		.bare_cost = text,
		.identity = { text, text, text, text },
		.mechanism = { { text, text, true } },
		.n_mechanism = 1,
		.second = { .path = text,
			    .challenge = { &f->challenge, 1 },
			    .anonymous = OUTCOME_CHALLENGED,
			    .anonymous_status = 401 },
		.tls = { f->certificate, COUNT(f->certificate), 3 },
	};
}

void run_fixture_start(struct run_fixture *f, struct str text)
{
	*f = (struct run_fixture){ .folder = "report_test_XXXXXX" };
	fill_catalogue(f);
	f->r = (struct run_result){
		.target = text,
		.kind = STR("onvif"),
		.user = text,
		.profile = &f->profile,
		.catalogue = &f->catalogue,
		.seed = text,
		.id = "00112233445566ff",
		.marked = true,
		.started_wall_ms = 1787393472123, /* 2026-08-22T10:11:12.123Z */
		.took_ms = 4212,
		.variant = f->result,
		.n_variant = FIXTURE_VARIANTS,
		.failed_logins = 3,
		.exchanges = 54,
		.budget = text,
		.exit_code = 1,
	};
	arena_init(&f->r.a, 1 << 20);
	for (size_t i = 0; i < FIXTURE_VARIANTS; i++)
		fill_variant(f, i, text);
	fill_survey(f, text);
	f->o = (struct report_options){ .redactor = &f->redactor,
					.tool = STR("countersign 0.1.0"),
					.command = text };
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/report", f->folder);
}

void run_fixture_overlay(struct run_fixture *f, size_t i, struct str text)
{
	f->problem = text;
	f->waivers = (struct waiver_report){ STR("w.ini"), &f->problem, 1, 0 };
	f->waiver = (struct waiver_note){ text, STR("T-1"), STR("someone"), STR("2027-01-31"), 3 };
	f->result[i].waiver = &f->waiver;
	f->r.waivers = &f->waivers;
	f->r.waived = 1;
	f->r.count[f->result[i].verdict]--;
	if (cause_read(&f->r.a, STR("clock-ahead"), text, &f->cause))
		fail_msg("no page clock-ahead");
	f->r.cause_page = &f->cause;
}

void run_fixture_end(struct run_fixture *f)
{
	unlink(f->path);
	assert_int_equal(rmdir(f->folder), 0); /* no other file was left behind */
	arena_free(&f->r.a);
}

static char *read_all(FILE *in, size_t *n)
{
	char *text;
	long size;

	assert_int_equal(fseek(in, 0, SEEK_END), 0);
	size = ftell(in);
	assert_true(size >= 0);
	rewind(in);
	text = malloc((size_t)size + 1);
	assert_non_null(text);
	*n = fread(text, 1, (size_t)size, in);
	text[*n] = '\0';
	assert_int_equal((long)*n, size);
	fclose(in);
	return text;
}

char *run_fixture_read(const struct run_fixture *f, size_t *n)
{
	return run_fixture_file(f->path, n);
}

char *run_fixture_file(const char *path, size_t *n)
{
	FILE *in = fopen(path, "rb");

	assert_non_null(in);
	return read_all(in, n);
}

char *run_fixture_console(struct run_fixture *f, const struct console_options *o, size_t *n)
{
	FILE *out = tmpfile();

	assert_non_null(out);
	console_survey(out, &f->r, &f->redactor, o);
	console_findings(out, &f->r, &f->redactor, o);
	console_totals(out, &f->r, o);
	return read_all(out, n);
}
