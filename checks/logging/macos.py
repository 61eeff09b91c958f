"""macOS logging: its audit trail, whether the clock is set by the network, the notice at sign-in.

/etc/security/audit_control: `flags:` with `lo` (or `all`) writes sign-ins down, `+` successes and
`-` failures only; `expire-after:` a size keeps that much, an age or `OR` leaves it to the oldest
trail in /var/audit, whose name begins with its UTC start. Traps: since macOS 14 there is no
audit_control until somebody makes one, and without `auditd` nothing is written. Sign-ins in the
unified log do not count: it is kept for days. Clock: `systemsetup -getusingnetworktime` (root; its
words are never translated). Notice: /Library/Security/PolicyBanner.txt, or .rtf or .rtfd,
whose words `textutil` gives, else `LoginwindowText` of a profile, else an administrator's. Written
after Apple's manual pages and the macOS security compliance project; never run on macOS.
"""

import datetime
import re
from typing import Final

from checks.host import CannotLook, Host, attempt, output, read_text
from checks.logging.facts import Banner, LoggingFacts, Trail
from checks.logging.notices import banner, week_end
from checks.macos import managed, settings
from checks.unseen import Unseen

_CONTROL: Final = "/etc/security/audit_control"
_SIZE: Final = re.compile(r"(\d{1,12})\s*([BKMG])")
_FACTORS: Final = {"B": 0, "K": 10, "M": 20, "G": 30}
_DEFAULT: Final = "10M"
_STARTED: Final = re.compile(r"(\d{14})\.")
_TEXTUTIL: Final = ("/usr/bin/textutil", "-convert", "txt", "-encoding", "UTF-8", "-stdout")
_BANNER: Final = "/Library/Security/PolicyBanner"
_WINDOW: Final = "/Library/Preferences/com.apple.loginwindow.plist"


def read(host: Host) -> LoggingFacts:
    """The audit trail, the clock and the notice."""
    return LoggingFacts(
        trails=attempt(_trails, host),
        clock_kept=attempt(_clock, host),
        banners=attempt(_banners, host),
    )


def _trails(host: Host) -> list[Trail]:
    text = read_text(host, _CONTROL)
    if text is None or not any(process.name == "auditd" for process in host.processes()):
        return []
    pairs = (line.split(":", 1) for line in text.splitlines() if not line.startswith("#"))
    control = {pair[0].strip(): pair[1].strip() for pair in pairs if len(pair) == 2}
    flags = {flag.strip() for flag in control.get("flags", "").split(",")}
    trail = Trail(
        kind="audit",
        success=bool(flags & {"lo", "+lo", "all", "+all"}) and not flags & {"^lo", "^+lo"},
        failure=bool(flags & {"lo", "-lo", "all", "-all"}) and not flags & {"^lo", "^-lo"},
        log_bytes=_limit(control.get("expire-after", _DEFAULT)),
        oldest_at=attempt(_oldest, host),
    )
    return [trail]


def _limit(expires: str) -> int | None:
    """Bytes that are kept whatever their age; None where age alone may end them."""
    found = _SIZE.search(expires.upper())
    if found is None or " OR " in f" {expires.upper()} ":
        return None
    return int(found[1]) << _FACTORS[found[2]]


def _oldest(host: Host) -> int | None:
    started = [found[1] for found in map(_STARTED.match, host.list("/var/audit") or []) if found]
    if not started:
        return None
    try:
        moment = datetime.datetime.strptime(min(started) + "+0000", "%Y%m%d%H%M%S%z")
    except ValueError as error:
        raise CannotLook("parse-error", "/var/audit") from error
    return week_end(int(moment.timestamp()))


def _clock(host: Host) -> bool:
    if not host.privileged:
        raise CannotLook("denied", "systemsetup")
    said = output(host, ["systemsetup", "-getusingnetworktime"]).strip()
    if said not in ("Network Time: On", "Network Time: Off"):
        raise CannotLook("parse-error", "systemsetup")
    return said.endswith("On")


def _banners(host: Host) -> list[Banner]:
    return [_banner(host)]


def _banner(host: Host) -> Banner:
    plain = read_text(host, f"{_BANNER}.txt")
    if plain is not None:
        return banner("graphical", plain)
    for form in ("rtf", "rtfd"):
        if host.stat(f"{_BANNER}.{form}") is not None:
            return _formatted(host, f"{_BANNER}.{form}")
    asked = managed(host, "com.apple.loginwindow").get("LoginwindowText")
    said = asked or settings(host, _WINDOW).get("LoginwindowText")
    return banner("graphical", said if isinstance(said, str) else None)


def _formatted(host: Host, path: str) -> Banner:
    """A notice that is there is shown, whether it has words that can be read or only a picture."""
    words = attempt(output, host, [*_TEXTUTIL, path])
    if isinstance(words, Unseen) or not words.strip():
        why = words if isinstance(words, Unseen) else Unseen("unsupported")
        return Banner("graphical", shown=True, text_sha256=why)
    return banner("graphical", words)
