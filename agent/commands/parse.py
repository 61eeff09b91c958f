"""Print what one parser of checks/formats makes of a file, for whoever writes or doubts a
parser."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from agent.commands import shared
from agent.commands.exits import COULD_NOT, OK

LARGEST: Final = 1 << 28
"""Bytes read of a file; the largest are registry hives."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("form", metavar="FORMAT", nargs="?", help="left out: list the formats")
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path)


def main(options: argparse.Namespace) -> int:
    """Parse and print as JSON."""
    from checks.formats import table
    from checks.formats.errors import ParseError
    from checks.words import clean

    if options.form is None:
        print("\n".join(table.FORMATS))
        return OK
    read = table.find(options.form)
    if read is None:
        raise shared.UsageError(_unknown(options.form, table.FORMATS))
    if options.file is None:
        raise shared.UsageError("Name the file to parse.")
    try:
        data = _bytes(options.file)
        if options.form.lower() == "hive":
            data = _with_logs(options.file, data)
        parsed = read(data)
    except ParseError as error:
        said = clean(str(error), 300).removeprefix(f"{options.form.lower()}: ")
        print(f"caretaker-agent: {options.file} is not {options.form}: {said}", file=sys.stderr)
        return COULD_NOT
    shared.print_json({"schema": "caretaker.parse/1", "format": options.form, "parsed": parsed})
    return OK


def _unknown(form: str, formats: Iterable[str]) -> str:
    """With those it may be a slip for; all of them are too many for a line."""
    import difflib

    near = difflib.get_close_matches(form.lower(), list(formats), n=3)
    perhaps = f"Perhaps: {', '.join(near)}. " if near else ""
    return f"There is no format {form[:40]!r}. {perhaps}All: caretaker-agent parse"


def _bytes(path: Path) -> bytes:
    from checks.formats.errors import ParseError

    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ParseError(f"it is larger than {LARGEST >> 20} MiB")
    return data


def _with_logs(path: Path, data: bytes) -> bytes:
    """With what Windows had not yet written into it, where its logs lie beside it."""
    from agent.hosts import hive_logs
    from checks.formats import hive, hive_log, packed

    logs = [_bytes(log) for log in hive_logs.beside(path)]
    whole = hive_log.replay(packed.plain(data, hive.UNPACKED), logs) if logs else None
    if whole is None or not whole.entries:
        return data
    print(f"caretaker-agent: with {whole.entries} entries of its logs", file=sys.stderr)
    return whole.data
