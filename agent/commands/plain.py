"""`status --plain`: what Caretaker does here, in words for everyone who uses this computer (S17).

Works without root and without an enrolment; the page itself is `plain.txt`.
"""

import datetime
from importlib.resources import files

from agent.public import Public


def page(told: Public | None, *, set_up: bool) -> str:
    """The page, ending in how the last look went. `set_up`: this computer reports to somebody."""
    words = files("agent.commands").joinpath("plain.txt").read_text(encoding="utf-8")
    return f"{words.strip()}\n\nThe last look\n=============\n\n{_last(told, set_up=set_up)}"


def _last(told: Public | None, *, set_up: bool) -> str:
    if told is None or not told.looked_at:
        if set_up:
            return "Caretaker has been set up here and has not looked at this computer yet."
        return "Nobody has set Caretaker up on this computer, so nothing is looked at or sent."
    said = [f"Caretaker last looked at this computer on {date(told.looked_at)}."]
    said.append(_counted(told))
    if told.received_at:
        said.append(f"The school last received what it saw on {date(told.received_at)}.")
    else:
        said.append("The school has not received anything from this computer yet.")
    if told.cpu_ms:
        said.append(f"Looking took {_seconds(told.cpu_ms)} of this computer's work.")
    return "\n".join(said)


def _counted(told: Public) -> str:
    total = told.fine + told.attention + told.unseen
    if told.attention == told.unseen == 0:
        if total == 1:
            return "The one thing it checked was fine."
        return f"All {total} things it checked were fine."
    parts = [f"{told.fine} were fine" if told.fine != 1 else "1 was fine"]
    if told.attention:
        parts.append(f"{told.attention} {'needs' if told.attention == 1 else 'need'} attention")
    if told.unseen:
        parts.append(f"{told.unseen} could not be checked")
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    asked = "\nYou need do nothing: whoever looks after the school's computers has the list."
    return f"Of {total} things, {listed}." + (asked if told.attention else "")


def _seconds(milliseconds: int) -> str:
    if milliseconds < 1000:
        return "less than a second"
    seconds = round(milliseconds / 1000)
    return "1 second" if seconds == 1 else f"{seconds} seconds"


def date(at: int) -> str:
    """A moment as people here say it, by this computer's own time of day."""
    moment = datetime.datetime.fromtimestamp(at, tz=datetime.UTC).astimezone()
    return f"{moment:%A} {moment.day} {moment:%B %Y at %H:%M}"
