"""The same change to many entries: what it would do, and doing exactly that (one step, one undo).

What is to be changed is either a list of ids or a search. A search is run again when it is carried
out: whoever confirms a number gets that number of entries, as they were when it was shown, or is
shown the new one.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec
from django.db import transaction

from inventory.assets import disposing, services
from inventory.assets.errors import RegisterError
from inventory.assets.fields import FIELDS, Value, cleaned
from inventory.assets.following import holders_above
from inventory.assets.queries import Asked, chosen
from inventory.assets.states import GONE, MOVES, STATES, State
from inventory.assets.writing import By, value_of
from inventory.many import by_id
from inventory.models import Asset

MOST: Final = 5_000
"""Entries that are changed in one step from a page."""
OWN: Final = frozenset({"tag", "name", "serial", "uuid", "imei", "security_mark", "finance_number"})
"""What each thing has of its own, so that no step gives one to many."""
SHARED: Final = tuple(name for name in FIELDS if name not in OWN)
"""Fields that may be set for many at once."""
Why = Literal["gone", "bad_move", "itself", "leaving"]
Selected = list[Asset]
"""Rows that were chosen, by whoever may not look into them."""


class Wanted(msgspec.Struct, frozen=True):
    """What all of them are to say; `state` "" leaves it. Fields are those of SHARED."""

    values: Mapping[str, Value]
    state: State | Literal[""] = ""


class Left(msgspec.Struct, frozen=True):
    """An entry that stays as it is, and why: it counts no more, cannot come to that state from
    where it is, would be kept in itself, or is moved by its disposal alone."""

    entry: Mapping[str, Any]
    why: Why


class Plan(msgspec.Struct, frozen=True):
    """What would happen. `seen`: entry → number of its last event, of those that change; `same`:
    how many are so already; `before`: field or `state` → what stands there → of how many."""

    seen: Mapping[str, int]
    same: int
    left: list[Left]
    before: Mapping[str, Mapping[Value, int]]

    @property
    def mark(self) -> str:
        """Stands for exactly these entries as they were, so that nothing else is confirmed."""
        said = ",".join(f"{asset_id}:{seq}" for asset_id, seq in sorted(self.seen.items()))
        return hashlib.sha256(said.encode()).hexdigest()


def named(site_id: str, asset_ids: Collection[str]) -> Selected:
    """Entries by their ids, in the order of ids. Raises RegisterError where one is not there."""
    _check_number(len(set(asset_ids)))
    found = list(by_id(Asset.objects.filter(site_id=site_id), asset_ids))
    if len(found) != len(set(asset_ids)):
        raise RegisterError("not_found", "There is no such entry in this school's register.")
    return found


def found_by(site_id: str, asked: Asked, today: str) -> Selected:
    """Entries that a search finds now. Raises RegisterError for more than MOST."""
    rows = chosen([site_id], asked, today)
    _check_number(rows.count())
    return list(rows.order_by("id"))


def plan(rows: Sequence[Asset], wanted: Wanted) -> Plan:
    """What a change would do to these entries. Raises RegisterError for a value that cannot be."""
    values = cleaned(_checked(wanted).values)
    holders = holders_above(str(values.get("parent") or ""))
    seen: dict[str, int] = {}
    left: list[Left] = []
    before: dict[str, Counter[Value]] = {}
    same = 0
    going = disposing.leaving([row.id for row in rows]) if wanted.state else set()
    for row in rows:
        why = _why_not(row, wanted.state, holders)
        if row.id in going and row.state != wanted.state:
            why = "leaving"
        if why:
            left.append(Left({n: value_of(row, n) for n in FIELDS} | {"id": row.id}, why))
            continue
        differs = _differing(row, values, wanted.state)
        for name, value in differs.items():
            before.setdefault(name, Counter())[value] += 1
        if differs:
            seen[row.id] = row.seq
        else:
            same += 1
    return Plan(seen, same, left, before)


def carry_out(site_id: str, rows: Sequence[Asset], agreed: Plan, wanted: Wanted, by: By) -> int:
    """Do what was planned with these rows, all or none; how many entries changed. `by` has the id
    of the step. Raises RegisterError, and StaleError where an entry changed since."""
    values, now = cleaned(_checked(wanted).values), {row.id: row for row in rows}
    with transaction.atomic():
        changing = {
            asset_id: values for asset_id in agreed.seen if _differing(now[asset_id], values, "")
        }
        if changing:
            services.change_many(site_id, changing, by=by, seen=agreed.seen)
        if wanted.state:
            moving = [one for one in agreed.seen if now[one].state != wanted.state]
            later = {one: agreed.seen[one] + (one in changing) for one in moving}
            services.move(site_id, moving, wanted.state, by=by, seen=later)
    return len(agreed.seen)


def _checked(wanted: Wanted) -> Wanted:
    wrong = next((name for name in wanted.values if name not in SHARED), None)
    if wrong is not None:
        raise RegisterError("own", "Each thing has its own; it is not set for several.", wrong)
    if wanted.state and wanted.state not in STATES:
        raise RegisterError("bad_value", "There is no such state.", "state")
    return wanted


def _check_number(number: int) -> None:
    if number > MOST:
        raise RegisterError(
            "too_many", f"These are {number:,}. At most {MOST:,} are changed at once: narrow it."
        )


def _why_not(row: Asset, state: str, holders: Collection[str]) -> Why | None:
    if row.state in GONE:
        return "gone"
    if state and state not in (row.state, *MOVES[_known(row.state)]):
        return "bad_move"
    return "itself" if row.id in holders else None


def _known(state: str) -> State:
    return next(one for one in STATES if one == state)


def _differing(row: Asset, values: Mapping[str, Value], state: str) -> dict[str, Value]:
    """What stands now where something else is wanted."""
    found = {n: value_of(row, n) for n, value in values.items() if value_of(row, n) != value}
    return found | ({"state": row.state} if state not in ("", row.state) else {})
