"""What the lints share: the files of a tree, and C text without its comments and strings."""
import os
import re
import subprocess
import sys

SKIP = {".git", "build", "out", "__pycache__", ".pytest_cache", "corpus"}
TOKEN = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)


def root():
    """The tree to look at: the first argument, or the checkout that holds this script."""
    if len(sys.argv) > 1:
        return os.path.abspath(sys.argv[1])
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def files(top, folders=(".",), endings=("",)):
    """Paths relative to top, sorted; no build results and no fuzz corpora; git's ignores hold."""
    found = []
    for folder in folders:
        for where, names, leaves in os.walk(os.path.join(top, folder)):
            names[:] = [n for n in names if n not in SKIP]
            paths = [os.path.relpath(os.path.join(where, leaf), top) for leaf in leaves]
            found += [p for p in paths if p.endswith(tuple(endings))]
    ignored = subprocess.run(["git", "-C", top, "check-ignore", "--stdin"], text=True, check=False,
                             input="\n".join(found), capture_output=True).stdout.split("\n")
    return sorted(set(found) - set(ignored))


def read(top, path):
    with open(os.path.join(top, path), encoding="utf-8", errors="replace") as f:
        return f.read()


def bare(text):
    """C text with comments and literals blanked out; lines stay where they are."""
    def blank(m):
        mark = m.group(0)[0]
        kept = re.sub(r"[^\n]", " ", m.group(0))
        return kept if mark == "/" else mark + kept[2:] + mark
    return TOKEN.sub(blank, text)


def finish(name, findings, note=""):
    """Prints the findings, or one line that all is well, and ends the script."""
    for finding in findings:
        print(finding)
    if not findings:
        print(f"{name}: OK{note and ' (' + note + ')'}")
    sys.exit(1 if findings else 0)
