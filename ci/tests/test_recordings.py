"""A recorded conversation is judged offline to the verdicts that it had live, from every format."""
import base64
import contextlib
import http.server
import json
import os
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import urllib.parse

import pytest

from blackbox import LIMIT_S, PROGRAM, ROOT, SCHEMA, held_port

sys.path.insert(0, str(ROOT / "ci" / "interop" / "clients"))

import table

CURL = "curl -sL --digest -u {user}:{password} {urls}"
# How a command ended is in no capture, and in no archive.
BY_THE_END = ("ends-well", "ends-badly", "the client says that it cannot do this",
              "the client ended by a signal")
CASES = ["--only", "client-digest.*", "--only", "client-watch.*",
         "--only", "client-flow.*"]
ENVELOPE = ('<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
            '<GetUsers xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>')


def call(*arguments):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COUNTERSIGN_")}
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                          timeout=LIMIT_S, env=environment)


def read(path):
    record = json.loads(path.read_text())
    SCHEMA.validate(record)
    return record, {v["id"]: v for v in record["variants"]}


def judge(path, *options):
    report = path.parent / "again.json"
    done = call("judge", "--no-config", path, "--json", report, *options)
    assert done.stderr == "", done.stderr
    record, variants = read(report)
    assert record["kind"] == "client" and record["exit_code"] == done.returncode
    return done, variants


def same_verdicts(live, again, ends=False):
    """Those that need the end of the command are skipped, if the recording has not got it."""
    assert set(live) <= set(again)
    for name, before in live.items():
        after, what = again[name], (before["message"], again[name]["message"])
        if not ends and any(word in text for word in BY_THE_END for text in what):
            assert after["verdict"] in ("skip", "fail"), (name, *what)
            continue
        assert (after["verdict"], after["reason"]) == (before["verdict"], before["reason"]), (
            name, *what)
    assert sum(again[name]["verdict"] == "pass" for name in live) > len(live) / 4


# --- a run of curl, in each format ---


@pytest.fixture(scope="session", name="run")
def run_fixture(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    done = call("client", "--no-config", "--exec", CURL, "--results", folder / "results",
                "--har", folder / "run.har", "--pcapng", folder / "own.pcapng",
                "--evidence", "full", "--quiet", *CASES)
    assert done.returncode in (0, 1), done.stderr
    return folder


def live(folder):
    return read(folder / "results" / "results.json")[1]


def test_own_evidence_gives_the_same_verdicts(run):
    _, again = judge(run / "results")
    same_verdicts(live(run), again, ends=True)
    assert any("ends-" in v["message"] for v in live(run).values())


def test_a_results_file_stands_for_its_folder(run):
    same_verdicts(live(run), judge(run / "results" / "results.json")[1], ends=True)


def test_an_archive_gives_the_same_verdicts(run):
    done, again = judge(run / "run.har")
    same_verdicts(live(run), again)
    assert "HTTP Archive of" in done.stdout


def test_our_own_packets_give_the_same_verdicts(run):
    done, again = judge(run / "own.pcapng")
    same_verdicts(live(run), again)
    assert "capture of" in done.stdout


def head_and_body(start, fields, body):
    lines = [start, *(f"{f['name']}: {f['value']}" for f in fields)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def octets(entry):
    """Of a request and of its answer, as they were on the wire."""
    asked, answer = entry["request"], entry["response"]
    url = urllib.parse.urlsplit(asked["url"])
    target = url.path + (f"?{url.query}" if url.query else "")
    content = answer["content"].get("text", "")
    body = (base64.b64decode(content) if answer["content"].get("encoding") else content.encode())
    return (
        head_and_body(f"{asked['method']} {target} HTTP/1.1", asked["headers"],
                      asked.get("postData", {}).get("text", "").encode()),
        head_and_body(f"HTTP/1.1 {answer['status']} {answer['statusText']}", answer["headers"],
                      body) if answer["status"] else b"",
    )


def packet(moment, up, port, sequence, payload):
    """A record of pcap: raw IPv4, TCP."""
    ends = (bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
    ports = (port, 80) if up else (80, port)
    tcp = struct.pack("!HHIIBBHHH", *ports, sequence, 0, 5 << 4, 0x18, 8192, 0, 0) + payload
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0)
    ip += ends[not up] + ends[up] + tcp
    return struct.pack("<IIII", int(moment), int(moment % 1 * 1e6), len(ip), len(ip)) + ip


def write_pcap(archive, path, host="10.0.0.2:80"):
    """A connection for each exchange; what is sent is cut into two segments, the last one first."""
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101)
    for number, entry in enumerate(json.loads(archive.read_text())["log"]["entries"]):
        moment, port = 1_700_000_000 + number * 0.01, 10_000 + number
        asked, answer = octets(entry)
        at = len(asked) // 2
        out += packet(moment, True, port, 1 + at, asked[at:])
        out += packet(moment, True, port, 1, asked[:at])
        for i in range(0, len(answer), 60_000):
            out += packet(moment + 0.001, False, port, 1 + i, answer[i : i + 60_000])
    path.write_bytes(out)


def test_a_capture_gives_the_same_verdicts(run):
    write_pcap(run / "run.har", run / "run.pcap")
    done, again = judge(run / "run.pcap")
    now, before = live(run), {}
    # All of it went to one server here: nobody was redirected to another one.
    for name, v in now.items():
        if "redirect" not in name:
            before[name] = v
    same_verdicts(before, {n: v for n, v in again.items() if n in before})
    assert "capture of" in done.stdout


def clear_of_tls(folder):
    """A connection of TLS, and the log of its keys; where curl writes none, nothing to test."""
    key, log = folder / "key.pem", folder / "keys.log"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key,
                    "-out", folder / "cert.pem", "-days", "2", "-subj", "/CN=localhost"],
                   check=True, capture_output=True, timeout=LIMIT_S)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", key)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Challenging)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with capturing(folder / "tls.pcapng", port):
            subprocess.run(["curl", "-sk", "--digest", "-u", "admin:secure", "-o", "/dev/null",
                            f"https://127.0.0.1:{port}/a?b"], check=True, timeout=LIMIT_S,
                           env={**os.environ, "SSLKEYLOGFILE": str(log)})
    finally:
        server.shutdown()
        server.server_close()
    if not log.exists():
        pytest.skip("this curl logs no keys")
    return folder / "tls.pcapng", log


class Challenging(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        known = "Authorization" in self.headers
        self.send_response(200 if known else 401)
        if not known:
            self.send_header("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"')
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"hello\n")

    def log_message(self, *_):
        pass


def test_what_tls_hides_can_be_had_by_its_keys(tmp_path):
    """The command that the error names makes it readable."""
    path, log = clear_of_tls(tmp_path)
    done = call("judge", "--no-config", path)
    assert done.returncode == 4 and "TLS in it" in done.stderr
    hint = done.stderr[done.stderr.index("tshark -r") : done.stderr.index(" makes a capture")]
    subprocess.run(hint.replace("KEYS", str(log)), shell=True, check=True, capture_output=True,
                   timeout=LIMIT_S)
    secret = tmp_path / "secret"
    secret.write_text("secure")
    secret.chmod(0o600)
    again = judge(tmp_path / "tls.pcapng.clear.pcapng", "--user", "admin",
                  "--password-file", secret)[1]
    for case in ("client-recorded.hash", "client-recorded.uri", "device-recorded.challenged"):
        assert again[case]["verdict"] == "pass", again[case]["message"]


@pytest.mark.parametrize("octets_of, words", [
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/2 in it, expected HTTP/1"),
    (b"\x16\x03\x01\x00\x05hello", "TLS in it, expected HTTP in clear"),
    (b"SSH-2.0-OpenSSH\r\n", "no HTTP exchange in it"),
])
def test_what_cannot_be_read_is_named(octets_of, words, tmp_path):
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101)
    (tmp_path / "x.pcap").write_bytes(head + packet(1_700_000_000, True, 9, 1, octets_of))
    done = call("judge", "--no-config", tmp_path / "x.pcap")
    assert done.returncode == 4 and words in done.stderr and done.stderr.count("\n") == 1


def test_masked_evidence_is_refused(tmp_path):
    call("client", "--no-config", "--exec", CURL, "--results", tmp_path / "r", "--quiet",
         "--only", "client-digest.answered")
    done = call("judge", "--no-config", tmp_path / "r")
    assert done.returncode == 4 and "--evidence full" in done.stderr


def test_another_password_makes_no_verdicts(run, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("not-that-one")
    secret.chmod(0o600)
    again = judge(run / "run.har", "--password-file", secret)[1]
    words = [v["message"] for v in again.values() if v["verdict"] == "inconclusive"]
    assert any("--password-file" in text for text in words)
    assert again["client-digest.answered"]["verdict"] == "inconclusive"


@pytest.mark.parametrize("octets_of, words", [
    (b"", "no recording, expected an HTTP Archive"),
    (b"GIF89a", "no recording, expected an HTTP Archive"),
    (b'{"log": {"entries": {}}}', "expected an HTTP Archive: log with"),
    (b'{"log": {"entries": []}}', "no HTTP exchange in it"),
    (b"\x0a\x0d\x0d\x0aabcdefghijklmnopqrstuvwxyz", "tshark"),
    (struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101), "no HTTP exchange in it"),
])
def test_what_is_no_recording_gives_one_error(octets_of, words, tmp_path):
    (tmp_path / "x").write_bytes(octets_of)
    done = call("judge", "--no-config", tmp_path / "x")
    assert done.returncode == 4
    assert words in done.stderr and len(done.stderr.splitlines()) == 1


def test_without_tshark_a_capture_is_refused_with_what_to_do(run, tmp_path):
    write_pcap(run / "run.har", tmp_path / "x.pcap")
    done = subprocess.run([PROGRAM, "judge", "--no-config", tmp_path / "x.pcap"], text=True,
                          capture_output=True, timeout=LIMIT_S, env={"PATH": "/nonexistent"})
    assert done.returncode == 4 and "apt install tshark" in done.stderr


# --- on the wire ---


CAPTURE_S = 60  # after that it is known that this system captures nothing


def until_captured(process, path, end, word):
    """What was sent before it is in the file then, too.  Datagrams are no conversation of HTTP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _ in range(CAPTURE_S * 20):
            probe.sendto(word, end)
            if path.exists() and word in path.read_bytes():
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
                break
    pytest.skip("nothing is captured here")


@contextlib.contextmanager
def capturing(path, port, host=None):
    """What goes over the loopback interface, to a port or to a host of its own there; skips where
    that is not allowed."""
    end = (host or "127.0.0.1", port)
    if not shutil.which("dumpcap"):
        pytest.skip("dumpcap is missing: ci/install test")
    # A large buffer: on a busy machine who captures comes late, and what does not fit is lost.
    command = ["dumpcap", "-q", "-i", "lo", "-B", "64", "-w", str(path), "-f",
               f"host {host}" if host else f"port {port}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        line = process.stderr.readline()
        while line and not line.startswith("File:"):
            if "permission" in line or "couldn't run" in line:
                process.kill()
                pytest.skip(f"nothing can be captured here: {line.strip()}")
            line = process.stderr.readline()
        if not line:
            pytest.skip("nothing can be captured here")
        try:
            until_captured(process, path, end, b"it begins")
            yield
            until_captured(process, path, end, b"it ends")
        finally:  # it ends when it is told to, and not with what was to be captured
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=LIMIT_S)


def command_of(name):
    client = table.load()[name]
    if table.version(client) is None:
        pytest.skip(f"{name} is missing: ci/install clients")
    table.build([client])
    return str(ROOT / client["command"])


@pytest.mark.parametrize("name", ["curl", "zeep"])
def test_a_capture_of_the_wire_gives_the_same_verdicts(name, tmp_path):
    exec_, kind = (CURL, "http") if name == "curl" else (command_of(name), "onvif")
    # The other origin has another port of the same host, which is of no other process: its number
    # has 22 bits at most.
    process = os.getpid()
    host = f"127.{process >> 15 & 127 | 128}.{process >> 7 & 255}.{(process & 127) + 1}"
    with held_port(host) as port, capturing(tmp_path / "wire.pcapng", port, host):
        done = call("client", "--no-config", "--exec", exec_, "--kind", kind, "--quiet",
                    "--listen", f"{host}:{port}",
                    "--profile", "client-onvif" if kind == "onvif" else "client-rfc7616",
                    "--json", tmp_path / "live.json", *(CASES if name == "curl" else
                    ["--only", "client-token.*", "--only", "client-clock.*"]))
        assert done.returncode in (0, 1, 5), done.stderr
    again = judge(tmp_path / "wire.pcapng")[1]
    live_ = read(tmp_path / "live.json")[1]
    same_verdicts(live_, again)
    if name == "curl":
        moved = "client-flow.redirect.elsewhere"
        assert live_[moved]["verdict"] == again[moved]["verdict"] == "pass"


@contextlib.contextmanager
def device(*options):
    command = [PROGRAM, "device", "--no-config", "--listen", "127.0.0.1:0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def afternoon(url, path):
    """Right and wrong passwords, twice."""
    def curl(*options):
        subprocess.run(["curl", "-s", "-o", "/dev/null", "-H",
                        "Content-Type: application/soap+xml", "-d", ENVELOPE, *options, url],
                       check=True, timeout=LIMIT_S)

    with capturing(path, urllib.parse.urlsplit(url).port):
        curl()
        curl("--digest", "-u", "admin:secure")
        curl("--digest", "-u", "admin:wrong")
        curl("--digest", "-u", "admin:secure")


@pytest.mark.parametrize("fault, cases", [
    (None, set()),
    # With one nonce for all, each session begins at the same nc.
    ("nonce-fixed", {"device-recorded.nonce", "device-recorded.replay.digest"}),
    ("challenge-qop-unquoted", {"device-recorded.challenge"}),
])
def test_the_device_of_a_capture_is_judged(fault, cases, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secure")
    secret.chmod(0o600)
    with device(*(("--fault", fault) if fault else ())) as url:
        afternoon(url, tmp_path / "wire.pcapng")
    again = judge(tmp_path / "wire.pcapng", "--user", "admin", "--password-file", secret)[1]
    found = {n for n, v in again.items()
             if n.startswith("device-") and v["verdict"] in ("fail", "warn")}
    assert found == cases
    # Its client had a wrong password once.
    assert again["client-recorded.hash"]["verdict"] == "fail"
    assert again["client-recorded.nc.form"]["verdict"] == "pass"
    assert again["device-recorded.wrong"]["verdict"] == "pass"
    unknown = judge(tmp_path / "wire.pcapng")[1]
    assert unknown["client-recorded.hash"]["verdict"] == "skip"
