/* inventory_json.c - devices as lines of JSON, for those who judge them one by one. */
#include "report/json.h"

#include <stdlib.h>

static void put_optional(struct json_writer *w, json_t *o, const char *key, struct str text)
{
	if (text.p)
		json_put_own(w, o, key, text);
	else
		json_put(w, o, key, json_null());
}

int report_inventory_line(FILE *f, const struct inventory_line *line, struct err *err)
{
	struct json_writer w = { 0 };
	json_t *o = json_object();
	char *dump = NULL;

	arena_init(&w.a, 1u << 20);
	json_put_own(&w, o, "device", line->place.device);
	json_put_int(&w, o, "index", line->place.index);
	json_put_int(&w, o, "total", line->place.total);
	put_optional(&w, o, "vendor", line->place.vendor);
	put_optional(&w, o, "model", line->place.model);
	put_optional(&w, o, "url", line->url);
	put_optional(&w, o, "user", line->user);
	put_optional(&w, o, "kind", line->kind);
	put_optional(&w, o, "profile", line->profile);
	if (o && !w.failed && arena_ok(&w.a))
		dump = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	arena_free(&w.a);
	if (!dump)
		return err_set(err, ERR_NOMEM, "no memory for the list of devices");
	fprintf(f, "%s\n", dump);
	free(dump);
	return 0;
}
