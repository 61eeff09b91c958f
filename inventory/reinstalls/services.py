"""Say that computers are set up anew, end that, and note which came back (S23).

Nothing here lets a computer in: that is the fleet's, by a person.
"""

from collections.abc import Collection, Mapping
from typing import Final

from django.db import transaction

from inventory.assets.errors import RegisterError
from inventory.assets.fields import clean
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.many import by_id
from inventory.models import Asset, Reinstall, ReinstallItem
from inventory.reinstalls.queries import MOST, USABLE

DAY: Final = 86_400
MOST_DAYS: Final = 30
LONGEST_REASON: Final = 200


def expect(site_id: str, asset_ids: Collection[str], *, place: str, ends_at: int, by: By) -> str:
    """These come back within the time given, for `by.reason`; the request's id. Raises
    RegisterError."""
    reason = str(clean("model", by.reason[: LONGEST_REASON + 1]))
    if not reason:
        raise RegisterError("no_reason", "Say why, so that whoever lets them in knows.", "reason")
    if not by.at < ends_at <= by.at + MOST_DAYS * DAY:
        sentence = f"Choose a last day between today and {MOST_DAYS} days from now."
        raise RegisterError("bad_day", sentence, "until")
    if not 0 < len(set(asset_ids)) <= MOST:
        raise RegisterError("none", f"Tick 1 to {MOST} computers.", "entry")
    with transaction.atomic():
        rows = Asset.objects.filter(site_id=site_id, state__in=USABLE)
        found = by_id(rows, asset_ids)
        if len(found) != len(set(asset_ids)):
            sentence = "One of these is not in use any more. Nothing was changed; look again."
            raise RegisterError("gone", sentence, "entry")
        request = Reinstall.objects.create(
            id=new_id("again", by.at),
            site_id=site_id,
            place=place,
            reason=reason[:LONGEST_REASON],
            made_at=by.at,
            made_by=by.actor,
            ends_at=ends_at,
        )
        ReinstallItem.objects.bulk_create(
            [ReinstallItem(site_id=site_id, request=request, asset=row) for row in found]
        )
        told = {"assets": [row.id for row in found], "ends_at": ends_at}
        _record(request, "reinstall.expect", told, by)
    return request.id


def stop(site_id: str, request_id: str, *, by: By) -> None:
    """Expect no more of these. Raises RegisterError."""
    with transaction.atomic():
        request = _open(site_id, request_id, by.at)
        request.ends_at = by.at
        request.save(update_fields=["ends_at"])
        _record(request, "reinstall.stop", {}, by)


def came_back(
    site_id: str, request_id: str, asset_id: str, *, device: str, replaced: str, by: By
) -> str:
    """One of them is back, as `device`, in the place of `replaced`; what the request says why.
    Raises RegisterError where it is not expected any more."""
    with transaction.atomic():
        request = _open(site_id, request_id, by.at)
        items = ReinstallItem.objects.select_for_update().filter(request=request, back_at=None)
        item = items.filter(asset_id=asset_id, asset__state__in=USABLE).first()
        if item is None:
            raise RegisterError("not_expected", "It is not expected any more. Look again.")
        item.back_at, item.back_by, item.device, item.replaced = by.at, by.actor, device, replaced
        item.save()
        told = {"entry": asset_id, "device": device, "replaced": replaced}
        _record(request, "reinstall.back", told, by)
    return request.reason


def _open(site_id: str, request_id: str, at: int) -> Reinstall:
    rows = Reinstall.objects.select_for_update().filter(site_id=site_id, ends_at__gt=at)
    found = rows.filter(id=request_id).first()
    if found is None:
        raise RegisterError("ended", "These are not expected any more. Look again.")
    return found


def _record(request: Reinstall, verb: str, after: Mapping[str, object], by: By) -> None:
    ledger.append(
        site_id=request.site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=request.id,
        after=after,
        reason=by.reason,
    )
