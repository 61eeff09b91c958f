"""A destruction is seen by somebody else, who says so themselves (I2)."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms as django_forms

from controller.disposal.attached import Attached
from controller.disposal.forms_drives import WitnessForm
from controller.disposal.saying import drive_name
from controller.disposal.stepping import Kind, Looked
from controller.disposal.words import words
from controller.people.queries import at_school, roles_at
from controller.people.roles import ABILITIES, Ability, Role
from controller.wording import moments
from inventory.disposal import events as told
from inventory.disposal import services

ABLE: Final = (Ability.REQUEST_DISPOSAL, Ability.APPROVE_DISPOSAL, Ability.HOLD_DISPOSAL)
"""Whoever takes any step of a disposal may be a witness; who only reads could not say so."""
Bound = Mapping[str, Any] | None


def witnesses(site: str) -> dict[str, str]:
    """Id → name of everybody at a school who could say what they saw, by name."""
    people = at_school(site)
    held = roles_at(site, people)
    return {key: name for key, name in people.items() if _able(held.get(key, []))}


def _able(roles: list[str]) -> bool:
    return any(set(ABLE) & ABILITIES[Role(one)] for one in roles)


def _make(looked: Looked, data: Bound) -> django_forms.Form:
    now = looked.told.now
    unconfirmed = now.media[looked.asked.drive].unconfirmed
    number = unconfirmed.seq if unconfirmed else 0
    return WitnessForm(data, initial={"seq": now.seq, "destruction": number})


def _take(looked: Looked, form: Any, _attached: Attached) -> str:
    said = form.cleaned_data
    saw = said["saw"] == "yes"
    services.witness(
        looked.school.id,
        looked.told.id,
        medium=looked.asked.drive,
        saw=saw,
        destruction=said["destruction"],
        reason=said["reason"],
        by=looked.by,
        seen=said["seq"],
    )
    if saw:
        return "The drive is destroyed, and its data with it: two people say so."
    return "It does not count as destroyed. Somebody has to find the drive and see to it again."


def _about(looked: Looked, _form: django_forms.Form) -> dict[str, Any]:
    """What is said of it, so that the witness knows what they confirm."""
    medium = looked.told.now.media[looked.asked.drive]
    said = medium.unconfirmed
    if said is None or said.method is None:
        return {}
    names = looked.found.names(looked.told, looked.school)
    event = next((one for one in looked.told.events if one.seq == said.seq), None)
    day = moments.day(event.at, looked.found.now, looked.school.timezone) if event else "once"
    how = f"{words().destroyed[said.method]} {words().places[said.place]}"
    pieces = ""
    if isinstance(event, told.Destroyed) and event.particle_mm:
        pieces = f", into pieces of {event.particle_mm} mm at most"
    first = f"{names.who(said.by)} recorded {day} that {drive_name(medium)} was {how}{pieces}."
    then = (
        "Say yes only if you saw it yourself, and compared the serial number on the drive. If you "
        "did not, say so: then it does not count."
    )
    return {"explained": [first, f"{names.who(said.witness)} is named as witness. {then}"]}


KINDS: Final[Mapping[str, Kind]] = {
    "witness": Kind(ABLE, _make, _take, "That is what I saw", more=_about)
}
