"""From an entry to what it has to do with: who has it, where it stands, what was told about it."""

import pytest

from controller.people.models import User
from inventory.allocation import people
from inventory.allocation.services import allocate
from inventory.assets import services
from inventory.assets.writing import By
from inventory.jobs import services as jobs
from inventory.places.services import add_pool, add_room
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

BY = By("system", school.NOW)
HOSTILE = "<script>alert(1)</script>\u202egnp"


@pytest.fixture
def laptop(place: Place) -> str:
    return services.add(place.site.id, {"tag": "WB-0001", "kind": "laptop"}, by=BY)


def test_whoever_has_a_thing_its_room_and_its_set_are_one_click_away(
    place: Place, laptop: str, technician: User, signed_in: SignedIn
) -> None:
    maya = people.add_person(place.site.id, "Maya Jones", "staff", by=BY)
    room, pool = add_room(place.site.id, "Oak", by=BY), add_pool(place.site.id, "Blue", by=BY)
    services.change(place.site.id, laptop, {"room": room, "pool": pool}, by=BY)
    allocate(place.site.id, [laptop], maya, by=BY)
    client = signed_in(technician)
    body = client.get(f"/register/{laptop}/").content.decode()
    for path, name in (("people", maya), ("places", room), ("places", pool)):
        assert f'href="/register/{path}/{name}/"' in body
        assert client.get(f"/register/{path}/{name}/").status_code == 200


def test_what_a_label_told_stands_on_the_entry_until_it_is_done(
    place: Place, laptop: str, technician: User, signed_in: SignedIn
) -> None:
    client, path = signed_in(technician), f"/register/{laptop}/"
    assert "Told by its label" not in client.get(path).content.decode()
    other = services.add(place.site.id, {"tag": "WB-0002"}, by=BY)
    jobs.tell(place.site.id, laptop, "broken", said=HOSTILE, at=school.NOW)
    jobs.tell(place.site.id, other, "broken", said="NOT-OURS", at=school.NOW)
    answer = client.get(path)
    body = answer.content.decode()
    (job,) = answer.context["jobs"]
    assert "Told by its label" in body
    assert "NOT-OURS" not in body
    assert "<script>alert" not in body
    assert "\u202e" not in body
    client.post(f"/register/jobs/{job.id}/done/", {"note": ""})
    assert client.get(path).context["jobs"] == []


def test_an_entry_says_how_it_stands_before_its_papers(
    place: Place, laptop: str, technician: User, signed_in: SignedIn
) -> None:
    jobs.tell(place.site.id, laptop, "broken", said="", at=school.NOW)
    body = signed_in(technician).get(f"/register/{laptop}/").content.decode()
    assert body.index("Told by its label") < body.index("Photographs and papers")
    assert f"/register/labels/?tags=WB-0001&amp;school={place.site.id}" in body
