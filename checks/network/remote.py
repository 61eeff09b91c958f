"""Which doors for remote control stand open: the same on every system, from what listens.

A program that is known by its name counts on whatever port it listens, and the port of a service
counts whoever holds it (systemd and launchd hold them for others, Docker for a container). What
listens on the machine's own loopback only does not count, nor do UDP and what a relay brings in
from outside (TeamViewer and its like, which `software-remote-access` looks for).
Traps: a program under a false name on another port is seen as itself, not as what it does; one that
systemd or launchd would start, on a port of its own, is seen as theirs.
"""

import ipaddress
from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Final

from checks.host import CannotLook, Listener, Listeners
from checks.network.facts import Kind, Service
from checks.unseen import Maybe, Unseen

PROGRAMS: Final[tuple[tuple[str, Kind], ...]] = (
    *((name, "ssh") for name in ("sshd", "sshd-session", "sshd:*", "dropbear", "tinysshd")),
    *((name, "ssh") for name in ("bvsshserver", "freesshdservice")),
    *((name, "rdp") for name in ("xrdp", "gnome-remote-de*", "krdpserver", "krdp")),
    *((name, "vnc") for name in ("xvnc*", "xtigervnc", "xtightvnc", "x0vncserver", "x11vnc")),
    *((name, "vnc") for name in ("x0tigervncserve*", "vino-server", "krfb", "wayvnc", "winvnc*")),
    *((name, "vnc") for name in ("tvnserver", "vncserver*", "uvnc_service", "vncagent")),
    *((name, "vnc") for name in ("screensharingd", "ardagent", "w0vncserver", "kmsvnc")),
    *((name, "telnet") for name in ("in.telnetd", "telnetd", "utelnetd", "tlntsvr")),
)
"""Short names in lower case, without `.exe`; the kernel cuts Linux' after 15 characters."""
PORTS: Final[Mapping[int, Kind]] = {
    22: "ssh",
    23: "telnet",
    3283: "vnc",
    3389: "rdp",
    **dict.fromkeys(range(5900, 5906), "vnc"),
    5985: "winrm",
    5986: "winrm",
}
"""By IANA; 3283 is Apple's Remote Desktop, and VNC's displays 0 to 5 stand one above another."""


def services(found: Listeners, own: Mapping[int, Kind] | None = None) -> list[Service]:
    """Each door that others can reach. `own`: ports this machine's settings give a service."""
    ports = {**PORTS, **(own or {})}
    doors = {
        (kind, one.port) for one in reachable(found) if (kind := _kind(one, ports)) is not None
    }
    return [Service(kind, port) for kind, port in sorted(doors)]


def seen(found: Maybe[Listeners]) -> Listeners:
    """Raises CannotLook where nobody could see what listens."""
    if isinstance(found, Unseen):
        raise CannotLook(found.unseen, "what listens")
    return found


def offers(found: Listeners, kind: Kind, own: Mapping[int, Kind] | None = None) -> bool:
    """Whether there is a door of that kind."""
    return any(service.kind == kind for service in services(found, own))


def unnamed(found: Listeners, without: Collection[int] = ()) -> int:
    """How many ports are held by programs whose name nobody could see, and are no service's."""
    ports = {one.port for one in reachable(found) if one.process is None}
    return len(ports - set(PORTS) - set(without))


def reachable(found: Listeners) -> Iterable[Listener]:
    """TCP on an address that is not loopback."""
    return (one for one in found if one.protocol == "tcp" and not _loopback(one.address))


def running(found: Listeners, kind: Kind, names: Collection[str]) -> bool:
    """Whether a program of one of these names holds a door of that kind."""
    return any(_kind(one, PORTS) == kind and _short(one) in names for one in reachable(found))


def _kind(one: Listener, ports: Mapping[int, Kind]) -> Kind | None:
    short = _short(one)
    for pattern, kind in PROGRAMS:
        if short and fnmatchcase(short, pattern):
            return kind
    return ports.get(one.port)


def _short(one: Listener) -> str:
    return (one.process or "").casefold().removesuffix(".exe")


def _loopback(address: str) -> bool:
    try:
        told = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = told.ipv4_mapped if isinstance(told, ipaddress.IPv6Address) else None
    return (mapped or told).is_loopback
