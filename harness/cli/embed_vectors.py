#!/usr/bin/env python3
"""embed_vectors.py OUT.c FILE...: vector files as one C table, in the order given."""
import pathlib
import sys


def rows(octets):
    for i in range(0, len(octets), 32):
        yield "\t" + ",".join(str(o) for o in octets[i:i + 32]) + ",\n"


def main(out, *files):
    table = []
    with open(out, "w", encoding="ascii") as c:
        c.write("/* Written by embed_vectors.py. */\n#include <stddef.h>\n")
        for i, path in enumerate(map(pathlib.Path, files)):
            octets = path.read_bytes()
            c.write(f"\nstatic const unsigned char file_{i}[] = {{\n")
            c.writelines(rows(octets))
            c.write("\t0\n};\n")
            table.append(f'\t{{ "{path.name}", file_{i}, {len(octets)} }},\n')
        c.write("\nextern const struct embedded_vectors {\n\tconst char *name;\n"
                "\tconst unsigned char *octets;\n\tsize_t n;\n} embedded_vectors[];\n"
                "const struct embedded_vectors embedded_vectors[] = {\n")
        c.writelines(table)
        c.write("\t{ NULL, NULL, 0 },\n};\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
