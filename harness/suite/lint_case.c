/* The rules about one case. */
#include "suite/lint.h"

#include "soap/spell_token.h"
#include "suite/parse.h"

#define SLOW_MS 10000 /* a wait above it makes a case slow (suites/README.md) ... */
#define MANY    100   /* ... as does a step that is sent more often */

/* --- names --- */

void lint_id(struct view *w)
{
	const struct suite_case *c = w->c;

	if (!str_starts(c->id, c->family) || c->id.p[c->family.n] != '.')
		ADD(w, c->line, "case \"%.*s\", expected an id that begins with \"%.*s.\"",
		    STR_ARG(c->id), STR_ARG(c->family));
	if (catalogue_case(w->l->k, c->id) != c)
		ADD(w, c->line, "another case \"%.*s\", expected each id once", STR_ARG(c->id));
	if (c->rev < 1)
		ADD(w, c->line, "rev=\"0\", expected 1 or more");
}

void lint_cites(struct view *w)
{
	for (size_t i = 0; i < w->c->n_cite; i++) {
		const struct cite *k = &w->c->cite[i];
		const struct requirement *r = catalogue_requirement(w->l->k, k->clause);
		bool binding = k->level != LEVEL_HARDENING && k->level != LEVEL_MEASURE;

		if (!r)
			ADD(w, w->c->line,
			    "cite of unknown \"%.*s\", expected an anchor of a requirement",
			    STR_ARG(k->clause));
		else if (binding && r->level != k->level)
			ADD(w, w->c->line, "\"%.*s\" is cited as %s, expected its own level, %s",
			    STR_ARG(k->clause), level_name(k->level), level_name(r->level));
		for (size_t n = 0; n < i; n++) {
			if (str_eq(w->c->cite[n].clause, k->clause))
				ADD(w, w->c->line, "\"%.*s\" is cited twice, expected once",
				    STR_ARG(k->clause));
		}
	}
}

void lint_kills(struct view *w)
{
	struct str rest = w->c->kills;

	for (struct str f = str_word(&rest); f.n > 0; f = str_word(&rest)) {
		if (w->l->fault_names && !lint_is_fault(w->l, f))
			ADD(w, w->c->line, "kills unknown \"%.*s\", expected a planted fault",
			    STR_ARG(f));
		if (str_has_word(rest, f))
			ADD(w, w->c->line, "kills \"%.*s\" twice, expected once", STR_ARG(f));
	}
}

void lint_field(struct view *w)
{
	struct str rest = w->c->field;

	for (struct str f = str_word(&rest); f.n > 0; f = str_word(&rest)) {
		if (!catalogue_field(w->l->k, f))
			ADD(w, w->c->line,
			    "field of unknown \"%.*s\", expected a row of the field catalogue",
			    STR_ARG(f));
		if (str_has_word(rest, f))
			ADD(w, w->c->line, "field \"%.*s\" twice, expected once", STR_ARG(f));
	}
}

void lint_needs(struct view *w)
{
	struct str rest = w->c->needs;

	for (struct str f = str_word(&rest); f.n > 0; f = str_word(&rest)) {
		if (str_has_word(rest, f))
			ADD(w, w->c->line, "needs \"%.*s\" twice, expected once", STR_ARG(f));
		if (str_has_word(w->c->unless, f))
			ADD(w, w->c->line,
			    "\"%.*s\" is in needs and unless, expected one or the other",
			    STR_ARG(f));
	}
}

/* --- axes --- */

bool lint_text_uses(const struct suite_case *c, struct str text, size_t axis)
{
	for (size_t i = bind_find(text, 0); i != (size_t)-1; i = bind_find(text, i + 1)) {
		size_t n;

		if (bind_axis(c, text, i, &n) == axis)
			return true;
	}
	return false;
}

static bool credentials_use(const struct suite_case *c, const struct suite_credentials *k,
			    size_t axis)
{
	for (size_t i = 0; i < k->n_deviation; i++) {
		if (lint_text_uses(c, k->deviation[i].value, axis))
			return true;
	}
	return lint_text_uses(c, k->use, axis);
}

static bool step_uses(const struct suite_case *c, const struct suite_step *s, size_t axis)
{
	const struct str texts[] = {
		s->operation, s->method, s->query,  s->wait,       s->repeat,
		s->security,  s->path,   s->target, s->connection, s->envelope
	};

	for (size_t i = 0; i < COUNT(texts); i++) {
		if (lint_text_uses(c, texts[i], axis))
			return true;
	}
	for (size_t i = 0; i < s->header.n; i++) {
		if (lint_text_uses(c, s->header.v[i].name, axis) ||
		    lint_text_uses(c, s->header.v[i].value, axis) ||
		    lint_text_uses(c, s->length[i], axis))
			return true;
	}
	for (size_t i = 0; i < s->n_check; i++) {
		if (lint_text_uses(c, s->check[i].value, axis))
			return true;
	}
	for (size_t i = 0; i < s->n_credentials; i++) {
		if (credentials_use(c, &s->credentials[i], axis))
			return true;
	}
	return false;
}

static bool case_uses(const struct suite_case *c, size_t axis)
{
	for (size_t i = 0; i < c->n_step; i++) {
		if (step_uses(c, &c->step[i], axis))
			return true;
	}
	return false;
}

static void lint_axes(struct view *w)
{
	const struct suite_case *c = w->c;

	for (size_t i = 0; i < c->n_axis; i++) {
		if (c->measure && str_eq(c->axis[i].name, STR("x")))
			ADD(w, c->line, "axis \"x\" beside a measure, expected another name");
		else if (!case_uses(c, i))
			ADD(w, c->line, "axis \"%.*s\" is not used, expected \"$%.*s\" in a step",
			    STR_ARG(c->axis[i].name), STR_ARG(c->axis[i].name));
	}
	if (c->measure && !c->measure->sample && !case_uses(c, c->n_axis))
		ADD(w, c->line, "the measure is not used, expected \"$x\" in a step");
}

/* --- time --- */

static struct str bind_high(struct view *w, const struct suite_variant *v, struct str text)
{
	const struct suite_measure *m = w->c->measure;

	return suite_bind(w->a, v, text,
			  m && !m->sample ? suite_measure_text(w->a, m, m->high)
					  : (struct str){ 0 });
}

static int64_t longest_wait_ms(struct view *w)
{
	int64_t longest = 0;

	for (size_t i = 0; i < w->n; i++) {
		for (size_t s = 0; s < w->c->n_step; s++) {
			int64_t ms;

			if (!w->c->step[s].wait.p ||
			    suite_wait_ms(bind_high(w, &w->v[i], w->c->step[s].wait), &ms))
				continue;
			longest = ms > longest ? ms : longest;
		}
	}
	return longest;
}

static int64_t most_requests(struct view *w)
{
	int64_t most = 0, n;
	uint64_t repeat;

	for (size_t s = 0; s < w->c->n_step; s++) {
		if (!w->c->step[s].repeat.p ||
		    str_to_u64(bind_high(w, &w->v[0], w->c->step[s].repeat), REPEAT_MAX, &repeat))
			continue;
		n = (int64_t)repeat;
		most = n > most ? n : most;
	}
	return most;
}

static void lint_slow(struct view *w)
{
	int64_t ms = longest_wait_ms(w), requests = most_requests(w);

	if (ms > SLOW_MS && !w->c->slow)
		ADD(w, w->c->line, "a step waits for %lld s, expected slow=\"yes\"",
		    (long long)(ms / 1000));
	else if (requests > MANY && !w->c->slow)
		ADD(w, w->c->line, "a step is sent %lld times, expected slow=\"yes\"",
		    (long long)requests);
	if (ms <= SLOW_MS && requests <= MANY && w->c->slow)
		ADD(w, w->c->line, "slow, but no step waits for more than 10 s, expected no slow");
}

/* --- what a step may expect --- */

/* What the deviations of one step are, over all variants. */
struct step_classes {
	bool content, state, legal;
};

static struct step_classes classes(struct view *w, const struct suite_step *s)
{
	struct step_classes k = { false, false, false };

	for (size_t v = 0; v < w->n; v++) {
		for (size_t i = 0; i < s->n_credentials; i++) {
			for (size_t n = 0; n < s->credentials[i].n_deviation; n++) {
				const struct suite_deviation *d = &s->credentials[i].deviation[n];

				switch (d->d->class(bind_high(w, &w->v[v], d->value))) {
				case DEVIATION_CONTENT:
					k.content = true;
					break;
				case DEVIATION_STATE:
					k.state = true;
					break;
				case DEVIATION_LEGAL:
					k.legal = true;
					break;
				}
			}
		}
	}
	return k;
}

static bool is_refusal(const struct suite_step *s)
{
	return (s->expect & OUTCOME_SET_REFUSED) && !(s->expect & OUTCOME_BIT(OUTCOME_ACCEPTED));
}

/* Something besides the deviations that may make a server refuse. */
static bool has_other_reason(const struct suite_step *s)
{
	return s->anonymous || s->wait.p || s->header.n || s->security.p || s->operation.p ||
	       s->method.p || s->query.p || s->path.p || s->target.p || s->envelope.p ||
	       s->no_content || s->n_credentials > 1 || s->replay;
}

/* A text may forbid what is otherwise a right spelling: PasswordText where only digests are
 * allowed. */
static bool is_demanded(const struct suite_case *c)
{
	for (size_t i = 0; i < c->n_cite; i++) {
		if (c->cite[i].level == LEVEL_MUST || c->cite[i].level == LEVEL_SHOULD)
			return true;
	}
	return false;
}

/* Two deviations may make each other right (no nonce, but PasswordText): that is for the verifier.
 */
static bool is_single_deviation(const struct suite_step *s)
{
	return s->n_credentials == 1 && s->credentials[0].n_deviation == 1;
}

static void lint_expectation(struct view *w, const struct suite_step *s)
{
	struct step_classes k = classes(w, s);

	if (is_refusal(s) && !k.content && !k.state && !has_other_reason(s)) {
		if (!k.legal)
			ADD(w, s->line,
			    "a refusal of a correct request, expected a deviation that is wrong");
		else if (!is_demanded(w->c))
			ADD(w, s->line,
			    "a refusal of an unusual but right spelling, expected a deviation that "
			    "is wrong, or a cite of must or should");
	}
	if (s->expect == OUTCOME_BIT(OUTCOME_ACCEPTED) && k.content && is_single_deviation(s) &&
	    !w->c->measure)
		ADD(w, s->line,
		    "wrong credentials are to be accepted, expected refused or any, or a "
		    "deviation that is right");
}

/* A refusal of credentials costs a failed login, unless only a memory can tell them from right
 * ones. */
static void lint_failures(struct view *w, const struct suite_step *s)
{
	struct step_classes k = classes(w, s);
	bool may_refuse = (s->expect & OUTCOME_SET_REFUSED) != 0;
	bool costs = k.content || (k.legal && is_refusal(s));

	if (may_refuse && costs && w->c->failures == 0)
		ADD(w, s->line,
		    "wrong credentials without failures, expected failures=\"1\" or more");
}

/* --- what a step may send --- */

static const char *const digest_features[] = {
	"digest.offered",     "digest",      "digest.md5", "digest.sha-256",
	"digest.sha-512-256", "digest.sess", "qop",        "no-qop",
	"qop.auth-int",       "opaque",      "rspauth",    "several-algorithms",
};

/* Digest credentials answer a challenge: without one there is nothing to send. */
static bool needs_digest(const struct suite_case *c)
{
	for (size_t i = 0; i < COUNT(digest_features); i++) {
		if (str_has_word(c->needs, str(digest_features[i])))
			return true;
	}
	return false;
}

static bool uses_mechanism(const struct suite_case *c, const struct suite_step *s, enum mechanism m)
{
	for (size_t i = 0; i < s->n_credentials; i++) {
		if (s->credentials[i].mech == m)
			return true;
	}
	return s->bare_credentials && c->has_mech && c->mech == m;
}

static bool used_before(const struct suite_case *c, const struct suite_step *s, enum mechanism m)
{
	for (const struct suite_step *p = c->step; p < s; p++) {
		if (uses_mechanism(c, p, m))
			return true;
	}
	return false;
}

/* "same" as what?  The client has a memory only of earlier steps. */
static void lint_memory(struct view *w, const struct suite_step *s)
{
	for (size_t i = 0; i < s->n_credentials; i++) {
		const struct suite_credentials *k = &s->credentials[i];

		if (!w->c->has_mech || used_before(w->c, s, k->mech))
			continue;
		for (size_t n = 0; n < k->n_deviation; n++) {
			if (str_eq(k->deviation[n].value, STR("same")))
				ADD(w, s->line,
				    "%s=\"same\" in the first step with %s, expected one before it",
				    k->deviation[n].d->name, mechanism_name(k->mech));
		}
	}
}

static void lint_operation(struct view *w, const struct suite_step *s)
{
	for (size_t i = 0; s->operation.p && w->c->risk == RISK_SAFE && i < w->n; i++) {
		const struct soap_operation *op =
			soap_operation_find(bind_high(w, &w->v[i], s->operation));

		if (op && !op->safe) {
			ADD(w, s->line,
			    "%s is more than reading, expected risk=\"intrusive\" or \"unsafe\"",
			    op->name);
			return;
		}
	}
}

static void lint_mechanism(struct view *w, const struct suite_step *s)
{
	for (size_t i = 0; i < s->n_credentials; i++) {
		if (s->credentials[i].mech == MECH_DIGEST && !needs_digest(w->c)) {
			ADD(w, s->line,
			    "<digest> in a case that does not need it, expected "
			    "needs=\"digest\"");
			return;
		}
	}
}

static void lint_steps(struct view *w)
{
	static void (*const rules[])(struct view *, const struct suite_step *) = {
		lint_expectation, lint_failures, lint_memory, lint_operation, lint_mechanism,
	};

	for (size_t i = 0; i < w->c->n_step; i++) {
		for (size_t r = 0; r < COUNT(rules); r++)
			rules[r](w, &w->c->step[i]);
	}
}

/* Who provokes a lock-out says so, and everybody who runs it has to. */
static void lint_lock(struct view *w)
{
	if (!suite_awaits_lock(w->c))
		return;
	if (w->c->risk != RISK_UNSAFE)
		ADD(w, w->c->line, "a step expects a lock, expected risk=\"unsafe\"");
	if (!w->c->measure || w->c->measure->sample != SAMPLE_LOCK_OUT)
		ADD(w, w->c->line, "a step expects a lock, expected <sample of=\"lock-out\">");
}

/* A number is never a verdict. */
static void lint_measure(struct view *w)
{
	for (size_t i = 0; w->c->measure && i < w->c->n_cite; i++) {
		if (w->c->cite[i].level != LEVEL_MEASURE)
			ADD(w, w->c->line, "a measure cites \"%.*s\" as %s, expected measure",
			    STR_ARG(w->c->cite[i].clause), level_name(w->c->cite[i].level));
	}
}

/* --- drawn spellings --- */

static bool cites(const struct suite_case *c, struct str clause)
{
	for (size_t i = 0; i < c->n_cite; i++) {
		if (str_eq(c->cite[i].clause, clause))
			return true;
	}
	return false;
}

/* Each clause of a grammar weighs as its case says. */
static void lint_grammar(struct view *w, const struct spell_grammar *g)
{
	for (size_t i = 0; i < g->n; i++) {
		struct str rest = str(g->point[i].clause), word;

		while ((word = str_word(&rest)).n > 0) {
			if (!cites(w->c, word))
				ADD(w, w->c->line, "no cite of \"%.*s\", expected it for point %s",
				    STR_ARG(word), g->point[i].name);
		}
	}
}

static void lint_spellings(struct view *w)
{
	const struct suite_spellings *s = w->c->spellings;

	if (!s)
		return;
	lint_grammar(w, spell_grammar(s->of, s->hostile));
	if (!w->c->has_mech || w->c->mech != s->of)
		ADD(w, w->c->line, "spellings of %s, expected needs=\"%s\"", mechanism_name(s->of),
		    mechanism_name(s->of));
	if (w->c->n_axis || w->c->measure)
		ADD(w, w->c->line, "spellings with axes or a measure, expected neither");
	if (s->hostile && (w->c->failures != 1 || w->c->risk != RISK_UNSAFE))
		ADD(w, w->c->line,
		    "hostile spellings, expected failures=\"1\" and risk=\"unsafe\"");
	if (!s->hostile && w->c->failures)
		ADD(w, w->c->line, "right credentials with failures, expected none");
}

int lint_case(struct lint *l, const struct suite_case *c, struct err *err)
{
	static void (*const rules[])(struct view *) = {
		lint_id,   lint_cites, lint_kills,   lint_field, lint_needs,     lint_axes,
		lint_slow, lint_steps, lint_measure, lint_lock,  lint_spellings,
	};
	struct arena a DEFER(arena_free);
	struct view w = { .l = l, .c = c, .a = &a };

	arena_init(&a, SUITE_ARENA_MAX);
	if (suite_expand(&a, c, &w.v, &w.n, err))
		return -1;
	for (size_t i = 0; i < COUNT(rules); i++)
		rules[i](&w);
	return arena_check(&a, err);
}
