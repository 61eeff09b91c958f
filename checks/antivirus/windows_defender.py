r"""Microsoft Defender on Windows: `MSFT_MpComputerStatus`, and registry keys where WMI is broken.

- The class answers nothing while the service is stopped (0x800106ba): then nothing runs, which is
  the finding. `AMRunningMode` is English everywhere; times before 1970 (1601, 1) mean never, and so
  does an empty end beside an age of 4294967295 days.
- `SOFTWARE\Microsoft\Windows Defender\Signature Updates`: `AVSignatureVersion`,
  `AVSignatureApplied` (FILETIME).
- Drives: `DisableRemovableDriveScanning`, whose default 1 leaves them out of scans; Group Policy,
  then MDM (`Defender\AllowFullScanRemovableDriveScanning`, the other way round), then Defender's
  own key.
- Managed: onboarded to Defender for Endpoint, or MDM gives it settings.
Nobody but SYSTEM may read the lists of exclusions on newer systems, so they are not read.
"""

from typing import Final

import msgspec

from checks.antivirus.facts import Freshness, Product, Realtime, Removable, State
from checks.host import CannotLook, Host, attempt
from checks.layers import decide
from checks.unseen import Maybe, Unseen
from checks.windows import (
    filetime,
    flag,
    mdm,
    mdm_wins,
    number,
    only,
    row_flag,
    row_text,
    text,
    when,
)

ID: Final = "defender"
NAME: Final = "Microsoft Defender"
BLIND: Final = Unseen("unsupported")
_NAMESPACE: Final = "root/Microsoft/Windows/Defender"
_ASKED: Final = (
    *("AMProductVersion", "AMRunningMode", "AMServiceEnabled", "AntivirusEnabled"),
    *("AntivirusSignatureLastUpdated", "AntivirusSignatureVersion", "FullScanEndTime"),
    *("IsTamperProtected", "OnAccessProtectionEnabled", "QuickScanEndTime"),
    "RealTimeProtectionEnabled",
)
_OWN: Final = r"SOFTWARE\Microsoft\Windows Defender"
_POLICY: Final = r"SOFTWARE\Policies\Microsoft\Windows Defender"
_ONBOARDED: Final = r"SOFTWARE\Microsoft\Windows Advanced Threat Protection\Status"
_MODES: Final[dict[str, State]] = {
    "normal": "active",
    "passive mode": "passive",
    "sxs passive mode": "passive",
    "edr block mode": "passive",
    "edr over passive mode": "passive",
    "not running": "off",
}


class Status(msgspec.Struct, frozen=True):
    """What the class says. None: it does not say. Times are epoch seconds, None for never."""

    mode: State | None
    version: str | None
    on: bool | None
    realtime: bool | None
    tamper: bool | None
    definitions_version: str | None
    definitions_at: int | None
    quick_scan_at: int | None
    full_scan_at: int | None


def status(host: Host) -> Status:
    """Ask the class. Raises CannotLook."""
    row = only(host.wmi("MSFT_MpComputerStatus", _NAMESPACE, _ASKED))
    watches = row_flag(row, "RealTimeProtectionEnabled")
    opened = row_flag(row, "OnAccessProtectionEnabled")
    enabled = [row_flag(row, "AMServiceEnabled"), row_flag(row, "AntivirusEnabled")]
    return Status(
        mode=_MODES.get((row_text(row, "AMRunningMode") or "").lower()),
        version=row_text(row, "AMProductVersion"),
        on=False if False in enabled else (True if all(enabled) else None),
        realtime=None if watches is None else watches and opened is not False,
        tamper=row_flag(row, "IsTamperProtected"),
        definitions_version=row_text(row, "AntivirusSignatureVersion"),
        definitions_at=when(row.get("AntivirusSignatureLastUpdated")),
        quick_scan_at=when(row.get("QuickScanEndTime")),
        full_scan_at=when(row.get("FullScanEndTime")),
    )


def product(host: Host, centre: State | None, running: Maybe[bool], said: Maybe[Status]) -> Product:
    """What Defender is set to do and whether it does it. `centre`: the security centre's word."""
    told = None if isinstance(said, Unseen) else said
    state = _state(centre, told)
    if told is not None and told.on is not None:
        running = told.on
    realtime = _realtime(host, state, running, said)
    return Product(
        id=ID,
        name=NAME,
        version=BLIND if told is None else told.version,
        definitions="dated",
        running=running,
        realtime=realtime,
        removable=attempt(_removable, host, realtime),
        updating=BLIND,
        state=BLIND if state is None else state,
        managed=attempt(_managed, host),
        tamper=BLIND if told is None or told.tamper is None else told.tamper,
    )


def _state(centre: State | None, told: Status | None) -> State | None:
    """Passive mode is Defender's own word. The centre counts Defender without real-time protection
    as off, though it works otherwise; a pause and an end of it only the centre knows."""
    mode = None if told is None else told.mode
    if mode is None or (mode == "active" and centre in ("paused", "expired")):
        return centre
    return mode


def _realtime(
    host: Host, state: State | None, running: Maybe[bool], said: Maybe[Status]
) -> Maybe[Realtime]:
    if state not in (None, "active"):
        return "off"
    if not isinstance(said, Unseen) and said.realtime is not None:
        return "on" if said.realtime else "off"
    if running is False or attempt(_switched_off, host) is True:
        return "off"
    if state == "active":
        return "on"  # the centre counts Defender as on only while it watches
    return said if isinstance(said, Unseen) else BLIND


def _switched_off(host: Host) -> bool:
    keys = [host.registry("HKLM", rf"{root}\Real-Time Protection") for root in (_POLICY, _OWN)]
    return any(flag(key, "DisableRealtimeMonitoring") for key in keys)


def _removable(host: Host, realtime: Maybe[Realtime]) -> Removable:
    """Whether scans take drives in. Raises CannotLook."""
    name = "DisableRemovableDriveScanning"
    policy = number(host.registry("HKLM", rf"{_POLICY}\Scan"), name)
    allowed = number(mdm(host, "Defender"), "AllowFullScanRemovableDriveScanning")
    asked = None if allowed is None else int(allowed == 0)
    own = number(host.registry("HKLM", rf"{_OWN}\Scan"), name)
    if mdm_wins(host):
        left_out = decide(1, [("mdm", asked), ("group-policy", policy), ("local-policy", own)])
    else:
        left_out = decide(1, [("group-policy", policy), ("mdm", asked), ("local-policy", own)])
    if isinstance(realtime, Unseen):
        raise CannotLook(realtime.unseen, "real-time protection")
    if realtime == "off":
        return "none"
    return "opened-only" if left_out.value else "on-insert"


def _managed(host: Host) -> bool:
    if number(host.registry("HKLM", _ONBOARDED), "OnboardingState") == 1:
        return True
    asked = mdm(host, "Defender")
    return asked is not None and bool(asked.values)


def freshness(host: Host, said: Maybe[Status]) -> Freshness:
    """How old its definitions are and when it last scanned."""
    if not isinstance(said, Unseen):
        return Freshness(
            product=ID,
            definitions_version=said.definitions_version,
            definitions_at=said.definitions_at,
            checked_at=BLIND,
            quick_scan_at=said.quick_scan_at,
            full_scan_at=said.full_scan_at,
        )
    version = attempt(_registry_version, host)
    return Freshness(
        product=ID,
        definitions_version=version,
        definitions_at=attempt(_registry_applied, host),
        checked_at=BLIND,
        quick_scan_at=said,
        full_scan_at=said,
    )


def _registry_version(host: Host) -> str | None:
    return text(host.registry("HKLM", rf"{_OWN}\Signature Updates"), "AVSignatureVersion")


def _registry_applied(host: Host) -> int | None:
    return filetime(host.registry("HKLM", rf"{_OWN}\Signature Updates"), "AVSignatureApplied")
