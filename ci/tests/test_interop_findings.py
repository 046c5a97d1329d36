"""What the clients' run makes of results: complaints, drafts, the matrix, the command to see it."""
import importlib.machinery
import importlib.util
import json
import shlex
import sys

import pytest

from blackbox import ROOT

CLIENTS = ROOT / "ci" / "interop" / "clients"
sys.path.insert(0, str(CLIENTS))

import findings
import table

CLIENT = {"name": "c", "command": "NODE_PATH=x node it.js", "profile": "client-rfc7616",
          "debian": "curl", "schemes": ["any"], "cannot": ["two | calls"]}


def variant(name, verdict, **more):
    return {"id": name, "case": name.split("[")[0], "family": name.split(".")[0],
            "verdict": verdict, "reason": "none" if verdict == "pass" else "check",
            "clause": "rfc7616#3.4", "level": "must", "message": "so | <it> went", **more}


PASS = variant("d.hash", "pass")
FAIL = variant("d.nc[n=1]", "fail")
OTHER = variant("d.nc[n=2]", "fail")
SKIP = variant("e.x", "skip", reason="not-offered")
LATE = variant("e.y", "skip", reason="not-reached")
ENTRY = {"case": "d.nc*", "verdict": "fail", "clause": "rfc7616#3.4", "reason": "counts from 0"}


def expected(*entries, passes=1):
    return {"findings": list(entries), "passes": passes}


@pytest.mark.parametrize("entries,variants", [
    ([], [PASS]),
    ([], [PASS, SKIP]),
    ([ENTRY], [PASS, FAIL]),
    ([{**ENTRY, "count": 2}], [PASS, FAIL, OTHER]),
    ([{**ENTRY, "count": [0, 1]}], [PASS]),
    ([{**ENTRY, "case": "e.y", "verdict": "skip"}], [PASS, LATE]),
])
def test_what_is_written_down_is_no_complaint(entries, variants):
    assert not findings.compare(expected(*entries), variants)


@pytest.mark.parametrize("entries,variants,start", [
    ([], [PASS, FAIL], "unexpected: d.nc[n=1] fail rfc7616#3.4: so"),
    ([], [PASS, variant("d.x", "warn")], "unexpected: d.x warn"),
    ([], [PASS, LATE], "unexpected: e.y skip"),
    ([], [PASS, variant("d.x", "inconclusive")], "no result: d.x inconclusive"),
    ([], [PASS, variant("d.x", "error")], "no result: d.x error"),
    ([], [SKIP], "only 0 passed, expected at least 1"),
    ([ENTRY], [PASS], "expected 1 of, found 0: d.nc* fail"),
    ([ENTRY], [PASS, FAIL, OTHER], "expected 1 of, found 2: d.nc* fail"),
    ([{**ENTRY, "clause": "rfc7616#3.5"}], [PASS, FAIL], "unexpected: d.nc[n=1]"),
    ([{**ENTRY, "verdict": "warn"}], [PASS, FAIL], "unexpected: d.nc[n=1]"),
])
def test_what_is_not_written_down_is_a_complaint(entries, variants, start):
    assert any(c.startswith(start) for c in findings.compare(expected(*entries), variants))


@pytest.mark.parametrize("entry", [
    {**ENTRY, "reason": " "}, {**ENTRY, "clause": ""}, {**ENTRY, "verdict": "error"},
    {**ENTRY, "extra": 1}, {k: v for k, v in ENTRY.items() if k != "clause"},
])
def test_an_entry_that_explains_nothing_does_not_load(entry, tmp_path):
    path = tmp_path / "c.json"
    path.write_text(json.dumps(expected(ENTRY)))
    assert findings.load(path) == expected(ENTRY)
    path.write_text(json.dumps(expected(entry)))
    with pytest.raises(ValueError):
        findings.load(path)


def test_a_draft_keeps_the_reasons_that_fit_and_counts_anew():
    variants = [PASS, FAIL, OTHER, LATE, SKIP]
    drafted = findings.draft(expected(ENTRY, {**ENTRY, "case": "gone"}), CLIENT, "1", variants)
    assert drafted == {"client": "c", "version": "1", "passes": 1,
                       "families": {"d": {"pass": 1, "fail": 2}, "e": {"skip": 2}}, "findings": [
        {"case": "d.nc*", "count": 2, "verdict": "fail", "clause": "rfc7616#3.4",
         "reason": "counts from 0"},
        {"case": "e.y", "verdict": "skip", "clause": "rfc7616#3.4", "reason": ""}]}
    drafted["findings"][1]["reason"] = "never calls twice"
    assert not findings.compare(drafted, variants)


def test_a_family_that_counts_otherwise_is_a_complaint():
    known = {**expected(ENTRY), "families": {"d": {"pass": 1, "fail": 1}}}
    assert not findings.compare(known, [PASS, FAIL])
    assert findings.compare(known, [PASS, PASS, FAIL]) == [
        "d: 2/3 (1 fail) and 0 skipped, written down is 1/2 (1 fail) and 0 skipped"]
    assert findings.compare(known, [PASS, FAIL, SKIP]) == [
        "e: – and 1 skipped, written down is – and 0 skipped"]


def test_a_span_of_counts_leaves_its_family_open_and_no_other():
    span = {**ENTRY, "count": [0, 1]}
    known = {**expected(span), "families": {"d": {"pass": 1, "fail": 1}}}
    assert not findings.compare(known, [PASS]) and not findings.compare(known, [PASS, FAIL])
    assert findings.compare(known, [PASS, FAIL, OTHER])[0].startswith("expected 0 to 1 of, found 2")
    assert findings.compare(known, [PASS, SKIP])[0].startswith("e: ")
    for variants in ([PASS], [PASS, FAIL]):
        assert findings.draft(known, CLIENT, "1", variants)["findings"] == [span]


def test_the_page_is_made_of_what_is_written_down():
    written = {**expected({**ENTRY, "count": 2}), "version": "1",
               "families": {"d": {"pass": 1, "fail": 2}, "e": {"skip": 2}}}
    page = findings.page({"c": CLIENT}, {"c": written})
    assert "| c | 1 | client-rfc7616 | 1/3 (2 fail) | – |\n" in page
    assert "- **d.nc\\*** × 2: fail, rfc7616#3.4: counts from 0\n" in page
    assert " --only 'd.nc*' --exec 'NODE_PATH=x node it.js'\n" in page


def test_the_page_that_is_here_is_of_the_expectations_that_are_here():
    assert script().page(table.load(), write=False) == 0


class Run:
    """As the run leaves it."""
    client, version, complaints = CLIENT, "1", []
    expected, variants = expected(ENTRY), [PASS, FAIL, LATE, SKIP]


def test_the_matrix_has_each_family_and_each_finding():
    one = findings.as_json([Run])["clients"][0]
    assert one["families"] == {"d": {"pass": 1, "fail": 1}, "e": {"skip": 2}}
    assert [(f["id"], f["known"]) for f in one["findings"]] == [
        ("d.nc[n=1]", "counts from 0"), ("e.y", None)]
    page = findings.as_markdown([Run])
    assert "| client | version | profile | d | e |\n|---|---|---|---|---|\n" in page
    assert "| c | 1 | client-rfc7616 | 1/2 (1 fail) | – |\n" in page
    assert "- Cannot: two \\| calls\n" in page
    assert "so \\| &lt;it> went. counts from 0\n" in page
    assert page.count("Nobody has written down why.") == 1


def test_a_finding_is_seen_again_with_one_command():
    words = ["countersign", "client", "--profile", "client-rfc7616", "--only", "d.nc[n=1]"]
    command = ["--exec", "NODE_PATH=x node it.js"]
    assert shlex.split(findings.again(CLIENT, {"case": "d.nc[n=1]"})) == [*words, *command]
    watched = {"case": "d.nc[n=1]", "seen_in": "e.x*"}
    assert shlex.split(findings.again(CLIENT, watched)) == [*words, "--only", "e.x*", *command]


def test_what_only_watches_is_written_down_with_where_it_was_seen():
    told = "countersign client --only w.x --only 'd.nc[n=1]' --profile p --exec 'a --only b'"
    watch = variant("w.x", "warn", curl=told)
    one = findings.draft(expected(), CLIENT, "1", [PASS, watch])["findings"][0]
    assert (one["case"], one["seen_in"]) == ("w.x", "d.nc")
    alone = {**watch, "curl": told.replace(" --only 'd.nc[n=1]'", "")}
    assert "seen_in" not in findings.draft(expected(), CLIENT, "1", [PASS, alone])["findings"][0]


def script():
    loader = importlib.machinery.SourceFileLoader("clients_run", str(CLIENTS / "run"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("clients_run", loader))
    loader.exec_module(module)
    return module


FAKE = """#!/usr/bin/python3
import pathlib, sys
{deed}
pathlib.Path(sys.argv[sys.argv.index("--json") + 1]).write_text({report!r})
sys.exit({status})
"""


@pytest.mark.parametrize("variants,status,deed,start", [
    ([PASS], 0, "", None),
    ([PASS], 1, "", "ended with 1, not 0"),
    ([PASS, FAIL], 1, "", "unexpected: d.nc[n=1]"),
    ([PASS], 0, "sys.exit('no such case')", "RuntimeError: no report, status 1: no such case"),
    ([PASS], 0, "assert sys.argv[1] == 'client'", None),
])
def test_a_run_takes_nobody_s_word(variants, status, deed, start, tmp_path, monkeypatch):
    """The program is a fake here, whose reports are not of the whole schema."""
    program = tmp_path / "program"
    program.write_text(FAKE.format(report=json.dumps({"variants": variants}), status=status,
                                   deed=deed))
    program.chmod(0o755)
    run = script()
    (tmp_path / "expect").mkdir()
    (tmp_path / "expect" / "c.json").write_text(json.dumps(expected()))
    monkeypatch.setattr(run, "COUNTERSIGN", str(program))
    monkeypatch.setattr(run, "OUT", tmp_path)
    monkeypatch.setattr(table, "HERE", tmp_path)
    monkeypatch.setattr(findings.judge, "results", lambda *_: [])
    monkeypatch.setattr(findings.judge, "junit", lambda *_: [])
    done = run.Run(CLIENT)
    assert [c[:len(start or "")] for c in done.complaints] == ([start] if start else [])


@pytest.mark.parametrize("package,start", [
    ("no-such-package-of-anybody", "RuntimeError: no-such-package-of-anybody is not installed"),
    ("python3", "FileNotFoundError"),
])
def test_what_is_missing_is_a_complaint(package, start, tmp_path, monkeypatch):
    monkeypatch.setattr(table, "HERE", tmp_path)
    done = script().Run({**CLIENT, "debian": package})
    assert len(done.complaints) == 1 and done.complaints[0].startswith(start)
