"""basic.json: Authorization from a name and a password, and what a server makes of one."""
import base64

from common import TEXTS, accounts, basic, fields, vector
from digest import text_flag

NOTES = {
    "Charset": ("names and passwords are converted to Latin-1 where UTF-8 is meant, or the other way "
                "round", "accounts with letters outside ASCII cannot log in"),
    "Latin1": ("octets that are no UTF-8 are dropped or replaced", "accounts of older devices cannot log in"),
    "Normalised": ("text is normalised where no charset was agreed", "the account is not found"),
    "Escapes": ("quotes or backslashes are escaped before the Base64", "such passwords fail"),
    "Delimiters": ("the pair is parted at the last colon, or at every one",
                   "passwords with a colon fail, or count only up to it"),
    "Percent": ("percent signs are decoded, or used as a format string", "such passwords fail"),
    "Markup": ("characters of XML, forms or shells are encoded on the way", "such passwords fail"),
    "Whitespace": ("white space in a value is trimmed", "such passwords fail"),
    "EmptyValue": ("the colon is left out before an empty password", "logins without a password fail"),
    "Long": ("the Base64 is wrapped at 76 characters, or cut", "a field is injected, or the login fails"),
    "Alphabet": ("the URL-safe alphabet, or no padding, is used (RFC 7617 2 asks for RFC 4648 4)",
                 "strict servers refuse"),
    "ColonInName": ("a user-id with a colon is encoded (RFC 7617 2)", "another user and password arrive"),
    "Control": ("control characters are encoded (RFC 7617 2)", "what is compared differs from what is sent"),
    "NulCut": ("the decoded pair is compared as a C string, up to its first NUL",
               "what stands behind the NUL is not checked: filters and logs see another value"),
    "Strict": ("a decoder skips what is not Base64 (RFC 4648 3.3)",
               "one credential has many spellings: block lists and caches are passed by"),
    "NoColon": ("a pair without a colon is taken for a name with an empty password",
                "accounts without a password are open to anybody who knows the name"),
    "Prefix": ("only the start of a password is compared", "passwords can be guessed one by one"),
    "Case": ("names or passwords are compared without case", "guessing gets easier"),
    "Scheme": ("the scheme's name is compared with its case (RFC 9110 11.1)", "some clients cannot log in"),
    "OtherScheme": ("the scheme's name is not looked at", "a token of another scheme is taken for a password"),
    "Account": ("the password of one account opens another", "everybody is administrator"),
    "Known": ("agreement with answers that others published or sent", "two programs do not meet"),
}
RFC = "RFC 7617 2; written by vectors/generate"
STRICT = "RFC 7617 2, RFC 4648 3.1, 3.3; written by vectors/generate"


def encode(name, user, password, flags, source=RFC, comment=""):
    return vector(name, source, "valid", flags, comment, **fields(username=user, password=password),
                  expected=fields(authorization=basic(user, password)))


def mistake(name, user, password, value, flags, comment="", source=RFC):
    return vector(name, source, "invalid", flags, comment, **fields(username=user, password=password),
                  expected=fields(authorization=value))


def verify(name, header, result, flags, source=RFC, comment="", known=(("user", "pass"),)):
    return vector(name, source, result, flags, comment, **fields(authorization=header),
                  accounts=accounts(*known))


def in_charset(row, text):
    return text.encode("latin-1") if row.get("charset") == "latin-1" else text.encode()


def known(rows):
    for row in rows:
        user, password = (in_charset(row, row[k]) for k in ("username", "password"))
        name = f"basic.known.{row['id']}"
        if row["right"]:
            assert basic(user, password).decode() == row["value"], name
            yield encode(name, user, password, ["Known"], row["source"])


def known_decisions(rows):
    flags = {"neg-basic-nul": "NulCut", "neg-basic-nocolon": "NoColon", "neg-basic-colon-user": "ColonInName"}
    for row in rows:
        user, password = (in_charset(row, row[k]) for k in ("username", "password"))
        if row["id"] == "neg-basic-nul":
            password = b"pass"
        yield verify(f"basic.verify.known.{row['id']}", row["value"], "valid" if row["right"] else "invalid",
                     ["Known"] if row["right"] else [flags.get(row["id"], "Strict")], row["source"],
                     known=[(user, password)])


def encodings():
    more = [("colon", "a:b"), ("colon-first", ":ab"), ("colon-last", "ab:"), ("colons", "::")]
    for name, value in TEXTS:
        if name != "tab":
            yield encode(f"basic.encode.username.{name}", value, "pass", [text_flag(name)])
    for name, value in TEXTS + more:
        if name != "tab":
            yield encode(f"basic.encode.password.{name}", "user", value, [text_flag(name)])
    yield encode("basic.encode.both-empty", "", "", ["EmptyValue"])
    for n in (1, 2, 3, 54, 55, 56, 57, 58):
        yield encode(f"basic.encode.length-{n}", "u", "p" * n, ["Long", "Alphabet"], comment="all "
                     "lengths of padding, and around a line of 76")
    yield encode("basic.encode.alphabet", "user", b"\xfb\xff\xfe?>", ["Alphabet"], comment="+ and / occur")


def refusals():
    colon = "RFC 7617 2: a user-id with a colon is invalid"
    for name, user in [("inside", "a:b"), ("first", ":ab"), ("last", "ab:")]:
        yield mistake(f"basic.encode.colon-in-name.{name}", user, "c", basic(user, "c"), ["ColonInName"],
                      source=colon)
    for name, char in [("nul", "\0"), ("lf", "\n"), ("crlf", "\r\n"), ("tab", "\t"), ("del", "\x7f")]:
        yield mistake(f"basic.encode.control.{name}", "user", f"pa{char}ss", basic("user", f"pa{char}ss"),
                      ["Control"], source="RFC 7617 2: no control characters")
    text = basic("user", b"\xfb\xff\xfe?>")
    yield mistake("basic.encode.url-alphabet", "user", b"\xfb\xff\xfe?>",
                  text.replace(b"+", b"-").replace(b"/", b"_"), ["Alphabet"])
    yield mistake("basic.encode.no-padding", "user", "passw", basic("user", "passw").rstrip(b"="),
                  ["Alphabet"])
    yield mistake("basic.encode.no-colon", "user", "", b"Basic " + base64.b64encode(b"user"), ["EmptyValue"])
    yield mistake("basic.encode.latin1", "user", "p\u00e4ss", basic("user", b"p\xe4ss"), ["Charset"],
                  "the inputs of this file are UTF-8 octets")


def good():
    for name, user, password in [
            ("plain", "user", "pass"), ("colons", "user", "a:b:c"), ("empty-password", "user", ""),
            ("empty-name", "", "pass"), ("space", "us er", " pass "), ("quote", 'us"er', 'pa"ss\\'),
            ("percent", "us%41er", "%s%n"), ("umlaut", "J\u00e4s\u00f8n", "p\u00e4ss"), ("emoji", "k\U0001f511", "\U0001f511"),
            ("latin1", b"caf\xe9", b"p\xe4ss"), ("1k", "u" * 1000, "p" * 1024),
            ("alphabet", "user", b"\xfb\xff\xfe?>")]:
        yield verify(f"basic.verify.good.{name}", basic(user, password), "valid", [text_flag(name)],
                     known=[("other", "x"), (user, password)])
    for name, scheme in [("lower", b"basic"), ("upper", b"BASIC"), ("mixed", b"bASIC")]:
        yield verify(f"basic.verify.good.scheme-{name}", basic("user", "pass").replace(b"Basic", scheme),
                     "valid", ["Scheme"], "RFC 9110 11.1; written by vectors/generate")


def bad():
    text = basic("user", "pass")
    for name, user, password, flag, accounts_ in [
            ("password", "user", "pasS", "Case", None), ("name-case", "User", "pass", "Case", None),
            ("prefix", "user", "pas", "Prefix", None), ("longer", "user", "passs", "Prefix", None),
            ("empty", "user", "", "Prefix", None), ("unknown", "nobody", "pass", "Account", None),
            ("unknown-empty", "", "", "Account", None), ("space-behind", "user", "pass ", "Prefix", None),
            ("other-account", "user", "secret", "Account", [("user", "pass"), ("admin", "secret")]),
            ("cut-at-colon", "user", "a", "Delimiters", [("user", "a:b")]),
            ("cut-at-last-colon", "user:a", "b", "Delimiters", [("user:a", "b")]),
            ("nul-behind", "user", b"pass\0", "NulCut", None), ("nul-junk", "user", b"pass\0junk", "NulCut", None),
            ("nul-in-name", b"user\0x", "pass", "NulCut", None), ("newline-behind", "user", "pass\n", "Control", None),
            ("decomposed", "user", "e\u0301", "Normalised", [("user", "x\u00e9")])]:
        yield verify(f"basic.verify.bad.{name}", basic(user, password), "invalid", [flag],
                     known=accounts_ or [("user", "pass")])
    for name, header, flag in [
            ("no-colon", b"Basic " + base64.b64encode(b"user"), "NoColon"),
            ("only-pair", b"Basic user:pass", "Strict"), ("nothing", b"Basic", "Strict"),
            ("nothing-space", b"Basic ", "Strict"), ("empty-pair", b"Basic Og==", "Account"),
            ("no-scheme", text[6:], "OtherScheme"), ("bearer", text.replace(b"Basic", b"Bearer"), "OtherScheme"),
            ("scheme-prefix", text.replace(b"Basic", b"Basicx"), "OtherScheme"),
            ("no-space", text.replace(b" ", b""), "OtherScheme"), ("tab", text.replace(b" ", b"\t"), "OtherScheme"),
            ("inner-space", text[:10] + b" " + text[10:], "Strict"), ("star", text[:10] + b"*" + text[10:], "Strict"),
            ("padding-inside", b"Basic dXNl=cjpwYXNz", "Strict"), ("padding-extra", text + b"=", "Strict"),
            ("quoted", b'Basic "' + text[6:] + b'"', "Strict"),
            ("param-behind", text + b", realm=x", "Strict"), ("twice", text + b" " + text[6:], "Strict"),
            ("comma-list", text + b", " + text, "Strict"),
            ("url-alphabet", basic("user", b"\xfb\xff\xfe?>").replace(b"+", b"-").replace(b"/", b"_"), "Strict")]:
        pair = ("user", b"\xfb\xff\xfe?>") if name == "url-alphabet" else ("user", "pass")
        known_ = [pair] if name not in ("no-colon", "empty-pair") else [("user", ""), ("x", "y")]
        yield verify(f"basic.verify.bad.{name}", header, "invalid", [flag], STRICT, known=known_)


def file(rows):
    group = lambda operation, about, tests: {"operation": operation, "about": about, "tests": list(tests)}
    return {"about": "HTTP Basic, RFC 7617.", "notes": NOTES, "groups": [
        group("basic.encode", "published and captured values", known(rows)),
        group("basic.encode", "values in which encoders go wrong", encodings()),
        group("basic.encode", "pairs that must not be encoded, and known mistakes", refusals()),
        group("basic.verify", "published and captured values", known_decisions(rows)),
        group("basic.verify", "right credentials", good()),
        group("basic.verify", "wrong credentials", bad())]}
