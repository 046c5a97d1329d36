#!/usr/bin/python3
"""An adapter over the network that does as its argument says, well or badly.

own...: in memory, with a cnonce, nc, nonce and time of its own.  server...: it names a server.
"""
import base64
import hashlib
import json
import os
import re
import signal
import sys
import time

KIND = sys.argv[1]
OWN = KIND.startswith("own")
OPERATIONS = ["basic.encode", "basic.verify", "digest.respond", "digest.verify",
              "usernametoken.create", "usernametoken.verify"]


def hashed(*parts):
    return hashlib.md5(":".join(parts).encode()).hexdigest()


def parameters(value):
    return {n.lower(): v for n, v in re.findall(r'(\w+)="?([^",]*)"?', value)}


# --- in memory ---


def own_digest(q):
    challenge = q["www_authenticate"][0]
    realm, nonce = (re.search(name + '="([^"]*)"', challenge)[1] for name in ("realm", "nonce"))
    nc, cnonce = "00000007", "own"
    password = "other" if KIND == "own-wrong" else q["password"]
    ha1 = hashed(q["username"], realm, password)
    response = hashed(ha1, nonce, nc, cnonce, "auth", hashed(q["method"], q["uri"]))
    value = (f'Digest username="{q["username"]}", realm="{realm}", nonce="{nonce}", '
             f'uri="{q["uri"]}", response="{response}", qop=auth, cnonce="{cnonce}"')
    return {"authorization": value if KIND == "own-none" else f"{value}, nc={nc}"}


def own_token(q):
    nonce = b"of its own"
    created = "yesterday" if KIND == "own-date" else "2026-01-02T03:04:05Z"
    password = "other" if KIND == "own-wrong" else q["password"]
    digest = hashlib.sha1(nonce + created.encode() + password.encode()).digest()
    return {"username": q["username"], "password": base64.b64encode(digest).decode(),
            "type": "http://docs.oasis-open.org/wss/2004/01/"
                    "oasis-200401-wss-username-token-profile-1.0#PasswordDigest",
            "nonce": base64.b64encode(nonce).decode(), "created": created}


# --- as a client ---


def ask(q):
    environment = {**os.environ, "URL": q["url"], "METHOD": q.get("method", "GET"),
                   "SCHEME": q["op"].split(".")[0], "USERNAME": q["username"],
                   "PASSWORD": q["password"], "TYPE": q.get("type", "")}
    here = os.path.dirname(os.path.abspath(__file__))
    os.spawnve(os.P_WAIT, sys.executable,
               [sys.executable, "-B", f"{here}/clients.py", "right"], environment)
    return {}


# --- as a server ---


def server_right(q, authorization):
    accounts = {a["username"]: a["password"] for a in q["accounts"]}
    if q["op"] == "basic.verify":
        try:
            pair = base64.b64decode(authorization.split(" ")[1], validate=True).decode()
        except ValueError:
            return False
        name, _, password = pair.partition(":")
        return accounts.get(name) == password
    p = parameters(authorization.split(" ", 1)[1])
    ha1 = hashed(p["username"], q["realm"], accounts.get(p["username"], "?"))
    return p["response"] == hashed(ha1, "of the server", p["nc"], p["cnonce"], "auth",
                                   hashed(q["method"], p["uri"]))


def behaviour(q, hostile):
    """What the server does with a request."""
    decide = {"server-refuses": lambda a: False, "server-open": lambda a: True,
              "server-believes": bool}.get(KIND, lambda a: bool(a) and server_right(q, a))
    challenge = b'Basic realm="r"'
    if q["op"] == "digest.verify":
        challenge = f'Digest realm="{q["realm"]}", nonce="of the server", qop="auth"'.encode()
    fields = [] if KIND == "server-bare" else [(b"WWW-Authenticate", challenge)]

    def answer(request):
        given = request.fields.get(b"authorization", b"").decode()
        if decide(given):
            return hostile.response(200)
        return hostile.response(401, b"", fields)
    return hostile.answers(answer)


HOSTILE = {
    "server-closes": lambda peer: peer.request(),
    "server-garbage": lambda peer: peer.send(b"\0\xff garbage\r\n\r\n"),
    "server-large": lambda peer: peer.send(b"HTTP/1.1 401 No\r\nX: " + b"x" * (1 << 20) + b"\r\n"),
    "server-hangs": lambda peer: time.sleep(600),
}
servers = []


def serve(q):
    import hostile

    if KIND == "server-odd":
        return {"url": "gopher://[::"}
    servers.append(hostile.Server(HOSTILE.get(KIND) or behaviour(q, hostile)).__enter__())
    if KIND == "server-gone":
        servers[-1].die()
    return {"url": servers[-1].url()}


def answer(q):
    if KIND == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if KIND == "hang":
        time.sleep(600)
    fixed = {"silent": {}, "no-url": {}, "refuses": {"error": "will not"},
             "cannot": {"unsupported": "cannot be told"}}
    if KIND in fixed:
        return fixed[KIND]
    if OWN:
        return (own_digest if q["op"] == "digest.respond" else own_token)(q)
    return serve(q) if q["op"].endswith(".verify") else ask(q)


def main():
    for line in sys.stdin:
        q = json.loads(line)
        reply = {"adapter": "peer", "version": "1", "operations": OPERATIONS}
        if KIND != "own-untold":
            reply |= {"own": ["cnonce", "nc", "nonce", "created"]} if OWN else {"network": True}
        if "hello" not in q:
            reply = {"id": q["id"], **answer(q)}
        print(json.dumps(reply), flush=True)
    os._exit(0)  # servers may hang on purpose


if __name__ == "__main__":
    main()
