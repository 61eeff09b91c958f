"""Days of a loan in words: pure, by the calendar, so that no clock change makes a day longer."""

import datetime
from typing import Final

from controller.wording.words import count

SOON: Final = 7
LEAVING: Final = 30
"""Days ahead in which somebody who leaves is on the list."""
YEAR: Final = 365
"""A declaration of personal use is asked for again after so many days."""


def after(today: str, days: int) -> str:
    """The day so many days later."""
    return (datetime.date.fromisoformat(today) + datetime.timedelta(days)).isoformat()


def left(due_on: str, today: str) -> int | None:
    """Days until it is due, below 0 once it is late; None for no day, or none that is one."""
    try:
        return (datetime.date.fromisoformat(due_on) - datetime.date.fromisoformat(today)).days
    except ValueError:
        return None


def said(due_on: str, today: str) -> str:
    """`3 days late`, `due back today`, `due back in 5 days`; "" while it is far off."""
    days = left(due_on, today)
    if days is None or days > SOON:
        return ""
    if days < 0:
        return f"{count(-days, 'day', 'days')} late"
    if days < 2:
        return "due back tomorrow" if days else "due back today"
    return f"due back in {days} days"
