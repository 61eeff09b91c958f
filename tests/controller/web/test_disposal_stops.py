"""What is stopped says so before all else, and why; and what each kind of hand-over is asked."""

import pytest

from controller import clock
from controller.people.models import User
from controller.people.roles import Role
from inventory.assets.writing import By
from inventory.disposal import services
from inventory.disposal.states import Route
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.inventory.collections.things import entry
from tests.inventory.disposal import journey


@pytest.fixture
def route() -> Route:
    return "donate"


@pytest.fixture
def ready(place: Place, route: Route, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of a laptop that may go on its way; an hour later."""
    clock.use(lambda: journey.NOW + 3_600)
    asked = services.Asked(route, 5_000, licences_checked=True)
    monkeypatch.setattr(journey, "ASKED", asked)
    one = journey.ready(place.site.id, entry(place.site.id, "ST-1"))
    return f"/register/disposal/{one}/"


def _stop(place: Place, path: str) -> None:
    dsl = school.make_person(place.site, Role.DSL)
    by = By(dsl.id, journey.NOW + 3_000)
    reason = "<b>Police</b> asked for it"
    one = path.split("/")[3]
    services.hold(place.site.id, one, kind="safeguarding", reason=reason, by=by, seen=None)


def test_what_is_stopped_is_not_called_ready_and_no_receipt_of_it_is_printed(
    place: Place, ready: str, slt: User, signed_in: SignedIn
) -> None:
    client = signed_in(slt)
    body = client.get(ready).content.decode()
    assert "Print the receipt to be signed" in body
    assert client.get(ready).context["page"].headline.label.label == "Ready to go"
    _stop(place, ready)
    page = client.get(ready)
    assert page.context["page"].headline.label.label == "Stopped"
    assert "Print the receipt to be signed" not in page.content.decode()
    assert client.get(f"{ready}hand-over-receipt/").status_code == 302
    assert "Have the stop ended first" in page.content.decode()


def test_whoever_ends_a_stop_reads_who_stopped_it_and_why(
    place: Place, ready: str, slt: User, signed_in: SignedIn
) -> None:
    _stop(place, ready)
    body = signed_in(slt).get(f"{ready}release_hold/").content.decode()
    assert "for a safeguarding matter: “&lt;b&gt;Police&lt;/b&gt; asked for it”" in body


@pytest.mark.parametrize(("route", "paid"), [("donate", False), ("sale", True)])
def test_only_what_is_sold_is_asked_what_was_paid(
    ready: str, slt: User, signed_in: SignedIn, paid: bool
) -> None:
    body = signed_in(slt).get(f"{ready}hand_over/").content.decode()
    assert ("What was paid" in body) == paid
    assert f"{ready}hand-over-receipt/" in body


def test_a_governor_finds_the_page_for_governors_in_the_menu_and_nobody_else_twice(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    governor = signed_in(school.make_person(place.site, Role.GOVERNOR))
    link = "/register/disposal/governors/"
    assert link in governor.get("/").content.decode()
    menu = governor.get(link).context["navigation"]
    assert [one["name"] for one in menu if one["here"]] == ["disposal_governors"]
    assert link not in signed_in(technician).get("/").content.decode()
    menu = signed_in(technician).get(link).context["navigation"]
    assert [one["name"] for one in menu if one["here"]] == ["register"]
