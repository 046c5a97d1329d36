"""Targets that are not there, not what they seem, or hostile: one cause, valid reports, no hang."""
import signal
import subprocess
import threading

import pytest

import hostile
from blackbox import LIMIT_S, UNHURRIED, Device, held_port, start_run
from hostile import Server, answers, basic, endless, raw, response, soap

FEW = ("--only", "basic.*", "--only", "token.password.*")
REALM = [(b"WWW-Authenticate", b'Basic realm="r"')]
REFUSAL = response(401, b"", REALM)
EVIL = b'\x1b[2J\x1b]0;title\x07\x9b31m \xff\xfe\xc3( \xe2\x80\xae' + hostile.PASSWORD.encode()


def device_or(request, refusal):
    return hostile.device_information() if request.has_basic() else refusal


@pytest.fixture(name="dying", scope="module", autouse=True)
def dying_fixture(tmp_path_factory):
    """Two runs that lose their target; they wait long for it to come back, so they start first."""
    with Device() as first, Device() as second:
        closing = hostile.proxy(first.url, limit=60)
        killing = hostile.proxy(second.url, limit=60, last=second.kill)
        with Server(closing) as closed, Server(killing) as killed:
            yield {name: start_run(tmp_path_factory.mktemp(name),
                                   server.url("/onvif/device_service"),
                                   password=Device.PASSWORD)
                   for name, server in (("closed", closed), ("killed", killed))}


# --- nobody there ---


@pytest.mark.parametrize("kind", ["http", "onvif"])
def test_a_closed_port(judge, kind):
    with held_port() as port:
        url = f"http://127.0.0.1:{port}/"
        done = judge(url, "--kind", kind).stopped("unreachable", "no answer from " + url)
    assert done.results["survey"]["done"] is False


@pytest.mark.parametrize("kind", ["http", "onvif"])
def test_an_unknown_host(judge, kind):
    done = judge("http://no-such-host.invalid/", "--kind", kind, "--timeout", "5s")
    done.stopped("unreachable", "no-such-host.invalid", "is its name right?")


# --- TLS ---


@pytest.fixture(name="certificate", scope="module")
def certificate_fixture(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    paths = [str(folder / name) for name in ("certificate.pem", "key.pem")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=countersign test", "-addext",
         "subjectAltName=IP:127.0.0.1", "-out", paths[0], "-keyout", paths[1]],
        check=True, capture_output=True)
    return paths


def test_tls_to_a_server_that_speaks_none(judge, device):
    with device() as plain:
        done = judge(plain.url.replace("http:", "https:"))
    done.stopped("unreachable", "no answer from https://", "does this port speak TLS")


def test_plain_http_to_a_server_that_speaks_tls(judge, certificate):
    with Server(answers(basic(REFUSAL)), certificate) as server:
        done = judge(server.url(scheme="http"), "--kind", "http")
    done.stopped("unreachable", "no answer from http://", "is it http or https?")


def test_a_certificate_that_nobody_vouches_for(judge, certificate):
    with Server(answers(basic(REFUSAL)), certificate) as server:
        done = judge(server.url(), "--kind", "http")
    done.stopped("unreachable", "certificate", "--cacert FILE", "--insecure")


@pytest.mark.parametrize("trust", ["--insecure", "--cacert"])
def test_a_certificate_that_is_trusted(judge, certificate, trust):
    options = [trust] if trust == "--insecure" else [trust, certificate[0]]
    with Server(answers(basic(REFUSAL)), certificate) as server:
        done = judge(server.url(), "--kind", "http", "--only", "basic.password.wrong*", *options)
    assert done.status == 0
    assert set(done.verdicts().values()) == {"pass"}
    assert "tls" in done.results["survey"]["features"]


def test_a_file_of_certificates_that_holds_none(call, tmp_path, certificate):
    (tmp_path / "ca.pem").write_text("junk\n")
    for path in ("ca.pem", certificate[1], "."):
        call("run", "https://127.0.0.1:1/", "--cacert", path).complains("no certificate", path)
    call("run", "https://127.0.0.1:1/", "--cacert", "missing").complains("missing", "No such file")


# --- not what is asked for ---


@pytest.mark.parametrize("persona", ["onvif", "http", "sarix", "token-only"])
def test_a_wrong_password_is_named(judge, device, persona):
    kind = "http" if persona == "http" else "onvif"
    with device("--persona", persona) as target:
        done = judge(target.url, "--kind", kind)
    done.stopped("control", '"admin" were refused', "check user name and password")
    assert 1 <= done.results["failed_logins"] <= 2


def test_a_page_that_everybody_may_read(judge):
    with Server(answers(lambda _: response(200, b"hello"))) as server:
        done = judge(server.url("/open"), "--kind", "http")
    done.stopped("control", "GET /open is answered without credentials")
    assert done.results["exchanges"] == 1


def test_a_device_without_authentication(judge):
    with Server(hostile.onvif(lambda _: hostile.device_information())) as server:
        done = judge(server.url())
    done.stopped("control", "GetUsers is answered without credentials", "--operation")


def test_an_operation_that_everybody_may_call(judge, device):
    with device("--fault", "anonymous-getusers") as target:
        done = judge(target.url, "--operation", "GetUsers", password=Device.PASSWORD)
    done.stopped("control", "GetUsers is answered without credentials")


def test_get_users_is_asked_when_device_information_is_open(judge):
    def answer(request):
        return device_or(request, REFUSAL if request.asks_for(b"GetUsers") else
                         hostile.device_information())

    with Server(hostile.onvif(answer)) as server:
        done = judge(server.url(), "--only", "basic.password.wrong")
    assert done.status == 0, done.out
    assert done.results["survey"]["operation"] == "GetUsers"
    assert set(done.verdicts().values()) == {"pass"}


@pytest.mark.parametrize("status", [302, 404, 500])
def test_an_address_that_is_wrong(judge, status):
    fields = [(b"Location", b"http://127.0.0.1:1/elsewhere")]
    with Server(answers(lambda _: response(status, b"no \x1b[31m", fields))) as server:
        done = judge(server.url("/x"), "--kind", "http")
        done.stopped("unreachable", f"GET /x got {status} error", "is the URL right?")
        done = judge(server.url("/x"))
        done.stopped("unreachable", "no ONVIF device service", f"{status} error",
                     "/onvif/device_service", "--kind http")


# --- hostile from the start ---

DRIP = threading.Event()  # never set: the drip ends with its connection
BAD_CHUNK = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%b\r\nabc"
HOSTILE = {
    "silence": (hostile.silent, "timed out"),
    "drip": (lambda peer: hostile.drip(peer, 0.05, DRIP), "timed out"),
    "hang-up": (lambda peer: peer.request(), "no answer from"),
    "reset-in-body": (hostile.resets_in_body, "no answer from"),
    "chunk-cut": (raw(BAD_CHUNK % b"100"), "no answer from"),
    "chunk-broken": (raw(BAD_CHUNK % b"zz"), "malformed"),
    "no-http": (raw(b"SSH-2.0-\x1b[31m\x00\r\n"), "does not start with a status line"),
    "endless-body": (endless(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n",
                             b"x" * 65536), "response body larger than"),
    "endless-head": (endless(b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 1000 + b"\r\n"),
                     "response head larger than"),
    "endless-line": (endless(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 1000), "response head"),
    "endless-interim": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
                        "response head larger than"),
}


def patience(name, limit):
    """Only who never ends an answer is waited for: the others are slow when all of the machine is,
    and that is no fault of theirs."""
    return ("--timeout", limit) if name in ("silence", "drip") else ()


@pytest.mark.parametrize("kind", ["http", "onvif"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_from_the_first_octet(judge, name, kind):
    behaviour, gist = HOSTILE[name]
    with Server(behaviour) as server:
        done = judge(server.url("/x"), "--kind", kind, *patience(name, "300ms"))
    done.stopped("unreachable", "127.0.0.1" if kind == "onvif" else "", gist)
    assert done.results["exchanges"] <= 2


ENTITIES = "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi")
)
BODIES = {
    "bomb": f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>' + hostile.SOAP % "&i;",
    "file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + hostile.SOAP % "&a;",
    "deep": hostile.SOAP % ("<a>" * 100000 + "</a>" * 100000),
    "unclosed": hostile.SOAP % ("<a>" * 100000),
    "many": hostile.SOAP % ("<a/>" * 500000),
    "octets": hostile.SOAP % "MARK",
}


def body(name):
    return BODIES[name].encode().replace(b"MARK", EVIL)


@pytest.mark.parametrize("name", BODIES)
def test_hostile_xml(judge, name):
    hurt = response(200, body(name), (), b"application/soap+xml")
    with Server(answers(lambda _: hurt)) as server:
        judge(server.url()).stopped("unreachable", "no ONVIF device service", "malformed")

    refusal = response(400, body(name), (), b"application/soap+xml")

    def answer(request):
        return device_or(request, refusal if b"authorization" in request.fields else REFUSAL)

    with Server(hostile.onvif(answer)) as server:
        done = judge(server.url(), *FEW)
    assert done.status in (0, 1, 6)
    assert done.verdicts()["basic.password.wrong[password=wrong]"] in ("pass", "warn", "fail")


# --- hostile challenges ---

CHALLENGES = {
    "ten-thousand": ([(b"WWW-Authenticate", b"A, " * 10000)], "no challenge that is understood"),
    "many-fields": ([(b"WWW-Authenticate", b"A")] * 2000, "no challenge that is understood"),
    "none": ([], "no challenge that is understood"),
    "long-nonce": ([(b"WWW-Authenticate", b'Digest realm="r", qop="auth", nonce="' + b"n" * 60000 +
                     b'"')], "were refused by every way"),
    "unended": ([(b"WWW-Authenticate", b'Digest realm="r')], "no challenge that is understood"),
    "no-words": ([(b"WWW-Authenticate", b"\x1b[31m\xff" * 1000)],
                 "no challenge that is understood"),
}


@pytest.mark.parametrize("name", CHALLENGES)
def test_hostile_challenges(judge, name):
    fields, gist = CHALLENGES[name]
    with Server(answers(lambda _: response(401, b"", fields))) as server:
        done = judge(server.url(), "--kind", "http")
        done.stopped("control", gist)
        assert done.out.count("\n") < 80
        done = judge(server.url())
    assert done.status == 6
    assert done.out.count("\n") < 80


def test_a_challenge_that_changes_with_each_answer(judge):
    digest = response(401, b"", [(b"WWW-Authenticate", b'Digest realm="r", nonce="n", qop="auth"')])

    def answer(request):
        scheme = request.fields.get(b"authorization", b"Basic").partition(b" ")[0]
        return digest if scheme == b"Basic" else REFUSAL

    with Server(answers(answer)) as server:
        done = judge(server.url(), "--kind", "http")
    done.stopped("control", "were refused by every way", "check user name and password")


# --- right for the right password, hostile to others ---


@pytest.mark.parametrize("kind", ["http", "onvif"])
@pytest.mark.parametrize("name", [n for n in HOSTILE if n not in ("drip", "endless-line")])
def test_hostile_to_wrong_passwords(judge, kind, name):
    def behave(peer):
        while True:
            request = peer.request()
            if request.asks_for(hostile.TIME_OPERATION):
                peer.send(hostile.device_time())
            elif request.has_basic() and kind == "onvif":
                peer.send(hostile.device_information())
            elif request.has_basic():
                peer.send(response(200, b"welcome"))
            elif b"authorization" in request.fields:
                peer.unread = b"\r\n\r\n"  # the behaviour reads a request of its own
                return HOSTILE[name][0](peer)
            else:
                peer.send(REFUSAL)

    with Server(behave) as server:
        done = judge(server.url(), "--kind", kind, "--only", "basic.password.wrong*",
                     *patience(name, "3s"))  # all else is answered before
    assert done.status in (0, 1, 6)
    assert done.results["cause"] is None
    assert "Basic" in [m["name"] for m in done.results["survey"]["mechanisms"]]
    assert set(done.verdicts().values()) <= {"warn", "fail", "inconclusive"}
    lost = done.results["counts"]["inconclusive"]
    assert (lost > 0) == ("malformed" not in done.out)


def test_octets_that_a_terminal_obeys(judge):
    fields = [(b"WWW-Authenticate", b'Basic realm="' + EVIL.replace(b'"', b"") + b'"'),
              (b"Server", EVIL)]
    make = basic(response(401, EVIL, fields), EVIL, fields[1:])
    with Server(answers(make)) as server:
        done = judge(server.url(), "--kind", "http", "--only", "basic.*")
    assert done.status in (0, 1)
    assert "[redacted]" in done.out
    assert "title" in done.results["survey"]["server"]

    fault = ("<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text>"
             f"\x9b31m\u202e\u2028 &#x85; {hostile.PASSWORD}</s:Text></s:Reason></s:Fault>")

    def answer(request):
        return device_or(request, soap(400, fault, REALM) if b"authorization" in request.fields
                         else REFUSAL)

    with Server(hostile.onvif(answer)) as server:
        done = judge(server.url(), "--only", "basic.*")
    assert done.status == 1
    assert "\u202e" not in done.out and "\u2028" not in done.out


# --- connections that end ---


@pytest.mark.parametrize("persona", ["onvif", "http"])
@pytest.mark.parametrize("announce", [True, False], ids=["announced", "unannounced"])
def test_one_answer_a_connection(judge, device, persona, announce):
    with device("--persona", persona) as target:
        with Server(hostile.proxy(target.url, announce=announce)) as server:
            path = "/onvif/device_service" if persona == "onvif" else "/"
            # The proxy reads no chunked requests, and measures send thousands.
            done = judge(server.url(path), "--kind", "http" if persona == "http" else "onvif",
                         "--skip", "connection.*", "--skip", "measure.*", *UNHURRIED,
                         password=Device.PASSWORD)
    assert done.status == 0, done.out
    assert done.results["counts"]["pass"] > 100
    assert done.results["counts"]["inconclusive"] == 0


def test_two_runs_on_one_device(judge, device):
    with device() as target:
        for _ in range(2):
            done = judge(target.url, *UNHURRIED, password=Device.PASSWORD)
            assert done.status == 0, done.out
            assert done.results["counts"]["pass"] > 100


def test_a_target_that_dies_in_the_survey(judge, device):
    with device() as target:
        with Server(hostile.proxy(target.url, limit=3)) as server:
            done = judge(server.url("/onvif/device_service"), password=Device.PASSWORD)
    done.stopped("unreachable", "did it go away")


def test_a_signal_while_the_target_is_away(tmp_path, device):
    died = threading.Event()
    with device() as target:
        with Server(hostile.proxy(target.url, limit=60, last=died.set)) as server:
            run = start_run(tmp_path, server.url("/onvif/device_service"),
                            password=Device.PASSWORD)
            assert died.wait(LIMIT_S)
            run.signal(signal.SIGTERM)
            done = run.end().read_reports()
    assert done.status == 2
    assert done.results["counts"]["pass"] > 0
    assert done.results["cause"]["reason"] == "interrupted"


@pytest.mark.parametrize("how", ["closed", "killed"])
def test_a_target_that_dies_between_cases(dying, how):
    done = dying[how].end().read_reports()
    done.stopped("unreachable", "the target stopped answering", "did not come back within")
    assert done.results["counts"]["pass"] > 0
