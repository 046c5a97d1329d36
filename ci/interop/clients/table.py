"""The clients of clients.json: which version is installed, what is missing, and how one is run."""
import json
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
BUILD = ROOT / "build" / "interop" / "clients"
CANNOT = 69  # EX_UNAVAILABLE: the client has no means to be asked this
SCHEMES = ("basic", "digest", "usernametoken", "any")
KEYS = {"name", "command", "debian", "npm", "build", "profile", "schemes", "cannot"}


def load():
    """By name; ValueError names what is wrong with the file."""
    clients = json.loads((HERE / "clients.json").read_text(encoding="utf-8"))["clients"]
    for client in clients:
        if wrong := set(client) - KEYS:
            raise ValueError(f"clients.json: {client['name']} has {sorted(wrong)}")
        if ("debian" in client) == ("npm" in client):
            raise ValueError(f"clients.json: {client['name']} is of Debian or of npm")
    return {client["name"]: client for client in clients}


def version(client):
    """Of its package, or None when that is not installed."""
    if "npm" in client:
        path = BUILD / "npm" / "node_modules" / client["npm"] / "package.json"
        return json.loads(path.read_text())["version"] if path.exists() else None
    done = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}",
                           client["debian"]], capture_output=True, text=True, check=False)
    status, _, number = done.stdout.partition(" ")
    return number if status == "installed" else None


def build(clients):
    """Compiles what these need; CalledProcessError has what the compiler said."""
    names = sorted({c["build"] for c in clients if "build" in c})
    if names:
        subprocess.run([HERE / "build", *names], check=True, capture_output=True, text=True)
