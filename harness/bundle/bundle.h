/* bundle.h - an authentication conformance report as one signed file, and the check of such a file.
 *
 * reports/README.md, "Certification bundle", says what stands in it and what a check proves.
 */
#ifndef BUNDLE_BUNDLE_H
#define BUNDLE_BUNDLE_H

#include "base/buf.h"
#include "bundle/files.h"

#define BUNDLE_MAX_BYTES ((size_t)512 << 20) /* of a tar.gz, and of what it holds */

struct signer;

struct bundle_options {
	const char *folder; /* as `run --results` wrote it */
	const struct signer *signer;
	struct str tool;      /* "countersign 0.1.0 (commit ...)" */
	struct str statement; /* of the operator; .p NULL: none */
	struct str decision_rule;
	struct { /* name.p NULL: not given */
		struct str name;
		uint64_t bytes;
		char sha256[BUNDLE_SHA256];
	} firmware;
	bool draft; /* also what cannot be certified */
};

/* What stands in DECISION_RULE when none is given. */
extern const char bundle_decision_rule[];

/* The tar.gz to out.  -1 with ERR_INPUT for what is wrong with the folder.  unfit: why the run
 * cannot be certified, reasons parted by line feeds, .n 0 when it can; an error unless o->draft.
 */
int bundle_make(struct arena *a, const struct bundle_options *o, struct buf *out, struct str *unfit,
		struct err *err) MUST_CHECK;

/* The files of a folder, sorted, each a plain file with a proper name.  -1 with ERR_INPUT. */
int bundle_folder(struct arena *a, const char *folder, struct bundle_files *out,
		  struct err *err) MUST_CHECK;

struct bundle_check {
	struct str ca;  /* PEM; empty: the system's */
	int64_t now_ms; /* when the certificates must be valid */
	/* Judge again from the evidence; NULL: that is not done. */
	int (*judge)(void *ctx, const struct bundle_files *f, struct err *err);
	void *judge_ctx;
};

/* What a good bundle says; views are in the arena, cleaned. */
struct bundle_facts {
	struct str subject, issuer; /* of the signer */
	struct str target, device, firmware, profile, result, started, decision_rule, statement;
	struct str unfit; /* why it is a draft, reasons parted by line feeds; .n 0: certified */
	size_t files, octets;
	bool other_zlib; /* the gzip layer could not be compared, another zlib pressed it */
};

/* 0: good.  -1 with ERR_PARSE or ERR_LIMIT, the name of the file that is wrong, and in what;
 * ERR_INPUT: ca.
 */
int bundle_verify(struct arena *a, struct str octets, const struct bundle_check *check,
		  struct bundle_facts *out, struct err *err) MUST_CHECK;

#endif
