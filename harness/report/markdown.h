/* markdown.h - the page as text, for those who append it (internal to report/). */
#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include "report/write.h"

#include "base/buf.h"

#define MARKDOWN_MAX (1u << 20) /* a larger job summary is not shown at all by GitHub */
#define GITHUB_LEAST 4096       /* octets that a page needs to say anything */

/* text, clean and on one line, so that it stands for itself wherever it is put: in a paragraph, a
 * heading, a list or a cell.  A reference cannot stand for an octet of markup (CommonMark 2.5).
 */
void markdown_text(struct buf *b, struct str text);
/* The page, of at most max_bytes: parts that do not fit are left out, and that is said.  The
 * caller frees *out, also after -1.
 */
int markdown_page(const struct run_result *r, const struct report_options *o, size_t max_bytes,
		  struct buf *out, struct err *err) MUST_CHECK;

#endif
