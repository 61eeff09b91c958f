"""Rows of text out of a sheet, whatever program wrote it: CSV in the encodings and separators of
Windows, Mac and the web, or XLSX.

A file is what its content says, not its name. Everything has an end: bytes, rows, columns, the
length of a cell; what is beyond is refused with the row it stands in, never cut in silence.
"""

import csv
import datetime
import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from inventory.imports import glpi

LARGEST: Final = 64 << 20
MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 32_767
"""What Excel itself allows."""
LAST_ROW: Final = 1_048_576
"""Of Excel's own sheets: a row that says it is a later one stands for millions of empty ones."""
LARGEST_INFLATED: Final = 1 << 30
SMALL_INFLATED: Final = 64 << 20
MOST_PACKED: Final = 50
"""How many times its size a file may unpack to, beyond `SMALL_INFLATED`; real sheets: 5 to 30."""
_LONG_PARTS: Final = ("xl/worksheets/", "xl/sharedStrings", "xl/media/", "xl/drawings/")
LARGEST_PART: Final = 4 << 20
"""Of every other part: styles and the like are held whole, at many times their size."""
_SNIFFED: Final = 64 << 10
_SEPARATORS: Final = ",;\t|"
_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_MARKS: Final = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_DAMAGE: Final = (
    *(LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RuntimeError),
    *(SyntaxError, EOFError, OSError, zipfile.BadZipFile, zlib.error),
)
"""What reading a damaged workbook may end in; broken XML is a SyntaxError to Python."""
_NO_SHEETS: Final = {b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture"}


class SheetError(Exception):
    """This is no sheet that can be read; the sentence says what to do."""


class Row(msgspec.Struct, frozen=True):
    """One row by its number in the sheet (the first is 1). `fault`: why it cannot be read."""

    number: int
    cells: list[str]
    fault: str = ""


class Sheet(msgspec.Struct, frozen=True):
    """The names of the columns and the rows below them."""

    headers: list[str]
    rows: list[Row]


def read(data: bytes) -> Sheet:
    """A sheet's rows; those without anything in them are passed over. Raises SheetError."""
    if len(data) > LARGEST:
        raise SheetError(f"The file is larger than {LARGEST >> 20} MB. Split it.")
    if data.startswith(_ZIP):
        rows = _excel(data)
    elif data.startswith(_OLD_EXCEL):
        raise SheetError(
            "This is an old Excel file (.xls), or one with a password. Save it as .xlsx or CSV, "
            "without a password, first."
        )
    else:
        rows = _inventories(data) if glpi.is_json(data) else _csv(data)
    return _sheet(rows)


def _inventories(data: bytes) -> Iterator[Row]:
    try:
        for number, cells in enumerate(glpi.rows(data), start=1):
            yield Row(number, cells)
    except glpi.NoInventoryError as error:
        raise SheetError(
            "This is JSON, but no inventory as GLPI's agents write it. Save the sheet as CSV."
        ) from error


def _sheet(rows: Iterator[Row]) -> Sheet:
    filled = (row for row in rows if row.fault or any(cell.strip() for cell in row.cells))
    head = next(filled, None)
    if head is None:
        raise SheetError("There is nothing in this sheet.")
    if head.fault:
        raise SheetError(f"Row {head.number}: {head.fault}")
    headers = [" ".join(cell.split()) for cell in head.cells]
    while headers and not headers[-1]:
        headers.pop()
    if len(headers) > MOST_COLUMNS:
        raise SheetError(f"There are more than {MOST_COLUMNS} columns.")
    kept = list(itertools.islice(filled, MOST_ROWS + 1))
    if len(kept) > MOST_ROWS:
        raise SheetError(f"There are more than {MOST_ROWS:,} rows. Split the sheet.")
    return Sheet(headers, [_fitted(row, len(headers)) for row in kept])


def _fitted(row: Row, width: int) -> Row:
    """As many cells as there are columns; a longer row has its values in the wrong places."""
    if row.fault:
        return row
    if any(cell.strip() for cell in row.cells[width:]):
        return Row(row.number, [], f"has more cells than there are columns ({width})")
    if any(len(cell) > LONGEST_CELL for cell in row.cells):
        return Row(row.number, [], f"has a cell of more than {LONGEST_CELL:,} characters")
    cells = row.cells[:width]
    return Row(row.number, [*cells, *[""] * (width - len(cells))])


def _csv(data: bytes) -> Iterator[Row]:
    text = _decoded(data)
    separator = _separator(text)
    # The module's own limit is for the whole process and would refuse a long cell without its row.
    before = csv.field_size_limit(LARGEST)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        for cells in reader:
            yield Row(reader.line_num, cells)
    except csv.Error as error:
        raise SheetError(f"This is no sheet that can be read: {error}.") from error
    finally:
        csv.field_size_limit(before)


def _decoded(data: bytes) -> str:
    for start, what in _NO_SHEETS.items():
        if data.startswith(start):
            raise SheetError(f"This is {what}, not a sheet.")
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _strictly(data, encoding)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows' Western code page; they stand for themselves.
        text = data.decode("cp1252", "replace")
    if "\0" in text:
        raise SheetError("This is no text. Save the sheet as CSV or XLSX.")
    return text


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetError("The text in this file is damaged. Save the sheet again.") from error


def _separator(text: str) -> str:
    """The one that stands most often in the first line outside of quotes."""
    first = next(iter(text[:_SNIFFED].splitlines()), "")
    outside = "".join(first.split('"')[::2])
    counts = {one: outside.count(one) for one in _SEPARATORS}
    best = max(counts, key=lambda one: counts[one])
    return best if counts[best] else ","


def _excel(data: bytes) -> Iterator[Row]:
    """The first sheet that is shown. Merged cells hold their value in the first of them only."""
    _check_zip(data)
    import openpyxl  # only whoever imports a sheet needs it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        pages = [page for page in book.worksheets if page.sheet_state == "visible"]
        if not pages:
            raise SheetError("There is no sheet in this file that is shown.")
        page = pages[0]
        page.reset_dimensions()  # what a program wrote about its size may be untrue
        for number, cells in enumerate(page.iter_rows(values_only=True), start=1):
            if number > LAST_ROW:
                raise SheetError(f"There are more than {MOST_ROWS:,} rows. Split the sheet.")
            yield Row(number, [_text(cell) for cell in cells[: MOST_COLUMNS + 1]])
    except (InvalidFileException, *_DAMAGE) as error:
        raise SheetError("This XLSX file is damaged. Open it and save it again.") from error


def _check_zip(data: bytes) -> None:
    """A small file that unpacks without end is no sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            inside = packed.infolist()
            names = {one.filename for one in inside}
            size = sum(one.file_size for one in inside)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise SheetError("This file is damaged. Save the sheet again.") from error
    if "[Content_Types].xml" not in names:
        raise SheetError("This is a ZIP file, not a sheet. Unpack it first.")
    most = min(LARGEST_INFLATED, max(SMALL_INFLATED, MOST_PACKED * len(data)))
    if size > most or len(inside) > 10_000 or not all(_fits(one) for one in inside):
        raise SheetError("This file unpacks to more than any sheet holds.")


def _fits(part: zipfile.ZipInfo) -> bool:
    """Packed in a way that can be stopped (Python unpacks the others whole), and no longer than a
    part of its kind is."""
    known = part.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    return known and (part.file_size <= LARGEST_PART or part.filename.startswith(_LONG_PARTS))


def _text(cell: Any) -> str:
    """A cell as a person would type it: whole numbers without a point, days as 2026-09-01."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell)
