"""Counts of what the school owns."""

from controller.people.roles import Role
from inventory.assets.writing import By
from inventory.models import CountedRoom, Room, StockTake
from inventory.places.services import add_room
from inventory.stocktake import services
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, READERS, Door

_BY = By("system", school.NOW)
SIGNERS = frozenset({Role.ADMIN, Role.SLT, Role.BUSINESS_MANAGER, Role.AUDITOR})


def take(place: Place) -> str:
    """A count of one room that is begun; made when it is first asked for."""
    if (there := StockTake.objects.filter(site=place.site).first()) is not None:
        return there.id
    room = Room.objects.filter(site=place.site).first()
    rooms = [room.id if room else add_room(place.site.id, "Oak", by=_BY)]
    made = services.begin(place.site.id, "Autumn", rooms, by=_BY)
    services.begin_room(place.site.id, CountedRoom.objects.get(take=made).id, by=_BY)
    return made


def counted(place: Place) -> str:
    """Its room."""
    return CountedRoom.objects.get(take=take(place)).id


def post(path: str, *data: tuple[str, str]) -> Door:
    """A button that counts."""
    return Door(path, KEEPERS, "post", names_a_thing=True, data=data)


_TAKE, _ROOM = "/register/counts/{take}/", "/register/counts/rooms/{counted}/"
DOORS = {
    "counts": Door("/register/counts/", READERS),
    "count_begin": Door("/register/counts/begin/", KEEPERS, "post", data=(("name", "Autumn"),)),
    "count": Door(_TAKE, READERS, names_a_thing=True),
    "count_sheet": Door(f"{_TAKE}sheet/", READERS, names_a_thing=True),
    "count_finish": post(f"{_TAKE}finish/"),
    "count_stop": post(f"{_TAKE}stop/"),
    "count_sign": Door(f"{_TAKE}sign/", SIGNERS, "post"),  # a technician of ours cannot, either
    "count_lost": post(f"{_TAKE}lost/"),
    "count_room": Door(_ROOM, READERS, names_a_thing=True),
    "count_room_begin": post(f"{_ROOM}begin/"),
    "count_scan": post(f"{_ROOM}scan/", ("text", "DOOR-1"), ("key", "k1")),
    "count_mark": post(f"{_ROOM}mark/", ("mark", "seen"), ("thing", "{entry}"), ("key", "k2")),
    "count_new": Door(f"{_ROOM}new/", KEEPERS, names_a_thing=True),
    "count_add": post(f"{_ROOM}add/", ("kind", "laptop"), ("tag", "NEW-1"), ("key", "k3")),
    "count_room_close": post(f"{_ROOM}close/"),
    "count_room_open": post(f"{_ROOM}open/"),
}
NAMES = {"take": take, "counted": counted}
