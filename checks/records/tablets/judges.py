"""Judges of what a sheet of the management (MDM) says of iPads, Chromebooks and phones (S30).

A sheet older than a fortnight proves nothing any more: everything is unknown then, with "import
again". A verdict never says more than the sheet does.
"""

import datetime
from typing import Final

from checks import end_of_life
from checks.end_of_life import Product, days_left
from checks.judging import Judge, Moment, Settings, judge
from checks.records.tablets.facts import TabletFacts
from checks.unseen import BlindError, Maybe, known
from checks.verdicts import Finding, failed, passed, warned

DAY: Final = 86_400
SHEET_SECONDS: Final = 14 * DAY
"""How old a sheet may be (S30)."""
_APPLE: Final = ("ipados", "ios")
END_OF_LIFE: Final[dict[str, Product]] = {
    product.product: product for product in end_of_life.load("records/tablets")
}


class EnrolledSettings(Settings, frozen=True):
    """How long a thing may not have been in contact."""

    silent_seconds: int


class SupportedSettings(Settings, frozen=True):
    """`warn_seconds`: from this long before the end on, it is time to plan."""

    warn_seconds: int


@judge("mdm-enrolled")
def enrolled(tablet: TabletFacts, settings: EnrolledSettings, moment: Moment) -> Finding:
    """It stands in the sheet, is enrolled and supervised, and was in contact lately."""
    _fresh(tablet, moment)
    if not tablet.listed:
        return failed("not-listed")
    if not known(tablet.managed):
        return failed("not-managed")
    if known(tablet.supervised) is False:
        return failed("not-supervised")
    at = known(tablet.synced_at)
    if at is None:
        return warned("never-reached")
    age = max(0, moment.seen - at)
    if age > settings.silent_seconds:
        return failed("silent", age=age)
    return passed("enrolled")


@judge("os-supported")
def supported(tablet: TabletFacts, settings: SupportedSettings, moment: Moment) -> Finding:
    """Its maker still fixes what runs on it."""
    _listed(tablet, moment)
    if tablet.family == "chromeos":
        return _dated(tablet, settings, moment)
    product = END_OF_LIFE.get(tablet.family)
    release = known(tablet.release)
    if product is None or release is None:
        raise BlindError("unsupported", "no-dates" if product is None else "no-release")
    cycle = end_of_life.find(product, release, None, None)
    name = f"{product.title} {release}"
    if cycle is None:
        if end_of_life.is_older(product, release, None):
            return failed("ended-long-ago", name=name)
        raise BlindError("unsupported", "newer-than-list")
    if cycle.state == "ageing":
        return warned("ageing", name=name)
    return passed("current", name=name)


@judge("disk-encrypted")
def encrypted(tablet: TabletFacts, moment: Moment) -> Finding:
    """What is on it stays closed to whoever finds it."""
    _listed(tablet, moment)
    if tablet.family == "chromeos":
        return passed("always")
    if tablet.family in _APPLE:
        return passed("code-set") if _said(tablet.passcode) else failed("no-code")
    return passed("encrypted") if _said(tablet.encrypted) else failed("open")


def _said(cell: Maybe[bool | None]) -> bool:
    """An empty cell is no answer."""
    if (value := known(cell)) is None:
        raise BlindError("unsupported", "not-said")
    return value


def _dated(tablet: TabletFacts, settings: SupportedSettings, moment: Moment) -> Finding:
    """Each model of Chromebook has its own last day, and the sheet says it."""
    said = known(tablet.updates_until)
    if said is None:
        raise BlindError("unsupported", "no-last-day")
    ends = datetime.date.fromisoformat(said)
    midnight = datetime.datetime.combine(ends, datetime.time(), datetime.UTC)
    left, until = days_left(ends, moment.today), int(midnight.timestamp())
    if left < 0:
        return failed("no-updates", ends=until)
    if left * DAY < settings.warn_seconds:
        return warned("ends-soon", ends=until, days=left)
    return passed("updates", ends=until)


def _listed(tablet: TabletFacts, moment: Moment) -> None:
    _fresh(tablet, moment)
    if not tablet.listed:
        raise BlindError("unsupported", "not-in-sheet")


def _fresh(tablet: TabletFacts, moment: Moment) -> None:
    age = moment.seen - tablet.imported_at
    if age > SHEET_SECONDS:
        raise BlindError("stale", "import-again", age=age)


JUDGES: tuple[Judge, ...] = (enrolled, supported, encrypted)
