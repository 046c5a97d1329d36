#!/usr/bin/python3
"""Python httpx.  Its mock transport plays the server; cnonce and nc are put in."""
import pathlib
import sys

import httpx

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "common"))
import jsonl


class Auth(httpx.DigestAuth):
    """DigestAuth that counts from where the vector wants it."""

    def __init__(self, q):
        self.first, self.cnonce = int(q["nc"], 16), jsonl.cnonce(q).encode()
        super().__init__(jsonl.octets(q, "username"), jsonl.octets(q, "password"))

    def _get_client_nonce(self, nonce_count, nonce):
        return self.cnonce

    _nonce_count = property(lambda self: self.first, lambda self, value: None)


def respond(q):
    fields = [(b"WWW-Authenticate", v.encode("latin-1")) for v in jsonl.challenges(q)]
    seen = []

    def server(request):
        if "Authorization" not in request.headers:
            return httpx.Response(401, headers=fields)
        seen.append(request)
        return httpx.Response(200)

    with httpx.Client(transport=httpx.MockTransport(server)) as client:
        request = client.build_request(q["method"], "http://127.0.0.1" + jsonl.target(q),
                                       content=jsonl.body(q))
        jsonl.sent_as(q, request.method, request.url.raw_path.decode())
        client.send(request, auth=Auth(q))
    if not seen:
        raise ValueError("sent no Authorization")
    return jsonl.authorization(dict(seen[0].headers.raw)[b"Authorization"])


def basic(q):
    auth = httpx.BasicAuth(jsonl.octets(q, "username"), jsonl.octets(q, "password"))
    return jsonl.authorization(auth._auth_header)


jsonl.serve("httpx", httpx.__version__, {"basic.encode": basic, "digest.respond": respond}, offers={
    "algorithms": ("MD5", "MD5-SESS", "SHA-256", "SHA-256-SESS")})
