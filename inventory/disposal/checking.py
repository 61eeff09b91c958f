"""Holds what is stored of disposals against what was signed: hashes, signatures, order, and the
rows that pages read (I1, I12). Reads everything; changes nothing.
"""

from collections.abc import Collection, Mapping

import msgspec

from inventory.disposal import chain, projecting, rulings, storing, told
from inventory.disposal.guards.table import LATER, without
from inventory.disposal.reducing import fold
from inventory.disposal.refusing import Refused
from inventory.disposal.rules import Rules
from inventory.many import parts
from inventory.models import Disposal, DisposalMedium
from wire.errors import WireError

_SENTENCES = {
    "row": "The row that pages read does not say what the signed steps do.",
    "media": "The rows of its drives do not say what the signed steps do.",
    "ledger": "The ledger tells of other steps than are stored: some are missing or were added.",
    "steps": "The signed steps cannot be followed one after the other.",
}


class Misfit(msgspec.Struct, frozen=True):
    """One thing that does not fit; `seq` 0 where it is no single step's."""

    disposal: str
    seq: int
    what: str
    sentence: str


def check(
    site_id: str, publics: Mapping[str, bytes], only: Collection[str] | None = None
) -> tuple[int, list[Misfit]]:
    """All of a school's disposals, or those named: how many, and what does not fit. `publics` are
    the controller's keys, old ones included, by name."""
    rows = Disposal.objects.filter(site_id=site_id).order_by("id")
    ids = list(rows.values_list("id", flat=True)) if only is None else sorted(only)
    book = rulings.book(site_id)
    wrong: list[Misfit] = []
    for part in parts(ids):
        found = list(rows.filter(id__in=part))
        links = storing.links(found)
        for row in found:
            wrong += _check(row, links[row.id], publics, book)
    astray = told.misfits(site_id)
    wrong += [
        Misfit(one, 0, "ledger", _SENTENCES["ledger"])
        for one in sorted(astray if only is None else astray & set(ids))
    ]
    return len(ids), wrong


def _check(
    row: Disposal,
    links: list[chain.Link],
    publics: Mapping[str, bytes],
    book: Mapping[str, Rules],
) -> list[Misfit]:
    broken = chain.verify(links, storing.start(row), publics, row.head)
    if broken:
        return [Misfit(row.id, one.seq, one.what, one.sentence) for one in broken]
    try:
        events = storing.read(links)
        fold(events, book, without(*LATER))
        changes = projecting.history(events, book)
    except (Refused, WireError, KeyError):
        return [_misfit(row, "steps")]
    wrong = []
    wanted = projecting.columns(changes, book)
    if any(getattr(row, name) != value for name, value in wanted.items()):
        wrong.append(_misfit(row, "row"))
    media = projecting.media(changes[-1].after)
    names = list(next(iter(media.values()), {}))
    stored = DisposalMedium.objects.filter(disposal=row).values("key", *names)
    if {one.pop("key"): one for one in stored} != media:
        wrong.append(_misfit(row, "media"))
    return wrong


def _misfit(row: Disposal, what: str) -> Misfit:
    return Misfit(row.id, 0, what, _SENTENCES[what])
