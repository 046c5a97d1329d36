#include "auth/digest.h"

static const char *const qops[] = {
	[DIGEST_QOP_NONE] = "",
	[DIGEST_QOP_AUTH] = "auth",
	[DIGEST_QOP_AUTH_INT] = "auth-int",
};
_Static_assert(COUNT(qops) == DIGEST_QOPS, "one row per enum digest_qop");

#define H(hex, ...) hash_joined_hex(in->alg, HASH_PARTS(__VA_ARGS__), hex, err)

/* A1 = user ":" realm ":" password (RFC 7616 3.4.2) */
int digest_ha1(const struct digest_inputs *in, char hex[static HASH_HEX_MAX], struct err *err)
{
	return H(hex, in->user, in->realm, in->password);
}

/* A2 = method ":" uri [":" H(body)] (RFC 7616 3.4.3) */
int digest_ha2(const struct digest_inputs *in, char hex[static HASH_HEX_MAX], struct err *err)
{
	if (in->qop != DIGEST_QOP_AUTH_INT)
		return H(hex, in->method, in->uri);
	if (H(hex, in->body))
		return -1;
	return H(hex, in->method, in->uri, str(hex));
}

/* -sess hashes the hex digits of the inner digest, not its octets (RFC 2617 errata 1649), with
 * nonce and cnonce of the session's start.
 */
static int session_ha1(const struct digest_inputs *in, char hex[static HASH_HEX_MAX],
		       struct err *err)
{
	struct str nonce = in->session_nonce.p ? in->session_nonce : in->nonce;
	struct str cnonce = in->session_cnonce.p ? in->session_cnonce : in->cnonce;

	if (digest_ha1(in, hex, err))
		return -1;
	return in->session ? H(hex, str(hex), nonce, cnonce) : 0;
}

/* RFC 7616 3.4.1, or RFC 2069 2.1.2 when there is no qop */
int digest_response(const struct digest_inputs *in, char hex[static HASH_HEX_MAX], struct err *err)
{
	struct str qop = in->qop_text.p ? in->qop_text : str(qops[in->qop]);
	char a1[HASH_HEX_MAX], a2[HASH_HEX_MAX];

	if (session_ha1(in, a1, err) || digest_ha2(in, a2, err))
		return -1;
	if (in->qop == DIGEST_QOP_NONE && !in->qop_text.p)
		return H(hex, str(a1), in->nonce, str(a2));
	return H(hex, str(a1), in->nonce, in->nc, in->cnonce, qop, str(a2));
}

int digest_rspauth(const struct digest_inputs *in, char hex[static HASH_HEX_MAX], struct err *err)
{
	struct digest_inputs server = *in;

	server.method = STR("");
	return digest_response(&server, hex, err);
}

int digest_userhash(enum hash_alg alg, struct str user, struct str realm,
		    char hex[static HASH_HEX_MAX], struct err *err)
{
	return hash_joined_hex(alg, HASH_PARTS(user, realm), hex, err);
}
