/* vectors.h - the known answers of vectors/: loaded, and checked against our code or a library.
 *
 * vectors/README.md is the format and says how answers are compared; vectors/adapters/README.md is
 * the protocol.
 */
#ifndef CLI_VECTORS_H
#define CLI_VECTORS_H

#include "auth/challenge.h"

struct jv;

#define VECTOR_FILES 16

struct vector_file {
	struct str name; /* without its folder: "digest.json" */
	const struct jv *root, *notes;
};

struct vector {
	struct str id;
	const struct vector_op *op;
	const struct vector_file *file;
	const struct jv *test, *group;
	bool valid;
};

struct vector_set {
	struct arena a; /* of the files and their values */
	struct vector *v;
	size_t n, room;
	struct vector_file file[VECTOR_FILES];
	size_t n_file;
};

/* Read files; none: those that are built in.  -1 with ERR_INPUT that names the file and what is
 * wrong: no JSON, an unknown operation, a missing or unknown member, an id that comes twice.
 */
int vectors_load(struct vector_set *out, const struct str *path, size_t n,
		 struct err *err) MUST_CHECK;
/* text must outlive s. */
int vectors_add(struct vector_set *s, struct str name, struct str text, struct err *err) MUST_CHECK;
void vectors_free(struct vector_set *s);

/* An input by its name, as text or in hex: of the test, else of the group.  .p NULL: absent. */
struct str vector_input(struct arena *a, const struct vector *v, const char *name);
/* A list; *list is in the arena.  0 when it is absent. */
size_t vector_inputs(struct arena *a, const struct vector *v, const char *name, struct str **list);
/* A list of words as one text with spaces between. */
struct str vector_words(struct arena *a, const struct vector *v, const char *name);
struct account;
size_t vector_accounts(struct arena *a, const struct vector *v, struct account **list);
/* The same for any JSON object. */
struct str vector_member(struct arena *a, const struct jv *object, const char *name);
/* .p NULL when it is no hex, which a file is not loaded with: then it came from outside. */
struct str vector_unhex(struct arena *a, struct str hex);
bool vector_is_hex(struct str s);                         /* pairs of digits, or empty */
const struct jv *vector_expected(const struct vector *v); /* NULL: none */

/* --- answers --- */

enum answer_kind {
	ANSWER_GIVEN,
	ANSWER_REFUSED,    /* the code under test said no */
	ANSWER_UNSUPPORTED /* it does not offer this */
};

/* Values that the code under test draws itself; the comparison takes them from the answer. */
enum answer_own { OWN_CNONCE = 1, OWN_NC = 2, OWN_NONCE = 4, OWN_CREATED = 8 };

struct answer {
	enum answer_kind kind;
	struct str why; /* of REFUSED and UNSUPPORTED */
	unsigned own;   /* enum answer_own, ORed */
	bool has_valid, valid;
	struct str url; /* of a server that is to be asked in place of this: vectors_net.h */
	struct str authorization, rspauth;
	struct str username, password, type, nonce, created;
	bool has_challenges;
	struct challenge_list challenges; /* scheme, token68, names and values */
};

/* One operation: what our own code answers, and what an answer differs in from the expected one
 * (.p NULL: in nothing).  -1 only for what is no answer: ERR_NOMEM, ERR_CRYPTO, ERR_LIMIT.
 */
struct vector_op {
	const char *name;
	const char *inputs;  /* all of them, without _hex */
	const char *outputs; /* members of an answer */
	bool decides;        /* *.verify: the answer is valid or not */
	int (*own)(struct arena *a, const struct vector *v, struct answer *out, struct err *err);
	int (*differs)(struct arena *a, const struct vector *v, const struct answer *got,
		       struct str *what, struct err *err);
};
extern const struct vector_op vector_ops[]; /* ended by name NULL */
const struct vector_op *vector_op_find(struct str name);

int own_basic_encode(struct arena *a, const struct vector *v, struct answer *out, struct err *err);
int own_basic_verify(struct arena *a, const struct vector *v, struct answer *out, struct err *err);
int own_digest_respond(struct arena *a, const struct vector *v, struct answer *out,
		       struct err *err);
int own_digest_verify(struct arena *a, const struct vector *v, struct answer *out, struct err *err);
int own_challenge_parse(struct arena *a, const struct vector *v, struct answer *out,
			struct err *err);
int own_token_create(struct arena *a, const struct vector *v, struct answer *out, struct err *err);
int own_token_verify(struct arena *a, const struct vector *v, struct answer *out, struct err *err);

/* "name is got, expected want"; got.p NULL: "no name, ...". */
struct str differs_text(struct arena *a, const char *name, struct str got, struct str want);
int differs_basic(struct arena *a, const struct vector *v, const struct answer *got,
		  struct str *what, struct err *err);
int differs_digest(struct arena *a, const struct vector *v, const struct answer *got,
		   struct str *what, struct err *err);
int differs_rspauth(struct arena *a, const struct vector *v, const struct answer *got,
		    struct str *what, struct err *err);
int differs_challenges(struct arena *a, const struct vector *v, const struct answer *got,
		       struct str *what, struct err *err);
int differs_token(struct arena *a, const struct vector *v, const struct answer *got,
		  struct str *what, struct err *err);

/* --- verdicts --- */

#define VECTOR_VERDICTS(X)                                                                         \
	X(NONE, "none") /* not judged */                                                           \
	X(PASS, "pass")                                                                            \
	X(FAIL, "fail")               /* a wrong answer */                                         \
	X(ERROR, "error")             /* no usable answer: a crash, a hang, garbage */             \
	X(UNSUPPORTED, "unsupported") /* not offered */                                            \
	X(EXPECTED, "expected")       /* a divergence that the list of --expect has */             \
	X(STALE, "stale")             /* on that list, and passes */

enum vector_verdict {
#define X(name, text) VECTOR_##name,
	VECTOR_VERDICTS(X)
#undef X
		VECTOR_COUNT
};
const char *vector_verdict_name(enum vector_verdict verdict);

struct vector_result {
	enum vector_verdict verdict;
	struct str message; /* what is wrong, or why it is not judged; one line, cleaned */
};

/* Judge one answer; the message goes to keep. */
int vector_judge(struct arena *a, struct arena *keep, const struct vector *v,
		 const struct answer *got, struct vector_result *out, struct err *err) MUST_CHECK;
/* Our own code against one vector, or all that selected says (NULL: all). */
int vectors_own(const struct vector_set *s, const bool *selected, struct arena *keep,
		struct vector_result *out, struct err *err) MUST_CHECK;

#endif
