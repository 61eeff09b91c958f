r"""Windows: local accounts, and those of a directory that were used here.

- Local ones: `Win32_UserAccount WHERE LocalAccount=TRUE` (without the clause a member of a domain
  lists the whole school): SID, Disabled, PasswordRequired (false = an empty one is allowed),
  PasswordExpires. Windows' own helpers (RIDs 501, 503, 504 and defaultuser0) are nobody's.
- Last use: `ProfileList\<SID>`, the times a profile was last loaded and unloaded (FILETIMEs in two
  halves, since Windows 10 1809), and now if the account's hive is under HKU. A profile without them
  is an account used at an unknown time; an account without a profile never signed in here.
"""

import re
from typing import Final

import msgspec

from checks.accounts.facts import Account, Label, Password
from checks.accounts.names import label_of, who_of
from checks.accounts.using import Use, use
from checks.host import CannotLook, Host, RegistryKey, User
from checks.unseen import Maybe, Unseen, known
from checks.windows import WINDOWS_NT, Row, number, row_flag, row_text

MOST: Final = 300
CLASS: Final = "Win32_UserAccount WHERE LocalAccount=TRUE"
PROPERTIES: Final = ("Name", "SID", "Disabled", "PasswordRequired", "PasswordExpires")
PROFILES: Final = rf"{WINDOWS_NT}\ProfileList"
GUEST: Final = "501"
ADMINISTRATOR: Final = "500"
HELPERS: Final = (GUEST, "503", "504")
_PERSON: Final = re.compile(r"S-1-(?:5-21|12-1)-[0-9-]{1,120}")
_CLOUD: Final = "S-1-12-1-"
_EPOCH_1601: Final = 11_644_473_600
ELSEWHERE: Final = "asked"


class LocalAccount(msgspec.Struct, frozen=True):
    """An account of this computer as WMI tells it."""

    name: str
    sid: str
    enabled: bool
    password_required: bool | None
    expires: bool | None

    @property
    def rid(self) -> str:
        """The number Windows' own accounts are known by in every language."""
        return self.sid.rpartition("-")[2]


Local = Maybe[list[LocalAccount]]


class Named(msgspec.Struct, frozen=True):
    """An account as it is told of."""

    alias: str
    label: Label


def local_accounts(host: Host) -> list[LocalAccount]:
    """Every account of this computer. Raises CannotLook."""
    rows = host.wmi(CLASS, "root/cimv2", PROPERTIES)
    found = [_local(row) for row in rows]
    if not found:
        raise CannotLook("parse-error", "no local account")
    return found


def _local(row: Row) -> LocalAccount:
    name, sid = row_text(row, "Name"), row_text(row, "SID")
    disabled = row_flag(row, "Disabled")
    if name is None or sid is None or disabled is None:
        raise CannotLook("parse-error", "an account without name, SID or state")
    required = row_flag(row, "PasswordRequired")
    return LocalAccount(name, sid, not disabled, required, row_flag(row, "PasswordExpires"))


def seen(local: Local) -> list[LocalAccount]:
    """The local accounts, or why nobody could look. Raises CannotLook."""
    if isinstance(local, Unseen):
        raise CannotLook(local.unseen)
    return known(local)


def guest(local: Local) -> bool:
    """Whether the built-in guest is on. Raises CannotLook."""
    return any(account.enabled for account in seen(local) if account.rid == GUEST)


def named(host: Host, local: Local, name: str) -> Named:
    """An account by its name: the built-in administrator is known by its number. One with a domain
    before it is that domain's, whatever it is called; local ones are written without."""
    domain, _, plain = name.rpartition("\\")
    if domain in ("", ".") and not isinstance(local, Unseen):
        for account in local:
            if account.name.casefold() == plain.casefold() and account.rid == ADMINISTRATOR:
                return Named(host.alias("user", account.name), "builtin")
    spelt = {user.name.casefold(): user for user in host.users()}.get(plain.casefold())
    alias = host.alias("user", plain) if spelt is None else spelt.alias
    return Named(alias, label_of(plain))


def read_accounts(host: Host, local: Local) -> list[Account]:
    """Local accounts, then others with a profile here. Raises CannotLook."""
    own = [a for a in seen(local) if a.rid not in HELPERS and a.name != "defaultuser0"]
    profiles = _profiles(host)
    users = {user.uid: user for user in host.users()}
    found = [_of_computer(host, one, profiles, users) for one in own]
    strangers = sorted(profiles.keys() - {one.sid for one in seen(local)})
    machine = {one.sid.rpartition("-")[0] for one in seen(local)}
    return found + [
        _elsewhere(host, sid, profiles[sid], users)
        for sid in strangers
        if sid.rpartition("-")[0] not in machine  # a profile left by an account that is gone
    ]


def _profiles(host: Host) -> dict[str, RegistryKey]:
    """Every person's profile by SID. Raises CannotLook."""
    top = host.registry("HKLM", PROFILES)
    if top is None:
        raise CannotLook("parse-error", "ProfileList")
    people = [name for name in top.subkeys if _PERSON.fullmatch(name)]
    found = {sid: host.registry("HKLM", rf"{PROFILES}\{sid}") for sid in people}
    return {sid: key for sid, key in found.items() if key is not None}


def _of_computer(
    host: Host, one: LocalAccount, profiles: dict[str, RegistryKey], users: dict[str, User]
) -> Account:
    used, since = _use(host, one.sid, profiles.get(one.sid))
    password: Maybe[Password] = "asked" if one.password_required else "blank-allowed"
    user = users.get(one.sid)
    builtin = one.rid == ADMINISTRATOR
    return Account(
        user=host.alias("user", one.name) if user is None else user.alias,
        who="admin" if builtin else who_of(one.name),
        label="builtin" if builtin else label_of(one.name),
        origin="local",
        enabled=one.enabled,
        password=Unseen("unsupported") if one.password_required is None else password,
        used=used,
        since=since,
    )


def _elsewhere(host: Host, sid: str, profile: RegistryKey, users: dict[str, User]) -> Account:
    """An account of the school's directory; whether it is still on is not to be seen here."""
    used, since = _use(host, sid, profile)
    user = users.get(sid)
    name = "" if user is None else user.name
    lately = not isinstance(used, Unseen) and used in ("week", "month")
    return Account(
        user=host.alias("user", sid) if user is None else user.alias,
        who=who_of(name),
        label=label_of(name),
        origin="cloud" if sid.startswith(_CLOUD) else "directory",
        enabled=True if lately else Unseen("unsupported"),
        password=ELSEWHERE,
        used=used,
        since=since,
    )


def _use(host: Host, sid: str, profile: RegistryKey | None) -> Use:
    if profile is None:
        return "never", None
    if host.registry("HKU", sid) is not None:
        return "week", None
    times = [_time(profile, "Load"), _time(profile, "Unload")]
    last = max((time for time in times if time is not None), default=None)
    if last is None:
        return (Unseen("unsupported"),) * 2
    return use(host.clock(), last)


def _time(profile: RegistryKey, which: str) -> int | None:
    """A FILETIME kept as two numbers; None where it is not kept, or is Windows' "never"."""
    low = number(profile, f"LocalProfile{which}TimeLow")
    high = number(profile, f"LocalProfile{which}TimeHigh")
    if low is None or high is None:
        return None
    when = ((high & 0xFFFFFFFF) << 32 | (low & 0xFFFFFFFF)) // 10_000_000 - _EPOCH_1601
    return when if when > 0 else None
