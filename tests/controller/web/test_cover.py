"""The page of what is away from school: the limit is a sentence, a job or a warning, and a tick
only where everything is known (S27)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.disposal.cover import cover, on_overview, pounds
from controller.people.models import User
from controller.people.roles import Role
from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.cover import services
from inventory.cover.queries import Away, Limit, limit
from inventory.models import Asset
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.doors.losses import a_thing

PATH = "/register/disposal/lost/"
WRITE = PATH + "limit/"
BY = By("user_somebody", school.NOW)


def held(pence: int) -> Limit:
    return Limit(1, pence, school.NOW, "user_1")


def away(pence: int, things: int = 2, unpriced: int = 0) -> Away:
    return Away(things=things, pence=pence, unpriced=unpriced)


def test_the_limit_itself_is_within_and_a_penny_more_is_over() -> None:
    assert cover(away(500_000), held(500_000)).state == "within"
    over = cover(away(500_001), held(500_000))
    assert over.state == "over"
    assert "covers £5,000 away from school; what is away cost £0.01 more" in over.said
    assert over.todo.startswith("Ask the insurer")
    assert cover(away(1), held(0)).state == "over"


@given(st.integers(0, 10**9), st.integers(0, 3), st.none() | st.integers(0, 10**9))
def test_it_is_only_said_to_be_covered_where_everything_is_known(
    pence: int, unpriced: int, at_most: int | None
) -> None:
    found = cover(away(pence, unpriced=unpriced), None if at_most is None else held(at_most))
    covered = at_most is not None and pence <= at_most and unpriced == 0
    assert (found.state == "within") == covered
    assert bool(found.todo) == (not covered)


def test_the_front_page_asks_for_the_limit_once_and_only_whoever_may_write_it() -> None:
    assert on_overview(away(5), None, writes=True) is not None
    assert on_overview(away(5), None, writes=False) is None
    assert on_overview(Away(), None, writes=True) is None
    assert on_overview(away(5), held(5), writes=True) is None
    assert on_overview(away(505), held(5), writes=False) == (
        "£5 more is away than the insurance covers",
        True,
    )


@pytest.mark.parametrize(
    ("pence", "said"), [(0, "£0"), (123_450, "£1,234.50"), (100_000_000, "£1,000,000")]
)
def test_money_is_read_as_people_write_it(pence: int, said: str) -> None:
    assert pounds(pence) == said


def test_without_a_limit_the_page_says_so_and_asks_whoever_may_write_it(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    assets.move(place.site.id, [a_thing(place)], "repair", by=BY)
    body = signed_in(technician).get(PATH).content.decode()
    assert "Nobody has written down up to what sum" in body
    assert "shield-check" not in body
    assert WRITE not in body
    assert "The head, the business manager or an administrator" in body
    line = "1 limit to write down"
    assert line not in signed_in(technician).get("/").content.decode()
    assert f'action="{WRITE}#home"' in signed_in(slt).get(PATH).content.decode()
    assert line in signed_in(slt).get("/").content.decode()


def test_a_limit_that_is_written_down_is_held_against_what_is_away(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    client, asset = signed_in(slt), a_thing(place)
    assets.move(place.site.id, [asset], "repair", by=BY)
    assert client.post(WRITE, {"limit": "£1,000", "seen": "0"}).status_code == 302
    body = client.get(PATH).content.decode()
    assert "all that is away is within that" in body
    assert 'value="1000.00"' in body
    client.post(WRITE, {"limit": "400", "seen": "1"})
    assert "what is away cost £49.99 more than that" in client.get(PATH).content.decode()
    assert "£49.99 more is away than the insurance covers" in client.get("/").content.decode()
    Asset.objects.filter(id=asset).update(cost_pence=None)
    assert "1 thing has no cost entered" in client.get(PATH).content.decode()


@pytest.mark.parametrize(
    "typed", ["", "-1", "1,00", "1e5", "10000000", "5000.001", "\u0665", "<b>x</b>", "£", "1.5.5"]
)
def test_what_is_no_sum_is_refused_and_stays_in_the_form(
    place: Place, slt: User, signed_in: SignedIn, typed: str
) -> None:
    reply = signed_in(slt).post(WRITE, {"limit": typed, "seen": "0"})
    assert reply.status_code == 422
    body = reply.content.decode()
    assert "Write the limit in pounds, like 5000" in body
    assert "<b>x" not in body
    if typed == "1,00":
        assert 'value="1,00"' in body
    assert limit(place.site.id) is None


def test_of_two_who_write_the_second_looks_again(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    services.change(place.site.id, 700_000, seen=0, by=BY)
    reply = signed_in(slt).post(WRITE, {"limit": "5000", "seen": "0"})
    assert "Somebody else was faster" in reply.content.decode()
    assert 'value="5000"' in reply.content.decode()
    found = limit(place.site.id)
    assert found is not None
    assert found.pence == 700_000


def test_a_governor_of_the_same_school_and_a_head_of_another_write_nothing(
    place: Place, elsewhere: Place, signed_in: SignedIn
) -> None:
    sent = {"limit": "1", "seen": "0"}
    for there, role in ((place, Role.GOVERNOR), (elsewhere, Role.SLT)):
        signed_in(school.make_person(there.site, role)).post(WRITE, sent)
    assert limit(place.site.id) is None
