"""The expectations of vectors/adapters hold together, and the matrix says what was found."""
import fnmatch
import importlib.machinery
import importlib.util
import json
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ADAPTERS = ROOT / "vectors" / "adapters"
sys.path.insert(0, str(ROOT / "ci" / "interop"))

import matrix

EXPECTATIONS = sorted((ADAPTERS / "expect").glob("*.json"))
IDS = [test["id"] for path in (ROOT / "vectors").glob("*.json")
       for group in json.loads(path.read_text()).get("groups", []) for test in group["tests"]]


def script():
    loader = importlib.machinery.SourceFileLoader("libraries",
                                                  str(ROOT / "ci" / "interop" / "libraries"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("libraries", loader))
    loader.exec_module(module)
    return module


def test_each_library_has_an_adapter_and_an_expectation():
    libraries = script().LIBRARIES
    assert {p.stem for p in EXPECTATIONS} == set(libraries)
    for name in libraries:
        client = ROOT / "vectors" / "clients" / name
        assert client.exists() or list((ADAPTERS / name).glob("[aA]dapter.*")), name


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda p: p.stem)
def test_an_expectation_names_vectors_and_says_why(path):
    expectation = json.loads(path.read_text())
    assert expectation["library"] == path.stem
    assert expectation["version"]
    for finding in expectation["findings"]:
        assert fnmatch.filter(IDS, finding["id"]), finding["id"]
        assert len(finding["reason"]) > 20, finding["id"]


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda p: p.stem)
def test_the_findings_page_has_each_reason(path):
    page = " ".join((ROOT / "vectors" / "FINDINGS.md").read_text().split())
    reasons = {f["reason"] for f in json.loads(path.read_text())["findings"]}
    missing = [r for r in reasons if " ".join(r.split()).replace("*", "\\*") not in page]
    assert not missing


def library(*verdicts):
    results = [{"id": f"basic.{i}", "operation": "basic.encode", "group": "a <group>",
                "verdict": verdict, "message": "is <this>"} for i, verdict in enumerate(verdicts)]
    status = int(any(v in matrix.BAD for v in verdicts))
    return matrix.Library("one", {"version": "1", "counts": {}, "results": results}, status, 0.5)


@pytest.mark.parametrize("verdicts,kind,outcome", [
    (["pass", "unsupported"], "ok", None),
    (["pass", "expected"], "known", "system-out"),
    (["pass", "fail", "expected"], "bad", "failure"),
    (["pass", "stale"], "bad", "failure"),
    (["error"], "bad", "failure"),
    (["unsupported"], "none", "skipped"),
])
def test_the_matrix_tells_known_from_new(verdicts, kind, outcome, tmp_path):
    matrix.write([library(*verdicts), matrix.broken("two", "gave up")], tmp_path)
    cases = ET.parse(tmp_path / "TEST-libraries.xml").getroot().findall("testsuite/testcase")
    assert [c.find("failure") is not None for c in cases] == [outcome == "failure", True]
    assert outcome is None or cases[0].find(outcome) is not None
    page = (tmp_path / "libraries.html").read_text()
    assert f'class="{kind}"' in page
    assert "<this>" not in page and "http" not in page
    cells = json.loads((tmp_path / "libraries.json").read_text())["libraries"][0]["groups"]
    assert len(cells[0]["failing"]) == sum(v not in ("pass", "unsupported") for v in verdicts)


def test_the_matrix_is_junit_as_we_write_it(tmp_path):
    matrix.write([library("fail", "expected"), library("unsupported")], tmp_path)
    subprocess.run(["xmllint", "--noout", "--relaxng", ROOT / "reports" / "junit.rng",
                    tmp_path / "TEST-libraries.xml"], check=True)


def test_an_exit_status_without_a_finding_is_told():
    assert library("pass").complaints() == []
    odd = library("pass")
    odd.status = 3
    assert odd.complaints() == ["ended with status 3"]
