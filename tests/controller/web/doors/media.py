"""Approved drives."""

from controller.people.roles import Role
from inventory.assets.writing import By
from inventory.media import services
from inventory.models import Medium
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, READERS, Door

DECIDERS = frozenset({Role.SLT, Role.BUSINESS_MANAGER, Role.ADMIN})
VALUES = {
    "label": "USB-014",
    "kind": "stick",
    "model": "SanDisk Ultra",
    "serial": "4C530001230101118392",
    "usb": "0781:5581",
    "holder_id": "",
    "encrypted": "yes",
    "use": "assembly films",
    "until": "2027-08-31",
}


def medium(place: Place) -> str:
    """A drive that waits for a decision."""
    held = Medium.objects.filter(site=place.site, ended_at=None).first()
    if held:
        return held.id
    by = By("system", school.NOW)
    return services.keep(place.site.id, VALUES, by=by, today="2026-11-22")


DOORS = {
    "media": Door("/register/media/", READERS),
    "medium_new": Door("/register/media/new/", KEEPERS),
    "media_publish": Door("/register/media/use/", DECIDERS, "post"),
    "media_payload": Door("/register/media/file/", DECIDERS, "post"),
    "medium": Door("/register/media/{medium}/", READERS, names_a_thing=True),
    "medium_decide": Door(
        "/register/media/{medium}/decide/",
        DECIDERS,
        "post",
        names_a_thing=True,
        data=(("decision", "approved"), ("seq", "1")),
    ),
    "medium_end": Door(
        "/register/media/{medium}/end/",
        KEEPERS,
        "post",
        names_a_thing=True,
        data=(("how", "returned"), ("seq", "1")),
    ),
}

NAMES = {"medium": medium}
