"""The September rollover."""

from inventory.assets.writing import By
from inventory.models import Asset
from inventory.places.services import add_room
from inventory.rollover.planning import Asked
from inventory.rollover.services import carry_out
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, READERS, Door

_BY = By("system", school.NOW)


def a_rollover(place: Place) -> str:
    """A step in which one thing moved."""
    assert place.entry
    found = Asset.objects.get(site=place.site, tag="DOOR-1")
    room = add_room(place.site.id, f"Door {found.seq}", by=_BY)
    there = add_room(place.site.id, f"There {found.seq}", by=_BY)
    Asset.objects.filter(id=found.id).update(room=room)
    return carry_out(place.site.id, Asked({room: there}), by=_BY)


_STEP = "/register/rollover/{rollover}/"
DOORS = {
    "rollover": Door("/register/rollover/", KEEPERS),
    "rollover_preview": Door("/register/rollover/preview/", KEEPERS, "post"),
    "rollover_do": Door("/register/rollover/do/", KEEPERS, "post"),
    "rollover_step": Door(_STEP, READERS, names_a_thing=True),
    "rollover_undo": Door(_STEP + "undo/", KEEPERS, "post", names_a_thing=True),
}
NAMES = {"rollover": a_rollover}
