"""Where each thing that is or was plugged in stands with the school: approved, scanned, a stranger.

A scan speaks for a stick only if it ended clean, was of all that lies on it, and began after the
stick was last plugged in: what came back from home may have changed. Two sticks of one model
without a serial number look alike, so a scan of one says nothing of the other.
"""

from typing import Literal

from checks.media_scans import MediaScan
from checks.removable_media.equipment import classroom, matches
from checks.removable_media.facts import RemovableMediaNow, Volume
from checks.removable_media.named import entries, tag
from checks.unseen import Maybe, Unseen, known

Standing = Literal["lesson", "phone", "approved", "scanned", "partly", "untold", "stranger"]
"""`lesson`: classroom equipment. `partly`: scanned, except files that the antivirus could not look
into. `untold`: whether the list names it by its serial number was not looked at."""


def standing(
    volume: Volume, approved: list[str], otherwise: str, now: RemovableMediaNow
) -> Standing:
    """What one volume is to the school. Raises BlindError where only an unseen fact could tell."""
    if classroom(volume.usb) is not None:
        return "lesson"
    if volume.kind == "phone":
        return "phone"
    if matches(approved, volume.id):
        return "approved"
    named = _named(volume, approved, now)
    if named == "approved" or otherwise == "refuse":
        return named
    scanned = _scanned(volume, now)
    return named if scanned == "stranger" else scanned


def _named(volume: Volume, approved: list[str], now: RemovableMediaNow) -> Standing:
    """Whether the list names it by its serial number. What was held against an older list without
    some of these lines, or by an agent that knows of none, may be named."""
    wanted = entries(approved)
    if not wanted:
        return "stranger"
    if isinstance(volume.named, Unseen) or isinstance(now.looked_for, Unseen):
        return "untold"
    if not set(wanted).isdisjoint(volume.named):
        return "approved"
    return "stranger" if set(now.looked_for).issuperset(map(tag, wanted)) else "untold"


def harmful(scans: Maybe[list[MediaScan]]) -> int:
    """On how many media something harmful was found and not seen to be gone."""
    return 0 if isinstance(scans, Unseen) else sum(one.outcome == "found" for one in scans)


def _scanned(volume: Volume, now: RemovableMediaNow) -> Standing:
    mine = [one for one in known(now.scans) if _speaks_for(one, volume)]
    if not mine:
        return "stranger"
    since = _plugged_in(volume, now)
    after = [one for one in mine if one.began_at >= since]
    if not after:
        return "stranger"
    return "scanned" if any(not one.skipped for one in after) else "partly"


def _speaks_for(scan: MediaScan, volume: Volume) -> bool:
    return volume.serial and scan.medium == volume.id and scan.whole and scan.outcome == "clean"


def _plugged_in(volume: Volume, now: RemovableMediaNow) -> int:
    """When it was plugged in at the latest: the log's word, or that the whole log has none."""
    if volume.first_at is not None:
        return volume.first_at
    known(now.logged)
    return known(now.log_since)
