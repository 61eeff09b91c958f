"""Programs on a Mac: applications, Homebrew's formulas, known programs without a window.

- Applications are folders that end in `.app`: below /Applications two folders deep, at the top of
  /Users/Shared, in each home's own Applications. Their `Contents/Info.plist` (an iPad's program:
  `Wrapper/…/Info.plist`) says version and identifier; it is the maker's word, which anybody can
  write, so watch-lists look at every title, also at the names inside where a bundle was renamed.
  Slow `system_profiler SPApplicationsDataType` is not asked.
- What came with macOS lies on its sealed volume and leaves by its name only; Safari lies in a
  volume of its own and links to it. Apple's other programs count as Apple's where only an
  administrator could put them.
- Web pages that a browser made into a bundle, and Windows' programs that Parallels did, are left
  out unless a list knows their name: what people read is their own.
- Homebrew: folders of `Cellar`; what was only needed by others is hidden. Of `Caskroom` and
  /usr/local/bin what a list knows. MacPorts' ports nobody here reads.
- When a program was first there: /Library/Receipts/InstallHistory.plist; one that was only dragged
  into place has no date.
- Desktops, downloads and documents are not looked at: macOS asks whoever sits there for leave.
"""

import functools
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from checks import macos, shipped
from checks.formats import homebrew_receipt, plist
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, attempt
from checks.macos import Settings
from checks.software import browsing
from checks.software.facts import Blind, Title, Where
from checks.software.shared import tidy
from checks.software.watchlists import watched
from checks.unseen import Reason, Unseen

PEOPLE: Final = 250
MOST: Final = 3_000
"""Bundles, folders, and formulas, that are looked at: in their own folders people make as many as
they like."""
_SEALED: Final = ("/System/Applications", "/System/Applications/Utilities")
_SAFARI: Final = "/System/Cryptexes/App/System/Applications/Safari.app"
_SAFARI_LINK: Final = "/Applications/Safari.app"
_HISTORY: Final = "/Library/Receipts/InstallHistory.plist"
_BREWS: Final = ("/opt/homebrew", "/usr/local")
_BINARIES: Final = "/usr/local/bin"
_PORTS: Final = "/opt/local/var/macports/software"
_LARGEST: Final = 8 << 20
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_NUMBER: Final = re.compile(r"\d+")
_APPLE: Final = "com.apple."
_STANDS_FOR: Final = (
    *("com.google.Chrome.app.", "com.microsoft.edgemac.app.", "com.brave.Browser.app."),
    *("org.chromium.Chromium.app.", "com.vivaldi.Vivaldi.app.", "com.apple.Safari.WebApp."),
    "com.parallels.winapp.",
)
"""Identifiers of bundles that only stand for a page, or for another system's program."""


class Found(msgspec.Struct):
    """Programs, and why some places could not be looked into."""

    titles: list[Title]
    blind: list[Blind]


class _Walk(msgspec.Struct):
    """A look through the folders of applications."""

    host: Host
    dates: dict[str, int]
    blind: set[Blind] = msgspec.field(default_factory=set)
    where: Where = "applications"
    bundles: int = 0
    folders: int = 0

    def titles(self, folder: str, depth: int, *, ours: bool) -> Iterator[Title]:
        """Programs below a folder; `ours`: only an administrator could put them there."""
        for path in self._bundles(folder, depth):
            self.bundles += 1
            if self.bundles > MOST:
                self._shut("too-large")
                return
            title = self._title(path, ours)
            if title is not None:
                yield title

    def _bundles(self, folder: str, depth: int) -> Iterator[str]:
        self.folders += 1
        if self.folders > MOST:
            self._shut("too-large")
            return
        names = attempt(self.host.list, folder)
        if isinstance(names, Unseen):
            self._shut(names.unseen)
            return
        for name in names or []:
            path = f"{folder}/{name}"
            if name.endswith(".app"):
                yield path
            elif depth and not name.startswith("."):
                yield from self._bundles(path, depth - 1)

    def _title(self, path: str, ours: bool) -> Title | None:
        info = self._info(path)
        if info is None:
            return None
        stem = path.rpartition("/")[2].removesuffix(".app")
        inside = [_plain(info, key) for key in ("CFBundleDisplayName", "CFBundleName")]
        known = next((name for name in (stem, *inside) if name and _listed(name)), None)
        own = _plain(info, "CFBundleIdentifier")
        own = own if _ID.fullmatch(own) else ""
        if known is None and own.startswith(_STANDS_FOR):
            return None
        # In a person's own folder a file may be named anything; what its maker says is not theirs.
        shown = stem if ours else next((name for name in inside if name), "application")
        system = ours and own.startswith(_APPLE)
        name = tidy(known or shown)
        return Title(
            name=name or "application",
            version=tidy(_version(info), 60),
            source="application",
            id=own,
            publisher="" if system else _maker(own),
            system=system,
            installed_at=None if system else self.dates.get(own, self.dates.get(stem)),
        )

    def _info(self, path: str) -> Settings | None:
        """What a bundle says of itself; nothing where it says nothing that can be read. None: it is
        no program of its own."""
        try:
            data = self.host.read(f"{path}/Contents/Info.plist") or self._inner(path)
            found = plist.parse(data) if data else {}
        except ParseError:
            return {}
        except CannotLook as blind:
            if blind.reason == "denied" and self._leads_elsewhere(path):
                return None if path == _SAFARI_LINK else {}
            self._shut(blind.reason)
            return {}
        return found if isinstance(found, dict) else {}

    def _leads_elsewhere(self, path: str) -> bool:
        link = attempt(self.host.link, path)
        return not isinstance(link, Unseen) and link is not None

    def _shut(self, reason: Reason) -> None:
        self.blind.add(Blind(self.where, reason))

    def _inner(self, path: str) -> bytes | None:
        names = self.host.list(f"{path}/Wrapper") or []
        inner = next((name for name in names if name.endswith(".app")), None)
        return None if inner is None else self.host.read(f"{path}/Wrapper/{inner}/Info.plist")


def look(host: Host) -> Found:
    """All programs, by every way they come to a Mac."""
    walk = _Walk(host, _first_there(host))
    titles = [*walk.titles("/Applications", 2, ours=True)]
    titles += walk.titles("/Users/Shared", 0, ours=False)
    walk.where = "homes"
    users = attempt(macos.homes, host)
    for user in [] if isinstance(users, Unseen) else users[:PEOPLE]:
        titles += walk.titles(f"{user.home.rstrip('/')}/Applications", 2, ours=False)
    blind = walk.blind
    if isinstance(users, Unseen):
        blind.add(Blind("homes", users.unseen))
    elif len(users) > PEOPLE:
        blind.add(Blind("homes", "too-large"))
    for question in (_with_macos, _formulas, _known_commands):
        found = attempt(question, host)
        if isinstance(found, Unseen):
            blind.add(Blind("applications", found.unseen))
        else:
            titles += found
    ports = attempt(host.list, _PORTS)
    if isinstance(ports, Unseen) or ports:
        blind.add(Blind("applications", "unsupported"))
    return Found(titles, sorted(blind, key=lambda one: (one.where, one.reason)))


def _listed(name: str) -> bool:
    return watched("macos", name) or browsing.is_browser("macos", name)


def _plain(info: Settings, key: str) -> str:
    value = info.get(key)
    return value.strip() if isinstance(value, str) else ""


def _version(info: Settings) -> str:
    return _plain(info, "CFBundleShortVersionString") or _plain(info, "CFBundleVersion")


@functools.cache
def _makers() -> dict[str, str]:
    return msgspec.convert(shipped.toml("software/macos_makers.toml")["makers"], dict[str, str])


def _maker(identifier: str) -> str:
    """The maker by the start of an identifier; empty for one that no list knows."""
    parts = identifier.split(".")
    for count in (3, 2):
        maker = _makers().get(".".join(parts[:count]).lower())
        if maker is not None and len(parts) > count:
            return maker
    return ""


def _first_there(host: Host) -> dict[str, int]:
    """When something of a name or identifier was first installed; empty where nobody can tell."""
    found: dict[str, int] = {}
    data = attempt(host.read, _HISTORY, _LARGEST)
    try:
        rows = plist.parse(data) if not isinstance(data, Unseen) and data else []
    except ParseError:
        return {}
    for row in rows if isinstance(rows, list) else []:
        at = attempt(macos.moment, row, "date") if isinstance(row, dict) else None
        if at is None or isinstance(at, Unseen):
            continue
        packages = row.get("packageIdentifiers")
        for name in (row.get("displayName"), *(packages if isinstance(packages, list) else [])):
            if isinstance(name, str) and name:
                found[name] = min(at, found.get(name, at))
    return found


def _with_macos(host: Host) -> list[Title]:
    """Programs of the sealed volume, and Safari. Raises CannotLook."""
    names = [name for folder in _SEALED for name in host.list(folder) or []]
    found = [
        Title(tidy(name.removesuffix(".app")), "", "application", system=True)
        for name in names
        if name.endswith(".app") and name != "Safari.app"
    ]
    safari = macos.settings(host, f"{_SAFARI}/Contents/Info.plist")
    if safari:
        version = tidy(_version(safari), 60)
        own = _plain(safari, "CFBundleIdentifier")
        found.append(Title("Safari", version, "application", id=own, system=True))
    return found


def _formulas(host: Host) -> list[Title]:
    """What Homebrew installed. Raises CannotLook."""
    found: list[Title] = []
    for brew in _BREWS:
        for name in host.list(f"{brew}/Cellar") or []:
            versions = host.list(f"{brew}/Cellar/{name}")
            if versions:
                newest = max(versions, key=_by_number)
                found.append(_formula(host, f"{brew}/Cellar/{name}/{newest}", name, newest))
            if len(found) > MOST:
                raise CannotLook("too-large", brew)
        casks = [name for name in host.list(f"{brew}/Caskroom") or [] if watched("macos", name)]
        found += [Title(tidy(name), "", "homebrew") for name in casks]
    return found


def _by_number(version: str) -> list[int]:
    return [int(part[:12]) for part in _NUMBER.findall(version)[:8]]


def _formula(host: Host, folder: str, name: str, version: str) -> Title:
    """A receipt that cannot be read leaves the formula, as one that somebody asked for."""
    data = attempt(host.read, f"{folder}/INSTALL_RECEIPT.json")
    try:
        receipt = homebrew_receipt.parse(b"{}" if isinstance(data, Unseen) or not data else data)
    except ParseError:
        receipt = homebrew_receipt.Receipt(None, None)
    return Title(
        *(tidy(name), tidy(version, 60), "homebrew"),
        installed_at=receipt.installed_at,
        hidden=receipt.on_request is False,
    )


def _known_commands(host: Host) -> list[Title]:
    """Programs without a window that a list knows. Raises CannotLook."""
    names = [name for name in host.list(_BINARIES) or [] if watched("macos", name)]
    return [Title(tidy(name), "", "folder") for name in names]
