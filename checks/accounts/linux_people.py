"""Linux: the accounts people have, when they were last used, and who can look into their homes.

Last use is what a home tells: files that every desktop and shell writes when somebody signs in or
out, and /run/user/NUMBER while they are there. The lists of sign-ins (wtmp, lastlog) are kept for
weeks only, differ between display managers, and hold where people signed in from: not read. Only
the times of files are looked at, never what is in them; a home is hostile (O17).
"""

from typing import Final

import msgspec

from checks.accounts.facts import Account, Password
from checks.accounts.names import label_of, who_of
from checks.accounts.using import WEEK_SECONDS, Use, use
from checks.formats import passwd_status, unix_accounts
from checks.host import CannotLook, Host, User
from checks.unseen import Maybe, Unseen, known

MOST: Final = 300
"""Accounts told of."""
TRACES: Final = (
    *(".ICEauthority", ".Xauthority", ".xsession-errors", ".bash_history", ".zsh_history"),
    *(".cache", ".config", ".config/dconf/user", ".local/share", ".local/state"),
)
NO_SHELL: Final = ("nologin", "false", "sync", "shutdown", "halt")
"""Ends of programs that are given instead of a shell so that nobody signs in."""
_PEOPLE_FROM: Final = 1000
ELSEWHERE: Final = "asked"
"""A directory asks for the passwords it keeps; how, is not to be seen here."""

Statuses = dict[str, passwd_status.Status]


class Homes(msgspec.Struct):
    """Home folders looked at, and those open to others."""

    looked_at: int
    open: int


def statuses(host: Host) -> Statuses:
    """How each account's password is kept. Raises CannotLook.

    RHEL's own `passwd` knows no `-a` and is asked for one account after another.
    """
    ran = host.run(["passwd", "-S", "-a"])
    out = ran.out
    if ran.code != 0:
        if not host.privileged:
            raise CannotLook("denied", "passwd -S")
        out = b"".join(host.run(["passwd", "-S", user.name]).out for user in _people(host))
    found = {status.name: status for status in passwd_status.parse(out)}
    if not found:
        raise CannotLook("parse-error", "passwd -S")
    return found


def _people(host: Host) -> list[User]:
    return [user for user in host.users() if user.kind == "human"]


def read_accounts(host: Host, states: Maybe[Statuses]) -> list[Account]:
    """Local accounts of people, then those of a directory that have a home here."""
    people = _people(host)
    found = [_local(host, user, states) for user in people]
    return found + [_of_directory(host, *one) for one in _strangers(host, people)]


def _local(host: Host, user: User, states: Maybe[Statuses]) -> Account:
    enabled, password, made = _state(user, states)
    used, since = _use(host, user.uid, user.home, made)
    return Account(
        user=user.alias,
        who=who_of(user.name),
        label=label_of(user.name),
        origin="local",
        enabled=enabled,
        password=password,
        used=used,
        since=since,
    )


def _state(
    user: User, states: Maybe[Statuses]
) -> tuple[Maybe[bool], Maybe[Password], Maybe[int | None]]:
    """Whether it is on, how its password is kept, and since when it can have been waiting."""
    if not _signs_in(user):
        return False, "none", None
    if isinstance(states, Unseen):
        return states, states, states
    status = states.get(user.name)
    if status is None:
        return (Unseen("parse-error"),) * 3
    words: dict[passwd_status.State, Password] = {
        "locked": "none",
        "blank": "blank",
        "set": "asked",
    }
    return status.state != "locked", words[status.state], status.changed_at


def _signs_in(user: User) -> bool:
    return user.shell.rpartition("/")[2] not in NO_SHELL


def _use(host: Host, uid: str, home: str, made: Maybe[int | None]) -> Use:
    """The band of the last use; a look into the home that is refused hides all but the first."""
    seen = host.clock()
    try:
        top = host.stat(home)
        runs = host.stat(f"/run/user/{uid}")
    except CannotLook as blind:
        return (Unseen(blind.reason),) * 2
    times = [place.mtime for place in (top, runs) if place is not None]
    if times and seen - max(times) <= WEEK_SECONDS:
        return "week", None
    try:
        traces = [host.stat(f"{home}/{name}") for name in TRACES] if top is not None else []
    except CannotLook as blind:
        return (Unseen(blind.reason),) * 2
    times += [trace.mtime for trace in traces if trace is not None]
    if not times and isinstance(made, Unseen):
        return "never", made
    return use(seen, max(times) if times else None, None if isinstance(made, Unseen) else made)


def _strangers(host: Host, people: list[User]) -> list[tuple[str, str, str]]:
    """Name, number and home of accounts that are not listed here, one folder further down too."""
    listed = {user.home for user in people}
    numbers = {user.uid for user in people}
    folders = [f"/home/{name}" for name in host.list("/home") or []]
    found: list[tuple[str, str, str]] = []
    while folders and len(found) <= MOST:
        path = folders.pop(0)
        stat = None if path in listed else host.stat(path)
        if stat is None or stat.kind != "folder":
            continue
        if stat.uid >= _PEOPLE_FROM and str(stat.uid) not in numbers:
            found.append((path.rpartition("/")[2], str(stat.uid), path))
        elif stat.uid == 0 and path.count("/") == 2:
            folders += [f"{path}/{name}" for name in host.list(path) or []]
    return found


def _of_directory(host: Host, name: str, uid: str, home: str) -> Account:
    """Whether the directory still knows this account is not to be seen here."""
    used, since = _use(host, uid, home, None)
    lately = not isinstance(used, Unseen) and used in ("week", "month")
    return Account(
        user=host.alias("user", name),
        who=who_of(name),
        label=label_of(name),
        origin="directory",
        enabled=True if lately else Unseen("unsupported"),
        password=ELSEWHERE,
        used=used,
        since=since,
    )


def max_age_days(host: Host, states: Maybe[Statuses]) -> int | None:
    """The shortest time after which somebody who can sign in must change a password."""
    told = known_or_raise(states)
    names = {user.name for user in _people(host) if _signs_in(user)}
    ages = [s.most_days for s in told.values() if s.name in names and s.state == "set"]
    return min((days for days in ages if days is not None), default=None)


def known_or_raise(states: Maybe[Statuses]) -> Statuses:
    """The states of passwords, or why nobody could look. Raises CannotLook."""
    if isinstance(states, Unseen):
        raise CannotLook(states.unseen)
    return known(states)


def read_homes(host: Host) -> Homes:
    """Whose home others than its owner can look into.

    A group's right counts only where somebody else is in that group: with a group of their own,
    as every account has since long, 0750 is as closed as 0700. Raises CannotLook.
    """
    accounts = unix_accounts.parse_passwd(host.read("/etc/passwd") or b"")
    groups = unix_accounts.parse_group(host.read("/etc/group") or b"")
    homes = Homes(0, 0)
    for user in _people(host):
        stat = host.stat(user.home)
        if stat is None or stat.kind != "folder" or str(stat.uid) != user.uid:
            continue
        own = {account.name for account in accounts if account.gid == stat.gid}
        own |= {name for group in groups if group.gid == stat.gid for name in group.members}
        shared = bool(own - {user.name})
        homes.looked_at += 1
        homes.open += bool(stat.mode & 0o007 or (shared and stat.mode & 0o070))
    return homes
