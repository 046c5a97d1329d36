"""The pytest plugin of suites/driver, from outside: against servers, with a plain run beside it."""
import json
import subprocess
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import jsonschema
import junitparser
import pytest

from blackbox import PROGRAM, ROOT, Device
from pytests import EXAMPLES, PytestRun, counts_of, secret, write_case
import servers  # of ci/interop

RESULTS = json.loads((ROOT / "reports/results.schema.json").read_text())
EVENTS = json.loads((ROOT / "reports/events.schema.json").read_text())
urllib.parse.uses_relative.append("urn")  # else "#/..." within a urn leads nowhere
EVENT = jsonschema.Draft202012Validator(
    EVENTS, resolver=jsonschema.RefResolver.from_schema(EVENTS, store={RESULTS["$id"]: RESULTS}))


def run_alone(folder, url, *options):
    """countersign run by itself; the counts of its JUnit report, its results."""
    junit, results = folder / "alone.xml", folder / "alone.json"
    subprocess.run([PROGRAM, "run", url, *options, "--junit", junit, "--json", results],
                   cwd=folder, capture_output=True, check=False)
    return counts_of(junit), json.loads(results.read_text())


@pytest.fixture(name="alone")
def alone_fixture(tmp_path, account):
    return lambda url, *options: run_alone(tmp_path, url, *account, *options)


# --- whole catalogues ---


class Pair:
    """A server judged by pytest, and at the same time its twin by countersign run."""

    def __init__(self, folder, server, twin, kind="onvif", more=()):
        """more: options of countersign."""
        options = ["--password-file", secret(folder / "password", Device.PASSWORD), "--kind", kind]
        with server as one, twin as other, ThreadPoolExecutor() as pool:
            alone = pool.submit(run_alone, folder, other.url, *options, *more)
            self.done = PytestRun(folder, [
                ROOT / "suites", "--target", one.url, *options, "--run-options",
                " ".join(["--junit ours.xml --json ours.json", *more])])
            self.expected, self.results = alone.result()
        self.counts = counts_of(folder / "ours.xml")
        self.ours = json.loads((folder / "ours.json").read_text())


def server_named(name):
    return next(s for s in servers.all_servers() if s.name == name)


@pytest.fixture(name="pairs", scope="module")
def pairs_fixture(tmp_path_factory):
    """All at the same time, since they wait most of it: lighttpd delays each refusal by a second,
    and a case goes back to a nonce after nine."""
    faults = ("--fault", "rspauth-wrong", "--fault", "nc-unchecked")
    kinds = {
        "device": lambda: (Device(*faults), Device(*faults)),
        "lighttpd-md5": lambda: (server_named("lighttpd-md5"), server_named("lighttpd-md5"),
                                 "http", ["--connections", "64"]),
        "gsoap": lambda: (server_named("gsoap"), server_named("gsoap")),
    }
    with ThreadPoolExecutor() as pool:
        yield {name: pool.submit(Pair, tmp_path_factory.mktemp(name), *make())
               for name, make in kinds.items()}


def test_counts_are_those_of_a_run(pairs):
    pair = pairs["device"].result()
    done, ours, results = pair.done, pair.ours, pair.results
    assert done.counts() == pair.counts == pair.expected
    assert ({v["id"]: v["verdict"] for v in ours["variants"]}
            == {v["id"]: v["verdict"] for v in results["variants"]})
    assert {case.name for case in done.cases} == {v["id"] for v in ours["variants"]}
    assert done.status == ours["exit_code"] == results["exit_code"]


@pytest.mark.parametrize("name", ["lighttpd-md5", "gsoap"])
def test_servers_that_are_not_ours(pairs, name):
    pair = pairs[name].result()
    assert pair.done.counts() == pair.counts == pair.expected
    assert pair.done.counts()["tests"] > 100
    assert sum(not case.result for case in pair.done.cases) > 50


# --- the catalogue ---


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
    assert "Authorization: Digest" in failure.text and "To see it again:" in failure.text
    assert Device.PASSWORD + "\n" not in done.out


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


WAIVER = """[known]
case = digest.password.*
device = *
firmware = *
outcome = fail decision accepted
reason = until the next build
ticket = T-1
owner = lab
until = 2999-01-31
"""


def test_a_waiver_is_an_expected_failure(tmp_path, device, tests, alone):
    waivers = tmp_path / "waivers.ini"
    waivers.write_text(WAIVER)
    with device("--fault", "password-prefix-accepted") as d:
        done = tests(d.url, ROOT / "suites/digest.xml", "-k", "digest.password.prefix",
                     "--waivers", waivers, "-rx")
        expected, _ = alone(d.url, "--only", "digest.password.prefix", "--waivers", waivers)
    assert done.counts() == expected and expected["Skipped"] > 0 and not expected["Failure"]
    assert "waived until 2999-01-31 by lab, T-1: until the next build" in done.out
    assert "xfailed" in done.out


def test_a_waiver_that_fits_no_longer_is_a_failure(tmp_path, device, tests):
    waivers = tmp_path / "waivers.ini"
    waivers.write_text(WAIVER.replace("2999", "2020"))
    with device("--fault", "password-prefix-accepted") as d:
        done = tests(d.url, ROOT / "suites/digest.xml", "-k", "digest.password.prefix",
                     "--waivers", waivers, "--run-options", f"--junit {tmp_path}/ours.xml")
    assert done.counts() == counts_of(tmp_path / "ours.xml")
    stale, = (case for case in done.cases if case.name == "run.waivers")
    assert "waivers.ini:1" in stale.result[0].message and "expired" in stale.result[0].message
    assert done.status == 1


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


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_inconclusive_is_an_error(tmp_path, device, tests, workers):
    """That the run ended early is a case of its own, in both reports."""
    with device("--fault", "env-lockout") as d:
        done = tests(d.url, ROOT / "suites/digest.xml", *workers, "--run-options",
                     f"--junit {tmp_path}/ours.xml")
    assert done.counts() == counts_of(tmp_path / "ours.xml")
    assert done.counts()["Error"] > 1 and done.counts()["Failure"] == 0
    complete, = (case for case in done.cases if case.name == "run.complete")
    assert isinstance(complete.result[0], junitparser.Error)
    assert "locked" in complete.result[0].message
    assert done.status == 1


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


@pytest.mark.parametrize("fault, failures", [([], 0), (["--fault", "nc-unchecked"], 1)])
def test_the_same_as_nothing_before(tmp_path, device, tests, fault, failures):
    """Right credentials go first, so that there is something to repeat."""
    path = write_case(tmp_path, """
def test_a_captured_request(camera):
    assert camera.send(digest(nc="same", nonce="same")).refused
    assert len(camera.log) == 2


def test_another_algorithm(camera):
    assert camera.send(digest(use="SHA-256", nonce="same"), operation="GetUsers").accepted
    assert all("algorithm=SHA-256" in answer.sent for answer in camera.log)
    assert all("GetUsers" in answer.sent for answer in camera.log)


def test_a_captured_token(camera):
    assert camera.send(token(nonce="same", created="same")).refused
""")
    with device(*fault) as d:
        done = tests(d.url, path)
    assert done.counts() == {"tests": 3, "Failure": failures, "Error": 0, "Skipped": 0}, done.out


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
