"""Print what one parser of checks/formats makes of a file, for whoever writes or doubts a
parser."""

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

from agent.commands import shared
from agent.commands.exits import COULD_NOT, OK


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("form", metavar="FORMAT", nargs="?", help="left out: list the formats")
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path)


def main(options: argparse.Namespace) -> int:
    """Parse and print as JSON."""
    from checks.formats.errors import ParseError
    from checks.words import clean

    formats = known_formats()
    if options.form is None:
        print("\n".join(formats))
        return OK
    if options.form not in formats:
        raise shared.UsageError(
            f"There is no format {options.form!r}. There are: {', '.join(formats)}."
        )
    if options.file is None:
        raise shared.UsageError("Name the file to parse.")
    module = importlib.import_module(f"checks.formats.{options.form}")
    try:
        with options.file.open("rb") as file:
            parsed = module.parse(file.read(1 << 26))
    except ParseError as error:
        said = clean(str(error), 300)
        print(f"caretaker-agent: {options.file} is not {options.form}: {said}", file=sys.stderr)
        return COULD_NOT
    shared.print_json({"schema": "caretaker.parse/1", "format": options.form, "parsed": parsed})
    return OK


def known_formats() -> list[str]:
    """Modules of checks/formats that hold a parser."""
    package = importlib.import_module("checks.formats")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return [
        name
        for name in names
        if hasattr(importlib.import_module(f"checks.formats.{name}"), "parse")
    ]
