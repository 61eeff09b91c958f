"""Scopes and credentials on a terminal: every string made harmless."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from checks.words import clean
from controller import logs
from controller.commands import shared
from controller.commands.policy_text import day

if TYPE_CHECKING:
    from controller.fleet.models import SurveyScope
    from controller.surveys.credentials import Held
    from controller.surveys.standing import Standing
    from controller.surveys.wording import Said
    from wire.scope import Scope


def said(scope: "Scope", found: "Said") -> Iterator[str]:
    """All that a scope allows, and what not."""
    yield line(f"Authorised by {scope.authorised_by}, {scope.role} ({scope.contact})")
    yield f"Good from {day(scope.issued_at)} until {day(scope.expires_at)}, {found.when}"
    yield "Asked:"
    for text in found.asks:
        yield line(f"  - {text}")
    yield "Never asked:"
    for text in found.never:
        yield line(f"  - {text}")


def standing(found: "Standing") -> Iterator[str]:
    """One scanner's scope."""
    yield line(f"{found.scanner} ({found.device}), scope version {found.version}")
    who = "a person" if found.separate else "the controller itself (not separated)"
    yield f"Signed by {who}, {found.signer}"
    yield {
        "good": "In use",
        "soon": "In use, and ends soon: have a new one signed",
        "over": "OVER: nothing is asked any more; have a new one signed",
        "ended": "ENDED by somebody: nothing is asked any more",
        "disbelieved": "NOT BELIEVED: its signer is not in the list of keys. Sign again",
    }[found.stands] + ("; the scanner has it." if found.taken else "; the scanner has yet to say.")
    if found.refused:
        yield f"The scanner did not take what it was offered: {found.refused}"
    yield from said(found.scope, found.said)


def versions(rows: "Sequence[SurveyScope]") -> str:
    """What was in use, newest first."""
    found = [
        (
            row.version,
            row.device,
            day(row.set_at),
            day(row.expires_at if row.ended_at is None else row.ended_at),
            "a person" if row.separate else "the controller",
            row.signer,
        )
        for row in rows
    ]
    return shared.table(("VERSION", "SCANNER", "SINCE", "UNTIL", "SIGNED BY", "KEY"), found)


def to_sign(path: Path, people: "Sequence[str]", *, delegated: bool) -> Iterator[str]:
    """What the signer does."""
    yield f"Written: {path}. It is what will be signed: read it with caretaker survey scope show."
    if delegated:
        yield f"The controller may sign it: caretaker survey scope sign {path}"
    if people:
        yield "Whoever may sign does so on a computer of their own:"
        yield f"  ssh-keygen -Y sign -n scope@caretaker -f KEY {path.name}"
        yield f"Bring {path.name}.sig back; then: caretaker survey scope sign {path}"
    for one in people:
        yield f"May sign: {one}"


def credentials(rows: "Sequence[Held]") -> str:
    """Names and places, never what is in them."""
    found = [
        (
            one.name,
            one.kind,
            one.scanner,
            day(one.set_at),
            "yes" if one.readable else "no: the scanner has a new key, type it again",
        )
        for one in rows
    ]
    return shared.table(("NAME", "KIND", "SCANNER", "SINCE", "READABLE THERE"), found)


def line(text: str) -> str:
    """A sentence that may quote what somebody wrote."""
    return clean(text, logs.LONGEST_LINE)
