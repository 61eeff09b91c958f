"""Deliveries: entered, ticked, taken back."""

from controller import clock
from inventory.assets.writing import By
from inventory.deliveries import services
from inventory.models import Delivery
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, Door

DOORS = {
    "deliveries": Door("/register/deliveries/", KEEPERS),
    "delivery": Door("/register/deliveries/{delivery}/", KEEPERS, names_a_thing=True),
    "delivery_arrived": Door(
        "/register/deliveries/{delivery}/arrived/",
        KEEPERS,
        "post",
        names_a_thing=True,
        data=(("scanned", "DL-1"),),
    ),
    "delivery_undo": Door(
        "/register/deliveries/{delivery}/undo/", KEEPERS, "post", names_a_thing=True
    ),
}


def _delivery(place: Place) -> str:
    """One that is not taken back."""
    found = Delivery.objects.filter(site=place.site, undone_at=None).first()
    if found is not None:
        return found.id
    by = By("system", clock.now())
    planned = services.plan(place.site.id, "A box", "5CGDOOR1", "DL-1")
    return services.enter(place.site.id, planned, {"kind": "laptop"}, by=by)


NAMES = {"delivery": _delivery}
