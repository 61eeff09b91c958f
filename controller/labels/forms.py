"""What people may ask of labels; anything else falls back to what is usual, or is said."""

from typing import Final, Protocol

import msgspec

from controller.labels.papers import DEFAULT, papers
from inventory.labels.choosing import Wanted, typed

MOST: Final = 500
"""Labels of one printing from a page; a form may name 2,000 fields."""


class Query(Protocol):
    """What was sent: GET's and POST's words."""

    def get(self, name: str, default: str, /) -> str:
        """One of them."""
        ...

    def getlist(self, name: str, /) -> list[str]:
        """All of one name."""
        ...


class Asked(msgspec.Struct, frozen=True):
    """What to print, on what. `tags_typed`: as it was typed, for the form."""

    wanted: Wanted
    paper: str
    start: int
    names: bool
    serials: bool
    outline: bool
    tags_typed: str = ""


def read(query: Query, *, first: bool) -> Asked:
    """From the address or a form. `first`: nothing was chosen yet, so names are printed."""
    paper = query.get("paper", "")
    paper = paper if paper in papers() else DEFAULT
    start = query.get("start", "")
    tags = query.get("tags", "")
    return Asked(
        wanted=Wanted(
            ids=tuple(dict.fromkeys(one.replace("\0", "")[:32] for one in query.getlist("entry")))[
                :MOST
            ],
            tags=typed(tags),
            room=_id(query, "room"),
            pool=_id(query, "pool"),
            unlabelled=query.get("which", "") == "none",
        ),
        paper=paper,
        start=_between(start, papers()[paper].on_page),
        names=first or query.get("names", "") == "yes",
        serials=query.get("serials", "") == "yes",
        outline=query.get("outline", "") == "yes",
        tags_typed=tags[:2_000],
    )


def _id(query: Query, name: str) -> str:
    return query.get(name, "").replace("\0", "")[:32]


def _between(text: str, most: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    return max(1, min(number, most))
