"""The program from outside: a call of it, and what every call must keep to."""
import base64
import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import threading

import jsonschema
import junitparser

import hostile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("COUNTERSIGN", str(ROOT / "build/dev/harness/cli/countersign"))
SCHEMA = jsonschema.Draft202012Validator(
    json.loads((ROOT / "reports/results.schema.json").read_text())
)
LIMIT_S = 60  # whatever takes longer hangs
RSS_MAX_KIB = 200 * 1024
SECRETS = (
    hostile.PASSWORD,
    base64.b64encode(f"{hostile.USER}:{hostile.PASSWORD}".encode()).decode(),
)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but TAB and LF


class Call:
    """A call of the program that is under way; end() gives what came of it."""

    def __init__(self, arguments, folder, environment=None, stdin=b""):
        self.folder = folder
        self.paths = [folder / f"{name}.txt" for name in ("in", "out", "err")]
        self.paths[0].write_bytes(stdin)
        variables = {k: v for k, v in os.environ.items() if not k.startswith("COUNTERSIGN_")}
        variables.update({"COUNTERSIGN_PASSWORD": hostile.PASSWORD, **(environment or {})})
        with contextlib.ExitStack() as files:
            streams = [
                files.enter_context(open(path, mode))
                for path, mode in zip(self.paths, ("rb", "wb", "wb"))
            ]
            self.process = subprocess.Popen(
                [PROGRAM, *map(str, arguments)],
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
        return Done(self.folder, self.process.returncode, usage.ru_maxrss, *self.paths[1:])


class Done:
    """How a call ended: no crash, nothing that a terminal would obey, no secret."""

    def __init__(self, folder, status, rss_kib, out, err):
        self.folder, self.status = folder, status
        self.out, self.err = out.read_bytes().decode(), err.read_bytes().decode()
        assert 0 <= status <= 6, self.err
        assert rss_kib < RSS_MAX_KIB
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
        """Both reports are there, valid, and say the same as the exit status."""
        junit, results = self.folder / "junit.xml", self.folder / "results.json"
        validate(junit, "--relaxng", ROOT / "reports/junit.rng")
        if "COUNTERSIGN_SHARED" in os.environ:
            xsd = pathlib.Path(os.environ["COUNTERSIGN_SHARED"]) / "facts/junit-10.xsd"
            validate(junit, "--schema", xsd)
        for text in (junit.read_text(), results.read_text()):
            assert not CONTROL.search(text)
            assert not any(secret in text for secret in SECRETS)
        self.results = json.loads(results.read_text())
        SCHEMA.validate(self.results)
        assert self.results["exit_code"] == self.status
        variants, counts = self.results["variants"], self.results["counts"]
        assert sum(counts.values()) == len(variants)
        # One case for the cause of an early end, and none of those that it kept from running.
        ended = bool(self.results["cause"] or not variants)
        ran = counts["pass"] + counts["warn"] + counts["fail"] > 0
        tests = [case for suite in junitparser.JUnitXml.fromfile(str(junit)) for case in suite]
        assert len(tests) == ended + (len(variants) if ran or not ended else 0)
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


def start_run(folder, url, *options, password=hostile.PASSWORD):
    reports = ("--junit", "junit.xml", "--json", "results.json")
    return Call(("run", url, *reports, *options), folder, {"COUNTERSIGN_PASSWORD": password})


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
