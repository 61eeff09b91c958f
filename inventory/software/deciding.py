"""What people want of titles: approve, keep an eye on, refuse, later; and whether one is bought.

A wish changes no policy: it is what is proposed to whoever decides (`DECIDE_SOFTWARE`).
"""

from collections.abc import Collection
from typing import Final

from django.db import transaction

from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.ledger import services as ledger
from inventory.models import SoftwareTitle

WISHES: Final = ("approve", "watch", "refuse", "later", "")
MOST: Final = 1_000
NEEDS: Final = ("", "yes", "no")


def wish(site_id: str, ids: Collection[str], wanted: str, *, by: By) -> int:
    """Say what is wanted of titles, all or none; how many. Raises RegisterError."""
    if wanted not in WISHES:
        raise RegisterError("bad_wish", "Say what is to happen: approve, watch, refuse or later.")
    chosen = set(ids)
    if not chosen:
        raise RegisterError("nothing", "Tick at least one program first.")
    if len(chosen) > MOST:
        raise RegisterError("too_many", f"Not more than {MOST:,} programs at once.")
    with transaction.atomic():
        rows = SoftwareTitle.objects.select_for_update().filter(site_id=site_id, id__in=chosen)
        if len(rows.order_by("id")) != len(chosen):
            raise RegisterError("not_found", "One of these programs is not in this register.")
        rows.update(wish=wanted, wish_at=by.at, wish_by=by.actor)
        ledger.append(
            site_id=site_id,
            at=by.at,
            actor=by.actor,
            verb="software.wish",
            subject=site_id,
            after={"wish": wanted, "titles": sorted(chosen)},
        )
    return len(chosen)


def needs_licence(site_id: str, title_id: str, needs: str, *, by: By) -> None:
    """Say whether a title is bought; "" leaves it to our list. Raises RegisterError."""
    if needs not in NEEDS:
        raise RegisterError("bad_value", "Say yes, no, or leave it open.")
    with transaction.atomic():
        row = SoftwareTitle.objects.select_for_update().filter(site_id=site_id, id=title_id).first()
        if row is None:
            raise RegisterError("not_found", "This program is not in this register.")
        before, row.needs_licence = row.needs_licence, needs
        row.save(update_fields=["needs_licence"])
        ledger.append(
            site_id=site_id,
            at=by.at,
            actor=by.actor,
            verb="software.needs",
            subject=title_id,
            before={"needs": before},
            after={"needs": needs},
        )
