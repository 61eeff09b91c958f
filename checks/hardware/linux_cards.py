"""Network cards of a Linux machine, with the address each card was made with.

A card's own address is `permanent` when the kernel says so and it is globally administered: a
virtual machine's made-up `02:…` and a phone's randomised address identify nothing. Where software
has set another address (Wi-Fi privacy), `ip -j link` still tells the card's own. Cards on USB are
docks and dongles: they move between machines and belong in the drifting section.
"""

from typing import Final, Literal

from checks.formats import ip_link
from checks.formats.errors import ParseError
from checks.hardware.facts import NetworkCard
from checks.hardware.placeholders import is_made_up_mac, is_placeholder_mac, mac_key
from checks.host import CannotLook, Host, Interface, attempt, output
from checks.unseen import Maybe, Unseen

NET: Final = "/sys/class/net"
_KINDS: Final[dict[str, Literal["wired", "wireless"]]] = {
    "wired": "wired",
    "wireless": "wireless",
}


def cards(host: Host) -> list[tuple[NetworkCard, bool]]:
    """Each physical card and whether it is plugged in from outside, by name. Raises CannotLook."""
    real = [
        i
        for i in host.interfaces()
        if i.kind in ("wired", "wireless") or (i.kind == "other" and i.mac)
    ]
    changed = any(i.permanent is False for i in real)
    own: Maybe[list[str]] = []
    names: dict[str, str] = {}
    if changed:
        try:
            names = ip_link.parse(output(host, ["ip", "-j", "link", "show"]).encode())
        except CannotLook as blind:
            own = Unseen(blind.reason)
        except ParseError:
            own = Unseen("parse-error")
    return [(_card(i, names, own), _outside(host, i.name)) for i in real]


def _card(interface: Interface, names: dict[str, str], asked: Maybe[list[str]]) -> NetworkCard:
    mac: Maybe[str | None] = mac_key(interface.mac) if interface.mac else None
    if interface.permanent is False:
        own = names.get(interface.name)
        mac = own if own is not None else (asked if isinstance(asked, Unseen) else None)
    if isinstance(mac, str) and is_placeholder_mac(mac):
        mac = None
    burnt = isinstance(mac, str) and interface.permanent is not None and not is_made_up_mac(mac)
    return NetworkCard(interface.name, _KINDS.get(interface.kind, "other"), mac, burnt)


def _outside(host: Host, name: str) -> bool:
    target = attempt(host.link, f"{NET}/{name}")
    return isinstance(target, str) and "/usb" in target
