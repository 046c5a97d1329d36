"""`countersign run` behind a pipe: one process judges everything that is wanted of one target."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading


class HarnessError(Exception):
    """The program could not be run, or ended without the verdict that was waited for."""


def program():
    """Where countersign is: COUNTERSIGN, else the path, else the build of this checkout."""
    given = os.environ.get("COUNTERSIGN") or shutil.which("countersign")
    built = pathlib.Path(__file__).resolve().parents[3] / "build/dev/harness/cli/countersign"
    if not given and not built.exists():
        raise HarnessError("no countersign: set COUNTERSIGN, or install it")
    return given or str(built)


def lines_of(*arguments):
    """What a call prints, line by line, as JSON."""
    try:
        done = subprocess.run([program(), *arguments], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, check=False)
    except OSError as e:
        raise HarnessError(f"{program()}: {e}") from e
    if done.returncode:
        raise HarnessError(done.stderr.strip() or f"countersign ended with {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]


class Child:
    """A process whose messages are kept for the case that it fails."""

    def __init__(self, arguments, stdin):
        self.errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        try:
            self.process = subprocess.Popen([program(), *arguments], stdin=stdin,
                                            stdout=subprocess.PIPE, stderr=self.errors,
                                            text=True, encoding="utf-8")
        except OSError as e:
            self.errors.close()
            raise HarnessError(f"{program()}: {e}") from e

    def said(self):
        """Its messages, once it has ended."""
        self.errors.seek(0)
        return self.errors.read().strip()

    def close(self):
        if self.process.stdin and not self.process.stdin.closed:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                pass
        self.process.wait()
        self.process.stdout.close()


class Run:
    """All verdicts of one target; the process starts when the first of them is asked for."""

    def __init__(self, target, options):
        self.target, self.options = target, options
        self.wanted = []  # ids; all is False: no others are run
        self.all = True
        self.plan = self.survey = self.end = self.child = self.reader = None
        self.variants = {}
        self.news = threading.Condition()
        self.cause_told = self.over = self.rested = False

    def start(self):
        """Once.  What is read is kept, so that the process never waits for a slow reader."""
        if self.child:
            return
        self.target.use(self)
        command = ["run", self.target.url, *self.options, *self.target.spent_options(),
                   "--events", "-", "--quiet"]
        if not self.all:
            command += ["--only-from", "-"]
        self.child = Child(command, subprocess.DEVNULL if self.all else subprocess.PIPE)
        if not self.all:
            try:
                self.child.process.stdin.write("".join(f"{i}\n" for i in self.wanted))
                self.child.process.stdin.close()
            except BrokenPipeError:
                pass  # it ended, and said why
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.child.process.stdout:
            with self.news:
                self.take(json.loads(line))
                self.news.notify_all()
        with self.news:
            self.over = True
            self.news.notify_all()

    def take(self, event):
        if event["event"] == "variant":
            self.variants[event["variant"]["id"]] = event["variant"]
        else:
            setattr(self, event["event"], event)

    def verdict(self, variant_id):
        """Waits until the verdict of that variant has fallen."""
        self.start()
        with self.news:
            self.news.wait_for(lambda: variant_id in self.variants or self.over)
        if variant_id in self.variants:
            return self.variants[variant_id]
        self.child.process.wait()
        raise HarnessError(self.child.said() or
                           f"countersign ended with {self.child.process.returncode} and said "
                           f"nothing of {variant_id}")

    def stopped_at_once(self):
        """The cause, when the run ended before it judged anything; waits for its end."""
        with self.news:
            self.news.wait_for(lambda: self.over)
        ran = any(v["steps"] for v in self.variants.values())
        return None if ran or not self.end else self.end["cause"]

    def rest(self):
        """Comes to its end, since somebody else asks the target next."""
        if not self.child or self.rested:
            return
        self.rested = True
        self.reader.join()
        self.child.close()
        self.target.spend(self.end["failed_logins"] if self.end else 0)

    def stop(self):
        """Waits for the end; what nobody has waited for is given up."""
        if not self.child:
            return
        if not set(self.wanted) <= set(self.variants):
            self.child.process.terminate()
        self.rest()

    def summary(self):
        """For the end of the session: as JSON, since workers of xdist send it."""
        return {"target": self.target.name, "url": self.target.url,
                "status": self.child.process.returncode,
                "said": "" if self.end else self.child.said(), "end": self.end}
