#!/usr/bin/python3
"""zeep's wsse.UsernameToken.  The nonce is put in as the system's randomness."""
import datetime
import pathlib
import sys

import zeep.wsse.username
from lxml import etree

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "common"))
import jsonl

ENVELOPE = '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body/></e:Envelope>'


def create(q):
    if q["type"] != "PasswordDigest":
        raise jsonl.Unsupported("writes neither Nonce nor Created beside PasswordText")
    try:
        created = datetime.datetime.fromisoformat(q["created"])
    except ValueError:
        raise jsonl.Unsupported(f"takes a datetime, which '{q['created']}' is not") from None
    token = zeep.wsse.username.UsernameToken(
        jsonl.text(q, "username"), jsonl.octets(q, "password"),
        use_digest=True, created=created,
        zulu_timestamp=q["created"].endswith("Z"))
    zeep.wsse.username.os.urandom = lambda _: bytes.fromhex(q.get("nonce_hex", ""))
    envelope, _ = token.apply(etree.fromstring(ENVELOPE), {})
    children = {etree.QName(e).localname: e for e in envelope.iter("{*}UsernameToken").__next__()}
    if children["Created"].text != q["created"]:
        raise jsonl.Unsupported(f"writes the time as {children['Created'].text}")
    outputs = {name.lower(): e.text or "" for name, e in children.items()}
    return outputs | {"type": children["Password"].get("Type")}


jsonl.serve("zeep", zeep.__version__, {"usernametoken.create": create})
