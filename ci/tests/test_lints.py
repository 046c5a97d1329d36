"""Each lint finds what it is for, at the right line, and nothing in a tree that is right."""
import pathlib
import subprocess

import pytest

LINT = pathlib.Path(__file__).resolve().parents[1] / "lint"
CLEAN = {
    "harness/base/err.h": "#include <stddef.h>\nstruct err;\n",
    "harness/auth/hash.c": '#include "auth/hash.h"\n#include <openssl/evp.h>\n',
    "harness/auth/hash.h": '#include "base/err.h"\n',
    "harness/suite/load.c": '#include <libxml/parser.h>\n#include "auth/hash.h"\n',
    "harness/device/server.c": "#include <microhttpd.h>\n",
    "harness/wire/http.c": '#include <curl/curl.h>\n#include "device/device.h"\n',
    "harness/device/device.h": "struct device;\n",
    "harness/cli/main.c": "int main(void)\n{\n\texit(1); /* strcpy(a, b) */\n}\n",
    "harness/tests/t_x.c": '#include <jansson.h>\n#include "cli/cli.h"\nchar *s = "gets(x)";\n',
    "ci/good.sh": "#!/bin/bash\necho good\n",
    "reports/a.json": "{}\n",
}


def run(lint, tree):
    done = subprocess.run([LINT / lint, tree], capture_output=True, text=True, check=False)
    assert not done.stderr
    return done.returncode, done.stdout.splitlines()


def plant(tree, files):
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tree


LINTS = ["layers", "sizes", "banned", "format", "hygiene", "syntax", "wording"]


@pytest.mark.parametrize("lint", LINTS)
def test_a_clean_tree_has_no_findings(tmp_path, lint):
    style = (LINT.parents[1] / ".clang-format").read_text()
    status, lines = run(lint, plant(tmp_path, {**CLEAN, ".clang-format": style}))
    assert status == 0, lines
    assert lines[-1].startswith(f"{lint}: OK")


WORD = "TO" + "DO"  # in two parts, or this file would be a finding itself
PLANTED = [
    ("layers", "harness/base/up.c", '\n#include "auth/hash.h"\n', 2, "base must not include"),
    ("layers", "harness/suite/a.c", '#include "device/device.h"\n', 1, "suite must not include"),
    ("layers", "harness/device/a.c", '#include "suite/suite.h"\n', 1, "device must not include"),
    ("layers", "harness/wire/a.c", '#include "engine/e.h"\n', 1, "wire must not include"),
    ("layers", "harness/wire/a.c", '#include "../engine/e.h"\n', 1, "wire must not include"),
    ("layers", "harness/odd/a.c", '#include "base/err.h"\n', 1, "odd must not include"),
    ("layers", "harness/auth/md.c", "# include <openssl/md5.h>\n", 1, "<openssl/md5.h>"),
    ("layers", "harness/report/sign.c", "#include <openssl/rand.h>\n", 1, "<openssl/rand.h>"),
    ("layers", "harness/engine/a.c", "#include <curl/multi.h>\n", 1, "<curl/multi.h>"),
    ("layers", "harness/engine/a.c", "#include <jansson.h>\n", 1, "<jansson.h>"),
    ("layers", "harness/device/core.c", "#include <microhttpd.h>\n", 1, "<microhttpd.h>"),
    ("layers", "harness/auth/a.c", "#include <libxml/tree.h>\n", 1, "<libxml/tree.h>"),
    ("layers", "harness/report/a.c", "#include <archive.h>\n", 1, "<archive.h>"),
    ("layers", "harness/report/a.c", '#include "bundle/files.h"\n', 1, "report must not include"),
    ("layers", "harness/report/sign.c", "#include <openssl/cms.h>\n", 1, "<openssl/cms.h>"),
    ("wording", "reports/a.md", "\nThis camera is ONVIF " + "conformant.\n", 2, "say \"auth"),
    ("wording", "harness/cli/a.c", 'puts("complies with ' + 'ONVIF");\n', 1, "say \"auth"),
    ("banned", "harness/auth/a.c", "int f(void)\n{\n\treturn atoi(s);\n}\n", 3, "atoi()"),
    ("banned", "harness/engine/a.c", "/* */\nvoid g(void) { exit (1); }\n", 2, "exit()"),
    ("banned", "harness/engine/a.c", 'x("\\"", time(NULL));\n', 1, "time()"),
    ("banned", "harness/tests/t_a.c", "\nx = strcpy(a, b);\n", 2, "strcpy()"),
    ("sizes", "harness/auth/a.c", "int f()\n{\n" + "\tx();\n" * 70 + "}\n", 1, "function of 73"),
    ("sizes", "harness/auth/a.c", "int x;\n" * 501, 1, "file of 501"),
    ("sizes", "harness/auth/a.c", "\n\t" + "x" * 93 + "\n", 2, "line of 101"),
    ("sizes", "ci/a.py", "#" + "x" * 100 + "\n", 1, "line of 101"),
    ("format", "harness/auth/a.c", "int x;\nint  y;\n", 2, "clang-formatted"),
    ("hygiene", "README.md", "\nsee /ho" + "me/someone\n", 2, "one machine"),
    ("hygiene", "ci/a.sh", "cd /ro" + "ot/x\n", 1, "one machine"),
    ("hygiene", "ci/a.sh", "curl pypi" + ".org\n", 1, "package registry"),
    ("hygiene", "harness/a.c", f"// {WORD}: later\n", 1, "unfinished"),
    ("hygiene", "suites/a.xml", "<!-- a St" + "ub -->\n", 1, "unfinished"),
    ("syntax", "ci/a", "#!/bin/bash\nif true; then\n", 1, "syntax error"),
    ("syntax", "ci/a.py", "x = 1\ny = (\n", 2, "never closed"),
    ("syntax", "vectors/a.json", '{\n"a": 1,\n}\n', 3, "Expecting"),
    ("syntax", "suites/a.xml", "<a>\n</b>\n", 2, "mismatched tag"),
]


@pytest.mark.parametrize("lint,name,text,line,words", PLANTED)
def test_a_planted_violation_is_found(tmp_path, lint, name, text, line, words):
    style = (LINT.parents[1] / ".clang-format").read_text()
    status, lines = run(lint, plant(tmp_path, {**CLEAN, ".clang-format": style, name: text}))
    assert status == 1
    found = [x for x in lines if not x.startswith("sizes: maxima")]
    assert len(found) == 1, found
    assert found[0].startswith(f"{name}:{line}: "), found
    assert words in found[0]


def test_a_cycle_of_headers_is_found_once(tmp_path):
    chain = {f"harness/auth/{a}.h": f'#include "auth/{b}.h"\n' for a, b in ("xy", "yz", "zx")}
    status, lines = run("layers", plant(tmp_path, {**CLEAN, **chain}))
    assert status == 1
    assert lines == ["harness/auth/x.h:1: include cycle auth/x.h > auth/y.h > auth/z.h > auth/x.h"]


def test_build_results_are_not_looked_at(tmp_path):
    bad = {"build/dev/a.c": "gets(x);\n", "harness/fuzz/corpus/a.c": f"{WORD}\n"}
    for lint in LINTS[2:3] + LINTS[4:]:
        assert run(lint, plant(tmp_path, {**CLEAN, **bad}))[0] == 0


def test_the_largest_of_each_kind_is_printed(tmp_path):
    body = "int f(void)\n{\n" + "\tx();\n" * 10 + "}\n"
    _, lines = run("sizes", plant(tmp_path, {**CLEAN, "harness/auth/a.c": body}))
    assert "function 13 harness/auth/a.c:1" in lines[0]
    assert "median function 13" in lines[0]
