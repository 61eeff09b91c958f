"""Which entry or disposal somebody means who types its id, asset tag or serial number."""

from collections.abc import Collection

from django.db.models.functions import Lower

from inventory.assets.errors import RegisterError
from inventory.assets.states import GONE
from inventory.models import Asset, Disposal

_PREFIX = "disp_"
MOST = 500


def entries(site_id: str, named: Collection[str]) -> list[str]:
    """Ids of the entries meant, in the order given. Raises RegisterError for what is none, or
    several."""
    if not 0 < len(named) <= MOST:
        raise RegisterError("too_many", f"Name between 1 and {MOST} things.")
    return [_entry(site_id, one) for one in dict.fromkeys(named)]


def disposals(site_id: str, named: Collection[str]) -> dict[str, int]:
    """The disposals meant, each with the number of its last event: by its own id, or the one of an
    entry that runs, else its last. Raises RegisterError."""
    found: dict[str, int] = {}
    for one in dict.fromkeys(named):
        rows = Disposal.objects.filter(site_id=site_id)
        if one.startswith(_PREFIX):
            row = rows.filter(id=one).first()
        else:
            of_entry = rows.filter(asset_id=_entry(site_id, one, gone=True))
            row = of_entry.order_by("-opened_at", "-id").first()
        if row is None:
            raise RegisterError("not_found", f"There is no disposal of {one[:60]!r} here.")
        found[row.id] = row.seq
    return found


def _entry(site_id: str, named: str, *, gone: bool = False) -> str:
    rows = Asset.objects.filter(site_id=site_id)
    if not gone:
        rows = rows.exclude(state__in=GONE)
    if named.startswith("asset_"):
        found = list(rows.filter(id=named)[:2])
    else:
        low = named.strip().lower()
        tagged = rows.exclude(tag="").alias(low=Lower("tag")).filter(low=low)
        found = list(tagged[:2]) or list(rows.filter(serial__iexact=named.strip())[:2])
    if not named.strip() or not found:
        raise RegisterError("not_found", f"Nothing here has the tag or serial {named[:60]!r}.")
    if len(found) > 1:
        raise RegisterError("several", f"Several things are {named[:60]!r}: use the entry's id.")
    return found[0].id
