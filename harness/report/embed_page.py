#!/usr/bin/env python3
"""embed_page.py OUT.c PAGE.css PAGE.js: style and script of the HTML report, with their hashes.

Both stand in a page that is XML as well as HTML, so neither may hold a character that needs
escaping there: it would be part of what is hashed in one of the two and not in the other.
"""
import base64
import hashlib
import pathlib
import sys


def rows(octets):
    for i in range(0, len(octets), 20):
        yield "\t" + ",".join(str(o) for o in octets[i:i + 20]) + ",\n"


def main(out, *paths):
    with open(out, "w", encoding="ascii") as c:
        c.write('/* Written by embed_page.py. */\n#include "report/html.h"\n')
        for path in map(pathlib.Path, paths):
            octets, name = path.read_bytes(), "html_" + path.name.replace(".", "_")
            for bad in b"<&\r":
                if bad in octets:
                    line = octets[:octets.index(bad)].count(b"\n") + 1
                    sys.exit(f"{path}:{line}: {chr(bad)!r} must not stand in the page")
            digest = base64.b64encode(hashlib.sha256(octets).digest()).decode()
            c.write(f"\nconst unsigned char {name}[] = {{\n")
            c.writelines(rows(octets))
            c.write(f"\t0\n}};\nconst size_t {name}_n = {len(octets)};\n")
            c.write(f"const char {name}_hash[] = \"'sha256-{digest}'\";\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
