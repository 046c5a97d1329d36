"""What the adapters in Python share: the loop over JSON Lines, and how inputs are read."""
import json
import re
import sys


class AnyNonce(str):
    """In place of the nonce that a library remembers: then it does not start its count anew."""
    __eq__ = lambda self, other: True


class Unsupported(Exception):
    """The library has no means to be asked this, which is neither right nor wrong."""


def octets(request, name):
    """An input as octets; octets that are not UTF-8 come in hex."""
    if f"{name}_hex" in request:
        return bytes.fromhex(request[f"{name}_hex"])
    return request.get(name, "").encode()


def text(request, name):
    """An input for a library that takes str and nothing else."""
    try:
        return octets(request, name).decode()
    except UnicodeDecodeError:
        raise Unsupported(f"takes text, and {name} is not UTF-8") from None


def no_nul(*accounts):
    """For a library that takes C strings."""
    if any(b"\0" in octets(a, name) for a in accounts for name in ("username", "password")):
        raise Unsupported("takes C strings")


def body(request):
    return bytes.fromhex(request.get("body_hex", ""))


def challenges(request):
    """The field values of WWW-Authenticate as str, an octet a character."""
    if "www_authenticate_hex" in request:
        return [bytes.fromhex(v).decode("latin-1") for v in request["www_authenticate_hex"]]
    return [v.encode().decode("latin-1") for v in request["www_authenticate"]]


def target(request):
    """The path and query that a URL can be made of."""
    if not request["uri"].startswith("/"):
        raise Unsupported("asks for a path, no other form of target")
    return request["uri"]


def cnonce(request):
    """The vector's cnonce, if the library could have drawn it: hexadecimal or Base64."""
    if '"' in request["cnonce"] or "\\" in request["cnonce"]:
        raise Unsupported("draws no cnonce with a quote or a backslash")
    return request["cnonce"]


def sent_as(request, method, uri):
    """The library must have asked for what the vector names."""
    if (method, uri) != (request["method"], request["uri"]):
        raise Unsupported(f"asks for {method} {uri}")


def authorization(value):
    """The answer that holds a field value, which came as str with an octet a character."""
    octets_sent = value.encode("latin-1") if isinstance(value, str) else value
    try:
        return {"authorization": octets_sent.decode()}
    except UnicodeDecodeError:
        return {"authorization_hex": octets_sent.hex()}


KNOWN = ("MD5", "MD5-SESS", "SHA-256", "SHA-256-SESS", "SHA-512-256", "SHA-512-256-SESS")


def lacks(request, offers):
    """What the library does not offer of that which the challenges ask for; or None."""
    if not offers or request["op"] != "digest.respond":
        return None
    fields = challenges(request)
    found = [re.search(r'algorithm *= *"?([\w-]+)', f, re.I) for f in fields]
    wanted = {m[1].upper() if m else "MD5" for m in found}
    if wanted <= set(KNOWN) and not wanted & set(offers["algorithms"]):
        return f"knows no {', '.join(sorted(wanted))}"
    qops = re.findall(r'qop *= *"?([^"]*)', " ".join(fields), re.I)
    if qops and not offers.get("auth_int") and {q.strip() for q in qops} == {"auth-int"}:
        return "knows no auth-int"
    return None


def answer(request, operations, offers):
    """A refusal is an error, unless the library says nowhere that it can do what was asked."""
    try:
        return operations[request["op"]](request)
    except Unsupported as e:
        return {"unsupported": str(e)}
    except Exception as e:  # whatever the library throws is its answer
        if why := lacks(request, offers):
            return {"unsupported": why}
        return {"error": f"{type(e).__name__}: {e}"}


def serve(name, version, operations, network=False, offers=None):
    """Answers until standard input ends.  operations are functions by name; network: they ask the
    server that a request names; offers holds the algorithms that the library implements, and
    auth_int."""
    for line in sys.stdin:
        request = json.loads(line)
        if "hello" in request:
            reply = {"adapter": name, "version": version, "operations": sorted(operations)}
            reply |= {"network": True} if network else {}
        else:
            reply = {"id": request["id"], **answer(request, operations, offers)}
        print(json.dumps(reply), flush=True)
