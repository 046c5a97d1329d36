"""Many targets in one call of pytest: inventories, pytest-xdist, a host for several, and an account
and a cap for each."""
import collections
import json
import re
import subprocess

import pytest

from blackbox import PROGRAM, ROOT, UNHURRIED, Device
from pytests import EXAMPLES, PytestRun, counted, counts_of, secret, write_case

DIGEST = ROOT / "suites/digest.xml"


@pytest.fixture(name="fleet")
def fleet_fixture(tmp_path):
    """Two devices that differ in kind, account and profile, as an inventory."""
    with Device("--fault", "password-prefix-accepted") as one, Device("--persona", "http") as two:
        secret(tmp_path / "gate.secret", Device.PASSWORD)
        (tmp_path / "targets.ini").write_text(f"""
[gate-2]
url = {one.url}
password-file = gate.secret
vendor = Acme
[Door.1]
url = {two.url}
kind = http
user = operator
password-env = DOOR
""")
        yield tmp_path / "targets.ini"


@pytest.fixture(name="judge_all")
def judge_all_fixture(tmp_path, fleet):
    """pytest of an inventory, called from another folder than it lies in."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return lambda *arguments, **more: PytestRun(
        folder, ["--targets", fleet, *arguments], {"DOOR": "op-secret"}, **more)


def by_device(cases):
    """Kinds of results, by device and id of the variant."""
    return {(case.classname.partition(".xml.")[2] or case.classname.rpartition(".")[2], case.name):
            sorted(type(one).__name__ for one in case.result) for case in cases}


# --- inventories ---


def test_an_inventory_has_the_verdicts_of_a_fleet(tmp_path, fleet, judge_all):
    done = judge_all(ROOT / "suites", "-k", f"not {UNHURRIED[1]}",
                     "--run-options", f"--json {tmp_path}/{{name}}.json")
    fleet_run = subprocess.run(
        [PROGRAM, "run", "--targets", fleet, *UNHURRIED, "--junit", tmp_path / "fleet.xml",
         "--json", tmp_path / "fleet.json"],
        env={"DOOR": "op-secret"}, capture_output=True, check=False)
    assert done.counts() == counts_of(tmp_path / "fleet.xml")
    assert done.status == fleet_run.returncode == 1
    assert done.counts()["Failure"] > 0
    whole = {run["inventory"]["device"]: run
             for run in json.loads((tmp_path / "fleet.json").read_text())["runs"]}
    assert set(whole) == {"gate-2", "Door.1"}
    for name, run in whole.items():
        mine = json.loads((tmp_path / f"{name}.json").read_text())
        assert mine["inventory"] == run["inventory"]
        assert (mine["profile"], mine["kind"]) == (run["profile"], run["kind"])
        assert {v["id"]: v["verdict"] for v in mine["variants"]} \
            == {v["id"]: v["verdict"] for v in run["variants"]}
    merged = subprocess.run(
        [PROGRAM, "merge", *(tmp_path / f"{name}.json" for name in whole), "--junit",
         tmp_path / "merged.xml"], capture_output=True, check=False)
    assert merged.returncode == 1 and counts_of(tmp_path / "merged.xml") == done.counts()


def test_ids_hold_the_name_of_the_device(judge_all):
    listed = judge_all(ROOT / "suites", "--collect-only", "-q")
    ids = [line for line in listed.out.splitlines() if "::" in line]
    names = collections.Counter(line.split("::")[1] for line in ids)
    assert set(names) == {"gate-2", "Door.1"}
    assert "suites/token.xml::gate-2::token.digest" in {i.partition("[")[0] for i in ids}
    assert "suites/digest.xml::Door.1::digest.right.md5" in ids
    assert "suites/token.xml::Door.1::token.digest" not in {i.partition("[")[0] for i in ids}
    one = judge_all(f"{DIGEST}::Door.1", "-k", "digest.right")
    assert one.status == 0 and 0 < one.counts()["tests"]
    assert "countersign Door.1" in one.out and "countersign gate-2" not in one.out


def test_each_device_has_its_own_account_and_cap(tmp_path, device):
    """One has spent its cap when the other, at another host, has not."""
    path = write_case(tmp_path, """
def test_wrong(camera):
    for _ in range(3):
        assert camera.send(digest(password="wrong")).refused
""")
    secret(tmp_path / "p", Device.PASSWORD)
    secret(tmp_path / "o", "op-secret")
    with device() as one, device("--persona", "http") as two:
        (tmp_path / "t.ini").write_text(
            f"[few]\nurl = {one.url}\npassword-file = p\nfailures = 2/30m\n"
            f"[many]\nurl = {two.url}\nkind = http\nuser = operator\npassword-file = o\n"
            "failures = 9/30m\n")
        done = PytestRun(tmp_path, ["--targets", "t.ini", path])
    assert done.counts() == {"tests": 2, "Failure": 0, "Error": 1, "Skipped": 0}, done.out
    bad, = (case.name for case in done.cases if case.result)
    assert bad == "test_wrong[few]" and "budget: it may cost 1 failed logins" in done.out


def test_cases_in_python_go_to_each_device(judge_all):
    done = judge_all(EXAMPLES / "vendor_page.py", EXAMPLES / "stolen_login.py", "-k",
                     "works_only_once or stolen or recorded")
    names = {case.name for case in done.cases}
    assert "test_a_request_works_only_once[gate-2]" in names
    assert "test_a_request_works_only_once[Door.1]" in names
    once = [case for case in done.cases if case.name == "test_a_request_works_only_once[gate-2]"]
    assert not once[0].result, done.out


def test_the_built_in_device_stands_in_an_inventory(tmp_path):
    path = write_case(tmp_path, """
def test_refused(camera):
    assert camera.send(digest(password="wrong")).refused


def test_page(camera):
    camera.at("/snapshot.jpg")
""")
    (tmp_path / "t.ini").write_text("[own]\npersona = sarix\nfault = nc-unchecked\n")
    done = PytestRun(tmp_path, ["--targets", "t.ini", path, ROOT / "suites/digest-nonce.xml"])
    found = by_device(done.cases)
    assert found["own", "digest.nc.reused"] == ["Failure"]
    assert "own is the built-in device, which has no other page" in done.out
    assert [name for (_, name), kinds in found.items() if not kinds and "refused" in name] \
        == ["test_refused[own]"]


def test_devices_at_one_host_are_asked_one_after_the_other(tmp_path, device):
    """Their account is one, so its cap is: what the first has spent the second has not."""
    path = write_case(tmp_path, """
def test_wrong(camera):
    assert camera.send(digest(password="wrong")).refused
    assert camera.send(digest(password="wrong")).refused
""")
    secret(tmp_path / "p", Device.PASSWORD)
    with device() as d:
        page = d.url.replace("/onvif/device_service", "/snapshot.jpg")
        common = "password-file = p\nfailures = 3/30m\n"
        (tmp_path / "t.ini").write_text(f"[service]\nurl = {d.url}\n{common}"
                                        f"[page]\nurl = {page}\nkind = http\n{common}")
        done = PytestRun(tmp_path, ["--targets", "t.ini", path])
        spread = PytestRun(tmp_path, ["--targets", "t.ini", DIGEST, "-n", "2", "-v"])
    assert by_device(done.cases)["test_own", "test_wrong[service]"] == []
    assert by_device(done.cases)["test_own", "test_wrong[page]"] == ["Error"]
    assert len(workers_of(spread).keys()) == 2
    assert len(set.union(*workers_of(spread).values())) == 1


def test_runs_of_several_targets_do_not_write_to_one_file(tests):
    done = tests("http://a.invalid/", "--target", "http://b.invalid/", DIGEST, "--run-options",
                 "--json r.json")
    assert done.status == 4 and "expected {name} in the names of their files" in done.err


# --- pytest-xdist ---


def workers_of(done):
    """Of each target: who judged it."""
    workers = collections.defaultdict(set)
    for worker, name in re.findall(r"^\[(gw\d+)\].*?::([\w.-]+)::", done.out, re.M):
        workers[name].add(worker)
    return workers


def test_workers_share_no_target(device, tests):
    with device() as one, device("--persona", "sarix") as two:
        both = (f"one={one.url}", "--target", f"two={two.url}", DIGEST)
        done = tests(*both, "-n", "3", "-v")
        plain = tests(*both, "-p", "no:xdist")
        spread = tests(one.url, DIGEST, "-n", "2", "--dist", "loadfile")
    assert {name: len(w) for name, w in workers_of(done).items()} == {"one": 1, "two": 1}
    assert len(re.findall(r"exit status 0", done.out)) == 2
    assert done.ids() == plain.ids() and len(plain.ids()) > 50
    assert done.counts() == plain.counts()
    assert not re.findall(r"\S+::\S+@", done.out)
    assert spread.status == 4 and "a target has one worker" in spread.err


def test_an_inventory_is_spread_over_workers(judge_all):
    done = judge_all(DIGEST, "-n", "2", "-v")
    plain = judge_all(DIGEST)
    assert {name: len(w) for name, w in workers_of(done).items()} == {"gate-2": 1, "Door.1": 1}
    assert done.ids() == plain.ids() and counted(done.cases) == plain.counts()
    assert by_device(done.cases) == by_device(plain.cases)


def test_more_targets_than_lanes(tmp_path):
    """Those that began first come to their end before others begin."""
    lines = "".join(f"[d{i}]\npersona = http\n" for i in range(40))
    (tmp_path / "t.ini").write_text(lines)
    done = PytestRun(tmp_path, ["--targets", "t.ini", DIGEST, "-k", "digest.right"])
    assert done.status == 0, done.out
    assert len({case.classname for case in done.cases}) == 40
    assert len(re.findall(r"exit status 0", done.out)) == 40


def test_the_list_of_an_inventory(call, tmp_path):
    (tmp_path / "t.ini").write_text("""
[a]
persona = http
vendor = <Acme>
[b]
url = http://192.0.2.1/onvif/device_service
user = u
""")
    lines = [json.loads(line) for line in
             call("list", "--targets", "t.ini", "--json").out.splitlines()]
    assert lines == [
        {"device": "a", "index": 1, "total": 2, "vendor": "<Acme>", "model": None, "url": None,
         "user": None, "kind": "http", "profile": "rfc7616"},
        {"device": "b", "index": 2, "total": 2, "vendor": None, "model": None,
         "url": "http://192.0.2.1/onvif/device_service", "user": "u", "kind": None,
         "profile": None}]
    assert re.match(r"a +http +rfc7616 +built-in\n$", call("list", "--targets", "t.ini", "a").out)
    call("list", "--targets", "t.ini", "c").complains("no device matches")
    # A default for runs turns no list of cases into one of devices.
    (tmp_path / "countersign.ini").write_text("[defaults]\ntargets = t.ini\n")
    assert call("list", "--json", "digest.nc.reused").out.startswith('{"id":"digest.nc.reused"')


def test_one_device_of_an_inventory(call, tmp_path):
    (tmp_path / "t.ini").write_text(
        "[gate]\npersona = onvif\nfault = nc-unchecked\nprofile = catalogue\n"
        "[door]\nurl = http://127.0.0.1:1/a\npassword-env = DOOR\n")
    done = call("run", "--targets", "t.ini", "--device", "gate", "--only", "digest.nc.reused",
                "--json", "r.json")
    results = json.loads((tmp_path / "r.json").read_text())
    assert done.status == results["exit_code"]
    assert results["inventory"] == {"device": "gate", "vendor": None, "model": None, "index": 1,
                                    "total": 2}
    assert results["profile"] == "catalogue"
    assert results["variants"][0]["verdict"] in ("warn", "fail")
    for arguments, gist in (
            (("run", "--targets", "t.ini", "--device", "gte"), "did you mean gate"),
            (("run", "--device", "gate"), "expected --targets FILE"),
            (("drive", "--targets", "t.ini"), "expected --device NAME"),
            (("drive", "--targets", "t.ini", "--device", "gate", "http://h/"), "no other page"),
            (("drive", "--targets", "t.ini", "--device", "door", "http://h/"),
             "t.ini:5: [door]: http://h/ is not of http://127.0.0.1:1")):
        call(*arguments).complains(gist)


def test_the_account_of_a_device_goes_to_its_other_pages(tmp_path, device):
    steps = '{"send": {"digest": true}}\n{"send": {"digest": {"password": "wrong"}}}\n'
    secret(tmp_path / "o", "op-secret")
    with device("--persona", "http") as d:
        (tmp_path / "t.ini").write_text(f"[a]\nurl = {d.url}no/such\nuser = operator\n"
                                        "password-file = o\noperation = GetUsers\n")
        done = subprocess.run(
            [PROGRAM, "drive", "--targets", "t.ini", "--device", "a", d.url, "--kind", "http",
             "-q"], cwd=tmp_path, input=steps, capture_output=True, text=True, check=False)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [e["outcome"] for e in events if e["event"] == "answer"] == ["accepted", "challenged"]
    assert 'username=\\"operator\\"' in done.stdout
