"""Rooms, sets and trolleys."""

from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.models import Asset, Room
from inventory.places.services import add_room
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, READERS, Door

_BY = By("system", school.NOW)


def a_room(place: Place) -> str:
    """A room with nothing in it, made when it is first asked for."""
    name = f"Door {Room.objects.filter(site=place.site).count()}"
    return add_room(place.site.id, name, by=_BY)


def a_full_room(place: Place) -> str:
    """A room with one thing in it, put back where somebody took it out."""
    room = Room.objects.filter(site=place.site, name="Full").first()
    found = Asset.objects.filter(site=place.site, tag="IN-ROOM").first()
    if room is None or found is None:
        made = add_room(place.site.id, "Full", by=_BY)
        assets.add(place.site.id, {"tag": "IN-ROOM", "room": made}, by=_BY)
        return made
    assets.change(place.site.id, found.id, {"room": room.id}, by=_BY)
    return room.id


def the_thing_in_it(place: Place) -> str:
    a_full_room(place)
    return Asset.objects.get(site=place.site, tag="IN-ROOM").id


def a_trolley(place: Place) -> str:
    """A trolley with one thing in it."""
    found = Asset.objects.filter(site=place.site, kind="trolley").first()
    if found:
        return found.id
    made = assets.add(place.site.id, {"kind": "trolley", "name": "Y4"}, by=_BY)
    assets.add(place.site.id, {"tag": "IN-TROLLEY", "parent": made}, by=_BY)
    return made


_FULL = "/register/places/{full_room}/"
DOORS = {
    "places": Door("/register/places/", READERS),
    "place_add": Door(
        "/register/places/add/", KEEPERS, "post", data=(("kind", "room"), ("name", "New"))
    ),
    "place_order": Door("/register/places/order/", KEEPERS, "post"),
    "place": Door(_FULL, READERS, names_a_thing=True),
    "place_change": Door(
        _FULL + "change/", KEEPERS, "post", names_a_thing=True, data=(("name", "Full"),)
    ),
    "place_end": Door("/register/places/{room}/end/", KEEPERS, "post", names_a_thing=True),
    "place_empty": Door(
        _FULL + "empty/", KEEPERS, "post", names_a_thing=True, data=(("to", "{room}"),)
    ),
    "place_put_in": Door(
        _FULL + "put-in/", KEEPERS, "post", names_a_thing=True, data=(("tags", "IN-ROOM"),)
    ),
    "place_take_out": Door(
        _FULL + "take-out/", KEEPERS, "post", names_a_thing=True, data=(("thing", "{in_room}"),)
    ),
}
_TROLLEY = "/register/places/{trolley}/"
DOORS |= {
    "trolley_count": Door(
        _TROLLEY + "count/", KEEPERS, "post", names_a_thing=True, data=(("tags", "IN-TROLLEY"),)
    ),
    "trolley_lend": Door(
        _TROLLEY + "lend/", KEEPERS, "post", names_a_thing=True, data=(("person", "Nobody"),)
    ),
    "trolley_back": Door(
        _TROLLEY + "back/", KEEPERS, "post", names_a_thing=True, data=(("tags", "IN-TROLLEY"),)
    ),
}
NAMES = {"trolley": a_trolley, "room": a_room, "full_room": a_full_room, "in_room": the_thing_in_it}
