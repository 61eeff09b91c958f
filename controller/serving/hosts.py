"""Names and addresses this controller answers to; a request under any other name is refused.

A name that is not ours in a request is how another web page would reach a controller inside the
school (DNS rebinding), so nothing is allowed wholesale. Trap: `--listen 0.0.0.0` names no address,
and a school's first visit is by number, so the machine's own is found out.
"""

import socket
from typing import Final

from controller.config import Config

EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104  compared, never bound
_NOWHERE: Final = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
"""Addresses for documentation: they give a route, and nothing is ever sent to them."""


def allowed(config: Config) -> list[str]:
    """For Django's ALLOWED_HOSTS."""
    machine = socket.gethostname().lower()
    names = {"localhost", "127.0.0.1", "[::1]", machine, socket.getfqdn().lower()}
    if "." not in machine:
        names.add(f"{machine}.local")
    if config.listen in EVERYWHERE:
        names |= {bracketed(found) for family in _NOWHERE if (found := own_address(family))}
    else:
        names.add(bracketed(config.listen))
    return sorted(names | {config.https_name.lower(), *config.hosts} - {""})


def own_address(family: int) -> str:
    """The address this machine would speak from, or "" where it has none of that family."""
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((_NOWHERE[socket.AddressFamily(family)], 9))
            return str(probe.getsockname()[0])
    except OSError:
        return ""


def bracketed(address: str) -> str:
    """An IPv6 address as it stands in a web address."""
    return f"[{address}]" if ":" in address else address
