"""Computers that are set up anew: said, looked at, ended."""

from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.models import Reinstall
from inventory.reinstalls import services
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import HANDS_ON, Door

DOORS = {
    "reinstalls": Door("/register/setting-up/", HANDS_ON),
    "reinstall": Door("/register/setting-up/{reinstall}/", HANDS_ON, names_a_thing=True),
    "reinstall_stop": Door(
        "/register/setting-up/{reinstall}/stop/", HANDS_ON, "post", names_a_thing=True
    ),
}


def _request(place: Place) -> str:
    found = Reinstall.objects.filter(site=place.site).first()
    if found is not None:
        return found.id
    by = By("system", school.NOW, reason="Windows 11")
    one = assets.add(place.site.id, {"name": "Suite 1"}, by=by)
    until = school.NOW + school.DAY
    return services.expect(place.site.id, [one], place="", ends_at=until, by=by)


NAMES = {"reinstall": _request}
