"""Labels: what to print, the sheets, and making lost ones void."""

from tests.controller.web.doors.door import KEEPERS, Door

DOORS = {
    "labels": Door("/register/labels/", KEEPERS),
    "labels_sheet": Door("/register/labels/sheet/", KEEPERS, "post", data=(("entry", "{entry}"),)),
    "labels_void": Door("/register/labels/void/", KEEPERS, "post", data=(("entry", "{entry}"),)),
}
