"""Readings of wiped drives that reports tell of: a row for each, so that a disposal finds it by the
drive's serial number (disposal §3).

Only what stands in a report accepted into the computer's own chain counts. What it says is as true
as its computer is honest; the row says which computer that was.
"""

import logging
import re
from collections.abc import Sequence
from typing import Final

import msgspec

from checks.facts import MalformedSectionError, decode_section
from checks.media_wipes import MediaWipe, MediaWipes
from controller.fleet.models import Device, ReadBack
from controller.intake.outcomes import Outcome, Taken
from controller.intake.plan import Arrival
from inventory.disposal import serials

log = logging.getLogger("controller.intake")

MOST: Final = 32
"""Readings of one report; an honest one tells of less."""
_ID: Final = re.compile(r"[0-9a-f]{32}")


def note(batch: Sequence[Arrival], outcomes: Sequence[Outcome]) -> None:
    """A row for each reading that was not told before; inside the transaction of intake."""
    for arrival, outcome in zip(batch, outcomes, strict=True):
        if isinstance(outcome, Taken) and outcome.status == "accepted":
            told = _told(arrival)
            if told:
                site = Device.objects.values_list("site_id", flat=True).get(id=arrival.device)
                rows = [_row(arrival, str(site), one) for one in told]
                ReadBack.objects.bulk_create(rows, ignore_conflicts=True)


def _told(arrival: Arrival) -> list[MediaWipe]:
    for one in arrival.report.now:
        if one.section == MediaWipes.section:
            try:
                facts = decode_section(one.body.encode(), one.schema, MediaWipes)
            except MalformedSectionError:
                log.warning("report %s of %s: %s", arrival.digest, arrival.device, one.section)
                return []
            wipes = facts.wipes if isinstance(facts, MediaWipes) else []
            return [wipe for wipe in wipes[:MOST] if _ID.fullmatch(wipe.id)]
    return []


def _row(arrival: Arrival, site: str, wipe: MediaWipe) -> ReadBack:
    return ReadBack(
        site_id=site,
        device_id=arrival.device,
        reading=wipe.id,
        seq=arrival.report.seq,
        digest=arrival.digest,
        serial=serials.key(wipe.serial or wipe.typed_serial),
        received_at=arrival.received_at,
        body=msgspec.json.encode(wipe, order="sorted").decode(),
    )
