"""Servers that behave badly, each on a free port of 127.0.0.1 and in threads of its own.

A behaviour is a function that gets a Peer for each connection and may send whatever it likes.  The
connection is closed when it returns.
"""
import base64
import datetime
import socket
import ssl
import struct
import threading
import urllib.parse

USER = "admin"
PASSWORD = "Gr3y-H0rse-Parade"  # of every server here; tests look for it in all that is written

TIME_OPERATION = b"GetSystemDateAndTime"
SOAP = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
    'xmlns:tt="http://www.onvif.org/ver10/schema" '
    'xmlns:ter="http://www.onvif.org/ver10/error"><s:Body>%s</s:Body></s:Envelope>'
)


class Request:
    """What came in: the head as it was, its fields in lower case, and the body."""

    def __init__(self, head, body):
        lines = head.split(b"\r\n")
        self.head, self.body = head, body
        self.method, self.target = (lines[0].split(b" ") + [b"", b""])[:2]
        self.fields = {}
        for line in lines[1:]:
            name, _, value = line.partition(b":")
            self.fields[name.strip().lower()] = value.strip()

    def asks_for(self, operation):
        return operation in self.body

    def has_basic(self):
        """The right password of the right user, by Basic."""
        word = base64.b64encode(f"{USER}:{PASSWORD}".encode())
        return self.fields.get(b"authorization", b"") == b"Basic " + word


class Peer:
    """One connection, from the server's side."""

    def __init__(self, connection, server):
        self.socket, self.server = connection, server
        self.unread = b""

    def _more(self):
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError("the client is gone")
        self.unread += piece

    def request(self):
        """The next whole request."""
        while b"\r\n\r\n" not in self.unread:
            self._more()
        head, _, self.unread = self.unread.partition(b"\r\n\r\n")
        length = int(Request(head, b"").fields.get(b"content-length", b"0"))
        while len(self.unread) < length:
            self._more()
        body, self.unread = self.unread[:length], self.unread[length:]
        return Request(head, body)

    def send(self, octets):
        self.socket.sendall(octets)

    def reset(self):
        """End with RST in place of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def held_port(host="127.0.0.1"):
    """A socket with a port where nobody listens but who is told of it: while it is open, the system
    gives the port to no other, and who asks for it by number (with SO_REUSEADDR, as servers do)
    gets it."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind((host, 0))
    return held


class Server:
    """Runs behaviour(peer) for each connection, until the with statement ends.  So long the port is
    nobody else's, although it died."""

    def __init__(self, behaviour, certificate=None):
        self.behaviour = behaviour
        self.stopping = threading.Event()
        self.peers, self.threads = [], []
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*certificate)
        self.held = held_port()
        self.port = self.held.getsockname()[1]
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.thread = threading.Thread(target=self._accept, daemon=True)

    def url(self, path="/", scheme=None):
        return f"{scheme or ('https' if self.context else 'http')}://127.0.0.1:{self.port}{path}"

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            if self.stopping.is_set():
                connection.close()
                return
            peer = Peer(connection, self)
            self.peers.append(peer)
            thread = threading.Thread(target=self._serve, args=(peer,), daemon=True)
            self.threads.append(thread)
            thread.start()

    def _serve(self, peer):
        try:
            if self.context:
                peer.socket = self.context.wrap_socket(peer.socket, server_side=True)
            self.behaviour(peer)
        except (OSError, ValueError):
            pass  # the client went away, or spoke something else
        finally:
            peer.socket.close()

    def die(self):
        """No new connection, and the ones that there are break."""
        self.stopping.set()
        try:
            self.listener.shutdown(socket.SHUT_RDWR)  # wakes accept
        except OSError:
            pass
        self.listener.close()
        for peer in self.peers:
            try:
                peer.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.die()
        self.thread.join(10)
        for thread in self.threads:
            thread.join(10)
        self.held.close()


# --- answers ---


def response(status, body=b"", fields=(), kind=b"text/plain"):
    """A well-formed answer; fields are pairs of octets."""
    lines = [b"HTTP/1.1 %d Reason" % status, b"Content-Type: " + kind]
    lines += [name + b": " + value for name, value in fields]
    lines += [b"Content-Length: %d" % len(body), b"", b""]
    return b"\r\n".join(lines) + body


def soap(status, inner, fields=()):
    return response(status, (SOAP % inner).encode(), fields, b"application/soap+xml")


def device_time():
    now = datetime.datetime.now(datetime.timezone.utc)
    return soap(
        200,
        "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime>"
        "<tt:DateTimeType>NTP</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings>"
        "<tt:UTCDateTime>"
        f"<tt:Time><tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute>"
        f"<tt:Second>{now.second}</tt:Second></tt:Time>"
        f"<tt:Date><tt:Year>{now.year}</tt:Year><tt:Month>{now.month}</tt:Month>"
        f"<tt:Day>{now.day}</tt:Day></tt:Date>"
        "</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>",
    )


def device_information():
    return soap(
        200,
        "<tds:GetDeviceInformationResponse><tds:Manufacturer>M</tds:Manufacturer>"
        "<tds:Model>N</tds:Model><tds:FirmwareVersion>1</tds:FirmwareVersion>"
        "<tds:SerialNumber>2</tds:SerialNumber><tds:HardwareId>3</tds:HardwareId>"
        "</tds:GetDeviceInformationResponse>",
    )


# --- behaviours ---


def answers(make):
    """make(request) gives the octets of each answer; the connection is kept."""

    def behave(peer):
        while True:
            peer.send(make(peer.request()))

    return behave


def answers_once(make):
    """As answers, but the connection is closed behind each, and nothing announces it."""

    def behave(peer):
        peer.send(make(peer.request()))

    return behave


def onvif(make):
    """The time is told to everybody; make(request) answers everything else."""

    def answer(request):
        return device_time() if request.asks_for(TIME_OPERATION) else make(request)

    return answers(answer)


def basic(refusal, body=b"welcome", fields=()):
    """make for answers: 200 for the right password by Basic, else refusal."""
    return lambda request: response(200, body, fields) if request.has_basic() else refusal


def silent(peer):
    """Takes everything and never answers."""
    while peer.socket.recv(65536):
        pass


def drip(peer, pause, stop):
    """One octet at a time."""
    peer.request()
    for octet in response(401, b"x" * 100, [(b"WWW-Authenticate", b'Basic realm="r"')]):
        if stop.wait(pause):
            return
        peer.send(bytes([octet]))


def endless(start, piece):
    """start, then piece for ever: the client must be the one who ends it."""

    def behave(peer):
        peer.request()
        peer.send(start)
        while True:
            peer.send(piece)

    return behave


def resets_in_body(peer):
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of it")
    peer.reset()


def raw(octets):
    """One answer as it is, then the end of the connection."""

    def behave(peer):
        peer.request()
        peer.send(octets)

    return behave


def stalls(url, limit, stalled):
    """A proxy that goes silent after limit answers, and then sets the event stalled."""
    forward, left = proxy(url), iter(range(limit))

    def behave(peer):
        if next(left, None) is not None:
            forward(peer)
            return
        peer.request()
        stalled.set()
        silent(peer)

    return behave


def proxy(url, limit=None, last=None, announce=False):
    """Hands each request to url, one answer a connection.

    After limit answers there is none any more: last() is called once, or the server dies.
    """
    parts = urllib.parse.urlsplit(url)
    left = iter(range(limit)) if limit is not None else None
    ended = threading.Event()
    lock = threading.Lock()

    def ask(request):
        with socket.create_connection((parts.hostname, parts.port)) as upstream:
            head = b"\r\n".join(
                line
                for line in request.head.split(b"\r\n")
                if not line.lower().startswith(b"connection:")
            )
            upstream.sendall(head + b"\r\nConnection: close\r\n\r\n" + request.body)
            octets = b""
            while piece := upstream.recv(65536):
                octets += piece
        return octets

    def behave(peer):
        request = peer.request()
        with lock:
            over = left is not None and next(left, None) is None
            if over and not ended.is_set():
                ended.set()
                (last or peer.server.die)()
        if over:
            return
        octets = ask(request)
        peer.send(octets if announce else octets.replace(b"Connection: close\r\n", b"", 1))

    return behave
