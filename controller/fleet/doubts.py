"""Computers whose entry in the register is in doubt, as they describe themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from controller.fleet.listing import Row, row_of
from controller.fleet.models import Device


@dataclass(frozen=True, slots=True)
class InDoubt:
    """One computer. `why`: "ambiguous" | "claimed" | "moved"; `entry`: the one it has, or "";
    `factors`: the marks it shows now, as it wrote them; hostile like its name and model."""

    row: Row
    why: str
    entry: str
    name: str
    model: str
    factors: Mapping[str, Sequence[str]]


def in_doubt(devices: QuerySet[Device], most: int, now: int) -> list[InDoubt]:
    """The first of them, by name: one query."""
    rows = devices.filter(state="active").exclude(asset_doubt="").select_related("asset")
    return [
        InDoubt(
            row=row_of(device, now),
            why=device.asset_doubt,
            entry=device.asset_id or "",
            name=device.name,
            model=device.model,
            factors=device.doubted_marks or device.factors,
        )
        for device in rows.order_by("name", "id")[:most]
    ]
