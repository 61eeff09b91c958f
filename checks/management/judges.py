"""The judge of management: what can be carried away is enrolled, approved and not silent.

Silence counts only once the computer had its chance: hours surely on and connected since (S3), so
that one back from the holidays is not blamed for the weeks in a cupboard.
"""

from fnmatch import fnmatchcase
from typing import Final

from checks.judging import Device, Judge, Moment, Settings, judge
from checks.management.facts import Enrolment, ManagementFacts
from checks.unseen import BlindError, Unseen, each, known
from checks.verdicts import Finding, best, failed, not_applicable, passed, warned

PORTABLE: Final = "portable"


class ManagementSettings(Settings, frozen=True):
    """Which computers, whose management, and how long it may be silent."""

    computers: str
    managers: list[str]
    silent_seconds: int
    online_seconds: int


@judge("mdm-enrolled")
def enrolled(
    management: ManagementFacts, settings: ManagementSettings, device: Device, moment: Moment
) -> Finding:
    """One enrolment that is well is enough."""
    asked = settings.computers != PORTABLE or device.portable
    if not isinstance(asked, Unseen) and not asked:
        return not_applicable("stays")
    enrolments = known(management.enrolments)
    found, blind = each(enrolments, lambda one: _one(one, settings, moment.seen))
    if any(finding.status == "pass" for finding in found):
        return passed("enrolled")
    known(asked)
    if blind:
        # Once more, for the first that is blind says best what it wants to know.
        found = [_one(one, settings, moment.seen) for one in enrolments]
    if found:
        return best(found)
    return warned("domain-only") if known(management.domain) else failed("not-enrolled")


def _one(one: Enrolment, settings: ManagementSettings, seen: int) -> Finding:
    if settings.managers and not _is_named(one.manager, settings.managers):
        return failed("another")
    if known(one.supervised) is False:
        return failed("not-approved")
    contact = one.contact
    if isinstance(contact, Unseen):
        raise BlindError(contact.unseen, says="last-contact-unseen")
    if contact == "never":
        return warned("never-reached")
    if contact == "past":
        return _silent(one, settings, seen)
    return passed("enrolled")


def _is_named(manager: str, globs: list[str]) -> bool:
    return any(fnmatchcase(manager, glob.strip().casefold()) for glob in globs)


def _silent(one: Enrolment, settings: ManagementSettings, seen: int) -> Finding:
    since = known(one.silent_since)
    if since is None:
        raise BlindError("parse-error")
    age = max(0, seen - since)
    if age <= settings.silent_seconds:
        return passed("enrolled")
    online = known(one.online_seconds) or 0
    if online < settings.online_seconds:
        need = settings.online_seconds
        raise BlindError("deferred", says="too-little-online", online=online, need=need, age=age)
    return failed("silent", age=age)


JUDGES: tuple[Judge, ...] = (enrolled,)
