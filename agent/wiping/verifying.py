"""Holds what is on a drive against what should be there. One reading, and what came of it.

Whatever goes wrong on the way makes it `failed`: a part that was not read proves nothing.
"""

from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from agent.wiping import residues, sampling, signatures
from agent.wiping.patterns import LEARN, Pattern, learned
from agent.wiping.reading import PIECE, Piece, ReadingError, nothing_behind, pieces
from agent.wiping.target import Target
from checks.media_wipes import PLACES, SECTOR, Kind, Outcome, Residue, Sample, Survivor, Why

ENOUGH: Final = 64 << 20
"""Bytes that survived after which nobody needs to know of more."""
_LEARN_AT: Final = 128 << 10
"""Where a pattern is learned: behind what wiping tools write at the beginning."""
Told = Callable[[int], None]
"""Given how many bytes were read; called often."""


class Read(msgspec.Struct):
    """What is known so far. Fields as in `checks.media_wipes.MediaWipe`."""

    pattern: Pattern
    outcome: Outcome = "stopped"
    why: Why = ""
    failed_at: int | None = None
    read_bytes: int = 0
    residue_sectors: int = 0
    survivors: list[Survivor] = []
    whole: bool = False

    @property
    def enough(self) -> bool:
        """Whether to end: more of the same tells nobody anything."""
        size = sum(one.size_bytes for one in self.survivors)
        return len(self.survivors) >= PLACES or size >= ENOUGH


class Asked(msgspec.Struct, frozen=True):
    """What was asked for: a pattern (None: learn it), whose residue is let be, and which blocks."""

    pattern: Pattern | None
    residue: Residue = "none"
    sample: Sample | None = None


def verify(target: Target, asked: Asked, told: Told, read: Read) -> None:
    """Read, and write into `read` what comes of it; however it ends, that is true so far.

    KeyboardInterrupt goes through and leaves it `stopped`.
    """
    try:
        _look(target, asked, told, read)
        _still_the_same(target, read)
    except ReadingError as error:
        read.why, read.failed_at = error.why, error.offset
        read.outcome = "survived" if read.survivors else "failed"


def _look(target: Target, asked: Asked, told: Told, read: Read) -> None:
    if asked.pattern is None:
        found = _learned(target)
        if found is None:
            read.survivors = [Survivor(_learn_at(target), SECTOR, "data")]
            return
        read.pattern = found
    wanted = list_of_all(target.size) if asked.sample is None else _drawn(target, asked.sample)
    for piece in pieces(target, wanted):
        read.read_bytes += piece.size
        _compare(piece, read, asked.residue)
        told(read.read_bytes)
        if read.enough:
            return
    read.whole = True


def list_of_all(size: int) -> Iterator[tuple[int, int]]:
    """Every piece of a drive, in order."""
    return ((start, min(PIECE, size - start)) for start in range(0, size, PIECE))


def _drawn(target: Target, sample: Sample) -> Iterator[tuple[int, int]]:
    block = sample.block_bytes
    places = sampling.places(sample, target.size)
    return ((place, min(block, target.size - place)) for place in places)


def _learn_at(target: Target) -> int:
    return _LEARN_AT if target.size >= _LEARN_AT + LEARN else 0


def _learned(target: Target) -> Pattern | None:
    """The pattern it holds; None where nothing repeats, or what repeats looks like somebody's."""
    start = _learn_at(target)
    size = min(LEARN, target.size - start)
    (data,) = [piece.data() for piece in pieces(target, [(start, size)])]
    found = learned(data, start)
    if found is None or not found.period:
        return None
    harmless = ("data", "zeros", "ones", "fill")
    return found if signatures.kind(found.at(0, SECTOR)) in harmless else None


def _compare(piece: Piece, read: Read, residue: Residue) -> None:
    pattern = read.pattern
    if pattern.name == "random":
        data = piece.data()
        place = signatures.no_chance(data)
        if place is not None:
            start = place // SECTOR * SECTOR
            sector = data[start : start + SECTOR]
            what = signatures.kind(sector)
            _note(read, piece.offset + place, piece.offset + start, len(sector), what)
        return
    if not piece.holds(pattern.unit(piece.offset)):
        _locate(piece, read, residue)


def _locate(piece: Piece, read: Read, residue: Residue) -> None:
    """The sectors of a piece that hold something else."""
    data, want = piece.data(), read.pattern.at(piece.offset, piece.size)
    for start in range(0, piece.size, SECTOR):
        sector, due = data[start : start + SECTOR], want[start : start + SECTOR]
        if sector == due:
            continue
        if residues.holds(residue, piece.offset + start):
            read.residue_sectors += 1
            continue
        pairs = enumerate(zip(sector, due, strict=True))
        first = next(n for n, (one, other) in pairs if one != other)
        at = piece.offset + start
        _note(read, at + first, at, len(sector), signatures.kind(sector))
        if read.enough:
            return


def _note(read: Read, first: int, sector: int, size: int, kind: Kind) -> None:
    """Add a sector to the run that ends where it begins, or begin another."""
    if read.survivors:
        last = read.survivors[-1]
        begin = last.offset // SECTOR * SECTOR
        if begin + last.size_bytes == sector:
            what = kind if last.kind == "data" else last.kind
            read.survivors[-1] = Survivor(last.offset, last.size_bytes + size, what)
            return
    read.survivors.append(Survivor(first, size, kind))


def _still_the_same(target: Target, read: Read) -> None:
    """Decide; a drive that changed under our hands was not read, whatever was found on it."""
    why = _changed(target)
    if why:
        read.outcome, read.why = "failed", why
    elif read.survivors:
        read.outcome = "survived"
    else:
        read.outcome = "unproven" if read.pattern.name == "random" else "clean"


def _changed(target: Target) -> Why:
    try:
        if target.size_now() != target.size:
            return "size-changed"
    except OSError:
        return "vanished"
    if not target.same():
        return "replaced"
    if not nothing_behind(target):
        return "longer"
    return "" if target.untouched() else "written-to"
