"""People from a sheet, looked at first; and the days of loans in words."""

import pytest

from controller.loans import days
from controller.people.models import User
from inventory.allocation import people
from inventory.assets.writing import By
from inventory.models import Person
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

TODAY = "2026-11-22"


def test_people_come_from_a_sheet_after_a_look(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    browser, by = signed_in(technician), By("user_1", school.NOW)
    people.add_person(place.site.id, "Maya Jones", "staff", by=by, reference="s-17")
    rows = (
        "First name,Surname,Type,Class,ID\nAsha,Rao,Pupil,4B,p-300\nMaya,Khan,,,s-17\nX,Y,robot,,\n"
    )
    look = browser.post("/register/people/import/", {"text": rows, "step": "look"})
    plan = look.context["plan"]
    assert (len(plan.new), len(plan.changed), len(plan.refused)) == (1, 1, 1)
    assert Person.objects.count() == 1
    sent = {"text": look.context["text"], "step": "do"}
    assert browser.post("/register/people/import/", sent).status_code == 302
    known = set(Person.objects.values_list("name", "kind", "group", "reference"))
    assert known == {("Asha Rao", "pupil", "4B", "p-300"), ("Maya Khan", "staff", "", "s-17")}
    again = browser.post("/register/people/import/", {"text": rows, "step": "look"})
    assert (again.context["plan"].new, again.context["plan"].same) == ([], 2)
    for bad in ("", "%PDF-1.7", "colour,size\nred,3\n"):
        answer = browser.post("/register/people/import/", {"text": bad, "step": "do"})
        assert answer.status_code == 200
        assert answer.context["problem"]


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2026-11-21", "1 day late"),
        ("2025-11-22", "365 days late"),
        ("2026-11-22", "due back today"),
        ("2026-11-23", "due back tomorrow"),
        ("2026-11-29", "due back in 7 days"),
        ("2026-11-30", ""),
        ("", ""),
        ("soon", ""),
    ],
)
def test_how_a_loan_stands_with_its_day(due: str, said: str) -> None:
    assert days.said(due, TODAY) == said
