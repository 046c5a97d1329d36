#!/usr/bin/python3
"""libsoup 3, over the network: it asks countersign, and picks cnonce and nc itself."""
import pathlib
import sys

import gi

gi.require_version("Soup", "3.0")
from gi.repository import GLib, Soup

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "common"))
import jsonl

FLAGS = GLib.UriFlags.ENCODED | GLib.UriFlags.HAS_PASSWORD


def ask(offered):
    def perform(q):
        jsonl.no_nul(q)
        name, password = jsonl.text(q, "username"), jsonl.text(q, "password")
        session = Soup.Session()
        for kind in {Soup.AuthBasic, Soup.AuthDigest} - {offered}:
            session.remove_feature_by_type(kind)

        def authenticate(_, auth, retrying):
            if not retrying:
                auth.authenticate(name, password)
            return not retrying

        message = Soup.Message.new_from_uri(q.get("method", "GET"),
                                            GLib.Uri.parse(q["url"], FLAGS))
        message.connect("authenticate", authenticate)
        if body := jsonl.body(q):
            message.set_request_body_from_bytes(None, GLib.Bytes.new(body))
        session.send_and_read(message, None)
        session.abort()
        if message.get_status() == Soup.Status.UNAUTHORIZED:
            raise ValueError("sent no Authorization")
        return {}
    return perform


version = (Soup.get_major_version(), Soup.get_minor_version(), Soup.get_micro_version())
jsonl.serve("libsoup", "%d.%d.%d" % version, {
    "basic.encode": ask(Soup.AuthBasic), "digest.respond": ask(Soup.AuthDigest),
}, network=True, offers={"algorithms": ("MD5", "MD5-SESS")})
