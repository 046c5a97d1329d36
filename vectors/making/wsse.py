"""usernametoken.json: the children of a UsernameToken."""
import base64
import hashlib

from common import TEXTS, TYPES, b64, fields, octets, password_digest, vector
from digest import text_flag

NOTES = {
    "Known": ("agreement with answers that others published or sent", "two programs do not meet"),
    "NonceDecoded": ("the nonce is hashed as its Base64 text, in place of its octets (UTP 1.1 3.1)",
                     "every camera refuses; the most common mistake"),
    "NonceNul": ("the nonce is cut at its first NUL", "one login in sixteen fails"),
    "NonceLength": ("only nonces of one length are handled", "clients with other nonces cannot log in"),
    "CreatedText": ("Created is formatted again before it is hashed (fraction, offset)",
                    "clients with milliseconds or an offset cannot log in"),
    "Order": ("the parts are hashed in another order than nonce, created, password",
              "every login fails"),
    "LeftOut": ("nonce or created is sent but not hashed (UTP 1.1 3.1: if present, it is)",
                "every login fails, or a replay with another nonce is accepted"),
    "Hash": ("another hash than SHA-1, or its hex digits, are put into Base64", "every login fails"),
    "Equivalent": ("SHA-1 of the password is hashed in place of the password, where nobody agreed on it",
                   "every login fails"),
    "Charset": ("the password is converted to Latin-1, or not to UTF-8", "such passwords fail"),
    "Latin1": ("octets that are no UTF-8 are dropped or replaced", "such passwords fail"),
    "Normalised": ("the password is normalised", "such passwords fail"),
    "Escapes": ("quotes or backslashes are escaped before the hash", "such passwords fail"),
    "Delimiters": ("colons or commas in a value are taken as structure", "such passwords fail"),
    "Percent": ("percent signs are decoded, or used as a format string", "such passwords fail"),
    "Markup": ("the password is hashed with its XML escapes", "such passwords fail"),
    "Whitespace": ("white space in a password is trimmed", "such passwords fail"),
    "EmptyValue": ("an empty password is taken as none", "such accounts cannot log in"),
    "Long": ("a fixed buffer cuts a long value", "logins fail; in C, memory can be overwritten"),
    "Text": ("PasswordText is hashed, or sent under the wrong Type", "services that ask for it refuse"),
    "Printed": ("a printed value belongs to other inputs", "software is made to agree with an error"),
}
GUIDE = {"username": "user", "password": "userpassword", "created": "2010-09-16T07:50:45Z",
         "nonce": bytes.fromhex("2caa88e86fc08a428242b374cea64596")}
UTP = "UTP 1.1 3.1; written by vectors/generate"


def inputs(d, kind="PasswordDigest"):
    return {**fields(username=d["username"], password=d["password"]), "nonce_hex": d["nonce"].hex(),
            **fields(created=d["created"]), "type": kind}


def create(name, d, flags, source=UTP, comment="", text=False):
    kind = "PasswordText" if text else "PasswordDigest"
    password = d["password"] if text else password_digest(d["nonce"], d["created"], d["password"])
    expected = {**fields(username=d["username"], password=password), "type": TYPES + kind,
                "nonce": b64(d["nonce"]), "created": d["created"]}
    return vector(name, source, "valid", flags, comment, **inputs(d, kind), expected=expected)


def wrong(name, d, value, flags, source=UTP, comment=""):
    assert value != password_digest(d["nonce"], d["created"], d["password"]), name
    return vector(name, source, "invalid", flags, comment, **inputs(d), expected={"password": value})


FLAGS = {"undecoded": "NonceDecoded", "double": "NonceDecoded", "nonce-hex": "NonceDecoded", "order": "Order",
         "no-nonce": "LeftOut", "hexdigest": "Hash", "sha256": "Hash", "nul": "NonceNul", "created-ws": "CreatedText",
         "amadeus": "Equivalent", "as-base64": "NonceDecoded"}


def known(rows):
    for row in rows:
        if "password" not in row:
            continue
        nonce = bytes.fromhex(row["nonce_hex"]) if "nonce_hex" in row else base64.b64decode(row["nonce_b64"])
        d = {"username": row.get("username", "admin"), "password": row["password"], "created": row["created"],
             "nonce": nonce}
        name = f"usernametoken.known.{row['id']}"
        agrees = password_digest(nonce, d["created"], d["password"]) == row["value"]
        assert agrees == row["right"], name
        if agrees:
            yield create(name, d, ["Known"], row["source"])
            continue
        if row.get("equivalent"):
            inner = hashlib.sha1(octets(d["password"])).digest()
            assert password_digest(nonce, d["created"], inner) == row["value"], name
        flag = next((f for part, f in FLAGS.items() if part in row["id"]), "Printed")
        yield wrong(name, d, row["value"], [flag], row["source"], "not the answer: another formula, or other inputs")


def generated():
    extra = [("colon", "a:b"), ("nul", "a\0b")]
    for name, value in TEXTS + extra:
        yield create(f"usernametoken.password.{name}", {**GUIDE, "password": value}, [
            "NonceNul" if name == "nul" else text_flag(name)])
    for name, value in TEXTS[1:2] + TEXTS[4:5] + TEXTS[14:24]:
        yield create(f"usernametoken.username.{name}", {**GUIDE, "username": value}, [text_flag(name)])
    for n in (0, 1, 2, 3, 8, 15, 16, 17, 20, 22, 32, 63, 64, 65, 255, 1024):
        nonce = bytes((i * 37 + n) % 256 for i in range(n))
        yield create(f"usernametoken.nonce.length-{n}", {**GUIDE, "nonce": nonce}, ["NonceLength"]) if n else \
            create("usernametoken.nonce.one-nul", {**GUIDE, "nonce": b"\0"}, ["NonceNul", "NonceLength"])
    for name, nonce in [("nul-first", b"\0abcdefghijklmno"), ("nul-inside", b"abc\0defghijklmno"), ("nul-last", b"abcdefghijklmno\0"),
                        ("nuls", bytes(16)), ("high", bytes([255] * 16)), ("text", b"0123456789abcdef"), ("crlf", b"\r\n" * 8),
                        ("alphabet", b"\xfb\xff\xfe" * 5), ("markup", b"<&>\"'<&>\"'<&>\"'<"), ("looks-like-base64", b"LKqI6G/AikKCQrN0")]:
        yield create(f"usernametoken.nonce.{name}", {**GUIDE, "nonce": nonce}, ["NonceNul" if b"\0" in nonce else "NonceDecoded"])
    for name, created in [("fraction-1", "2026-08-22T10:11:12.5Z"), ("fraction-3", "2026-08-22T10:11:12.000Z"),
                          ("fraction-6", "2026-08-22T10:11:12.123456Z"), ("offset", "2026-08-22T12:11:12+02:00"),
                          ("offset-zero", "2026-08-22T10:11:12+00:00"), ("offset-negative", "2026-08-22T05:41:12-04:30"),
                          ("midnight", "2026-08-22T00:00:00Z"), ("leap-day", "2024-02-29T23:59:59Z"), ("year-2038", "2038-01-19T03:14:08Z"),
                          ("year-1970", "1970-01-01T00:00:00Z"), ("year-2106", "2106-02-07T06:28:16Z")]:
        yield create(f"usernametoken.created.{name}", {**GUIDE, "created": created}, ["CreatedText"],
                     comment="Created is hashed exactly as it is written")


def texts():
    for name, value in [("plain", "userpassword"), ("empty", ""), ("markup", "p<&>\"'d"), ("umlaut", "p\u00e4ss\u20ac"), ("emoji", "\U0001f511"),
                        ("spaces", " a b "), ("looks-like-digest", "tuOSpGlFlIXsozq4HFNeeGeFLEI=")]:
        yield create(f"usernametoken.text.{name}", {**GUIDE, "password": value}, ["Text"], text=True)


def mistakes():
    n, c, p = GUIDE["nonce"], GUIDE["created"], GUIDE["password"]
    for name, parts, flag in [
            ("created-nonce-password", (c, n, p), "Order"), ("password-first", (p, n, c), "Order"), ("password-between", (n, p, c), "Order"),
            ("no-created", (n, "", p), "LeftOut"), ("only-password", ("", "", p), "LeftOut"), ("username-too", (n, c, "user" + p), "Order"),
            ("nonce-text-lf", (b64(n) + "\n", c, p), "NonceDecoded"), ("created-ms", (n, "2010-09-16T07:50:45.000Z", p), "CreatedText"),
            ("created-no-zone", (n, "2010-09-16T07:50:45", p), "CreatedText"), ("created-offset", (n, "2010-09-16T07:50:45+00:00", p), "CreatedText"),
            ("colons", (n + b":", c + ":", p), "Order"), ("password-nul", (n, c, p + "\0"), "NonceNul"),
            ("password-utf16", (n, c, p.encode("utf-16-le")), "Charset"), ("password-md5", (n, c, hashlib.md5(p.encode()).hexdigest()), "Equivalent")]:
        yield wrong(f"usernametoken.mistake.{name}", GUIDE, password_digest(*parts), [flag], comment="the value that this mistake gives")
    raw = octets(n) + octets(c) + octets(p)
    yield wrong("usernametoken.mistake.md5", GUIDE, b64(hashlib.md5(raw).digest()), ["Hash"])
    yield wrong("usernametoken.mistake.plain", GUIDE, p, ["Text"], comment="the password itself, under Type PasswordDigest")
    latin = {**GUIDE, "password": "p\u00e4ss"}
    yield wrong("usernametoken.mistake.latin1", latin, password_digest(n, c, b"p\xe4ss"), ["Charset"])
    escaped = {**GUIDE, "password": "a&b"}
    yield wrong("usernametoken.mistake.escaped", escaped, password_digest(n, c, "a&amp;b"), ["Markup"])


def file(rows):
    group = lambda about, tests: {"operation": "usernametoken.create", "about": about, "tests": list(tests)}
    return {"about": "WS-Security UsernameToken, UTP 1.0 and 1.1 section 3.1.", "notes": NOTES, "groups": [
        group("published and captured values", known(rows)), group("values in which clients go wrong", generated()),
        group("plaintext passwords", texts()), group("known mistakes", mistakes())]}
