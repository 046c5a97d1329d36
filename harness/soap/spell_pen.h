/* spell_pen.h - writes XML in one of many ways.  For spell_*.c of soap/ only. */
#ifndef SOAP_SPELL_PEN_H
#define SOAP_SPELL_PEN_H

#include "base/buf.h"
#include "soap/spell_token.h"

#define PEN_MAX (512u << 10)

/* Zero is the plain way. */
struct pen {
	struct buf b;
	unsigned quotes;  /* 1: single, 2: in turns */
	unsigned in_tags; /* 1: a space before ">", 2: a line break, 3: before "=" and behind it */
	unsigned between; /* elements: 1: line breaks, 2: CR LF, 3: tabs and spaces */
	unsigned empty;   /* elements: 1: two tags, 2: a space before "/>" */
	unsigned n_attribute; /* so far */
	int depth;
};

enum pen_text {
	TEXT_PLAIN,
	TEXT_CDATA,
	TEXT_DECIMAL,
	TEXT_HEX,
	TEXT_FIRST_HEX,
	TEXT_TWO_CDATA,
	TEXT_HALF_CDATA,
	TEXTS
};
#define PEN_TEXT_WORDS(name)                                                                       \
	((const char *const[]){                                                                    \
		name " in a CDATA section", name " in decimal references",                         \
		name " in hexadecimal references", "the first letter of " name " as a reference",  \
		name " in two CDATA sections", name " half in a CDATA section", NULL })

/* "<p:name" */
void pen_open(struct pen *p, const char *prefix, const char *name);
/* name may have its prefix; value is written with references where it needs them, or raw. */
void pen_attribute(struct pen *p, const char *prefix, const char *name, struct str value);
void pen_raw_attribute(struct pen *p, const char *prefix, const char *name, struct str value);
void pen_namespace(struct pen *p, const char *prefix, const char *uri); /* "": the default one */
void pen_content(struct pen *p);                                        /* ">" */
void pen_close(struct pen *p, const char *prefix, const char *name);    /* "</p:name>" */
void pen_nothing(struct pen *p, const char *prefix, const char *name);  /* "/>", or both tags */
void pen_between(struct pen *p); /* white space where only elements stand */
void pen_text(struct pen *p, enum pen_text how, struct str text);

/* UTF-16 with a byte order mark; big: the first octet is fe.  text is UTF-8. */
struct str pen_utf16(struct arena *a, struct str text, bool big);

int spell_write_token(struct craft *c, const struct soap_operation *op, const uint8_t *choice,
		      struct spell_envelope *out, struct err *err) MUST_CHECK;
int spell_write_token_hostile(struct craft *c, const struct soap_operation *op,
			      const uint8_t *choice, struct spell_envelope *out,
			      struct err *err) MUST_CHECK;

#endif
