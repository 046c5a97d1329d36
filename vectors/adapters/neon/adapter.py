#!/usr/bin/python3
"""neon, over the network: it asks countersign, and picks cnonce and nc itself."""
import ctypes
import pathlib
import re
import sys
import urllib.parse

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "common"))
import jsonl

neon = ctypes.CDLL("libneon.so.27")
for function in (neon.ne_session_create, neon.ne_request_create):
    function.restype = ctypes.c_void_p
neon.ne_version_string.restype = neon.ne_get_error.restype = ctypes.c_char_p
BASIC, LEGACY, DIGEST, SIZE = 0x0001, 0x0002, 0x0080, 256  # NE_AUTH_*, NE_ABUFSIZ
CREDENTIALS = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int,
                               ctypes.POINTER(ctypes.c_char), ctypes.POINTER(ctypes.c_char))


def account(q):
    """The callback that is asked for name and password, into NE_ABUFSIZ octets each."""
    values = [jsonl.octets(q, name) for name in ("username", "password")]
    if any(len(v) >= SIZE or b"\0" in v for v in values):
        raise jsonl.Unsupported(f"takes C strings of less than {SIZE} octets")

    def fill(_, __, attempt, *buffers):
        for buffer, value in zip(buffers, values):
            ctypes.memmove(buffer, value + b"\0", len(value) + 1)
        return attempt

    return CREDENTIALS(fill)


def ask(scheme):
    def perform(q):
        callback, body = account(q), jsonl.body(q)
        port = urllib.parse.urlsplit(q["url"]).port
        session = ctypes.c_void_p(neon.ne_session_create(b"http", b"127.0.0.1", port))
        neon.ne_add_server_auth(session, scheme, callback, None)
        request = ctypes.c_void_p(neon.ne_request_create(
            session, q.get("method", "GET").encode(), q.get("uri", "/").encode()))
        neon.ne_set_request_body_buffer(request, body, ctypes.c_size_t(len(body)))
        status = neon.ne_request_dispatch(request)
        why = neon.ne_get_error(session).decode("latin-1")
        neon.ne_request_destroy(request)
        neon.ne_session_destroy(session)
        return {"error": why} if status else {}
    return perform


jsonl.serve("neon", re.search(rb"neon ([\d.]+)", neon.ne_version_string())[1].decode(),
            {"basic.encode": ask(BASIC), "digest.respond": ask(DIGEST | LEGACY)}, network=True)
