"""The answers of vectors computed again, from their inputs alone: by a function that hashes many
octet strings at once, so that hashlib and the openssl command can both be that function.

Nothing is shared with the scripts that write the vectors, nor with the harness.
"""
import base64
import hashlib
import pathlib
import re
import subprocess

NAMES = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512-256", "SHA-1": "sha1"}


def by_hashlib(name, texts):
    engine = {"sha512-256": "sha512_256"}.get(name, name)
    return [hashlib.new(engine, text).hexdigest() for text in texts]


def by_openssl(folder):
    """One process for each call: all texts as files of one command."""
    def hash_all(name, texts):
        folder.mkdir(exist_ok=True)
        paths = [pathlib.Path(folder, f"{i:05}") for i in range(len(texts))]
        for path, text in zip(paths, texts):
            path.write_bytes(text)
        if not paths:
            return []
        done = subprocess.run(["openssl", "dgst", f"-{name}", "-r", *paths], capture_output=True,
                              check=True, text=True)
        sums = [line.split()[0] for line in done.stdout.splitlines()]
        assert len(sums) == len(texts)
        return sums
    return hash_all


def member(test, name, absent=b""):
    if name in test:
        return test[name].encode()
    return bytes.fromhex(test[name + "_hex"]) if name + "_hex" in test else absent


def batch(hash_all, jobs):
    """jobs: (key, algorithm, octets); gives {key: hex}, with one call for each algorithm."""
    out = {}
    for algorithm in sorted({job[1] for job in jobs}):
        mine = [job for job in jobs if job[1] == algorithm]
        for job, value in zip(mine, hash_all(NAMES[algorithm], [job[2] for job in mine])):
            out[job[0]] = value
    return out


def responses(hash_all, requests):
    """requests: {key: parameters as octets}; the response of each (RFC 7616 3.4.1)."""
    def plain(d):
        return re.sub("-sess$", "", d["algorithm"], flags=re.I).upper()
    first, second, body = {}, {}, {}
    body = batch(hash_all, [(k, plain(d), d["body"]) for k, d in requests.items()])
    first = batch(hash_all, [(k, plain(d), b":".join((d["username"], d["realm"], d["password"])))
                             for k, d in requests.items()])
    later = batch(hash_all, [(k, plain(d), b":".join((first[k].encode(), d["nonce"], d["cnonce"])))
                             for k, d in requests.items()
                             if d["algorithm"].lower().endswith("-sess")])
    first.update(later)
    second = batch(hash_all, [(k, plain(d), b":".join((d["method"], d["uri"], *(
        [body[k].encode()] if d["qop"] == b"auth-int" else [])))) for k, d in requests.items()])
    return batch(hash_all, [(k, plain(d), b":".join((first[k].encode(), d["nonce"], *(
        [d["nc"], d["cnonce"], d["qop"]] if d["qop"] else []), second[k].encode())))
        for k, d in requests.items()])


def params(text):
    """The parameters of one Authorization value that keeps to the usual form, unquoted."""
    out = {}
    for m in re.finditer(rb'([A-Za-z*]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,"]+)', text, re.S):
        value = m.group(2)
        if value.startswith(b'"'):
            value = re.sub(rb"\\(.)", rb"\1", value[1:-1], flags=re.S)
        out[m.group(1).decode().lower()] = value
    return out


def token_digests(hash_all, tokens):
    """tokens: {key: (nonce, created, password)} as octets; Base64(SHA-1(...)) of each."""
    sums = batch(hash_all, [(k, "SHA-1", b"".join(parts)) for k, parts in tokens.items()])
    return {k: base64.b64encode(bytes.fromhex(v)).decode() for k, v in sums.items()}
