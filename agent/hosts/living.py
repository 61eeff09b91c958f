"""What is alive on this machine: programs, listening sockets, network interfaces.

On Linux programs come from /proc and interfaces from sysfs: loading `psutil` costs
a sixth of a whole audit, and only `addr_assign_type` tells a card's own address
from a made-up one (collectors §10).
"""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

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

if TYPE_CHECKING:
    import psutil

NET = "/sys/class/net"
_COMM = 15
"""Characters of a program's name that the kernel keeps; a longer one is finished from its command
line."""
_LOOPBACK_TYPE = "772"
_ETHERNET_TYPE = "1"


def processes(host: Host, names: Mapping[int, str]) -> Processes:
    """Running programs, sorted by number; `names` is user id → account name.

    Read from /proc, which costs a fifth of loading psutil. A kernel thread (no program, no command
    line) is left out, as is a program that ends while we look.
    """
    if host.platform != "linux":
        return _portable_processes(host)
    found = []
    for name in host.list("/proc") or []:
        if name.isdigit():
            process = _process(int(name), host, names)
            if process is not None:
                found.append(process)
    return sorted(found, key=lambda process: process.pid)


def _process(pid: int, host: Host, names: Mapping[int, str]) -> Process | None:
    folder = f"/proc/{pid}"
    try:
        exe: str | None = os.readlink(f"{folder}/exe")  # noqa: PTH115  (hundreds a round)
    except PermissionError:
        exe = None
    except OSError:
        return None  # a kernel thread has no program; one that just ended has no folder
    try:
        with open(f"{folder}/comm", "rb") as file:  # noqa: PTH123  (hundreds of times a round)
            comm = file.read(64).decode("utf-8", "replace").rstrip("\n")
        owner = os.stat(folder).st_uid  # noqa: PTH116  (hundreds of times a round)
        first = _first_word(folder) if exe is None or len(comm) >= _COMM else b""
        if exe is None and not first:
            return None
    except OSError:
        return None
    return shaped(pid, exe, comm, first, host.alias("user", names.get(owner, str(owner))))


def shaped(pid: int, exe: str | None, comm: str, first: bytes, user: str) -> Process:
    """A program of Linux: `first` is the first word of its command line, if it was needed."""
    whole = first.rpartition(b"/")[2].decode("utf-8", "replace")
    if len(comm) >= _COMM and whole.startswith(comm):
        comm = whole
    return Process(pid, comm, exe.removesuffix(" (deleted)") if exe else None, user)


def _first_word(folder: str) -> bytes:
    with open(f"{folder}/cmdline", "rb") as file:  # noqa: PTH123  (as above)
        return file.read(4096).partition(b"\0")[0]


def _portable_processes(host: Host) -> Processes:
    import psutil

    found = []
    for process in psutil.process_iter():
        try:
            user = _owner(process)
            alias = "" if user is None else host.alias("user", user)
            found.append(Process(process.pid, process.name(), _exe(process), alias))
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return sorted(found, key=lambda process: process.pid)


def _owner(process: "psutil.Process") -> str | None:
    """Whose a program is; None where that is kept from us, which does not make it go away."""
    import psutil

    try:
        return process.username().rpartition("\\")[2]  # Windows: DOMAIN\name
    except psutil.AccessDenied:
        return None


def _exe(process: "psutil.Process") -> str | None:
    import psutil

    try:
        return process.exe() or None
    except (psutil.AccessDenied, FileNotFoundError):
        return None


def portable_listeners() -> Listeners:
    """Listening TCP and bound UDP sockets.

    Raises CannotLook("denied") where the system hides them all.
    """
    import psutil

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
    import psutil

    states = psutil.net_if_stats()
    found = []
    for name, addresses in sorted(psutil.net_if_addrs().items()):
        mac = next((a.address for a in addresses if a.family == psutil.AF_LINK), None)
        up = name in states and states[name].isup
        found.append(
            Interface(name, mac.lower().replace("-", ":") if mac else None, None, "other", up)
        )
    return found
