"""From a label to its entry, and which entries have a label."""

from collections.abc import Collection
from typing import Final

import msgspec

from inventory.assets.states import GONE
from inventory.labels import codes
from inventory.models import Asset, LabelCode

_STEPS: Final = 8
"""Merges followed from one entry to the next."""


class Labelled(msgspec.Struct, frozen=True):
    """What a label may say to anybody: whose it is, what kind of thing, and its tag."""

    site: str
    school: str
    asset: str
    kind: str
    tag: str


def asset_of(site_id: str, code: str) -> str:
    """Id of the entry that a good code of this school leads to, "" for none. An entry that was
    merged leads to the one that counts."""
    found = labelled(code)
    return found.asset if found is not None and found.site == site_id else ""


def labelled(code: str) -> Labelled | None:
    """What a good code of any school leads to; None for one that leads nowhere, whatever the
    cause."""
    text = codes.read(code)
    rows = LabelCode.objects.filter(code=text, void_at=None).select_related("asset")
    found = rows.first() if text else None
    asset = _counts(found.asset) if found is not None else None
    if asset is None:
        return None
    return Labelled(asset.site_id, asset.site.name, asset.id, asset.kind, asset.tag)


def have_codes(sites: Collection[str], asset_ids: Collection[str]) -> dict[str, str]:
    """Id → good code, of those entries of these schools that have one."""
    rows = LabelCode.objects.filter(site__in=sites, asset_id__in=list(asset_ids), void_at=None)
    return dict(rows.values_list("asset_id", "code"))


def _counts(asset: Asset) -> Asset | None:
    """The entry itself, or the one it turned out to be; None for what is gone."""
    found: Asset | None = asset
    for _ in range(_STEPS):
        if found is None or found.state != "merged":
            break
        found = Asset.objects.filter(site_id=asset.site_id, id=found.merged_into).first()
    return found if found is not None and found.state not in GONE else None
