"""macOS: updates offered and not installed, and when the last one was.

- Offered: `RecommendedUpdates` in /Library/Preferences/com.apple.SoftwareUpdate.plist, as Software
  Update noted them when it last asked Apple; no network is used. Entries stay there after they were
  installed, so what is no newer than this Mac does not count. `MSU_UPDATE_<build>_patch_<version>`
  is macOS itself, `_major` at its end an offer to move to another release, which is no fix of this
  one; Safari comes apart on older releases. Anything else (tools, printers) is not the system's.
- Held back: a manager may hide updates for up to 90 days after they came out (restrictions, or a
  declaration). Where that is longer than a serious fix may wait, nothing on offer proves nothing.
- Asked: `LastFullSuccessfulDate` and scans for macOS itself. `LastSuccessfulDate` also moves when
  only XProtect's data was fetched, and then the list is as old as before.
- Since when: `FirstOfferDateDictionary`, when this Mac was first offered it. Apple rates nothing.
- Installed: /Library/Receipts/InstallHistory.plist, which macOS keeps for good.
- A restart is never due besides: macOS is updated while it starts, and waits as an update until
  then.
"""

import re
from typing import Final

import msgspec

from checks.host import CannotLook, Host, attempt
from checks.macos import Settings, booted_at, moment, rows, settings
from checks.operating_system.facts import OperatingSystemNow, Update
from checks.unseen import Maybe, Unseen

DOMAIN: Final = "com.apple.SoftwareUpdate"
SHOWN: Final = 100
_MAY_WAIT_DAYS: Final = 14
"""As long as Cyber Essentials lets a serious fix wait."""
_FILE: Final = f"/Library/Preferences/{DOMAIN}.plist"
_HISTORY: Final = "/Library/Receipts/InstallHistory.plist"
_SCANS: Final = (
    "LastFullSuccessfulDate",
    *("LastSuccessfulMSUScanDate", "LastSuccessfulBackgroundMSUScanDate"),
)
_MACOS: Final = re.compile(r"MSU_UPDATE_(\w{1,20})_patch_([\d.]{1,20})(?:_(\w{1,20}))?")
_SAFARI: Final = "Safari"
_SECURITY: Final = ("macOS", "Mac OS X", "OS X", "Safari", "Security Update", "Security Response")
_INSTALLERS: Final = frozenset({"softwareupdated", "softwareupdate", "macOS Installer"})


class Release(msgspec.Struct, frozen=True):
    """What runs here: `26.1`, `25B78`, and `(a)` of a quick response."""

    version: str
    build: str
    extra: str = ""

    @property
    def major(self) -> str:
        """The number a release is sold under."""
        parts = self.version.split(".")
        return ".".join(parts[:2]) if parts[0] == "10" else parts[0]


class _Offer(msgspec.Struct, frozen=True):
    """An update of macOS itself."""

    build: str
    version: str
    kind: str


def numbers(version: str) -> list[int]:
    """A version to compare by; zeros at its end do not count."""
    found = [int(part) for part in version.split(".")[:6] if part.isascii() and part.isdecimal()]
    while found and found[-1] == 0:
        found.pop()
    return found


def read(host: Host, release: Release | Unseen, held_back_days: Maybe[int]) -> OperatingSystemNow:
    """The drifting section; each field on its own may be unseen."""
    noted = attempt(settings, host, _FILE)
    history = attempt(_history, host)
    pending = attempt(_pending, noted, history, release)
    if not isinstance(pending, Unseen) and not pending:
        pending = attempt(_sure_of_none, held_back_days)
    scanned = attempt(_scanned, noted)
    return OperatingSystemNow(
        lists_at=scanned,
        pending=pending if isinstance(pending, Unseen) else pending[:SHOWN],
        pending_count=pending if isinstance(pending, Unseen) else len(pending),
        security_at=attempt(_installed_at, history),
        memory_at=attempt(_memory_at, history),
        restart_since=None,
        up_since=attempt(booted_at, host),
        automatic_at=scanned,
    )


def _seen(found: Settings | Unseen) -> Settings:
    if isinstance(found, Unseen):
        raise CannotLook(found.unseen)
    return found


def _scanned(noted: Settings | Unseen) -> int | None:
    """When Apple was last asked with success."""
    times = [moment(_seen(noted), key) for key in _SCANS]
    return max((at for at in times if at is not None), default=None)


def _pending(
    noted: Settings | Unseen, history: Maybe[list[Settings]], release: Release | Unseen
) -> list[Update]:
    rows = _seen(noted).get("RecommendedUpdates", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CannotLook("parse-error", "RecommendedUpdates")
    if isinstance(release, Unseen):
        raise CannotLook(release.unseen)
    offered = _first_offered(_seen(noted))
    waiting = [_update(row, offered, history, release) for row in rows]
    found = {(one.name, one.version): one for one in waiting if one is not None}
    return [found[key] for key in sorted(found)]


def _sure_of_none(held_back_days: Maybe[int]) -> list[Update]:
    """Raises CannotLook where updates that are out may be hidden."""
    if isinstance(held_back_days, Unseen):
        raise CannotLook(held_back_days.unseen)
    if held_back_days > _MAY_WAIT_DAYS:
        raise CannotLook("unsupported", "a manager holds updates back")
    return []


def _update(
    row: Settings, offered: dict[str, int], history: Maybe[list[Settings]], release: Release
) -> Update | None:
    """The update an entry offers; None where it is none of the system's, or installed."""
    name = str(row.get("Display Name", ""))
    key = str(row.get("Identifier") or row.get("Product Key") or "")
    macos = _offer(key)
    if macos is not None:
        if not _newer(macos, release):
            return None
        return Update(_tidy(name or "macOS"), macos.version, None, _since(macos, offered, release))
    if not name.startswith(_SAFARI):
        return None
    version = str(row.get("Display Version", ""))[:40]
    if isinstance(history, Unseen):
        raise CannotLook(history.unseen)
    had = [str(old.get("displayVersion")) for old in history if old.get("displayName") == name]
    if any(numbers(old) >= numbers(version) for old in had):
        return None
    return Update(_tidy(name), version, None, offered.get(key))


def _offer(key: str) -> _Offer | None:
    found = _MACOS.fullmatch(key)
    return None if found is None else _Offer(found[1], found[2], found[3] or "")


def _newer(offer: _Offer, release: Release) -> bool:
    """Whether it is a fix of this release that is not there yet."""
    theirs, ours = numbers(offer.version), numbers(release.version)
    if offer.kind == "major" or offer.build == release.build or not theirs or not ours:
        return False
    depth = 2 if ours[0] == 10 else 1
    if theirs[:depth] != ours[:depth]:
        return False
    return theirs > ours or (theirs == ours and offer.kind == "rsr")


def _since(offer: _Offer, offered: dict[str, int], release: Release) -> int | None:
    """When this Mac was first offered it, or one that it replaced."""
    replaced = [
        at
        for key, at in offered.items()
        if (other := _offer(key)) is not None
        and _newer(other, release)
        and numbers(other.version) <= numbers(offer.version)
    ]
    return min(replaced, default=None)


def _first_offered(noted: Settings) -> dict[str, int]:
    rows = noted.get("FirstOfferDateDictionary", {})
    if not isinstance(rows, dict):
        raise CannotLook("parse-error", "FirstOfferDateDictionary")
    times = {key: moment(rows, key) for key in rows}
    return {key: at for key, at in times.items() if at is not None}


def _history(host: Host) -> list[Settings]:
    """Everything that was ever installed. Raises CannotLook."""
    data = host.read(_HISTORY)
    return [] if data is None else rows(data, _HISTORY)


def _times(rows: list[Settings]) -> list[int]:
    return [at for row in rows if (at := moment(row, "date")) is not None]


def _installed_at(history: Maybe[list[Settings]]) -> int | None:
    """When Software Update last installed macOS, Safari or a fix (not mere data)."""
    if isinstance(history, Unseen):
        raise CannotLook(history.unseen)
    return max(_times([row for row in history if _is_security(row)]), default=None)


def _is_security(row: Settings) -> bool:
    return (
        row.get("contentType") != "config-data"
        and row.get("processName") in _INSTALLERS
        and str(row.get("displayName", "")).startswith(_SECURITY)
    )


def _memory_at(history: Maybe[list[Settings]]) -> int | None:
    if isinstance(history, Unseen):
        raise CannotLook(history.unseen)
    return min(_times(history), default=None)


def _tidy(name: str) -> str:
    return "".join(c for c in name[:480] if c.isprintable()).strip()[:120]
