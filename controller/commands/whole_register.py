"""`caretaker assets export FILE --history`: all of the register, as one workbook or a folder."""

import argparse
import csv
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from checks.words import clean
from controller.commands import shared, sheet_files
from controller.commands.exits import OK

_XLSX: Final = ".xlsx"
_MOST_ROWS: Final = 1_000_000
"""Of one page of a workbook; what is more goes on another page."""
_MARK: Final = "\ufeff"

Tables = Mapping[str, Callable[[], Iterator[list[str]]]]


def arguments(export: argparse.ArgumentParser) -> None:
    """Declare options."""
    export.add_argument(
        "--history",
        action="store_true",
        help="all of it, with every change: a workbook (FILE.xlsx), or a new folder of CSV files",
    )
    export.add_argument(
        "--people",
        action="store_true",
        help="with --history: people by name, and what was written about loans",
    )


def check(options: argparse.Namespace) -> None:
    """Raise UsageError for a target that cannot be."""
    target = Path(options.file)
    if options.people and not options.history:
        raise shared.UsageError("--people belongs to --history: add it.")
    if not options.history:
        sheet_files.check_target(target)
    elif target.suffix.casefold() == _XLSX and target.exists() and not target.is_file():
        raise shared.UsageError(f"{target} is no file. Name a file.")
    elif target.suffix.casefold() != _XLSX and target.exists():
        raise shared.UsageError(f"{target} is there already. Name a new folder, or a file .xlsx.")


def export(site: str, options: argparse.Namespace) -> int:
    """Write it; what stood there stays until all of it is on the disk."""
    from inventory.imports import whole

    target = Path(options.file).resolve()
    if not target.parent.is_dir():
        raise shared.CannotError(f"There is no folder {target.parent}.")
    tables = whole.tables(site, people=options.people)
    write = _workbook if target.suffix.casefold() == _XLSX else _folder
    counts = write(target, tables)
    if options.format == "json":
        shared.print_json({"schema": "caretaker.assets-history/1", "rows": counts})
        return OK
    print(shared.table(("table", "rows"), [(name, f"{n:,}") for name, n in counts.items()]))
    print(f"All of it is in {clean(options.file, 200)}.")
    return OK


def _workbook(target: Path, tables: Tables) -> dict[str, int]:
    import openpyxl  # only whoever writes a workbook needs it

    counts: dict[str, int] = {}
    book = openpyxl.Workbook(write_only=True)
    for name, make in tables.items():
        rows = make()
        heads, page, n = next(rows), None, 0
        for n, row in enumerate(rows, start=1):
            if n % _MOST_ROWS == 1:
                page = _page(book, name, n, heads)
            page.append(row)  # type: ignore[union-attr]  # made with the first row
        if page is None:
            _page(book, name, 1, heads)
        counts[name] = n
    descriptor, partial = tempfile.mkstemp(prefix=".register.", suffix=_XLSX, dir=target.parent)
    os.close(descriptor)
    try:
        book.save(partial)
        Path(partial).replace(target)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
    return counts


def _page(book, name: str, at: int, heads: list[str]):  # type: ignore[no-untyped-def]  # openpyxl's
    more = at // _MOST_ROWS
    page = book.create_sheet(f"{name} {more + 1}" if more else name)
    page.freeze_panes = "A2"
    page.append(heads)
    return page


def _folder(target: Path, tables: Tables) -> dict[str, int]:
    counts: dict[str, int] = {}
    partial = Path(tempfile.mkdtemp(prefix=".register.", dir=target.parent))
    try:
        for name, make in tables.items():
            path = partial / f"{name.casefold().replace(' ', '-')}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                file.write(_MARK)
                writer, n = csv.writer(file, lineterminator="\r\n"), -1
                for n, row in enumerate(make()):  # noqa: B007  it is counted to its end
                    writer.writerow(row)
                file.flush()
                os.fsync(file.fileno())
            counts[name] = n
        partial.replace(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return counts
