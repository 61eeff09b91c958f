"""What the front page says of what leaves the school: a line each, with a number and where to go.
Pure."""

from typing import Final

import msgspec

from controller.disposal.board import Viewer
from controller.wording.words import count
from inventory.contractors.standing import SOON_DAYS
from inventory.disposal.waiting import CUPBOARD_DAYS, Waiting

_FIT: Final = (
    "thing does not fit, and the day to clear it up is past",
    "things do not fit, and the day to clear them up is past",
)
_LYING: Final = (
    f"thing is out of use for more than {CUPBOARD_DAYS} days with data on it",
    f"things are out of use for more than {CUPBOARD_DAYS} days with data on them",
)
_APPROVE: Final = ("disposal waits for a yes", "disposals wait for a yes")
_RECEIPT: Final = (
    "thing was collected and has no receipt yet",
    "things were collected and have no receipt yet",
)
_WITNESS: Final = (
    "disposal waits for you to say whether you saw a drive destroyed",
    "disposals wait for you to say whether you saw a drive destroyed",
)
_PAPER: Final = (
    f"paper of a waste company ends within {SOON_DAYS} days or is over",
    f"papers of waste companies end within {SOON_DAYS} days or are over",
)


class Line(msgspec.Struct, frozen=True):
    """`address` by name, with `query` behind it; `bad`: past its day, or over."""

    said: str
    address: str
    query: str = ""
    bad: bool = False


def jobs(
    waits: Waiting, papers: int, viewer: Viewer, away: tuple[str, bool] | None = None
) -> list[Line]:
    """What there is to say, what is past its day first. `papers` of companies end soon; `away`:
    what to say of what is away from school, and whether it is over the limit."""
    n = waits
    gone, board = ("disposal_register", "lane=gone"), ("disposals", "")
    found = (
        (n.late, "certificate is late", "certificates are late", gone, True),
        (n.exceptions, *_FIT, board, True),
        (n.cupboard, *_LYING, board, True),
        (n.witness, *_WITNESS, board, False),
        (n.approvals * viewer.approves, *_APPROVE, board, False),
        (n.receipts * viewer.receives, *_RECEIPT, gone, False),
        (papers, *_PAPER, ("contractors", ""), False),
    )
    said = [
        Line(count(number, one, many), *where, bad=bad)
        for number, one, many, where, bad in found
        if number
    ]
    if away is not None:
        said.append(Line(away[0], "losses", bad=away[1]))
    return sorted(said, key=lambda line: not line.bad)
