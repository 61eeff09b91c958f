"""Judges of the register's entries: complete, with somebody, heard from; and its list of software.

What somebody else owns and looks after is shown, never judged (S31). Days are the school's.
"""

import datetime
from typing import Final

from checks.judging import Judge, Moment, Settings, judge
from checks.records.entries.facts import EntryFacts, HeardFacts, WholeFacts
from checks.unseen import known
from checks.verdicts import Finding, failed, not_applicable, passed, warned

DAY: Final = 86_400
_COUNTED: Final = ("in_use", "stored", "repair")
_WITH: Final = {
    "person": "with-person",
    "room": "with-room",
    "pool": "with-pool",
    "trolley": "with-trolley",
}


class RegisteredSettings(Settings, frozen=True):
    """Which fields must say something, and which should."""

    must: list[str]
    should: list[str]


class SeenSettings(Settings, frozen=True):
    """After how much silence somebody looks for it, and after how much it counts as lost from
    sight."""

    warn_seconds: int
    fail_seconds: int


class SoftwareSettings(Settings, frozen=True):
    """How old the list of a computer may be, and of how many computers there must be one."""

    age_seconds: int
    share_percent: int


@judge("asset-registered")
def registered(entry: EntryFacts, settings: RegisteredSettings) -> Finding:
    """The fields that an auditor, an insurer or the police asks for say something."""
    if entry.provided:
        return not_applicable("provided")
    if entry.state not in _COUNTED:
        return not_applicable("not-here-any-more")
    lacking = [name for name in settings.must if name not in entry.filled]
    if lacking:
        return failed("incomplete", fields=_said(lacking), count=len(lacking))
    lacking = [name for name in settings.should if name not in entry.filled]
    if lacking:
        return warned("nearly-complete", fields=_said(lacking), count=len(lacking))
    return passed("complete")


@judge("asset-allocated")
def allocated(entry: EntryFacts, moment: Moment) -> Finding:
    """Somebody or some place has it, and nothing lent is late."""
    if entry.provided:
        return not_applicable("provided")
    if entry.due_on and entry.state in _COUNTED:
        late = (moment.today - datetime.date.fromisoformat(entry.due_on)).days
        if late > 0:
            return failed("overdue", days=late)
    if entry.state != "in_use":
        return not_applicable("not-in-use")
    if entry.holder:
        return passed(_WITH[entry.holder])
    if entry.grouped:
        return passed("with-others")
    if entry.placed and not entry.carried:
        return passed("in-its-room")
    return failed("nobody-carried" if entry.carried else "nobody")


@judge("asset-last-seen")
def last_seen(
    entry: EntryFacts, heard: HeardFacts, settings: SeenSettings, moment: Moment
) -> Finding:
    """What reports was heard from; what is put away or gone is not waited for."""
    if entry.provided or heard.by == "nobody":
        return not_applicable("provided" if entry.provided else "does-not-report")
    if entry.state != "in_use":
        return not_applicable("not-in-use")
    at = known(heard.at)
    if at is None:
        return warned("never")
    age = max(0, moment.seen - at)
    if age > settings.fail_seconds:
        return failed("out-of-sight", age=age)
    if age > settings.warn_seconds:
        return warned("silent", age=age)
    return passed("heard", at=at)


@judge("asset-software-inventory")
def software_inventory(whole: WholeFacts, settings: SoftwareSettings, moment: Moment) -> Finding:
    """What is installed is known, of nearly every computer and lately."""
    if not whole.computers:
        return not_applicable("no-computers")
    recent = sum(1 for at in whole.told if moment.seen - at <= settings.age_seconds)
    # Whole numbers: 95 of 100 is enough, 94.9 is not.
    if recent * 100 >= settings.share_percent * whole.computers:
        return passed("known", recent=recent, computers=whole.computers)
    return failed("not-known", recent=recent, computers=whole.computers)


def _said(names: list[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


JUDGES: tuple[Judge, ...] = (registered, allocated, last_seen, software_inventory)
