"""Take in reports that were carried here on a stick (`caretaker-agent spool export DIR`).

They go the same way as reports over the network, whether the server is running or not, and count
only by their signatures. The signed receipts are written beside them: carry the stick back and run
`caretaker-agent spool import-receipts DIR`, or the computer keeps its reports and sends them again.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from controller.commands import shared
from controller.commands.exits import COULD_NOT, OK
from controller.config import Config

if TYPE_CHECKING:
    from controller.intake.carried import Carrier


class Line(msgspec.Struct, frozen=True):
    """What became of one place on the stick."""

    device: str
    report: str
    outcome: str
    code: str = ""
    sentence: str = ""
    bodies: int = 0
    lacking: int = 0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_format(parser)
    parser.add_argument("dir", metavar="DIR", help="the folder given to spool export")


def main(options: argparse.Namespace) -> int:
    """Take them in and say what became of each."""
    config = shared.ready(options)
    source = Path(options.dir)
    if not source.is_dir():
        raise shared.UsageError(f"There is no folder {source}")
    lines = _taken_in(config, source)
    if options.format == "json":
        shared.print_json({"schema": "caretaker.import-spool/1", "reports": lines})
    elif lines:
        print(
            shared.table(("computer", "report", "outcome", "why"), [_row(line) for line in lines])
        )
    else:
        print("There are no reports on it.")
    good = all(line.outcome in ("accepted", "duplicate") for line in lines)
    return OK if lines and good else COULD_NOT


def _taken_in(config: Config, source: Path) -> list[Line]:
    from controller.intake.answers import Signer
    from controller.intake.carried import Carrier
    from controller.intake.disk import Disk
    from controller.intake.room import IntakeRoom
    from controller.intake.stick import RefusedFileError
    from controller.intake.writer import Writer
    from controller.keyfiles import signing_key

    if Disk(config.folder / "db").is_full():
        raise shared.CannotError("The disk is nearly full; make room, then run this again.")
    writer = Writer(IntakeRoom(config.folder))
    writer.start()
    try:
        return list(_lines(source, Carrier(writer, Signer(signing_key(config.folder)))))
    except RefusedFileError as error:
        raise shared.CannotError(
            f"{source} holds no reports from caretaker-agent ({error})."
        ) from error
    finally:
        writer.stop()


def _lines(source: Path, carrier: "Carrier") -> Iterator[Line]:
    from controller.intake import stick

    for found in stick.reports(source):
        if found.folder is None:
            yield Line(found.device, found.name, "left alone", sentence=found.why)
            continue
        try:
            done = carrier.take(found.folder)
        except stick.RefusedFileError as refused:
            yield Line(found.device, found.name, "left alone", sentence=str(refused))
        else:
            yield Line(found.device, found.name, **msgspec.structs.asdict(done))


def _row(line: Line) -> tuple[str, str, str, str]:
    why = line.sentence
    if line.lacking:
        why = f"{line.lacking} parts are not on the stick"
    return line.device, line.report, line.outcome, why
