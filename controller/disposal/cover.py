"""What is away from school against what the insurance covers there, in words (S27). Pure.

Without a limit, or with a thing of unknown cost, nobody can say that it is covered; so it is not
said.
"""

from typing import Final, Literal

import msgspec

from controller.wording.words import count
from inventory.cover.queries import Away, Limit

State = Literal["unset", "over", "unpriced", "within"]
_UNSET: Final = (
    "Nobody has written down up to what sum your insurance covers equipment away from school, so"
    " nobody can say whether this is covered."
)
_WRITE: Final = (
    "Write down the limit. It stands in the schedule of your insurance, or in the rules of the"
    " arrangement your school is a member of."
)
_LESS: Final = "Ask the insurer to raise the limit, or have things back until it is below."
_PRICE: Final = "Enter what they cost on their pages."


class Cover(msgspec.Struct, frozen=True):
    """How it stands: `said` a sentence or two, `todo` what to do about it, "" for nothing;
    `typed`: the limit as it stands in the form, `version` 0 where there is none."""

    state: State
    said: str
    todo: str
    typed: str
    version: int
    at: int | None


def pounds(pence: int) -> str:
    """£1,234.50, and £1,234 where there are no pence."""
    return f"£{pence // 100:,}" if pence % 100 == 0 else f"£{pence / 100:,.2f}"


def cover(away: Away, limit: Limit | None) -> Cover:
    """Compare them."""
    state, said, todo = _compared(away, limit)
    if limit is None:
        return Cover(state, said, todo, "", 0, None)
    return Cover(state, said, todo, f"{limit.pence / 100:.2f}", limit.version, limit.at)


def on_overview(away: Away, limit: Limit | None, *, writes: bool) -> tuple[str, bool] | None:
    """The front page's line, and whether it is bad; None for nothing to do. `writes`: whoever
    reads may write the limit down, so the job is theirs."""
    state, _, _ = _compared(away, limit)
    if state == "over" and limit is not None:
        return f"{pounds(away.pence - limit.pence)} more is away than the insurance covers", True
    if state == "unset" and away.things and writes:
        return "1 limit to write down: what the insurance covers away from school", False
    return None


def _compared(away: Away, limit: Limit | None) -> tuple[State, str, str]:
    if limit is None:
        return "unset", _UNSET, _WRITE
    covered = f"Your insurance covers {pounds(limit.pence)} away from school"
    if away.pence > limit.pence:
        more = pounds(away.pence - limit.pence)
        return "over", f"{covered}; what is away cost {more} more than that.", _LESS
    if away.unpriced:
        what = count(away.unpriced, "thing has no cost entered", "things have no cost entered")
        said = f"{covered}. What has a cost is within that, but {what}: whether all of it is"
        return "unpriced", f"{said} covered, nobody can say.", _PRICE
    fits = "; all that is away is within that" if away.things else ""
    return "within", f"{covered}{fits}.", ""
