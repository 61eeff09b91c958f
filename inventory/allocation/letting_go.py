"""What the night lets go of: people two years after they left with nothing of the school's, and
loans six years after they ended (O12)."""

import datetime
from collections import defaultdict
from typing import Final

import msgspec
from django.db import transaction
from django.db.models import Exists, OuterRef

from inventory.allocation.people import erase
from inventory.assets.writing import By
from inventory.documents.letting_go import forget_signatures, sweep
from inventory.ledger import services as ledger
from inventory.models import Allocation, Person

DAY: Final = 86_400


class LetGo(msgspec.Struct, frozen=True):
    """How many people were erased and how many ended loans deleted."""

    people: int
    loans: int


def let_go(at: int) -> LetGo:
    """Let go of what is past its days."""
    edge = datetime.datetime.fromtimestamp(at - (Person.keep_for.days or 0) * DAY, datetime.UTC)
    has = Exists(Allocation.objects.filter(person_id=OuterRef("id"), until=None))
    left = Person.objects.exclude(name="").filter(~has, left_on__gt="")
    due = left.filter(left_on__lt=edge.date().isoformat()).order_by("id")
    people = list(due.values_list("site_id", "id"))
    for site_id, person_id in people:
        erase(site_id, person_id, by=By(ledger.SYSTEM, at, "system"))
    old = Allocation.objects.filter(until__lt=at - (Allocation.keep_for.days or 0) * DAY)
    signed: dict[str, set[str]] = defaultdict(set)
    for site_id, *both in old.values_list("site_id", "signature", "return_signature"):
        signed[site_id] |= set(both)
    with transaction.atomic():
        loans, _ = old.delete()
        for site_id, digests in signed.items():
            forget_signatures(site_id, digests, at)
    sweep(at)
    return LetGo(len(people), loans)
