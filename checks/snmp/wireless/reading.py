"""Which maker's module is asked, by the device's enterprise number."""

from collections.abc import Callable
from typing import Final

from checks.snmp import scalars
from checks.snmp.asking import Snmp
from checks.surveys.equipment import Wireless

MAKERS: Final[dict[int, Callable[[Snmp], Wireless | None]]] = {}


def read(snmp: Snmp, object_id: str) -> Wireless | None:
    """What it says of its networks; None: it is of no maker with any."""
    ask = MAKERS.get(scalars.number(object_id))
    return ask(snmp) if ask else None
