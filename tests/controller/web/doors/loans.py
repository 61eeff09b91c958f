"""People who have things, and loans."""

from inventory.allocation import conditions, handovers, people
from inventory.allocation.services import Terms
from inventory.assets import services
from inventory.assets.writing import By
from inventory.models import Allocation, Asset, Conditions, Person
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, READERS, Door

DOORS = {
    "register_people": Door("/register/people/", READERS),
    "add_person": Door("/register/people/new/", KEEPERS),
    "import_people": Door("/register/people/import/", KEEPERS),
    "leavers": Door("/register/people/leavers/", READERS),
    "register_person": Door("/register/people/{person}/", READERS, names_a_thing=True),
    "change_person": Door("/register/people/{person}/change/", KEEPERS, names_a_thing=True),
    "person_leaves": Door(
        "/register/people/{person}/leaves/",
        KEEPERS,
        "post",
        names_a_thing=True,
        data=(("left_on", "2027-07-20"),),
    ),
    "erase_person": Door(
        "/register/people/{person}/erase/",
        KEEPERS,
        "post",
        names_a_thing=True,
        data=(("sure", "yes"),),
    ),
    "loans": Door("/register/loans/", READERS),
    "give": Door("/register/loans/give/", KEEPERS),
    "take_back": Door("/register/loans/return/", KEEPERS),
    "handover": Door("/register/loans/handover/{handover}/", READERS, names_a_thing=True),
    "sign_handover": Door(
        "/register/loans/handover/{handover}/sign/",
        KEEPERS,
        "post",
        names_a_thing=True,
        data=(("signature_name", "Maya Jones"), ("signature_agreed", "yes")),
    ),
    "undo_handover": Door(
        "/register/loans/handover/{handover}/undo/", KEEPERS, "post", names_a_thing=True
    ),
    "loan": Door("/register/loans/{loan}/", READERS, names_a_thing=True),
    "extend_loan": Door(
        "/register/loans/{loan}/extend/",
        KEEPERS,
        "post",
        names_a_thing=True,
        data=(("due_on", "2027-07-21"),),
    ),
    "declare_loan": Door(
        "/register/loans/{loan}/declare/",
        KEEPERS,
        "post",
        names_a_thing=True,
        data=(("personal_use", "none"),),
    ),
    "conditions": Door("/register/loans/conditions/", READERS),
    "add_conditions": Door("/register/loans/conditions/new/", KEEPERS),
    "revise_conditions": Door("/register/loans/conditions/{text}/", KEEPERS, names_a_thing=True),
    "end_conditions": Door(
        "/register/loans/conditions/{text}/end/", KEEPERS, "post", names_a_thing=True
    ),
}
_BY = By("system", school.NOW)


def person(place: Place) -> str:
    """Somebody of the school."""
    found = Person.objects.filter(site=place.site).first()
    return found.id if found else people.add_person(place.site.id, "Maya", "staff", by=_BY)


def loan(place: Place) -> Allocation:
    """Something they have."""
    found = Allocation.objects.filter(site=place.site).first()
    if found is None:
        site = place.site.id
        asset = services.add(site, {"tag": "LOAN-1"}, by=_BY)
        handovers.give(site, [asset], person(place), by=_BY, terms=Terms(due_on="2027-07-20"))
        assert Asset.objects.get(id=asset).holder
    return Allocation.objects.get(site=place.site)


def text(place: Place) -> str:
    """Conditions of the school."""
    found = Conditions.objects.filter(site=place.site).first()
    return found.id if found else conditions.add(place.site.id, "Laptops", "Dry.", by=_BY)


NAMES = {
    "person": person,
    "loan": lambda place: loan(place).id,
    "handover": lambda place: loan(place).batch,
    "text": text,
}
