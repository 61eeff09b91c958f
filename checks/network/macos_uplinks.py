"""Ways out of a Mac: `netstat -rn -f inet`, `arp -n` of each gateway, what kind of card each is.

The kind is `hardware` of `system_profiler -json SPNetworkDataType` (`AirPort` is wireless). A phone
on a cable or over Bluetooth is told only by the service's own name (`iPhone USB`, `Bluetooth PAN`),
which Apple does not translate but people may change; then it counts as wired. `utun` and `ppp` are
tunnels. Names: `/private/var/run/resolv.conf`, which the system writes for the first service.
Modems inside a Mac there are none; one that is plugged in shows as a way out only.
"""

import ipaddress
from typing import Final

from checks import macos
from checks.formats import arp_table, netstat_routes, resolv_conf
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, attempt
from checks.network.facts import Uplink, Way
from checks.network.uplinks import ordered, uplink
from checks.unseen import Maybe, Unseen

_ROUTES: Final = ("/usr/sbin/netstat", "-rn", "-f", "inet")
_ROUTES_IPV6: Final = ("/usr/sbin/netstat", "-rn", "-f", "inet6")
_ARP: Final = ("/usr/sbin/arp", "-n")
_RESOLV: Final = "/private/var/run/resolv.conf"
_TUNNELS: Final = ("utun", "ppp", "ipsec", "gif", "stf")
_PHONES: Final = ("iphone", "ipad", "bluetooth pan")


def uplinks(host: Host) -> list[Uplink]:
    """Every way out. Raises CannotLook."""
    hops = _hops(host, _ROUTES)
    later = [] if hops else [one for one in _hops(host, _ROUTES_IPV6) if one[0][:4] != "utun"]
    if not hops and not later:
        return []
    kinds = attempt(_kinds, host)
    if not hops:
        blind = Unseen("unsupported")
        return ordered([uplink(host, _way(card, kinds), blind) for card, _ in later])
    return ordered([uplink(host, _way(card, kinds), _mac(host, hop)) for card, hop in hops])


def _told(host: Host, argv: tuple[str, ...]) -> bytes:
    ran = host.run(list(argv))
    if ran.code != 0:
        raise CannotLook("parse-error", argv[0])
    return ran.out


def _hops(host: Host, argv: tuple[str, ...]) -> list[tuple[str, str]]:
    try:
        routes = netstat_routes.parse(_told(host, argv))
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    return [(one.interface, one.gateway) for one in routes if one.destination == "default"]


def _mac(host: Host, hop: str) -> Maybe[str | None]:
    """None: the route ends at the card itself. Of no other neighbour is anything asked."""
    if hop.startswith("link#"):
        return None
    try:
        plain = str(ipaddress.IPv4Address(hop))
    except ValueError:
        return Unseen("parse-error")
    told = arp_table.parse(host.run([*_ARP, plain]).out)  # 1 where nobody answered
    return told.get(plain, Unseen("unsupported"))


def _kinds(host: Host) -> dict[str, Way]:
    found: dict[str, Way] = {}
    for kind in macos.profiled(host, "SPNetworkDataType"):
        for item in kind.items:
            card, hardware = item.values.get("interface"), item.values.get("hardware")
            if not isinstance(card, str):
                continue
            if any(phone in item.name.casefold() for phone in _PHONES):
                found[card] = "mobile"
            else:
                found[card] = "wireless" if hardware == "AirPort" else "wired"
    return found


def _way(card: str, kinds: Maybe[dict[str, Way]]) -> Way:
    if card.startswith(_TUNNELS):
        return "tunnel"
    return "other" if isinstance(kinds, Unseen) else kinds.get(card, "other")


def resolvers(host: Host) -> list[str]:
    """Whom it asks for names. Raises CannotLook."""
    data = host.read(_RESOLV)
    if data is None:
        raise CannotLook("unsupported", _RESOLV)
    return resolv_conf.parse(data)
