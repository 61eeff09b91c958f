"""When care is due again: pure, by the calendar. Days are text, `YYYY-MM-DD`."""

import calendar
import datetime
from typing import Final, Literal

from inventory.assets.errors import RegisterError
from inventory.assets.fields import clean

Unit = Literal["months", "days"]
UNITS: Final[tuple[Unit, ...]] = ("months", "days")
MOST: Final = {"months": 120, "days": 3_650}
"""Ten years: what comes round more rarely is a date, not care."""


def later(on: str, every: int, unit: str) -> str:
    """The day so many months or days after `on`. A month later is the same day of that month, or
    its last one: 31 January → 28 February, 29 February → 28 February of the next year."""
    day = datetime.date.fromisoformat(on)
    if unit == "days":
        return (day + datetime.timedelta(every)).isoformat()
    months = day.year * 12 + day.month - 1 + every
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last)).isoformat()


def due(first: str, last_on: str, last_result: str, every: int, unit: str) -> str:
    """When something is due: first on the day that was said, then so long after it passed. What
    failed stays due from that day on, until it passes."""
    if not last_on:
        return first
    return last_on if last_result == "fail" else later(last_on, every, unit)


def month_end(today: str) -> str:
    """The last day of this month."""
    day = datetime.date.fromisoformat(today)
    return day.replace(day=calendar.monthrange(day.year, day.month)[1]).isoformat()


def typed(text: str, field: str, missing: str) -> str:
    """A day as somebody typed it. `missing`: what to say where there is none. Raises
    RegisterError."""
    try:
        day = str(clean("review_on", text.strip()[:20]))
    except RegisterError as error:
        sentence = "Write that day like 2026-09-01."
        raise RegisterError("bad_value", sentence, field) from error
    if not day:
        raise RegisterError("bad_value", missing, field)
    return day
