r"""What Windows Update holds ready, when it last looked, what was installed, if a restart is due.

One PowerShell asks the update agent's own objects, in its cache and not over the network: its last
successful look, what it offers, and the newest of what it installed. Text in the machine's language
is only shown, never understood: security updates are known by their category's id or Microsoft's
rating. Where PowerShell may not do this (constrained language mode), those facts are denied. When a
cumulative update was installed stands in `Component Based Servicing\Packages`, whatever brought it.
"""

import re
from collections.abc import Callable
from typing import Final, TypeVar

import msgspec

from checks.host import CannotLook, Host, RegistryKey, attempt
from checks.operating_system.facts import OperatingSystemNow, Update
from checks.unseen import Maybe, Unseen
from checks.windows import WINDOWS_NT, number, started_at, text, when

SCRIPT: Final = (
    "$ErrorActionPreference='Stop';$ProgressPreference='SilentlyContinue';"
    "try{[Console]::OutputEncoding=[Text.UTF8Encoding]::new($false)}catch{};"
    "if($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage'){exit 77};"
    "Remove-TypeData -TypeName System.Array -ErrorAction SilentlyContinue;"
    "function T($d){if($d){([datetime]$d).ToString('s')}};"
    "$r=(New-Object -ComObject Microsoft.Update.AutoUpdate).Results;"
    "$s=(New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher();$s.Online=$false;"
    "$u=@($s.Search('IsInstalled=0 and IsHidden=0').Updates|ForEach-Object{@{"
    "title=[string]$_.Title;rated=[string]$_.MsrcSeverity;at=T $_.LastDeploymentChangeTime;"
    "kb=[string](@($_.KBArticleIDs|ForEach-Object{[string]$_}) -join ' ');"
    "kinds=[string](@($_.Categories|ForEach-Object{[string]$_.CategoryID}) -join ' ')}});"
    "$n=[Math]::Min(60,$s.GetTotalHistoryCount());$h=@(if($n){$s.QueryHistory(0,$n)|"
    "Where-Object{$_.Operation -eq 1}|ForEach-Object{@{at=T $_.Date;code=[int]$_.ResultCode;"
    "kinds=[string](@($_.Categories|ForEach-Object{[string]$_.CategoryID}) -join ' ')}}});"
    "ConvertTo-Json -InputObject @{searched=T $r.LastSearchSuccessDate;"
    "waiting=$u;history=$h} -Depth 5 -Compress"
)
"""No double quote and no per cent sign, which cmd.exe on the way would understand as its own."""
FLAGS: Final = (
    *("-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass"),
    *("-OutputFormat", "Text", "-Command", SCRIPT),
)
_POWERSHELL: Final = r"System32\WindowsPowerShell\v1.0\powershell.exe"
PATIENCE: Final = 120
"""Seconds: the agent's cache is read in a few, on an old disk in a minute."""
CONSTRAINED: Final = 77
_GOES_ON: Final = 1
_SUCCEEDED: Final = (2, 3)
SHOWN: Final = 100
"""Waiting updates named in the report; the rest are counted."""

_SECURITY: Final = frozenset(
    {"0fa1201d-4330-4fa8-8ae9-b877473b6441", "e6cf1350-c01b-414d-a61f-263d14d133b4"}
)
"""Microsoft's ids of the categories Security Updates and Critical Updates."""
_DEFINITIONS: Final = "e0789628-ce08-4437-be74-2495b842f43b"
_RATED: Final = {"critical": "critical", "important": "high", "moderate": "medium", "low": "low"}

_SERVICING: Final = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing"
_REQUIRED: Final = r"SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update"
_ROLLUP: Final = re.compile(
    r"Package_for_RollupFix~31bf3856ad364e35~[a-z0-9]+~~(\d{1,9})\.(\d{1,9})\.\d+\.\d+",
    re.IGNORECASE,
)
_INSTALLED: Final = (0x50, 0x70, 0x80)
"""Superseded since, installed, installed for good."""
_NEWEST: Final = 6
"""Cumulative updates looked at, newest first: the newest may still wait for its restart."""


T = TypeVar("T")


class _Waiting(msgspec.Struct, frozen=True):
    """One update as the script tells it."""

    title: str
    rated: str | None
    at: str | None
    kb: str | None
    kinds: str | None


class _Done(msgspec.Struct, frozen=True):
    """One installation that the agent remembers. `code`: 1 goes on, 2 and 3 succeeded."""

    at: str | None
    code: int
    kinds: str | None


class _Answer(msgspec.Struct, frozen=True):
    """What the script prints."""

    searched: str | None
    waiting: list[_Waiting]
    history: list[_Done]


def read(host: Host) -> OperatingSystemNow:
    """The drifting section; each field on its own may be unseen."""
    started = attempt(started_at, host)
    answer = attempt(_ask, host)
    pending = _of(answer, _pending)
    searched = _of(answer, _searched)
    return OperatingSystemNow(
        lists_at=searched,
        pending=pending if isinstance(pending, Unseen) else pending[:SHOWN],
        pending_count=pending if isinstance(pending, Unseen) else len(pending),
        security_at=attempt(_cumulative_at, host),
        memory_at=attempt(_installed_at, host),
        restart_since=attempt(_restart_since, host, started, answer),
        up_since=started,
        automatic_at=searched,
    )


def _of(answer: _Answer | Unseen, part: Callable[[_Answer], T]) -> T | Unseen:
    """Part of what the update agent says, or why it could not be asked."""
    if isinstance(answer, Unseen):
        return answer
    try:
        return part(answer)
    except CannotLook as blind:
        return Unseen(blind.reason)


def _searched(answer: _Answer) -> int | None:
    return when(answer.searched)


def _ask(host: Host) -> _Answer:
    root = text(host.registry("HKLM", WINDOWS_NT), "SystemRoot") or r"C:\Windows"
    ran = host.run([rf"{root}\{_POWERSHELL}", *FLAGS], PATIENCE)
    if ran.code == CONSTRAINED:
        raise CannotLook("denied", "constrained language mode")
    if ran.code != 0:
        raise CannotLook("parse-error", f"powershell exited {ran.code}")
    try:
        return msgspec.json.decode(ran.out.removeprefix(b"\xef\xbb\xbf").strip(), type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CannotLook("parse-error", "the update agent's answer") from error


def _pending(answer: _Answer) -> list[Update]:
    """Security updates that wait, by name."""
    waiting = [_update(one) for one in answer.waiting if _is_security(one)]
    return sorted(waiting, key=lambda update: (update.name, update.version))


def _is_security(one: _Waiting) -> bool:
    kinds = set((one.kinds or "").lower().split())
    return _DEFINITIONS not in kinds and (bool(one.rated) or not _SECURITY.isdisjoint(kinds))


def _update(one: _Waiting) -> Update:
    numbers = " ".join(f"KB{kb}" for kb in (one.kb or "").split() if kb.isascii() and kb.isdigit())
    return msgspec.convert(
        {
            "name": "".join(c for c in one.title[:480] if c.isprintable()).strip()[:120],
            "version": numbers[:40],
            "severity": _RATED.get((one.rated or "").lower()),
            "released_at": when(one.at),
        },
        Update,
    )


def _installed_at(host: Host) -> int | None:
    """When this release was installed: before that, Windows remembers no update."""
    return number(host.registry("HKLM", WINDOWS_NT), "InstallDate") or None


def _cumulative_at(host: Host) -> int | None:
    """When the newest cumulative update that is in force was installed."""
    packages = host.registry("HKLM", rf"{_SERVICING}\Packages")
    found = [_ROLLUP.fullmatch(name) for name in ([] if packages is None else packages.subkeys)]
    rollups = sorted(
        (match for match in found if match is not None),
        key=lambda match: (int(match[1]), int(match[2])),
        reverse=True,
    )
    times = [
        _package_at(host.registry("HKLM", rf"{_SERVICING}\Packages\{rollup[0]}"))
        for rollup in rollups[:_NEWEST]
    ]
    return max((at for at in times if at is not None), default=None)


def _package_at(key: RegistryKey | None) -> int | None:
    if number(key, "CurrentState") not in _INSTALLED:
        return None
    high, low = number(key, "InstallTimeHigh"), number(key, "InstallTimeLow")
    if high is None or low is None:
        return None
    return ((high << 32) | low) // 10_000_000 - 11_644_473_600


def _restart_since(host: Host, started: Maybe[int], answer: _Answer | Unseen) -> int | None:
    """Since when a restart is due, if the keys say that one is: the oldest installation that still
    goes on, else the newest since the start. Definitions, which come daily, ask for none."""
    due = (
        host.registry("HKLM", rf"{_SERVICING}\RebootPending"),
        host.registry("HKLM", rf"{_REQUIRED}\RebootRequired"),
    )
    if all(key is None for key in due):
        return None
    if isinstance(answer, Unseen) or isinstance(started, Unseen):
        raise CannotLook("unsupported", "nothing says since when")
    done = [one for one in answer.history if _DEFINITIONS not in (one.kinds or "").lower().split()]
    open_since = [at for one in done if one.code == _GOES_ON and (at := when(one.at)) is not None]
    closed = [at for one in done if one.code in _SUCCEEDED and (at := when(one.at)) is not None]
    since = [at for at in open_since if at >= started]
    until = [at for at in closed if at >= started]
    if not (since or until):
        raise CannotLook("unsupported", "nothing says since when")
    return min(since) if since else max(until)
