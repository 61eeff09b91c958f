"""What a person has to do after a restore: `restore` says it, and `doctor` goes on saying it."""

from typing import TYPE_CHECKING, Any, Final

import msgspec

from controller.commands import shared

if TYPE_CHECKING:
    from controller.backup.restored import Restored

AGAIN: Final = (
    "computers that were withdrawn or turned away: they come back if nobody withdraws them again",
    "computers that were let in, marked, or given a profile: let in they are by themselves",
    "join codes that were withdrawn or made",
    "accounts, roles and passwords; people who were erased: caretaker people erase ID",
    "a policy or signers that were put in force, and keys that were rotated: caretaker key show",
)
"""What only people know."""


def todo(made: "Restored") -> str:
    """What a person has to do after a restore, and what the log says was done before it."""
    lines = [
        f"What people did after {shared.moment(made.made_at)} is gone. Look through, and do again:",
        *(f"  {what}" for what in AGAIN),
    ]
    if made.decided:
        lines += ["In the log that was brought along stand:", *(f"  {one}" for one in made.decided)]
    if made.withdrawn:
        lines.append(f"{len(made.withdrawn)} computers withdrawn since stay withdrawn.")
    return "\n".join([*lines, "Then say so: caretaker doctor --restore-is-settled"])


def text(made: "Restored") -> str:
    """The same, and the computers to look through."""
    from controller.backup import aftermath

    parts = ["", todo(made)]
    if came := aftermath.came_back(made):
        rows: list[tuple[object, ...]] = [(one.name, one.id) for one in came]
        parts += ["", "Known again by their own proof; withdraw again whichever you had withdrawn:"]
        parts.append(shared.table(("computer", "id"), rows))
    if vain := aftermath.untaken(made):
        rows = [(one.device.name, one.device.id, one.reports) for one in vain]
        parts += ["", "Made reports before the loss that were not taken: away then, or withdrawn?"]
        parts.append(shared.table(("computer", "id", "reports"), rows))
    return "\n".join(parts)


def document(made: "Restored") -> dict[str, Any]:
    """The same for programs."""
    from controller.backup import aftermath

    return {
        **msgspec.to_builtins(made),
        "came_back": [one.id for one in aftermath.came_back(made)],
        "untaken": [one.device.id for one in aftermath.untaken(made)],
    }
