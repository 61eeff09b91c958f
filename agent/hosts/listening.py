"""Listening sockets on Linux, from /proc/net, with the
short name of the program where it may be seen.

Traps: addresses are hexadecimal in the processor's own byte order, four bytes at a time; a
socket's program is found only by looking for its inode among every program's open files, which
needs root for others' programs.
"""

import os
import sys
from collections.abc import Callable
from typing import Final

from checks.host import CannotLook, Host, Listener, Listeners

_LISTEN: Final = "0A"
_TABLES: Final = (("tcp", "tcp"), ("tcp", "tcp6"), ("udp", "udp"), ("udp", "udp6"))
_TABLE_LIMIT: Final = 8 << 20


Owners = Callable[[Host, set[str]], dict[str, str]]
"""Inodes of sockets → for each whose program may be seen, the program's short name."""


def listeners(host: Host, owners_of: Owners | None = None) -> Listeners:
    """Listening TCP and unconnected UDP sockets.

    `owners_of`: for a door that is not here. Raises CannotLook if the kernel shows none of its
    tables.
    """
    found: list[tuple[str, str, int, str]] = []
    tables = 0
    for protocol, table in _TABLES:
        data = host.read(f"/proc/net/{table}", _TABLE_LIMIT)
        if data is not None:
            tables += 1
            found += _rows(protocol, data.decode("ascii", "replace"))
    if not tables:
        raise CannotLook("unsupported", "no /proc/net")
    owners = (owners_of or _owners)(host, {inode for *_, inode in found})
    seen = {
        (protocol, address, port, owners.get(inode)) for protocol, address, port, inode in found
    }
    ordered = sorted(seen, key=lambda row: (row[0], row[2], row[1], row[3] or ""))
    return [Listener("tcp" if row[0] == "tcp" else "udp", *row[1:]) for row in ordered]


def _rows(protocol: str, table: str) -> "list[tuple[str, str, int, str]]":
    rows = []
    for line in table.splitlines()[1:]:
        words = line.split()
        if len(words) < 10 or (protocol == "tcp" and words[3] != _LISTEN):
            continue
        if protocol == "udp" and int(words[2].rpartition(":")[2], 16):
            continue  # connected: somebody's conversation, not an open door
        address, _, port = words[1].rpartition(":")
        rows.append((protocol, _address(address), int(port, 16), words[9]))
    return rows


def _address(text: str) -> str:
    import ipaddress

    raw = bytes.fromhex(text)
    if sys.byteorder == "little":
        raw = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    return str(ipaddress.ip_address(raw))


def _owners(host: Host, inodes: set[str]) -> dict[str, str]:
    """Inode → short name of a program that holds it open."""
    wanted = {f"socket:[{inode}]": inode for inode in inodes}
    owners: dict[str, str] = {}
    for pid in host.list("/proc") or []:
        if not pid.isdigit() or len(owners) == len(wanted):
            continue
        try:
            for name in os.listdir(f"/proc/{pid}/fd"):  # noqa: PTH208  (thousands a round)
                inode = wanted.get(os.readlink(f"/proc/{pid}/fd/{name}"))  # noqa: PTH115  (as above)
                if inode is not None and inode not in owners:
                    owners[inode] = _short_name(pid)
        except OSError:
            continue  # another user's program, or one that just ended
    return owners


def _short_name(pid: str) -> str:
    with open(f"/proc/{pid}/comm", "rb") as file:  # noqa: PTH123  (as above)
        return file.read(64).decode("utf-8", "replace").rstrip("\n")
