"""Chassis, members of a stack and modules, by ENTITY-MIB or by what the maker has instead.

Traps seen: a stack whose own row is empty, or repeats its master's serial; a switch whose unit is a
module of an empty stack; modules that repeat the chassis's serial, or all share one number.
"""

import collections
from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from checks.formats.snmp_values import Value
from checks.snmp import columns, scalars, values
from checks.snmp.asking import CannotAsk, Snmp
from checks.snmp.denied import below
from checks.surveys.equipment import Part

PartKind = Literal["chassis", "stack", "module"]
MOST: Final = 64
"""Parts of one device."""
_CLASSES: Final[dict[int, PartKind]] = {3: "chassis", 11: "stack", 9: "module"}
_ORDER: Final = ("chassis", "stack", "module")


def read(snmp: Snmp, object_id: str, own: Iterable[str]) -> list[Part]:
    """What it is made of, chassis first; of modules only those with a serial of their own."""
    macs = list(own)
    found = _entity(snmp, macs)
    if any(part.serial for part in found):
        return found
    return _with_makers(found, _makers(snmp, object_id, macs))


def _entity(snmp: Snmp, own: list[str]) -> list[Part]:
    kinds = {
        index: _CLASSES[kind]
        for index, value in snmp.walk(columns.ENT_CLASS)
        if (kind := values.number(value)) in _CLASSES and len(index) == 1
    }
    chosen = sorted(kinds, key=lambda index: (_ORDER.index(kinds[index]), index))[:MOST]
    parts = [_part(snmp, index, kinds[index], own) for index in chosen]
    return _told_apart([part for part in parts if part.serial or part.model or part.firmware])


def _part(snmp: Snmp, index: tuple[int, ...], kind: PartKind, own: list[str]) -> Part:
    asked = {
        column: below(column, index)
        for column in (
            columns.ENT_SERIAL,
            columns.ENT_MODEL,
            columns.ENT_SOFTWARE,
            columns.ENT_FIRMWARE,
            *((columns.ENT_DESCR,) if kind != "module" else ()),
        )
    }
    said = snmp.get(list(asked.values()))
    answers: dict[str, Value | None] = {column: said.get(oid) for column, oid in asked.items()}
    return Part(
        kind=kind,
        serial=values.serial(answers[columns.ENT_SERIAL], own),
        model=values.model(answers[columns.ENT_MODEL])
        or (values.model(answers[columns.ENT_DESCR]) if kind == "chassis" else ""),
        firmware=values.name(answers[columns.ENT_SOFTWARE])
        or values.name(answers[columns.ENT_FIRMWARE]),
    )


def _told_apart(parts: list[Part]) -> list[Part]:
    """Without the serials that stand twice, but for the chassis's own."""
    times = collections.Counter(part.serial for part in parts if part.kind != "chassis")
    chassis = {part.serial for part in parts if part.kind == "chassis"}
    kept = []
    for part in parts:
        twice = part.serial in chassis or times[part.serial] > 1
        if part.kind == "chassis" or not part.serial or not twice:
            kept.append(part)
        elif part.kind == "stack":
            kept.append(msgspec.structs.replace(part, serial=""))
    shown = [part for part in kept if part.kind != "module" or part.serial]
    if not any(part.serial for part in shown if part.kind != "module"):
        # The unit is a module of an empty stack: it is the chassis.
        shown = [
            msgspec.structs.replace(part, kind="chassis") if part.kind == "module" else part
            for part in shown
        ]
    return [part for part in shown if part.kind != "stack" or part.serial or part.model]


def _makers(snmp: Snmp, object_id: str, own: list[str]) -> Part | None:
    """The first of its maker's own places that holds a serial, or else a model."""
    best: Part | None = None
    number = scalars.number(object_id)
    for place in scalars.table().serials:
        if place.maker != number:
            continue
        try:
            said = snmp.get(place.asked())
        except CannotAsk:
            return best
        part = Part(
            kind="chassis",
            serial=values.serial(said.get(place.serial), own),
            model=values.model(said.get(place.model)),
            firmware=values.name(said.get(place.firmware)),
        )
        if part.serial:
            return part
        best = best or (part if part.model or part.firmware else None)
    return best


def _with_makers(parts: list[Part], own: Part | None) -> list[Part]:
    """The maker's serial on the one chassis there is, or as a chassis."""
    if own is None:
        return parts
    chassis = [part for part in parts if part.kind == "chassis"]
    if len(chassis) != 1:
        return [own, *parts]
    filled = msgspec.structs.replace(
        chassis[0],
        serial=own.serial,
        model=chassis[0].model or own.model,
        firmware=chassis[0].firmware or own.firmware,
    )
    return [filled, *(part for part in parts if part.kind != "chassis")]
