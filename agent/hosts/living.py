"""What is alive on this machine: programs, listening sockets, network interfaces.

`psutil` reads the first two the same way on every system. Interfaces come from sysfs on Linux,
because only `addr_assign_type` tells a card's own address from a randomised one (collectors §10).
"""

from collections.abc import Callable
from typing import Literal

import psutil

from checks.host import (
    CannotLook,
    Host,
    Interface,
    Interfaces,
    Listener,
    Listeners,
    Process,
    Processes,
)

NET = "/sys/class/net"
_LOOPBACK_TYPE = "772"
_ETHERNET_TYPE = "1"


def processes(alias: Callable[[str, str], str]) -> Processes:
    """Running programs, sorted by number; a program that ends while we look is left out."""
    found = []
    for process in psutil.process_iter():
        try:
            exe = _exe(process)
            if exe is None and not process.cmdline():
                continue  # a kernel thread
            found.append(
                Process(process.pid, process.name(), exe, alias("user", process.username()))
            )
        except psutil.NoSuchProcess:
            continue
        except psutil.AccessDenied:
            continue
    return sorted(found, key=lambda process: process.pid)


def _exe(process: psutil.Process) -> str | None:
    try:
        return process.exe() or None
    except (psutil.AccessDenied, FileNotFoundError):
        return None


def listeners() -> Listeners:
    """Listening TCP and bound UDP sockets. Raises CannotLook("denied") where the system hides them
    all."""
    try:
        connections = psutil.net_connections("inet")
    except psutil.AccessDenied as error:
        raise CannotLook("denied", "sockets") from error
    names = {process.pid: process.info["name"] for process in psutil.process_iter(["name"])}
    found = set()
    for connection in connections:
        tcp = connection.type == 1
        if tcp and connection.status != psutil.CONN_LISTEN:
            continue
        if not connection.laddr or (not tcp and connection.raddr):
            continue
        address, port = connection.laddr
        found.add(("tcp" if tcp else "udp", address, port, names.get(connection.pid or -1)))
    ordered = sorted(found, key=lambda row: (row[0], row[2], row[1], row[3] or ""))
    return [Listener("tcp" if row[0] == "tcp" else "udp", *row[1:]) for row in ordered]


def interfaces(host: Host) -> Interfaces:
    """Interfaces by name."""
    names = host.list(NET) if host.platform == "linux" else None
    if names is None:
        return _portable_interfaces()
    return [_interface(host, name) for name in names if host.link(f"{NET}/{name}") is not None]


def _interface(host: Host, name: str) -> Interface:
    def field(leaf: str) -> str | None:
        try:
            data = host.read(f"{NET}/{name}/{leaf}", 4096)
        except CannotLook:
            return None  # a card that is down refuses some of its files
        return None if data is None else data.decode("utf-8", "replace").strip()

    mac = field("address")
    assigned = field("addr_assign_type")
    flags = field("flags")
    return Interface(
        name,
        None if not mac or set(mac) <= {"0", ":"} else mac.lower(),
        None if assigned is None else assigned == "0",
        _kind(host, name, field("type")),
        bool(int(flags, 16) & 1) if flags else False,
    )


def _kind(
    host: Host, name: str, number: str | None
) -> Literal["wired", "wireless", "virtual", "loopback", "other"]:
    if number == _LOOPBACK_TYPE:
        return "loopback"
    if host.stat(f"{NET}/{name}/wireless") or host.stat(f"{NET}/{name}/phy80211"):
        return "wireless"
    if host.link(f"{NET}/{name}/device") is None:
        return "virtual"
    return "wired" if number == _ETHERNET_TYPE else "other"


def _portable_interfaces() -> Interfaces:
    """What psutil knows anywhere: it cannot tell a permanent address, so that stays unknown."""
    states = psutil.net_if_stats()
    found = []
    for name, addresses in sorted(psutil.net_if_addrs().items()):
        mac = next((a.address for a in addresses if a.family == psutil.AF_LINK), None)
        up = name in states and states[name].isup
        found.append(
            Interface(name, mac.lower().replace("-", ":") if mac else None, None, "other", up)
        )
    return found
