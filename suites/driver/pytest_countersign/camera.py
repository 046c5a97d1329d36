"""Cases in Python: each step goes through `countersign drive`, which keeps controls and budget."""
import collections
import json
import subprocess

from .items import NotProved, indented, skipped, told
from .process import Child, event_of

REFUSED = ("challenged", "stale", "not-authorized", "fault", "bad-request", "forbidden")

Part = collections.namedtuple("Part", "name value")


def credentials(mechanism):
    def make(**deviations):
        """Right, but for what is named: a deviation of suites/README.md, with _ for -."""
        return Part(mechanism, named(deviations) or True)
    make.__name__ = mechanism
    return make


def named(values):
    return {key.strip("_").replace("_", "-"): str(value) for key, value in values.items()}


digest, basic, token = credentials("digest"), credentials("basic"), credentials("token")


def anonymous():
    """No credentials at all."""
    return Part("anonymous", True)


def header(name, value):
    """One more field."""
    return Part("header", {"name": name, "value": str(value)})


def security(markup):
    """Raw XML in the SOAP Header."""
    return Part("security", markup)


WHERE = ("operation", "method", "query")


def repeats(part):
    """Whether it takes something from a step before."""
    return isinstance(part.value, dict) and "same" in part.value.values()


def alike(part):
    """Right credentials of the same kind."""
    return {"use": part.value["use"]} if "use" in part.value else True


def step_of(parts, attributes):
    """What a <send> of the case language holds, as the lines of `countersign drive` say it."""
    step = named(attributes)
    for part in parts:
        if part.name == "security":
            step["security"] = part.value
        elif part.name == "anonymous":
            step["anonymous"] = True
        else:
            step.setdefault(part.name, []).append(part.value)
    return step


class Answer:
    """What came of one step; refused and accepted are proved by controls."""

    def __init__(self, event):
        self.event = event
        self.steps = event["steps"]
        self.outcome, self.message = event["outcome"], event["message"]
        self.form, self.defects = event["form"], event["defects"]
        probes = [s for s in self.steps if s["role"] != "control"]
        self.exchange = probes[-1] if probes else None
        self.status = self.exchange and self.exchange["status"]
        self.sent = self.exchange and self.exchange["sent"]
        self.received = self.exchange and self.exchange["received"]

    @property
    def refused(self):
        return self.outcome in REFUSED

    @property
    def accepted(self):
        return self.outcome == "accepted"

    def __repr__(self):
        what = self.exchange["summary"] if self.exchange else "nothing was sent"
        return f"<{self.message}: {what}>"

    def told(self):
        return "\n".join(told(s, s is self.exchange) for s in self.steps)


class Drive:
    """One process; it is asked by one test after the other."""

    def __init__(self, target, options, lanes):
        self.target, self.options, self.lanes = target, options, lanes
        self.child = None
        self.cause = None  # why no more can be asked

    def alive(self):
        return bool(self.child)

    def start(self):
        self.target.use(self)
        if self.child:
            return
        self.lanes.enter(self)
        command = ["drive", *self.target.operands(), *self.options,
                   *self.target.spent_options(), "--quiet"]
        self.child = Child(command, subprocess.PIPE)

    def say(self, message):
        self.child.write(json.dumps(message) + "\n")

    def answer(self):
        for line in self.child.process.stdout:
            event = event_of(line)
            if event["event"] in ("answer", "problem"):
                return event
            if event["event"] == "end":
                self.target.spend(event["failed_logins"])
                self.stopped((event["cause"] or {}).get("text"))
        self.child.process.wait()
        return self.stopped(self.child.said())

    def stopped(self, why):
        """The target cannot be asked: one error says so, and other tests are skipped."""
        self.cause = why or "countersign ended"
        raise NotProved(self.cause)

    def rest(self):
        """Ends; the next step of a test starts another process."""
        if not self.child:
            return
        self.child.close_input()
        for line in self.child.process.stdout:
            event = event_of(line)
            if event["event"] == "end":
                self.target.spend(event["failed_logins"])
        self.child.close()
        self.child = None


class Camera:
    """A client of the target for one test; it remembers nonces and cookies as a client does."""

    def __init__(self, plugin, drive, name):
        self.plugin, self.drive, self.name = plugin, drive, name
        self.begun = None
        self.sent = set()  # mechanisms, since then
        self.log = []

    @property
    def url(self):
        return self.drive.target.url

    def at(self, path):
        """The same for another page of the host, asked by GET; its challenges are its own."""
        other = Camera(self.plugin, self.plugin.drive_of(self.drive.target.at(path), "http"),
                       self.name)
        other.log = self.log
        return other

    def send(self, *parts, **attributes):
        """One request and its answer, with as many controls as it takes to prove a refusal.

        attributes are those of <send>: operation, method, query, wait, connection, challenge,
        repeat, replay, expect.  What is the same as before needs something before: where nothing
        was sent, right credentials go first.  NotProved: a control was not accepted, or the cap
        on failed logins is reached; for pytest that is an error, not a failure.
        """
        for part in parts:
            if repeats(part) and part.name not in self.sent:
                where = {key: attributes[key] for key in WHERE if key in attributes}
                self.ask([Part(part.name, alike(part))], where)
        return self.ask(parts, attributes)

    def ask(self, parts, attributes):
        if self.drive.cause:
            raise skipped(f"not judged: {self.drive.cause}")
        self.drive.start()
        if self.begun is not self.drive.child:
            self.drive.say({"begin": self.name})
            self.begun, self.sent = self.drive.child, set()
        self.drive.say({"send": step_of(parts, attributes)})
        event = self.drive.answer()
        if event["event"] == "problem":
            raise ValueError(event["text"])
        answer = Answer(event)
        self.log.append(answer)
        if event["verdict"] not in ("pass", "warn", "fail"):
            raise NotProved(f"{event['reason']}: {event['message']}")
        self.sent |= {part.name for part in parts}
        return answer

    def transcript(self):
        return "\n".join(f"{number}. {answer!r}\n{indented(answer.told())}"
                         for number, answer in enumerate(self.log, 1))
