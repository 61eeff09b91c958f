"""Ids that nobody of ours made: no page, no row, and no error of the database's (O36)."""

import pytest
from django.http import QueryDict
from django.urls import Resolver404, resolve

from controller.config import current
from controller.labels import forms as labels
from controller.people.models import User
from controller.software.forms import WishForm
from inventory.models import Document, Event, Licence, SoftwareTitle
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.software import computers

PATHS = (
    "jobs/{}/done/",
    "deliveries/{}/",
    "counts/{}/",
    "counts/rooms/{}/",
    "counts/{}/sign/",
    "lists/{}/undo/",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ["\0", "x", "job_" + "0" * 25 + "\0", "JOB_" + "0" * 26])
def test_what_is_spelled_like_no_id_is_no_address(path: str, name: str) -> None:
    with pytest.raises(Resolver404):
        resolve("/register/" + path.format(name))


def test_a_program_is_told_the_same_of_an_id_that_is_none() -> None:
    assert resolve("/api/v1/entries/asset_\0").url_name == "api_nothing"


def test_what_is_ticked_is_an_id_or_nothing() -> None:
    asked = labels.read(QueryDict("entry=asset_1%00&entry=asset_2"), first=False)
    assert asked.wanted.ids == ("asset_1", "asset_2")
    assert WishForm(QueryDict("title=soft_1%00&title=soft_2")).titles == ["soft_2"]


@pytest.mark.parametrize("form", ["begin", "lost"])
def test_a_count_is_not_begun_or_ended_with_odd_ids(
    form: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    take = "take_" + "0" * 26
    path = {"begin": "counts/begin/", "lost": f"counts/{take}/lost/"}[form]
    answer = client.post(f"/register/{path}", {"name": "x", "room": "a\0b", "thing": "a\0b"})
    assert answer.status_code == {"begin": 302, "lost": 404}[form]


@pytest.mark.parametrize("came_from", ["soft_x/../../evil", "//evil.example", "soft_\n", "soft_"])
def test_whoever_decides_goes_back_to_a_page_of_ours(
    came_from: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    sent = {"wish": "approve", "title": "soft_1", "from": came_from}
    answer = signed_in(technician).post("/register/software/decide/", sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/register/software/?")


def test_a_proof_of_a_licence_that_was_refused_is_not_kept(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    computers(place.site, 1)
    title = SoftwareTitle.objects.get(title="VLC")
    told = {"name": "Office", "counts": "site", "titles": title.id}
    proof = current().folder / "invoice.txt"
    proof.write_text("Invoice 7", "utf-8")
    client = signed_in(technician)
    with proof.open("rb") as file:
        sent = {**told, "notes": "XQ9VK-3FT8M-7YHBC-2WRDP-9KJG6", "proof": file}
        assert client.post("/register/licences/new/", sent).status_code == 422
    assert not Licence.objects.exists()
    assert not Document.objects.exists()
    assert not Event.objects.filter(verb="document.keep", at__gte=school.NOW).exists()
