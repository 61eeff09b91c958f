"""A line to a device's command line: opened by pinned key, typed into, read up to its next prompt.

A device that shows another host key than the one pinned, or none that anybody pinned, is left
before anything is sent to it. What it prints is hostile: bounded in bytes, in time and in pages.
Traps: few switches run more than one `exec` on a connection, so most are typed into; they page
unless told not to, and some ask for any key before they show a prompt.
"""

import base64
import hashlib
import io
import logging
import re
import socket
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal, Protocol

from agent.survey.ssh.makers import QUIET, only_shows
from wire.credentials import Login

if TYPE_CHECKING:
    import paramiko

SECONDS: Final = 10
"""For each step of opening, and of silence while a command prints."""
COMMAND_SECONDS: Final = 40
COMMAND_BYTES: Final = 1 << 20
_PAGES: Final = 2_000
_TAIL: Final = 400
_PROMPT: Final = re.compile(rb"(?:^|[\r\n])\s*([^\r\n]{1,100}?[>#\]$%])\s*$")
_PAUSED: Final = re.compile(
    rb"(?:-+ ?more ?-+|<--- more --->|press any key to continue|\(q\)uit)[^\r\n]{0,80}$",
    re.IGNORECASE,
)
_ESCAPES: Final = re.compile(rb"\x1b(?:\[[0-9;?]{0,20}[A-Za-z]|[=>78EDM])")

Code = Literal[
    "no-answer",
    "no-ssh",
    "host-key-unknown",
    "host-key-changed",
    "wrong-login",
    "never-ends",
    "broken",
    "budget",
    "unknown-maker",
]


class TalkError(Exception):
    """It could not be asked. `code` is stable; no text of the device or of a secret is in it."""

    def __init__(self, code: Code) -> None:
        """Why, in one word."""
        super().__init__(code)
        self.code: Code = code


class Channel(Protocol):
    """As much of paramiko's channel as is used."""

    def sendall(self, data: bytes) -> None:
        """All of it. Raises OSError."""

    def recv(self, size: int) -> bytes:
        """Some bytes, none at the end. Raises TimeoutError."""

    def settimeout(self, seconds: float) -> None:
        """For both."""


class Typed:
    """A command line that is typed into."""

    def __init__(self, channel: Channel, clock: Callable[[], float] = time.monotonic) -> None:
        """Wait for the first prompt and learn it. Raises TalkError."""
        self._channel, self._clock = channel, clock
        self._channel.settimeout(SECONDS)
        self._prompt = self._learn()

    def run(self, command: str) -> bytes:
        """What a command prints, without the line typed and the prompt after it.

        Raises TalkError, ValueError for a command that does more than show.
        """
        if not only_shows(command) and command not in QUIET:
            raise ValueError(command)
        self._send(command.encode("ascii") + b"\n")
        printed = self._until(lambda data: self._prompt_at(data) >= 0)
        printed = printed[: self._prompt_at(printed)]
        first, _, rest = printed.partition(b"\n")
        return rest if command.encode("ascii") in first else printed

    def _learn(self) -> bytes:
        """The prompt is what stands last on its line once it is silent."""
        greeted = self._until(lambda data: _PROMPT.search(data[-_TAIL:]) is not None)
        found = _PROMPT.search(greeted[-_TAIL:])
        if found is None:
            raise TalkError("broken")
        return found[1].strip()

    def _prompt_at(self, data: bytes) -> int:
        """Where the prompt begins that ends these bytes; below 0 where none does."""
        end = data.rstrip(b" \r\n")
        at = len(end) - len(self._prompt)
        if not end.endswith(self._prompt) or (at > 0 and end[at - 1 : at] not in b"\r\n"):
            return -1
        return at

    def _until(self, done: Callable[[bytes], bool]) -> bytes:
        """Read until it is done and then says no more."""
        data, pages, ends_at = bytearray(), 0, self._clock() + COMMAND_SECONDS
        while not done(tail := _ESCAPES.sub(b"", bytes(data[-_TAIL:]))):
            if len(data) > COMMAND_BYTES or self._clock() > ends_at or pages > _PAGES:
                raise TalkError("never-ends")
            if _PAUSED.search(tail):
                pages += 1
                data = bytearray(_without_pause(bytes(data)))
                self._send(b" ")
            data += self._receive()
        return _ESCAPES.sub(b"", bytes(data))

    def _receive(self) -> bytes:
        try:
            data = self._channel.recv(1 << 16)
        except TimeoutError:
            raise TalkError("never-ends") from None
        except OSError:
            raise TalkError("broken") from None
        if not data:
            raise TalkError("broken")
        return data

    def _send(self, data: bytes) -> None:
        try:
            self._channel.sendall(data)
        except OSError:
            raise TalkError("broken") from None


def _without_pause(data: bytes) -> bytes:
    plain = _ESCAPES.sub(b"", data)
    start = max(0, len(plain) - _TAIL)
    paused = _PAUSED.search(plain, start)
    return plain if paused is None else plain[: paused.start()]


class Ran:
    """A device that runs each command on a channel of its own."""

    def __init__(self, transport: "paramiko.Transport") -> None:
        """Over an open connection."""
        self._transport = transport

    def run(self, command: str) -> bytes:
        """What it prints. Raises TalkError, ValueError for a command that does more than show."""
        import paramiko

        if not only_shows(command):
            raise ValueError(command)
        data, ends_at = bytearray(), time.monotonic() + COMMAND_SECONDS
        try:
            channel = self._transport.open_session(timeout=SECONDS)
            channel.settimeout(SECONDS)
            channel.exec_command(command)
            while more := channel.recv(1 << 16):
                data += more
                if len(data) > COMMAND_BYTES or time.monotonic() > ends_at:
                    raise TalkError("never-ends")
            channel.close()
        except TimeoutError:
            raise TalkError("never-ends") from None
        except (paramiko.SSHException, OSError, EOFError):
            raise TalkError("broken") from None
        return bytes(data)


def fingerprint(key: bytes) -> str:
    """As `ssh-keygen -l` shows it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def opened(host: str, port: int, login: Login, pin: str) -> "paramiko.SSHClient":
    """A connection to the device whose host key has this fingerprint. Raises TalkError."""
    import paramiko

    for name in ("paramiko", "paramiko.transport"):
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(_pinned(pin))
    try:
        client.connect(
            host,
            port,
            login.user,
            password=login.password.reveal() or None,
            pkey=_private(login.key.reveal()) if login.key else None,
            allow_agent=False,
            look_for_keys=False,
            timeout=SECONDS,
            banner_timeout=SECONDS,
            auth_timeout=SECONDS,
        )
    except BaseException as error:
        client.close()
        code = _code(error)
        if code is None:
            raise
        raise TalkError(code) from None
    return client


def _pinned(pin: str) -> "paramiko.MissingHostKeyPolicy":
    import paramiko

    class Pinned(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]  # paramiko ships no types
        """Compares before any name or password is sent."""

        def missing_host_key(
            self, client: "paramiko.SSHClient", hostname: str, key: "paramiko.PKey"
        ) -> None:
            if not pin:
                raise TalkError("host-key-unknown")
            if fingerprint(key.asbytes()) != pin:
                raise TalkError("host-key-changed")

    return Pinned()


def _private(text: str) -> "paramiko.PKey":
    import paramiko

    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text))
        except (paramiko.SSHException, ValueError, IndexError, TypeError):
            continue  # a key of another kind, or none at all
    raise TalkError("wrong-login")


def _code(error: BaseException) -> Code | None:
    import paramiko

    if isinstance(error, TalkError):
        return error.code
    if isinstance(error, paramiko.AuthenticationException):
        return "wrong-login"
    if isinstance(error, (paramiko.SSHException, EOFError)):
        return "no-ssh"
    if isinstance(error, (socket.gaierror, OSError)):
        return "no-answer"
    return None
