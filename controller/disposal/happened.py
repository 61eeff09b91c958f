"""What happened to a thing that leaves, line by line, in words. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from controller.disposal.saying import File, Names, capital, drive_name, listed, pounds, read_back
from controller.disposal.words import words
from controller.wording.shown import shown
from controller.wording.words import Label, count
from inventory.disposal import events as told
from inventory.disposal.events import Event
from inventory.disposal.spelling import tag_of

_LONG: Final = 500


class Happened(msgspec.Struct, frozen=True):
    """One line of the story. `proof`: the digest that chains it to the line before."""

    seq: int
    at: int
    label: Label
    who: str
    said: list[str]
    files: list[File]
    proof: str = ""
    kind: str = ""


def happened(event: Event, names: Names, proof: str = "") -> Happened:
    """One event in words."""
    kind = tag_of(event)
    say = _SAID.get(type(event), _nothing)
    reason = shown(getattr(event, "reason", ""), _LONG)
    said = [one for one in say(event, names) if one]
    return Happened(
        seq=event.seq,
        at=event.at,
        label=words().events[kind],
        who=names.who(event.actor),
        said=[capital(one) for one in said] + ([f"“{reason}”"] if reason else []),
        files=[names.file(one) for one in digests(event)],
        proof=proof,
        kind=kind,
    )


def digests(event: Event) -> list[str]:
    """The files an event names, each once."""
    found = list(getattr(event, "evidence", ()))
    found += [one.evidence for one in getattr(event, "offers", ())]
    found += [one.evidence for one in getattr(event, "papers", ()) if one.evidence]
    return list(dict.fromkeys(found))


def actors(event: Event) -> list[str]:
    """Everybody an event names."""
    roles = ("actor", "performer", "verifier", "witness", "receiver", "owner", "second")
    named = (*roles, "entered_by", "confirmed_by", "recipient")
    return [one for name in named if (one := getattr(event, name, ""))]


def _nothing(_event: Any, _names: Names) -> list[str]:
    return []


def _drives(serials: tuple[str, ...], names: Names) -> str:
    return listed([names.drive(one) for one in serials]) if serials else "no drive"


def _withdrawn(event: told.Withdrawn, _names: Names) -> list[str]:
    personal = words().personal_data[event.personal_data]
    found = f"{count(len(event.found), 'drive', 'drives')} known by the last report"
    return [f"personal data on it: {personal.lower()}", found if event.found else ""]


def _inspected(event: told.Inspected, _names: Names) -> list[str]:
    if event.none_confirmed:
        return ["there is no drive in it"]
    found = [drive_name(one) for one in event.media]
    return [f"found {count(len(found), 'drive', 'drives')}: {listed(found)}"]


def _requested(event: told.Requested, _names: Names) -> list[str]:
    checked = "released or moved" if event.licences_checked else "not looked at yet"
    offers = [pounds(one.pence) for one in event.offers]
    return [
        f"{words().routes[event.route]}; worth about {pounds(event.value_pence)}",
        f"licences on it: {checked}",
        f"written offers: {listed(offers)}" if offers else "",
    ]


def _approved(event: told.Approved, names: Names) -> list[str]:
    minute = shown(event.minute, 200)
    return [
        f"for {_drives(event.media, names)}",
        f"minute: {minute}" if minute else "",
    ]


def _appeared(event: told.MediumAppeared, names: Names) -> list[str]:
    return [names.drive(event.medium.serial)]


def _medium(event: Any, names: Names) -> list[str]:
    return [names.drive(event.medium)]


def _gone_missing(event: told.MediumMissing, names: Names) -> list[str]:
    owner = f"{names.who(event.owner)} looks for it" if event.owner else ""
    return [names.drive(event.medium), owner]


def _retained(event: told.Retained, names: Names) -> list[str]:
    minute = shown(event.minute, 200)
    lives = _lives_in(event.entry, names)
    return [names.drive(event.medium), lives, f"minute: {minute}" if minute else ""]


def _closed(event: told.ExceptionClosed, names: Names) -> list[str]:
    minute = shown(event.minute, 200)
    return [
        words().ends[event.outcome],
        _lives_in(event.entry, names) if event.entry else "",
        f"minute: {minute}" if minute else "",
    ]


def _lives_in(entry: str, names: Names) -> str:
    name = shown(names.entries.get(entry, ""))
    return f"its entry is {name}" if name else "it has an entry in the register"


def _sanitised(event: told.Sanitised, names: Names) -> list[str]:
    tool = f"{shown(event.tool)} {shown(event.tool_version)}".strip()
    how = f"{names.drive(event.medium)}: {words().techniques[event.technique]}, {tool}"
    level = f"level: {words().levels[event.level]}"
    return [
        how,
        level + (", at the waste company" if event.offsite else ""),
        f"wiped by {names.who(event.performer)}" if event.performer != event.actor else "",
    ]


def _verified(event: told.Verified, names: Names) -> list[str]:
    how = read_back(event.method, event.bound_ppb)
    return [
        f"{names.drive(event.medium)}: {how}",
        words().found[event.result],
        f"by {names.who(event.verifier)}" if event.verifier != event.actor else "",
    ]


def _validated(event: told.Validated, names: Names) -> list[str]:
    return [f"{names.drive(event.medium)}: {words().decisions[event.decision]}"]


def _destroyed(event: told.Destroyed, names: Names) -> list[str]:
    pieces = f", pieces of {event.particle_mm} mm at most" if event.particle_mm else ""
    how, where = words().destroyed[event.method], words().places[event.place]
    asked = "is asked whether they saw it" if event.awaits_witness else "is named as witness"
    return [
        f"{names.drive(event.medium)}: {how} {where}{pieces}",
        f"{names.who(event.witness)} {asked}",
    ]


def _witnessed(event: told.Witnessed, names: Names) -> list[str]:
    saw = "saw it destroyed" if event.seen else "did not see it destroyed, so that does not count"
    return [f"{names.drive(event.medium)}: {names.who(event.actor)} {saw}"]


def _held(event: told.Held, _names: Names) -> list[str]:
    return [f"for {words().holds[event.kind]}: nothing may be wiped, destroyed or leave"]


def _opened(event: told.ExceptionOpened, names: Names) -> list[str]:
    about = f": {names.drive(event.medium)}" if event.medium else ""
    owner = f"{names.who(event.owner)} clears it up" if event.owner else ""
    return [words().differences[event.kind] + about, owner]


def _collected(event: told.Collected, names: Names) -> list[str]:
    went = f"{names.company(event.contractor)} took it along"
    return [went, f"on the collection list: {_drives(event.manifest, names)}"]


def _received(event: told.Received, names: Names) -> list[str]:
    accepts = "accept" if event.accepts_responsibility else "do not accept"
    return [
        f"{names.company(event.contractor)} {accepts} responsibility for destroying personal data",
        f"on the receipt: {_drives(event.serials, names)}",
        f"taken in by {names.who(event.receiver)}" if event.receiver != event.actor else "",
    ]


def _certified(event: told.Certified, names: Names) -> list[str]:
    number = shown(event.number)
    return [
        f"{names.company(event.contractor)}{f', no. {number}' if number else ''}",
        f"for {_drives(tuple(one.serial for one in event.lines), names)}",
        f"typed by {names.who(event.entered_by)}, compared by {names.who(event.confirmed_by)}",
    ]


def _handed_over(event: told.HandedOver, names: Names) -> list[str]:
    known = {**names.entries, **names.people}
    whom = shown(known.get(event.recipient, "")) or "somebody named on the receipt"
    price = f" for {pounds(event.price_pence)}" if event.price_pence else ""
    apart = "they neither asked for this nor approved it" if event.outsider else ""
    return [f"{words().states[event.outcome].label}: to {whom}{price}", apart]


def _missing(event: told.Missing, _names: Names) -> list[str]:
    return [words().routes[event.kind]]


def _written_off(event: told.WrittenOff, _names: Names) -> list[str]:
    minute = shown(event.minute, 200)
    return [f"worth {pounds(event.value_pence)}", f"minute: {minute}" if minute else ""]


def _corrected(event: told.Corrected, names: Names) -> list[str]:
    # Only the actor's password was asked for: the second has not said so themselves.
    return [f"on line {event.corrects}; {names.who(event.second)} is named as the second person"]


_SAID: Final[Mapping[type, Callable[[Any, Names], list[str]]]] = {
    told.Withdrawn: _withdrawn,
    told.Inspected: _inspected,
    told.Requested: _requested,
    told.Approved: _approved,
    told.MediumAppeared: _appeared,
    told.MediumMissing: _gone_missing,
    told.MediumFailed: _medium,
    told.Sanitised: _sanitised,
    told.Verified: _verified,
    told.Validated: _validated,
    told.Destroyed: _destroyed,
    told.Witnessed: _witnessed,
    told.Retained: _retained,
    told.Held: _held,
    told.ExceptionOpened: _opened,
    told.ExceptionClosed: _closed,
    told.Collected: _collected,
    told.Received: _received,
    told.Certified: _certified,
    told.HandedOver: _handed_over,
    told.Missing: _missing,
    told.WrittenOff: _written_off,
    told.Corrected: _corrected,
}
