r"""Ways out of a Windows machine, by classes of `root/StandardCimv2`.

- `MSFT_NetRoute` to `0.0.0.0/0`: `NextHop` and card; without one, to `::/0`, whose gateway stands
  behind a link-local address that tells nothing.
- `MSFT_NetNeighbor`: who answers for the gateway.
- `MSFT_NetAdapter`: `NdisPhysicalMedium` 8 is a modem, 9 and 1 are wireless, 10 is Bluetooth; a
  phone on a cable shows by its driver (`usbrndis6.sys`, `netaapl64.sys`, …), never by a name that
  is translated; a card that is not hardware is a tunnel.
- `MSFT_DNSClientServerAddress`: whom cards with a way out ask for names.
"""

import ipaddress
from typing import Final

from checks.host import CannotLook, Host
from checks.network.facts import Uplink, Way
from checks.network.uplinks import ordered, uplink
from checks.unseen import Maybe, Unseen
from checks.windows import Row, row_flag, row_number, row_text

SPACE: Final = "root/StandardCimv2"
ROUTES: Final = "MSFT_NetRoute WHERE DestinationPrefix='0.0.0.0/0'"
ROUTES_IPV6: Final = "MSFT_NetRoute WHERE DestinationPrefix='::/0'"
ADAPTER: Final = ("InterfaceIndex", "NdisPhysicalMedium", "HardwareInterface", "DriverName")
_MODEM: Final = 8
_MEDIA: Final[dict[int | None, Way]] = {8: "mobile", 10: "mobile", 1: "wireless", 9: "wireless"}
_PHONES: Final = ("usbrndis6.sys", "usb80236.sys", "usb8023x.sys", "netaapl64.sys", "netaapl.sys")
_MOST: Final = 8
_NOWHERE: Final = ("0.0.0.0", "::")  # noqa: S104  (a word read, nothing is bound)


def uplinks(host: Host) -> list[Uplink]:
    """Every way out. Raises CannotLook."""
    cards = {row_number(row, "InterfaceIndex"): row for row in _adapters(host)}
    hops = _hops(host, ROUTES)
    if not hops:
        blind = Unseen("unsupported")
        later = _hops(host, ROUTES_IPV6)
        return ordered([uplink(host, _way(cards.get(card)), blind) for card, _ in later])
    ways = [(_way(cards.get(card)), _mac(host, card, hop)) for card, hop in hops]
    return ordered([uplink(host, way, mac) for way, mac in ways])


def _hops(host: Host, routes: str) -> list[tuple[int | None, str]]:
    rows = host.wmi(routes, SPACE, ("InterfaceIndex", "NextHop"))
    hops = {(row_number(row, "InterfaceIndex"), row_text(row, "NextHop") or "") for row in rows}
    return sorted(hops, key=lambda hop: (hop[0] or 0, hop[1]))[:_MOST]


def _mac(host: Host, card: int | None, hop: str) -> Maybe[str | None]:
    if hop in _NOWHERE:
        return None
    try:
        plain = str(ipaddress.ip_address(hop))
    except ValueError:
        return Unseen("parse-error")
    asked = f"MSFT_NetNeighbor WHERE IPAddress='{plain}'"
    for row in host.wmi(asked, SPACE, ("InterfaceIndex", "LinkLayerAddress")):
        if row_number(row, "InterfaceIndex") == card:
            return row_text(row, "LinkLayerAddress") or Unseen("unsupported")
    return Unseen("unsupported")


def _adapters(host: Host) -> list[Row]:
    return host.wmi("MSFT_NetAdapter", SPACE, ADAPTER)


def _way(card: Row | None) -> Way:
    if card is None:
        return "other"
    driver = (row_text(card, "DriverName") or "").casefold().rpartition("\\")[2]
    if driver in _PHONES:
        return "mobile"
    medium = _MEDIA.get(row_number(card, "NdisPhysicalMedium"))
    if medium is not None:
        return medium
    return "wired" if row_flag(card, "HardwareInterface") else "tunnel"


def modems(host: Host) -> int:
    """Modems for mobile networks that are fitted or plugged in. Raises CannotLook."""
    return sum(row_number(row, "NdisPhysicalMedium") == _MODEM for row in _adapters(host))


def resolvers(host: Host) -> list[str]:
    """Whom it asks for names. Raises CannotLook."""
    out = {card for card, _ in [*_hops(host, ROUTES), *_hops(host, ROUTES_IPV6)]}
    found: dict[str, None] = {}
    asked = ("InterfaceIndex", "ServerAddresses")
    for row in host.wmi("MSFT_DNSClientServerAddress", SPACE, asked):
        addresses = row.get("ServerAddresses")
        if row_number(row, "InterfaceIndex") not in out or addresses is None:
            continue
        if not isinstance(addresses, list):
            raise CannotLook("parse-error", "ServerAddresses")
        for one in addresses[:_MOST]:
            try:
                found[str(ipaddress.ip_address(str(one).partition("%")[0]))] = None
            except ValueError as error:
                raise CannotLook("parse-error", "ServerAddresses") from error
    return [*found]
