"""Days as the register keeps them, `YYYY-MM-DD`, in words."""

import datetime

from controller.wording.shown import shown


def day(value: str) -> str:
    """`3 June 2026`; text that is no day is shown as it stands."""
    try:
        at = datetime.date.fromisoformat(value)
    except ValueError:
        return shown(value)
    return f"{at.day} {at:%B %Y}"
