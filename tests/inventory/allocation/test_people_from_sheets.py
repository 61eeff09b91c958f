"""People from a sheet: who is meant, what is refused and why, and nothing of another school."""

import pytest

from inventory.allocation import people
from inventory.allocation.importing import LARGEST, MOST, apply, as_text, plan
from inventory.assets.writing import By
from inventory.imports.sheets import SheetError
from inventory.models import Person
from inventory.places.services import create_site

NOW = 1_795_400_000
BY = By("user_1", NOW)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


def faults(site: str, rows: str) -> list[str]:
    return [row.fault for row in plan(site, rows.encode()).rows]


def test_a_sheet_means_the_same_twice_and_as_the_page_sends_it_back(site: str) -> None:
    data = "Name;Kind;UPN;Year\nÉva Novák;Pupil;A1;4\nSam Lee;TA;;\n".encode("cp1252", "replace")
    first = plan(site, data)
    assert apply(site, plan(site, as_text(first).encode()), by=BY) == 2
    again = plan(site, data)
    assert (again.new, again.changed, again.same) == ([], [], 2)
    assert apply(site, again, by=BY) == 0


def test_an_empty_cell_empties_nothing(site: str) -> None:
    someone = people.add_person(site, "Maya Jones", "governor", by=BY, reference="s-17", group="4")
    apply(site, plan(site, b"name,reference,class\nMaya Khan,s-17,\n"), by=BY)
    row = Person.objects.get(id=someone)
    assert (row.name, row.kind, row.group) == ("Maya Khan", "governor", "4")


def test_who_is_not_certain_is_refused(site: str) -> None:
    for _ in range(2):
        people.add_person(site, "Sam Lee", "pupil", by=BY)
    assert "two people" in faults(site, "name,kind\nSam Lee,pupil\n")[0]
    assert faults(site, "name,reference\nA,1\nB,1\n") == ["stands in the sheet twice"] * 2


@pytest.mark.parametrize("cells", [",staff", f"{'x' * 121},staff", "A,robot", "\u202e,staff"])
def test_a_row_that_cannot_be_says_why_and_the_others_are_taken(site: str, cells: str) -> None:
    found = plan(site, f"name,kind\n{cells}\nMaya Jones,staff\n".encode())
    assert found.refused[0].fault
    assert apply(site, found, by=BY) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"colour\nred\n",
        b"first name\nMaya\n",
        b"name\n" + b"x\n" * (MOST + 1),
        b"name\n" + b"y" * LARGEST,
        b"name\n" + (b"z" * 30_000 + b"\n") * 7,
    ],
    ids=["nothing", "pdf", "no-name", "half-a-name", "too-many", "too-large", "too-long"],
)
def test_what_is_no_list_of_people_is_refused_whole(site: str, data: bytes) -> None:
    with pytest.raises(SheetError):
        plan(site, data)


def test_a_cell_that_a_spreadsheet_would_run_is_a_name(site: str) -> None:
    apply(site, plan(site, b"name,reference\n'=1+1,'-7\n"), by=BY)
    row = Person.objects.get()
    assert (row.name, row.reference) == ("=1+1", "-7")


def test_another_schools_people_are_nobody_here(site: str) -> None:
    other = create_site(name="Dale", at=NOW)
    theirs = people.add_person(other, "Sam Lee", "staff", by=BY, reference="s-1")
    apply(site, plan(site, b"name,reference\nSam Leigh,s-1\n"), by=BY)
    assert Person.objects.get(id=theirs).name == "Sam Lee"
    assert Person.objects.get(site=site).name == "Sam Leigh"
