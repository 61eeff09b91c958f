"""A company's list of what it wiped or destroyed, as CSV: columns go by their names.

A list is typed by somebody and proves nothing by itself: each line waits for a person who compares
it with the paper it stands for (disposal §2.5), and then counts as a certificate (I9).
"""

import functools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from checks.formats.errors import ParseError
from inventory.disposal import serials
from inventory.disposal.proof.claims import Claim, Problem, Result, Verified, quoted
from inventory.imports import sheets
from inventory.imports.columns import plain

_FILE: Final = Path(__file__).with_name("certificates.toml")
NEEDED: Final = ("serial", "result")
_RESULTS: Final[dict[str, Result]] = {
    **dict.fromkeys(("erased", "success", "successful", "passed", "pass", "wiped"), "erased"),
    **dict.fromkeys(("complete", "completed", "yes", "ok"), "erased"),
    **dict.fromkeys(("destroyed", "shredded", "crushed", "disintegrated"), "erased"),
    **dict.fromkeys(("failed", "fail", "unsuccessful", "not erased", "no", "error"), "failed"),
    **dict.fromkeys(("aborted", "cancelled", "canceled", "interrupted"), "aborted"),
    **dict.fromkeys(("erased with exceptions", "successful with exceptions"), "exceptions"),
}
_VERIFIED: Final[dict[str, Verified]] = {
    **dict.fromkeys(("all", "full", "100", "100%"), "full"),
    **dict.fromkeys(("last", "yes", "passed"), "last"),
    **dict.fromkeys(("none", "no", "off", "0", "0%"), "none"),
}
_TECHNIQUES: Final = (
    ("crypto", "crypto_erase"),
    ("block erase", "block_erase"),
    ("enhanced secure erase", "secure_erase_enhanced"),
    ("secure erase", "secure_erase"),
    ("degauss", "degauss"),
    ("overwrit", "overwrite"),
    ("zero", "overwrite"),
    ("pass", "overwrite"),
)
_DESTROYED: Final = ("shred", "crush", "destr", "disinteg", "incinerat")
_UK_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}:\d\d(?::\d\d)?))?")


@functools.cache
def names() -> dict[str, str]:
    """Value by the name of a column."""
    table: dict[str, list[str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: value for value, known in table.items() for name in known}


def columns(headers: list[str], chosen: Mapping[str, str] | None = None) -> dict[str, int]:
    """Column number, 0 the first, by value; `chosen`: a person's own choice, column name → value.
    Of two columns that mean one value the first counts."""
    own = {plain(header): value for header, value in (chosen or {}).items()}
    found: dict[str, int] = {}
    for value in own.values():
        number = next((n for n, h in enumerate(headers) if own.get(plain(h)) == value), None)
        if number is not None:
            found[value] = number
    for number, header in enumerate(headers):
        named = names().get(plain(header))
        if named and plain(header) not in own:
            found.setdefault(named, number)
    return found


def claims(data: bytes, chosen: Mapping[str, str] | None = None) -> list[Claim]:
    """One claim for each row. Raises ParseError where it is no such list."""
    try:
        sheet = sheets.read(data)
    except sheets.SheetError as error:
        raise ParseError(str(error)) from error
    places = columns(sheet.headers, chosen)
    missing = [name for name in NEEDED if name not in places]
    if missing:
        raise ParseError(f"there is no column for the {' or the '.join(missing)}")
    read = [_claim(row, places) for row in sheet.rows]
    count = Counter(serials.key(one.serial) for one in read)
    twice = {key for key, times in count.items() if key and times > 1}
    return [_marked(one, twice) for one in read]


def _claim(row: sheets.Row, places: Mapping[str, int]) -> Claim:
    cell = {name: row.cells[n].strip() if row.cells else "" for name, n in places.items()}
    said = cell.get("result", "").casefold()
    method = cell.get("method", "")
    destroyed = any(word in f"{method} {said}".casefold() for word in _DESTROYED)
    size = cell.get("size", "")
    return Claim(
        source="certificate-csv",
        serial=cell.get("serial", ""),
        model=cell.get("model", ""),
        size_bytes=int(size) if size.isascii() and size.isdigit() and len(size) < 16 else None,
        method=method,
        technique="" if destroyed else _technique(method),
        level="destroy" if destroyed else "",
        tool=cell.get("tool", ""),
        tool_version=cell.get("tool_version", ""),
        verified=_VERIFIED.get(cell.get("verified", "").casefold(), "unknown"),
        started=_day(cell.get("started", "")),
        finished=_day(cell.get("finished", "")),
        result=_RESULTS.get(said, "unknown"),
        line_number=row.number,
        line=quoted(", ".join(one for one in row.cells if one.strip())),
        problems=list(_problems(row, said)),
    )


def _problems(row: sheets.Row, said: str) -> Iterator[Problem]:
    line = quoted(row.fault or ", ".join(one for one in row.cells if one.strip()))
    result = _RESULTS.get(said, "unknown")
    if row.fault:
        yield Problem("unread", row.number, line)
    elif result in ("failed", "aborted", "exceptions"):
        yield Problem(result, row.number, line)
    yield Problem("certificate", row.number, line)


def _marked(claim: Claim, twice: set[str]) -> Claim:
    if serials.key(claim.serial) in twice:
        claim.problems.insert(0, Problem("serial_twice", claim.line_number, claim.line))
    return claim


def _technique(method: str) -> str:
    small = method.casefold()
    return next((technique for word, technique in _TECHNIQUES if word in small), "")


def _day(text: str) -> str:
    """As ISO; a day written 5/11/2026 is the fifth of November."""
    found = _UK_DAY.fullmatch(text)
    if not found:
        return text
    clock = f" {found[4].zfill(5)}" if found[4] else ""
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}{clock}"
