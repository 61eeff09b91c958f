"""HTTPS to the controller: what the certificate must show, how long it may take, how much is read.

Trust in the connection is a setting: `pins` compares the server's public key with the ones the
signed hello named, `system` asks the operating system's store (and so accepts a school's
inspecting filter), `first` is first contact, where the join code's pin does the work (O4).
Authenticity never rests on any of them.
"""

import hashlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from agent.deliver import proxy
from agent.deliver.answers import Answer, DeliveryError
from wire import limits, types

Trust = Literal["pins", "system", "first"]
TIMEOUT: Final = 30
"""Seconds for a connection to open, and for each silence while reading."""
WHOLE_EXCHANGE = 180.0
"""Seconds for opening a connection, and for one request and its answer together: one byte at a time
is no silence."""
UNSIGNED_WAIT: Final = 3_600
"""Seconds an unsigned answer may ask us to wait at most."""
_LONGEST_ANSWER: Final = limits.BODY_COMPRESSED


class Connection:
    """Requests to one controller address, one kept-open connection."""

    def __init__(self, address: str, trust: Trust, pins: list[str]) -> None:
        """`address` is `https://host[:port]`. Raises DeliveryError `bad_address`."""
        self.address: Final = address.rstrip("/")
        self._host, self._port = _split(self.address)
        self._trust = trust
        self._pins = pins
        self._open: _Line | None = None

    def get(self, path: str) -> Answer:
        """Ask for a path. Raises DeliveryError when nothing answers."""
        return self._request("GET", path, b"", {})

    def post(self, path: str, body: bytes, *, packed: bool) -> Answer:
        """Send an envelope, as it is or packed as a frame. Raises DeliveryError."""
        kind = types.PACKED_TYPE if packed else types.CONTENT_TYPE
        return self._request("POST", path, body, {"Content-Type": kind})

    def put(self, path: str, body: bytes, device: str) -> Answer:
        """Send a gzipped section. Raises DeliveryError."""
        headers = {
            "Content-Type": types.SECTION_TYPE,
            "Content-Encoding": "gzip",
            types.DEVICE_HEADER: device,
        }
        return self._request("PUT", path, body, headers)

    def close(self) -> None:
        """Hang up."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        if len(body) > limits.BODY_COMPRESSED:
            raise DeliveryError("too_large", "This message is larger than any controller accepts.")
        fresh = self._open is None
        try:
            return self._exchange(method, path, body, headers)
        except (http.client.HTTPException, ConnectionError, ssl.SSLEOFError) as error:
            self.close()
            if fresh:
                raise self._outage(error) from error
        except OSError as error:
            self.close()
            raise self._outage(error) from error
        # A kept-open connection may have been closed by the other end; every request may be
        # repeated.
        try:
            return self._exchange(method, path, body, headers)
        except (http.client.HTTPException, OSError) as error:
            self.close()
            raise self._outage(error) from error

    def _exchange(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        line = self._connected()
        sent = {"Accept": types.CONTENT_TYPE, "User-Agent": "caretaker-agent", **headers}
        with no_longer_than(WHOLE_EXCHANGE, line.sock):
            line.request(method, path, body or None, sent)
            response = line.getresponse()
            data = response.read(_LONGEST_ANSWER + 1)
        if len(data) > _LONGEST_ANSWER or response.will_close:
            self.close()
        kind = response.headers.get("Content-Type", "")
        return Answer(
            response.status, kind.lower(), data[:_LONGEST_ANSWER], self.address, _seconds(response)
        )

    def _connected(self) -> "_Line":
        if self._open is None:
            via = proxy.route(self._host)
            line = _Line(self._host, self._port, _context(self._trust), via)
            line.connect()
            if self._trust == "pins":
                self._check_pin(line)
            self._open = line
        return self._open

    def _check_pin(self, line: "_Line") -> None:
        der = line.sock.getpeercert(binary_form=True)
        if der is None or spki(der) not in self._pins:
            line.close()
            raise DeliveryError(
                "wrong_certificate",
                f"The certificate at {self.address} is not the controller's: a filter opens the "
                "connection, a sign-in page answers, or the controller has a new one. If the "
                "school's filter may read this connection, run: caretaker-agent run --trust system",
            )

    def _outage(self, error: Exception) -> DeliveryError:
        if isinstance(error, ssl.SSLCertVerificationError):
            return DeliveryError(
                "untrusted_certificate",
                f"This computer does not trust the certificate at {self.address} "
                f"({error.verify_message}). Reports are kept. If the school's filter opens "
                "connections, install the filter's certificate on this computer.",
            )
        if isinstance(error, ssl.SSLError):
            return DeliveryError(
                "tls_failed",
                f"No secure connection to {self.address} could be made; "
                "perhaps a filter or a sign-in page answered.",
            )
        said = f"The controller at {self.address} does not answer ({_short(error)})."
        if isinstance(error, socket.gaierror | TimeoutError):
            said += (
                " Check the address; if there is a proxy, name it with --proxy http://HOST:PORT."
            )
        return DeliveryError("controller_down", said)


class _Line(http.client.HTTPSConnection):
    """A connection of ours, straight or through a proxy, opened within `WHOLE_EXCHANGE`."""

    sock: ssl.SSLSocket

    def __init__(
        self, host: str, port: int, context: ssl.SSLContext, via: proxy.Proxy | None
    ) -> None:
        super().__init__(host, port, timeout=TIMEOUT, context=context)
        self._secure = context
        self._proxy = via

    def connect(self) -> None:
        """Open it; raises OSError, and DeliveryError for what a proxy says."""
        plain = self._plain()
        # As the library's own connect does: else a request's body waits for its head to be
        # acknowledged, 40 ms each time.
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with no_longer_than(WHOLE_EXCHANGE, plain):
                if self._proxy is not None:
                    proxy.ask(plain, self._proxy, self.host, self.port)
            self.sock = self._secure.wrap_socket(
                plain, server_hostname=self.host, do_handshake_on_connect=False
            )
        except BaseException:
            plain.close()
            raise
        try:
            # Once it is wrapped, only by its new end can somebody slow be hung up on.
            with no_longer_than(WHOLE_EXCHANGE, self.sock):
                self.sock.do_handshake()
        except BaseException:
            self.sock.close()
            raise

    def _plain(self) -> socket.socket:
        if self._proxy is None:
            return socket.create_connection((self.host, self.port), TIMEOUT)
        try:
            return socket.create_connection((self._proxy.host, self._proxy.port), TIMEOUT)
        except OSError as error:
            raise DeliveryError(
                "proxy_down",
                f"The proxy {self._proxy.where} does not answer ({_short(error)}). "
                "If there is none now, run: caretaker-agent run --proxy auto",
            ) from error


def spki(certificate_der: bytes) -> str:
    """SHA-256 of a certificate's public key (SubjectPublicKeyInfo), as `sha256:<hex>`."""
    public = x509.load_der_x509_certificate(certificate_der).public_key()
    info = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return "sha256:" + hashlib.sha256(info).hexdigest()


def _split(address: str) -> tuple[str, int]:
    try:
        parts = urlsplit(address)
        port = 443 if parts.port is None else parts.port
    except ValueError:
        raise _bad_address() from None
    if parts.scheme != "https" or not parts.hostname or not port or parts.path or parts.query:
        raise _bad_address()
    try:
        return parts.hostname.encode("idna").decode("ascii"), port
    except UnicodeError:
        raise _bad_address() from None


def _bad_address() -> DeliveryError:
    return DeliveryError(
        "bad_address",
        "A controller's address looks like https://caretaker.school.example:8443, "
        "with nothing after it.",
    )


def _context(trust: Trust) -> ssl.SSLContext:
    if trust == "system":
        return ssl.create_default_context()
    # Not the default context made careless: reading the system's store first costs more than all
    # the rest of a delivery.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@contextmanager
def no_longer_than(seconds: float, sock: socket.socket) -> Iterator[None]:
    """Hang up on whoever is still talking after `seconds`; the reader then sees the line's end."""
    timer = threading.Timer(seconds, _hang_up, (sock,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # the other end was quicker


def _seconds(response: http.client.HTTPResponse) -> int:
    """Retry-After in seconds, bounded, because nobody signed it; a date or nonsense is 0."""
    text = response.headers.get("Retry-After", "")
    return min(int(text), UNSIGNED_WAIT) if text.isascii() and text.isdigit() else 0


def _short(error: Exception) -> str:
    reason = getattr(error, "strerror", None)
    return reason if isinstance(reason, str) and reason else type(error).__name__
