#!/usr/bin/python3
"""An adapter that misbehaves as its argument says: what countersign vectors --adapter must survive.

It answers verify operations with false and refuses the rest, but for the vectors named in EVIL.
"""
import json
import os
import signal
import sys
import time

KIND = sys.argv[1]
EVIL = sys.argv[2:]


def say(text):
    sys.stdout.write(text)
    sys.stdout.flush()


def answer(query):
    if query["op"].endswith(".verify"):
        return {"id": query["id"], "valid": False}
    return {"id": query["id"], "error": "no"}


def misbehave(query):
    if KIND == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif KIND == "raise":
        raise ValueError("no such thing")
    elif KIND == "hang":
        time.sleep(600)
    elif KIND == "garbage":
        say("Traceback (most recent call last):\n")
    elif KIND == "not-object":
        say("[1, 2]\n")
    elif KIND == "empty":
        say("\n")
    elif KIND == "flood":
        while True:
            say("x" * 65536)
    elif KIND == "lines":
        while True:
            say('{"id": "nobody"}\n')
    elif KIND == "close":
        os.close(1)
        time.sleep(600)
    elif KIND == "close-input":
        os.close(0)
        time.sleep(600)
    elif KIND == "end":
        sys.exit(0)
    elif KIND == "twice":
        say((json.dumps(answer(query)) + "\n") * 2)
    elif KIND == "no-valid":
        say(json.dumps({"id": query["id"]}) + "\n")
    elif KIND == "control":
        say(json.dumps({"id": query["id"], "error": "\x1b[31m\n\0"}) + "\n")
    elif KIND == "unsupported":
        say(json.dumps({"id": query["id"], "unsupported": "not built in"}) + "\n")


def main():
    for line in sys.stdin:
        query = json.loads(line)
        if "hello" in query:
            if KIND == "no-hello":
                return
            if KIND == "hello-garbage":
                say("hello\n")
            say(json.dumps({"adapter": "evil", "version": "1", "operations": [
                "basic.encode", "basic.verify", "usernametoken.verify"]}) + "\n")
        elif query["id"] in EVIL:
            misbehave(query)
        else:
            say(json.dumps(answer(query)) + "\n")


if __name__ == "__main__":
    main()
