/* unpack.h - files in memory as a folder for a while, for those who read folders. */
#ifndef CLI_UNPACK_H
#define CLI_UNPACK_H

#include "bundle/files.h"

#define UNPACK_PATH 256

/* A new folder below TMPDIR (default: the system's), which only its owner can enter; path names it
 * as long as it is there.  -1 with ERR_IO; then nothing is left.
 */
int unpack_files(const struct bundle_files *f, char path[static UNPACK_PATH],
		 struct err *err) MUST_CHECK;
/* Takes it away; "" is no folder. */
void unpack_remove(const char *path);

#endif
