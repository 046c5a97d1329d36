"""The drivers of ci/interop/clients log in to the reference device, with the right password."""
import contextlib
import os
import pathlib
import subprocess
import sys
import time

import pytest

from blackbox import LIMIT_S, PROGRAM, ROOT

sys.path.insert(0, str(ROOT / "ci" / "interop" / "clients"))

import table

CLIENTS = table.load()
WITH_TESTS = {"curl", "urllib", "gsoap"}  # what ci/install test brings
ENVELOPE = (b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
            b'<GetDeviceInformation xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body>'
            b"</s:Envelope>")
# Where each scheme is the one of HTTP that is offered.
PERSONAS = {"basic": "sarix-ldap", "digest": "digest-only", "usernametoken": "token-only"}
# ffmpeg takes the last challenge, MD5 or not; this persona has one.
OTHERS = {("ffmpeg", "digest"): "sarix"}
ASKED = [(c["name"], s) for c in CLIENTS.values() for s in c["schemes"] if s != "any"]
# Offered four algorithms and Basic, these answer Digest with an algorithm that they do not know.
LOST = {"ffmpeg", "httpurlconnection"}


@contextlib.contextmanager
def device(persona):
    command = [PROGRAM, "device", "--no-config", "--listen", "127.0.0.1:0", "--persona", persona]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def need(client):
    """Skips with the reason; what ci/install test brings has to be there."""
    if table.version(client) is None:
        why = f"{client.get('debian') or client['npm']} is missing: ci/install clients"
        assert client["name"] not in WITH_TESTS, why
        pytest.skip(why)
    table.build([client])


def call(client, url, password, scheme, body=ENVELOPE, times=1, more=None):
    """The exit status of its command, which is run as countersign client runs it, with more
    variables."""
    told = {"URL": url, "URLS": " ".join([url] * times), "USERNAME": "admin", "PASSWORD": password,
            "METHOD": "POST" if body else "GET", "SCHEME": scheme, **(more or {})}
    return subprocess.run(["/bin/sh", "-c", client["command"]], env={**os.environ, **told},
                          input=body, cwd=ROOT, capture_output=True, timeout=LIMIT_S,
                          check=False)


@pytest.mark.parametrize("name,scheme", ASKED)
def test_the_right_password_logs_in_and_a_wrong_one_does_not(name, scheme):
    client = CLIENTS[name]
    need(client)
    with device(OTHERS.get((name, scheme), PERSONAS[scheme])) as url:
        right = call(client, url, "secure", scheme)
        assert right.returncode == 0, right.stderr
        wrong = call(client, url, "insecure", scheme)
        assert wrong.returncode == 1, wrong.stderr


def stopped_clock():
    """Variables for whom it is always this second."""
    library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return {"LD_PRELOAD": str(library), "FAKETIME": time.strftime("%Y-%m-%d %H:%M:%S")}


@pytest.mark.parametrize("name", CLIENTS)
def test_two_calls_are_one_session_or_are_refused(name):
    client = CLIENTS[name]
    need(client)
    scheme = client["schemes"][0]
    with device(PERSONAS[scheme]) as url:
        # libonvif's second token has the nonce of its first, if the second is the same: seconds are
        # what it draws nonces from.
        done = call(client, url, "secure", scheme, times=2,
                    more=stopped_clock() if name == "libonvif" else None)
    one_only = "two calls in a session" in client["cannot"]
    assert done.returncode == (table.CANNOT if one_only else name == "libonvif"), done.stderr


@pytest.mark.parametrize("name", CLIENTS)
def test_a_scheme_that_a_library_lacks_is_told_by_the_status(name):
    client = CLIENTS[name]
    need(client)
    for scheme in set(table.SCHEMES) - set(client["schemes"]):
        done = call(client, "http://127.0.0.1:9/", "secure", scheme)
        assert done.returncode == table.CANNOT and done.stderr, scheme


@pytest.mark.parametrize("name", [n for n, c in CLIENTS.items() if c["profile"] != "client-onvif"])
def test_a_get_without_a_body(name):
    client = CLIENTS[name]
    need(client)
    with device("http") as url:
        done = call(client, url, "secure", "basic", body=b"")
    assert done.returncode == (name in LOST), done.stderr


def test_an_address_where_nobody_is_fails():
    for name in WITH_TESTS:
        client = CLIENTS[name]
        need(client)
        assert call(client, "http://127.0.0.1:9/", "secure", "any").returncode == 1


def test_the_table_is_in_order():
    assert {c["profile"] for c in CLIENTS.values()} == {
        "client-rfc7616", "client-rfc2617", "client-onvif"}
    for client in CLIENTS.values():
        assert set(client["schemes"]) <= set(table.SCHEMES) and "any" in client["schemes"]
        assert all(client["cannot"]), client["name"]
