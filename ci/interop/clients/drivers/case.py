"""What the drivers in Python share: the case, as the environment and standard input tell it."""
import os
import sys

URLS = os.environ.get("URLS", os.environ["URL"]).split()
URL = URLS[0]
METHOD = os.environ.get("METHOD", "GET")
NAME, PASSWORD = os.environ["USERNAME"], os.environ["PASSWORD"]
SCHEME = os.environ.get("SCHEME", "any")
CANNOT = 69  # EX_UNAVAILABLE


def body():
    """None: there is none."""
    return sys.stdin.buffer.read() or None


def cannot(why):
    print(why, file=sys.stderr)
    sys.exit(CANNOT)


def http_only():
    """For a library that knows nothing of WS-Security."""
    if SCHEME == "usernametoken":
        cannot("writes no UsernameToken")


def run(call):
    """Calls all URLs in turn; call(url) gives the status of the answer, and the last one counts."""
    status = 0
    for url in URLS:
        try:
            status = call(url)
        except Exception as e:  # whatever a library raises: the call did not go well
            print(f"{type(e).__name__}: {e}", file=sys.stderr)
            status = 0
    sys.exit(0 if 200 <= status < 300 else 1)
