#!/usr/bin/python3
"""Python's urllib.request.  A handler in memory plays the server; cnonce and nc are put in."""
import email.message
import io
import pathlib
import platform
import sys
import urllib.request
import urllib.response

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "common"))
import jsonl


class Server(urllib.request.HTTPHandler):
    """Answers with the challenge until there is an Authorization, and keeps that request."""

    def __init__(self, fields):
        super().__init__()
        self.fields, self.sent = fields, None

    def http_open(self, request):
        self.sent = request.get_header("Authorization")
        headers = email.message.Message()
        for value in self.fields:
            headers["WWW-Authenticate"] = value
        response = urllib.response.addinfourl(
            io.BytesIO(), headers, request.full_url, 200 if self.sent else 401)
        response.msg = ""
        return response


def ask(q, handler, fields, uri="/"):
    handler.add_password(None, "127.0.0.1", jsonl.text(q, "username"), jsonl.text(q, "password"))
    request = urllib.request.Request("http://127.0.0.1" + uri, method=q.get("method", "GET"),
                                     data=jsonl.body(q) or None)
    server = Server(fields)
    if "uri" in q:
        jsonl.sent_as(q, request.get_method(), request.selector)
    urllib.request.build_opener(handler, server).open(request)
    return jsonl.authorization(server.sent)


def respond(q):
    handler = urllib.request.HTTPDigestAuthHandler(urllib.request.HTTPPasswordMgrWithDefaultRealm())
    handler.get_cnonce = lambda nonce: jsonl.cnonce(q)
    handler.last_nonce, handler.nonce_count = jsonl.AnyNonce(), int(q["nc"], 16) - 1
    return ask(q, handler, jsonl.challenges(q), jsonl.target(q))


def basic(q):
    handler = urllib.request.HTTPBasicAuthHandler(urllib.request.HTTPPasswordMgrWithDefaultRealm())
    return ask(q, handler, ['Basic realm="r"'])


jsonl.serve("urllib", platform.python_version(), {"basic.encode": basic, "digest.respond": respond},
            offers={"algorithms": ("MD5",)})
