"""What people get wrong at the command line and in files: one clear line, and the right status."""
import json
import re
import shutil
import signal
import subprocess
import threading

import pytest

import hostile
from blackbox import LIMIT_S, PROGRAM, REPORTS, ROOT, start_run

NOBODY = "http://127.0.0.1:1/"  # never asked here: what is wrong is seen before

# --- options ---

PARSED = [
    (["--nonsense"], ["unknown option --nonsense"]),
    (["--timeuot", "3s"], ["unknown option --timeuot", "did you mean --timeout?"]),
    (["-Z"], ["unknown option -Z"]),
    (["--timeout"], ["--timeout needs a value", "--timeout DURATION"]),
    (["--junit"], ["--junit needs a value", "--junit FILE"]),
    (["--user="], ["--user needs a value"]),
    (["-u"], ["--user needs a value"]),
    (["--quiet=maybe"], ["--quiet maybe: expected yes or no"]),
    (["--timeout", "soon"], ["--timeout soon", "expected a duration such as 10s"]),
    (["--timeout", "0s"], ["--timeout 0s", "expected a duration"]),
    (["--timeout", "-1s"], ["--timeout -1s", "expected a duration"]),
    (["--timeout", "99999999999999999999s"], ["expected a duration"]),
    (["--connections", "0"], ["--connections 0", "expected a number from 1 to"]),
    (["--connections", "many"], ["--connections many", "expected a number from 1 to"]),
    (["--connections", "257"], ["--connections 257", "expected a number from 1 to 256"]),
    (["--connections", "1" * 30], ["expected a number from 1 to"]),
    (["--kind", "soap"], ["--kind soap", "expected one of onvif http"]),
    (["--risk", "bold"], ["--risk bold", "expected one of safe intrusive unsafe"]),
    (["--colour", "blue"], ["--colour blue", "expected one of auto always never"]),
    (["--failures", "3/x"], ["--failures 3/x", "expected COUNT/DURATION"]),
    (["--failures", "in-row:0"], ["--failures in-row:0", "expected COUNT/DURATION"]),
    (["--failures", "-1/1m"], ["--failures -1/1m", "expected COUNT/DURATION"]),
    (["--color", "never"], ["--colour"]),
    (["one", "two"], ["expected [URL]", "2 given"]),
    (["--profile", "nope"], ["--profile nope", "expected one of", "onvif-core"]),
    (["--only", "zzz*"], ["--only zzz*", "matches no case"]),
    (["--skip", "zzz*"], ["--skip zzz*", "matches no case"]),
    (["--persona", "nope"], ["--persona nope", "expected one of onvif"]),
    (["--fault", "nc-unchekced"], ["--fault nc-unchekced", "did you mean nc-unchecked"]),
    (["--fault", "zzzzzzzzzzzz"], ["--fault zzzzzzzzzzzz", "no such fault"]),
    (["--persona", "http", "--kind", "onvif"], ["--kind onvif", "persona http"]),
    (["--persona", "onvif", "--kind", "http"], ["--kind http", "persona onvif"]),
    (["--operation", "GetNothing"], ["--operation GetNothing", "expected one of", "GetUsers"]),
    (["--operation", "SetSystemFactoryDefault"], ["expected one of GetDeviceInformation"]),
    (["--kind", "http", "--operation", "GetUsers"], ["--operation GetUsers", "--kind http"]),
    (["--kind", "http", "--profile", "onvif-core"], ["profile onvif-core is for --kind onvif"]),
    (["--user", "x"], ["--user", "need a URL"]),
    (["--junit", "-", "--json", "-"], ["one of the two"]),
    ([NOBODY, "--persona", "http"], ["--persona", "for the built-in device"]),
    ([NOBODY, "--timeout", "1000000d"], ["timeout"]),
]


@pytest.mark.parametrize("arguments, gist", PARSED, ids=lambda v: " ".join(v)[:40])
def test_a_wrong_option_is_named(call, arguments, gist):
    call("run", *arguments).complains(*gist)


URLS = [
    ("127.0.0.1", "not an http or https URL"),
    ("ftp://127.0.0.1/", "not an http or https URL"),
    ("http://", "no such form of a host"),
    ("http://[::1/", "no such form of a host"),
    ("http://h:0/", "a port is 1 to 65535"),
    ("http://h:65536/", "a port is 1 to 65535"),
    ("http://h:x/", "a port is 1 to 65535"),
    ("http://h/#top", "a fragment is never sent"),
    ("http://h/a b", "a space, control or non-ASCII character"),
    ("http://h/" + "x" * 9000, "longer than 8192 octets"),
]


@pytest.mark.parametrize("url, gist", URLS, ids=[u[0][:20] for u in URLS])
def test_a_wrong_url_is_named(call, url, gist):
    call("run", url).complains(gist, "expected http://HOST[:PORT][/PATH]")


def test_a_password_in_the_url_is_refused_and_not_repeated(call):
    done = call("run", f"http://admin:{hostile.PASSWORD}@127.0.0.1/")
    done.complains("no user or password belongs in it")


@pytest.mark.parametrize("form", ["--password {}", "--password={}"])
def test_a_password_in_the_arguments_is_refused_and_not_repeated(call, form):
    done = call("run", NOBODY, *form.format(hostile.PASSWORD).split())
    done.complains("--password-file", "COUNTERSIGN_PASSWORD")


@pytest.mark.parametrize(
    "arguments, gist",
    [
        (["nosuch"], 'no command "nosuch"'),
        (["rnu"], "did you mean run?"),
        (["lint", "x"], "expected no argument"),
        (["explain"], "expected CASE"),
        (["explain", "nope"], "no case nope"),
        (["survey", "--only", "x"], "unknown option --only"),
        (["device", "--listen", "nonsense"], "expected ADDRESS:PORT"),
        (["device", "--listen", "127.0.0.1:99999"], "expected ADDRESS:PORT"),
        (["device", "--clock-offset", "x"], "--clock-offset x"),
        (["device", "--persona", "x"], "expected one of onvif"),
    ],
    ids=lambda v: " ".join(v)[:30],
)
def test_other_commands_complain_too(call, arguments, gist):
    call(*arguments).complains(gist)


def test_what_selects_nothing_is_no_success(call):
    done = call("run", "--only", "digest.*", "--skip", "*", *REPORTS).read_reports()
    assert done.status == 5
    assert done.err.count("\n") == 1 and "nothing is selected" in done.err
    assert done.results["variants"] == []


# --- password files ---

PASSWORD_FILES = [
    (b"", ["holds no password"]),
    (b"one\ntwo\n", ["more than one line"]),
    (b"x" * 10000, ["longer than 8191 octets"]),
]


@pytest.mark.parametrize("octets, gist", PASSWORD_FILES, ids=[g[1][0] for g in PASSWORD_FILES])
def test_a_password_file_that_is_none_is_refused(call, tmp_path, octets, gist):
    path = tmp_path / "secret"
    path.touch(0o600)
    path.write_bytes(octets)
    call("run", NOBODY, "--password-file", path).complains(str(path), *gist)
    call("run", NOBODY, "--password-file", "-", stdin=octets).complains(*gist)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_password_file_that_others_can_read_is_refused(call, tmp_path, mode):
    path = tmp_path / "secret"
    path.write_text(hostile.PASSWORD + "\n")
    path.chmod(mode)
    call("run", NOBODY, "--password-file", path).complains(f"mode {mode:04o}", "chmod 600")
    call("run", NOBODY, "--netrc-file", path).complains(f"mode {mode:04o}", "chmod 600")


def test_no_password_at_all_is_said(call, tmp_path):
    without = {"COUNTERSIGN_PASSWORD": None}
    call("run", NOBODY, environment=without).complains("no password", "--password-file FILE")
    call("run", NOBODY, "--password-file", "missing").complains("missing", "No such file")
    call("run", NOBODY, "--password-file", tmp_path).complains("is a folder")


# --- suites ---

SUITE = """<?xml version="1.0"?>
{}<suite family="digest" title="t">
<case id="digest.x.y" rev="1"{}>
<title>T</title><why>W</why><remedy>R</remedy>
<cite clause="{}" level="must"/>
{}
</case></suite>
"""
SUITES = [
    (SUITE.format("", ' colour="red"', "rfc7616#3.4.nc", "<send/>"), 3, 'attribute "colour"'),
    (SUITE.format("", "", "rfc7616#3.4.nc", "<bogus/>"), 6, "unknown element <bogus>"),
    (SUITE.format("", "", "rfc7616#3.4.nc", "<send>"), 7, "send"),
    (SUITE.format("", ' needs="luck"', "rfc7616#3.4.nc", "<send/>"), 3, 'needs="luck"'),
    (SUITE.format("<!DOCTYPE suite>", "", "rfc7616#3.4.nc", "<send/>"), 2, "a DOCTYPE"),
    (SUITE.format("", "", "rfc7616#3.4.nc", "<send/>").replace("</suite>", ""), 8, ""),
    ("", 1, "empty"),
    ("\x00\x01", 1, "not text in UTF-8"),
]


@pytest.mark.parametrize("text, line, gist", SUITES)
@pytest.mark.parametrize("command", ["run", "survey", "list", "selftest", "lint"])
def test_a_broken_suite_is_named_with_its_line(call, tmp_path, command, text, line, gist):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/odd.xml").write_text(text)
    call(command, "--suites", "mine").complains(f"odd.xml:{line}: ", gist)


def test_an_unknown_clause_is_a_finding_of_lint(call, tmp_path):
    mine = tmp_path / "mine"
    shutil.copytree(ROOT / "suites", mine)
    assert call("lint", "--suites", "mine").status == 0
    text = (mine / "basic.xml").read_text()
    line = text[: text.index("<case ")].count("\n") + 1
    (mine / "basic.xml").write_text(
        re.sub('clause="[^"]*"', 'clause="rfc7617#9.nowhere"', text, count=1)
    )
    done = call("lint", "--suites", "mine")
    assert done.status == 4
    assert f'basic.xml:{line}: cite of unknown "rfc7617#9.nowhere", expected' in done.out
    assert re.search(r" [1-9][0-9]* findings?$", done.out.rstrip())


@pytest.mark.parametrize("command", ["run", "survey", "list", "selftest", "lint"])
def test_a_folder_without_suites_is_said(call, tmp_path, command):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    call(command, "--suites", "empty").complains("empty", "no suite, expected *.xml")
    call(command, "--suites", "missing").complains("missing", "No such file or directory")
    call(command, "--suites", "file").complains("file", "Not a directory")


# --- reports ---


def test_a_report_on_stdout_is_alone_there(call):
    done = call("run", "--only", "digest.nc.*", "--json", "-")
    assert json.loads(done.out)["exit_code"] == done.status == 0
    assert "PASS" in done.err


@pytest.mark.parametrize("arguments", [["list"], ["run", "--only", "digest.nc.*"], ["--version"]],
                         ids="-".join)
def test_output_that_cannot_be_written_is_no_success(arguments):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE,
                              text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 3
    assert done.stderr == "countersign: standard output could not be written\n"


# --- signals ---


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("kind", ["http", "onvif"])
def test_an_interrupted_run_writes_its_reports(tmp_path, number, kind):
    asked = threading.Event()

    def behave(peer):
        peer.request()
        asked.set()
        hostile.silent(peer)

    with hostile.Server(behave) as server:
        run = start_run(tmp_path, server.url(), "--kind", kind)
        assert asked.wait(LIMIT_S)
        run.signal(number)
        done = run.end().read_reports()
    assert done.status == 2
    assert done.results["cause"] == {"reason": "interrupted", "text": "interrupted"}
    assert {v for v in done.verdicts().values()} <= {"inconclusive", "skip"}


# --- the good way ---

CHANGES_WITH_TIME = {"command", "run", "started", "took_ms", "started_ms", "sent_ms", "wall",
                     "device", "sent", "received", "curl", "survey"}


def steady(value):
    """Without what tells the time, or follows from it, as nonces do."""
    if isinstance(value, dict):
        return {k: steady(v) for k, v in value.items() if k not in CHANGES_WITH_TIME}
    return [steady(v) for v in value] if isinstance(value, list) else value


@pytest.mark.parametrize("options", [[], ["--persona", "sarix"], ["--persona", "http"],
                                     ["--fault", "nc-unchecked"]], ids="-".join)
def test_one_seed_gives_one_result(tmp_path, options):
    results = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        run = start_run(tmp_path / name, "--seed=again", *options)
        done = run.end().read_reports()
        assert done.status == 0, done.out
        results.append(done.results)
    assert results[0]["seed"] == "again"
    assert results[0]["counts"]["pass"] > 100
    assert steady(results[0]) == steady(results[1])
    features = [r["survey"]["features"] for r in results]
    assert features[0] == features[1] and features[0]


def test_the_catalogue_proves_itself(call):
    done = call("selftest", "--only", "nonce-*")  # ctest runs the whole
    assert done.status == 0, done.out
    assert re.search(r"\b[1-9][0-9]* faults with [1-9][0-9]* kills,", done.out)
    assert done.out.rstrip().endswith(": 0 problems")
    done = call("lint")
    assert done.status == 0, done.out
    assert re.fullmatch(r"[1-9][0-9]* cases, .*: 0 findings\n", done.out)
