"""The packages that cpack makes of the build under test: installed in an empty prefix, and run."""
import gzip
import hashlib
import os
import pathlib
import re
import subprocess

import pytest

from blackbox import PROGRAM, ROOT

BUILD = pathlib.Path(PROGRAM).resolve().parents[2]
EPOCH = "1700000000"
PLAIN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


def run(*command, status=0, **more):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, **more)
    assert done.returncode == status, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def pack(folder, **variables):
    run("cpack", "--config", BUILD / "CPackConfig.cmake", "-B", folder, cwd=folder,
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH, **variables}, umask=0o022)
    packages = [*folder.glob("*.deb"), *folder.glob("*.tar.gz")]
    assert len(packages) == 2
    return packages


@pytest.fixture(name="packages", scope="module")
def packages_fixture(tmp_path_factory):
    return pack(tmp_path_factory.mktemp("first"))


@pytest.fixture(name="prefix", scope="module", params=["deb", "tgz"])
def prefix_fixture(request, packages, tmp_path_factory):
    """Each package unpacked where nothing else is; its folder of bin and share."""
    top = tmp_path_factory.mktemp(request.param)
    if request.param == "deb":
        run("dpkg-deb", "-x", packages[0], top)
        return top / "usr"
    run("tar", "-xzf", packages[1], "-C", top)
    folder, = top.iterdir()
    return folder


def test_a_package_depends_on_its_source_only(packages, tmp_path):
    """Neither the day nor the place of the builder shows.  Its umask would, in the archive's own
    headers: ci/package sets it."""
    again = pack(tmp_path, TZ="Pacific/Auckland", LC_ALL="C")
    for one, other in zip(packages, again):
        assert one.name == other.name
        assert hashlib.sha256(one.read_bytes()).digest() == \
            hashlib.sha256(other.read_bytes()).digest(), one.name


def test_the_deb_says_what_it_needs(packages):
    fields = run("dpkg-deb", "-f", packages[0])
    for line in ("Package: countersign", "Section: net", "Priority: optional", "Maintainer: "):
        assert f"{line}" in fields
    named = set(re.findall(r"([a-z0-9.+-]+)(?: \([^)]*\))?(?:,|$)",
                           re.search("^Depends: (.*)", fields, re.M).group(1)))
    libraries = re.findall(r"NEEDED +(\S+)", run("objdump", "-p", PROGRAM))
    assert len(libraries) >= 6
    for library in libraries:
        found = run("dpkg-query", "-S", f"*/{library}").splitlines()
        assert named & {re.split("[:,]", line)[0] for line in found}, library


def test_the_deb_names_a_maintainer(packages, prefix):
    """Debian policy 5.6.2: a name and an address.  The default is one that nobody can own."""
    told = run("dpkg-deb", "-f", packages[0], "Maintainer").strip()
    wanted, = re.findall("^COUNTERSIGN_MAINTAINER:STRING=(.*)",
                         (BUILD / "CMakeCache.txt").read_text(), re.M)
    assert told == wanted and re.fullmatch(r"[^<>@,]+ <[^<>@, ]+@[^<>@, ]+\.[a-z]+>", told)
    if prefix.name == "usr":
        with gzip.open(prefix / "share/doc/countersign/changelog.Debian.gz", "rt") as changelog:
            assert f"\n -- {told}  " in changelog.read()


@pytest.mark.parametrize("maintainer", ["", "nobody", "a@example.org", "A <a@b>, B <b@c>",
                                        "A <a b@c>"])
def test_what_is_no_maintainer_is_refused(maintainer, tmp_path):
    done = subprocess.run(["cmake", "-S", ROOT, "-B", tmp_path, "-DBUILD_TESTING=OFF",
                           f"-DCOUNTERSIGN_MAINTAINER={maintainer}"],
                          capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "expected NAME <ADDRESS>" in " ".join(done.stderr.split())


def test_everything_in_the_deb_is_readable_and_roots(packages):
    lines = run("dpkg-deb", "-c", packages[0], env={**PLAIN, "TZ": "UTC"}).splitlines()
    assert len(lines) > 100
    for line in lines:
        mode, owner, *_ = line.split()
        assert mode in ("drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--") and owner == "root/root", line
        assert "2023-11-14 22:13" in line and "__pycache__" not in line


def test_the_papers_are_there(prefix):
    docs = prefix / "share/doc/countersign"
    with gzip.open(docs / "changelog.gz", "rt") as changelog:
        assert "[Unreleased]" in changelog.read()
    if prefix.name == "usr":
        assert "License: Expat\n Permission is" in (docs / "copyright").read_text()
        with gzip.open(docs / "changelog.Debian.gz", "rt") as changelog:
            assert "Tue, 14 Nov 2023 22:13:20 +0000" in changelog.read()
    else:
        assert (docs / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()
    pages = list((prefix / "share/man").rglob("*.*"))
    assert "countersign.1.gz" in [page.name for page in pages]
    for page in pages:
        with gzip.open(page, "rt") as text:
            assert ".TH" in text.read(), page


def test_the_readme_can_be_read_from_the_package(prefix):
    """The pages and the picture lie where its links lead; a page's own links stay among them."""
    docs = prefix / "share/doc/countersign"
    links = re.findall(r"\]\(([^):#]+)\)", (docs / "README.md").read_text())
    assert len(links) >= 18
    for link in links:
        assert (docs / link).stat().st_size > 0, link
    pages = list((docs / "reports/guide").iterdir())
    for page in pages:
        for link in re.findall(r"\]\(([^)]+)\)", page.read_text()):
            assert (page.parent / link) in pages, link


def test_the_main_job_runs_from_an_empty_prefix(prefix, tmp_path):
    program, data = prefix / "bin/countersign", prefix / "share/countersign"
    for options in ([], ["--suites", data / "suites"]):
        report = tmp_path / "report.xml"
        run(program, "run", "--only", "digest.nc.*", "--junit", report, *options,
            cwd=tmp_path, env=PLAIN)
        run("xmllint", "--noout", "--relaxng", data / "reports/junit.rng", report)
    run(program, "run", "--only", "digest.nc.*", "--persona", "sarix", "--fault", "nc-unchecked",
        "--quiet", cwd=tmp_path, env=PLAIN, status=1)
    vectors = sorted((data / "vectors").glob("*.json"))
    assert {v.name for v in vectors} >= {"digest.json", "known.json", "vectors.schema.json"}
    run(program, "vectors", data / "vectors/digest.json", "--quiet", cwd=tmp_path, env=PLAIN)


def test_the_plugin_comes_with_it(prefix):
    folder = prefix / "lib/python3/dist-packages"
    if not (ROOT / "suites/driver/pytest_countersign").exists():
        assert not folder.exists()
        return
    shown = run("/usr/bin/python3", "-m", "pytest", "--help", cwd=prefix,
                env={**PLAIN, "PYTHONPATH": str(folder)})
    assert "--target" in shown
