"""A drive that was replaced in a repair gets an entry of its own, and leaves by a disposal of its
own: what was on it is not gone because the computer is back (S28, I16, T6)."""

from collections.abc import Collection
from typing import Any, Final, Literal

import msgspec
from django.db import IntegrityError, transaction

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.assets.states import GONE
from inventory.assets.writing import By
from inventory.disposal import serials
from inventory.disposal import services as disposals
from inventory.disposal.media import Proposal, Proposed
from inventory.disposal.states import PersonalData
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Asset, Away, AwayDrive, Disposal
from inventory.repairs.comparing import Inside, mark, read

Place = Literal["kept", "going", "theirs", "unknown"]
PLACES: Final = ("kept", "going", "theirs", "unknown")
"""Here, to be kept; here, to be disposed of; with whoever repaired it; nobody knows."""


class Replaced(msgspec.Struct, frozen=True):
    """One old drive: where it was said to be, its entry, and the disposal that is its newest."""

    mark: str
    place: str
    entry: str
    disposal: str
    state: str
    at: int
    by: str


class Origin(msgspec.Struct, frozen=True):
    """Where a drive comes from: the thing that came back without it, and what that is called."""

    asset: str
    name: str


def place_old(
    site_id: str, away_id: str, serial: str, place: str, *, settles: bool = False, by: By
) -> str:
    """Say where a drive is that did not come back in its thing; the id of its entry, which begins
    with it where there is none. `settles`: nothing else waits for an answer. Raises RegisterError,
    Refused."""
    if place not in PLACES:
        raise RegisterError("bad_value", "Say where the old drive is now.", "place")
    with transaction.atomic():
        row = _returned(site_id, away_id)
        before = read(row.before)
        if serial not in before.drives:
            raise RegisterError("not_found", "That drive was not in it when it went.")
        entry = _entry(site_id, row, serial, before, by)
        made = _said(row, serial, entry, place, by)
        if place != "kept":
            _leaves(row, made, before, by)
        if settles and row.answered_at is None:
            row.answered_at, row.answered_by = by.at, by.actor
            row.save(update_fields=["answered_at", "answered_by"])
    return entry


def replaced(sites: Collection[str], away_ids: Collection[str]) -> dict[str, list[Replaced]]:
    """Time away → the old drives of which somebody said where they are: two questions."""
    rows = list(AwayDrive.objects.filter(site__in=sites, away__in=list(away_ids)).order_by("id"))
    running = Disposal.objects.filter(asset__in=[row.entry_id for row in rows])
    newest = {one.asset_id: one for one in running.order_by("opened_at", "id")}
    found: dict[str, list[Replaced]] = {}
    for row in rows:
        leaving = newest.get(row.entry_id)
        told = (leaving.id, leaving.state) if leaving else ("", "")
        one = Replaced(row.mark, row.place, row.entry_id, *told, row.at, row.said_by)
        found.setdefault(row.away_id, []).append(one)
    return found


def origin(sites: Collection[str], entry: str) -> Origin | None:
    """The thing that an old drive was in; None for every other entry."""
    rows = AwayDrive.objects.filter(site__in=sites, entry=entry)
    row = rows.select_related("away__asset").order_by("-id").first()
    if row is None:
        return None
    thing = row.away.asset
    return Origin(thing.id, thing.name or thing.tag or thing.serial)


def _returned(site_id: str, away_id: str) -> Away:
    rows = Away.objects.select_for_update().filter(site_id=site_id, id=away_id)
    row = rows.filter(returned_at__isnull=False).select_related("asset").first()
    if row is None:
        raise RegisterError("not_found", "There is nothing to answer here.")
    return row


def _entry(site_id: str, row: Away, serial: str, before: Inside, by: By) -> str:
    """The entry that is this drive already, or a new one."""
    drives = Asset.objects.filter(site_id=site_id, kind="drive").exclude(state__in=GONE)
    known = drives.filter(marks__kind="serial", marks__value=mark(serial), marks__resting=False)
    if found := known.order_by("id").first():
        return found.id
    told = _told(before, serial)
    values: dict[str, Any] = {
        "kind": "drive",
        "serial": serial[:128],
        "personal_data": _personal(row),
    }
    if told is not None:
        values |= {"make": told.make[:128], "model": told.model[:128]}
    entry = assets.add(site_id, values, by=by)
    assets.move(site_id, [entry], "stored", by=by)
    return entry


def _personal(row: Away) -> PersonalData | Literal[""]:
    """Of the thing it was in; nobody's word that none went along makes a drive empty (T6)."""
    return "yes" if "yes" in (row.asset.personal_data, row.personal_data) else ""


def _said(row: Away, serial: str, entry: str, place: str, by: By) -> AwayDrive:
    made = AwayDrive(
        id=new_id("awd", by.at),
        site_id=row.site_id,
        away=row,
        mark=mark(serial),
        entry_id=entry,
        place=place,
        at=by.at,
        said_by=by.actor,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        say = "Somebody else has said already where this drive is."
        raise RegisterError("answered", say) from error
    ledger.append(
        site_id=row.site_id,
        at=by.at,
        actor=by.actor,
        verb="repair.drive",
        subject=row.asset_id,
        after={"away": row.id, "entry": entry, "place": place},
    )
    return made


def _leaves(row: Away, made: AwayDrive, before: Inside, by: By) -> None:
    """Its disposal begins, unless it runs; missing from the first step where nobody knows more."""
    site_id, entry = row.site_id, made.entry_id
    if Disposal.objects.filter(asset=entry, closed_at=None).exists():
        return
    reason = f"Replaced in a repair of {row.asset.tag or row.asset.name or row.asset_id}"
    told = {entry: _proposal(before, made.mark)}
    if made.place == "unknown":
        loss = disposals.Loss(
            kind="lost",
            discovered_at=by.at,
            encryption=before.encryption,
            reported_at=before.heard_at if before.encryption != "unknown" else None,
            reason=reason,
        )
        disposals.report_lost(site_id, entry, loss, told=told, by=by)
    else:
        disposals.withdraw(site_id, [entry], reason=reason, told=told, by=by)


def _proposal(before: Inside, wanted: str) -> Proposal:
    """The drive itself, as the computer told it before it went."""
    told = _told(before, wanted) or _unknown(before, wanted)
    since = told.encrypted_since
    return Proposal((told,), before.heard_at, before.encryption, since, ())


def _unknown(before: Inside, wanted: str) -> Proposed:
    """A drive of which only the serial number was kept."""
    serial = next((one for one in before.drives if mark(one) == wanted), wanted)
    key = serials.key(serial)
    return Proposed(serial, key, "", "unknown", "", "", None, None, ("kind", "no_size"))


def _told(before: Inside, serial: str) -> Proposed | None:
    wanted = mark(serial)
    return next((one for one in before.media if wanted in (mark(one.serial), mark(one.wwn))), None)
