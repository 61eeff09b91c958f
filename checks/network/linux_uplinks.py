"""Ways out of a Linux machine: default routes, who answers for each gateway, who for names.

- `/proc/net/route` and `/proc/net/arp`; where IPv4 has no way out, whether `/proc/net/ipv6_route`
  has one, whose gateway nothing here can name.
- A phone or a modem shows by the driver of the card (`rndis_host`, `ipheth`, `qmi_wwan`, …), by
  `DEVTYPE=wwan`, or by Bluetooth's `bnep`; docks that use `cdc_ncm` or `cdc_ether` are wired.
- Names: `/etc/resolv.conf`; behind systemd-resolved's or NetworkManager's own resolver, theirs.
"""

from typing import Final

from checks.formats import resolv_conf
from checks.host import CannotLook, Host, Interface, read_text
from checks.network.facts import Uplink, Way
from checks.network.uplinks import ordered, uplink
from checks.unseen import Unseen

ROUTES: Final = "/proc/net/route"
ROUTES_IPV6: Final = "/proc/net/ipv6_route"
NEIGHBOURS: Final = "/proc/net/arp"
NET: Final = "/sys/class/net"
_UP, _GATEWAY, _REJECT = 0x1, 0x2, 0x200
"""RTF_UP, RTF_GATEWAY and RTF_REJECT of <linux/route.h>."""
_NAMELESS: Final = Unseen("unsupported")
_MOBILE: Final = frozenset({"rndis_host", "ipheth", "qmi_wwan", "cdc_mbim", "sierra_net", "hso"})
_RESOLVERS: Final = ("/run/systemd/resolve/resolv.conf", "/run/NetworkManager/no-stub-resolv.conf")


def uplinks(host: Host) -> list[Uplink]:
    """Every way out. Raises CannotLook."""
    table = read_text(host, ROUTES)
    if table is None:
        raise CannotLook("unsupported", ROUTES)
    try:
        hops = [hop for line in table.splitlines()[1:] if (hop := _hop(line.split())) is not None]
    except ValueError as error:
        raise CannotLook("parse-error", ROUTES) from error
    cards = {card.name: card for card in host.interfaces()}
    if not hops:
        return [uplink(host, _way(host, cards.get(card)), _NAMELESS) for card in _ipv6(host)]
    rows = [line.split() for line in (read_text(host, NEIGHBOURS) or "").splitlines()[1:]]
    macs = {(row[5], row[0]): row[3] for row in rows if len(row) > 5}
    found = []
    for card, gateway in hops:
        way = _way(host, cards.get(card))
        if gateway is None:
            found.append(uplink(host, way, None))
        else:
            found.append(uplink(host, way, macs.get((card, gateway), Unseen("unsupported"))))
    return ordered(found)


def _hop(row: list[str]) -> tuple[str, str | None] | None:
    """Card and gateway of a default route. Raises ValueError."""
    if len(row) < 8 or row[1] != "00000000" or row[7] != "00000000":
        return None
    flags = int(row[3], 16)
    if not flags & _UP or flags & _REJECT:
        return None
    octets = bytes.fromhex(row[2])[::-1]  # lowest byte first: x86 and ARM
    return row[0], ".".join(map(str, octets)) if flags & _GATEWAY else None


def _ipv6(host: Host) -> list[str]:
    """Cards that lead out by IPv6."""
    rows = [line.split() for line in (read_text(host, ROUTES_IPV6) or "").splitlines()]
    found = set()
    for row in rows:
        if len(row) < 10 or row[9] == "lo" or row[1] != "00" or row[0].strip("0"):
            continue
        try:
            flags = int(row[8], 16)
        except ValueError as error:
            raise CannotLook("parse-error", ROUTES_IPV6) from error
        if flags & _UP and not flags & _REJECT:
            found.add(row[9])
    return sorted(found)


def _way(host: Host, card: Interface | None) -> Way:
    if card is None:
        return "other"
    if card.kind == "wireless":
        return "wireless"
    if _is_mobile(host, card):
        return "mobile"
    if card.kind == "wired":
        return "wired"
    if card.kind != "virtual":
        return "other"
    joined = any(host.stat(f"{NET}/{card.name}/{one}") for one in ("bridge", "bonding"))
    return "wired" if joined else "other" if card.mac else "tunnel"


def _is_mobile(host: Host, card: Interface) -> bool:
    if card.kind == "virtual":
        return card.name.startswith("bnep")
    driver = (host.link(f"{NET}/{card.name}/device/driver") or "").rpartition("/")[2]
    return driver in _MOBILE or _is_modem(host, card)


def _is_modem(host: Host, card: Interface) -> bool:
    lines = (read_text(host, f"{NET}/{card.name}/uevent") or "").splitlines()
    return "DEVTYPE=wwan" in lines


def modems(host: Host) -> int:
    """Modems for mobile networks that are fitted or plugged in."""
    cards = [card for card in host.interfaces() if card.kind in ("wired", "other")]
    return sum(_is_modem(host, card) for card in cards)


def resolvers(host: Host) -> list[str]:
    """Whom it asks for names; one of its own only where nobody knows whom that one asks."""
    found = resolv_conf.parse(host.read("/etc/resolv.conf") or b"")
    if found and all(one.startswith("127.") for one in found):
        for path in _RESOLVERS:
            data = host.read(path)
            if data is not None:
                return resolv_conf.parse(data)
    return found
