"""Two entries, or an entry and a computer, side by side for the person who decides whether they are
one (O31): pure.

Nothing is weighed here: what agrees and what does not is told, and which of it proves something is
`matching`'s to say.
"""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from inventory.assets.fields import FIELDS, Value
from inventory.identity.matching import Marks
from inventory.marks import KINDS, STRONG, normalise

How = Literal["agrees", "differs", "only_first", "only_second"]

_ALIKE: Final = ("serial", "uuid")
"""Fields that are marks, too, and compared as those are."""


class Side(msgspec.Struct, frozen=True):
    """One of the two: fields by name, and normalised marks by kind."""

    values: Mapping[str, Value]
    marks: Marks


class FieldLine(msgspec.Struct, frozen=True):
    """What both say of one field; "" or None where one does not."""

    name: str
    how: How
    first: Value
    second: Value


class MarkLine(msgspec.Struct, frozen=True):
    """The marks of one kind: those both have, and those one has. `strong`: one machine only has
    such a mark, unlike a MAC."""

    kind: str
    how: How
    both: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    strong: bool


class Comparison(msgspec.Struct, frozen=True):
    """Fields in the order pages show them, marks in the order of `marks.KINDS`; what neither side
    knows is left out."""

    fields: tuple[FieldLine, ...]
    marks: tuple[MarkLine, ...]


def compare(first: Side, second: Side) -> Comparison:
    """Set two sides beside each other. Swapping them swaps the columns and nothing else."""
    fields = (_field(name, first.values.get(name), second.values.get(name)) for name in FIELDS)
    marks = (_mark(kind, first.marks, second.marks) for kind in KINDS)
    return Comparison(
        tuple(line for line in fields if line is not None),
        tuple(line for line in marks if line is not None),
    )


def _field(name: str, first: Value, second: Value) -> FieldLine | None:
    known = (_is_known(first), _is_known(second))
    if known == (False, False):
        return None
    how: How = "agrees" if _same(name, first, second) else "differs"
    return FieldLine(name, _one_sided(*known) or how, first, second)


def _mark(kind: str, first: Marks, second: Marks) -> MarkLine | None:
    one, other = set(first.get(kind, ())), set(second.get(kind, ()))
    if not one | other:
        return None
    return MarkLine(
        kind,
        _one_sided(bool(one), bool(other)) or ("agrees" if one & other else "differs"),
        both=tuple(sorted(one & other)),
        first=tuple(sorted(one - other)),
        second=tuple(sorted(other - one)),
        strong=kind in STRONG,
    )


def _one_sided(first: bool, second: bool) -> How | None:
    if first and second:
        return None
    return "only_first" if first else "only_second"


def _is_known(value: Value) -> bool:
    """Nought pence is a price; an empty text is not."""
    return value not in ("", None)


def _same(name: str, first: Value, second: Value) -> bool:
    if name in _ALIKE and (mark := normalise(name, str(first))):
        return mark == normalise(name, str(second))
    if isinstance(first, str) and isinstance(second, str):
        return first.casefold() == second.casefold()
    return first == second
