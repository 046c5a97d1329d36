#!/usr/bin/python3
"""A client that does as its argument says: what countersign vectors --client must survive.

It is told in variables what to ask.  right: it answers Basic, and Digest with MD5 and no qop.
"""
import base64
import hashlib
import os
import re
import signal
import socket
import sys
import time
import urllib.parse

URL = urllib.parse.urlsplit(os.environ["URL"])
NAME, PASSWORD = os.environb[b"USERNAME"], os.environb[b"PASSWORD"]


def connect():
    return socket.create_connection((URL.hostname, URL.port))


def exchange(authorization=b"", body=b""):
    """The head of the answer."""
    target = URL.path + (f"?{URL.query}" if URL.query else "")
    head = f"{os.environ['METHOD']} {target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n".encode()
    if authorization:
        head += b"Authorization: " + authorization + b"\r\n"
    with connect() as s:
        s.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return s.makefile("rb").read()


def hashed(*parts):
    return hashlib.md5(b":".join(parts)).hexdigest().encode()


def answer(challenge, password):
    realm, nonce = (re.search(name + rb'="([^"]*)"', challenge)[1] for name in (b"realm", b"nonce"))
    uri = URL.path.encode()
    response = hashed(hashed(NAME, realm, password), nonce,
                      hashed(os.environb[b"METHOD"], uri))
    return (b'Digest username="%s", realm="%s", nonce="%s", uri="%s", response="%s"'
            % (NAME, realm, nonce, uri, response))


def right(password=PASSWORD):
    if os.environ["SCHEME"] == "basic":
        exchange(b"Basic " + base64.b64encode(NAME + b":" + password))
    else:
        exchange(answer(exchange(), password))


def token():
    nonce, created = b"0123456789", b"2026-01-01T00:00:00Z"
    digest = base64.b64encode(hashlib.sha1(nonce + created + PASSWORD).digest()).decode()
    uri = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
    exchange(body=(
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Header>'
        f'<s:Security xmlns:s="{uri}wssecurity-secext-1.0.xsd"><s:UsernameToken>'
        f'<s:Username>{NAME.decode()}</s:Username>'
        f'<s:Password Type="{uri}username-token-profile-1.0#{os.environ["TYPE"]}">{digest}'
        f'</s:Password><s:Nonce>{base64.b64encode(nonce).decode()}</s:Nonce>'
        f'<u:Created xmlns:u="{uri}wssecurity-utility-1.0.xsd">{created.decode()}</u:Created>'
        '</s:UsernameToken></s:Security></e:Header><e:Body/></e:Envelope>').encode())


def early():
    with connect() as s:
        s.sendall(b"GET / HT")


def octets():
    with connect() as s:
        s.sendall(bytes(range(256)) * 8 + b"\r\n\r\n")
        s.makefile("rb").read()


def large():
    try:
        exchange(b"Basic " + b"A" * (1 << 20))
    except OSError:
        pass  # the server hangs up before all of it is sent


def hang():
    time.sleep(600)


def held():
    with connect():
        time.sleep(600)


def flood():
    right()
    while True:
        sys.stdout.write("x" * 65536)


def late():
    right()
    time.sleep(600)


def crash():
    os.kill(os.getpid(), signal.SIGSEGV)


def cannot():
    print("not built in", file=sys.stderr)
    sys.exit(69)


def twice():
    exchange(b"Basic eDp5\r\nAuthorization: Basic eDp5")


DEEDS = {f.__name__: f for f in (right, token, early, octets, large, hang, held, flood, late, crash,
                                 cannot, twice)}
DEEDS.update(wrong=lambda: right(b"other"), nothing=lambda: None, asks=exchange)

if __name__ == "__main__":
    DEEDS[sys.argv[1]]()
