"""Whether this computer is at school, and what stays untold where it is not (O19).

The school's policy lists its ways out by their MAC. A computer that sees none of them, or cannot
look, is off site: of the Wi-Fi it is on, only the kind of protection is told. Saved networks are
told as ever, by this device's own aliases: they are the same wherever the computer is. Of
neighbours' networks nothing is kept anywhere.

Trap: a way out over IPv6 alone is not seen, so such a network counts as off site.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from checks.host import CannotLook, Host
from checks.unseen import Unseen
from checks.wireless.facts import WirelessNow

if TYPE_CHECKING:
    from agent.collect.budget import Sections

ROUTES: Final = "/proc/net/route"
NEIGHBOURS: Final = "/proc/net/arp"
_USABLE: Final = 0x3
"""RTF_UP and RTF_GATEWAY of <linux/route.h>."""


def off_site(host: Host, gateways: Sequence[str]) -> bool:
    """Whether none of the school's ways out is ours now. Without a list there is no such notion."""
    if not gateways:
        return False
    try:
        seen = gateways_of(host)
    except (CannotLook, ValueError):
        return True
    return not seen & {gateway.lower() for gateway in gateways}


def gateways_of(host: Host) -> set[str]:
    """The MACs of this machine's IPv4 ways out. Raises CannotLook, ValueError."""
    hops = set()
    for row in _rows(host, ROUTES):
        if len(row) > 3 and row[1] == "00000000" and int(row[3], 16) & _USABLE == _USABLE:
            octets = bytes.fromhex(row[2])[::-1]  # lowest byte first: x86 and ARM
            hops.add(".".join(map(str, octets)))
    return {row[3].lower() for row in _rows(host, NEIGHBOURS) if len(row) > 3 and row[0] in hops}


def withheld(sections: "Sections") -> "Sections":
    """The same without the names of the networks it is on."""
    now = sections.get(WirelessNow)
    if not isinstance(now, WirelessNow) or isinstance(now.links, Unseen):
        return sections
    blind = Unseen("withheld")
    links = [msgspec.structs.replace(link, ssid=blind) for link in now.links]
    return {**sections, WirelessNow: WirelessNow(links=links)}


def _rows(host: Host, path: str) -> list[list[str]]:
    data = host.read(path)
    if data is None:
        raise CannotLook("unsupported", path)
    return [line.split() for line in data.decode("ascii", "replace").splitlines()[1:]]
