"""Clients that are judged: how a command is run, how runs end, and what the reports say."""
import json
import re
import shlex
import signal
import subprocess
import threading

import pytest

import hostile
import small_client
from blackbox import LIMIT_S, PROGRAM, REPORTS, ROOT, Call, validate, word_of

SMALL = f"/usr/bin/python3 {shlex.quote(str(ROOT / 'ci/tests/small_client.py'))}"
CURL = "curl -s --digest -u {user}:{password} {urls}"
OURS = {"COUNTERSIGN_PASSWORD": None}  # the account that the harness makes up
FEW = ("--only", "client-digest.nc.*")


@pytest.fixture(name="client")
def client_fixture(tmp_path):
    """client(command, ...) judges it; the reports are there, and agree with each other."""
    def run(command, *options, environment=None, **more):
        return Call(("client", *REPORTS, "--exec", command, *options), tmp_path,
                    OURS if environment is None else environment, **more).end().read_reports()

    return run


@pytest.fixture(name="fails")
def fails_fixture(tmp_path):
    """A call that is wrong: exit 4 and one line."""
    return lambda *options: (
        Call(("client", "--exec", "true", *options), tmp_path, OURS).end().complains
    )


def reasons(done):
    return {v["id"]: v["reason"] for v in done.results["variants"]}


def message(done, name):
    return next(v["message"] for v in done.results["variants"] if v["id"] == name)


def told(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


# --- the command ---


def test_curl_is_judged(client):
    done = client(CURL, "--only", "client-digest.nc.*", "--only", "client-read.names")
    verdicts = done.verdicts()
    assert verdicts["client-digest.nc.first"] == verdicts["client-read.names[case=upper]"] == "pass"
    # What shows that curl answers Digest at all is asked unasked.
    assert verdicts["client-digest.answered"] == "pass"
    # What none of them needs is not served.
    assert "client-basic.answered" not in verdicts
    assert "failed logins" not in done.out
    assert done.results["kind"] == "client" and done.results["client"]["command"] == CURL
    assert {"http", "told", "digest"} <= set(done.results["client"]["features"])
    assert "basic" not in done.results["client"]["features"]


def test_each_finding_says_how_to_see_it_again(client, tmp_path):
    done = client(CURL, "--only", "client-digest.sha-512-256.answered")
    assert done.status == 1
    wrong = [v for v in done.results["variants"] if v["id"] == "client-digest.sha-512-256.answered"]
    assert [v["verdict"] for v in wrong] == ["fail"]
    assert all(step["role"] == "call" for step in wrong[0]["steps"])
    line = re.search(r"^ +(countersign client --only .*)$", done.out, re.M).group(1)
    again = subprocess.run([PROGRAM, *shlex.split(line)[1:]], capture_output=True, text=True,
                           cwd=tmp_path, timeout=LIMIT_S, check=False)
    assert again.returncode == 1 and "FAIL          client-digest.sha-512-256" in again.stdout


def test_what_only_watches_is_seen_again_where_it_was_seen(client, tmp_path):
    """A POST without content and length, of a case that is about something else."""
    posts = ('b=$(cat); curl -s --digest -u {user}:{password} -X {method} ${b:+--data-raw "$b"} '
             "{urls}")
    watch = "client-watch.content-length"
    done = client(posts, "--only", watch, "--only", "client-flow.same-request*",
                  "--profile", "client-rfc7616")
    assert done.verdicts()[watch] == "warn"
    line = next(v["curl"] for v in done.results["variants"] if v["id"] == watch)
    assert "--only 'client-flow.same-request[method=POST]'" in line
    again = subprocess.run([PROGRAM, *shlex.split(line)[1:]], capture_output=True, text=True,
                           cwd=tmp_path, timeout=LIMIT_S, check=False)
    assert re.search(rf"^WARN +{watch}", again.stdout, re.M), again.stdout


def test_words_reach_the_command_as_they_are(client, tmp_path):
    """Quotes, blanks, dollars and semicolons of an account are no shell."""
    log = tmp_path / "log"
    done = client(SMALL + f" --log {log} " + "{urls} {user} {password} {method} {case} {url} '{x}'",
                  "--only", "client-basic.odd", "--only", "client-digest.name.*",
                  "--only", "client-digest.password.*")
    runs = told(log)
    for run in runs:
        env, argv = run["env"], run["argv"][2:]
        urls = env["URLS"].split(" ")
        assert argv == [*urls, env["USERNAME"], env["PASSWORD"], env["METHOD"], env["CASE"],
                        env["URL"], "{x}"]
        assert urls[0] == env["URL"]
    passwords = {run["env"]["PASSWORD"] for run in runs}
    assert {"a:b:c", "???>>>", "%3A"} <= passwords
    assert {run["env"]["SCHEME"] for run in runs} >= {"basic", "digest"}
    verdicts = done.verdicts()
    for name, verdict in verdicts.items():
        if name.startswith(("client-basic.odd[", "client-digest.name.", "client-digest.password.")):
            assert verdict == "pass", name


def test_a_body_is_on_standard_input(client, tmp_path):
    log = tmp_path / "log"
    done = client(SMALL + f" --log {log} " + "{urls}", "--only", "client-flow.body*")
    bodies = {r["env"]["CASE"]: (r["env"]["METHOD"], r["body"]) for r in told(log)}
    method, body = bodies["client-flow.body"]
    assert method == "POST" and body
    assert done.verdicts()["client-flow.body"] == "pass"


def test_several_calls_come_as_several_urls(client, tmp_path):
    log = tmp_path / "log"
    client(SMALL + f" --log {log} " + "{urls}", "--only", "client-digest.nc.hexadecimal")
    urls = [r["env"]["URLS"].split(" ") for r in told(log)
            if r["env"]["CASE"] == "client-digest.nc.hexadecimal"]
    assert len(urls) == 1 and len(urls[0]) >= 10


def test_who_cannot_says_69(client):
    done = client("exit 69", *FEW)
    assert done.status == 5
    assert set(reasons(done).values()) == {"not-offered"}


def test_who_never_calls_is_skipped(client):
    done = client("true", *FEW)
    assert done.status == 5
    assert set(reasons(done).values()) == {"not-offered"}
    assert set(done.verdicts().values()) == {"skip"}
    asked = client("true", "--only", "client-digest.answered")
    assert asked.status == 5 and reasons(asked) == {"client-digest.answered": "not-reached"}
    assert "not reached by the client" in asked.out


def test_a_command_that_is_not_there_is_told(client):
    done = client("/no/such/client {url}", "--only", "client-digest.answered")
    assert done.status == 5
    assert re.fullmatch("countersign: the client never called, and ended with 127: [^\n]*"
                        "not found\n", done.err)
    # Its last words may hold the password.
    done = client("echo {password} >&2; exit 3", "--only", "client-digest.answered",
                  environment={"COUNTERSIGN_PASSWORD": "of-my-own-1"})
    assert "ended with 3" in done.err and "of-my-own-1" not in done.err + str(done.results)


TOLD = "client-flow.granted.told"  # it looks at how the command ended


def one_ends(how):
    """A right client, but for what it does in the end of one case; others are not there."""
    return (f"case {{case}} in {TOLD}) {SMALL} {{urls}}; {how};; "
            f"client-digest.answered) {SMALL} {{urls}};; *) exit 69; esac")


def test_a_right_end_is_a_right_end(client):
    assert client(one_ends("exit 0"), "--only", TOLD).verdicts()[TOLD] == "pass"


def test_who_hangs_is_ended(client):
    """The shell waits for a child of its own, and both end."""
    done = client(one_ends("cat /dev/zero > /dev/null"), "--only", TOLD, "--timeout", "10s")
    assert done.verdicts()[TOLD] in ("warn", "fail")
    assert "in time" in message(done, TOLD) or "end" in message(done, TOLD)


def test_a_signal_is_a_failure_of_the_command(client):
    done = client(one_ends("kill -SEGV $$"), "--only", TOLD)
    assert done.verdicts()[TOLD] in ("warn", "fail")
    assert "signal" in message(done, TOLD)


def test_who_sends_garbage_is_skipped_or_fails(client):
    done = client("head -c 4096 /dev/zero > /dev/tcp/none 2>/dev/null; exit 0", *FEW)
    assert "pass" not in done.verdicts().values()


def test_an_onvif_client_is_judged(client):
    done = client(SMALL + " --soap {urls}", "--profile", "client-onvif", "--only", "client-onvif.*",
                  "--only", "client-clock.digest")
    verdicts = done.verdicts()
    for name in ("client-onvif.layers.body", "client-onvif.html[body=html]",
                 "client-onvif.soap-12"):
        assert verdicts[name] == "pass", name
    assert {v for name, v in verdicts.items() if name.startswith("client-clock.digest")} == {"pass"}
    assert "soap" in done.results["client"]["features"]
    assert "http" not in done.results["client"]["features"]
    # It has no tokens, and so no case of tokens is held against it.
    assert "not-offered" in {r for name, r in reasons(done).items() if ".fault.words" in name}


def test_own_account_is_given_and_masked(client, tmp_path):
    """The password stands in no report: Done looks for it."""
    log = tmp_path / "log"
    done = client(SMALL + f" --log {log} " + "{urls}", "--user", "recorder", "--only",
                  "client-basic.answered", "--evidence", "full",
                  environment={"COUNTERSIGN_PASSWORD": hostile.PASSWORD})
    assert done.verdicts()["client-basic.answered"] == "pass"
    first = told(log)[0]["env"]
    assert (first["USERNAME"], first["PASSWORD"]) == ("recorder", hostile.PASSWORD)


# What each says of itself, as it stands in its refusal of a bare request.
SERVED = {
    "hikvision": ['Digest qop="auth", realm="IP Camera(C1214)"', 'stale="FALSE"', "text/html"],
    "hikvision-isapi": ['domain="::"', 'algorithm="MD5"', 'opaque=""', 'stale="FALSE"'],
    "dahua": ['Digest realm="Login to 4C0A1BPAZ00000",nonce="', 'opaque="",qop',
              "Connection: close"],
    "dahua-onvif": ["HTTP/1.1 400", "<env:Envelope", "ter:NotAuthorized", "4 attempt(s)"],
    "axis": ["HTTP/1.1 401", 'algorithm=MD5, qop="auth"', "ter:NotAuthorized"],
    "tapo": ["HTTP/1.1 400", "Authority failure", "!Subcode"],
    "gsoap-generic": ['Basic realm="gSOAP Web Service"', "<SOAP-ENV:Fault>", "!Subcode"],
    "vivotek": ["HTTP/1.1 400", "processing the &lt;wsse:Security&gt; header"],
    "bosch": ["Digest realm=", "Basic realm="],
    "reolink": ["Digest realm="],
    "openipc": ["HTTP/1.1 401", "ter:NotAuthorized", "!WWW-Authenticate"],
    "instar": ["Digest realm=", "Content-Length: 0", "!Basic"],
}


@pytest.mark.parametrize("persona", SERVED)
def test_personas_challenge_in_their_way(client, tmp_path, persona):
    client("curl -si {url} >> served", "--persona", persona, "--only", "client-digest.answered")
    served = (tmp_path / "served").read_text()
    for words in SERVED[persona]:
        assert (words.strip("!") in served) is not words.startswith("!"), (words, served)


def test_the_persona_of_odd_passwords_has_one(client, tmp_path):
    done = client("printf %s {password} > told; " + CURL, "--persona", "reolink", *FEW)
    assert (tmp_path / "told").read_text() == "aB3!#%&+/:?@"
    assert done.verdicts()["client-digest.nc.first"] == "pass"


def test_every_persona_is_answered_by_curl_or_asks_for_a_token(tmp_path):
    listed = Call(("client", "--list-personas"), tmp_path, OURS).end().out
    names = re.findall(r"^(\S+)  ", listed, re.M)
    assert sorted(names) == sorted(SERVED)
    tokens = []
    for name in names:
        done = Call(("client", "--exec", CURL, "--persona", name, "--json", "r.json",
                     "--only", "client-digest.answered"), tmp_path, OURS).end()
        variants = json.loads((tmp_path / "r.json").read_text())["variants"]
        verdict = {v["id"]: v["verdict"] for v in variants}["client-digest.answered"]
        if verdict != "pass":
            tokens.append(name)
        assert done.status in (0, 1, 5), name
    assert len(tokens) < len(names) / 2, tokens


# --- by hand ---


class ByHand:
    """A run that waits for somebody to call; lines of its output as they come."""

    def __init__(self, folder, *options):
        self.process = subprocess.Popen(
            [PROGRAM, "client", "--no-config", *options], cwd=folder, stdout=subprocess.PIPE,
            text=True)
        self.timer = threading.Timer(LIMIT_S, self.process.kill)
        self.timer.start()
        self.url = self.account = None
        for line in self.process.stdout:
            found = re.match(r"Let the client call (\S+) as (\S+) with password (\S+)\. ", line)
            if found:
                self.url, *self.account = found.groups()
                break

    def case(self):
        """The next one that is served."""
        line = self.process.stdout.readline()
        return line.partition(": ")[0]

    def end(self):
        self.process.send_signal(signal.SIGINT)
        rest = self.process.stdout.read()
        self.process.wait(LIMIT_S)
        self.timer.cancel()
        self.process.stdout.close()
        return self.process.returncode, rest


def test_a_client_that_knows_one_url_is_served_case_by_case(tmp_path):
    """Two cases by one URL, then whoever sat there has enough."""
    run = ByHand(tmp_path, "--json", "r.json", "--only", "client-digest.answered",
                 "--only", "client-digest.nc.first", "--only", "client-digest.quoted")
    seen = []
    for _ in range(2):
        seen.append(run.case())
        assert small_client.Client(*run.account).call(run.url, "GET") == 200
    third = run.case()
    status, rest = run.end()
    results = json.loads((tmp_path / "r.json").read_text())
    verdicts = {v["id"]: v["verdict"] for v in results["variants"]}
    assert status == 2, rest
    assert len({*seen, third}) == 3
    assert [verdicts[case] for case in seen] == ["pass", "pass"]
    assert verdicts[third] == "inconclusive"
    assert results["client"]["command"] is None


def test_an_interrupt_by_hand_still_reports(tmp_path):
    run = ByHand(tmp_path, "--json", "r.json", "--junit", "j.xml")
    assert run.case()
    status, _ = run.end()
    results = json.loads((tmp_path / "r.json").read_text())
    assert status == results["exit_code"] == 2
    assert {v["verdict"] for v in results["variants"]} <= {"inconclusive", "skip"}
    validate(tmp_path / "j.xml", "--relaxng", ROOT / "reports/junit.rng")


def test_an_interrupt_ends_the_command_too(tmp_path):
    """It is in the midst of its call: a file says so."""
    pipe = tmp_path / "pipe"
    subprocess.run(["mkfifo", pipe], check=True)
    run = Call(("client", *REPORTS, "--exec", f"echo begun > {pipe}; cat {pipe}"), tmp_path, OURS)
    assert word_of(pipe, run.process) == "begun\n"
    run.signal(signal.SIGINT)
    done = run.end()
    assert done.status == 2
    done.read_reports()
    assert "interrupted" in reasons(done).values()


# --- what is wrong with a call ---


@pytest.mark.parametrize("options, gist", [
    (("--profile", "nope"), "--profile nope: expected one for clients"),
    (("--profile", "onvif-core"), "--profile onvif-core: expected one for clients"),
    (("--persona", "nope"), "--persona nope: unknown"),
    (("--listen", "nope"), '"nope": expected ADDRESS:PORT'),
    (("--only", "nope*"), "--only nope* matches no client case"),
    (("--skip", "digest.*"), "--skip digest.* matches no client case"),
    (("--timeout", "soon"), "--timeout"),
    (("--fault", "nc-unchecked"), "--fault"),
])
def test_wrong_options_are_told_in_one_line(fails, options, gist):
    fails(*options)(gist)


def test_an_address_of_somebody_else_is_told(tmp_path):
    done = Call(("client", "--exec", "true", "--listen", "192.0.2.1:0"), tmp_path, OURS).end()
    assert done.status == 3 and not done.out
    assert re.fullmatch("countersign: 192.0.2.1:0: [^\n]+\n", done.err)


# --- reports ---


WAIVED = "client-digest.sha-512-256.answered"


def waiver_of(tmp_path, call, **entries):
    """What is suggested of a finding, filled in."""
    (tmp_path / "before.json").write_text((tmp_path / "results.json").read_text())
    text = call("waivers", "suggest", "before.json").out
    known = {"reason": "the library knows no SHA-512/256", "ticket": "LIB-7", "owner": "libs",
             "until": "2999-12-31", **entries}
    for name, value in known.items():
        text = re.sub(rf"^{name} *=.*$", f"{name} = {value}", text, flags=re.M)
    (tmp_path / "w.ini").write_text(text)
    return ("--only", WAIVED, "--waivers", "w.ini")


def test_a_finding_of_a_client_is_waived(client, call, tmp_path):
    assert client(CURL, "--only", WAIVED).status == 1
    options = waiver_of(tmp_path, call)
    assert call("waivers", "check", "w.ini").status == 0
    done = client(CURL, *options)
    assert done.status == 0 and "1 waived" in done.out
    record = next(v for v in done.results["variants"] if v["id"] == WAIVED)
    assert record["verdict"] == "fail" and record["waiver"]["ticket"] == "LIB-7"
    # It is laid over the verdicts of a record as well, and only when it is named again.
    client(CURL, *options, "--results", "kept", "--evidence", "full")
    for more, status in (((), 1), (("--waivers", "w.ini"), 0)):
        assert Call(("judge", "kept", *more), tmp_path, OURS).end().status == status


@pytest.mark.parametrize("entries, gist", [
    ({"until": "2020-01-31"}, "expired on 2020-01-31"),
    ({"outcome": "warn check challenged"}, "WAIVER "),  # another finding than this one
    ({"case": "client-digest.answered"}, "WAIVER "),  # there is nothing to be waived
], ids=["expired", "other", "unused"])
def test_a_waiver_of_a_client_that_fits_no_longer_is_told(client, call, tmp_path, entries, gist):
    assert client(CURL, "--only", WAIVED).status == 1
    done = Call(("client", *REPORTS, "--exec", CURL, *waiver_of(tmp_path, call, **entries)),
                tmp_path, OURS).end()
    assert done.status == 1 and gist in done.out
    assert "run.waivers" in (tmp_path / REPORTS[REPORTS.index("--junit") + 1]).read_text()


def test_compare_and_baseline(client, call, tmp_path):
    options = ("--only", WAIVED)
    first = client(CURL, *options)
    assert first.status == 1
    (tmp_path / "results.json").rename(tmp_path / "before.json")
    assert client(CURL, *options, "--baseline", "before.json").status == 0
    same = call("compare", "before.json", "results.json")
    assert same.status == 0 and "NO REGRESSION" in same.out


def test_the_page_is_about_a_client(client, tmp_path):
    client(CURL, "--only", "client-digest.sha-512-256.answered", "--html", "page.html")
    page = (tmp_path / "page.html").read_text()
    for words in ("What this client can do", "the client sent", "it was served", "Served at"):
        assert words in page
    for words in ("How this device asks", "two controls", "<dt>Target</dt>", "in the control"):
        assert words not in page


def test_lists_and_explanations(call):
    cases = call("list", "--client").out
    assert "client-digest.nc.first" in cases and "cases under profile client-rfc7616" in cases
    tokens = call("list", "--profile", "client-onvif", "client-token.*").out
    assert tokens.count("client-token.") > 5
    assert "digest.no-qop" in call("list", "--features", "--client").out
    checks = call("list", "--checks", "--client").out
    assert re.search(r"^digest\.nc-first +the first", checks, re.M)
    page = call("explain", "client-flow.stale").out
    for words in ("turns       1. challenge", "checks", "catches"):
        assert words in page
    assert "failed login" not in page
    near = call("explain", "client-flow.stal")
    assert near.status == 4 and "did you mean client-flow.stale" in near.err


