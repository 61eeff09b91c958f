"""What the front page says of what leaves the school: a line with a number each, for whoever can
do something about it, at the same cost however much there is."""

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from controller import clock
from controller.people.models import User
from inventory.assets.writing import By
from inventory.disposal import late, leaving, waiting
from inventory.models import ContractorPaper, Disposal
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.inventory.collections.collected import COLLECTED_AT, DAY, HEAD, TECHNICIAN, away
from tests.inventory.collections.things import entry as thing
from tests.inventory.contractors.firms import enter
from tests.inventory.disposal import journey

DUE = COLLECTED_AT + 31 * DAY


def lines(client: Client) -> list[tuple[str, str]]:
    body = client.get("/").content.decode()
    found = re.search(r'aria-label="What leaves the school".*?</section>', body, re.DOTALL)
    items = re.finditer(r'<li><a href="([^"]*)">([^<]*)<', found[0] if found else "")
    return [(item[1], item[2]) for item in items]


def said(client: Client) -> list[str]:
    return [text for _, text in lines(client)]


def test_nothing_is_said_where_nothing_waits(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    assert lines(signed_in(technician)) == []


def test_each_thing_that_waits_is_one_line_with_its_number_and_where_to_go(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    client, site = signed_in(slt), place.site.id
    away(site, {"HS-1": ("WD-WX12345",), "HS-2": ("STICK-0001",)})
    journey.withdrawn(site, thing(site, "HS-3"), journey.DISK)
    firm = enter(site, By("system", school.NOW))
    ContractorPaper.objects.filter(contractor=firm, kind="carrier").update(valid_to="2027-02-15")
    assert said(client) == ["2 things were collected and have no receipt yet"]
    clock.use(lambda: DUE)
    assert lines(client) == [
        ("/register/disposal/all/?lane=gone", "2 certificates are late"),
        (
            "/register/disposal/",
            "1 thing is out of use for more than 30 days with data on it",
        ),
        (
            "/register/disposal/all/?lane=gone",
            "2 things were collected and have no receipt yet",
        ),
        (
            "/register/contractors/",
            "1 paper of a waste company ends within 60 days or is over",
        ),
    ]


def test_a_late_certificate_is_told_once_and_other_differences_when_their_day_is_past(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, site = signed_in(technician), place.site.id
    gone = away(site, {"HS-1": ("WD-WX12345",)})
    clock.use(lambda: DUE + 30 * DAY)
    late.open_late(site, DUE)
    assert said(client) == ["1 certificate is late"]
    leaving.open_exception(
        site, gone.disposals["HS-1"], kind="other", due=DUE + DAY, by=By(HEAD, DUE), seen=None
    )
    assert said(client) == [
        "1 certificate is late",
        "1 thing does not fit, and the day to clear it up is past",
    ]


def test_what_somebody_asked_for_does_not_wait_for_their_own_yes(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    client, site = signed_in(slt), place.site.id
    one = journey.withdrawn(site, thing(site, "HS-3"))
    row = Disposal.objects.filter(id=one)
    row.update(state="requested", requested_by=str(slt.id))
    assert said(client) == []
    row.update(requested_by=TECHNICIAN)
    assert said(client) == ["1 disposal waits for a yes"]


def test_a_technician_is_not_asked_for_a_yes_nor_anybody_of_another_school(
    place: Place, elsewhere: Place, technician: User, stranger: User, signed_in: SignedIn
) -> None:
    one = journey.withdrawn(place.site.id, thing(place.site.id, "HS-3"))
    Disposal.objects.filter(id=one).update(state="requested", requested_by=TECHNICIAN)
    assert said(signed_in(technician)) == []
    clock.use(lambda: DUE)
    assert len(said(signed_in(technician))) == 1
    assert said(signed_in(stranger)) == []


def test_the_line_of_the_cupboard_begins_after_thirty_days(place: Place) -> None:
    site = place.site.id
    for answer in ("no", "unknown"):
        row = journey.withdrawn(site, thing(site, f"HS-{answer}"))
        Disposal.objects.filter(id=row).update(personal_data=answer, n_media=0, n_media_left=0)
    limit = journey.NOW + waiting.CUPBOARD_DAYS * DAY
    assert waiting.waiting({site}, "user_1", limit).cupboard == 0
    assert waiting.waiting({site}, "user_1", limit + 1).cupboard == 1


def test_as_many_questions_for_many_as_for_one(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    client, site = signed_in(slt), place.site.id
    clock.use(lambda: DUE)
    spent = []
    for number in (1, 4):
        away(site, {f"H{number}-{n}": (f"WX{number}99{n}",) for n in range(number)})
        enter(site, By("system", school.NOW), name=f"Firm {number}", company_number="")
        lines(client)
        with CaptureQueriesContext(connection) as asked:
            lines(client)
        spent.append(len(asked))
    assert spent[0] == spent[1]
