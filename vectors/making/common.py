"""What the makers of vectors share: octets as JSON fields, and the arithmetic by hashlib.

Values are octets (bytes) until they are put into a vector: as text if they are UTF-8, else in hex.
"""
import base64
import hashlib

TYPES = ("http://docs.oasis-open.org/wss/2004/01/"
         "oasis-200401-wss-username-token-profile-1.0#")
ENGINES = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}


def octets(value):
    return value if isinstance(value, bytes) else value.encode()


def is_text(value):
    try:
        return octets(value).decode() is not None
    except UnicodeDecodeError:
        return False


def field(name, value):
    """{name: text} or {name_hex: hex}; a list is in hex as a whole."""
    if isinstance(value, list):
        if all(is_text(v) for v in value):
            return {name: [octets(v).decode() for v in value]}
        return {name + "_hex": [octets(v).hex() for v in value]}
    if is_text(value):
        return {name: octets(value).decode()}
    return {name + "_hex": octets(value).hex()}


def fields(**values):
    """Every value that is not None, in order."""
    out = {}
    for name, value in values.items():
        if value is not None:
            out.update(field(name, value))
    return out


def vector(name, source, result="valid", flags=(), comment="", **more):
    """The members that each vector has, in their order."""
    head = {"id": name, "comment": comment, "source": source, "flags": list(flags),
            "result": result}
    return {**head, **more}


def accounts(*pairs):
    return [{**field("username", user), **field("password", password)} for user, password in pairs]


def quoted(value):
    return b'"' + octets(value).replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def basic(user, password):
    return b"Basic " + base64.b64encode(octets(user) + b":" + octets(password))


def b64(value):
    return base64.b64encode(value).decode()


# --- Digest: RFC 7616 3.4 ---

def engine(algorithm):
    name = algorithm.upper()
    return ENGINES[name[:-5] if name.endswith("-SESS") else name]


def H(algorithm, *parts):
    """hex(H(part ":" part ...))"""
    return hashlib.new(engine(algorithm), b":".join(octets(p) for p in parts)).hexdigest()


def ha1(d):
    inner = H(d["algorithm"], d["username"], d["realm"], d["password"])
    if d["algorithm"].lower().endswith("-sess"):
        return H(d["algorithm"], inner, d["nonce"], d["cnonce"])
    return inner


def ha2(d, method=None):
    parts = [d["method"] if method is None else method, d["uri"]]
    if d["qop"] == "auth-int":
        parts.append(H(d["algorithm"], d["body"]))
    return H(d["algorithm"], *parts)


def combine(d, first, second):
    if not d["qop"]:
        return H(d["algorithm"], first, d["nonce"], second)
    return H(d["algorithm"], first, d["nonce"], d["nc"], d["cnonce"], d["qop"], second)


def response(d):
    return combine(d, ha1(d), ha2(d))


def rspauth(d):
    return combine(d, ha1(d), ha2(d, ""))


# The request of the Sarix article, which stands first; others change one thing of it.
SARIX = {"username": "admin", "password": "secure", "realm": "Sarix", "method": "POST",
         "uri": "/onvif/device_service", "body": b"", "nonce": "40348f31eb8ea656bdf1d4704b054064",
         "nc": "00000001", "cnonce": "4215345dc8eb9396", "qop": "auth", "algorithm": "MD5"}


def request(**changes):
    return {**SARIX, **changes}


# --- UsernameToken: UTP 1.1 3.1 ---

def password_digest(nonce, created, password):
    return b64(hashlib.sha1(octets(nonce) + octets(created) + octets(password)).digest())


# --- what goes wrong in text: name, octets ---

TEXTS = [
    ("empty", ""), ("space", "a b"), ("spaces-around", " ab "), ("tab", "a\tb"),
    ("quote", 'a"b'), ("quotes-around", '"ab"'), ("backslash", "a\\b"),
    ("backslash-last", "ab\\"), ("backslash-quote", 'a\\"b'), ("backslash-n", "a\\nb"),
    ("percent", "100%"), ("percent-format", "%s%n%d"), ("percent-escape", "a%41b%22"),
    ("plus", "a+b"), ("ampersand", "a&b;c"), ("less-than", "<a>"), ("apostrophe", "a'b"),
    ("comma", "a, b"), ("looks-like-params", 'a", realm="b'), ("equals", "a=b=="),
    ("slash", "DOM/ab"), ("at", "ab@example.org"), ("dollar", "$HOME`id`"), ("umlaut", "J\u00e4s\u00f8n"),
    ("euro", "\u20ac5"), ("cjk", "\u30ab\u30e1\u30e9"), ("emoji", "k\U0001f511y"),
    ("decomposed", "Jose\u0301"), ("arabic", "\u0643\u0644\u0645\u0629"),
    ("latin1", b"caf\xe9"), ("octets-high", bytes(range(0xa0, 0x100))),
    ("255", "x" * 255), ("1k", "0123456789abcdef" * 64),
]
