"""Linux or macOS over SSH, read by the readers that read this machine.

Every question goes to `answering.pl` and is remembered: one instance sees one round. What the
answers mean (accounts, sockets, interfaces) is worked out here, by the code that does it locally.
Differences from an agent on that machine: it keeps no record of hours switched on there, so only
those since its last start count, and what is its own (`enrolled_at`) is unknown to this door.
"""

import hashlib
import hmac
import time
from collections.abc import Sequence
from typing import Final, Literal, cast, get_args

from agent import presence
from agent.hosts import passwd
from agent.hosts.ssh.talking import Answer, BrokenError, Pieces, Talk, Words
from checks.host import (
    OUTPUT_LIMIT,
    READ_LIMIT,
    RUN_TIMEOUT,
    CannotLook,
    Hive,
    Host,
    Interfaces,
    Listeners,
    MediaScans,
    Names,
    Platform,
    Processes,
    Ran,
    RegistryKey,
    Rooms,
    Stat,
    Stretches,
    Users,
    View,
    WmiRows,
)
from checks.tried import Tried

_PLATFORMS: Final[dict[bytes, Platform]] = {b"linux": "linux", b"darwin": "macos"}
Kind = Literal["file", "folder", "link", "other"]
Word = bytes | str | int


class Known:
    """What was asked of one machine so far, and the line to ask more over."""

    def __init__(self, talk: Talk, alias_key: bytes) -> None:
        """Say hello. Raises BrokenError."""
        self._talk = talk
        self._answers: dict[Words, Answer] = {}
        self.open: dict[Words, None] = {}
        """Questions nobody has sent yet, in the order they came up."""
        self.lost = ""
        """Why nothing more can be asked; "" while the line holds."""
        self.alias_key = alias_key
        hello = (b"hello",)
        pieces = talk.ask([hello])[hello].pieces
        if len(pieces) != 4 or pieces[0] not in _PLATFORMS or not (pieces[1] + pieces[2]).isdigit():
            raise BrokenError("it is neither Linux nor macOS")
        self.platform = _PLATFORMS[pieces[0]]
        self.uid = int(pieces[1])
        self._ahead = int(pieces[2]) - time.monotonic()
        self.name = text(pieces[3])

    def clock(self) -> int:
        """Now by that machine's clock."""
        return int(time.monotonic() + self._ahead)

    def answer(self, words: Words) -> Answer | None:
        """What is known already."""
        return self._answers.get(words)

    def fetch(self, questions: Sequence[Words]) -> None:
        """Ask; what a broken line kept from us is `timeout`, and so is all that comes after."""
        self.open = {}
        if not self.lost:
            try:
                self._answers |= self._talk.ask(questions)
            except BrokenError as broken:
                self.lost = str(broken)
        for one in questions:
            self._answers.setdefault(one, Answer("cannot", [b"timeout"]))


class PosixHost:
    """`Host` over SSH."""

    def __init__(self, known: Known) -> None:
        """A view on what is known; another one may share it."""
        self.known = known
        self._users: Users | None = None

    @property
    def platform(self) -> Platform:
        """What it says it is."""
        return self.known.platform

    @property
    def privileged(self) -> bool:
        """Whether we came as root."""
        return self.known.uid == 0

    def ask_for(self, *words: Word) -> Pieces | None:
        """Ask one question now, unless it was asked before. Raises CannotLook."""
        question = framed(*words)
        if self.known.answer(question) is None:
            self.known.fetch([question])
        answer = self.known.answer(question)
        return None if answer is None else answer.given()

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        """Run a program, as another account if we came as root."""
        if any("\0" in word for word in argv):
            raise CannotLook("unsupported", "a word of a command holds no zero")
        who: tuple[str | int, ...] = ("", "", "")
        if as_user is not None:
            account = passwd.account(self.read(passwd.PASSWD), as_user)
            if not self.privileged and account.uid != self.known.uid:
                raise CannotLook("denied", "only root can look as somebody else")
            who = (account.uid, account.gid, account.home)
        code, out, err = _shape(self.ask_for("run", timeout, OUTPUT_LIMIT, *who, *argv), 3)
        return Ran(_int(code), out, err)

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        """A regular file."""
        pieces = self.ask_for("read", path, limit)
        return None if pieces is None else _shape(pieces, 1)[0]

    def stat(self, path: str) -> Stat | None:
        """What a path is."""
        pieces = self.ask_for("stat", path)
        if pieces is None:
            return None
        kind, *numbers = _shape(pieces, 6)
        size, mode, uid, gid, mtime = map(_int, numbers)
        return Stat(_kind(text(kind)), size, mode, uid, gid, mtime)

    def list(self, path: str) -> Names | None:
        """Sorted names."""
        pieces = self.ask_for("list", path)
        return None if pieces is None else sorted(map(text, pieces))

    def link(self, path: str) -> str | None:
        """Where a link points."""
        pieces = self.ask_for("link", path)
        return None if pieces is None else text(_shape(pieces, 1)[0])

    def registry(self, hive: Hive, key: str, view: View = "64") -> RegistryKey | None:
        """Windows only."""
        raise CannotLook("unsupported", f"registry {hive}\\{key} on {self.platform}")

    def wmi(self, cls: str, namespace: str, properties: Sequence[str]) -> WmiRows:
        """Windows only."""
        raise CannotLook("unsupported", f"WMI {cls} on {self.platform}")

    def processes(self) -> Processes:
        """Running programs, without the kernel's threads and without our own."""
        from agent.hosts import living

        if self.platform == "macos":
            from agent.hosts import macos

            return macos.processes(self)
        names = {int(user.uid): user.name for user in self.users()}
        pieces = self.ask_for("processes") or []
        found = []
        for row in _rows(pieces, 5):
            pid, exe, comm, owner, first = row
            if exe or first:
                user = self.alias("user", names.get(_int(owner), text(owner)))
                short = text(comm).rstrip("\n")
                found.append(living.shaped(_int(pid), text(exe) or None, short, first, user))
        return sorted(found, key=lambda process: process.pid)

    def listeners(self) -> Listeners:
        """Listening sockets; without root the owning program of others' sockets is None."""
        if self.platform == "macos":
            from agent.hosts import macos

            return macos.listeners(self)
        from agent.hosts import listening

        return listening.listeners(self, self._owners)

    def interfaces(self) -> Interfaces:
        """Network interfaces."""
        if self.platform == "macos":
            from agent.hosts import macos

            return macos.interfaces(self)
        from agent.hosts import living

        return living.interfaces(self)

    def users(self) -> Users:
        """Local accounts."""
        if self._users is None:
            if self.platform == "macos":
                from agent.hosts import macos

                self._users = macos.users(self)
            else:
                self._users = passwd.users(self.read(passwd.PASSWD), self.alias)
        return [*self._users]

    def ask(self, unix_socket: str, question: bytes, limit: int = READ_LIMIT) -> bytes | None:
        """One question to a daemon over there."""
        pieces = self.ask_for("ask", unix_socket, question, limit)
        return None if pieces is None else _shape(pieces, 1)[0]

    def alias(self, kind: str, text: str) -> str:
        """A keyed hash; the key is this look's."""
        mac = hmac.new(self.known.alias_key, f"{kind}\0{text}".encode(), hashlib.sha256)
        return mac.hexdigest()[:16]

    def clock(self) -> int:
        """That machine's now."""
        return self.known.clock()

    def enrolled_at(self) -> int | None:
        """No agent looks from there."""
        return None

    def tried(self) -> Tried | None:
        """No agent tries any from there."""
        raise CannotLook("unsupported", "test pages")

    def online(self) -> Stretches:
        """Since its last start."""
        if self.platform != "linux":
            raise CannotLook("unsupported", "hours switched on")
        from agent.hosts import connected

        up, awake = _shape(self.ask_for("uptime"), 2)
        now = presence.Sample(
            boot=connected.start(self),
            at=self.clock(),
            up=_int(up),
            awake=_int(awake),
            connected=connected.connected(self),
        )
        return presence.noted(presence.Ledger(), now).stretches

    def room(self) -> Rooms:
        """Nothing remembers it there."""
        raise CannotLook("unsupported", "room on earlier days")

    def media_scans(self) -> MediaScans:
        """Nothing remembers them there."""
        raise CannotLook("unsupported", "scans")

    def _owners(self, host: Host, inodes: set[str]) -> dict[str, str]:
        rows = _rows(self.ask_for("sockets") or [], 2)
        owners = {text(inode): text(name).rstrip("\n") for inode, name in rows}
        return {inode: name for inode, name in owners.items() if inode in inodes and name}


def text(piece: bytes) -> str:
    """Text of that machine's; what is not UTF-8 is replaced, as reports allow only text."""
    return piece.decode("utf-8", "replace")


def _kind(said: str) -> Kind:
    if said not in get_args(Kind):
        raise CannotLook("parse-error", "a kind that is none")
    return cast("Kind", said)


def framed(*words: Word) -> Words:
    """A question as it travels."""
    return tuple(w if isinstance(w, bytes) else str(w).encode("utf-8", "replace") for w in words)


def _shape(pieces: Pieces | None, count: int) -> list[bytes]:
    if pieces is None or len(pieces) != count:
        raise CannotLook("parse-error", "an answer of another shape")
    return pieces


def _rows(pieces: list[bytes], width: int) -> list[list[bytes]]:
    if len(pieces) % width:
        raise CannotLook("parse-error", "an answer of another shape")
    return [pieces[at : at + width] for at in range(0, len(pieces), width)]


def _int(piece: bytes) -> int:
    try:
        return int(piece)
    except ValueError as error:
        raise CannotLook("parse-error", "no number") from error
