r"""A Windows machine of which only files are left: exports of its registry, hives, answers of WMI.

What a file covers was looked at, so a key missing below what it holds is None; what no file covers
nobody could look at (`unsupported`), which never becomes a pass. Keys are found in any case;
`SYSTEM\CurrentControlSet` is the set that `Select` names; the 32-bit view of `SOFTWARE` is its
`WOW6432Node`. A person's own hive has no SID in it, so whoever adds it says whose it is. Traps:
numbers of `wmic … /format:list` are text, as readers expect of 64-bit ones anyway; a condition
(`Class WHERE Name='value'`) is answered where it is one comparison.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from agent.hosts import NoDoorError, hive_logs
from agent.hosts.windows import people
from checks.formats import hive, hive_log, reg, wmi_list
from checks.formats.errors import ParseError
from checks.formats.registry_values import Key, Value
from checks.host import (
    READ_LIMIT,
    RUN_TIMEOUT,
    CannotLook,
    Hive,
    Interfaces,
    Listeners,
    MediaScans,
    Names,
    Platform,
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

PERSON: Final = "S-1-5-21-1-1-1-1001"
"""Whose an NTUSER.DAT or an export of HKEY_CURRENT_USER is, unless somebody says."""
MOST_BYTES: Final = 1 << 29

_HIVES: Final = {
    "HKEY_LOCAL_MACHINE": "hklm",
    "HKEY_USERS": "hku",
    "HKEY_CURRENT_USER": rf"hku\{PERSON.lower()}",
    "HKEY_CLASSES_ROOT": r"hklm\software\classes",
    "HKEY_CURRENT_CONFIG": r"hklm\system\currentcontrolset\hardware profiles\current",
}
_FILES: Final = {
    "SYSTEM": r"HKLM\SYSTEM",
    "SOFTWARE": r"HKLM\SOFTWARE",
    "SAM": r"HKLM\SAM",
    "SECURITY": r"HKLM\SECURITY",
    "DEFAULT": r"HKU\.DEFAULT",
    "NTUSER.DAT": rf"HKU\{PERSON}",
}
_WHOLE: Final = frozenset(
    {"VolumeType", "ProtectionStatus", "ConversionStatus", "EncryptionMethod", "SessionId"}
)
"""Properties whose readers look for one of few numbers."""
_CONDITION: Final = re.compile(r"(\w+) WHERE (\w+)\s*=\s*(?:'([^']*)'|(\w+))")
_CURRENT: Final = r"hklm\system\currentcontrolset"


class Dump:
    """What was saved of one machine."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._keys: dict[str, dict[str, Value]] = {}
        self._below: dict[str, dict[str, str]] = {}
        self._tops: set[str] = set()
        self._hives: dict[str, hive.Hive] = {}
        self._classes: dict[str, list[wmi_list.Row]] = {}

    def add_export(self, data: bytes) -> None:
        """What `regedit /e` wrote. Raises ParseError."""
        for key in reg.parse(data).keys:
            self._add(key)

    def add_hive(self, data: bytes, root: str, logs: Sequence[bytes] = ()) -> None:
        r"""A file of the registry, where it hangs (`HKLM\SYSTEM`, `HKU\<SID>`), and its logs.

        Raises ParseError.
        """
        self._hives[root.lower()] = hive.Hive(hive_log.replay(data, logs).data)

    def add_wmi(self, cls: str, data: bytes) -> None:
        """What `wmic path CLASS get /format:list` wrote. Raises ParseError."""
        self._classes.setdefault(cls.lower(), []).extend(wmi_list.parse(data))

    def key(self, path: str) -> RegistryKey | None:
        """A key by its whole path. Raises CannotLook where nobody looked."""
        path = self._current(path.lower())
        for root, held in self._hives.items():
            if path == root or path.startswith(f"{root}\\"):
                return _from_hive(held, path[len(root) + 1 :])
        if path in self._keys:
            below = sorted(self._below.get(path, {}).values())
            return RegistryKey(_values(self._keys[path]), below)
        if self._covered(path):
            return None
        raise CannotLook("unsupported", f"nobody saved {path[:200]}")

    def rows(self, cls: str) -> list[wmi_list.Row]:
        """Instances of a class, with a condition too. Raises CannotLook where nobody looked."""
        asked = _CONDITION.fullmatch(cls)
        found = self._classes.get((asked[1] if asked else cls).lower())
        if found is None or (" " in cls and asked is None):
            raise CannotLook("unsupported", f"nobody saved {cls[:200]}")
        if asked is None:
            return found
        wanted = (asked[3] if asked[3] is not None else asked[4]).casefold()
        return [row for row in found if str(row.get(asked[2])).casefold() == wanted]

    def _add(self, key: Key) -> None:
        hive_name, _, rest = key.path.partition("\\")
        if hive_name not in _HIVES:
            return
        path = f"{_HIVES[hive_name]}\\{rest}".rstrip("\\")
        low = path.lower()
        self._keys.setdefault(low, {}).update(key.values)
        above, _, name = path.rpartition("\\")
        if self._covered(low):
            self._below.setdefault(above.lower(), {})[name.lower()] = name
        else:
            self._tops.add(low)

    def _covered(self, path: str) -> bool:
        """Whether it lies below the first key of an export."""
        while path := path.rpartition("\\")[0]:
            if path in self._tops:
                return True
        return False

    def _current(self, path: str) -> str:
        if path != _CURRENT and not path.startswith(f"{_CURRENT}\\"):
            return path
        system = self._hives.get(r"hklm\system")
        if system is None:
            return path
        selected = _from_hive(system, "Select")
        number = selected.values.get("current") if selected else None
        if number is None or not isinstance(number.data, int):
            raise CannotLook("parse-error", "no control set is selected")
        return rf"hklm\system\controlset{number.data:03d}" + path[len(_CURRENT) :]


def load(folder: Path) -> Dump:
    """All that lies in a folder: `*.reg`, `[name-]Class.wmi`, hives by their names on Windows, and
    the logs beside those.

    Raises NoDoorError for a file that is not what its name says, and where there is none.
    """
    dump = Dump()
    none = True
    for path in sorted(folder.iterdir()):
        try:
            if path.suffix.lower() == ".reg":
                dump.add_export(_bytes(path))
            elif path.suffix.lower() == ".wmi":
                dump.add_wmi(path.stem.rpartition("-")[2], _bytes(path))
            elif path.name.upper() in _FILES:
                logs = [_bytes(one) for one in hive_logs.beside(path)]
                dump.add_hive(_bytes(path), _FILES[path.name.upper()], logs)
            else:
                continue
        except ParseError as error:
            raise NoDoorError(f"{path}: {error}") from error
        none = False
    if none:
        raise NoDoorError(f"{folder} holds no .reg, no .wmi and no hive of a Windows computer.")
    return dump


class DumpedHost:
    """`Host` over a dump."""

    def __init__(self, dump: Dump, at: int) -> None:
        """`at`: when it was saved, epoch seconds UTC."""
        self._dump, self._at = dump, at

    @property
    def platform(self) -> Platform:
        """Only Windows is saved this way."""
        return "windows"

    @property
    def privileged(self) -> bool:
        """Whoever can save hives is an administrator."""
        return True

    def registry(self, hive: Hive, key: str, view: View = "64") -> RegistryKey | None:
        """A key; None where a file that covers it does not hold it."""
        first, _, rest = key.partition("\\")
        if view == "32" and hive == "HKLM" and first.lower() == "software":
            key = rf"{first}\WOW6432Node\{rest}".rstrip("\\")
        return self._dump.key(rf"{hive}\{key}".rstrip("\\"))

    def wmi(self, cls: str, namespace: str, properties: Sequence[str]) -> WmiRows:
        """Instances, whatever the namespace: classes of one name in two are not saved apart."""
        rows = self._dump.rows(cls)
        return [{name: _typed(name, row.get(name)) for name in properties} for row in rows]

    def users(self) -> Users:
        """Whoever has a profile."""
        return people.users(self)

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        """Nothing runs here."""
        raise CannotLook("unsupported", "files run nothing")

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        """Its disk is not here."""
        raise CannotLook("unsupported", "its disk is not here")

    def stat(self, path: str) -> Stat | None:
        """As `read`."""
        raise CannotLook("unsupported", "its disk is not here")

    def list(self, path: str) -> Names | None:
        """As `read`."""
        raise CannotLook("unsupported", "its disk is not here")

    def link(self, path: str) -> str | None:
        """As `read`."""
        raise CannotLook("unsupported", "its disk is not here")

    def processes(self) -> Processes:
        """Nothing runs in files."""
        raise CannotLook("unsupported", "programs")

    def listeners(self) -> Listeners:
        """As `processes`."""
        raise CannotLook("unsupported", "sockets")

    def interfaces(self) -> Interfaces:
        """As `processes`."""
        raise CannotLook("unsupported", "interfaces")

    def ask(self, unix_socket: str, question: bytes, limit: int = READ_LIMIT) -> bytes | None:
        """As `processes`."""
        raise CannotLook("unsupported", "sockets")

    def alias(self, kind: str, text: str) -> str:
        """A keyed hash under a key everyone knows: a dump is no device."""
        return hmac.new(b"dumped", f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()[:16]

    def clock(self) -> int:
        """When it was saved."""
        return self._at

    def enrolled_at(self) -> int | None:
        """Never."""
        return None

    def tried(self) -> Tried | None:
        """Nobody tried any."""
        raise CannotLook("unsupported", "test pages")

    def online(self) -> Stretches:
        """Nobody knows."""
        raise CannotLook("unsupported", "hours switched on")

    def room(self) -> Rooms:
        """Nothing remembers it there."""
        raise CannotLook("unsupported", "room on earlier days")

    def media_scans(self) -> MediaScans:
        """Nothing remembers them there."""
        raise CannotLook("unsupported", "scans")


def _from_hive(held: hive.Hive, path: str) -> RegistryKey | None:
    try:
        found = held.look(path)
    except ParseError as error:
        raise CannotLook("parse-error", path[:200]) from error
    return None if found is None else RegistryKey(_values(found.key.values), sorted(found.subkeys))


def _typed(name: str, said: wmi_list.Field) -> wmi_list.Field | int:
    return int(said) if name in _WHOLE and isinstance(said, str) and said.isdecimal() else said


def _values(held: dict[str, Value]) -> dict[str, RegistryValue]:
    return {name.lower(): RegistryValue(one.type, one.data) for name, one in held.items()}


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES)
