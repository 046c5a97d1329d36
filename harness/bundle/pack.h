/* pack.h - the octets of a tar.gz, written so that the same files give the same octets, and read
 * from whoever sent them.  The only door to libarchive.
 *
 * All files stand in one folder, PACK_FOLDER.  Reading writes nothing anywhere: what comes out is
 * in memory.
 */
#ifndef BUNDLE_PACK_H
#define BUNDLE_PACK_H

#include "bundle/files.h"

#define PACK_FOLDER "authentication-conformance-report/"

/* What a hostile archive may cost. */
struct pack_caps {
	size_t octets; /* of the tar, and of all files together */
	size_t files;
	size_t ratio; /* tar octets for each octet of gzip, beyond the first PACK_RATIO_FREE */
};
#define PACK_RATIO_FREE ((size_t)8 << 20)
extern const struct pack_caps pack_caps;

/* The files, which are sorted, as a tar.  Plain files of mode 0644, of nobody, all of the time
 * f->mtime_s.
 */
int pack_tar(const struct bundle_files *f, struct buf *tar, struct err *err) MUST_CHECK;
/* A tar as a gzip member without name and time. */
int pack_gzip(struct str tar, struct buf *out, struct err *err) MUST_CHECK;
const char *pack_zlib_version(void); /* "1.2.13": another may press differently */

/* One gzip member as pack_gzip writes it, its CRC and its length checked (RFC 1952).  -1 with
 * ERR_PARSE or ERR_LIMIT.
 */
int pack_gunzip(struct str octets, const struct pack_caps *caps, struct buf *tar,
		struct err *err) MUST_CHECK;
/* The files of a tar, copied to the arena.  -1 with ERR_PARSE or ERR_LIMIT: what is no plain file,
 * a name that leads elsewhere, comes twice or is out of order, a tar that ends early.
 */
int pack_list(struct arena *a, struct str tar, const struct pack_caps *caps,
	      struct bundle_files *out, struct err *err) MUST_CHECK;

#endif
