/* lint.h - what lint.c, lint_case.c and lint_client.c share.  Nobody else includes this. */
#ifndef SUITE_LINT_H
#define SUITE_LINT_H

#include "suite/suite.h"

struct lint {
	const struct catalogue *k;
	const char *const *fault_names; /* of the kind of cases at hand; NULL: not looked at */
	struct arena *a;                /* of the findings */
	struct lint_finding **last;
	size_t n;
};

void lint_add(struct lint *l, struct str file, int line, const char *fmt, ...) PRINTF(4, 5);
bool lint_is_fault(const struct lint *l, struct str name);

/* A case with what the rules share. */
struct view {
	struct lint *l;
	const struct suite_case *c;
	struct arena *a; /* scratch */
	struct suite_variant *v;
	size_t n;
};
#define ADD(w, line, ...) lint_add((w)->l, (w)->c->file, (line), __VA_ARGS__)

/* Rules about both kinds of cases, in lint_case.c. */
void lint_id(struct view *w);
void lint_cites(struct view *w);
void lint_kills(struct view *w);
void lint_field(struct view *w);
void lint_needs(struct view *w);
/* Does text hold "$name" of that axis of c? */
bool lint_text_uses(const struct suite_case *c, struct str text, size_t axis);

int lint_client_case(struct lint *l, const struct suite_case *c, struct err *err) MUST_CHECK;
/* All rules about one case; scratch lives as long as the call. */
int lint_case(struct lint *l, const struct suite_case *c, struct err *err) MUST_CHECK;

#endif
