#include "device/device.h"

#define MINUTES(n) ((n) * (int64_t)60000)
#define MD5        (1u << HASH_MD5)
#define SHA256     (1u << HASH_SHA256)
#define SHA512_256 (1u << HASH_SHA512_256)
#define TEXT(s)                                                                                    \
	{                                                                                          \
		s, sizeof(s) - 1                                                                   \
	}

/* More than the 72 octets that some devices look at; a colon, a space, and in its Base64 with the
 * name above a character of each alphabet and padding.
 */
#define LONG_PASSWORD                                                                              \
	"p\xc3\xa4ss: w\xc3\xb6rd? ~~~ with more than sixty-four octets, and with more than "      \
	"seventy-two octets"

const struct persona personas[] = {
	{
		.name = "onvif",
		.help = "ONVIF Core 26.06, 5.9: Digest with MD5 and SHA-256, UsernameToken digest",
		.profile = "onvif-core",
		.realm = { "onvif", 5 },
		.soap = true,
		.digest = true,
		.token_digest = true,
		.algs = MD5 | SHA256,
		.qop_auth = true,
		.nonce_life_ms = MINUTES(5),
		.skew_past_ms = MINUTES(5),
		.skew_future_ms = MINUTES(5),
		.opaque = true,
	},
	{
		.name = "sarix",
		.help = "Pelco's article on Sarix cameras, local users: Digest with auth and "
			"auth-int, "
			"nonces of five minutes, UsernameToken text and digest",
		.profile = "pelco-sarix",
		.realm = { "Sarix", 5 },
		.soap = true,
		.digest = true,
		.token_digest = true,
		.token_text = true,
		.algs = MD5,
		.qop_auth = true,
		.qop_auth_int = true,
		.nonce_life_ms = MINUTES(5),
		.skew_past_ms = MINUTES(5),
		.skew_future_ms = MINUTES(5),
		.stale_upper = true,
	},
	{
		.name = "sarix-ldap",
		.help = "Pelco's article on Sarix cameras, LDAP users: Basic, UsernameToken text "
			"and "
			"digest",
		.profile = "pelco-sarix",
		.realm = { "Sarix", 5 },
		.soap = true,
		.basic = true,
		.token_digest = true,
		.token_text = true,
		.skew_past_ms = MINUTES(5),
		.skew_future_ms = MINUTES(5),
	},
	{
		.name = "pc-cctv",
		.help = "PC-CCTV's article: UsernameToken within two minutes of its own clock, "
			"which is "
			"47 minutes ahead",
		.profile = "pc-cctv",
		.realm = { "PC-CCTV", 7 },
		.soap = true,
		.digest = true,
		.token_digest = true,
		.algs = MD5,
		.qop_auth = true,
		.nonce_life_ms = MINUTES(5),
		.skew_past_ms = MINUTES(2),
		.skew_future_ms = MINUTES(2),
		.clock_offset_ms = MINUTES(47),
	},
	{
		.name = "token-only",
		.help = "ONVIF Core 5.9.1, a device of UsernameToken only: 400 and "
			"ter:NotAuthorized, no "
			"challenge",
		.profile = "wss-usernametoken",
		.soap = true,
		.token_digest = true,
		.skew_past_ms = MINUTES(5),
		.skew_future_ms = MINUTES(5),
	},
	{
		.name = "digest-only",
		.help = "ONVIF Core 26.06, 5.9.1, a device of Digest only: every token is refused",
		.profile = "onvif-core",
		.realm = { "onvif", 5 },
		.soap = true,
		.digest = true,
		.algs = MD5 | SHA256,
		.qop_auth = true,
		.nonce_life_ms = MINUTES(5),
		.skew_past_ms = MINUTES(5),
		.skew_future_ms = MINUTES(5),
		.opaque = true,
	},
	{
		.name = "http",
		.help = "RFC 7616 and 7617 without SOAP: Digest with MD5 and SHA-256, auth and "
			"auth-int, sessions, Authentication-Info, and Basic",
		.profile = "rfc7616",
		.realm = { "reference device", 16 },
		.basic = true,
		.digest = true,
		.algs = MD5 | SHA256,
		.algs_sess = MD5 | SHA256,
		.qop_auth = true,
		.qop_auth_int = true,
		.nonce_life_ms = MINUTES(5),
		.opaque = true,
		.authentication_info = true,
	},
	{
		.name = "http-strict",
		.help = "RFC 7616 with all its options: SHA-256 and SHA-512-256, sessions, "
			"auth-int "
			"only, userhash, charset, nextnonce",
		.profile = "rfc7616",
		.realm = { "strict \"device\"", 15 },
		.digest = true,
		.algs = SHA256 | SHA512_256,
		.algs_sess = SHA256 | SHA512_256,
		.qop_auth_int = true,
		.nonce_life_ms = MINUTES(5),
		.authentication_info = true,
		.next_nonce = true,
		.userhash = true,
		.charset = true,
		.domain = true,
		.user = TEXT("op\xc3\xa9rateur"),
		.password = TEXT(LONG_PASSWORD),
	},
	{
		.name = "http-tls",
		.help = "RFC 7617 behind TLS: Basic alone, with a long password outside of ASCII",
		.profile = "rfc7617-tls",
		.realm = { "basic device", 12 },
		.basic = true,
		.charset = true,
		.tls = true,
		.user = TEXT("op\xc3\xa9rateur"),
		.password = TEXT(LONG_PASSWORD),
	},
	{
		.name = "http-2069",
		.help = "RFC 2617 as RFC 2069 had it: Digest without qop, and Basic",
		.profile = "rfc2617",
		.realm = { "old device", 10 },
		.basic = true,
		.digest = true,
		.algs = MD5,
		.nonce_life_ms = MINUTES(5),
		.charset = true,
		.user = TEXT("op\xc3\xa9rateur"),
		.password = TEXT(LONG_PASSWORD),
	},
	{ .name = NULL },
};

struct str persona_user(const struct persona *p)
{
	return p->user.n ? p->user : STR("admin");
}

struct str persona_password(const struct persona *p)
{
	return p->password.n ? p->password : STR("secure");
}

const struct persona *persona_find(struct str name)
{
	for (const struct persona *p = personas; p->name; p++) {
		if (str_eq(str(p->name), name))
			return p;
	}
	return NULL;
}
