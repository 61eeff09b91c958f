"""Write down the limit that an insurance has for equipment away from school (S27)."""

from typing import Final

from django.db import IntegrityError, transaction

from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.cover.queries import limit
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import AwayCover

CHANGE: Final = "cover.limit"
MOST_PENCE: Final = 999_999_999
"""£9,999,999.99: more than any school has."""


def change(site_id: str, limit_pence: int, *, seen: int, by: By) -> int:
    """From now on this is the limit; the new version's number. `seen`: the version that stood on
    the page, 0 for none. Raises RegisterError; StaleError where somebody else was faster."""
    if not 0 <= limit_pence <= MOST_PENCE:
        raise RegisterError("bad_value", "A limit is between £0 and £9,999,999.99.", "limit")
    try:
        with transaction.atomic():
            held = limit(site_id)
            if held is not None and held.version != seen and held.pence == limit_pence:
                return held.version  # somebody else wrote the same
            if (held.version if held else 0) != seen:
                raise StaleError([])
            row = AwayCover.objects.create(
                id=new_id("cov", by.at),
                site_id=site_id,
                version=seen + 1,
                limit_pence=limit_pence,
                at=by.at,
                changed_by=by.actor,
            )
            ledger.append(
                site_id=site_id,
                at=by.at,
                actor=by.actor,
                verb=CHANGE,
                subject=site_id,
                after={"version": row.version, "limit_pence": limit_pence},
            )
    except IntegrityError as error:  # both wrote the same version
        raise StaleError([]) from error
    return row.version
