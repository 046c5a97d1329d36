#include "auth/username_token.h"

#include "auth/base64.h"

int ut_password_digest(struct arena *a, struct str nonce_octets, struct str created,
		       struct str password, struct str *base64, struct err *err)
{
	uint8_t sha1[HASH_MAX];

	if (hash_parts(HASH_SHA1, HASH_PARTS(nonce_octets, created, password), sha1, err))
		return -1;
	*base64 = base64_encode(a, str_n(sha1, hash_bytes(HASH_SHA1)));
	return arena_check(a, err);
}
