/* bundle_lab.h - a folder as a run leaves it, and keys to sign with, for t_bundle. */
#ifndef TESTS_BUNDLE_LAB_H
#define TESTS_BUNDLE_LAB_H

#include "base/arena.h"
#include "bundle/bundle.h"
#include "bundle/sign.h"

#include <jansson.h>

#define LAB_NOW_MS INT64_C(1767225600000) /* 2026-01-01: certificates are good two days around */

enum lab_key { LAB_RSA, LAB_EC, LAB_ED25519 };

struct lab_id {
	struct str key, cert; /* PEM */
};

/* ca NULL: self-signed. */
struct lab_id lab_id(struct arena *a, enum lab_key kind, const char *name, const struct lab_id *ca);

struct lab {
	struct arena a;
	char folder[64];
	json_t *results, *manifest;
};

/* An empty folder, and results of a run that can be certified, to be changed before lab_write. */
void lab_start(struct lab *lab);
void lab_write(struct lab *lab);
/* Only results.json anew, and its sum. */
void lab_write_results(struct lab *lab);
/* One more file of the run, in evidence/; what is not in the manifest is so on purpose. */
void lab_file(struct lab *lab, const char *name, const char *text, bool listed);
void lab_end(struct lab *lab);

/* --- bundles --- */

/* Made once, since RSA keys take their time: setup and teardown of a group. */
extern struct lab_id lab_ca, lab_rsa, lab_other_ca, lab_ec, lab_ed;
int lab_make_ids(void **state);
int lab_drop_ids(void **state);

struct made {
	struct buf b;
	struct str unfit;
	struct err err;
	int bad;
};
struct made lab_make(struct lab *lab, const struct lab_id *id, bool draft);
/* One that is good; free its buffer. */
struct buf lab_make_good(struct lab *lab, const struct lab_id *id);
int lab_verify(struct str octets, struct str trusted, int64_t at_ms, struct bundle_facts *facts,
	       struct arena *a, struct err *err);

#endif
