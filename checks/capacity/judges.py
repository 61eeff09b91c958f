"""The judges of capacity: room on its own drives, and what its batteries still hold."""

import datetime
from typing import Final

from checks.capacity.facts import Battery, CapacityFacts
from checks.hardware.facts import HardwareNow, Volume
from checks.hardware.filling import counts
from checks.judging import Device, Judge, Moment, Settings, judge
from checks.unseen import BlindError, Unseen, each, known
from checks.verdicts import Finding, failed, passed, warned

EPOCH: Final = datetime.date(1970, 1, 1)
DAY: Final = 86_400
WEEK: Final = 7 * DAY
_OTHERS: Final = {
    "full": "full-other",
    "filling": "filling-other",
}


class SpaceSettings(Settings, frozen=True):
    """Shares of a volume that have to be free, and how long a server has to have room for."""

    warn_percent: int
    fail_percent: int
    server_seconds: int


class BatterySettings(Settings, frozen=True):
    """Shares of what it held when it was new."""

    warn_percent: int
    fail_percent: int


@judge("disk-capacity")
def room(now: HardwareNow, settings: SpaceSettings, device: Device, moment: Moment) -> Finding:
    """The fullest volume that people's work goes to has room, and a server will have it."""
    volumes = [volume for volume in known(now.volumes) if counts(volume)]
    if not any(volume.place == "system" for volume in volumes):
        raise BlindError("unsupported", says="no-drive-seen")
    fullest = min(volumes, key=_share)
    percent, free = int(_share(fullest)), fullest.free_bytes
    if _share(fullest) < settings.fail_percent:
        return failed(_of("full", fullest), percent=percent, bytes=free)
    if _share(fullest) < settings.warn_percent:
        return warned(_of("filling", fullest), percent=percent, bytes=free)
    if not isinstance(device.profile, Unseen) and device.profile == "server":
        return _lasting(now, settings, moment, percent=percent, free=free)
    return passed("room", percent=percent, bytes=free)


def _lasting(
    now: HardwareNow, settings: SpaceSettings, moment: Moment, *, percent: int, free: int
) -> Finding:
    """There is room now; whether it lasts. A week that began is as good as come."""
    if isinstance(now.full_in, Unseen):
        says = "fills-too-new" if now.full_in.unseen == "deferred" else "fills-unknown"
        raise BlindError(now.full_in.unseen, says=says, percent=percent, bytes=free)
    days = None if now.full_in is None else now.full_in - (moment.today - EPOCH).days
    if days is None or days * DAY > settings.server_seconds:
        return passed("lasts", percent=percent, bytes=free)
    return warned("fills", left=max(WEEK, days * DAY), percent=percent, bytes=free)


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
