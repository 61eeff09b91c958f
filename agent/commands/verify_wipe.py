"""Read a wiped drive back and say whether anything survived. It never writes.

DEVICE is the whole drive, such as /dev/sdb. All of it is read, past this computer's memory where
the system can. --sample N reads N blocks drawn at random instead, and says how much they leave
possible. What was found is told here and, in a signed report, to the school: which drive, how it
was read, and of what survived the place and the kind, never what it says. Linux only.

Exit 0 when all that was read is as expected, 2 when something survived, 1 when it could not be
read to its end or proves nothing, 64 for wrong usage.
"""

import argparse
import secrets
import sys
import time
from typing import TYPE_CHECKING, Final, get_args

import msgspec

from agent.commands import shared, telling
from agent.commands.exits import COULD_NOT, FAILED, OK
from agent.state import State
from agent.wiping import patterns, sampling, words
from checks.host import Host
from checks.media_wipes import CONFIDENCES, MediaWipe, Residue, Sample, bound
from checks.words import clean

if TYPE_CHECKING:
    from agent.wiping.identity import Identity
    from agent.wiping.target import Target
    from agent.wiping.verifying import Asked, Read

EXPECT: Final = "zero, ones, periodic (learned from the drive), random, or 0x and hex digits"
_LONGEST: Final = 64
_CODES: Final = {"clean": OK, "survived": FAILED}


class Said(msgspec.Struct):
    """What a program is told. `verified`: all of a whole drive was read and is as expected."""

    schema: str
    device: str
    verified: bool
    bounds_ppb: dict[str, int]
    wipe: MediaWipe
    lines: list[str]
    report: int
    sentence: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_data(parser)
    shared.add_format(parser)
    parser.add_argument("device", metavar="DEVICE", help="the whole drive, such as /dev/sdb")
    parser.add_argument("--expect", metavar="WHAT", required=True, help=EXPECT)
    parser.add_argument(
        "--sample", metavar="N", type=_count, help="read N blocks drawn at random, not all of it"
    )
    parser.add_argument(
        "--serial", metavar="TEXT", default="", help="the serial on the label, noted as typed"
    )
    parser.add_argument(
        "--residue",
        choices=get_args(Residue),
        default="none",
        help="let be what this wiping tool writes onto the drive itself",
    )
    parser.add_argument("--partition", action="store_true", help="DEVICE is one partition only")
    parser.add_argument("--image", action="store_true", help="DEVICE is a file; proves no drive")


def main(options: argparse.Namespace) -> int:
    """Read, keep what came of it, report it, say it."""
    asked = _asked(options)
    state = shared.state_of(options, prepare=False)
    host = shared.this_machine(state)
    if host.platform != "linux":
        print(
            "caretaker-agent: Drives are read back on Linux only. Put the drive into a computer "
            "with Linux, or start this one from a Linux stick.",
            file=sys.stderr,
        )
        return COULD_NOT
    from agent.wiping import target

    try:
        with target.opened(options.device, image=options.image, partition=options.partition) as one:
            wipe = _read(host, one, _fitting(asked, one), options.serial)
    except target.RefusedError as error:
        if error.usage:
            raise shared.UsageError(str(error)) from error
        print(f"caretaker-agent: {shared.cleaned(str(error))}", file=sys.stderr)
        return COULD_NOT
    number, sentence = _told(state, wipe)
    _say(options, wipe, number, sentence)
    return _CODES.get(wipe.outcome, COULD_NOT)


def _count(text: str) -> int:
    fewest, most = sampling.FEWEST, sampling.MOST
    if not text.isascii() or not text.isdigit() or not fewest <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"a whole number from {fewest} to {most}")
    return int(text) + int(text) % 2  # two in each part


def _asked(options: argparse.Namespace) -> "Asked":
    """Raises UsageError for what makes no sense together."""
    from agent.wiping.verifying import Asked

    pattern = patterns.asked(options.expect)
    if pattern is None and options.expect != "periodic":
        raise shared.UsageError(f"--expect knows {EXPECT}, not {clean(options.expect, 40)!r}.")
    if pattern is patterns.RANDOM and (options.sample or options.residue != "none"):
        raise shared.UsageError(
            "random can only be refuted, and by all of it: no --sample, no --residue."
        )
    sample = None
    if options.sample:
        sample = Sample(options.sample, sampling.BLOCK, secrets.token_hex(16))
    return Asked(pattern, options.residue, sample)


def _fitting(asked: "Asked", target: "Target") -> "Asked":
    """Raises UsageError for a sample of a drive that is smaller than worth it."""
    if asked.sample and target.size < 2 * asked.sample.blocks * asked.sample.block_bytes:
        raise shared.UsageError("So many blocks are half the drive or more: leave --sample away.")
    return asked


def _read(host: Host, target: "Target", asked: "Asked", typed: str) -> MediaWipe:
    """The reading with its progress; every way it can end is an outcome."""
    from agent.scanning.progress import Progress
    from agent.wiping import identity, verifying

    drive = identity.of(host, target.drive.name) if target.drive.name else identity.Identity()
    read = verifying.Read(asked.pattern or patterns.Pattern("periodic", b""))
    total = target.size
    if asked.sample:
        total = min(total, (asked.sample.blocks + 2) * asked.sample.block_bytes)
    began, clock = host.clock(), time.monotonic()
    progress = Progress(total, sys.stderr, time.monotonic, words.progress)
    try:
        with telling.stopped_by_all():
            verifying.verify(target, asked, progress.told, read)
    except KeyboardInterrupt:
        read.outcome = "stopped"
    finally:
        progress.end()
    ended = began + int(time.monotonic() - clock)
    return _made(target, asked, read, drive, (began, ended, clean(typed, _LONGEST)))


def _made(
    target: "Target", asked: "Asked", read: "Read", drive: "Identity", by: tuple[int, int, str]
) -> MediaWipe:
    """All of it in one; `by`: when it began and ended, and the serial that was typed."""
    began, ended, typed = by
    return MediaWipe(
        id=secrets.token_hex(16),
        typed_serial=typed,
        **msgspec.structs.asdict(drive),
        what=target.what,
        size_bytes=target.size,
        pattern=read.pattern.name,
        period_bytes=len(read.pattern.period) if read.pattern.name == "periodic" else 0,
        pattern_digest=read.pattern.digest,
        learned=read.pattern.learned,
        residue=asked.residue,
        residue_sectors=read.residue_sectors,
        sample=asked.sample,
        read_bytes=read.read_bytes,
        direct=target.direct,
        began_at=began,
        ended_at=ended,
        outcome=read.outcome,
        why=read.why,
        failed_at=read.failed_at,
        survivors=read.survivors,
        whole=read.whole,
    )


def _told(state: State, wipe: MediaWipe) -> tuple[int, str]:
    """The number of the report that tells it, 0 for none, and what became of it."""
    from agent import wipes

    if wipe.what == "image":
        return 0, "A file proves nothing about a drive, so nobody is told."
    keep = lambda: wipes.keep(state.key, wipe)  # noqa: E731  (a word for what is kept)
    number, sentence = telling.at_once(state, keep, "reads back")
    if not number and "belongs to no school" in sentence:
        sentence += " Nobody but you will see this."
    return number, sentence


def _say(options: argparse.Namespace, wipe: MediaWipe, number: int, sentence: str) -> None:
    lines = words.verdict(wipe)
    device = clean(options.device, 200)
    if options.format == "json":
        bounds = {str(c): bound(wipe.sample.blocks, c) for c in CONFIDENCES} if wipe.sample else {}
        full = wipe.outcome == "clean" and wipe.sample is None and wipe.what == "drive"
        schema = "caretaker.verify-wipe/1"
        told = Said(
            schema=schema,
            device=device,
            verified=full,
            bounds_ppb=bounds if wipe.outcome == "clean" else {},
            wipe=wipe,
            lines=lines,
            report=number,
            sentence=clean(sentence, 300),
        )
        shared.print_json(told)
        return
    print(f"{device}: {words.which(wipe)}")
    for line in lines:
        print(line)
    print(shared.cleaned(sentence))
