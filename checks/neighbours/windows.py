"""Neighbours of a Windows computer: `MSFT_NetNeighbor` in `root/StandardCimv2`, as
`Get-NetNeighbor` shows it; IPv4 and IPv6, and ordinary users may ask.

`State` 0 is unreachable and 1 incomplete: nobody answered. 6 is permanent: groups, whose MACs have
the group bit, and what somebody set by hand. Written after Microsoft's documentation; never run on
Windows.
"""

from typing import Final

from checks.host import Host
from checks.neighbours.telling import Row, told
from checks.policy import Policy
from checks.surveys.lan import WITHHELD, Neighbours
from checks.windows import row_number, row_text

SPACE: Final = "root/StandardCimv2"
FIELDS: Final = ("InterfaceIndex", "IPAddress", "LinkLayerAddress", "State")
_NOBODY_ANSWERED: Final = (0, 1)


def read_now(host: Host, policy: Policy) -> Neighbours:
    """Those on the school's own networks; nothing is asked where it has listed none.

    Raises CannotLook.
    """
    if not policy.gateways:
        return WITHHELD
    rows = [
        Row(
            card=str(row_number(row, "InterfaceIndex")),
            address=row_text(row, "IPAddress") or "",
            mac=row_text(row, "LinkLayerAddress") or "",
        )
        for row in host.wmi("MSFT_NetNeighbor", SPACE, FIELDS)
        if row_number(row, "State") not in _NOBODY_ANSWERED
    ]
    return told(rows, policy.gateways)
