"""The survey asks the media service as it asks the device service, and tells both apart."""
import pytest

import hostile
from blackbox import Device
from hostile import Server, onvif, response, soap

MEDIA = ("<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media><tt:XAddr>"
         "http://127.0.0.1/media</tt:XAddr></tt:Media></tds:Capabilities>"
         "</tds:GetCapabilitiesResponse>")
DEVICE = response(401, b"", [(b"WWW-Authenticate", b'Basic realm="device"')])
OTHERS = [(b"WWW-Authenticate", b'Digest realm="media <b>", nonce="n", algorithm=SHA-256, '
                                b'qop="auth,auth-int"'),
          (b"WWW-Authenticate", b'Basic realm="media"')]


def device(refusal, seen):
    """Basic everywhere; /media refuses in a way of its own, and seen is told what it got."""
    def make(request):
        if request.asks_for(b"GetCapabilities"):
            return soap(200, MEDIA)
        if request.target == b"/media":
            seen.append(b"authorization" in request.fields)
            return soap(200, "<tds:GetProfilesResponse/>") if request.has_basic() else refusal
        return hostile.device_information() if request.has_basic() else DEVICE
    return onvif(make)


@pytest.fixture(name="survey")
def survey_fixture(judge):
    """A run of one case that has nothing to do with /media: what comes there is the survey's."""
    return lambda url, **more: judge(url, "--only", "*.password.wrong", "--html", "p.html", **more)


def test_the_second_endpoint_has_challenges_of_its_own(survey, tmp_path):
    seen = []
    with Server(device(response(401, b"", OTHERS), seen)) as server:
        done = survey(server.url())
    assert done.status == 0, done.err
    found = done.results["survey"]
    assert [c["scheme"] for c in found["challenges"]] == ["Basic"]
    second = found["second"]
    assert second["path"] == "/media"
    assert second["anonymous"] == {"outcome": "challenged", "status": 401}
    assert [c["scheme"] for c in second["challenges"]] == ["Digest", "Basic"]
    parameters = {p["name"]: p["value"] for p in second["challenges"][0]["parameters"]}
    assert parameters["realm"] == "media <b>" and parameters["qop"] == "auth,auth-int"
    assert "second-path" in found["features"]
    assert seen == [False, True]  # one bare request, one with right credentials
    assert ("second path   /media; without credentials it answers challenged (401)\n"
            'challenges    Digest realm="media <b>" algorithm=SHA-256 qop="auth,auth-int"\n'
            '              Basic realm="media"\n') in done.out
    page = (tmp_path / "p.html").read_text()
    assert "<caption>Challenges of /media</caption>" in page
    assert "<td>media &lt;b&gt;</td><td>SHA-256</td><td>auth,auth-int</td>" in page


def test_a_second_endpoint_that_is_open(survey):
    seen = []
    with Server(device(soap(200, "<tds:GetProfilesResponse/>"), seen)) as server:
        done = survey(server.url())
    assert done.status == 0, done.err
    second = done.results["survey"]["second"]
    assert second["anonymous"] == {"outcome": "accepted", "status": 200}
    assert second["challenges"] == []
    assert "/media; without credentials it answers accepted (200)" in done.out


def test_a_second_endpoint_that_says_locked_stops_the_run(survey):
    seen = []
    locked = response(401, b"The user is locked for 30 minutes", OTHERS)
    with Server(device(locked, seen)) as server:
        done = survey(server.url())
    done.stopped("locked", "the target says that it is locked")
    assert seen == [False]


def test_with_digest_no_request_more_is_sent(survey):
    seen = []

    def count(peer):
        request = peer.request
        def told():
            r = request()
            if r.target == b"/onvif/media_service":
                seen.append(b"authorization" in r.fields)
            return r
        peer.request = told
        forward(peer)

    with Device("--persona", "onvif") as target:
        forward = hostile.proxy(target.url, announce=True)
        with Server(count) as server:
            done = survey(server.url("/onvif/device_service"), password=Device.PASSWORD)
    assert done.status == 0, done.err
    assert seen == [False, True]
    found = done.results["survey"]
    assert [c["scheme"] for c in found["second"]["challenges"]] == ["Digest", "Digest"]
    assert "second-path" in found["features"]


def test_a_device_with_one_endpoint_has_no_second(survey):
    def make(request):
        return hostile.device_information() if request.has_basic() else DEVICE

    with Server(onvif(make)) as server:
        done = survey(server.url())
    assert done.status == 0, done.err
    assert done.results["survey"]["second"] is None
    assert "second path" not in done.out
