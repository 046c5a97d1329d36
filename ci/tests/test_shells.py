"""The completion files, loaded by their shells; the manual pages, read by their readers."""
import json
import os
import pathlib
import pty
import re
import select
import shlex
import subprocess

import pytest

from blackbox import LIMIT_S, PROGRAM

FOLDER = str(pathlib.Path(PROGRAM).resolve().parent)


def shell(*command, folder, **variables):
    environment = {"PATH": f"{FOLDER}:{os.environ['PATH']}", "HOME": str(folder), "TERM": "dumb",
                   "LC_ALL": "C.UTF-8", **variables}
    done = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT_S,
                          check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return done.stdout.decode()


def script(name, folder):
    path = folder / f"completion.{name}"
    path.write_text(shell(PROGRAM, "completion", name, folder=folder))
    return path


def bash(folder, words):
    """What bash would offer for the last of words, cut where readline cuts."""
    ask = ("source completion.bash; COMP_WORDS=({}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); "
           '_countersign; printf "%s\\n" "${{COMPREPLY[@]}}"')
    cut = [part for word in words for part in re.findall("=|[^=]+|^$", word)]
    given = " ".join(shlex.quote(word) for word in cut)
    return set(shell("bash", "--norc", "-c", ask.format(given), folder=folder).split())


def fish(folder, words):
    line = " ".join(words)
    out = shell("fish", "--no-config", "-c", f"source completion.fish; complete -C {line!r}",
                folder=folder, XDG_CONFIG_HOME=str(folder), XDG_DATA_HOME=str(folder))
    offers = {row.split("\t")[0] for row in out.splitlines()}
    return {offer.split("=", 1)[1] if offer.startswith("--") and "=" in offer else offer
            for offer in offers}


# zsh completes only for somebody who types: a widget writes down what is offered.
ZSH = r"""
autoload -Uz compinit; compinit -u -D
source completion.zsh
zstyle ':completion:*' list-prompt ''
LISTMAX=10000
compadd() {
	[[ ${argv[(I)-O]} -gt 0 || ${argv[(I)-A]} -gt 0 || ${argv[(I)-D]} -gt 0 ]] &&
		{ builtin compadd "$@"; return }
	local -a found
	builtin compadd -O found "$@"
	print -rl -- $found >>offers
	builtin compadd "$@"
}
note() { zle complete-word; print -r -- done >>finished; zle send-break }
zle -N note
bindkey '^I' note
PS1='READY> '
"""


def until(terminal, what):
    """Reads what the terminal shows, until what is there."""
    shown = b""
    while what not in shown:
        ready, _, _ = select.select([terminal], [], [], LIMIT_S)
        assert ready, shown
        shown += os.read(terminal, 65536)
    return shown


def zsh(folder, words, settings=ZSH):
    (folder / ".zshrc").write_text(settings)
    for name in ("offers", "finished"):
        (folder / name).write_text("")
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execvpe("zsh", ["zsh", "-d", "-i"],
                   {"PATH": f"{FOLDER}:{os.environ['PATH']}", "HOME": str(folder),
                    "ZDOTDIR": str(folder), "TERM": "dumb", "LC_ALL": "C.UTF-8"})
    try:
        until(terminal, b"READY> ")
        os.write(terminal, " ".join(words).encode() + b"\t")
        until(terminal, b"READY> ")
        os.write(terminal, b"exit\n")
        while True:
            try:
                if not os.read(terminal, 65536):
                    break
            except OSError:  # EIO: the shell is gone
                break
    finally:
        os.close(terminal)
        os.waitpid(pid, 0)
    assert (folder / "finished").read_text() == "done\n"
    return {row.rstrip("=") for row in (folder / "offers").read_text().splitlines()}


def profiles(folder):
    return set(shell(PROGRAM, "completion", "profiles", folder=folder).split())


SHELLS = {"bash": bash, "zsh": zsh, "fish": fish}


@pytest.mark.parametrize("name", SHELLS)
def test_the_shell_offers_what_may_stand_there(tmp_path, name):
    offers = SHELLS[name]
    script(name, tmp_path)
    (tmp_path / "report.xml").write_text("")
    ask = lambda *words: offers(tmp_path, ("countersign",) + words)  # noqa: E731
    commands = set(shell(PROGRAM, "completion", "commands", folder=tmp_path).split())
    assert ask("") - {"--help", "--version"} == commands
    assert ask("sur") == {"survey"}
    assert "--junit" in ask("run", "--ju") and "--kind" not in ask("run", "--ju")
    assert not ask("lint", "--ju")
    assert ask("run", "--kind", "") == {"onvif", "http"}
    assert ask("run", "--kind=h") == {"http"}
    assert ask("run", "--risk", "un") == {"unsafe"}
    assert ask("run", "-p", "onvif") == {p for p in profiles(tmp_path) if p.startswith("onvif")}
    assert ask("run", "--only", "digest.nc.reu") == {"digest.nc.reused"}
    assert "nc-unchecked" in ask("run", "--fault", "nc-")
    assert "nc-unchecked" in ask("selftest", "--only", "nc-")
    assert ask("device", "--persona", "sarix-l") == {"sarix-ldap"}
    assert ask("list", "token.created.fu") == {
        row for row in shell(PROGRAM, "completion", "cases", folder=tmp_path).split()
        if row.startswith("token.created.fu")}
    assert "clock-ahead" in ask("explain", "clock-a")
    assert ask("help", "sur") == {"survey"}
    assert "report.xml" in ask("run", "--junit", "rep")
    assert "suggest" in ask("waivers", "sug")


# Where the packages put them, and how each shell finds them there by itself.
def installed_bash(folder, words):
    (folder / "completions").mkdir()
    (folder / "completion.bash").rename(folder / "completions/countersign")
    ask = ("source /usr/share/bash-completion/bash_completion; _completion_loader countersign; "
           f"COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}; "
           '$(complete -p countersign | sed "s/.*-F \\([^ ]*\\).*/\\1/"); '
           'printf "%s\\n" "${COMPREPLY[@]}"')
    return set(shell("bash", "--norc", "-c", ask, folder=folder,
                     BASH_COMPLETION_USER_DIR=str(folder)).split())


def installed_zsh(folder, words):
    (folder / "functions").mkdir()
    (folder / "completion.zsh").rename(folder / "functions/_countersign")
    return zsh(folder, words, ZSH.replace("source completion.zsh\n", "")
               .replace("autoload", f"fpath=({folder}/functions $fpath)\nautoload", 1))


def installed_fish(folder, words):
    there = folder / "fish/vendor_completions.d"
    there.mkdir(parents=True)
    (folder / "completion.fish").rename(there / "countersign.fish")
    out = shell("fish", "-c", f"complete -C {' '.join(words)!r}", folder=folder,
                XDG_CONFIG_HOME=str(folder / "none"), XDG_DATA_DIRS=str(folder))
    return {row.split("\t")[0] for row in out.splitlines()}


@pytest.mark.parametrize("name, offers", [("bash", installed_bash), ("zsh", installed_zsh),
                                          ("fish", installed_fish)])
def test_the_shell_finds_what_is_installed(tmp_path, name, offers):
    script(name, tmp_path)
    assert offers(tmp_path, ("countersign", "sur")) == {"survey"}


def test_words_are_those_of_the_program(tmp_path):
    words = lambda kind: shell(PROGRAM, "completion", kind, folder=tmp_path).split()  # noqa: E731
    listed = shell(PROGRAM, "list", "--json", folder=tmp_path).splitlines()
    assert words("cases") == [json.loads(row)["id"] for row in listed]
    for kind in ("causes", "commands", "faults", "features", "operations", "pages", "personas"):
        assert words(kind), kind
    assert "GetDeviceInformation" in words("operations")
    assert words("commands")[-1] == "help"


def test_what_is_no_shell_is_refused(call):
    call("completion", "tcsh").complains("completion tcsh: expected bash, zsh or fish")
    call("completion").complains("expected SHELL|WORDS")


PAGES = {"countersign.1": ("help", "--man"), "countersign-suite.5": ("help", "--man", "suite")}


@pytest.mark.parametrize("page", PAGES)
def test_manual_pages_have_no_fault(tmp_path, page):
    path = tmp_path / page
    path.write_text(shell(PROGRAM, *PAGES[page], folder=tmp_path))
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", str(path)], cwd=tmp_path,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert lint.stdout.decode() == ""
    text = shell("man", "--warnings", "-l", str(path), folder=tmp_path, MANWIDTH="80",
                 MANROFFSEQ="", MAN_KEEP_FORMATTING="")
    title = page.replace(".", "(") + ")"
    assert text.lower().split()[0] == title


def test_the_manual_names_every_option_and_command(tmp_path):
    path = tmp_path / "countersign.1"
    path.write_text(shell(PROGRAM, "help", "--man", folder=tmp_path))
    text = shell("man", "-l", str(path), folder=tmp_path, MANWIDTH="80")
    for name in shell(PROGRAM, "completion", "commands", folder=tmp_path).split():
        assert f"countersign {name}" in text
        for option in re.findall("^ .*?(--[a-z-]+)", shell(PROGRAM, "help", name, folder=tmp_path),
                                 re.M):
            assert option in text or option == "--help", f"{name} {option}"
    assert "countersign.ini" in text and "COUNTERSIGN_PASSWORD" in text
