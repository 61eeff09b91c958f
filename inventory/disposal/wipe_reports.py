"""What the report of a wipe says of a medium, judged in one place for pages and commands alike.

A report that proves nothing is not made into a proof by typing beside it: whoever types a wipe by
hand may add a paper that no program reads, or one that only a person can judge, but none that was
read and speaks against it (I5, I6).
"""

from collections.abc import Callable, Sequence
from typing import Final

from inventory.assets.errors import RegisterError
from inventory.disposal import rulings, serials
from inventory.disposal.events import Sanitised
from inventory.disposal.now import Medium, Now
from inventory.disposal.proof import storing
from inventory.disposal.proof.claims import Claim
from inventory.disposal.proof.judging import (
    Accepted,
    NeedsPerson,
    Refused,
    Window,
    judged,
    judged_file,
)
from inventory.disposal.recording import Stamp
from inventory.disposal.rules import Rules
from inventory.disposal.states import LEVELS
from inventory.models import Site

Verdict = Accepted | Refused | NeedsPerson
Make = Callable[[Now, Stamp], Sanitised]
_MOST_LINE: Final = 200


def verdicts(
    claims: Sequence[Claim], medium: Medium, rules: Rules, window: Window
) -> tuple[Verdict, list[tuple[Claim, Verdict]]]:
    """What the whole file proves of a medium, and what each of its claims does: those of its own
    serial, or all where none is."""
    mine = [one for one in claims if serials.same(one.serial, medium.serial)]
    each = [(one, judged(one, medium, rules, window)) for one in mine or claims]
    return judged_file(claims, medium, rules, window), each


def not_contradicted(site_id: str, make: Make) -> Make:
    """The same wipe, refused where a file of its evidence was read and speaks against it."""

    def checked(now: Now, stamp: Stamp) -> Sanitised:
        event = make(now, stamp)
        medium = now.media.get(event.medium)
        if medium is not None:
            for digest in event.evidence:
                _check(site_id, digest, event, now)
        return event

    return checked


def _check(site_id: str, digest: str, event: Sanitised, now: Now) -> None:
    kept = storing.by_digest([site_id], digest)
    if kept is None or not kept.format:
        return
    zone = Site.objects.values_list("timezone", flat=True).get(id=site_id)
    window = Window(now.withdrawn_at, event.at, zone)
    rules = rulings.current(site_id)
    found, _ = verdicts(kept.claims, now.media[event.medium], rules, window)
    if isinstance(found, Refused):
        line = f" Line {found.line_number}: {found.line[:_MOST_LINE]}" if found.line else ""
        raise RegisterError(found.code, f"{kept.name}: {found.sentence}{line}", "evidence")
    if isinstance(found, Accepted) and _claims_more(event, found):
        say = (
            f"{kept.name} proves {found.technique.replace('_', ' ')} at level {found.level}; "
            "write down what it says, or leave it away."
        )
        raise RegisterError("report_differs", say, "technique")


def _claims_more(event: Sanitised, found: Accepted) -> bool:
    weaker = LEVELS.index(found.level) < LEVELS.index(event.level)
    return weaker or found.technique != event.technique
