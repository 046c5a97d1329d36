"""usernametoken-verify.json: what a server decides on a whole envelope."""
import base64
import hashlib

from common import TEXTS, TYPES, accounts, b64, is_text, octets, password_digest, vector

NOTES = {
    "Known": ("agreement with answers that others published or sent", "two programs do not meet"),
    "Xml": ("the envelope is searched for fixed text rather than parsed (Namespaces in XML 1.0)",
            "clients that write it in another way cannot log in"),
    "Order": ("the children are expected in one order (secext 1.0: any)", "clients with another order cannot log in"),
    "Text": ("values are compared or hashed with their XML escapes, or changed before",
             "accounts with such characters cannot log in"),
    "Nonce": ("the nonce is not hashed as its octets (UTP 1.1 3.1)", "clients cannot log in"),
    "Created": ("Created is formatted again before it is hashed", "clients with milliseconds or an offset cannot log in"),
    "Password": ("the password does not decide", "anybody can log in"),
    "Account": ("the account that is hashed is another than the one that is granted", "one account opens another"),
    "Formula": ("a formula other than that of UTP 1.1 3.1 is accepted as well",
                "parts of the token are not protected"),
    "DigestForm": ("the digest is compared as a C string, in part, or after careless decoding",
                   "anybody can log in with a short or empty digest"),
    "Missing": ("a token without Nonce or Created is accepted (ONVIF Core 5.9.5, UTP 1.1 3.1)",
                "a captured token works for ever"),
    "Stale": ("Created is not compared with the clock (UTP 1.1 3.1)", "a captured token works for ever"),
    "CreatedForm": ("Created is not read as an xsd:dateTime", "a token without a time works for ever"),
    "Replay": ("used nonces are not remembered (UTP 1.1 3.1)", "a captured token works again"),
    "Type": ("Type is not compared as a whole URI, or its default is not plaintext (UTP 1.1 3.1)",
             "a digest or a plaintext is taken for the other"),
    "Plain": ("plaintext is accepted where only digests are (ONVIF Core 5.9.5)", "passwords are sent in the clear"),
    "Duplicate": ("a child comes twice and one of them is used (WS-I BSP 1.1 R4222, R4223, R4225)",
                  "one value is checked, the other used"),
    "Place": ("a token is found that does not stand in a Security header for this server (WSS 1.1 5)",
              "a signed or logged part is replaced by another"),
    "Namespace": ("elements are compared without their namespace", "what is no token is taken for one"),
    "Comment": ("only the first piece of a text is read, up to a comment", "a name that was checked elsewhere is cut to another"),
    "NotXml": ("what is no XML, or has a DTD, is read all the same (SOAP 1.2 part 1, 5)",
               "files of the server can be read; filters see something else"),
    "Printed": ("a printed value cannot be right", "software that is made to accept it accepts an error"),
}
SECEXT = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
UTILITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
BASE64 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
SOAP12, SOAP11 = "http://www.w3.org/2003/05/soap-envelope", "http://schemas.xmlsoap.org/soap/envelope/"
NOW = "2026-08-22T10:11:12Z"
NONCE = bytes.fromhex("2caa88e86fc08a428242b374cea64596")
BODY = '<GetUsers xmlns="http://www.onvif.org/ver10/device/wsdl"/>'
UTP = "UTP 1.1 3.1; written by vectors/generate"
DIGEST = ["PasswordDigest"]
BOTH = ["PasswordDigest", "PasswordText"]


def escape(text):
    for char, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#xD;")):
        text = text.replace(char, name)
    return text


def children(user="admin", password="secure", nonce=NONCE, created="2026-08-22T10:11:10Z", **raw):
    """The children of a right token, as raw XML; a keyword replaces one, None leaves it out."""
    digest = password_digest(nonce, created, password)
    made = {
        "username": f"<wsse:Username>{escape(user)}</wsse:Username>",
        "password": f'<wsse:Password Type="{TYPES}PasswordDigest">{digest}</wsse:Password>',
        "nonce": f'<wsse:Nonce EncodingType="{BASE64}">{b64(nonce)}</wsse:Nonce>',
        "created": f"<wsu:Created>{created}</wsu:Created>",
    }
    made.update({k.rstrip("_"): v for k, v in raw.items()})
    return [v for v in made.values() if v is not None]


def token(parts):
    return f"<wsse:UsernameToken>{''.join(parts)}</wsse:UsernameToken>"


def security(inner, attributes=' s:mustUnderstand="true"', ns=SECEXT, wsu=UTILITY):
    return (f'<wsse:Security{attributes} xmlns:wsse="{ns}" xmlns:wsu="{wsu}">'
            f"{inner}</wsse:Security>")


def envelope(header, body=BODY, soap=SOAP12):
    return (f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{soap}">'
            f"{header and f'<s:Header>{header}</s:Header>'}<s:Body>{body}</s:Body></s:Envelope>")


def usual(**changes):
    return envelope(security(token(children(**changes))))


def decision(name, result, xml, flags, source=UTP, comment="", known=(("admin", "secure"),), now=NOW, seen=(),
             types=tuple(DIGEST)):
    return vector(f"usernametoken-verify.{name}", source, result, flags, comment, envelope=xml, now=now,
                  accounts=accounts(*known), seen=list(seen), types=list(types))


def good(name, xml, flags, **more):
    return decision(f"good.{name}", "valid", xml, flags, **more)


def bad(name, xml, flags, **more):
    return decision(f"bad.{name}", "invalid", xml, flags, **more)


def plain(password, kind=' Type="' + TYPES + 'PasswordText"'):
    return f"<wsse:Password{kind}>{password}</wsse:Password>"


def known(rows):
    for row in rows:
        name = f"known.{row['id']}"
        if row["id"] == "oasis-utp-example":
            xml = usual(user="NNK", nonce=base64.b64decode(row["nonce_b64"]), created=row["created"],
                        password_=plain(row["value"], f' Type="{TYPES}PasswordDigest"'))
            yield decision(name, "invalid", xml, ["Printed"], row["source"], "22 octets are no SHA-1, whatever the "
                           "password", [("NNK", "password")], "2003-07-16T01:24:33Z")
        elif row["right"]:
            nonce = bytes.fromhex(row["nonce_hex"])
            user = row.get("username", "admin")
            now = row["created"].split(".")[0]
            now = now[:19] + "Z" if "+02:00" not in now else "2010-09-16T07:50:45Z"
            yield decision(name, "valid", usual(user=user, password=row["password"], nonce=nonce, created=row["created"]),
                           ["Known"], row["source"], "the envelope is ours", [(user, row["password"])], now)
    yield good("sarix", usual(), ["Known"], comment="the account of the Sarix example")


def writing():
    parts = children()
    for name, order in [("password-first", (1, 0, 2, 3)), ("created-first", (3, 2, 1, 0)), ("nonce-last", (0, 1, 3, 2)),
                        ("nonce-second", (0, 2, 3, 1))]:
        yield good(f"order.{name}", envelope(security(token([parts[i] for i in order]))), ["Order"], source="secext 1.0 "
                   "schema; written by vectors/generate")
    base = usual()
    for name, xml in [
            ("prefixes", base.replace("wsse:", "a:").replace(":wsse=", ":a=").replace("wsu:", "b:").replace(":wsu=", ":b=")),
            ("soap-prefix", base.replace("<s:", "<SOAP-ENV:").replace("</s:", "</SOAP-ENV:").replace("xmlns:s=", "xmlns:SOAP-ENV=").replace(
                " s:must", " SOAP-ENV:must")),
            ("default-namespace", base.replace("wsse:", "").replace("xmlns:wsse", "xmlns")),
            ("single-quotes", base.replace('"', "'")), ("no-declaration", base.split("?>", 1)[1]),
            ("spaces-between", base.replace("><", ">\n  <")), ("must-understand-1", base.replace('"true"', '"1"')),
            ("no-must-understand", base.replace(' s:mustUnderstand="true"', "")),
            ("no-encoding-type", base.replace(f' EncodingType="{BASE64}"', "")),
            ("token-id", base.replace("<wsse:UsernameToken>", '<wsse:UsernameToken wsu:Id="ut-1">')),
            ("foreign-attribute", base.replace("<wsse:Username>", '<wsse:Username x:y="z" xmlns:x="urn:x">')),
            ("declared-late", base.replace(f' xmlns:wsu="{UTILITY}"', "").replace("<wsu:Created>", f'<wsu:Created xmlns:wsu="{UTILITY}">')),
            ("cdata", base.replace("<wsse:Username>admin<", "<wsse:Username><![CDATA[admin]]><")),
            ("character-references", base.replace(">admin<", ">&#97;d&#x6d;in<")),
            ("comment-between", base.replace("<wsse:Nonce", "<!-- <wsse:Nonce>x</wsse:Nonce> --><wsse:Nonce")),
            ("processing-instruction", base.replace("<wsse:Nonce", "<?x y?><wsse:Nonce")),
            ("comment-in-name", base.replace(">admin<", ">ad<!-- -->min<")),
            ("soap-1.1", envelope(security(token(parts), ' s:mustUnderstand="1"'), soap=SOAP11)),
            ("role-next", base.replace(" s:must", f' s:role="{SOAP12}/role/next" s:must')),
            ("role-ultimate", base.replace(" s:must", f' s:role="{SOAP12}/role/ultimateReceiver" s:must')),
            ("timestamp-beside", envelope(security("<wsu:Timestamp><wsu:Created>2026-08-22T10:11:10Z</wsu:Created><wsu:Expires>"
                                                   "2026-08-22T10:16:10Z</wsu:Expires></wsu:Timestamp>" + token(parts)))),
            ("headers-beside", envelope('<a:To xmlns:a="http://www.w3.org/2005/08/addressing">urn:x</a:To>' + security(token(parts)))),
            ("header-for-others", envelope(security(token(parts)) + security(token(children(user="x")), f' s:role="{SOAP12}/role/none"'))),
            ("unknown-child", envelope(security(token([*parts, '<x:Extra xmlns:x="urn:x">1</x:Extra>']))))]:
        yield good(f"xml.{name}", xml, ["Xml" if "comment" not in name else "Comment"], source="Namespaces in XML 1.0, SOAP 1.2 "
                   "part 1, WSS 1.1 5; written by vectors/generate")


def values():
    for name, value in TEXTS:
        if is_text(value) and name not in ("tab", "spaces-around", "empty", "1k", "255"):
            text = octets(value).decode()
            yield good(f"text.{name}", usual(user=text, password=text), ["Text"], known=[("x", "y"), (text, text)])
    yield good("text.password-spaces-around", usual(password=" ab "), ["Text"], known=[("admin", " ab ")])
    yield good("text.password-empty", usual(password=""), ["Text"], known=[("admin", "")])
    yield good("text.password-1k", usual(password="0123456789abcdef" * 64), ["Text"], known=[("admin", "0123456789abcdef" * 64)])
    yield good("text.password-latin1", usual(password=b"caf\xe9"), ["Text"], known=[("admin", b"caf\xe9")])
    for name, nonce in [("one", b"\0"), ("nul-last", b"abcdefghijk\0\0\0\0\0"), ("nul-first", b"\0abcdefghijklmno"), ("22", bytes(range(22))),
                        ("64", bytes(range(64))), ("high", bytes([255] * 16)), ("text", b"0123456789abcdef")]:
        yield good(f"nonce.{name}", usual(nonce=nonce), ["Nonce"])
    for name, created in [("fraction-1", "2026-08-22T10:11:10.5Z"), ("fraction-3", "2026-08-22T10:11:10.000Z"),
                          ("offset", "2026-08-22T12:11:10+02:00"), ("offset-negative", "2026-08-22T05:41:10-04:30"),
                          ("offset-zero", "2026-08-22T10:11:10+00:00"), ("now", NOW), ("offset-other-day", "2026-08-23T00:11:10+14:00")]:
        yield good(f"created.{name}", usual(created=created), ["Created"])
    yield good("seen-others", usual(), ["Replay"], seen=[b64(b"0123456789abcdef"), b64(NONCE[:15])])
    for name, sent, meant in [("plain", "secure", "secure"), ("references", "a&amp;b&lt;", "a&b<"), ("cdata", "<![CDATA[a&b]]>", "a&b"),
                              ("umlaut", "p\u00e4ss", "p\u00e4ss")]:
        yield good(f"plaintext.{name}", usual(password_=plain(sent)), ["Text"], known=[("admin", meant)], types=BOTH)
    yield good("plaintext.no-type", usual(password_=plain("secure", "")), ["Type"], types=BOTH,
               comment="Type is PasswordText where it is absent")


def secrets():
    n, c, p = NONCE, "2026-08-22T10:11:10Z", "secure"
    kind = f' Type="{TYPES}PasswordDigest"'
    both = [("admin", "secure"), ("viewer", "view")]
    for name, change, flag in [("password", {"password": "secur3"}, "Password"), ("password-empty", {"password": ""}, "Password"),
                               ("password-case", {"password": "Secure"}, "Password"), ("unknown", {"user": "nobody"}, "Account"),
                               ("name-empty", {"user": ""}, "Account"), ("name-case", {"user": "Admin"}, "Account"),
                               ("other-account", {"user": "viewer"}, "Account"), ("other-password", {"password": "view"}, "Account")]:
        yield bad(f"secret.{name}", usual(**change), [flag], known=both)
    for name, parts in [("nonce-text", (b64(n), c, p)), ("no-nonce", ("", c, p)), ("no-created", (n, "", p)), ("only-password", ("", "", p)),
                        ("created-first", (c, n, p)), ("password-first", (p, n, c)), ("nonce-hex", (n.hex(), c, p)),
                        ("sha1-of-password", (n, c, hashlib.sha1(p.encode()).digest())), ("nonce-cut", (n[:8], c, p)),
                        ("created-ms", (n, "2026-08-22T10:11:10.000Z", p)), ("password-nul", (n, c, p + "\0"))]:
        yield bad(f"formula.{name}", usual(password_=plain(password_digest(*parts), kind)), ["Formula"])
    raw = n + c.encode() + p.encode()
    right = password_digest(n, c, p)
    for name, text in [("hex", hashlib.sha1(raw).hexdigest()), ("base64-of-hex", b64(hashlib.sha1(raw).hexdigest().encode())),
                       ("sha256", b64(hashlib.sha256(raw).digest())), ("md5", b64(hashlib.md5(raw).digest())), ("plain", p), ("empty", ""),
                       ("19-octets", b64(hashlib.sha1(raw).digest()[:19])), ("21-octets", b64(hashlib.sha1(raw).digest() + b"\0")),
                       ("first-character", right[:1]), ("twice", right + right), ("lower", right.lower()), ("zeros", b64(bytes(20))),
                       ("one-bit", b64(bytes([hashlib.sha1(raw).digest()[0] ^ 1]) + hashlib.sha1(raw).digest()[1:]))]:
        yield bad(f"digest.{name}", usual(password_=plain(text, kind)), ["DigestForm"])
    yield bad("formula.nul-password", usual(), ["DigestForm"], known=[("admin", "secure\0more")])


def shapes():
    for name in ("username", "password", "nonce", "created"):
        yield bad(f"missing.{name}", usual(**{name + "_": None}), ["Missing"], source="ONVIF Core 5.9.5, UTP 1.1 3.1; written by vectors/generate")
    parts = children()
    empty = password_digest(b"", "2026-08-22T10:11:10Z", "secure")
    kind = f' Type="{TYPES}PasswordDigest"'
    yield bad("missing.nonce-hashed-without", usual(nonce_=None, password_=plain(empty, kind)), ["Missing"])
    yield bad("missing.nonce-empty", usual(nonce_="<wsse:Nonce/>", password_=plain(empty, kind)), ["Missing"])
    late = password_digest(NONCE, "", "secure")
    yield bad("missing.created-hashed-without", usual(created_=None, password_=plain(late, kind)), ["Missing"])
    yield bad("missing.created-empty", usual(created_="<wsu:Created/>", password_=plain(late, kind)), ["Missing"])
    yield bad("missing.both", usual(nonce_=None, created_=None, password_=plain(password_digest("", "", "secure"), kind)), ["Missing"])
    for name, text in [("text", "yesterday"), ("month", "2026-13-22T10:11:10Z"), ("date", "2026-08-22"), ("unix", "1787393470"),
                       ("space", "2026-08-22 10:11:10Z"), ("second-60", "2026-08-22T10:10:60Z"), ("short", "2026-8-22T10:11:10Z"),
                       ("junk-behind", "2026-08-22T10:11:10Zx"), ("http-date", "Sat, 22 Aug 2026 10:11:10 GMT")]:
        yield bad(f"created.{name}", usual(created=text), ["CreatedForm"], source="XML Schema 2, 3.2.7; WS-I BSP 1.1 R3213; written by "
                  "vectors/generate")
    for name, text in [("day-ago", "2026-08-21T10:11:12Z"), ("year-ago", "2025-08-22T10:11:12Z"), ("1970", "1970-01-01T00:00:00Z"),
                       ("day-ahead", "2026-08-23T10:11:12Z"), ("year-ahead", "2027-08-22T10:11:12Z"),
                       ("offset-ago", "2026-08-22T10:11:12+14:00"), ("offset-ahead", "2026-08-22T10:11:12-12:00")]:
        yield bad(f"stale.{name}", usual(created=text), ["Stale"])
    yield bad("replay.same", usual(), ["Replay"], seen=[b64(NONCE)])
    yield bad("replay.one-of-many", usual(), ["Replay"], seen=[b64(b"0123456789abcdef"), b64(NONCE), b64(b"\0")])
    yield bad("replay.later-created", usual(created="2026-08-22T10:11:11Z"), ["Replay"], seen=[b64(NONCE)])
    yield bad("nonce.not-base64", usual(nonce_="<wsse:Nonce>****</wsse:Nonce>"), ["Nonce"])
    yield bad("nonce.other", usual(nonce_=f"<wsse:Nonce>{b64(bytes(16))}</wsse:Nonce>"), ["Nonce"])
    yield from types()
    for name, doubled in [("username", "<wsse:Username>viewer</wsse:Username>"), ("nonce", f"<wsse:Nonce>{b64(bytes(16))}</wsse:Nonce>"),
                          ("created", "<wsu:Created>2026-08-22T10:11:11Z</wsu:Created>"), ("password", plain("x", kind))]:
        for where, made in [("first", [doubled, *parts]), ("last", [*parts, doubled])]:
            yield bad(f"duplicate.{name}-{where}", envelope(security(token(made))), ["Duplicate"], source="WS-I BSP 1.1 R4222, R4223, R4225, "
                      "UTP 1.1 3.1; written by vectors/generate")


def types():
    digest = password_digest(NONCE, "2026-08-22T10:11:10Z", "secure")
    for name, text, kind, allowed in [
            ("plaintext", "secure", f"{TYPES}PasswordText", DIGEST), ("plaintext-no-type", "secure", None, DIGEST),
            ("digest-no-type", digest, None, BOTH), ("digest-as-text", digest, f"{TYPES}PasswordText", BOTH),
            ("text-as-digest", "secure", f"{TYPES}PasswordDigest", BOTH), ("suffix", digest, "urn:x#PasswordDigest", DIGEST),
            ("short", digest, "#PasswordDigest", DIGEST), ("empty", digest, "", DIGEST), ("case", digest, f"{TYPES}passworddigest", DIGEST),
            ("longer", digest, f"{TYPES}PasswordDigestX", DIGEST), ("plaintext-wrong", "Secure", f"{TYPES}PasswordText", BOTH),
            ("plaintext-empty", "", f"{TYPES}PasswordText", BOTH), ("plaintext-prefix", "secur", f"{TYPES}PasswordText", BOTH),
            ("plaintext-space", "secure ", f"{TYPES}PasswordText", BOTH)]:
        flag = "Password" if name.startswith("plaintext-") and allowed == BOTH else "Plain" if "plaintext" in name else "Type"
        attribute = "" if kind is None else f' Type="{kind}"'
        yield bad(f"type.{name}", usual(password_=plain(text, attribute)), [flag], types=allowed, source="UTP 1.1 3.1, ONVIF Core 5.9.5; "
                  "written by vectors/generate")


def places():
    one = token(children())
    base = usual()
    draft = "http://schemas.xmlsoap.org/ws/2003/06/secext"
    for name, xml, flag in [
            ("in-body", envelope("", security(one, "")), "Place"), ("no-security", envelope(one.replace(
                "<wsse:UsernameToken>", f'<wsse:UsernameToken xmlns:wsse="{SECEXT}" xmlns:wsu="{UTILITY}">')), "Place"),
            ("in-another", envelope(security(f'<x:Box xmlns:x="urn:x">{one}</x:Box>')), "Place"),
            ("no-header", envelope(""), "Place"), ("empty-header", envelope(security("")), "Place"),
            ("role-none", base.replace(" s:must", f' s:role="{SOAP12}/role/none" s:must'), "Place"),
            ("role-other", base.replace(" s:must", ' s:role="urn:other" s:must'), "Place"),
            ("two-headers", envelope(security(one) + security(token(children(user="viewer")))), "Place"),
            ("two-headers-swapped", envelope(security(token(children(user="viewer"))) + security(one)), "Place"),
            ("comment", envelope(security(f"<!-- {one} -->")), "Place"),
            ("namespace-draft", base.replace(SECEXT, draft), "Namespace"), ("namespace-none", envelope(
                one.join(["<Security>", "</Security>"]).replace("wsse:", "").replace("wsu:", "")), "Namespace"),
            ("namespace-of-created", usual(created_="<wsse:Created>2026-08-22T10:11:10Z</wsse:Created>"), "Namespace"),
            ("namespace-of-username", base.replace("wsse:Username>", "wsu:Username>"), "Namespace"),
            ("comment-cuts-name", base.replace(">admin<", ">admin<!-- -->x<"), "Comment"),
            ("comment-cuts-name-first", base.replace(">admin<", "><!-- -->admin2<"), "Comment"),
            ("cdata-cuts-name", base.replace(">admin<", ">admin<![CDATA[2]]><"), "Comment"),
            ("not-closed", base[:-4], "NotXml"), ("unbound-prefix", base.replace(f' xmlns:wsse="{SECEXT}"', ""), "NotXml"),
            ("unknown-entity", base.replace(">admin<", ">admin&x;<"), "NotXml"), ("empty", "", "NotXml"), ("json", "{}", "NotXml"),
            ("dtd", base.replace("?>", '?><!DOCTYPE s [<!ENTITY x "admin">]>', 1).replace(">admin<", ">&x;<"), "NotXml"),
            ("dtd-unused", base.replace("?>", "?><!DOCTYPE s>", 1), "NotXml"), ("not-soap", base.replace(SOAP12, "urn:x"), "NotXml")]:
        yield bad(f"place.{name}", xml, [flag], source="WSS 1.1 5, SOAP 1.2 part 1, 2 and 5; written by vectors/generate")


def file(rows):
    group = lambda about, *parts: {"operation": "usernametoken.verify", "about": about, "tests": [t for part in parts for t in part]}
    return {"about": "Decisions of a UsernameToken server: UTP 1.1 3.1, WSS 1.1 5, ONVIF Core 5.9.5.", "notes": NOTES, "groups": [
        group("published and captured values", known(rows)), group("right tokens: XML", writing()), group("right tokens: values", values()),
        group("wrong passwords, formulas and digests", secrets()), group("wrong shapes, times and repeats", shapes()),
        group("tokens in the wrong place, and no XML", places())]}
