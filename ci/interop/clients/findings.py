"""What countersign client found, against what is written down in expect/, and as a matrix."""
import collections
import json
import pathlib
import shlex
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

import judge

COMPARED = ("verdict", "clause")
ENTRY = {"case", *COMPARED, "reason"}
DRAFTED = ""  # the reason of an entry that nobody has thought about


def load(path):
    """The file, or ValueError that names what is wrong with it."""
    expected = json.loads(path.read_text(encoding="utf-8"))
    for entry in expected["findings"]:
        if set(entry) - {"count", "seen_in"} != ENTRY:
            raise ValueError(f"{path}: an entry has {sorted(entry)}, expected {sorted(ENTRY)}")
        if not entry["reason"].strip() or not entry["clause"]:
            raise ValueError(f"{path}: {entry['case']} needs a clause and a reason")
        if entry["verdict"] in judge.BROKEN:
            raise ValueError(f"{path}: {entry['case']}: no result cannot be expected")
    return expected


def deviates(variant):
    """All but a pass, and what the client does not do or was not asked for."""
    return variant["verdict"] != "pass" and (
        variant["verdict"] != "skip" or variant["reason"] != "not-offered")


def matches(entry, variant):
    return judge.names(entry, variant) and all(entry[k] == variant[k] for k in COMPARED)


def words(thing):
    return " ".join(str(thing[k]) for k in ("id" if "id" in thing else "case", *COMPARED))


def entry_of(expected, variant):
    return next((e for e in expected["findings"] if matches(e, variant)), None)


def family_of(entry):
    return entry["case"].split(".")[0]


def compare(expected, variants):
    """Complaints: what nobody wrote down, what is gone, what has no result."""
    found = [v for v in variants if deviates(v)]
    complaints = [f"no result: {words(v)}: {v['message']}" for v in found
                  if v["verdict"] in judge.BROKEN]
    complaints += [f"unexpected: {words(v)}: {v['message']}" for v in found
                   if v["verdict"] not in judge.BROKEN and not entry_of(expected, v)]
    for entry in expected["findings"]:
        seen, (least, most) = sum(matches(entry, v) for v in found), judge.span(entry)
        if not least <= seen <= most:
            wanted = least if least == most else f"{least} to {most}"
            complaints.append(f"expected {wanted} of, found {seen}: {words(entry)}")
    passes = sum(v["verdict"] == "pass" for v in variants)
    if passes < expected["passes"]:
        complaints.append(f"only {passes} passed, expected at least {expected['passes']}")
    loose = {family_of(e) for e in expected["findings"] if not isinstance(e.get("count", 1), int)}
    for family, counts in (cells(variants) if "families" in expected else {}).items():
        written = expected["families"].get(family)
        if family not in loose and written != counts:
            complaints.append(f"{family}: {counted(counts)}, written down is {counted(written)}")
    return complaints


def draft(expected, client, version, variants):
    """An expectation of what was found; the reasons that are missing are for a person to write."""
    found, known = collections.Counter(), {}
    for v in variants:
        if deviates(v) and v["verdict"] not in judge.BROKEN:
            entry = entry_of(expected, v) or {"case": v["case"], "reason": DRAFTED}
            key = (entry["case"], v["verdict"], v["clause"], entry["reason"])
            found[key] += 1
            known[key] = {**seen_in(v), **entry}
    entries = [drafted(key, n, known[key]) for key, n in found.items()]
    gone = [e for e in expected["findings"]
            if judge.span(e)[0] == 0 and e not in known.values()]
    return {"client": client["name"], "version": version,
            "passes": sum(v["verdict"] == "pass" for v in variants),
            "families": {family: dict(counts) for family, counts in cells(variants).items()},
            "findings": entries + gone}


def drafted(key, n, entry):
    """What was found n times; a span that still holds stays."""
    case, verdict, clause, reason = key
    least, most = judge.span(entry)
    kept = {k: entry[k] for k in ("seen_in",) if k in entry}
    count = [least, most] if least < most and least <= n <= most else n
    return {"case": case, **({} if count == 1 else {"count": count}), "verdict": verdict,
            "clause": clause, "reason": reason, **kept}


def again(client, entry):
    """The command that shows it once more, in the top of the checkout.  Of a case that only watches
    the entry says with which other one it is seen."""
    cases = [entry["case"], *([entry["seen_in"]] if "seen_in" in entry else [])]
    only = " ".join(f"--only {shlex.quote(case)}" for case in cases)
    return (f"countersign client --profile {client['profile']} {only} "
            f"--exec {shlex.quote(client['command'])}")


def seen_in(variant):
    """The case whose exchange a case that only watches found, as its report says."""
    words = shlex.split(variant.get("curl") or "")
    only = [word for option, word in zip(words, words[1:]) if option == "--only"]
    return {"seen_in": only[1].split("[")[0]} if len(only) > 1 else {}


def cells(variants):
    """Counts of verdicts by family of cases."""
    families = collections.OrderedDict()
    for v in variants:
        families.setdefault(v["family"], collections.Counter())[v["verdict"]] += 1
    return families


def as_json(done):
    return {"format": 1, "clients": [
        {"name": run.client["name"], "version": run.version, "profile": run.client["profile"],
         "cannot": run.client["cannot"], "complaints": run.complaints,
         "families": {family: dict(counts) for family, counts in cells(run.variants).items()},
         "findings": [
             {**{k: v[k] for k in ("id", "verdict", "reason", "clause", "level", "message")},
              "known": (entry_of(run.expected, v) or {}).get("reason"),
              "again": again(run.client, {"case": v["id"], **seen_in(v)})}
             for v in run.variants if deviates(v)]}
        for run in done]}


def cell(counts):
    """Passed of judged, and of what else there is a number."""
    if not counts or set(counts) == {"skip"}:
        return "–"
    judged = sum(n for verdict, n in counts.items() if verdict != "skip")
    more = [f"{counts[v]} {v}" for v in ("fail", "warn", "inconclusive", "error") if counts.get(v)]
    return f"{counts.get('pass', 0)}/{judged}" + (f" ({', '.join(more)})" if more else "")


def counted(counts):
    return f"{cell(counts)} and {(counts or {}).get('skip', 0)} skipped"


def escaped(text):
    return " ".join(str(text).split()).replace("\\", "\\\\").replace("|", "\\|").replace(
        "<", "&lt;").replace("*", "\\*").replace("_", "\\_")


def as_markdown(done):
    """The matrix, a row for each client; then what each got wrong, with a command to see it."""
    matrix = as_json(done)["clients"]
    families = list(dict.fromkeys(f for c in matrix for f in c["families"]))
    lines = ["# Clients against countersign", "", "Passed of judged; – is what was not asked.", "",
             "| client | version | profile | " + " | ".join(families) + " |",
             "|---" * (3 + len(families)) + "|"]
    for c in matrix:
        row = [c["name"], c["version"] or "?", c["profile"],
               *(cell(c["families"].get(f)) for f in families)]
        lines.append("| " + " | ".join(row) + " |")
    for c in matrix:
        lines += ["", f"## {c['name']} {c['version'] or ''}".rstrip(), ""]
        lines += [f"- Not judged: {escaped(c['complaints'][0])}"] if not c["families"] else []
        lines += [f"- Cannot: {escaped(why)}" for why in c["cannot"]]
        for f in c["findings"]:
            known = f["known"] or "Nobody has written down why."
            lines += [f"- **{escaped(f['id'])}**: {f['verdict']}, {f['clause']} ({f['level']}): "
                      f"{escaped(f['message'])}. {escaped(known)}", "",
                      f"      {f['again']}", ""]
    return "\n".join(lines).rstrip() + "\n"


HEAD = """# What clients that are not ours get wrong

Written by `ci/interop/clients/run --page` from `expect/`, with which `ci/interop/clients/run`
compares what it finds. Passed of judged; – is what was not asked. What breaks a must (for RFC
2617 and ONVIF a should too) of the client's profile fails, all else warns.
"""


def page(known, expectations):
    """FINDINGS.md: the matrix and the findings as they are written down, by name of the client."""
    families = list(dict.fromkeys(f for e in expectations.values() for f in e["families"]))
    lines = [HEAD, "| client | version | profile | " + " | ".join(families) + " |",
             "|---" * (3 + len(families)) + "|"]
    for name, e in expectations.items():
        row = [name, e["version"], known[name]["profile"],
               *(cell(e["families"].get(f)) for f in families)]
        lines.append("| " + " | ".join(row) + " |")
    for name, e in expectations.items():
        lines += ["", f"## {name} {e['version']}", ""]
        lines += [f"- Cannot: {escaped(why)}" for why in known[name]["cannot"]]
        for f in e["findings"]:
            times = f" × {f['count']}" if "count" in f else ""
            lines += [f"- **{escaped(f['case'])}**{times}: {f['verdict']}, {f['clause']}: "
                      f"{escaped(f['reason'])}", "",
                      f"      {again(known[name], f)}", ""]
    return "\n".join(lines).rstrip() + "\n"
