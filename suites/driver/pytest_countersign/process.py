"""`countersign run` behind a pipe: one process judges everything that is wanted of one target."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading


class HarnessError(Exception):
    """The program could not be run, or ended without the verdict that was waited for."""


NEEDED = (0, 1, 0)  # the oldest version whose lines are understood
FORMAT = 1  # of its events: reports/events.schema.json
LANES = 32  # processes at the same time, as of countersign run --lanes


def program():
    """Where countersign is: COUNTERSIGN, else the path, else the build of this checkout."""
    given = os.environ.get("COUNTERSIGN") or shutil.which("countersign")
    built = pathlib.Path(__file__).resolve().parents[3] / "build/dev/harness/cli/countersign"
    if not given and not built.exists():
        raise HarnessError("no countersign: set COUNTERSIGN to its path, or install it")
    return given or str(built)


def output_of(*arguments):
    try:
        done = subprocess.run([program(), *arguments], capture_output=True, text=True,
                              encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL,
                              check=False)
    except OSError as e:
        raise HarnessError(f"{program()}: {e.strerror}; set COUNTERSIGN to the path of "
                           "countersign") from e
    if done.returncode:
        raise HarnessError(done.stderr.strip() or
                           f"{program()} {arguments[0]} ended with {done.returncode}")
    return done.stdout


def check_program():
    """Before anything is asked: it is there, it is countersign, and it is not too old."""
    said = output_of("--version")
    found = re.match(r"countersign (\d+)\.(\d+)\.(\d+)", said)
    if not found:
        raise HarnessError(f"{program()} is not countersign: --version gives {said[:60].strip()!r}")
    if tuple(map(int, found.groups())) < NEEDED:
        raise HarnessError(f"{program()} is {found[0]}, which is too old: pytest_countersign needs "
                           f"{'.'.join(map(str, NEEDED))} or later")


def event_of(line):
    try:
        return json.loads(line)
    except ValueError as e:
        raise HarnessError("countersign said, where a line of JSON was expected: "
                           f"{line[:80].strip()!r}") from e


def lines_of(*arguments):
    """What a call prints, line by line, as JSON."""
    return [event_of(line) for line in output_of(*arguments).splitlines()]


class Lanes:
    """Who has a process; so many at a time."""

    def __init__(self):
        self.users = []

    def enter(self, user):
        """The one that began first comes to its end where there is no room."""
        self.users = [u for u in self.users if u.alive() and u is not user]
        if len(self.users) >= LANES:
            self.users.pop(0).rest()
        self.users.append(user)


class Child:
    """A process whose messages are kept for the case that it fails."""

    def __init__(self, arguments, stdin):
        self.errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        self.text = None  # of the messages, once they are closed
        try:
            self.process = subprocess.Popen([program(), *arguments], stdin=stdin,
                                            stdout=subprocess.PIPE, stderr=self.errors,
                                            text=True, encoding="utf-8", errors="replace")
        except OSError as e:
            self.errors.close()
            raise HarnessError(f"{program()}: {e.strerror}") from e

    def said(self):
        """Its messages, once it has ended."""
        if self.text is None:
            self.errors.seek(0)
            return self.errors.read().strip()
        return self.text

    def write(self, text):
        try:
            self.process.stdin.write(text)
            self.process.stdin.flush()
        except (BrokenPipeError, ValueError):
            pass  # it ended, and what it said last is read next

    def close_input(self):
        try:
            if self.process.stdin:
                self.process.stdin.close()
        except BrokenPipeError:
            pass

    def close(self):
        self.close_input()
        self.process.wait()
        self.process.stdout.close()
        self.text = self.said()
        self.errors.close()


class Run:
    """All verdicts of one target; the process starts when the first of them is asked for."""

    def __init__(self, target, options, lanes):
        self.target, self.options, self.lanes = target, options, lanes
        self.wanted = []  # ids; all is False: no others are run
        self.all = True
        self.plan = self.survey = self.end = self.child = self.reader = self.failure = None
        self.variants = {}
        self.news = threading.Condition()
        self.cause_told = self.over = self.rested = self.given_up = False

    def alive(self):
        return bool(self.child) and not self.over

    def start(self):
        """Once.  What is read is kept, so that the process never waits for a slow reader."""
        if self.child:
            return
        self.target.use(self)
        self.lanes.enter(self)
        command = ["run", *self.target.operands(), *self.options, *self.target.spent_options(),
                   "--events", "-", "--quiet"]
        if not self.all:
            command += ["--only-from", "-"]
        self.child = Child(command, subprocess.DEVNULL if self.all else subprocess.PIPE)
        if not self.all:
            self.child.write("".join(f"{i}\n" for i in self.wanted))
            self.child.close_input()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        """Whatever comes, who waits for a verdict is told of the end."""
        try:
            for line in self.child.process.stdout:
                event = event_of(line)
                with self.news:
                    self.take(event)
                    self.news.notify_all()
        except HarnessError as e:
            self.failure = str(e)
            self.child.process.kill()
        finally:
            with self.news:
                self.over = True
                self.news.notify_all()

    def take(self, event):
        kind = event.get("event") if isinstance(event, dict) else None
        if kind == "variant":
            self.variants[event["variant"]["id"]] = event["variant"]
        elif kind == "plan" and event["format"] != FORMAT:
            raise HarnessError(f"{program()} writes events of format {event['format']}, expected "
                               f"{FORMAT}: pytest_countersign is too old for it")
        elif kind in ("plan", "survey", "end"):
            setattr(self, kind, event)

    def verdict(self, variant_id):
        """Waits until the verdict of that variant has fallen."""
        self.start()
        with self.news:
            self.news.wait_for(lambda: variant_id in self.variants or self.over)
        if variant_id in self.variants:
            return self.variants[variant_id]
        self.child.process.wait()
        raise HarnessError(self.failure or self.child.said() or
                           f"countersign ended with {self.child.process.returncode} and said "
                           f"nothing of {variant_id}")

    def stopped_at_once(self):
        """The cause, when the run ended before it judged anything; waits for its end."""
        with self.news:
            self.news.wait_for(lambda: self.over)
        ran = any(v["steps"] for v in self.variants.values())
        return None if ran or not self.end else self.end["cause"]

    def rest(self):
        """Comes to its end, since somebody else asks next."""
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
            self.given_up = True
            self.child.process.terminate()
        self.rest()

    def cases(self):
        """Those of the run itself, as its own report has them: name, kind of result, message."""
        end = {} if self.given_up else self.end or {}
        problems = (end.get("waivers") or {}).get("problems")
        if end.get("cause") and not self.stopped_at_once():
            yield "run.complete", "setup", end["cause"]["text"]
        if problems:
            yield "run.waivers", "call", "\n".join(problems)

    def summary(self):
        """For the end of the session: as JSON, since workers of xdist send it."""
        return {"target": self.target.name if self.target.named else "",
                "url": self.target.url, "cases": list(self.cases()),
                "status": self.child.process.returncode,
                "said": "" if self.end else self.failure or self.child.said(), "end": self.end}
