"""What is judged, and the options of countersign that say how."""
import re
import shlex
import urllib.parse

NAMED = re.compile(r"([A-Za-z0-9_.-]+)=(https?://.+)")


class Target:
    """One URL.  One process at a time asks it: two would count each other's failed logins."""

    def __init__(self, text):
        named = NAMED.fullmatch(text)
        self.url = named[2] if named else text
        self.named = bool(named)
        self.name = named[1] if named else urllib.parse.urlsplit(text).netloc or text
        self.user = None  # who asks it now
        self.spent = 0  # failed logins of those who asked before

    def use(self, user):
        """user is about to ask; whoever did before comes to its end first."""
        if self.user and self.user is not user:
            self.user.rest()
        self.user = user

    def spend(self, failed_logins):
        self.spent += failed_logins

    def spent_options(self):
        return ["--spent", str(self.spent)] if self.spent else []

    def at(self, path):
        """Another page of the same host, and of the same account."""
        return Page(self, urllib.parse.urljoin(self.url, path))


class Page(Target):
    """One of the pages of a target; who asks it asks the target, and spends its failed logins."""

    def __init__(self, whole, url):
        super().__init__(url)
        self.name, self.whole = whole.name, whole

    def at(self, path):
        return self.whole.at(path)

    def use(self, user):
        self.whole.use(user)

    def spend(self, failed_logins):
        self.whole.spend(failed_logins)

    def spent_options(self):
        return self.whole.spent_options()


def add_options(parser):
    group = parser.getgroup("countersign", "countersign: judge devices and servers")
    group.addoption("--target", action="append", default=[], metavar="[NAME=]URL",
                    help="what to judge; may be given more than once")
    group.addoption("--user", metavar="NAME", help="account to log in with (default: admin)")
    group.addoption("--password-file", metavar="FILE",
                    help="its password (default: COUNTERSIGN_PASSWORD)")
    group.addoption("--netrc-file", metavar="FILE", help="accounts by host")
    group.addoption("--kind", choices=("onvif", "http"), default="onvif",
                    help="a SOAP device service, or any protected page")
    group.addoption("--profile", metavar="NAME",
                    help="which documents and levels decide (default: that of the kind)")
    group.addoption("--waivers", metavar="FILE", help="findings that may stand: they are xfail")
    group.addoption("--run-options", default="", metavar="TEXT",
                    help="more options of countersign run: '--slow --json results.json'")
    group.addoption("--drive-options", default="", metavar="TEXT",
                    help="more options of countersign drive, for cases in Python: '--lab'")


def account_options(config, kind=None):
    """How to log in, for every command that asks a target."""
    options = ["--kind", kind or config.option.kind]
    for name in ("user", "password_file", "netrc_file"):
        value = getattr(config.option, name)
        options += [f"--{name.replace('_', '-')}", value] if value else []
    return options


def profile(config):
    return config.option.profile or ("rfc7616" if config.option.kind == "http" else "onvif-core")


def run_options(config):
    options = [*account_options(config), "--profile", profile(config)]
    if config.option.waivers:
        options += ["--waivers", config.option.waivers]
    return options + shlex.split(config.option.run_options)
