"""Reads of the ledger that other rooms need."""

from typing import NamedTuple

from inventory.ledger.models import Event, LedgerHead

RESTORE = "controller.restore"


class Restored(NamedTuple):
    """When a backup was brought back; its event is line `line` of the log, the first after it."""

    at: int
    line: int


def restored(site_id: str) -> Restored | None:
    """The last time; None when it never was."""
    rows = Event.objects.filter(site_id=site_id, verb=RESTORE).order_by("-seq")
    found = rows.values_list("at", "line").first()
    return Restored(*found) if found else None


def heads() -> dict[str, int]:
    """School → number of its newest event; a school where nothing happened yet is absent."""
    return dict(LedgerHead.objects.values_list("site_id", "seq"))


def subjects(site_id: str, verb: str, *, since: int) -> list[str]:
    """Whom events of one kind were about, since a moment; each once, in the order of their ids."""
    rows = Event.objects.filter(site_id=site_id, verb=verb, at__gte=since)
    return sorted(set(rows.values_list("subject", flat=True)))
