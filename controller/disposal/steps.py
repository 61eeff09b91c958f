"""Which steps this reader may take now, and for the others why not: asked of the reducer itself.

Each step is tried on the folded state with values that nothing speaks against, and is not kept. So
a page can never offer what the reducer would refuse, or refuse what it would take; what only the
typed values decide is said when they are sent. Pure.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec

from controller.disposal.board import Viewer
from controller.disposal.saying import HANDS, OFFICE, STOPS
from controller.disposal.words import words
from inventory.disposal import events as told
from inventory.disposal.events import Event
from inventory.disposal.now import Medium, Now, OpenException
from inventory.disposal.reducing import apply
from inventory.disposal.refusing import Refused
from inventory.disposal.rules import Rules
from inventory.disposal.states import OUTCOMES, ExceptionOutcome
from inventory.disposal.values import FoundMedium

SOMEBODY: Final = "user_somebody_else"
MACHINE: Final = "machine:dev_any"
PAPER: Final = "0" * 64
BY_PAPERS: Final = "diff_"
"""What a collection's differences are called by."""
_NEW_DRIVE: Final = "TRIED7F3K9Q2X"
_NOT_NOW: Final = frozenset({"not_now", "ended", "other_route"})


class Step(msgspec.Struct, frozen=True):
    """One step. `drive`: the serial it is about, "" for the whole; `why` and `rules`: what speaks
    against it, which invariants say so, and the refusal's code; `url`: where it is taken, filled
    in by the queries; `quiet`: possible, and seldom wanted."""

    name: str
    label: str
    may: bool
    drive: str = ""
    why: str = ""
    rules: tuple[str, ...] = ()
    code: str = ""
    url: str = ""
    quiet: bool = False


class Trying(msgspec.Struct, frozen=True):
    """Who tries what when. `roles`: those they hold at this school."""

    viewer: Viewer
    roles: tuple[str, ...]
    at: int
    rules: Rules


Probe = Callable[[Now, dict[str, Any], Trying], Iterator[Event]]


def steps(now: Now, trying: Trying) -> list[Step]:
    """Those of the whole thing, then those of each drive."""
    if now.ended:
        return []
    whole = [_tried(name, now, trying) for name in _WHOLE]
    of_drives = [
        _tried(name, now, trying, drive)
        for drive in now.media.values()
        for name in _wanted(now, drive)
    ]
    return [one for one in (*whole, *of_drives) if one is not None]


def _wanted(now: Now, drive: Medium) -> tuple[str, ...]:
    """What may be wanted of a drive."""
    worked = now.state in ("approved", "sanitising", "ready")
    first = _BY_STATE.get(drive.state, ()) if worked else ()
    return (*first, "miss", "retain") if drive.leaves else first


def settled_here(now: Now) -> list[OpenException]:
    """What is open and is cleared up on this disposal's own page, the most urgent first; what a
    collection's papers opened is settled where those are compared."""
    here = [one for one in now.exceptions.values() if not one.id.startswith(BY_PAPERS)]
    return sorted(here, key=lambda one: (one.due, one.id))


def _tried(name: str, now: Now, trying: Trying, drive: Medium | None = None) -> Step | None:
    who, allowed = _WHO[name]
    if name in _ONLY_IF and not _ONLY_IF[name](now):
        return None
    serial = drive.serial if drive else ""
    again = name == "destroy" and drive is not None and drive.unconfirmed is not None
    label = words().steps["destroy_again" if again else name]
    quiet = again or name in _QUIET
    step = Step(name, label, may=True, drive=serial, quiet=quiet)
    refused = _refusal(name, now, trying, serial)
    if refused is not None and refused.code in _NOT_NOW:
        return None
    if not allowed(trying.viewer):
        if drive and quiet:
            return None
        return msgspec.structs.replace(step, may=False, why=f"This is done by {who}.")
    if refused is None:
        return step
    why, rules = refused.sentence, tuple(refused.invariants)
    return msgspec.structs.replace(step, may=False, why=why, rules=rules, code=refused.code)


def _to_hand(now: Now) -> bool:
    """Whether it is handed over in the end, and near it."""
    return now.state == "ready" and now.route in OUTCOMES


def _refusal(name: str, now: Now, trying: Trying, serial: str) -> Refused | None:
    """What the reducer says to the best that could be tried; None where it takes it."""
    common = {
        "seq": now.seq + 1,
        "at": max(trying.at, now.at),
        "actor": trying.viewer.id,
        "rules": trying.rules.version,
    }
    if serial:
        common["medium"] = serial
    refused: Refused | None = None
    for event in _PROBES[name](now, common, trying):
        try:
            apply(now, event, trying.rules)
        except Refused as error:
            refused = refused or error
        else:
            return None
    return refused


def _request(_now: Now, common: dict[str, Any], _trying: Trying) -> Iterator[Event]:
    yield told.Requested(**common, route="waste", value_pence=0, licences_checked=True)


def _approve(now: Now, common: dict[str, Any], trying: Trying) -> Iterator[Event]:
    media = tuple(sorted(serial for serial, one in now.media.items() if not one.gone))
    for role in role_order(now, trying):
        yield told.Approved(**common, role=role, media=media, minute="1", evidence=(PAPER,))


def _reject(now: Now, common: dict[str, Any], trying: Trying) -> Iterator[Event]:
    for role in role_order(now, trying):
        yield told.Rejected(**common, role=role)


def role_order(now: Now, trying: Trying) -> list[str]:
    """The roles somebody could decide in, those that suffice for its value first; head and office
    speak for a committee with its minute."""
    enough = trying.rules.approvers(now.value_pence)
    stands_for = trying.rules.approving.by_minute if trying.viewer.approves else ()
    own = sorted(trying.roles, key=lambda one: one not in enough)
    return [*[one for one in own if one in enough], *stands_for, *own] or [""]


def _inspect(now: Now, common: dict[str, Any], _trying: Trying) -> Iterator[Event]:
    names = FoundMedium.__struct_fields__
    media = tuple(
        FoundMedium(**{name: getattr(one, name) for name in names})
        for one in now.media.values()
        if not one.gone
    )
    yield told.Inspected(**common, media=media, none_confirmed=not media)


def _sanitise(now: Now, common: dict[str, Any], trying: Trying) -> Iterator[Event]:
    medium = now.media[common["medium"]]
    for technique in trying.rules.techniques:
        level = trying.rules.reached(technique, medium.family)
        if level:
            yield told.Sanitised(
                **common,
                level=level,
                technique=technique,
                tool="any",
                performer=trying.viewer.id,
                finished_at=common["at"],
                hidden_areas_clear=True,
                keys_destroyed=True,
                evidence=(PAPER,),
                reason="tried",
            )


def _verify(now: Now, common: dict[str, Any], trying: Trying) -> Iterator[Event]:
    medium = now.media[common["medium"]]
    wipe = medium.wipe.seq if medium.wipe else 0
    how = trying.rules.techniques.get(medium.wipe.technique) if medium.wipe else None
    for method in how.verify if how else ("full",):
        yield told.Verified(
            **common,
            wipe=wipe,
            method=method,
            verifier=MACHINE,
            result="clean",
            bytes_read=medium.size_bytes,
            finished_at=common["at"],
            evidence=(PAPER,),
        )


def _validate(now: Now, common: dict[str, Any], _trying: Trying) -> Iterator[Event]:
    medium = now.media[common["medium"]]
    wipe = medium.wipe.seq if medium.wipe else 0
    yield told.Validated(**common, wipe=wipe, decision="approved")


def _fail(_now: Now, common: dict[str, Any], _trying: Trying) -> Iterator[Event]:
    yield told.MediumFailed(**common, evidence=(PAPER,), reason="tried")


def _destroy(_now: Now, common: dict[str, Any], _trying: Trying) -> Iterator[Event]:
    yield told.Destroyed(
        **common,
        method="shred",
        place="on_site",
        witness=SOMEBODY,
        evidence=(PAPER,),
        awaits_witness=True,
    )


def _witness(now: Now, common: dict[str, Any], _trying: Trying) -> Iterator[Event]:
    unconfirmed = now.media[common["medium"]].unconfirmed
    number = unconfirmed.seq if unconfirmed else 0
    yield told.Witnessed(**common, destruction=number, seen=True)


def _reinstate(_now: Now, common: dict[str, Any], _trying: Trying) -> Iterator[Event]:
    yield told.Reinstated(**common, reason="tried")


def _hold(_now: Now, common: dict[str, Any], _trying: Trying) -> Iterator[Event]:
    yield told.Held(**common, hold="hold_tried", kind="legal", reason="tried")


def _release(now: Now, common: dict[str, Any], trying: Trying) -> Iterator[Event]:
    for hold in now.holds:
        for role in trying.roles:
            yield told.HoldReleased(**common, hold=hold, role=role, reason="tried")


def _hand_over(now: Now, common: dict[str, Any], _trying: Trying) -> Iterator[Event]:
    outcome = OUTCOMES.get(now.route) if now.route else None
    if outcome:
        yield told.HandedOver(
            **common, outcome=outcome, recipient=PAPER, evidence=(PAPER,), outsider=True
        )


def _appear(_now: Now, common: dict[str, Any], _trying: Trying) -> Iterator[Event]:
    yield told.MediumAppeared(**common, medium=FoundMedium(serial=_NEW_DRIVE, kind="unknown"))


def _miss(_now: Now, common: dict[str, Any], _trying: Trying) -> Iterator[Event]:
    yield told.MediumMissing(**common, exception="exc_tried", due=common["at"])


def _retain(now: Now, common: dict[str, Any], trying: Trying) -> Iterator[Event]:
    for role in role_order(now, trying):
        yield told.Retained(**common, entry="asset_tried", role=role, minute="1", evidence=(PAPER,))


def _close(now: Now, common: dict[str, Any], _trying: Trying) -> Iterator[Event]:
    for one in settled_here(now):
        ends: ExceptionOutcome = "found" if one.kind == "medium_missing" else "resolved"
        yield told.ExceptionClosed(**common, exception=one.id, outcome=ends, reason="tried")


_PROBES: Final[Mapping[str, Probe]] = {
    "request": _request,
    "approve": _approve,
    "reject": _reject,
    "inspect": _inspect,
    "sanitise": _sanitise,
    "verify": _verify,
    "validate": _validate,
    "fail": _fail,
    "destroy": _destroy,
    "witness": _witness,
    "reinstate": _reinstate,
    "hold": _hold,
    "release_hold": _release,
    "hand_over": _hand_over,
    "appear": _appear,
    "miss": _miss,
    "retain": _retain,
    "close_exception": _close,
}
_ONLY_IF: Final[Mapping[str, Callable[[Now], object]]] = {
    "release_hold": lambda now: now.holds,
    "hand_over": _to_hand,
    "close_exception": settled_here,
}
"""Steps that are not spoken of where there is nothing to take them on."""
_WHOLE: Final = (
    *("close_exception", "inspect", "request", "approve", "reject", "release_hold", "hand_over"),
    *("appear", "reinstate", "hold"),
)
_BY_STATE: Final[Mapping[str, tuple[str, ...]]] = {
    "untouched": ("sanitise", "fail", "destroy"),
    "wiped": ("verify", "sanitise", "fail"),
    "verified": ("validate", "fail"),
    "failed": ("destroy",),
    "unconfirmed": ("witness", "destroy"),
}
"""What may be wanted of a drive by where it stands, the usual first."""
_QUIET: Final = frozenset({"reinstate", "reject", "hold", "appear", "miss", "retain"})


def _hands(viewer: Viewer) -> bool:
    return viewer.requests


def _office(viewer: Viewer) -> bool:
    return viewer.approves


def _stops(viewer: Viewer) -> bool:
    return viewer.holds


def _both(viewer: Viewer) -> bool:
    return viewer.requests or viewer.approves


def _anybody(viewer: Viewer) -> bool:
    return viewer.requests or viewer.approves or viewer.holds


_WHO: Final[Mapping[str, tuple[str, Callable[[Viewer], bool]]]] = {
    "request": (HANDS, _hands),
    "inspect": (HANDS, _hands),
    "approve": (OFFICE, _office),
    "reject": (OFFICE, _office),
    "sanitise": (HANDS, _hands),
    "verify": (HANDS, _both),
    "validate": (OFFICE, _office),
    "fail": (HANDS, _hands),
    "destroy": (HANDS, _hands),
    "witness": ("the witness who was named", _anybody),
    "reinstate": (HANDS, _hands),
    "hold": (STOPS, _stops),
    "release_hold": (STOPS, _stops),
    "hand_over": (OFFICE, _office),
    "appear": (HANDS, _hands),
    "miss": (HANDS, _hands),
    "retain": (OFFICE, _both),
    "close_exception": (OFFICE, _both),
}
"""Who takes a step, in words and as an ability."""
