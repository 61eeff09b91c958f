"""The one door: everything a reader may ask of a machine, and what "could not look" raises.

Rules for every door (local, ssh, recorded; one conformance suite runs over all):
- `None` means looked and not there; `CannotLook` means nobody could look. Never the other way.
- Programs run by absolute path or by name from a fixed search path, with a fixed environment, no
  shell, no standard input, their own process group, a timeout and an output limit.
- Places a user can write are hostile (O17): regular files only, no symbolic link followed, size
  capped.
"""

from collections.abc import Callable, Sequence
from typing import Literal, ParamSpec, Protocol, TypeVar

import msgspec

from checks.media_scans import MediaScan
from checks.online import Stretch
from checks.room import Room
from checks.tried import Tried
from checks.unseen import Reason, Unseen

Platform = Literal["windows", "macos", "linux"]
Hive = Literal["HKLM", "HKU"]
View = Literal["64", "32"]

READ_LIMIT = 1 << 20
"""Bytes a single file read returns at most (1 MiB); more is `CannotLook("too-large")`."""

OUTPUT_LIMIT = 4 << 20
"""Bytes of a program's standard output kept at most (4 MiB)."""

RUN_TIMEOUT = 20
"""Seconds a program may take unless the reader asks for another bound."""

P = ParamSpec("P")
T = TypeVar("T")


class CannotLook(Exception):  # noqa: N818  (reads as the sentence it is: "cannot look: denied")
    """Nobody could look, and why.

    `attempt` turns it into `Unseen`.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        """`detail` is for the technician's log only; it never leaves the machine."""
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason: Reason = reason
        self.detail = detail


class Ran(msgspec.Struct, frozen=True):
    """What a program did: exit code and raw output.

    Exit codes are the reader's to interpret.
    """

    code: int
    out: bytes
    err: bytes = b""


class Stat(msgspec.Struct, frozen=True):
    """What a path is.

    `kind` describes the path itself; a symbolic link is never followed.
    """

    kind: Literal["file", "folder", "link", "other"]
    size: int
    mode: int
    uid: int
    gid: int
    mtime: int


class User(msgspec.Struct, frozen=True):
    """A local account.

    `alias` is the per-device keyed hash that may leave; `name` may not.
    """

    name: str
    uid: str
    alias: str
    home: str
    shell: str
    kind: Literal["human", "service", "root"]


class Process(msgspec.Struct, frozen=True):
    """A running program: short name, absolute path where readable, account alias."""

    pid: int
    name: str
    exe: str | None
    user: str


class Listener(msgspec.Struct, frozen=True):
    """A listening socket and the program's short name where it could be seen."""

    protocol: Literal["tcp", "udp"]
    address: str
    port: int
    process: str | None


class Interface(msgspec.Struct, frozen=True):
    """A network interface.

    `permanent`: the address is the card's own (True), set (False), unknown (None).
    """

    name: str
    mac: str | None
    permanent: bool | None
    kind: Literal["wired", "wireless", "virtual", "loopback", "other"]
    up: bool


# Spelt outside the class because inside it `list` is the method.
Names = list[str]
Processes = list[Process]
Listeners = list[Listener]
Interfaces = list[Interface]
Users = list[User]
Stretches = list[Stretch]
MediaScans = list[MediaScan]
Rooms = list[Room]
WmiRows = list[dict[str, int | str | bool | list[int] | list[str] | None]]


class Host(Protocol):
    """A machine, seen through questions.

    Every method raises `CannotLook`.
    """

    @property
    def platform(self) -> Platform:
        """Which family of readers applies."""
        ...

    @property
    def privileged(self) -> bool:
        """Whether this door sees what an administrator sees."""
        ...

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        """Run a program; `tool-missing`, `timeout`, `denied` or `too-large` are raised."""
        ...

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        """The bytes of a regular file; None if there is no such file."""
        ...

    def stat(self, path: str) -> Stat | None:
        """What a path is, without following it; None if there is nothing."""
        ...

    def list(self, path: str) -> Names | None:
        """Sorted names in a folder; None if there is no such folder."""
        ...

    def link(self, path: str) -> str | None:
        """Where a symbolic link points (sysfs is made of them); None if there is no such link."""
        ...

    def registry(self, hive: Hive, key: str, view: View = "64") -> "RegistryKey | None":
        """Values and subkey names of one key; None if there is no such key (Windows only)."""
        ...

    def wmi(self, cls: str, namespace: str, properties: Sequence[str]) -> WmiRows:
        """Instances of a class with exactly these properties (Windows only)."""
        ...

    def processes(self) -> Processes:
        """Running programs."""
        ...

    def listeners(self) -> Listeners:
        """Listening TCP and UDP sockets."""
        ...

    def interfaces(self) -> Interfaces:
        """Network interfaces."""
        ...

    def users(self) -> Users:
        """Local accounts."""
        ...

    def ask(self, unix_socket: str, question: bytes, limit: int = READ_LIMIT) -> bytes | None:
        """Send bytes to a local socket, half-close, return what it answers; None if no such
        socket."""
        ...

    def alias(self, kind: str, text: str) -> str:
        """A keyed hash (16 hex digits, key never leaves the machine) that may leave in place of
        `text`."""
        ...

    def clock(self) -> int:
        """Now, epoch seconds UTC, by the machine's own clock."""
        ...

    def __hash__(self) -> int:
        """By identity: one door sees one round, so an answer can be remembered for it."""
        ...

    def enrolled_at(self) -> int | None:
        """When the agent that looks was enrolled, epoch seconds UTC; None if it is not."""
        ...

    def online(self) -> Stretches:
        """When the machine was on and connected lately, up to this moment, as far as the agent
        that looks remembers; without a memory, since the last start."""
        ...

    def room(self) -> Rooms:
        """What its drives had free on earlier days, as far as the agent that looks remembers."""
        ...

    def media_scans(self) -> MediaScans:
        """Scans of carried media made here lately, as far as the agent that looks remembers."""
        ...

    def tried(self) -> Tried | None:
        """What the agent's sender found when it last tried the school's test pages from this
        machine; None if it never did."""
        ...


class RegistryValue(msgspec.Struct, frozen=True):
    """One registry value; binary data travels as hex."""

    type: Literal["sz", "expand_sz", "multi_sz", "dword", "qword", "binary", "none"]
    data: int | str | list[str]


class RegistryKey(msgspec.Struct, frozen=True):
    """A registry key: its values by name (lower case) and the names of its subkeys."""

    values: dict[str, RegistryValue]
    subkeys: list[str]


def attempt(question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | Unseen:
    """Ask; if nobody could look, return `Unseen` with the reason instead of raising."""
    try:
        return question(*args, **kwargs)
    except CannotLook as blind:
        return Unseen(blind.reason)


def read_text(host: Host, path: str, limit: int = READ_LIMIT) -> str | None:
    """A file as UTF-8 text (bad bytes replaced); None if there is no such file."""
    data = host.read(path, limit)
    return None if data is None else data.decode("utf-8", "replace")


def output(host: Host, argv: Sequence[str], timeout: int = RUN_TIMEOUT) -> str:
    """A program's standard output when it exited 0; any other exit is `CannotLook("parse-
    error")`."""
    ran = host.run(argv, timeout)
    if ran.code != 0:
        raise CannotLook("parse-error", f"{argv[0]} exited {ran.code}")
    return ran.out.decode("utf-8", "replace")
