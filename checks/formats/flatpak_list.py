"""`flatpak list` (with our columns, the default ones or those of old versions) and `flatpak info`.

Traps: an application without a version leaves the field empty; some versions pad with spaces; a
pipe has no head, a terminal has one, translated; before 1.1 a line began with `name/arch/branch`;
a block of `flatpak info` is indented to the right and translated, but for the reference it names;
runtimes stand beside applications.
"""

import re
from typing import Final

import msgspec

from checks.formats.errors import ParseError

COLUMNS = "application,name,version,origin"
_ID: Final = re.compile(r"^[A-Za-z_][\w-]*(?:\.[\w-]+){2,}$")
_REF: Final = re.compile(r"^(?:(?:app|runtime)/)?([\w.-]+)/([\w-]+)/([\w.-]+)$")
_FULL: Final = re.compile(r":[ \u00a0]+((?:app|runtime)/[\w.-]+/[\w-]+/[\w.-]+)$")
_LINE: Final = re.compile(r"^ *([A-Z][A-Za-z ]{1,20}): (.*)$")
_TITLE: Final = re.compile(r"^(\S.*?) - \S")
_PLACES: Final = frozenset(("system", "user"))


class App(msgspec.Struct, frozen=True):
    """One installed application or runtime; empty where the list does not say."""

    id: str
    name: str
    version: str
    origin: str
    branch: str = ""
    architecture: str = ""
    installation: str = ""
    """`system` or `user`."""


def parse(data: bytes) -> list[App]:
    """Every application. Raises ParseError for a line of another shape."""
    lines = [line.rstrip() for line in data.decode("utf-8", "replace").splitlines()]
    rows = [line for line in lines if line.strip()]
    reference = next((one for line in rows if (one := _FULL.search(line))), None)
    if reference is not None:
        return [_of_info(rows, reference[1])]
    found = []
    for place, line in enumerate(rows):
        fields = [field.strip() for field in re.split(r"\t|\s{2,}", line.strip("\n"))]
        if not (place == 0 and len(rows) > 1 and _is_head(fields)):
            found.append(_of_fields(line, fields))
    return found


def _is_head(fields: list[str]) -> bool:
    """A terminal's head: several words, none of which could be an application."""
    return len(fields) >= 2 and not any(_ID.match(one) or _REF.match(one) for one in fields)


def _of_fields(line: str, fields: list[str]) -> App:
    ours = [field.strip() for field in line.split("\t")]
    if len(ours) == 4 and _ID.match(ours[0]):
        return App(*ours)
    reference = _REF.match(fields[0])
    if reference:
        rest = {word for field in fields[1:] for word in field.split(",")}
        place = next(iter(rest & _PLACES), "")
        return App(reference[1], reference[1], "", "", reference[3], reference[2], place)
    cells = ours if len(ours) > 2 else fields
    at = next((place for place, one in enumerate(cells) if _ID.match(one)), None)
    if at not in (0, 1) or len(cells) < 3:
        raise ParseError("not four fields")
    return _of_default(cells, at)


def _of_default(cells: list[str], at: int) -> App:
    """Name, application, version, branch, (architecture, origin,) installation."""
    rest = cells[at + 1 :]
    place = next((one for one in reversed(rest) if one.split(" ")[0] in _PLACES), "")
    before = rest[: len(rest) - rest[::-1].index(place) - 1] if place else rest
    arch = next((one for one in before if one in ("x86_64", "aarch64", "i386", "arm")), "")
    plain = [one for one in before if one != arch] if arch else before
    return App(
        id=cells[at],
        name=cells[0] if at == 1 else cells[at],
        version=plain[0] if len(plain) > 1 else "",
        origin=plain[2] if len(plain) > 2 else "",
        branch=plain[1] if len(plain) > 1 else (plain[0] if plain else ""),
        architecture=arch,
        installation=place,
    )


def _of_info(rows: list[str], full: str) -> App:
    values: dict[str, str] = {}
    for row in rows:
        line = _LINE.match(row)
        if line:
            values.setdefault(line[1], line[2].strip())
    reference = _REF.match(full)
    if reference is None:
        raise ParseError("flatpak info: no reference")
    title = _TITLE.match(rows[0])
    return App(
        id=values.get("ID", reference[1]),
        name=title[1] if title else values.get("ID", reference[1]),
        version=values.get("Version", ""),
        origin=values.get("Origin", ""),
        branch=values.get("Branch", reference[3]),
        architecture=values.get("Arch", reference[2]),
        installation=values.get("Installation", ""),
    )
