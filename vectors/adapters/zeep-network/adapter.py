#!/usr/bin/python3
"""zeep's wsse.UsernameToken over the network, with its own nonce and the system's time."""
import pathlib
import sys
import urllib.request

import zeep.wsse.username
from lxml import etree

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "common"))
import jsonl

ENVELOPE = '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body/></e:Envelope>'


def create(q):
    if q["type"] != "PasswordDigest":
        raise jsonl.Unsupported("writes neither Nonce nor Created beside PasswordText")
    token = zeep.wsse.username.UsernameToken(
        jsonl.text(q, "username"), jsonl.octets(q, "password"), use_digest=True)
    envelope, _ = token.apply(etree.fromstring(ENVELOPE), {})
    with urllib.request.urlopen(q["url"], etree.tostring(envelope)) as response:
        response.read()
    return {}


jsonl.serve("zeep", zeep.__version__, {"usernametoken.create": create}, network=True)
