"""Photographs, papers and signatures."""

from inventory.assets.writing import By
from inventory.documents.services import Kept, keep
from inventory.documents.signatures import typed
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, READERS, Door
from tests.inventory.documents import files

_BY = By("system", school.NOW)


def _photo(place: Place) -> str:
    data = files.photograph()
    return keep(place.site.id, "photo", "side.jpg", data, asset_id=place.entry, by=_BY).id


def _signature(place: Place) -> Kept:
    data = typed(f"Maya Jones of {place.site.id}", ticked=True)
    return keep(place.site.id, "signature", "", data, by=_BY)


_PAPER = "/register/{entry}/papers/{photo}/"
DOORS = {
    "paper_add": Door("/register/{entry}/papers/add/", KEEPERS, "post", names_a_thing=True),
    "paper": Door(_PAPER, READERS, names_a_thing=True),
    "paper_small": Door(f"{_PAPER}small/", READERS, names_a_thing=True),
    "paper_remove": Door(f"{_PAPER}remove/", KEEPERS, "post", names_a_thing=True),
    "signature": Door("/register/signatures/{signature}/", READERS, names_a_thing=True),
}
NAMES = {"photo": _photo, "signature": lambda place: _signature(place).sha256}
