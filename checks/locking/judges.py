"""Judges of locking.

`0` seconds means never and never passes, whatever a public benchmark says. On Windows a limit on
the whole machine holds whoever signs in, and an account's own screen saver comes on top; accounts
that are not signed in cannot be seen there and are judged when they next are.
"""

from checks.judging import Judge, Moment, Settings, judge
from checks.locking.facts import Locker, LockingFacts, LockingNow, Rule, Session
from checks.unseen import BlindError, Unseen, known
from checks.verdicts import Finding, failed, not_applicable, passed, warned, worst

SAYS_IDLE: frozenset[Locker] = frozenset({"gnome", "kde"})
"""Desktops that tell logind when their session is idle (collectors §1)."""


class IdleSettings(Settings, frozen=True):
    """`limit_seconds`: the longest a screen may stay open untouched."""

    limit_seconds: int


class ResumeSettings(Settings, frozen=True):
    """`grace_seconds`: the longest a blanked screen may still open without the password."""

    grace_seconds: int


class UnattendedSettings(Settings, frozen=True):
    """`idle_seconds`: an open session untouched for longer is unattended (idle limit and a
    minute)."""

    idle_seconds: int


class OvernightSettings(Settings, frozen=True):
    """`nights`: from this many nights on, a session left signed in fails instead of warning."""

    nights: int


@judge("lock-idle-timeout")
def idle_timeout(lock: LockingFacts, settings: IdleSettings) -> Finding:
    """Every account on every desktop locks within the limit, and cannot be talked out of it."""
    rules = known(lock.rules)
    if not rules:
        return not_applicable("nobody-signs-in")
    machine = known(lock.machine_idle_seconds) or 0
    signed_in = [rule for rule in rules if rule.loaded]
    if not signed_in:
        return _whole_machine(lock, machine, settings.limit_seconds)
    return worst(_idle(rule, lock, machine, settings.limit_seconds) for rule in signed_in)


def _whole_machine(lock: LockingFacts, machine: int, limit: int) -> Finding:
    """Nobody is signed in whose own settings could tell more."""
    if machine <= 0:
        raise BlindError("deferred", "nobody-loaded")
    by = known(lock.machine_decided_by) or "default"
    if machine > limit:
        return failed("too-late-by", seconds=machine, limit=limit, by=by)
    return passed("machine-locks-by", seconds=machine, by=by)


def _idle(rule: Rule, lock: LockingFacts, machine: int, limit: int) -> Finding:
    if rule.locker == "windows":
        return _idle_windows(rule, lock, machine, limit)
    return _idle_desktop(rule, machine, limit)


def _idle_windows(rule: Rule, lock: LockingFacts, machine: int, limit: int) -> Finding:
    """Whichever comes first: the machine's limit, or a screen saver that asks for the password."""
    if not known(rule.possible):
        return failed("never-locks", limit=limit)
    if 0 < machine <= limit:
        return passed(
            "machine-locks-by", seconds=machine, by=known(lock.machine_decided_by) or "default"
        )
    idle = known(rule.idle_seconds)
    saver = idle + known(rule.grace_seconds) if idle > 0 and known(rule.locks) else 0
    times = [seconds for seconds in (machine, saver) if seconds > 0]
    if not times:
        return failed("never-idle", limit=limit)
    by = known(rule.decided_by if min(times) == saver else lock.machine_decided_by) or "default"
    if min(times) > limit:
        return failed("too-late-by", seconds=min(times), limit=limit, by=by)
    if known(rule.changeable):
        return warned("user-can-change", seconds=saver, limit=limit)
    return passed("locks-by", seconds=saver, by=by)


def _idle_desktop(rule: Rule, machine: int, limit: int) -> Finding:
    """logind's limit begins when every session says that it is idle (logind.conf(5)), which a
    desktop does after its own idle time: where that is never, the machine's limit never begins."""
    if not known(rule.locks):
        return failed("never-locks", limit=limit)
    idle = known(rule.idle_seconds)
    if idle <= 0:
        return failed("never-idle", limit=limit)
    grace = known(rule.grace_seconds)
    by_machine = rule.locker in SAYS_IDLE and 0 < machine < grace
    open_for = idle + (machine if by_machine else grace)
    if open_for > limit:
        return failed("too-late", seconds=open_for, limit=limit)
    if known(rule.changeable):
        return warned("user-can-change", seconds=open_for, limit=limit)
    return passed("machine-locks" if by_machine else "locks", seconds=open_for)


@judge("lock-on-resume")
def on_resume(lock: LockingFacts, settings: ResumeSettings) -> Finding:
    """Waking up and the end of a screensaver both ask for the password, at once."""
    rules = known(lock.rules)
    if not rules:
        return not_applicable("nobody-signs-in")
    signed_in = [rule for rule in rules if rule.loaded]
    if not signed_in:
        # Waking is a rule of the machine there; nobody's screen saver can be open.
        asks = known(rules[0].on_resume)
        if not asks:
            return failed("open-on-wake", limit=settings.grace_seconds)
        return passed("asks-nobody-in")
    return worst(_resume(rule, settings.grace_seconds) for rule in signed_in)


def _resume(rule: Rule, longest: int) -> Finding:
    if rule.locker == "windows":
        return _resume_windows(rule, longest)
    return _resume_desktop(rule, longest)


def _resume_windows(rule: Rule, longest: int) -> Finding:
    """A machine without a screen saver has no end of one that could ask."""
    if not known(rule.possible):
        return failed("never-asks", limit=longest)
    saver = known(rule.idle_seconds) > 0
    if saver and not known(rule.locks):
        return failed("never-asks", limit=longest)
    grace = max(known(rule.grace_seconds) if saver else 0, known(rule.wake_grace_seconds))
    if grace > longest:
        return failed("asks-late", seconds=grace, limit=longest)
    if not known(rule.on_resume):
        return failed("open-on-wake", limit=longest)
    return passed("asks")


def _resume_desktop(rule: Rule, longest: int) -> Finding:
    if not known(rule.locks):
        return failed("never-asks", limit=longest)
    grace = known(rule.grace_seconds)
    if grace > longest:
        return failed("asks-late", seconds=grace, limit=longest)
    if not known(rule.on_resume):
        return failed("open-on-wake", limit=longest)
    return passed("asks")


@judge("session-unattended")
def unattended(now: LockingNow, lock: LockingFacts, settings: UnattendedSettings) -> Finding:
    """Nobody's session stands open and untouched at this moment."""
    sessions = known(now.sessions)
    if not sessions:
        return passed("nobody-signed-in")
    return worst(_left(session, lock, settings.idle_seconds) for session in sessions)


def _left(session: Session, lock: LockingFacts, limit: int) -> Finding:
    """A desktop says that it is idle only after its own idle time: one whose time is never, or
    beyond the limit, looks attended whoever left it."""
    if _cannot_tell(session.idle_seconds):
        if known(session.locked):
            return passed("locked")
        raise BlindError("unsupported", "open-untold")
    idle = known(session.idle_seconds)
    if idle > limit:
        return passed("locked") if known(session.locked) else failed("left-open", seconds=idle)
    own = [rule for rule in known(lock.rules) if rule.user == session.user]
    if all(0 < known(rule.idle_seconds) <= limit for rule in own):
        return passed("attended")
    if known(session.locked):
        return passed("locked")
    raise BlindError("unsupported")


def _cannot_tell(idle: int | Unseen) -> bool:
    """Whether no program outside a session can know on this platform since when it is idle."""
    return isinstance(idle, Unseen) and idle.unseen == "unsupported"


@judge("session-overnight")
def overnight(now: LockingNow, settings: OvernightSettings, moment: Moment) -> Finding:
    """Nobody stayed signed in over night: no session is older than the last 02:00."""
    sessions = known(now.sessions)
    if not sessions:
        return passed("nobody-signed-in")
    oldest = min(known(session.logon_at) for session in sessions)
    nights = sum(oldest < night for night in moment.nights)
    if nights == 0:
        return passed("today-only")
    if nights >= settings.nights:
        return failed("nights", nights=nights)
    return warned("one-night" if nights == 1 else "nights", nights=nights)


JUDGES: tuple[Judge, ...] = (idle_timeout, on_resume, unattended, overnight)
