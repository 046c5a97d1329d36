"""Bundles from outside: other people's tools accept them, and no changed octet gets past."""
import base64
import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import tarfile

import pytest

from blackbox import ROOT, Call

FOLDER = "authentication-conformance-report/"
OWN = {"SHA256SUMS", "SHA256SUMS.p7s", "bundle.json", "statement.dsse.json"}


def tool(*arguments, folder, **more):
    done = subprocess.run(arguments, cwd=folder, capture_output=True, check=False, **more)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def openssl(folder, *arguments):
    status, text = tool("openssl", *arguments, folder=folder)
    assert status == 0, text
    return text


def new_ca(folder, name):
    openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30",
            "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}")


def new_signer(folder, name, ca, *kind):
    (folder / "usage").write_text("keyUsage=digitalSignature\nextendedKeyUsage=emailProtection\n")
    openssl(folder, "req", *(kind or ("-newkey", "rsa:2048")), "-nodes",
            "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}/O=Example")
    openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{ca}.pem",
            "-CAkey", f"{ca}.key", "-CAcreateserial", "-days", "20", "-extfile", "usage",
            "-out", f"{name}.pem")
    (folder / f"{name}.key").chmod(0o600)


@pytest.fixture(scope="module", name="lab")
def lab_fixture(tmp_path_factory):
    """A folder with keys, the results of a small run, and its bundle."""
    folder = tmp_path_factory.mktemp("lab")
    new_ca(folder, "ca")
    new_ca(folder, "foreign")
    new_signer(folder, "lab", "ca")
    (folder / "fw.bin").write_bytes(b"firmware")
    Call(("run", "--seed", "1", "--only", "digest.nc.*", "--results", "results"), folder).end()
    done = bundle(folder, "b.tar.gz")
    assert done.status == 0, done.err
    return folder


def bundle(folder, out, *more, signer="lab"):
    return Call(("bundle", "results", "-o", out, "--key", f"{signer}.key", "--cert",
                 f"{signer}.pem", "--operator", "Ana, lab 7", "--firmware", "fw.bin",
                 "--draft", *more), folder).end()


def verify(folder, name, *more, ca="ca.pem"):
    return Call(("verify", name, "--ca", ca, *more), folder).end()


def refused(done, *gist):
    """Exit 1 and one line that says what is wrong."""
    assert done.status == 1, done.out + done.err
    assert not done.out
    assert re.fullmatch("countersign: [^\n]*\n", done.err), done.err
    for words in gist:
        assert words in done.err
    return done


def unpacked(lab, folder):
    with tarfile.open(lab / "b.tar.gz") as tar:
        tar.extractall(folder)
    return folder / FOLDER


# --- other people's tools ---


def test_sha256sum_accepts(lab, tmp_path):
    status, text = tool("sha256sum", "-c", "--strict", "SHA256SUMS",
                        folder=unpacked(lab, tmp_path))
    assert status == 0, text
    files = {path.relative_to(tmp_path / FOLDER).as_posix()
             for path in (tmp_path / FOLDER).rglob("*") if path.is_file()}
    named = set(re.findall(r"^(\S+): OK$", text, re.M))
    assert files - named == OWN - {"bundle.json"}
    assert len(named) > 10


def test_openssl_cms_accepts(lab, tmp_path):
    top = unpacked(lab, tmp_path)
    arguments = ("cms", "-verify", "-binary", "-inform", "DER", "-in", "SHA256SUMS.p7s",
                 "-content", "SHA256SUMS", "-out", os.devnull, "-CAfile")
    openssl(top, *arguments, lab / "ca.pem")
    assert tool("openssl", *arguments, lab / "foreign.pem", folder=top)[0] != 0
    # The signing time is the end of the run, which the card tells.
    card = json.loads((top / "bundle.json").read_text())
    text = openssl(top, "cms", "-cmsout", "-print", "-inform", "DER", "-in", "SHA256SUMS.p7s")
    when = re.search(r"UTCTIME:\w+ +\d+ (\d\d:\d\d:\d\d)", text).group(1)
    assert card["ended"][11:19] == when


def test_dsse_by_hand(lab, tmp_path):
    top = unpacked(lab, tmp_path)
    envelope = json.loads((top / "statement.dsse.json").read_text())
    payload = base64.b64decode(envelope["payload"])
    kind = envelope["payloadType"].encode()
    assert kind == b"application/vnd.in-toto+json"
    (top / "pae").write_bytes(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
    (top / "sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    public = openssl(lab, "x509", "-in", "lab.pem", "-pubkey", "-noout")
    (top / "pub").write_text(public)
    assert "OK" in openssl(top, "dgst", "-sha256", "-verify", "pub", "-signature", "sig", "pae")


def test_statement(lab, tmp_path):
    top = unpacked(lab, tmp_path)
    envelope = json.loads((top / "statement.dsse.json").read_text())
    statement = json.loads(base64.b64decode(envelope["payload"]))
    results = json.loads((top / "results.json").read_text())
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    digests = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
    for name in ("SHA256SUMS", "SHA256SUMS.p7s"):
        text = tool("sha256sum", name, folder=top)[1]
        assert digests[name] == text.split()[0]
    assert digests["fw.bin"] == tool("sha256sum", "fw.bin", folder=lab)[1].split()[0]
    predicate = statement["predicate"]
    assert predicate["result"] in ("PASSED", "WARNED")
    for verdict, key in (("pass", "passedTests"), ("warn", "warnedTests"),
                         ("fail", "failedTests"), ("skip", "skippedTests")):
        wanted = [v["id"] for v in results["variants"] if v["verdict"] == verdict]
        assert predicate[key] == wanted
    assert predicate["passedTests"]
    for one in predicate["configuration"]:
        assert one.get("digest") or one.get("uri")


def test_tar_is_plain(lab):
    raw = (lab / "b.tar.gz").read_bytes()
    assert raw[:10] == b"\x1f\x8b\x08\0\0\0\0\0\0\x03"  # no name, no time
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        members = tar.getmembers()
    names = [member.name for member in members]
    assert names == sorted(names)
    assert all(name.startswith(FOLDER) for name in names)
    about = {(m.isreg(), m.mode, m.uid, m.gid, m.uname, m.gname, m.mtime) for m in members}
    assert len(about) == 1
    assert about.pop()[:6] == (True, 0o644, 0, 0, "", "")


def test_card(lab, tmp_path):
    card = json.loads((unpacked(lab, tmp_path) / "bundle.json").read_text())
    assert card["title"] == "Authentication conformance report"
    assert card["device"]["identity"]["manufacturer"] == "Countersign"
    assert card["device"]["tls_chain"] is None
    assert card["device"]["tls_chain_note"] == "the target was not asked over TLS"
    assert card["operator"] == "Ana, lab 7"
    assert not card["certification"]["certified"]
    assert "the run was made without --certify" in card["certification"]["reasons"]
    assert "--only: a filter chose the cases" in card["certification"]["reasons"]
    assert not re.search(r"onvif[- ](?:conform|compli|certif)", json.dumps(card), re.I)


# --- our own check ---


def test_verify_tells(lab):
    before = sorted(lab.iterdir())
    done = verify(lab, "b.tar.gz")
    assert done.status == 0, done.err
    assert done.out.startswith("authentication conformance report, unchanged: ")
    for words in ("CN = lab, O = Example", "issued by    CN = ca", "manufacturer Countersign",
                  "fw.bin, SHA-256 ", "Ana, lab 7", "judged again: ", " 0 change\n",
                  "not certified:", "without --certify"):
        assert words in done.out
    assert sorted(lab.iterdir()) == before  # nothing is unpacked


def test_two_are_equal(lab):
    assert bundle(lab, "c.tar.gz").status == 0
    assert (lab / "c.tar.gz").read_bytes() == (lab / "b.tar.gz").read_bytes()


def test_ecdsa(lab):
    new_signer(lab, "curve", "ca", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    done = bundle(lab, "curve.tar.gz", signer="curve")
    assert done.status == 0, done.err
    assert verify(lab, "curve.tar.gz").status == 0


def test_chain(lab):
    """A certificate between the two: known only when it is in the bundle."""
    new_signer(lab, "deep", "ca")
    (lab / "usage").write_text("basicConstraints=CA:TRUE\n")
    openssl(lab, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "sub.key", "-out", "sub.csr",
            "-subj", "/CN=sub")
    openssl(lab, "x509", "-req", "-in", "sub.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", "20", "-extfile", "usage", "-out", "sub.pem")
    new_signer(lab, "deep", "sub")
    assert bundle(lab, "short.tar.gz", signer="deep").status == 0
    refused(verify(lab, "short.tar.gz"), "SHA256SUMS.p7s: the signer: unable to get local issuer")
    assert bundle(lab, "long.tar.gz", "--chain", "sub.pem", signer="deep").status == 0
    assert verify(lab, "long.tar.gz").status == 0


def test_strangers(lab):
    refused(verify(lab, "b.tar.gz", ca="foreign.pem"), "SHA256SUMS.p7s: the signer: ")
    refused(verify(lab, "b.tar.gz", "--at", "2099-01-01"), "certificate has expired")
    refused(verify(lab, "b.tar.gz", "--at", "2001-01-01T00:00:00Z"), "not yet valid")
    refused(Call(("verify", "b.tar.gz"), lab).end(), "SHA256SUMS.p7s: the signer: ")


def test_a_flipped_octet_of_each_file(lab, tmp_path):
    raw = gzip.decompress((lab / "b.tar.gz").read_bytes())
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        members = tar.getmembers()
    assert len(members) > 12
    for number, member in enumerate(members):
        bad = bytearray(raw)
        bad[member.offset_data + (number * 7919) % member.size] ^= 1
        (tmp_path / "bad.tar.gz").write_bytes(gzip.compress(bytes(bad), 6, mtime=0))
        refused(verify(tmp_path, "bad.tar.gz", ca=lab / "ca.pem"),
                f"bad.tar.gz: {member.name[len(FOLDER):]}: ")


def test_a_flipped_octet_of_the_wrapping(lab, tmp_path):
    raw = (lab / "b.tar.gz").read_bytes()
    ends = [*range(12), *range(len(raw) - 10, len(raw))]
    for at in ends + list(range(12, len(raw), len(raw) // 25)):
        bad = bytearray(raw)
        bad[at] ^= 0x40
        (tmp_path / "bad.tar.gz").write_bytes(bad)
        refused(verify(tmp_path, "bad.tar.gz", ca=lab / "ca.pem"), "bad.tar.gz: ")


def test_pressed_again(lab, tmp_path):
    """The same files in other octets are no longer what was signed and handed out."""
    raw = gzip.decompress((lab / "b.tar.gz").read_bytes())
    (tmp_path / "bad.tar.gz").write_bytes(gzip.compress(raw, 1, mtime=0))
    refused(verify(tmp_path, "bad.tar.gz", ca=lab / "ca.pem"), "gzip layer")


def test_bomb(lab, tmp_path):
    raw = bytearray(gzip.compress(bytes(64 << 20), 9, mtime=0))
    raw[8:10] = b"\0\x03"  # as level 6 on any system writes them
    (tmp_path / "bomb.tar.gz").write_bytes(raw)
    refused(verify(tmp_path, "bomb.tar.gz", ca=lab / "ca.pem"), "hold more than a bundle has")


# --- what is refused at the start ---


@pytest.mark.parametrize("change, gist", [
    ({"--key": "open.key"}, "open.key can be used by others"),
    ({"--key": "foreign.key"}, "the certificate is of another key"),
    ({"--key": "locked.key"}, "no private key in PEM without a pass phrase"),
    ({"--key": None}, "--key is needed"),
    ({"--cert": "fw.bin"}, "no certificate in PEM"),
    ({"--cert": "no.pem"}, "no.pem: No such file"),
    ({"--firmware": "nothing"}, "nothing: expected a file that is not empty"),
    ({"--operator": "@none"}, "none: No such file"),
    ({"-o": None}, "--output is needed"),
])
def test_bad_options(lab, change, gist):
    (lab / "open.key").write_bytes((lab / "lab.key").read_bytes())
    (lab / "open.key").chmod(0o644)
    (lab / "nothing").write_bytes(b"")
    openssl(lab, "pkey", "-in", "lab.key", "-aes256", "-passout", "pass:x", "-out", "locked.key")
    (lab / "locked.key").chmod(0o600)
    options = {"-o": "x.tar.gz", "--key": "lab.key", "--cert": "lab.pem", **change}
    words = [word for pair in options.items() if pair[1] for word in pair]
    Call(("bundle", "results", "--draft", *words), lab).end().complains(gist)
    assert not (lab / "x.tar.gz").exists()


def test_certification_names_each_reason(lab, tmp_path, call):
    done = Call(("bundle", "results", "-o", "x.tar.gz", "--key", "lab.key", "--cert", "lab.pem"),
                lab).end()
    assert done.status == 4
    assert "  the run was made without --certify\n" in done.err
    assert "  --only: a filter chose the cases\n" in done.err
    assert "cannot be certified; --draft bundles it all the same" in done.err
    assert not (lab / "x.tar.gz").exists()
    done = call("run", "--certify", "--only", "digest.*", "--skip", "x", "--evidence", "full",
                "--waivers", "w.ini")
    assert done.status == 4
    for words in ("--only", "--skip", "--waivers", "--results is needed",
                  "--evidence must be redacted"):
        assert f"countersign: --certify: {words}" in done.err
    assert not list(tmp_path.glob("results"))


def test_certified(lab, tmp_path, call):
    """From a clean checkout, all the way; else the build is named."""
    version = call("--version").out
    options = ("run", "--certify", "--seed", "1", "--results", "results", "-q")
    run = call(*options, "--risk", "intrusive")
    if "+dirty" in version or "(commit " not in version:
        assert run.status == 4
        assert "+dirty" in run.err or "does not know the commit" in run.err
        return
    assert run.status == 0, run.out + run.err
    keys = ("--key", lab / "lab.key", "--cert", lab / "lab.pem")
    done = call("bundle", "results", "-o", "b.tar.gz", *keys)
    assert done.status == 0, done.err
    assert "draft" not in done.out
    done = verify(tmp_path, "b.tar.gz", ca=lab / "ca.pem")
    assert done.status == 0
    assert "not certified" not in done.out
    assert "result       PASSED" in done.out
    # What a safe run leaves out is named, by the run and by the bundle.
    run = call(*options, "--only", "x")
    assert run.status == 4
    run = call(*options)
    assert run.status == 6
    assert re.search(r"^not certified: \S+: skip \(risk\)$", run.out, re.M)
    done = call("bundle", "results", "-o", "c.tar.gz", *keys)
    assert done.status == 4
    assert ": a mandatory case was skipped (risk)\n" in done.err
    assert not (tmp_path / "c.tar.gz").exists()


# --- the version ---


def built(folder):
    source, out = folder / "source", folder / "version.c"
    status, text = tool("cmake", f"-DSOURCE={source}", "-DVERSION=1.2.3", f"-DOUT={out}", "-P",
                        ROOT / "harness/cli/version.cmake", folder=folder)
    assert status == 0, text
    return re.search(r'cli_tool\[\] = "([^"]*)"', out.read_text()).group(1)


def test_version_tells_the_commit(tmp_path):
    source = tmp_path / "source"
    (source / "harness").mkdir(parents=True)
    (source / "harness/a.c").write_text("int a;\n")
    assert built(tmp_path) == "countersign 1.2.3 (no git, commit unknown)"

    def git(*arguments):
        status, text = tool("git", "-c", "user.name=a", "-c", "user.email=a@example.org",
                            *arguments, folder=source)
        assert status == 0, text
        return text

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    head = git("rev-parse", "--short=12", "HEAD").strip()
    assert built(tmp_path) == f"countersign 1.2.3 (commit {head})"
    (source / "notes").write_text("beside the sources")
    assert built(tmp_path) == f"countersign 1.2.3 (commit {head})"
    (source / "harness/b.c").write_text("int b;\n")
    assert built(tmp_path) == f"countersign 1.2.3 (commit {head}+dirty)"
    (source / "harness/b.c").unlink()
    (source / "harness/a.c").write_text("int c;\n")
    assert built(tmp_path) == f"countersign 1.2.3 (commit {head}+dirty)"
    # A tarball that was unpacked inside another repository is not of that one.
    inner = source / "harness/source"
    inner.mkdir()
    (inner / "a.c").write_text("")
    out = tmp_path / "inner.c"
    tool("cmake", f"-DSOURCE={inner}", "-DVERSION=1.2.3", f"-DOUT={out}", "-P",
         ROOT / "harness/cli/version.cmake", folder=tmp_path)
    assert "no git, commit unknown" in out.read_text()


# --- a report that lies ---


def lie(folder, *names):
    """Verdicts fail become pass in these files, and the manifest sums them anew."""
    for name in names:
        text = (folder / name).read_text()
        assert '"verdict": "fail"' in text
        text = text.replace('"verdict": "fail"', '"verdict": "pass"')
        (folder / name).write_text(text.replace('"exit_code": 1', '"exit_code": 0'))
    manifest = json.loads((folder / "manifest.json").read_text())
    for entry in manifest["files"]:
        octets = (folder / entry["path"]).read_bytes()
        entry.update(sha256=hashlib.sha256(octets).hexdigest(), bytes=len(octets))
    (folder / "manifest.json").write_text(json.dumps(manifest))


def liar(lab, folder, call, everywhere):
    """What bundle makes of a failed run whose verdicts were changed."""
    run = call("run", "--seed", "1", "--only", "digest.nc.*", "--persona", "sarix",
               "--fault", "nc-unchecked", "--results", "results")
    assert run.status == 1
    results = folder / "results"
    cases = [path.relative_to(results) for path in results.rglob("case.json")
             if '"verdict": "fail"' in path.read_text()]
    assert cases
    lie(results, "results.json", *(cases if everywhere else []))
    return call("bundle", "results", "-o", "b.tar.gz", "--draft", "--key", lab / "lab.key",
                "--cert", lab / "lab.pem")


def test_cases_speak_against_the_results(lab, tmp_path, call):
    liar(lab, tmp_path, call, False).complains(
        "/case.json: its \"verdict\" is not what results.json says")


def test_evidence_speaks_against_all_of_them(lab, tmp_path, call):
    done = liar(lab, tmp_path, call, True)
    assert done.status == 0, done.err
    done = Call(("verify", "b.tar.gz", "--ca", lab / "ca.pem"), tmp_path,
                {"TMPDIR": str(tmp_path)}).end()
    refused(done, "results.json: ", "not what the evidence gives", "digest.nc.")
    assert not list(tmp_path.glob("countersign-*"))
