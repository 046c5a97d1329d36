"""The cap on failed logins holds, whatever a device takes for one."""
import pytest

from blackbox import Device

# Right credentials in unusual spellings are refused: nobody could reckon with that.
SPELLINGS = ("unquoted", "quoted-pair", "comma-in-string", "unknown-param", "tight-comma")


@pytest.fixture(name="refuses")
def refuses_fixture():
    faults = [word for name in SPELLINGS for word in ("--fault", f"{name}-refused")]
    with Device(*faults) as d:
        yield d.url


@pytest.mark.parametrize("cap", [3, 4])
def test_refusals_of_right_credentials_count(judge, refuses, cap):
    report = judge(refuses, "--failures", f"{cap}/30m", password=Device.PASSWORD).results
    assert report["failed_logins"] == cap
    kept_back = [v for v in report["variants"] if v["reason"] == "budget"
                 and v["message"].startswith("right credentials were refused before")]
    assert kept_back and "beyond the cap" in report["budget"]
    assert report["exit_code"] in (1, 6)


def test_anonymous_requests_cost_nothing(judge, refuses):
    """They are sent when the cap is used up, too."""
    capped = judge(refuses, "--failures", "3/30m", password=Device.PASSWORD).results
    bare = ("access.class.system", "access.protected", "access.method.anonymous")
    free = {v["id"] for v in capped["variants"] if v["id"].startswith(bare)}
    kept = {v["id"] for v in capped["variants"] if v["reason"] == "budget"}
    assert free and not free & kept


def test_a_device_without_faults_costs_no_more_than_the_cap(judge, device):
    with device() as d:
        report = judge(d.url, "--failures", "3/30m", password=Device.PASSWORD).results
    assert report["failed_logins"] <= 3
    assert not [v for v in report["variants"] if "refused before" in v["message"]]
