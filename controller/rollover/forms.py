"""What people type for a rollover, made into what is asked of the register."""

from typing import Final

import msgspec
from django.http import QueryDict

from controller.places import typing
from controller.places.typing import Named
from inventory.assets.errors import RegisterError
from inventory.rollover.planning import MOST_ROWS, Asked

_PLACE: Final = "place-"
_PEOPLE_LINES: Final = 100


class Names(msgspec.Struct, frozen=True):
    """Everything of a school that may be typed."""

    rooms: Named
    pools: Named
    trolleys: Named
    people: Named

    def target(self, source: str, typed: str) -> str:
        """Where a place's things go. Raises RegisterError."""
        if source.startswith("room_"):
            return self.rooms.find(typed)
        if source.startswith("pool_"):
            return self.pools.find(typed)
        try:
            return self.rooms.find(typed)
        except RegisterError:
            return self.trolleys.find(typed)


def names(site: str) -> Names:
    """Of one school."""
    return Names(typing.rooms(site), typing.pools(site), typing.trolleys(site), typing.people(site))


def asked(data: QueryDict, known: Names) -> Asked:
    """What was filled in. Raises RegisterError that says which line is not understood."""
    places = {
        field.removeprefix(_PLACE)[:32]: known.target(field.removeprefix(_PLACE), text)
        for field, text in data.items()
        if field.startswith(_PLACE) and "\0" not in field and isinstance(text, str) and text.strip()
    }
    leavers = [line for line in data.get("leavers", "").splitlines() if line.strip()]
    if len(leavers) > MOST_ROWS:
        raise RegisterError("too_many", f"Not more than {MOST_ROWS} people at once.", "leavers")
    return Asked(
        places=places,
        hands=_hands(data, known.people),
        leavers=tuple(sorted({known.people.find(line) for line in leavers})),
        left_on=data.get("left_on", "")[:10] if leavers else "",
    )


def hands(data: QueryDict) -> list[tuple[str, str]]:
    """Pairs of names as they were typed; for a form that comes back, with empty lines to fill."""
    pairs = zip(data.getlist("hand-from"), data.getlist("hand-to"), strict=False)
    kept = [(one, other) for one, other in pairs if one.strip() or other.strip()]
    return [*kept[:_PEOPLE_LINES], *[("", "")] * 3]


def _hands(data: QueryDict, people: Named) -> dict[str, str]:
    found: dict[str, str] = {}
    for one, other in hands(data):
        if not one and not other:
            continue
        source = people.find(one)
        if source in found:
            raise RegisterError("twice", "One person’s things can go to one other person only.")
        found[source] = people.find(other)
    return found
