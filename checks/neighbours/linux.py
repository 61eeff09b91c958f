"""Neighbours of a Linux computer: `/proc/net/arp`, which anybody may read.

A line is address, type of card (0x1: Ethernet, Wi-Fi too), flags (0x0: nobody answered), MAC, mask,
card. Of IPv6 the kernel tells its list to programs only (`ip -6 neigh`): what speaks IPv6 alone is
not seen here. Seen on Debian 12.
"""

from typing import Final

from checks.host import CannotLook, Host, read_text
from checks.neighbours.telling import Row, told
from checks.policy import Policy
from checks.surveys.lan import WITHHELD, Neighbours

TABLE: Final = "/proc/net/arp"
_ETHERNET: Final = "0x1"
_NOBODY_ANSWERED: Final = "0x0"


def read_now(host: Host, policy: Policy) -> Neighbours:
    """Those on the school's own networks; nothing is read where it has listed none.

    Raises CannotLook.
    """
    if not policy.gateways:
        return WITHHELD
    text = read_text(host, TABLE)
    if text is None:
        raise CannotLook("unsupported", TABLE)
    return told(filter(None, map(_row, text.splitlines()[1:])), policy.gateways)


def _row(line: str) -> Row | None:
    words = line.split()
    if len(words) != 6 or words[1] != _ETHERNET or words[2] == _NOBODY_ANSWERED:
        return None
    return Row(words[5], words[0], words[3])
