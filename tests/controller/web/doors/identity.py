"""Doubts, and two entries made one."""

from inventory.assets import services
from inventory.assets.writing import By
from inventory.identity.merging import merge
from inventory.models import Asset
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, Door

_BY = By("system", school.NOW)


def _merged(place: Place) -> str:
    """An entry that was found to be another one."""
    found = Asset.objects.filter(site=place.site, state="merged").first()
    if found:
        return found.id
    stays, goes = (services.add(place.site.id, {}, by=_BY) for _ in range(2))
    merge(place.site.id, stays, goes, by=_BY)
    return goes


DOORS = {
    "register_doubts": Door("/register/doubts/", KEEPERS),
    "register_doubt": Door(
        "/register/doubts/{device}/",
        KEEPERS,
        "post",
        names_a_thing=True,
        data=(("decision", "new"),),
    ),
    "register_merge": Door("/register/{entry}/merge/", KEEPERS, names_a_thing=True),
    "register_part": Door("/register/{merged}/part/", KEEPERS, "post", names_a_thing=True),
}
NAMES = {"merged": _merged}
