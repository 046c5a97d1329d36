"""countersign in pytest: README.md of this folder's parent."""
import shlex

import pytest
from _pytest._code.code import (ReprEntryNative, ReprExceptionInfo, ReprFileLocation,
                                ReprTraceback)

from . import camera as driven
from . import items, process, target
from .camera import anonymous, basic, digest, header, security, token
from .items import NotGating, NotProved

__all__ = ["NotGating", "NotProved", "anonymous", "basic", "digest", "header", "security", "token"]

LEVELS = {
    "must": "the text says must", "should": "the text says should",
    "may": "the text leaves it open", "hardening": "no text asks, prudence does",
    "measure": "a number, never a verdict", "gates": "decides under the profile",
    "slow": "takes minutes",
}
WORST = 1  # exit status of pytest when a run was worse than its tests


def pytest_addoption(parser):
    target.add_options(parser)


class Plugin:
    """One of a session, as config.countersign."""

    def __init__(self, config):
        self.config = config
        self.runs, self.catalogues, self.drives, self.told = {}, {}, {}, []
        self.lanes = process.Lanes()
        self.errors = set()  # of catalogues
        self.left_out = False  # a suite file, since there is no target
        self.targets = []
        option = config.option
        if option.target or option.targets:
            try:
                process.check_program()
                self.targets = target.chosen(config)
            except process.HarnessError as e:
                raise pytest.UsageError(str(e)) from e
        elif option.collectonly:
            self.targets = target.chosen(config)
        names = [t.name for t in self.targets]
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise pytest.UsageError(f"two targets have the name {twice[0]}; write "
                                    "--target NAME=URL")
        target.check_options(config, self.targets)

    def catalogue_of(self, folder, judged):
        key = (folder, target.profile_of(self.config, judged))
        if key not in self.catalogues:
            self.catalogues[key] = items.Catalogue(*key)
        return self.catalogues[key]

    def run_of(self, judged, folder, catalogue):
        key = (judged.name, folder)
        if key not in self.runs:
            options = target.run_options(self.config, judged) + catalogue.suites
            self.runs[key] = process.Run(judged, options, self.lanes)
        return self.runs[key]

    def drive_of(self, judged, kind=None):
        key = (judged.name, judged.url)
        if key not in self.drives:
            options = target.account_options(self.config, kind)
            self.drives[key] = driven.Drive(judged, options + self.drive_options(), self.lanes)
        return self.drives[key]

    def drive_options(self):
        return shlex.split(self.config.option.drive_options)

    def select(self, session):
        """What is left of the collected is what is run."""
        for run in self.runs.values():
            run.wanted = []
        for item in session.items:
            if isinstance(item, items.Variant):
                item.run.wanted.append(item.name)
        for (_, folder), run in self.runs.items():
            catalogue = self.catalogue_of(folder, run.target)
            spellings = items.wants_spellings(run.options)
            run.all = set(run.wanted) == catalogue.variants(spellings)

    def finish(self):
        for drive in self.drives.values():
            drive.rest()
        for run in self.runs.values():
            run.stop()
            if run.child:
                self.told.append(run.summary())
        return self.told


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    config.countersign = Plugin(config)
    for name, text in LEVELS.items():
        config.addinivalue_line("markers", f"{name}: a case of countersign: {text}")
    if not config.pluginmanager.hasplugin("xdist"):
        config.addinivalue_line("markers", "xdist_group(name): of pytest-xdist")
        return
    if config.countersign.targets:
        keep_together(config)


def keep_together(config):
    """Two workers would ask one target at the same time, and count each other's failed logins."""
    if hasattr(config, "workerinput"):
        config.option.loadgroup = True  # a worker reads the arguments, which may not say it
    elif config.option.dist == "load":
        config.option.dist = "loadgroup"
    elif config.option.dist not in ("no", "loadgroup"):
        raise pytest.UsageError("countersign needs --dist loadgroup: a target has one worker")


def pytest_collect_file(file_path, parent):
    if file_path.suffix != ".xml" or not items.is_suite(file_path):
        return None
    if not parent.config.countersign.targets:
        parent.config.countersign.left_out = True
        return None
    # The folder above all arguments, which pytest takes, moves with where the password lies.
    name = f"{file_path.parent.name}/{file_path.name}"
    return items.SuiteFile.from_parent(parent, path=file_path, nodeid=name)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session):
    session.config.countersign.select(session)
    if hasattr(session.config, "workerinput"):
        take_groups_off(session)


def take_groups_off(session):
    """xdist has put the group behind the id, and told it; ids are the same with and without it."""
    groups = {t.group for t in session.config.countersign.targets}
    for item in session.items:
        name, _, group = item.nodeid.rpartition("@")
        if group in groups:
            item._nodeid = name  # pylint: disable=protected-access


def shown(path, line, message, text):
    """As pytest shows a traceback, so that its summary and JUnit report have the message."""
    where = ReprFileLocation(str(path), line, message)
    return ReprExceptionInfo(ReprTraceback([ReprEntryNative([text])], None, "native"), where)


def pytest_generate_tests(metafunc):
    targets = metafunc.config.countersign.targets
    if "camera" in metafunc.fixturenames and (len(targets) > 1 or any(t.named for t in targets)):
        metafunc.parametrize("camera", targets, ids=[t.name for t in targets], indirect=True)


@pytest.fixture(name="camera")
def camera_fixture(request):
    """The target, for a case in Python: camera.send(digest(password="wrong")).refused."""
    plugin = request.config.countersign
    judged = getattr(request, "param", None) or (plugin.targets or [None])[0]
    if not judged:
        pytest.skip("there is no --target")
    request.node.camera = driven.Camera(plugin, plugin.drive_of(judged), request.node.name)
    return request.node.camera


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):  # pylint: disable=redefined-outer-name
    """The cases in Python go to the worker that asks their target."""
    for item in items:
        if "camera" in getattr(item, "fixturenames", ()) and config.countersign.targets:
            call = getattr(item, "callspec", None)
            judged = (call.params.get("camera") if call else None) or config.countersign.targets[0]
            item.add_marker(pytest.mark.xdist_group(name=judged.group))


def tell_of_camera(item, report, error):
    """What was sent; and what proves nothing is an error of the test, not a failure of the target.
    """
    if report.failed and item.camera.log:
        report.sections.append(("countersign", item.camera.transcript()))
    if isinstance(error, (NotProved, process.HarnessError)):
        report.when = "setup"
        report.longrepr = shown(item.path, item.reportinfo()[1], " ".join(str(error).split()),
                                f"nothing is proved: {error}\n")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    error = call.excinfo and call.excinfo.value
    if call.when == "call" and hasattr(item, "camera"):
        tell_of_camera(item, report, error)
    if isinstance(item, items.Variant) and isinstance(error, (items.Finding, items.NotProved)):
        message = " ".join(str(error).split())
        report.longrepr = shown(item.path, item.case["line"], message,
                                item.explained() or f"{error}\n")


def pytest_report_header(config):
    targets = config.countersign.targets
    return [f"countersign: {t.name} {t.url or 'built-in device'}" for t in targets if t.name]


def tell_of_run(config, run):
    """What is wrong with a run as a whole is a case of its own, as in the report of countersign."""
    for name, when, text in run["cases"]:
        where = "::".join(filter(None, ["run", run["target"], name]))
        config.hook.pytest_runtest_logreport(report=pytest.TestReport(
            where, ("run", None, name), {}, "failed", shown("run", 0, " ".join(text.split()),
                                                            f"{text}\n"), when))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session, exitstatus):
    """Before the JUnit report of pytest is written."""
    plugin = session.config.countersign
    told = plugin.finish()
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["countersign"] = told
    else:
        for run in told:
            tell_of_run(session.config, run)
    if exitstatus == 0 and any(run["status"] for run in told):
        session.exitstatus = WORST


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """A worker of xdist has ended."""
    del error
    node.config.countersign.told += getattr(node, "workeroutput", {}).get("countersign", [])


def pytest_terminal_summary(terminalreporter, config):
    if config.countersign.left_out:
        terminalreporter.section("countersign")
        terminalreporter.line("suite files were left out: there is no --target and no --targets")
    for run in config.countersign.told:
        terminalreporter.section(f"countersign {run['target'] or run['url']}")
        terminalreporter.line(run_line(run))
        end = run["end"] or {}
        problems = (end.get("waivers") or {}).get("problems") or []
        for text in [*problems, end.get("budget"), (end.get("cause") or {}).get("text")]:
            if text:
                terminalreporter.line(str(text))


def run_line(run):
    if not run["end"]:
        return f"no end: {run['said'] or run['status']}"
    counts = ", ".join(f"{n} {verdict}" for verdict, n in run["end"]["counts"].items() if n)
    return (f"{counts}; {run['end']['exchanges']} exchanges, "
            f"{run['end']['failed_logins']} failed logins; exit status {run['status']}")
