"""Judges of the operating system: supported, patched, and patched by itself.

What the list of end dates does not know is unknown, never a pass; an unrated update is judged by
how long ago the machine last installed one, because Debian and Ubuntu rate none.
"""

import datetime

from checks import end_of_life
from checks.end_of_life import Cycle, days_left
from checks.judging import Judge, Moment, Settings, judge
from checks.operating_system.facts import (
    Automatic,
    OperatingSystemFacts,
    OperatingSystemNow,
    Update,
)
from checks.unseen import BlindError, Unseen, known
from checks.verdicts import Finding, failed, passed, warned

DAY = 86_400
LONGEST = 20 * 365 * DAY
"""No maker promises fixes for longer than fifteen years; what a system writes beyond this is no
date of its end."""
NORMAL = ("supported", "ends-soon", "ended")
EXTENDED = ("extended-supported", "extended-ends-soon", "extended-ended")
END_OF_LIFE = {product.product: product for product in end_of_life.load("operating_system")}


class SupportedSettings(Settings, frozen=True):
    """`warn_seconds`: from this long before the end on, it is time to plan."""

    warn_seconds: int


class PatchSettings(Settings, frozen=True):
    """How long a rated update may wait, how old the last unrated one and the lists may be, how long
    after a start old lists prove nothing (S3), and how long a restart may be put off; all in
    seconds."""

    outstanding_seconds: int
    unrated_seconds: int
    lists_seconds: int
    settling_seconds: int
    restart_seconds: int


class AutomaticSettings(Settings, frozen=True):
    """`contact_seconds`: how long ago updates may last have run by themselves."""

    contact_seconds: int


@judge("os-supported")
def supported(system: OperatingSystemFacts, settings: SupportedSettings, moment: Moment) -> Finding:
    """The maker still fixes this release, or the machine shows that it gets extended fixes."""
    product = END_OF_LIFE.get(system.product)
    if product is None:
        return _own_date(system, settings, moment)
    if system.release is None:
        raise BlindError("unsupported", "no-release")
    edition, build = known(system.edition), known(system.build)
    cycle = end_of_life.find(product, system.release, edition, build)
    if cycle is None:
        if end_of_life.is_older(product, system.release, build):
            return failed("ended-long-ago", name=system.name)
        raise BlindError("unsupported", "newer-than-list")
    if cycle.ends is None:
        if cycle.state == "current":
            return passed("current", name=system.name)
        return warned("ageing", name=system.name)
    return _dated(system, cycle, cycle.ends, settings, moment)


def _dated(
    system: OperatingSystemFacts,
    cycle: Cycle,
    ends: datetime.date,
    settings: SupportedSettings,
    moment: Moment,
) -> Finding:
    if days_left(ends, moment.today) >= 0:
        return _until(NORMAL, ends, system.name, settings, moment)
    if not cycle.extended:
        return failed("ended", name=system.name, ends=_epoch(ends))
    shown = known(system.extended)
    longer = [extended.ends for extended in cycle.extended if extended.needs in shown]
    if not longer:
        return failed("ended", name=system.name, ends=_epoch(ends))
    return _until(EXTENDED, max(longer), system.name, settings, moment)


def _own_date(system: OperatingSystemFacts, settings: SupportedSettings, moment: Moment) -> Finding:
    own = known(system.support_end)
    if own is None:
        raise BlindError("unsupported", "not-in-list")
    if not 0 <= own <= moment.seen + LONGEST:
        raise BlindError("parse-error")
    ends = datetime.datetime.fromtimestamp(own, tz=datetime.UTC).date()
    return _until(NORMAL, ends, system.name, settings, moment)


def _until(
    says: tuple[str, str, str],
    ends: datetime.date,
    name: str,
    settings: SupportedSettings,
    moment: Moment,
) -> Finding:
    good, soon, over = says
    left = days_left(ends, moment.today)
    if left < 0:
        return failed(over, name=name, ends=_epoch(ends))
    if left * DAY <= settings.warn_seconds:
        return warned(soon, name=name, ends=_epoch(ends), days=left)
    return passed(good, name=name, ends=_epoch(ends))


def _epoch(day: datetime.date) -> int:
    return int(datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC).timestamp())


@judge("os-patches")
def patches(
    now: OperatingSystemNow,
    system: OperatingSystemFacts,
    settings: PatchSettings,
    moment: Moment,
) -> Finding:
    """Nothing serious waits too long, security updates do arrive, and restarts are not put off."""
    finding = _updates(now, settings, moment.seen)
    if finding.says == "none-installed" and system.product == "macos":
        finding = _between_two(now, settings, moment.seen) or finding
    if finding.says == "unrated-waiting" and not _by_itself(system):
        # Whoever installs by hand may have installed some of them and left the rest.
        return warned("unrated-by-hand", **finding.args)
    if finding.status != "pass":
        return finding
    since = known(now.restart_since)
    if since is not None and moment.seen - since > settings.restart_seconds:
        return warned("restart-due", seconds=moment.seen - since)
    return finding


def _past(at: int | None, seen: int) -> int | None:
    """A time that must lie behind us. One ahead means a clock that was set back, by which nothing
    that is old looks old."""
    if at is not None and at - seen > DAY:
        raise BlindError("parse-error", "from-the-future")
    return at


def _updates(now: OperatingSystemNow, settings: PatchSettings, seen: int) -> Finding:
    lists = _past(known(now.lists_at), seen)
    if lists is None or seen - lists > settings.lists_seconds:
        return _stale(now, settings, seen)
    pending, count = known(now.pending), known(now.pending_count)
    late = [age for age in (_waited(update, seen) for update in pending) if age is not None]
    if late and max(late) > settings.outstanding_seconds:
        over = sum(age > settings.outstanding_seconds for age in late)
        return failed("outstanding", count=over, seconds=max(late))
    if count > len(late):
        return _unrated(now, count, settings, seen)
    serious = sum(age > 0 for age in late)
    if serious:
        return passed("serious-waiting", count=serious, seconds=max(late))
    return passed("waiting", count=count) if count else passed("nothing-waits")


def _waited(update: Update, seen: int) -> int | None:
    """Seconds since a serious update came out, 0 for a harmless one; None: nobody rated it."""
    if update.severity in ("critical", "high") and update.released_at is not None:
        return max(0, seen - update.released_at)
    return 0 if update.severity in ("medium", "low") else None


def _unrated(now: OperatingSystemNow, count: int, settings: PatchSettings, seen: int) -> Finding:
    last = _past(known(now.security_at), seen)
    if last is not None and seen - last <= settings.unrated_seconds:
        return passed("unrated-waiting", count=count, seconds=max(0, seen - last))
    since = _memory(now, settings, seen) if last is None else last
    return failed("none-installed", count=count, seconds=seen - since)


def _between_two(now: OperatingSystemNow, settings: PatchSettings, seen: int) -> Finding | None:
    """Apple lets more time pass between two updates than one may wait elsewhere. Only a warning:
    what is on offer is always the newest, so those before it may have been left out."""
    count = known(now.pending_count)
    oldest = _oldest_unrated(known(now.pending), count, seen)
    if oldest is None or oldest > settings.unrated_seconds:
        return None
    return warned("unrated-new", count=count, seconds=oldest)


def _memory(now: OperatingSystemNow, settings: PatchSettings, seen: int) -> int:
    """No security update in the log: proof only if the log reaches back far enough."""
    memory = known(now.memory_at)
    if memory is None or seen - memory <= settings.unrated_seconds:
        raise BlindError("unsupported", "no-memory")
    return memory


def _oldest_unrated(pending: list[Update], count: int, seen: int) -> int | None:
    """For how long the oldest of them has waited. None: not said of each, so any may be old."""
    if count > len(pending):
        return None
    came = [_past(one.released_at, seen) for one in pending if _waited(one, seen) is None]
    dated = [at for at in came if at is not None]
    return max(0, seen - min(dated)) if dated and len(dated) == len(came) else None


def _stale(now: OperatingSystemNow, settings: PatchSettings, seen: int) -> Finding:
    """Old lists cannot say what waits, but a long silence since the last update speaks."""
    last = known(now.security_at)
    memory = known(now.memory_at)
    since = memory if last is None else last
    settled = seen - known(now.up_since) > settings.settling_seconds
    if settled and since is not None and seen - since > settings.unrated_seconds:
        return failed("lists-old-none-installed", seconds=seen - since)
    raise BlindError("stale", "lists-old")


@judge("auto-update")
def automatic(
    system: OperatingSystemFacts,
    now: OperatingSystemNow,
    settings: AutomaticSettings,
    moment: Moment,
) -> Finding:
    """Something installs updates without anybody having to think of it, and did so lately."""
    ways = known(system.automatic)
    if known(system.managed_by) is None:
        nothing = _nothing(ways)
        if nothing is not None:
            return nothing
    paused = [known(way.paused_until) for way in ways if way.name == "windows-update"]
    if any(until is not None and until > moment.seen for until in paused):
        return warned("paused", until=max(until or 0 for until in paused))
    ran = _past(known(now.automatic_at), moment.seen)
    if ran is None:
        return warned("never-ran")
    if moment.seen - ran > settings.contact_seconds:
        return warned("ran-long-ago", seconds=moment.seen - ran)
    return passed("installs", seconds=max(0, moment.seen - ran))


def _nothing(ways: list[Automatic]) -> Finding | None:
    """The finding where no way installs by itself; None where one does."""
    blind = [
        way for way in ways if isinstance(way.runs, Unseen) or isinstance(way.installs, Unseen)
    ]
    if any(_works(way) for way in ways if way not in blind):
        return None
    if blind:
        raise BlindError("denied")
    if any(known(way.runs) for way in ways):
        return failed("only-downloads")
    layers = [known(way.decided_by) for way in ways if way.name in ("windows-update", "macos")]
    return failed("switched-off", by=layers[0]) if layers else failed("nothing-installs")


def _by_itself(system: OperatingSystemFacts) -> bool:
    return known(system.managed_by) is not None or any(map(_works, known(system.automatic)))


def _works(way: Automatic) -> bool:
    return known(way.runs) and known(way.installs)


JUDGES: tuple[Judge, ...] = (supported, patches, automatic)
