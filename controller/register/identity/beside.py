"""Two or more sides of a comparison as a table in words: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from controller.register.said import said, title_of
from controller.wording.shown import shown
from controller.wording.words import words
from inventory.assets.fields import FIELDS
from inventory.identity.comparing import Comparison, FieldLine, MarkLine, Side, compare
from inventory.marks import KINDS

How = Literal["", "agrees", "differs"]

MOST_MARKS: Final = 6
"""Marks of one kind that one cell shows; a dock's are many."""
_AS_MARKS: Final = frozenset({"serial", "uuid"})
"""Fields that marks say again, and better."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one side says, "" for nothing; `how` it is beside the first side."""

    text: str
    how: How = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is compared; `strong`: one machine only has such a mark."""

    title: str
    cells: list[Cell]
    mono: bool = False
    strong: bool = False


def lines(sides: Sequence[Side], names: Mapping[str, str], fields: Sequence[str]) -> list[Line]:
    """The first side beside each of the others: marks, then those of `fields` that one of them
    knows."""
    first, *others = sides
    compared = [compare(first, other) for other in others]
    marks = [_mark(kind, first, others, compared) for kind in KINDS]
    wanted = [name for name in fields if name not in _AS_MARKS]
    values = [_field(name, sides, compared, names) for name in wanted]
    return [line for line in (*marks, *values) if line is not None]


def entry_fields() -> list[str]:
    """Every field two entries are compared by."""
    return ["state", "holder", *FIELDS]


def _mark(
    kind: str, first: Side, others: Sequence[Side], compared: Sequence[Comparison]
) -> Line | None:
    if not any(side.marks.get(kind) for side in (first, *others)):
        return None
    found = [_of(one.marks, kind) for one in compared]
    cells = [Cell(_marks(first, kind))]
    cells += [
        Cell(_marks(other, kind), _how(line)) for other, line in zip(others, found, strict=True)
    ]
    strong = next((line.strong for line in found if line), False)
    return Line(words().factors.get(kind, kind), cells, mono=True, strong=strong)


def _field(
    name: str, sides: Sequence[Side], compared: Sequence[Comparison], names: Mapping[str, str]
) -> Line | None:
    texts = [said(name, side.values.get(name), names) for side in sides]
    if not any(texts):
        return None
    hows = [_how(_named(one.fields, name)) for one in compared]
    cells = [Cell(text, how) for text, how in zip(texts, ["", *hows], strict=True)]
    return Line(title_of(name), cells)


def _marks(side: Side, kind: str) -> str:
    values = sorted(side.marks.get(kind, ()))
    text = ", ".join(shown(value, 64) for value in values[:MOST_MARKS])
    left = len(values) - MOST_MARKS
    return f"{text} and {left} more" if left > 0 else text


def _of(marks: Sequence[MarkLine], kind: str) -> MarkLine | None:
    return next((line for line in marks if line.kind == kind), None)


def _named(fields: Sequence[FieldLine], name: str) -> FieldLine | None:
    return next((line for line in fields if line.name == name), None)


def _how(line: Any) -> How:
    """What only one side knows neither agrees nor differs."""
    return line.how if line is not None and line.how in ("agrees", "differs") else ""
