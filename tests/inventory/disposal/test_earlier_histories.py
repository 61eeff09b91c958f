"""Histories that an earlier release stored are read, checked and gone on with as they were judged
then: bytes without what is asked for since (I1, I12)."""

import functools
from typing import Any

import msgspec
import pytest

from inventory.assets import services as assets
from inventory.disposal import checking, recording, services, spelling
from inventory.disposal.events import Destroyed, Event, HandedOver, Retained
from inventory.disposal.guards.table import LATER, without
from inventory.disposal.reducing import apply
from inventory.models import Disposal, DisposalEvent
from inventory.places.services import create_site
from tests.inventory.disposal.journey import (
    DISK,
    HEAD,
    NOW,
    SSD,
    TECHNICIAN,
    by,
    file,
    withdrawn,
)
from tests.inventory.disposal.stored import _publics
from tests.inventory.disposal.telling import FILE
from wire import canonical

SINCE = {"awaits_witness", "role", "minute", "outsider"}
"""Fields that came later to steps which had been stored without them."""
OLDER = (Destroyed, Retained, HandedOver)


def _as_it_was(event: Event) -> bytes:
    data = canonical.encode(event)
    if not isinstance(event, OLDER):
        return data
    plain = msgspec.json.decode(data)
    gone = SINCE | ({"evidence"} if isinstance(event, Retained) else set())
    return canonical.encode({name: said for name, said in plain.items() if name not in gone})


@pytest.fixture
def stored(db: None) -> tuple[str, str]:
    """A school, and a thing given away with one drive destroyed on one person's word and another
    kept in no role, as a release before this one stored it."""
    site = create_site(name="Hill School", at=NOW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spelling, "encode", _as_it_was)
        patch.setattr(recording, "apply", functools.partial(apply, table=without(*LATER)))
        return site, _given_away(site)


def _given_away(site: str) -> str:
    file(site)
    laptop = assets.add(site, {"tag": "HS-1", "kind": "laptop"}, by=by(TECHNICIAN))
    spare = {"tag": "D-1", "kind": "drive", "serial": SSD.serial}
    kept = assets.add(site, spare, by=by(TECHNICIAN))
    one = withdrawn(site, laptop, DISK, SSD)

    def takes(who: str, minutes: int, tag: str, **said: Any) -> None:
        def make(_: Any, stamp: Any) -> Event:
            event: Any = spelling.KINDS[tag](**stamp, **said)
            return event  # type: ignore[no-any-return]  # one of the union, by its tag

        recording.record(site, [recording.Move(one, make)], by(who, minutes))

    begun = spelling.decode(bytes(DisposalEvent.objects.get(disposal=one, seq=1).body))
    takes(TECHNICIAN, 1, "inspected", media=spelling.media_of(begun))
    asked = services.Asked("donate", 5_000, licences_checked=True)
    services.request(site, one, asked, by=by(TECHNICIAN, 2), seen=None)
    services.approve(site, one, services.Approval("slt"), by=by(HEAD, 3), seen=None)
    end = {"method": "shred", "place": "on_site", "witness": HEAD, "evidence": (FILE,)}
    takes(TECHNICIAN, 4, "destroyed", medium="WDWCC4E1111", **end)
    takes("user_office", 5, "retained", medium=SSD.serial, entry=kept)
    takes(HEAD, 6, "handed_over", outcome="donated", recipient="e5" * 32, evidence=(FILE,))
    return one


def test_its_bytes_do_not_know_what_came_later(stored: tuple[str, str]) -> None:
    bodies = b"".join(bytes(one.body) for one in DisposalEvent.objects.all())
    assert b"awaits_witness" not in bodies
    assert b"outsider" not in bodies


def test_it_stands_as_it_stood_and_nothing_is_said_not_to_fit(stored: tuple[str, str]) -> None:
    site, one = stored
    row = Disposal.objects.get(id=one)
    assert (row.state, row.n_media_left) == ("donated", 0)
    assert checking.check(site, _publics()) == (1, [])


def test_it_is_gone_on_with_by_what_is_asked_now(stored: tuple[str, str]) -> None:
    site, one = stored
    services.correct(
        site,
        one,
        corrects=5,
        second="user_office",
        reason="Helen saw it",
        by=by(HEAD, 9),
        seen=None,
    )
    assert Disposal.objects.get(id=one).seq == 8
    assert checking.check(site, _publics()) == (1, [])
