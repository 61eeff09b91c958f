"""What a Mac says of its accounts, programs, sockets and cards, by programs every Mac has.

Answers are typed where Apple gives types (property lists) and columns where it does not; nothing
localised is read. `constructed`: written after Apple's manual pages, seen on no Mac by us. Works
through any door: the questions are `host.run`'s.

- accounts: `dscl -plist . -readall /Users UniqueID PrimaryGroupID NFSHomeDirectory UserShell
  RecordName`; people have numbers from 501, those of a directory very high ones (500 and below are
  services, names that begin with an underscore too), `nobody` is -2. It may say around the list
  that a record has no such key. A list without root is none: every Mac has that account.
- programs: `ps -axo pid=,uid=,comm=`: the first word each was started with, spaces included, which
  is its whole path unless a shell or the program itself put something else there. Of that only what
  can be a program's name is kept: `sshd: maya [priv]` says who signed in.
- sockets: `netstat -an -f inet|inet6 -p tcp|udp`, without programs: `lsof` would need minutes on a
  busy Mac and root for others' programs.
- cards: `networksetup -listallhardwareports` is localised, `ifconfig -a` is not.
"""

import re
from collections.abc import Iterator
from typing import Any, Final, Literal

from checks.formats import plist
from checks.formats.errors import ParseError
from checks.host import (
    CannotLook,
    Host,
    Interface,
    Interfaces,
    Listener,
    Listeners,
    Process,
    Processes,
    User,
    Users,
    output,
)

_FIRST_PERSON: Final = 501
_LAST_PERSON: Final = 2**31 - 1
"""A directory's people have numbers that were made of longer ones; `nobody` lies beyond."""
_HEAD: Final = re.compile(r"^([A-Za-z0-9._-]{1,32}): flags=[0-9a-f]+<([A-Z0-9_,-]*)>")
_ETHER: Final = re.compile(r"^\s+ether ([0-9a-f]{2}(?::[0-9a-f]{2}){5})\b")
_SAID: Final = re.compile(r"[-(]?([A-Za-z0-9_][A-Za-z0-9._+-]{0,63})")
_END: Final = b"</plist>"
_VIRTUAL: Final = ("bridge", "utun", "gif", "stf", "ap", "awdl", "llw", "anpi", "vmnet", "feth")


def users(host: Host) -> Users:
    """Local accounts. Raises CannotLook."""
    argv = ["/usr/bin/dscl", "-plist", ".", "-readall", "/Users"]
    names = ("RecordName", "UniqueID", "NFSHomeDirectory", "UserShell")
    ran = host.run([*argv, *names])
    if ran.code != 0:
        raise CannotLook("parse-error", f"dscl exited {ran.code}")
    start, end = ran.out.find(b"<?xml"), ran.out.rfind(_END)
    try:
        rows = plist.parse(ran.out[max(start, 0) : end + len(_END)])
    except ParseError as error:
        raise CannotLook("parse-error", "dscl") from error
    if not isinstance(rows, list):
        raise CannotLook("parse-error", "dscl")
    users = [user for row in rows if isinstance(row, dict) and (user := _user(host, row))]
    if not any(user.kind == "root" for user in users):
        raise CannotLook("parse-error", "dscl lists no root, so it listed others differently too")
    return sorted(users, key=lambda user: int(user.uid))


def _user(host: Host, row: dict[str, Any]) -> User | None:
    def first(name: str) -> str:
        values = row.get(f"dsAttrTypeStandard:{name}")
        return str(values[0]) if isinstance(values, list) and values else ""

    name, uid = first("RecordName"), first("UniqueID")
    if not name or not uid.removeprefix("-").isdecimal():
        return None
    number = int(uid)
    kind: Literal["human", "service", "root"] = "root" if number == 0 else "service"
    if _FIRST_PERSON <= number <= _LAST_PERSON and not name.startswith("_"):
        kind = "human"
    home, shell = first("NFSHomeDirectory"), first("UserShell")
    return User(name, uid, host.alias("user", name), home, shell, kind)


def processes(host: Host) -> Processes:
    """Running programs. Raises CannotLook."""
    names = {user.uid: user.name for user in host.users()}
    found = []
    for line in output(host, ["/bin/ps", "-axo", "pid=,uid=,comm="]).splitlines():
        words = line.split(None, 2)
        if len(words) < 3 or not words[0].isdecimal():
            continue
        pid, uid, comm = words
        exe = comm if comm.startswith("/") else None
        user = host.alias("user", names.get(uid, uid))
        found.append(Process(int(pid), _name(comm, exe), exe, user))
    return sorted(found, key=lambda process: process.pid)


def _name(comm: str, exe: str | None) -> str:
    if exe is not None:
        return exe.rpartition("/")[2] or exe
    said = _SAID.match(comm.rpartition("/")[2] if "/" in comm.split(maxsplit=1)[0] else comm)
    return said[1] if said else ""


def listeners(host: Host) -> Listeners:
    """Listening TCP and unconnected UDP sockets, without their programs. Raises CannotLook."""
    found: set[tuple[Literal["tcp", "udp"], str, int]] = set()
    for family in ("inet", "inet6"):
        lines = output(host, ["/usr/sbin/netstat", "-an", "-f", family]).splitlines()
        found.update(_sockets(lines, "::" if family == "inet6" else "0.0.0.0"))  # noqa: S104  (a word read, nothing is bound)
    ordered = sorted(found, key=lambda row: (row[0], row[2], row[1]))
    return [Listener(protocol, address, port, None) for protocol, address, port in ordered]


def _sockets(lines: list[str], anywhere: str) -> Iterator[tuple[Literal["tcp", "udp"], str, int]]:
    for line in lines:
        words = line.split()
        tcp = len(words) >= 6 and words[0].startswith("tcp") and words[5] == "LISTEN"
        udp = len(words) >= 5 and words[0].startswith("udp") and words[4] == "*.*"
        if not tcp and not udp:
            continue
        address, _, port = words[3].rpartition(".")
        if port.isdecimal() and int(port) < 65536:
            address = anywhere if address == "*" else address.partition("%")[0]
            yield "tcp" if tcp else "udp", address, int(port)


def interfaces(host: Host) -> Interfaces:
    """Cards by name. Whether an address is the card's own is unknown. Raises CannotLook."""
    found: list[Interface] = []
    for line in output(host, ["/sbin/ifconfig", "-a"]).splitlines():
        head = _HEAD.match(line)
        if head:
            flags = head[2].split(",")
            kind = _kind(head[1], flags)
            found.append(Interface(head[1], None, None, kind, "UP" in flags))
        elif found and (ether := _ETHER.match(line)):
            last = found[-1]
            found[-1] = Interface(last.name, ether[1], None, last.kind, last.up)
    return sorted(found, key=lambda card: card.name)


def _kind(name: str, flags: list[str]) -> Literal["virtual", "loopback", "other"]:
    """Wired and wireless look alike here."""
    if "LOOPBACK" in flags:
        return "loopback"
    return "virtual" if name.rstrip("0123456789") in _VIRTUAL else "other"
