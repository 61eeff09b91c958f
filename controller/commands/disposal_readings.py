"""`caretaker disposal read-by-computer`: what a computer read back from a drive, added with the
signed report that tells it. The computer is the verifier, whoever types this (I2, S6)."""

from typing import TYPE_CHECKING, Any, Final

from controller.commands import shared
from controller.commands.disposal_told import Told, flag, option, things
from controller.people.roles import Ability

if TYPE_CHECKING:
    from controller.fleet.readings import Found
    from inventory.disposal.services import Recorded


def _by_computer(told: Told) -> "list[Recorded]":
    from controller.fleet.readings import envelope
    from inventory.disposal import reading_back

    every = _every(told)
    found = _chosen(told, every)
    signed = envelope(found)
    if signed is None:
        raise shared.CannotError("Its report is past its keeping. Read the drive again.")
    done = reading_back.attach(
        told.site,
        told.one,
        reading_back.Told(
            wipe=found.wipe, device=found.device, envelope=signed, received_at=found.received_at
        ),
        medium=told.options.drive,
        by=told.by,
        seen=told.at,
        every=[one.wipe for one in every],
        confirmed=told.options.compared,
    )
    return [done]


def _every(told: Told) -> "list[Found]":
    """What computers of the school told of the drive, the newest first."""
    from controller.fleet.queries import queries
    from controller.people.actor import actor_for
    from controller.people.models import User

    actor = actor_for(User.objects.get(id=told.by.actor))
    return queries(actor).read_back(told.site, serial=told.options.drive)


def _chosen(told: Told, every: "list[Found]") -> "Found":
    """The newest reading of the drive, or the one that was named. Raises CannotError."""
    wanted = told.options.reading
    found = next((one for one in every if not wanted or one.wipe.id == wanted), None)
    if found is None:
        raise shared.CannotError(
            "No computer of this school has told of such a reading. Read the drive: "
            "caretaker-agent verify-wipe /dev/sdb --expect zero"
        )
    return found


VERBS: Final[dict[str, tuple[str, tuple[Ability, ...], Any, tuple[Any, ...]]]] = {
    "read-by-computer": (
        "a computer read a wiped drive, and signed what it found",
        (Ability.REQUEST_DISPOSAL, Ability.APPROVE_DISPOSAL),
        _by_computer,
        (
            things("one"),
            option("--drive", required=True, metavar="SERIAL", help="its serial number"),
            option("--reading", default="", metavar="ID", help="which; default: the newest"),
            flag("--compared", "--as compared the label, where no program can tell"),
        ),
    ),
}
