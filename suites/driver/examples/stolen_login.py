"""A story of several steps: what an eavesdropper can do with what was sent."""
from pytest_countersign import anonymous, digest


def test_a_recorded_login_opens_nothing(camera):
    assert camera.send(digest(), operation="GetUsers").accepted
    assert camera.send(replay=1).refused, "the same octets once more"
    stolen = camera.send(digest(nonce="same", nc="same"), operation="GetUsers", connection="new")
    assert stolen.refused, "from another connection"


def test_users_are_for_those_who_log_in(camera):
    answer = camera.send(anonymous(), operation="GetUsers")
    assert answer.refused
    assert "Username" not in answer.received
