"""What people do to places on pages, carried out by the register."""

from collections.abc import Mapping

from controller.places import forms
from controller.places.forms import NewPlace
from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.places import contents, services


def add(site: str, new: NewPlace, *, by: By) -> str:
    """Make it; its id. Raises RegisterError."""
    if new.kind == "pool":
        return services.add_pool(site, new.name, by=by, profile=new.profile)
    if new.kind == "room":
        return services.add_room(site, new.name, by=by, building=new.building, profile=new.profile)
    if not new.name.strip():
        raise RegisterError("bad_value", "Give the trolley a name.", "name")
    values = {"kind": "trolley", "name": new.name, "tag": new.tag, "room": new.room}
    return assets.add(site, values, by=by)


def change(site: str, place_id: str, typed: Mapping[str, str], *, by: By) -> None:
    """Change what a place is called and what it is for. Raises RegisterError and StaleError."""
    seen = typed.get("seen", "")[:32]
    if place_id.startswith("room_"):
        services.change_room(site, place_id, by=by, seen=seen, **forms.changes("room", typed))
    elif place_id.startswith("pool_"):
        services.change_pool(site, place_id, by=by, seen=seen, **forms.changes("pool", typed))
    else:
        number = int(seen) if seen.isascii() and seen.isdigit() else None
        if not typed.get("name", "").strip():
            raise RegisterError("bad_value", "Give the trolley a name.", "name")
        values = {name: typed[name] for name in ("name", "tag", "room") if name in typed}
        assets.change(site, place_id, values, by=by, seen=number)


def end(site: str, place_id: str, to: str, *, by: By) -> int:
    """A place that is no more; what is in it goes to `to` first, if that is said. How many things
    went. Raises RegisterError."""
    number = contents.empty_into(site, place_id, to, by=by).number if to else 0
    if place_id.startswith("room_"):
        services.end_room(site, place_id, by=by)
    elif place_id.startswith("pool_"):
        services.end_pool(site, place_id, by=by)
    else:
        raise RegisterError(
            "bad_value", "A trolley is an entry of the register: say there that it is out of use."
        )
    return number


def order(site: str, typed: Mapping[str, str], *, by: By) -> int:
    """Walk the rooms in the order of the numbers typed; how many changed. Raises RegisterError."""
    numbers = {
        name.removeprefix("order-").replace("\0", "")[:32]: forms.number(text)
        for name, text in typed.items()
        if name.startswith("order-room_")
    }
    return services.order_rooms(site, numbers, by=by)
