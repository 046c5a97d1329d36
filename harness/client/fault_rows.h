/* fault_rows.h - what can be planted in the scripted client: PLAIN and ONVIF (planted in a client
 * of plain HTTP, or in one of ONVIF), each with its name in C, its name and what such a client
 * does.  Included by fault.c and actor_parts.h, which say what to make of a row.
 */

/* --- the count of requests: RFC 7616 3.4 --- */
PLAIN(NC_FROM_ZERO, "nc-from-zero", "the first request with a nonce has nc=00000000")
PLAIN(NC_DECIMAL, "nc-decimal", "nc is a decimal number")
PLAIN(NC_GLOBAL, "nc-global", "nc goes on where the nonce changes")
PLAIN(NC_CONSTANT, "nc-constant", "nc stays 00000001 while the nonce is used again")
PLAIN(NC_SKIPS, "nc-skips", "nc counts by two")
PLAIN(NC_SHORT, "nc-short", "nc is written without its leading zeros")
PLAIN(NC_UPPER, "nc-upper", "nc has capital hexadecimal digits")

/* --- cnonce --- */
PLAIN(CNONCE_CONSTANT, "cnonce-constant", "each request has the same cnonce")
PLAIN(CNONCE_COUNTER, "cnonce-counter", "cnonce is a number that counts up")
PLAIN(CNONCE_TIME, "cnonce-time", "cnonce is the time in seconds")
PLAIN(CNONCE_SHORT, "cnonce-short", "cnonce has four characters")

/* --- what comes back --- */
PLAIN(OPAQUE_LOST, "opaque-lost", "opaque does not come back")
PLAIN(OPAQUE_MISSPELT, "opaque-misspelt", "opaque comes back as opque")
PLAIN(OPAQUE_INVENTED, "opaque-invented", "opaque is sent where there was none")
PLAIN(OPAQUE_EMPTY_LOST, "opaque-empty-lost", "an empty opaque does not come back")
PLAIN(REALM_ESCAPED_AGAIN, "realm-escaped-again",
      "the quoted pairs of realm come back quoted once more")
PLAIN(REALM_CACHED_HA1, "realm-cached-ha1", "the hash of the first realm is kept for all others")
PLAIN(REALM_TRIMMED, "realm-trimmed", "a realm loses the space at its ends")
PLAIN(REALM_MISSING, "realm-missing", "the credentials have no realm")
PLAIN(USERNAME_LOWERED, "username-lowered", "the name comes in lower case")
PLAIN(USERNAME_QUOTE_UNESCAPED, "username-quote-unescaped",
      "a quote in the name is sent without a backslash")
PLAIN(LATIN1_HASHED, "latin1-hashed", "name and password are hashed as Latin-1 under charset=UTF-8")
PLAIN(NONCE_TWICE, "nonce-twice", "the credentials have their nonce twice")
PLAIN(URI_WITHOUT_QUERY, "uri-without-query", "uri is the path, and the query is not hashed")
PLAIN(URI_SLASH, "uri-slash", "uri is always \"/\"")
PLAIN(URI_DECODED, "uri-decoded", "uri is decoded, and the request line is not")
PLAIN(URI_OF_FIRST, "uri-of-first-call", "uri stays that of the first call")
PLAIN(METHOD_GET_HASHED, "method-get-hashed", "every method is hashed as GET")

/* --- how it is written --- */
PLAIN(QUOTED_QOP, "quoted-qop", "qop is sent quoted")
PLAIN(QUOTED_NC, "quoted-nc", "nc is sent quoted")
PLAIN(QUOTED_ALGORITHM, "quoted-algorithm", "algorithm is sent quoted")
PLAIN(UNQUOTED_RESPONSE, "unquoted-response", "response is sent without quotes")
PLAIN(UNQUOTED_CNONCE, "unquoted-cnonce", "cnonce is sent without quotes")
PLAIN(RESPONSE_UPPER, "response-upper", "response has capital hexadecimal digits")

PLAIN(PAIRS_NEEDLESS, "needless-pairs", "each letter of a name is sent behind a backslash")

/* --- qop --- */
PLAIN(QOP_LIST_ECHOED, "qop-list-echoed", "the whole list of qop comes back")
PLAIN(QOP_LIST_HASHED, "qop-list-hashed", "the whole list of qop is hashed")
PLAIN(QOP_NOT_OFFERED, "qop-when-not-offered", "qop=auth is sent where no qop was offered")
PLAIN(QOP_IGNORED, "qop-ignored", "the response is that of RFC 2069, though qop was offered")
PLAIN(QOP_WHOLE_VALUE, "qop-list-unread", "only a qop that is \"auth\" and nothing else is known")
PLAIN(QOP_UNKNOWN_TAKEN, "qop-unknown-taken", "the first qop is taken, whatever it is")
PLAIN(NO_QOP_BROKEN, "no-qop-form-broken", "without qop, empty nc, cnonce and qop are hashed")
PLAIN(NO_QOP_REFUSED, "no-qop-refused", "a challenge without qop is given up")
PLAIN(AUTH_INT_BODY_SKIPPED, "auth-int-body-skipped", "auth-int hashes an empty body")
PLAIN(AUTH_INT_EMPTY_SKIPPED, "auth-int-empty-skipped",
      "without a body auth-int is computed as auth")
PLAIN(AUTH_INT_AS_AUTH, "auth-int-as-auth", "qop=auth answers a challenge of auth-int alone")

/* --- algorithms --- */
PLAIN(ALGORITHM_NOT_OFFERED, "algorithm-when-not-offered",
      "algorithm=MD5 is sent where no algorithm was named")
PLAIN(ALGORITHM_LOST, "algorithm-lost", "algorithm does not come back")
PLAIN(SHA256_LABEL_MD5, "sha256-label-md5-hash", "an MD5 response is sent under algorithm=SHA-256")
PLAIN(SHA512_AS_SHA256, "sha512-256-as-sha256", "SHA-512-256 is computed by SHA-256")
PLAIN(UNKNOWN_ALGORITHM, "unknown-algorithm-answered", "an unknown algorithm is answered by MD5")
PLAIN(UNKNOWN_ALGORITHM_STOPS, "unknown-algorithm-stops",
      "an unknown algorithm ends the call, though another is offered")
PLAIN(WEAKEST, "weakest-taken", "of several algorithms the weakest is taken")
PLAIN(SESS_RECOMPUTED, "sess-recomputed", "each request of a session has another cnonce in its A1")
PLAIN(SESS_IGNORED, "sess-ignored", "a -sess algorithm is computed without the session")
PLAIN(SESS_RAW, "sess-raw", "a session hashes the octets of its first hash, and not its digits")
PLAIN(SESS_WITHOUT_QOP, "sess-without-qop",
      "a -sess challenge without qop is answered, and the cnonce that was hashed is not sent")
PLAIN(USERHASH_IN_HA1, "userhash-in-ha1", "the hash of the name goes into A1")
PLAIN(USERHASH_UNASKED, "userhash-unasked", "the name is hashed where nobody asked for it")
PLAIN(USERHASH_PLAIN, "userhash-plain", "userhash=true is sent with the plain name")
PLAIN(USERHASH_UNLABELLED, "userhash-unlabelled", "the name is hashed without userhash=true")

/* --- which challenge --- */
PLAIN(FIRST_ONLY, "first-challenge-only", "only the first challenge is read")
PLAIN(FIRST_FIELD_ONLY, "first-field-only", "only the first WWW-Authenticate field is read")
PLAIN(ONE_PER_FIELD, "one-challenge-per-field", "of a field only the first challenge is read")
PLAIN(OTHER_NONCE, "nonce-of-other-challenge", "the nonce is of another challenge of the answer")
PLAIN(OTHER_OPAQUE, "opaque-of-other-challenge", "the opaque is of another challenge of the answer")
PLAIN(UNKNOWN_SCHEME_STOPS, "unknown-scheme-stops", "an unknown scheme in front ends the call")
PLAIN(SUBSTRING_SCHEME, "substring-scheme",
      "whatever has \"digest\" in it is a Digest challenge, with its parameters or without")
PLAIN(SCHEME_CASE, "scheme-case", "only \"Digest\" and \"Basic\" are known, and not \"digest\"")

/* --- how challenges are read --- */
PLAIN(SPLITS_ON_COMMA, "splits-on-comma", "parameters are split at each comma, quoted or not")
PLAIN(SPLITS_ON_COMMA_SPACE, "splits-on-comma-space", "parameters are split at \", \" only")
PLAIN(SPLITS_ON_SPACE, "splits-on-space", "parameters are split at each space, quoted or not")
PLAIN(ORDER_ASSUMED, "order-assumed", "realm has to be the first parameter")
PLAIN(NAME_CASE, "parameter-name-case", "parameter names are known in lower case only")
PLAIN(PAIRS_KEPT, "quoted-pair-not-unescaped", "the backslashes of quoted pairs are hashed")
PLAIN(ENDS_AT_QUOTE, "ends-at-escaped-quote", "a value ends at its first quote, escaped or not")
PLAIN(QUOTES_REQUIRED, "quotes-required", "a realm or nonce without quotes is not read")
PLAIN(QUOTES_KEPT, "quotes-kept", "the quotes of a quoted algorithm or stale are not taken off")
PLAIN(EQUALS_TIGHT, "equals-tight", "space around \"=\" makes a challenge unread")
PLAIN(EMPTY_MEMBER_STOPS, "empty-member-stops",
      "an empty member of the list makes a challenge unread")
PLAIN(TABS_UNREAD, "tabs-unread", "a tab makes a challenge unread")
PLAIN(EXTRA_STOPS, "unknown-parameter-stops", "an unknown parameter makes a challenge unread")
PLAIN(CHALLENGE_CUT, "challenge-cut", "a field is cut at 1,024 characters")

/* --- challenges over time --- */
PLAIN(STALE_IGNORED, "stale-ignored", "stale=true ends the call like a wrong password")
PLAIN(STALE_CASE, "stale-case", "stale is known in lower case only")
PLAIN(LOOPS_ON_401, "loops-on-401", "each refusal is answered again, twenty times")
PLAIN(HUGE_LOOPS, "huge-challenge-loops", "a challenge too long for it is asked for ten times more")
PLAIN(TRIES_TWICE, "tries-twice", "refused credentials are sent once more")
PLAIN(POLLS_AFTER_REFUSAL, "polls-after-refusal", "refused, it goes on with the next call")
PLAIN(LOOPS_ON_STALE, "loops-on-stale", "stale=true is answered as often as it comes")
PLAIN(CACHED_NONCE, "cached-nonce-for-ever", "the first nonce is used for ever")
PLAIN(NO_REUSE, "no-reuse", "each call starts without credentials")
PLAIN(NEXTNONCE_IGNORED, "nextnonce-ignored", "nextnonce is not looked at")
PLAIN(NEXTNONCE_COUNT, "nextnonce-count-kept", "nc goes on under a nextnonce")
PLAIN(RSPAUTH_IGNORED, "rspauth-ignored", "an answer with a wrong rspauth is believed")
PLAIN(INFO_UNQUOTED, "info-quotes-unread",
      "an Authentication-Info with a quoted qop is taken for one of a stranger")
PLAIN(FORBIDDEN_REPEATED, "forbidden-repeated", "a 403 is followed by the same request, twice")
PLAIN(ENDS_WELL_ALWAYS, "ends-well-always", "the command says that it succeeded, refused or not")
PLAIN(ENDS_BADLY_ON_401, "ends-badly-on-401",
      "the command says that it failed when there was a 401 before the grant")

/* --- Basic, and passwords in clear --- */
PLAIN(PREEMPTIVE_BASIC, "preemptive-basic", "the first request has Basic credentials")
PLAIN(BASIC_WHEN_DIGEST, "basic-when-digest-offered", "Basic is taken though Digest is offered")
PLAIN(BASIC_AFTER_DIGEST, "basic-after-digest-failed", "refused by Digest, it tries Basic")
PLAIN(BASIC_UNASKED, "basic-unasked", "a challenge that it does not know is answered by Basic")
PLAIN(BOTH_AUTHORIZATIONS, "both-authorizations", "Digest and Basic go in two Authorization fields")
PLAIN(BASIC_NO_COLON, "basic-colon-lost", "name and password have no colon between them")
PLAIN(BASIC_LATIN1, "basic-latin1", "Basic credentials are Latin-1 under charset=\"UTF-8\"")
PLAIN(BASIC_WRAPPED, "basic-wrapped", "Base64 is wrapped at 76 characters by a tab")
PLAIN(BASIC_URL_SAFE, "basic-url-safe", "Base64 has the alphabet of URLs")
PLAIN(BASIC_EMPTY_NO_COLON, "basic-empty-colon-lost", "an empty password loses its colon")
PLAIN(BASIC_COLON_IN_NAME, "basic-colon-in-name", "a name with a colon is sent by Basic")
PLAIN(BASIC_CONTROL, "basic-control-sent", "control characters are sent by Basic")
PLAIN(BASIC_CUT_COLON, "basic-cut-at-colon", "a password is cut at a colon")
PLAIN(PASSWORD_IN_QUERY, "password-in-query", "name and password are appended to the query")
PLAIN(USERINFO_IN_TARGET, "userinfo-in-target", "the request line is an URL with name and password")
PLAIN(TEMPLATE_FIRST, "template-credentials-first",
      "the first request has Digest credentials of a template")

/* --- the request --- */
PLAIN(OTHER_ORIGIN, "credentials-to-other-origin",
      "a redirect to another origin is followed with credentials")
PLAIN(REDIRECT_STALE_URI, "redirect-header-kept",
      "a redirect is followed with the same credentials, wherever it leads")
PLAIN(BODY_LOST, "body-lost-on-retry", "the request with credentials has no body")
PLAIN(METHOD_CHANGED, "method-changed-on-retry", "the request with credentials is a GET")
PLAIN(QUERY_LOST, "query-lost-on-retry", "the request with credentials has no query")
PLAIN(LENGTH_MISSING, "content-length-missing", "a body has no Content-Length")
PLAIN(CLOSED_CONNECTION, "writes-on-closed-connection",
      "a connection that the device closes after a 401 ends the call")

PLAIN(EXPECT_STOPS, "expect-final-stops",
      "a final answer in place of 100 Continue ends the call, though nothing was sent")
PLAIN(EXPECT_PIPELINES, "expect-next-request-in-body",
      "behind such an answer the next request goes where the content was announced")
PLAIN(EXPECT_WITHOUT_CONTENT, "expect-without-content", "every request has Expect: 100-continue")
PLAIN(EXPECT_417_STOPS, "expect-417-gives-up", "417 ends the call")
PLAIN(EXPECT_417_AGAIN, "expect-417-again", "behind 417 the request is sent again with Expect")
PLAIN(EXPECT_WAITS, "expect-waits-for-ever", "without 100 Continue the content is never sent")

/* --- tokens: WS-Security UsernameToken --- */
ONVIF(TOKEN_NONCE_UNDECODED, "token-nonce-undecoded", "the Base64 text of the nonce is hashed")
ONVIF(TOKEN_NONCE_REUSED, "token-nonce-reused", "all tokens have the nonce of the first")
ONVIF(TOKEN_NONCE_PER_SECOND, "token-nonce-per-second", "the nonce is made from the second")
ONVIF(TOKEN_NONCE_SHORT, "token-nonce-short", "the nonce has four octets")
ONVIF(TOKEN_NONCE_MISSING, "token-nonce-missing", "a token has no Nonce")
ONVIF(TOKEN_CREATED_MISSING, "token-created-missing", "a token has no Created")
ONVIF(TOKEN_CREATED_HOST, "token-created-host-clock", "Created is of the client's clock")
ONVIF(TOKEN_CREATED_LOCAL, "token-created-local", "Created is local time with a Z behind it")
ONVIF(TOKEN_CREATED_ZONE, "token-created-zone", "Created has the offset of a zone")
ONVIF(TOKEN_CREATED_NO_ZONE, "token-created-no-zone", "Created has no Z")
ONVIF(TOKEN_CREATED_FINE, "token-created-fine", "Created has nine decimals of a second")
ONVIF(TOKEN_CREATED_PADDED, "token-created-padded",
      "Created is hashed with the white space that stands around it")
ONVIF(TIMESTAMP_TWICE, "timestamp-twice", "there are two Timestamps")
ONVIF(TIMESTAMP_EXPIRES_FIRST, "timestamp-expires-first", "Expires stands before Created")
ONVIF(TIMESTAMP_EXPIRED, "timestamp-expired", "a Timestamp expires before it was created")
ONVIF(TIMESTAMP_HOST, "timestamp-host-clock", "the Timestamp is of the client's clock")
ONVIF(TOKEN_HEX, "token-digest-hex", "the password digest is written in hex before its Base64")
ONVIF(TOKEN_ORDER, "token-digest-order", "Created is hashed before the nonce")
ONVIF(TOKEN_SHA256, "token-digest-sha256", "the password digest is a SHA-256")
ONVIF(TOKEN_TEXT, "token-text", "a token has the password in clear")
ONVIF(TOKEN_NO_TYPE, "token-no-type", "Password has no Type")
ONVIF(TOKEN_WRONG_TYPE, "token-wrong-type", "the Type of Password is no URI")
ONVIF(TOKEN_WRONG_ENCODING, "token-wrong-encoding", "Nonce says that it is HexBinary")
ONVIF(TOKEN_WRONG_NAMESPACE, "token-wrong-namespace", "Security is in the namespace of a draft")
ONVIF(TOKEN_CREATED_WSSE, "token-created-in-wsse", "Created is in the namespace of Security")
ONVIF(TOKEN_NAME_LAST, "token-name-last", "Username is the last child of its token")
ONVIF(TOKEN_TWICE, "token-twice", "Security has two UsernameTokens")
ONVIF(SECURITY_TWICE, "security-twice", "there are two Security headers")
ONVIF(TOKEN_AND_DIGEST, "token-and-digest", "Digest credentials and a token go together")
ONVIF(TOKEN_ONLY, "token-only", "Digest challenges are answered by a token")
ONVIF(TOKEN_FIRST, "token-before-digest", "a token is sent where Digest would do as well")
ONVIF(TEXT_FIRST, "text-before-digest",
      "a token with the password in clear is sent where Digest would do")
ONVIF(TOKEN_ELSEWHERE, "token-to-other-origin",
      "a redirect to another origin is followed with a token")
ONVIF(TOKEN_AFTER_DIGEST, "token-after-digest-failed", "refused by Digest, it tries a token")
ONVIF(TOKEN_UNASKED, "token-unasked", "each request has a token, asked for or not")
ONVIF(TOKEN_NEVER, "token-never", "a device that takes tokens only is given up")
ONVIF(TOKEN_LATIN1, "token-latin1", "the password is hashed as Latin-1")
ONVIF(XML_UNESCAPED, "xml-unescaped", "the name is not escaped in XML")

/* --- ONVIF --- */
ONVIF(TOKEN_ON_TIME, "token-on-time-request", "GetSystemDateAndTime has a token")
ONVIF(TIME_NEVER_ASKED, "time-never-asked", "GetSystemDateAndTime is not asked")
ONVIF(CLOCK_CACHED, "clock-cached-for-ever", "the device's clock is asked once, and never again")
ONVIF(CLOCK_RETRY_BLIND, "clock-asked-in-vain",
      "refused, it asks for the time again and does not use it")
ONVIF(TIME_CHALLENGED_STOPS, "time-challenged-stops",
      "a device that challenges GetSystemDateAndTime is given up")
ONVIF(NO_UTC_EPOCH, "no-utc-as-epoch", "a missing UTCDateTime is read as the year 1970")
ONVIF(DAYLIGHT_SUBTRACTED, "daylight-subtracted", "in summer time an hour is taken off UTCDateTime")
ONVIF(FIXED_PREFIX, "fixed-prefix-in-response", "answers are read with the prefix s only")
ONVIF(FAULT_TEXT, "fault-text-matched",
      "a fault is known by its words \"Sender not Authorized\" only")
ONVIF(BODY_FIRST, "body-before-status", "a 401 whose body is no SOAP ends the call")
ONVIF(FAULT_LOOP, "loops-on-fault", "a refused token is followed by nine others")
ONVIF(ADDRESSING_TWICE, "addressing-twice", "WS-Addressing headers come twice")
ONVIF(ENVELOPE_LOST, "envelope-lost-on-retry", "the request with credentials has no envelope")
ONVIF(SOAP_TYPE_11, "soap-text-xml", "an envelope of SOAP 1.2 goes as text/xml")
ONVIF(SOAP_EXPECT_STOPS, "soap-expect-final-stops",
      "an envelope that is answered before it was sent ends the call")
ONVIF(SOAP_11, "soap-11", "the envelope is that of SOAP 1.1")
