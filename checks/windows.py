r"""What readers on Windows share: values of registry keys, every person's hive, MDM's answers.

Keys as given to `host.registry`: `HKLM` or `HKU`, backslashes, no leading one; values by lower-case
name. Rules: a value that is not set is None and means the system's default; one of a type nobody
can read as what was asked for is `CannotLook("parse-error")`, never a guess. Numbers often stand as
text (`"900"`, `"0x384"`). A person's hive is there only while they are signed in (or were lately):
see `hive`.
"""

import datetime
import re
from typing import Final

from checks.host import CannotLook, Host, RegistryKey, User
from checks.unseen import Maybe, Unseen

MDM: Final = r"SOFTWARE\Microsoft\PolicyManager\current"
r"""What MDM asked for: `device\<Area>`, and `<SID>\<Area>` for an account."""
POLICIES: Final = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies"
WINDOWS_NT: Final = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"

NOT_LOADED: Final = Unseen("deferred")
"""The account is not signed in, so its own settings are not loaded: seen when it next is."""

_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,20}")
_HEX: Final = re.compile(r"0[xX][0-9a-fA-F]{1,16}")
_EPOCH_1601: Final = 11_644_473_600
_NEVER: Final = 0
"""1601, 1 and 1899 are how Windows' parts write "never": nothing here happened before 1970."""
_LATEST: Final = 253_402_300_799
"""The last second of 9999, how others write "for ever"."""

Row = dict[str, int | str | bool | list[int] | list[str] | None]


def number(key: RegistryKey | None, name: str) -> int | None:
    """A whole number, also one written as text. Raises CannotLook("parse-error")."""
    found = None if key is None else key.values.get(name.lower())
    if found is None:
        return None
    if found.type in ("dword", "qword") and isinstance(found.data, int):
        return found.data
    if found.type in ("sz", "expand_sz") and isinstance(found.data, str):
        return _whole(found.data, name)
    raise CannotLook("parse-error", f"{name} is {found.type}")


def _whole(written: str, name: str) -> int | None:
    plain = written.strip("\0 \t\r\n")
    if not plain:
        return None
    if _DECIMAL.fullmatch(plain):
        return int(plain)
    if _HEX.fullmatch(plain):
        return int(plain, 16)
    raise CannotLook("parse-error", f"{name} is no number")


def flag(key: RegistryKey | None, name: str) -> bool | None:
    """Whether a value is other than 0. Raises CannotLook("parse-error")."""
    found = number(key, name)
    return None if found is None else found != 0


def text(key: RegistryKey | None, name: str) -> str | None:
    """A text without NULs and spaces at its ends; None also for an empty one.

    Raises CannotLook("parse-error") for what is no text.
    """
    found = None if key is None else key.values.get(name.lower())
    if found is None:
        return None
    if found.type in ("sz", "expand_sz") and isinstance(found.data, str):
        return found.data.split("\0", 1)[0].strip() or None
    raise CannotLook("parse-error", f"{name} is {found.type}")


def texts(key: RegistryKey | None, name: str) -> list[str] | None:
    """A list of texts; one text counts as a list of one. Raises CannotLook("parse-error")."""
    found = None if key is None else key.values.get(name.lower())
    if found is not None and found.type == "multi_sz" and isinstance(found.data, list):
        return [one for one in found.data if one]
    only = text(key, name)
    return None if found is None else ([] if only is None else [only])


def filetime(key: RegistryKey | None, name: str) -> int | None:
    """A FILETIME (8 bytes or a QWORD) as epoch seconds; None: not set, or never.

    Raises CannotLook("parse-error").
    """
    found = None if key is None else key.values.get(name.lower())
    if found is None:
        return None
    if found.type == "qword" and isinstance(found.data, int):
        return _moment(found.data // 10_000_000 - _EPOCH_1601)
    data = raw(key, name)
    if data is None or len(data) != 8:
        raise CannotLook("parse-error", f"{name} is no FILETIME")
    return _moment(int.from_bytes(data, "little") // 10_000_000 - _EPOCH_1601)


def raw(key: RegistryKey | None, name: str) -> bytes | None:
    """Binary data. Raises CannotLook("parse-error")."""
    found = None if key is None else key.values.get(name.lower())
    if found is None:
        return None
    if found.type == "binary" and isinstance(found.data, str):
        try:
            return bytes.fromhex(found.data)
        except ValueError as error:
            raise CannotLook("parse-error", name) from error
    raise CannotLook("parse-error", f"{name} is {found.type}")


def when(iso: object) -> int | None:
    """A moment as WMI tells it through the door (ISO 8601, UTC) as epoch seconds; None: never.

    Raises CannotLook("parse-error").
    """
    if iso is None or iso == "":
        return None
    if not isinstance(iso, str):
        raise CannotLook("parse-error", "no moment")
    try:
        moment = datetime.datetime.fromisoformat(iso)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.UTC)
        return _moment((moment - datetime.datetime.fromtimestamp(0, datetime.UTC)).total_seconds())
    except (ValueError, OverflowError) as error:
        raise CannotLook("parse-error", "no moment") from error


def _moment(seconds: float) -> int | None:
    return int(seconds) if _NEVER < seconds < _LATEST else None


def both_views(host: Host, key: str) -> list[RegistryKey]:
    r"""A key below `HKLM\SOFTWARE` as 64-bit and as 32-bit programs see it; absent ones left out.

    Raises CannotLook if either cannot be seen.
    """
    found = [host.registry("HKLM", key, "64"), host.registry("HKLM", key, "32")]
    return [view for view in found if view is not None]


def people(host: Host) -> list[User]:
    """Accounts of people that have a profile here. Raises CannotLook."""
    return [user for user in host.users() if user.kind == "human"]


def hive(host: Host, user: User) -> Maybe[str]:
    r"""Where an account's own settings stand under `HKU`; unseen while they are not loaded.

    A hive that only fails to be there proves nothing of the account's settings, so its facts are
    `NOT_LOADED` (`deferred`), not None. Raises CannotLook.
    """
    return user.uid if host.registry("HKU", user.uid) is not None else NOT_LOADED


def mdm(host: Host, area: str, sid: str = "device") -> RegistryKey | None:
    """What MDM asks for in an area, for the machine or for an account. Raises CannotLook."""
    return host.registry("HKLM", rf"{MDM}\{sid}\{area}")


def mdm_wins(host: Host) -> bool:
    """Whether MDM beats Group Policy where both speak (else Group Policy does)."""
    return bool(number(mdm(host, "ControlPolicyConflict"), "MDMWinsOverGP"))


def only(rows: list[Row]) -> Row:
    """The first instance of a class that has one. Raises CannotLook("unsupported") for none."""
    if not rows:
        raise CannotLook("unsupported", "no instance")
    return rows[0]


def started_at(host: Host) -> int:
    """When Windows last started, epoch seconds (a fast start-up is none). Raises CannotLook."""
    row = only(host.wmi("Win32_OperatingSystem", "root/cimv2", ["LastBootUpTime"]))
    started = when(row.get("LastBootUpTime"))
    if started is None:
        raise CannotLook("parse-error", "LastBootUpTime")
    return started


def row_text(row: Row, name: str) -> str | None:
    """A text of an instance, None where it is empty. Raises CannotLook("parse-error")."""
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise CannotLook("parse-error", name)
    return value.split("\0", 1)[0].strip() or None


def row_number(row: Row, name: str) -> int | None:
    """A number of an instance (64-bit ones may come as text). Raises CannotLook("parse-error")."""
    value = row.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, str):
        return _whole(value, name)
    raise CannotLook("parse-error", name)


def row_flag(row: Row, name: str) -> bool | None:
    """A yes or no of an instance. Raises CannotLook("parse-error")."""
    value = row.get(name)
    if value is None or isinstance(value, bool):
        return value
    raise CannotLook("parse-error", name)
