/* parse.h - what the files of suite/ share: from octets to checked structs.  Nobody else includes
 * this but the tests and the fuzzer.
 *
 * A file is read in this order: XML (no DTD, no network), our own walk against grammar.c, which
 * says what was expected, the RELAX NG schema as the backstop, and then the structs of suite.h.
 */
#ifndef SUITE_PARSE_H
#define SUITE_PARSE_H

#include "base/embedded.h"
#include "suite/suite.h"

#include <libxml/tree.h>

/* libxml2 2.12 hands its errors out as const. */
#if LIBXML_VERSION >= 21200
#define XML_ERROR const xmlError
#else
#define XML_ERROR xmlError
#endif

#define SUITE_FILE_MAX    (1u << 20) /* octets of one file */
#define SUITE_FILES_MAX   200        /* of one directory */
#define SUITE_VARIANT_MAX 256        /* of one case */
#define SUITE_ARENA_MAX   (64u << 20)

/* What a file is follows from its name. */
enum file_kind {
	FILE_SUITE,
	FILE_PROFILE,
	FILE_REQUIREMENTS,
	FILE_FIELD,
	FILE_CLIENT,
	FILE_PERSONAS,
	FILE_KINDS
};
enum file_kind file_kind(struct str name);

/* The files that are part of the program, in the order of a load: "digest.xml",
 * "profiles/lab.xml", "schema/suite.rng".
 */
extern const struct embedded_file embedded_files[];

/* --- schema.c --- */

struct schemas;
/* The embedded schemas, whatever the suites: NULL with err. */
struct schemas *schemas_new(struct err *err);
void schemas_free(struct schemas *s); /* NULL is fine */
void schemas_defer(struct schemas **s);

/* --- xml.c --- */

struct xml_file {
	struct str name;
	xmlDoc *doc;
};

/* The first error that libxml2 tells of; warnings are none. */
struct complaint {
	bool any, no_memory;
	int line;
	char text[256];
};
void xml_complain(void *complaint, XML_ERROR *e);

/* -1 with ERR_INPUT and "file:line: what". */
int xml_file_open(struct xml_file *f, struct str name, struct str octets,
		  struct err *err) MUST_CHECK;
void xml_file_close(struct xml_file *f);
int schemas_check(const struct schemas *s, const struct xml_file *f, struct err *err) MUST_CHECK;

int xml_line(const xmlNode *node);
/* err becomes "file:line: ..."; returns -1. */
int xml_error(const struct xml_file *f, const xmlNode *node, struct err *err, const char *fmt, ...)
	PRINTF(4, 5);
bool xml_is(const xmlNode *node, const char *name);
/* The next element child behind previous (NULL: the first); NULL at the end. */
const xmlNode *xml_child(const xmlNode *parent, const xmlNode *previous);
size_t xml_count(const xmlNode *parent, const char *name);
/* Copies in the arena; .p NULL when there is no such attribute. */
struct str xml_attr(struct arena *a, const xmlNode *node, const char *name);
struct str xml_attr_value(struct arena *a, const xmlAttr *attr);
struct str xml_text(struct arena *a, const xmlNode *node);  /* runs of white space become one SP */
struct str xml_inner(struct arena *a, const xmlNode *node); /* the markup inside */

/* --- grammar.c: the case language as a table --- */

struct attribute_rule {
	const char *name;
	bool required;
	bool bound;        /* may hold "$axis" */
	bool list;         /* words, each of which is checked */
	const char *words; /* a closed domain, space-separated; NULL: open */
	/* An open domain; fills err with "expected ..." alone; NULL: any text. */
	int (*check)(struct str value, struct err *err);
};

enum content { CONTENT_ELEMENTS, CONTENT_TEXT, CONTENT_RAW };

struct child_rule {
	const struct element_rule *element;
	bool required, repeated;
	bool instead; /* required only where the row above it does not stand */
};

struct element_rule {
	const char *name;
	const struct attribute_rule *attribute; /* ended by name NULL; NULL: none */
	const struct child_rule *child;         /* ended by element NULL; NULL: none */
	bool ordered;                           /* children stand in the order of the table */
	enum content content;
	bool deviates; /* the deviations of mech are attributes too */
	enum mechanism mech;
};

extern const struct element_rule suite_rule, profile_rule, requirements_rule, field_rule;
extern const struct element_rule send_rule;
/* What both kinds of cases begin with. */
extern const struct element_rule title_rule, why_rule, remedy_rule, cite_rule, axis_rule;
/* grammar_client.c */
extern const struct element_rule client_rule, client_case_rule, personas_rule;
const struct attribute_rule *attribute_find(const struct element_rule *e, struct str name);
const struct element_rule *child_find(const struct element_rule *e, struct str name);

/* --- walk.c --- */

/* Names, order, counts, and each value that holds no "$axis". */
int walk_check(const struct xml_file *f, const xmlNode *root, const struct element_rule *rule,
	       struct err *err) MUST_CHECK;
/* One value, "$axis" replaced already: err becomes "nc=\"sam\", expected one of ...". */
int value_check(const struct element_rule *e, struct str name, struct str value,
		struct err *err) MUST_CHECK;

/* --- bind.c --- */

/* Where the next "$name" starts; (size_t)-1 when there is none. */
size_t bind_find(struct str text, size_t from);
/* The axis that "$name" at dollar stands for, longest first: its index, n_axis for $x of a measure,
 * or (size_t)-1.
 */
size_t bind_axis(const struct suite_case *c, struct str text, size_t dollar, size_t *name_n);
/* Every "$name" below <case> is an axis, and every variant's values are in their domains. */
int bind_check(const struct xml_file *f, const xmlNode *node, const struct suite_case *c,
	       struct err *err) MUST_CHECK;

/* --- read_case.c, read_measure.c, read_meta.c: elements that passed the walk become structs --- */

/* A reader remembers where it writes: the structs of one case, their arena, and the file for
 * errors. */
struct reader {
	struct arena *a;
	const struct xml_file *f;
	struct suite_case *c;
};
int number_read(struct str s); /* one that the walk has checked; 0 without one */
int measure_read(struct reader *r, const xmlNode *node, struct err *err) MUST_CHECK;
int sample_read(struct reader *r, const xmlNode *node, struct err *err) MUST_CHECK;
/* Appends to the steps of the case, which have room. */
int step_read(struct reader *r, const xmlNode *node, struct err *err) MUST_CHECK;
/* A sample has the steps that its kind reckons with. */
int measure_check(const struct reader *r, const xmlNode *node, struct err *err) MUST_CHECK;

/* The rest of a client case, into c->client. */
int client_read(struct reader *r, const xmlNode *node, struct err *err) MUST_CHECK;
int persona_read(struct arena *a, const struct xml_file *f, const xmlNode *node,
		 struct suite_persona *out, struct err *err) MUST_CHECK;

/* Of a suite, or of a client suite. */
int case_read(struct arena *a, const struct xml_file *f, const xmlNode *node, struct str family,
	      struct suite_case *out, struct err *err) MUST_CHECK;
/* document is the <document> that node stands in, group the <group>. */
int requirement_read(struct arena *a, const struct xml_file *f, const xmlNode *document,
		     const xmlNode *node, struct requirement *out, struct err *err) MUST_CHECK;
int field_row_read(struct arena *a, const struct xml_file *f, const xmlNode *group,
		   const xmlNode *node, struct field_row *out, struct err *err) MUST_CHECK;
int profile_read(struct arena *a, const struct xml_file *f, const xmlNode *node,
		 struct profile *out, struct err *err) MUST_CHECK;
enum level level_read(struct str word);

/* --- load.c --- */

/* Read one file and append what is in it to out, whose arena is initialised. */
int suite_parse_memory(struct catalogue *out, const struct schemas *s, struct str name,
		       struct str octets, struct err *err) MUST_CHECK;

#endif
