"""The README and the guide: each command runs as it stands there, and ends as the page says."""
import os
import re
import subprocess
import urllib.parse

import pytest

from blackbox import PROGRAM, ROOT
from pages import Desk, blocks, missing

README = ROOT / "README.md"
GUIDE = sorted((ROOT / "reports/guide").glob("*.md"))
CAMERA = "http://192.0.2.10/onvif/device_service"
SHARE = {"/usr/share/countersign/": f"{ROOT}/"}
FAULTY = ("--fault", "token-ignored-after-http")
LOCKING = ("--fault", "env-lockout")

# Page: the devices that stand for its addresses, and what else is here under another name.  On the
# page about certificates it is the built-in device, whose hours are seconds.
DESKS = {
    "camera.md": ({CAMERA: FAULTY}, {}),
    "safety.md": ({CAMERA: (), CAMERA.replace(".10", ".13"): LOCKING}, {}),
    "verdicts.md": ({}, {}),
    "writing-a-case.md": ({CAMERA: ()}, SHARE),
    "certification.md": ({}, {f"{CAMERA} --user admin --password-file secret.txt ": ""}),
    "server-or-library.md": ({"http://127.0.0.1:8080/private/page.txt": ("--persona", "http")}, {}),
    "client.md": ({}, {}),
    "defaults.md": ({CAMERA: ()}, {}),
}
# What no test of this repository can run.
NOT_HERE = {"ci/test": "it runs this"}
# What ci/run does before it runs is the affair of ci/test.
BUILT = "\nbuild() { :; }\n"
PAGES = sorted(p for p in ROOT.rglob("*.md")
               if p.relative_to(ROOT).parts[0] in ("ci", "harness", "reports", "suites", "vectors")
               or p.parent == ROOT)
OPTIONS = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


def version():
    return subprocess.run([PROGRAM, "--version"], capture_output=True, text=True,
                          check=True).stdout


def plain(command):
    """command without a remark behind it."""
    return re.sub(r"\s+# .*", "", command)


def go_through(desk, page):
    """Every block of the page, in its order; how many commands ran."""
    for block in blocks(page):
        desk.read(block, lambda command: plain(command) in NOT_HERE)
    told = [command for block in blocks(page) if block.kind == "commands"
            for command, _ in block.commands() if plain(command) not in NOT_HERE]
    assert desk.ran == told, f"{page.name} has commands that were not run"
    return len(told)


@pytest.mark.parametrize("page", GUIDE, ids=lambda page: page.stem)
def test_the_commands_of_a_page_do_what_it_says(page, tmp_path):
    addresses, words = DESKS[page.name]
    if page.name == "certification.md" and not re.search(r"\(commit [0-9a-f]+\)", version()):
        # A build of who knows what cannot certify; what it does instead says so.
        words = {**words, "--certify ": "", "countersign bundle": "countersign bundle --draft"}
    with Desk(tmp_path, addresses, words) as desk:
        assert go_through(desk, page) >= 1


def test_the_commands_of_the_readme_do_what_it_says(tmp_path):
    with Desk(tmp_path, {CAMERA: ()}, {}) as desk:
        desk.lay("ci/run", ROOT / "ci/run")
        common = (ROOT / "ci/common.sh").read_text() + BUILT
        for name, text in (("ci/common.sh", common), ("ci/install", "exit 0\n")):
            (desk.desk / name).write_text(text)
        built = desk.desk / "build/release/harness/cli/countersign"
        built.parent.mkdir(parents=True)
        built.symlink_to(os.path.realpath(PROGRAM))
        assert go_through(desk, README) >= 4
        for report in ("TEST-countersign.xml", "results.json", "report.html"):
            assert (desk.desk / "reports/out" / report).stat().st_size > 0


def test_the_readme_is_two_screens_with_a_picture():
    text = README.read_text()
    assert len(text.splitlines()) <= 90
    assert re.search(r"!\[[^]]{20,}\]\(reports/html/page\.webp\)", text)
    for page in GUIDE:
        assert f"](reports/guide/{page.name})" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        path = urllib.parse.unquote(urllib.parse.urlsplit(link).path)
        if not urllib.parse.urlsplit(link).scheme and path:
            assert (page.parent / path).exists(), link


def options_of(command, known={}):
    """The long options of a command; None if there is no such command."""
    if command not in known:
        done = subprocess.run([PROGRAM, "help", command], capture_output=True, text=True,
                              check=False)
        known[command] = set(OPTIONS.findall(done.stdout)) if done.returncode == 0 else None
    return known[command]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_calls_is_there(page):
    """Commands and options of countersign wherever they are named, in a sentence or in a block."""
    text = re.sub(r"\\\n\s*", "", page.read_text())
    texts = re.findall(r"`([^`\n]+)`", text) + [
        line for block in blocks(page) for line in block.text.replace("\\\n", "").splitlines()]
    for told in texts:
        for command, rest in re.findall(r"(?:^|[\s;&|])countersign ([a-z]+)\b([^|;&\n]*)", told):
            known = options_of(command)
            assert known is not None, f"{page}: {told}"
            rest = re.sub(r"'[^']*'|\"[^\"]*\"", "", rest)
            assert set(OPTIONS.findall(rest)) <= known, f"{page}: {told}"


# --- the desk itself: what would be wrong on a page is seen ---

def page_of(folder, text):
    path = folder / "page.md"
    path.write_text(text)
    return path


@pytest.mark.parametrize("text, gist", [
    ("    false\n", "page.md:1: false: exit status 1, the page says 0"),
    ("    true # exit status 1\n", "exit status 0, the page says 1"),
    ("    echo one\n\n```text\none\ntwo\n```\n", "page.md:3: not shown: two"),
    ("```text\none\n```\n", "nothing was run before"),
    ("```xml\n<a/>\n```\n", "page.md:1: a file without its name"),
    ("- item\n\n      false\n", "page.md:3: false: exit status 1"),
    ("    true \\\n        && false\n", "true && false: exit status 1"),
], ids=lambda v: v[:12])
def test_a_page_that_is_wrong_is_caught(tmp_path, text, gist):
    page = page_of(tmp_path, text)
    with Desk(tmp_path, {}, {}) as desk, pytest.raises(AssertionError, match=re.escape(gist)):
        go_through(desk, page)


def test_a_page_that_is_right_is_read(tmp_path):
    page = page_of(tmp_path, "```json a.json\n{}\n```\n\n```ini\n; b.ini\nx=1\n```\n\n"
                             "    # a remark\n    cat a.json b.ini\n    exit 6 # exit status 6\n")
    with Desk(tmp_path, {}, {}) as desk:
        assert go_through(desk, page) == 2
        assert (desk.desk / "a.json").read_text() == "{}\n"


@pytest.mark.parametrize("shown, output, line", [
    ("one\ntwo", "zero\n  one\n\ntwo   \n", None),
    ("two\none", "one\ntwo\n", "one"),
    ("1 of 10.5 s", "300 of 7 s\n", None),
    ("1 of 10.5 s", "300 of 7 ms\n", "1 of 10.5 s"),
    ("a (b) ...", "a (b) and what follows\n", None),
    ("a.c", "abc\n", "a.c"),
    ("one\n...\nthree", "one\ntwo\nthree\n", None),
])
def test_what_is_shown_is_compared(shown, output, line):
    assert missing(shown, output) == line
