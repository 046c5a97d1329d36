"""Known secrets go through the whole program, and no file that it writes holds one in any form."""
import base64
import html
import json
import re
import tarfile
import urllib.parse

import pytest

import hostile
from blackbox import Call, start_run
from hostile import Server
from test_bundle import new_ca, new_signer

COOKIE = "Ca5tle-Bravo-9"
FORMATS = ("--html", "page.html", "--har", "x.har", "--pcapng", "x.pcapng",
           "--events", "events.ndjson", "--results", "out")
CHALLENGE = [(b"WWW-Authenticate", b'Basic realm="r"'),
             (b"Set-Cookie", b"sid=" + COOKIE.encode())]


def forms(secret):
    """How a secret may come back: as it is, escaped, encoded, inside a longer text."""
    octets = secret.encode()
    found = {secret, urllib.parse.quote(secret), "".join(f"%{c:02x}" for c in octets),
             octets.hex(), octets.hex().upper(), "".join(f"\\u{c:04x}" for c in octets),
             "".join(f"&#{c};" for c in octets), "".join(f"&#x{c:x};" for c in octets),
             # escaped again, by who quotes what was escaped
             "".join(f"&amp;#{c};" for c in octets), "".join(f"&#38;amp;#x{c:x};" for c in octets),
             "".join(f"%25{c:02x}" for c in octets), "".join(f"\\\\u{c:04x}" for c in octets)}
    found |= {base64.b64encode(lead + octets).decode() for lead in (b"", b"a", b"ab")}
    found.add(base64.b64encode(f"{hostile.USER}:{secret}".encode()).decode())
    return sorted(found)


FORMS = forms(hostile.PASSWORD)  # none of them needs an escape in XML


def spoken(octets):
    """All forms of the password, in what every reader of a report will see."""
    return octets.replace(b"<tds:Model>N", b"<tds:Model>" + " ".join(FORMS).encode())


def answer(request):
    if request.has_basic():
        return said(spoken(hostile.device_information()))
    echo = html.escape((request.head + request.body).decode("latin-1"))
    text = " ".join([*FORMS, echo])
    fault = f"<s:Fault><s:Reason><s:Text>{text}</s:Text></s:Reason></s:Fault>"
    return hostile.soap(401, fault, CHALLENGE)


def said(octets):
    """The length of a body that was changed."""
    head, _, body = octets.partition(b"\r\n\r\n")
    head = re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % len(body), head)
    return head + b"\r\n\r\n" + body


def assert_silent(folder):
    needles = {word for form in FORMS
               for word in (form, form.replace("/", "\\/"), json.dumps(form)[1:-1],
                            html.escape(form))} | {COOKIE}
    pattern = re.compile("|".join(map(re.escape, sorted(needles))).encode(), re.IGNORECASE)
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "in.txt"]
    for path in files:
        found = pattern.search(path.read_bytes())
        assert not found, (path, found)
    return {path.name for path in files}


class Caller:
    """Calls of the program in one folder; after each, no file there holds a secret."""

    def __init__(self, folder):
        self.folder = folder

    def __call__(self, status, *arguments, **more):
        done = Call(arguments, self.folder, **more).end()
        assert done.status == status, (arguments, done.out, done.err)
        assert_silent(self.folder)
        return done


def ask_the_device(call, url):
    """What needs a device that answers; gives the cases that failed."""
    folder = call.folder
    done = start_run(folder, url, *FORMATS, "--lab", "--only", "basic.*", "--only", "access.*",
                     "--only", "challenge.*").end().read_reports()
    assert done.status == 1
    counts = done.results["counts"]
    assert counts["pass"] + counts["warn"] + counts["fail"] > 10
    assert "[redacted]" in (folder / "page.html").read_text()
    assert assert_silent(folder) >= {
        "page.html", "x.har", "x.pcapng", "events.ndjson", "case.json", "report.html",
        "TEST-countersign.xml", "page.md", "report.tap"}
    call(0, "survey", url)
    step = json.dumps({"basic": {"password": "wrong"}, "expect": "refused"}) + "\n"
    assert call(0, "drive", url, "--lab", stdin=step.encode()).out.count("\n") >= 1
    failing = [v["id"] for v in done.results["variants"] if v["verdict"] == "fail" and v["curl"]]
    assert failing
    for name in failing[:2]:
        call(1, "replay", name, url, "--lab")
    done = call(1, "run", url, "--lab", "--only", "access.*", "--only", "basic.*",
                environment={"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "summary.md"})
    assert "::error title=" in done.out
    assert "&#91;redacted&#93;" in (folder / "summary.md").read_text()
    (folder / "targets.ini").write_text(
        f"[one]\nurl = {url}\nuser = {hostile.USER}\npassword-env = COUNTERSIGN_PASSWORD\n")
    call(1, "run", "--targets", "targets.ini", "--only", "basic.*", "--only", "access.*", "--lab",
         "--junit", "f.xml", "--json", "f.json", "--results", "fleet")
    assert (folder / "fleet/index.html").exists()


def bundle_it(call, keys, tmp_path):
    new_ca(keys, "ca")
    new_signer(keys, "lab", "ca")
    call(0, "bundle", "out", "-o", "b.tar.gz", "--key", keys / "lab.key", "--cert",
         keys / "lab.pem", "--operator", "Ana, lab 7", "--draft")
    with tarfile.open(tmp_path / "b.tar.gz") as tar:
        tar.extractall(tmp_path / "unpacked")
    assert assert_silent(tmp_path / "unpacked") >= {"bundle.json", "statement.dsse.json"}
    assert "unchanged" in call(0, "verify", "b.tar.gz", "--ca", keys / "ca.pem").out


def test_no_output_holds_a_secret_in_any_form(tmp_path, tmp_path_factory):
    call = Caller(tmp_path)
    with Server(hostile.onvif(answer)) as server:
        ask_the_device(call, server.url("/onvif/"))
    done = call(1, "judge", "out", "--html", "j.html", "--markdown", "j.md", "--tap", "j.tap",
                "--junit", "j.xml", "--json", "j.json")
    # Lengths are those of the octets that were masked, and verdicts stay all the same.
    assert re.search(r"^0 verdicts changed, [1-9]\d+ stay$", done.out, re.M)
    assert "its octets are not all there" not in done.out
    call(0, "compare", "results.json", "j.json", "--json", "compare.json")
    assert "[" in call(0, "waivers", "suggest", "results.json").out
    call(1, "merge", "f.json", "--json", "m.json", "--junit", "m.xml")
    bundle_it(call, tmp_path_factory.mktemp("keys"), tmp_path)
    # What was pasted is the tester's own file; what is said of it is ours.
    word = base64.b64encode(f"{hostile.USER}:{hostile.PASSWORD}".encode()).decode()
    call(0, "decode", "-", "--json", "d.json", stdin=f"Authorization: Basic {word}\n".encode())
    assert json.loads((tmp_path / "d.json").read_text())["items"]


@pytest.mark.parametrize("password", ["x7", "x7y"])
def test_a_password_too_short_to_be_known_anywhere(tmp_path, password):
    """It would be found in every text: credentials are masked by their syntax, and that is told."""
    word = base64.b64encode(f"{hostile.USER}:{password}".encode())

    def short(request):
        if request.fields.get(b"authorization", b"") == b"Basic " + word:
            return hostile.device_information()
        echo = html.escape((request.head + request.body).decode("latin-1"))
        fault = f"<s:Fault><s:Reason><s:Text>{echo}</s:Text></s:Reason></s:Fault>"
        return hostile.soap(401, fault, CHALLENGE)

    with Server(hostile.onvif(short)) as server:
        done = start_run(tmp_path, server.url("/onvif/"), *FORMATS, "--lab", "--only", "basic.*",
                         "--only", "token.password.*", password=password).end().read_reports()
    assert done.results["counts"]["pass"] > 5
    assert ("a password of under 3 octets is masked in credentials, but not where"
            in done.err) == (len(password) < 3)
    for path in tmp_path.rglob("*.request"):
        for text in re.findall(rb"Password[^/>]*>([^<]*)<", path.read_bytes()):
            assert text == b"[redacted]", path
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or not any(
            needle in path.read_bytes() for needle in (word, COOKIE.encode())), path
