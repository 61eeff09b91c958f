"""What computers last told of the drives in them, held against the sets of disposals (I3).

The register knows no reports: Django's setting `DISPOSAL_INSIDES` names who reads them. Only drives
that stay in a computer count: sticks and docks are entries of their own. A drive that a report
leaves out proves nothing; it may be unplugged.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, Protocol

import msgspec
from django.conf import settings
from django.utils.module_loading import import_string

from inventory.assets.errors import RegisterError
from inventory.disposal import earlier
from inventory.disposal.events import Approved, Collected, Event, HandedOver, Inspected
from inventory.disposal.media import Reported, propose
from inventory.disposal.now import Medium, Now
from inventory.disposal.states import HERE
from inventory.disposal.values import MOST_MEDIA, FoundMedium
from inventory.many import parts
from inventory.models import Disposal, DisposalException, DisposalMedium

COMPARED: Final = (Inspected, Approved, Collected, HandedOver)
"""Steps that say which drives there are, or let them go."""


HERE_STILL: Final = 2**62
NEVER: Final = -1
Listed = Mapping[str, int]
"""By key, until when a report that names a drive says nothing new: for one that was said to be lost
or elsewhere, until that was said; for every other, for ever."""
_CLOSED: Final = ("disposal_id", "medium", "closed_at")


class Teller(Protocol):
    """Reads what the computers of entries last told."""

    def __call__(
        self, sites: Collection[str], asset_ids: Collection[str]
    ) -> Mapping[str, Reported]:
        """By entry; one as which no computer reports is left out."""
        ...


class Unlisted(msgspec.Struct, frozen=True):
    """Drives that a computer told at `heard_at` and that its disposal does not list."""

    heard_at: int
    media: tuple[FoundMedium, ...]


def running(site_id: str, asset_ids: Collection[str]) -> dict[str, str]:
    """Which of these entries are on their way out and still here: entry → disposal."""
    found: dict[str, str] = {}
    for part in parts(asset_ids):
        rows = Disposal.objects.filter(
            site_id=site_id, asset_id__in=part, closed_at=None, state__in=HERE
        )
        found |= dict(rows.values_list("asset_id", "id"))
    return found


def all_running(site_id: str) -> dict[str, str]:
    """Likewise for the whole school."""
    rows = Disposal.objects.filter(site_id=site_id, closed_at=None, state__in=HERE)
    return dict(rows.values_list("asset_id", "id"))


def listed(disposals: Mapping[str, str]) -> dict[str, Listed]:
    """The drives of these (entry → disposal), by entry."""
    of = {disposal_id: asset_id for asset_id, disposal_id in disposals.items()}
    found: dict[str, dict[str, int]] = {asset_id: {} for asset_id in disposals}
    for part in parts(of):
        ended = DisposalException.objects.filter(disposal_id__in=part, kind="medium_missing")
        closed = ended.filter(closed_at__isnull=False).order_by("closed_at")
        said = {(one, key): end for one, key, end in closed.values_list(*_CLOSED)}
        rows = DisposalMedium.objects.filter(disposal_id__in=part)
        for disposal_id, key, state in rows.values_list("disposal_id", "key", "state"):
            until = said.get((disposal_id, key)) if state in ("lost", "gone") else None
            found[of[disposal_id]][key] = HERE_STILL if until is None else until
    return dict(found)


def unlisted(site_id: str, sets: Mapping[str, Listed], at: int) -> dict[str, Unlisted]:
    """What computers told and these sets (by entry) lack, or told again after somebody had said
    that it was lost or elsewhere. A drive that is on the list of another open disposal is left to
    the people who took it out."""
    if not sets:
        return {}
    teller: Teller = import_string(settings.DISPOSAL_INSIDES)
    told = teller({site_id}, list(sets))
    new = {
        asset_id: [
            one
            for one in _inside(said, at)
            if said.heard_at > sets[asset_id].get(one.serial, NEVER)
        ]
        for asset_id, said in told.items()
    }
    taken = _open(site_id, {one.serial for media in new.values() for one in media})
    left = {
        asset_id: tuple(one for one in media if one.serial not in taken)
        for asset_id, media in new.items()
    }
    return {
        asset_id: Unlisted(told[asset_id].heard_at, media)
        for asset_id, media in left.items()
        if media
    }


def check(site_id: str, steps: Iterable[tuple[str, Event, Now]], at: int) -> None:
    """Raise RegisterError for a step (entry, event, what comes of it) that passes over a drive."""
    sets = {
        asset_id: {serial: _until(one) for serial, one in after.media.items()}
        for asset_id, event, after in steps
        if isinstance(event, COMPARED)
    }
    for found in unlisted(site_id, sets, at).values():
        day = datetime.fromtimestamp(found.heard_at, UTC).date()
        serials = ", ".join(one.serial for one in found.media)
        sentence = (
            f"Its computer reported the drive {serials} on {day:%-d %B %Y}, and this disposal does "
            "not list it. Look inside and tick it, or add it. If it is not there, add it all the "
            "same and record it as missing (I3); where it never was there, somebody who may "
            "approve says so then."
        )
        raise RegisterError("drive_reported", sentence, "media")


def _until(medium: Medium) -> int:
    explained = medium.gone and not medium.never_there
    return medium.doubted_at if explained and medium.doubted_at else HERE_STILL


def _inside(said: Reported, at: int) -> list[FoundMedium]:
    found = earlier.joined(propose(said, at), ())
    return [one for one in found if one.kind != "usb"][:MOST_MEDIA]


def _open(site_id: str, keys: Collection[str]) -> set[str]:
    found: set[str] = set()
    for part in parts(keys):
        rows = DisposalMedium.objects.filter(site_id=site_id, key__in=part, open=True)
        found.update(rows.values_list("key", flat=True))
    return found
