"""What each step of a disposal does, whether or not it may (I1): pure, and never raises."""

from collections.abc import Callable
from typing import Any, Final

from inventory.disposal import events
from inventory.disposal.event import Step
from inventory.disposal.events import Event
from inventory.disposal.media_set import (
    UNPROVEN,
    all_unproven,
    back,
    changed,
    merged,
    with_medium,
)
from inventory.disposal.now import Check, Destruction, Hold, Loss, Now, OpenException, Wipe
from inventory.disposal.proving import leaving, uncertified, unproven
from inventory.disposal.rules import Rules
from inventory.disposal.states import AWAY, LEVELS, ExceptionKind, Level, State

DAY: Final = 86_400
EXPLAIN_DAYS: Final = 14
"""To explain what a receipt or a teardown turned up."""

Evolve = Callable[[Now, Any, Rules], Now]


def evolve(now: Now, event: Event, rules: Rules) -> Now:
    """What a step does, whether or not it may; never raises."""
    now = changed(now, seq=event.seq, at=event.at, rules=event.rules)
    return _settle(_EVOLVE[type(event)](now, event, rules), event, rules)


def _settle(now: Now, event: Event, rules: Rules) -> Now:
    """`ready` is where every medium is proven and nothing is open; work on a medium, or one more,
    leads out of it (I3, I5)."""
    if now.state not in {"approved", "sanitising", "ready"}:
        return now
    done = not now.exceptions and not unproven(now, rules)
    state: State = "ready" if done else now.state
    if not done and (now.state == "ready" or not isinstance(event, _IDLE)):
        state = "sanitising"
    return now if state == now.state else changed(now, state=state)


_IDLE: Final = (
    events.Approved,
    events.Held,
    events.HoldReleased,
    events.ExceptionOpened,
    events.ExceptionClosed,
    events.Seen,
    events.Corrected,
)
"""Steps after which what is approved is not yet being worked on."""


_UNASKED: Final[dict[str, Any]] = {
    "route": None,
    "requester": "",
    "value_pence": 0,
    "offers": 0,
    "approvers": (),
    "approved_at": None,
    "frozen": (),
}
"""A disposal that nobody asks for any more."""
_UNCOLLECTED: Final[dict[str, Any]] = {
    "collection": "",
    "contractor": "",
    "collected_at": None,
    "manifest": (),
    "receipt": (),
    "received_at": None,
    "receiver": "",
    "certificate_due_at": None,
}


def _withdrawn(now: Now, event: events.Withdrawn, rules: Rules) -> Now:
    now = changed(
        now,
        state="withdrawn",
        asset=event.asset,
        tag=event.tag,
        personal_data=event.personal_data,
        withdrawn_by=event.actor,
        withdrawn_at=event.at,
    )
    return merged(now, event.found, rules)


def _inspected(now: Now, event: events.Inspected, rules: Rules) -> Now:
    now = merged(now, event.media, rules)
    for found in event.media:
        now = back(now, found.serial, event.at, handled=True)
    return changed(now, inspected=True, none_confirmed=event.none_confirmed)


def _requested(now: Now, event: events.Requested, rules: Rules) -> Now:
    return changed(
        now,
        state="requested",
        route=event.route,
        requester=event.actor,
        value_pence=event.value_pence,
        offers=len(event.offers),
    )


def _approved(now: Now, event: events.Approved, rules: Rules) -> Now:
    return changed(
        now,
        state="approved",
        approvers=(event.actor,),
        approved_at=event.at,
        frozen=tuple(sorted(event.media)),
    )


def _rejected(now: Now, event: events.Rejected, rules: Rules) -> Now:
    return changed(now, state="withdrawn", **_UNASKED)


def _appeared(now: Now, event: events.MediumAppeared, rules: Rules) -> Now:
    away = now.state in AWAY
    now = changed(merged(now, (event.medium,), rules, late=away), none_confirmed=False)
    serial = event.medium.serial
    now = back(now, serial, event.at)
    if away:
        now = with_medium(now, serial, late=True)
        return _open(now, event, f"extra-{serial}", "medium_extra", medium=serial)
    return now


def _open(now: Now, event: Event, name: str, kind: ExceptionKind, **said: Any) -> Now:
    """An exception is open from now on (I3, I10); `due` in two weeks unless it is said."""
    facts = {"medium": "", "owner": "", "due": event.at + EXPLAIN_DAYS * DAY, **said}
    new = OpenException(id=name, kind=kind, by=event.actor, at=event.at, **facts)
    return changed(now, exceptions={**now.exceptions, name: new})


def _medium_missing(now: Now, event: events.MediumMissing, rules: Rules) -> Now:
    now = with_medium(now, event.medium, missing=True, **UNPROVEN)
    said = {"medium": event.medium, "owner": event.owner, "due": event.due}
    return _open(now, event, event.exception, "medium_missing", **said)


def _medium_failed(now: Now, event: events.MediumFailed, rules: Rules) -> Now:
    return with_medium(now, event.medium, failed=True, handled=True, **UNPROVEN)


def _sanitised(now: Now, event: events.Sanitised, rules: Rules) -> Now:
    wipe = Wipe(
        seq=event.seq,
        level=event.level,
        technique=event.technique,
        performer=event.performer,
        by=event.actor,
        finished_at=event.finished_at,
        offsite=event.offsite,
    )
    return with_medium(now, event.medium, handled=True, **{**UNPROVEN, "wipe": wipe})


def _verified(now: Now, event: events.Verified, rules: Rules) -> Now:
    if event.result != "clean":
        return _doubted(now, event.medium, event.finished_at)
    check = Check(
        seq=event.seq,
        method=event.method,
        verifier=event.verifier,
        finished_at=event.finished_at,
        bound_ppb=event.bound_ppb,
    )
    return with_medium(now, event.medium, check=check, validated_by="")


def _doubted(now: Now, serial: str, at: int, **said: Any) -> Now:
    """Nothing of a medium is proven, and no wipe that ended by `at` will do (I5)."""
    medium = now.media.get(serial)
    since = max(at, medium.doubted_at) if medium else at
    return with_medium(now, serial, doubted_at=since, **UNPROVEN, **said)


def _validated(now: Now, event: events.Validated, rules: Rules) -> Now:
    if event.decision == "approved":
        return with_medium(now, event.medium, validated_by=event.actor)
    medium = now.media.get(event.medium)
    if event.decision == "escalate" and medium and medium.wipe:
        next_level = LEVELS.index(medium.wipe.level) + 1
        level: Level = LEVELS[min(next_level, len(LEVELS) - 1)]
        return _doubted(now, event.medium, event.at, at_least=level)
    return _doubted(now, event.medium, event.at)


def _destroyed(now: Now, event: events.Destroyed, rules: Rules) -> Now:
    end = Destruction(
        seq=event.seq,
        by=event.actor,
        witness=event.witness,
        place=event.place,
        method=event.method,
    )
    now = with_medium(now, event.medium, handled=True)
    if event.awaits_witness:
        return with_medium(now, event.medium, unconfirmed=end)
    return with_medium(now, event.medium, destroyed=end)


def _witnessed(now: Now, event: events.Witnessed, rules: Rules) -> Now:
    medium = now.media.get(event.medium)
    if event.seen and medium:
        return with_medium(now, event.medium, destroyed=medium.unconfirmed, unconfirmed=None)
    # Nobody knows where it was meanwhile.
    return _doubted(now, event.medium, event.at, unconfirmed=None)


def _retained(now: Now, event: events.Retained, rules: Rules) -> Now:
    return with_medium(now, event.medium, kept_as=event.entry)


def _held(now: Now, event: events.Held, rules: Rules) -> Now:
    hold = Hold(id=event.hold, kind=event.kind, by=event.actor, at=event.at)
    return changed(now, holds={**now.holds, event.hold: hold})


def _released(now: Now, event: events.HoldReleased, rules: Rules) -> Now:
    return changed(now, holds={k: v for k, v in now.holds.items() if k != event.hold})


def _exception(now: Now, event: events.ExceptionOpened, rules: Rules) -> Now:
    said = {"medium": event.medium, "owner": event.owner, "due": event.due}
    return _open(now, event, event.exception, event.kind, **said)


def _closed(now: Now, event: events.ExceptionClosed, rules: Rules) -> Now:
    found = now.exceptions.get(event.exception)
    left = {k: v for k, v in now.exceptions.items() if k != event.exception}
    now = changed(now, exceptions=left)
    if found is None or found.kind != "medium_missing":
        return now
    if event.outcome == "found":
        return _doubted(now, found.medium, event.at, missing=False, handled=True)
    said = {"lost": event.outcome == "lost", "never_there": event.outcome == "never_there"}
    return _doubted(now, found.medium, event.at, missing=False, gone=True, **said)


def _collected(now: Now, event: events.Collected, rules: Rules) -> Now:
    return changed(
        now,
        state="collected",
        collection=event.collection,
        contractor=event.contractor,
        collected_at=event.at,
        manifest=tuple(sorted(event.manifest)),
        certificate_due_at=event.at + rules.wiping.certificate_days * DAY,
    )


def _received(now: Now, event: events.Received, rules: Rules) -> Now:
    extra = set(event.serials) - leaving(now)
    now = changed(
        now,
        state="received",
        receiver=event.receiver,
        receipt=tuple(sorted(set(event.serials))),
        received_at=event.at,
    )
    if extra:
        return _open(now, event, f"receipt-{event.seq}", "receipt_differs")
    return now


def _certified(now: Now, event: events.Certified, rules: Rules) -> Now:
    for line in event.lines:
        now = with_medium(now, line.serial, certified=line)
    if uncertified(now, rules):
        return now
    # It came: nothing is left to explain.
    left = {k: v for k, v in now.exceptions.items() if v.kind != "certificate_overdue"}
    return changed(now, exceptions=left)


def _disposed(now: Now, event: events.Disposed, rules: Rules) -> Now:
    return changed(now, state="disposed", ended_at=event.at)


def _handed_over(now: Now, event: events.HandedOver, rules: Rules) -> Now:
    return changed(now, state=event.outcome, ended_at=event.at)


def _reinstated(now: Now, event: events.Reinstated, rules: Rules) -> Now:
    return changed(now, state="reinstated", ended_at=event.at, media=all_unproven(now))


def _missing(now: Now, event: events.Missing, rules: Rules) -> Now:
    loss = Loss(
        kind=event.kind,
        discovered_at=event.discovered_at,
        reported_by=event.actor,
        encryption=event.encryption,
    )
    return changed(now, state="missing", loss=loss)


def _found(now: Now, event: events.Found, rules: Rules) -> Now:
    return changed(
        now,
        state="withdrawn",
        withdrawn_by=event.actor,
        withdrawn_at=event.at,
        media=all_unproven(now),
        inspected=False,
        none_confirmed=False,
        loss=None,
        **_UNASKED,
        **_UNCOLLECTED,
    )


def _written_off(now: Now, event: events.WrittenOff, rules: Rules) -> Now:
    return changed(now, state="written_off", ended_at=event.at)


def _seen(now: Now, event: events.Seen, rules: Rules) -> Now:
    return changed(now, seen_again=now.seen_again + 1)


def _corrected(now: Now, event: events.Corrected, rules: Rules) -> Now:
    return now


_EVOLVE: Final[dict[type[Step], Evolve]] = {
    events.Withdrawn: _withdrawn,
    events.Inspected: _inspected,
    events.Requested: _requested,
    events.Approved: _approved,
    events.Rejected: _rejected,
    events.MediumAppeared: _appeared,
    events.MediumMissing: _medium_missing,
    events.MediumFailed: _medium_failed,
    events.Sanitised: _sanitised,
    events.Verified: _verified,
    events.Validated: _validated,
    events.Destroyed: _destroyed,
    events.Witnessed: _witnessed,
    events.Retained: _retained,
    events.Held: _held,
    events.HoldReleased: _released,
    events.ExceptionOpened: _exception,
    events.ExceptionClosed: _closed,
    events.Collected: _collected,
    events.Received: _received,
    events.Certified: _certified,
    events.Disposed: _disposed,
    events.HandedOver: _handed_over,
    events.Reinstated: _reinstated,
    events.Missing: _missing,
    events.Found: _found,
    events.WrittenOff: _written_off,
    events.Seen: _seen,
    events.Corrected: _corrected,
}
