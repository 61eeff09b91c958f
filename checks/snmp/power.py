"""A UPS: UPS-MIB, or what its maker has instead."""

from typing import Final, Literal

from checks.formats.snmp_values import Value
from checks.snmp import columns, scalars, values
from checks.snmp.asking import Snmp
from checks.surveys.equipment import Part, Power

QUESTION: Final = (
    columns.UPS_MAKER,
    columns.UPS_MODEL,
    columns.UPS_BATTERY,
    columns.UPS_SECONDS_ON_BATTERY,
    columns.UPS_MINUTES_LEFT,
    columns.UPS_SOURCE,
)
Battery = Literal["unknown", "normal", "low", "depleted"]
_BATTERY: Final[dict[int, Battery]] = {1: "unknown", 2: "normal", 3: "low", 4: "depleted"}
_SOURCE: Final = {1: None, 2: False, 3: False, 4: False, 5: True, 6: False, 7: False}
"""upsOutputSource: other, none, normal, bypass, battery, booster, reducer."""
_TO_MINUTES: Final = {"ticks": 6_000, "seconds": 60, "minutes": 1}
_DOES_NOT_KNOW: Final = 65_535
_NONSENSE: Final = 60 * 24 * 7
"""Minutes no battery lasts; a card that does not know says more."""


def read(snmp: Snmp, said: dict[str, Value], object_id: str, part: Part | None) -> Power | None:
    """What it says; None: nothing it says is a UPS's."""
    supply = next(
        (one for one in scalars.table().power if one.maker == scalars.number(object_id)), None
    )
    own = dict[str, Value]()
    if supply is not None:
        own = snmp.get([oid for oid in (supply.battery, supply.source, supply.left) if oid])
    if columns.UPS_BATTERY not in said and columns.UPS_SOURCE not in said and not own:
        return None
    return Power(
        model=values.model(said.get(columns.UPS_MODEL)) or (part.model if part else ""),
        serial=part.serial if part else "",
        battery=_battery(said, own.get(supply.battery) if supply else None),
        on_battery=_on_battery(said, supply, own),
        minutes_left=_left(said, supply, own),
    )


def _battery(said: dict[str, Value], own: Value | None) -> Battery:
    standard = _BATTERY.get(values.number(said.get(columns.UPS_BATTERY)) or 0, "unknown")
    return standard if standard != "unknown" else _BATTERY.get(values.number(own) or 0, "unknown")


def _on_battery(
    said: dict[str, Value], supply: scalars.Supply | None, own: dict[str, Value]
) -> bool | None:
    source = _SOURCE.get(values.number(said.get(columns.UPS_SOURCE)) or 0)
    if source is not None:
        return source
    if supply is not None and supply.source in own:
        return values.number(own[supply.source]) in supply.on
    seconds = values.number(said.get(columns.UPS_SECONDS_ON_BATTERY))
    return None if seconds is None else seconds > 0


def _left(
    said: dict[str, Value], supply: scalars.Supply | None, own: dict[str, Value]
) -> int | None:
    minutes = values.number(said.get(columns.UPS_MINUTES_LEFT))
    if not minutes and supply is not None:
        given = values.number(own.get(supply.left))
        if given is not None and given != _DOES_NOT_KNOW:
            minutes = given // _TO_MINUTES[supply.unit]
    return minutes if minutes and 0 < minutes <= _NONSENSE else None
