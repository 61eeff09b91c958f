"""What is due, what is under care, what was done."""

from collections.abc import Collection
from typing import Any, Final

import msgspec
from django.db.models import Count, Max, Min, Q, QuerySet

from inventory.assets.queries import Asked as Wanted
from inventory.assets.queries import chosen
from inventory.assets.writing import values_of
from inventory.care.services import RESTS, THEIRS
from inventory.models import Asset, Care, CareDone, CareKind, Room

MOST: Final = 1_000
"""Due things on one page."""
MOST_STEPS: Final = 12
NOWHERE: Final = "none"
"""Asks for what stands in no room."""


class Kind(msgspec.Struct, frozen=True):
    """A kind of care there is. `number`: things under it, whatever became of them."""

    id: str
    site: str
    seq: int
    name: str
    every: int
    unit: str
    certificate: bool
    number: int = 0


class Asked(msgspec.Struct, frozen=True):
    """What to list. `until`: the last day, "" for any; `kind`, `room`, `asset`: ids, "" for any;
    `room` may be NOWHERE."""

    until: str = ""
    kind: str = ""
    room: str = ""
    asset: str = ""


class Thing(msgspec.Struct, frozen=True):
    """One thing under one kind of care. `values`: its entry's; `rests`: nothing is due, because it
    is gone, lost or out of use; `theirs`: somebody else keeps it in order."""

    id: str
    site: str
    seq: int
    kind: str
    kind_name: str
    asset: str
    values: dict[str, Any]
    due_on: str
    last_on: str
    last_result: str
    rests: bool
    theirs: bool


class Done(msgspec.Struct, frozen=True):
    """One time that one thing was cared for."""

    batch: str
    kind_name: str
    asset: str
    values: dict[str, Any]
    on: str
    result: str
    who: str
    note: str
    certificate: str
    at: int
    noted_by: str
    undone_at: int | None
    undone_by: str


class Step(msgspec.Struct, frozen=True):
    """What was noted together. `lacks`: a certificate is wanted and there is none."""

    batch: str
    site: str
    kind_name: str
    on: str
    who: str
    at: int
    number: int
    failed: int
    lacks: bool
    undone_at: int | None


def kinds(sites: Collection[str]) -> list[Kind]:
    """Kinds there are, by name."""
    rows = CareKind.objects.filter(site__in=sites, ended_at=None)
    counted = rows.annotate(n=Count("things", filter=Q(things__stopped_at=None)))
    return [_kind(row, row.n) for row in counted.order_by("name", "id")]


def kind(sites: Collection[str], kind_id: str) -> Kind | None:
    """One that there is; None where it is none of these schools'."""
    row = CareKind.objects.filter(site__in=sites, id=kind_id, ended_at=None).first()
    return _kind(row, 0) if row else None


def due(sites: Collection[str], asked: Asked) -> list[Thing]:
    """What is to be done, in walking order of the rooms, what stands nowhere last; MOST + 1 of it,
    the longest due of them."""
    rows = _under(sites, asked).exclude(asset__state__in=RESTS)
    found = [_thing(row) for row in rows.exclude(asset__ownership=THEIRS)[: MOST + 1]]
    walk = {room: place for place, room in enumerate(walked(sites))}
    last = len(walk)
    return sorted(
        found,
        key=lambda t: (
            walk.get(t.values["room"], last),
            t.due_on,
            t.values["tag"],
            t.id,
        ),
    )


def of_entry(sites: Collection[str], asset_id: str) -> list[Thing]:
    """The care one entry is under, what is due first first."""
    return [_thing(row) for row in _under(sites, Asked(asset=asset_id))]


def history(sites: Collection[str], asset_id: str, most: int = 20) -> list[Done]:
    """What was done to one entry, newest first."""
    rows = _done().filter(site__in=sites, care__asset=asset_id)
    return [_one(row) for row in rows.order_by("-on", "-at", "-id")[:most]]


def steps(sites: Collection[str], *, lacking: bool = False) -> list[Step]:
    """What was noted lately, newest first; of those only what lacks a certificate, if asked."""
    rows = CareDone.objects.filter(site__in=sites)
    if lacking:
        rows = rows.filter(certificate="", undone_at=None, care__kind__certificate=True)
    names = ("batch", "site_id", "care__kind__name", "care__kind__certificate")
    counted = rows.values(*names).annotate(
        n=Count("id"),
        bad=Count("id", filter=Q(result="fail")),
        day=Max("on"),
        person=Max("who"),
        when=Min("at"),
        paper=Max("certificate"),
        undone=Max("undone_at"),
    )
    return [
        Step(
            row["batch"],
            row["site_id"],
            row["care__kind__name"],
            row["day"],
            row["person"],
            row["when"],
            row["n"],
            row["bad"],
            row["care__kind__certificate"] and not row["paper"] and row["undone"] is None,
            row["undone"],
        )
        for row in counted.order_by("-when", "-batch")[:MOST_STEPS]
    ]


def step(sites: Collection[str], batch: str) -> list[Done] | None:
    """Everything of one step, by tag; None where it is none of these schools'."""
    rows = _done().filter(site__in=sites, batch=batch)
    return [_one(row) for row in rows.order_by("care__asset__tag", "id")] or None


def site_of_step(sites: Collection[str], batch: str) -> str:
    """The school of a step, "" where it is none of these."""
    rows = CareDone.objects.filter(site__in=sites, batch=batch).values_list("site_id", flat=True)
    return rows.first() or ""


def has_certificate(sites: Collection[str], document_id: str) -> bool:
    """Whether this paper is a certificate of something done at these schools."""
    rows = CareDone.objects.filter(site__in=sites, certificate=document_id)
    return bool(document_id) and rows.exists()


def choosable(site: str, wanted: Wanted, kind_id: str, today: str) -> list[tuple[Any, bool]]:
    """Entries a search finds, for whoever puts them under a kind of care: values with `id`, and
    whether they are under it already; MOST + 1 of them, by name."""
    rows = chosen([site], wanted, today).exclude(state__in=RESTS).exclude(ownership=THEIRS)
    found = list(rows.order_by("name", "tag", "id")[: MOST + 1])
    there = Care.objects.filter(site=site, kind=kind_id, stopped_at=None)
    under = set(there.values_list("asset_id", flat=True))
    return [(_values(row), row.id in under) for row in found]


def walked(sites: Collection[str]) -> list[str]:
    """Ids of rooms in walking order: by their numbers, then those nobody gave one."""
    rows = Room.objects.filter(site__in=sites, ended_at=None)
    told = rows.values_list("order", "building", "name", "id")
    return [room[-1] for room in sorted(told, key=lambda one: (one[0] == 0, *one))]


def _under(sites: Collection[str], asked: Asked) -> QuerySet[Care]:
    rows = Care.objects.filter(site__in=sites, stopped_at=None, kind__ended_at=None)
    if asked.until:
        rows = rows.filter(due_on__lte=asked.until)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.asset:
        rows = rows.filter(asset=asked.asset)
    if asked.room:
        rows = rows.filter(asset__room=None if asked.room == NOWHERE else asked.room)
    return rows.select_related("asset", "kind").order_by("due_on", "id")


def _done() -> QuerySet[CareDone]:
    return CareDone.objects.select_related("care__asset", "care__kind")


def _kind(row: CareKind, number: int) -> Kind:
    return Kind(
        row.id, row.site_id, row.seq, row.name, row.every, row.unit, row.certificate, number
    )


def _thing(row: Care) -> Thing:
    return Thing(
        row.id,
        row.site_id,
        row.seq,
        row.kind_id,
        row.kind.name,
        row.asset_id,
        _values(row.asset),
        row.due_on,
        row.last_on,
        row.last_result,
        rests=row.asset.state in RESTS,
        theirs=row.asset.ownership == THEIRS,
    )


def _one(row: CareDone) -> Done:
    return Done(
        row.batch,
        row.care.kind.name,
        row.care.asset_id,
        _values(row.care.asset),
        row.on,
        row.result,
        row.who,
        row.note,
        row.certificate,
        row.at,
        row.noted_by,
        row.undone_at,
        row.undone_by,
    )


def _values(asset: Asset) -> dict[str, Any]:
    return {**values_of(asset), "id": asset.id, "seq": asset.seq}
