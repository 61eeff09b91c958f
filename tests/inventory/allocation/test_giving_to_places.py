"""What is given to a room or a trolley stands there, with all that is kept in it."""

import pytest

from inventory.allocation.handovers import give, undo
from inventory.assets import services
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.models import Asset
from inventory.places.services import add_room, create_site

NOW = 1_795_400_000
BY = By("user_1", NOW)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def oak(site: str) -> str:
    return add_room(site, "Oak", by=BY)


@pytest.fixture
def trolley(site: str, oak: str) -> str:
    return services.add(site, {"kind": "trolley", "room": oak}, by=BY)


def where(asset_id: str) -> tuple[str | None, str | None]:
    row = Asset.objects.get(id=asset_id)
    return row.room_id, row.parent_id


def test_what_is_given_to_a_trolley_stands_in_its_room(site: str, oak: str, trolley: str) -> None:
    laptop = services.add(site, {}, by=BY)
    give(site, [laptop], trolley, by=BY)
    assert where(laptop) == (oak, trolley)


def test_what_is_in_a_trolley_goes_along_to_a_room_and_back(
    site: str, oak: str, trolley: str
) -> None:
    elm = add_room(site, "Elm", by=BY)
    laptop, moved = services.add_many(site, [{"parent": trolley, "room": oak}] * 2, by=BY)
    batch = give(site, [trolley], elm, by=BY)
    assert where(trolley) == (elm, None)
    assert where(laptop) == where(moved) == (elm, trolley)
    assert Asset.objects.get(id=laptop).holder == ""
    services.change(site, moved, {"parent": "", "room": elm}, by=BY)
    services.change(site, moved, {"room": ""}, by=BY)
    assert undo(site, batch, by=BY).kept == [moved]
    assert (where(trolley), where(laptop)) == ((oak, None), (oak, trolley))


def test_what_is_given_to_a_room_has_left_its_trolley_unless_that_goes_too(
    site: str, oak: str, trolley: str
) -> None:
    elm = add_room(site, "Elm", by=BY)
    alone, along = services.add_many(site, [{"parent": trolley}] * 2, by=BY)
    give(site, [alone], elm, by=BY)
    give(site, [trolley, along], elm, by=BY)
    assert (where(alone), where(along)) == ((elm, None), (elm, trolley))


def test_a_trolley_is_not_given_to_what_is_kept_in_it(site: str, trolley: str) -> None:
    case = services.add(site, {"kind": "trolley", "parent": trolley}, by=BY)
    with pytest.raises(RegisterError, match="in itself"):
        give(site, [trolley], case, by=BY)


def test_a_trolley_to_which_things_are_given_is_not_withdrawn(site: str, trolley: str) -> None:
    laptop = services.add(site, {}, by=BY)
    give(site, [laptop], trolley, by=BY)
    services.change(site, laptop, {"parent": ""}, by=BY)
    with pytest.raises(RegisterError, match="Take it back"):
        services.withdraw(site, trolley, by=BY)
