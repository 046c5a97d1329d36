/* results.c - the folder of --results: everything that a run has to say, and the sums of it. */
#include "report/chain.h"
#include "report/folder.h"

#include "auth/datetime.h"

#include <stdio.h>

#define FORMAT      1 /* rises when a reader must change */
#define SCRATCH_MAX (64u << 20)

static const char *const evidences[] = {
	[EVIDENCE_REDACTED] = "redacted",
	[EVIDENCE_FULL] = "full",
	[EVIDENCE_NONE] = "none",
};

const char *evidence_name(enum evidence e)
{
	return evidences[e];
}

/* Reports that have an option of their own as well; a new format is a row. */
static const struct member {
	const char *name;
	int (*write)(const struct run_result *r, const struct report_options *o, const char *path,
		     struct err *err);
} members[] = {
	{ "results.json", report_json },
	{ "TEST-countersign.xml", report_junit },
	{ "report.html", report_html },
};

static int write_members(struct folder *f, struct err *err)
{
	for (size_t i = 0; i < COUNT(members); i++) {
		struct str path = arena_fmt(&f->w.a, "%s/%s", f->path, members[i].name);

		if (arena_check(&f->w.a, err) || members[i].write(f->w.r, f->o, path.p, err) ||
		    folder_note(f, members[i].name, err))
			return -1;
	}
	return 0;
}

/* For openssl and the like; none for a target that showed no certificate. */
static int write_chain(struct folder *f, struct err *err)
{
	const struct tls_chain *c = &f->w.r->survey.tls;
	struct str all = STR("");

	for (size_t i = 0; i < c->n; i++)
		all = arena_concat(&f->w.a, all, chain_pem(&f->w.a, f->o->redactor, &c->v[i]));
	if (arena_check(&f->w.a, err))
		return -1;
	return all.n ? folder_add(f, STR(CHAIN_FILE), all, err) : 0;
}

/* What it takes to judge again, and to know that nothing was changed. */
static int write_manifest(struct folder *f, struct err *err)
{
	const struct run_result *r = f->w.r;
	struct json_writer *w = &f->w;
	json_t *o = json_object(), *files = f->files;

	f->files = json_array();
	json_put_int(w, o, "format", FORMAT);
	json_put_text(w, o, "tool", f->o->tool, WRITE_MESSAGE);
	json_put_own(w, o, "run", str(r->id));
	json_put_text(w, o, "target", r->target, WRITE_BODY);
	json_put_own(w, o, "kind", r->kind);
	json_put_text(w, o, "user", r->user, WRITE_BODY);
	json_put(w, o, "profile",
		 r->profile ? json_stringn(r->profile->id.p, r->profile->id.n) : json_null());
	json_put(w, o, "catalogue_sha256",
		 r->catalogue ? json_string(r->catalogue->sha256) : json_null());
	json_put_text(w, o, "seed", r->seed, WRITE_BODY);
	json_put_own(w, o, "started", datetime_format(&w->a, r->started_wall_ms, 3));
	json_put_own(w, o, "evidence", str(evidence_name(f->o->evidence)));
	json_put_int(w, o, "exit_code", r->exit_code);
	json_put(w, o, "files", files);
	return folder_add_json(f, STR("manifest.json"), o, err);
}

/* The manifest comes last: a folder that has one is complete. */
static int write_folder(struct folder *f, struct err *err)
{
	struct str manifest = arena_fmt(&f->w.a, "%s/manifest.json", f->path);
	struct str chain = arena_fmt(&f->w.a, "%s/" CHAIN_FILE, f->path);

	if (arena_check(&f->w.a, err) || folder_make(f->path, err))
		return -1;
	remove(manifest.p);
	remove(chain.p); /* of an earlier run: this one may have none */
	evidence_clear(f);
	if (write_members(f, err) || write_chain(f, err))
		return -1;
	if (f->o->evidence != EVIDENCE_NONE && evidence_write(f, err))
		return -1;
	return write_manifest(f, err);
}

int report_results(const struct run_result *r, const struct report_options *o, const char *path,
		   struct err *err)
{
	struct folder f = { .w = { .redactor = o->redactor, .r = r },
			    .o = o,
			    .path = path,
			    .files = json_array() };
	mode_t before = evidence_guard(o);
	int bad;

	arena_init(&f.w.a, SCRATCH_MAX);
	arena_init(&f.w.keep, 0);
	bad = write_folder(&f, err);
	evidence_guard_end(before);
	arena_free(&f.w.a);
	json_decref(f.files);
	return bad;
}
