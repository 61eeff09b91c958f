"""A Windows machine of a few registry keys and answers, for tests of readers; the rest is absent.

Constructed in the test that uses it, from Microsoft's documentation; never a recording.
"""

from collections.abc import Mapping, Sequence

from agent.hosts.recorded import alias
from checks.host import (
    RUN_TIMEOUT,
    CannotLook,
    Hive,
    Platform,
    Processes,
    Ran,
    RegistryKey,
    RegistryValue,
    Rooms,
    User,
    Users,
    View,
    WmiRows,
)

Given = int | str | list[str] | RegistryValue


def value(given: Given) -> RegistryValue:
    """A value as its Python type suggests: int is a DWORD, text REG_SZ, a list REG_MULTI_SZ."""
    if isinstance(given, RegistryValue):
        return given
    if isinstance(given, int):
        return RegistryValue("dword", given)
    return RegistryValue("sz" if isinstance(given, str) else "multi_sz", given)


class WindowsHost:
    """Answers what it was given; a key counts as there when one below it is."""

    platform: Platform = "windows"
    privileged = True

    def __init__(
        self,
        keys: Mapping[str, Mapping[str, Given]] | None = None,
        *,
        wmi: Mapping[str, WmiRows | CannotLook] | None = None,
        users: Sequence[User] = (),
        programs: Mapping[str, Ran | CannotLook] | None = None,
        at: int = 1_795_336_200,
    ) -> None:
        """`keys` by hive and path, `HKLM\\SOFTWARE\\…`, case ignored; `wmi` by class; `programs` by
        name."""
        self._keys = {path.lower(): dict(values) for path, values in (keys or {}).items()}
        self._names = list(keys or {})
        self._wmi = dict(wmi or {})
        self._users = list(users)
        self._programs = dict(programs or {})
        self._at = at

    def registry(self, hive: Hive, key: str, view: View = "64") -> RegistryKey | None:
        del view
        path = f"{hive}\\{key}".lower()
        below = [name for name in self._names if name.lower().startswith(f"{path}\\")]
        if path not in self._keys and not below:
            return None
        subkeys = {name[len(path) + 1 :].partition("\\")[0] for name in below}
        values = {name.lower(): value(one) for name, one in self._keys.get(path, {}).items()}
        return RegistryKey(values, sorted(subkeys))

    def wmi(self, cls: str, namespace: str, properties: Sequence[str]) -> WmiRows:
        del namespace, properties
        rows = self._wmi.get(cls, CannotLook("unsupported", cls))
        if isinstance(rows, CannotLook):
            raise rows
        return rows

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        del timeout, as_user
        ran = self._programs.get(argv[0], CannotLook("tool-missing", argv[0]))
        if isinstance(ran, CannotLook):
            raise ran
        return ran

    def users(self) -> Users:
        return self._users

    def processes(self) -> Processes:
        return []

    def alias(self, kind: str, text: str) -> str:
        return alias(kind, text)

    def room(self) -> Rooms:
        return []

    def clock(self) -> int:
        return self._at
