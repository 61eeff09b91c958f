"""Computers that signed that they saw another log than ours (trust §4.5, T5)."""

from typing import Final

import msgspec
from django.db.models import Count, Max

from inventory.ledger.models import Event

VERB: Final = "log.contradicted"
SHOWN_SECONDS: Final = 120 * 86_400
"""A term: as long somebody who should know of it can have been away."""


class Contradicted(msgspec.Struct, frozen=True):
    """How many computers said so, and when the last did."""

    computers: int
    last_at: int


def recent(site_id: str, now: int) -> Contradicted | None:
    """What computers contradicted lately at one school; None when all agree."""
    events = Event.objects.filter(site_id=site_id, verb=VERB, at__gte=now - SHOWN_SECONDS)
    found = events.aggregate(computers=Count("actor", distinct=True), last_at=Max("at"))
    return Contradicted(**found) if found["computers"] else None
