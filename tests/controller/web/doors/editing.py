"""Where the register is changed."""

from tests.controller.web.doors.door import KEEPERS, Door

DOORS = {
    "register_new": Door("/register/new/", KEEPERS),
    "register_edit": Door("/register/{entry}/edit/", KEEPERS, names_a_thing=True),
    "register_state": Door("/register/{entry}/state/", KEEPERS, names_a_thing=True),
    "register_withdraw": Door("/register/{entry}/withdraw/", KEEPERS, names_a_thing=True),
}
