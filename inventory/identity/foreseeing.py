"""Which entry each computer that waits would become if it were let in now: the rules of
`recognising`, for many at once, and nothing is written (O31)."""

from collections import defaultdict
from collections.abc import Collection, Mapping

import msgspec

from inventory.identity import matching
from inventory.identity.candidates import Asked
from inventory.identity.recognising import marks_in, marks_of, with_wholes
from inventory.many import parts
from inventory.marks import KINDS
from inventory.models import AssetMark


class Foreseen(msgspec.Struct, frozen=True):
    """The entry it would become, "" for a new one or while in `doubt`; `near`: the entries it might
    be; `mine` and `theirs`: its marks, and those of the entry where it might be one only."""

    asset_id: str
    doubt: str
    near: tuple[str, ...]
    mine: matching.Marks
    theirs: matching.Marks


def foresee(asked: Mapping[str, Asked], bound: Collection[str]) -> dict[str, Foreseen]:
    """Of each computer, by its key. `bound`: entries of these schools whose computer has a live
    key. Three queries for five hundred marks."""
    mine = {key: marks_in(one.factors) for key, one in asked.items()}
    sites = {one.site for one in asked.values()}
    live = {*bound}.union(*(with_wholes(site, bound) for site in sites))
    sharing = _sharing(sites, mine.values(), live)
    near: dict[str, set[str]] = {}
    for key, one in asked.items():
        pairs = [(one.site, kind, value) for kind, values in mine[key].items() for value in values]
        near[key] = {asset_id for pair in pairs for asset_id in sharing.get(pair, ())}
    known = marks_of({asset_id for ids in near.values() for asset_id in ids})
    return {
        key: _foreseen(mine[key], {asset_id: known[asset_id] for asset_id in ids}, live)
        for key, ids in near.items()
    }


def _foreseen(
    mine: matching.Marks, candidates: Mapping[str, matching.Marks], live: Collection[str]
) -> Foreseen:
    decision = matching.decide(mine, candidates, live)
    closest, _ = matching.closest(mine, candidates)
    [theirs, *more] = closest.values() if closest else [{}]
    return Foreseen(
        asset_id=decision.asset_id or "",
        doubt=decision.doubt,
        near=tuple(sorted(closest)),
        mine=mine,
        theirs={} if more else theirs,
    )


def _sharing(
    sites: Collection[str], marks: Collection[matching.Marks], live: Collection[str]
) -> dict[tuple[str, str, str], set[str]]:
    """Ids of entries by (school, kind, value) of a mark; one made by mistake only while a computer
    is bound to it, as in `recognising`."""
    values = {value for one in marks for several in one.values() for value in several}
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for part in parts(values):
        rows = AssetMark.objects.filter(
            site__in=sites, kind__in=KINDS, value__in=part, resting=False
        )
        named = rows.values_list("site", "kind", "value", "asset_id", "asset__state")
        for site, kind, value, asset_id, state in named:
            if state != "withdrawn" or asset_id in live:
                found[site, kind, value].add(asset_id)
    return found
