"""The vectors: their schema, their values by three ways, and adapters that misbehave."""
import base64
import collections
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import jsonschema
import junitparser
import pytest

import vector_sums
from blackbox import LIMIT_S, PROGRAM, ROOT, validate

FOLDER = ROOT / "vectors"
FILES = ["digest", "digest-verify", "www-authenticate", "basic", "usernametoken",
    "usernametoken-verify"]
EVIL = ROOT / "ci/tests/adapters.py"
ONLY = ["--only", "basic.verify.bad.*", "--only", "basic.encode.control.*"]


def load(name):
    return json.loads((FOLDER / f"{name}.json").read_text())


def vectors_of(name):
    """Each test with what its group gives it."""
    for group in load(name)["groups"]:
        shared = {k: v for k, v in group.items() if k not in ("about", "tests")}
        for test in group["tests"]:
            test_names = {k.removesuffix("_hex") for k in test}
            yield {**{k: v for k, v in shared.items() if k.removesuffix("_hex") not in test_names},
                **test}


ALL = {name: list(vectors_of(name)) for name in FILES}

# --- the files ---


@pytest.mark.parametrize("name", FILES)
def test_a_file_keeps_to_the_schema(name):
    schema = json.loads((FOLDER / "vectors.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(load(name))


def test_the_schema_refuses_what_nobody_reads():
    validator = jsonschema.Draft202012Validator(json.loads(
        (FOLDER / "vectors.schema.json").read_text()))
    for change in ({"extra": 1}, {"result": "acceptable"}, {"password_hex": "0"}, {"nc": "1"}):
        file = load("digest")
        file["groups"][0]["tests"][0].update(change)
        assert not validator.is_valid(file), change


def test_the_sarix_example_stands_first():
    first = ALL["digest"][0]
    assert first["id"] == "digest.sarix" and first["result"] == "valid"
    assert first["expected"]["params"]["response"] == "4c7fed898c7e565896c9a4b0b5802c85"


def test_there_are_enough_and_ids_are_unique():
    ids = [test["id"] for tests in ALL.values() for test in tests]
    assert len(ids) >= 600
    assert not [i for i, n in collections.Counter(ids).items() if n > 1]
    for name in FILES:
        assert {t["result"] for t in ALL[name]} == {"valid", "invalid"}, name


def test_flags_are_explained_and_explanations_used():
    for name in FILES:
        used = {flag for test in ALL[name] for flag in test["flags"]}
        assert used == set(load(name)["notes"])


def test_the_script_writes_these_files():
    done = subprocess.run([sys.executable, FOLDER / "generate", "--check"], capture_output=True,
        text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# --- every value by three ways ---

@pytest.fixture(name="hash_all", params=["hashlib", "openssl"])
def hash_all_fixture(request, tmp_path):
    return vector_sums.by_hashlib if request.param == "hashlib" else vector_sums.by_openssl(
        tmp_path / "sums")


def asked(test, expected):
    """The inputs of a response; realm, nonce and the rest as a correct client sends them."""
    get = vector_sums.member
    return {"username": get(test, "username"), "password": get(test, "password"),
        "method": get(test, "method"),
            "uri": get(test, "uri"), "body": get(test, "body"), "realm": get(expected, "realm"),
            "nonce": get(expected, "nonce"), "nc": get(test, "nc"), "cnonce": get(test, "cnonce"),
            "qop": get(expected, "qop"), "algorithm": expected.get("algorithm", "MD5")}


def test_digest_responses(hash_all):
    requests, wanted = {}, {}
    for test in ALL["digest"]:
        sets = test.get("expected", {})
        if test["result"] == "valid" and "params" in sets:
            for i, expected in enumerate([sets["params"], *sets.get("or", [])]):
                requests[test["id"], i] = asked(test, expected)
                wanted[test["id"], i] = expected["response"]
    assert len(wanted) > 400
    assert vector_sums.responses(hash_all, requests) == wanted


def test_digest_mistakes_are_not_the_answer(hash_all):
    """An invalid vector's value must differ from the right one for its own challenge."""
    requests, wrong = {}, {}
    for test in ALL["digest"]:
        params = test.get("expected", {}).get("params", {})
        if test["result"] == "invalid" and "response" in params:
            challenge = vector_sums.params(test["www_authenticate"][0].encode())
            as_sent = {k: v.decode("latin-1") if k == "algorithm" else None for k,
                v in challenge.items()}
            d = asked(test, {})
            d.update(realm=challenge["realm"], nonce=challenge["nonce"],
                qop=challenge.get("qop", b""),
                     algorithm=as_sent.get("algorithm") or "MD5")
            requests[test["id"]], wrong[test["id"]] = d, params["response"]
    assert len(wrong) > 20
    right = vector_sums.responses(hash_all, requests)
    assert not [i for i in wrong if wrong[i] == right[i]]


def test_digest_headers_that_must_be_accepted(hash_all):
    """What stands in the header, with the account's password, gives the response in the header."""
    requests, wanted = {}, {}
    for test in ALL["digest-verify"]:
        if test["result"] != "valid":
            continue
        p = vector_sums.params(vector_sums.member(test, "authorization"))
        for i, account in enumerate(test["accounts"]):
            requests[test["id"], i] = {
                "username": vector_sums.member(account, "username"),
                "password": vector_sums.member(account, "password"),
                "realm": p["realm"], "nonce": p["nonce"], "uri": p["uri"],
                "method": vector_sums.member(test, "method"),
                "body": vector_sums.member(test, "body"), "nc": p.get("nc", b""),
                "cnonce": p.get("cnonce", b""),
                "qop": p.get("qop", b""), "algorithm": p.get("algorithm", b"MD5").decode()}
            wanted[test["id"], i] = p["response"].decode()
    sums = vector_sums.responses(hash_all, requests)
    right = {key[0] for key, value in wanted.items() if sums[key] == value}
    assert right == {key[0] for key in wanted}
    assert len(right) > 100


def test_digest_headers_with_a_wrong_hash(hash_all):
    """Where only the hash is wrong, no account of the vector gives it."""
    requests, sent = {}, {}
    for test in ALL["digest-verify"]:
        if test["result"] == "invalid" and re.match(r"digest-verify\.bad\.(hash|account)\.",
                test["id"]):
            p = vector_sums.params(vector_sums.member(test, "authorization"))
            account = test["accounts"][0]
            requests[test["id"]] = {**{k: p.get(k, b"")
                for k in ("realm", "nonce", "uri", "nc", "cnonce", "qop")},
                                    "username": p["username"],
                                    "password": vector_sums.member(account, "password"),
                                    "method": vector_sums.member(test, "method"), "body": b"",
                                    "algorithm": "MD5"}
            sent[test["id"]] = p["response"].decode()
    sums = vector_sums.responses(hash_all, requests)
    same = [i for i in sent if sums[i] == sent[i]]
    # These two are right but for the name, which no account has, or which is another's password.
    assert len(sent) > 20 and all(".account." in i for i in same), same


def test_password_digests(hash_all):
    tokens, wanted, wrong = {}, {}, {}
    for test in ALL["usernametoken"]:
        if test["type"] == "PasswordDigest":
            tokens[test["id"]] = (bytes.fromhex(test["nonce_hex"]), test["created"].encode(),
                vector_sums.member(test, "password"))
            (wanted if test["result"] == "valid" else wrong)[test["id"]] = test["expected"][
                "password"]
    sums = vector_sums.token_digests(hash_all, tokens)
    assert {i: sums[i] for i in wanted} == wanted
    assert len(wanted) > 80 and not [i for i in wrong if sums[i] == wrong[i]]


def texts(envelope):
    root = ElementTree.fromstring(envelope)
    found = collections.defaultdict(list)
    for node in root.iter():
        if node.tag.endswith("}UsernameToken"):
            for child in node:
                found[child.tag.split("}")[1]].append(child)
    return found


def test_envelopes(hash_all):
    """A valid one's digest belongs to its account; a formula that is wrong gives another."""
    tokens, wanted = {}, {}
    for test in ALL["usernametoken-verify"]:
        plain = "PasswordText" in test["types"]
        if plain or not re.match(
                r"usernametoken-verify\.(good|known|bad\.(formula|digest|secret\.password))",
                test["id"]):
            continue
        child = texts(test["envelope"])
        name = "".join(child["Username"][0].itertext())
        for account in test["accounts"]:
            if vector_sums.member(account, "username") == name.encode():
                tokens[test["id"]] = (base64.b64decode(child["Nonce"][0].text),
                    child["Created"][0].text.encode(),
                                      vector_sums.member(account, "password"))
                wanted[test["id"]] = (child["Password"][0].text or "", test["result"] == "valid")
    sums = vector_sums.token_digests(hash_all, tokens)
    assert len(wanted) > 100
    for i, (sent, valid) in wanted.items():
        assert (sums[i] == sent) == valid, i


def test_basic():
    for test in ALL["basic"]:
        if test["operation"] == "basic.encode" and test["result"] == "valid":
            pair = vector_sums.member(test, "username") + b":" + vector_sums.member(test,
                "password")
            assert test["expected"]["authorization"] == "Basic " + base64.b64encode(pair).decode()
        elif test["operation"] == "basic.verify" and test["result"] == "valid":
            pair = base64.b64decode(vector_sums.member(test, "authorization").split()[1],
                validate=True)
            assert any(pair == vector_sums.member(a, "username") + b":" +
                vector_sums.member(a, "password") for a in test["accounts"])


# --- the command ---


def vectors(folder, *arguments):
    return subprocess.run([PROGRAM, "vectors", *map(str, arguments)], capture_output=True,
        text=True, cwd=folder,
                          timeout=LIMIT_S, check=False)


REPORT = jsonschema.Draft202012Validator(json.loads(
    (FOLDER / "report.schema.json").read_text()))


def keeps_to_its_schema(results):
    REPORT.validate(results)
    assert sum(results["counts"].values()) == len(results["results"])


def test_the_schema_of_reports_refuses_what_is_not_written():
    jsonschema.Draft202012Validator.check_schema(REPORT.schema)
    result = {"id": "x", "file": "x.json", "operation": "basic.encode", "group": "", "flags": [],
        "source": "x", "verdict": "pass", "message": ""}
    report = {"format": 1, "tool": "countersign 1", "adapter": "", "version": "", "took_ms": 0,
        "counts": dict.fromkeys(
            ["pass", "fail", "error", "unsupported", "expected", "stale"], 0)}
    assert REPORT.is_valid({**report, "results": [result]})
    for change in ({"verdict": "none"}, {"message": "why"}, {"note": "x"}, {"extra": 1},
            {"verdict": "fail"}, {"verdict": "error", "message": "a\nb"}, {"operation": "x"}):
        assert not REPORT.is_valid({**report, "results": [{**result, **change}]}), change
    for change in ({"format": 2}, {"extra": 1}, {"tool": "other"}, {"counts": {}}):
        assert not REPORT.is_valid({**report, "results": [], **change}), change


def test_our_own_code_is_right(tmp_path):
    done = vectors(tmp_path, "--junit", "junit.xml", "--json", "results.json")
    assert done.returncode == 0, done.stdout[:2000]
    assert not done.stderr
    results = json.loads((tmp_path / "results.json").read_text())
    total = sum(map(len, ALL.values()))
    assert results["counts"]["pass"] == total == len(results["results"])
    keeps_to_its_schema(results)
    validate(tmp_path / "junit.xml", "--relaxng", ROOT / "reports/junit.rng")
    suites = list(junitparser.JUnitXml.fromfile(str(tmp_path / "junit.xml")))
    assert [suite.name for suite in suites] == FILES
    assert sum(len(list(suite)) for suite in suites) == total


def changed(folder, change):
    file = load("basic")
    change(file)
    path = folder / "mine.json"
    path.write_text(json.dumps(file))
    return path


def test_a_divergence_is_one_line_with_the_bug_and_its_effect(tmp_path):
    def change(file):
        file["groups"][0]["tests"][0]["expected"]["authorization"] = "Basic eDp5"
    done = vectors(tmp_path, changed(tmp_path, change), "--junit", "junit.xml")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("FAIL basic.known.rfc7617-aladdin: authorization is \"Basic QWxh")
    assert "agreement with answers" in lines[0] and "two programs do not meet" in lines[0]
    validate(tmp_path / "junit.xml", "--relaxng", ROOT / "reports/junit.rng")


BAD_FILES = [
    (lambda f: f["groups"][0]["tests"][0].update(result="acceptable"),
    ["neither valid nor invalid"]),
    (lambda f: f["groups"][0]["tests"][0].update(extra=1), ["a member that nobody reads"]),
    (lambda f: f["groups"][0].update(extra=1), ["a member that nobody reads"]),
    (lambda f: f.update(extra=1), ["schema, about, notes and groups"]),
    (lambda f: f["groups"][0].update(operation="basic.guess"),
    ["basic.guess", "unknown operation"]),
    (lambda f: f["groups"][0].update(tests=[]), ["a group without tests"]),
    (lambda f: f["groups"][0]["tests"][0].update(flags=["Nope"]), ["flags"]),
    (lambda f: f["groups"][0]["tests"][0].pop("source"), ["no source"]),
    (lambda f: f["groups"][0]["tests"][0].pop("id"), ["without an id"]),
    (lambda f: f["groups"][0]["tests"][0].pop("expected"), ["without expected"]),
    (lambda f: f["groups"].append(f["groups"][0]), ["comes twice"]),
    (lambda f: f.pop("notes"), ["notes"]),
    (lambda f: f["groups"][0]["tests"][0].update(password_hex="0"), ["hex that is none"]),
    (lambda f: f["groups"][0]["tests"][0].update(password_hex="zz"), ["hex that is none"]),
    (lambda f: f["groups"][0].update(password_hex="0g"), ["hex that is none"]),
]


@pytest.mark.parametrize("change,gist", BAD_FILES)
def test_a_bad_file_is_one_clear_line(tmp_path, change, gist):
    done = vectors(tmp_path, changed(tmp_path, change))
    assert done.returncode == 4 and not done.stdout
    assert re.fullmatch("countersign: mine.json[^\n]*\n", done.stderr), done.stderr
    for words in gist:
        assert words in done.stderr


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"a": 1, "a": 2}', '"\\ud800"',
    '{"a": "\x01"}', "[" * 99])
def test_a_file_that_is_no_json(tmp_path, text):
    (tmp_path / "mine.json").write_text(text)
    done = vectors(tmp_path, "mine.json")
    assert done.returncode == 4 and done.stderr.startswith("countersign: mine.json")
    assert done.stderr.count("\n") == 1


def test_arguments(tmp_path):
    for arguments, gist in [(["--only", "zzz*"], "matches no vector"),
            (["nowhere.json"], "cannot be opened"),
                            (["--expect", "nowhere.json"], "nowhere.json"),
                            (["--timeout", "soon"], "--timeout soon")]:
        done = vectors(tmp_path, *arguments)
        assert done.returncode == 4 and gist in done.stderr, done.stderr


def expectation(folder, *findings):
    path = folder / "expect.json"
    path.write_text(json.dumps({"library": "x", "version": "1", "findings": [
        {"id": i, "reason": "as it is"} for i in findings]}))
    return path


SILENT = {"hang", "close-input"}  # whose end is that of our patience, and they have to start first


def evil(folder, kind, *more, shell="exec"):
    return vectors(folder, "--adapter", f"{shell} {sys.executable} {EVIL} {kind} {' '.join(more)}",
        *ONLY, "--timeout", "5s" if kind in SILENT else f"{LIMIT_S}s",
                   "--json", "results.json", "--junit", "junit.xml")


TARGET = "basic.verify.bad.longer"
MISDEEDS = [
    ("crash", "was ended by signal 11"),
    ("raise", "ended with status 1 (ValueError: no such thing)"),
    ("hang", "did not answer within 5000 ms"), ("garbage", 'what is no JSON object: "Traceback'),
    ("not-object", "what is no JSON object"), ("empty", "what is no JSON object"),
    ("flood", "a line of more than 1048576"),
    ("lines", 'answered what was not asked: id "nobody"'), ("close", "closed its output"),
    ("end", "closed its output"), ("twice", "answered this twice"),
    ("close-input", "did not answer within 5000 ms"),
]


@pytest.mark.parametrize("kind,gist", MISDEEDS)
def test_a_misdeed_is_one_error_and_the_run_goes_on(tmp_path, kind, gist):
    done = evil(tmp_path, kind, TARGET)
    assert done.returncode == 1, done.stderr
    results = json.loads((tmp_path / "results.json").read_text())
    bad = [r for r in results["results"] if r["verdict"] != "pass"]
    assert [(r["id"], r["verdict"]) for r in bad] == [(TARGET, "error")], done.stdout
    assert gist in bad[0]["message"]
    assert results["counts"]["pass"] > 30
    keeps_to_its_schema(results)
    validate(tmp_path / "junit.xml", "--relaxng", ROOT / "reports/junit.rng")
    assert done.stdout.count("\n") == 2 and TARGET in done.stdout


def test_two_that_crash_are_both_named(tmp_path):
    done = evil(tmp_path, "crash", TARGET, "basic.verify.bad.password", shell="")
    results = json.loads((tmp_path / "results.json").read_text())
    bad = {r["id"] for r in results["results"] if r["verdict"] == "error"}
    assert done.returncode == 1 and bad == {TARGET, "basic.verify.bad.password"}


def test_answers_that_are_odd_but_whole(tmp_path):
    for kind, verdict, gist in [("no-valid", "error", "no member valid"),
            ("unsupported", "unsupported", "not built in")]:
        evil(tmp_path, kind, TARGET)
        results = json.loads((tmp_path / "results.json").read_text())
        mine = next(r for r in results["results"] if r["id"] == TARGET)
        keeps_to_its_schema(results)
        assert mine["verdict"] == verdict and gist in mine["message"]
    done = evil(tmp_path, "control", TARGET)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", done.stdout)


def test_an_adapter_that_does_not_start(tmp_path):
    for command, gist in [("/nonexistent/adapter", "ended with status 127"),
            ("true", "closed its output"),
                          (f"{sys.executable} {EVIL} no-hello", "closed its output"),
                          (f"{sys.executable} {EVIL} hello-garbage", "no JSON object"),
                          ("sleep 60", "did not answer the hello")]:
        limit = "500ms" if command == "sleep 60" else f"{LIMIT_S}s"
        done = vectors(tmp_path, "--adapter", command, "--timeout", limit)
        assert done.returncode == 4 and not done.stdout
        assert done.stderr.startswith("countersign: --adapter") and gist in done.stderr, done.stderr
        assert done.stderr.count("\n") == 1


def test_operations_that_are_not_offered_are_unsupported(tmp_path):
    done = vectors(tmp_path, "--adapter", f"{sys.executable} {EVIL} x", "--only", "digest.*")
    assert done.returncode == 5 and "unsupported" in done.stdout


def test_expected_divergences(tmp_path):
    adapter = ["--adapter", f"{sys.executable} {EVIL} x"]
    good = ["--only", "basic.verify.good.*"]  # the adapter accepts none of them
    everything = expectation(tmp_path, "basic.verify.good.*")
    done = vectors(tmp_path, *adapter, *good, "--expect", everything)
    assert done.returncode == 0
    assert "expected basic.verify.good.plain: as it is [not accepted" in done.stdout
    done = vectors(tmp_path, *adapter, *good, "--json", "results.json", "--expect",
        expectation(tmp_path, "basic.verify.good.plain"))
    keeps_to_its_schema(json.loads((tmp_path / "results.json").read_text()))
    assert done.returncode == 1 and "FAIL basic.verify.good.colons" in done.stdout
    done = vectors(tmp_path, *adapter, *ONLY, "--expect", expectation(tmp_path, TARGET))
    assert done.returncode == 1 and f"STALE {TARGET}: passes, and is listed" in done.stdout
    done = vectors(tmp_path, "--expect", expectation(tmp_path, "no.such.*"))
    assert done.returncode == 4 and "no.such.* matches no vector" in done.stderr
