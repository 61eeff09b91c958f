"""The dated watch-lists: kinds of programs a school looks out for, and how to recognise them.

`watchlists.toml` is data: globs over titles per platform, file names of running programs, ports and
browser extensions. An entry that `ships` comes along with a desktop, so finding it accuses nobody.
"""

import functools
from collections.abc import Iterable, Iterator
from typing import Literal, get_args

import msgspec

from checks import shipped
from checks.host import Platform
from checks.software.facts import Title
from checks.software.globs import Globs, prepare

Category = Literal[
    "p2p",
    "games",
    "filter_bypass",
    "messaging",
    "remote_access",
    "security_tools",
    "ai_assistants",
]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One program, and every way to recognise it."""

    title: str
    linux: list[str] = []
    windows: list[str] = []
    macos: list[str] = []
    running: list[str] = []
    extensions: list[str] = []
    tcp: list[int] = []
    unless: list[str] = []
    """Globs of titles that only look like it."""
    ships: bool = False

    def titles(self, platform: Platform) -> list[str]:
        """Its globs on one platform."""
        by_platform = {"linux": self.linux, "windows": self.windows, "macos": self.macos}
        return by_platform[platform]


class _Lists(msgspec.Struct, forbid_unknown_fields=True):
    as_of: str
    source: str
    p2p: list[Entry]
    games: list[Entry]
    filter_bypass: list[Entry]
    messaging: list[Entry]
    remote_access: list[Entry]
    security_tools: list[Entry]
    ai_assistants: list[Entry]


@functools.cache
def lists() -> _Lists:
    """The watch-lists. Raises msgspec.ValidationError for a file that contradicts its shape."""
    data = shipped.toml("software/watchlists.toml")
    data["as_of"] = data["as_of"].isoformat()
    return msgspec.convert(data, _Lists)


class Watch:
    """One category on one platform, prepared. Each question skips what the school agreed to."""

    def __init__(self, category: Category, platform: Platform) -> None:
        """Index every pattern by the entry it stands for."""
        entries: list[Entry] = getattr(lists(), category)
        self._category: Category = category
        self._titles = _titles(platform)
        self._title_globs = prepare(tuple(self._titles))
        self._running = {glob: entry for entry in entries for glob in entry.running}
        self._running_globs = prepare(tuple(self._running))
        self._extensions = {one: entry for entry in entries for one in entry.extensions}
        self._ports = {port: entry for entry in entries for port in entry.tcp}

    def installed(self, titles: Iterable[Title], agreed: Globs) -> list[Entry]:
        """Entries that installed titles stand for, each once, by title."""
        return _once(self._installed(titles, agreed), agreed)

    def running(self, names: Iterable[str], agreed: Globs) -> list[Entry]:
        """Entries that running programs stand for."""
        matches = (self._running_globs.match(name) for name in names if not agreed.match(name))
        return _once((self._running[match] for match in matches if match is not None), agreed)

    def extensions(self, identifiers: Iterable[str], agreed: Globs) -> list[Entry]:
        """Entries that browser extensions stand for."""
        found = (self._extensions[one] for one in identifiers if one in self._extensions)
        return _once(found, agreed)

    def listening(self, ports: Iterable[int], agreed: Globs) -> list[Entry]:
        """Entries that listening TCP ports stand for."""
        return _once((self._ports[port] for port in ports if port in self._ports), agreed)

    def _installed(self, titles: Iterable[Title], agreed: Globs) -> Iterator[Entry]:
        for title in titles:
            for name in (title.name, title.id) if title.id else (title.name,):
                for glob in self._title_globs.matches(name):
                    entry = self._titles[glob].get(self._category)
                    if entry is None or agreed.match(name):
                        continue
                    if not prepare(tuple(entry.unless)).match(name):
                        yield entry


@functools.cache
def _titles(platform: Platform) -> dict[str, dict[Category, Entry]]:
    """Every glob over titles: all categories in one, so that each title is looked up once."""
    found: dict[str, dict[Category, Entry]] = {}
    for category in get_args(Category):
        entries: list[Entry] = getattr(lists(), category)
        for entry in entries:
            for glob in entry.titles(platform):
                found.setdefault(glob, {})[category] = entry
    return found


def _once(entries: Iterable[Entry], agreed: Globs) -> list[Entry]:
    distinct = {entry.title: entry for entry in entries if not agreed.match(entry.title)}
    return [distinct[title] for title in sorted(distinct)]


@functools.cache
def watch(category: Category, platform: Platform) -> Watch:
    """The prepared category; the same object every time."""
    return Watch(category, platform)


def watched(platform: Platform, name: str) -> bool:
    """Whether any list knows a title by this name."""
    return prepare(tuple(_titles(platform))).match(name) is not None


def watched_running(name: str) -> bool:
    """Whether any list knows a running program by this file name."""
    return prepare(_running_globs()).match(name) is not None


@functools.cache
def _running_globs() -> tuple[str, ...]:
    every: list[Entry] = [
        entry for category in get_args(Category) for entry in getattr(lists(), category)
    ]
    return tuple(sorted({glob for entry in every for glob in entry.running}))
