"""What the school owns."""

from tests.controller.web.doors.door import READERS, Door

DOORS = {
    "register": Door("/register/", READERS),
    "register_entry": Door("/register/{entry}/", READERS, names_a_thing=True),
}
NAMES = {"entry": lambda place: place.entry}
