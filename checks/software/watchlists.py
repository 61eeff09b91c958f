"""The dated watch-lists: kinds of programs a school looks out for, and how to recognise them.

`watchlists.toml` is data: globs over titles per platform, file names of running programs, ports and
browser extensions. An entry that `ships` comes along with a desktop, so finding it accuses nobody.
"""

import functools
import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Literal

import msgspec

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
    text = (files("checks") / "software" / "watchlists.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    data["as_of"] = data["as_of"].isoformat()
    return msgspec.convert(data, _Lists)


class Watch:
    """One category on one platform, prepared."""

    def __init__(self, category: Category, platform: Platform) -> None:
        """Index every pattern by the entry it stands for."""
        self._titles: dict[str, Entry] = {}
        self._running: dict[str, Entry] = {}
        self._extensions: dict[str, Entry] = {}
        self._ports: dict[int, Entry] = {}
        entries: list[Entry] = getattr(lists(), category)
        for entry in entries:
            self._titles.update(dict.fromkeys(entry.titles(platform), entry))
            self._running.update(dict.fromkeys(entry.running, entry))
            self._extensions.update(dict.fromkeys(entry.extensions, entry))
            self._ports.update(dict.fromkeys(entry.tcp, entry))
        self._title_globs = prepare(tuple(self._titles))
        self._running_globs = prepare(tuple(self._running))

    def installed(self, titles: Iterable[Title], approved: Globs) -> list[Entry]:
        """Entries that installed titles stand for, each once, by title."""
        return _once(self._installed(titles, approved))

    def running(self, names: Iterable[str], approved: Globs) -> list[Entry]:
        """Entries that running programs stand for."""
        matches = (self._running_globs.match(name) for name in names if not approved.match(name))
        return _once(_allowed((self._running[m] for m in matches if m is not None), approved))

    def extensions(self, identifiers: Iterable[str], approved: Globs) -> list[Entry]:
        """Entries that browser extensions stand for."""
        found = (self._extensions[i] for i in identifiers if i in self._extensions)
        return _once(_allowed(found, approved))

    def listening(self, ports: Iterable[int], approved: Globs) -> list[Entry]:
        """Entries that listening TCP ports stand for."""
        found = (self._ports[port] for port in ports if port in self._ports)
        return _once(_allowed(found, approved))

    def _installed(self, titles: Iterable[Title], approved: Globs) -> Iterator[Entry]:
        for title in titles:
            for name in (title.name, title.id) if title.id else (title.name,):
                pattern = self._title_globs.match(name)
                if pattern is None or approved.match(name):
                    continue
                entry = self._titles[pattern]
                if not prepare(tuple(entry.unless)).match(name):
                    yield from _allowed((entry,), approved)


def _allowed(entries: Iterable[Entry], approved: Globs) -> Iterator[Entry]:
    return (entry for entry in entries if not approved.match(entry.title))


def _once(entries: Iterable[Entry]) -> list[Entry]:
    return list({entry.title: entry for entry in sorted(entries, key=lambda e: e.title)}.values())


@functools.cache
def watch(category: Category, platform: Platform) -> Watch:
    """The prepared category; the same object every time."""
    return Watch(category, platform)
