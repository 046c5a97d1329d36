"""What is judged, and the options of countersign that say how."""
import collections
import re
import shlex
import urllib.parse

import pytest

from .process import lines_of

NAMED = re.compile(r"([A-Za-z0-9_.-]+)=(https?://.+)")
# Options of countersign run that name a file or folder to write.
WRITERS = ("--junit", "--json", "--html", "--results", "--har", "--pcapng", "--markdown", "--tap",
           "--replay-dir")


class Host:
    """One process at a time asks it: two would count each other's failed logins."""

    def __init__(self):
        self.user = None  # who asks it now
        self.spent = collections.Counter()  # failed logins of those who asked before, by account

    def use(self, user):
        """user is about to ask; whoever did before comes to its end first."""
        if self.user and self.user is not user:
            self.user.rest()
        self.user = user


class Target:
    """One URL, or one device of an inventory."""

    def __init__(self, name, url, account, named=True):
        self.name, self.url, self.account, self.named = name, url, account, named
        self.kind = self.profile = None  # None: as the options of pytest say
        self.group = urllib.parse.urlsplit(url or "").netloc or name  # of one worker of xdist
        self.host = Host()

    def operands(self):
        """Of countersign run and drive."""
        return [self.url]

    def use(self, user):
        self.host.use(user)

    def spend(self, failed_logins):
        self.host.spent[self.account] += failed_logins

    def spent_options(self):
        spent = self.host.spent[self.account]
        return ["--spent", str(spent)] if spent else []

    def at(self, path):
        """Another page of the same host, and of the same account."""
        return Page(self, urllib.parse.urljoin(self.url, path))


class Device(Target):
    """What an inventory says of it, countersign reads there."""

    def __init__(self, inventory, found, account):
        super().__init__(found["device"], found["url"], found["user"] or account)
        self.inventory = inventory
        self.kind, self.profile = found["kind"], found["profile"]

    def operands(self):
        return ["--targets", self.inventory, "--device", self.name]

    def at(self, path):
        if not self.url:
            raise ValueError(f"{self.name} is the built-in device, which has no other page")
        return super().at(path)


class Page(Target):
    """One of the pages of a target; who asks it asks the target, and spends its failed logins."""

    def __init__(self, whole, url):
        super().__init__(whole.name, url, whole.account)
        self.whole, self.host = whole, whole.host

    def operands(self):
        return [*self.whole.operands(), self.url] if isinstance(self.whole, Device) else [self.url]

    def at(self, path):
        return self.whole.at(path)


def parse(text, account):
    """That of --target [NAME=]URL."""
    named = NAMED.fullmatch(text)
    url = named[2] if named else text
    name = named[1] if named else urllib.parse.urlsplit(text).netloc or text
    return Target(name, url, account, bool(named))


def chosen(config):
    """All targets of a session; those at one host share it."""
    option = config.option
    account = option.user or "admin"
    targets = [parse(text, account) for text in option.target]
    for inventory in option.targets:
        profile = ["--profile", option.profile] if option.profile else []
        targets += [Device(inventory, found, account) for found in
                    lines_of("list", "--targets", inventory, "--json", *profile)]
    if not targets and option.collectonly:
        targets = [Target("", None, account, named=False)]  # only to see what there is
    hosts = {}
    for target in targets:
        target.host = hosts.setdefault(target.group, target.host)
    return targets


def add_options(parser):
    group = parser.getgroup("countersign", "countersign: judge devices and servers")
    group.addoption("--target", action="append", default=[], metavar="[NAME=]URL",
                    help="what to judge; may be given more than once")
    group.addoption("--targets", action="append", default=[], metavar="FILE",
                    help="an inventory: judge each of its devices, with its own account, "
                         "profile and cap; may be given more than once")
    group.addoption("--user", metavar="NAME", help="account to log in with (default: admin)")
    group.addoption("--password-file", metavar="FILE",
                    help="its password (default: COUNTERSIGN_PASSWORD)")
    group.addoption("--netrc-file", metavar="FILE", help="accounts by host")
    group.addoption("--kind", choices=("onvif", "http"),
                    help="a SOAP device service, or any protected page (default: onvif)")
    group.addoption("--profile", metavar="NAME",
                    help="which documents and levels decide (default: that of the kind)")
    group.addoption("--waivers", metavar="FILE", help="findings that may stand: they are xfail")
    group.addoption("--run-options", default="", metavar="TEXT",
                    help="more options of countersign run: '--slow --json results.json'; "
                         "{name} is the name of the target")
    group.addoption("--drive-options", default="", metavar="TEXT",
                    help="more options of countersign drive, for cases in Python: '--lab'")


def account_options(config, kind=None):
    """How to log in, for every command that asks a target."""
    kind = kind or config.option.kind
    options = ["--kind", kind] if kind else []
    for name in ("user", "password_file", "netrc_file"):
        value = getattr(config.option, name)
        options += [f"--{name.replace('_', '-')}", value] if value else []
    return options


def profile_of(config, target):
    if target.profile or config.option.profile:
        return target.profile or config.option.profile
    return "rfc7616" if (target.kind or config.option.kind) == "http" else "onvif-core"


def run_options(config, target):
    options = account_options(config)
    if not isinstance(target, Device) or config.option.profile:
        options += ["--profile", config.option.profile or profile_of(config, target)]
    if config.option.waivers:
        options += ["--waivers", config.option.waivers]
    return options + [word.replace("{name}", target.name)
                      for word in shlex.split(config.option.run_options)]


def check_options(config, targets):
    """Runs of several targets must not write to one file."""
    words = shlex.split(config.option.run_options)
    writes = [word for word in words if word.partition("=")[0] in WRITERS]
    if writes and len(targets) > 1 and "{name}" not in config.option.run_options:
        raise pytest.UsageError(f"--run-options: {writes[0]}: there are {len(targets)} targets, "
                                f"expected {{name}} in the names of their files")
