#!/usr/bin/python3
"""libsoup 3.  It talks to a server on loopback, and picks cnonce and nc itself."""
import pathlib
import sys

import gi

gi.require_version("Soup", "3.0")
from gi.repository import GLib, Soup

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "python"))
import jsonl

FLAGS = GLib.UriFlags.ENCODED | GLib.UriFlags.HAS_PASSWORD


def ask(q, fields, uri, offered):
    name, password = jsonl.text(q, "username"), jsonl.text(q, "password")
    if "\0" in name + password:
        raise jsonl.Unsupported("takes C strings")
    session = Soup.Session()
    for kind in {Soup.AuthBasic, Soup.AuthDigest} - {offered}:
        session.remove_feature_by_type(kind)

    def authenticate(_, auth, retrying):
        if not retrying:
            auth.authenticate(name, password)
        return not retrying

    with jsonl.Challenger(fields) as server:
        message = Soup.Message.new_from_uri(
            q.get("method", "GET"), GLib.Uri.parse(server.url + uri, FLAGS))
        message.connect("authenticate", authenticate)
        if body := bytes.fromhex(q.get("body_hex", "")):
            message.set_request_body_from_bytes(None, GLib.Bytes.new(body))
        session.send_and_read(message, None)
        session.abort()
        return server.answer(q if offered is Soup.AuthDigest else None)


version = (Soup.get_major_version(), Soup.get_minor_version(), Soup.get_micro_version())
jsonl.serve("libsoup", "%d.%d.%d" % version, {
    "basic.encode": lambda q: ask(q, ['Basic realm="r"'], "/", Soup.AuthBasic),
    "digest.respond": lambda q: ask(q, jsonl.challenges(q), jsonl.target(q), Soup.AuthDigest),
}, own=["cnonce", "nc"], offers={"algorithms": ("MD5", "MD5-SESS")})
