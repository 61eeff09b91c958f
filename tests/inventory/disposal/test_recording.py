"""One door for every step: events, rows, entry and ledger together (I1)."""

import pytest

from inventory.allocation import services as loans
from inventory.assets import services as assets
from inventory.models import Allocation, Asset, Event
from inventory.places.services import add_room, create_site
from tests.inventory.disposal.journey import DISK, NOW, TECHNICIAN, by, disposed, withdrawn
from tests.inventory.disposal.stored import check


@pytest.fixture
def site(db: None) -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def laptop(site: str) -> str:
    return assets.add(site, {"tag": "HS-1", "kind": "laptop"}, by=by(TECHNICIAN))


def test_a_laptop_goes_from_withdrawn_to_disposed_by_two_people(site: str, laptop: str) -> None:
    one = disposed(site, laptop)
    now = check(one)
    assert (now.state, now.seq) == ("disposed", 11)
    assert Asset.objects.get(id=laptop).state == "disposed"
    verbs = list(Event.objects.filter(subject=one).order_by("seq").values_list("verb", flat=True))
    assert (verbs[0], verbs[-1]) == ("disposal.withdrawn", "disposal.disposed")
    assert len(verbs) == now.seq


def test_what_is_withdrawn_is_out_of_use_and_nobody_has_it(site: str, laptop: str) -> None:
    room = add_room(site, "Year 3", by=by(TECHNICIAN))
    loans.allocate(site, [laptop], room, by=by(TECHNICIAN))
    one = withdrawn(site, laptop, DISK)
    row = Asset.objects.get(id=laptop)
    assert (row.state, row.holder) == ("retired", "")
    assert not Allocation.objects.filter(asset=laptop, until=None).exists()
    check(one)
