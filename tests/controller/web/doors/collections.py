"""Collections: booked, put together, printed, handed over."""

from controller.people.roles import Role
from inventory.assets.writing import By
from inventory.collections import services
from inventory.collections.services import Wanted
from inventory.models import Collection
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.contractors import contractor
from tests.controller.web.doors.door import KEEPERS, READERS, Door


def collection(place: Place) -> str:
    """One that is booked for today."""
    held = Collection.objects.filter(site=place.site).first()
    if held is not None:
        return held.id
    by, today = By("system", school.NOW), "2026-11-22"
    firm = contractor(place)
    return services.book(place.site.id, firm, "recycle", Wanted(today), by=by, today=today)


_ONE = "/register/collections/{collection}/"
_SEQ = (("seq", "1"),)
DOORS = {
    "collections": Door("/register/collections/", READERS),
    "collection_new": Door("/register/collections/new/", KEEPERS),
    "collection": Door(_ONE, READERS, names_a_thing=True),
    "collection_change": Door(f"{_ONE}change/", KEEPERS, names_a_thing=True),
    "collection_choose": Door(f"{_ONE}choose/", KEEPERS, names_a_thing=True),
    "collection_describe": Door(f"{_ONE}lines/", KEEPERS, "post", names_a_thing=True, data=_SEQ),
    "collection_cancel": Door(f"{_ONE}cancel/", KEEPERS, "post", names_a_thing=True, data=_SEQ),
    "collection_sheet": Door(f"{_ONE}list/", READERS, names_a_thing=True),
    "collection_pdf": Door(f"{_ONE}list.pdf", READERS, names_a_thing=True),
    "collection_day": Door(f"{_ONE}day/", KEEPERS | {Role.SLT}, names_a_thing=True),
    "collection_driver": Door(f"{_ONE}driver/", KEEPERS, "post", names_a_thing=True),
}

NAMES = {"collection": collection}
