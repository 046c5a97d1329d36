"""The pytest plugin of suites/driver, from outside: against servers, with a plain run beside it."""
import collections
import json
import os
import re
import subprocess
import sys
import urllib.parse

import junitparser
import jsonschema
import pytest

from blackbox import LIMIT_S, PROGRAM, ROOT, Device

sys.path.insert(0, str(ROOT / "ci/interop"))
import servers  # noqa: E402  pylint: disable=wrong-import-position

DRIVER = ROOT / "suites/driver"
EXAMPLES = DRIVER / "examples"
RESULTS = json.loads((ROOT / "reports/results.schema.json").read_text())
EVENTS = json.loads((ROOT / "reports/events.schema.json").read_text())
urllib.parse.uses_relative.append("urn")  # else "#/..." within a urn leads nowhere
EVENT = jsonschema.Draft202012Validator(
    EVENTS, resolver=jsonschema.RefResolver.from_schema(EVENTS, store={RESULTS["$id"]: RESULTS}))


class PytestRun:
    """A call of pytest that has ended; counts are those of its JUnit report."""

    def __init__(self, folder, arguments):
        junit = folder / "pytest.xml"
        junit.unlink(missing_ok=True)
        environment = {k: v for k, v in os.environ.items()
                       if not k.startswith(("COUNTERSIGN_", "PYTEST_"))}
        environment.update(COUNTERSIGN=PROGRAM, PYTHONPATH=str(DRIVER),
                           PYTHONDONTWRITEBYTECODE="1")
        done = subprocess.run(
            ["/usr/bin/python3", "-m", "pytest", "-p", "no:cacheprovider", "-p",
             "pytest_countersign", "--junitxml", str(junit), *map(str, arguments)],
            cwd=folder, env=environment, capture_output=True, text=True, timeout=LIMIT_S,
            check=False)
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr
        assert not self.err or self.status == 4, self.err
        self.cases = cases_of(junit) if junit.exists() else []

    def counts(self):
        return counted(self.cases)


def cases_of(path):
    return [case for suite in junitparser.JUnitXml.fromfile(str(path)) for case in suite]


def counted(cases):
    kinds = collections.Counter(type(one).__name__ for case in cases for one in case.result)
    return {"tests": len(cases), **{k: kinds[k] for k in ("Failure", "Error", "Skipped")}}


def counts_of(path):
    return counted(cases_of(path))


@pytest.fixture(name="account")
def account_fixture(tmp_path):
    path = tmp_path / "password"
    path.touch(0o600)
    path.write_text(Device.PASSWORD + "\n")
    return ["--user", "admin", "--password-file", path]


@pytest.fixture(name="tests")
def tests_fixture(tmp_path, account):
    return lambda url, *more: PytestRun(tmp_path, ["--target", url, *account, *more])


@pytest.fixture(name="alone")
def alone_fixture(tmp_path, account):
    """alone(url, ...): countersign run by itself; the counts of its JUnit report, its results."""

    def run(url, *options):
        junit, results = tmp_path / "alone.xml", tmp_path / "alone.json"
        subprocess.run([PROGRAM, "run", url, *account, "--junit", junit, "--json", results,
                        *options], cwd=tmp_path, capture_output=True, check=False)
        return counts_of(junit), json.loads(results.read_text())

    return run


# --- the catalogue ---


def test_counts_are_those_of_a_run(tmp_path, device, tests, alone):
    with device("--fault", "rspauth-wrong", "--fault", "nc-unchecked") as d:
        done = tests(d.url, ROOT / "suites", "--run-options",
                     f"--junit {tmp_path}/ours.xml --json {tmp_path}/ours.json")
        expected, results = alone(d.url)
    assert done.counts() == counts_of(tmp_path / "ours.xml") == expected
    ours = json.loads((tmp_path / "ours.json").read_text())
    assert ({v["id"]: v["verdict"] for v in ours["variants"]}
            == {v["id"]: v["verdict"] for v in results["variants"]})
    assert {case.name for case in done.cases} == {v["id"] for v in ours["variants"]}
    assert done.status == ours["exit_code"] == results["exit_code"]


def test_a_finding_tells_all(device, tests):
    with device("--fault", "password-prefix-accepted") as d:
        done = tests(d.url, ROOT / "suites/digest.xml", "-k", "digest.password")
    assert done.status == 1 and done.counts()["Failure"] > 0
    for words in ("expected refused, got 200 accepted", "why:", "remedy:",
                  "  control: POST /onvif/device_service", "Authorization: Digest",
                  "HTTP/1.1 200 OK", "To see it again:", "curl"):
        assert words in done.out, words
    failure = next(one for case in done.cases for one in case.result)
    assert failure.message.startswith("expected refused, got 200 accepted")


def test_only_what_is_selected_is_sent(tmp_path, device, tests):
    with device() as d:
        done = tests(d.url, ROOT / "suites/digest-nonce.xml", "-k", "digest.nc.reused",
                     "--run-options", f"--json {tmp_path}/r.json")
        named = tests(d.url, f"{ROOT}/suites/digest-nonce.xml::digest.nc.reused")
        levels = tests(d.url, ROOT / "suites", "-m", "must and gates", "--collect-only", "-q")
    assert [v["id"] for v in json.loads((tmp_path / "r.json").read_text())["variants"]] \
        == ["digest.nc.reused"]
    assert done.counts()["tests"] == named.counts()["tests"] == 1
    listed = [json.loads(line) for line in subprocess.run(
        [PROGRAM, "list", "--json"], capture_output=True, check=True).stdout.splitlines()]
    wanted = {v for c in listed if not c["spellings"] and c["standing"]["gates"]
              and c["standing"]["level"] == "must" for v in c["variants"]}
    assert {line.partition("::")[2] for line in levels.out.splitlines() if "::" in line} == wanted
    assert any(line.startswith("suites/digest.xml::digest.") for line in levels.out.splitlines())


def test_a_waiver_is_an_expected_failure(tmp_path, device, tests, alone):
    waivers = tmp_path / "waivers.ini"
    waivers.write_text("""[known]
case = digest.password.*
device = *
firmware = *
outcome = fail decision accepted
reason = until the next build
ticket = T-1
owner = lab
until = 2999-01-31
""")
    with device("--fault", "password-prefix-accepted") as d:
        done = tests(d.url, ROOT / "suites/digest.xml", "-k", "digest.password.prefix",
                     "--waivers", waivers, "-rx")
        expected, _ = alone(d.url, "--only", "digest.password.prefix", "--waivers", waivers)
    assert done.counts() == expected and expected["Skipped"] > 0 and not expected["Failure"]
    assert "waived until 2999-01-31 by lab, T-1: until the next build" in done.out
    assert "xfailed" in done.out


def test_a_wrong_password_is_one_error(tmp_path, device, tests):
    (tmp_path / "wrong").touch(0o600)
    (tmp_path / "wrong").write_text("not-that-one\n")
    with device() as d:
        done = tests(d.url, "--password-file", tmp_path / "wrong", ROOT / "suites/digest.xml")
    counts = done.counts()
    assert done.status == 1 and counts["Error"] == 1 and not counts["Failure"]
    assert counts["Skipped"] == counts["tests"] - 1
    assert "User name or password is wrong" in done.out
    assert "not-that-one" not in done.out


def test_inconclusive_is_an_error(device, tests):
    with device("--fault", "env-lockout") as d:
        done = tests(d.url, ROOT / "suites/digest.xml")
    assert done.counts()["Error"] > 0 and done.counts()["Failure"] == 0
    assert done.status == 1


def test_workers_share_no_target(device, tests, alone):
    with device() as one, device("--persona", "sarix") as two:
        done = tests(f"one={one.url}", "--target", f"two={two.url}", ROOT / "suites/digest.xml",
                     "-n", "3", "-v")
        spread = tests(one.url, ROOT / "suites/digest.xml", "-n", "2", "--dist", "loadfile")
    workers = collections.defaultdict(set)
    for worker, group in re.findall(r"^\[(gw\d+)\].*@(\w+)", done.out, re.M):
        workers[group].add(worker)
    assert {group: len(w) for group, w in workers.items()} == {"one": 1, "two": 1}
    assert len(re.findall(r"exit status 0", done.out)) == 2
    assert "suites/digest.xml::one::digest." in done.out
    assert spread.status == 4 and "a target has one worker" in spread.err


@pytest.mark.parametrize("name", ["lighttpd-md5", "gsoap"])
def test_servers_that_are_not_ours(tmp_path, tests, alone, name):
    server = next(s for s in servers.all_servers() if s.name == name)
    with server as s:
        done = tests(s.url, ROOT / "suites", "--kind", s.kind, "--run-options",
                     f"--junit {tmp_path}/ours.xml")
        expected, _ = alone(s.url, "--kind", s.kind)
    assert done.counts() == counts_of(tmp_path / "ours.xml") == expected
    assert done.counts()["tests"] > 100


# --- cases in Python ---


def test_examples_pass_on_a_good_device(device, tests):
    with device() as d:
        done = tests(d.url, *sorted(EXAMPLES.glob("*.py")))
    assert done.status == 0 and done.counts()["tests"] == 8, done.out


def test_examples_find_faults(device, tests):
    with device("--fault", "nc-unchecked", "--fault", "created-ignored") as d:
        done = tests(d.url, *sorted(EXAMPLES.glob("*.py")))
    failed = {case.name for case in done.cases if case.result}
    assert "test_a_request_works_only_once" in failed
    assert "test_a_token_from_another_time_is_refused[-1d]" in failed
    assert "test_users_are_for_those_who_log_in" not in failed
    assert "<200 accepted: GET /snapshot.jpg, Digest nonce=same nc=same>" in done.out
    assert "control: GET /snapshot.jpg, Digest: accepted 200" in done.out


def write_case(folder, text):
    path = folder / "test_own.py"
    path.write_text("from pytest_countersign import *\n\n\n" + text)
    return path


def test_the_cap_on_failed_logins_holds_over_tests_and_pages(tmp_path, device, tests):
    path = write_case(tmp_path, """
def test_one(camera):
    assert camera.send(digest(password="wrong")).refused


def test_two(camera):
    assert camera.at("/snapshot.jpg").send(digest(password="wrong")).refused
    assert camera.send(digest(password="wrong")).refused


def test_right(camera):
    assert camera.send(digest()).accepted
""")
    with device() as d:
        done = tests(d.url, path, "--drive-options", "--failures 4/30m")
    assert done.counts() == {"tests": 3, "Failure": 0, "Error": 1, "Skipped": 0}, done.out
    assert "budget: it may cost 1 failed logins" in done.out


def test_a_refusal_without_its_control_is_an_error(tmp_path, device, tests):
    path = write_case(tmp_path, """
def test_locked(camera):
    for _ in range(40):
        assert camera.send(digest(password="wrong")).refused
""")
    with device("--fault", "env-lockout-silent") as d:
        done = tests(d.url, path)
    assert done.counts() == {"tests": 1, "Failure": 0, "Error": 1, "Skipped": 0}, done.out


def test_a_misspelt_deviation_says_what_there_is(tmp_path, device, tests):
    path = write_case(tmp_path, """
def test_typo(camera):
    camera.send(digest(nonse="same"))
""")
    with device() as d:
        done = tests(d.url, path)
    assert done.status == 1
    assert 'unknown attribute "nonse" of <digest>, expected one of use user' in done.out


# --- what the program writes ---


def events_of(*arguments, **more):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False,
                          **more)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    for event in events:
        EVENT.validate(event)
    return events, done


def test_events_are_as_their_schema_says():
    events, done = events_of("run", "--fault", "nc-unchecked", "--only", "digest.n*",
                             "--events", "-")
    kinds = [e["event"] for e in events]
    assert kinds[0] == "plan" and kinds[-1] == "end" and kinds.count("survey") == 1
    assert kinds.count("variant") == events[0]["variants"] == sum(events[-1]["counts"].values())
    assert done.returncode == events[-1]["exit_code"]
    assert "seed" in done.stderr


def test_lines_of_drive_are_as_their_schema_says():
    steps = [{"begin": "mine"}, {"send": {"digest": {"password": "wrong"}}}, {"send": 1},
             {"send": {"digest": {"nonse": "x"}}}, {"send": {"anonymous": True}},
             {"send": {"expect": "refused", "digest": {"nc": "<&\">"}}},
             {"send": {"digest": {"response": "$a"}}}, {"send": {"x y": "1"}}, [], {}]
    events, done = events_of("drive", "-q", input="\n".join(map(json.dumps, steps)) + "\n{\n")
    kinds = [e["event"] for e in events]
    assert kinds == ["plan", "survey", "answer", "problem", "problem", "answer"] \
        + ["problem"] * 6 + ["end"]
    assert [s["role"] for s in events[2]["steps"]] == ["control", "challenge", "probe", "control"]
    assert events[2]["outcome"] == "challenged" and events[2]["credentials"] == "wrong"
    assert events[4]["text"].startswith('-:4:1: unknown attribute "nonse" of <digest>')
    assert done.returncode == 0


def test_what_is_beyond_the_cap_is_not_sent():
    wrong = {"send": {"digest": {"password": "wrong"}}}
    three = {"send": {"repeat": 3, "digest": {"password": "wrong"}}}
    steps = [wrong, three, wrong, {"send": {}}, {"begin": "another"}, wrong]
    events, _ = events_of("drive", "-q", "--failures", "4/30m", "--spent", "1",
                          input="\n".join(map(json.dumps, steps)) + "\n")
    told = [(e["verdict"], e["reason"], e["failed_logins"]) for e in events
            if e["event"] == "answer"]
    assert told == [("pass", "none", 2), ("skip", "budget", 2), ("pass", "none", 3),
                    ("pass", "none", 3), ("skip", "budget", 3)]


@pytest.mark.parametrize("text, gist", [
    ("digest.nc.reused\nnone.such\n", ':2: "none.such" is no case'),
    ("digest.nc.reused[a=b]\n", ':1: "digest.nc.reused[a=b]" is no case'),
    ("# nothing\n\n", ":1: nothing, expected ids of cases"),
])
def test_lists_that_name_no_case(tmp_path, call, text, gist):
    (tmp_path / "list").write_text(text)
    call("run", "--only-from", "list").complains(gist)


def test_two_things_on_standard_output(call):
    call("run", "--events", "-", "--json", "-").complains("standard output holds the events")
