#!/usr/bin/python3
"""A client of a few lines, right in what it does: Basic, or Digest of MD5, with or without SOAP.

  small_client.py [--log FILE] [--soap] URL...

Credentials, method and body are those of the environment; --log gets a line of JSON for each run.
"""
import base64
import hashlib
import http.client
import json
import os
import re
import secrets
import sys
import urllib.parse

SOAP = ('<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
        '<d:%s xmlns:d="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>')
PARAMETER = re.compile(r'([\w*-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def octets(text):
    """http.client writes and reads fields in Latin-1: what it is given stands for octets."""
    return text.encode().decode("latin-1")


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Client:
    """One session: a connection for each origin, and the nonce of the last challenge."""

    def __init__(self, user, password):
        self.user, self.password = user, password
        self.challenge, self.nc, self.connections = None, 0, {}

    def authorization(self, method, target):
        c = self.challenge
        if c is None:
            return {}
        if c["scheme"] == "basic":
            pair = f"{self.user}:{self.password}".encode()
            return {"Authorization": "Basic " + base64.b64encode(pair).decode()}
        self.nc += 1
        nc, cnonce = f"{self.nc:08x}", secrets.token_hex(8)
        key = md5(f"{self.user}:{c['realm']}:{self.password}")
        a2 = md5(f"{method}:{target}")
        middle = f"{c['nonce']}:{nc}:{cnonce}:auth" if "qop" in c else c["nonce"]
        parts = [f"username={quoted(self.user)}", f"realm={quoted(c['realm'])}",
                 f"nonce={quoted(c['nonce'])}", f"uri={quoted(target)}",
                 f'response="{md5(f"{key}:{middle}:{a2}")}"']
        if "qop" in c:
            parts += ["qop=auth", f"nc={nc}", f'cnonce="{cnonce}"']
        if "opaque" in c:
            parts.append(f"opaque={quoted(c['opaque'])}")
        if "algorithm" in c:
            parts.append("algorithm=MD5")
        return {"Authorization": octets("Digest " + ", ".join(parts))}

    def read(self, fields):
        """The first challenge that it knows, Digest before Basic."""
        found = []
        for field in fields:
            text = field.encode("latin-1").decode("utf-8", "replace")
            scheme, _, rest = text.partition(" ")
            c = {name.lower(): re.sub(r"\\(.)", r"\1", value) if value else token
                 for name, value, token in PARAMETER.findall(rest)}
            c["scheme"] = scheme.lower()
            words = re.split(r"[ \t,]+", c.get("qop", "auth"))
            known = c.get("algorithm", "MD5").upper() == "MD5" and "auth" in words
            if c["scheme"] == "basic" or (c["scheme"] == "digest" and known):
                found.append(c)
        found.sort(key=lambda c: c["scheme"] == "basic")
        return found[0] if found else None

    def send(self, url, method, body, kind, credentials=True):
        parts = urllib.parse.urlsplit(url)
        target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
        fields = self.authorization(method, target) if credentials else {}
        if body:
            fields["Content-Type"] = kind
        connection = self.connections.setdefault(
            parts.netloc, http.client.HTTPConnection(parts.netloc, timeout=20))
        connection.request(method, target, body=body or None, headers=fields)
        answer = connection.getresponse()
        answer.read()
        return answer, bool(fields.get("Authorization"))

    def call(self, url, method, body="", kind="text/plain", credentials=True):
        """The status of the last answer; stale=true is answered, another refusal is not."""
        for _ in range(4):
            answer, tried = self.send(url, method, body.encode(), kind, credentials)
            if answer.status != 401 or not credentials:
                break
            new = self.read(answer.headers.get_all("WWW-Authenticate", []))
            if not new or (tried and new.get("stale", "").lower() != "true"):
                break
            self.challenge, self.nc = new, 0
        return answer.status


def main():
    arguments, env = sys.argv[1:], os.environ
    log = arguments[arguments.index("--log") + 1] if "--log" in arguments else None
    urls = [a for a in arguments if a.startswith("http://")]
    body = sys.stdin.read()
    if log:
        with open(log, "a", encoding="utf-8") as f:
            told = {n: env.get(n) for n in ("URL", "URLS", "SCHEME", "METHOD", "USERNAME",
                                            "PASSWORD", "CASE")}
            f.write(json.dumps({"argv": arguments, "env": told, "body": body}) + "\n")
    client, status = Client(env["USERNAME"], env["PASSWORD"]), 0
    for url in urls:
        if "--soap" in arguments:
            soap = "application/soap+xml; charset=utf-8"
            client.call(url, "POST", SOAP % "GetSystemDateAndTime", soap, credentials=False)
            status = client.call(url, "POST", SOAP % "GetDeviceInformation", soap)
        else:
            status = client.call(url, env["METHOD"], body)
    return 0 if 200 <= status < 300 else 1


if __name__ == "__main__":
    sys.exit(main())
