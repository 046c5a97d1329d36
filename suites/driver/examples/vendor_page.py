"""A vendor's own page: six lines, and every refusal is proved by controls."""
from pytest_countersign import digest


def test_a_request_works_only_once(camera):
    page = camera.at("/snapshot.jpg")
    assert page.send(digest()).accepted
    assert page.send(digest(nonce="same", nc="same")).refused
