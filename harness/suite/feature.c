#include "suite/suite.h"

const struct suite_feature suite_features[] = {
	{ "onvif", "a SOAP device service" },
	{ "http", "a plain server" },
	{ "challenge", "a bare request gets 401 with a challenge" },
	{ "digest.offered", "a Digest challenge, whether it can be answered or not" },
	{ "basic.offered", "a Basic challenge" },
	{ "digest", "right Digest credentials are accepted" },
	{ "digest.md5", "a Digest challenge of MD5" },
	{ "digest.sha-256", "a Digest challenge of SHA-256" },
	{ "digest.sha-512-256", "a Digest challenge of SHA-512-256" },
	{ "digest.sess", "a -sess algorithm is offered" },
	{ "qop", "qop=auth is offered" },
	{ "qop.auth-int", "qop=auth-int is offered" },
	{ "no-qop", "a Digest challenge without qop" },
	{ "opaque", "the challenge has opaque" },
	{ "basic", "right Basic credentials are accepted" },
	{ "token", "a right UsernameToken with digest is accepted" },
	{ "token.text", "a right UsernameToken with PasswordText is accepted" },
	{ "token-only", "a UsernameToken is accepted and there is no challenge" },
	{ "clock", "the device's time is readable" },
	{ "get", "a GET with right credentials is accepted" },
	{ "post", "a POST with right credentials is accepted" },
	{ "second-path", "a second protected path is known" },
	{ "tls", "the target's URL is https" },
	{ "plain", "the target's URL is not https" },
	{ "rspauth", "Authentication-Info is sent" },
	{ "letters", "the user name has letters" },
	{ "several-algorithms", "more than one Digest challenge" },
	{ NULL, NULL },
};

const char *const suite_check_names[] = {
	"challenge.present",
	"challenge.well-formed",
	"challenge.digest",
	"challenge.basic",
	"challenge.no-basic",
	"challenge.realm",
	"challenge.realm-quoted",
	"challenge.nonce",
	"challenge.nonce-quoted",
	"challenge.nonce-fresh",
	"challenge.nonce-length",
	"challenge.qop",
	"challenge.qop-quoted",
	"challenge.algorithm-token",
	"challenge.stale-token",
	"challenge.stale",
	"challenge.no-stale",
	"challenge.distinct-algorithms",
	"challenge.md5",
	"challenge.sha-256",
	"challenge.opaque-quoted",
	"challenge.domain-quoted",
	"fault.sender",
	"fault.not-authorized",
	"fault.well-formed",
	"fault.must-understand",
	"fault.version-mismatch",
	"fault.receiver",
	"not-internal",
	"capabilities.digest",
	"capabilities.token",
	"no-data",
	"no-userinfo",
	"status",
	"same-answer",
	"time.utc",
	"rspauth",
	"not-public",
	"no-cookie",
	NULL,
};

int suite_feature_index(struct str name)
{
	for (int i = 0; suite_features[i].name; i++) {
		if (str_eq(name, str(suite_features[i].name)))
			return i;
	}
	return -1;
}
