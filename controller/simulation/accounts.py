"""What invented computers say of accounts: who signs in, who rules, what passwords must be."""

from collections.abc import Mapping
from typing import Final

from checks.accounts.facts import Account, AccountsFacts, Admin, AdminSource, Label, Origin, Who
from checks.facts import Facts
from checks.judging import Body
from controller.simulation.roster import Machine

_TECHNICIAN: Final = "4d1c0a97be21f360"
_MINUTE: Final = 60
_WHO: Final[Mapping[Label, Who]] = {"administration": "admin", "class": "pupil"}


def accounts(machine: Machine, night: int, look: int) -> dict[type[Facts], Body]:
    """The section of one computer on one night."""
    del look
    kind = machine.kind
    server, pupils = kind.id == "server", kind.profile == "pupil"
    origin: Origin = "local" if kind.platform == "linux" else "directory"
    alias = f"{machine.random('account').randrange(16**16):016x}"
    people = [] if server else [_account(alias, "person", origin)]
    if machine.has("class-account", night):
        people.append(_account(f"{int(alias, 16) ^ 1:016x}", "class", "local"))
    ruling = [Admin(_TECHNICIAN, "administration")]
    if machine.has("own-admin", night) and people:
        ruling.append(Admin(alias, "person"))
    guessing = machine.has("no-lockout", night)
    steady = AccountsFacts(
        accounts=[_account(_TECHNICIAN, "administration", "local"), *people],
        cut=0,
        admins=[AdminSource("group", ruling)],
        guest_enabled=False,
        autologon=[],
        rules_by="local-policy" if kind.platform == "linux" else "group-policy",
        min_length=12,
        deny_list=False,
        second_factor=False,
        max_age_days=None,
        lockout_attempts=0 if guessing else 10,
        lockout_window_seconds=None if guessing else 15 * _MINUTE,
        lockout_seconds=None if guessing else 15 * _MINUTE,
        pin_min_length=6 if kind.platform == "windows" and not pupils else None,
        homes=len(people) + 1,
        homes_open=0,
        shares=[],
    )
    return {AccountsFacts: steady}


def _account(user: str, label: Label, origin: Origin) -> Account:
    who = _WHO.get(label, "person")
    return Account(user, who, label, origin, True, "asked", "week", None)
