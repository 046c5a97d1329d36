"""digest.json, continued: which challenge is answered, how it is spelt, and what cannot be."""
from common import H, request, response
from digest import RFC, challenge, params, right, wrong

FIRST = b'Digest realm="Sarix", nonce="40348f31eb8ea656bdf1d4704b054064", '
LISTS = "RFC 9110 11.6.1; written by vectors/generate"


def choices():
    d, sha = request(), request(algorithm="SHA-256")
    md5 = challenge(d)
    other = b'Newauth realm="apps", type=1, title="Login to \\"apps\\""'
    unknown = FIRST + b'qop="auth", algorithm=FOO-1'
    for name, headers in [
            ("basic-first", [b'Basic realm="Sarix"', md5]), ("basic-last", [md5, b'Basic realm="Sarix"']),
            ("basic-first-one-field", [b'Basic realm="Sarix", ' + md5]),
            ("other-first", [other, md5]), ("other-first-one-field", [other + b", " + md5]),
            ("token68-first", [b"Negotiate YWJj", md5]), ("token68-one-field", [b"Negotiate YWJj==, " + md5]),
            ("bare-first", [b"Negotiate", md5]), ("inside-string", [
                b'Basic realm="Digest realm=\\"x\\", nonce=\\"y\\"", ' + md5])]:
        yield right(f"digest.choice.{name}", d, LISTS, ["Choice"], headers=headers)
    for name, headers in [("two-fields", [unknown, md5]), ("one-field", [unknown + b", " + md5])]:
        yield right(f"digest.choice.unknown-algorithm.{name}", d, "RFC 7616 3.3, 3.7; written by "
                    "vectors/generate", ["Choice"], "a challenge whose algorithm is unknown is left out",
                    headers)
    for name, headers in [("two-fields", [challenge(sha), md5]), ("one-field", [challenge(sha) + b", " + md5])]:
        yield right(f"digest.choice.sha-256-first.{name}", sha, "RFC 7616 3.7 (the first) and 5.6 (the "
                    "strongest) agree; written by vectors/generate", ["Choice", "Sha256"], headers=headers)


def qops():
    d, both = request(), request(body=b"<a/>")
    alternatives = {"params": params(both), "or": [params({**both, "qop": "auth-int"})]}
    for name, text in [("list", b'"auth,auth-int"'), ("list-space", b'"auth, auth-int"'),
                       ("list-swapped", b'"auth-int,auth"'), ("list-spaces", b'"auth-int , auth"'),
                       ("list-empty-member", b'"auth,,auth-int"')]:
        yield right(f"digest.qop.{name}", both, "RFC 7616 3.3; written by vectors/generate", ["QopList"],
                    "a client may take either", [FIRST + b"qop=" + text], **alternatives)
    for name, text in [("unknown-last", b'"auth,token"'), ("unknown-first", b'"auth-conf,auth"'),
                       ("prefix", b'"auth-integrity,auth"')]:
        yield right(f"digest.qop.{name}", d, "RFC 7616 3.3: unrecognized options are ignored; written by "
                    "vectors/generate", ["QopList"], headers=[FIRST + b"qop=" + text])
    yield right("digest.qop.token", d, "RFC 9110 11.2; written by vectors/generate", ["Spelling"],
                "recipients accept both notations", [FIRST + b"qop=auth"])


def spellings():
    d = request()
    named = request(named=True)
    nonce = b"40348f31eb8ea656bdf1d4704b054064"
    for name, header in [
            ("scheme-lower", challenge(d).replace(b"Digest", b"digest")),
            ("scheme-upper", challenge(d).replace(b"Digest", b"DIGEST")),
            ("names-upper", b'Digest REALM="Sarix", NONCE="' + nonce + b'", QOP="auth"'),
            ("order", b'Digest qop="auth", nonce="' + nonce + b'", realm="Sarix"'),
            ("no-space", b'Digest realm="Sarix",nonce="' + nonce + b'",qop="auth"'),
            ("many-spaces", b'Digest   realm="Sarix"  ,   nonce="' + nonce + b'" ,\tqop="auth"'),
            ("space-around-equals", b'Digest realm = "Sarix", nonce\t=\t"' + nonce + b'", qop= "auth"'),
            ("empty-members", b'Digest realm="Sarix",, nonce="' + nonce + b'", ,qop="auth",'),
            ("realm-token", b'Digest realm=Sarix, nonce="' + nonce + b'", qop="auth"'),
            ("nonce-token", b'Digest realm="Sarix", nonce=' + nonce + b', qop="auth"'),
            ("needless-escapes", b'Digest realm="\\S\\a\\r\\i\\x", nonce="' + nonce + b'", qop="auth"'),
            ("unknown-params", challenge(d, extra=b', foo=bar, x-realm="other", n="1"')),
            ("params-in-string", challenge(d, extra=b', title="nonce=\\"x\\", qop=\\"auth-int\\", realm=y"')),
            ("domain", challenge(d, extra=b', domain="/onvif http://192.0.2.1/media"')),
            ("stale", challenge(d, extra=b", stale=TRUE")),
            ("stale-quoted", challenge(d, extra=b', stale="false"')),
            ("long-param", challenge(d, extra=b', x="' + b"y" * 4000 + b'"'))]:
        yield right(f"digest.spelling.{name}", d, "RFC 9110 11.2; written by vectors/generate",
                    ["Spelling"], headers=[header])
    for name, text in [("lower", b"md5"), ("upper", b"MD5"), ("quoted", b'"MD5"')]:
        yield right(f"digest.spelling.algorithm-{name}", named, "RFC 7616 3.3; written by vectors/generate",
                    ["Spelling"], headers=[challenge(d, extra=b", algorithm=" + text)])
    for text in (b"sha-256", b'"SHA-256"'):
        sha = request(algorithm="SHA-256")
        name = "quoted" if b'"' in text else "lower"
        yield right(f"digest.spelling.sha-256-{name}", sha, "RFC 7616 3.3; written by vectors/generate",
                    ["Spelling", "Sha256"], headers=[challenge(sha, algorithm=False, extra=b", algorithm=" + text)])


def forms():
    d = request(named=True, opaque="a1b2", algorithm="SHA-256")
    strings = ["username", "realm", "nonce", "uri", "response", "cnonce", "opaque"]
    yield right("digest.form.quoted", d, "RFC 7616 3.4: these are generated as quoted-string", ["Form"],
                quoted=strings, token=[])
    yield right("digest.form.token", d, "RFC 7616 3.4: these are not generated as quoted-string", ["Form"],
                quoted=[], token=["algorithm", "qop", "nc"])
    old = request(qop="", named=True)
    yield right("digest.form.quoted-no-qop", old, "RFC 7616 3.4; RFC 2617 3.2.2", ["Form", "NoQop"],
                quoted=["username", "realm", "nonce", "uri", "response"], token=[])
    yield right("digest.form.token-md5", request(named=True), "RFC 7616 3.4; RFC 2617 3.2.2", ["Form"],
                quoted=[], token=["algorithm", "qop", "nc"])


def unanswerable():
    d = request()
    for name, header, why in [
            ("no-nonce", b'Digest realm="Sarix", qop="auth"', "RFC 7616 3.3"),
            ("no-realm", b'Digest nonce="40348f31", qop="auth"', "RFC 7616 3.3"),
            ("unknown-algorithm", FIRST + b'qop="auth", algorithm=FOO-1', "RFC 7616 3.3"),
            ("unknown-algorithm-sess", FIRST + b'qop="auth", algorithm=FOO-sess', "RFC 7616 3.3"),
            ("algorithm-prefix", FIRST + b'qop="auth", algorithm=MD5x', "RFC 7616 3.3"),
            ("only-basic", b'Basic realm="Sarix"', "RFC 9110 11.3"),
            ("only-other", b'Newdigest realm="Sarix", nonce="40348f31"', "RFC 9110 11.3"),
            ("in-a-string", b'Newauth title="Digest realm=\\"Sarix\\", nonce=\\"1\\""', "RFC 9110 11.2")]:
        yield wrong(f"digest.unanswerable.{name}", d, f"{why}; written by vectors/generate",
                    ["Unanswerable"], headers=[header])


def mistakes():
    """Answers that must not come: each is what one mistake gives."""
    d = request()
    query = request(uri="/a?b=c", method="GET")
    for name, base, change, flag in [
            ("get-for-post", d, {"method": "GET"}, "Method"), ("query-dropped", query, {"uri": "/a"}, "UriAsSent"),
            ("uri-decoded", request(uri="/a%20b"), {"uri": "/a b"}, "UriAsSent"),
            ("realm-escaped", request(realm='a"b'), {"realm": 'a\\"b'}, "Escapes"),
            ("name-escaped", request(username="a\\b"), {"username": "a\\\\b"}, "Escapes"),
            ("password-cut-at-colon", request(password="a:b"), {"password": "a"}, "Delimiters"),
            ("password-trimmed", request(password=" ab "), {"password": "ab"}, "Whitespace"),
            ("password-latin1", request(password="p\u00e4ss"), {"password": b"p\xe4ss"}, "Charset"),
            ("md5-for-sha-256", request(algorithm="SHA-256"), {"algorithm": "MD5"}, "Sha256"),
            ("sha-256-for-sha-512-256", request(algorithm="SHA-512-256"), {"algorithm": "SHA-256"}, "Sha512_256"),
            ("sess-ignored", request(algorithm="MD5-sess"), {"algorithm": "MD5"}, "Sess"),
            ("empty-body-hashed", request(qop="auth-int", body=b"<a/>"), {"body": b""}, "AuthInt"),
            ("body-cut-at-nul", request(qop="auth-int", body=b"a\0b"), {"body": b"a"}, "BinaryBody"),
            ("nc-decimal", request(nc="0000000a"), {"nc": "00000010"}, "Nc"),
            ("nc-upper", request(nc="0000000a"), {"nc": "0000000A"}, "Nc"),
            ("nonce-decoded", request(nonce="YWJj"), {"nonce": "abc"}, "NonceAsSent"),
            ("qop-ignored", d, {"qop": ""}, "NoQop"),
            ("userhash-in-a1", d, {"username": H("MD5", "admin", "Sarix")}, "Userhash")]:
        yield wrong(f"digest.mistake.{name}", base, RFC, [flag], "the value that this mistake gives",
                    response=response({**base, **change}))
