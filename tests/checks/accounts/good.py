"""A computer whose accounts are in order, and the shortest way to judge a changed one."""

import datetime
from typing import Any

import msgspec

from checks.accounts.facts import Account, AccountsFacts, Admin, AdminSource
from checks.judging import Device, Judge, Moment, run
from checks.unseen import Unseen
from checks.verdicts import Finding

NOW = 1_795_336_200
DAY = 86_400
DENIED = Unseen("denied")
MOMENT = Moment.at(NOW, datetime.date(2026, 11, 22))
MAYA = Account("m", "person", "person", "local", True, "asked", "week", None)
CLASS = Account("c", "pupil", "class", "local", True, "asked", "week", None)
GOOD = AccountsFacts(
    accounts=[MAYA],
    cut=0,
    admins=[AdminSource("group", [Admin("i", "administration")])],
    guest_enabled=False,
    autologon=[],
    rules_by="local-policy",
    min_length=12,
    deny_list=False,
    second_factor=False,
    max_age_days=None,
    lockout_attempts=10,
    lockout_window_seconds=900,
    lockout_seconds=900,
    pin_min_length=None,
    homes=1,
    homes_open=0,
    shares=[],
)


def facts(**changes: Any) -> AccountsFacts:
    return msgspec.structs.replace(GOOD, **changes)


def account(base: Account = MAYA, **changes: Any) -> Account:
    return msgspec.structs.replace(base, **changes)


def judged(
    judge: Judge, body: AccountsFacts, settings: Any = None, profile: Any = DENIED
) -> Finding:
    return run(judge, {AccountsFacts: body}, settings, Device("linux", profile), MOMENT)


def said(*args: Any, **kwargs: Any) -> tuple[str, str]:
    finding = judged(*args, **kwargs)
    return finding.status, finding.says
