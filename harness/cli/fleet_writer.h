/* fleet_writer.h - a thread that writes the reports of devices that are judged, one after the
 * other.
 *
 * The octets of a device are thousands of files, which may take seconds.  Were they written between
 * two turns, answers of the other devices would lie unread meanwhile, and count as timeouts.
 */
#ifndef CLI_FLEET_WRITER_H
#define CLI_FLEET_WRITER_H

#include "cli/fleet_lane.h"

/* Until writer_end the report, the arena and the failure of f are the thread's. */
int writer_start(struct fleet *f, struct err *err) MUST_CHECK;
/* l is judged and has left the network; it is the thread's until it is LANE_WRITTEN. */
void writer_give(struct fleet *f, struct lane *l);
enum lane_state writer_state(struct fleet *f, const struct lane *l);
/* When all that was given is written.  Of one that was not started is fine. */
void writer_end(struct fleet *f);

#endif
