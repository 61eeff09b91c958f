"""Proxies as schools have them, on loopback: one that only tunnels, one that opens TLS with a CA of
its own, and some that say something else instead.

Whatever name a client asks for, they lead to one upstream: so a test may use a name that only the
proxy resolves.
"""

import base64
import contextlib
import datetime
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "caretaker.school.example"
ADDRESS = f"https://{NAME}:8443"
START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
PAGE = b"<html><title>Welcome to Hill School Wi-Fi</title><form>Your name:</form></html>"


def http(status: str, body: bytes = b"", *more: str) -> bytes:
    """An HTTP answer, whole."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Content-Type: text/html", *more]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


@dataclass
class Proxy:
    """What one proxy does, and what it was asked."""

    upstream: int
    login: str = ""
    schemes: str = 'Basic realm="school"'
    instead: bytes | None = None
    """Said instead of opening any tunnel."""
    page: bytes | None = None
    """Said instead of passing a request on, inside the opened TLS connection."""
    authority: "Authority | None" = None
    """With one, it opens TLS; without, it only tunnels."""
    port: int = 0
    asked: list[str] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, client: socket.socket) -> None:
        head = _head(client)
        self.heads.append(head)
        self.asked.append(head.split(b" ", 2)[1].decode())
        if self.instead is not None:
            _say(client, self.instead)
        elif self.login and _basic(self.login) not in head:
            challenge = f"Proxy-Authenticate: {self.schemes}"
            _say(client, http("407 Proxy Authentication Required", PAGE, challenge))
        else:
            self._open(client)

    def _open(self, client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        if self.authority is None:
            with socket.create_connection(("127.0.0.1", self.upstream)) as server:
                _relay(client, server)
            return
        host = self.asked[-1].rpartition(":")[0]
        with self.authority.context(host).wrap_socket(client, server_side=True) as opened:
            if self.page is not None:
                _head(opened)
                _say(opened, self.page)
                return
            careless = ssl.create_default_context()
            careless.check_hostname, careless.verify_mode = False, ssl.CERT_NONE
            with (
                socket.create_connection(("127.0.0.1", self.upstream)) as plain,
                careless.wrap_socket(plain) as server,
            ):
                _relay(opened, server)


class Authority:
    """A filter's own CA, which signs a certificate for whatever name is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Hill School filter")
        self._own = _signed(self._name, self._key.public_key(), self._name, self._key, None)
        self.file = folder / "filter-ca.pem"
        self.file.write_bytes(self._own.public_bytes(serialization.Encoding.PEM))
        self._leaf = ec.generate_private_key(ec.SECP256R1())

    def context(self, host: str) -> ssl.SSLContext:
        """What a server for `host` shows."""
        made = _signed(_name(host), self._leaf.public_key(), self._name, self._key, host)
        both = self._folder / "filter-leaf.pem"
        both.write_bytes(
            self._leaf.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + made.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(both)
        return context


@contextlib.contextmanager
def listening(proxy: Proxy) -> Iterator[Proxy]:
    """Serve on loopback; each client has a thread."""
    with serving(proxy.serve) as port:
        proxy.port = port
        yield proxy


@contextlib.contextmanager
def serving(handle: Callable[[socket.socket], None]) -> Iterator[int]:
    """Hand each connection to `handle`; gives the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def one(client: socket.socket) -> None:
        # The agent hangs up when it has heard enough; that is no fault of the proxy's.
        with contextlib.suppress(OSError), client:
            handle(client)

    def loop() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=one, args=(client,), daemon=True).start()

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _head(client: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        more = client.recv(4096)
        if not more:
            raise ConnectionError
        head += more
    return head


def _say(client: socket.socket, answer: bytes) -> None:
    """And hear the rest out: to hang up on unread bytes would take the answer back."""
    client.sendall(answer)
    if b"Content-Length" in answer:
        while client.recv(65_536):
            pass


def _basic(login: str) -> bytes:
    return b"\r\nProxy-Authorization: Basic " + base64.b64encode(login.encode()) + b"\r\n"


def _relay(one: socket.socket, other: socket.socket) -> None:
    """Both ways, until one of them hangs up. One thread: TLS connections stand no two."""
    pairs = {one: other, other: one}
    while True:
        ready = [end for end in pairs if isinstance(end, ssl.SSLSocket) and end.pending()]
        for end in ready or select.select(list(pairs), [], [])[0]:
            data = _taken(end)
            if data == b"":
                return
            if data:
                pairs[end].sendall(data)


def _taken(end: socket.socket) -> bytes | None:
    """What has come; None when it was TLS's own (a ticket), or not whole yet."""
    end.setblocking(False)
    try:
        return end.recv(65_536)
    except (ssl.SSLWantReadError, BlockingIOError):
        return None
    finally:
        end.setblocking(True)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _signed(
    subject: x509.Name,
    public: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    host: str | None,
) -> x509.Certificate:
    """A CA's own certificate, or with `host` a server's."""
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(START + datetime.timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
        )
    )
    if host is not None:
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        return made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    return made.add_extension(usage, critical=True).sign(key, hashes.SHA256())
