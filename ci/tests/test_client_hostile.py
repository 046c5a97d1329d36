"""A client that is judged while others throw what they can at the server: the same verdicts,
bounded memory, no crash.  The build with sanitizers is taken where there is one that is no older
than the other."""
import contextlib
import json
import os
import pathlib
import resource
import socket
import struct
import subprocess
import threading
import urllib.parse

import pytest

from blackbox import LIMIT_S, PROGRAM, ROOT, inherited_kib, word_of

ASAN = ROOT / "build/asan/harness/cli/countersign"
SANITIZED = ASAN.exists() and ASAN.stat().st_mtime >= os.stat(PROGRAM).st_mtime
RSS_MAX_KIB = (1024 if SANITIZED else 320) * 1024
CASES = ("client-digest.nc.*", "client-digest.opaque.*", "client-read.names", "client-read.order",
         "client-flow.stale*", "client-choice.fields", "client-digest.sha-512-256.answered",
         "client-expect.early", "client-expect.stale", "client-expect.unasked")
DOORS = 3
HELD = 1500 // DOORS  # connections that one attacker tries to hold
MEGABYTE = 1 << 20


class Attack:
    """One way to be a nuisance, again and again until the run is over."""

    def __init__(self, address, targets):
        self.address, self.targets = address, targets
        self.stop, self.begun, self.rounds = threading.Event(), threading.Event(), 0
        self.answers = []
        self.thread = threading.Thread(target=self.go)

    def connect(self):
        return socket.create_connection(self.address, timeout=10)

    def go(self):
        while not self.stop.is_set():
            with contextlib.suppress(OSError):
                self.once()
            self.rounds += 1
            self.begun.set()

    def once(self):
        raise NotImplementedError

    def end(self):
        self.stop.set()
        self.thread.join(LIMIT_S)
        assert not self.thread.is_alive()


class Garbage(Attack):
    def once(self):
        with self.connect() as s:
            s.sendall(bytes(range(256)) * 64 + b"\r\n\r\n")
            s.shutdown(socket.SHUT_WR)
            while s.recv(65536):
                pass


class Holding(Attack):
    """Requests that never end, on as many connections as it can have."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.held = []

    def once(self):
        while len(self.held) < HELD and not self.stop.is_set():
            try:
                s = self.connect()
            except OSError:
                break
            s.sendall(b"GET /c/1/1 HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            self.held.append(s)
        for s in self.held[: HELD // 2]:
            s.close()
        del self.held[: HELD // 2]

    def end(self):
        super().end()
        for s in self.held:
            s.close()


class HugeHeader(Attack):
    """100 MB of one field, for as long as the server listens."""

    def once(self):
        with self.connect() as s:
            s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Digest ")
            for _ in range(100):
                s.sendall(b"a" * MEGABYTE)


class EarlyClose(Attack):
    """A reset in the midst of an answer, and in the midst of a body."""

    def once(self):
        for head in (b"GET /c/1/1 HTTP/1.1\r\nHost: x\r\n\r\n",
                     b"POST /c/1/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\nabc"):
            with self.connect() as s:
                s.sendall(head)
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Bodies(Attack):
    """Contents that nearly arrive."""

    def once(self):
        with contextlib.ExitStack() as stack:
            for _ in range(100):
                s = stack.enter_context(self.connect())
                s.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n"
                          + b"b" * (MEGABYTE - 1))


class Announced(Attack):
    """Contents that are announced and never come, or go on behind their end."""

    def once(self):
        with contextlib.ExitStack() as stack:
            for target in ("/", "/c/1/1", *self.targets):
                for junk in (b"", b"x" * 100, b"POST / HTTP/1.1\r\n\r\n" * 50):
                    s = stack.enter_context(self.connect())
                    s.sendall(b"POST " + target.encode() + b" HTTP/1.1\r\nHost: x\r\n"
                              b"Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n" + junk)


class Chunks(Attack):
    """Content in chunks of an octet, without end."""

    def once(self):
        with self.connect() as s:
            s.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in range(100):
                s.sendall(b"1\r\nx\r\n" * 4096)


class OtherCases(Attack):
    """Whole requests for cases that are over, or never were."""

    def once(self):
        for target in self.targets:
            with self.connect() as s:
                s.sendall(b"GET " + target.encode() + b" HTTP/1.1\r\nHost: x\r\n"
                          b'Authorization: Digest '
                          b'username="countersign", realm="countersign", nonce="x", uri="/", '
                          b'response="0"\r\nConnection: close\r\n\r\n')
                answer = b""
                while part := s.recv(65536):
                    answer += part
                if answer:
                    self.answers.append(answer.split(b" ", 2)[1])


# The first run notes its URL.  The second waits, until all attacks have begun.
COMMAND = ("if [ ! -e first ]; then echo {url} > first; elif [ ! -e second ]; then echo > second; "
           "echo {url} > ready; cat go > /dev/null; fi; "
           "curl -s --digest -u {user}:{password} {urls}")


def start(folder):
    only = [word for case in CASES for word in ("--only", case)]
    program = str(ASAN) if SANITIZED else PROGRAM
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COUNTERSIGN_")}
    return subprocess.Popen(
        [program, "client", "--no-config", "--quiet", "--timeout", f"{LIMIT_S}s",
         "--json", "r.json", *only, "--exec", COMMAND], cwd=folder, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def folder_for(path):
    path.mkdir()
    for name in ("ready", "go"):
        os.mkfifo(path / name)
    return path


def finish(process, folder):
    late = threading.Timer(2 * LIMIT_S, process.kill)
    late.start()
    err = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    late.cancel()
    process.stderr.close()
    assert process.returncode in (0, 1), err
    assert err == ""
    results = json.loads((folder / "r.json").read_text())
    return {v["id"]: (v["verdict"], v["message"]) for v in results["variants"]}, usage.ru_maxrss


def undisturbed(folder):
    process = start(folder_for(folder))
    word_of(folder / "ready", process)
    (folder / "go").write_text("")
    return finish(process, folder)[0]


@pytest.fixture(name="many_files", autouse=True)
def many_files_fixture():
    """As many descriptors as the system lets this process have; the harness inherits the usual."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def doors(pid):
    """Where it listens: the device, the other origin, and what answers by heads."""
    proc = pathlib.Path(f"/proc/{pid}")
    own = {os.readlink(fd) for fd in (proc / "fd").iterdir()}
    rows = [line.split() for line in (proc / "net/tcp").read_text().splitlines()[1:]]
    return sorted(int(row[1].split(":")[1], 16) for row in rows
                  if row[3] == "0A" and f"socket:[{row[9]}]" in own)


def ended(variants):
    """What of a message is not drawn anew in each run."""
    return {name: verdict for name, (verdict, _) in variants.items()}


def test_hostile_clients_change_no_verdict(tmp_path: pathlib.Path):
    quiet = undisturbed(tmp_path / "quiet")
    folder = folder_for(tmp_path / "loud")
    process = start(folder)
    second = urllib.parse.urlsplit(word_of(folder / "ready", process).strip())
    first = urllib.parse.urlsplit((folder / "first").read_text().strip())
    assert first.path != second.path
    ports = doors(process.pid)
    assert second.port in ports and len(ports) == DOORS
    targets = [first.path, "/", "/c/", "/c/0/1", "/c/99999/1", "/c/-1/1"]
    attacks = [kind((second.hostname, port), targets) for port in ports
               for kind in (Garbage, Holding, Bodies, Announced, Chunks)]
    attacks += [kind((second.hostname, second.port), targets)
                for kind in (HugeHeader, EarlyClose, OtherCases)]
    for attack in attacks:
        attack.thread.start()
    for attack in attacks:
        assert attack.begun.wait(LIMIT_S), type(attack).__name__
    (folder / "go").write_text("")
    loud, rss_kib = finish(process, folder)
    for attack in attacks:
        attack.end()
        assert attack.rounds > 0
    assert ended(loud) == ended(quiet)
    assert {"pass", "fail"} <= set(ended(loud).values())
    assert rss_kib < max(RSS_MAX_KIB, inherited_kib() + 1), rss_kib
    # What is over is over: no case took their requests.
    assert {answer for attack in attacks for answer in attack.answers} == {b"404"}
