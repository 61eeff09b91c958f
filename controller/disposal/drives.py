"""One drive of a thing that leaves: what was done to it, who says so, and what is missing. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from controller.disposal.saying import PROVED, File, Names, capital, drive_name, read_back, size
from controller.disposal.steps import Step
from controller.disposal.words import words
from controller.wording.shown import shown
from controller.wording.words import Label
from inventory.disposal import events as told
from inventory.disposal.events import Event
from inventory.disposal.now import Destruction, Medium, Now


class Proof(msgspec.Struct, frozen=True):
    """One of the things asked of a drive. `state`: done, bad, open, or not needed."""

    title: str
    state: str
    said: str
    who: str = ""
    at: int | None = None
    files: list[File] = []


class Drive(msgspec.Struct, frozen=True):
    """One drive; every string may be shown as it is. `actions`: the steps that may be taken."""

    serial: str
    name: str
    written: str
    about: str
    standing: Label
    state: str
    proofs: list[Proof]
    wipe: int
    actions: list[Step] = []

    @property
    def proved(self) -> bool:
        """Whether its data is accounted for."""
        return self.state in PROVED


def drives(
    now: Now, events: Sequence[Event], names: Names, steps: Sequence[Step] = ()
) -> list[Drive]:
    """All of one, those that ask for something first; `steps` as somebody may take them."""
    by_seq = {event.seq: event for event in events}
    found = [_drive(one, by_seq, names) for one in now.media.values()]
    mine = {drive: [one for one in steps if one.may and one.drive == drive] for drive in now.media}
    found = [msgspec.structs.replace(one, actions=mine[one.serial]) for one in found]
    return sorted(found, key=lambda one: (one.proved, one.written))


def _drive(medium: Medium, events: Mapping[int, Event], names: Names) -> Drive:
    kind = capital(words().media[medium.kind])
    parts = [kind, size(medium.size_bytes)]
    if medium.encrypted_since is not None:
        parts.append("encrypted as far back as it was reported")
    return Drive(
        serial=medium.serial,
        name=" ".join(shown(one) for one in (medium.make, medium.model) if one) or kind,
        written=shown(medium.serial_raw) or medium.serial,
        about=" · ".join(one for one in parts if one),
        standing=words().standings[medium.state],
        state=medium.state,
        proofs=_proofs(medium, events, names),
        wipe=medium.wipe.seq if medium.wipe else 0,
    )


def _proofs(medium: Medium, events: Mapping[int, Event], names: Names) -> list[Proof]:
    """What counts for it: what the school did, what a company certified, or that it is gone."""
    if medium.gone:
        return [_ended(medium, events, names)]
    certified = [_certified(medium)] if medium.certified else []
    if medium.destroyed or medium.unconfirmed or (medium.failed and not certified):
        return [_destroyed(medium, events, names), *certified]
    if certified and not medium.wipe:
        return certified
    told_here = (_wiped, _read, _accepted)
    return [*(one(medium, events, names) for one in told_here), *certified]


def _ended(medium: Medium, events: Mapping[int, Event], names: Names) -> Proof:
    """How somebody closed it that a drive was missing: nothing is asked of it any more."""
    opened = {
        one.exception
        for one in events.values()
        if isinstance(one, told.MediumMissing) and one.medium == medium.serial
    }
    closed = [
        one
        for one in events.values()
        if isinstance(one, told.ExceptionClosed) and one.exception in opened
    ]
    if not closed:
        return Proof("What became of it", "open", "not known")
    last = closed[-1]
    state = "bad" if medium.lost else "done"
    said = words().ends[last.outcome]
    who, files = names.who(last.actor), _files(last, names)
    return Proof("What became of it", state, said, who, last.at, files)


def _certified(medium: Medium) -> Proof:
    line = medium.certified
    if line is None:
        return Proof("Certified", "open", "not yet")
    how = "destroyed" if line.technique is None else words().techniques[line.technique]
    said = f"{how}, as the waste company says; level: {words().levels[line.level]}"
    return Proof("Certified", "done", said, "compared by two people", line.finished_at)


def _files(event: Event | None, names: Names) -> list[File]:
    return [names.file(one) for one in getattr(event, "evidence", ())]


def _wiped(medium: Medium, events: Mapping[int, Event], names: Names) -> Proof:
    if medium.wipe is None:
        return Proof("Wiped", "open", "not yet")
    event = events.get(medium.wipe.seq)
    tool = ""
    if isinstance(event, told.Sanitised):
        tool = f", {shown(event.tool)} {shown(event.tool_version)}".rstrip()
    said = words().techniques[medium.wipe.technique] + tool
    said += f"; level: {words().levels[medium.wipe.level]}"
    return Proof(
        "Wiped",
        "done",
        said,
        names.who(medium.wipe.performer),
        medium.wipe.finished_at,
        _files(event, names),
    )


def _read(medium: Medium, events: Mapping[int, Event], names: Names) -> Proof:
    if medium.check is None:
        last = _last_reading(medium, events)
        if last is None:
            return Proof("Read back", "open", "not yet")
        said = f"{words().methods[last.method]}: {words().found[last.result]}"
        return Proof("Read back", "bad", said, names.who(last.verifier), last.finished_at)
    said = read_back(medium.check.method, medium.check.bound_ppb) + ": nothing was left"
    return Proof(
        "Read back",
        "done",
        said,
        names.who(medium.check.verifier),
        medium.check.finished_at,
        _files(events.get(medium.check.seq), names),
    )


def _last_reading(medium: Medium, events: Mapping[int, Event]) -> told.Verified | None:
    """The last thing done to it, where that was a reading that found something."""
    done = [
        one
        for one in events.values()
        if isinstance(one, told.Sanitised | told.Verified) and one.medium == medium.serial
    ]
    last = done[-1] if done else None
    return last if isinstance(last, told.Verified) and last.result != "clean" else None


def _accepted(medium: Medium, events: Mapping[int, Event], names: Names) -> Proof:
    decided = [
        one
        for one in events.values()
        if isinstance(one, told.Validated) and one.medium == medium.serial
    ]
    if medium.validated_by:
        return Proof(
            "Accepted", "done", "by a person", names.who(medium.validated_by), decided[-1].at
        )
    if decided and decided[-1].decision != "approved" and not medium.check:
        last = decided[-1]
        said = words().decisions[last.decision]
        return Proof("Accepted", "bad", said, names.who(last.actor), last.at)
    return Proof("Accepted", "open", "not yet")


def _destroyed(medium: Medium, events: Mapping[int, Event], names: Names) -> Proof:
    gone = medium.destroyed
    if medium.unconfirmed:
        return _unconfirmed(medium.unconfirmed, events, names)
    if gone is None:
        return Proof("Destroyed", "open", "not yet; it failed, so no wipe can be trusted")
    event = events.get(gone.seq)
    asked = isinstance(event, told.Destroyed) and event.awaits_witness
    how = (
        words().destroyed[gone.method] if gone.method else "as the waste company’s certificate says"
    )
    said = f"{how} {words().places[gone.place]}" if gone.method else how
    heard = "seen by {}, who confirmed it" if asked else "{} named as witness"
    witness = heard.format(names.who(gone.witness)) if gone.witness else ""
    who = " · ".join(one for one in (names.who(gone.by), witness) if one)
    return Proof("Destroyed", "done", said, who, event.at if event else None, _files(event, names))


def _unconfirmed(said: Destruction, events: Mapping[int, Event], names: Names) -> Proof:
    """What only one person says, never as if it were so (I2)."""
    event = events.get(said.seq)
    waits = f"not confirmed: {names.who(said.witness)} has yet to say that they saw it"
    who = f"recorded by {names.who(said.by)}"
    at = event.at if event else None
    return Proof("Destruction", "open", waits, who, at, _files(event, names))


def labels(now: Now) -> dict[str, str]:
    """What is written on each drive, by its comparable serial."""
    return {serial: drive_name(one) for serial, one in now.media.items()}
