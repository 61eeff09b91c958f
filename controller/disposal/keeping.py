"""How long what belongs to a disposal is kept, for its page. Pure."""

import datetime

from controller.disposal.headline import Moment
from inventory.disposal import keeping
from inventory.disposal.now import Now


def kept(now: Now, note: str, moment: Moment) -> list[tuple[str, str]]:
    """What, and until when. `note`: which kind of waste note went with it; "" where none is
    known."""
    return [*_note(now, note, moment), _proof(now, moment), *_ALWAYS]


_ALWAYS = [
    ("Remarks", "6 years after they were written"),
    ("Serial numbers and digests", "for good, to recognise what comes back"),
]


def _note(now: Now, note: str, moment: Moment) -> list[tuple[str, str]]:
    if now.collected_at is None:
        return []
    day = keeping.day_of(now.collected_at, moment.timezone)
    if note == "transfer":
        until = _said(keeping.note_until("transfer", day))
        return [("Waste transfer note", f"at least until {until}")]
    until = _said(keeping.note_until("consignment", day))
    if note == "consignment":
        return [("Hazardous waste consignment note", f"at least until {until}")]
    return [("Waste note", f"at least until {until}, as its kind is not entered")]


def _proof(now: Now, moment: Moment) -> tuple[str, str]:
    what = "Receipts, certificates, reports"
    if now.ended_at is None:
        return what, "6 years after the end of the year in which it ends"
    until = keeping.proof_until(keeping.day_of(now.ended_at, moment.timezone))
    return what, f"{_said(until)}; longer where a later disposal names the same paper"


def _said(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
