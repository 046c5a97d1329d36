/* The words of client cases: features, checks, kinds. */
#include "suite/client.h"

const struct client_feature client_features[] = {
	{ "http", "the client asks for a plain resource" },
	{ "soap", "the client speaks SOAP: an ONVIF client" },
	{ "command", "a command is run for each case, and its end can be seen" },
	{ "calls", "it can make several calls in one session" },
	{ "told", "it does as told: method, path, body and account of the case" },
	{ "basic", "it answers a Basic challenge" },
	{ "digest", "it answers a Digest challenge of MD5 with qop=auth" },
	{ "digest.no-qop", "it answers a Digest challenge without qop" },
	{ "digest.auth-int", "it answers qop=\"auth-int\"" },
	{ "digest.sess", "it answers MD5-sess" },
	{ "digest.sha-256", "it answers SHA-256" },
	{ "digest.sha-512-256", "it answers SHA-512-256" },
	{ "digest.userhash", "it answers userhash=true with a hashed name" },
	{ "token", "it sends a UsernameToken where there is no challenge" },
	{ "body", "it sends the body that it is given" },
	{ "expect", "it announces a large body by Expect: 100-continue" },
	{ "repeats", "its second call has credentials without being challenged again" },
	{ "time", "it asks for the device's time" },
	{ NULL, NULL },
};

const struct client_check_name client_checks[] = {
	/* how credentials are written */
	{ "digest.grammar", false,
	  "quoted and unquoted parameters are where the grammar has them" },
	{ "digest.quoted", false,
	  "username, realm, nonce, uri, response, cnonce and opaque are in quotes" },
	{ "digest.unquoted", false, "algorithm, qop and nc are not in quotes" },
	{ "digest.escapes", false,
	  "a backslash stands only before a double quote or another backslash" },
	{ "digest.complete", false,
	  "username (or username*), realm, nonce, uri and response are there, each once" },
	{ "digest.hash", false, "every response is right, recomputed from what was sent" },
	{ "digest.nc-first", false, "the first request with a nonce has nc=00000001" },
	{ "digest.nc-counts", false, "each further request with a nonce has the next nc" },
	{ "digest.nc-form", false, "nc is eight lower-case hexadecimal digits" },
	{ "digest.nc-per-nonce", false, "a new nonce starts at nc=00000001 again" },
	{ "digest.cnonce-fresh", false, "no two sessions have the same cnonce" },
	{ "digest.cnonce-length", true, "cnonce has at least so many characters" },
	{ "digest.cnonce-unpredictable", false, "no cnonce is a counter, a time or a constant" },
	{ "digest.opaque", false, "opaque comes back as it was sent, and only then" },
	{ "digest.realm", false, "realm comes back as it was sent" },
	{ "digest.uri", false, "uri is the request target, query and all" },
	{ "digest.username", false, "username is the name that the client was given" },
	{ "digest.algorithm", false,
	  "algorithm is that of the challenge, and none where none was" },
	{ "digest.qop-single", false, "qop is one of those offered, not the list" },
	{ "digest.qop-present", false, "where qop was offered, qop, nc and cnonce come" },
	{ "digest.qop-absent", false, "where no qop was offered, neither qop, nc nor cnonce come" },
	{ "digest.latest", false, "credentials are for the latest challenge" },
	{ "digest.pairing", false, "nonce, realm, opaque and algorithm are of one challenge" },
	{ "digest.strongest", false,
	  "Basic or a token is not taken where Digest is offered, nor MD5 where a SHA is that it "
	  "knows" },
	{ "digest.first", false, "the first Digest challenge that it knows is taken" },
	{ "digest.userhash", false, "userhash=true and the hash of the name" },
	{ "digest.userhash-absent", false, "no userhash where it was not offered" },
	{ "digest.session-kept", false, "-sess: one key for the session, whatever cnonce follows" },
	{ "digest.next-nonce", false, "nextnonce is taken for the request behind it" },
	{ "digest.repeats", false,
	  "the call behind a granted one has Digest credentials, without a new challenge" },
	/* what else goes over the wire */
	{ "one-authorization", false, "at most one set of credentials in Authorization" },
	{ "no-basic", false, "no Basic credentials" },
	{ "no-cleartext", false,
	  "the password is nowhere to be read where Digest or a token is asked for" },
	{ "no-credentials", false, "no credentials at all" },
	{ "no-early-credentials", false, "no HTTP credentials before the first challenge" },
	{ "no-credentials-elsewhere", false, "no credentials to another origin" },
	{ "no-userinfo", false,
	  "no userinfo in request targets, Host and Referer, and no password in targets" },
	{ "basic.payload", false, "the Basic credentials are those of the account, in UTF-8" },
	{ "tries", true,
	  "at most so many requests with credentials that were refused, stale=true aside" },
	{ "requests", true, "at most so many requests" },
	{ "body", false, "each request with credentials has the body that was given" },
	{ "content-length", false,
	  "a body, and any POST, PUT or PATCH, has its length, or is chunked, and not both" },
	{ "same-request", false, "the request with credentials is the one that was challenged" },
	{ "expect.content", false, "Expect: 100-continue comes with content only" },
	{ "expect.in-sync", false,
	  "behind an answer that came before the content, the connection has that content, or "
	  "nothing" },
	{ "expect.retried", false, "what was answered by 417 is sent again without Expect" },
	{ "expect.goes-on", false, "content that no 100 asks for is sent after a while" },
	/* how the command ended */
	{ "ends-well", false, "the command says that it succeeded" },
	{ "ends-badly", false, "the command says that it failed" },
	/* tokens */
	{ "token.digest", false, "every password digest is right, recomputed from what was sent" },
	{ "token.type", false, "Password has the Type of a digest" },
	{ "token.encoding", false, "Nonce is in Base64, and has the EncodingType of it, or none" },
	{ "token.username", false, "Username is the name that the client was given" },
	{ "token.complete", false, "Username, Password, Nonce and Created are there" },
	{ "token.nonce-fresh", false, "no nonce comes twice" },
	{ "token.nonce-length", true, "a nonce has at least so many octets" },
	{ "token.created-form", false, "Created is an xsd:dateTime in UTC" },
	{ "token.created-near", true, "Created is within so many seconds of the device's clock" },
	{ "token.created-fraction", true, "Created has at most so many decimals of a second" },
	{ "token.timestamp", false,
	  "a Timestamp in Security has one Created, and at most one Expires, behind it and later" },
	{ "token.timestamp-near", true,
	  "the Timestamp is within so many seconds of the device's clock" },
	{ "token.namespaces", false,
	  "Security, UsernameToken and what is in it are in their namespaces" },
	{ "token.no-text", false, "no PasswordText" },
	{ "token.one", false,
	  "one Security header, in it one UsernameToken, each child of it once" },
	{ "token.name-first", false, "Username is the first child of its UsernameToken" },
	{ "token.not-with-digest", false, "no token beside HTTP credentials" },
	{ "token.none-on-time", false,
	  "GetSystemDateAndTime goes without a token, unless that was refused" },
	{ "time.asked", false, "GetSystemDateAndTime is asked before the first token" },
	{ "time.asked-again", false, "GetSystemDateAndTime is asked again after a refusal" },
	{ "soap.well-formed", false, "each envelope is well-formed SOAP 1.2" },
	{ "soap.content-type", false, "an envelope of SOAP 1.2 goes as application/soap+xml" },
	{ "soap.addressing-once", false, "no WS-Addressing header comes twice" },
	/* what the device of a recording does */
	{ "device.challenged", false, "a 401 has a challenge" },
	{ "device.challenge-form", false,
	  "every challenge is within the grammar, its parameters quoted as it has them" },
	{ "device.nonce-fresh", false, "every 401 has a new nonce" },
	{ "device.wrong-refused", false, "wrong credentials are refused" },
	{ "device.right-accepted", false,
	  "right credentials are accepted, while their nonce is new" },
	{ "device.stale", false,
	  "stale=true comes for right responses with an old nonce, with a new one, and for nothing "
	  "else" },
	{ "device.nc-once", false, "nonce and nc are accepted once" },
	{ "device.token-once", false, "the nonce of a token is accepted once" },
	{ "device.no-text", false, "PasswordText is refused" },
	{ "device.rspauth", false, "rspauth is right" },
	{ NULL, false, NULL },
};
_Static_assert(COUNT(client_checks) == CLIENT_CHECKS + 1, "client.h has their number");

int client_feature_index(struct str name)
{
	for (int i = 0; client_features[i].name; i++) {
		if (str_eq(name, str(client_features[i].name)))
			return i;
	}
	return -1;
}

int client_check_index(struct str name)
{
	for (int i = 0; client_checks[i].name; i++) {
		if (str_eq(name, str(client_checks[i].name)))
			return i;
	}
	return -1;
}

const char *offer_name(enum offer_kind k)
{
	static const char *const names[] = {
		[OFFER_DIGEST] = "digest",
		[OFFER_BASIC] = "basic",
		[OFFER_TOKEN] = "token",
		[OFFER_OTHER] = "other",
	};

	_Static_assert(COUNT(names) == OFFERS, "one name per kind");
	return names[k];
}

const char *turn_expect_name(enum turn_expect e)
{
	static const char *const names[] = {
		[TURN_ANSWERED] = "answered",
		[TURN_RIGHT] = "right",
		[TURN_UNANSWERED] = "unanswered",
		[TURN_ANY] = "any",
	};

	_Static_assert(COUNT(names) == TURN_EXPECTS, "one name per expectation");
	return names[e];
}

const char *observed_name(enum observed o)
{
	static const char *const names[] = {
		[OBSERVE_RUN] = "run",
		[OBSERVE_RECORDING] = "recording",
		[OBSERVE_DEVICE] = "device",
	};

	_Static_assert(COUNT(names) == OBSERVED, "one name per kind");
	return names[o];
}

struct str setting_of(const struct suite_settings *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++) {
		if (str_eq(s->v[i].name, str(name)))
			return s->v[i].value;
	}
	return (struct str){ NULL, 0 };
}
