/* open.h - a case whose steps come from outside, each when the answer to the one before is known.
 *
 * The engine keeps the client's memory over the steps, puts controls around what deviates, and
 * minds the cap on failed logins, as in any case.
 */
#ifndef ENGINE_OPEN_H
#define ENGINE_OPEN_H

#include "engine/result.h"

#define OPEN_STEPS 100 /* room in suite_case.step of an open case */

enum open_next {
	OPEN_STEP, /* the case has one more step */
	OPEN_NEW,  /* another case begins: what the client remembers is forgotten */
	OPEN_OVER
};

/* What came of one step; all views last for the call. */
struct open_told {
	enum verdict verdict; /* PASS: outcome is proved by controls, and as the step expects; FAIL:
				 proved, and not as it expects; else nothing is proved */
	enum reason reason;
	struct str message, form;
	enum outcome outcome;
	bool has_outcome;
	const struct step_result *step; /* with controls; the last probe decides */
	size_t n_step;
	const char *credentials; /* "right" or "wrong", says the verifier; NULL: not asked */
	struct str defects;
	int failed_logins; /* of the run so far */
};

struct open_case {
	struct suite_variant *variant; /* of a case with room for OPEN_STEPS steps */
	struct suite_case *c;          /* the same case; next() adds to it, or empties it */
	bool unsaid;                   /* the last step does not say what it expects */
	/* May block. */
	enum open_next (*next)(void *ctx);
	void (*tell)(void *ctx, const struct open_told *t);
	void *ctx;
};

#endif
