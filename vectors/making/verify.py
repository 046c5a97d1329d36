"""digest-verify.json: what a server decides on a whole Authorization value."""
import re

from common import (H, SARIX, TEXTS, accounts, combine, fields, ha1, ha2, octets, quoted, request, response,
                    rspauth, vector)
from digest import ALGORITHMS, RFC, alg_flags, known_request, text_flag

NOTES = {
    "Known": ("agreement with headers that others published or sent", "two programs do not meet"),
    "Algorithms": ("an algorithm or qop that was offered is not computed as RFC 7616 3.4 says",
                   "clients that choose it cannot log in"),
    "Spelling": ("the header is searched for fixed text rather than parsed (RFC 9110 11.2)",
                 "clients that write it in another way cannot log in"),
    "Text": ("names, passwords or realms are changed before they are hashed",
             "accounts with such characters cannot log in"),
    "Userhash": ("the hashed name is not looked up, or goes into A1 (RFC 7616 3.4.4)",
                 "clients that hide the name cannot log in"),
    "UserStar": ("username* is not read (RFC 7616 3.4, RFC 8187)", "names outside ASCII cannot log in"),
    "UriSame": ("uri is compared octet for octet where it names the same resource (RFC 3986 6.2.2)",
                "clients behind proxies cannot log in"),
    "Rspauth": ("rspauth is computed with the request's method (RFC 7616 3.5)",
                "clients that check it break off"),
    "Response": ("only a part of response, or nothing of it, is compared", "anybody can log in"),
    "Missing": ("a missing parameter is taken as empty or as what was expected (RFC 7616 3.4)",
                "the server's own checks are passed by"),
    "Password": ("the password does not decide", "anybody can log in"),
    "Account": ("the account that is hashed is another than the one that is granted",
                "one account opens another"),
    "Method": ("the method of the request is not what is hashed",
               "a captured GET is good for a DELETE"),
    "UriOther": ("uri is not compared with the request line (RFC 7616 3.4.6)",
                 "a captured header opens every other resource"),
    "Realm": ("the realm is taken from the header", "an answer made for another realm is accepted"),
    "NotOffered": ("a qop or algorithm is taken that was not offered (RFC 7616 3.4)",
                   "an attacker chooses the weakest that the server knows"),
    "Body": ("auth-int is taken without hashing the body", "the body can be replaced on the way"),
    "NcForm": ("nc is not checked for its form (RFC 2617 3.2.2: 8LHEX)",
               "one count has many spellings, which defeats replay detection"),
    "HexForm": ("response is not checked for its form (RFC 2617 3.2.2: 32LHEX; RFC 7616 3.4)",
                "one answer has many spellings; in C, memory behind it is compared"),
    "Both": ("username and username* are accepted together (RFC 7616 3.4: an error)",
             "one name is checked, the other is granted"),
    "Duplicate": ("a parameter that comes twice is taken once (RFC 9110 11.2)",
                  "two parsers on the way see two different requests"),
    "Inner": ("the hashes within are taken in another form than lower-case hex",
              "what is accepted is not what clients send"),
    "NulCut": ("values are compared as C strings, up to their first NUL",
               "an account whose password has a NUL is open to its first part"),
    "Printed": ("a header printed in a specification or sent by a program is wrong",
                "software that is made to accept it accepts an error"),
    "Broken": ("a header that breaks the grammar is read as far as it goes (RFC 9110 11.4)",
               "filters in front of the server see something else"),
}
NAMES = ["username", "realm", "nonce", "uri", "response", "algorithm", "opaque", "qop", "nc", "cnonce"]
TOKENS = {"algorithm", "qop", "nc", "userhash", "username*"}


def params(d, **changes):
    """The parameters as they are written; a change to None leaves one out."""
    out = {name: d[name] for name in NAMES if name in d and d[name] != ""}
    if not d["qop"]:
        for name in ("nc", "qop", *(() if d["algorithm"].endswith("-sess") else ("cnonce",))):
            out.pop(name, None)
    for name in ("username", "realm", "nonce"):
        out[name] = d[name]
    out["response"] = response(d)
    out.update(changes)
    return {name: out[name] for name in [n for n in NAMES if n in out] + [
        n for n in out if n not in NAMES] if out[name] is not None}


def header(values, comma=b", ", equals=b"="):
    written = [octets(n) + equals + (octets(v) if n in TOKENS else quoted(v)) for n, v in values.items()]
    return b"Digest " + comma.join(written)


def decision(name, result, d, value, flags, source=RFC, comment="", known=None, expected=None, **server):
    about = {"method": d["method"], "uri": d["uri"], "realm": d["realm"], "nonce": d["nonce"],
             "opaque": d.get("opaque")}
    about.update({k: v for k, v in server.items() if k not in ("qop", "algorithms", "body")})
    body = server.get("body", d["body"])
    return vector(name, source, result, flags, comment, **fields(authorization=value, **about),
                  **({"body_hex": octets(body).hex()} if body else {}),
                  qop=server.get("qop", [d["qop"]] if d["qop"] else []),
                  algorithms=server.get("algorithms", [d["algorithm"]]),
                  accounts=accounts(*(known or [(d["username"], d["password"])])),
                  **({"expected": expected} if expected else {}))


def good(name, d, flags, value=None, **more):
    return decision(f"digest-verify.good.{name}", "valid", d, value or header(params(d)), flags, **more)


def bad(name, d, flags, value, **more):
    return decision(f"digest-verify.bad.{name}", "invalid", d, value, flags, **more)


# --- what others published or sent ---

def known(rows):
    for row in rows:
        name = f"digest-verify.known.{row['id']}"
        if row["kind"] == "literal":
            d = request(method="INVITE", uri="sip:x", qop="", username="u", password="p", realm="r", nonce="n")
            yield decision(name, "invalid", d, header(params(d, response=row["value"], algorithm=None)),
                           ["HexForm", "Printed"], row["source"],
                           f"a response of {len(row['value'])} digits; the rest of the header is ours")
            continue
        d = known_request(row)
        server = {"opaque": (re.findall(r'opaque="([^"]*)"', row.get("header", "")) or [None])[0]}
        if row["kind"] == "rspauth" and not row.get("sasl"):
            d["method"] = d["method"] or "GET"
            assert rspauth(d) == row["value"], name
            yield decision(name, "valid", d, header(params(d)), ["Known", "Rspauth"], row["source"],
                           expected={"rspauth": row["value"]})
        elif "header" in row and row["kind"] == "response":
            yield decision(name, "valid" if row["right"] else "invalid", d, row["header"],
                           ["Known"] if row["right"] else ["Printed"], row["source"], **server)
        elif row["id"] in ("sofia-indigo", "rfc4590-6-invite", "rfc4590-6-get", "rfc2069-2.4-as-printed",
                           "rfc7616-3.9.2-response-as-printed", "sofia-test1-header", "drbrain-nc0"):
            late = {"nc": None, "cnonce": None} if row["id"].startswith("rfc4590") else {}
            yield decision(name, "invalid", d, header(params(d, response=row["value"], **late)),
                           ["NcForm" if "nc0" in row["id"] or "indigo" in row["id"] else "Printed"],
                           row["source"])
        elif row["id"] in ("sarix", "rfc2617-3.5", "rfc7616-3.9.1-md5", "rfc7616-3.9.1-sha256",
                           "rfc2069-2.4-errata749", "rfc7616-3.9.2-response-corrected"):
            d.pop("username_sent", None)
            yield decision(name, "valid", d, header(params(d)), ["Known"], row["source"])


# --- right ones ---

def matrix():
    for algorithm in ALGORITHMS:
        low = algorithm.lower()
        for qop in ("", "auth", "auth-int"):
            if qop or not algorithm.endswith("-sess"):
                d = request(algorithm=algorithm, qop=qop, body=b"<a>\0\xff</a>" if qop == "auth-int" else b"")
                yield good(f"{low}.{qop or 'no-qop'}", d, ["Algorithms"], comment=(
                    "a server that offers no qop (RFC 2617 3.2.1)" if not qop else ""),
                    expected={"rspauth": rspauth(d)} if qop == "auth" else None)
        d = request(algorithm=algorithm)
        yield good(f"{low}.userhash", d, ["Userhash"], header(params(
            d, username=H(algorithm, d["username"], d["realm"]), userhash="true")), known=[
                ("other", "x"), (d["username"], d["password"])], source="RFC 7616 3.4.4; written by vectors/generate")
    d = request(qop="auth-int")
    yield good("auth-int.empty-body", d, ["Algorithms"])
    yield good("algorithm-absent", SARIX, ["Algorithms"], header(params(SARIX, algorithm=None)),
               source="RFC 7616 3.3: MD5 is assumed; written by vectors/generate")
    yield good("second-algorithm", request(algorithm="SHA-256"), ["Algorithms"], algorithms=["MD5", "SHA-256"])
    yield good("second-qop", request(qop="auth-int", body=b"x"), ["Algorithms"], qop=["auth", "auth-int"])
    yield good("later-request", request(nc="00000002"), ["Algorithms"])
    yield good("opaque", request(opaque='a"b\\c=='), ["Text"])


def texts():
    for name, value in TEXTS + [("colon", "a:b")]:
        if name != "colon":
            yield good(f"username.{name}", request(username=value), ["Text"], known=[("x", "y"), (value, "secure")])
        yield good(f"password.{name}", request(password=value), ["Text"])
        if text_flag(name) in ("Escapes", "Delimiters", "Charset", "Latin1"):
            yield good(f"realm.{name}", request(realm=value), ["Text"])
    star = request(username="J\u00e4s\u00f8n Doe")
    for name, text in [("upper", "UTF-8''J%C3%A4s%C3%B8n%20Doe"), ("lower", "utf-8''J%c3%a4s%c3%b8n%20Doe"),
                       ("language", "UTF-8'de'J%C3%A4s%C3%B8n%20Doe")]:
        yield good(f"username-star.{name}", star, ["UserStar"], header({"username*": text, **params(
            star, username=None)}), source="RFC 7616 3.4, RFC 8187 3.2; written by vectors/generate")


def spellings():
    d, base = request(), header(params(request()))
    full = params(d)
    for name, value in [
            ("scheme-lower", base.replace(b"Digest", b"digest")), ("scheme-upper", base.replace(b"Digest", b"DIGEST")),
            ("no-space", header(full, b",")), ("many-spaces", header(full, b" ,  ")), ("tabs", header(full, b"\t,\t")),
            ("space-around-equals", header(full, equals=b" = ")), ("two-spaces", base.replace(b"Digest ", b"Digest  ")),
            ("order", header(dict(reversed(list(full.items()))))),
            ("names-upper", header({k.upper(): v for k, v in full.items() if k not in TOKENS}) +
             b", QOP=auth, NC=00000001, ALGORITHM=MD5"),
            ("qop-quoted", base.replace(b"qop=auth", b'qop="auth"')),
            ("nc-quoted", base.replace(b"nc=00000001", b'nc="00000001"')),
            ("algorithm-quoted", base.replace(b"algorithm=MD5", b'algorithm="MD5"')),
            ("algorithm-lower", base.replace(b"algorithm=MD5", b"algorithm=md5")),
            ("response-token", base.replace(quoted(full["response"]), octets(full["response"]))),
            ("username-token", base.replace(b'"admin"', b"admin")),
            ("needless-escapes", base.replace(b'"admin"', b'"\\a\\d\\min"')),
            ("unknown-param", base + b', foo="bar, qop=auth-int"'), ("unknown-token", base + b", foo=bar"),
            ("empty-members", header(full, b", , "))]:
        yield good(f"spelling.{name}", d, ["Spelling"], value, source="RFC 9110 11.1, 11.2, 5.6.1, 5.6.4; written by "
                   "vectors/generate")
    for name, uri, target in [
            ("absolute", "http://192.0.2.1/onvif/device_service", "/onvif/device_service"),
            ("unreserved", "/%6Fnvif", "/onvif"), ("escape-case", "/a%2fb", "/a%2Fb")]:
        yield good(f"uri.{name}", request(uri=uri), ["UriSame"], uri=target, source="RFC 7616 3.4.6: the same "
                   "resource, RFC 3986 6.2.2; hashed as sent; written by vectors/generate")
    for name, uri in [("query", "/a?b=c&d=%20e"), ("query-empty", "/a?"), ("quote", '/a"b'), ("star", "*"),
                      ("rtsp", "rtsp://192.0.2.1/a?b/trackID=1"), ("1k", "/" + "abcdefgh" * 128)]:
        yield good(f"uri.{name}", request(uri=uri, method="OPTIONS"), ["UriSame"])


# --- wrong ones ---

def secrets():
    d = SARIX
    for name, change, flag in [
            ("password", {"password": "secur3"}, "Password"), ("password-empty", {"password": ""}, "Password"),
            ("password-case", {"password": "Secure"}, "Password"), ("password-longer", {"password": "secure "}, "Password"),
            ("method", {"method": "GET"}, "Method"), ("method-empty", {"method": ""}, "Method"),
            ("method-case", {"method": "post"}, "Method"), ("realm-hashed", {"realm": "sarix"}, "Realm"),
            ("nonce-hashed", {"nonce": "x"}, "Response"), ("nc-hashed", {"nc": "1"}, "NcForm"),
            ("nc-other-hashed", {"nc": "00000002"}, "Response"), ("cnonce-hashed", {"cnonce": ""}, "Response"),
            ("qop-quoted-hashed", {"qop": '"auth"'}, "Inner"), ("qop-not-hashed", {"qop": ""}, "Response"),
            ("uri-hashed", {"uri": "/"}, "UriOther"), ("name-hashed", {"username": "Admin"}, "Account"),
            ("name-not-hashed", {"username": ""}, "Account"), ("sess-hashed", {"algorithm": "MD5-sess"}, "Response"),
            ("newline-hashed", {"password": "secure\n"}, "Password")]:
        yield bad(f"hash.{name}", d, [flag], header(params(d, response=response({**d, **change}))))
    upper = combine(d, ha1(d).upper(), ha2(d).upper())
    yield bad("hash.inner-upper", d, ["Inner"], header(params(d, response=upper)))
    yield bad("hash.ha1-as-password", d, ["Inner"], header(params(d, response=response({**d, "password": ha1(d)}))))
    yield bad("hash.rspauth", d, ["Method"], header(params(d, response=rspauth(d))),
              comment="what the server itself sent back")
    other = request(username="viewer", password="view")
    both = [("admin", "secure"), ("viewer", "view")]
    yield bad("account.other-password", d, ["Account"], header(params(
        d, response=response({**d, "password": "view"}))), known=both)
    yield bad("account.hashed-as-other", d, ["Account"], header(params(other, username="admin")), known=both)
    yield bad("account.unknown", d, ["Account"], header(params(request(username="nobody", password=""))))
    yield bad("account.unknown-empty", d, ["Account"], header(params(request(username="", password=""))))
    yield bad("account.nul", request(password="secure"), ["NulCut"], header(params(d)), known=[
        ("admin", b"secure\0more")], comment="the password of the account goes on behind a NUL")
    plain = request(username=H("MD5", "admin", "Sarix"))
    yield bad("account.userhash-in-a1", d, ["Userhash"], header({**params(plain), "userhash": "true"}))
    yield bad("account.userhash-unknown", d, ["Userhash"], header(params(
        d, username=H("MD5", "nobody", "Sarix"), userhash="true")))
    yield bad("account.userhash-not-said", d, ["Userhash"], header(params(d, username=H("MD5", "admin", "Sarix"))))


def shapes():
    d, full = SARIX, params(SARIX)
    improper = "RFC 7616 3.4, RFC 2617 3.2.2: improper or missing parameters get a 4xx; written by vectors/generate"
    for name in ("username", "realm", "nonce", "uri", "response", "cnonce", "nc"):
        yield bad(f"missing.{name}", d, ["Missing"], header(params(d, **{name: None})), source=improper)
    yield bad("missing.everything", d, ["Missing"], b"Digest", source=improper)
    yield bad("missing.empty-response", d, ["Response"], header(params(d, response="")), source=improper)
    r = full["response"]
    for name, value in [("short", r[:31]), ("one-digit", r[:1]), ("long", r + "0"), ("twice", r + r),
                        ("upper", r.upper()), ("spaces", " " + r + " "), ("letter", r[:31] + "g"),
                        ("zeros", "0" * 32), ("hex-prefix", "0x" + r), ("base64", "TH/tiYx+VliWyZ37FTxJMg==")]:
        yield bad(f"response.{name}", d, ["HexForm"], header(params(d, response=value)), source=improper)
    for name, nc in [("short", "1"), ("nine", "000000001"), ("upper", "0000000A"), ("zero", "00000000"),
                     ("letter", "0000000g"), ("empty", ""), ("signed", "-0000001"), ("prefix", "0x000001")]:
        yield bad(f"nc.{name}", d, ["NcForm"], header({**params(request(nc=nc)), "nc": nc}), source=improper,
                  comment="the hash is right for what is sent")
    full256 = request(algorithm="SHA-256")
    yield bad("response.half", full256, ["HexForm"], header(params(full256, response=response(full256)[:32])), source=improper)
    for name, change, server in [
            ("qop-auth-int", {"qop": "auth-int"}, {"qop": ["auth"]}), ("qop-unknown", {"qop": "auth-conf"}, {"qop": ["auth"]}),
            ("qop-case", {"qop": "token"}, {"qop": ["auth", "auth-int"]}),
            ("algorithm-md5", {}, {"algorithms": ["SHA-256"]}), ("algorithm-sess", {"algorithm": "MD5-sess"}, {"algorithms": ["MD5"]}),
            ("algorithm-sha-256", {"algorithm": "SHA-256"}, {"algorithms": ["MD5"]}),
            ("algorithm-sha-512-256", {"algorithm": "SHA-512-256"}, {"algorithms": ["MD5", "SHA-256"]})]:
        c = request(**change)
        yield bad(f"not-offered.{name.replace('qop-case', 'qop-other')}", c, ["NotOffered"], header(params(c)),
                  source="RFC 7616 3.4: one of what the server offered; written by vectors/generate", **server)
    yield bad("not-offered.algorithm-absent", d, ["NotOffered"], header(params(d, algorithm=None)),
              algorithms=["SHA-256"], source="RFC 7616 3.3: absent means MD5, which was not offered; written by vectors/generate")
    yield bad("not-offered.algorithm-unknown", d, ["NotOffered"], header(params(d, algorithm="FOO")))
    sha = request(algorithm="SHA-256")
    yield bad("not-offered.algorithm-named-wrongly", d, ["NotOffered"], header(params(sha, algorithm="MD5")),
              algorithms=["MD5", "SHA-256"])
    for name, uri, target in [("path", "/", d["uri"]), ("longer", d["uri"] + "/x", d["uri"]), ("query-dropped", "/a", "/a?b=c"),
                              ("query-other", "/a?b=d", "/a?b=c"), ("query-added", "/a?b=c", "/a"),
                              ("case", "/Onvif/device_service", d["uri"]), ("encoded-slash", "/a%2Fb", "/a/b"),
                              ("host-only", "192.0.2.1", d["uri"])]:
        yield bad(f"uri.{name}", request(uri=uri), ["UriOther"], header(params(request(uri=uri))), uri=target,
                  source="RFC 7616 3.4.6; written by vectors/generate", comment="the hash is right for what is sent")
    yield bad("realm.other", request(realm="Other"), ["Realm"], header(params(request(realm="Other"))), realm="Sarix",
              comment="the hash is right for what is sent")
    body = request(qop="auth-int", body=b"<a/>")
    for name, seen in [("changed", b"<b/>"), ("empty", b""), ("longer", b"<a/>\n"), ("nul", b"<a/>\0x")]:
        yield bad(f"body.{name}", body, ["Body"], header(params(body)), body=seen, source="RFC 7616 3.4.3; written by "
                  "vectors/generate")
    yield bad("username.both", d, ["Both"], header({"username*": "UTF-8''admin", **full}), source="RFC 7616 3.4; written by "
              "vectors/generate")
    yield bad("username.star-charset", d, ["Both"], header({"username*": "ISO-8859-1''admin", **params(d, username=None)}),
              source="RFC 7616 3.4: UTF-8 only, RFC 8187 3.2; written by vectors/generate")
    once = "RFC 9110 11.2: each name once; written by vectors/generate"
    base = header(full)
    for name, more in [("username", b', username="viewer"'), ("response", b', response="' + b"0" * 32 + b'"'), ("uri", b', uri="/"'),
                       ("nonce", b', nonce="x"'), ("case", b', Username="viewer"')]:
        yield bad(f"duplicate.{name}", d, ["Duplicate"], base + more, source=once)
    for name, value in [("open-string", base[:-1]), ("no-scheme", base[7:]), ("basic", base.replace(b"Digest", b"Basic")),
                        ("other-scheme", base.replace(b"Digest", b"Digestx")), ("two", base + b", " + base), ("only-scheme", b"Digest "),
                        ("junk", base.replace(b", ", b", ;", 1)), ("no-quotes-end", base.replace(b'"admin"', b'"admin')),
                        ("token68", b"Digest YWRtaW46c2VjdXJl")]:
        yield bad(f"broken.{name}", d, ["Broken"], value, source="RFC 9110 11.2, 11.4; written by vectors/generate")


def file(rows):
    group = lambda about, *parts: {"operation": "digest.verify", "about": about,
                                   "tests": [test for part in parts for test in part]}
    return {"about": "Decisions of a Digest server, RFC 7616 and RFC 2617.", "notes": NOTES, "groups": [
        group("published and captured headers", known(rows)),
        group("right credentials: algorithms", matrix()), group("right credentials: text", texts()),
        group("right credentials: spelling", spellings()), group("wrong hashes and accounts", secrets()),
        group("wrong shapes, and right hashes for something else", shapes())]}
