"""Whether this Linux machine has a network at this moment, by the kernel's own routes.

Connected is who has a way out (a default route), or any address on a card of the machine's own: a
school behind a proxy may hand out no way out at all. What containers and virtual machines talk over
inside the computer is no network, nor is an address a card gave itself for want of one (169.254,
fe80).
"""

from typing import Final

from checks.host import CannotLook, Host

IPV4: Final = "/proc/net/route"
IPV6: Final = "/proc/net/ipv6_route"
CARDS: Final = "/sys/class/net"
BOOT_ID: Final = "/proc/sys/kernel/random/boot_id"
_LIMIT: Final = 4 << 20
_UP, _REJECT = 0x1, 0x200
"""RTF_UP and RTF_REJECT of <linux/route.h>."""
_OWN_WORK: Final = ("fe80", "ff")
_OWN_WORK_IPV4: Final = "FEA9"
"""169.254.0.0 as the kernel prints it, lowest byte first: x86 and ARM."""
_NOTHING_THERE: Final = (b"down", b"lowerlayerdown", b"notpresent", b"dormant")
"""States of a card (RFC 2863) in which nothing goes over it."""


def start(host: Host) -> str:
    """What names this start of the machine. Raises CannotLook."""
    name = (host.read(BOOT_ID, 4096) or b"").decode("ascii", "replace").strip()
    if not name:
        raise CannotLook("unsupported", BOOT_ID)
    return name[:64]


def connected(host: Host) -> bool:
    """Whether there is a route out of this machine. Raises CannotLook."""
    tables = [host.read(path, _LIMIT) for path in (IPV4, IPV6)]
    if tables == [None, None]:
        raise CannotLook("unsupported", "no /proc/net")
    ipv4, ipv6 = ((table or b"").decode("ascii", "replace").splitlines() for table in tables)
    routes = {route for route in (*map(_ipv4, ipv4[1:]), *map(_ipv6, ipv6)) if route is not None}
    return any((out or _own(host, card)) and _carries(host, card) for card, out in routes)


def _ipv4(line: str) -> tuple[str, bool] | None:
    """The card of a usable route and whether it leads everywhere; None for one that does not
    count."""
    words = line.split()
    if len(words) < 8 or not _flags(words[3]) & _UP or _flags(words[3]) & _REJECT:
        return None
    out = words[1] == words[7] == "00000000"
    return None if words[1].endswith(_OWN_WORK_IPV4) else (words[0], out)


def _ipv6(line: str) -> tuple[str, bool] | None:
    words = line.split()
    if len(words) < 10 or not _flags(words[8]) & _UP or _flags(words[8]) & _REJECT:
        return None
    if words[9] == "lo" or words[0].startswith(_OWN_WORK):
        return None
    return words[9], words[1] == "00" and not words[0].strip("0")


def _flags(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        return 0


def _own(host: Host, card: str) -> bool:
    return host.link(f"{CARDS}/{card}/device") is not None


def _carries(host: Host, card: str) -> bool:
    """False with the cable out: routes may outlive it. Where the system does not say, they
    count."""
    said = host.read(f"{CARDS}/{card}/operstate", 4096) or b""
    return said.strip() not in _NOTHING_THERE
