"""Bounds of our own on the age of a token: one test for each, as pytest does it."""
import pytest
from pytest_countersign import token


@pytest.mark.parametrize("age", ["-1h", "-1d", "+1h", "+1d"])
def test_a_token_from_another_time_is_refused(camera, age):
    assert camera.send(token(created=age)).refused


def test_a_token_of_now_is_accepted(camera):
    assert camera.send(token(created="+1s")).accepted
