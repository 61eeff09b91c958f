r"""What other makers' products leave in the registry: versions, dates of definitions, consoles.

- ESET: `SOFTWARE\ESET\ESET Security\CurrentVersion\Info`, where `ScannerVersion` ends in
  `(YYYYMMDD)`; the management agent beside it reports to a console.
- Kaspersky: `SOFTWARE\KasperskyLab\protected\<product>\Data`, `LastSuccessfulUpdate` in epoch
  seconds, all ones for never.
- Sophos: `SOFTWARE\Sophos\AutoUpdate\UpdateStatus`, `LastUpdateTime` in epoch seconds; tamper
  protection in its service's key.
- Trellix and McAfee: `SOFTWARE\McAfee\AVEngine`, `AVDatDate` as `YYYY/MM/DD`.
Each is looked for as 64-bit and as 32-bit programs write. Of the rest nothing is known here:
`CannotLook("unsupported")`. From public inventories; none of them could be installed where this was
written.
"""

import datetime
import re
from collections.abc import Callable
from typing import Final

from checks.host import CannotLook, Host, RegistryKey
from checks.windows import both_views, flag, number, text

_ESET: Final = r"SOFTWARE\ESET\ESET Security\CurrentVersion\Info"
_ESET_AGENT: Final = r"SOFTWARE\ESET\RemoteAdministrator\Agent\CurrentVersion\Info"
_KASPERSKY: Final = r"SOFTWARE\KasperskyLab\protected"
_SOPHOS: Final = r"SOFTWARE\Sophos\AutoUpdate\UpdateStatus"
_SOPHOS_TAMPER: Final = (
    r"SYSTEM\CurrentControlSet\Services\Sophos Endpoint Defense\TamperProtection\Config"
)
_MCAFEE: Final = r"SOFTWARE\McAfee\AVEngine"
_NEVER: Final = 0xFFFFFFFF
_DATED: Final = re.compile(r"\((\d{4})(\d{2})(\d{2})\)")
_DAY: Final = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})")


def version(host: Host, product: str) -> str | None:
    """The program's own version. Raises CannotLook."""
    if product != "eset":
        raise CannotLook("unsupported", product)
    return _text(both_views(host, _ESET), "ProductVersion")


def definitions_version(host: Host, product: str) -> str | None:
    """As its maker writes it. Raises CannotLook."""
    if product == "eset":
        return _text(both_views(host, _ESET), "ScannerVersion")
    if product == "trellix":
        return _text(both_views(host, _MCAFEE), "AVDatVersion")
    raise CannotLook("unsupported", product)


def definitions_at(host: Host, product: str) -> int | None:
    """When definitions were built or last came, epoch seconds; None: never. Raises CannotLook."""
    reader = _DATES.get(product)
    if reader is None:
        raise CannotLook("unsupported", product)
    return reader(host)


def managed(host: Host, product: str, console: bool) -> bool:
    """Whether it reports to a console. Raises CannotLook where nobody here can tell."""
    if console:
        return True
    if product == "eset":
        return bool(both_views(host, _ESET_AGENT))
    raise CannotLook("unsupported", product)


def tamper(host: Host, product: str) -> bool:
    """Whether it defends its own settings. Raises CannotLook."""
    if product == "sophos":
        found = flag(host.registry("HKLM", _SOPHOS_TAMPER), "SEDEnabled")
        if found is not None:
            return found
    raise CannotLook("unsupported", product)


def _eset(host: Host) -> int | None:
    return _day(_DATED.search(_text(both_views(host, _ESET), "ScannerVersion") or ""))


def _mcafee(host: Host) -> int | None:
    return _day(_DAY.fullmatch(_text(both_views(host, _MCAFEE), "AVDatDate") or ""))


def _sophos(host: Host) -> int | None:
    return _latest([number(key, "LastUpdateTime") for key in both_views(host, _SOPHOS)])


def _kaspersky(host: Host) -> int | None:
    places = {name for key in both_views(host, _KASPERSKY) for name in key.subkeys}
    keys = [k for p in sorted(places)[:8] for k in both_views(host, rf"{_KASPERSKY}\{p}\Data")]
    return _latest([number(key, "LastSuccessfulUpdate") for key in keys])


def _latest(told: list[int | None]) -> int | None:
    """The latest moment; a maker's key without it, or no key, is nothing one can judge by."""
    seen = [at for at in told if at is not None]
    if not seen:
        raise CannotLook("unsupported", "no such value")
    return max((at for at in seen if 0 < at < _NEVER), default=None)


def _text(keys: list[RegistryKey], name: str) -> str | None:
    return next((found for found in (text(key, name) for key in keys) if found), None)


def _day(found: re.Match[str] | None) -> int:
    """Midnight UTC of a day as it is written. Raises CannotLook."""
    if found is None:
        raise CannotLook("unsupported", "no date")
    try:
        year, month, date = (int(part) for part in found.groups())
        day = datetime.datetime(year, month, date, tzinfo=datetime.UTC)
    except ValueError as error:
        raise CannotLook("parse-error", "a date") from error
    return int(day.timestamp())


_DATES: Final[dict[str, Callable[[Host], int | None]]] = {
    "eset": _eset,
    "kaspersky": _kaspersky,
    "sophos": _sophos,
    "trellix": _mcafee,
}
