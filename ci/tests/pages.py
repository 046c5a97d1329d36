"""The pages for people: their blocks, and a desk at which a reader goes through one of them.

A page has three kinds of code blocks. An indented block holds commands for a shell, one on a line
(or more, with a backslash); a command ends with status 0, or says `# exit status N` behind it. A
fenced block of ```text is what the command before it shows: its lines come in that order, any
number stands for any number, "..." at the end of a line for the rest of it, and alone for lines
in between. Any other fenced block is a file: its first line is a remark with its name, or, in a
language without remarks, the name stands behind that of the language.
"""
import pathlib
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET

from blackbox import LIMIT_S, PROGRAM, ROOT, Device

NODE = "{http://commonmark.org/xml/1.0}"
STATUS = re.compile(r"\s# exit status ([0-6])\b[^\n]*$")
NAME = re.compile(r"(?:<!--|#|;|//) ([\w./-]+\.\w+)(?: -->)?\n")
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


class Block:
    """A code block: what it is, where it stands, its text."""

    def __init__(self, page, node):
        self.text = node.text
        self.where = f"{page.name}:{node.get('sourcepos').split(':')[0]}"
        language, _, name = node.get("info", "").partition(" ")
        named = NAME.match(self.text)
        self.kind = {"": "commands", "text": "shown"}.get(language, "file")
        self.name = name or (named.group(1) if named else None)

    def commands(self):
        """(command, exit status) of each; remarks on lines of their own are none."""
        lines = re.sub(r"\\\n\s*", "", self.text).splitlines()
        for line in lines:
            if line.strip() and not line.startswith("#"):
                told = STATUS.search(line)
                yield STATUS.sub("", line), int(told.group(1)) if told else 0


def blocks(page):
    done = subprocess.run(["cmark-gfm", "--to", "xml", "--sourcepos", "-e", "table", page],
                          capture_output=True, check=True)
    return [Block(page, node) for node in ET.fromstring(done.stdout).iter(NODE + "code_block")]


def missing(shown, output):
    """The first line of what a page shows that the output does not have in its place, or None."""
    lines = iter(" ".join(line.split()) for line in output.splitlines())
    for line in (" ".join(line.split()) for line in shown.splitlines()):
        if line in ("", "..."):
            continue
        pattern = "".join(NUMBER.pattern if NUMBER.fullmatch(part) else re.escape(part)
                          for part in re.split(f"({NUMBER.pattern})",
                                               line.removesuffix("...").rstrip()))
        rest = ".*" if line.endswith("...") else ""
        if not any(re.fullmatch(pattern + rest, got) for got in lines):
            return line
    return None


class Desk:
    """A folder with all that the pages ask for, and the devices that they judge.

    addresses: what stands on the pages for a device, and the options of the reference device that
    is served in its place. Loopback is a bench by itself; the cap makes it the device of somebody.
    """

    VARIABLES = {"COUNTERSIGN_FAILURES": "3/30m", "LC_ALL": "C.UTF-8", "PYTHONPATH": "",
                 "PYTHONDONTWRITEBYTECODE": "1", "XDG_CONFIG_HOME": "/nonexistent"}
    PASSWORDS = {"'the password'": Device.PASSWORD}

    def __init__(self, folder, addresses, words):
        self.folder, self.words, self.output, self.ran = folder, dict(words), None, []
        self.devices = {address: Device(*options) for address, options in addresses.items()}
        commands = folder / "commands"
        commands.mkdir()
        (commands / "countersign").symlink_to(pathlib.Path(PROGRAM).resolve())
        self.environment = {**self.VARIABLES, "HOME": str(folder),
                            "PATH": f"{commands}:/usr/bin:/bin"}
        self.desk = folder / "desk"
        self.desk.mkdir()

    def __enter__(self):
        for address, device in self.devices.items():
            self.words[address] = device.__enter__().url
        return self

    def __exit__(self, *_):
        for device in self.devices.values():
            if device.url:
                device.__exit__()

    def said(self, text):
        """text with what stands for a place or a secret replaced by what is here."""
        for word, here in {**self.words, **self.PASSWORDS}.items():
            text = text.replace(word, here)
        return text

    def run(self, block, left_out):
        for command, status in block.commands():
            if left_out(command):
                continue
            done = subprocess.run(["bash", "-c", self.said(command)], cwd=self.desk,
                                  env=self.environment, stdin=subprocess.DEVNULL, check=False,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  timeout=LIMIT_S)
            self.output = done.stdout.decode()
            assert done.returncode == status, (
                f"{block.where}: {command}: exit status {done.returncode}, "
                f"the page says {status}:\n{self.output[-3000:]}")
            self.ran.append(command)

    def read(self, block, left_out):
        """Does what a reader does with the block, but for commands that are to be left out."""
        if block.kind == "commands":
            self.run(block, left_out)
        elif block.kind == "shown":
            assert self.output is not None, f"{block.where}: nothing was run before"
            line = missing(self.said(block.text), self.output)
            assert line is None, f"{block.where}: not shown: {line}\n{self.output[-3000:]}"
        else:
            assert block.name, f"{block.where}: a file without its name"
            path = self.desk / block.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.said(block.text))

    def lay(self, name, what):
        """A file or folder that a page takes for granted."""
        path = self.desk / name
        path.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if what.is_dir() else shutil.copy
        copy(what, path)
