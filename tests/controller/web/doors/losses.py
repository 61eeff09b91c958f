"""What is lost or stolen: readers see it, whoever works on what leaves reports it, whoever answers
for it gives it up."""

from controller.people.roles import Role
from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.disposal import services
from inventory.models import Asset
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, READERS, Door


def a_thing(place: Place) -> str:
    """An entry that is here."""
    tag = f"L-{Asset.objects.filter(site=place.site, tag__startswith='L-').count()}"
    values = {"tag": tag, "kind": "laptop", "cost_pence": 44_999}
    return assets.add(place.site.id, values, by=By("system", school.NOW))


def a_loss(place: Place) -> str:
    """One that somebody else reported stolen."""
    loss = services.Loss(kind="stolen", discovered_at=school.NOW - 3_600, reason="Window broken")
    by = By("user_somebody", school.NOW - 60)
    return services.report_lost(place.site.id, a_thing(place), loss, by=by).disposal


_REPORT = "/register/disposal/lost/{missing}/"
_ONE = "/register/disposal/{loss}/lost/"
_LETS_GO = frozenset({Role.SLT, Role.BUSINESS_MANAGER, Role.ADMIN})
_FOUND = (("reason", "In the minibus"), ("seen", "2"))
_GIVEN_UP = (("breach", "not_reportable"), ("value", "449.99"), ("reason", "Gone"), ("seen", "2"))
DOORS = {
    "losses": Door("/register/disposal/lost/", READERS),
    "loss_limit": Door(
        "/register/disposal/lost/limit/", _LETS_GO, "post", data=(("limit", "5000"), ("seen", "0"))
    ),
    "loss_report": Door(_REPORT, KEEPERS | _LETS_GO, names_a_thing=True),
    "loss": Door(_ONE, READERS, names_a_thing=True),
    "loss_pack": Door(_ONE + "pack/", READERS, names_a_thing=True),
    "loss_found": Door(
        _ONE + "found/", KEEPERS | _LETS_GO, "post", names_a_thing=True, data=_FOUND
    ),
    "loss_write_off": Door(
        _ONE + "write-off/", _LETS_GO, "post", names_a_thing=True, data=_GIVEN_UP
    ),
}
NAMES = {"missing": a_thing, "loss": a_loss}
