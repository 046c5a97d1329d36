"""A suite file as a collector, a variant of a case as a test."""
import pytest

from .process import HarnessError, lines_of

EXCERPT = 1600  # characters of a message in a failure


class NotProved(Exception):
    """Nothing can be said: the run was inconclusive, or had an error of its own."""


class Finding(Exception):
    """The target broke an assertion that counts."""


class NotGating(UserWarning):
    """The target broke what is only noted; `-W error` makes it a failure."""


def is_suite(path):
    """An XML file whose first element is <suite>."""
    try:
        with open(path, "rb") as f:
            head = f.read(4096)
    except OSError:
        return False
    return b"<suite" in head and b"<!DOCTYPE" not in head


class Catalogue:
    """The cases of one folder, as `countersign list` tells them, by file."""

    def __init__(self, folder, profile):
        self.suites = ["--suites", str(folder)] if (folder / "requirements").is_dir() else []
        self.cases = [c for c in lines_of("list", "--json", "--profile", profile, *self.suites)
                      if c["standing"]["selected"] or "excepted" in c["standing"]]

    def of(self, name, spellings):
        """Those of a file; what draws its requests only when somebody wants some."""
        return [c for c in self.cases
                if c["file"] == name and (spellings or not c["spellings"])]

    def variants(self, spellings):
        """The ids of all files."""
        return {v for c in self.cases if spellings or not c["spellings"] for v in c["variants"]}


def wants_spellings(options):
    return any(o.split("=")[0] in ("--spellings", "--hostile") for o in options)


class SuiteFile(pytest.File):
    def collect(self):
        plugin = self.config.countersign
        targets = plugin.targets
        if len(targets) == 1 and not targets[0].named:
            yield from collect_cases(self, targets[0], self.path)
            return
        for target in targets:
            yield TargetCases.from_parent(self, name=target.name, target=target)


class TargetCases(pytest.Collector):
    """The cases of a file for one of several targets."""

    def __init__(self, target, **more):
        super().__init__(**more)
        self.target = target

    def collect(self):
        yield from collect_cases(self, self.target, self.parent.path)


def collect_cases(parent, target, path):
    plugin = parent.config.countersign
    try:
        catalogue = plugin.catalogue_of(path.parent, target)
    except HarnessError as e:
        if str(e) in plugin.errors:
            return  # one file has told it
        plugin.errors.add(str(e))
        raise parent.CollectError(str(e)) from e
    run = plugin.run_of(target, path.parent, catalogue)
    for case in catalogue.of(path.name, wants_spellings(run.options)):
        for name in case["variants"]:
            yield Variant.from_parent(parent, name=name, case=case, run=run)


class Variant(pytest.Item):
    """Set up waits for the verdict, since only what was proved is a pass or a failure."""

    def __init__(self, case, run, **more):
        super().__init__(**more)
        self.case, self.run = case, run
        self.found = None
        standing = case["standing"]
        marks = [standing["level"], "gates" if standing["gates"] else None,
                 "slow" if case["slow"] else None]
        for mark in filter(None, marks):
            self.add_marker(mark)
        self.add_marker(pytest.mark.xdist_group(name=run.target.group))
        self.extra_keyword_matches.update(
            [case["id"], case["family"], *case["kills"], *case["field"], *case["needs"],
             *(cite["clause"] for cite in case["cites"])])

    def reportinfo(self):
        return self.path, self.case["line"] - 1, self.name

    def setup(self):
        try:
            self.found = self.run.verdict(self.name)
        except HarnessError as e:
            raise self.once(str(e)) from e
        for key in ("verdict", "level", "clause"):
            self.user_properties.append((key, self.found[key]))
        if self.found["measure"]:
            measure = self.found["measure"]
            self.user_properties.append(
                (f"measure.{measure['property']}", f"{measure['value']} {measure['unit']}"))
        if self.found["verdict"] == "skip":
            raise skipped(self.found["message"])
        if self.found["verdict"] in ("inconclusive", "error"):
            self.refuse_to_say()

    def once(self, cause):
        """One error tells it; what it kept from being judged is skipped."""
        if self.run.cause_told:
            return skipped(f"not judged: {cause}")
        self.run.cause_told = True
        return NotProved(cause)

    def refuse_to_say(self):
        """A run that could not start is one error with its cause, not one for each case."""
        cause = None if self.found["steps"] else self.run.stopped_at_once()
        raise self.once(cause["text"]) if cause else NotProved(self.found["message"])

    def runtest(self):
        waiver, verdict = self.found["waiver"], self.found["verdict"]
        if waiver:
            pytest.xfail(f"waived until {waiver['until']} by {waiver['owner']}, "
                         f"{waiver['ticket']}: {waiver['reason']}: {self.found['message']}")
        if verdict == "fail":
            raise Finding(self.found["message"])
        if verdict == "warn":
            self.warn(NotGating(f"{self.name}: {self.found['message']}"))

    def explained(self):
        """All that a person needs, for the failure; reports of pytest show it."""
        if not self.found:
            return ""
        found, page = self.found, self.run.end and self.run.end["cause_page"]
        lines = [f"{found['id']}: {found['title']}", f"  {found['message']}",
                 f"  {found['clause']} ({found['level']})", f"  why: {found['why']}",
                 f"  remedy: {found['remedy']}", ""]
        lines += [told(step, number == found["deciding"])
                  for number, step in enumerate(found["steps"])]
        if found.get("curl"):
            lines += ["To see it again:", indented(found["curl"])]
        if page and not found["steps"]:
            lines += [page["title"], *(f"  - {todo}" for todo in page["todo"])]
        return "\n".join(lines) + "\n"


def skipped(reason):
    return pytest.skip.Exception(reason, _use_item_location=True)


def indented(text):
    return "\n".join(f"    {line}" for line in text.splitlines())


def told(step, decides):
    """One exchange; the octets of the one that decides."""
    line = f"  {step['role']}: {step['summary']}: {step['outcome']} {step['status'] or ''}"
    if not decides or not step.get("sent"):
        return line.rstrip()
    parts = [line.rstrip(), indented(step["sent"][:EXCERPT]), "  answered with",
             indented(step.get("received", "")[:EXCERPT]), ""]
    return "\n".join(parts)
