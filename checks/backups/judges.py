"""The judge of backups: a server's data was saved since yesterday, and somebody knows that it was.

What "no job was seen" means is the school's to say (ADR: backups); it is never a pass. Weekends do
not count into an age, by UTC days; holidays do, because a server that is on makes its backup, and
one that is off is excused by its hours.
"""

from fnmatch import fnmatchcase
from typing import Final

from checks.backups.facts import BackupsFacts, BackupsNow, Job
from checks.backups.products import SCRIPT
from checks.judging import Device, Judge, Moment, Settings, judge, unknown
from checks.online import LONGEST_NEED_SECONDS, since
from checks.unseen import BlindError, Unseen, each, known
from checks.verdicts import Finding, failed, not_applicable, passed, warned

DAY: Final = 86_400
FUTURE_SECONDS: Final = 3_600
TWICE: Final = 2
_THURSDAY: Final = 3
"""The weekday of the first of January 1970, Monday being 0."""
_WORKDAYS: Final = 5


class BackupSettings(Settings, frozen=True):
    """How old a backup may be, which jobs count, and what it means that none was seen."""

    age_seconds: int
    jobs: list[str]
    none_seen: str


@judge("backup-recent")
def recent(
    backups: BackupsFacts,
    now: BackupsNow,
    settings: BackupSettings,
    device: Device,
    moment: Moment,
) -> Finding:
    """One job that worked is enough; one that fails again and again is told beside it."""
    if device.purpose() != "server":
        return not_applicable("not-a-server")
    jobs = [job for job in known(now.jobs) if _counts(job, settings.jobs)]
    if not jobs:
        known(now.everywhere)
        return _none(backups, settings)
    judged, reasons = each(jobs, lambda job: _job(job, now, settings, moment.seen))
    found = [*judged, *(unknown(reason) for reason in reasons)]
    if isinstance(now.everywhere, Unseen):
        found.append(unknown(now.everywhere.unseen))
    blind = next((one for one in found if one.status == "unknown"), None)
    failing = next((one for one in found if one.says == "failing"), None)
    if failing is not None:
        return failing
    late = next((one for one in found if one.status == "fail"), None)
    good = next((one for one in found if one.status == "pass"), None)
    if good is not None and late is not None:
        return warned("another-late", job=late.args["job"])
    good = good or next((one for one in found if one.status == "warn"), None)
    if good is not None:
        return warned("another-unseen") if good.status == "pass" and blind else good
    return blind or late or _none(backups, settings)


def _none(backups: BackupsFacts, settings: BackupSettings) -> Finding:
    """Nothing seen proves nothing: a server may be saved from outside, by what runs elsewhere."""
    if settings.none_seen == "fail":
        return failed("no-job")
    if settings.none_seen == "outside":
        return not_applicable("outside")
    products = known(backups.products)
    if products:
        raise BlindError("unsupported", says="product-only", product=", ".join(products))
    raise BlindError("unsupported", says="no-job-seen")


def _counts(job: Job, wanted: list[str]) -> bool:
    names = (job.product.casefold(), job.name.casefold())
    globs = [glob.casefold() for glob in wanted]
    return not globs or any(fnmatchcase(name, glob) for name in names for glob in globs)


def _job(job: Job, now: BackupsNow, settings: BackupSettings, seen: int) -> Finding:
    label = f"{job.product} ({job.name})" if job.name else job.product
    failures = known(job.failed_in_row) or 0
    if failures >= TWICE:
        return failed("failing", severity="critical", job=label, count=failures)
    if failures and isinstance(job.last_success_at, Unseen):
        return failed("failed-last", job=label)
    at = known(job.last_success_at)
    if at is None:
        return failed("never", job=label)
    if at > seen + FUTURE_SECONDS:
        return unknown("parse-error", "from-the-future")
    age = max(0, seen - at)
    if on_workdays(at, seen) > settings.age_seconds:
        return _was_off(now, at, settings.age_seconds, seen) or failed("late", job=label, age=age)
    doubt = _doubt(job, failures, settings)
    return warned(doubt, job=label, age=age) if doubt else passed("recent", job=label, age=age)


def _doubt(job: Job, failures: int, settings: BackupSettings) -> str | None:
    """Why a job that is fresh is not good all the same."""
    if failures:
        return "failed-once"
    if job.product == SCRIPT and not settings.jobs:
        return "by-name"
    return "no-result" if job.proof == "trace" else None


def _was_off(now: BackupsNow, at: int, need: int, seen: int) -> Finding | None:
    """A computer that was off could save nothing, and nothing was changed on it (S3); where nobody
    remembers its hours, it was on. Nobody remembers more of them than checks may ask for."""
    if isinstance(now.online, Unseen):
        return None
    need, online = min(need, LONGEST_NEED_SECONDS), since(now.online, at, seen)
    return unknown("deferred", "was-off", online=online, need=need) if online < need else None


def on_workdays(begins: int, ends: int) -> int:
    """Seconds between two moments that are not on a Saturday or Sunday (UTC)."""
    return max(0, _workday_seconds(ends) - _workday_seconds(begins))


def _workday_seconds(at: int) -> int:
    """Those since the Monday before the first of January 1970."""
    days, rest = divmod(at + _THURSDAY * DAY, DAY)
    weeks, weekday = divmod(days, 7)
    today = rest if weekday < _WORKDAYS else 0
    return (weeks * _WORKDAYS + min(weekday, _WORKDAYS)) * DAY + today


JUDGES: tuple[Judge, ...] = (recent,)
