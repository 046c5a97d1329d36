"""digest.json: answers of a client to a challenge."""
from common import (H, SARIX, TEXTS, fields, ha1, ha2, octets, quoted, request, response, rspauth,
                    vector)

NOTES = {
    "NoQop": ("the qop branch is taken although the challenge offers none, or the other way round",
              "devices that speak RFC 2069 refuse every login"),
    "Sess": ("A1 of -sess is computed like that of the plain algorithm, or over raw octets in place of "
             "hex digits (RFC 2617, errata 1649)", "every login with a -sess challenge fails"),
    "SessLater": ("the nonce count goes into A1 of -sess, or A1 is thrown away between requests",
                  "the first request is accepted, the second is not"),
    "AuthInt": ("the body is left out of A2, or another body is hashed than is sent",
                "requests with a body are refused, or the body is not protected at all"),
    "EmptyBody": ("auth-int without a body hashes nothing in place of the hash of nothing",
                  "GET requests are refused"),
    "BinaryBody": ("the body passes through text: cut at NUL, or converted between charsets",
                   "uploads and images are refused"),
    "Sha256": ("an algorithm other than MD5 is answered with MD5",
               "devices set to SHA-256 refuse every login"),
    "Sha512_256": ("SHA-512-256 is read as SHA-512 cut short, or as SHA-256 (RFC 7616, errata 4897)",
                   "no login works with software that follows FIPS 180-4"),
    "Charset": ("names and passwords are converted to Latin-1, or not to UTF-8",
                "accounts with letters outside ASCII cannot log in"),
    "Latin1": ("octets above 127 that are no UTF-8 are dropped or replaced",
               "accounts of older devices cannot log in"),
    "Normalised": ("text is normalised where no charset was agreed",
                   "the account that was made on the device is not the one that is asked for"),
    "Escapes": ("quotes and backslashes are hashed with their quoting backslash, or sent without it",
                "the realm, name or nonce that is hashed is another than the server's"),
    "Delimiters": ("colons, commas or equals signs in a value are taken as structure",
                   "passwords with such characters fail, or parameters can be injected"),
    "Percent": ("percent signs are decoded, or used as a format string",
                "logins fail; in C, memory can be read"),
    "Markup": ("characters of XML, forms or shells are encoded on the way",
               "passwords with such characters fail"),
    "Whitespace": ("white space in a value is trimmed or folded", "such passwords and realms fail"),
    "EmptyValue": ("an empty value is taken as a missing one", "logins without a password fail"),
    "Long": ("a fixed buffer cuts a long value", "logins fail; in C, memory can be overwritten"),
    "UriAsSent": ("uri is decoded, re-encoded, or loses its query before it is hashed",
                  "requests with a query or escapes are refused"),
    "UriForm": ("a request target other than a path is turned into one",
                "RTSP, proxies and OPTIONS * fail"),
    "Method": ("GET is hashed for every method, or the method's case is changed",
               "POST, and with it all of SOAP, is refused"),
    "Nc": ("nc is written in decimal, without zeros, in upper case, or overflows",
           "the tenth request with a nonce is refused"),
    "Cnonce": ("cnonce is re-encoded or cut", "logins fail at random"),
    "NonceAsSent": ("the nonce is decoded, trimmed or cut before it is hashed", "logins fail"),
    "Opaque": ("opaque is dropped, decoded, or sent although there was none",
               "servers that keep their state in it refuse"),
    "Choice": ("the first challenge is taken, or the last, whether understood or not",
               "no login where a server offers several challenges"),
    "QopList": ("qop is compared as a whole, or sent back as the list",
                "no login where auth and auth-int are both offered"),
    "Spelling": ("the challenge is searched for fixed text rather than parsed",
                 "no login with servers that write it in another way"),
    "Userhash": ("the hashed name goes into A1, or the wrong algorithm hashes it (RFC 7616 3.4.4)",
                 "no login where userhash is asked for"),
    "Form": ("parameters are quoted that must not be, or the other way round (RFC 7616 3.4)",
             "strict servers refuse"),
    "Unanswerable": ("a challenge is answered that cannot be (no nonce, an unknown algorithm)",
                     "a hash of the password is sent that proves nothing and can be attacked"),
    "Printed": ("a value is taken from a document whose example is wrong",
                "software is made to agree with an error"),
    "Sasl": ("the -sess formula of SASL (RFC 2831) is used for HTTP", "no login with -sess"),
    "Known": ("agreement with answers that others published or sent", "two programs do not meet"),
}
ALGORITHMS = ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"]


def alg_flags(algorithm):
    name = algorithm.upper()
    return [flag for flag, part in (("Sess", "-SESS"), ("Sha512_256", "SHA-512-256")) if part in name
            ] + (["Sha256"] if name.startswith("SHA-256") else [])


def challenge(d, algorithm=True, extra=b""):
    """The challenge that d answers."""
    out = b"Digest realm=" + quoted(d["realm"]) + b", nonce=" + quoted(d["nonce"])
    if d["qop"]:
        out += b", qop=" + quoted(d["qop"])
    if algorithm and d.get("named", d["algorithm"] != "MD5"):
        out += b", algorithm=" + octets(d["algorithm"])
    if "opaque" in d:
        out += b", opaque=" + quoted(d["opaque"])
    return out + extra


def params(d):
    """What a correct client sends for d."""
    out = fields(username=d.get("username_sent", d["username"]), realm=d["realm"], nonce=d["nonce"],
                 uri=d["uri"], response=response(d))
    if d.get("named", d["algorithm"] != "MD5"):
        out["algorithm"] = d["algorithm"]
    if "opaque" in d:
        out.update(fields(opaque=d["opaque"]))
    if d["qop"]:
        out.update(fields(qop=d["qop"], nc=d["nc"], cnonce=d["cnonce"]))
    if "username_sent" in d:
        out["userhash"] = "true"
    return out


def inputs(d, headers=None):
    out = fields(www_authenticate=headers or [challenge(d)], username=d["username"],
                 password=d["password"], method=d["method"], uri=d["uri"])
    if d["body"]:
        out["body_hex"] = octets(d["body"]).hex()
    return {**out, **fields(cnonce=d["cnonce"], nc=d["nc"])}


def right(name, d, source, flags=(), comment="", headers=None, **expected):
    return vector(name, source, "valid", flags, comment, **inputs(d, headers),
                  expected=expected or {"params": params(d)})


def wrong(name, d, source, flags, comment="", headers=None, **values):
    more = {"expected": {"params": values}} if values else {}
    return vector(name, source, "invalid", flags, comment, **inputs(d, headers), **more)


def group(about, tests):
    return {"operation": "digest.respond", "about": about, "tests": tests}


# --- what others published ---

def known_request(row):
    d = request(**{k: "" for k in ("qop", "nc", "cnonce")},
                **{k: "x" for k in ("username", "realm", "password")}, method="GET", uri="/",
                nonce="nonce")
    d.update({k: row[k] for k in d if k in row})
    if "body_hex" in row:
        d["body"] = bytes.fromhex(row["body_hex"])
    if not d["nc"]:
        d["nc"], d["cnonce"] = "00000001", d["cnonce"] or "0a4f113b"
    d["named"] = "algorithm" in row
    if row.get("userhash"):
        d["username_sent"] = H(d["algorithm"], d["username"], d["realm"])
    return d


PARTS = {"response": lambda d: response(d), "ha1": ha1, "ha2": ha2, "rspauth": rspauth,
         "bodyhash": lambda d: H(d["algorithm"], d["body"]),
         "userhash": lambda d: H(d["algorithm"], d["username"], d["realm"])}


def known_vector(row):
    d = known_request(row)
    if row["kind"] == "userhash":
        d.update(qop="auth", password="Circle Of Life", username_sent=PARTS["userhash"](d))
    elif row["kind"] in ("ha1", "bodyhash"):
        d["qop"] = "auth" if row["kind"] == "ha1" else "auth-int"
    agrees = PARTS[row["kind"]](d) == row["value"]
    assert agrees == row["right"], row["id"]
    name = "digest.sarix" if row["id"] == "sarix" else f"digest.known.{row['id']}"
    extra = b", userhash=true" if "username_sent" in d else b""
    headers = [challenge(d, extra=extra)]
    flags = ["Known", *alg_flags(d["algorithm"])] + (["AuthInt"] if d["qop"] == "auth-int" else [])
    if "username_sent" in d:
        flags.append("Userhash")
    if row["right"]:
        what = {"response": ""}.get(row["kind"], f"the {row['kind']} within is {row['value']}")
        return right(name, d, row["source"], flags, what, headers)
    flags = ["Sasl"] if row.get("sasl") else ["Printed", *flags[1:]]
    value = {"username": row["value"]} if row["kind"] == "userhash" else {"response": row["value"]}
    return wrong(name, d, row["source"], flags, "not the answer: it belongs to other inputs, or to "
                 "another formula", headers, **value)


def in_digest(row):
    """A user-id with a colon, nc of nine digits, and rspauth stand elsewhere or nowhere."""
    return (row["kind"] in PARTS and row["kind"] != "rspauth" and row.get("method") != ""
            and ":" not in row.get("username", "") and len(row.get("nc", "0" * 8)) == 8)


# --- generated ---

RFC = "RFC 7616 3.4; written by vectors/generate"
TEXT_FLAGS = [("empty", "EmptyValue"), ("space", "Whitespace"), ("tab", "Whitespace"),
              ("quote", "Escapes"), ("backslash", "Escapes"), ("percent", "Percent"),
              ("comma", "Delimiters"), ("looks", "Delimiters"), ("equals", "Delimiters"),
              ("colon", "Delimiters"), ("latin1", "Latin1"), ("octets", "Latin1"), ("255", "Long"),
              ("1k", "Long"), ("decomposed", "Normalised"), ("umlaut", "Charset"),
              ("euro", "Charset"), ("cjk", "Charset"), ("emoji", "Charset"), ("arabic", "Charset")]


def text_flag(name):
    return next((flag for start, flag in TEXT_FLAGS if name.startswith(start)), "Markup")


def matrix():
    bodies = [("none", b""), ("soap", b"<s:Envelope/>"), ("binary", bytes(range(256))),
              ("nul-first", b"\0secret"), ("crlf", b"a\r\nb\r\n"), ("1k", b"0123456789abcdef" * 64)]
    for algorithm in ALGORITHMS:
        low, flags = algorithm.lower(), alg_flags(algorithm)
        d = request(algorithm=algorithm, named=True)
        yield right(f"digest.{low}.auth", d, RFC, flags)
        yield right(f"digest.{low}.auth-get", {**d, "method": "GET", "uri": "/"}, RFC, flags)
        yield right(f"digest.{low}.auth-body", {**d, "body": b"<a/>"}, RFC, flags,
                    "with auth the body is not hashed")
        if not algorithm.endswith("-sess"):
            yield right(f"digest.{low}.no-qop", {**d, "qop": ""}, "RFC 2617 3.2.2.1; written by "
                        "vectors/generate", [*flags, "NoQop"])
        for name, body in bodies:
            more = "EmptyBody" if not body else "BinaryBody" if b"\0" in body else "AuthInt"
            yield right(f"digest.{low}.auth-int-{name}", {**d, "qop": "auth-int", "body": body}, RFC,
                        [*flags, *dict.fromkeys(("AuthInt", more))])
    yield right("digest.md5.not-named", request(), RFC, [], "no algorithm means MD5")


def texts():
    extra = [("colon", "a:b"), ("colon-first", ":ab"), ("colon-last", "ab:"), ("colons", "::")]
    for what in ("username", "password", "realm"):
        for name, value in TEXTS + (extra if what != "username" else []):
            d = request(**{what: value})
            yield right(f"digest.{what}.{name}", d, RFC, [text_flag(name)])
    for name, value in TEXTS:
        if text_flag(name) in ("Charset", "Latin1", "Escapes", "EmptyValue", "Normalised"):
            d = request(algorithm="SHA-256", username=value, password=value, realm=value)
            yield right(f"digest.sha-256.all.{name}", d, RFC, ["Sha256", text_flag(name)])
    d = request(username="J\u00e4s\u00f8n", password="p\u00e4ss\u20ac")
    yield right("digest.charset.utf-8", d, "RFC 7616 4; written by vectors/generate", ["Charset"],
                "charset=UTF-8 is asked for", [challenge(d, extra=b", charset=UTF-8")])


def nonces():
    values = [("base64", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v=="), ("one", "1"),
              ("empty", ""), ("colon", "1627567:31f7bffca3fc"), ("space", "a b"), ("comma", "a,b"),
              ("equals", "a=b"), ("percent", "ab%lu%20"), ("quote", 'a"b'), ("backslash", "a\\b"),
              ("uuid", "{0f8fad5b-d9cb-469f-a165-70867728950e}"), ("1k", "0123456789abcdef" * 64),
              ("upper", "ABCDEF0123456789"), ("utf8", "n\u00f6nce")]
    for name, value in values:
        for algorithm in ("MD5", "SHA-256-sess"):
            low = algorithm.lower()
            d = request(nonce=value, algorithm=algorithm)
            yield right(f"digest.nonce.{low}.{name}", d, RFC,
                        ["NonceAsSent", *alg_flags(algorithm), *(["Escapes"] if name in (
                            "quote", "backslash") else [])])
    for name, value in values[:6] + values[7:12]:
        if name not in ("empty", "utf8"):
            yield right(f"digest.cnonce.{name}", request(cnonce=value), RFC, ["Cnonce"])
    for name, value in values[:5] + values[7:12]:
        d = request(opaque=value)
        yield right(f"digest.opaque.{name}", d, RFC, ["Opaque"], "opaque is sent back unchanged")


def uris():
    values = [("root", "/"), ("query", "/a?b=c&d=e"), ("query-empty", "/a?"), ("query-uri", "/a?u=http://x/y?z"),
              ("escape-space", "/a%20b"), ("escape-lower", "/a%2fb"), ("escape-upper", "/a%2Fb"),
              ("escape-unreserved", "/%7Ea/%41"), ("escape-quote", "/a%22b"), ("escape-utf8", "/%C3%A4"),
              ("plus", "/a+b?c+d"), ("semicolon", "/a;b=c"), ("comma", "/a,b"), ("colon", "/a:b:c"),
              ("dots", "/a/../b/./c"), ("slashes", "//a//b"), ("equals", "/a==="), ("at", "/@a!$'()*"),
              ("1k", "/" + "0123456789abcdef" * 64)]
    for name, value in values:
        yield right(f"digest.uri.{name}", request(uri=value, method="GET"), RFC, ["UriAsSent"])
    for name, value in values[1:7]:
        d = request(uri=value, qop="", algorithm="SHA-256", method="GET")
        yield right(f"digest.uri.sha-256.{name}", d, RFC, ["UriAsSent", "Sha256", "NoQop"])
    forms = [("absolute", "GET", "http://192.0.2.1/onvif/device_service"), ("asterisk", "OPTIONS", "*"),
             ("authority", "CONNECT", "192.0.2.1:443"), ("rtsp", "DESCRIBE", "rtsp://192.0.2.1:554/profile1"),
             ("rtsp-track", "SETUP", "rtsp://192.0.2.1:554/profile1?key=val/trackID=3"),
             ("rtsp-slash", "PLAY", "rtsp://192.0.2.1:554/profile1/"), ("sip", "REGISTER", "sip:192.0.2.1")]
    for name, method, value in forms:
        yield right(f"digest.uri.{name}", request(uri=value, method=method), RFC, ["UriForm"])
    for method in ("GET", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "M-SEARCH", "get"):
        yield right(f"digest.method.{method.lower()}{'-lower' if method == 'get' else ''}",
                    request(method=method), RFC, ["Method"])


def counts():
    for nc in ("00000002", "00000009", "0000000a", "0000000f", "00000010", "000000ff", "00000100",
               "0000ffff", "00abcdef", "7fffffff", "80000000", "ffffffff"):
        for algorithm in ("MD5", "SHA-256"):
            d = request(nc=nc, algorithm=algorithm)
            yield right(f"digest.nc.{algorithm.lower()}.{nc}", d, RFC, ["Nc", *alg_flags(algorithm)])
    for algorithm in ALGORITHMS[1::2]:
        for nc in ("00000001", "00000002", "00000003", "0000000a"):
            for qop in ("auth", "auth-int"):
                d = request(nc=nc, algorithm=algorithm, qop=qop, body=b"<a/>" if qop != "auth" else b"")
                yield right(f"digest.session.{algorithm.lower()}.{qop}-{int(nc, 16)}", d, RFC, [
                    "SessLater", *alg_flags(algorithm)],
                    "a later request of a session that keeps its cnonce, which all readings of "
                    "RFC 2617 3.2.2.2 and RFC 7616 3.4.2 allow" if nc != "00000001" else "")


def userhashes():
    users = [("ascii", "admin"), ("umlaut", "J\u00e4s\u00f8n Doe"), ("quote", 'a"b'), ("space", "a b"),
             ("empty", "")]
    for algorithm in ALGORITHMS:
        for name, user in users:
            d = request(username=user, algorithm=algorithm, username_sent=H(algorithm, user, SARIX["realm"]))
            yield right(f"digest.userhash.{algorithm.lower()}.{name}", d, "RFC 7616 3.4.4; written by "
                        "vectors/generate", ["Userhash", *alg_flags(algorithm)], "A1 keeps the plain name",
                        [challenge(d, extra=b", userhash=true")])
    d = request()
    yield right("digest.userhash.false", d, "RFC 7616 3.3; written by vectors/generate", ["Userhash"],
                "userhash=false asks for the plain name", [challenge(d, extra=b", userhash=false")])
