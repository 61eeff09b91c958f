"""Where the register is changed."""

from inventory.assets import services
from inventory.assets.writing import By
from inventory.ids import new_id
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, READERS, Door


def a_step(place: Place) -> str:
    """Something that was done in one step."""
    by = By("system", school.NOW, batch=new_id("batch", school.NOW))
    services.change(place.site.id, place.entry, {"notes": by.batch}, by=by)
    return by.batch


DOORS = {
    "register_new": Door("/register/new/", KEEPERS),
    "register_edit": Door("/register/{entry}/edit/", KEEPERS, names_a_thing=True),
    "register_state": Door("/register/{entry}/state/", KEEPERS, names_a_thing=True),
    "register_withdraw": Door("/register/{entry}/withdraw/", KEEPERS, names_a_thing=True),
    "register_csv": Door("/register/found.csv", READERS),
    "register_several": Door(
        "/register/several/",
        KEEPERS,
        "post",
        names_a_thing=True,
        data=(("school", "{school}"), ("asset", "{entry}")),
    ),
    "register_searches": Door("/register/searches/", READERS),
    "register_search_keep": Door(
        "/register/searches/keep/",
        READERS,
        "post",
        names_a_thing=True,
        data=(("school", "{school}"), ("name", "Lost"), ("search", "state=lost")),
    ),
    "register_step": Door("/register/steps/{step}/", READERS, names_a_thing=True),
    "register_undo": Door("/register/steps/{step}/undo/", KEEPERS, "post", names_a_thing=True),
}
NAMES = {"step": a_step, "school": lambda place: place.site.id}
