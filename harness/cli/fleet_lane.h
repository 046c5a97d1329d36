/* fleet_lane.h - inside of a fleet: one device on its way. */
#ifndef CLI_FLEET_LANE_H
#define CLI_FLEET_LANE_H

#include "cli/inventory.h"
#include "cli/session.h"
#include "report/fleet.h"

#include <pthread.h>
#include <stdio.h>

struct fleet_writer { /* fleet_writer.h */
	pthread_t thread;
	pthread_mutex_t lock; /* of what follows, and of the states of lanes that were given */
	pthread_cond_t more;
	struct lane *first; /* what is to be written, linked by next */
	bool started, ending;
};

struct fleet {
	const struct cli *cli;
	struct arena a;
	struct inventory inventory;
	struct shard shard; /* of the devices */
	struct catalogue catalogue;
	struct world world;
	struct wire_hub *hub;
	struct fleet_report *report;
	unsigned parts; /* of the report */
	struct lane *lanes;
	size_t n_lane;
	struct fleet_writer writer;
	bool *started; /* of each device */
	size_t next;   /* before this, all are */
	FILE *out;     /* for people */
	struct console_options console;
	size_t done, selected;
	bool failed; /* a report could not be written */
};

enum lane_state {
	LANE_JUDGING,
	LANE_WRITING, /* the writer's */
	LANE_WRITTEN
};

/* A place for one device at a time. */
struct lane {
	const struct inventory_device *d; /* NULL: free */
	enum lane_state state;
	struct lane *next; /* of the writer */
	struct session s;
	struct err failure; /* of ours; ends the lane */
	bool failed;
};

/* -1 with ERR_INPUT and "file:line: name: what". */
int lane_open(struct lane *l, struct fleet *f, const struct inventory_device *d,
	      struct err *err) MUST_CHECK;
void lane_close(struct lane *l);
/* Can the files of this device alone be written?  -1 with ERR_INPUT and the option. */
int lane_check_files(const struct lane *l, struct fleet *f, struct err *err) MUST_CHECK;
/* Send and take what is there, without waiting for the network.  false: nothing came. */
bool lane_turn(struct lane *l);
bool lane_over(const struct lane *l);
/* It leaves the network, and each case has its verdict. */
void lane_judge(struct lane *l);
/* Its exit status, its folder, its part of the reports; in the writer's thread. */
void lane_write(struct lane *l, struct fleet *f);

#endif
