"""What is away for repair."""

from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.models import Asset
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, READERS, Door


def a_thing(place: Place) -> str:
    """An entry that is here."""
    tag = f"R-{Asset.objects.filter(site=place.site, tag__startswith='R-').count()}"
    return assets.add(place.site.id, {"tag": tag}, by=By("system", school.NOW))


_ONE = "/register/repairs/{repaired}/"
_SENT = (("repairer", "Fixit"), ("drive", "none"), ("personal_data", "no"))
DOORS = {
    "repairs": Door("/register/repairs/", READERS),
    "repair": Door(_ONE, READERS, names_a_thing=True),
    "repair_send": Door(_ONE + "send/", KEEPERS, "post", names_a_thing=True, data=_SENT),
    "repair_back": Door(_ONE + "back/", KEEPERS, "post", names_a_thing=True),
    "repair_answer": Door(_ONE + "answer/", KEEPERS, "post", names_a_thing=True),
    "repair_drive": Door(_ONE + "drive/", KEEPERS, "post", names_a_thing=True),
}
NAMES = {"repaired": a_thing}
