#!/usr/bin/python3
"""libmicrohttpd's checks of Basic and Digest, over the network: countersign asks its server."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "common"))
import jsonl
import mhd

ALGORITHMS = {"MD5": 1, "SHA-256": 2}


def decide(connection, queue):
    """queue(status) answers; 401 of Digest is libmicrohttpd's own."""
    known = [(jsonl.octets(a, "username"), jsonl.octets(a, "password")) for a in asked["accounts"]]
    if asked["op"] == "basic.verify":
        return queue(200 if mhd.basic_account(connection) in known else 401)
    realm, algorithm = jsonl.octets(asked, "realm"), ALGORITHMS[asked["algorithms"][0]]
    for name, password in known:
        if mhd.digest_is_right(connection, realm, name, password, algorithm):
            return queue(200)
    return mhd.queue_challenge(connection, realm, algorithm)


def lack(q):
    """What the server cannot be told to do, or None."""
    value = jsonl.octets(q, "authorization")
    if q["op"] == "basic.verify":
        return None
    if q["algorithms"][0] not in ALGORITHMS:
        return f"knows no {q['algorithms']}"
    if q["qop"] != ["auth"]:
        return "offers qop auth"
    if b"userhash=true" in value or b"username*=" in value and b"username=" not in value:
        return "knows no userhash and no username*"
    return None


def verify(q):
    jsonl.no_nul(*q["accounts"])
    if why := lack(q):
        raise jsonl.Unsupported(why)
    asked.clear()
    asked.update(q)
    return {"url": url}


asked = {}
url = mhd.start(decide)
jsonl.serve("libmicrohttpd", mhd.version(), {"basic.verify": verify, "digest.verify": verify},
            network=True)
