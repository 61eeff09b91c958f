"""The register of disposals as a sheet: one line for each drive, or for a thing without any.

No cell runs in a spreadsheet: what begins like a formula gets an apostrophe before it, in both
kinds of file.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from controller.disposal.saying import Names
from controller.disposal.words import words
from controller.fleet.csv_out import BYTE_ORDER_MARK, defused
from controller.wording import moments
from controller.wording.entries import name_of
from controller.wording.shown import shown
from inventory.assets.kinds import kind_of

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS: Final = (
    "Tag",
    "Name",
    "Kind",
    "Make",
    "Model",
    "Serial number",
    "Where it is",
    "Way out",
    "Out of use",
    "Asked for by",
    "Ended",
    "Waste company",
    "Drive",
    "Kind of drive",
    "How far",
    "Disposal",
)
Line = list[str]


def lines(
    rows: Iterable[Mapping[str, Any]],
    drives: Mapping[str, list[Mapping[str, Any]]],
    names: Names,
    timezone: str,
) -> list[Line]:
    """Headings, then the lines; every cell is text that no spreadsheet runs."""
    found = [list(HEADINGS)]
    for row in rows:
        whole = _whole(row, names, timezone)
        found += [
            [defused(one) for one in (*whole, *_drive(drive), row["id"])]
            for drive in drives.get(row["id"]) or [{}]
        ]
    return found


def _whole(row: Mapping[str, Any], names: Names, timezone: str) -> Line:
    def day(at: int | None) -> str:
        return "" if at is None else f"{moments.local(at, timezone):%Y-%m-%d}"

    return [
        shown(row["tag"]),
        name_of(row),
        kind_of(row["kind"]).title,
        shown(row["make"]),
        shown(row["model"]),
        shown(row["serial"]),
        words().states[row["state"]].label,
        words().routes.get(row["route"], ""),
        day(row["opened_at"]),
        names.who(row["requested_by"]) if row["requested_by"] else "",
        day(row["closed_at"]),
        names.company(row["contractor"]) if row["contractor"] else "",
    ]


def _drive(drive: Mapping[str, Any]) -> Line:
    if not drive:
        return ["", "", ""]
    return [
        shown(drive["serial"]) or drive["key"],
        words().media[drive["kind"]],
        words().standings[drive["state"]].label,
    ]


def csv_of(rows: Iterable[Line]) -> bytes:
    """UTF-8 with a mark, so that Excel shows accents."""
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return (BYTE_ORDER_MARK + out.getvalue()).encode("utf-8")


def xlsx_of(rows: Iterable[Line]) -> bytes:
    """A workbook of one page, all of it text."""
    import openpyxl  # only whoever writes a workbook needs it

    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Disposals")
    page.freeze_panes = "A2"
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
