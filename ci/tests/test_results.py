"""The folder of --results, and the field by which a device's log can be laid beside it."""
import hashlib
import json
import re
import signal
import stat
import threading

import pytest

import hostile
from blackbox import LIMIT_S, SCHEMA, Device, start_run
from hostile import Server, answers, basic, response

REFUSAL = response(401, b"", [(b"WWW-Authenticate", b'Basic realm="r"')])
MARKER = re.compile(rb"\r\nX-Countersign: ([!-:<-~]+);([0-9a-f]{16});([1-9][0-9]*)\r\n")
FEW = ("--only", "digest.nc.*", "--only", "token.password.*", "--only", "measure.*")


def read_folder(folder):
    """The manifest, after every file was found to be in it, with its sum."""
    manifest = json.loads((folder / "manifest.json").read_text())
    listed = {entry["path"]: entry for entry in manifest["files"]}
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert there == listed.keys() | {"manifest.json"}
    for path, entry in listed.items():
        octets = (folder / path).read_bytes()
        assert hashlib.sha256(octets).hexdigest() == entry["sha256"]
        assert len(octets) == entry["bytes"]
    SCHEMA.validate(json.loads((folder / "results.json").read_text()))
    return manifest


def read_cases(folder):
    """case.json of every variant, with the octets in place of the names of files."""
    cases = {}
    for path in (folder / "evidence").glob("*/case.json"):
        case = json.loads(path.read_text())
        for step in case["steps"]:
            for direction in ("request", "response"):
                name = step[direction]
                step[direction] = (path.parent / name).read_bytes() if name else b""
        cases[case["id"]] = case
    return cases


def steps_of(cases):
    return [step for case in cases.values() for step in case["steps"]]


@pytest.fixture(name="run", scope="module")
def run_fixture(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    with Device() as device:
        run = start_run(folder, device.url, "--results", "out", *FEW, password=Device.PASSWORD)
        yield run.end().read_reports()


def test_every_case_has_its_evidence(run):
    manifest = read_folder(run.folder / "out")
    assert manifest["evidence"] == "redacted" and manifest["run"] == run.results["run"]
    assert manifest["exit_code"] == run.status == 0
    cases = read_cases(run.folder / "out")
    assert {i: case["verdict"] for i, case in cases.items()} == run.verdicts()
    ran = [case for case in cases.values() if case["verdict"] == "pass"]
    assert len(ran) > 10 and all(case["steps"] for case in ran)
    assert any(case["measure"] for case in ran)
    for case in ran:
        if case["deciding"] is not None:
            assert case["steps"][case["deciding"]]["role"] == "probe"
    for step in steps_of(cases):
        assert step["request"].partition(b" ")[0] in (b"POST", b"GET")
        assert step["response"].startswith(b"HTTP/1.1 %d " % step["status"])
        assert step["wall"] and step["device"] and step["fate"] == "answered"
    digests = b"".join(step["request"] for step in steps_of(cases))
    assert b'response="[redacted]"' in digests and b'nonce="' in digests


def test_requests_are_marked(run):
    cases = read_cases(run.folder / "out")
    bare, numbers = set(), {}
    for name, case in cases.items():
        for step in case["steps"]:
            found = MARKER.search(step["request"])
            if step["number"] in numbers:
                assert numbers[step["number"]] == step["request"]  # a control that is shared
            numbers[step["number"]] = step["request"]
            if not found:
                unit = (case["measure"] or {}).get("unit")
                assert step["role"] == "control" or unit == "octets"
                if step["role"] == "control":
                    bare.add(step["number"])
                continue
            assert found[1].decode() == ("control" if step["role"] == "control" else name)
            assert found[2].decode() == run.results["run"]
            if "once more" not in step["summary"]:
                assert int(found[3]) == step["number"]
    assert len(bare) <= 1 and len(numbers) > 50


@pytest.mark.parametrize("options", [(), ("--no-marker",)], ids=("marked", "not"))
def test_one_control_and_one_bare_request_go_without(tmp_path, options):
    seen = []

    def answer(request):
        seen.append(request)
        return basic(REFUSAL)(request)

    with Server(answers(answer)) as server:
        run = start_run(tmp_path, server.url(), "--kind=http", "--skip=measure.*", *options)
        assert run.end().read_reports().results["marked"] is not bool(options)
    assert len(seen) > 100
    without = [one for one in seen if not MARKER.search(one.head + b"\r\n")]
    if options:
        assert without == seen
    else:
        assert [one.has_basic() for one in without] == [False, True]


def test_octets_that_go_once_more_are_the_same(call, tmp_path):
    call("run", "--results", "out", "--only", "measure.token.cache.*")
    cases = read_cases(tmp_path / "out")
    assert len(cases) == 2
    for case in cases.values():
        probes = [step for step in case["steps"] if step["role"] == "probe"]
        assert probes[-1]["summary"] == "the octets of step 1 once more"
        assert probes[-1]["request"] == probes[0]["request"]
        assert probes[-1]["number"] > probes[0]["number"]


@pytest.mark.parametrize("when", ["bare", "authorized"])
def test_a_target_that_minds_the_marker_is_told(judge, when):
    def answer(request):
        marked = b"x-countersign" in request.fields
        if when == "bare" and marked and not request.has_basic():
            return response(403)
        if when == "authorized" and not marked and request.has_basic():
            return response(403)
        return basic(REFUSAL)(request)

    with Server(answers(answer)) as server:
        judge(server.url(), "--kind=http").stopped(
            "control", "with the field X-Countersign", "run with --no-marker")


def test_full_evidence_is_for_its_owner(tmp_path):
    with Device() as device:
        start_run(tmp_path, device.url, "--results", "out", "--evidence", "full", *FEW,
                  password=Device.PASSWORD).end().read_reports()
    folder = tmp_path / "out"
    assert read_folder(folder)["evidence"] == "full"
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}
    assert modes == {0o600}
    sent = b"".join(step["request"] for step in steps_of(read_cases(folder)))
    assert b"[redacted]" not in sent and re.search(rb'response="[0-9a-f]{32}"', sent)


def test_no_evidence(tmp_path):
    with Device() as device:
        start_run(tmp_path, device.url, "--results", "out", "--evidence", "none", *FEW,
                  password=Device.PASSWORD).end().read_reports()
    assert read_folder(tmp_path / "out")["evidence"] == "none"
    assert len(list((tmp_path / "out").iterdir())) == 4


def test_an_interrupted_run_has_the_evidence_of_what_finished(tmp_path):
    stuck, asked = threading.Event(), []

    def behave(peer):
        while True:
            request = peer.request()
            asked.append(request)
            if len(asked) > 60:
                stuck.set()
                hostile.silent(peer)
            peer.send(basic(REFUSAL)(request))

    with Server(behave) as server:
        run = start_run(tmp_path, server.url(), "--kind=http", "--connections=1",
                        "--results", "out")
        assert stuck.wait(LIMIT_S)
        run.signal(signal.SIGINT)
        done = run.end().read_reports()
    assert done.status == 2
    assert read_folder(tmp_path / "out")["exit_code"] == 2
    cases = read_cases(tmp_path / "out")
    finished = [case for case in cases.values() if case["verdict"] in ("pass", "warn", "fail")]
    assert len(finished) > 3
    for case in finished:
        assert case["steps"] or case["measure"]
        assert all(step["request"] and step["response"] for step in case["steps"])


def test_a_results_folder_is_none_on_stdout(call):
    call("run", "--results", "-").complains("--results -: expected a folder")


def test_a_folder_that_cannot_be_written_is_no_success(call, tmp_path):
    (tmp_path / "file").write_text("in the way")
    arguments = ("run", "--only", "digest.nc.*", "--json", "results.json", "--results")
    call(*arguments, "file/out").complains("--results", "file/out", "Not a directory")
    assert not (tmp_path / "results.json").exists()  # known before the first probe
    (tmp_path / "out/results.json").mkdir(parents=True)
    done = call(*arguments, "out")
    assert done.status == 3
    assert "out/results.json" in done.err and (tmp_path / "results.json").exists()
    assert not (tmp_path / "out/manifest.json").exists()
