"""Holds the rows of every disposal against the fold of its events, and its chain against its
signatures (I1). For every test that writes."""

from typing import Any, Final

from inventory.disposal import chain, projecting, rulings, storing
from inventory.disposal.now import Now
from inventory.disposal.projecting import Row
from inventory.disposal.recording import state_of
from inventory.disposal.reducing import fold
from inventory.models import Disposal, DisposalException, DisposalMedium

DATA: Final = "CARETAKER_DATA"


def check_all() -> None:
    """Every disposal there is."""
    for row in Disposal.objects.order_by("id"):
        check(row.id)


def check(disposal_id: str) -> Now:
    """One disposal; how it stands."""
    row = Disposal.objects.select_related("asset").get(id=disposal_id)
    links = storing.links([row])[row.id]
    assert chain.verify(links, storing.start(row), _publics(), row.head) == []
    events = storing.events([row])[row.id]
    book = rulings.book(row.site_id)
    changes = projecting.history(events, book)
    now = changes[-1].after
    assert fold(events, book) == now
    wanted = projecting.columns(changes, book)
    assert {name: getattr(row, name) for name in wanted} == wanted
    assert _rows(DisposalMedium, row, "key", projecting.media(now)) == projecting.media(now)
    exceptions = projecting.exceptions(changes)
    assert _rows(DisposalException, row, "name", exceptions) == exceptions
    if row.closed_at is None:
        assert row.asset.state == state_of(now)
    return now


def _rows(model: Any, row: Disposal, key: str, wanted: dict[str, Row]) -> dict[str, Row]:
    names = list(next(iter(wanted.values()), {}))
    found = model.objects.filter(disposal=row).values(key, *names)
    return {one.pop(key): one for one in found}


def _publics() -> dict[str, bytes]:
    from controller.config import current
    from controller.disposal.signing import publics

    return dict(publics(current().folder))
