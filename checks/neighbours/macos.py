"""Neighbours of a Mac: `arp -an`, which anybody may ask; for an incomplete line nobody answered.

Of IPv6 (`ndp -an`) nothing is asked: what speaks IPv6 alone is not seen here. Written after Apple's
manual and public outputs; never run on macOS.
"""

from typing import Final

from checks.formats import arp_table
from checks.host import CannotLook, Host
from checks.neighbours.telling import Row, told
from checks.policy import Policy
from checks.surveys.lan import WITHHELD, Neighbours

ARP: Final = ("/usr/sbin/arp", "-an")


def read_now(host: Host, policy: Policy) -> Neighbours:
    """Those on the school's own networks; nothing is asked where it has listed none.

    Raises CannotLook.
    """
    if not policy.gateways:
        return WITHHELD
    ran = host.run(ARP)
    if ran.code != 0:
        raise CannotLook("parse-error", f"arp exited {ran.code}")
    rows = [Row(one.card, one.address, one.mac) for one in arp_table.rows(ran.out)]
    return told(rows, policy.gateways)
