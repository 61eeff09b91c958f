"""macOS locking: when each account's screen blanks, whether it then asks for the password, and who
is signed in.

- Blanking: the screen saver's `idleTime` (com.apple.screensaver: profile, account on this Mac,
  account, Mac) or the display's sleep (`pmset -g custom`, minutes per power source), whichever
  comes first; 0 is never. The source on which it takes longest counts. What macOS takes for a saver
  that nobody set differs between releases: then a display that sleeps within ten minutes counts,
  since the screen is blank by then, and else the time is unseen.
- Asking for the password, after the saver as after sleep: `askForPassword` and
  `askForPasswordDelay` of a profile. Without one it is a setting of the account's that no file
  holds since macOS 13; `sysadminctl -screenLock status` tells it (on its standard error), and only
  to the account itself, so it is asked for whoever is at the screen and `deferred` for the others.
- Signed in: `IOConsoleUsers` of the I/O registry. `CGSSessionScreenIsLocked` is there only while
  the screen is locked. A session that was switched away from does not tell. Idle: `HIDIdleTime`,
  nanoseconds, of whoever is at the screen. When they signed in: when the oldest of the programs
  that draw their desktop was started (`ps`), since each of them may have been started again.
Written after Apple's documentation, the macOS security compliance project and public readers; never
run on macOS.
"""

import re
from typing import Final

import msgspec

from checks.host import CannotLook, Host, User, attempt, output
from checks.layers import Layer
from checks.locking.facts import LockingFacts, LockingNow, Rule, Session
from checks.macos import (
    Held,
    Settings,
    deciding,
    flag,
    hardware_uuid,
    number,
    of_person,
    people,
    printed,
    sessions,
    text,
)
from checks.unseen import Maybe, Unseen

_DOMAIN: Final = "com.apple.screensaver"
_SLEEPS: Final = re.compile(r"\s+displaysleep\s+(\d{1,6})\b")
_DELAY: Final = re.compile(r"screenLock delay is (\d{1,9}) seconds")
_SOURCE: Final = re.compile(r"\S.*:")
_PS: Final = ("/bin/ps", "-axo", "uid=,etime=,comm=")
_RUNS: Final = re.compile(
    r"\s*(\d{1,10})\s+(?:(?:(\d{1,5})-)?(\d{1,2}):)?(\d{1,2}):(\d{2})"
    r"\s+/System/Library/CoreServices/(\w{1,40})\.app/Contents/MacOS/\w{1,40}\s*"
)
"""Account, running for [[days-]hours:]minutes:seconds, program."""
_DESKTOP: Final = frozenset(
    {
        *("Dock", "Finder", "SystemUIServer", "ControlCenter"),
        *("NotificationCenter", "WindowManager"),
    }
)
"""Programs that run for whoever is signed in at the screen, and only then."""
_SURELY_BLANK: Final = 600
"""Seconds: where nobody set a saver, the display's sleep counts up to here, since the screen is
blank then at the latest; beyond it a saver of the system's own may come first."""
_NO_ANSWER: Final = Unseen("unsupported")
_LATER: Final = Unseen("deferred")


class _Asks(msgspec.Struct, frozen=True):
    """Whether a blank screen asks for the password, how late, and whether a profile says so."""

    locks: Maybe[bool]
    grace: Maybe[int]
    managed: bool
    loaded: bool = True


class _Blanks(msgspec.Struct, frozen=True):
    """When the screen blanks, and who decided it."""

    seconds: Maybe[int]
    by: Maybe[Layer]


def read(host: Host) -> LockingFacts:
    """The rules in force for every person's account."""
    return LockingFacts(attempt(_rules, host), None, None)


def read_now(host: Host) -> LockingNow:
    """Who is signed in at the screen now."""
    return LockingNow(sessions=attempt(_sessions, host))


def _rules(host: Host) -> list[Rule]:
    found = people(host)
    if not found:
        return []
    uuid = attempt(hardware_uuid, host)
    display = attempt(_display, host)
    here = attempt(_here, host)
    return [_rule(host, user, uuid, display, here) for user in found]


def _rule(
    host: Host,
    user: User,
    uuid: Maybe[str],
    display: Maybe[list[int]],
    here: Maybe[list[str]],
) -> Rule:
    layers = _layers(host, user, uuid)
    if isinstance(layers, Unseen):
        blanks, asks = _Blanks(layers, layers), _Asks(layers, layers, managed=False)
    else:
        blanks, asks = _blanks(layers, display), _asks(host, layers, user, here)
    held = blanks.by if isinstance(blanks.by, Unseen) else blanks.by == "mdm" and asks.managed
    return Rule(
        user=user.alias,
        locker="macos",
        idle_seconds=blanks.seconds,
        locks=asks.locks,
        grace_seconds=asks.grace,
        on_resume=asks.locks,
        changeable=Unseen(held.unseen) if isinstance(held, Unseen) else not held,
        decided_by=blanks.by,
        loaded=asks.loaded,
    )


def _layers(host: Host, user: User, uuid: Maybe[str]) -> Maybe[list[Held]]:
    """What is set about the screen saver; without the Mac's number a layer would be missed."""
    if isinstance(uuid, Unseen):
        return uuid
    return attempt(of_person, host, _DOMAIN, user, uuid)


def _blanks(layers: list[Held], display: Maybe[list[int]]) -> _Blanks:
    held = deciding(layers, "idleTime")
    if isinstance(display, Unseen):
        return _Blanks(display, display)
    if held is None:
        longest = 0 if 0 in display else max(display)
        sure = 0 < longest <= _SURELY_BLANK
        return _Blanks(longest if sure else _NO_ANSWER, "default")
    saver = attempt(number, held.settings, "idleTime")
    if isinstance(saver, Unseen):
        return _Blanks(saver, held.by)
    saver = max(0, saver or 0)
    by_source = [min((s for s in (saver, sleeps) if s > 0), default=0) for sleeps in display]
    return _Blanks(0 if 0 in by_source else max(by_source), held.by)


def _display(host: Host) -> list[int]:
    """Seconds until the display sleeps, for each power source. Raises CannotLook."""
    lines = output(host, ["/usr/bin/pmset", "-g", "custom"]).splitlines()
    found = [int(match[1]) * 60 for match in map(_SLEEPS.match, lines) if match]
    if not found or len(found) != sum(_SOURCE.fullmatch(line) is not None for line in lines):
        raise CannotLook("parse-error", "pmset")
    return found


def _asks(host: Host, layers: list[Held], user: User, here: Maybe[list[str]]) -> _Asks:
    profile = [layer for layer in layers if layer.by == "mdm"]
    held, late = deciding(profile, "askForPassword"), deciding(profile, "askForPasswordDelay")
    if held is not None:
        asked = attempt(flag, held.settings, "askForPassword")
        grace = None if late is None else attempt(number, late.settings, "askForPasswordDelay")
        return _Asks(
            False if asked is None else asked,
            _NO_ANSWER if grace is None else grace,
            managed=True,
        )
    if isinstance(here, Unseen):
        return _Asks(here, here, managed=False)
    if user.name not in here:
        return _Asks(_LATER, _LATER, managed=False, loaded=False)
    told = attempt(_told, host, user)
    return _Asks(told, told, managed=False) if isinstance(told, Unseen) else told


def _told(host: Host, user: User) -> _Asks:
    ran = host.run(["/usr/sbin/sysadminctl", "-screenLock", "status"], as_user=user.name)
    said = (ran.err + b"\n" + ran.out).decode("utf-8", "replace")
    if "screenLock is off" in said:
        return _Asks(locks=False, grace=0, managed=False)
    if "screenLock delay is immediate" in said:
        return _Asks(locks=True, grace=0, managed=False)
    found = _DELAY.search(said)
    if found is None:
        raise CannotLook("parse-error", "sysadminctl")
    return _Asks(locks=True, grace=int(found[1]), managed=False)


def _here(host: Host) -> list[str]:
    """Names of those at the screen."""
    rows = [row for row in sessions(host) if flag(row, "kCGSSessionOnConsoleKey")]
    return [text(row, "kCGSSessionUserNameKey") or "" for row in rows]


def _sessions(host: Host) -> list[Session]:
    rows = sessions(host)
    names = {user.name: user.alias for user in people(host)} if rows else {}
    since = attempt(_since, host) if rows else {}
    found = []
    for row in rows:
        name = text(row, "kCGSSessionUserNameKey") or ""
        shown = bool(flag(row, "kCGSSessionOnConsoleKey"))
        locked = bool(flag(row, "CGSSessionScreenIsLocked"))
        found.append(
            Session(
                user=names.get(name) or host.alias("user", name),
                remote=False,
                locked=locked if shown or locked else _NO_ANSWER,
                idle_seconds=attempt(_idle, host) if shown else _NO_ANSWER,
                logon_at=attempt(_of_account, since, row),
            )
        )
    return found


def _since(host: Host) -> dict[int, int]:
    """Since when each account's desktop is drawn, epoch seconds. Raises CannotLook."""
    now = host.clock()
    found: dict[int, int] = {}
    for row in map(_RUNS.fullmatch, output(host, _PS).splitlines()):
        if row is None or row[6] not in _DESKTOP:
            continue
        days, hours, minutes, seconds = (int(part or 0) for part in row.groups()[1:5])
        start = now - (((days * 24 + hours) * 60 + minutes) * 60 + seconds)
        found[int(row[1])] = min(start, found.get(int(row[1]), start))
    return found


def _of_account(since: Maybe[dict[int, int]], row: Settings) -> int:
    if isinstance(since, Unseen):
        raise CannotLook(since.unseen)
    account = number(row, "kCGSSessionUserIDKey")
    if account is None or account not in since:
        raise CannotLook("parse-error", "ps")
    return since[account]


def _idle(host: Host) -> int:
    rows = printed(host, ["/usr/sbin/ioreg", "-rd1", "-c", "IOHIDSystem", "-a"])
    for row in rows if isinstance(rows, list) else []:
        since = number(row, "HIDIdleTime") if isinstance(row, dict) else None
        if since is not None:
            return since // 1_000_000_000
    raise CannotLook("parse-error", "HIDIdleTime")
