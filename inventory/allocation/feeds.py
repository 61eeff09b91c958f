"""People and open loans as another program reads them, page by page."""

from collections.abc import Collection
from typing import Any, Final

import msgspec

from inventory.models import Allocation, Person
from inventory.paging import Key, decode, page

PEOPLE: Final = (Key("id", str),)
LOANS: Final = (Key("due_on", str), Key("id", str))
_HOLDERS: Final = ("person_id", "room_id", "pool_id", "trolley_id")


class Feed(msgspec.Struct, frozen=True):
    """One page, and the cursor of the next, "" at the end."""

    rows: list[dict[str, Any]]
    next: str


def people(sites: Collection[str], after: str, size: int) -> Feed | None:
    """Those whose name is kept, oldest first; None for a cursor that is none of ours."""
    if after and decode(after, PEOPLE) is None:
        return None
    found = page(Person.objects.filter(site__in=sites).exclude(name=""), PEOPLE, size, after=after)
    names = ("id", "name", "kind", "reference", "left_on")
    return Feed([{name: getattr(row, name) for name in names} for row in found.rows], found.next)


def loans(sites: Collection[str], after: str, size: int) -> Feed | None:
    """What is given out now: first that without a day to come back, then by that day; None
    likewise."""
    if after and decode(after, LOANS) is None:
        return None
    rows = Allocation.objects.filter(site__in=sites, until=None)
    found = page(rows, LOANS, size, after=after)
    return Feed([_loan(row) for row in found.rows], found.next)


def _loan(row: Allocation) -> dict[str, Any]:
    return {
        "id": row.id,
        "entry": row.asset_id,
        "holder": next((getattr(row, n) for n in _HOLDERS if getattr(row, n)), ""),
        "since": row.since,
        "due_on": row.due_on,
        "goes_home": row.goes_home,
    }
