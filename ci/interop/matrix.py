"""What libraries answered, by group of vectors: as JUnit, JSON, and a page."""
import collections
import datetime
import html
import json
import re
import xml.etree.ElementTree as ET

BAD = ("fail", "error", "stale")
LINE = 200


class Library:
    """One run of `countersign vectors` against one adapter."""

    def __init__(self, name, report, status, seconds):
        self.name, self.status, self.seconds = name, status, seconds
        self.version, self.counts = report["version"], report["counts"]
        self.results = report["results"]
        self.groups = collections.OrderedDict()
        for result in self.results:
            key = (result["operation"], result["group"])
            self.groups.setdefault(key, []).append(result)

    def complaints(self):
        """An exit status that the verdicts do not explain."""
        bad = any(r["verdict"] in BAD for r in self.results)
        return [f"ended with status {self.status}"] if bool(self.status) != bad else []


def broken(name, why):
    """A library of which no report came."""
    result = {"id": name, "operation": "run", "group": "the adapter answers", "verdict": "error",
              "message": why}
    return Library(name, {"version": "?", "counts": {"error": 1}, "results": [result]}, 3, 0.0)


def cell(results):
    """Counts by verdict, and the ids of what is wrong, expected or not."""
    counts = collections.Counter(r["verdict"] for r in results)
    return {"counts": dict(counts), "failing": [
        {k: r[k] for k in ("id", "verdict", "message")} for r in results
        if r["verdict"] in BAD + ("expected",)]}


def as_json(libraries):
    return {"format": 1, "libraries": [
        {"name": lib.name, "version": lib.version, "status": lib.status, "counts": lib.counts,
         "groups": [{"operation": operation, "group": group, **cell(results)}
                    for (operation, group), results in lib.groups.items()]}
        for lib in libraries]}


def line(text):
    return re.sub(r"\s+", " ", text)[:LINE] or "-"


def by_message(results):
    """Pairs of a message and the ids that it stands for; of a known divergence, the reason."""
    groups = {}
    for result in results:
        message = result["message"]
        if result["verdict"] == "expected":
            message = message.split(" [")[0]
        groups.setdefault(f"{result['verdict']}: {message}", []).append(result["id"])
    return [(message, ", ".join(ids)) for message, ids in groups.items()]


def listing(results):
    return "\n".join(f"{message}\n  {ids}" for message, ids in by_message(results))


def add_case(suite, lib, key, results):
    case = ET.SubElement(suite, "testcase", name=line(": ".join(key)),
                         classname=f"countersign.{lib.name}", time="0.000")
    bad = [r for r in results if r["verdict"] in BAD]
    known = [r for r in results if r["verdict"] == "expected"]
    if bad:
        ids = ", ".join(r["id"] for r in bad)
        problem = ET.SubElement(case, "failure", message=line(f"{len(bad)} diverge: {ids}"),
                                type="RequirementViolation")
        problem.text = listing(bad)
    elif all(r["verdict"] == "unsupported" for r in results):
        skipped = ET.SubElement(case, "skipped", message="not offered by the library")
        skipped.text = "\n".join(message for message, _ in by_message(results))
    if known:
        out = ET.SubElement(case, "system-out")
        out.text = listing(known)


def as_junit(libraries):
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    top = ET.Element("testsuites", name="countersign")
    for number, lib in enumerate(libraries):
        suite = ET.SubElement(top, "testsuite", name=lib.name, id=str(number), timestamp=now)
        properties = ET.SubElement(suite, "properties")
        ET.SubElement(properties, "property", name="library.version", value=line(lib.version))
        for key, results in lib.groups.items():
            add_case(suite, lib, key, results)
        suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
        count(suite, lib.seconds)
    count(top, sum(lib.seconds for lib in libraries))
    return top


def count(element, seconds):
    element.set("tests", str(len(list(element.iter("testcase")))))
    element.set("failures", str(len(list(element.iter("failure")))))
    element.set("errors", "0")
    element.set("time", f"{seconds:.3f}")


PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Libraries against the vectors</title><style>
body{font:14px/1.4 sans-serif;margin:1.5em;color:#222;background:#fff}
table{border-collapse:collapse}th,td{border:1px solid #bbb;padding:.3em .5em;text-align:left;
vertical-align:top}thead th{position:sticky;top:0;background:#eee}
.ok{background:#e3f4e3}.known{background:#fff4cf}.bad{background:#fbd9d6}.none{color:#777}
li{font-family:monospace;font-size:12px;max-width:40em;overflow-wrap:anywhere}ul{padding-left:1.2em}
</style></head><body><h1>Libraries against the vectors</h1>
<p>Right answers of those that the library offers to give. Yellow: known divergences, with reasons
in <code>vectors/adapters/expect/</code>. Red: not known, or known and gone.</p>
"""


def html_cell(results):
    counts = collections.Counter(r["verdict"] for r in results)
    asked = len(results) - counts["unsupported"]
    wrong = [r for r in results if r["verdict"] in BAD + ("expected",)]
    if not asked:
        return '<td class="none">not offered</td>'
    kind = "bad" if any(counts[v] for v in BAD) else "known" if wrong else "ok"
    text = f"{asked - len(wrong)} of {asked}"
    if not wrong:
        return f'<td class="{kind}">{text}</td>'
    items = "".join(f"<li>{html.escape(message)}<br><b>{html.escape(ids)}</b></li>"
                    for message, ids in by_message(wrong))
    return (f'<td class="{kind}"><details><summary>{text}</summary><ul>{items}</ul>'
            "</details></td>")


def as_html(libraries):
    heads = "".join(f"<th>{html.escape(lib.name)}<br>{html.escape(lib.version)}</th>"
                    for lib in libraries)
    keys = list(dict.fromkeys(key for lib in libraries for key in lib.groups))
    rows = []
    for key in keys:
        cells = "".join(html_cell(lib.groups.get(key, [])) for lib in libraries)
        rows.append(f"<tr><th>{html.escape(key[0])}<br>{html.escape(key[1])}</th>{cells}</tr>\n")
    return (f"{PAGE}<table><thead><tr><th>group</th>{heads}</tr></thead><tbody>\n"
            f"{''.join(rows)}</tbody></table></body></html>\n")


def write(libraries, folder):
    ET.ElementTree(as_junit(libraries)).write(folder / "TEST-libraries.xml", encoding="utf-8",
                                              xml_declaration=True)
    (folder / "libraries.json").write_text(json.dumps(as_json(libraries), indent=1) + "\n")
    (folder / "libraries.html").write_text(as_html(libraries))
