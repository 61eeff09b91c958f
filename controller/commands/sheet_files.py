"""Sheets as files: read with an end, written whole or not at all."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from controller.commands import shared

if TYPE_CHECKING:
    from inventory.imports.sheets import Sheet

_MARK: Final = "\ufeff"
"""Without it Excel takes the file for the Western code page and spoils every accent."""


class Written(msgspec.Struct, frozen=True):
    """How many entries, and how many of them have no asset tag."""

    entries: int
    without_tag: int


def read(path: Path) -> "Sheet":
    """A sheet from a file. Raises CannotError for what is none, OSError for what cannot be read."""
    from inventory.imports import sheets

    with path.open("rb") as file:
        data = file.read(sheets.LARGEST + 1)
    try:
        return sheets.read(data)
    except sheets.SheetError as error:
        raise shared.CannotError(f"{path}: {error}") from error


def check_target(path: Path) -> None:
    """Raise UsageError for a name that promises another kind of file, or is not a file's."""
    if path.suffix.casefold() in (".xlsx", ".xls", ".ods"):
        raise shared.UsageError(f"The register is written as CSV; name the file {path.stem}.csv.")
    if path.exists() and not path.is_file():
        raise shared.UsageError(f"{path} is no file. Name a file.")


def write(path: Path, lines: Iterable[str]) -> Written:
    """Lines of CSV, the first the columns' names, of which the first is the tag. What stood at
    `path` stays until all of it is on the disk."""
    target = path.resolve()
    if not target.parent.is_dir():
        raise shared.CannotError(f"There is no folder {target.parent}.")
    entries, without_tag = -1, 0
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:80]}.", dir=target.parent)
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(_MARK)
            for line in lines:
                entries += 1
                without_tag += line.startswith(",")
                file.write(line)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return Written(entries, without_tag)
