"""Keyset paging: the next page starts after the last row shown, however deep the list is (A8).

An OFFSET would read and throw away every row before it. A cursor is the sort values of the row at
the edge of a page, so it stays right while rows come and go. Trap: NULL compares with nothing, so a
column that may be NULL says so and sorts its NULLs first, on both databases.
"""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.db.models import F, Model, Q, QuerySet

M = TypeVar("M", bound=Model)
Cursor = tuple[int | str | None, ...]

LONGEST_CURSOR: Final = 2_000
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""What no column holds: PostgreSQL refuses NUL, and half a surrogate pair is no UTF-8."""


@dataclass(frozen=True, slots=True)
class Key:
    """One column of a sort order; a nullable one sorts upwards."""

    field: str
    kind: type[int] | type[str]
    descending: bool = False
    nullable: bool = False

    def flipped(self) -> "Key":
        """The same column the other way round, for reading backwards."""
        return Key(self.field, self.kind, not self.descending, self.nullable)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page and the cursors around it; "" where the list ends."""

    rows: list[Any]
    previous: str
    next: str


def page(
    rows: QuerySet[M], order: Sequence[Key], size: int, *, after: str = "", before: str = ""
) -> Page:
    """One page of `rows` in `order` (whose last key must be unique).

    A cursor that cannot be read is an old link: the first page is shown.
    """
    edge = decode(before or after, order)
    backwards = bool(before) and edge is not None
    keys = [key.flipped() for key in order] if backwards else list(order)
    found = _read(rows, keys, edge, size + 1, backwards)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (True, more) if backwards else (more, edge is not None)
    return Page(
        rows=found,
        previous=encode(found[0], order) if found and has_previous else "",
        next=encode(found[-1], order) if found and has_next else "",
    )


def encode(row: Model, order: Sequence[Key]) -> str:
    """The cursor of a row."""
    values = [getattr(row, key.field) for key in order]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def decode(cursor: str, order: Sequence[Key]) -> Cursor | None:
    """The values of a cursor, or None when it is not one of ours."""
    if not cursor or len(cursor) > LONGEST_CURSOR:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    if not isinstance(values, list) or len(values) != len(order):
        return None
    fits = all(_fits(key, value) for key, value in zip(order, values, strict=True))
    return tuple(values) if fits else None


def _fits(key: Key, value: object) -> bool:
    if value is None:
        return key.nullable
    if isinstance(value, int) and key.kind is int and not isinstance(value, bool):
        return abs(value) < 2**63
    return isinstance(value, str) and key.kind is str and not _UNSTORABLE.search(value)


def _ordering(key: Key, backwards: bool) -> Any:
    field = F(key.field)
    if not key.nullable:
        return field.desc() if key.descending else field.asc()
    first = not backwards
    nulls = {"nulls_first": True} if first else {"nulls_last": True}
    return field.desc(**nulls) if key.descending else field.asc(**nulls)


def _read(
    rows: QuerySet[M], keys: Sequence[Key], edge: Cursor | None, wanted: int, backwards: bool
) -> list[M]:
    """The rows after `edge`: first those equal to it in all columns but the last, then in fewer.

    Each step is one range of the index. Asked as one condition, (a > x) or (a = x and b > y) or …,
    the database reads the list from its beginning: 0.5 s a page deep in 45,000 rows.
    """
    ordered = rows.order_by(*(_ordering(key, backwards) for key in keys))
    if edge is None:
        return list(ordered[:wanted])
    found: list[M] = []
    for depth in reversed(range(len(keys))):
        further = _further(keys[depth], edge[depth])
        if further is not None and len(found) < wanted:
            equal = [_equal(key, value) for key, value in zip(keys[:depth], edge, strict=False)]
            found += ordered.filter(*equal, further)[: wanted - len(found)]
    return found


def _equal(key: Key, value: int | str | None) -> Q:
    return Q(**{f"{key.field}__isnull": True}) if value is None else Q(**{key.field: value})


def _further(key: Key, value: int | str | None) -> Q | None:
    """Strictly after `value` in one column; NULLs come first forwards and last backwards."""
    forwards_nulls_first = not key.descending
    if value is None:
        is_set = Q(**{f"{key.field}__isnull": False})
        return is_set if key.nullable and forwards_nulls_first else None
    beyond = Q(**{f"{key.field}__{'lt' if key.descending else 'gt'}": value})
    if key.nullable and key.descending:
        beyond |= Q(**{f"{key.field}__isnull": True})
    return beyond
