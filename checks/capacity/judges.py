"""The judges of capacity: room on its own drives, and what its batteries still hold."""

from typing import Final

from checks.capacity.facts import Battery, CapacityFacts
from checks.hardware.facts import HardwareNow, Volume
from checks.judging import Judge, Settings, judge
from checks.unseen import BlindError, each, known
from checks.verdicts import Finding, failed, passed, warned

SMALLEST_OTHER: Final = 32_000_000_000
"""Bytes: a smaller volume beside the system's is the maker's own, full from the day it was made."""
_OTHERS: Final = {
    "full": "full-other",
    "filling": "filling-other",
}


class SpaceSettings(Settings, frozen=True):
    """Shares of a volume that have to be free."""

    warn_percent: int
    fail_percent: int


class BatterySettings(Settings, frozen=True):
    """Shares of what it held when it was new."""

    warn_percent: int
    fail_percent: int


@judge("disk-capacity")
def room(now: HardwareNow, settings: SpaceSettings) -> Finding:
    """The fullest volume that people's work goes to has room."""
    volumes = [volume for volume in known(now.volumes) if _counts(volume)]
    if not any(volume.place == "system" for volume in volumes):
        raise BlindError("unsupported", says="no-drive-seen")
    fullest = min(volumes, key=_share)
    percent, free = int(_share(fullest)), fullest.free_bytes
    if _share(fullest) < settings.fail_percent:
        return failed(_of("full", fullest), percent=percent, bytes=free)
    if _share(fullest) < settings.warn_percent:
        return warned(_of("filling", fullest), percent=percent, bytes=free)
    return passed("room", percent=percent, bytes=free)


def _counts(volume: Volume) -> bool:
    if volume.place == "boot" or volume.size_bytes <= 0:
        return False
    return volume.place != "other" or volume.size_bytes >= SMALLEST_OTHER


def _share(volume: Volume) -> float:
    return volume.free_bytes * 100 / volume.size_bytes


def _of(says: str, volume: Volume) -> str:
    return _OTHERS[says] if volume.place == "other" else says


@judge("battery-health")
def battery(capacity: CapacityFacts, settings: BatterySettings) -> Finding:
    """The weakest battery still holds enough; a worn one is told although another is unseen."""
    shares, blind = each(known(capacity.batteries), _holds)
    weakest = min(shares, default=None)
    if weakest is not None and weakest < settings.fail_percent:
        return failed("worn-out", percent=weakest)
    for reason in blind:
        raise BlindError(reason)
    if weakest is None:
        raise BlindError("unsupported")
    if weakest < settings.warn_percent:
        return warned("worn", percent=weakest)
    return passed("holds", percent=weakest)


def _holds(one: Battery) -> int:
    return known(one.holds_percent)


JUDGES: tuple[Judge, ...] = (room, battery)
