"""Many reference devices in one process, and what became of each in a JUnit report of all."""
import collections
import concurrent.futures
import configparser
import contextlib
import itertools
import os
import re
import signal
import subprocess
import sys
import xml.etree.ElementTree

from blackbox import LIMIT_S, PROGRAM

PERSONAS = ("onvif", "sarix", "sarix-ldap", "pc-cctv", "token-only", "digest-only", "http",
            "http-strict", "http-2069")
FAULTS = ("", "nc-unchecked", "token-nonce-replay-accepted", "stale-never", "refusal-closes",
          "status-403-on-refusal", "rspauth-wrong")
KINDS = list(itertools.product(FAULTS, PERSONAS))  # neighbours are of different personas
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith(("COUNTERSIGN_", "GITHUB_"))}
ENVIRONMENT["COUNTERSIGN_PASSWORD"] = "secure"  # of the reference devices; everybody may know it
# of those whose user is not "admin": harness/device/persona.c
LONG_PASSWORD = ("päss: wörd? ~~~ with more than sixty-four octets, and with more than "
                 "seventy-two octets")


def inventory(kinds):
    """A device of each kind, number by number."""
    lines = []
    for number, (fault, persona) in enumerate(kinds):
        lines += [f"[dev-{number}]", f"persona = {persona}"] + [f"fault = {fault}"] * bool(fault)
    return "\n".join(lines) + "\n"


@contextlib.contextmanager
def park(folder, kinds):
    """Serves them; gives the inventory with their URLs."""
    source, served = folder / "park.ini", folder / "served.ini"
    source.write_text(inventory(kinds))
    process = subprocess.Popen(
        [PROGRAM, "device", "--targets", str(source)], stdout=subprocess.PIPE, text=True
    )
    try:
        lines = list(itertools.takewhile(lambda line: line != "; end\n", process.stdout))
        assert lines, "no device is served"
        password = folder / "password"
        password.touch(0o600)
        password.write_text(LONG_PASSWORD)
        served.write_text(re.sub("(user = (?!admin\n).*\n)",
                                 rf"\1password-file = {password}\n", "".join(lines)))
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        process.stdout.close()
        assert process.wait(LIMIT_S) == 0


# Linux lets a program begin with the peak of who started it: between us and what is measured stands
# somebody small.
MEASURE = """import os, sys
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
os.write(int(sys.argv[1]), " ".join(map(str, usage[:3])).encode())
sys.exit(os.waitstatus_to_exitcode(status))"""
Usage = collections.namedtuple("Usage", "ru_utime ru_stime ru_maxrss")


def measured(folder, *arguments):
    """A run; gives its exit status, its output and what it used."""
    told, tell = os.pipe()  # many are measured at once: a file would have to be of one of them
    with open(told, encoding="ascii") as said:
        try:
            done = subprocess.run([sys.executable, "-I", "-S", "-c", MEASURE, str(tell), PROGRAM,
                                   "run", *map(str, arguments)], cwd=folder, env=ENVIRONMENT,
                                  stdout=subprocess.PIPE, text=True, pass_fds=(tell,), check=False)
        finally:
            os.close(tell)
        return done.returncode, done.stdout, Usage(*map(float, said.read().split()))


def run(folder, *arguments):
    """A run; gives its exit status and output."""
    return measured(folder, *arguments)[:2]


def verdicts(path):
    """{device: {variant: verdict}} of a JUnit report; device "" when it is of one run."""
    found = {}
    device = ""
    for _, element in xml.etree.ElementTree.iterparse(path):
        if element.tag == "property" and element.get("name") == "inventory.device":
            device = element.get("value")
        if element.tag == "testcase":
            told = re.search(r"\[\[PROPERTY\|verdict=(\w+)\]\]",
                             element.findtext("system-out") or "")
            word = told.group(1) if told else "".join(child.tag for child in element)
            found.setdefault(device, {})[element.get("name").split(" ")[0]] = word
        if element.tag == "testsuite":
            element.clear()
    return found


def single(folder, name, entries, options):
    """{variant: verdict} of a device that is judged by a run of its own."""
    report = folder / f"{name}.xml"
    entries = dict(entries)
    status, _ = run(folder, entries.pop("url"), "--junit", report, "-q", *options,
                    *itertools.chain(*((f"--{key}", value) for key, value in entries.items())))
    found = verdicts(report)[""]
    assert status in (0, 1, 6) and "pass" in found.values(), f"{name}: nothing was judged"
    return found


def singles(folder, kinds, *options):
    """{kind: {variant: verdict}}, each judged by a run of its own.

    Most of the time of a run is that of token.nonce.reused-soon, which waits for nine seconds of
    the device's clock; so runs wait beside each other.
    """
    wanted = sorted(set(kinds))
    with park(folder, wanted) as served, concurrent.futures.ThreadPoolExecutor(8) as pool:
        devices = configparser.ConfigParser(interpolation=None)
        devices.read(served)
        assert len(devices.sections()) == len(wanted)
        found = pool.map(lambda name: single(folder, name, devices[name], options),
                         devices.sections())
        return dict(zip(wanted, found))
