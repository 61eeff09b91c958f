"""What others may read of the software register, for schools they name (O11)."""

from collections.abc import Collection
from typing import Any, Final, Literal

import msgspec
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from inventory.installed.naming import key_of
from inventory.installed.packing import unpack
from inventory.models import (
    ComputerSoftware,
    SoftwareName,
    SoftwareRegister,
    SoftwareRequest,
    SoftwareTitle,
)
from inventory.paging import Key, page

PAGE: Final = 100
OPEN: Final = ("asked", "looked_at")
Show = Literal["", "undecided", "approved", "not", "asked", "watched", "ended", "eye", "gone"]
_ORDER: Final = [Key("computers", int, descending=True), Key("title", str), Key("id", str)]
_HERE: Final = Q(computers__gt=0)
_UNDECIDED: Final = _HERE & ~Q(standing="approved") & Q(wish__in=("", "later"))


class Asked(msgspec.Struct, frozen=True):
    """What of the list is wanted."""

    search: str = ""
    show: str = ""
    after: str = ""
    before: str = ""


class Listed(msgspec.Struct, frozen=True):
    """One page of titles as dictionaries, and the cursors around it."""

    rows: list[dict[str, Any]]
    previous: str
    next: str


class Spelling(msgspec.Struct, frozen=True):
    """One name and version as computers report it."""

    id: int
    title: str
    name: str
    version: str
    platform: str
    source: str
    app_id: str
    maker: str
    computers: int
    agreed: bool
    ends_on: str


class Place(msgspec.Struct, frozen=True):
    """One computer that has a title; `versions` of it."""

    computer: str
    platform: str
    versions: list[str]


def differed(site_id: str) -> int:
    """How many counts were wrong when the register was last made from nothing."""
    row = SoftwareRegister.objects.filter(site_id=site_id).first()
    return row.differed if row else 0


def listed(sites: Collection[str], asked: Asked, today: str) -> Listed:
    """One page, most computers first."""
    found = page(_chosen(sites, asked, today), _ORDER, PAGE, after=asked.after, before=asked.before)
    return Listed([_row(row) for row in found.rows], found.previous, found.next)


def count(sites: Collection[str], asked: Asked, today: str) -> int:
    """How many titles that is."""
    return _chosen(sites, asked, today).count()


def tallied(sites: Collection[str], today: str) -> dict[str, int]:
    """Show → number of titles, for every way of narrowing; one query."""
    shows = ("", "undecided", "approved", "not", "watched", "ended", "eye", "gone")
    counts = {f"n_{show}": Count("id", filter=_showing(show, today)) for show in shows}
    found = SoftwareTitle.objects.filter(site__in=sites).aggregate(**counts)
    return {show: found[f"n_{show}"] for show in shows}


def one(sites: Collection[str], title_id: str) -> dict[str, Any] | None:
    """A title; None where it is not theirs."""
    row = SoftwareTitle.objects.filter(site__in=sites, id=title_id).first()
    return _row(row) if row else None


def titles(sites: Collection[str], ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """Titles by id."""
    return {row.id: _row(row) for row in SoftwareTitle.objects.filter(site__in=sites, id__in=ids)}


def wished(site_id: str) -> list[dict[str, Any]]:
    """Titles that somebody wants to be approved or refused and the policy has otherwise."""
    approve = Q(wish="approve") & ~Q(standing="approved")
    refuse = Q(wish="refuse") & ~Q(standing="not")
    rows = SoftwareTitle.objects.filter(approve | refuse, site_id=site_id)
    return [_row(row) for row in rows.order_by("-computers", "title", "id")]


def spellings(sites: Collection[str], title_ids: Collection[str]) -> list[Spelling]:
    """How titles are spelt, most computers first."""
    rows = SoftwareName.objects.filter(site__in=sites, title__in=title_ids)
    names = tuple(name if name != "title" else "title_id" for name in Spelling.__struct_fields__)
    return [Spelling(*row) for row in rows.order_by("-computers", "name", "id").values_list(*names)]


def places(site_id: str, wanted: Collection[Spelling]) -> list[Place]:
    """The computers that count and have one of these, by id: every one's row is looked through,
    5,000 in a tenth of a second."""
    versions = {one.id: one.version for one in wanted}
    rows = ComputerSoftware.objects.filter(site_id=site_id, counted=True)
    found = []
    for computer, platform, packed in rows.values_list("computer", "platform", "names"):
        there = [one for one in unpack(packed) if one in versions]
        if there:
            found.append(Place(computer, platform, sorted({versions[one] for one in there})))
    return sorted(found, key=lambda place: place.computer)


def how_read(sites: Collection[str]) -> tuple[int, int]:
    """Computers that count, and those of them whose list is not whole."""
    rows = ComputerSoftware.objects.filter(site__in=sites, counted=True)
    found = rows.aggregate(every=Count("computer"), cut=Count("computer", filter=Q(whole=False)))
    return found["every"], found["cut"]


def _chosen(sites: Collection[str], asked: Asked, today: str) -> QuerySet[SoftwareTitle]:
    rows = SoftwareTitle.objects.filter(site__in=sites)
    if asked.show == "asked":
        rows = rows.filter(
            Exists(
                SoftwareRequest.objects.filter(
                    site_id=OuterRef("site_id"), key=OuterRef("key"), state__in=OPEN
                )
            )
        )
    else:
        rows = rows.filter(_showing(asked.show, today))
    wanted = key_of(asked.search)
    return rows.filter(key__contains=wanted) if wanted else rows


def _showing(show: str, today: str) -> Q:
    known = {
        "undecided": _UNDECIDED,
        "approved": _HERE & Q(standing="approved"),
        "not": _HERE & ~Q(standing="approved"),
        "watched": _HERE & ~Q(watch=""),
        "ended": _HERE & Q(ends_on__gt="", ends_on__lte=today),
        "eye": _HERE & Q(wish="watch"),
        "gone": Q(computers=0),
    }
    return known.get(show, _HERE)


def _row(row: SoftwareTitle) -> dict[str, Any]:
    names = ("id", "key", "title", "maker", "paid", "needs_licence", "watch", "computers")
    more = ("versions", "standing", "ends_on", "first_seen_at", "last_seen_at", "wish")
    told = {name: getattr(row, name) for name in (*names, *more, "wish_at", "wish_by")}
    return {"site": row.site_id, **told}
