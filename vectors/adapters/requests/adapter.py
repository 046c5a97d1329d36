#!/usr/bin/python3
"""Python requests.  A transport adapter in memory plays the server; cnonce and nc are put in."""
import io
import pathlib
import sys

import requests
import urllib3

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "common"))
import jsonl


class Challenge(requests.adapters.HTTPAdapter):
    """Answers with the challenge until there is an Authorization, and keeps that request."""

    def send(self, request, **_):
        self.request = request
        fields = urllib3.response.HTTPHeaderDict(
            [("WWW-Authenticate", value) for value in self.challenges])
        status = 200 if request.headers.get("Authorization") else 401
        return self.build_response(request, urllib3.HTTPResponse(
            io.BytesIO(), fields, status, preload_content=False))


class Cnonce(str):
    """requests takes the first 16 digits of a SHA-1; this has itself for its first digits."""

    def __getitem__(self, _):
        return str(self)

    def hexdigest(self):
        return self


def respond(q):
    auth = requests.auth.HTTPDigestAuth(jsonl.text(q, "username"), jsonl.text(q, "password"))
    transport, session = Challenge(), requests.Session()
    transport.challenges = jsonl.challenges(q)
    session.mount("http://", transport)
    prepared = session.prepare_request(requests.Request(
        q["method"], "http://127.0.0.1" + jsonl.target(q), auth=auth, data=jsonl.body(q)))
    jsonl.sent_as(q, prepared.method, prepared.path_url)
    auth._thread_local.last_nonce = jsonl.AnyNonce()
    auth._thread_local.nonce_count = int(q["nc"], 16) - 1
    requests.auth.hashlib.sha1 = lambda _: Cnonce(jsonl.cnonce(q))
    session.send(prepared)
    if not transport.request.headers.get("Authorization"):
        raise ValueError("sent no Authorization")
    return jsonl.authorization(transport.request.headers["Authorization"])


def basic(q):
    return jsonl.authorization(requests.auth._basic_auth_str(
        jsonl.octets(q, "username"), jsonl.octets(q, "password")))


jsonl.serve("requests", requests.__version__, {"basic.encode": basic, "digest.respond": respond},
            offers={"algorithms": ("MD5", "MD5-SESS", "SHA-256")})
