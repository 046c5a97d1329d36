"""Runs of countersign against a server that is not ours, and the complaints about them by check.

Run judges with what countersign selects by itself, FullRun with the whole catalogue.
"""
import collections
import concurrent.futures
import copy
import json
import os
import pathlib
import subprocess
import time

import judge

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "interop" / "out"
EXPECT = pathlib.Path(__file__).resolve().parent / "expect"
COUNTERSIGN = os.environ.get("COUNTERSIGN", str(ROOT / "build/dev/harness/cli/countersign"))

WHOLE = ["--profile", "catalogue", "--risk", "unsafe"]
PROFILES = {"http": ["rfc2617", "rfc7616", "rfc7617-tls", "hardened"],
            "onvif": ["onvif-core", "onvif-profile-t", "pelco-sarix", "pc-cctv",
                      "wss-usernametoken", "hardened"]}
NOTHING_RAN = 5  # as an exit status
DRAWN = {"spelling", "hostile"}
# Under a clock that runs so much faster an hour passes in three minutes; see README.md.
RATE = 20


def countersign(server, stem, *options, limit_s):
    """Exit status and seconds; the reports and what was said are in OUT, as STEM.*"""
    for kind in ("json", "xml", "log"):
        (OUT / f"{stem}.{kind}").unlink(missing_ok=True)
    start = time.monotonic()
    with open(OUT / f"{stem}.log", "w", encoding="utf-8") as log:
        done = subprocess.run(
            [COUNTERSIGN, "run", server.url, "--kind", server.kind, "--lab",
             *server.account(), *server.options(),
             "--json", OUT / f"{stem}.json", "--junit", OUT / f"{stem}.xml", *options],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=server.environment,
            timeout=limit_s, check=False)
    return done.returncode, time.monotonic() - start


class Run:
    """One run with the default selection; its expectation is in expect/."""

    limit_s = 600  # whatever takes longer hangs: alone it is half a minute
    folder = EXPECT

    def __init__(self, server):
        self.name, self.server = server.name, server
        self.expected, self.variants, self.seconds = {"findings": []}, [], 0.0
        self.checks = {"run": [], "findings": [], "junit": [], "results": []}
        try:
            self.path = self.folder / f"{server.expectation}.json"
            self.expected = judge.load_expectation(self.path)
            self.go()
        except (OSError, ValueError, KeyError, RuntimeError, subprocess.SubprocessError) as e:
            for complaints in self.checks.values():
                complaints.append(f"{type(e).__name__}: {e}")

    def go(self):
        status, self.variants = self.once(self.server, self.name)
        self.judge(status)

    def once(self, server, stem, *options):
        """Exit status and variants of one start of the server; its reports are checked too."""
        with server:
            status, seconds = countersign(server, stem, *options, limit_s=4 * self.limit_s)
        self.seconds += seconds
        if seconds > self.limit_s:
            self.checks["run"].append(f"took {seconds:.0f} s, the limit is {self.limit_s}")
        variants = json.loads((OUT / f"{stem}.json").read_text())["variants"]
        self.checks["results"] += judge.results(str(OUT / f"{stem}.json"), ROOT)
        self.checks["junit"] += judge.junit(str(OUT / f"{stem}.xml"), variants, ROOT)
        return status, variants

    def judge(self, status):
        wanted = judge.exit_status(self.expected)
        if status != wanted:
            self.checks["run"].append(f"ended with {status}, not {wanted}")
        self.checks["findings"] += judge.compare(self.expected, self.variants)

    def tell(self):
        verdicts = [v["verdict"] for v in self.variants]
        tally = ", ".join(f"{verdicts.count(v)} {v}" for v in sorted(set(verdicts)))
        print(f"{self.name}: {self.seconds:.1f} s: {tally or 'no results'}")
        told = set()
        for check, complaints in self.checks.items():
            for complaint in complaints:
                if complaint not in told:
                    print(f"  {check}: {complaint}")
                told.add(complaint)

    def draft(self):
        """An expectation of what was found.  Reasons that fit are kept; the others are for a person
        to write, who has read the clause and knows what the server does."""
        groups = collections.Counter()
        entry = {}
        for v in self.variants:
            if v["verdict"] in judge.QUIET | judge.BROKEN:
                continue
            known = next((e for e in self.expected["findings"] if judge.matches(e, v)), None)
            key = (known or v)["case"], *(v.get(k) for k in judge.COMPARED)
            groups[key] += 1
            entry[key] = known or {"reason": ""}
        findings = []
        for key, n in groups.items():
            known = entry[key].get("count")
            count = known if isinstance(known, list) and known[0] <= n <= known[1] else n
            findings.append({"case": key[0], **({} if count == 1 else {"count": count}),
                             **dict(zip(judge.COMPARED, key[1:])), "reason": entry[key]["reason"]})
        findings += [e for e in self.expected["findings"]
                     if judge.span(e)[0] == 0 and e not in entry.values()]
        return {**self.expected, "passes": sum(v["verdict"] == "pass" for v in self.variants),
                "findings": findings}


class FullRun(Run):
    """Every case of the catalogue that can be asked of the server: also what may disturb it, and,
    under a fast clock, what waits; then what each profile that fits makes of the findings."""

    limit_s = 2 * 3600 // RATE
    folder = EXPECT / "full"

    def go(self):
        self.gating, self.checks["profiles"] = {}, []
        status, self.variants = self.once(self.server, f"{self.name}.full", *WHOLE)
        # Each of these waits more than it works: side by side.
        with concurrent.futures.ThreadPoolExecutor() as pool:
            waited = pool.submit(self.wait)
            list(pool.map(self.profile, PROFILES[self.server.kind]))
        self.judge(max(status, waited.result()))
        self.checks["findings"] += judge.complete(self.variants, self.catalogue())

    def wait(self):
        """Judges what waits, with the server's clock and ours RATE times as fast."""
        slow = [v["id"] for v in self.variants if v.get("reason") == "slow"]
        hurried = copy.copy(self.server)
        hurried.hurry(RATE)
        only = [option for v in slow for option in ("--only", v)]
        status, found = self.once(hurried, f"{self.name}.full-slow", *WHOLE, "--slow", "--timeout",
                                  "5m", *only)
        by_id = {v["id"]: v for v in found}
        self.variants = [by_id.get(v["id"], v) for v in self.variants]
        nothing_ran = all(v["verdict"] == "skip" for v in found)
        return 0 if nothing_ran and status == NOTHING_RAN else status

    @staticmethod
    def catalogue():
        """Ids of all variants but those that are drawn: they are the affair of spellings."""
        said = subprocess.run([COUNTERSIGN, "list", "--json"], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, check=True).stdout
        cases = [json.loads(line) for line in said.splitlines()]
        return {v for c in cases for v in c["variants"] if c["family"] not in DRAWN}

    def profile(self, name):
        status, variants = self.once(copy.copy(self.server), f"{self.name}.{name}", "--profile",
                                     name, "--risk", "unsafe")
        self.gating[name] = sorted({f"{v['case']} {v['clause']}" for v in variants
                                    if v["verdict"] == "fail"})
        self.checks["profiles"] += [f"{name}: {c}" for c in judge.profile(
            self.expected["findings"], self.expected["profiles"][name], variants, status)]

    def draft(self):
        return {**super().draft(), "profiles": self.gating}


def report(done):
    """Tells what was found, and ends with "N passed, N failed"; the exit status."""
    for run in done:
        run.tell()
    checks = [complaints for run in done for complaints in run.checks.values()]
    failed = sum(bool(complaints) for complaints in checks)
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0
