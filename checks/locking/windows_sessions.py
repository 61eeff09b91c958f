r"""Who is signed in at a Windows screen now, and whether it is locked.

A session is a key named by its number below `HKU\<SID>\Volatile Environment`, which Windows makes
at sign-in and forgets with the account's hive; `SESSIONNAME` there begins with `RDP-` for a remote
one. Locked: a `LogonUI.exe` runs in that session. Without one it is open, as long as nobody else is
signed in: a session that was switched away from is locked and may have none. Since when: the start
of the first shell process in it. Since when nobody touched it is known only inside the session
(`GetLastInputInfo`), which no question to registry or WMI answers: unseen.
"""

from typing import Final

import msgspec

from checks.host import CannotLook, Host, User
from checks.locking.facts import Session
from checks.unseen import Maybe, Unseen
from checks.windows import Row, hive, people, row_number, row_text, text, when

_SHELLS: Final = frozenset({"sihost.exe", "explorer.exe", "userinit.exe"})
_SIGN_IN: Final = "logonui.exe"
_PLACE: Final = "Volatile Environment"


class _Seat(msgspec.Struct, frozen=True):
    """One account in one session."""

    user: User
    session: int
    remote: bool


def sessions(host: Host) -> list[Session]:
    """Everybody who is signed in. Raises CannotLook."""
    seats = [seat for user in people(host) for seat in _seats(host, user)]
    if not seats:
        return []
    running = host.wmi("Win32_Process", "root/cimv2", ["Name", "SessionId", "CreationDate"])
    return [_session(seat, running, alone=len(seats) == 1) for seat in seats]


def _seats(host: Host, user: User) -> list[_Seat]:
    sid = hive(host, user)
    if isinstance(sid, Unseen):
        return []
    place = rf"{sid}\{_PLACE}"
    key = host.registry("HKU", place)
    numbers = [] if key is None else [name for name in key.subkeys if _is_number(name)]
    return [_seat(host, user, place, number) for number in numbers]


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit() and len(name) < 10


def _seat(host: Host, user: User, place: str, number: str) -> _Seat:
    name = text(host.registry("HKU", rf"{place}\{number}"), "SESSIONNAME") or ""
    return _Seat(user, int(number), name.upper().startswith("RDP-"))


def _session(seat: _Seat, running: list[Row], *, alone: bool) -> Session:
    own = [row for row in running if row_number(row, "SessionId") == seat.session]
    names = {(row_text(row, "Name") or "").lower() for row in own}
    locked: Maybe[bool] = True
    if _SIGN_IN not in names:
        locked = False if alone and names & _SHELLS else Unseen("unsupported")
    return Session(
        user=seat.user.alias,
        remote=seat.remote,
        locked=locked,
        idle_seconds=Unseen("unsupported"),
        logon_at=_since(own),
    )


def _since(own: list[Row]) -> Maybe[int]:
    """When the first shell process of a session started."""
    shells = [row for row in own if (row_text(row, "Name") or "").lower() in _SHELLS]
    try:
        starts = [when(row.get("CreationDate")) for row in shells]
    except CannotLook as blind:
        return Unseen(blind.reason)
    return min((at for at in starts if at is not None), default=Unseen("denied"))
