#!/usr/bin/python3
"""libmicrohttpd's checks of Basic and Digest, behind its server on loopback.

Its nonces are its own.  So a Digest answer that is right for what it says is made anew for the
nonce that the server issued, with nothing else changed; others cannot be asked.
"""
import ctypes
import hashlib
import pathlib
import re
import socket
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "python"))
import jsonl

mhd = ctypes.CDLL("libmicrohttpd.so.12")
for function in (mhd.MHD_start_daemon, mhd.MHD_get_daemon_info, mhd.MHD_get_version,
                 mhd.MHD_basic_auth_get_username_password, mhd.MHD_create_response_from_buffer):
    function.restype = ctypes.c_void_p
POINTER, SIZE = ctypes.c_void_p, ctypes.c_size_t
ALGORITHMS = {"MD5": (1, "md5"), "SHA-256": (2, "sha256")}
THREAD, PORT_OF_DAEMON, RANDOM, NONCES, END, PASS_S = 8, 6, 17, 18, 0, 300


def digest_status(connection):
    algorithm = ALGORITHMS[asked["algorithm"]][0]
    for a in asked["accounts"]:
        if mhd.MHD_digest_auth_check2(connection, asked["realm"], jsonl.octets(a, "username"),
                                      jsonl.octets(a, "password"), PASS_S, algorithm) == 1:
            return 200
    return 401


def basic_status(connection):
    password = ctypes.c_char_p()
    name = mhd.MHD_basic_auth_get_username_password(connection, ctypes.byref(password))
    given = (ctypes.string_at(name) if name else None, password.value)
    known = [(jsonl.octets(a, "username"), jsonl.octets(a, "password")) for a in asked["accounts"]]
    return 200 if given in known else 401


@ctypes.CFUNCTYPE(ctypes.c_int, POINTER, POINTER, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p,
                  POINTER, ctypes.POINTER(SIZE), ctypes.POINTER(POINTER))
def handle(_, connection, *rest):
    size, seen = rest[4:]
    if not seen[0] or size[0]:
        seen[0], size[0] = 1, 0
        return 1
    connection = POINTER(connection)
    response = POINTER(mhd.MHD_create_response_from_buffer(SIZE(0), None, 0))
    status = (digest_status if "realm" in asked else basic_status)(connection)
    if status == 200 or "realm" not in asked:
        queued = mhd.MHD_queue_response(connection, status, response)
    else:
        queued = mhd.MHD_queue_auth_fail_response2(
            connection, asked["realm"], b"o", response, 0, ALGORITHMS[asked["algorithm"]][0])
    mhd.MHD_destroy_response(response)
    return queued


def exchange(q, value=None):
    """The answer's head."""
    fields = b"Host: 127.0.0.1\r\nConnection: close\r\n"
    body = bytes.fromhex(q.get("body_hex", ""))
    if value is not None:
        fields += b"Authorization: " + value + b"\r\n"
    with socket.create_connection(("127.0.0.1", port)) as s:
        s.sendall(f"{q.get('method', 'GET')} {q.get('uri', '/')} HTTP/1.1\r\n".encode() + fields
                  + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return s.makefile("rb").read().decode("latin-1")


def renewed(q, value, nonce):
    """The answer for another nonce, if the given one is right for what it says."""
    pairs = re.findall(rb'([\w*]+) *= *(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))', value)
    said = {n.lower(): re.sub(rb"\\(.)", rb"\1", a or b) for n, a, b in pairs}
    kind = ALGORITHMS[asked["algorithm"]][1]
    digest = lambda *parts: hashlib.new(kind, b":".join(parts)).hexdigest().encode()

    def response(nonce, account):
        secret = digest(*(jsonl.octets(account, "username"), said.get(b"realm", b""),
                          jsonl.octets(account, "password")))
        end = [digest(q["method"].encode(), said.get(b"uri", b""))]
        if b"qop" in said:
            end = [said.get(n, b"") for n in (b"nc", b"cnonce", b"qop")] + end
        return digest(secret, nonce, *end)

    old = said.get(b"response", b"")
    for account in asked["accounts"]:
        if old and old.lower() == response(said.get(b"nonce", b""), account):
            new = response(nonce, account)
            new = new if old == old.lower() else new.upper()
            given = rb'(?<!\w)nonce[ \t]*=[ \t]*"?' + re.escape(said[b"nonce"])
            value = re.sub(given, b'nonce="' + nonce, value, flags=re.I)
            return value.replace(old, new)
    raise jsonl.Unsupported("the server's nonce is its own, and the answer is none for its nonce")


def accounts(q):
    values = [jsonl.octets(a, name) for a in q["accounts"] for name in ("username", "password")]
    if any(b"\0" in value for value in values):
        raise jsonl.Unsupported("takes C strings")
    return q["accounts"]


def verify(q):
    known = [a for a in q["algorithms"] if a in ALGORITHMS]
    if not known or q["algorithms"][0] != known[0]:
        raise jsonl.Unsupported(f"knows no {q['algorithms']}")
    if q["qop"] != ["auth"]:
        raise jsonl.Unsupported("offers qop auth")
    asked.clear()
    asked.update(accounts=accounts(q), realm=jsonl.octets(q, "realm"), algorithm=known[0])
    nonce = re.search(r'nonce="([^"]*)"', exchange(q))[1].encode()
    value = jsonl.octets(q, "authorization")
    if b"userhash=true" in value or b"username*=" in value and b"username=" not in value:
        raise jsonl.Unsupported("knows no userhash and no username*")
    if q["nonce"].encode() not in value:
        raise jsonl.Unsupported("the server's nonce is its own")
    return {"valid": " 200 " in exchange(q, renewed(q, value, nonce)).split("\r\n")[0]}


def check(q):
    asked.clear()
    asked.update(accounts=accounts(q))
    return {"valid": " 200 " in exchange(q, jsonl.octets(q, "authorization")).split("\r\n")[0]}


asked, secret = {}, ctypes.create_string_buffer(b"vectors", 8)  # libmicrohttpd keeps the pointer
daemon = POINTER(mhd.MHD_start_daemon(
    THREAD, ctypes.c_uint16(0), None, None, handle, None, RANDOM, SIZE(8), secret,
    NONCES, 1000, END))
info = mhd.MHD_get_daemon_info(daemon, PORT_OF_DAEMON)
port = ctypes.cast(info, ctypes.POINTER(ctypes.c_uint16))[0]
jsonl.serve("libmicrohttpd", ctypes.string_at(mhd.MHD_get_version()).decode(),
            {"basic.verify": check, "digest.verify": verify})
