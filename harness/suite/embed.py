#!/usr/bin/env python3
"""embed.py SUITES OUT.c: the suites, profiles, requirements and schemas as one C table.

The order is that of a load: cases by name, client cases, profiles, the requirements by
name, the faults from the field, then the schemas.
"""
import pathlib
import sys


def files(top):
    field = top / "field.xml"
    cases = sorted(p for p in top.glob("*.xml") if p != field)
    profiles = sorted((top / "client").glob("*.xml")) + sorted((top / "profiles").glob("*.xml"))
    requirements = sorted((top / "requirements").glob("*.xml"))
    return cases + profiles + requirements + [field] + sorted((top / "schema").glob("*.rng"))


def rows(octets):
    for i in range(0, len(octets), 20):
        yield "\t" + ",".join(str(o) for o in octets[i:i + 20]) + ",\n"


def main(top, out):
    table = []
    with open(out, "w", encoding="ascii") as c:
        c.write('/* Written by embed.py. */\n#include "suite/parse.h"\n')
        for i, path in enumerate(files(top)):
            octets = path.read_bytes()
            c.write(f"\nstatic const unsigned char file_{i}[] = {{\n")
            c.writelines(rows(octets))
            c.write("\t0\n};\n")
            name = path.relative_to(top).as_posix()
            table.append(f'\t{{ "{name}", file_{i}, {len(octets)} }},\n')
        c.write("\nconst struct embedded_file embedded_files[] = {\n")
        c.writelines(table)
        c.write("\t{ NULL, NULL, 0 },\n};\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2])
