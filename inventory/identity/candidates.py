"""The entries a computer might be, with everything that is compared, for the person who decides."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import msgspec

from inventory.assets.states import GONE
from inventory.assets.writing import values_of
from inventory.identity import matching
from inventory.identity.comparing import Side
from inventory.identity.recognising import marks_in, marks_of
from inventory.many import by_id, parts
from inventory.marks import KINDS
from inventory.models import Asset, AssetMark


class Asked(msgspec.Struct, frozen=True):
    """A computer of a school: the marks it shows as it wrote them, and the entry it has, "" for
    none."""

    site: str
    factors: Mapping[str, Sequence[str]]
    own: str = ""


class Candidate(msgspec.Struct, frozen=True):
    """An entry: its id, school, number of its last event, and what is compared."""

    id: str
    site: str
    seq: int
    side: Side


def fitting(asked: Mapping[str, Asked]) -> dict[str, list[Candidate]]:
    """Of each computer the entries it might be, its own one first: three queries for all of them.

    Entries that are gone fit nobody.
    """
    mine = {key: marks_in(one.factors) for key, one in asked.items()}
    sharing = _sharing({one.site for one in asked.values()}, mine.values())
    near: dict[str, set[str]] = {}
    for key, one in asked.items():
        pairs = [(one.site, kind, value) for kind, values in mine[key].items() for value in values]
        near[key] = {asset_id for pair in pairs for asset_id in sharing[pair]} | {one.own} - {""}
    known = {one.id: one for one in sides(None, {i for ids in near.values() for i in ids})}
    found: dict[str, list[Candidate]] = {}
    for key, one in asked.items():
        marks = {i: known[i].side.marks for i in near[key] if i in known}
        closest, _ = matching.closest(mine[key], marks)
        ids = sorted({*closest, *({one.own} & known.keys())}, key=lambda i: (i != one.own, i))
        found[key] = [known[i] for i in ids]
    return found


def sides(site_id: str | None, asset_ids: Collection[str]) -> list[Candidate]:
    """Entries that are not gone, of one school or (None) of any, to be compared."""
    rows = Asset.objects.exclude(state__in=GONE)
    found = by_id(rows if site_id is None else rows.filter(site_id=site_id), asset_ids)
    marks = marks_of([row.id for row in found])
    return [
        Candidate(row.id, row.site_id, row.seq, Side(values_of(row), marks[row.id]))
        for row in found
    ]


def _sharing(
    sites: Collection[str], marks: Collection[matching.Marks]
) -> dict[tuple[str, str, str], set[str]]:
    """Ids of entries by (school, kind, value) of a mark."""
    values = {value for one in marks for several in one.values() for value in several}
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for part in parts(values):
        rows = AssetMark.objects.filter(
            site__in=sites, kind__in=KINDS, value__in=part, resting=False
        )
        for site, kind, value, asset_id in rows.values_list("site", "kind", "value", "asset_id"):
            found[site, kind, value].add(asset_id)
    return found
