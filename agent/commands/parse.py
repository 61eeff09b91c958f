"""Print what one parser of checks/formats makes of a file, for whoever writes or doubts a
parser."""

import argparse
import sys
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
        raise shared.UsageError(
            f"There is no format {options.form!r}. There are: {', '.join(table.FORMATS)}."
        )
    if options.file is None:
        raise shared.UsageError("Name the file to parse.")
    try:
        with options.file.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise ParseError(f"it is larger than {LARGEST >> 20} MiB")
        parsed = read(data)
    except ParseError as error:
        said = clean(str(error), 300)
        print(f"caretaker-agent: {options.file} is not {options.form}: {said}", file=sys.stderr)
        return COULD_NOT
    shared.print_json({"schema": "caretaker.parse/1", "format": options.form, "parsed": parsed})
    return OK
