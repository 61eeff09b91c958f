"""What computers of the school read back from one drive, signed by their own keys: shown with what
each proves, and added to the record with the signed report as its proof."""

from typing import Any, Final

import msgspec

from checks.media_wipes import MediaWipe
from controller.disposal.forms import MachineForm, ReadBackForm
from controller.disposal.saying import size
from controller.disposal.stepping import Looked
from controller.fleet.queries import queries as fleet_queries
from controller.fleet.readings import Found, envelope
from controller.wording.shown import shown
from inventory.assets.errors import RegisterError
from inventory.disposal import reading_back
from inventory.disposal.now import Medium
from inventory.disposal.proof.judging import NeedsPerson, Refused
from inventory.disposal.proof.machine import SENTENCES, Reading, outdated, proves

_CLEAN: Final = "Nothing was left on it."
_LEFT: Final = "Something was still on it: the wipe counts no more once this is added."


class Told(msgspec.Struct, frozen=True):
    """One reading; every string may be shown as it is. `verdict`: accepted, asks or refused."""

    id: str
    verdict: str
    sentence: str
    who: str
    at: int
    about: str


def told(looked: Looked) -> list[Told]:
    """Those of this drive, the newest first."""
    medium = looked.told.now.media[looked.asked.drive]
    every = _found(looked)
    wipes = [one.wipe for one in every]
    return [_told(one, medium, wipes) for one in every]


def _found(looked: Looked) -> list[Found]:
    fleet = fleet_queries(looked.found.actor)
    return fleet.read_back(looked.school.id, serial=looked.asked.drive)


def _told(found: Found, medium: Medium, every: list[MediaWipe]) -> Told:
    said = proves(found.wipe, medium, found.received_at)
    if outdated(found.wipe, every, medium):
        said = Refused("newer_reading", SENTENCES["newer_reading"], "")
    if isinstance(said, Reading):
        verdict, sentence = "accepted", _CLEAN if said.result == "clean" else _LEFT
    elif isinstance(said, NeedsPerson):
        verdict, sentence = "asks", said.sentence
    else:
        verdict, sentence = "refused", said.sentence
    part = f"{found.wipe.sample.blocks:,} blocks at random" if found.wipe.sample else "all of it"
    about = f"{part}, {size(found.wipe.read_bytes)} read, {shown(found.wipe.model)}".rstrip(", ")
    return Told(
        found.wipe.id, verdict, sentence, shown(found.device_name), found.wipe.ended_at, about
    )


def add(looked: Looked, chosen: str, *, compared: bool, seen: int) -> str:
    """Put a reading into the record. Raises RegisterError."""
    medium = looked.told.now.media[looked.asked.drive]
    every = _found(looked)
    found = next((one for one in every if one.wipe.id == chosen), None)
    if found is None:
        raise RegisterError(
            "not_found", "This reading is not there any more. Read the drive again."
        )
    said = proves(found.wipe, medium, found.received_at)
    if isinstance(said, NeedsPerson):
        _confirmed(looked, medium, said, compared=compared)
    signed = envelope(found)
    if signed is None:
        raise RegisterError("too_old", "Its report is past its keeping. Read the drive again.")
    reading_back.attach(
        looked.school.id,
        looked.told.id,
        reading_back.Told(
            wipe=found.wipe, device=found.device, envelope=signed, received_at=found.received_at
        ),
        medium=looked.asked.drive,
        by=looked.by,
        seen=seen,
        every=[one.wipe for one in every],
        confirmed=compared,
    )
    if found.wipe.outcome == "clean":
        return "The computer’s reading is added: nothing was left. Somebody accepts the wipe now."
    return "The computer’s reading is added: it speaks against the wipe, which counts no more."


def _confirmed(looked: Looked, medium: Medium, said: NeedsPerson, *, compared: bool) -> None:
    """What only a person can tell is told by one who did not wipe the drive (I2)."""
    if medium.wipe and looked.by.actor in (medium.wipe.performer, medium.wipe.by):
        sentence = f"{said.sentence} Whoever wiped it cannot say so; ask somebody else."
        raise RegisterError(said.code, sentence)
    if not compared:
        raise RegisterError(said.code, f"{said.sentence} Tick that you did, then add it.")


def context(looked: Looked, form: Any) -> dict[str, Any]:
    """For the page: what computers read, and an empty form where one of theirs was chosen."""
    if not isinstance(form, MachineForm):
        return {"readings": told(looked)}
    fresh = ReadBackForm(initial={"seq": looked.told.now.seq, "wipe": form["wipe"].value()})
    return {"readings": told(looked), "form": fresh}
