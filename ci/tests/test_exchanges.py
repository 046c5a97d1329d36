"""The exchanges of a run, as other people's tools read them: HTTP Archive and pcapng."""
import hashlib
import html
import json
import os
import re
import shutil
import stat
import subprocess

import pytest

import hostile
from blackbox import ROOT, SECRETS, Device, start_run
from hostile import Server, answers, response

NPM = ROOT / "build/npm/node_modules"
WRITERS = ("--har", "x.har", "--pcapng", "x.pcapng", "--results", "out")
FEW = ("--only", "digest.nc.*", "--only", "token.password.*", "--only", "basic.*")


def tshark(path, *options):
    """The lines that it prints; it must not complain about the file."""
    program = shutil.which("tshark")
    if not program:
        pytest.skip("no tshark here: ci/install test installs it")
    done = subprocess.run([program, "-n", "-r", path, *options], capture_output=True, text=True,
                          errors="replace", check=False,
                          env={**os.environ, "HOME": str(path.parent)})
    assert done.returncode == 0, done.stderr
    assert not re.search("damaged|cut short|corrupt", done.stderr), done.stderr
    return done.stdout.splitlines()


def assert_har(path):
    if not NPM.exists():
        pytest.skip("no har-validator here: ci/install test installs it")
    done = subprocess.run(["node", ROOT / "ci/tests/har.js", path], capture_output=True, text=True,
                          check=False, env={**os.environ, "NODE_PATH": str(NPM)})
    assert (done.returncode, done.stdout) == (0, "valid\n"), done.stdout + done.stderr


@pytest.fixture(name="run", scope="module")
def run_fixture(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    with Device() as device:
        run = start_run(folder, device.url, *WRITERS, *FEW, password=Device.PASSWORD)
        yield run.end().read_reports()


def numbers(run):
    return {step["number"] for v in run.results["variants"] for step in v["steps"]}


def test_the_archive_is_one(run):
    assert_har(run.folder / "x.har")


def test_the_archive_has_every_exchange_once(run):
    log = json.loads((run.folder / "x.har").read_text())["log"]
    assert log["version"] == "1.2" and log["creator"]["name"] == "countersign"
    assert [e["_number"] for e in log["entries"]] == sorted(numbers(run))
    ids = run.verdicts()
    for entry in log["entries"]:
        assert entry["_case"] in ids
        fields = {f["name"]: f["value"] for f in entry["request"]["headers"]}
        assert entry["request"]["url"].startswith("http://" + fields["Host"] + "/onvif/")
        assert entry["request"]["postData"]["text"].startswith("<?xml")
        sizes = entry["request"]["headersSize"], entry["request"]["bodySize"]
        assert sizes[0] > 200 and str(sizes[1]) == fields["Content-Length"]
        assert entry["response"]["status"] in (200, 400, 401)
        assert entry["response"]["content"]["text"]


def test_wireshark_reads_the_packets(run):
    path = run.folder / "x.pcapng"
    requests = tshark(path, "-Y", "http.request", "-T", "fields", "-e", "http.request.uri",
                      "-e", "frame.comment")
    answered = tshark(path, "-Y", "http.response && http.request_in", "-T", "fields",
                      "-e", "http.response.code")
    assert len(requests) == len(answered) == len(numbers(run)) > 50
    assert not tshark(path, "-Y", "!http")
    assert {line.split("\t")[0] for line in requests} == {"/onvif/device_service"}
    # A control that is shared stands under the first case that has it.
    names = {line.split("\t")[1].split(" ")[0] for line in requests}
    assert names <= run.verdicts().keys() and len(names) > 20
    statuses = [str(e["response"]["status"]) for e in
                json.loads((run.folder / "x.har").read_text())["log"]["entries"]]
    assert sorted(statuses) == sorted(answered)
    assert tshark(path, "-Y", 'http contains "X-Countersign: digest.nc."')


def test_answers_that_break_things(tmp_path):
    """Octets that are no text, chunks, an interim response, no answer at all, an odd target."""
    def answer(request):
        if request.has_basic():
            return response(200, b"\x00\xff\xfe binary", kind=b"image/x\x80")
        return (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 N\xc3\x28\r\n"
                b'WWW-Authenticate: Basic realm="r"\r\nTransfer-Encoding: chunked\r\n\r\n'
                b"5\r\nhello\r\n0\r\n\r\n")

    with Server(answers(answer)) as server:
        start_run(tmp_path, server.url("/a[b]?c=d&e"), "--kind=http", *WRITERS).end().read_reports()
    assert_har(tmp_path / "x.har")
    entries = json.loads((tmp_path / "x.har").read_text())["log"]["entries"]
    contents = [e["response"]["content"] for e in entries]
    assert {c["text"] for c in contents if e_is_text(c)} >= {"hello"}
    assert any(c.get("encoding") == "base64" for c in contents)
    assert any("/a%5Bb%5D?c=d&e" in e["request"]["url"] for e in entries)
    assert len(tshark(tmp_path / "x.pcapng", "-Y", "http.response")) >= len(entries) > 50


def e_is_text(content):
    return "encoding" not in content


def test_full_evidence_is_for_its_owner(tmp_path):
    with Device() as device:
        start_run(tmp_path, device.url, *WRITERS, *FEW, "--evidence=full",
                  password=Device.PASSWORD).end().read_reports()
    for name in ("x.har", "x.pcapng"):
        octets = (tmp_path / name).read_bytes()
        assert b"[redacted]" not in octets and re.search(rb'response=\\?"[0-9a-f]{32}', octets)
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


HA1 = hashlib.md5(f"{hostile.USER}:r:{hostile.PASSWORD}".encode()).hexdigest()
CHALLENGE = [(b"WWW-Authenticate", b'Basic realm="r"'),
             (b"WWW-Authenticate", b'Digest realm="r", nonce="0123456789", qop="auth"'),
             (b"Set-Cookie", b"sid=Ca5tle-Bravo")]


def has_digest(request):
    """The right response to the one nonce, whatever its count."""
    field = request.fields.get(b"authorization", b"").decode("latin-1")
    got = dict(re.findall(r'(\w+)="?([^",]*)', field))
    ha2 = hashlib.md5(f"{request.method.decode()}:{got.get('uri')}".encode()).hexdigest()
    proof = ":".join([HA1, "0123456789", got.get("nc", ""), got.get("cnonce", ""), "auth", ha2])
    return got.get("response") == hashlib.md5(proof.encode()).hexdigest()


def credentials_in(request):
    yield from re.findall(rb'(?<=response=")[0-9a-f]{32}(?=")', request.head)
    yield from re.findall(rb"(?<=>)[\w+/]{27}=(?=</)", request.body)


def test_no_file_holds_what_a_target_echoes(tmp_path):
    """The target says all that it got once more, by itself and in a fault, and what it knows."""
    sent = []

    def answer(request):
        sent.append(request)
        echo = b" ".join([request.head, request.body, *credentials_in(request), HA1.encode()])
        text = html.escape(echo.decode("latin-1"))
        if has_digest(request) and b"GetDeviceInformation" in request.body:
            return hostile.device_information()
        fault = f"<s:Fault><s:Reason><s:Text>{text}</s:Text></s:Reason></s:Fault>"
        return hostile.soap(401, fault, CHALLENGE)

    with Server(hostile.onvif(answer)) as server:
        done = start_run(tmp_path, server.url("/onvif/"), *WRITERS, "--lab", "--skip=measure.*",
                         "--skip=spelling.*").end().read_reports()
    assert done.results["counts"]["pass"] + done.results["counts"]["fail"] > 50
    secrets = {*(s.encode() for s in SECRETS), b"Ca5tle-Bravo", HA1.encode()}
    for request in sent:
        secrets.update(credentials_in(request))
    assert len(secrets) > 100
    pattern = re.compile(b"|".join(map(re.escape, secrets)))
    files = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert len(files) > 100
    for path in files:
        found = pattern.search(path.read_bytes())
        assert not found, (path, found)
