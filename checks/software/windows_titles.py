r"""Programs on a Windows machine: Uninstall keys, Store packages, people's own folders.

- `SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall` in both views, and in each loaded hive with
  its `Wow6432Node`. A key without `DisplayName` is none; one with `ParentKeyName` or a
  `ReleaseType` is an update of another; `SystemComponent` 1 is a hidden part. `InstallDate` is
  eight digits; other forms are a language's and say nothing.
- Store: `AppxAllUserStore\Applications`, whose keys are `Name_Version_Arch_Resource_Publisher`, and
  the folders of `AppData\Local\Packages` in each profile, `Name_Publisher`.
- Profiles: a folder of `AppData\Local`, `AppData\Roaming` or `AppData\Local\Programs` leaves as a
  title only if a watch-list knows its name and a program lies in it: what people keep is their own.
`Win32_Product` is never asked: it repairs what it lists.
"""

import datetime
import functools
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

import msgspec

from checks import shipped
from checks.host import CannotLook, Hive, Host, RegistryKey, User, View, attempt
from checks.software.facts import Title, Where
from checks.software.shared import tidy
from checks.software.watchlists import watched
from checks.unseen import Maybe, Unseen
from checks.windows import flag, hive, people, text

_UNINSTALL: Final = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
_OWN_UNINSTALL: Final = (
    r"Software\Microsoft\Windows\CurrentVersion\Uninstall",
    r"Software\Wow6432Node\Microsoft\Windows\CurrentVersion\Uninstall",
)
_STORE: Final = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Appx\AppxAllUserStore\Applications"
_PACKAGES: Final = r"AppData\Local\Packages"
_FOLDERS: Final = (r"AppData\Local\Programs", r"AppData\Local", r"AppData\Roaming")
_MICROSOFT: Final = ("8wekyb3d8bbwe", "cw5n1h2txyewy")
"""Hashes of Microsoft's publishers."""
_DAY: Final = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_PACKAGE: Final = re.compile(
    r"(?P<name>[\w.\-]{1,120})_(?P<version>\d[\d.]{0,40})_[^_]{0,20}_(?P<part>[^_]{0,60})_"
    r"(?P<maker>[a-z0-9]{13})"
)
_FAMILY: Final = re.compile(r"(?P<name>[\w.\-]{1,120})_(?P<maker>[a-z0-9]{13})")
_PARTS: Final = ("split.", "language", "scale")
PEOPLE: Final = 250


class _Own(msgspec.Struct, frozen=True):
    titles: list[str]
    makers: list[str]


def everything(host: Host) -> Iterator[tuple[Where, Maybe[list[Title]]]]:
    """Each place programs can be, and what is there or why nobody could look."""
    for view in ("64", "32"):
        yield "registry", attempt(_machine, host, view)
    yield "appx", attempt(_store, host)
    users = attempt(people, host)
    if isinstance(users, Unseen):
        yield "homes", users
        return
    if len(users) > PEOPLE:
        yield "homes", Unseen("too-large")
    for user in users[:PEOPLE]:
        yield "registry", attempt(_of_person, host, user)
        yield "homes", attempt(_in_home, host, user)


def _machine(host: Host, view: View) -> list[Title]:
    return _listed(host, "HKLM", _UNINSTALL, view)


def _listed(host: Host, root: Hive, place: str, view: View = "64") -> list[Title]:
    key = host.registry(root, place, view)
    found = []
    for name in [] if key is None else key.subkeys:
        entry = host.registry(root, rf"{place}\{name}", view)
        title = None if entry is None else _title(entry)
        if title is not None:
            found.append(title)
    return found


def _title(entry: RegistryKey) -> Title | None:
    """One entry. A value that is no text is as if it were not there: installers write anything."""
    name = tidy(_plain(entry, "DisplayName"))
    if not name or _plain(entry, "ParentKeyName") or _plain(entry, "ReleaseType"):
        return None
    publisher = tidy(_plain(entry, "Publisher"))
    own = _is_own(name, publisher)
    return Title(
        name=name,
        version=tidy(_plain(entry, "DisplayVersion"), 60),
        source="registry",
        publisher=publisher,
        system=own,
        installed_at=None if own else _day(_plain(entry, "InstallDate")),
        hidden=attempt(flag, entry, "SystemComponent") is True,
    )


def _plain(entry: RegistryKey, name: str) -> str:
    found = attempt(text, entry, name)
    return "" if isinstance(found, Unseen) or found is None else found


@functools.cache
def _own() -> _Own:
    listed = shipped.toml("software/windows_own.toml")
    return msgspec.convert({key: listed[key] for key in ("titles", "makers")}, _Own)


def _is_own(name: str, publisher: str) -> bool:
    """Whether Windows brings it along, or the maker of a part of the computer does."""
    title, maker = name.casefold(), publisher.casefold()
    if maker.startswith("microsoft"):
        return any(fnmatchcase(title, glob) for glob in _own().titles)
    return any(fnmatchcase(maker, glob) for glob in _own().makers)


def _day(written: str) -> int | None:
    found = _DAY.fullmatch(written)
    if found is None:
        return None
    try:
        day = datetime.datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=datetime.UTC)
    except ValueError:
        return None
    return int(day.timestamp())


def _store(host: Host) -> list[Title]:
    """Packages that are there for everybody."""
    key = host.registry("HKLM", _STORE)
    found = [_PACKAGE.fullmatch(name) for name in ([] if key is None else key.subkeys)]
    return [
        Title(one["name"], one["version"], "appx", system=one["maker"] in _MICROSOFT)
        for one in found
        if one is not None and not one["part"].startswith(_PARTS)
    ]


def _of_person(host: Host, user: User) -> list[Title]:
    """An account's own entries while it is signed in; of one that is not, its folders tell."""
    sid = hive(host, user)
    if isinstance(sid, Unseen):
        return []
    return [title for own in _OWN_UNINSTALL for title in _listed(host, "HKU", rf"{sid}\{own}")]


def _in_home(host: Host, user: User) -> list[Title]:
    """Store packages of one person, and known programs in the profile. Raises CannotLook."""
    packages = [_FAMILY.fullmatch(name) for name in host.list(rf"{user.home}\{_PACKAGES}") or []]
    found = [
        Title(one["name"], "", "appx", system=one["maker"] in _MICROSOFT)
        for one in packages
        if one is not None
    ]
    for folder in _FOLDERS:
        place = rf"{user.home}\{folder}"
        names = [name for name in host.list(place) or [] if watched("windows", name)]
        lying = [name for name in names if _holds_programs(host, rf"{place}\{name}")]
        found += [Title(tidy(name), "", "folder") for name in lying]
    return found


def _holds_programs(host: Host, folder: str) -> bool:
    """Whether a program lies in a folder or one below it: an empty one is only a remnant."""
    names = attempt(host.list, folder)
    if isinstance(names, Unseen):
        raise CannotLook(names.unseen, folder)
    below = [name for name in names or [] if name.startswith(("app-", "Versions", "bin"))]
    inner = [attempt(host.list, rf"{folder}\{name}") for name in below[:8]]
    every = [
        *(names or []),
        *(n for some in inner if not isinstance(some, Unseen) for n in some or []),
    ]
    return any(name.lower().endswith(".exe") or name.startswith("version-") for name in every)
