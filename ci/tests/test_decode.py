"""countersign decode: pasted text, what is said of it, and what is never printed."""
import base64
import hashlib
import json
import os
import subprocess

import jsonschema
import pytest

import blackbox

PASSWORD = "Un1que&pass word"
SCHEMA = jsonschema.Draft202012Validator(
    json.loads((blackbox.ROOT / "reports/decode.schema.json").read_text())
)
NONCE = base64.b64encode(bytes(range(16))).decode()
CREATED = "2026-11-22T10:11:12Z"
TYPE = (
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"
    "#PasswordDigest"
)


def decode(*arguments, text=None, password=PASSWORD):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COUNTERSIGN_")}
    if password:
        environment["COUNTERSIGN_PASSWORD"] = password
    done = subprocess.run(
        [blackbox.PROGRAM, "decode", *map(str, arguments)],
        input=text or "",
        env=environment,
        capture_output=True,
        text=True,
        timeout=blackbox.LIMIT_S,
    )
    assert PASSWORD not in done.stdout + done.stderr
    return done


def names(text, *arguments, **how):
    """The exit status, and the findings that are no notes."""
    done = decode("--json", "-", *arguments, text=text, **how)
    result = json.loads(done.stdout)
    SCHEMA.validate(result)
    assert done.returncode == (1 if result["wrong"] else 0)
    return [
        f"{f['weight']} {f['name']}"
        for item in result["items"]
        for f in item["findings"]
        if f["weight"] != "note"
    ]


def token(octets, created=CREATED, user="admin"):
    """A token whose digest is of octets and the password."""
    digest = base64.b64encode(hashlib.sha1(octets + PASSWORD.encode()).digest()).decode()
    return (
        f"<wsse:UsernameToken>\n <wsse:Username>{user}</wsse:Username>\n"
        f' <wsse:Password Type="{TYPE}">{digest}</wsse:Password>\n'
        f" <wsse:Nonce>{NONCE}</wsse:Nonce>\n <wsu:Created>{created}</wsu:Created>\n"
        "</wsse:UsernameToken>\n"
    )


def right_token():
    return token(bytes(range(16)) + CREATED.encode())


def digest_header(hashed_uri="/a?b", uri="/a?b", ha1=None):
    def h(*parts):
        return hashlib.md5(":".join(parts).encode()).hexdigest()

    a1 = ha1 or h("admin", "r", PASSWORD)
    response = h(a1, "n", "00000001", "c", "auth", h("GET", hashed_uri))
    return (
        f'Authorization: Digest username="admin", realm="r", nonce="n", uri="{uri}", qop=auth, '
        f'nc=00000001, cnonce="c", response="{response}"'
    )


def test_tokens():
    assert names(right_token()) == ["right digest"]
    assert names(token(NONCE.encode() + CREATED.encode())) == ["wrong nonce-undecoded"]
    assert names(token(bytes(range(16)) + b"2026-11-22T10:11:12.000Z")) == [
        "wrong created-reformatted"
    ]
    assert names(right_token(), password="another") == ["wrong password"]
    assert names(right_token(), "--user", "Admin") == ["wrong user-case", "right digest"]
    assert names(right_token(), password=None) == []


def test_skew():
    assert names(right_token(), "--at", "2026-11-22T10:12:00Z") == ["right digest"]
    assert names(right_token(), "--at", "2026-11-22T11:11:12Z") == [
        "wrong created-skew", "right digest"
    ]
    assert "3600 s behind --at; that is a zone" in decode(
        "--at", "2026-11-22T11:11:12Z", text=right_token()
    ).stdout.replace("\n              ", " ")


def test_several_in_one_file():
    text = right_token() + "\n" + digest_header() + "\n\n" + right_token()
    assert names(text) == ["right digest", "right response", "right digest"]
    lines = [i["line"] for i in json.loads(decode("--json", "-", text=text).stdout)["items"]]
    assert lines == [1, 8, 10]


def test_exchange():
    exchange = (
        'HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Digest realm="r", nonce="n", qop="auth"\n'
        "Content-Length: 0\n\nGET /a?b HTTP/1.1\nHost: h\n{}\n\nHTTP/1.1 200 OK\n\n"
    )
    assert names(exchange.format(digest_header())) == ["right challenge", "right response"]
    assert names(exchange.format(digest_header("/a"))) == [
        "right challenge", "wrong uri-without-query"
    ]


def test_file_and_report(tmp_path):
    path = tmp_path / "token.xml"
    path.write_text(right_token())
    secret = tmp_path / "secret.txt"
    secret.write_text(PASSWORD + "\n")
    secret.chmod(0o600)
    report = tmp_path / "decode.json"
    done = decode(path, "--password-file", secret, "--json", report, password=None)
    assert done.returncode == 0 and f"{path}:1: UsernameToken" in done.stdout.replace("\n", "")
    SCHEMA.validate(json.loads(report.read_text()))


def test_evidence_of_a_run(tmp_path):
    """What --results keeps of a run can be pasted."""
    results = tmp_path / "results"
    subprocess.run(
        [blackbox.PROGRAM, "run", "--only", "digest.nc.reused", "--evidence", "full", "--results",
         results, "-q"],
        stdout=subprocess.DEVNULL,
        check=True,
    )
    requests = sorted(results.rglob("*.request"))
    assert requests
    for path in requests:
        done = decode(path, password="secure")
        assert done.returncode == 0, done.stdout
        assert "RIGHT" in done.stdout or "no-credentials" in done.stdout


@pytest.mark.parametrize("text, line", [
    ("", 1),
    ("\n\nhello\n", 3),
    ("GET / HTTP/1.1\nHost: x\nno colon\n\n", 3),
    ("\n<a>\n</a>\n", 2),
    ("<wsse:UsernameToken>\n<wsse:Nonce>\n</wsse:UsernameToken>\n", 3),
])
def test_bad_input(text, line):
    done = decode(text=text)
    assert done.returncode == 4 and done.stdout == ""
    assert done.stderr.startswith(f"countersign: -:{line}: ") and "expected" in done.stderr
    assert done.stderr.count("\n") == 1


def test_bad_options(tmp_path):
    for arguments in (
        [tmp_path / "absent"],
        ["--at", "yesterday"],
        ["--password-file", "-"],
        ["a", "b"],
    ):
        done = decode(*arguments, text=right_token(), password=None)
        assert done.returncode == 4 and done.stderr.startswith("countersign"), arguments
        assert done.stderr.count("\n") == 1 and done.stdout == ""


def test_hostile_text():
    long = "n" * 5000
    text = f'WWW-Authenticate: Digest realm="\x1b[31m::error::x", nonce="{long}", qop="auth"\n'
    out = decode(text=text).stdout
    assert not blackbox.CONTROL.search(out)
    assert len(out) < 5000 and "\n::error" not in out
    assert decode(text="<a" * 100000).returncode == 4
    assert decode(text="x" * (1 << 20) + "x").returncode == 4
    assert decode(text="Basic eA==\n" * 300).returncode == 4


def test_long_values_cost_no_error():
    """Hypotheses copy what they hash: no size of a value makes them fail."""
    realm = "r" * 60000
    text = "".join(
        f'Digest username="a", realm="{realm}", nonce="{i}", uri="/", response="{"0" * 32}"\n'
        for i in range(15)
    )
    assert names(text) == ["wrong password"] * 15
    created = CREATED[:-1] + "." + "1" * 400000 + "Z"
    assert names(token(b"", created)) == ["wrong password-alone"]
