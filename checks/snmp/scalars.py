"""What makers say of themselves outside the standard MIBs: `makers.toml` and `answers.toml`, read
once."""

import datetime
import functools
from typing import Literal

import msgspec

from checks import shipped
from checks.surveys.equipment import Kind

ENTERPRISES = "1.3.6.1.4.1."


class Maker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who has a number, and what their devices mostly are."""

    name: str
    kind: Kind = "unknown"


class Serials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one maker's devices keep what they are; "" where they do not."""

    maker: int
    serial: str = ""
    model: str = ""
    firmware: str = ""

    def asked(self) -> list[str]:
        """Those of the three that there are."""
        return [oid for oid in (self.serial, self.model, self.firmware) if oid]


class Supply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one maker's UPSs keep their battery's state. `on`: answers of `source` that mean it
    lives on its battery."""

    maker: int
    source: str
    on: list[int]
    left: str
    unit: Literal["ticks", "seconds", "minutes"]
    battery: str = ""


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Both files."""

    as_of: datetime.date
    makers: dict[str, Maker]
    models: dict[str, Kind]
    words: dict[Kind, list[str]]
    serials: list[Serials]
    power: list[Supply]


@functools.cache
def table() -> Table:
    """Both, checked against their own shape."""
    both = shipped.toml("snmp/makers.toml") | shipped.toml("snmp/answers.toml")
    return msgspec.convert(both, Table)


def number(object_id: str) -> int:
    """The enterprise in a sysObjectID; 0 where it is none."""
    first, _, _ = object_id.removeprefix(ENTERPRISES).partition(".")
    return int(first) if object_id.startswith(ENTERPRISES) and first.isdigit() else 0


def maker(object_id: str) -> Maker:
    """Who made it; nameless where nobody knows."""
    return table().makers.get(str(number(object_id)), Maker(name=""))


@functools.cache
def all_oids() -> frozenset[str]:
    """Every answer named in them."""
    serials = {oid for one in table().serials for oid in one.asked()}
    supplies = {oid for one in table().power for oid in (one.source, one.left, one.battery) if oid}
    return frozenset(serials | supplies)
