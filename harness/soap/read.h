/* read.h - the parts of soap_read.  Private to soap/. */
#ifndef SOAP_READ_H
#define SOAP_READ_H

#include "soap/soap.h"
#include "soap/tree.h"

/* Security blocks of a Header (NULL: none), and UsernameTokens that stand elsewhere.  env is the
 * namespace of the envelope.
 */
void token_read_all(struct arena *a, const xmlNode *header, const xmlNode *root, const char *env,
		    struct soap_message *m);

#endif
