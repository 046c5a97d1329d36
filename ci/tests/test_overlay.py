"""What lies over verdicts: waivers, comparison with an earlier run, and the cause behind it all."""
import json
import re

import jsonschema
import pytest

from blackbox import Device, ROOT, SCHEMA, validate

ONLY = ("--persona", "sarix", "--only", "digest.nc.*", "--colour", "never")
BROKEN = ("--fault", "nc-unchecked")
COMPARISON = jsonschema.Draft202012Validator(
    json.loads((ROOT / "reports/compare.schema.json").read_text())
)
WAIVER = """; for the test
[reused]
case     = digest.nc.*
device   = Countersign *
firmware = *
outcome  = fail decision accepted
reason   = the next firmware counts
ticket   = CAM-118
owner    = lab
until    = 2999-12-31
"""


@pytest.fixture(name="run")
def run_fixture(call, tmp_path):
    """run(name, ...) judges the built-in device and leaves name.json and name.xml."""

    def run(name, *options):
        paths = [tmp_path / f"{name}.{ending}" for ending in ("json", "xml")]
        done = call("run", *ONLY, *options, "--json", paths[0], "--junit", paths[1])
        if paths[0].exists():
            validate(paths[1], "--relaxng", ROOT / "reports/junit.rng")
            done.results = json.loads(paths[0].read_text())
            SCHEMA.validate(done.results)
            assert done.results["exit_code"] == done.status
        return done

    return run


@pytest.fixture(name="waivers")
def waivers_fixture(tmp_path):
    """waivers(old, new, ...) writes the waiver with some of its text replaced."""

    def write(*changes):
        text = WAIVER
        for old, new in zip(changes[::2], changes[1::2]):
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "waivers.ini"
        path.write_text(text)
        return path

    return write


# --- waivers ---


def broken_cases(done):
    return [v["id"] for v in done.results["variants"] if v["verdict"] == "fail"]


def test_a_waived_finding_does_not_fail_the_run(run, waivers):
    assert run("before", *BROKEN).status == 1
    broken = broken_cases(run("before", *BROKEN))
    path = waivers("case     = digest.nc.*", f"case     = {broken[0]}")
    for other in broken[1:]:
        path.write_text(path.read_text() + "\n" + WAIVER.replace("digest.nc.*", other))
    done = run("after", *BROKEN, "--waivers", path)
    assert done.status == 0, done.out
    assert done.results["counts"]["waived"] == len(broken)
    assert done.results["counts"]["fail"] == 0
    assert broken_cases(done) == broken  # the verdict stays the finding
    assert done.results["waivers"] == {"file": str(path), "problems": [], "elsewhere": 0}
    first = next(v for v in done.results["variants"] if v["id"] == broken[0])
    assert first["waiver"] == {
        "reason": "the next firmware counts",
        "ticket": "CAM-118",
        "owner": "lab",
        "until": "2999-12-31",
        "line": 2,
    }
    assert f"WAIVED        {broken[0]} (fail)" in done.out


PROBLEMS = [
    (("2999-12-31", "2001-01-31"), "2: waiver reused expired on 2001-01-31"),
    (("digest.nc.*", "digest.nx.*"), "2: waiver reused matches no case: digest.nx.*"),
    ((), "2: waiver reused is not needed: digest.nc."),
    (("accepted", "stale"), '2: waiver reused is for "fail decision stale", and digest.nc.'),
    (("[reused]", "\n\n[reused]", "2999", "1999"), "4: waiver reused expired"),
]


@pytest.mark.parametrize("changes, gist", PROBLEMS, ids=lambda v: str(v)[:30])
def test_a_waiver_that_fits_no_longer_fails_the_run(run, waivers, tmp_path, changes, gist):
    path = waivers(*changes)
    done = run("now", *BROKEN, "--waivers", path)
    assert done.status == 1
    problems = done.results["waivers"]["problems"]
    assert any(p.startswith(f"{path}:{gist}") for p in problems), problems
    assert "run.waivers Each waiver still stands" in (tmp_path / "now.xml").read_text()


def test_a_good_device_with_a_waiver_left_over_fails(run, waivers):
    done = run("now", "--waivers", waivers())
    assert done.status == 1
    assert done.results["counts"]["fail"] == 0
    assert "is not needed" in done.out


@pytest.mark.parametrize("changes", [("Countersign *", "ACME *"), ("firmware = *", "firmware = 9")])
def test_a_waiver_for_another_device_lets_nothing_pass(run, waivers, changes):
    done = run("now", *BROKEN, "--waivers", waivers(*changes))
    assert done.status == 1
    assert done.results["counts"]["waived"] == 0
    assert done.results["waivers"]["elsewhere"] == 1
    assert "1 waiver is for another device or firmware." in done.out


INCOMPLETE = [
    (("ticket   = CAM-118\n", ""), ":2: the waiver has no ticket"),
    (("lab", "?"), ":9: owner: not filled in, expected who answers for it"),
    (("2999-12-31", "next year"), ":10: until: expected its last day as YYYY-MM-DD"),
    (("fail decision", "error harness"), ":6: outcome:"),
    (("owner ", "onwer"), ":9: no entry \"onwer\""),
]


@pytest.mark.parametrize("changes, gist", INCOMPLETE, ids=lambda v: str(v)[:30])
def test_an_incomplete_waiver_is_refused_before_anything_is_sent(call, waivers, changes, gist):
    path = waivers(*changes)
    call("run", "--waivers", path).complains(f"{path}{gist}")
    call("waivers", "check", path).complains(f"{path}{gist}")


def test_suggested_waivers_have_to_be_filled_in(run, call, tmp_path):
    run("before", *BROKEN)
    done = call("waivers", "suggest", tmp_path / "before.json")
    assert done.status == 0 and not done.err
    path = tmp_path / "waivers.ini"
    path.write_text(done.out)
    call("waivers", "check", path).complains("reason: not filled in")
    path.write_text(done.out.replace("= ?", "= known"))
    assert call("waivers", "check", path).out.endswith("each complete\n")
    assert run("after", *BROKEN, "--waivers", path).status == 0
    done = call("waivers", "suggest", tmp_path / "after.json")
    assert done.status == 0 and not done.out and "nothing to waive" in done.err


def test_waivers_wants_one_of_its_actions(call):
    call("waivers", "list", "x").complains("expected suggest RESULTS.json or check FILE.ini")
    call("waivers", "check", "none.ini").complains("none.ini: No such file")
    call("run", "--waivers", ".").complains(".: Is a directory")


# --- comparison ---


def changes(call, folder, before, after, *options):
    path = folder / "comparison.json"
    done = call("compare", folder / before, folder / after, "--json", path, *options)
    comparison = json.loads(path.read_text())
    COMPARISON.validate(comparison)
    return done, comparison


def test_only_what_got_worse_fails_a_comparison(run, call, tmp_path):
    run("good")
    broken = broken_cases(run("bad", *BROKEN))
    done, comparison = changes(call, tmp_path, "good.json", "bad.json")
    assert done.status == 1
    assert [c["id"] for c in comparison["changes"] if c["change"] == "regressed"] == sorted(broken)
    assert "\nREGRESSED " in done.out
    done, comparison = changes(call, tmp_path, "bad.json", "good.json")
    assert done.status == 0
    assert comparison["counts"]["fixed"] == len(broken)
    done, comparison = changes(call, tmp_path, "bad.json", "bad.json")
    assert done.status == 0
    assert not comparison["changes"]


def test_a_baseline_forgives_what_was_there_before(run, tmp_path):
    broken = broken_cases(run("bad", *BROKEN))
    done = run("again", *BROKEN, "--baseline", tmp_path / "bad.json")
    assert done.status == 0 and "NO REGRESSION" in done.out
    assert broken_cases(done) == broken
    run("good")
    done = run("worse", *BROKEN, "--baseline", tmp_path / "good.json")
    assert done.status == 1 and "\nregressed " in done.out


def edited(folder, name, edit):
    results = json.loads((folder / "good.json").read_text())
    edit(results, results["variants"][0])
    (folder / name).write_text(json.dumps(results, indent=1))
    return results["variants"][0]


EDITS = [
    (lambda r, v: v.update(verdict="inconclusive", reason="control"), "newly inconclusive"),
    (lambda r, v: v.update(verdict="fail", reason="check", rev=99), "rev changed"),
    (lambda r, v: r["variants"].pop(0), "gone"),
    (lambda r, v: v.update(id="digest.of.tomorrow"), "new"),
]


@pytest.mark.parametrize("edit, change", EDITS, ids=[change for _, change in EDITS])
def test_what_is_no_regression_does_not_fail_a_comparison(run, call, tmp_path, edit, change):
    run("good")
    edited(tmp_path, "other.json", edit)
    done, comparison = changes(call, tmp_path, "good.json", "other.json")
    assert done.status == 0
    assert comparison["counts"][change] == 1
    assert change in done.out


BAD_RECORDS = [
    ("", ":1: "),
    ("{\n\n", ":3: "),
    ("[" * 5000, ":1: "),
    ('{"format": 1, "variants": []}', ":1: target, expected a text"),
    ('{"format": 7, "target": "x"}', ":1: format, expected 1"),
    ("\0", ":1: "),
]


@pytest.mark.parametrize("text, gist", BAD_RECORDS, ids=lambda v: v[:20])
def test_a_bad_record_is_one_clear_line(call, tmp_path, text, gist):
    path = tmp_path / "bad.json"
    path.write_text(text)
    call("compare", path, path).complains(f"{path}{gist}")
    call("run", "--baseline", path).complains(f"{path}{gist}")
    call("waivers", "suggest", path).complains(f"{path}{gist}")


def test_a_wrong_member_is_named_with_its_variant_and_line(run, call, tmp_path):
    run("good")
    variant = edited(tmp_path, "bad.json", lambda r, v: v.update(verdict="splendid"))
    text = (tmp_path / "bad.json").read_text()
    line = text[: text.index(variant["id"])].count("\n") + 1
    call("compare", tmp_path / "good.json", tmp_path / "bad.json").complains(
        f"bad.json:{line}: variant {variant['id']}: verdict, expected one of the words"
    )


# --- causes ---


def test_each_cause_has_its_page(call):
    listed = [line.split()[0] for line in call("explain", "cause").out.splitlines()]
    pages = sorted(path.stem for path in (ROOT / "reports/causes").glob("*.md"))
    assert listed == pages
    for name in pages:
        done = call("explain", name)
        assert done.status == 0
        assert done.out == (ROOT / f"reports/causes/{name}.md").read_text()
    call("explain", "clock-ahed").complains("did you mean clock-ahead?")


def test_a_device_with_a_wrong_clock_is_told_so(judge, device):
    with device("--clock-offset", "1h") as target:
        done = judge(target.url, "--only", "digest.nc.reused", password=Device.PASSWORD)
    page = done.results["cause_page"]
    assert page["id"] == "clock-hour"
    assert re.match(r"It is (3599|3600|3601) s ahead of that of this machine", page["what"])
    assert page["todo"]
    assert "CAUSE " in done.out and "countersign explain clock-hour says more" in done.out
    assert "off by whole hours" in (done.folder / "junit.xml").read_text()


def test_a_port_where_nobody_listens(judge):
    done = judge("http://127.0.0.1:1/onvif/device_service")
    done.stopped("unreachable")
    assert done.results["cause_page"]["id"] == "nobody-listens"
    report = (done.folder / "junit.xml").read_text()
    assert "Nobody listens at this port" in report
    assert 'name="run.explained" value="nobody-listens"' in report


def test_tls_to_a_port_of_plain_http(judge, device):
    with device() as plain:
        done = judge(plain.url.replace("http:", "https:"))
    done.stopped("unreachable")
    assert done.results["cause_page"]["id"] == "tls-on-plain"


def test_a_wrong_password_and_a_wrong_path(judge, device):
    with device() as target:
        done = judge(target.url)
        done.stopped("control")
        assert done.results["cause_page"]["id"] == "password-wrong"
        done = judge(target.url.replace("device_service", "elsewhere"))
        done.stopped("unreachable")
        assert done.results["cause_page"]["id"] == "path-wrong"
