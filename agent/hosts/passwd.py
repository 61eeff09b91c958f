"""Accounts as a Linux machine lists them in /etc/passwd.

A directory's accounts are not listed: nobody asks it for a school.
"""

from collections.abc import Callable
from typing import Literal

import msgspec

from checks.host import CannotLook, User

PASSWD = "/etc/passwd"  # noqa: S105  (a file without any, in spite of its name)


class Account(msgspec.Struct, frozen=True):
    """Whom to run as: a dropped-to user with nothing of the caller's."""

    uid: int
    gid: int
    home: str


def users(data: bytes | None, alias: Callable[[str, str], str]) -> list[User]:
    """Everybody in the file. Raises CannotLook if there is none."""
    return [_user(row, alias) for row in _rows(data)]


def account(data: bytes | None, name: str) -> Account:
    """Whom to run as. Raises CannotLook("unsupported") for a name that is not there."""
    for row in _rows(data):
        if row[0] == name and row[3].isdigit():
            return Account(int(row[2]), int(row[3]), row[5])
    raise CannotLook("unsupported", "no such account")


def _rows(data: bytes | None) -> list[list[str]]:
    if data is None:
        raise CannotLook("unsupported", f"no {PASSWD}")
    rows = (line.split(":") for line in data.decode("utf-8", "replace").splitlines())
    return [row for row in rows if len(row) == 7 and row[2].isdigit()]


def _user(row: list[str], alias: Callable[[str, str], str]) -> User:
    name, _, uid, _, _, home, shell = row
    number = int(uid)
    # 1000–60000 is where login.defs puts people; 65534 is "nobody".
    kind: Literal["human", "service", "root"] = "root" if number == 0 else "service"
    if 1000 <= number <= 60000:
        kind = "human"
    return User(name, uid, alias("user", name), home, shell, kind)
