#include "device/device.h"

#define MINUTES(n) ((n) * (int64_t)60000)
#define MD5        (1u << HASH_MD5)
#define SHA256     (1u << HASH_SHA256)

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
		.name = "http",
		.help = "RFC 7616 and 7617 without SOAP: Digest with MD5 and SHA-256, auth and "
			"auth-int, "
			"Authentication-Info, and Basic",
		.profile = "rfc7616",
		.realm = { "reference device", 16 },
		.basic = true,
		.digest = true,
		.algs = MD5 | SHA256,
		.qop_auth = true,
		.qop_auth_int = true,
		.nonce_life_ms = MINUTES(5),
		.opaque = true,
		.authentication_info = true,
	},
	{ .name = NULL },
};

const struct persona *persona_find(struct str name)
{
	for (const struct persona *p = personas; p->name; p++) {
		if (str_eq(str(p->name), name))
			return p;
	}
	return NULL;
}
