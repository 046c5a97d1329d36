"""The network mode of the vectors: clients as commands, adapters that ask or name a server."""
import json
import os
import re
import subprocess
import sys

import pytest

from blackbox import LIMIT_S, PROGRAM, ROOT, validate

CLIENT = ROOT / "ci/tests/clients.py"
PEER = ROOT / "ci/tests/peers.py"
BASIC = "basic.known.rfc7617-aladdin"
DIGEST = "digest.md5.no-qop"
# Who does not end is waited for; before, it has started and done its part.
ENDED, PATIENT = "10s", f"{LIMIT_S}s"


def vectors(folder, *arguments):
    """The exit status, the results by id, and what was printed."""
    report = folder / "results.json"
    report.unlink(missing_ok=True)
    done = subprocess.run(
        [PROGRAM, "vectors", *map(str, arguments), "--json", report, "--junit", "junit.xml"],
        capture_output=True, text=True, cwd=folder, timeout=LIMIT_S, check=False)
    assert done.returncode in (0, 1, 4, 5), done.stderr
    if done.returncode == 4:
        return 4, {}, done.stderr
    validate(folder / "junit.xml", "--relaxng", ROOT / "reports/junit.rng")
    results = json.loads(report.read_text())["results"]
    return done.returncode, {r["id"]: r for r in results}, done.stdout


def client(folder, deed, *only, timeout=PATIENT):
    chosen = [word for glob in only for word in ("--only", glob)]
    return vectors(folder, "--client", f"exec {sys.executable} -B {CLIENT} {deed}", *chosen,
                   "--timeout", timeout)


def adapter(folder, kind, *only, timeout=PATIENT):
    chosen = [word for glob in only for word in ("--only", glob)]
    return vectors(folder, "--adapter", f"exec {sys.executable} -B {PEER} {kind}", *chosen,
                   "--timeout", timeout)


# --- a command as client ---


def test_a_client_that_is_right(tmp_path):
    status, results, said = client(tmp_path, "right", BASIC, DIGEST)
    assert status == 0 and {r["verdict"] for r in results.values()} == {"pass"}, said
    assert said == f"{os.path.basename(sys.executable)}: 2 vectors: 2 right\n"


def test_a_client_that_is_wrong(tmp_path):
    status, results, _ = client(tmp_path, "wrong", BASIC, DIGEST)
    assert status == 1
    assert results[BASIC]["message"].startswith('authorization is "Basic ')
    assert re.match('response is "[0-9a-f]{32}", expected "', results[DIGEST]["message"])


def test_a_token_is_recomputed(tmp_path):
    good, text = "usernametoken.known.zeep", "usernametoken.text.plain"
    status, results, _ = client(tmp_path, "token", good, text)
    assert status == 1
    assert results[good]["verdict"] == "pass"
    assert results[text]["message"].startswith("password is")


@pytest.mark.parametrize("deed,verdict,gist", [
    ("nothing", "error", "asked for nothing, and closed its output"),
    ("early", "error", "asked for nothing"),
    ("octets", "error", "asked for nothing"),
    ("large", "error", "asked for nothing"),
    ("crash", "error", "asked for nothing, and was ended by signal 11"),
    ("nowhere", "error", "asked for nothing, and ended with status 1 (KeyError: 'nowhere')"),
    ("asks", "fail", "refused: asked, and sent no credentials"),
    ("twice", "fail", "refused: sent 2 fields Authorization"),
    ("cannot", "unsupported", "not built in"),
    ("flood", "pass", ""),
])
def test_a_misdeed_is_one_finding(tmp_path, deed, verdict, gist):
    limit = ENDED if deed == "flood" else PATIENT
    status, results, said = client(tmp_path, deed, BASIC, "basic.verify.good.plain", timeout=limit)
    assert results[BASIC]["verdict"] == verdict and gist in results[BASIC]["message"], said
    assert status == {"pass": 0, "unsupported": 5}.get(verdict, 1)
    other = results["basic.verify.good.plain"]
    assert other["verdict"] == "unsupported" and "a client is asked" in other["message"]
    assert said.count("\n") <= 2 and not re.search("[\x00-\x08\x0b-\x1f\x7f]", said)


@pytest.mark.parametrize("deed,verdict", [("hang", "error"), ("held", "error"), ("late", "pass")])
def test_a_client_that_does_not_end(tmp_path, deed, verdict):
    _, results, said = client(tmp_path, deed, BASIC, timeout=ENDED)
    assert results[BASIC]["verdict"] == verdict, said
    if verdict == "error":
        assert "did not end within 10000 ms" in results[BASIC]["message"]


def test_one_that_always_fails_is_given_up(tmp_path):
    _, results, _ = client(tmp_path, "nothing", "basic.encode.*", "digest.md5.*")
    for scheme in ("basic", "digest"):
        asked = [r for i, r in results.items()
                 if i.startswith(scheme) and "asked for nothing" in r["message"]]
        assert len(asked) == 8
    assert any("failed too often" in r["message"] for r in results.values())
    assert {r["verdict"] for r in results.values()} <= {"error", "unsupported"}


def test_what_cannot_be_asked_says_why(tmp_path):
    ids = {"basic.encode.control.nul": "NUL", "digest.uri.authority": "CONNECT"}
    _, results, _ = client(tmp_path, "right", *ids)
    for i, gist in ids.items():
        assert results[i]["verdict"] == "unsupported" and gist in results[i]["message"]


def test_one_of_adapter_and_client(tmp_path):
    status, _, said = vectors(tmp_path, "--client", "true", "--adapter", "true")
    assert status == 4 and said == "countersign: --adapter and --client: expected one of them\n"


def test_a_body_comes_on_the_input(tmp_path):
    body = b"".join(bytes.fromhex(t.get("body_hex", ""))
                    for g in json.loads((ROOT / "vectors/digest.json").read_text())["groups"]
                    for t in g["tests"] if t["id"] == "digest.md5.auth-int-binary")
    assert body
    vectors(tmp_path, "--client", f"cat > {tmp_path}/body", "--only", "digest.md5.auth-int-binary")
    assert (tmp_path / "body").read_bytes() == body


# --- adapters over the network ---


def test_an_adapter_may_ask_the_server_of_a_vector(tmp_path):
    status, results, said = adapter(tmp_path, "right", BASIC, DIGEST, "digest.md5.auth")
    assert results[BASIC]["verdict"] == results[DIGEST]["verdict"] == "pass", said
    assert results["digest.md5.auth"]["verdict"] == "fail" and status == 1


@pytest.mark.parametrize("kind,verdict,gist", [
    ("silent", "error", "the adapter asked for nothing"),
    ("refuses", "fail", "refused: will not"),
    ("cannot", "unsupported", "cannot be told"),
    ("crash", "error", "was ended by signal 11"),
    ("hang", "error", "did not answer within"),
    ("no-url", "error", "no member valid"),
])
def test_an_adapter_that_misbehaves(tmp_path, kind, verdict, gist):
    only = "basic.verify.good.plain" if kind == "no-url" else BASIC
    _, results, said = adapter(tmp_path, kind, only, timeout=ENDED if kind == "hang" else PATIENT)
    assert results[only]["verdict"] == verdict and gist in results[only]["message"], said


GOOD = ["digest-verify.good.spelling.names-upper", "digest-verify.known.sarix",
        "basic.verify.good.plain"]
BAD = ["digest-verify.bad.response.upper", "basic.verify.bad.password"]


def test_a_server_is_asked_for_its_own_nonce(tmp_path):
    status, results, said = adapter(tmp_path, "server", *GOOD, *BAD)
    assert status == 0 and {r["verdict"] for r in results.values()} == {"pass"}, said
    assert len(results) == len(GOOD + BAD)


def test_a_server_that_refuses_all_or_accepts_all(tmp_path):
    _, results, _ = adapter(tmp_path, "server-refuses", *GOOD, *BAD)
    assert {results[i]["message"] for i in GOOD} == {"not accepted, and must be"}
    assert {results[i]["verdict"] for i in BAD} == {"pass"}
    _, results, _ = adapter(tmp_path, "server-believes", *GOOD, *BAD)
    assert {results[i]["message"] for i in BAD} == {"accepted, and must not be"}
    _, results, _ = adapter(tmp_path, "server-open", *GOOD, *BAD)
    assert {r["verdict"] for r in results.values()} == {"error"}
    assert "gives 200 where no credentials are sent" in results[GOOD[0]]["message"]


@pytest.mark.parametrize("kind,gist", [
    ("server-closes", "the server gave no answer"), ("server-garbage", "the server gave no answer"),
    ("server-large", "the server gave no answer"), ("server-gone", "the server gave no answer"),
    ("server-hangs", "the server gave no answer"), ("server-bare", "no Digest challenge"),
    ("server-odd", "expected http://"),
])
def test_a_hostile_server_is_one_error(tmp_path, kind, gist):
    _, results, said = adapter(tmp_path, kind, GOOD[1],
                               timeout=ENDED if kind == "server-hangs" else PATIENT)
    assert results[GOOD[1]]["verdict"] == "error" and gist in results[GOOD[1]]["message"], said
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", said)


@pytest.mark.parametrize("only,gist", [
    ("digest-verify.bad.hash.password", "not right for the nonce"),
    ("usernametoken-verify.good.*", "clock and memory of nonces"),
])
def test_what_a_server_cannot_be_asked(tmp_path, only, gist):
    status, results, _ = adapter(tmp_path, "server", only)
    assert status == 5 and {r["verdict"] for r in results.values()} == {"unsupported"}
    assert all(gist in r["message"] for r in results.values())


# --- values of its own, in memory ---


def test_values_of_its_own_are_recomputed(tmp_path):
    token = "usernametoken.known.zeep"
    mistake = "digest.mistake.sess-ignored"
    status, results, said = adapter(tmp_path, "own", "digest.md5.auth", token, mistake)
    assert status == 0, said
    assert results["digest.md5.auth"]["verdict"] == results[token]["verdict"] == "pass"
    assert results[mistake]["verdict"] == "unsupported"
    assert "maybe not in this way" in results[mistake]["message"]


@pytest.mark.parametrize("kind,only,gist", [
    ("own-wrong", "digest.md5.auth", 'response is "'),
    ("own-wrong", "usernametoken.known.zeep", 'password is "'),
    ("own-untold", "digest.md5.auth", 'nc is "00000007", expected "00000001"'),
    ("own-untold", "usernametoken.known.zeep", 'nonce is "'),
    ("own-none", "digest.md5.auth", 'no nc, expected "00000001"'),
    ("own-date", "usernametoken.known.zeep", "Created is not an xsd:dateTime"),
])
def test_what_is_wrong_with_values_of_its_own(tmp_path, kind, only, gist):
    status, results, said = adapter(tmp_path, kind, only)
    assert status == 1 and results[only]["verdict"] == "fail", said
    assert gist in results[only]["message"]


def test_the_clients_of_the_tree_are_right_where_they_can_be(tmp_path):
    for name in ("curl", "wget"):
        status, results, said = vectors(tmp_path, "--client", f"exec {ROOT}/vectors/clients/{name}",
                                        "--only", BASIC, "--only", "digest.md5.auth*", "--only",
                                        "usernametoken.known.zeep")
        assert results[BASIC]["verdict"] == results["digest.md5.auth"]["verdict"] == "pass", said
        assert results["usernametoken.known.zeep"]["message"].startswith("ended with status 69")
        assert status == 1, "neither knows auth-int"
