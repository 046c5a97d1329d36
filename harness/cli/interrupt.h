/* interrupt.h - signals that end a run: the run stops, and its reports are still written.
 *
 * The first one stops the run.  A second one changes nothing, since CI services send SIGINT and
 * SIGTERM in turn, and wrappers send what the terminal has sent already.  A third one ends the
 * program at once, by that signal; no half-written report is left behind.
 */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <signal.h>

/* From here on SIGINT, SIGTERM and SIGHUP are caught, but for those that are ignored already
 * (nohup, a shell's background job).  A file that grows beyond the limit is an error of writing,
 * not a signal.
 */
void interrupt_catch(void);
extern volatile sig_atomic_t interrupted; /* how many have come */

#endif
