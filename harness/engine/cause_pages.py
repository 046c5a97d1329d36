#!/usr/bin/env python3
"""cause_pages.py OUT.c FILE.md...: the pages of the causes as one C table, in the order given."""
import pathlib
import sys


def rows(octets):
    for i in range(0, len(octets), 32):
        yield "\t" + ",".join(str(o) for o in octets[i:i + 32]) + ",\n"


def main(out, *files):
    table = []
    with open(out, "w", encoding="ascii") as c:
        c.write('/* Written by cause_pages.py. */\n#include "engine/cause_page.h"\n')
        for i, path in enumerate(map(pathlib.Path, files)):
            octets = path.read_bytes()
            c.write(f"\nstatic const unsigned char page_{i}[] = {{\n")
            c.writelines(rows(octets))
            c.write("\t0\n};\n")
            table.append(f'\t{{ "{path.stem}", page_{i}, {len(octets)} }},\n')
        c.write("\nconst struct cause_page cause_pages[] = {\n")
        c.writelines(table)
        c.write("\t{ NULL, NULL, 0 },\n};\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
