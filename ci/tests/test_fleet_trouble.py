"""Devices in trouble beside others: what one does is nothing to the rest of a fleet."""
import contextlib
import json
import signal
import subprocess
import threading

import pytest

import hostile
import park
from blackbox import LIMIT_S, ROOT, SCHEMA, Call, Device, held_port, validate
from test_interrupts import check_folder

GOOD = [("", "onvif"), ("", "sarix"), ("nc-unchecked", "sarix"), ("", "http"), ("", "token-only"),
        ("refusal-closes", "onvif")]
SOME = ("--only", "digest.nc.*", "--only", "digest.response.*", "--only", "token.digest.*")


@pytest.fixture(name="certificate", scope="module")
def certificate_fixture(tmp_path_factory):
    """One that nobody trusts."""
    folder = tmp_path_factory.mktemp("certificate")
    pair = folder / "cert.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-out", pair[0], "-keyout", pair[1]], check=True,
                   capture_output=True)
    return pair


def silent(peer):
    while True:
        peer.request()


def garbage(peer):
    peer.request()
    peer.send(b"\0\xff[" * 1000)


def endless(peer):
    peer.request()
    while True:
        peer.send(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 60000)


def breaks(peer):
    peer.request()
    peer.reset()


@contextlib.contextmanager
def trouble(certificate):
    """Sections of an inventory, and the cause that each must be told to have."""
    with contextlib.ExitStack() as servers:
        start = lambda *what: servers.enter_context(hostile.Server(*what))
        urls = {"untrusted": start(garbage, certificate).url(),
                "plain-on-tls": start(silent, certificate).url(scheme="http"),
                "tls-on-plain": start(garbage).url(scheme="https"),
                "silent": start(silent).url(), "garbage": start(garbage).url(),
                "endless": start(endless).url(), "breaks": start(breaks).url(),
                "gone": f"http://127.0.0.1:{servers.enter_context(held_port())}/"}
        sections = [f"[{name}]\nurl = {url}onvif/device_service\n" for name, url in urls.items()]
        sections[list(urls).index("silent")] += "timeout = 1s\n"
        device = servers.enter_context(Device())
        sections += [f"[wrong-password]\nurl = {device.url}\npassword-env = WRONG\n",
                     f"[wrong-name]\nurl = {device.url}\nuser = nobody\n",
                     "[locked]\npersona = onvif\nfault = env-lockout-silent\n"]
        yield sections


def test_the_others_are_judged_as_if_they_were_alone(tmp_path, certificate, monkeypatch):
    monkeypatch.setitem(park.ENVIRONMENT, "WRONG", "wrong-" + park.ENVIRONMENT[
        "COUNTERSIGN_PASSWORD"])
    alone = park.singles(tmp_path, GOOD, *SOME)
    with park.park(tmp_path, GOOD) as served, trouble(certificate) as sections:
        good = served.read_text().split("\n\n")
        mixed = tmp_path / "mixed.ini"
        # One of each in turn, so that they share the lanes.
        mixed.write_text("\n".join(a + "\n" + b for a, b in zip(
            sections, good + [""] * (len(sections) - len(good)))))
        status, out = park.run(tmp_path, "--targets", mixed, "--junit", "fleet.xml", "--json",
                               "fleet.json", "--results", "all", *SOME, "-q")
    found = park.verdicts(tmp_path / "fleet.xml")
    for number, kind in enumerate(GOOD):
        assert found[f"dev-{number}"] == alone[kind], kind
    runs = {run["inventory"]["device"]: run
            for run in json.loads((tmp_path / "fleet.json").read_text())["runs"]}
    assert len(runs) == len(GOOD) + 11
    for name, run in runs.items():
        SCHEMA.validate(run)
        assert (tmp_path / "all" / name / "results.json").exists()
        if name.startswith("dev-"):
            continue
        assert run["exit_code"] == 6, name
        assert name == "locked" or run["cause"]["text"], name
        assert not run["counts"]["fail"] and name in out
    assert "certificate" in runs["untrusted"]["cause"]["text"]
    assert runs["wrong-password"]["failed_logins"] < 5
    assert status == 1  # that of the planted fault
    assert "wrong-secure" not in (tmp_path / "fleet.json").read_text()


def test_a_signal_leaves_the_reports_of_all(tmp_path):
    event = threading.Event()
    with park.park(tmp_path, GOOD[:3]) as served, Device() as device, \
            hostile.Server(hostile.stalls(device.url, 60, event)) as stalled:
        with open(served, "a", encoding="utf-8") as inventory:
            inventory.write(f"[stalled]\nurl = {stalled.url('/onvif/device_service')}\n"
                            f"connections = 1\ntimeout = {LIMIT_S}s\n")
        run = Call(("run", "--targets", served, "--results", "all", "--json", "r.json", "--tap",
                    "r.tap", "--markdown", "r.md", "--only", "digest.*", "-q"), tmp_path,
                   {"COUNTERSIGN_PASSWORD": Device.PASSWORD})
        assert event.wait(LIMIT_S)
        run.signal(signal.SIGINT)
        done = run.end()
    assert done.status == 2, done.err
    runs = {run["inventory"]["device"]: run
            for run in json.loads((tmp_path / "r.json").read_text())["runs"]}
    assert set(runs) == {"dev-0", "dev-1", "dev-2", "stalled"}
    for name, result in runs.items():
        SCHEMA.validate(result)
        check_folder(tmp_path / "all" / name, result["exit_code"])
        verdicts = {v["verdict"] for v in result["variants"] if v["reason"] != "interrupted"}
        assert "error" not in verdicts and "inconclusive" not in verdicts
    assert runs["stalled"]["exit_code"] == 2 and runs["stalled"]["counts"]["pass"] > 5
    validate(tmp_path / "all/TEST-countersign.xml", "--relaxng", ROOT / "reports/junit.rng")
    assert (tmp_path / "r.tap").read_text().count("\n# Subtest: ") == 4
    assert "### INTERRUPTED stalled" in (tmp_path / "r.md").read_text()


@pytest.mark.parametrize("reports, most, device_kib", [
    ((), 104, 64), (("--junit", "f.xml", "--json", "f.json"), 40, 6144),
])
def test_a_device_that_was_judged_takes_little_memory(tmp_path, reports, most, device_kib):
    """So many that a device stands out from what two runs of one kind differ by, a MiB or two."""
    used = []
    for devices in (8, most):
        (tmp_path / "t.ini").write_text(park.inventory([("", "http")] * devices))
        status, _, usage = park.measured(tmp_path, "--targets", "t.ini", "--lanes", "8", "-q",
                                         *reports)
        assert status == 0
        used.append(usage.ru_maxrss)
    assert (used[1] - used[0]) / (most - 8) < device_kib
