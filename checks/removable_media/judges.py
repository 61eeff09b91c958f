"""Judges of removable media: kept out unless approved, noticed when used, never starting by
itself."""

from collections.abc import Callable

from checks.judging import Judge, Moment, Settings, judge
from checks.removable_media.equipment import classroom
from checks.removable_media.facts import (
    Autorun,
    Driver,
    Kind,
    RemovableMediaFacts,
    RemovableMediaNow,
    Rule,
    UsbGuard,
    Volume,
)
from checks.removable_media.standing import Standing, harmful, standing
from checks.unseen import BlindError, Unseen, each, known
from checks.verdicts import Finding, failed, not_applicable, passed, warned, worst


class SeenSettings(Settings, frozen=True):
    """`approved`: media the school allows, globs over ids or entries as `named` makes them;
    `otherwise`: what it asks of others;
    `look_back_seconds`: how far back use of a stick counts when no report was made since."""

    approved: list[str]
    otherwise: str
    look_back_seconds: int


@judge("usb-storage-control")
def storage_control(media: RemovableMediaFacts) -> Finding:
    """Nothing that can be plugged in is usable unless it was approved."""
    kinds = known(media.kinds)
    if not kinds:
        return not_applicable("nothing-to-plug-in")
    if not _untold(media.rules):
        return _all_ruled(known(media.rules), kinds)
    return worst(_CONTROL[kind](media) for kind in kinds)


def _untold(fact: object) -> bool:
    """Whether this kind of computer has no such fact."""
    return isinstance(fact, Unseen) and fact.unseen == "unsupported"


def _all_ruled(rules: list[Rule], kinds: list[Kind]) -> Finding:
    """What certainly comes in is said first; then nothing passes that nobody could look at."""
    found, blind = each(rules, _ruled)
    opened = [finding for finding in found if finding.status != "pass"]
    if opened:
        return worst(opened)
    if blind or not {rule.kind for rule in rules}.issuperset(kinds):
        raise BlindError(blind[0] if blind else "unsupported")
    finding = worst(found)
    if "phone" not in kinds and finding.says == "blocked-by":
        return passed("drives-blocked-by", **finding.args)
    return finding


def _ruled(rule: Rule) -> Finding:
    """One kind of media under an administrator's settings."""
    use = known(rule.use)
    if use == "allow":
        return failed(_OPEN[rule.kind])
    by = known(rule.by)
    if use == "read-only":
        return failed("read-only", by=by)
    return passed("blocked-by" if use == "deny" else "approved-by", by=by)


_OPEN: dict[Kind, str] = {
    "usb-storage": "sticks-open",
    "phone": "phones-open",
    "sd": "cards-open",
    "optical": "discs-open",
}


def _sticks(media: RemovableMediaFacts) -> Finding:
    guard = _guard(media)
    if guard is not None and known(guard.stick) != "allow":
        if known(guard.models):
            return warned("models", models=known(guard.models))
        return passed("approved-only", approved=known(guard.approved))
    if known(media.usb_default) == "block" or known(media.udev) == "blocked":
        return passed("blocked")
    by_driver = _by_drivers(media, ("usb_storage", "uas"), "sticks-open")
    if by_driver.status == "fail" and known(media.udev) == "hidden":
        return warned("hidden")
    return by_driver


def _phones(media: RemovableMediaFacts) -> Finding:
    guard = _guard(media)
    if guard is not None and known(guard.phone) != "allow":
        return passed("blocked")
    if known(media.usb_default) == "block" or not known(media.phone_programs):
        return passed("blocked")
    return failed("phones-open")


def _cards(media: RemovableMediaFacts) -> Finding:
    return _by_drivers(media, ("mmc_block",), "cards-open")


def _discs(media: RemovableMediaFacts) -> Finding:
    return _by_drivers(media, ("sr_mod",), "discs-open")


_CONTROL: dict[Kind, Callable[[RemovableMediaFacts], Finding]] = {
    "usb-storage": _sticks,
    "phone": _phones,
    "sd": _cards,
    "optical": _discs,
}


def _guard(media: RemovableMediaFacts) -> UsbGuard | None:
    """USBGuard if it is installed and runs."""
    return next((guard for guard in known(media.usbguard) if known(guard.running)), None)


def _by_drivers(media: RemovableMediaFacts, names: tuple[str, ...], still_open: str) -> Finding:
    drivers = [driver for driver in known(media.drivers) if driver.name in names]
    if len(drivers) != len(names):
        raise BlindError("unsupported")
    return worst(_by_driver(driver, still_open) for driver in drivers)


def _by_driver(driver: Driver, still_open: str) -> Finding:
    available, blocked = known(driver.available), known(driver.blocked)
    if available == "absent":
        return passed("blocked")
    if available == "builtin" or blocked == "no":
        return failed(still_open)
    if known(driver.loaded):
        return failed("still-loaded", driver=driver.name)
    return warned("by-hand", driver=driver.name) if blocked == "blacklist" else passed("blocked")


@judge("usb-storage-seen")
def storage_seen(now: RemovableMediaNow, settings: SeenSettings, moment: Moment) -> Finding:
    """Nothing was plugged in that nobody approved, and nothing harmful was found on anything."""
    if found := harmful(now.scans):
        return failed("harmful", severity="critical", count=found)
    attached = _stands(known(now.attached), settings, now)
    if here := _strangers(attached):
        says = "attached-one" if len(here) == 1 else "attached-many"
        return failed(says, count=len(here), name=_name(here[0]))
    watching = known(now.watching_since)
    if watching is None:
        return _calm(attached, now, "none-now")
    if _untold(now.logged):
        raise BlindError("unsupported", says="no-history")
    start = max(watching, moment.seen - settings.look_back_seconds)
    recent = [volume for volume in known(now.logged) if (volume.last_at or 0) >= start]
    gone = _stands(recent, settings, now)
    if used := _strangers(gone):
        says = "was-attached-one" if len(used) == 1 else "was-attached-many"
        return failed(says, count=len(used), name=_name(used[0]))
    if known(now.log_since) > start:
        raise BlindError("unsupported", says="log-too-short")
    return _calm([*attached, *gone], now, "none")


_Stands = list[tuple[Standing, Volume]]


def _stands(volumes: list[Volume], settings: SeenSettings, now: RemovableMediaNow) -> _Stands:
    return [(standing(one, settings.approved, settings.otherwise, now), one) for one in volumes]


def _strangers(volumes: _Stands) -> list[Volume]:
    return [volume for stands, volume in volumes if stands == "stranger"]


def _calm(volumes: _Stands, now: RemovableMediaNow, nothing: str) -> Finding:
    """What to say where there is no stranger."""
    by: dict[Standing, list[Volume]] = {}
    for stands, volume in volumes:
        by.setdefault(stands, []).append(volume)
    if phones := by.get("phone"):
        return warned("phone", name=_name(phones[0]))
    if partly := by.get("partly"):
        return warned("scanned-partly", name=_name(partly[0]))
    if untold := by.get("untold"):
        named = untold[0].named
        reason = named.unseen if isinstance(named, Unseen) else "stale"
        raise BlindError(reason, says="list-not-looked", name=_name(untold[0]))
    if not _untold(now.scans):
        known(now.scans)  # what was found may stand there
    if lessons := by.get("lesson"):
        return passed("classroom", name=classroom(lessons[0].usb) or "")
    if scanned := by.get("scanned"):
        return passed("scanned", count=len(scanned))
    return passed("approved", count=len(volumes)) if volumes else passed(nothing)


def _name(volume: Volume) -> str:
    return volume.name or volume.usb or volume.kind


@judge("autorun-off")
def autorun(media: RemovableMediaFacts) -> Finding:
    """No desktop starts, or offers to start, what a drive asks for."""
    desktops = known(media.autorun)
    if not desktops:
        return not_applicable("no-desktop")
    return worst(_autorun(desktop) for desktop in desktops)


_DESKTOPS = {
    "gnome": "GNOME",
    "mate": "MATE",
    "cinnamon": "Cinnamon",
    "xfce": "Xfce",
    "kde": "KDE",
    "windows": "Windows",
    "other": "The desktop",
}


def _autorun(desktop: Autorun) -> Finding:
    if known(desktop.starts):
        return failed("offers", desktop=_DESKTOPS[desktop.desktop])
    if known(desktop.changeable):
        return warned("user-can-change")
    if not _untold(desktop.commands) and known(desktop.commands):
        return warned("commands")
    return passed("never")


@judge("removable-encrypted")
def encrypted(media: RemovableMediaFacts, now: RemovableMediaNow) -> Finding:
    """What is carried about can be read by nobody who finds it."""
    if not _untold(media.only_encrypted) and known(media.only_encrypted):
        return passed("only-encrypted")
    drives = [v for v in known(now.attached) if v.kind in ("usb-storage", "sd")]
    carried = [volume for volume in drives if classroom(volume.usb) is None]
    if not carried:
        return _nothing_carried(media)
    bare = [volume for volume in carried if not known(volume.encrypted)]
    if bare:
        return failed("bare", count=len(bare), name=_name(bare[0]))
    return passed("encrypted", count=len(carried))


def _nothing_carried(media: RemovableMediaFacts) -> Finding:
    """Where drives cannot be used at all there is nothing to encrypt; else none is there now."""
    if not _untold(media.rules):
        uses = [
            known(rule.use) for rule in known(media.rules) if rule.kind in ("usb-storage", "sd")
        ]
        if uses and all(use == "deny" for use in uses):
            return passed("no-drives")
    return passed("none-attached")


JUDGES: tuple[Judge, ...] = (storage_control, storage_seen, autorun, encrypted)
