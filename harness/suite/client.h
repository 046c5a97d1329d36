/* client.h - cases that judge a client: what a device sends that the client has never met, and what
 * has to come back.  suites/client/README.md has the language.
 *
 * Attributes are kept as written ("$axis" still inside): client/ reads them with setting_of().
 */
#ifndef SUITE_CLIENT_H
#define SUITE_CLIENT_H

#include "base/arena.h"
#include "base/str.h"

struct suite_check;

struct suite_setting {
	struct str name, value;
};

struct suite_settings {
	struct suite_setting *v;
	size_t n;
};
/* .p NULL when it is not set. */
struct str setting_of(const struct suite_settings *s, const char *name);

/* One challenge among those of an answer. */
enum offer_kind { OFFER_DIGEST, OFFER_BASIC, OFFER_TOKEN, OFFER_OTHER, OFFERS };
const char *offer_name(enum offer_kind k); /* "digest", the element */

struct suite_offer {
	enum offer_kind kind;
	struct suite_settings set;
};

/* What the client owes to a challenge. */
enum turn_expect {
	TURN_ANSWERED,   /* right credentials for it */
	TURN_RIGHT,      /* the same, or none: a client need not know the challenge */
	TURN_UNANSWERED, /* no credentials behind it, of no kind */
	TURN_ANY,        /* only the checks speak */
	TURN_EXPECTS
};
const char *turn_expect_name(enum turn_expect e); /* "answered", as written */

/* <challenge> or <grant>: the device stays at a challenge until right credentials for it have come,
 * and at a grant for one right request; the last of them stays for the rest.
 */
struct suite_turn {
	int line;
	bool grant;
	enum turn_expect expect; /* of a challenge */
	struct suite_settings set;
	struct suite_offer *offer; /* none: one Digest challenge as the persona has it */
	size_t n_offer;
};

/* What an <observe/> looks at. */
enum observed {
	OBSERVE_RUN,       /* all that a client sent in a run */
	OBSERVE_RECORDING, /* what it sent in a recorded conversation that is no run */
	OBSERVE_DEVICE,    /* what the device answered in such a one */
	OBSERVED
};
const char *observed_name(enum observed o); /* "recording", as written */

struct suite_client {
	enum observed observed;      /* with n_turn 0 */
	struct suite_settings call;  /* what the client is told to do */
	struct suite_settings clock; /* of the device */
	struct suite_turn *turn;     /* n_turn 0: <observe/>, the checks see the whole run */
	size_t n_turn;
	struct suite_check *check; /* what has to hold of the conversation */
	size_t n_check;
	struct str provides; /* features that the client has when the case passes; words */
};

/* What a client can be known to do: needs="", unless="" and provides="". */
struct client_feature {
	const char *name, *help;
};
extern const struct client_feature client_features[]; /* ended by name NULL */
int client_feature_index(struct str name);            /* -1 when unknown */

/* What a <check> of a client case can ask; its function is in client/check.c. */
#define CLIENT_CHECKS 82
struct client_check_name {
	const char *name;
	bool valued; /* value="" is mandatory, a number; else there is none */
	const char *help;
};
extern const struct client_check_name client_checks[]; /* ended by name NULL */
int client_check_index(struct str name);               /* -1 when unknown */

/* How a maker's devices challenge, as somebody reported it: data, and no statement on all of its
 * products.  Its settings stand where a case is silent.
 */
struct suite_persona {
	struct str id, title, source; /* source: where it was reported, a link */
	struct suite_turn challenge;
	struct str password; /* of the account, where that is the trait; .p NULL: ours */
	struct str time;     /* as in <clock>; .p NULL: open */
	struct str file;
	int line;
};

#endif
