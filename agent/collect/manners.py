"""Whether now is a bad moment to look: the person at the computer comes first (S10).

Only the schedule asks. It first lets the computer settle after switching on, waking up or somebody
signing in. Then a round is put off while the battery is low, while something keeps the screen on (a
presentation, a film) and in the school's quiet hours. One put off is made at the next hour the
schedule comes round; a computer that is always in a bad moment is looked at anyway after a day.

Trap: a window that merely fills the screen cannot be told from outside; what asks the desktop to
keep the screen on can, and presentations and players do.
"""

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from agent import files, presence
from checks.formats import loginctl
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, output
from checks.policy import DEFAULT_POLICY, Policy

POWER: Final = "/sys/class/power_supply"
LOW_PERCENT: Final = 30
LONGEST_SECONDS: Final = 24 * 3_600
SETTLING_SECONDS: Final = 10 * 60
JITTER_SECONDS: Final = 5 * 60
INHIBITED: Final = (
    (
        *("org.gnome.SessionManager", "/org/gnome/SessionManager"),
        *("org.gnome.SessionManager", "IsInhibited", "u", "8"),
    ),
    (
        *("org.freedesktop.PowerManagement", "/org/freedesktop/PowerManagement/Inhibit"),
        *("org.freedesktop.PowerManagement.Inhibit", "HasInhibit"),
    ),
)
"""Questions to a desktop whether the screen is kept on: GNOME's (and Cinnamon's, MATE's; 8 is "the
session being marked as idle" in its documentation), then KDE's and Xfce's."""


class Waiting(msgspec.Struct, frozen=True):
    """Since when rounds have been put off; epoch seconds, 0 for not at all."""

    since: int = 0


def settle(
    host: Host,
    awake_since: int = 0,
    sleep: Callable[[float], object] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> float:
    """Wait until ten minutes after switching on, waking up (`awake_since`, epoch seconds, 0 for
    unknown) and signing in, and up to five more by chance; return the seconds waited."""
    now = host.clock()
    begun = max((_switched_on(host, now), awake_since, *_signed_in(host)), default=0)
    left = begun + SETTLING_SECONDS - now
    if not 0 < left <= SETTLING_SECONDS:  # long ago, or by a clock that has been put back since
        return 0
    wait = left + jitter() * JITTER_SECONDS
    sleep(wait)
    return wait


def woken(folder: Path, now: presence.Sample) -> int:
    """Now, if the computer slept since the last note of this start; 0 if it did not, or who knows.

    When it woke is not told, and the schedule catches up at that very moment.
    """
    try:
        last = presence.load(folder).last
    except (presence.DamagedError, OSError):
        return 0
    if last is None or last.boot != now.boot:
        return 0
    slept = (now.up - now.awake) - (last.up - last.awake)
    return now.at if slept > presence.SLACK else 0


def _switched_on(host: Host, now: int) -> int:
    try:
        up = (host.read("/proc/uptime", 4096) or b"").split()
        return now - int(float(up[0])) if up else 0
    except (CannotLook, ValueError):
        return 0


def _signed_in(host: Host) -> list[int]:
    return [session.logon_at for session in _sessions(host)]


def _sessions(host: Host) -> list[loginctl.Session]:
    """People at a desktop; none where logind does not say."""
    try:
        listed = output(host, ["loginctl", "list-sessions", "-o", "json"]).encode()
        ids = loginctl.parse_list(listed)
        shown = output(host, ["loginctl", "show-session", *ids]).encode() if ids else b""
        return [one for one in loginctl.parse(shown) if one.session_class == "user"]
    except (CannotLook, ParseError):
        return []


def put_off(folder: Path, host: Host, policy: Policy = DEFAULT_POLICY) -> str:
    """Why this round waits, in words; empty to go ahead."""
    path = folder / "waiting.json"
    now = host.clock()
    why = _battery(host) or _quiet(policy, now) or _presenting(host)
    since = _since(path)
    if not why or (since and not 0 <= now - since < LONGEST_SECONDS):
        path.unlink(missing_ok=True)
        return ""
    if not since:
        files.replace(path, msgspec.json.encode(Waiting(now)))
    return why


def _quiet(policy: Policy, now: int) -> str:
    if not policy.quiet:
        return ""
    from agent.collect.quiet import in_quiet_hours  # with it comes the table of time zones

    return in_quiet_hours(policy.quiet, now)


def _presenting(host: Host) -> str:
    """Whoever sits in front of a screen that something keeps on is asked, as himself."""
    for session in _sessions(host):
        if session.state != "active" or session.kind not in ("x11", "wayland", "mir"):
            continue
        for question in INHIBITED:
            if _says_true(host, session.name, question):
                return "Something keeps the screen on: a presentation or a film."
    return ""


def _says_true(host: Host, user: str, question: tuple[str, ...]) -> bool:
    argv = ["busctl", "--user", "--auto-start=no", "--timeout=2", "call", *question]
    try:
        ran = host.run(argv, 5, user)
    except CannotLook:
        return False
    return ran.code == 0 and ran.out.strip() == b"b true"


def _since(path: Path) -> int:
    data = files.read_or_none(path, 4096)
    try:
        return 0 if data is None else msgspec.json.decode(data, type=Waiting).since
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 0


def _battery(host: Host) -> str:
    """Low and not charging. A computer that does not say is not kept from looking."""
    try:
        supplies = host.list(POWER) or []
        kinds = {name: _field(host, name, "type") for name in supplies}
        if any(
            kind in ("Mains", "USB") and _field(host, name, "online") == "1"
            for name, kind in kinds.items()
        ):
            return ""
        charges = [
            int(_field(host, name, "capacity") or "100")
            for name, kind in kinds.items()
            if kind == "Battery" and _field(host, name, "scope") != "Device"
        ]
    except (CannotLook, ValueError):
        return ""
    if charges and max(charges) < LOW_PERCENT:
        return f"The battery is at {max(charges)} % and not charging."
    return ""


def _field(host: Host, name: str, leaf: str) -> str:
    """`scope` Device is a mouse's battery, not the computer's."""
    return (host.read(f"{POWER}/{name}/{leaf}", 4096) or b"").decode("ascii", "replace").strip()
