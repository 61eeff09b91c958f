"""The list of computers as CSV that a spreadsheet cannot be made to run (T13).

A cell that starts like a formula gets a leading apostrophe (ASVS 5.0, 1.2.10), full-width signs
included; our own numbers are written as numbers and left alone.
"""

import csv
from collections.abc import Iterable, Iterator
from typing import Final

from controller.fleet.listing import Row
from controller.wording import moments
from controller.wording.words import words

_FORMULA: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\0",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)
BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it Excel reads UTF-8 as the machine's own code page."""

HEADINGS: Final = (
    "Name",
    "State",
    "Most urgent",
    "Needs attention",
    "Worth a look",
    "Couldn't check",
    "Kept",
    "For",
    "System",
    "Model",
    "Serial number",
    "Tag",
    "Last heard from",
)


class _Line:
    """A file of one line: `csv` writes, we take it away."""

    def write(self, text: str) -> str:
        """Hand the line back."""
        return text


def defused(value: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def lines(rows: Iterable[Row], timezone: str) -> Iterator[str]:
    """The file, line by line."""
    writer = csv.writer(_Line(), quoting=csv.QUOTE_NONNUMERIC)
    yield BYTE_ORDER_MARK + writer.writerow(HEADINGS)
    for row in rows:
        yield writer.writerow(_cells(row, timezone))


def _cells(row: Row, timezone: str) -> list[str | int]:
    known = words()
    seen = (
        "" if row.last_seen_at is None else f"{moments.local(row.last_seen_at, timezone):%F %H:%M}"
    )
    system = row.os_name or known.platforms.get(row.platform, row.platform)
    return [
        defused(row.name),
        row.label.label,
        row.urgency,
        row.n_fail,
        row.n_warn,
        row.n_unknown,
        row.n_pass,
        known.profiles.get(row.profile, row.profile),
        defused(system),
        defused(row.model),
        defused(row.serial),
        defused(row.tag),
        seen,
    ]


def _moment(epoch: int | None, timezone: str) -> str:
    return "" if epoch is None else f"{moments.local(epoch, timezone):%Y-%m-%d %H:%M}"
