"""What earlier disposals already know of the media of an entry: that one failed (I6), that one was
in it and never left."""

from collections import defaultdict
from collections.abc import Collection, Iterable

import msgspec

from inventory.disposal.events import MediumFailed
from inventory.disposal.media import Proposal
from inventory.disposal.spelling import decode
from inventory.disposal.values import MOST_MEDIA, FoundMedium
from inventory.disposal.wording import line
from inventory.many import parts
from inventory.models import DisposalEvent, DisposalMedium

_NOT_IN_IT = ("destroyed", "retained", "gone", "lost", "never_there", "missing")


def media(site_id: str, asset_ids: Collection[str]) -> dict[str, tuple[FoundMedium, ...]]:
    """Entry → the media its ended disposals left in it, newest first."""
    found: dict[str, dict[str, FoundMedium]] = defaultdict(dict)
    for part in parts(asset_ids):
        rows = DisposalMedium.objects.filter(
            site_id=site_id, disposal__asset_id__in=part, disposal__closed_at__isnull=False
        )
        for row in rows.select_related("disposal").order_by("-disposal__opened_at", "key"):
            known = found[row.disposal.asset_id]
            if row.state not in _NOT_IN_IT and row.key not in known:
                known[row.key] = _found(row)
    return {asset_id: tuple(known.values()) for asset_id, known in found.items()}


def with_failures(site_id: str, found: Iterable[FoundMedium]) -> tuple[FoundMedium, ...]:
    """Media that come in; one that failed in any disposal of the school, whichever thing it was in
    and whatever became of it there, still has (I6)."""
    media = tuple(found)
    failed = _failed(site_id, {one.serial for one in media})
    return tuple(
        msgspec.structs.replace(one, failed=True) if one.serial in failed else one for one in media
    )


def _failed(site_id: str, keys: Collection[str]) -> set[str]:
    found: set[str] = set()
    for part in parts(keys):
        rows = DisposalMedium.objects.filter(site_id=site_id, key__in=part)
        steps = DisposalEvent.objects.filter(
            site_id=site_id, type="medium_failed", disposal_id__in=rows.values("disposal_id")
        )
        for body in steps.values_list("body", flat=True):
            event = decode(bytes(body))
            if isinstance(event, MediumFailed):
                found.add(event.medium)
    return found & set(keys)


def joined(told: Proposal, known: Iterable[FoundMedium]) -> tuple[FoundMedium, ...]:
    """What a computer told, with what is known from before; a drive without a serial number of its
    own is left to whoever looks inside."""
    before = {one.serial: one for one in known}
    now = {
        one.key: FoundMedium(
            serial=one.key,
            kind=one.kind,
            serial_raw=line(one.serial),
            wwn=line(one.wwn),
            make=line(one.make),
            model=line(one.model),
            size_bytes=one.size_bytes or 0,
            encrypted_since=one.encrypted_since,
            failed=one.key in before and before[one.key].failed,
        )
        for one in told.media
        if one.key and "twice" not in one.doubts
    }
    return tuple({**before, **now}.values())[:MOST_MEDIA]


def _found(row: DisposalMedium) -> FoundMedium:
    return msgspec.convert(
        {
            "serial": row.key,
            "kind": row.kind,
            "serial_raw": row.serial,
            "wwn": row.wwn,
            "make": row.make,
            "model": row.model,
            "size_bytes": row.size_bytes,
            "failed": row.state == "failed",
        },
        FoundMedium,
    )
