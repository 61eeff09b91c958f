"""Schools, rooms and pools: made, renamed, ended; each change is an event of the ledger (O7)."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from checks.policy import PROFILES
from inventory import watching
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.fields import clean
from inventory.assets.states import GONE
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Asset, Pool, Room, Site

LONGEST: Final = 80
MOST_ORDER: Final = 9_999


def create_site(*, name: str, at: int, timezone: str = "Europe/London") -> str:
    """Add a school and return its id."""
    with transaction.atomic():
        site = Site.objects.create(
            id=new_id("site", at), name=name, timezone=timezone, created_at=at
        )
        ledger.append(
            site_id=site.id, at=at, actor=ledger.SYSTEM, verb="site.create", subject=site.id
        )
    return site.id


def rename_site(site_id: str, *, name: str, at: int) -> None:
    """Call a school something else, on pages and sheets from now on."""
    with transaction.atomic():
        Site.objects.filter(id=site_id).update(name=name)
        ledger.append(
            site_id=site_id, at=at, actor=ledger.SYSTEM, verb="site.rename", subject=site_id
        )


def add_room(site_id: str, name: str, *, by: By, building: str = "", profile: str = "") -> str:
    """A new room; its id. Raises RegisterError for a name that another room has."""
    told = {"name": _name(name), "building": _building(building), "profile": _profile(profile)}
    last = Room.objects.filter(site_id=site_id, ended_at=None).aggregate(last=Max("order"))["last"]
    room = Room(
        id=new_id("room", by.at),
        site_id=site_id,
        order=min(last + 1, MOST_ORDER) if last else 0,
        created_at=by.at,
        **told,
    )
    return _add(room, "room.create", by)


def add_pool(site_id: str, name: str, *, by: By, profile: str = "") -> str:
    """A new pool; its id. Raises RegisterError for a name that another pool has."""
    told = {"name": _name(name), "profile": _profile(profile)}
    pool = Pool(id=new_id("pool", by.at), site_id=site_id, created_at=by.at, **told)
    return _add(pool, "pool.create", by)


def change_room(
    site_id: str, room_id: str, *, by: By, seen: str = "", **changes: str | int
) -> None:
    """Call a room something else, or change its building, walking order or profile. `seen`: its
    `version` as it was on the screen. Raises RegisterError and StaleError."""
    _change(Room, site_id, room_id, changes, by, seen=seen)


def change_pool(
    site_id: str, pool_id: str, *, by: By, seen: str = "", **changes: str | int
) -> None:
    """Likewise a pool: its name or profile."""
    _change(Pool, site_id, pool_id, changes, by, seen=seen)


def order_rooms(site_id: str, order: Mapping[str, int], *, by: By) -> int:
    """Walk the rooms in this order (0: not said); how many changed. Raises RegisterError."""
    numbers = {room_id: _order(number) for room_id, number in order.items()}
    with transaction.atomic():
        rows = Room.objects.select_for_update().filter(site_id=site_id, ended_at=None)
        changed = [
            row
            for row in rows.filter(id__in=list(numbers)).order_by("id")
            if row.order != numbers[row.id]
        ]
        before = {row.id: row.order for row in changed}
        for row in changed:
            row.order = numbers[row.id]
        Room.objects.bulk_update(changed, ["order"], batch_size=500)
        if changed:
            ledger.append(
                site_id=site_id,
                at=by.at,
                actor=by.actor,
                verb="room.order",
                subject=site_id,
                before=before,
                after={row.id: row.order for row in changed},
            )
    return len(changed)


def version(row: Room | Pool) -> str:
    """Changes whenever what may be changed of a place does; two people see by it that they met."""
    told = [str(getattr(row, name)) for name in sorted(_CHANGEABLE[type(row)])]
    return hashlib.sha256("\0".join(told).encode()).hexdigest()[:16]


def end_room(site_id: str, room_id: str, *, by: By) -> None:
    """A room that is no more; refused while things stand in it. Raises RegisterError."""
    _end(Room, site_id, room_id, "room.end", by)


def end_pool(site_id: str, pool_id: str, *, by: By) -> None:
    """Likewise a pool."""
    _end(Pool, site_id, pool_id, "pool.end", by)


_CHANGEABLE: Final = {
    Room: frozenset({"name", "building", "order", "profile"}),
    Pool: frozenset({"name", "profile"}),
}


def _add(row: Room | Pool, verb: str, by: By) -> str:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            ledger.append(site_id=row.site_id, at=by.at, actor=by.actor, verb=verb, subject=row.id)
    except IntegrityError as error:
        raise RegisterError("name_taken", f"There is a {row.name} already.", "name") from error
    return row.id


def _change(
    model: type[Room] | type[Pool],
    site_id: str,
    row_id: str,
    changes: dict[str, str | int],
    by: By,
    *,
    seen: str = "",
) -> None:
    unknown = changes.keys() - _CHANGEABLE[model]
    if unknown:
        raise RegisterError("no_field", f"There is no field called {min(unknown)[:40]}.")
    changes = {name: _CLEAN[name](value) for name, value in changes.items()}
    try:
        with transaction.atomic():
            row = _row(model, site_id, row_id)
            if seen and version(row) != seen:
                raise StaleError([n for n in changes if getattr(row, n) != changes[n]])
            changes = {n: value for n, value in changes.items() if getattr(row, n) != value}
            if not changes:
                return
            before = {name: getattr(row, name) for name in changes}
            for name, value in changes.items():
                setattr(row, name, value)
            row.save(update_fields=[*changes])
            if "profile" in changes:
                watching.tell(site_id, [row_id], actor=by.actor, at=by.at)
            ledger.append(
                site_id=site_id,
                at=by.at,
                actor=by.actor,
                verb=f"{model.__name__.lower()}.change",
                subject=row_id,
                before=before,
                after=changes,
            )
    except IntegrityError as error:
        raise RegisterError("name_taken", "That name is in use already.", "name") from error


def _end(model: type[Room] | type[Pool], site_id: str, row_id: str, verb: str, by: By) -> None:
    with transaction.atomic():
        row = _row(model, site_id, row_id)
        things = Asset.objects.filter(site_id=site_id).exclude(state__in=GONE)
        there = Q(room_id=row_id) | Q(pool_id=row_id) | Q(holder=row_id)
        count = things.filter(there).count()
        if count:
            raise RegisterError("not_empty", f"Move what is in it somewhere else first ({count}).")
        row.ended_at = by.at
        row.save(update_fields=["ended_at"])
        ledger.append(site_id=site_id, at=by.at, actor=by.actor, verb=verb, subject=row_id)


def _row(model: type[Room] | type[Pool], site_id: str, row_id: str) -> Room | Pool:
    rows = model.objects.select_for_update().filter(site_id=site_id, ended_at=None)
    found: Room | Pool | None = rows.filter(id=row_id).first()
    if found is None:
        raise RegisterError("not_found", "There is no such place here.")
    return found


def _name(name: object) -> str:
    plain = str(clean("name", name))
    if not plain or len(plain) > LONGEST:
        raise RegisterError("bad_value", f"A name has 1 to {LONGEST} characters.", "name")
    return plain


def _building(building: object) -> str:
    plain = str(clean("name", building))
    if len(plain) > LONGEST:
        raise RegisterError(
            "bad_value", f"A building’s name has at most {LONGEST} characters.", "building"
        )
    return plain


def _profile(profile: object) -> str:
    if profile != "" and profile not in PROFILES:
        raise RegisterError("bad_value", "Pick from the list what they are for.", "profile")
    return str(profile)


def _order(order: object) -> int:
    if not isinstance(order, int) or isinstance(order, bool) or not 0 <= order <= MOST_ORDER:
        sentence = f"A place in the walking order is a number from 0 to {MOST_ORDER}."
        raise RegisterError("bad_value", sentence, "order")
    return order


_CLEAN: Final[Mapping[str, Callable[[object], str | int]]] = {
    "name": _name,
    "building": _building,
    "profile": _profile,
    "order": _order,
}
