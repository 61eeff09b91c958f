"""A trolley counted and lent as one: 15 of 16 back, and who has the sixteenth (S29)."""

from collections.abc import Collection

import msgspec
from django.db import transaction

from inventory.allocation import handovers
from inventory.allocation.services import FOR_GOOD, Terms
from inventory.assets.errors import RegisterError
from inventory.assets.following import everything_in
from inventory.assets.states import GONE
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.many import by_id
from inventory.models import Asset, TrolleyCount
from inventory.places.queries import HOLDING

_NOT_HERE = ("lost", "stolen", "repair", "retired")


class Counted(msgspec.Struct, frozen=True):
    """One count. `missing` and `strays` are ids."""

    at: int
    actor: str
    expected: int
    missing: list[str]
    strays: list[str]

    @property
    def back(self) -> int:
        """How many of those expected were there."""
        return self.expected - len(self.missing)


def count(site_id: str, trolley_id: str, found: Collection[str], *, by: By) -> Counted:
    """Note what of a trolley was there. Nothing moves by this. Raises RegisterError."""
    with transaction.atomic():
        _locked(site_id, trolley_id)
        belongs = set(_belonging(site_id, trolley_id))
        known = Asset.objects.filter(site_id=site_id, id__in=set(found))
        there = set(known.values_list("id", flat=True))  # a count names entries and nothing else
        counted = Counted(
            by.at, by.actor, len(belongs), sorted(belongs - there), sorted(there - belongs)
        )
        row = TrolleyCount.objects.create(
            id=new_id("tcnt", by.at),
            site_id=site_id,
            trolley_id=trolley_id,
            at=by.at,
            actor=by.actor,
            expected=counted.expected,
            missing=counted.missing,
            strays=counted.strays,
        )
        after = {
            "count": row.id,
            "expected": counted.expected,
            "missing": counted.missing,
            "strays": counted.strays,
        }
        ledger.append(
            site_id=site_id,
            at=by.at,
            actor=by.actor,
            verb="trolley.count",
            subject=trolley_id,
            after=after,
        )
    return counted


def newest(sites: Collection[str], trolley_id: str) -> Counted | None:
    """The last count of a trolley."""
    rows = TrolleyCount.objects.filter(site__in=sites, trolley_id=trolley_id).order_by("-at", "-id")
    row = rows.first()
    return Counted(row.at, row.actor, row.expected, row.missing, row.strays) if row else None


def lend(
    site_id: str, trolley_id: str, holder: str, *, by: By, terms: Terms = FOR_GOOD
) -> tuple[str, int]:
    """Give a trolley with everything in it that is there; the step and how many things. What is
    lost or away stays out of it. Raises RegisterError where somebody has one of them already."""
    with transaction.atomic():
        _locked(site_id, trolley_id)
        ids = [trolley_id, *everything_in(site_id, trolley_id)]
        rows = Asset.objects.filter(site_id=site_id).exclude(holder=trolley_id)
        here = [row.id for row in by_id(rows.exclude(state__in=(*_NOT_HERE, *GONE)), ids)]
        return handovers.give(site_id, here, holder, by=by, terms=terms), len(here)


def bring_back(site_id: str, trolley_id: str, found: Collection[str], *, by: By) -> Counted:
    """A lent trolley comes back with what was found in it; what is missing stays with whoever has
    it. Counted at the same time. Raises RegisterError."""
    with transaction.atomic():
        trolley = _locked(site_id, trolley_id)
        if not trolley.holder:
            raise RegisterError("not_lent", "This trolley is given to nobody.")
        mine = set(_belonging(site_id, trolley_id)) & set(found)
        rows = by_id(Asset.objects.filter(site_id=site_id, holder=trolley.holder), mine)
        # First, because it locks the things and `count` writes to the ledger.
        handovers.receive(site_id, [trolley_id, *(row.id for row in rows)], by=by)
        return count(site_id, trolley_id, found, by=by)


def _belonging(site_id: str, trolley_id: str) -> list[str]:
    rows = Asset.objects.filter(site_id=site_id, parent=trolley_id).exclude(state__in=GONE)
    return list(rows.values_list("id", flat=True))


def _locked(site_id: str, trolley_id: str) -> Asset:
    rows = Asset.objects.select_for_update().filter(site_id=site_id, kind__in=HOLDING)
    found = rows.filter(id=trolley_id).exclude(state__in=GONE).first()
    if found is None:
        raise RegisterError("not_found", "There is no such trolley here.")
    return found
