"""The programs that read our reports agree on what is in them: with a target's hostile words in
every field, and where people write 1,5."""
import collections
import json
import os
import pathlib
import re
import subprocess
import tempfile
from html.parser import HTMLParser

import junitparser
import pytest

import hostile
from blackbox import LIMIT_S, PROGRAM, ROOT, Done, junit_counts, start_run, validate

HOSTILE_REPORTS = pathlib.Path(PROGRAM).parents[1] / "tests/hostile_reports"
NPM = ROOT / "build/npm/node_modules/.bin"
HARMLESS = b"some words"
HOSTILE = (
    b"a|b`c` <img src=x onerror=alert(1)> </system-out> &amp; ]]> \"' \0 \xff\xfe \xed\xa0\x80"
    b" \x1b[31mred\x1b]0;t\x07 ::error::x ##[error]y ##vso[task.setvariable]z %0A::warning::w\r\n"
    b"::set-env name=A::b\n::stop-commands::t\n  ...\n---\n# SKIP s\nnot ok 1\nBail out!\n1..2\n"
    b"[[ATTACHMENT|/etc/passwd]] ![](http://evil.example) www.evil.example @user #1 $x$ ~~s~~\n\n"
    b"\xf0\x9f\x98\x80 \xe2\x80\xae \xe2\x80\xa8 \xef\xbf\xbe \\ \\n \\| 1,5"
)
Counts = collections.namedtuple("Counts", "tests bad skipped")


# --- reports to read ---


@pytest.fixture(name="comma", scope="session")
def comma_fixture(tmp_path_factory):
    """The environment of a locale whose decimal separator is a comma."""
    folder = tmp_path_factory.mktemp("locale")
    subprocess.run(["localedef", "--no-archive", "-i", "de_DE", "-f", "UTF-8",
                    str(folder / "de_DE.UTF-8")], check=True, capture_output=True)
    return {"LOCPATH": str(folder), "LC_ALL": "de_DE.UTF-8"}


def crafted(folder, text, environment):
    """A run that holds every verdict, with text in each field; gives the standard output."""
    (folder / "text").write_bytes(text)
    done = subprocess.run([HOSTILE_REPORTS, folder, folder / "text"], capture_output=True,
                          check=True, cwd=folder, env={**os.environ, **environment})
    return done.stdout.decode()


@pytest.fixture(name="hostile_run", scope="module")
def hostile_run_fixture(tmp_path_factory, comma):
    folder = tmp_path_factory.mktemp("hostile")
    output = crafted(folder, HOSTILE, comma)
    assert output.endswith("\n0,5\n")  # the writers had the locale, and wrote no comma
    assert not re.search(r'time="[0-9]*,', (folder / "junit.xml").read_text())
    return folder, output


@pytest.fixture(name="device_run", scope="module")
def device_run_fixture(tmp_path_factory, comma):
    """A real run: a server whose answers are as hostile as a connection lets them be."""
    folder = tmp_path_factory.mktemp("device")
    words = re.sub(rb'[\0\r\n"\\]', b" ", HOSTILE)
    fields = [(b"WWW-Authenticate", b'Basic realm="' + words + b'"'), (b"Server", words)]
    make = hostile.basic(hostile.response(401, HOSTILE, fields), HOSTILE, fields[1:])
    with hostile.Server(hostile.answers(make)) as server:
        run = start_run(folder, server.url(), "--kind", "http", "--only", "basic.*",
                        environment=comma)
        return folder, run.end().read_reports().out


@pytest.fixture(name="failing_run", scope="module")
def failing_run_fixture(tmp_path_factory, comma):
    folder = tmp_path_factory.mktemp("failing")
    run = start_run(folder, "--persona=sarix", "--fault", "nc-unchecked", environment=comma)
    done = run.end().read_reports()
    assert done.status == 1
    return folder, done.out


@pytest.fixture(name="folder", scope="module", params=["hostile", "device", "failing"])
def folder_fixture(request):
    return request.getfixturevalue(f"{request.param}_run")[0]


def expected(folder):
    """From the master record, which none of the consumers reads."""
    results = json.loads((folder / "results.json").read_text())
    counts = results["counts"]
    cause = bool(results["cause"])
    return Counts(len(results["variants"]) + cause,
                  counts["fail"] + counts["inconclusive"] + counts["error"] + cause,
                  counts["skip"])


# --- who reads them ---


def output_of(comma, *command, status=(0,)):
    with tempfile.TemporaryFile() as out:  # Node.js programs that exit lose what a pipe held back
        done = subprocess.run([str(word) for word in command], stdout=out, check=False,
                              stderr=subprocess.PIPE, env={**os.environ, **comma, "NO_COLOR": "1"},
                              timeout=LIMIT_S)
        out.seek(0)
        text = out.read().decode()
    assert done.returncode in status, text[-2000:] + done.stderr[-2000:].decode()
    return text


def xmllint(folder, comma):
    def count(path):
        return int(output_of(comma, "xmllint", "--xpath", f"count(//testcase{path})",
                             folder / "junit.xml"))

    return Counts(count(""), count("[failure|error]"), count("[skipped]"))


def junitparser_elements(folder, _):
    return Counts(*junit_counts(folder / "junit.xml"))


def junitparser_attributes(folder, _):
    suites = list(junitparser.JUnitXml.fromfile(str(folder / "junit.xml")))
    return Counts(sum(s.tests for s in suites), sum(s.failures + s.errors for s in suites),
                  sum(s.skipped for s in suites))


def junitparser_verify(folder, comma):
    """Its exit status is 1 when anything is red."""
    want = expected(folder)
    output_of(comma, "/usr/bin/python3", "-m", "junitparser", "verify", folder / "junit.xml",
              status=(1 if want.bad else 0,))
    return want


def xunit_viewer(folder, comma):
    text = output_of(comma, NPM / "xunit-viewer", "--results", folder / "junit.xml", "--console",
                     "--no-color", "--output", folder / "view.html")
    kind = r"\d+ (?:passed|failure|error|skipped)"
    totals = re.findall(rf"^{kind}(?:, {kind})*$", text, re.MULTILINE)[-1]
    found = {word: int(number) for number, word in map(str.split, totals.split(", "))}
    assert (folder / "view.html").stat().st_size > 10000
    return Counts(sum(found.values()), found.get("failure", 0) + found.get("error", 0),
                  found.get("skipped", 0))


def junit_report_merger(folder, comma):
    merged = folder / "merged.out"
    output_of(comma, NPM / "jrm", merged, folder / "junit.xml")
    root = junitparser.JUnitXml.fromfile(str(merged))
    assert junit_counts(merged) == junit_counts(folder / "junit.xml")
    return Counts(root.tests, root.failures + root.errors, root.skipped)


def junit_to_ctrf(folder, comma):
    output_of(comma, NPM / "junit-to-ctrf", folder / "junit.xml", "-o", folder / "ctrf.out")
    results = json.loads((folder / "ctrf.out").read_text())["results"]
    summary = results["summary"]
    assert summary["tests"] == len(results["tests"])
    assert summary["pending"] == summary["other"] == 0
    return Counts(summary["tests"], summary["failed"], summary["skipped"])


def tap_parser(folder, comma):
    """The parser of node-tap, which reads TAP 14."""
    script = ("const {Parser} = require(process.argv[1]);"
              "const p = new Parser({strict: true}, r => console.log(JSON.stringify(r)));"
              "p.on('extra', x => { console.error(x); process.exitCode = 9; });"
              "require('fs').createReadStream(process.argv[2]).pipe(p);")
    found = json.loads(output_of(comma, "node", "-e", script, NPM.parent / "tap-parser",
                                 folder / "report.tap"))
    assert found["plan"]["end"] == found["count"] and not found["bailout"]
    assert all(f["name"] and f["diag"]["message"] for f in found["failures"])
    return Counts(found["count"], found["fail"], found["skip"])


def perl_prove(folder, comma):
    """Perl's TAP::Parser knows versions up to 13, which differ only in what we do not use."""
    script = ("use TAP::Parser; open my $f, '<', $ARGV[0] or die; local $/; my $t = <$f>;"
              "$t =~ s/\\ATAP version 14/TAP version 13/; my $p = TAP::Parser->new({tap => $t});"
              "my $d = 0; while (my $r = $p->next) { $d++ if $r->is_yaml; }"
              "print join(' ', $p->tests_run, scalar($p->failed), scalar($p->skipped),"
              " scalar($p->parse_errors), $d)")
    ran, failed, skipped, errors, documents = map(
        int, output_of(comma, "perl", "-e", script, folder / "report.tap").split())
    assert errors == 0 and documents >= failed
    return Counts(ran, failed, skipped)


@pytest.mark.parametrize("consumer", [
    xmllint, junitparser_elements, junitparser_attributes, junitparser_verify, xunit_viewer,
    junit_report_merger, junit_to_ctrf, tap_parser, perl_prove,
], ids=lambda f: f.__name__)
def test_consumers_agree(folder, comma, consumer):
    want = expected(folder)
    assert want.tests > 10 and want.tests > want.bad + want.skipped
    assert consumer(folder, comma) == want


def test_the_report_is_valid_by_both_schemas(folder):
    validate(folder / "junit.xml", "--relaxng", ROOT / "reports/junit.rng")
    if "COUNTERSIGN_SHARED" in os.environ:
        xsd = pathlib.Path(os.environ["COUNTERSIGN_SHARED"]) / "facts/junit-10.xsd"
        validate(folder / "junit.xml", "--schema", xsd)


# --- Markdown, as GitHub reads it ---


class Outline(HTMLParser):
    """The elements of a page in their order, without <wbr>, and all text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag != "wbr":
            self.tags.append((tag, attrs))

    def handle_endtag(self, tag):
        self.tags.append("/" + tag)

    def handle_data(self, data):
        self.text += data


def rendered(folder, comma):
    return Outline(output_of(comma, "cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink",
                             "-e", "strikethrough", "-e", "tasklist", folder / "page.md"))


def test_hostile_words_bring_no_markup(hostile_run, comma, tmp_path):
    crafted(tmp_path, HARMLESS, comma)
    harmless, page = rendered(tmp_path, comma), rendered(hostile_run[0], comma)
    assert len(harmless.tags) > 300
    assert page.tags == harmless.tags
    assert "<img src=x onerror=alert(1)>" in page.text  # as words
    assert "www.evil.example" in page.text


def test_a_page_of_a_run_has_no_links(folder, comma):
    page = rendered(folder, comma)
    names = {tag if isinstance(tag, str) else tag[0] for tag in page.tags}
    assert {"h2", "table", "details"} <= names
    assert not names & {"a", "img", "script", "del", "em", "code", "pre", "blockquote"}


# --- jobs of GitHub Actions ---

OURS = re.compile("::(error|warning) title=[^:,\r\n]*::[^\r\n]*")


def commands(output):
    """Every line that GitHub's runner, or Azure's, would take for a command."""
    return [line for line in output.splitlines()
            if line.lstrip().startswith("::") or "##[" in line or "##vso[" in line]


def test_hostile_words_are_no_commands(hostile_run):
    found = commands(hostile_run[1])
    assert len(found) == 10
    assert all(OURS.fullmatch(line) for line in found), found


def test_a_job_of_github_gets_a_summary_and_annotations(call, tmp_path):
    (tmp_path / "summary.md").write_text("of the step before\n\n")
    github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "summary.md"}
    arguments = ("run", "--persona", "sarix", "--fault", "nc-unchecked", "--only", "digest.nc.*")
    done = call(*arguments, environment=github)
    assert done.status == 1
    assert len(commands(done.out)) == 3
    assert "::error title=fail digest.nc.reused::expected refused, got 200 accepted" in done.out
    assert "pelco-sarix#http-digest" in commands(done.out)[0]
    summary = (tmp_path / "summary.md").read_text()
    assert summary.startswith("of the step before\n\n## Countersign: FAIL\n")
    for options in (["--quiet"], ["--no-annotations"]):
        assert not commands(call(*arguments, *options, environment=github).out)
    assert (tmp_path / "summary.md").read_text().count("## Countersign: FAIL\n") == 3
    call(*arguments, "--markdown", "page.md", environment=github)
    assert (tmp_path / "summary.md").read_text().count("## Countersign: FAIL\n") == 3
    assert (tmp_path / "page.md").read_text().startswith("## Countersign: FAIL\n")


def test_a_job_of_another_service_gets_neither(call, tmp_path):
    for more in ({}, {"GITHUB_ACTIONS": "false", "GITHUB_STEP_SUMMARY": "summary.md"}):
        done = call("run", "--fault", "nc-unchecked", "--only", "digest.nc.*", environment=more)
        assert not commands(done.out)
    assert not (tmp_path / "summary.md").exists()


@pytest.mark.parametrize("path, why", [(".", "Is a directory"), ("/dev/full", "No space left")])
def test_a_summary_that_cannot_be_written_fails_no_run(call, path, why):
    done = call("run", "--only", "digest.nc.*",
                environment={"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": path})
    assert isinstance(done, Done) and done.status == 0
    assert done.err.count("\n") == 1 and why in done.err
