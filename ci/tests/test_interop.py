"""The servers of the interop matrix start, take the right credentials, stop; the judge judges."""
import json
import pathlib
import subprocess
import sys

import pytest

INTEROP = pathlib.Path(__file__).resolve().parents[1] / "interop"
sys.path.insert(0, str(INTEROP))

import judge
import runs
import servers

HTTP = [s for s in servers.all_servers() if s.kind == "http"]


def status(url, *options):
    curl = ["curl", "-s", "-q", "-k", "--noproxy", "*", "-o", "/dev/null", "-w", "%{http_code}"]
    return subprocess.run([*curl, *options, url], capture_output=True, text=True,
                          check=True).stdout


@pytest.mark.parametrize("server", HTTP, ids=lambda s: s.name)
def test_a_server_takes_the_right_credentials_only(server):
    scheme = "--basic" if server.name.endswith("basic") else "--digest"
    with server:
        assert status(server.url) == "401"
        assert status(server.url, scheme, "-u", "admin:secure") == "200"
        assert status(server.url, scheme, "-u", "admin:wrong") == "401"
        assert status(server.url.replace("private/page", "index")) == "200"
        folder, process = server.folder, server.process
    assert process.poll() is not None
    assert not folder.exists()


SOAP = "http://www.w3.org/2003/05/soap-envelope"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
TOKEN = f"""<w:Security xmlns:w="{WSSE}"><w:UsernameToken><w:Username>admin</w:Username>
<w:Password>%s</w:Password></w:UsernameToken></w:Security>"""


@pytest.mark.parametrize("operation,header,expected", [
    ("GetSystemDateAndTime", "", "200"),
    ("GetCapabilities", "", "200"),
    ("GetServiceCapabilities", "", "200"),
    ("GetHostname", "", "200"),
    ("GetScopes", "", "400"),
    ("GetNetworkInterfaces", "", "400"),
    ("GetScopes", TOKEN % "secure", "200"),
    ("GetNetworkInterfaces", TOKEN % "secure", "200"),
    ("GetDeviceInformation", "", "400"),
    ("GetDeviceInformation", TOKEN % "secure", "200"),
    ("GetUsers", TOKEN % "secure", "200"),
    ("GetUsers", TOKEN % "wrong", "400"),
])
def test_the_gsoap_device_takes_the_right_token_only(operation, header, expected):
    body = (f'<s:Envelope xmlns:s="{SOAP}"><s:Header>{header}</s:Header><s:Body>'
            f'<{operation} xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>')
    with servers.Gsoap("gsoap") as server:
        got = status(server.url, "-H", "Content-Type: application/soap+xml", "--data", body)
    assert got == expected


def test_each_server_has_expectations_that_load():
    wanted = {f"{server.expectation}.json" for server in servers.all_servers()}
    for folder in (runs.Run.folder, runs.FullRun.folder):
        for name in wanted:
            judge.load_expectation(folder / name)
        assert {path.name for path in folder.glob("*.json")} == wanted


def test_a_full_expectation_says_what_each_profile_makes_of_it():
    for server in servers.all_servers():
        expected = judge.load_expectation(runs.FullRun.folder / f"{server.expectation}.json")
        assert set(expected["profiles"]) == set(runs.PROFILES[server.kind])


def test_the_expectations_of_spellings_load():
    files = sorted((runs.EXPECT / "spellings").iterdir())
    servers_of = {server.name.split("-")[0] for server in servers.all_servers()}
    assert {path.stem for path in files} == servers_of | {"ours"}
    for path in files:
        judge.load_expectation(path)


def test_a_hurried_server_has_another_clock():
    server = servers.Mhd("mhd-md5", "md5")
    server.hurry(20)
    assert server.environment["FAKETIME"] == "+0 x20"
    assert pathlib.Path(server.environment["LD_PRELOAD"]).is_file()
    assert "LD_PRELOAD" not in servers.Mhd("mhd-md5", "md5").environment


def test_the_certificate_proves_the_server_to_those_who_know_it():
    with servers.LighttpdTls("tls", "--cacert") as server:
        option, certificate = server.options()
        assert option == "--cacert"
        strict = ["curl", "-s", "-q", "--noproxy", "*", "-o", "/dev/null", server.url]
        assert subprocess.run(strict, check=False).returncode == 60
        assert subprocess.run([*strict, "--cacert", certificate], check=False).returncode == 0


PASS = {"id": "a.b", "case": "a.b", "verdict": "pass", "outcome": "accepted", "clause": "x#1"}
FAIL = {"id": "d.nc[n=1]", "case": "d.nc", "verdict": "fail", "outcome": "accepted",
        "clause": "x#2", "message": "nc is not checked"}
ENTRY = {"case": "d.nc", "verdict": "fail", "outcome": "accepted", "clause": "x#2", "reason": "so"}


def complaints(variants, *entries, passes=1):
    return judge.compare({"findings": list(entries), "passes": passes}, variants)


def test_what_is_written_down_is_no_complaint():
    assert not complaints([PASS], )
    assert not complaints([PASS, FAIL], ENTRY)
    assert not complaints([PASS, FAIL], {**ENTRY, "case": "d.nc[n=1]"})
    assert not complaints([PASS, FAIL], {**ENTRY, "case": "d.*"})
    assert not complaints([PASS, FAIL, {**FAIL, "id": "d.nc[n=2]"}], {**ENTRY, "count": 2})
    for seen in ([PASS], [PASS, FAIL], [PASS, FAIL, {**FAIL, "id": "d.nc[n=2]"}]):
        assert not complaints(seen, {**ENTRY, "count": [0, 2]})


@pytest.mark.parametrize("variants,entries,words", [
    ([PASS, FAIL], [], "unexpected: d.nc[n=1] fail"),
    ([PASS], [ENTRY], "expected 1 of, found 0: d.nc fail"),
    ([PASS, FAIL], [{**ENTRY, "clause": "x#3"}], "unexpected"),
    ([PASS, FAIL], [{**ENTRY, "outcome": "closed"}], "unexpected"),
    ([PASS, FAIL, {**FAIL, "id": "d.nc[n=2]"}], [ENTRY], "expected 1 of, found 2"),
    ([PASS], [{**ENTRY, "count": [1, 2]}], "expected 1 to 2 of, found 0"),
    ([PASS, FAIL, {**FAIL, "id": "d.nc[n=2]"}], [{**ENTRY, "count": [0, 1]}],
     "expected 0 to 1 of, found 2"),
    ([PASS, {**FAIL, "verdict": "inconclusive"}], [], "no result"),
    ([PASS, {**FAIL, "verdict": "error"}], [{**ENTRY, "verdict": "error"}], "no result"),
    ([{**PASS, "verdict": "skip"}], [], "only 0 passed"),
])
def test_what_is_not_written_down_is_a_complaint(variants, entries, words):
    assert any(c.startswith(words) for c in complaints(variants, *entries))


def test_an_expectation_without_a_reason_does_not_load(tmp_path):
    for entry in ({**ENTRY, "reason": " "}, {k: ENTRY[k] for k in ENTRY if k != "clause"}):
        (tmp_path / "e.json").write_text(json.dumps({"findings": [entry]}))
        with pytest.raises(ValueError):
            judge.load_expectation(tmp_path / "e.json")


def test_the_exit_status_follows_from_the_findings():
    assert judge.exit_status({"findings": []}) == 0
    assert judge.exit_status({"findings": [{**ENTRY, "verdict": "warn"}]}) == 0
    assert judge.exit_status({"findings": [ENTRY]}) == 1


SKIP = {"id": "e", "case": "e", "verdict": "skip", "reason": "not-offered"}


@pytest.mark.parametrize("variants,words", [
    ([PASS, FAIL, SKIP], []),
    ([PASS, FAIL], ["left out: e"]),
    ([PASS, FAIL, {**SKIP, "reason": "slow"}], ["skipped: e"]),
])
def test_the_whole_catalogue_leaves_nothing_out(variants, words):
    found = judge.complete(variants, {"a.b", "d.nc[n=1]", "e"})
    assert [c[:len(w)] for c, w in zip(found, words, strict=True)] == words


MAYBE = {**ENTRY, "case": "d.*", "count": [0, 1]}


@pytest.mark.parametrize("entry,fails,variants,status,words", [
    (ENTRY, ["d.nc x#2"], [PASS, FAIL], 1, []),
    (ENTRY, [], [PASS, {**FAIL, "verdict": "warn"}], 0, []),
    (MAYBE, ["d.nc x#2"], [PASS], 0, []),
    (ENTRY, ["d.nc x#2"], [PASS], 0, ["does not gate: d.nc x#2"]),
    (ENTRY, [], [PASS, FAIL], 1, ["gates: d.nc x#2"]),
    (ENTRY, ["d.nc x#3"], [FAIL], 1, ["gates: d.nc x#2", "does not gate: d.nc x#3"]),
    (ENTRY, ["d.nc x#2"], [FAIL], 0, ["ended with 0, not 1"]),
    (ENTRY, [], [{**FAIL, "verdict": "warn", "outcome": "closed"}], 0, ["unexpected: d.nc[n=1]"]),
    (ENTRY, [], [{**FAIL, "verdict": "inconclusive"}], 6, ["no result", "ended with 6"]),
])
def test_a_profile_weighs_what_was_found_and_finds_no_more(entry, fails, variants, status, words):
    found = judge.profile([entry], fails, variants, status)
    assert [c[:len(w)] for c, w in zip(found, words, strict=True)] == words


def test_a_way_of_spellings_is_found_by_case_and_glob():
    entries = [{"case": "spelling.x", "way": "refuses: * spaces", "verdict": "fail", "reason": "r"}]
    assert judge.way(entries, "spelling.x", "refuses: two spaces") == entries[0]
    assert judge.way(entries, "spelling.x", "accepts: two spaces") is None
    assert judge.way(entries, "hostile.x", "refuses: two spaces") is None


def test_a_way_without_a_reason_does_not_load(tmp_path):
    way = {"case": "c", "way": "w", "verdict": "fail", "reason": "so"}
    for bad in ({**way, "reason": ""}, {k: way[k] for k in way if k != "verdict"}):
        (tmp_path / "e.json").write_text(json.dumps({"ways": [bad]}))
        with pytest.raises(ValueError):
            judge.load_expectation(tmp_path / "e.json")


JUNIT = """<testsuite name="d" tests="{tests}" failures="{failures}" errors="0" skipped="0">
<testcase classname="a" name="b"/>
<testcase classname="d" name="nc">{inner}</testcase></testsuite>"""


@pytest.mark.parametrize("tests,failures,inner,words", [
    (2, 1, '<failure message="m"/>', None),
    (3, 1, '<failure message="m"/>', "suite d says"),
    (2, 0, "", "JUnit holds"),
    (2, 1, '<error message="m"/>', "JUnit holds"),
])
def test_a_junit_report_agrees_with_the_results(tmp_path, monkeypatch, tests, failures, inner,
                                                words):
    monkeypatch.delenv("COUNTERSIGN_SHARED", raising=False)
    monkeypatch.setattr(judge, "xmllint", lambda *_: [])
    report = tmp_path / "r.xml"
    report.write_text(JUNIT.format(tests=tests, failures=failures, inner=inner))
    found = judge.junit(str(report), [PASS, FAIL], tmp_path)
    assert not found if words is None else any(c.startswith(words) for c in found), found
