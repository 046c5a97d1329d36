"""A run judged again out of its folder: the same verdicts, and each change with its reason."""
import hashlib
import json
import pathlib
import re
import shutil
import subprocess

import pytest

import blackbox

# Options of a run, and cases; each is judged again to the same verdicts.
RUNS = {
    "clean": ["--only", "digest.n*", "--only", "token.created.*", "--only", "challenge.*"],
    "replayed": ["--fault", "nc-unchecked", "--only", "digest.nc.*"],
    "form": ["--fault", "status-500-on-refusal", "--only", "token.password.*"],
    "check": ["--persona", "http", "--kind", "http", "--fault", "rspauth-wrong", "--only",
              "digest.alg.rspauth"],
    "stopped": ["--fault", "refusal-closes", "--only", "digest.password.*"],
    "text": ["--persona", "sarix-ldap", "--only", "basic.*"],
}


def call(*arguments):
    return subprocess.run(
        [blackbox.PROGRAM, *map(str, arguments)], capture_output=True, text=True,
        timeout=blackbox.LIMIT_S,
    )


def run(folder, *options):
    done = call("run", "--results", folder, "--seed", "1", "-q", *options)
    assert done.returncode in (0, 1, 6), done.stderr
    return done.returncode


@pytest.fixture(scope="session")
def recorded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("judge") / "results"
    assert run(folder, *RUNS["replayed"]) == 0
    return folder


@pytest.fixture
def results(recorded, tmp_path):
    return pathlib.Path(shutil.copytree(recorded, tmp_path / "results"))


def judge(folder, *options):
    report = folder.parent / "again.json"
    done = call("judge", folder, "--json", report, *options)
    record = json.loads(report.read_text())
    blackbox.SCHEMA.validate(record)
    assert record["exit_code"] == done.returncode
    return done, {v["id"]: v for v in record["variants"]}


def verdicts(folder):
    record = json.loads((folder / "results.json").read_text())
    return {v["id"]: (v["verdict"], v["reason"]) for v in record["variants"]}


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("evidence", ["redacted", "full"])
def test_the_same_octets_give_the_same_verdicts(name, evidence, tmp_path):
    folder = tmp_path / "results"
    status = run(folder, "--evidence", evidence, *RUNS[name])
    done, now = judge(folder)
    assert done.returncode == status
    assert "CHANGED" not in done.stdout
    assert re.search(r"^0 verdicts changed, [1-9]\d* stay$", done.stdout, re.M)
    assert {i: (v["verdict"], v["reason"]) for i, v in now.items()} == verdicts(folder)


def a_step(results, case, role, response):
    """Path of the response of the last step of that role, with its octets changed."""
    path = sorted((results / "evidence" / case).glob(f"*-{role}.response"))[-1]
    octets = path.read_bytes()
    path.write_bytes(response(octets))
    return path


def test_another_answer_gives_another_verdict(results):
    case = "digest.nc.zero"
    assert verdicts(results)[case][0] == "pass"
    accepted = next((results / "evidence" / case).glob("*-control.response")).read_bytes()
    a_step(results, case, "probe", lambda octets: accepted)
    done, now = judge(results)
    assert now[case]["verdict"] in ("fail", "warn")
    line = next(l for l in done.stdout.splitlines() if l.startswith("CHANGED"))
    assert line.startswith(f"CHANGED {case}: pass (none) is now {now[case]['verdict']} (decision)")
    assert "was told as" in line and "its octets are 200 accepted" in line
    assert "not those that the manifest sums" in line
    assert done.stdout.count("CHANGED") == 1


def test_a_refused_control_proves_nothing(results):
    case = "digest.nc.zero"
    a_step(results, case, "control", lambda o: o.replace(b"HTTP/1.1 200", b"HTTP/1.1 403", 1))
    done, now = judge(results)
    assert now[case]["verdict"] == "inconclusive" and now[case]["reason"] == "control"
    assert done.returncode == 6


def test_octets_that_are_cut_keep_their_verdict(results):
    path = results / "evidence/digest.nc.zero/case.json"
    case = json.loads(path.read_text())
    case["steps"][1]["received_bytes"] += 1
    path.write_text(json.dumps(case))
    done, now = judge(results)
    assert now["digest.nc.zero"]["verdict"] == "pass"
    assert "kept: 1, since its octets are not all there" in done.stdout


@pytest.fixture
def suites(tmp_path):
    return pathlib.Path(shutil.copytree(blackbox.ROOT / "suites", tmp_path / "suites"))


def edit(suites, case, old, new):
    for path in suites.glob("*.xml"):
        text = path.read_text()
        at = text.find(f'id="{case}"')
        if at >= 0:
            assert old in text[at:]
            path.write_text(text[:at] + text[at:].replace(old, new, 1))
            return
    raise AssertionError(case)


def test_another_rev_is_told(results, suites):
    edit(suites, "digest.nc.zero", 'rev="1"', 'rev="2"')
    done, now = judge(results, "--suites", suites)
    assert "catalogue another than then" in done.stdout
    assert "stays digest.nc.zero: pass: rev 1 is now 2" in done.stdout
    assert now["digest.nc.zero"]["rev"] == 2


def test_another_expectation_is_told(results, suites):
    edit(suites, "digest.nc.zero", 'expect="refused"', 'expect="forbidden"')
    done, now = judge(results, "--suites", suites)
    assert now["digest.nc.zero"]["verdict"] in ("fail", "warn")
    assert "was to be refused and now is to be forbidden" in done.stdout


def test_another_profile_weighs_otherwise(results):
    """The hardening that a replay breaks is noted by onvif-core, and gates in no other profile."""
    before, (now, after) = verdicts(results), judge(results, "--profile", "wss-usernametoken")
    assert now.returncode == 5  # it asks for nothing of Digest
    assert {v["reason"] for v in after.values()} == {"excepted"}
    assert now.stdout.count("CHANGED") == sum(v[0] != "skip" for v in before.values())
    unknown = call("judge", results, "--profile", "onvif")
    assert unknown.returncode == 4 and "expected --profile with one of" in unknown.stderr


@pytest.mark.parametrize("option", ["junit", "html", "markdown", "tap", "har", "pcapng"])
def test_each_report_of_a_run_is_one_of_its_folder(option, results, tmp_path):
    judge(results, f"--{option}", tmp_path / "report")
    assert b"digest.nc.reused" in (tmp_path / "report").read_bytes()


def test_a_report_that_cannot_be_written_is_refused_first(results):
    done = call("judge", results, "--tap", results / "manifest.json" / "report")
    assert done.returncode == 4 and "--tap: " in done.stderr
    assert done.stdout == ""


def test_waivers_are_laid_over_it_when_they_are_named(tmp_path):
    folder, waivers = tmp_path / "results", tmp_path / "w.ini"
    options = ["--persona", "sarix", *RUNS["replayed"]]
    assert run(folder, *options) == 1
    suggested = call("waivers", "suggest", folder / "results.json").stdout
    waivers.write_text(re.sub(r"= \?$", "= known", suggested, flags=re.M))
    assert run(folder, *options, "--waivers", waivers) == 0
    done, _ = judge(folder)
    assert done.returncode == 1
    assert re.search(r"^waived then: [1-9]\d*; --waivers FILE", done.stdout, re.M)
    done, now = judge(folder, "--waivers", waivers)
    assert done.returncode == 0
    assert now["digest.nc.reused"]["waiver"]["ticket"] == "known"
    assert "WAIVED " in done.stdout and "waived then" not in done.stdout
    waivers.write_text(re.sub(r"(until += )\d+", r"\g<1>1999", suggested).replace("= ?", "= x"))
    done, _ = judge(folder, "--waivers", waivers)
    assert done.returncode == 1
    assert " expired on 1999-" in done.stdout


def test_a_baseline_is_laid_over_it(results, tmp_path):
    baseline = tmp_path / "baseline.json"
    text = (results / "results.json").read_text()
    baseline.write_text(text.replace('"verdict": "warn"', '"verdict": "pass"'))
    done, _ = judge(results, "--baseline", baseline)
    assert done.returncode == 1 and "REGRESSED " in done.stdout
    done, _ = judge(results, "--baseline", results / "results.json")
    assert done.returncode == 0 and "NO REGRESSION " in done.stdout


def test_a_case_that_is_gone_is_kept(results):
    path = results / "evidence/digest.nc.zero/case.json"
    path.write_text(path.read_text().replace("digest.nc.zero", "digest.nc.gone"))
    done, now = judge(results)
    assert now["digest.nc.gone"]["verdict"] == "pass"
    assert "kept: 1, since the catalogue has no such case any more" in done.stdout


# --- folders that nobody should trust ---


def manifest(results, change):
    path = results / "manifest.json"
    record = json.loads(path.read_text())
    change(record)
    path.write_text(json.dumps(record, indent=1))


def text(results, octets):
    (results / "manifest.json").write_text(octets)


def case_json(results, change):
    path = results / "evidence/digest.nc.zero/case.json"
    record = json.loads(path.read_text())
    change(record)
    path.write_text(json.dumps(record, indent=1))


def link(path, target):
    path.unlink()
    path.symlink_to(target)


def set_member(where, *keys_and_value):
    *keys, last, value = keys_and_value
    for key in keys:
        where = where[key]
    where[last] = value


PROBE = "evidence/digest.nc.zero/02-challenge.response"
HOSTILE = {
    "no-manifest": (lambda r: (r / "manifest.json").unlink(), "manifest.json"),
    "no-results": (lambda r: (r / "results.json").unlink(), "results.json"),
    "no-case": (lambda r: (r / "evidence/digest.nc.zero/case.json").unlink(), "case.json"),
    "broken": (lambda r: text(r, '{\n"format": 1,\n'), r"manifest.json:3:"),
    "twice": (lambda r: text(r, '{"a":1,\n"a":2}'), r"manifest.json:2:.*uplicate"),
    "array": (lambda r: text(r, "[]"), "manifest.json:1: no object"),
    "nul": (lambda r: text(r, "\0" * 10), "manifest.json:1:"),
    "deep": (lambda r: text(r, "[" * 100000), "manifest.json:1:"),
    "format": (lambda r: manifest(r, lambda m: set_member(m, "format", 2)),
               'manifest.json:2: member "format", expected a number from 1 to 1'),
    "evidence": (lambda r: manifest(r, lambda m: set_member(m, "evidence", "some")),
                 r'manifest.json:\d+: member "evidence", expected redacted, full or none'),
    "files": (lambda r: manifest(r, lambda m: set_member(m, "files", 7)),
              r'manifest.json:\d+: member "files", expected an array'),
    "no-cases": (lambda r: manifest(r, lambda m: set_member(m, "files", [])), "no case, expected"),
    "manifest-link": (lambda r: link(r / "manifest.json", "/etc/passwd"),
                      "manifest.json:1: a link, expected a file"),
    "case-link": (lambda r: link(r / "evidence/digest.nc.zero/case.json", "/dev/zero"),
                  "case.json:1: a link, expected a file"),
    "huge": (lambda r: (r / "manifest.json").open("ab").truncate(1 << 30),
             r"manifest.json:1: 1073741824 octets, expected at most"),
    "folder": (lambda r: ((r / "results.json").unlink(), (r / "results.json").mkdir()),
               "results.json:1: no regular file"),
    "verdict": (lambda r: case_json(r, lambda c: set_member(c, "verdict", "perfect")),
                r'case.json:\d+: member "verdict", expected one of pass warn fail'),
    "step": (lambda r: case_json(r, lambda c: set_member(c, "steps", 0, "step", -5)),
             r'case.json:\d+: member "step", expected a number'),
    "deciding": (lambda r: case_json(r, lambda c: set_member(c, "deciding", 99)),
                 r'case.json:\d+: member "deciding", expected a number from 0'),
    "expect": (lambda r: case_json(r, lambda c: set_member(c, "steps", 1, "expect", "luck")),
               r'case.json:\d+: member "expect", expected words of outcomes'),
    "traversal": (lambda r: case_json(
        r, lambda c: set_member(c, "steps", 0, "response", "../../manifest.json")),
        r'case.json:\d+: member "response", expected the name of a file'),
    "absolute": (lambda r: case_json(
        r, lambda c: set_member(c, "steps", 0, "request", "/etc/passwd")),
        r'case.json:\d+: member "request", expected the name of a file'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_folder_that_lies_is_refused_in_one_line(name, results):
    break_it, gist = HOSTILE[name]
    break_it(results)
    done = call("judge", results)
    assert done.returncode == 4
    assert re.fullmatch("countersign[^\n]*\n", done.stderr), done.stderr
    assert re.search(gist, done.stderr), done.stderr
    assert "root:" not in done.stderr and not done.stdout


def test_a_way_out_of_the_folder_is_no_case(results):
    manifest(results, lambda m: m["files"].append(
        {"path": "evidence/../case.json", "bytes": 1, "sha256": "0" * 64}))
    manifest(results, lambda m: m["files"].append(
        {"path": "../evidence/x/case.json", "bytes": 1, "sha256": "0" * 64}))
    done, _ = judge(results)
    assert done.returncode == 0


def test_octets_of_any_kind_are_judged_without_harm(results):
    """Whatever stands in a response, there is a verdict and no crash."""
    junk = [b"", b"\0" * 100, b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 99999 x\r\n\r\n",
            b"HTTP/1.1 401 x\r\nWWW-Authenticate: Digest nonce=\"\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\nx",
            b"HTTP/1.1 100 Continue\r\n\r\n" * 50, b"\r\n\r\n", b"HTTP/1.1 200 OK\r\nX"]
    for i, path in enumerate(sorted(results.glob("evidence/*/*-probe.response"))):
        path.write_bytes(junk[i % len(junk)])
    done, now = judge(results)
    assert done.returncode in (0, 1, 6)
    assert len(now) == len(verdicts(results))


# --- replay ---


def test_replay_says_fixed_or_still_failing(results):
    finding = next(i for i, v in verdicts(results).items() if v[0] in ("fail", "warn"))
    for what in (finding, results / "results.json"):
        still = call("replay", what, "--fault", "nc-unchecked", "-q")
        assert still.returncode == 1
        assert f"still failing: {finding}: expected refused, got 200 accepted" in still.stdout
        fixed = call("replay", what, "-q")
        assert fixed.returncode == 0
        assert f"fixed: {finding}: 401 " in fixed.stdout
    case = results / "evidence" / finding / "case.json"
    assert call("replay", case, "--fault", "nc-unchecked", "-q").returncode == 1
    assert call("replay", case, "-q").returncode == 0


def test_replay_that_cannot_tell_says_so(results):
    cannot = call("replay", "digest.nc.reused", "--fault", "env-wrong-host", "-q")
    assert cannot.returncode == 6
    assert "cannot: digest.nc.reused: " in cannot.stdout
    unknown = call("replay", "digest.no.such")
    assert unknown.returncode == 4
    assert "digest.no.such is no case" in unknown.stderr


UNCHECKED = ["--fault", "username-unchecked"]


def test_exact_octets_need_full_evidence(results, tmp_path):
    finding = next(i for i, v in verdicts(results).items() if v[0] in ("fail", "warn"))
    masked = call("replay", "--exact", results / "evidence" / finding / "case.json")
    assert masked.returncode == 6
    assert f"cannot: {finding}: its octets are masked" in masked.stdout
    full = tmp_path / "full"
    run(full, "--evidence", "full", *UNCHECKED, "--only", "token.user.unknown*")
    case = next(full.glob("evidence/*/case.json"))
    again = call("replay", "--exact", case, *UNCHECKED)
    assert again.returncode in (0, 1)
    assert "the octets are those of then" in again.stdout
    assert call("replay", "--exact", "digest.nc.reused").returncode == 4
