#!/usr/bin/python3
"""libcurl, over the network: it asks countersign, and picks cnonce and nc itself."""
import ctypes
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "common"))
import jsonl

curl = ctypes.CDLL("libcurl.so.4")
curl.curl_easy_init.restype = ctypes.c_void_p
curl.curl_easy_strerror.restype = curl.curl_version.restype = ctypes.c_char_p
URL, WRITEFUNCTION, POSTFIELDS, CUSTOMREQUEST = 10002, 20011, 10015, 10036
USERNAME, PASSWORD, POSTFIELDSIZE, HTTPAUTH, PATH_AS_IS = 10173, 10174, 60, 107, 234
BASIC, DIGEST = 1, 2


@ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t,
                  ctypes.c_void_p)
def swallow(_, size, count, __):
    return size * count


def ask(scheme):
    """One transfer; strings are copied by libcurl, but for the body."""
    def perform(q):
        jsonl.no_nul(q)
        body = jsonl.body(q)
        options = [(URL, q["url"].encode()), (USERNAME, jsonl.octets(q, "username")),
                   (PASSWORD, jsonl.octets(q, "password")), (WRITEFUNCTION, swallow),
                   (HTTPAUTH, ctypes.c_long(scheme)), (PATH_AS_IS, ctypes.c_long(1))]
        if body:
            options += [(POSTFIELDSIZE, ctypes.c_long(len(body))), (POSTFIELDS, body)]
        options.append((CUSTOMREQUEST, q.get("method", "GET").encode()))
        handle = ctypes.c_void_p(curl.curl_easy_init())
        try:
            for option, value in options:
                curl.curl_easy_setopt(handle, option, value)
            if status := curl.curl_easy_perform(handle):
                raise ValueError(curl.curl_easy_strerror(status).decode())
        finally:
            curl.curl_easy_cleanup(handle)
        return {}
    return perform


jsonl.serve("libcurl", curl.curl_version().decode().split()[0].split("/")[1],
            {"basic.encode": ask(BASIC), "digest.respond": ask(DIGEST)}, network=True)
