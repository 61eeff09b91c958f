"""What is judged of the register."""

from tests.controller.web.doors.door import READERS, Door

DOORS = {
    "record_checks": Door("/register/checks/", READERS),
    "record_check": Door("/register/checks/asset-allocated/", READERS),
}
