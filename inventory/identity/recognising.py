"""Which entry a computer is, what it says of itself, and by what it is known again (O31).

Called inside the transaction of whatever caused it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import msgspec

from inventory.assets.fields import REPORTED
from inventory.assets.states import GONE
from inventory.assets.writing import By, Step, write
from inventory.identity import matching
from inventory.identity.wholes import whole, wholes
from inventory.ids import new_id
from inventory.many import parts
from inventory.marks import KINDS, STRONG, normalise
from inventory.models import Asset, AssetMark


class Looks(msgspec.Struct, frozen=True):
    """What a computer says of itself; every string is hostile. `factors`: {kind: [value]}."""

    name: str
    model: str
    platform: str
    factors: Mapping[str, Sequence[str]]
    make: str = ""


class Recognised(msgspec.Struct, frozen=True):
    """The entry a computer was matched with, or why none: "ambiguous" | "claimed"."""

    asset_id: str | None
    doubt: str = ""
    created: bool = False


def recognise(
    site_id: str, looks: Looks, *, bound: Collection[str], actor: str, at: int
) -> Recognised:
    """Find the register entry of a computer, or make one (O31).

    `bound` holds the entries whose computer has a live key. A computer without any usable mark gets
    an entry of its own: its key is then all it is known by.
    """
    mine = marks_in(looks.factors)
    live = with_wholes(site_id, bound)
    decision = matching.decide(mine, _candidates(site_id, mine, live), live)
    if decision.doubt:
        return Recognised(None, decision.doubt)
    if decision.asset_id is not None:
        _learn_marks(site_id, decision.asset_id, mine)
        return Recognised(decision.asset_id)
    return Recognised(enter(site_id, looks, by=By(actor, at, "report")), created=True)


def enter(site_id: str, looks: Looks, *, by: By) -> str:
    """A new entry for a computer, whoever else has the same marks; its id."""
    asset = Asset(id=new_id("asset", by.at), site_id=site_id, created_at=by.at)
    told = {
        "kind": "computer",
        "name": looks.name[:255],
        "make": looks.make[:128],
        "model": looks.model[:128],
        "serial": _shown(looks.factors, "serial"),
        "uuid": _shown(looks.factors, "uuid")[:64],
    }
    write(site_id, [Step(asset, "asset.create", told)], by)
    _learn_marks(site_id, asset.id, marks_in(looks.factors))
    return asset.id


def update_from_report(asset_id: str, values: Mapping[str, str], *, actor: str, at: int) -> bool:
    """Take over what a computer says of itself, except what a person entered; True if anything
    changed.

    An empty value never erases one. `values` may hold name, make, model, serial, uuid. An entry
    that is part of another one passes them on to it.
    """
    asset = whole(Asset.objects.select_for_update(), asset_id)
    lengths = {"name": 255, "uuid": 64}
    wanted = {
        field: value.replace("\0", "")[: lengths.get(field, 128)]
        for field, value in values.items()
        if field in REPORTED and value and field not in asset.fixed_by_person
    }
    by = By(actor, at, "report")
    return bool(write(asset.site_id, [Step(asset, "asset.report", wanted)], by))


def reported_values(asset_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """What the register says of the fields a computer reports, by the id asked for; of one that is
    part of another entry, what that one says."""
    rows = wholes(Asset.objects.only("state", "merged_into", *REPORTED), asset_ids)
    return {one: {name: getattr(row, name) for name in REPORTED} for one, row in rows.items()}


def differs(registered: Mapping[str, str] | None, looks: Mapping[str, str]) -> bool:
    """Whether `update_from_report` might change something."""
    if registered is None:
        return bool(looks)
    return any(looks.get(field) not in (None, "", registered[field]) for field in REPORTED)


def learn_marks(asset_id: str, factors: Mapping[str, Sequence[str]]) -> None:
    """Remember further marks of an entry, e.g. those its first full report named. An entry that is
    part of another one lends them to it, as it did those it had (`merging`)."""
    marks, lent_by = marks_in(factors), ""
    asset = Asset.objects.get(id=asset_id)
    while asset.state == "merged":
        _learn_marks(asset.site_id, asset.id, marks, lent_by, resting=True)
        lent_by = asset.id
        asset = Asset.objects.get(id=asset.merged_into)
    _learn_marks(asset.site_id, asset.id, marks, lent_by)


def is_anothers(
    asset_id: str, factors: Mapping[str, Sequence[str]], *, bound: Collection[str]
) -> bool:
    """Whether a mark of one machine belongs to another entry whose computer holds a live key
    (`bound`): then one of the two is not what it says (O31)."""
    mine = marks_in(factors)
    strong = {kind: values for kind, values in mine.items() if kind in STRONG}
    own = whole(Asset.objects.only("site_id", "state", "merged_into"), asset_id)
    live = with_wholes(own.site_id, bound)
    return any(other in live for other in _candidates(own.site_id, strong, live) if other != own.id)


def is_there(site_id: str, asset_id: str) -> bool:
    """Whether this school's register has such an entry, and it still counts."""
    return Asset.objects.filter(site_id=site_id, id=asset_id).exclude(state__in=GONE).exists()


def whole_of(asset_id: str) -> str:
    """The entry that counts for it: itself, or what it was merged into."""
    return whole(Asset.objects.only("state", "merged_into"), asset_id).id


def is_strangers(asset_id: str, factors: Mapping[str, Sequence[str]]) -> bool:
    """Whether these marks are those of another machine than this entry's: the serial numbers
    differ and nothing that only one machine has agrees. So it looks where a disk was moved, and
    its key with it (O31)."""
    own = whole(Asset.objects.only("site_id", "state", "merged_into"), asset_id)
    theirs = marks_of([own.id]).get(own.id, {})
    return matching.is_another_machine(marks_in(factors), theirs)


def marks_in(factors: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    marks: dict[str, set[str]] = defaultdict(set)
    for kind in KINDS:
        for value in factors.get(kind, ()):
            if mark := normalise(kind, value):
                marks[kind].add(mark)
    return dict(marks)


def with_wholes(site_id: str, bound: Collection[str]) -> set[str]:
    """These entries, and what they are part of by now: their computers' keys live on in these."""
    merged = Asset.objects.filter(site_id=site_id, state="merged")
    into = dict(merged.values_list("id", "merged_into"))
    wholes: set[str] = set()
    for part in into.keys() & set(bound):
        whole = part
        while whole in into:
            whole = into[whole]
        wholes.add(whole)
    return {*bound, *wholes}


def _candidates(
    site_id: str, mine: matching.Marks, bound: Collection[str]
) -> dict[str, dict[str, set[str]]]:
    """Entries that share a mark. One that was made by mistake is none, unless a computer is bound
    to it."""
    shared: set[str] = set()
    for kind, values in mine.items():
        rows = AssetMark.objects.filter(site_id=site_id, kind=kind, value__in=values, resting=False)
        for asset_id, state in rows.values_list("asset_id", "asset__state"):
            if state != "withdrawn" or asset_id in bound:
                shared.add(asset_id)
    return marks_of(shared)


def marks_of(asset_ids: Collection[str]) -> dict[str, dict[str, set[str]]]:
    """By what each of the entries is known."""
    found: dict[str, dict[str, set[str]]] = {asset_id: defaultdict(set) for asset_id in asset_ids}
    for part in parts(asset_ids):
        marks = AssetMark.objects.filter(asset_id__in=part).values_list("asset_id", "kind", "value")
        for asset_id, kind, value in marks:
            found[asset_id][kind].add(value)
    return found


def _learn_marks(
    site_id: str, asset_id: str, marks: matching.Marks, lent_by: str = "", *, resting: bool = False
) -> None:
    """What a person typed and a computer then showed is the computer's own: correcting the paper
    does not take it away."""
    typed = AssetMark.objects.filter(asset_id=asset_id, entered=True)
    for mark in typed:
        if mark.value in marks.get(mark.kind, ()):
            typed.filter(id=mark.id).update(entered=False)
    AssetMark.objects.bulk_create(
        [
            AssetMark(
                site_id=site_id,
                asset_id=asset_id,
                kind=kind,
                value=value,
                lent_by=lent_by,
                resting=resting,
            )
            for kind, values in marks.items()
            for value in sorted(values)
        ],
        ignore_conflicts=True,
    )


def _shown(factors: Mapping[str, Sequence[str]], kind: str) -> str:
    """The first usable value as the machine wrote it."""
    return next((value for value in factors.get(kind, ()) if normalise(kind, value)), "")[:128]
