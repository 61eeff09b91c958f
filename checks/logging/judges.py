"""The judges of logging: sign-ins written down for long enough, and people told that they are."""

from typing import Final

from checks.judging import Judge, Moment, Settings, judge
from checks.logging.facts import LoggingFacts, Trail
from checks.unseen import BlindError, each, known
from checks.verdicts import Finding, failed, passed, warned

EARLIEST: Final = 946_684_800
"""The year 2000: a record older than that has a wrong date."""


class AuditSettings(Settings, frozen=True):
    """How much of a log is enough, in bytes or in time."""

    log_bytes: int
    reach_seconds: int


class BannerSettings(Settings, frozen=True):
    """The notices that will do, by hash; none: any."""

    accepted_sha256: list[str]


@judge("audit-logging")
def audit(logging: LoggingFacts, settings: AuditSettings, moment: Moment) -> Finding:
    """One log is enough, if it holds both and reaches far enough back."""
    found, blind = each(known(logging.trails), lambda one: _trail(one, settings, moment.seen))
    if any(finding.status == "pass" for finding in found):
        return passed("recorded") if known(logging.clock_kept) else warned("clock-not-kept")
    for reason in blind:
        raise BlindError(reason)
    said = [finding.says for finding in found]
    return failed(next((says for says in ("too-short", "half") if says in said), "nothing"))


def _trail(trail: Trail, settings: AuditSettings, seen: int) -> Finding:
    success, failure = known(trail.success), known(trail.failure)
    if not success and not failure:
        return failed("nothing")
    if not success or not failure:
        return failed("half")
    size = known(trail.log_bytes)
    if size is not None and size >= settings.log_bytes:
        return passed("recorded")
    oldest = known(trail.oldest_at)
    reaches = oldest is not None and _reaches(oldest, settings, seen)
    return passed("recorded") if reaches else failed("too-short")


def _reaches(oldest: int, settings: AuditSettings, seen: int) -> bool:
    if oldest < EARLIEST:
        raise BlindError("parse-error")
    return seen - oldest >= settings.reach_seconds


@judge("logon-banner")
def notice(logging: LoggingFacts, settings: BannerSettings) -> Finding:
    """The screen that people sign in at tells them, in the school's words where it has any."""
    banners = known(logging.banners)
    if not banners or not all(known(banner.shown) for banner in banners):
        return failed("none")
    if not settings.accepted_sha256:
        return passed("shown")
    if all(known(banner.text_sha256) in settings.accepted_sha256 for banner in banners):
        return passed("as-agreed")
    return failed("other-words")


JUDGES: tuple[Judge, ...] = (audit, notice)
