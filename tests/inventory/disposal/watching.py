"""A second opinion on disposals, from their events alone: what must hold whenever a step is
accepted, written without looking at the machine's own state (spec §5.5: a property that reads a
flag which the reducer sets proves nothing).

`follow` keeps what events said; `holding.broken` names each property that an accepted step breaks.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec

from inventory.disposal import events as e
from inventory.disposal import serials
from inventory.disposal.events import Event
from inventory.disposal.rules import Rules
from inventory.disposal.states import CLASS_OF

_RANK: Final = {"": -1, "clear": 0, "purge": 1, "destroy": 2}


class Thing(msgspec.Struct):
    """What events said of one medium; `wipe` is (level, technique, performer, recorder, end)."""

    kind: str
    size: int = 0
    encrypted: bool = False
    failed: bool = False
    wipe: tuple[str, str, str, str, int] | None = None
    wipe_seq: int = 0
    read: bool = False
    accepted: bool = False
    wanted: str = "clear"
    destroyed: bool = False
    said: tuple[int, str] | None = None
    """A destruction that nobody else confirmed: its number, and who is named as its witness."""
    kept: bool = False
    missing: bool = False
    elsewhere: bool = False
    certified: str = ""
    certified_how: str = ""
    late: bool = False
    handled: bool = False
    doubted: int = 0
    """Until when what was written on it is known to be worth nothing."""

    @property
    def along(self) -> bool:
        """Whether it goes where the thing goes."""
        return not (self.destroyed or self.said or self.kept or self.missing or self.elsewhere)

    def forget(self) -> None:
        """Nothing is proven any more."""
        self.wipe, self.read, self.accepted, self.certified = None, False, False, ""


class Ghost(msgspec.Struct):
    """What events said of the whole."""

    phase: str = "none"
    seq: int = 0
    at: int = 0
    since: int = 0
    asset: str = ""
    tag: str = ""
    personal: str = ""
    starter: str = ""
    things: dict[str, Thing] = {}
    looked: bool = False
    nothing: bool = False
    asker: str = ""
    route: str = ""
    value: int = 0
    approver: str = ""
    holds: list[str] = []
    open: dict[str, tuple[str, str, str]] = {}
    """By id: kind, medium and who opened it."""
    firm: str = ""
    trip: str = ""
    left_at: int = 0
    listed: list[str] = []
    loser: str = ""

    def along(self) -> set[str]:
        """Serials of what goes along."""
        return {serial for serial, thing in self.things.items() if thing.along}

    def answered_for(self) -> set[str]:
        """Likewise, with what is only said to be destroyed."""
        return {serial for serial, thing in self.things.items() if thing.along or thing.said}


def empty_enough(thing: Thing, route: str, rules: Rules) -> bool:
    """I5 and I6 for one medium, in one expression."""
    table = rules.least.staying if route == "internal_reuse" else rules.least.leaving
    least = table[CLASS_OF[thing.kind]]  # type: ignore[index]  # kinds are checked when read

    def enough(level: str, how: str) -> bool:
        wanted = _RANK[least]
        if how == "overwrite" and "ssd" in thing.kind and rules.wiping.overwrite_on_flash:
            wanted = 0
        return _RANK[level] >= max(wanted, _RANK[thing.wanted])

    wiped = (
        thing.wipe is not None
        and thing.read
        and thing.accepted
        and enough(thing.wipe[0], thing.wipe[1])
    )
    certified = bool(thing.certified) and enough(thing.certified, thing.certified_how)
    return not (thing.missing or thing.said) and (
        thing.destroyed
        or thing.kept
        or thing.elsewhere
        or thing.certified == "destroy"
        or (not thing.failed and (wiped or certified))
    )


_COPY: Final = msgspec.msgpack.Decoder(Ghost)


def follow(ghost: Ghost, event: Event) -> Ghost:
    """What is known after one more event; the old one is left as it is."""
    new = _COPY.decode(msgspec.msgpack.encode(ghost))
    new.seq, new.at = event.seq, event.at
    _FOLLOW.get(type(event), _nothing)(new, event)
    return new


def _nothing(ghost: Ghost, event: Any) -> None:
    """Holds, sightings and remarks on what is there change no medium."""


def _find(ghost: Ghost, found: Iterable[Any], *, late: bool = False) -> None:
    for one in found:
        old = ghost.things.setdefault(one.serial, Thing(kind=one.kind, late=late))
        old.failed |= one.failed
        old.size = max(one.size_bytes, old.size)
        old.encrypted |= one.encrypted_since is not None


def _withdrawn(ghost: Ghost, event: e.Withdrawn) -> None:
    ghost.phase, ghost.since, ghost.starter = "out", event.at, event.actor
    ghost.asset, ghost.tag, ghost.personal = event.asset, event.tag, event.personal_data
    _find(ghost, event.found)


def _inspected(ghost: Ghost, event: e.Inspected) -> None:
    ghost.looked, ghost.nothing = True, event.none_confirmed
    _find(ghost, event.media)
    for one in event.media:
        _again(ghost.things[one.serial], event.at)
        ghost.things[one.serial].handled = True


def _again(thing: Thing, at: int) -> None:
    """What was said to be gone is there."""
    if thing.elsewhere or thing.kept or thing.destroyed:
        thing.forget()
        thing.elsewhere = thing.kept = thing.destroyed = False
        thing.doubted = at


def _requested(ghost: Ghost, event: e.Requested) -> None:
    ghost.phase, ghost.asker = "asked", event.actor
    ghost.route, ghost.value = event.route, event.value_pence


def _approved(ghost: Ghost, event: e.Approved) -> None:
    ghost.phase, ghost.approver = "agreed", event.actor


def _unasked(ghost: Ghost, event: Any) -> None:
    ghost.phase, ghost.asker, ghost.route, ghost.approver, ghost.value = "out", "", "", "", 0


def _appeared(ghost: Ghost, event: e.MediumAppeared) -> None:
    away = ghost.phase in {"away", "signed"}
    _find(ghost, [event.medium], late=away)
    _again(ghost.things[event.medium.serial], event.at)
    ghost.nothing = False
    if away:
        ghost.things[event.medium.serial].late = True
        opened = ("medium_extra", event.medium.serial, event.actor)
        ghost.open[f"extra-{event.medium.serial}"] = opened


def _on(ghost: Ghost, event: Any) -> Thing:
    return ghost.things.get(event.medium) or Thing(kind="unknown")


def _gone(ghost: Ghost, event: e.MediumMissing) -> None:
    _on(ghost, event).forget()
    _on(ghost, event).missing = True
    ghost.open[event.exception] = ("medium_missing", event.medium, event.actor)


def _failed(ghost: Ghost, event: e.MediumFailed) -> None:
    _on(ghost, event).forget()
    _on(ghost, event).failed = _on(ghost, event).handled = True


def _sanitised(ghost: Ghost, event: e.Sanitised) -> None:
    thing = _on(ghost, event)
    thing.forget()
    thing.wipe_seq, thing.handled = event.seq, True
    said = (event.level, event.technique, event.performer, event.actor, event.finished_at)
    thing.wipe = said


def _verified(ghost: Ghost, event: e.Verified) -> None:
    if event.result != "clean":
        _on(ghost, event).forget()
        _on(ghost, event).doubted = max(_on(ghost, event).doubted, event.finished_at)
    _on(ghost, event).read = event.result == "clean"
    _on(ghost, event).accepted = False


def _validated(ghost: Ghost, event: e.Validated) -> None:
    thing = _on(ghost, event)
    if event.decision == "escalate" and thing.wipe:
        thing.wanted = "purge" if thing.wipe[0] == "clear" else "destroy"
    if event.decision != "approved":
        thing.forget()
        thing.doubted = event.at
    thing.accepted = event.decision == "approved"


def _destroyed(ghost: Ghost, event: e.Destroyed) -> None:
    _on(ghost, event).said = (event.seq, event.witness)
    _on(ghost, event).handled = True


def _witnessed(ghost: Ghost, event: e.Witnessed) -> None:
    thing = _on(ghost, event)
    thing.said = None
    thing.destroyed = event.seen
    if not event.seen:
        thing.forget()
        thing.doubted = event.at


def _retained(ghost: Ghost, event: e.Retained) -> None:
    _on(ghost, event).kept = True


def _held(ghost: Ghost, event: e.Held) -> None:
    ghost.holds = sorted({*ghost.holds, event.hold})


def _released(ghost: Ghost, event: e.HoldReleased) -> None:
    ghost.holds = [one for one in ghost.holds if one != event.hold]


def _opened(ghost: Ghost, event: e.ExceptionOpened) -> None:
    ghost.open[event.exception] = (event.kind, event.medium, event.actor)


def _closed(ghost: Ghost, event: e.ExceptionClosed) -> None:
    kind, medium, _ = ghost.open.pop(event.exception, ("", "", ""))
    thing = ghost.things.get(medium)
    if kind == "medium_missing" and thing:
        thing.missing = False
        thing.elsewhere = event.outcome != "found"
        thing.handled |= event.outcome == "found"
        thing.doubted = event.at


def _collected(ghost: Ghost, event: e.Collected) -> None:
    ghost.phase, ghost.firm, ghost.trip = "away", event.contractor, event.collection
    ghost.left_at, ghost.listed = event.at, sorted(event.manifest)


def _received(ghost: Ghost, event: e.Received) -> None:
    ghost.phase = "signed"
    if set(event.serials) - ghost.along():
        ghost.open[f"receipt-{event.seq}"] = ("receipt_differs", "", event.actor)


def _certified(ghost: Ghost, event: e.Certified) -> None:
    for line in event.lines:
        thing = ghost.things.get(line.serial)
        if thing:
            thing.certified, thing.certified_how = line.level, line.technique or ""


def _ended(ghost: Ghost, event: Any) -> None:
    ghost.phase = "back" if isinstance(event, e.Reinstated) else "ended"
    if isinstance(event, e.Reinstated):
        for thing in ghost.things.values():
            thing.forget()
            thing.said = None


def _missing(ghost: Ghost, event: e.Missing) -> None:
    ghost.phase, ghost.loser = "lost", event.actor


def _found(ghost: Ghost, event: e.Found) -> None:
    _unasked(ghost, event)
    ghost.since, ghost.starter, ghost.loser = event.at, event.actor, ""
    ghost.looked = ghost.nothing = False
    ghost.firm = ghost.trip = ""
    for thing in ghost.things.values():
        thing.forget()
        thing.late, thing.said = False, None


_FOLLOW: Final[dict[type, Callable[[Ghost, Any], None]]] = {
    e.Withdrawn: _withdrawn,
    e.Inspected: _inspected,
    e.Requested: _requested,
    e.Approved: _approved,
    e.Rejected: _unasked,
    e.MediumAppeared: _appeared,
    e.MediumMissing: _gone,
    e.MediumFailed: _failed,
    e.Sanitised: _sanitised,
    e.Verified: _verified,
    e.Validated: _validated,
    e.Destroyed: _destroyed,
    e.Witnessed: _witnessed,
    e.Retained: _retained,
    e.Held: _held,
    e.HoldReleased: _released,
    e.ExceptionOpened: _opened,
    e.ExceptionClosed: _closed,
    e.Collected: _collected,
    e.Received: _received,
    e.Certified: _certified,
    e.Disposed: _ended,
    e.HandedOver: _ended,
    e.WrittenOff: _ended,
    e.Reinstated: _ended,
    e.Missing: _missing,
    e.Found: _found,
}


def state_of(ghost: Ghost, rules: Rules) -> set[str]:
    """The states that a machine may say, by what the events say."""
    if ghost.phase == "agreed":
        proven = all(empty_enough(t, ghost.route, rules) for t in ghost.things.values())
        return {"ready"} if proven and not ghost.open else {"approved", "sanitising"}
    ends = {"disposed", "donated", "sold", "transferred", "returned", "reused", "written_off"}
    named: dict[str, set[str]] = {
        "out": {"withdrawn"},
        "asked": {"requested"},
        "away": {"collected"},
        "signed": {"received"},
        "lost": {"missing"},
        "back": {"reinstated"},
        "ended": ends,
    }
    return named.get(ghost.phase, set())


def usable(serial: str) -> bool:
    """Whether a serial tells a medium apart, by the list of §5.3."""
    return len(serial) >= 6 and serials.key(serial) == serial
