/* secret.h - where the password comes from: a file, standard input, netrc, the environment; never
 * argv. */
#ifndef CLI_SECRET_H
#define CLI_SECRET_H

#include "cli/options.h"

#define SECRET_MAX 8192 /* octets of a password or netrc file */

struct secret {
	char octets[SECRET_MAX]; /* what user and password are views of, but for the environment */
	size_t n;
	struct str user, password;
};

/* By --password-file, else --netrc-file (for host), else COUNTERSIGN_PASSWORD.  user is that of the
 * options unless netrc names one and --user was not given.  A regular file that group or others can
 * read is refused.  -1 with ERR_INPUT.
 */
int secret_find(struct secret *out, const struct options *o, struct str host,
		struct err *err) MUST_CHECK;
void secret_wipe(struct secret *s);

/* Find host in netrc text ("machine HOST login NAME password WORD", "default ...", macdef skipped,
 * words may be quoted; # starts a comment).  wanted_user .p NULL: the first entry of the host.
 * Words are unquoted in place: text must be writable.  -1 with ERR_INPUT when there is no such
 * entry.
 */
int netrc_find(char *text, size_t n, struct str host, struct str wanted_user, struct str *user,
	       struct str *password, struct err *err) MUST_CHECK;

#endif
