/* sign_pem.h - what both halves of sign.h need of OpenSSL (internal to bundle/). */
#ifndef BUNDLE_SIGN_PEM_H
#define BUNDLE_SIGN_PEM_H

#include "base/arena.h"
#include "bundle/sign.h"

#include <openssl/x509.h>

/* err_set with OpenSSL's last words behind it; its queue is emptied. */
int sign_failed(struct err *err, enum err_code code, const char *what);
/* All certificates of a PEM text in order; NULL with ERR_INPUT when there is none. */
STACK_OF(X509) * sign_pem_certs(struct str pem, struct err *err);
int sign_keyid(EVP_PKEY *key, char keyid[static SIGN_KEYID]);
/* SHA-256, or nothing for keys that digest by themselves. */
const EVP_MD *sign_digest(const EVP_PKEY *key);

#endif
