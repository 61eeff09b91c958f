"""Windows over SSH (its own OpenSSH server): one PowerShell for all questions, programs apart.

Constructed after Microsoft's documentation; nobody has seen it answer. PowerShell gets a short
command (cmd.exe takes 8,191 characters) and its functions as the first line. Differences from the
local door: text of `REG_EXPAND_SZ` arrives expanded and as `sz`; 32-bit programs' part of the
registry is read by its name, `WOW6432Node`; between a look at a path and the reading of it a user
of that computer can swap it; a program that runs too long goes on there after we hung up.
"""

import datetime
import hashlib
import hmac
import json
import re
import time
from collections.abc import Sequence
from typing import Any, Final, cast

from agent.hosts.ssh.ahead import Guess
from agent.hosts.ssh.connecting import Session
from agent.hosts.ssh.far_child import FarChild, collected
from agent.hosts.ssh.talking import Words
from agent.hosts.ssh.windows_known import Guessed, Known
from agent.hosts.windows import answers, paths, people, powershell
from checks.host import (
    READ_LIMIT,
    RUN_TIMEOUT,
    CannotLook,
    Hive,
    Interface,
    Interfaces,
    Listener,
    Listeners,
    MediaScans,
    Names,
    Platform,
    Process,
    Processes,
    Ran,
    RegistryKey,
    RegistryValue,
    Rooms,
    Stat,
    Stretches,
    Users,
    View,
    WmiRows,
)
from checks.tried import Tried

BOOTSTRAP: Final = (
    "$ready=$false;$input|ForEach-Object{if($ready){Get-Answer $_}else{$ready=$true;"
    "Invoke-Expression (ConvertFrom-Json -InputObject $_).script}}"
)
_PLAIN: Final = re.compile(r"[A-Za-z0-9_./:=,\\{}*+@-]+")
_SPACED: Final = re.compile(r"[\w ./:=,\\{}*+@()-]+")
_HIVES: Final = {"HKLM": "HKEY_LOCAL_MACHINE", "HKU": "HKEY_USERS"}
_LISTENS: Final = 2
"""State of MSFT_NetTCPConnection."""


def greeting() -> bytes:
    """The first line: what PowerShell is taught."""
    taught = powershell.functions("far.ps1") + powershell.functions()
    return json.dumps({"script": taught}, ensure_ascii=True).encode() + b"\n"


def command() -> str:
    """What starts PowerShell there. Understood by cmd.exe, the server's usual shell."""
    return " ".join(["powershell.exe", *answers.FLAGS, answers.encoded(BOOTSTRAP)])


class FarWindows:
    """`Host` over SSH."""

    def __init__(self, session: Session, alias_key: bytes, guessed: Guessed | None = None) -> None:
        """Nothing is asked yet; with `guessed`, nothing ever is (see `ahead`)."""
        self._session, self._alias_key = session, alias_key
        self._only_guessed = guessed is not None
        self._shell = powershell.PowerShell(self._start)
        self.known = Known(self._shell)
        self._asks: Known | Guessed = guessed or self.known
        self._users: Users | None = None
        self._keys: dict[str, RegistryKey | None] = {}
        self._ahead: float | None = None

    @property
    def platform(self) -> Platform:
        """Windows."""
        return "windows"

    @property
    def privileged(self) -> bool:
        """Only administrators may read what SYSTEM's profile holds."""
        try:
            return self.registry("HKU", r"S-1-5-20\Environment") is not None
        except CannotLook:
            return False

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        """Run a program of System32 by itself, its words quoted where that is beyond doubt."""
        if as_user is not None:
            raise CannotLook("unsupported", "nothing runs as somebody else on Windows")
        if self._only_guessed:
            raise CannotLook("deferred", "programs are run by themselves")
        return collected(self._session, line(argv), timeout)

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        """A regular file."""
        said = self._far("read", path=paths.parts(path)[-1], way=paths.parts(path), limit=limit)
        if _way(said, path) is None:
            return None
        data = _octets(said.get("bytes"))
        if len(data) > limit:
            raise CannotLook("too-large", path)
        return data

    def stat(self, path: str) -> Stat | None:
        """What a path is; owners have no numbers here, so they are 0."""
        said = self._asks.far("stat", path=paths.parts(path)[-1])
        if said is None:
            return None
        link = "ReparsePoint" in str(_field(said, "attributes", str))
        folder = _field(said, "folder", bool)
        at = datetime.datetime.fromisoformat(_field(said, "at", str))
        kind = "link" if link else "folder" if folder else "file"
        size = _field(said, "size", int)
        return Stat(cast("Any", kind), size, 0, 0, 0, int(at.timestamp()))

    def list(self, path: str) -> Names | None:
        """Sorted names."""
        said = self._far("list", path=paths.parts(path)[-1], way=paths.parts(path))
        if _way(said, path) is None:
            return None
        return sorted(_words(said.get("names")))

    def link(self, path: str) -> str | None:
        """No reader follows links here."""
        raise CannotLook("unsupported", "links")

    def registry(self, hive: Hive, key: str, view: View = "64") -> RegistryKey | None:
        """One key, asked once."""
        first, _, rest = key.partition("\\")
        if view == "32" and hive == "HKLM" and first.lower() == "software":
            key = rf"{first}\WOW6432Node\{rest}".rstrip("\\")
        path = rf"{_HIVES[hive]}\{key}".rstrip("\\")
        if "\0" in path:
            raise CannotLook("unsupported", "no such name of a key")
        if path not in self._keys:
            said = self._asks.far("registry", path=path)
            self._keys[path] = None if said is None else _key(said)
        return self._keys[path]

    def wmi(self, cls: str, namespace: str, properties: Sequence[str]) -> WmiRows:
        """Instances of a class."""
        return self._asks.wmi(cls, namespace, properties)

    def processes(self) -> Processes:
        """Running programs; whose they are is not asked."""
        rows = self.wmi("Win32_Process", "root/cimv2", ["ProcessId", "Name", "ExecutablePath"])
        nobody = self.alias("user", "")
        return [
            Process(row["ProcessId"], str(row["Name"]), _or_none(row["ExecutablePath"]), nobody)
            for row in rows
            if isinstance(row["ProcessId"], int) and row["Name"]
        ]

    def listeners(self) -> Listeners:
        """Listening sockets and their programs."""
        names = {one.pid: one.name for one in self.processes()}
        asked = ["LocalAddress", "LocalPort", "OwningProcess"]
        where = "root/StandardCimv2"
        tcp = self.wmi(f"MSFT_NetTCPConnection WHERE State={_LISTENS}", where, asked)
        udp = self.wmi("MSFT_NetUDPEndpoint", where, asked)
        found = []
        for protocol, rows in (("tcp", tcp), ("udp", udp)):
            for row in rows:
                port, pid = row["LocalPort"], row["OwningProcess"]
                if isinstance(port, int) and isinstance(pid, int):
                    address = str(row["LocalAddress"])
                    found.append(Listener(cast("Any", protocol), address, port, names.get(pid)))
        return sorted(found, key=lambda one: (one.protocol, one.port, one.address))

    def interfaces(self) -> Interfaces:
        """Network interfaces; what kind each is, readers ask WMI."""
        asked = ["NetConnectionID", "MACAddress", "NetEnabled"]
        rows = self.wmi("Win32_NetworkAdapter", "root/cimv2", asked)
        return [
            Interface(
                str(row["NetConnectionID"]),
                str(row["MACAddress"]).lower() if row["MACAddress"] else None,
                None,
                "other",
                row["NetEnabled"] is True,
            )
            for row in rows
            if row["NetConnectionID"]
        ]

    def users(self) -> Users:
        """Whoever has a profile there."""
        if self._users is None:
            self._users = people.users(self)
        return [*self._users]

    def ask(self, unix_socket: str, question: bytes, limit: int = READ_LIMIT) -> bytes | None:
        """There are none."""
        raise CannotLook("unsupported", "sockets")

    def alias(self, kind: str, text: str) -> str:
        """A keyed hash; the key is this look's."""
        return hmac.new(self._alias_key, f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()[
            :16
        ]

    def clock(self) -> int:
        """That machine's now, asked once. Raises CannotLook."""
        if self._ahead is None:
            rows = self.wmi("Win32_OperatingSystem", "root/cimv2", ["LocalDateTime"])
            try:
                now = datetime.datetime.fromisoformat(str(rows[0]["LocalDateTime"])).timestamp()
            except (ValueError, IndexError, OverflowError) as error:
                raise CannotLook("parse-error", "no moment") from error
            self._ahead = now - time.monotonic()
        return int(time.monotonic() + self._ahead)

    def enrolled_at(self) -> int | None:
        """No agent looks from there."""
        return None

    def tried(self) -> Tried | None:
        """No agent tries any from there."""
        raise CannotLook("unsupported", "test pages")

    def online(self) -> Stretches:
        """Nothing counts them there."""
        raise CannotLook("unsupported", "hours switched on")

    def room(self) -> Rooms:
        """Nothing remembers it there."""
        raise CannotLook("unsupported", "room on earlier days")

    def media_scans(self) -> MediaScans:
        """Nothing remembers them there."""
        raise CannotLook("unsupported", "scans")

    def guessing(self, guess: Guess) -> tuple["FarWindows", dict[Words, None]]:
        """A view that sends nothing, and what readers ask of it that is not known yet."""
        guessed = Guessed(self.known, guess)
        return FarWindows(self._session, self._alias_key, guessed), guessed.noted

    def close(self) -> None:
        """End PowerShell."""
        self._shell.close()

    def _far(self, ask: str, **words: object) -> dict[str, Any]:
        said = self._asks.far(ask, **words)
        if not isinstance(said, dict):
            raise CannotLook("parse-error", "PowerShell")
        return said

    def _start(self) -> FarChild:
        child = FarChild(self._session, command())
        child.stdin.write(greeting())
        child.stdin.flush()
        return child


def line(argv: Sequence[str]) -> str:
    """A command as cmd.exe and PowerShell both read it. Raises CannotLook for doubtful words."""
    program = argv[0] if "\\" in argv[0] else rf"C:\Windows\System32\{argv[0]}"
    if not _PLAIN.fullmatch(program) or not program.lower().endswith(".exe"):
        raise CannotLook("unsupported", f"not a program: {program[:80]}")
    words = [program]
    for word in argv[1:]:
        if _PLAIN.fullmatch(word):
            words.append(word)
        elif _SPACED.fullmatch(word) and not word.endswith("\\"):
            words.append(f'"{word}"')
        else:
            raise CannotLook("unsupported", "a word no shell can be trusted with")
    return " ".join(words)


def _way(said: dict[str, Any], path: str) -> str | None:
    """None if there is nothing. Raises CannotLook for a link, a folder, too much."""
    way = said.get("way")
    if way == "none":
        return None
    if way == "large":
        raise CannotLook("too-large", path)
    if way != "plain":
        raise CannotLook("denied", f"a link or no file: {path}")
    return "plain"


def _field(said: Any, name: str, kind: type[Any]) -> Any:
    value = said.get(name) if isinstance(said, dict) else None
    if not isinstance(value, kind):
        raise CannotLook("parse-error", "PowerShell")
    return value


def _key(said: Any) -> RegistryKey:
    values = _field(said, "values", list) if said.get("values") else []
    found = {}
    for one in values:
        name = str(_field(one, "name", str)).lower()
        found["" if name == "(default)" else name] = _value(one)
    return RegistryKey(found, sorted(_words(said.get("subkeys"))))


def _value(one: dict[str, Any]) -> RegistryValue:
    kind, data = one.get("type"), one.get("data")
    if kind == "sz" and isinstance(data, str):
        return RegistryValue("sz", data)
    if kind in ("dword", "qword") and isinstance(data, int):
        return RegistryValue(kind, data % (1 << (32 if kind == "dword" else 64)))
    if kind == "multi_sz":
        return RegistryValue("multi_sz", _words(data))
    if kind == "binary":
        return RegistryValue("binary", _octets(data).hex())
    return RegistryValue("none", "")


def _words(said: object) -> "list[str]":
    if isinstance(said, dict) and set(said) == {"value", "Count"}:
        said = said["value"]
    given = [] if said is None else said if isinstance(said, list) else [said]
    if not all(isinstance(one, str) for one in given):
        raise CannotLook("parse-error", "PowerShell")
    if len(given) > 100_000:
        raise CannotLook("too-large", "names")
    return given


def _octets(said: object) -> bytes:
    """Bytes as numbers with spaces between."""
    try:
        return bytes(map(int, str(said if said is not None else "").split()))
    except ValueError as error:
        raise CannotLook("parse-error", "PowerShell") from error


def _or_none(said: object) -> str | None:
    return said if isinstance(said, str) and said else None
