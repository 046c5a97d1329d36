"""The commands that a finding tells: bash runs them, and the finding comes again."""
import contextlib
import json
import os
import re
import subprocess

import pytest

import blackbox

@contextlib.contextmanager
def device(*options):
    """The URL of a device that is served on a free port."""
    process = subprocess.Popen(
        [blackbox.PROGRAM, "device", "--listen", "127.0.0.1:0", *options],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def password(tmp_path):
    path = tmp_path / "password.txt"
    path.write_text("secure\n")
    path.chmod(0o600)
    return path


def findings(url, password, *options):
    results = password.parent / "results.json"
    done = subprocess.run(
        [blackbox.PROGRAM, "run", url, "--password-file", password, "--json", results, "-q",
         *blackbox.UNHURRIED, *options],
        stdout=subprocess.DEVNULL,
    )
    assert done.returncode in (0, 1)
    variants = json.loads(results.read_text())["variants"]
    for v in variants:
        assert (v["curl"] is not None) == (v["verdict"] in ("fail", "warn") and bool(v["steps"]))
    return [v for v in variants if v["curl"]]


def status_of(command, password):
    """What the last call of curl got; bash finds nothing to complain of."""
    done = subprocess.run(
        ["bash", "-uc", command],
        env={"PATH": os.environ["PATH"], "PASSWORD_FILE": str(password)},
        capture_output=True,
        timeout=blackbox.LIMIT_S,
    )
    assert done.stderr == b"", done.stderr
    return int(re.findall(rb"^HTTP/1\.1 (\d+)", done.stdout, re.M)[-1])


# Fault, persona, cases, and what the commands must hold: a row for each way of credentials.
ROWS = [
    ("nc-unchecked", "onvif", "digest.nc.reused", ["nonce=$(", "-md5", "-o /dev/null"]),
    ("nc-unchecked", "onvif", "digest.alg.replayed*", ["-sha256"]),
    ("auth-int-body-unchecked", "sarix", "digest.*", ["auth-int"]),
    ("sess-refused", "http", "digest.*", ['"$ha1" "$nonce"']),
    ("username-unchecked", "onvif", "digest.user*", ["countersign-nobody"]),
    ("basic-any-password", "sarix-ldap", "basic.*", ["-H @<(", '"$wrong"', "openssl base64"]),
    ("basic-scheme-case-refused", "http", "basic.*", ['"$password"']),
    ("created-ignored", "token-only", "token.created.old*", ["dgst -sha1", "date -u -d"]),
    ("token-nonce-replay-accepted", "onvif", "token.nonce.re*", ["openssl rand 16", "$nonce64"]),
    ("token-text-accepted", "onvif", "token.*", ["sed", "--data-binary @<("]),
    ("anonymous-read-media", "onvif", "access.*", ["curl -sSi"]),
]
MOST = 4  # of one row


@pytest.mark.parametrize("fault, persona, only, holds", ROWS, ids=[f"{r[0]}-{r[2]}" for r in ROWS])
def test_a_command_brings_its_finding_again(fault, persona, only, holds, password):
    kind = "http" if persona.startswith("http") else "onvif"
    with device("--persona", persona, "--fault", fault) as url:
        found = findings(url, password, "--kind", kind, "--only", only)
        commands = [v for v in found if "countersign replay" not in v["curl"]]
        assert commands
        ran = [v for v in commands if "sleep" not in v["curl"]][:MOST]
        for v in ran:
            status = v["steps"][v["deciding"]]["status"]
            assert status_of(v["curl"], password) == status, v["id"]
        for words in holds:
            assert any(words in v["curl"] for v in commands), words
        assert all("secure" not in v["curl"] for v in found)
    with device("--persona", persona) as clean:
        for v in ran[:1]:
            status = status_of(v["curl"].replace(url, clean), password)
            assert status != v["steps"][v["deciding"]]["status"], v["id"]


def test_what_curl_cannot_do_is_said(password):
    with device("--fault", "nc-unchecked") as url:
        found = findings(url, password, "--only", "digest.alg.replayed*")
    cannot = [v["curl"] for v in found if "connection=same" in v["id"]]
    assert cannot
    for command in cannot:
        assert re.fullmatch(
            r"countersign replay 'digest\.alg\S+' http://\S+ --user admin --password-file "
            r"password\.txt  # curl alone cannot: it needs one connection for several requests",
            command,
        )
