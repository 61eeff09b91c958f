"""What readers on macOS share: settings in their layers, and what programs print as property lists.

A setting of a domain (`com.apple.screensaver`) may stand in several files; the first that has its
key decides: a profile's for the account, a profile's for the Mac (both in Managed Preferences and
out of everybody's reach), the account's own for this Mac (`ByHost`), the account's own, the Mac's.
Rules: a key nobody set is None and means the system's default; a value nobody can read as what was
asked for is `CannotLook("parse-error")`, never a guess. Settings that a manager sends as a
declaration (DDM) stand in none of these files.
Never run on macOS: written after Apple's documentation and public readers of these files.
"""

import datetime
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from checks.formats import plist, profiles_status, system_profiler
from checks.formats.errors import ParseError
from checks.formats.system_profiler import Item
from checks.host import READ_LIMIT, RUN_TIMEOUT, CannotLook, Host, User, output
from checks.layers import Layer

Settings = dict[str, Any]

_MANAGED: Final = "/Library/Managed Preferences"
_OWN: Final = "/Library/Preferences"
_HOMES: Final = "/Users"
_NO_HOMES: Final = ("Shared", "Deleted Users")
_FIRST_PERSON: Final = 501
_YES: Final = frozenset({"1", "true", "yes"})
_NO: Final = frozenset({"0", "false", "no"})
_BOOTED: Final = re.compile(r"\bsec = (\d{1,11}),")
_NO_PERSON: Final = frozenset({"", "root", "loginwindow", "_mbsetupuser"})


class Held(msgspec.Struct, frozen=True):
    """One layer of a domain: its keys and who set them."""

    by: Layer
    settings: Settings


class Payload(msgspec.Struct, frozen=True):
    """One part of an installed profile; `locked`: whoever uses the Mac cannot remove it."""

    content: Settings
    locked: bool


def settings(host: Host, path: str, limit: int = READ_LIMIT) -> Settings:
    """A property list's keys; empty if there is no such file. Raises CannotLook."""
    data = host.read(path, limit)
    return {} if data is None else _keys(_parsed(data, path), path)


def managed(host: Host, domain: str) -> Settings:
    """What a configuration profile sets for the whole Mac. Raises CannotLook."""
    return settings(host, f"{_MANAGED}/{domain}.plist")


def managed_for(host: Host, domain: str, users: Iterable[User]) -> list[Settings]:
    """What configuration profiles set as each account sees it, the account's own laid over the
    Mac's; with no account, the Mac's alone. Raises CannotLook."""
    whole = managed(host, domain)
    own = [settings(host, f"{_MANAGED}/{user.name}/{domain}.plist") for user in users]
    return [whole | one for one in own] or [whole]


def payloads(host: Host, kind: str) -> list[Payload]:
    """What installed configuration profiles hold of a kind, for the Mac and for accounts.

    Only root is told (`denied` for others). Profiles without any answer print nothing or say so.
    Raises CannotLook.
    """
    if not host.privileged:
        raise CannotLook("denied", "profiles")
    ran = host.run(["/usr/bin/profiles", "-P", "-o", "stdout-xml"])
    if b"no configuration profiles" in ran.out + ran.err:
        return []
    if ran.code != 0:
        raise CannotLook("parse-error", f"profiles exited {ran.code}")
    if not ran.out.strip():
        return []
    owners = _keys(_parsed(ran.out, "profiles"), "profiles")
    found = []
    for owner in owners.values():
        for profile in _rows(owner, "profiles"):
            locked = flag(profile, "ProfileRemovalDisallowed") is True
            for item in _rows(profile.get("ProfileItems", []), "ProfileItems"):
                if item.get("PayloadType") == kind:
                    content = _keys(item.get("PayloadContent") or {}, "PayloadContent")
                    found.append(Payload(content, locked))
    return found


def enrolment(host: Host) -> profiles_status.Status:
    """Whether the Mac is in device management. Raises CannotLook."""
    ran = host.run(["/usr/bin/profiles", "status", "-type", "enrollment"])
    if ran.code != 0:
        raise CannotLook("parse-error" if host.privileged else "denied", "profiles")
    try:
        return profiles_status.parse(ran.out)
    except ParseError as error:
        raise CannotLook("parse-error", "profiles") from error


def of_mac(host: Host, domain: str) -> list[Held]:
    """The layers of a domain of the Mac's own, strongest first. Raises CannotLook."""
    own = settings(host, f"{_OWN}/{domain}.plist")
    return [Held("mdm", managed(host, domain)), Held("local-policy", own)]


def of_person(host: Host, domain: str, user: User, uuid: str | None = None) -> list[Held]:
    """The layers of a domain as an account sees them, strongest first. Raises CannotLook.

    `uuid`: the Mac's own (`hardware_uuid`), for a domain that is also kept per Mac.
    """
    home = f"{user.home.rstrip('/')}{_OWN}"
    layers = [
        Held("mdm", settings(host, f"{_MANAGED}/{user.name}/{domain}.plist")),
        Held("mdm", managed(host, domain)),
    ]
    if uuid is not None:
        here = f"{home}/ByHost/{domain}.{uuid}.plist"
        layers.append(Held("user", settings(host, here)))
    layers.append(Held("user", settings(host, f"{home}/{domain}.plist")))
    return [*layers, Held("local-policy", settings(host, f"{_OWN}/{domain}.plist"))]


def deciding(layers: Iterable[Held], key: str) -> Held | None:
    """The layer that decides about a key; None: nobody set it."""
    return next((layer for layer in layers if key in layer.settings), None)


def flag(found: Settings, key: str) -> bool | None:
    """A yes or no, also one written as a number or text. Raises CannotLook("parse-error")."""
    value = found.get(key)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0
    if isinstance(value, str) and value.strip().lower() in _YES | _NO:
        return value.strip().lower() in _YES
    raise CannotLook("parse-error", key)


def number(found: Settings, key: str) -> int | None:
    """A whole number, also one written as text or with a fraction, which is rounded up.

    Raises CannotLook("parse-error").
    """
    value = found.get(key)
    if value is None:
        return None
    if isinstance(value, str) and len(value) <= 20:
        plain = value.strip()
        value = int(plain) if plain.isascii() and plain.isdecimal() else value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CannotLook("parse-error", key)
    return math.ceil(value)


def text(found: Settings, key: str) -> str | None:
    """A text without spaces at its ends; None also for an empty one. Raises
    CannotLook("parse-error")."""
    value = found.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise CannotLook("parse-error", key)
    return value.strip() or None


def moment(found: Settings, key: str) -> int | None:
    """A date as epoch seconds; one before 1970 means never and is None. Raises
    CannotLook("parse-error")."""
    value = text(found, key)
    if value is None:
        return None
    try:
        at = datetime.datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.UTC)
    except ValueError as error:
        raise CannotLook("parse-error", key) from error
    seconds = int(at.timestamp())
    return seconds if seconds > 0 else None


def printed(host: Host, argv: Sequence[str], timeout: int = RUN_TIMEOUT) -> plist.Plain:
    """What a program prints as a property list; None if it prints nothing. Raises CannotLook."""
    ran = host.run(list(argv), timeout)
    if ran.code != 0:
        raise CannotLook("parse-error", f"{argv[0]} exited {ran.code}")
    return _parsed(ran.out, argv[0]) if ran.out.strip() else None


def profiled(host: Host, *kinds: str, timeout: int = RUN_TIMEOUT) -> list[Item]:
    """Kinds of data (`SPHardwareDataType`, …) of `system_profiler`. Raises CannotLook."""
    ran = host.run(["/usr/sbin/system_profiler", "-json", *kinds], timeout)
    if ran.code != 0:
        raise CannotLook("parse-error", f"system_profiler exited {ran.code}")
    try:
        return system_profiler.parse(ran.out)
    except ParseError as error:
        raise CannotLook("parse-error", "system_profiler") from error


def platform_expert(host: Host) -> Settings:
    """The Mac's own entry of the I/O registry: `IOPlatformUUID`, `IOPlatformSerialNumber`, `model`.

    Raises CannotLook.
    """
    rows = printed(host, ["/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice", "-a"])
    if not isinstance(rows, list) or not rows:
        raise CannotLook("parse-error", "ioreg")
    return _keys(rows[0], "ioreg")


def hardware_uuid(host: Host) -> str:
    """What names the files of `ByHost`. Raises CannotLook."""
    found = text(platform_expert(host), "IOPlatformUUID")
    if found is None or "/" in found:
        raise CannotLook("parse-error", "IOPlatformUUID")
    return found


def people(host: Host) -> list[User]:
    """Accounts of people that have a home here. Raises CannotLook."""
    return [user for user in host.users() if user.kind == "human" and user.home.startswith("/")]


def homes(host: Host) -> list[User]:
    """Homes of people, also of accounts that are not listed here (a directory's): those have no
    name, so nothing can be asked as them, but their files can be read. Raises CannotLook."""
    listed = people(host)
    known = {user.home.rstrip("/") for user in listed}
    strangers = []
    for name in host.list(_HOMES) or []:
        path = f"{_HOMES}/{name}"
        stat = None if path in known or name in _NO_HOMES else host.stat(path)
        if stat is not None and stat.kind == "folder" and stat.uid >= _FIRST_PERSON:
            strangers.append(User("", str(stat.uid), "", path, "", "human"))
    return [*listed, *strangers]


def sessions(host: Host) -> list[Settings]:
    """Graphical sessions of people now (`IOConsoleUsers`); those of no person are left out.

    Raises CannotLook.
    """
    root = _keys(printed(host, ["/usr/sbin/ioreg", "-n", "Root", "-d1", "-a"]), "ioreg")
    if "IOConsoleUsers" not in root:
        raise CannotLook("unsupported", "IOConsoleUsers")  # there also while nobody is signed in
    rows = _rows(root["IOConsoleUsers"], "IOConsoleUsers")
    return [row for row in rows if (text(row, "kCGSSessionUserNameKey") or "") not in _NO_PERSON]


def booted_at(host: Host) -> int:
    """When the Mac was started, epoch seconds by its own clock. Raises CannotLook."""
    found = _BOOTED.search(output(host, ["/usr/sbin/sysctl", "kern.boottime"]))
    if found is None:
        raise CannotLook("parse-error", "kern.boottime")
    return int(found[1])


def release(host: Host) -> int:
    """The number macOS is sold under; 10 for all before macOS 11. Raises CannotLook."""
    major = output(host, ["/usr/bin/sw_vers", "-productVersion"]).strip().partition(".")[0]
    if not (major.isascii() and major.isdecimal() and len(major) <= 4):
        raise CannotLook("parse-error", "sw_vers")
    return int(major)


def rows(data: bytes, what: str) -> list[Settings]:
    """A property list that is a list of entries. Raises CannotLook."""
    return _rows(_parsed(data, what), what)


def _parsed(data: bytes, what: str) -> plist.Plain:
    try:
        return plist.parse(data)
    except ParseError as error:
        raise CannotLook("parse-error", what) from error


def _rows(value: object, what: str) -> list[Settings]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise CannotLook("parse-error", what)
    return value


def _keys(value: plist.Plain, what: str) -> Settings:
    if not isinstance(value, dict):
        raise CannotLook("parse-error", what)
    return value
