"""What a program is called, whatever computer names it: one title for all its versions.

Reports name the same program as `7-Zip 23.01 (x64)`, `7-zip`, `p7zip-full` and
`org.7zip.7Zip`; a list that takes each for another program is no list of what a school
has. A name loses what says version, architecture, language and packaging; what is left is looked
for among the names known by other ways (`naming.toml`), and else is the title itself.

Pure. Names are as hostile as their machine: bounded before anything looks at them.
"""

import functools
import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Any, Final

import msgspec

from checks.software.globs import Globs, prepare
from checks.words import clean

LONGEST: Final = 120
"""Characters of a title; reports may say more, people do not."""
LONGEST_KEY: Final = 80
_FILE: Final = Path(__file__).with_name("naming.toml")
_MARKS: Final = str.maketrans({"™": " ", "®": " ", "©": " ", "\u00a0": " ", "–": "-", "—": "-"})
_SPELT_MARKS: Final = re.compile(r"\((?:r|tm|c)\)", re.IGNORECASE)
_VERSION: Final = re.compile(
    r"(?:v|ver\.?|version|build|rev\.?|release|update|r)?[ .]?"
    r"\d+(?:[._]\d+)+(?:[-_.+~]?[0-9a-z]{1,12})*",
    re.IGNORECASE,
)
_WORDED: Final = re.compile(
    r"(?:v|ver\.?|version|build|rev\.?|update|u|sp|service pack|patch|hotfix|r)[ .]?\d{1,6}[a-z]?",
    re.IGNORECASE,
)
_INSIDE: Final = re.compile(r"v?\d+(?:\.\d+)+", re.IGNORECASE)
"""A version with more words after it: `Python 3.11.9 Core Interpreter`."""
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}[-_](?:[A-Za-z]{2}|[A-Z][a-z]{3}|\d{3})", re.IGNORECASE)
_SHORT_LANGUAGE: Final = re.compile(r"(?:en|de|fr|es|it|nl|pl|pt|cy|zh|ja)\Z", re.IGNORECASE)
_IN_BRACKETS: Final = re.compile(r"[ ]*[(\[]([^()\[\]]*)[)\]][ ]*")
_PACKAGE: Final = frozenset({"dpkg", "rpm", "snap", "homebrew", "flatpak"})
_REVERSED: Final = re.compile(r"[a-z]{2,6}(?:\.[A-Za-z0-9_-]+){2,5}\Z")
_KEPT: Final = re.compile(r"[^\w+#]+")
_MOST_TURNS: Final = 12


class Named(msgspec.Struct, frozen=True):
    """A title. `key` is the same for everything that is the same program; `known` whether it is in
    our list and not only what was left of a name; `paid`: it is normally bought."""

    key: str
    title: str
    maker: str = ""
    known: bool = False
    paid: bool = False


class _Title(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    names: list[str]
    maker: str = ""
    paid: bool = False


class _List(msgspec.Struct, forbid_unknown_fields=True):
    as_of: str
    source: str
    tails: list[str]
    languages: list[str]
    package_tails: list[str]
    title: list[_Title]


@functools.lru_cache(maxsize=50_000)
def named(name: str, source: str = "", id_: str = "", version: str = "") -> Named:
    """The title of a program a report calls `name`; `source` and `id_` as in `software.Title`."""
    told = plain(name)
    left = stripped(told, source, plain(version))
    listed = _known(id_, told, left)
    if listed is not None:
        key = key_of(listed.title)
        return Named(key, listed.title, listed.maker, known=True, paid=listed.paid)
    title = _of_identifier(left) if source in {"flatpak", "appx"} else left
    return Named(key_of(title) or "?", title or "(no name)")


def key_of(title: str) -> str:
    """What titles are compared by: letters, digits, + and #, without regard to case and accents."""
    folded = unicodedata.normalize("NFKD", title).casefold()
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return _KEPT.sub("", bare.replace("_", ""))[:LONGEST_KEY]


def plain(text: str) -> str:
    """A name without marks of trade, with single spaces, cut to `LONGEST`."""
    told = _SPELT_MARKS.sub(" ", clean(text, LONGEST * 2).translate(_MARKS))
    return " ".join(unicodedata.normalize("NFKC", told).split())[:LONGEST].strip()


def stripped(told: str, source: str, version: str) -> str:
    """A plain name without what says version, architecture, language and packaging; what would
    leave nothing is left as it is."""
    left = told
    if source in _PACKAGE:
        left = _of_package(left)
    for _ in range(_MOST_TURNS):
        shorter = _without_tail(_without_brackets(left), version)
        if shorter == left or not key_of(shorter):
            break
        left = shorter
    first, *others = left.split(" ")
    return " ".join([first, *(one for one in others if not _INSIDE.fullmatch(one))])


def _of_package(name: str) -> str:
    """`google-chrome-stable:amd64` and `python@3.12` without what is not the program's name."""
    left = name.partition(":")[0].partition("@")[0] or name
    for tail in _list().package_tails:
        if left.endswith(tail) and len(left) > len(tail):
            left = left.removesuffix(tail)
    return left


def _without_brackets(name: str) -> str:
    """Without each bracket in which nothing but noise stands: `(x64 en-GB)`, `(64-bit)`."""

    def kept(found: re.Match[str]) -> str:
        return " " if _is_noise(found[1]) else found[0]

    return " ".join(_IN_BRACKETS.sub(kept, name).split())


def _is_noise(text: str) -> bool:
    words = [word for word in re.split(r"[ ,;/]+", text.strip().casefold()) if word]
    whole = " ".join(words)
    if not words or whole in _noise() or whole in _languages():
        return True
    return all(_is_noisy_word(word) for word in words)


def _is_noisy_word(word: str) -> bool:
    return bool(
        word in _noise()
        or word in _languages()
        or _LANGUAGE.fullmatch(word)
        or _SHORT_LANGUAGE.match(word)
        or _VERSION.fullmatch(word)
        or _WORDED.fullmatch(word)
    )


def _without_tail(name: str, version: str) -> str:
    """Without one piece of noise at the end, if there is one."""
    left = name.rstrip(" -,:;")
    for count in (3, 2, 1):
        words = left.rsplit(" ", count)
        if len(words) == count + 1 and _is_tail(" ".join(words[1:]), version):
            return words[0].rstrip(" -,:;")
    return left


def _is_tail(text: str, version: str) -> bool:
    folded = text.strip("-() ").casefold()
    if folded in _noise() or folded in _languages() or _LANGUAGE.fullmatch(folded):
        return True
    if _VERSION.fullmatch(folded) or _WORDED.fullmatch(folded):
        return True
    # `Sibelius 7`, version 7.1.3: the number is its version's; `Office 2019`, 16.0: it is not.
    return folded.isdigit() and len(folded) < 4 and version.split(".", maxsplit=1)[0] == folded


def _of_identifier(name: str) -> str:
    """`org.kde.krita` is known by its last part; a store's by what follows its maker."""
    if _REVERSED.match(name) or re.match(r"[A-Za-z0-9]+\.[A-Za-z0-9]+\Z", name):
        return name.rpartition(".")[2]
    return name


def _known(id_: str, told: str, left: str) -> _Title | None:
    globs, titles = _by_glob()
    for name in (left, told, plain(id_)):
        if name and (glob := globs.match(name)) is not None:
            return titles[glob]
    return _by_key().get(key_of(left))


@functools.cache
def _by_glob() -> tuple[Globs, dict[str, _Title]]:
    titles = {glob: one for one in _list().title for glob in one.names}
    return prepare(tuple(titles)), titles


@functools.cache
def _by_key() -> dict[str, _Title]:
    """Known titles by how they are compared, so that spaces and dashes do not matter."""
    plain_names = (
        (name, one) for one in _list().title for name in (one.title, *one.names) if "*" not in name
    )
    return {key_of(name): one for name, one in plain_names if "[" not in name}


@functools.cache
def _noise() -> frozenset[str]:
    return frozenset(_list().tails)


@functools.cache
def _languages() -> frozenset[str]:
    return frozenset(_list().languages)


@functools.cache
def _list() -> _List:
    raw: dict[str, Any] = tomllib.loads(_FILE.read_text("utf-8"))
    raw["as_of"] = raw["as_of"].isoformat()
    return msgspec.convert(raw, _List)
