#!/usr/bin/env python3
"""embed.py OUT.c TABLE TOP CUT FILE...: files as a table of base/embedded.h, in the order given.

What a file is called there is its path below the folder TOP, without the ending CUT.
"""
import pathlib
import sys


def rows(octets):
    for i in range(0, len(octets), 32):
        yield "\t" + ",".join(str(o) for o in octets[i:i + 32]) + ",\n"


def main(out, table_name, top, cut, *files):
    table = []
    with open(out, "w", encoding="ascii") as c:
        c.write('/* Written by embed.py. */\n#include "base/embedded.h"\n')
        for i, path in enumerate(map(pathlib.Path, files)):
            octets = path.read_bytes()
            c.write(f"\nstatic const unsigned char file_{i}[] = {{\n")
            c.writelines(rows(octets))
            c.write("\t0\n};\n")
            name = path.relative_to(top).as_posix().removesuffix(cut)
            table.append(f'\t{{ "{name}", file_{i}, {len(octets)} }},\n')
        c.write(f"\nextern const struct embedded_file {table_name}[];\n"
                f"const struct embedded_file {table_name}[] = {{\n")
        c.writelines(table)
        c.write("\t{ NULL, NULL, 0 },\n};\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
