"""What a management's list would say of the register's things, row by row, before anything is
done. Pure: the entries are handed in.

A row is known by its serial number alone, never by a name. A thing that is listed twice counts as
it was in contact last: the other row is what is left of an enrolment before.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from checks.unseen import Unseen
from inventory.imports.planning import Refused
from inventory.imports.sheets import Sheet
from inventory.managed.adapters import Adapter
from inventory.managed.rows import Listed, listed
from inventory.marks import normalise


class Plan(msgspec.Struct, frozen=True):
    """All of it. `matched`: by id of the entry; `strangers`: of things the register does not have;
    `missing`: entries that stood in the list before and do not now."""

    matched: dict[str, Listed]
    strangers: list[Listed]
    refused: list[Refused]
    unclear: list[Refused]
    new: int
    changed: int
    same: int
    missing: list[str]


class Known(msgspec.Struct, frozen=True):
    """What planning has to know: ids by comparable serial number, and what the lists say now."""

    serials: Mapping[str, frozenset[str]]
    before: Mapping[str, dict[str, object]]


def plan(sheet: Sheet, adapter: Adapter, columns: Mapping[str, int], at: int, known: Known) -> Plan:
    """Try out every row."""
    by_serial, refused = _read(sheet, adapter, columns, at)
    title = sheet.headers[columns["serial"]]
    kept = {serial: _newest(rows, title, refused) for serial, rows in by_serial.items()}
    matched: dict[str, Listed] = {}
    strangers: list[Listed] = []
    for serial, one in kept.items():
        ids = known.serials.get(serial, frozenset())
        if len(ids) > 1:
            why = f"{len(ids)} entries have the serial number {one.serial[:40]}; join them first"
            refused.append(Refused(one.number, title, why))
        elif ids:
            # An entry known by two serial numbers may stand there twice as well.
            matched[min(ids)] = max(one, matched.get(min(ids), one), key=_contact)
        else:
            strangers.append(one)
    new = len(matched.keys() - known.before.keys())
    same = sum(_is_same(one, known.before.get(asset)) for asset, one in matched.items())
    return Plan(
        matched=matched,
        strangers=strangers,
        refused=sorted(refused, key=lambda one: one.row),
        unclear=[
            Refused(one.number, column, f"“{cell}” cannot be understood, so it says nothing")
            for one in kept.values()
            for column, cell in one.unclear
        ],
        new=new,
        changed=len(matched) - new - same,
        same=same,
        missing=sorted(known.before.keys() - matched.keys()),
    )


def _read(
    sheet: Sheet, adapter: Adapter, columns: Mapping[str, int], at: int
) -> tuple[dict[str, list[Listed]], list[Refused]]:
    """The rows by normalised serial number, and those that have none."""
    refused: list[Refused] = []
    by_serial: dict[str, list[Listed]] = defaultdict(list)
    for row in sheet.rows:
        if row.fault:
            refused.append(Refused(row.number, "", row.fault))
            continue
        one = listed(row, adapter, columns, at)
        serial = normalise("serial", one.serial)
        if serial:
            by_serial[serial].append(one)
        else:
            why = "has no serial number, so nobody can say which thing it is"
            refused.append(Refused(row.number, sheet.headers[columns["serial"]], why))
    return by_serial, refused


def stored(one: Listed) -> dict[str, object]:
    """The facts as they are kept."""
    found: dict[str, object] = msgspec.to_builtins(one.facts)
    return found


def _newest(rows: Sequence[Listed], title: str, refused: list[Refused]) -> Listed:
    best = max(rows, key=lambda one: (_contact(one), -one.number))
    for one in rows:
        if one is not best:
            why = f"is the same thing as row {best.number}, which was in contact later"
            refused.append(Refused(one.number, title, why))
    return best


def _contact(one: Listed) -> int:
    at = one.facts.synced_at
    return 0 if isinstance(at, Unseen) or at is None else at


def _is_same(one: Listed, before: Mapping[str, object] | None) -> bool:
    """Whether it says what was said before, but for when."""
    if before is None:
        return False
    return {**before, "imported_at": 0} == {**stored(one), "imported_at": 0}
