"""Fixtures of the black-box tests."""
import os
import signal

import pytest

from blackbox import Call, Device, start_run
from pytests import PytestRun, secret

# A shell's background job ignores SIGINT, one under nohup SIGHUP too, and a program that is started
# there does as well: it could not be interrupted.  What is caught here is not ignored there.
for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, lambda *_: None)

# All that is called here is on loopback, and a part of no job of whoever runs the tests.
for name in [*os.environ]:
    if name.lower().endswith("_proxy") or name.startswith(("CI_NODE_", "JOB_COMPLETION_")):
        del os.environ[name]


@pytest.fixture(name="call")
def call_fixture(tmp_path):
    """call("run", ...) runs the program in tmp_path."""
    return lambda *arguments, **more: Call(arguments, tmp_path, **more).end()


@pytest.fixture(name="judge")
def judge_fixture(tmp_path):
    """judge(url, ...) is a run with both reports, which are checked."""
    return lambda url, *options, **more: (
        start_run(tmp_path, url, *options, **more).end().read_reports()
    )


@pytest.fixture(name="device")
def device_fixture():
    return Device


@pytest.fixture(name="account")
def account_fixture(tmp_path):
    return ["--user", "admin", "--password-file", secret(tmp_path / "password", Device.PASSWORD)]


@pytest.fixture(name="tests")
def tests_fixture(tmp_path, account):
    """tests(url, ...) is pytest with a target; more are words of PytestRun."""
    return lambda url, *arguments, **more: PytestRun(
        tmp_path, ["--target", url, *account, *arguments], **more)
