"""What people type to say which computers are set up anew."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import msgspec

from inventory.assets.errors import RegisterError
from inventory.labels.choosing import typed as tags_in
from inventory.reinstalls.queries import MOST, Chosen
from inventory.reinstalls.services import LONGEST_REASON, MOST_DAYS

USUAL_DAYS: Final = 14
_ID: Final = 32


class Query(Protocol):
    """What was sent: GET's and POST's words."""

    def get(self, name: str, default: str, /) -> str:
        """One of them."""
        ...

    def getlist(self, name: str, /) -> Sequence[str]:
        """All of one name."""
        ...


class Typed(msgspec.Struct, frozen=True):
    """The form as it was sent, so that nothing typed is lost."""

    place: str = ""
    tags: str = ""
    entries: tuple[str, ...] = ()
    reason: str = ""
    until: str = ""

    @property
    def chosen(self) -> Chosen:
        """What to list: a place counts before tags."""
        return Chosen(tags=() if self.place else tags_in(self.tags), place=self.place)


def read(query: Query, today: date) -> Typed:
    """From the address or a form."""
    usual = (today + timedelta(days=USUAL_DAYS)).isoformat()
    return Typed(
        place=query.get("place", "").replace("\0", "")[:_ID],
        tags=query.get("tags", "")[:2_000],
        entries=tuple(dict.fromkeys(one[:_ID] for one in query.getlist("entry")))[: MOST + 1],
        reason=query.get("reason", "")[: LONGEST_REASON + 1],
        until=query.get("until", usual)[:10],
    )


def ends_at(text: str, timezone: str) -> int:
    """The last second of a day. Raises RegisterError."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        sentence = f"Choose a last day between today and {MOST_DAYS} days from now."
        raise RegisterError("bad_day", sentence, "until") from error
    if day.year > 9000:
        raise RegisterError("bad_day", "Choose a last day within this month.", "until")
    end = datetime.combine(day, time(23, 59, 59), ZoneInfo(timezone))
    return int(end.timestamp())
