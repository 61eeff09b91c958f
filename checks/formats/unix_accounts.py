"""`/etc/passwd` and `/etc/group`: who has which number, and who is in which group.

A line with the wrong number of fields or a number that is none is skipped, as the C library does.
"""

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """An account: its name, numbers and shell."""

    name: str
    uid: int
    gid: int
    shell: str


class Group(msgspec.Struct, frozen=True):
    """A group and the accounts it lists; those whose own group it is are not among them."""

    name: str
    gid: int
    members: list[str]


def parse_passwd(data: bytes) -> list[Entry]:
    """The accounts of `/etc/passwd`, in its order."""
    rows = [line.split(":") for line in data.decode("utf-8", "replace").split("\n")]
    return [
        Entry(row[0], int(row[2]), int(row[3]), row[6])
        for row in rows
        if len(row) == 7 and row[0] and _number(row[2]) and _number(row[3])
    ]


def parse_group(data: bytes) -> list[Group]:
    """The groups of `/etc/group`, in its order."""
    rows = [line.split(":") for line in data.decode("utf-8", "replace").split("\n")]
    return [
        Group(row[0], int(row[2]), [name for name in row[3].split(",") if name])
        for row in rows
        if len(row) == 4 and row[0] and _number(row[2])
    ]


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10
