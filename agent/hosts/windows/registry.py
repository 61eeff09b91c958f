"""One key of the registry through `winreg`: values with their types, names of subkeys.

Traps: text in the registry may hold half a surrogate pair or a NUL; a value that ends while it is
listed shortens the list; `winreg` exists on Windows only, so it is loaded by name and described
here.
"""

import importlib
from typing import Any, Final, Protocol, cast

from checks.host import CannotLook, Hive, RegistryKey, RegistryValue, View

Data = int | str | bytes | list[str] | None

_TYPES: Final = {1: "sz", 2: "expand_sz", 3: "binary", 4: "dword", 7: "multi_sz", 11: "qword"}
"""REG_* of winnt.h."""
_NO_MORE: Final = 259
"""ERROR_NO_MORE_ITEMS"""
_ACCESS_DENIED: Final = 5
_MOST_VALUES = 10_000
_MOST_KEYS = 100_000
_MOST_DATA = 8 << 20


class Winreg(Protocol):
    """The part of `winreg` used here."""

    HKEY_LOCAL_MACHINE: int
    HKEY_USERS: int
    KEY_READ: int
    KEY_WOW64_32KEY: int
    KEY_WOW64_64KEY: int

    def OpenKey(self, key: int, sub_key: str, reserved: int, access: int) -> Any:  # noqa: N802  (Python's own names, and a handle)
        """Open a key, to be closed by `with`."""

    def QueryInfoKey(self, key: Any) -> tuple[int, int, int]:  # noqa: N802  (as above)
        """Numbers of subkeys and values, and when it was changed."""

    def EnumKey(self, key: Any, index: int) -> str:  # noqa: N802  (as above)
        """Name of a subkey."""

    def EnumValue(self, key: Any, index: int) -> tuple[str, Data, int]:  # noqa: N802  (as above)
        """Name, data and type of a value."""


def read(hive: Hive, key: str, view: View) -> RegistryKey | None:
    """A key; None if there is none. Raises CannotLook."""
    if "\0" in key or key.startswith("\\"):
        raise CannotLook("unsupported", "no such name of a key")
    winreg = _winreg()
    root = winreg.HKEY_USERS if hive == "HKU" else winreg.HKEY_LOCAL_MACHINE
    wanted = winreg.KEY_WOW64_32KEY if view == "32" else winreg.KEY_WOW64_64KEY
    try:
        with winreg.OpenKey(root, key, 0, winreg.KEY_READ | wanted) as opened:
            keys, values, _ = winreg.QueryInfoKey(opened)
            if keys > _MOST_KEYS or values > _MOST_VALUES:
                raise CannotLook("too-large", key)
            return RegistryKey(_values(winreg, opened, values), _keys(winreg, opened, keys))
    except FileNotFoundError:
        return None
    except OSError as error:
        denied = getattr(error, "winerror", None) == _ACCESS_DENIED
        denied = denied or isinstance(error, PermissionError)
        raise CannotLook("denied" if denied else "unsupported", key) from error


def shown(data: Data, number: int) -> RegistryValue:
    """A value as the door gives it: binary and unknown types as hex."""
    kind = _TYPES.get(number, "none")
    if kind in ("dword", "qword") and isinstance(data, int):
        return RegistryValue(cast("Any", kind), data)
    if kind in ("sz", "expand_sz") and (data is None or isinstance(data, str)):
        return RegistryValue(cast("Any", kind), _text(data or ""))
    if kind == "multi_sz" and (data is None or isinstance(data, list)):
        return RegistryValue("multi_sz", [_text(one) for one in data or []])
    if isinstance(data, str):
        data = data.encode("utf-16-le", "surrogatepass")
    if isinstance(data, int):
        data = (data % (1 << 64)).to_bytes(8, "little")
    hexed = data.hex() if isinstance(data, bytes) else ""
    return RegistryValue("binary" if kind == "binary" else "none", hexed)


def _winreg() -> Winreg:
    try:
        return cast("Winreg", importlib.import_module("winreg"))
    except ModuleNotFoundError as missing:
        raise CannotLook("unsupported", "no registry") from missing


def _values(winreg: Winreg, opened: object, count: int) -> dict[str, RegistryValue]:
    found: dict[str, RegistryValue] = {}
    left = _MOST_DATA
    for index in range(count):
        try:
            name, data, number = winreg.EnumValue(opened, index)
        except OSError as error:
            if getattr(error, "winerror", None) == _NO_MORE:
                break
            raise
        left -= len(data) if isinstance(data, str | bytes | list) else 8
        if left < 0:
            raise CannotLook("too-large", "values")
        found[_text(name).lower()] = shown(data, number)
    return found


def _keys(winreg: Winreg, opened: object, count: int) -> list[str]:
    found = []
    for index in range(count):
        try:
            found.append(_text(winreg.EnumKey(opened, index)))
        except OSError as error:
            if getattr(error, "winerror", None) == _NO_MORE:
                break
            raise
    return sorted(found)


def _text(said: str) -> str:
    return said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
