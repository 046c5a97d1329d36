"""Runs that are cut short, and disks that are full: what was finished is reported, and the exit
status says that it is not all."""
import hashlib
import json
import os
import signal
import subprocess
import threading

import pytest

import hostile
from blackbox import LIMIT_S, PROGRAM, REPORTS, Call, Device, junit_counts, start_run, validate
from blackbox import ROOT, SCHEMA, tap_counts

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
OPTIONS = ["--junit", "--json", "--markdown", "--tap"]


class Stalled:
    """A run whose target went silent after some answers; it waits when start() returns."""

    def __init__(self, folder, answers, *device):
        self.folder, self.answers = folder, answers
        self.device, self.event = Device(*device), threading.Event()
        self.server = None

    def __enter__(self):
        self.device.__enter__()
        self.server = hostile.Server(hostile.stalls(self.device.url, self.answers, self.event))
        self.server.__enter__()
        return self

    def __exit__(self, *what):
        self.server.__exit__(*what)
        self.device.__exit__(*what)

    def start(self, *options, **more):
        run = start_run(self.folder, self.server.url("/onvif/device_service"), *options,
                        "--connections", "1", "--timeout", f"{LIMIT_S}s",
                        password=Device.PASSWORD, **more)
        assert self.event.wait(LIMIT_S)
        return run


# --- signals ---


def check_folder(folder, status):
    """What --results leaves: a manifest that is right about every file."""
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["exit_code"] == status
    assert len(manifest["files"]) > 20
    for row in manifest["files"]:
        octets = (folder / row["path"]).read_bytes()
        assert hashlib.sha256(octets).hexdigest() == row["sha256"], row["path"]


@pytest.mark.parametrize("number", SIGNALS)
def test_what_was_finished_is_reported(tmp_path, number):
    with Stalled(tmp_path, 60) as stalled:
        run = stalled.start("--results", "folder")
        run.signal(number)
        done = run.end().read_reports()
    assert done.status == 2
    check_folder(tmp_path / "folder", 2)
    assert done.results["cause"] == {"reason": "interrupted", "text": "interrupted"}
    assert done.results["counts"]["pass"] > 5
    assert done.results["counts"]["fail"] == done.results["counts"]["error"] == 0
    unfinished = [v for v in done.results["variants"] if v["verdict"] == "inconclusive"]
    assert len(unfinished) > 100
    assert {v["reason"] for v in unfinished} == {"interrupted"}
    assert f"{len(unfinished)} not judged" in (tmp_path / "page.md").read_text()
    assert "STOPPED       interrupted" in done.out


class Pipe:
    """A report that is a pipe: the program waits in writing it until somebody reads."""

    def __init__(self, path):
        self.path = path
        os.mkfifo(path)
        self.file, self.opened = None, threading.Event()
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self):
        self.file = open(self.path, "rb")
        self.opened.set()

    def first_octet(self):
        assert self.opened.wait(LIMIT_S)
        return self.file.read(1)


def test_a_second_signal_costs_no_report(tmp_path):
    pipe = Pipe(tmp_path / "junit.xml")
    with Stalled(tmp_path, 60) as stalled:
        run = stalled.start()
        run.signal(signal.SIGINT)
        octets = pipe.first_octet()
        run.signal(signal.SIGTERM)
        octets += pipe.file.read()
        done = run.end()
    assert done.status == 2
    (tmp_path / "junit.xml").unlink()
    (tmp_path / "junit.xml").write_bytes(octets)
    done.read_reports()


@pytest.mark.parametrize("ignored", [False, True], ids=["all-caught", "one-ignored"])
def test_a_third_signal_ends_at_once(tmp_path, ignored):
    """But an ignored one, as a shell's background job has, does not count."""
    pipe = Pipe(tmp_path / "results.json")
    before = ("/bin/sh", "-c", 'trap "" INT; exec "$@"', "sh") if ignored else ()
    with Stalled(tmp_path, 60) as stalled:
        run = stalled.start(before=before)
        if ignored:
            run.signal(signal.SIGINT)
        run.signal(signal.SIGHUP)
        octets = pipe.first_octet()
        if not ignored:
            run.signal(signal.SIGINT)
        run.signal(signal.SIGTERM)
        if ignored:
            octets += pipe.file.read()
            assert run.end().status == 2
            SCHEMA.validate(json.loads(octets))
        else:
            assert run.process.wait(LIMIT_S) in (-signal.SIGINT, -signal.SIGTERM)
    pipe.file.close()
    assert not list(tmp_path.glob("*.part"))
    validate(tmp_path / "junit.xml", "--relaxng", ROOT / "reports/junit.rng")


@pytest.mark.parametrize("answers, found", [(60, False), (120, True)], ids=["asking", "shrinking"])
def test_an_interrupted_swarm_tells_what_it_has(tmp_path, answers, found):
    with Stalled(tmp_path, answers, "--fault", "names-case-refused") as stalled:
        run = stalled.start("--spellings", "60", "--only", "spelling.digest", "--seed", "same")
        run.signal(signal.SIGINT)
        done = run.end().read_reports()
    assert done.status == 2
    message = done.results["variants"][0]["message"]
    assert "asked, then: interrupted" in message
    assert ("refuses: " in message) == found, message
    assert found or "refused and not looked into, the first: " in message, message
    assert " ".join(message.split()) in " ".join(done.out.split())


# --- what cannot be written ---


@pytest.mark.parametrize("option", OPTIONS + ["--results"])
@pytest.mark.parametrize("target, why", [
    ("file/report", "Not a directory"), (".", "Is a directory"), ("/proc/report", "No such"),
])
def test_a_path_that_cannot_be_written_is_known_before(tmp_path, option, target, why):
    if (option, target) == ("--results", "."):
        target, why = "file", "Not a directory"
    (tmp_path / "file").touch()
    came = threading.Event()

    def behave(peer):
        came.set()
        hostile.silent(peer)

    with hostile.Server(behave) as server:
        done = Call(("run", server.url(), option, target), tmp_path).end()
    assert done.status == 4
    assert not done.out and not came.is_set()
    assert done.err.startswith(f"countersign: {option}: {target}")
    assert why in done.err and done.err.count("\n") == 1


@pytest.mark.parametrize("option", OPTIONS)
def test_a_full_disk_is_no_success_and_costs_no_other_report(tmp_path, option):
    others = [REPORTS[i:i + 2] for i in range(0, len(REPORTS), 2) if REPORTS[i] != option]
    done = Call(("run", "--only", "digest.nc.*", *sum(others, ()), option, "/dev/full"),
                tmp_path).end()
    assert done.status == 3
    assert "PASS" in done.out
    assert done.err.count("\n") == 1
    assert "/dev/full: cannot write: No space left on device" in done.err
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix != ".txt") == sorted(
        name for _, name in others)


def test_a_file_that_may_not_grow_leaves_the_old_report(tmp_path):
    for name in ("junit.xml", "results.json"):
        (tmp_path / name).write_text("old")
    done = Call(("run", *REPORTS), tmp_path, before=("/usr/bin/prlimit", "--fsize=150000")).end()
    assert done.status == 3
    assert "PASS" in done.out
    for name in ("junit.xml", "results.json"):
        assert (tmp_path / name).read_text() == "old"
        assert f"{name}: cannot write: File too large" in done.err
    assert not list(tmp_path.glob("*.part"))


def test_a_reader_that_goes_away_costs_no_report(tmp_path):
    with subprocess.Popen([PROGRAM, "run", "--only", "digest.*", *REPORTS], cwd=tmp_path,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        run.stdout.close()
        assert run.stderr.read() == "countersign: standard output could not be written\n"
        assert run.wait(LIMIT_S) == 3
    SCHEMA.validate(json.loads((tmp_path / "results.json").read_text()))
    validate(tmp_path / "junit.xml", "--relaxng", ROOT / "reports/junit.rng")
    assert tap_counts((tmp_path / "report.tap").read_text()) == junit_counts(tmp_path / "junit.xml")
