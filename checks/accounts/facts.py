"""What is known of accounts: who may sign in, who is an administrator, and what is asked of them.

No name leaves the machine: an account is a class, the family its name belongs to (`names.toml`) and
an alias that means something on this machine only. Nothing here changes because somebody signed in
again today: `used` is a band, and `since` is only told once it lies further back.
"""

from typing import ClassVar, Literal

import msgspec

from checks.facts import Facts
from checks.layers import Layer
from checks.unseen import Maybe

Who = Literal["pupil", "staff", "admin", "generic", "person"]
"""Whose account it is by its name: `admin` is one made for administering, `generic` one for
whoever comes, `person` everything else, whoever that is."""

Label = Literal[
    "builtin",
    "directory-admins",
    "cloud-admins",
    "group",
    "everyone",
    "administration",
    "pupil",
    "class",
    "teacher",
    "office",
    "room",
    "guest",
    "test",
    "person",
]
"""What an account or group is called in a school's list, never its name. `builtin`: the system's
own administrator; `directory-admins` and `cloud-admins`: those of the school's directory; `group`:
any other group; `everyone`: whoever can sign in; then the families of `names.toml`; `person`."""

Used = Literal["week", "month", "before", "never"]
"""Last use: within 7 days, within 30, longer ago, or no trace that it ever was."""

Password = Literal["asked", "blank", "blank-allowed", "none"]
"""`blank`: signs in without one; `blank-allowed`: nothing forbids an empty one; `none`: no password
opens it."""

Origin = Literal["local", "directory", "cloud"]
By = Literal[
    "winlogon", "loginwindow", "gdm", "lightdm", "sddm", "lxdm", "console", "no-password-group"
]
Open = Literal["guests", "everyone"]


class Account(msgspec.Struct, frozen=True):
    """One account that somebody can sign in with, or could if it were on."""

    user: str
    """Its per-device alias."""
    who: Who
    label: Label
    origin: Origin
    """`directory` and `cloud`: kept elsewhere, listed because it was used here."""
    enabled: Maybe[bool]
    password: Maybe[Password]
    used: Maybe[Used]
    since: Maybe[int | None]
    """Epoch seconds: of the last use where `used` is before, of the newest password where never;
    None: not told, or nobody knows."""


class Admin(msgspec.Struct, frozen=True):
    """An account or group that may do anything here."""

    user: str
    """The alias of its name."""
    label: Label


class AdminSource(msgspec.Struct, frozen=True):
    """One place that makes administrators."""

    source: Literal["group", "rules", "root-twins"]
    """`group`: the administrators' group or groups; `rules`: sudo's; `root-twins`: accounts with
    root's own number."""
    members: Maybe[list[Admin]]


class Autologon(msgspec.Struct, frozen=True):
    """An account that signs in without being asked for a password."""

    by: By
    user: str
    label: Label
    password_kept: bool
    """Its password lies on the disk as plain text."""


class Share(msgspec.Struct, frozen=True):
    """A folder shared with the network that is open to more than named people."""

    id: str
    """The alias of its name."""
    open_to: Open
    """`guests`: also without signing in; `everyone`: any account."""


class AccountsFacts(Facts, frozen=True):
    """The steady section; there is no drifting one."""

    section: ClassVar[str] = "accounts"
    schema: ClassVar[int] = 1

    accounts: Maybe[list[Account]]
    """People's accounts: all local ones, and others that were used here; at most 300."""
    cut: int
    """Accounts left out of the list because it was too long."""
    admins: list[AdminSource]
    guest_enabled: Maybe[bool]
    """Whether a guest can sign in: the guest account is on, or a guest session is offered."""
    autologon: Maybe[list[Autologon]]

    rules_by: Maybe[Layer | None]
    """Which layer set the shortest length of a password; None: nothing here tells."""
    min_length: Maybe[int | None]
    """Characters a new password must have at least; None: nothing is asked."""
    deny_list: Maybe[bool]
    """Whether common passwords are refused."""
    second_factor: Maybe[bool]
    """Whether signing in always asks for something besides the password."""
    max_age_days: Maybe[int | None]
    """Days after which some account's password must be changed; None: never."""
    lockout_attempts: Maybe[int | None]
    """Wrong passwords in a row until an account is shut; 0 or None: as many as anybody likes."""
    lockout_window_seconds: Maybe[int | None]
    """Time after which wrong passwords are forgotten; None: only a right one does that."""
    lockout_seconds: Maybe[int | None]
    """How long an account stays shut; 0: until an administrator opens it; None: it never is."""
    pin_min_length: Maybe[int | None]
    """Digits a PIN must have at least; None: nobody signs in with a PIN here."""

    homes: Maybe[int]
    """Home folders looked at."""
    homes_open: Maybe[int]
    """Those that other people than their owner (and administrators) can look into."""
    shares: Maybe[list[Share]]
    """Shared folders that are open to guests or to everyone."""


SECTIONS = (AccountsFacts,)
