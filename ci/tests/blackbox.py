"""The program from outside: a call of it, and what every call must keep to."""
import base64
import contextlib
import json
import os
import pathlib
import re
import select
import resource
import signal
import subprocess
import threading

import jsonschema
import junitparser

import hostile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.path.abspath(os.environ.get("COUNTERSIGN",
                                         ROOT / "build/dev/harness/cli/countersign"))
SCHEMA = jsonschema.Draft202012Validator(
    json.loads((ROOT / "reports/results.schema.json").read_text())
)
LIMIT_S = 600  # whatever takes longer hangs: with neighbours all takes ten times as long
UNHURRIED = ("--skip", "token.nonce.reused-soon")  # waits nine seconds of a real clock
RSS_MAX_KIB = 200 * 1024
SECRETS = (
    hostile.PASSWORD,
    base64.b64encode(f"{hostile.USER}:{hostile.PASSWORD}".encode()).decode(),
)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but TAB and LF


def word_of(fifo, process):
    """What is written to a named pipe, unless the process that is to write it ends before."""
    fd = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        ready = select.poll()
        ready.register(fd, select.POLLIN)
        while not any(event & select.POLLIN for _, event in ready.poll(200)):
            assert process.poll() is None, f"ended with {process.returncode} before it wrote"
        return os.read(fd, 65536).decode()
    finally:
        os.close(fd)


@contextlib.contextmanager
def held_port(host="127.0.0.1"):
    """Its number; see hostile.held_port()."""
    with hostile.held_port(host) as held:
        yield held.getsockname()[1]


def inherited_kib():
    """Of a process that is started now: Linux counts what its parent had before it is another
    program (ru_maxrss stays over execve), so that up to here the peak is not its own."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


class Call:
    """A call of the program that is under way; end() gives what came of it."""

    def __init__(self, arguments, folder, environment=None, stdin=b"", before=()):
        """before: a program that runs it, such as prlimit."""
        self.folder = folder
        self.paths = [folder / f"{name}.txt" for name in ("in", "out", "err")]
        self.paths[0].write_bytes(stdin)
        variables = {k: v for k, v in os.environ.items()
                     if not k.startswith(("COUNTERSIGN_", "GITHUB_"))}
        variables.update({"COUNTERSIGN_PASSWORD": hostile.PASSWORD,
                          "XDG_CONFIG_HOME": "/nonexistent", **(environment or {})})
        self.inherited_kib = inherited_kib()
        with contextlib.ExitStack() as files:
            streams = [
                files.enter_context(open(path, mode))
                for path, mode in zip(self.paths, ("rb", "wb", "wb"))
            ]
            self.process = subprocess.Popen(
                [*before, PROGRAM, *map(str, arguments)],
                stdin=streams[0],
                stdout=streams[1],
                stderr=streams[2],
                cwd=folder,
                env={k: v for k, v in variables.items() if v is not None},
            )

    def signal(self, number):
        self.process.send_signal(number)

    def end(self):
        late = threading.Timer(LIMIT_S, self.process.kill)
        late.start()
        _, status, usage = os.wait4(self.process.pid, 0)
        late.cancel()
        self.process.returncode = os.waitstatus_to_exitcode(status)
        assert self.process.returncode != -signal.SIGKILL, f"killed after {LIMIT_S} s"
        assert usage.ru_maxrss < max(RSS_MAX_KIB, self.inherited_kib + 1)
        return Done(self.folder, self.process.returncode, *self.paths[1:])


class Done:
    """How a call ended: no crash, nothing that a terminal would obey, no secret."""

    def __init__(self, folder, status, out, err):
        self.folder, self.status = folder, status
        self.out, self.err = out.read_bytes().decode(), err.read_bytes().decode()
        assert 0 <= status <= 6, self.err
        for text in (self.out, self.err):
            assert not CONTROL.search(text), ascii(text)
            assert not any(secret in text for secret in SECRETS)
        self.results = None

    def complains(self, *gist):
        """Exit 4 and one line that says what is wrong."""
        assert self.status == 4, self.out + self.err
        assert not self.out
        assert re.fullmatch("countersign[^\n]*\n", self.err), self.err
        for words in gist:
            assert words in self.err
        return self

    def read_reports(self):
        """All reports are there, valid, and say the same as the exit status."""
        junit, results = self.folder / "junit.xml", self.folder / "results.json"
        validate(junit, "--relaxng", ROOT / "reports/junit.rng")
        if "COUNTERSIGN_SHARED" in os.environ:
            xsd = pathlib.Path(os.environ["COUNTERSIGN_SHARED"]) / "facts/junit-10.xsd"
            validate(junit, "--schema", xsd)
        page, tap = self.folder / "page.md", self.folder / "report.tap"
        for text in (path.read_text() for path in (junit, results, page, tap)):
            assert not CONTROL.search(text)
            assert not any(secret in text for secret in SECRETS)
        self.results = json.loads(results.read_text())
        SCHEMA.validate(self.results)
        assert self.results["exit_code"] == self.status
        variants, counts = self.results["variants"], self.results["counts"]
        assert sum(counts.values()) == len(variants)
        # One case for the cause of an early end, and none of those that it kept from running.
        ended = bool(self.results["cause"] or not variants)
        ran = any(v["steps"] or re.match("[1-9][0-9]* of [0-9]+ asked", v["message"] or "")
                  for v in variants)
        tests = [case for suite in junitparser.JUnitXml.fromfile(str(junit)) for case in suite]
        assert len(tests) == ended + (len(variants) if ran or not ended else 0)
        assert tap_counts(tap.read_text()) == junit_counts(junit)
        assert page.read_text().startswith("## Countersign: ") and page.stat().st_size <= 1 << 20
        assert not list(self.folder.glob("*.part"))
        return self

    def stopped(self, reason, *gist):
        """Exit 6: the run ended early, and one cause is named in place of a page of failures."""
        assert self.status == 6, self.out + self.err
        assert not self.err
        assert self.results["cause"]["reason"] == reason
        for words in gist:
            assert words in self.results["cause"]["text"]
        assert self.out.count("STOPPED ") == 1
        assert " ".join(self.results["cause"]["text"].split()) in " ".join(self.out.split())
        assert self.results["counts"]["fail"] == self.results["counts"]["error"] == 0
        assert self.results["counts"]["inconclusive"] > 0
        return self

    def verdicts(self):
        return {v["id"]: v["verdict"] for v in self.results["variants"]}


def validate(path, kind, schema):
    done = subprocess.run(
        ["xmllint", "--noout", "--nonet", kind, schema, path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[:2000]


def junit_counts(path):
    """Tests, failures and errors, skipped: as the elements of the file are, not its attributes."""
    cases = [case for suite in junitparser.JUnitXml.fromfile(str(path)) for case in suite]
    kinds = [type(one) for case in cases for one in case.result]
    bad = kinds.count(junitparser.Failure) + kinds.count(junitparser.Error)
    return len(cases), bad, kinds.count(junitparser.Skipped)


TAP_LINE = re.compile(r"""(?P<not>not\ )?ok\ (?P<number>\d+)\ -\ (?P<text>(?:[^#\\]|\\.)*?)
                          (?P<skip>\ \#\ SKIP\ .+)? |
                          \ \ (?:--- | \.\.\. | (?:steps|todo|problems): |
                                [\w-]+:\ (?P<value>".*")) |
                          \ {4}\d+:\ (?P<step>".*")""", re.VERBOSE)


def tap_counts(text):
    """The same of TAP 14, line by line by its grammar; quoted scalars are JSON's, too."""
    head, plan, *lines = text.splitlines()
    assert head == "TAP version 14" and text.endswith("\n")
    found = [TAP_LINE.fullmatch(line) for line in lines]
    assert None not in found, [line for line, m in zip(lines, found) if not m][:3]
    for m in found:
        assert not (m["value"] or m["step"]) or json.loads(m["value"] or m["step"])
    points = [m for m in found if m["number"]]
    assert [int(m["number"]) for m in points] == list(range(1, len(points) + 1))
    assert plan == f"1..{len(points)}"
    return len(points), sum(bool(m["not"]) for m in points), sum(bool(m["skip"]) for m in points)


REPORTS = ("--junit", "junit.xml", "--json", "results.json", "--markdown", "page.md",
           "--tap", "report.tap")


def start_run(folder, url, *options, password=hostile.PASSWORD, environment=None, **more):
    return Call(("run", url, *REPORTS, *options), folder,
                {"COUNTERSIGN_PASSWORD": password, **(environment or {})}, **more)


class Device:
    """The reference device as a process of its own."""

    PASSWORD = "secure"  # of its admin; everybody may know it

    def __init__(self, *options):
        self.options = options
        self.process = self.url = None

    def kill(self):
        self.process.kill()
        self.process.wait(LIMIT_S)

    def __enter__(self):
        self.process = subprocess.Popen(
            [PROGRAM, "device", "--listen", "127.0.0.1:0", *self.options],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        status = self.process.wait(LIMIT_S)
        self.process.stdout.close()
        assert status in (0, -signal.SIGKILL)
