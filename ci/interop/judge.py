"""Compares what countersign found with what is written down in expect/, and checks its reports."""
import json
import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree

QUIET = {"pass", "skip"}           # verdicts that need no expectation
BROKEN = {"inconclusive", "error"}  # verdicts that no expectation can excuse
COMPARED = ("verdict", "outcome", "clause")
ENTRY = {"case", *COMPARED, "reason"}
# Where each verdict goes in JUnit; what is not named here is a plain test case.
JUNIT = {"fail": "failure", "inconclusive": "error", "error": "error", "skip": "skipped",
         "waived": "skipped", "expected": "skipped"}


WAY = {"case", "way", "verdict", "reason"}


def load_expectation(path):
    """The file, or ValueError that names what is wrong with it."""
    with open(path, encoding="utf-8") as f:
        expected = json.load(f)
    for entry in expected.get("ways", []):
        if set(entry) != WAY or not entry["reason"].strip():
            raise ValueError(f"{path}: a way has {sorted(entry)}, expected {sorted(WAY)}")
    for entry in expected.get("findings", []):
        keys = set(entry) - {"count"}
        if keys != ENTRY:
            raise ValueError(f"{path}: an entry has {sorted(keys)}, expected {sorted(ENTRY)}")
        if not entry["reason"].strip():
            raise ValueError(f"{path}: {entry['case']} has no reason")
    return expected


def glob(pattern, text):
    """Only * and ? are special."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), text)


def names(entry, variant):
    """The entry's case is an id, a case, or a glob of either."""
    return any(glob(entry["case"], variant[key]) for key in ("id", "case"))


def way(entries, case, words):
    """The entry for a way in which spellings of a case went wrong, or None."""
    return next((e for e in entries if e["case"] == case and glob(e["way"], words)), None)


def matches(entry, variant):
    return names(entry, variant) and all(entry[k] == variant.get(k) for k in COMPARED)


def describe(thing):
    return " ".join(str(thing.get(k)) for k in ("id" if "id" in thing else "case", *COMPARED))


def span(entry):
    """How often the entry may be seen: once, "count" times, or [least, most] where the server's own
    clock decides (its reason says how)."""
    count = entry.get("count", 1)
    return count if isinstance(count, list) else (count, count)


def compare(expected, variants):
    """Complaints: a finding that nobody wrote down, one that is missing, a run without a result."""
    complaints = []
    findings = [v for v in variants if v["verdict"] not in QUIET]
    for v in findings:
        if v["verdict"] in BROKEN:
            complaints.append(f"no result: {describe(v)}: {v.get('message')}")
        elif not any(matches(e, v) for e in expected["findings"]):
            complaints.append(f"unexpected: {describe(v)}: {v.get('message')}")
    for e in expected["findings"]:
        seen, (least, most) = sum(matches(e, v) for v in findings), span(e)
        if not least <= seen <= most:
            wanted = least if least == most else f"{least} to {most}"
            complaints.append(f"expected {wanted} of, found {seen}: {describe(e)}")
    passes, least = sum(v["verdict"] == "pass" for v in variants), expected.get("passes", 1)
    if passes < least:
        complaints.append(f"only {passes} passed, expected at least {least}")
    return complaints


def complete(variants, catalogue):
    """Complaints about a run of the whole catalogue: what it did not look at although the server
    has it."""
    missing = catalogue - {v["id"] for v in variants}
    complaints = [f"left out: {name}" for name in sorted(missing)]
    return complaints + [f"skipped: {v['id']}: {v.get('message')}" for v in variants
                         if v["verdict"] == "skip" and v.get("reason") != "not-offered"]


def profile(findings, fails, variants, status):
    """Complaints about a run under another profile: it weighs the findings of the whole catalogue
    in its own way and finds no others.  FAILS names those that gate, by case and clause."""
    complaints = []
    found = [v for v in variants if v["verdict"] not in QUIET]
    for v in found:
        if v["verdict"] in BROKEN:
            complaints.append(f"no result: {describe(v)}: {v.get('message')}")
        elif not any(names(e, v) and e["outcome"] == v["outcome"] for e in findings):
            complaints.append(f"unexpected: {describe(v)}: {v.get('message')}")
    gating = {f"{v['case']} {v['clause']}" for v in found if v["verdict"] == "fail"}
    complaints += [f"gates: {name}" for name in sorted(gating - set(fails))]
    complaints += [f"does not gate: {name}" for name in sorted(set(fails) - gating)
                   if not may_be_missing(findings, name.split()[0])]
    if status != int(bool(gating)):
        complaints.append(f"ended with {status}, not {int(bool(gating))}")
    return complaints


def may_be_missing(findings, case):
    return any(names(e, {"id": case, "case": case}) and span(e)[0] == 0 for e in findings)


def exit_status(expected):
    """What the expected findings make of the run: nonconforming if one of them gates."""
    return 1 if any(e["verdict"] == "fail" for e in expected["findings"]) else 0


def xmllint(option, schema, report):
    run = subprocess.run(["xmllint", "--nonet", "--noout", option, schema, report],
                         capture_output=True, text=True, check=False)
    return [f"xmllint {option}: {run.stderr.strip()}"] if run.returncode else []


def results(path, root):
    """Complaints about results.json: its schema."""
    schema = os.path.join(root, "reports", "results.schema.json")
    run = subprocess.run(["/usr/bin/python3", "-m", "jsonschema", "-i", path, "--error-format",
                          "{error.json_path}: {error.message}\n", schema],
                         capture_output=True, text=True, check=False)
    said = run.stderr.strip().split("\n")[:10]
    return [f"results.schema.json: {line[:200]}" for line in said] if run.returncode else []


def junit(report, variants, root):
    """Complaints about a JUnit report: its schemas, its counts, what other readers make of it."""
    complaints = xmllint("--relaxng", os.path.join(root, "reports", "junit.rng"), report)
    shared = os.environ.get("COUNTERSIGN_SHARED")
    if shared and os.path.exists(xsd := os.path.join(shared, "facts", "junit-10.xsd")):
        complaints += xmllint("--schema", xsd, report)
    tree = ElementTree.parse(report)
    count = {"tests": len(tree.findall(".//testcase")), "failures": 0, "errors": 0, "skipped": 0}
    ours = {**dict.fromkeys(count, 0), "tests": len(variants)}
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        count[key] = len(tree.findall(f".//testcase/{tag}"))
        ours[key] = sum(JUNIT.get(v["verdict"]) == tag for v in variants)
    if count != ours:
        complaints.append(f"JUnit holds {count}, the results {ours}")
    for suite in tree.iter("testsuite"):
        said = {k: int(suite.get(k, 0)) for k in count}
        inside = {k: len(suite.findall(f"testcase/{t}")) for k, t in
                  (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))}
        inside["tests"] = len(suite.findall("testcase"))
        if said != inside:
            complaints.append(f"suite {suite.get('name')} says {said} and holds {inside}")
    verify = subprocess.run(["/usr/bin/python3", "-m", "junitparser", "verify", report],
                            capture_output=True, text=True, check=False)
    if (verify.returncode != 0) != (count["failures"] + count["errors"] > 0):
        complaints.append(f"junitparser verify ends with {verify.returncode}: {verify.stderr}")
    return complaints
