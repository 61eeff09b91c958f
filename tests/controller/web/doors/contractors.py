"""Companies that take equipment away, and their papers."""

from controller.people.roles import Role
from inventory.assets.writing import By
from inventory.models import Contractor, ContractorPaper
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, READERS, Door
from tests.inventory.contractors.firms import enter

DECIDERS = frozenset({Role.SLT, Role.BUSINESS_MANAGER, Role.ADMIN})


def contractor(place: Place) -> str:
    """A company with every paper."""
    held = Contractor.objects.filter(site=place.site).first()
    return held.id if held else enter(place.site.id, By("system", school.NOW))


def paper(place: Place) -> str:
    """One of its papers, with a copy."""
    rows = ContractorPaper.objects.filter(contractor=contractor(place), kind="guarantee")
    return rows.get().id


_ONE = "/register/contractors/{contractor}/"
_PAPER = _ONE + "papers/{contractor_paper}/"
_SEQ = (("seq", "1"),)
DOORS = {
    "contractors": Door("/register/contractors/", READERS),
    "contractor_new": Door("/register/contractors/new/", KEEPERS),
    "contractor_rules": Door("/register/contractors/needed/", READERS),
    "contractor": Door(_ONE, READERS, names_a_thing=True),
    "contractor_change": Door(f"{_ONE}change/", KEEPERS, names_a_thing=True),
    "contractor_leave": Door(f"{_ONE}leave/", KEEPERS, "post", names_a_thing=True, data=_SEQ),
    "contractor_paper_new": Door(f"{_ONE}papers/new/?kind=insurance", KEEPERS, names_a_thing=True),
    "contractor_paper": Door(_PAPER, KEEPERS, names_a_thing=True),
    "contractor_paper_end": Door(
        f"{_PAPER}end/", KEEPERS, "post", names_a_thing=True, data=(("how", "mistake"), *_SEQ)
    ),
    "contractor_paper_copy": Door(f"{_PAPER}copy/", READERS, names_a_thing=True),
}

NAMES = {"contractor": contractor, "contractor_paper": paper}
