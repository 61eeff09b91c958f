"""What came with the system, and how often its maker gives out definitions, by the table of
products.

A limit in hours is right for makers who publish every day; one who publishes every few weeks is as
fresh as can be for weeks. A school's limits hold wherever they are the longer.
"""

from typing import Final

import msgspec

from checks.antivirus.products import table

_DAY: Final = 86_400
_TABLE: Final = "products_macos"


class Pace(msgspec.Struct, frozen=True):
    """The least that each limit may be, in seconds."""

    fresh: int = 0
    old: int = 0
    ancient: int = 0


def of(product: str) -> Pace:
    """The pace of a product's maker; nothing to add for one that publishes every day."""
    row = table(_TABLE).get(product)
    if row is None or not row.built_in:
        return Pace()
    days = (row.fresh_days or 0, row.old_days or 0, row.ancient_days or 0)
    return Pace(*(_DAY * one for one in days))


def built_in(product: str) -> bool:
    """Whether a product came with the system."""
    row = table(_TABLE).get(product)
    return row is not None and row.built_in
