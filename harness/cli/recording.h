/* recording.h - a file that somebody recorded, whatever its format. */
#ifndef CLI_RECORDING_H
#define CLI_RECORDING_H

#include "base/world.h"
#include "client/recording.h"
#include "report/record.h"

struct recorded_file {
	enum {
		RECORDED_RUN, /* the folder of --results */
		RECORDED_HAR,
		RECORDED_CAPTURE
	} kind;
	struct str path;
	struct str text; /* of a HAR */
};

/* By what is in it, not by its name.  -1 with ERR_INPUT. */
int recording_look(struct arena *a, struct str path, struct recorded_file *out,
		   struct err *err) MUST_CHECK;
/* record: of a folder, else NULL.  A capture is read by tshark, of the world's time. */
int recording_read(struct arena *a, const struct recorded_file *file, const struct record *record,
		   const struct world *world, struct recording *out, struct err *err) MUST_CHECK;

#endif
