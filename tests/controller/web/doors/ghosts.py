"""What was seen again: whoever may see a thing reads; its keepers, and whoever answers for what
leaves the school, say why."""

from controller.fleet import packed
from controller.fleet.models import Device
from controller.people.roles import Role
from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.ghosts import services
from inventory.models import Asset, GhostAlarm
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, READERS, Door
from wire import dsse, keys, types


def an_alarm(place: Place) -> str:
    """Something that was lost, and a switch that saw it."""
    by = By("system", school.NOW)
    number = Asset.objects.filter(site=place.site).count()
    serial = f"GONE{place.site.id[-8:]}{number:03d}"
    made = assets.add(place.site.id, {"serial": serial, "kind": "laptop"}, by=by)
    assets.move(place.site.id, [made], "lost", by=by)
    (alarm,) = services.sighted(place.site.id, {"serial": [serial]}, school.NOW + 60, "switch 2")
    return alarm


def a_signed_alarm(place: Place) -> str:
    """One with the bytes that prove it."""
    alarm, key = an_alarm(place), keys.generate()
    Device.objects.filter(id=place.device.id).update(public_key=keys.public_bytes(key))
    envelope = packed.pack(dsse.parse(dsse.sign(b"{}", types.REPORT, key)))
    GhostAlarm.objects.filter(id=alarm).update(
        source=place.device.id, seq=1, envelope=envelope, way="key"
    )
    return alarm


_ONE = "/register/disposal/seen/{alarm}/"
_SIGNED = "/register/disposal/seen/{signed_alarm}/"
_WHY = (("reason", "It was in the DT cupboard"),)
DOORS = {
    "ghosts": Door("/register/disposal/seen/", READERS),
    "ghost": Door(_ONE, READERS, names_a_thing=True),
    "ghost_proof": Door(_SIGNED + "proof/", READERS, names_a_thing=True),
    "ghost_answer": Door(
        _ONE + "answer/", KEEPERS | {Role.SLT}, "post", names_a_thing=True, data=_WHY
    ),
}
NAMES = {"alarm": an_alarm, "signed_alarm": a_signed_alarm}
