"""macOS: local accounts, when they were last used, and who administers.

- Accounts: those of people as the door lists them, with `AuthenticationAuthority` from `dscl`:
  `;DisabledUser;` is one that is off, `;LocalCachedUser;` one of a directory, none at all one that
  no password opens. Where nobody has any, or one is not told of, the answer is none.
- Last use: who is at the console (owner of /dev/console), else the times of files that macOS writes
  in a home whenever somebody signs in; other people's `Library` is root's to see.
- Administrators: the group `admin` (its nested groups are told as groups), and sudo's own rules.
"""

from typing import Any, Final

from checks.accounts import sudo
from checks.accounts.facts import Account, Admin, AdminSource, Password
from checks.accounts.names import label_of, who_of
from checks.accounts.using import Use, use
from checks.formats import plist
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, User, attempt
from checks.unseen import Unseen

MOST: Final = 300
DSCL: Final = ("/usr/bin/dscl", "-plist", ".")
TRACES: Final = (
    "Library/Preferences",
    "Library/Caches",
    "Library",
    ".zsh_history",
    ".bash_history",
)
ELSEWHERE: Final = "asked"
_SUDOERS: Final = "/etc/sudoers"
_OWN: Final = ("root",)


def read_accounts(host: Host) -> list[Account]:
    """Every person's account. Raises CannotLook."""
    people = [user for user in host.users() if user.kind == "human"]
    rows = _ask(host, "-readall", "/Users", "RecordName", "AuthenticationAuthority")
    ways = {_first(row, "RecordName"): _all(row, "AuthenticationAuthority") for row in rows}
    if people and not (any(ways.values()) and ways.keys() >= {user.name for user in people}):
        raise CannotLook("parse-error", "dscl tells of nobody's way to sign in")
    console = host.stat("/dev/console")
    here = None if console is None else str(console.uid)
    return [_account(host, user, ways[user.name], here) for user in people]


def _account(host: Host, user: User, ways: list[str], here: str | None) -> Account:
    used, since = ("week", None) if user.uid == here else _use(host, user.home)
    off = any(";DisabledUser;" in way for way in ways) or not ways
    password: Password = "none" if not ways else "asked"
    return Account(
        user=user.alias,
        who=who_of(user.name),
        label=label_of(user.name),
        origin="directory" if any(";LocalCachedUser;" in way for way in ways) else "local",
        enabled=not off,
        password=password,
        used=used,
        since=since,
    )


def _use(host: Host, home: str) -> Use:
    """The band of the last use; a home nobody may look into hides it, whatever its own time."""
    try:
        top = host.stat(home)
        traces = [host.stat(f"{home}/{name}") for name in TRACES] if top is not None else []
    except CannotLook as blind:
        return (Unseen(blind.reason),) * 2
    times = [place.mtime for place in (top, *traces) if place is not None]
    return use(host.clock(), max(times, default=None))


def read_sources(host: Host) -> list[AdminSource]:
    """Every place that makes administrators."""
    return [
        AdminSource("group", attempt(_group, host)),
        AdminSource("rules", attempt(_rules, host)),
    ]


def _group(host: Host) -> list[Admin]:
    row = (_ask(host, "-read", "/Groups/admin") or [{}])[0]
    people = [name for name in _all(row, "GroupMembership") if not _own(name)]
    groups = _all(row, "NestedGroups")
    return [_person(host, name) for name in sorted(set(people))] + [
        Admin(host.alias("group", uuid), "group") for uuid in sorted(set(groups))
    ]


def _own(name: str) -> bool:
    return name in _OWN or name.startswith("_")


def _person(host: Host, name: str) -> Admin:
    return Admin(host.alias("user", name), label_of(name))


def _rules(host: Host) -> list[Admin]:
    """macOS brings one rule for root and one for the group `admin`, which is the other source."""
    found = []
    for name in sudo.everything(host, _SUDOERS):
        if name == "ALL":
            found.append(Admin(host.alias("group", name), "everyone"))
        elif name.startswith(("%", "+")):
            if name != "%admin":
                found.append(Admin(host.alias("group", name[1:]), "group"))
        elif not _own(name):
            found.append(_person(host, name))
    return found


def _ask(host: Host, *question: str) -> list[dict[str, Any]]:
    """What the directory service says, one dictionary a record; it may say around the list that a
    record has no such key. Raises CannotLook."""
    ran = host.run([*DSCL, *question])
    if ran.code != 0:
        raise CannotLook("parse-error", f"dscl exited {ran.code}")
    start, end = ran.out.find(b"<?xml"), ran.out.rfind(b"</plist>")
    try:
        found = plist.parse(ran.out[max(start, 0) : end + len(b"</plist>")])
    except ParseError as error:
        raise CannotLook("parse-error", "dscl") from error
    rows = [found] if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise CannotLook("parse-error", "dscl")
    return [row for row in rows if isinstance(row, dict)]


def _all(row: dict[str, Any], name: str) -> list[str]:
    values = row.get(f"dsAttrTypeStandard:{name}")
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def _first(row: dict[str, Any], name: str) -> str:
    return next(iter(_all(row, name)), "")
