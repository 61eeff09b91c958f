"""Tags as a run, `WB-[0101-0130]`, and serial numbers as a supplier lists them. Pure."""

import csv
import re
from collections.abc import Sequence
from typing import Final

from inventory.assets.errors import RegisterError
from inventory.assets.fields import clean
from inventory.marks import normalise

MOST: Final = 500
"""Things of one delivery."""
MOST_TYPED: Final = 60_000
_RUN: Final = re.compile(r"(?P<before>[^\[\]]*)\[(?P<first>\d+)-(?P<last>\d+)\](?P<after>[^\[\]]*)")
_DIGITS: Final = 9
_BETWEEN: Final = ("\t", ";", ",")
"""The first of these that a line has outside quotation marks parts its columns."""
_QUOTED: Final = re.compile(r'"[^"]*"')
_LETTERS: Final = re.compile(r"[^a-z]")
_NAMES: Final = frozenset({"serial", "serialno", "serialnumber", "serialnumbers", "sn", "serialnr"})
"""What suppliers call the column of serial numbers, by its letters."""


def tags(text: str, number: int) -> list[str]:
    """As many tags as things, with their leading zeros; none for nothing typed. A run that has
    exactly as many, or single tags between spaces. Raises RegisterError."""
    text = text.strip()
    if not text:
        return [""] * number
    found = _run(text) if "[" in text or "]" in text else text.replace(",", " ").split()
    if len(found) != number:
        sentence = f"These are {len(found)} tags for {number} things; each thing needs one."
        raise RegisterError("bad_tags", sentence, "tags")
    plain = [str(clean("tag", tag)) for tag in found]
    if twice := _twice([tag.casefold() for tag in plain]):
        raise RegisterError("tag_taken", f"The tag {plain[twice]} stands there twice.", "tags")
    return plain


def serials(text: str) -> list[str]:
    """Serial numbers, one on each line, as pasted or scanned. Of a line with several columns, also
    between quotation marks, the first; or the one whose heading says so. Raises RegisterError that
    names the line."""
    if len(text) > MOST_TYPED:
        raise RegisterError("too_many", f"Not more than {MOST} things at once.", "serials")
    lines = [_columns(line) for line in text.splitlines() if line.strip()]
    place = _heading(lines[0]) if lines else None
    if place is not None:
        lines = lines[1:]
    cells = [line[place or 0] if len(line) > (place or 0) else "" for line in lines]
    found = [str(clean("serial", cell)) for cell in cells if cell]
    if not 0 < len(found) <= MOST:
        sentence = f"Give 1 to {MOST} serial numbers, one on each line."
        raise RegisterError("too_many", sentence, "serials")
    marks = [normalise("serial", one) for one in found]
    for one, mark in zip(found, marks, strict=True):
        if not mark:
            raise RegisterError("bad_serial", f"“{one}” is no serial number.", "serials")
    if twice := _twice(marks):
        raise RegisterError("twice", f"The serial number {found[twice]} is there twice.", "serials")
    return found


def _columns(line: str) -> list[str]:
    """The cells of one line; a comma between quotation marks parts nothing."""
    bare = _QUOTED.sub("", line)
    between = next((sign for sign in _BETWEEN if sign in bare), ",")
    try:
        cells = next(csv.reader([line.strip()], delimiter=between, skipinitialspace=True), [""])
    except csv.Error:
        cells = line.split(between)
    return [cell.strip(" \"'") for cell in cells]


def _heading(cells: Sequence[str]) -> int | None:
    """Which column holds the serial numbers, where the first line is the headings of several."""
    if len(cells) < 2:
        return None
    named = [place for place, cell in enumerate(cells) if _LETTERS.sub("", cell.lower()) in _NAMES]
    return named[0] if named else None


def _run(text: str) -> list[str]:
    parts = _RUN.fullmatch(text)
    if parts is None:
        raise RegisterError("bad_tags", "Write a run of tags like WB-[0101-0130].", "tags")
    first, last = parts["first"], parts["last"]
    low, high = int(first), int(last)
    if len(last) > _DIGITS or not low <= high < low + MOST:
        sentence = f"A run goes up, and holds not more than {MOST} tags."
        raise RegisterError("bad_tags", sentence, "tags")
    width = len(first)
    if width != len(last) and (first.startswith("0") or last.startswith("0")):
        sentence = "Both ends of a run need as many digits, such as WB-[0098-0102]."
        raise RegisterError("bad_tags", sentence, "tags")
    return [f"{parts['before']}{n:0{width}d}{parts['after']}" for n in range(low, high + 1)]


def _twice(values: Sequence[str]) -> int:
    """Place of the first that was there before; 0 for none, as the first never was."""
    seen: set[str] = set()
    for place, value in enumerate(values):
        if value in seen:
            return place
        seen.add(value)
    return 0
