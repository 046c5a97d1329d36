/* judge.h - the verdicts of a folder of --results once more, for those who only count them. */
#ifndef CLI_JUDGE_H
#define CLI_JUDGE_H

#include "cli/command.h"

struct judge_totals {
	size_t same, changed, judged; /* judged: out of octets; the others stay as they were */
	struct str first_changed;     /* id of a variant, .n 0: none; in the arena, not cleaned */
	bool other_catalogue;         /* that of this program is not that of the run */
};

/* With the catalogue of this program and the profile of the run; prints nothing. */
int judge_folder(struct arena *a, struct str dir, struct judge_totals *out,
		 struct err *err) MUST_CHECK;

/* A recorded conversation: of a client's run when record is there.  The exit status. */
struct recorded_file;
struct record;
int judge_recording(const struct cli *cli, const struct recorded_file *file,
		    const struct record *record);

#endif
