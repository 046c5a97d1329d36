#!/usr/bin/python3
"""zeep's wsse.UsernameToken.  The nonce is put in as the system's randomness."""
import datetime
import pathlib
import sys

import zeep.wsse.username
from lxml import etree

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "python"))
import jsonl

ENVELOPE = '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body/></e:Envelope>'


def create(q):
    try:
        created = datetime.datetime.fromisoformat(q["created"])
    except ValueError:
        raise jsonl.Unsupported(f"takes a datetime, which '{q['created']}' is not") from None
    token = zeep.wsse.username.UsernameToken(
        jsonl.text(q, "username"), jsonl.octets(q, "password"),
        use_digest=q["type"] == "PasswordDigest", created=created,
        zulu_timestamp=q["created"].endswith("Z"))
    if not token.use_digest:
        token.password = jsonl.text(q, "password")
    zeep.wsse.username.os.urandom = lambda _: bytes.fromhex(q.get("nonce_hex", ""))
    envelope, _ = token.apply(etree.fromstring(ENVELOPE), {})
    children = {etree.QName(e).localname: e for e in envelope.iter("{*}UsernameToken").__next__()}
    written = children["Created"].text if "Created" in children else ""
    if written and written != q["created"]:
        raise jsonl.Unsupported(f"writes the time as {written}")
    nonce = children["Nonce"].text or "" if "Nonce" in children else ""
    return {"username": children["Username"].text or "", "nonce": nonce,
            "password": children["Password"].text or "", "type": children["Password"].get("Type"),
            "created": written}


jsonl.serve("zeep", zeep.__version__, {"usernametoken.create": create})
