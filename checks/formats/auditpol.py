"""`auditpol /get /category:* /r` and `auditpol /backup`: what is written into the security log.

Comma-separated, after a spreadsheet by semicolons; a subcategory is known by its GUID. Without `/r`
there is a table of names only: read, but nothing in it is known by GUID. Traps: titles, names and
settings are in the system's language, only a backup has the setting as a number too; rows for
single users and global rows stand in a backup as well; a console may print an empty line between
rows.
"""

import csv
import re
from typing import Final, Literal

import msgspec

from checks.formats import windows_text, windows_words
from checks.formats.errors import ParseError

LONGEST: Final = 1 << 22
MOST: Final = 20_000
"""Lines; Windows has 59 subcategories."""

Setting = Literal["none", "success", "failure", "both"]

_GUID: Final = re.compile(r"\{[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}")
_ROW: Final = re.compile(r" {1,8}(\S(?:[^ ]| (?! )){0,120}) {2,}(\S.{0,60}?)\s*")
_SID: Final = re.compile(r"S-1(?:-\d{1,20}){1,15}")
_NUMBERS: Final[tuple[Setting, ...]] = ("none", "success", "failure", "both")


class Subcategory(msgspec.Struct, frozen=True):
    """What is written of one kind of event."""

    guid: str
    """In capitals, with braces; empty in a table, which has none."""
    name: str
    """In the system's language."""
    setting: Setting | None
    """None: said in a word nobody here knows."""
    user: str | None
    """SID of the only user it holds for; None: for everybody."""


def parse(data: bytes) -> list[Subcategory]:
    """The rows. Raises ParseError for another text, such as a message."""
    lines = windows_text.lines(windows_text.decode(data, LONGEST))
    if len(lines) > MOST:
        raise ParseError("auditpol: too many lines")
    found = []
    try:
        for row in csv.reader((one for one in lines if one.strip()), delimiter=_between(lines)):
            place = next((i for i, field in enumerate(row) if _GUID.fullmatch(field.strip())), None)
            if place is not None:
                found.append(_row(row, place))
    except csv.Error as error:
        raise ParseError("auditpol: not comma-separated") from error
    found = found or _table(lines)
    if not found:
        raise ParseError("auditpol: no row with the GUID of a subcategory")
    return found


def _between(lines: list[str]) -> str:
    """What parts the fields, by the first row with a GUID."""
    row = next((line for line in lines if _GUID.search(line)), "")
    return ";" if row.count(";") > row.count(",") else ","


def _table(lines: list[str]) -> list[Subcategory]:
    """Rows further in than their categories: a name, two spaces and a setting; none: no table."""
    rows = [found for line in lines if (found := _ROW.fullmatch(line))]
    settings = [_word([row[2]]) for row in rows]
    if not any(settings):
        return []
    return [Subcategory("", row[1], said, None) for row, said in zip(rows, settings, strict=True)]


def _row(row: list[str], place: int) -> Subcategory:
    rest = [field.strip() for field in row[place + 1 :]]
    number = rest[-1] if len(rest) >= 3 else ""
    return Subcategory(
        guid=row[place].strip().upper(),
        name=row[place - 1].strip() if place else "",
        setting=_NUMBERS[int(number)] if number in {"0", "1", "2", "3"} else _word(rest[0:1]),
        user=next((one.strip() for one in row[:place] if _SID.fullmatch(one.strip())), None),
    )


def _word(fields: list[str]) -> Setting | None:
    """By words of many languages; both is two of them with a word between."""
    known = windows_words.words().audit
    said = (fields[0] if fields else "").casefold()
    if said in known.none:
        return "none"
    if said in known.success:
        return "success"
    if said in known.failure:
        return "failure"
    for between in known.joins:
        first, _, second = said.partition(between)
        if first.strip() in known.success and second.strip() in known.failure | _short(
            known.failure
        ):
            return "both"
    return None


def _short(words: frozenset[str]) -> frozenset[str]:
    """Without a first word that is said once for both, as in Italian."""
    return frozenset(word.partition(" ")[2] for word in words if " " in word)
