"""The plugin of pytest where something is missing or wrong: one error that says it, no traceback;
and how it is installed."""
import configparser
import shutil
import subprocess
import tomllib

import pytest

from blackbox import PROGRAM, ROOT
from pytests import DRIVER, PYTHON, PytestRun, counted, write_case

DIGEST = ROOT / "suites/digest.xml"


def told_once(done, *gist):
    """In place of pages of errors."""
    text = done.out + done.err
    assert "Traceback" not in text, text
    for words in gist:
        assert words in " ".join(text.split()), text
    if done.status == 4:
        assert done.err.startswith("ERROR: ") and len(done.err.strip().splitlines()) == 1, done.err
    else:
        assert done.status in (1, 2)
        assert done.counts()["Error"] == 1 and not done.counts()["Failure"], text
        assert done.counts()["Skipped"] == done.counts()["tests"] - 1
    return done


def script(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


# --- the program ---


def test_no_program(tests, tmp_path):
    missing = tests("http://h.invalid/", ROOT / "suites",
                    environment={"COUNTERSIGN": str(tmp_path / "none")})
    told_once(missing, "none: No such file or directory; set COUNTERSIGN to the path of")
    installed = tmp_path / "elsewhere"
    shutil.copytree(DRIVER / "pytest_countersign", installed / "pytest_countersign",
                    ignore=shutil.ignore_patterns("__pycache__"))
    anywhere = tests("http://h.invalid/", ROOT / "suites", path=installed,
                     environment={"COUNTERSIGN": "", "PATH": "/nonexistent"})
    told_once(anywhere, "no countersign: set COUNTERSIGN to its path, or install it")


@pytest.mark.parametrize("text, gist", [
    ("echo countersign 0.0.9", "is countersign 0.0.9, which is too old: pytest_countersign needs "
                               "0.1.0 or later"),
    ("echo hello", "is not countersign: --version gives 'hello'"),
    ("exit 3", "ended with 3"),
])
def test_another_program(tests, tmp_path, text, gist):
    told_once(tests("http://h.invalid/", ROOT / "suites", "-n", "2",
                    environment={"COUNTERSIGN": str(script(tmp_path / "program", text))}), gist)


@pytest.mark.parametrize("text, gist", [
    ("""echo '{"event":"plan","format":2}'; exec tail -f /dev/null""",
     "writes events of format 2, expected 1: pytest_countersign is too old for it"),
    ("echo hello; exec tail -f /dev/null", "said, where a line of JSON was expected: 'hello'"),
    ("""echo '{"event":"news"}'; echo '[]'; echo broken >&2; exit 3""", "broken"),
    ("exit 0", "ended with 0 and said nothing of digest.right.md5"),
])
def test_a_run_that_says_something_else(tests, tmp_path, text, gist):
    program = script(tmp_path / "program",
                     f'[ "$1" = run ] || exec "{PROGRAM}" "$@"\n{text}')
    done = tests("http://h.invalid/", DIGEST, environment={"COUNTERSIGN": str(program)})
    told_once(done, gist)


def test_options_that_the_program_does_not_take(tests):
    told_once(tests("http://h.invalid/", DIGEST, "--run-options=--nix"), "unknown option --nix")
    told_once(tests("http://h.invalid/", DIGEST, "--run-options=--help"), "where a line of JSON")
    done = tests("http://h.invalid/", ROOT / "suites", "--profile", "none")
    assert done.status == 2 and done.counts()["Error"] == 1, done.out
    assert "--profile none: no such profile" in done.out and "Traceback" not in done.out


# --- the target ---


def test_nobody_is_there(tests, tmp_path):
    path = write_case(tmp_path, """
def test_one(camera):
    assert camera.send(digest()).accepted


def test_two(camera):
    assert camera.send(digest(password="wrong")).refused
""")
    done = tests("http://127.0.0.1:9/x", DIGEST)
    told_once(done, "no answer from http://127.0.0.1:9/x", "Nobody listens at this port",
              "Check address and port")
    told_once(tests("http://127.0.0.1:9/x", path), "no answer from http://127.0.0.1:9/x")


@pytest.mark.parametrize("text, gist", [
    ("[a]\nusr = x\n", 't.ini:2: no entry "usr"'),
    ("[a]\nurl = http://h/\npassword = x\n", "t.ini:3: password: a password does not stand"),
    (None, "t.ini: No such file"),
])
def test_an_inventory_that_is_wrong(tmp_path, text, gist):
    if text:
        (tmp_path / "t.ini").write_text(text)
    told_once(PytestRun(tmp_path, ["--targets", "t.ini", ROOT / "suites"]), gist)


def test_two_targets_of_one_name(tmp_path, tests):
    (tmp_path / "t.ini").write_text("[a]\npersona = onvif\n")
    told_once(tests("a=http://h/", "--targets", "t.ini", DIGEST),
              "two targets have the name a; write --target NAME=URL")


def test_a_device_without_its_password(tmp_path, device):
    with device() as d:
        (tmp_path / "t.ini").write_text(f"[a]\nurl = {d.url}\npassword-env = NO_SUCH\n")
        told_once(PytestRun(tmp_path, ["--targets", "t.ini", DIGEST]), "the variable NO_SUCH")


# --- without a target ---


def test_the_catalogue_is_listed_without_a_target(tmp_path):
    done = PytestRun(tmp_path, [ROOT / "suites", "--collect-only", "-q"])
    ids = [line for line in done.out.splitlines() if "::" in line]
    assert done.status == 0 and len(ids) > 1000 and len(set(ids)) == len(ids)
    assert "suites/digest.xml::digest.right.md5" in ids
    assert len([i for i in ids if i.startswith("suites/digest.xml::")]) < len(ids)


def test_no_target_is_told(tmp_path):
    path = write_case(tmp_path, """
def test_one(camera):
    assert camera.send(digest()).accepted
""")
    done = PytestRun(tmp_path, [path, ROOT / "suites", "-rs"])
    assert done.counts() == {"tests": 1, "Failure": 0, "Error": 0, "Skipped": 1}
    assert "there is no --target" in done.out
    assert "suite files were left out: there is no --target and no --targets" in done.out


# --- installed ---


@pytest.fixture(name="installed", scope="module")
def installed_fixture(tmp_path_factory):
    """By pip, out of a copy of the sources, and without a network."""
    folder = tmp_path_factory.mktemp("pip")
    source = shutil.copytree(DRIVER, folder / "driver",
                             ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    place, python = folder / "venv", folder / "venv/bin/python"
    subprocess.run([PYTHON, "-m", "venv", "--system-site-packages", "--without-pip", place],
                   check=True)
    done = subprocess.run(
        [python, "-m", "pip", "install", "--no-index", "--no-build-isolation", "--no-deps",
         "--disable-pip-version-check", source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return python


def test_pip_installs_it(installed, tmp_path, account, device):
    """pytest finds it by its entry point: no -p, no PYTHONPATH."""
    path = write_case(tmp_path, """
def test_wrong(camera):
    assert camera.send(digest(password="wrong")).refused
""")
    with device() as d:
        options = ["--target", d.url, *account, DIGEST, path]
        done = PytestRun(tmp_path, options, python=installed, plugin=())
        named = PytestRun(tmp_path, options, python=installed,
                          plugin=("-p", "pytest_countersign"), path=None)
        plain = PytestRun(tmp_path, options)
    assert done.status == 0, done.out
    assert done.counts() == plain.counts() == named.counts()
    assert done.ids() == plain.ids() and done.counts()["tests"] > 40


def test_it_keeps_out_of_the_way_of_other_tests(installed, tmp_path):
    """Whoever has it installed may have no countersign, and does not ask for it."""
    (tmp_path / "test_else.py").write_text("def test_else():\n    pass\n")
    nowhere = {"COUNTERSIGN": "/nonexistent"}
    done = PytestRun(tmp_path, ["test_else.py"], nowhere, python=installed, plugin=())
    listed = PytestRun(tmp_path, ["test_else.py", "--collect-only", "-q"], nowhere,
                       python=installed, plugin=())
    assert done.status == listed.status == 0
    assert counted(done.cases)["tests"] == 1 and "countersign:" not in done.out


def test_the_package_says_what_pip_is_told():
    """ci/deb writes by hand what pip makes of pyproject.toml."""
    project = tomllib.loads((DRIVER / "pyproject.toml").read_text())["project"]
    points = configparser.ConfigParser()
    points.read(ROOT / "ci/deb/entry_points.txt.in")
    assert {name: dict(points[name]) for name in points.sections()} == project["entry-points"]
    lines = (ROOT / "ci/deb/METADATA.in").read_text().splitlines()
    fields = dict(line.split(": ", 1) for line in lines)
    assert fields["Name"] == project["name"] and fields["Summary"] == project["description"]
    assert fields["Requires-Python"] == project["requires-python"]
    assert [fields["Requires-Dist"].replace(" ", "")] == project["dependencies"]
    assert [fields["Classifier"]] == project["classifiers"]
    assert fields["License"] == project["license"]["text"]
    version = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True,
                             check=True).stdout
    assert version.startswith(f"countersign {project['version']} ")
