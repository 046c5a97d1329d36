#include "report/decoding.h"

#include "report/json.h"
#include "report/print.h"

#include <stdlib.h>

#define INDENT      14
#define VALUE_MAX   300
#define SCRATCH_MAX (64u << 20)

static const struct {
	const char *name, *word;
	enum print_style style;
} weights[DECODED_WEIGHTS] = {
	[DECODED_WRONG] = { "wrong", "WRONG", STYLE_BAD },
	[DECODED_NOTE] = { "note", "NOTE", STYLE_WARN },
	[DECODED_RIGHT] = { "right", "RIGHT", STYLE_GOOD },
};

const char *decoded_weight_name(enum decoded_weight w)
{
	return weights[w].name;
}

/* --- making one --- */

struct decoded_item *decoding_item(struct arena *a, struct decoding *d, size_t line,
				   const char *kind)
{
	if (d->n == d->room) {
		size_t room = d->room ? 2 * d->room : 4;
		struct decoded_item *v = arena_array(a, struct decoded_item, room);

		if (!v)
			return NULL;
		if (d->n)
			memcpy(v, d->item, d->n * sizeof(*v));
		d->item = v;
		d->room = room;
	}
	d->item[d->n] = (struct decoded_item){ .line = line, .kind = kind };
	return &d->item[d->n++];
}

void decoding_fact(struct decoded_item *item, const char *name, struct str value)
{
	if (item->n_fact < DECODED_FACTS && value.p)
		item->fact[item->n_fact++] = (struct decoded_fact){ name, value };
}

void decoding_find(struct decoded_item *item, enum decoded_weight weight, const char *name,
		   struct str text, const char *clause)
{
	if (item->n_finding < DECODED_FINDINGS)
		item->finding[item->n_finding++] =
			(struct decoded_finding){ weight, name, text, clause };
}

size_t decoding_count(const struct decoding *d, enum decoded_weight weight)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		for (size_t k = 0; k < d->item[i].n_finding; k++)
			n += d->item[i].finding[k].weight == weight;
	return n;
}

/* --- for people --- */

static void print_finding(struct printer *p, const struct decoded_finding *f)
{
	struct str text = arena_fmt(&p->a, "%s: %.*s", f->name, STR_ARG(f->text));

	if (f->clause[0])
		text = arena_fmt(&p->a, "%.*s (%s)", STR_ARG(text), f->clause);
	print_styled(p, weights[f->weight].style, weights[f->weight].word);
	fprintf(p->f, "%*s", INDENT - (int)strlen(weights[f->weight].word), "");
	print_wrapped(p, INDENT, INDENT, write_line(&p->a, p->redactor, text, 1000));
}

static void print_item(struct printer *p, const struct decoding *d, const struct decoded_item *item)
{
	struct str head = arena_fmt(&p->a, "%.*s:%zu: %s",
				    STR_ARG(write_line(&p->a, p->redactor, d->file, VALUE_MAX)),
				    item->line, item->kind);

	print_wrapped(p, 0, INDENT, head);
	for (size_t i = 0; i < item->n_fact; i++)
		print_row(p, item->fact[i].name,
			  write_line(&p->a, p->redactor, item->fact[i].value, VALUE_MAX));
	for (size_t i = 0; i < item->n_finding; i++)
		print_finding(p, &item->finding[i]);
	fputc('\n', p->f);
}

void console_decoding(FILE *f, const struct decoding *d, const struct redactor *redactor,
		      const struct console_options *o)
{
	size_t wrong = decoding_count(d, DECODED_WRONG);
	struct arena unused = { 0 };
	struct printer p;

	print_start(&p, f, redactor, o);
	for (size_t i = 0; i < d->n; i++) {
		print_item(&p, d, &d->item[i]);
		write_recycle(&p.a, &unused);
	}
	print_styled(&p, wrong ? STYLE_BAD : STYLE_GOOD, wrong ? "WRONG " : "NOTHING WRONG ");
	fprintf(f, "%zu decoded, %zu wrong, %zu right, %zu notes\n", d->n, wrong,
		decoding_count(d, DECODED_RIGHT), decoding_count(d, DECODED_NOTE));
	print_end(&p);
}

/* --- JSON --- */

static json_t *facts(struct json_writer *w, const struct decoded_item *item)
{
	json_t *list = json_array();

	for (size_t i = 0; i < item->n_fact; i++) {
		json_t *o = json_object();

		json_put_own(w, o, "name", str(item->fact[i].name));
		json_put_text(w, o, "value", item->fact[i].value, VALUE_MAX);
		json_append(w, list, o);
	}
	return list;
}

static json_t *findings(struct json_writer *w, const struct decoded_item *item)
{
	json_t *list = json_array();

	for (size_t i = 0; i < item->n_finding; i++) {
		const struct decoded_finding *f = &item->finding[i];
		json_t *o = json_object();

		json_put_own(w, o, "weight", str(weights[f->weight].name));
		json_put_own(w, o, "name", str(f->name));
		json_put_text(w, o, "text", f->text, 1000);
		json_put_own(w, o, "clause", str(f->clause));
		json_append(w, list, o);
	}
	return list;
}

static json_t *items(struct json_writer *w, const struct decoding *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->n; i++) {
		json_t *o = json_object();

		json_put_int(w, o, "line", (int64_t)d->item[i].line);
		json_put_own(w, o, "kind", str(d->item[i].kind));
		json_put(w, o, "facts", facts(w, &d->item[i]));
		json_put(w, o, "findings", findings(w, &d->item[i]));
		json_append(w, list, o);
	}
	return list;
}

int report_decoding(const struct decoding *d, const struct report_options *o, const char *path,
		    struct err *err)
{
	struct json_writer w = { .redactor = o->redactor };
	json_t *root = json_object();

	arena_init(&w.a, SCRATCH_MAX);
	json_put_int(&w, root, "format", 1);
	json_put_text(&w, root, "tool", o->tool, 200);
	json_put_text(&w, root, "file", d->file, VALUE_MAX);
	json_put_int(&w, root, "wrong", (int64_t)decoding_count(d, DECODED_WRONG));
	json_put(&w, root, "items", items(&w, d));
	return json_finish(&w, root, path, err);
}
