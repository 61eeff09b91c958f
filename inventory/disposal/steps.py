"""Which step is possible in which state (spec §5.2), and what people call it."""

import functools
from typing import Final

from inventory.disposal.states import AWAY, HERE, OUT, RUNNING, TERMINAL, State

_WORKED_ON: Final[tuple[State, ...]] = ("approved", "sanitising", "ready")

STEPS: Final[dict[str, tuple[State, ...]]] = {
    "withdrawn": (),
    "inspected": ("withdrawn", "requested"),
    "requested": ("withdrawn",),
    "approved": ("requested",),
    "rejected": ("requested",),
    "medium_appeared": (*HERE, *AWAY),
    "medium_missing": (*HERE, *AWAY),
    "medium_failed": (*HERE, *AWAY),
    "sanitised": _WORKED_ON,
    "verified": _WORKED_ON,
    "validated": _WORKED_ON,
    "destroyed": _WORKED_ON,
    "witnessed": _WORKED_ON,
    "retained": HERE,
    "held": RUNNING,
    "hold_released": RUNNING,
    "exception_opened": RUNNING,
    "exception_closed": RUNNING,
    "collected": _WORKED_ON,
    "received": ("collected",),
    "certified": ("received",),
    "disposed": ("received",),
    "handed_over": ("ready",),
    "reinstated": HERE,
    "missing": (*HERE, *AWAY),
    "found": ("missing",),
    "written_off": ("missing",),
    "seen": (*AWAY, "missing", *OUT),
    "corrected": (*RUNNING, *TERMINAL),
}
"""States in which a step may be taken, by tag. `withdrawn` is the first event and no other."""

WORDS: Final[dict[str, str]] = {
    "withdrawn": "take it out of use",
    "inspected": "look inside",
    "requested": "ask for its disposal",
    "approved": "approve",
    "rejected": "turn down",
    "medium_appeared": "add a drive",
    "medium_missing": "record a drive as missing",
    "medium_failed": "record a drive as failed",
    "sanitised": "record a wipe",
    "verified": "verify a wipe",
    "validated": "accept a wipe",
    "destroyed": "record a drive as destroyed",
    "witnessed": "say what you saw of a destruction",
    "retained": "keep a drive",
    "held": "put on hold",
    "hold_released": "release a hold",
    "exception_opened": "open an exception",
    "exception_closed": "close an exception",
    "collected": "record the collection",
    "received": "take in the receipt",
    "certified": "take in the certificate",
    "disposed": "close it as disposed of",
    "handed_over": "hand over",
    "reinstated": "take back into use",
    "missing": "record as lost or stolen",
    "found": "record as found",
    "written_off": "write off",
    "seen": "record a sighting",
    "corrected": "add a correction",
}
"""What people call a step."""

_OFFERED: Final = (
    "inspected",
    "requested",
    "approved",
    "rejected",
    "sanitised",
    "verified",
    "validated",
    "destroyed",
    "witnessed",
    "collected",
    "received",
    "certified",
    "disposed",
    "handed_over",
    "reinstated",
    "found",
    "written_off",
)


def possible(state: State | None) -> tuple[str, ...]:
    """Tags of the steps that a state allows; whether one is refused, guards say."""
    if state is None:
        return ("withdrawn",)
    return tuple(tag for tag, states in STEPS.items() if state in states)


@functools.cache
def offered(state: State | None) -> str:
    """What leads on from a state, as people call it."""
    tags = [tag for tag in possible(state) if tag in _OFFERED or state is None]
    return ", ".join(WORDS[tag] for tag in tags) or "nothing"
