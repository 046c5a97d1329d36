"""Known secrets go through the whole program, and no file that it writes holds one in any form."""
import base64
import html
import json
import re
import urllib.parse

import hostile
from blackbox import Call, start_run
from hostile import Server

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
             "".join(f"&#{c};" for c in octets), "".join(f"&#x{c:x};" for c in octets)}
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


def test_no_output_holds_a_secret_in_any_form(tmp_path):
    def call(*arguments, **more):
        done = Call(arguments, tmp_path, **more).end()
        assert_silent(tmp_path)
        return done

    with Server(hostile.onvif(answer)) as server:
        url = server.url("/onvif/")
        done = start_run(tmp_path, url, *FORMATS, "--lab", "--only", "basic.*", "--only",
                         "access.*", "--only", "challenge.*").end().read_reports()
        counts = done.results["counts"]
        assert counts["pass"] + counts["warn"] + counts["fail"] > 10
        assert "[redacted]" in (tmp_path / "page.html").read_text()
        names = assert_silent(tmp_path)
        assert names >= {"page.html", "x.har", "x.pcapng", "events.ndjson", "case.json",
                         "report.html", "TEST-countersign.xml", "page.md", "report.tap"}
        call("survey", url)
        step = json.dumps({"basic": {"password": "wrong"}, "expect": "refused"}) + "\n"
        call("drive", url, "--lab", stdin=step.encode())
        failing = [v["id"] for v in done.results["variants"] if v["curl"]]
        for name in failing[:2]:
            call("replay", "results.json", url, "--only", name, "--lab")
        (tmp_path / "targets.ini").write_text(
            f"[one]\nurl = {url}\nuser = {hostile.USER}\npassword-env = COUNTERSIGN_PASSWORD\n")
        call("run", "--targets", "targets.ini", "--only", "basic.*", "--lab", "--junit", "f.xml",
             "--json", "f.json", "--results", "fleet")
        assert (tmp_path / "fleet/index.html").exists()
    call("judge", "out", "--html", "j.html", "--markdown", "j.md", "--tap", "j.tap",
         "--junit", "j.xml", "--json", "j.json")
    call("compare", "results.json", "j.json", "--json", "compare.json")
    call("waivers", "suggest", "results.json")
    call("merge", "f.json", "--json", "m.json", "--junit", "m.xml")
    # What was pasted is the tester's own file; what is said of it is ours.
    word = base64.b64encode(f"{hostile.USER}:{hostile.PASSWORD}".encode()).decode()
    call("decode", "-", "--json", "d.json", stdin=f"Authorization: Basic {word}\n".encode())
    assert json.loads((tmp_path / "d.json").read_text())["items"]
