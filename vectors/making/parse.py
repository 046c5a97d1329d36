"""www-authenticate.json: challenges in field values."""
from common import field, is_text, octets, vector

NOTES = {
    "Spelling": ("the value is searched for fixed text, or split at every comma (RFC 9110 11.2)",
                 "no login with servers that write it in another way"),
    "ListSyntax": ("empty list members or several fields are not read as one list (RFC 9110 5.3, 5.6.1)",
                   "a challenge is missed, or a parameter goes to the wrong one"),
    "ManyChallenges": ("the end of a challenge is not found where the next begins (RFC 9110 11.6.1)",
                       "the wrong scheme is taken, or none"),
    "QuotedString": ("commas, schemes or equals signs inside a quoted-string are taken as structure",
                     "a server can put a challenge of its own into a realm"),
    "Escapes": ("quoted pairs are left in, or a quote in a value ends it (RFC 9110 5.6.4)",
                "another realm is hashed than the server's"),
    "Token68": ("a token68 is read as a parameter, or its padding as one (RFC 9110 11.2)",
                "Negotiate and NTLM hide the challenges behind them"),
    "Octets": ("octets above 127 are converted or dropped", "another realm is hashed than the server's"),
    "EmptyValue": ("an empty quoted-string is taken as missing", "a usable challenge is thrown away"),
    "Duplicate": ("a name that comes twice is taken once (RFC 9110 11.2: it must not)",
                  "two parsers see two different realms"),
    "Broken": ("what breaks the grammar is guessed at", "an answer is computed for a realm that nobody sent"),
    "Long": ("a fixed buffer cuts a long value", "the wrong realm or nonce is hashed; in C, memory can be overwritten"),
    "Known": ("agreement with the examples of the specifications", "two programs do not meet"),
}
RFC = "RFC 9110 11.2, 11.6.1; written by vectors/generate"


def value(v):
    return octets(v).decode() if is_text(v) else {"hex": octets(v).hex()}


def scheme(name, *pairs, token68=None):
    if token68 is not None:
        return {"scheme": name, "token68": token68}
    return {"scheme": name, "params": [[k, value(v)] for k, v in pairs]}


def case(name, values, challenges, flags, source=RFC, comment="", result="valid"):
    values = values if isinstance(values, list) else [values]
    return vector(f"challenge.{name}", source, result, flags, comment, **field("fields", values),
                  expected={"challenges": challenges})


def broken(name, values, flags, left=(), source=RFC, comment=""):
    return case(name, values, list(left), flags, source, comment, "invalid")


FOO = scheme("Basic", ("realm", "foo"))


def spellings():
    for name, text in [
            ("plain", 'Basic realm="foo"'), ("upper", 'BASIC REALM="foo"'), ("lower", 'basic realm="foo"'),
            ("mixed", 'bAsIc rEaLm="foo"'), ("token", "Basic realm=foo"), ("bws", 'Basic realm = "foo"'),
            ("bws-tabs", 'Basic realm\t=\t"foo"'), ("bws-before", 'Basic realm ="foo"'), ("bws-behind", 'Basic realm= "foo"'),
            ("bws-token", "Basic realm = foo"), ("spaces", 'Basic    realm="foo"'), ("space-behind", 'Basic realm="foo"  '),
            ("space-before", ' \tBasic realm="foo"')]:
        yield case(f"spelling.{name}", text, [FOO], ["Spelling"])
    for name, text in [("first", 'Basic , realm="foo"'), ("last", 'Basic realm="foo",'),
                       ("leading", ', Basic realm="foo"'), ("many", ', ,, Basic realm="foo" , ,')]:
        yield case(f"list.empty-{name}", text, [FOO], ["ListSyntax"], "RFC 9110 5.6.1, 11.2; written by vectors/generate")
    three = [("realm", "foo"), ("bar", "xyz"), ("a", "b")]
    yield case("list.empty-between", 'Basic realm="foo", bar="xyz",, a=b,', [scheme("Basic", *three)], ["ListSyntax"])
    yield case("list.no-spaces", 'Basic realm="foo",bar="xyz",a=b', [scheme("Basic", *three)], ["ListSyntax"])
    yield case("list.tabs", 'Basic realm="foo"\t,\tbar="xyz"\t,a=b', [scheme("Basic", *three)], ["ListSyntax"])
    yield case("list.order", 'Basic bar="xyz", realm="foo"', [scheme("Basic", ("bar", "xyz"), ("realm", "foo"))], ["Spelling"])


def strings():
    for name, raw, meant, flag in [
            ("needless-escapes", rb"\f\o\o", "foo", "Escapes"), ("quotes", rb"\"foo\"", '"foo"', "Escapes"),
            ("quote-inside", rb"a\"b", 'a"b', "Escapes"), ("backslash", rb"a\\b", "a\\b", "Escapes"),
            ("backslash-last", rb"a\\", "a\\", "Escapes"), ("backslash-quote", rb"a\\\"b", 'a\\"b', "Escapes"),
            ("backslash-n", rb"a\nb", "anb", "Escapes"), ("two-backslashes", rb"\\\\", "\\\\", "Escapes"),
            ("empty", b"", "", "EmptyValue"), ("space", b" ", " ", "QuotedString"),
            ("spaces-around", b" foo ", " foo ", "QuotedString"), ("tab", b"a\tb", "a\tb", "QuotedString"),
            ("comma", b"a, b", "a, b", "QuotedString"), ("comma-last", b"a,", "a,", "QuotedString"),
            ("equals", b"a=b", "a=b", "QuotedString"), ("scheme", b'Digest realm=x', "Digest realm=x", "QuotedString"),
            ("challenge", rb"a, Basic realm=\"b\"", 'a, Basic realm="b"', "QuotedString"),
            ("semicolon", b"a;b", "a;b", "QuotedString"), ("apostrophe", b"it's", "it's", "QuotedString"),
            ("percent", b"100%41", "100%41", "QuotedString"), ("markup", b"<a>&amp;", "<a>&amp;", "QuotedString"),
            ("encoded-word", b"=?UTF-8?Q?a?=", "=?UTF-8?Q?a?=", "QuotedString"),
            ("utf8", "\u00e9\u20ac\U0001f511".encode(), "\u00e9\u20ac\U0001f511", "Octets"), ("latin1", b"caf\xe9", b"caf\xe9", "Octets"),
            ("octets", bytes(range(0x80, 0x100)), bytes(range(0x80, 0x100)), "Octets"),
            ("1k", b"0123456789abcdef" * 64, "0123456789abcdef" * 64, "Long"), ("8k", b"x" * 8192, "x" * 8192, "Long")]:
        yield case(f"string.{name}", b'Basic realm="' + raw + b'"', [scheme("Basic", ("realm", meant))], [flag],
                   "RFC 9110 5.6.4; written by vectors/generate")


def many():
    new = scheme("Newauth", ("realm", "apps"), ("type", "1"), ("title", 'Login to "apps"'))
    new_text = 'Newauth realm="apps", type=1, title="Login to \\"apps\\""'
    digest = scheme("Digest", ("realm", "r"), ("nonce", "n"), ("qop", "auth, auth-int"), ("algorithm", "MD5"))
    digest_text = 'Digest realm="r", nonce="n", qop="auth, auth-int", algorithm=MD5'
    basic = scheme("Basic", ("realm", "simple"))
    yield case("known.rfc9110-11.6.1", 'Basic realm="simple", ' + new_text, [basic, new], ["Known", "ManyChallenges"],
               "RFC 9110 11.6.1")
    yield case("many.swapped", new_text + ', Basic realm="simple"', [new, basic], ["ManyChallenges"])
    yield case("many.two-fields", [new_text, 'Basic realm="simple"'], [new, basic], ["ListSyntax", "ManyChallenges"])
    yield case("many.digest-basic", digest_text + ', Basic realm="simple"', [digest, basic], ["ManyChallenges"])
    yield case("many.basic-digest", 'Basic realm="simple", ' + digest_text, [basic, digest], ["ManyChallenges"])
    yield case("many.no-spaces", 'Basic realm="simple",' + digest_text, [basic, digest], ["ManyChallenges"])
    yield case("many.empty-between", 'Basic realm="simple", , ,' + digest_text, [basic, digest], ["ManyChallenges", "ListSyntax"])
    yield case("many.same-scheme", 'Basic realm="a", Basic realm="b"', [scheme("Basic", ("realm", "a")), scheme("Basic", ("realm", "b"))],
               ["ManyChallenges"], "RFC 9110 11.5: challenges may share a scheme; written by vectors/generate")
    for n, algorithm in enumerate(("SHA-256", "MD5")):
        first = "SHA-256" if n == 0 else "MD5"
        last = "MD5" if n == 0 else "SHA-256"
        pair = [scheme("Digest", ("realm", "r"), ("nonce", "n"), ("algorithm", a)) for a in (first, last)]
        text = [f'Digest realm="r", nonce="n", algorithm={a}' for a in (first, last)]
        yield case(f"many.two-digests-{algorithm.lower()}", ", ".join(text), pair, ["ManyChallenges"])
        yield case(f"many.two-digests-{algorithm.lower()}-fields", text, pair, ["ManyChallenges", "ListSyntax"])
    yield case("many.five", ", ".join(f'S{i} p="{i}"' for i in range(5)), [scheme(f"S{i}", ("p", str(i))) for i in range(5)],
               ["ManyChallenges"])
    yield case("many.inside-string", 'Digest realm="a, Basic realm=\\"b\\"", nonce="n"', [scheme("Digest", (
        "realm", 'a, Basic realm="b"'), ("nonce", "n"))], ["QuotedString"])
    yield case("many.bare", "Negotiate, " + digest_text, [scheme("Negotiate"), digest], ["ManyChallenges"])
    yield case("many.bare-last", digest_text + ", Negotiate", [digest, scheme("Negotiate")], ["ManyChallenges"])
    yield case("many.bare-two", "NTLM, Negotiate", [scheme("NTLM"), scheme("Negotiate")], ["ManyChallenges"])
    yield case("many.bare-one", "Negotiate", [scheme("Negotiate")], ["Spelling"])


def tokens():
    basic = scheme("Basic", ("realm", "x"))
    for name, text in [("plain", "abc"), ("padding", "abc=="), ("one-padding", "abc="), ("base64", "TlRMTVNTUAACAAAA+/8="),
                       ("url", "a-b._~c"), ("slash", "/+/")]:
        yield case(f"token68.{name}", f"Newauth {text}", [scheme("Newauth", token68=text)], ["Token68"])
        yield case(f"token68.{name}-then-basic", f'Newauth {text}, Basic realm="x"', [scheme("Newauth", token68=text), basic],
                   ["Token68", "ManyChallenges"])
    yield case("token68.behind-basic", 'Basic realm="x", Newauth abc==', [basic, scheme("Newauth", token68="abc==")], ["Token68"])
    yield case("token68.one-param", "Newauth abc=x", [scheme("Newauth", ("abc", "x"))], ["Token68"], comment="no padding: a parameter")


def digests():
    for name, text, pairs, flag in [
            ("qop-space", 'Digest nonce="n", realm="r", qop="auth, auth-int", algorithm=MD5',
             [("nonce", "n"), ("realm", "r"), ("qop", "auth, auth-int"), ("algorithm", "MD5")], "QuotedString"),
            ("qop-token", 'Digest nonce="n", realm="r", qop=auth', [("nonce", "n"), ("realm", "r"), ("qop", "auth")], "Spelling"),
            ("stale-quoted", 'Digest realm="r", nonce="n", stale="TRUE"', [("realm", "r"), ("nonce", "n"), ("stale", "TRUE")], "Spelling"),
            ("nonce-empty", 'Digest realm="r", nonce="", qop="auth"', [("realm", "r"), ("nonce", ""), ("qop", "auth")], "EmptyValue"),
            ("nonce-base64", 'Digest realm="r", nonce="a/b+c==", opaque="=="', [("realm", "r"), ("nonce", "a/b+c=="), ("opaque", "==")],
             "QuotedString"),
            ("domain", 'Digest realm="r", domain="/a http://b/?c,d", nonce="n"', [("realm", "r"), ("domain", "/a http://b/?c,d"),
                                                                                 ("nonce", "n")], "QuotedString"),
            ("sarix", 'Digest realm="Sarix", qop="auth", nonce="40348f31eb8ea656bdf1d4704b054064", opaque=""',
             [("realm", "Sarix"), ("qop", "auth"), ("nonce", "40348f31eb8ea656bdf1d4704b054064"), ("opaque", "")], "EmptyValue")]:
        yield case(f"digest.{name}", text, [scheme("Digest", *pairs)], [flag])
    yield case("known.rfc7616-3.9.1", [
        'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
        'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'],
        [scheme("Digest", ("realm", "http-auth@example.org"), ("qop", "auth, auth-int"), ("algorithm", a),
                ("nonce", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"),
                ("opaque", "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")) for a in ("SHA-256", "MD5")], ["Known"], "RFC 7616 3.9.1")


def wrong():
    yield broken("duplicate.realm", 'Basic realm="a", realm="b"', ["Duplicate"])
    yield broken("duplicate.same", 'Basic realm="a", realm="a"', ["Duplicate"])
    yield broken("duplicate.case", 'Basic realm="a", REALM="b"', ["Duplicate"])
    yield broken("duplicate.nonce", 'Digest realm="a", nonce="b", nonce="c"', ["Duplicate"])
    yield broken("broken.comma-behind-scheme", 'Basic, realm="foo"', ["Broken", "ListSyntax"], [scheme("Basic")],
                 comment="two list members: a bare Basic, and a parameter of nothing")
    for name, text in [("open-string", 'Basic realm="'), ("open-string-text", 'Basic realm="foo'),
                       ("open-escape", 'Basic realm="foo\\"'), ("no-scheme", 'realm="foo"'), ("only-string", '"foo"'),
                       ("no-comma", 'Digest realm="a"nonce="b"'), ("equals-only", 'Basic ="foo"'), ("no-value", "Digest realm=, nonce=x"),
                       ("name-in-quotes", 'Basic "realm"="foo"'), ("semicolon", 'Basic realm="a"; charset="b"'),
                       ("junk-behind", 'Basic realm="a"b'), ("control", 'Basic realm="a\0b"'), ("single-quotes", "Digest realm='a b', nonce=c")]:
        yield broken(f"broken.{name}", text, ["Broken"])
    yield broken("broken.second-open", 'Basic realm="a", Digest realm="b', ["Broken"], [scheme("Basic", ("realm", "a"))],
                 comment="the first challenge may still be used")


def file(_rows):
    group = lambda about, tests: {"operation": "challenge.parse", "about": about, "tests": list(tests)}
    return {"about": "WWW-Authenticate field values and the challenges in them, RFC 9110 section 11.", "notes": NOTES, "groups": [
        group("spelling and list syntax", spellings()), group("quoted strings", strings()),
        group("several challenges", many()), group("token68", tokens()), group("Digest challenges", digests()),
        group("what must not be taken as a challenge", wrong())]}
