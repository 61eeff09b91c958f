"""Searches worth keeping: whose they are, who sees them, and that they go with their maker."""

import pytest
from django.test import Client

from controller.people.models import User
from controller.people.roles import Role
from controller.personal.erasure import erase
from inventory.assets.queries import Asked, read, written
from inventory.models import Event, SavedFilter
from inventory.searches import services
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.editing.helpers import laptop
from tests.controller.web.test_hostile_strings import FORBIDDEN, HOSTILE, Shape

KEEP, ALL = "/register/searches/keep/", "/register/searches/"


def keep(client: Client, place: Place, name: str, search: str = "state=lost", **more: str) -> int:
    """Keep a search; the answer's status."""
    sent = {"school": place.site.id, "name": name, "search": search, **more}
    return client.post(KEEP, sent).status_code


def names(client: Client) -> list[str]:
    """What stands above the list."""
    return [one.name for one in client.get("/register/").context["searches"]]


@pytest.fixture
def office(place: Place) -> User:
    """A colleague."""
    return school.make_person(place.site, Role.BUSINESS_MANAGER)


def test_a_search_is_kept_shown_above_the_list_and_leads_back_to_what_it_finds(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    laptop(place, technician)
    client = signed_in(technician)
    assert keep(client, place, "Lost things") == 302
    body = client.get("/register/?state=lost").content.decode()
    assert '<a href="/register/?state=lost" aria-current="true">Lost things</a>' in body
    (event,) = Event.objects.filter(verb="filter.create")
    assert event.subject == SavedFilter.objects.get().id


def test_it_is_ones_own_until_it_is_shared_and_only_its_makers_to_change(
    place: Place, technician: User, office: User, signed_in: SignedIn
) -> None:
    mine, theirs = signed_in(technician), signed_in(office)
    keep(mine, place, "Mine alone")
    keep(mine, place, "For all", shared="1")
    assert names(mine) == ["For all", "Mine alone"]
    assert names(theirs) == ["For all"]
    shared = SavedFilter.objects.get(name="For all")
    for wrong in ({"name": "Theirs"}, {"delete": "1"}):
        assert theirs.post(ALL, {"search": shared.id, **wrong}).status_code == 404
    assert mine.post(ALL, {"search": shared.id, "name": "Ours", "shared": "1"}).status_code == 302
    assert names(theirs) == ["Ours"]
    mine.post(ALL, {"search": shared.id, "name": "Ours"})
    assert names(theirs) == []
    mine.post(ALL, {"search": shared.id, "delete": "1"})
    assert names(mine) == ["Mine alone"]


def test_another_school_sees_nothing_of_it_and_a_governor_keeps_none(
    place: Place, technician: User, stranger: User, governor: User, signed_in: SignedIn
) -> None:
    keep(signed_in(technician), place, "For all", shared="1")
    found = SavedFilter.objects.get()
    assert names(signed_in(stranger)) == []
    assert keep(signed_in(stranger), place, "Into yours") == 404
    assert signed_in(stranger).post(ALL, {"search": found.id, "delete": "1"}).status_code == 404
    assert keep(signed_in(governor), place, "x") == 403
    assert signed_in(governor).get(ALL).status_code == 403
    assert SavedFilter.objects.count() == 1


def test_a_name_that_cannot_be_is_said_and_the_form_stays_filled(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    keep(client, place, "Lost")
    for name in ("Lost", "", " ", "x" * 61):
        sent = {"school": place.site.id, "name": name, "search": "state=lost", "shared": "1"}
        answer = client.post(KEEP, sent)
        assert answer.status_code == 200
        assert answer.context["kept"]["shared"]
        assert answer.context["kept"]["search"] == "state=lost"
    assert SavedFilter.objects.count() == 1


def test_nobody_keeps_more_than_fit(
    place: Place, technician: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST", 2)
    client = signed_in(technician)
    assert [keep(client, place, name) for name in ("a", "b", "c")] == [302, 302, 200]
    assert SavedFilter.objects.count() == 2


def test_they_go_with_whoever_made_them(
    place: Place, technician: User, office: User, signed_in: SignedIn
) -> None:
    keep(signed_in(technician), place, "Maya Jones", "q=Maya", shared="1")
    keep(signed_in(office), place, "Other")
    assert erase(technician.id, actor=office.id, at=school.NOW, even_last=True).searches == 1
    assert names(signed_in(office)) == ["Other"]


@pytest.mark.parametrize("text", sorted(HOSTILE))
def test_hostile_names_and_searches_are_kept_harmless(
    text: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, said = signed_in(technician), HOSTILE[text]
    answers = [
        client.post(KEEP, {"school": place.site.id, "name": said[:50], "search": said}),
        client.post(KEEP, {"school": place.site.id, "name": "n", "search": f"q={said}&state=lost"}),
        client.post(KEEP, {"school": place.site.id, "name": said * 9, "search": ""}),
        client.post(ALL, {"search": said, "name": said}),
        client.get(ALL),
        client.get("/register/?state=lost"),
    ]
    for answer in answers:
        assert answer.status_code < 500
        body, seen = answer.content.decode(), Shape()
        seen.feed(body)
        assert not FORBIDDEN & set(body)
        assert seen.handlers == set()
        assert all(one.startswith("/static/caretaker/") for one in seen.scripts)


def test_every_part_of_a_search_is_written_so_that_it_is_read_again() -> None:
    room = "room_01M812PHC0S6MX0MDWHHM05P58"
    asked = Asked(
        search="HP & co=1",
        kinds=("laptop", "tablet"),
        states=("lost",),
        room=room,
        pool="p",
        holder="h",
        parent="x",
        gap="no_tag",
        due="overdue",
        sort="room",
    )
    assert read(written(asked)) == asked
    assert all(getattr(asked, name) for name in Asked.__struct_fields__[:-2])
    assert written(read({})) == {}
