"""pytest with the plugin of suites/driver, as a call that has ended."""
import collections
import os
import subprocess
import sys

import junitparser

from blackbox import LIMIT_S, PROGRAM, ROOT

sys.path.insert(0, str(ROOT / "ci/interop"))

DRIVER = ROOT / "suites/driver"
EXAMPLES = DRIVER / "examples"
PYTHON = "/usr/bin/python3"


class PytestRun:
    """Counts are those of its JUnit report; path is where the plugin lies, None: installed."""

    def __init__(self, folder, arguments, environment=None, python=PYTHON,
                 plugin=("-p", "pytest_countersign"), path=DRIVER):
        junit = folder / "pytest.xml"
        junit.unlink(missing_ok=True)
        variables = {k: v for k, v in os.environ.items()
                     if not k.startswith(("COUNTERSIGN_", "PYTEST_"))}
        variables.update({"COUNTERSIGN": PROGRAM, "PYTHONDONTWRITEBYTECODE": "1",
                          **(environment or {})})
        if plugin and path:
            variables["PYTHONPATH"] = str(path)
        # A folder of its own: before it ends, pytest removes what all calls before have left in the
        # common one, which may be packages and whole roots.
        command = [python, "-m", "pytest", "-p", "no:cacheprovider", *plugin, "--basetemp",
                   str(folder / "pytest.tmp"), "--junitxml", str(junit), *map(str, arguments)]
        out, err = folder / "pytest.out", folder / "pytest.err"
        with open(out, "wb") as to_out, open(err, "wb") as to_err:
            try:
                self.status = subprocess.run(
                    command, cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=to_out,
                    stderr=to_err, timeout=LIMIT_S, check=False).returncode
            except subprocess.TimeoutExpired as e:
                raise AssertionError(f"no end: {out.read_text()[-2000:]}") from e
        self.out, self.err = out.read_text(), err.read_text()
        assert not self.err or self.status == 4, self.err
        assert "INTERNALERROR" not in self.out, self.out
        self.cases = cases_of(junit) if junit.exists() else []

    def counts(self):
        return counted(self.cases)

    def ids(self):
        return {f"{case.classname}::{case.name}" for case in self.cases}


def cases_of(path):
    return [case for suite in junitparser.JUnitXml.fromfile(str(path)) for case in suite]


def counted(cases):
    kinds = collections.Counter(type(one).__name__ for case in cases for one in case.result)
    return {"tests": len(cases), **{k: kinds[k] for k in ("Failure", "Error", "Skipped")}}


def counts_of(path):
    return counted(cases_of(path))


def write_case(folder, text):
    path = folder / "test_own.py"
    path.write_text("from pytest_countersign import *\n\n\n" + text)
    return path


def secret(path, text):
    """A file that nobody else can read."""
    path.touch(0o600)
    path.write_text(f"{text}\n")
    return path
