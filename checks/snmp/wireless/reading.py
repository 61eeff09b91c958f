"""Which maker's module is asked, by the device's enterprise number."""

from collections.abc import Callable
from typing import Final

from checks.snmp import scalars
from checks.snmp.asking import Snmp
from checks.snmp.wireless import aruba, cisco, meraki, mikrotik, ruckus, unifi
from checks.surveys.equipment import Wireless

MAKERS: Final[dict[int, Callable[[Snmp], Wireless | None]]] = {
    9: cisco.read,
    14179: cisco.read,
    14823: aruba.read,
    14988: mikrotik.read,
    25053: ruckus.read,
    29671: meraki.read,
    41112: unifi.read,
    10002: unifi.read,
    8072: unifi.read,  # an access point that hides behind its system
}


def read(snmp: Snmp, object_id: str) -> Wireless | None:
    """What it says of its networks; None: it is of no maker with any."""
    ask = MAKERS.get(scalars.number(object_id))
    return ask(snmp) if ask else None
