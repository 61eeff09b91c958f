"""What the pages of disposals read: the board, the register, one of them with its signed events.

As many queries for many as for one. Rows are copies of the fold (`recording` keeps them); the page
of one disposal folds its events anew and checks their chain.
"""

from collections.abc import Collection, Iterable
from typing import Any, Final

import msgspec
from django.db.models import Count, Q, QuerySet

from inventory.disposal.chain import Link
from inventory.disposal.states import RUNNING, TERMINAL
from inventory.models import (
    Asset,
    Disposal,
    DisposalEvent,
    DisposalEvidence,
    DisposalException,
    DisposalMedium,
)

MOST: Final = 1_000
_OWN: Final = tuple(field.attname for field in Disposal._meta.concrete_fields)
_ENTRY: Final = ("name", "make", "model", "tag", "serial", "kind")
_FILE: Final = ("id", "sha256", "name", "kind", "size", "media_type", "added_at", "added_by")


class Asked(msgspec.Struct, frozen=True):
    """What to list; everything empty is everything. `days`: in its state for longer than that."""

    search: str = ""
    route: str = ""
    days: int = 0
    states: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    ended: bool = False


class Whole(msgspec.Struct, frozen=True):
    """One disposal: its row, its entry, its events as they were signed."""

    row: dict[str, Any]
    entry: dict[str, Any]
    links: list[Link]


def listed(sites: Collection[str], asked: Asked, now: int) -> list[dict[str, Any]]:
    """Disposals with what their entries are called, the longest in their state first, at most
    MOST; those that run, or with `ended` all of them, the newest first."""
    rows = Disposal.objects.filter(site__in=sites)
    if not asked.ended:
        rows = rows.filter(state__in=RUNNING)
    if asked.states:
        rows = rows.filter(state__in=asked.states)
    if asked.ids:
        rows = rows.filter(id__in=asked.ids)
    if asked.route:
        rows = rows.filter(route=asked.route)
    if asked.days:
        rows = rows.filter(since__lt=now - asked.days * 86_400)
    for word in asked.search.split()[:5]:
        rows = rows.filter(_named(word))
    order = ("-opened_at", "-id") if asked.ended else ("since", "id")
    return _told(rows.order_by(*order))


def undecided(disposals: Iterable[str], actor: str) -> dict[str, dict[str, int]]:
    """How many drives wait for somebody's word, by disposal: `verified` to be accepted,
    `unconfirmed` for the witness of their destruction, `witness` of these for this person."""
    rows = DisposalMedium.objects.filter(
        disposal__in=list(disposals), state__in=("verified", "unconfirmed")
    )
    found = rows.values("disposal_id").annotate(
        verified=Count("id", filter=Q(state="verified")),
        unconfirmed=Count("id", filter=Q(state="unconfirmed")),
        witness=Count("id", filter=Q(waits_for=actor)),
    )
    return {row.pop("disposal_id"): row for row in found}


def owned(disposals: Iterable[str], actor: str) -> dict[str, int]:
    """How many open differences somebody has to clear up, by disposal."""
    rows = DisposalException.objects.filter(disposal__in=list(disposals), owned_by=actor)
    return _by_disposal(rows.filter(closed_at=None))


def one(sites: Collection[str], disposal_id: str) -> Whole | None:
    """One of them; None where it is not theirs."""
    row = Disposal.objects.filter(site__in=sites, id=disposal_id).select_related("asset").first()
    if row is None:
        return None
    links = [
        Link(one.seq, bytes(one.body), one.prev, one.hash, one.key, bytes(one.signature))
        for one in DisposalEvent.objects.filter(disposal=row).order_by("seq")
    ]
    entry = {name: getattr(row.asset, name) for name in (*_ENTRY, "id", "state", "seq")}
    return Whole({name: getattr(row, name) for name in _OWN}, entry, links)


def of_entry(sites: Collection[str], asset_id: str) -> list[dict[str, Any]]:
    """The disposals an entry had and has, the newest first."""
    rows = Disposal.objects.filter(site__in=sites, asset=asset_id).order_by("-opened_at", "-id")
    return list(rows.values(*_OWN)[:20])


def running(sites: Collection[str], asset_id: str) -> str:
    """The disposal that an entry is in now; "" for none."""
    rows = Disposal.objects.filter(site__in=sites, asset=asset_id, closed_at=None)
    return rows.values_list("id", flat=True).first() or ""


def media(disposals: Iterable[str]) -> list[dict[str, Any]]:
    """Every drive of these, in order."""
    rows = DisposalMedium.objects.filter(disposal__in=list(disposals))
    names = ("disposal_id", "key", "serial", "kind", "state", "make", "model")
    return list(rows.order_by("disposal_id", "id").values(*names))


def files(site_id: str, digests: Collection[str]) -> list[dict[str, Any]]:
    """The kept files with these digests; those whose content is past its keeping as well."""
    rows = DisposalEvidence.objects.filter(site=site_id, sha256__in=list(digests))
    return list(rows.values(*_FILE, "erased_at", "parser", "parser_version"))


def entry(sites: Collection[str], asset_id: str) -> dict[str, Any] | None:
    """An entry that could be taken out of use; None where it is not theirs."""
    names = (*_ENTRY, "id", "state", "seq", "site_id", "personal_data")
    rows = Asset.objects.filter(site__in=sites, id=asset_id)
    return next(iter(rows.values(*names)), None)


def ended_since(site_id: str, since: int, until: int) -> list[dict[str, Any]]:
    """What ended between two moments, for reports: rows without the entries’ names."""
    rows = Disposal.objects.filter(site=site_id, state__in=TERMINAL)
    rows = rows.filter(closed_at__gte=since, closed_at__lt=until)
    names = ("id", "route", "state", "opened_at", "closed_at", "n_media_left")
    lost = Count("media", filter=Q(media__state="lost"))
    return [dict(row) for row in rows.annotate(n_lost=lost).values(*names, "n_lost")]


def _named(word: str) -> Q:
    plain = Q(asset__tag__icontains=word) | Q(asset__name__icontains=word)
    serial = Q(asset__serial__icontains=word) | Q(asset__model__icontains=word)
    of_drive = DisposalMedium.objects.filter(
        Q(serial__icontains=word) | Q(key__icontains=word)
    ).values("disposal")
    return plain | serial | Q(id__in=of_drive)


def _told(rows: "QuerySet[Disposal]") -> list[dict[str, Any]]:
    names = {name: f"asset__{name}" for name in _ENTRY}
    found = rows.values(*_OWN, *names.values())[:MOST]
    return [
        {**{key: row[key] for key in _OWN}, **{name: row[path] for name, path in names.items()}}
        for row in found
    ]


def _by_disposal(rows: "QuerySet[Any]") -> dict[str, int]:
    found = rows.values("disposal_id").annotate(n=Count("id"))
    return {row["disposal_id"]: row["n"] for row in found}
