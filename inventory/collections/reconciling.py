"""Whether four papers name the same drives: the set as approved, the collection list, the receipt
and the certificates (I10). Pure.

Each paper is held against the set, by serial number as it is compared. Total: a line of any paper
is part of a row, and stands for a thing of the set or for a difference. In which order lines stand
means nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from inventory.collections.papers import (
    PAPERS,
    Cell,
    Difference,
    Drive,
    Entry,
    Kind,
    Line,
    Paper,
    Papers,
    Reconciled,
    Row,
    Sheet,
)
from inventory.disposal.serials import key as mark
from inventory.disposal.serials import suspect
from inventory.disposal.states import LEVELS

_WRITTEN: Final = 64
"""Letters of a serial that cannot be compared, to tell it by."""


class Between(msgspec.Struct, frozen=True):
    """How two lists of serials differ; seen from the other side, missing is extra."""

    missing: frozenset[str]
    extra: frozenset[str]
    suspect: frozenset[tuple[str, str]]
    """Pairs that may be one drive whose serial was read with its bytes swapped: (left, right)."""


def between(left: Mapping[str, str], right: Mapping[str, str]) -> Between:
    """Compare marks → serials as written. A swapped serial is matched as suspect, never equal."""
    missing, extra = left.keys() - right.keys(), right.keys() - left.keys()
    letters: dict[str, list[str]] = defaultdict(list)
    for one in extra:
        letters["".join(sorted(one))].append(one)
    pairs = {
        (one, other)
        for one in missing
        for other in letters["".join(sorted(one))]
        if suspect(left[one], right[other])
    }
    return Between(
        missing=frozenset(missing - {one for one, _ in pairs}),
        extra=frozenset(extra - {other for _, other in pairs}),
        suspect=frozenset(pairs),
    )


def reconcile(papers: Papers) -> Reconciled:
    """Every difference, and every line in its row. The same for any order of lines."""
    held = _Held(papers)
    found = {*_in_set(held)}
    waiting = []
    for paper in PAPERS[1:]:
        for sheet in held.foreign[paper]:
            found.add(Difference(paper, "wrong_contractor", other=sheet.contractor))
        if held.sheets[paper]:
            found |= {*_against(held, paper)}
        elif any(held.must(paper, drive) for _, drive in held.drives) or (
            paper != "certificate" and papers.entries
        ):
            waiting.append(paper)
    differences = tuple(sorted(found))
    rows = sorted(_rows(held, differences), key=_order)
    return Reconciled(tuple(rows), differences, tuple(waiting))


def _order(row: Row) -> tuple[str, ...]:
    return row.tag, row.mark, row.serial, row.entry


class _Held:
    """The papers by mark; nothing here depends on the order of lines."""

    def __init__(self, papers: Papers) -> None:
        self.papers = papers
        self.drives = [(entry, drive) for entry in papers.entries for drive in entry.drives]
        self.set: dict[str, list[tuple[Entry, Drive]]] = defaultdict(list)
        for entry, drive in self.drives:
            self.set[mark(drive.serial)].append((entry, drive))
        self.unreadable = self.set.pop("", [])
        self.tags = {_tag(entry.tag): entry for entry in papers.entries if entry.tag}
        came: dict[Paper, tuple[Sheet, ...]] = {
            "manifest": (papers.manifest,) if papers.manifest else (),
            "receipt": (papers.receipt,) if papers.receipt else (),
            "certificate": papers.certificates,
        }
        own = ("", papers.contractor)
        self.foreign = {
            paper: tuple(one for one in sheets if one.contractor not in own)
            for paper, sheets in came.items()
        }
        """Another company's paper stands for nothing: it is one difference, and its lines shown."""
        self.sheets = {
            paper: tuple(one for one in sheets if one.contractor in own)
            for paper, sheets in came.items()
        }
        self.lines = {paper: _by_mark(sheets) for paper, sheets in self.sheets.items()}
        self.others = {paper: _by_mark(sheets) for paper, sheets in self.foreign.items()}

    def must(self, paper: Paper, drive: Drive) -> bool:
        """Whether a paper has to name a drive: what left, and what the contractor has to prove."""
        return not drive.stays and (paper != "certificate" or not drive.proven)

    def written(self, found: str) -> str:
        """A mark as the set, or else any paper, spells it."""
        those = [drive.serial for _, drive in self.set.get(found, ())]
        if not those:
            both = (*self.lines.values(), *self.others.values())
            those = [one.serial for lines in both for one in lines.get(found, ())]
        return min(those)


def _by_mark(sheets: Iterable[Sheet]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    for sheet in sheets:
        for line in sheet.lines:
            found[mark(line.serial)].append(line)
    return found


def _in_set(held: _Held) -> Iterator[Difference]:
    """What is wrong before any paper comes."""
    for entry, drive in held.unreadable:
        yield Difference("set", "unreadable_serial", drive.serial[:_WRITTEN], entry.tag)
    for found, those in held.set.items():
        if len(those) > 1:
            yield Difference("set", "two_entries", found)


def _against(held: _Held, paper: Paper) -> Iterator[Difference]:
    """A paper that came, held against the set."""
    lines = {found: those for found, those in held.lines[paper].items() if found}
    wanted = {
        found: held.written(found)
        for found, those in held.set.items()
        if found in lines or any(held.must(paper, drive) for _, drive in those)
    }
    how = between(
        wanted, {found: min(one.serial for one in those) for found, those in lines.items()}
    )
    yield from (Difference(paper, "missing", one) for one in how.missing)
    yield from (Difference(paper, "suspect", one, other=other) for one, other in how.suspect)
    for one in how.extra:
        kind: Kind = "extra" if one in held.papers.known else "unknown_serial"
        yield Difference(paper, kind, one)
    for found, those in lines.items():
        yield from _of_lines(held, paper, found, those)
    yield from _without_serial(held, paper)


def _of_lines(held: _Held, paper: Paper, found: str, lines: Sequence[Line]) -> Iterator[Difference]:
    """What the lines of one serial say."""
    owners = held.set.get(found, [])
    if any(drive.stays == "retained" for _, drive in owners):
        yield Difference(paper, "stays_here", found)
    own = {_tag(entry.tag) for entry, _ in owners}
    for line in lines:
        if owners and line.tag and _tag(line.tag) not in own:
            tags = "/".join(sorted(entry.tag for entry, _ in owners))
            yield Difference(paper, "other_entry", found, _tag(line.tag), tags)
    if paper != "certificate":
        if len(lines) > 1:
            yield Difference(paper, "duplicate", found)
        return
    yield from _certified(held, found, lines)


def _certified(held: _Held, found: str, lines: Sequence[Line]) -> Iterator[Difference]:
    """What certificates say of one serial."""
    paper: Paper = "certificate"
    owners = held.set.get(found, [])
    wiped = [line for line in lines if line.done]
    done = [line for line in wiped if all(_enough(line, drive) for _, drive in owners)]
    if not wiped:
        yield Difference(paper, "not_wiped", found)
    elif not done:
        yield Difference(paper, "too_weak", found)
    elif len({_tag(line.tag) for line in done if line.tag}) > 1:
        yield Difference(paper, "certified_on_two_assets", found)
    elif len(done) > 1 or found in held.papers.elsewhere:
        yield Difference(paper, "certified_twice", found)
    not_destroyed = any(line.level != "destroy" for line in wiped)
    if not_destroyed and any(drive.failed for _, drive in owners):
        yield Difference(paper, "certified_though_failed", found)


def _enough(line: Line, drive: Drive) -> bool:
    """Whether a line says that a drive was wiped well enough."""
    if not drive.least:
        return True
    return line.level in LEVELS and LEVELS.index(line.level) >= LEVELS.index(drive.least)


def _without_serial(held: _Held, paper: Paper) -> Iterator[Difference]:
    """Lines whose serial cannot be compared, and entries by tag (I8: the receipt names both)."""
    alone: dict[str, list[Line]] = defaultdict(list)
    for line in held.lines[paper].get("", ()):
        if line.serial or paper == "certificate" or not line.tag:
            yield Difference(paper, "unreadable_serial", line.serial[:_WRITTEN], _tag(line.tag))
        else:
            alone[_tag(line.tag)].append(line)
    if paper == "certificate":
        return
    for tag, those in alone.items():
        if tag not in held.tags:
            yield Difference(paper, "extra", tag=tag)
        if len(those) > 1:
            yield Difference(paper, "duplicate", tag=tag)
    named = {_tag(line.tag) for those in held.lines[paper].values() for line in those}
    for entry in held.papers.entries:
        if entry.tag and _tag(entry.tag) not in named:
            yield Difference(paper, "missing", tag=_tag(entry.tag))
        elif not entry.tag and not any(mark(drive.serial) for drive in entry.drives):
            # A drive without a tag is missed by its serial; this one has neither.
            yield Difference(paper, "missing", tag=entry.id)


def _rows(held: _Held, differences: Sequence[Difference]) -> Iterator[Row]:
    """A row for every serial, for every line that has none, and for entries without a drive."""
    by_serial: dict[tuple[str, str], list[Difference]] = defaultdict(list)
    for one in differences:
        if one.kind == "wrong_contractor":
            continue  # of the paper, and of none of its lines
        loose = one.kind == "unreadable_serial" or not one.serial
        by_serial[one.serial, one.tag if loose else ""].append(one)
        if one.kind == "suspect":
            by_serial[one.other, ""].append(one)
    both = (*held.lines.values(), *held.others.values())
    marks = {*held.set, *(found for lines in both for found in lines if found)}
    for found in marks:
        yield _row(held, found, by_serial.pop((found, ""), []))
    for entry in held.papers.entries:
        tag = _tag(entry.tag) or entry.id
        those = by_serial.pop(("", tag), [])
        if those or not entry.drives:
            yield _entry_row(held, entry, those)
    for (serial, tag), those in by_serial.items():
        yield _loose_row(held, serial, tag, those)


def _row(held: _Held, found: str, differences: Sequence[Difference]) -> Row:
    owners = held.set.get(found, [])
    entry = min((entry for entry, _ in owners), key=lambda one: one.id, default=None)
    tags = [line.tag for lines in held.lines.values() for line in lines.get(found, ()) if line.tag]
    cells: dict[Paper, Cell] = {}
    for paper in PAPERS:
        there = found in held.lines[paper] if paper != "set" else bool(owners)
        must = any(held.must(paper, drive) for _, drive in owners)
        cell = _cell(held, paper, differences, there=there, must=must)
        elsewhere = paper != "set" and found in held.others[paper]
        cells[paper] = "difference" if elsewhere and cell != "there" else cell
    tag = entry.tag if entry else min(tags, default="")
    return Row(found, held.written(found), tag, entry.id if entry else "", cells, (*differences,))


def _entry_row(held: _Held, entry: Entry, differences: Sequence[Difference]) -> Row:
    cells: dict[Paper, Cell] = {"set": "there"}
    for paper in PAPERS[1:]:
        there = any(
            _tag(line.tag) == _tag(entry.tag)
            for lines in held.lines[paper].values()
            for line in lines
        )
        must = paper != "certificate"
        cells[paper] = _cell(held, paper, differences, there=there, must=must)
    return Row("", "", entry.tag, entry.id, cells, (*differences,))


def _loose_row(held: _Held, serial: str, tag: str, differences: Sequence[Difference]) -> Row:
    """What cannot be compared, or belongs to nothing here."""
    cells = {paper: _cell(held, paper, differences, there=False, must=False) for paper in PAPERS}
    return Row("", serial, tag, "", cells, (*differences,))


def _cell(
    held: _Held, paper: Paper, differences: Sequence[Difference], *, there: bool, must: bool
) -> Cell:
    kinds = {one.kind for one in differences if one.paper == paper}
    if "missing" in kinds:
        return "missing"
    if kinds & {"extra", "unknown_serial"}:
        return "extra"
    if kinds:
        return "difference"
    if there:
        return "there"
    came = paper == "set" or bool(held.sheets[paper])
    return "waiting" if must and not came else "not_needed"


def _tag(tag: str) -> str:
    """How asset tags are compared."""
    return tag.strip().casefold()
