"""Clients that are answered before they have sent their content: curl, and one that is wrong."""
import json
import shlex

import pytest

from blackbox import REPORTS, ROOT, Call
from test_client import OURS, message

OURS_TOO = ROOT / "ci/tests/expect_client.py"
CURL = "curl -s --data-binary @- -u {user}:{password} "
EARLY = ("client-expect.early[early=keep]", "client-expect.early[early=close]")
STALE = ("client-expect.stale[early=keep]", "client-expect.stale[early=close]")
IN_SYNC = tuple(f"client-expect.in-sync[early={early}]" for early in ("keep", "close", "refused"))
REFUSED = tuple(f"client-expect.refused[connection={end}]" for end in ("keep", "close"))
SOAP = ("client-expect.soap[early=keep]", "client-expect.soap[early=close]")
ALL = (*IN_SYNC, *EARLY, *STALE, *REFUSED, "client-expect.unasked")


@pytest.fixture(name="judged")
def judged_fixture(tmp_path):
    """judged(command, ...): the run of all cases that are about Expect."""
    def run(command, *options):
        return Call(("client", *REPORTS, "--only", "client-expect.*", "--only",
                     "client-watch.expect", "--exec", command, *options),
                    tmp_path, OURS).end().read_reports()

    return run


def ours(mode, *options):
    return f"/usr/bin/python3 -B {shlex.quote(str(OURS_TOO))} {' '.join((mode, *options))} {{urls}}"


def verdicts(done, names=ALL):
    found = done.verdicts()
    return [found[name] for name in names]


# --- curl, which announces more than a megabyte ---


@pytest.mark.parametrize("option", ["--digest", "--anyauth"])
def test_curl_sends_everything_behind_an_early_challenge(judged, option):
    done = judged(CURL + option + " {urls}")
    # With --digest the first request has no content, so that it is not announced.
    skipped = ["skip", "skip"] if option == "--digest" else ["pass", "pass"]
    assert verdicts(done, (*EARLY, *STALE)) == [*skipped, "pass", "pass"]
    assert verdicts(done, ("client-expect.unasked", "client-watch.expect")) == ["pass", "pass"]
    assert verdicts(done, IN_SYNC[:2]) == ["pass", "pass"]
    early = next(v for v in done.results["variants"] if v["id"] == STALE[0])
    assert ", answered before its content" in early["steps"][1]["summary"]
    assert early["steps"][1]["sent_bytes"] < 1000
    assert early["steps"][-1]["sent_bytes"] > 1100000


def test_curl_without_expect_is_asked_nothing(judged):
    done = judged(CURL + "--anyauth -H Expect: {urls}")
    assert done.status == 0
    assert set(verdicts(done)) == {"skip"}
    assert {v["reason"] for v in done.results["variants"] if v["verdict"] == "skip"} == {
        "not-offered"}
    assert "no request was answered before its content" in message(done, IN_SYNC[0])


def test_curl_with_an_envelope(judged, tmp_path):
    (tmp_path / "get.xml").write_text(
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
        '<d:GetDeviceInformation xmlns:d="http://www.onvif.org/ver10/device/wsdl"/></s:Body>'
        "</s:Envelope>")
    action = "http://www.onvif.org/ver10/device/wsdl/GetDeviceInformation"
    done = judged("curl -s --anyauth -u {user}:{password} -H 'Expect: 100-continue' -H "
                  f"'Content-Type: application/soap+xml; action=\"{action}\"' "
                  "--data-binary @get.xml {url}", "--profile", "client-onvif")
    assert verdicts(done, SOAP) == ["pass", "pass"]


# --- one of our own ---


@pytest.mark.parametrize("mode", ["right", "sends"])
def test_a_right_client(judged, mode):
    done = judged(ours(mode))
    assert done.status == 0
    assert set(verdicts(done)) == {"pass"}


def test_a_right_client_of_soap(judged):
    done = judged(ours("right", "--soap"), "--profile", "client-onvif")
    assert verdicts(done, SOAP) == ["pass", "pass"]


def test_a_client_that_stops(judged):
    done = judged(ours("stops"))
    assert done.status == 0  # nothing that gates
    assert verdicts(done, (*EARLY, *STALE)) == ["warn"] * 4
    assert message(done, EARLY[0]) == (
        "expected an answer to challenge 1, but no credentials for it came")


def test_a_client_that_goes_on_in_the_midst(judged):
    done = judged(ours("pipelines"))
    assert done.status == 1
    assert verdicts(done, (IN_SYNC[0], IN_SYNC[2])) == ["fail", "fail"]
    assert message(done, IN_SYNC[0]).startswith(
        "expect.in-sync: expected the announced content or the end of the connection, got another "
        'request behind 0 octets of "1100000": "POST /c/')


def test_a_client_that_announces_nothing(judged):
    done = judged(ours("empty"), "--only", "client-digest.nc.first")
    assert done.verdicts()["client-watch.expect"] == "fail"
    assert message(done, "client-watch.expect") == (
        "expect.content: expected content with Expect: 100-continue, got none")


def test_a_client_that_insists(judged):
    done = judged(ours("again"))
    assert verdicts(done, REFUSED) == ["warn", "warn"]
    assert message(done, REFUSED[1]) == (
        "expect.retried: expected the request again without Expect, got nothing more")


def test_a_client_that_waits_for_ever(judged):
    done = judged(ours("waits"), "--timeout", "1s")
    assert verdicts(done, ("client-expect.unasked",)) == ["warn"]
    assert message(done, "client-expect.unasked") == (
        "expect.goes-on: expected the content after a while without 100 Continue, got none")


# --- the record ---


@pytest.mark.parametrize("mode", ["sends", "pipelines", "waits"])
def test_a_record_has_the_same_verdicts(judged, tmp_path, mode):
    live = judged(ours(mode), "--results", "folder", "--evidence", "full", "--timeout", "1s")
    again = Call(("judge", "folder", "--json", "again.json"), tmp_path, OURS).end()
    assert again.status == live.status, again.out + again.err
    now = {v["id"]: (v["verdict"], v["message"])
           for v in json.loads((tmp_path / "again.json").read_text())["variants"]}
    served = [v for v in live.results["variants"] if v["id"] in ALL and v["steps"]]
    assert served
    for v in served:
        assert now[v["id"]] == (v["verdict"], v["message"])
