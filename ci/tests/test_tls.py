"""The certificates of a target: recorded, told, bundled, never judged."""
import hashlib
import json
import pathlib
import re
import ssl
import subprocess
import sys
import tarfile

import pytest

import blackbox
import hostile
from hostile import Server, answers, basic, response

INTEROP = pathlib.Path(__file__).resolve().parents[1] / "interop"
sys.path.insert(0, str(INTEROP))

import servers

REFUSAL = response(401, b"", [(b"WWW-Authenticate", b'Basic realm="r"')])
FEW = ("--kind", "http", "--only", "basic.password.wrong*")


def openssl(folder, *arguments):
    return subprocess.run(["openssl", *map(str, arguments)], cwd=folder, check=True,
                          capture_output=True, text=True).stdout


def new_key(folder, name):
    return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            f"{name}.key", "-subj", f"/CN={name}")


def new_chain(folder, days):
    """leaf.pem holds its own certificate and that of its root."""
    openssl(folder, "req", "-x509", *new_key(folder, "root"), "-days", 2, "-out", "root.pem")
    openssl(folder, "req", *new_key(folder, "leaf"), "-out", "leaf.csr")
    openssl(folder, "x509", "-req", "-in", "leaf.csr", "-CA", "root.pem", "-CAkey", "root.key",
            "-CAcreateserial", "-days", days, "-out", "own.pem")
    chain = (folder / "own.pem").read_text() + (folder / "root.pem").read_text()
    (folder / "leaf.pem").write_text(chain)
    return [str(folder / "leaf.pem"), str(folder / "leaf.key")]


def der_sum(pem):
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


def without_pem(certificates):
    return [{k: v for k, v in one.items() if k != "pem"} for one in certificates]


def call(folder, *arguments):
    return blackbox.Call(arguments, folder).end()


@pytest.fixture(name="lab", scope="module")
def lab_fixture(tmp_path_factory):
    """The folder of a run on lighttpd, with the certificate that it had."""
    folder = tmp_path_factory.mktemp("tls-lab")
    with servers.LighttpdTls("tls", "--cacert") as server:
        done = call(folder, "run", server.url, *server.account(), *server.options(), "--kind",
                    "http", "--only", "digest.nc.*", "--results", "results")
        (folder / "cert.pem").write_text((server.folder / "cert.pem").read_text())
    assert done.status in (0, 1), done.err
    (folder / "survey.txt").write_text(done.out)
    return folder


def results_of(folder, name="results/results.json"):
    results = json.loads((folder / name).read_text())
    blackbox.SCHEMA.validate(results)
    return results


def test_the_certificate_is_recorded(lab):
    pem = (lab / "cert.pem").read_text()
    tls = results_of(lab)["survey"]["tls"]
    assert tls["left_off"] == 0
    [one] = tls["certificates"]
    assert one["subject"] == one["issuer"] == "CN = interop"
    assert one["notes"] == ["self-issued"]
    assert one["pem"] == pem == (lab / "results/tls-chain.pem").read_text()
    assert one["sha256"] == der_sum(pem)
    told = openssl(lab, "x509", "-in", "results/tls-chain.pem", "-noout", "-fingerprint", "-sha256",
                   "-startdate", "-enddate", "-dateopt", "iso_8601")
    assert one["sha256"].upper() in told.replace(":", "")
    for key in ("not_before", "not_after"):
        assert one[key].replace("T", " ") in told


def test_the_cards_show_it(lab):
    one = results_of(lab)["survey"]["tls"]["certificates"][0]
    out = (lab / "survey.txt").read_text()
    assert "certificate   CN = interop; issued by itself\n" in out
    assert one["sha256"] in re.sub(r"\s", "", out)
    page = (lab / "results/report.html").read_text()
    assert "Certificates that it showed" in page
    assert one["sha256"] in page and "issued by itself" in page


def test_a_record_that_is_judged_again_still_has_it(lab, tmp_path):
    done = call(tmp_path, "judge", lab / "results", "--json", "again.json")
    assert done.status in (0, 1), done.err
    survey = results_of(tmp_path, "again.json")["survey"]
    assert survey == results_of(lab)["survey"]


@pytest.mark.parametrize("change, gist", [
    (lambda c: c.update(sha256="0" * 64), 'member "sha256", expected the hash'),
    (lambda c: c.update(pem=c["pem"] + "\x1b[31m"), 'member "pem", expected one certificate'),
    (lambda c: c.update(pem=c["pem"] * 9), 'member "pem", expected one certificate'),
    (lambda c: c.update(not_after="soon"), 'member "not_after", expected a moment'),
    (lambda c: c.pop("subject"), 'member "subject", expected a text'),
])
def test_a_record_that_lies_is_refused(lab, tmp_path, change, gist):
    folder = tmp_path / "results"
    subprocess.run(["cp", "-r", lab / "results", folder], check=True)
    results = results_of(tmp_path)
    change(results["survey"]["tls"]["certificates"][0])
    (folder / "results.json").write_text(json.dumps(results, indent=1))
    call(tmp_path, "judge", "results").complains("results.json:", gist)


def test_too_many_in_a_record_are_refused(lab, tmp_path):
    subprocess.run(["cp", "-r", lab / "results", tmp_path / "results"], check=True)
    results = results_of(tmp_path)
    results["survey"]["tls"]["certificates"] *= 11
    (tmp_path / "results/results.json").write_text(json.dumps(results))
    call(tmp_path, "judge", "results").complains('member "certificates", expected an array of')


def test_the_bundle_has_it(lab, tmp_path):
    openssl(tmp_path, "req", "-x509", *new_key(tmp_path, "lab"), "-days", 2, "-out", "lab.pem",
            "-addext", "keyUsage=digitalSignature")
    (tmp_path / "lab.key").chmod(0o600)
    done = call(tmp_path, "bundle", lab / "results", "-o", "b.tar.gz", "--key", "lab.key",
                "--cert", "lab.pem", "--draft")
    assert done.status == 0, done.err
    done = call(tmp_path, "verify", "b.tar.gz", "--ca", "lab.pem")
    assert done.status == 0, done.err
    with tarfile.open(tmp_path / "b.tar.gz") as tar:
        tar.extractall(tmp_path)
    folder = tmp_path / "authentication-conformance-report"
    device = json.loads((folder / "bundle.json").read_text())["device"]
    assert device["tls_chain"] == without_pem(results_of(lab)["survey"]["tls"]["certificates"])
    assert device["tls_chain_note"] is None
    assert (folder / "tls-chain.pem").read_text() == (lab / "cert.pem").read_text()


# --- other chains ---


@pytest.mark.parametrize("days, notes", [(2, []), (-1, ["expired"])])
def test_a_chain_of_two(judge, tmp_path, days, notes):
    certificate = new_chain(tmp_path, days)
    with Server(answers(basic(REFUSAL)), certificate) as server:
        done = judge(server.url(), *FEW, "--insecure", "--html", "page.html")
    assert done.status == 0, done.err  # stated, and no verdict
    tls = done.results["survey"]["tls"]
    assert [c["subject"] for c in tls["certificates"]] == ["CN = leaf", "CN = root"]
    assert [c["issuer"] for c in tls["certificates"]] == ["CN = root", "CN = root"]
    assert [c["notes"] for c in tls["certificates"]] == [notes, ["self-issued"]]
    assert "".join(c["pem"] for c in tls["certificates"]) == (tmp_path / "leaf.pem").read_text()
    assert ("CN = leaf; expired\n" in done.out) == bool(notes)
    assert ("<div class=\"level\">expired</div>" in (tmp_path / "page.html").read_text()
            ) == bool(notes)


def test_a_long_chain_is_cut(judge, tmp_path):
    certificate = new_chain(tmp_path, 2)
    with open(certificate[0], "a", encoding="ascii") as chain:
        chain.write((tmp_path / "root.pem").read_text() * 40)
    with Server(answers(basic(REFUSAL)), certificate) as server:
        done = judge(server.url(), *FEW, "--insecure")
    assert done.status == 0, done.err
    tls = done.results["survey"]["tls"]
    assert (len(tls["certificates"]), tls["left_off"]) == (10, 32)
    assert "and 32 more, which were not kept" in done.out


def test_an_expired_one_that_is_not_excused_is_the_cause(judge, tmp_path):
    certificate = new_chain(tmp_path, -1)
    with Server(answers(basic(REFUSAL)), certificate) as server:
        done = judge(server.url(), *FEW, "--cacert", tmp_path / "root.pem")
    done.stopped("unreachable", "certificate has expired", "--insecure")
    assert done.results["survey"]["tls"] is None


def test_a_password_in_a_certificate_is_told_by_no_report(judge, tmp_path):
    openssl(tmp_path, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", "key.pem", "-subj", f"/CN={hostile.PASSWORD}", "-out", "cert.pem")
    with Server(answers(basic(REFUSAL)), [tmp_path / "cert.pem", tmp_path / "key.pem"]) as server:
        done = judge(server.url(), *FEW, "--insecure", "--results", "results")
    assert done.status == 0, done.err
    assert done.results["survey"]["tls"]["certificates"][0]["subject"] == "CN = [redacted]"
    for path in (tmp_path / "results").iterdir():
        assert path.is_dir() or hostile.PASSWORD.encode() not in path.read_bytes()
    assert hostile.PASSWORD not in done.out


def test_a_fleet_records_it_for_each_device(tmp_path):
    certificate = new_chain(tmp_path, 2)
    (tmp_path / "secret").write_text(hostile.PASSWORD)
    (tmp_path / "secret").chmod(0o600)
    with Server(answers(basic(REFUSAL)), certificate) as server:
        (tmp_path / "t.ini").write_text(
            f"[gate]\nurl = {server.url()}\nkind = http\nuser = admin\npassword-file = secret\n"
            "insecure = yes\n[lamp]\npersona = http\n")
        done = call(tmp_path, "run", "--targets", "t.ini", "--results", "out", "--json",
                    "fleet.json", "--only", "basic.password.wrong*")
    assert done.status in (0, 5), done.err + done.out
    gate = results_of(tmp_path, "out/gate/results.json")["survey"]["tls"]
    assert [c["subject"] for c in gate["certificates"]] == ["CN = leaf", "CN = root"]
    assert (tmp_path / "out/gate/tls-chain.pem").read_text() == (tmp_path / "leaf.pem").read_text()
    assert results_of(tmp_path, "out/lamp/results.json")["survey"]["tls"] is None
    assert not (tmp_path / "out/lamp/tls-chain.pem").exists()
    runs = json.loads((tmp_path / "fleet.json").read_text())["runs"]
    assert [run["survey"]["tls"] for run in runs] == [gate, None]
