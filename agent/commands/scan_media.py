"""Scan a stick, card or disc with this computer's own antivirus before it is used.

PATH is the folder it is open at (on Windows its drive letter). Only what lies on that very drive is
scanned, and no link on it is followed. What was found is told here; the school's controller is
told, in a signed report, how many files were scanned and in how many something was found, never a
file's name. Nothing is removed.

Exit 0 when all of it was scanned and nothing found, 2 when something was found, 1 when it could not
be scanned or not to the end.
"""

import argparse
import sys
import time
from typing import Final

import msgspec

from agent.commands import shared, telling
from agent.commands.exits import COULD_NOT, FAILED, OK
from agent.scanning.medium import Medium
from agent.scanning.progress import Progress
from agent.scanning.result import Result, ScanError, Scanner, Tree
from agent.state import State
from checks.host import CannotLook
from checks.media_scans import MediaScan
from checks.words import clean

MINUTES: Final = 120
_MOST_MINUTES: Final = 24 * 60


class Said(msgspec.Struct):
    """What a program is told. `bad` stays on this computer."""

    schema: str
    path: str
    scan: MediaScan
    bad: list[dict[str, str]]
    why: str
    report: int
    sentence: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    shared.add_format(parser)
    parser.add_argument("path", metavar="PATH", help="where it is open, such as /media/maya/STICK")
    parser.add_argument(
        "--minutes",
        type=_minutes,
        default=MINUTES,
        help=f"give up after so many minutes (default: {MINUTES})",
    )


def main(options: argparse.Namespace) -> int:
    """Scan, keep what came of it, report it, say it."""
    from agent.scanning import choosing, counting, medium

    state = shared.state_of(options, prepare=False)
    host = shared.this_machine(state)
    try:
        path = choosing.folder(options.path)
        tree = counting.counted(path, options.minutes * 60)
        scanner = choosing.scanner(host, tree)
    except ScanError as error:
        print(f"caretaker-agent: {shared.cleaned(str(error))}", file=sys.stderr)
        return COULD_NOT
    lies_on = medium.of(host, path)
    began = host.clock()
    result = _scanned(scanner, tree)
    scan = _counts(scanner, lies_on, result, began, host.clock())
    number, sentence = _reported(state, scan)
    if options.format == "json":
        bad = [{"file": one.file, "threat": one.threat} for one in map(_readable, result.bad)]
        why = clean(result.why)
        told = Said("caretaker.scan-media/1", path, scan, bad, why, number, sentence)
        shared.print_json(told)
    else:
        _print(path, scanner, lies_on, result)
        print(shared.cleaned(sentence))
    if result.outcome == "found":
        return FAILED
    return OK if result.outcome == "clean" and not result.skipped else COULD_NOT


def _minutes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST_MINUTES:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to {_MOST_MINUTES}")
    return int(text)


def _scanned(scanner: Scanner, tree: Tree) -> Result:
    """The scan with its progress; every way it can end is a result."""
    progress = Progress(len(tree.sizes), sys.stderr, time.monotonic)
    try:
        with telling.stopped_by_all():
            return scanner.scan(tree, progress.told)
    except KeyboardInterrupt:
        return Result("stopped")
    except CannotLook as blind:
        if blind.reason == "timeout":
            return Result("timeout")
        return Result("error", why=f"it could not be asked ({blind.reason})")
    finally:
        progress.end()


def _counts(scanner: Scanner, lies_on: Medium, result: Result, began: int, ended: int) -> MediaScan:
    return MediaScan(
        medium=lies_on.id,
        whole=lies_on.whole,
        product=scanner.product,
        began_at=began,
        ended_at=max(began, ended),
        outcome=result.outcome,
        files=result.files,
        threats=result.threats,
        skipped=result.skipped,
    )


def _reported(state: State, scan: MediaScan) -> tuple[int, str]:
    """The number of the report that tells it, 0 for none, and what became of it."""
    from agent import scans

    return telling.at_once(state, lambda: scans.keep(state.key, scan), "scans")


def _readable(bad: object) -> "_Readable":
    return _Readable(clean(getattr(bad, "file", "")), clean(getattr(bad, "threat", "")))


class _Readable(msgspec.Struct, frozen=True):
    file: str
    threat: str


def _print(path: str, scanner: Scanner, lies_on: Medium, result: Result) -> None:
    what = clean(lies_on.name) or clean(path)
    print(f"{what}: {_sentence(scanner, result)}")
    for one in result.bad:
        print(f"  {clean(one.file, 300)}  ({clean(one.threat)})")
    if result.threats and result.threats > len(result.bad) > 0:
        print(f"  … and {result.threats - len(result.bad):,} more")
    if result.outcome == "found":
        print("Do not open anything on it. Hand it to whoever looks after the computers.")
    if result.skipped and result.outcome in ("clean", "found"):
        print(f"{result.skipped:,} files or folders could not be scanned: too large, or closed.")


def _sentence(scanner: Scanner, result: Result) -> str:
    of = "" if result.files is None else f" in {result.files:,} files"
    match result.outcome:
        case "clean":
            return f"{scanner.name} found nothing{of}."
        case "found":
            count = "something harmful" if result.threats is None else f"{result.threats:,} bad"
            return f"{scanner.name} found {count}{of}."
        case "stopped":
            return "the scan was stopped before its end. It says nothing about what is on it."
        case "timeout":
            return f"{scanner.name} took too long and was ended. --minutes allows it more."
        case "error":
            return f"{scanner.name} could not scan it: {clean(result.why)}."
