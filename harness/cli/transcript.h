/* transcript.h - a case as octets: what its first variant sends to the reference device. */
#ifndef CLI_TRANSCRIPT_H
#define CLI_TRANSCRIPT_H

#include "suite/suite.h"

/* Run the case on the first persona that offers what it needs, on the virtual clock, and print each
 * request and the outcome on stdout.  Prints nothing when no persona does.
 */
void transcript_print(const struct catalogue *c, const struct suite_case *one);

#endif
