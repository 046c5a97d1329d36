"""Servers that are not ours, from Debian's packages, on loopback, each in a folder of its own."""
import hashlib
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import textwrap
import time

USER, PASSWORD, REALM = "admin", "secure", "interop"
PAGE = "/private/page.txt"
HERE = pathlib.Path(__file__).resolve().parent
STOP_S = 60
START_S = 300  # with neighbours all takes ten times as long
# gSOAP reads a time without a zone as one of the zone that its process is in.
ENVIRONMENT = {**os.environ, "TZ": "UTC"}


def held_port():
    """A socket with a port that the system gives to nobody else while it is open; who asks for it
    by number, as these servers do, gets it (SO_REUSEADDR)."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held


class Server:
    """Start it with `with`; url, kind and options() are what countersign needs to know."""

    kind = "http"
    protocol = "http"

    def __init__(self, name):
        self.name = self.expectation = name
        self.folder = self.process = self.url = self.held = None
        self.environment = ENVIRONMENT

    def hurry(self, rate):
        """Let the clocks of the server, and of what is run in its environment, go RATE times as
        fast."""
        library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
        if not library:
            raise RuntimeError("libfaketime is not installed, see ci/install")
        self.environment = {**self.environment, "LD_PRELOAD": str(library),
                            "FAKETIME": f"+0 x{rate}"}

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"countersign-{self.name}-"))
        self.folder.chmod(0o755)  # a server that drops root must still read its files
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None
        if self.held:
            self.held.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        self.held = held_port()
        port = self.held.getsockname()[1]
        command = self.configure(port)
        with open(self.folder / "output", "w", encoding="utf-8") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output,
                                            stdin=subprocess.DEVNULL, env=self.environment)
        if not self.listens(port):
            raise RuntimeError(f"{self.name} does not start:\n{self.said()}")
        self.url = f"{self.protocol}://127.0.0.1:{port}{PAGE}"

    def listens(self, port):
        """True once the server takes connections, False if it ended first."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return self.process.poll() is None
            except OSError:
                time.sleep(0.05)
        self.process.kill()
        return False

    def said(self):
        """What the server wrote, to explain a failure."""
        logs = [self.folder / "output", self.folder / "error.log"]
        return "\n".join(p.read_text(errors="replace")[-4000:] for p in logs if p.exists())

    def configure(self, port):
        raise NotImplementedError

    def account(self):
        """The options of countersign for it."""
        password = self.folder / "password"
        password.touch(0o600)
        password.write_text(PASSWORD + "\n")
        return ["--user", USER, "--password-file", password]

    def options(self):
        """Of countersign, beyond the account."""
        return []

    def site(self):
        """The page that is protected, and one outside."""
        for name in (PAGE[1:], "private/other.txt", "index.txt"):
            page = self.folder / "site" / name
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(f"{name}\n")
        return self.folder / "site"

    def write(self, name, text):
        path = self.folder / name
        path.write_text(textwrap.dedent(text))
        return path


def htdigest(hash_name):
    """One line of an htdigest file: H(user:realm:password)."""
    secret = hashlib.new(hash_name, f"{USER}:{REALM}:{PASSWORD}".encode()).hexdigest()
    return f"{USER}:{REALM}:{secret}\n"


class Lighttpd(Server):
    """mod_auth; scheme is basic or digest, algorithm MD5 or SHA-256."""

    def __init__(self, name, scheme, algorithm="MD5"):
        super().__init__(name)
        self.scheme, self.algorithm = scheme, algorithm

    def users(self):
        if self.scheme == "basic":
            return "plain", self.write("users", f"{USER}:{PASSWORD}\n")
        return "htdigest", self.write("users", htdigest(self.algorithm.replace("-", "").lower()))

    def configure(self, port):
        backend, users = self.users()
        config = self.write("lighttpd.conf", f"""\
            server.modules = ("mod_auth", "mod_authn_file")
            server.bind = "127.0.0.1"
            server.port = {port}
            server.document-root = "{self.site()}"
            server.errorlog = "{self.folder}/error.log"
            mimetype.assign = (".txt" => "text/plain")
            auth.backend = "{backend}"
            auth.backend.{backend}.userfile = "{users}"
            auth.require = ("/private" => (
                "method" => "{self.scheme}",
                "algorithm" => "{self.algorithm}",
                "realm" => "{REALM}",
                "require" => "valid-user"))
            """)
        return ["lighttpd", "-D", "-f", str(config)]


class LighttpdTls(Lighttpd):
    """The same behind TLS: what is found must not depend on it."""

    protocol = "https"

    def __init__(self, name, option):
        super().__init__(name, "digest")
        self.expectation, self.option = "lighttpd-md5", option

    def options(self):
        return [self.option] + ([self.folder / "cert.pem"] if self.option == "--cacert" else [])

    def configure(self, port):
        command = super().configure(port)
        key, certificate = self.folder / "key.pem", self.folder / "cert.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                        "-subj", "/CN=interop", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", key, "-out", certificate], capture_output=True, check=True)
        with open(self.folder / "lighttpd.conf", "a", encoding="utf-8") as f:
            f.write(textwrap.dedent(f"""\
                server.modules += ("mod_openssl")
                ssl.engine = "enable"
                ssl.pemfile = "{certificate}"
                ssl.privkey = "{key}"
                """))
        return command


class Apache(Server):
    """mod_auth_digest; the nonce-count check needs memory shared by the processes."""

    def __init__(self, name, nc_check):
        super().__init__(name)
        self.nc_check = nc_check

    def configure(self, port):
        modules = ["mpm_event", "auth_digest", "authn_core", "authn_file", "authz_core",
                   "authz_user", "mime"]
        load = "\n".join(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so"
                         for m in modules)
        users = self.write("users", htdigest("md5"))
        self.write("mime.types", "text/plain txt\n")
        config = self.write("apache.conf", f"""\
            ServerRoot {self.folder}
            ServerName 127.0.0.1
            Listen 127.0.0.1:{port}
            PidFile {self.folder}/pid
            DefaultRuntimeDir {self.folder}
            ErrorLog {self.folder}/error.log
            DocumentRoot {self.site()}
            KeepAlive On
            MaxKeepAliveRequests 0
            """)
        with open(config, "a", encoding="utf-8") as f:
            f.write(load + "\nTypesConfig mime.types\n")
            if os.getuid() == 0:
                f.write("User www-data\nGroup www-data\n")
            f.write(textwrap.dedent(f"""\
                AuthDigestShmemSize 64K
                <Location "/private">
                    AuthType Digest
                    AuthName "{REALM}"
                    AuthDigestDomain "/private"
                    AuthDigestProvider file
                    AuthUserFile {users}
                    AuthDigestNcCheck {self.nc_check}
                    Require valid-user
                </Location>
                """))
        return ["apache2", "-DFOREGROUND", "-f", str(config)]


class Built(Server):
    """A program of ours on a library that is not, in the folder of its name."""

    folder_name = page = None

    def __init__(self, name, *arguments):
        super().__init__(name)
        self.arguments = arguments

    def start(self):
        built = subprocess.run(["bash", HERE / self.folder_name / "build"], capture_output=True,
                               text=True, stdin=subprocess.DEVNULL, check=False)
        if built.returncode:
            raise RuntimeError(f"{self.name} does not build:\n{built.stderr[-4000:]}")
        service = HERE.parent.parent / "build" / "interop" / self.folder_name / "service"
        with open(self.folder / "output", "w", encoding="utf-8") as output:
            self.process = subprocess.Popen([service, *self.arguments], stdout=subprocess.PIPE,
                                            stderr=output, stdin=subprocess.DEVNULL, text=True,
                                            env=self.environment)
        with self.process.stdout as said:
            port = said.readline().strip()
        if not port:
            raise RuntimeError(f"{self.name} does not start:\n{self.said()}")
        self.url = f"http://127.0.0.1:{port}{self.page}"


class Gsoap(Built):
    """The device service in gsoap/, with the WS-Security plugin."""

    kind = "onvif"
    folder_name, page = "gsoap", "/onvif/device_service"


class Mhd(Built):
    """The server in mhd/, with the Digest functions of libmicrohttpd."""

    folder_name, page = "mhd", PAGE


def all_servers():
    """One of each, by name; expect/<expectation>.json says what countersign finds in it."""
    return [
        Lighttpd("lighttpd-md5", "digest", "MD5"),
        Lighttpd("lighttpd-sha256", "digest", "SHA-256"),
        Lighttpd("lighttpd-basic", "basic"),
        LighttpdTls("lighttpd-cacert", "--cacert"),
        LighttpdTls("lighttpd-insecure", "--insecure"),
        Apache("apache-nc-off", "Off"),
        Apache("apache-nc-on", "On"),
        Gsoap("gsoap"),
        Mhd("mhd-md5", "md5"),
        Mhd("mhd-sha256", "sha256"),
    ]
