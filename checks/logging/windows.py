r"""Windows logging: `auditpol`, the security log's size and oldest record, the time service, the
notice before signing in.

- `auditpol.exe /get /category:* /r`, the row of the subcategory Logon by its GUID (administrators).
- Size: `SOFTWARE\Policies\Microsoft\Windows\EventLog\Security` `MaxSize` (KiB, Group Policy), else
  `SYSTEM\CurrentControlSet\Services\EventLog\Security` `MaxSize` (bytes), else 20 MiB.
- Oldest record: `wevtutil.exe qe Security /c:1 /rd:false /f:xml`; of it only `SystemTime` is read.
- Clock: `W32Time\Parameters` `Type` (policy before local), not `NoSync`, and the service not
  disabled. On a computer without a domain it starts by itself when needed, so "stopped" is normal.
- Notice: `legalnoticetext` below `…\Policies\System`, else Winlogon's `LegalNoticeText`.

Traps: settings of auditpol are words in the system's language; one that the dictionary does not
know is unseen. Written after Microsoft's documentation; never run on Windows.
"""

import re
from typing import Final

from checks.formats import auditpol
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, attempt
from checks.logging.facts import Banner, LoggingFacts, Trail
from checks.logging.notices import banner, week_end
from checks.unseen import Maybe, Unseen
from checks.windows import POLICIES, WINDOWS_NT, flag, number, text, when

LOGON: Final = "{0CCE9215-69AE-11D9-BED3-505054503030}"
_AUDITPOL: Final = ("auditpol.exe", "/get", "/category:*", "/r")
_WEVTUTIL: Final = ("wevtutil.exe", "qe", "Security", "/c:1", "/rd:false", "/f:xml")
_SERVICES: Final = r"SYSTEM\CurrentControlSet\Services"
_POLICY: Final = r"SOFTWARE\Policies\Microsoft"
_DEFAULT: Final = 20 << 20
_DISABLED: Final = 4
_TIME: Final = re.compile(rb"SystemTime=['\"](\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[0-9.]*Z")


def read(host: Host) -> LoggingFacts:
    """The security log, the clock and the notice."""
    setting = attempt(_logon, host)
    trail = Trail(
        kind="windows",
        success=_holds(setting, "success"),
        failure=_holds(setting, "failure"),
        log_bytes=attempt(_limit, host),
        oldest_at=attempt(_oldest, host),
    )
    return LoggingFacts(
        trails=[trail],
        clock_kept=attempt(_clock, host),
        banners=attempt(_banners, host),
    )


def _holds(setting: Maybe[auditpol.Setting], half: auditpol.Setting) -> Maybe[bool]:
    return setting if isinstance(setting, Unseen) else setting in (half, "both")


def _logon(host: Host) -> auditpol.Setting:
    ran = host.run(list(_AUDITPOL))
    if ran.code != 0:
        raise CannotLook("parse-error" if host.privileged else "denied", "auditpol")
    try:
        rows = auditpol.parse(ran.out)
    except ParseError as error:
        raise CannotLook("parse-error", "auditpol") from error
    found = next((row for row in rows if row.guid == LOGON and row.user is None), None)
    if found is None or found.setting is None:
        raise CannotLook("parse-error", "auditpol: Logon")
    return found.setting


def _limit(host: Host) -> int:
    asked = number(host.registry("HKLM", rf"{_POLICY}\Windows\EventLog\Security"), "MaxSize")
    if asked is not None:
        return asked << 10
    own = number(host.registry("HKLM", rf"{_SERVICES}\EventLog\Security"), "MaxSize")
    return _DEFAULT if own is None else own


def _oldest(host: Host) -> int | None:
    ran = host.run(list(_WEVTUTIL))
    if ran.code != 0:
        raise CannotLook("parse-error" if host.privileged else "denied", "wevtutil")
    if not ran.out.strip():
        return None
    found = _TIME.search(ran.out)
    at = None if found is None else when(found[1].decode())
    if at is None:
        raise CannotLook("parse-error", "wevtutil")
    return week_end(at)


def _clock(host: Host) -> bool:
    for path in (rf"{_POLICY}\W32Time\Parameters", rf"{_SERVICES}\W32Time\Parameters"):
        kind = text(host.registry("HKLM", path), "Type")
        if kind is not None:
            break
    start = number(host.registry("HKLM", rf"{_SERVICES}\W32Time"), "Start")
    if (kind or "").casefold() == "nosync" or start == _DISABLED:
        return False
    return _client(host)


def _client(host: Host) -> bool:
    """Whether the part that asks another's clock is on; a policy goes before the machine's own."""
    for path in (rf"{_POLICY}\W32Time", rf"{_SERVICES}\W32Time"):
        on = flag(host.registry("HKLM", rf"{path}\TimeProviders\NtpClient"), "Enabled")
        if on is not None:
            return on
    return True


def _banners(host: Host) -> list[Banner]:
    return [_banner(host)]


def _banner(host: Host) -> Banner:
    asked = text(host.registry("HKLM", rf"{POLICIES}\System"), "legalnoticetext")
    own = text(host.registry("HKLM", rf"{WINDOWS_NT}\Winlogon"), "LegalNoticeText")
    return banner("graphical", asked or own)
