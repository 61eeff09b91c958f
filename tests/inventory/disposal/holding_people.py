"""What must hold of order, people, papers, holds and losses (I1, I2, I12 to I16)."""

from collections.abc import Callable
from typing import Any, Final

from inventory.disposal import events as e
from inventory.disposal.rules import Rules
from inventory.disposal.spelling import tag_of
from tests.inventory.disposal.watching import Ghost, Thing, empty_enough

Property = Callable[[Ghost, Any, Rules], bool]
"""Whether it holds."""

_PHASES: Final = {
    "withdrawn": "none",
    "inspected": "out asked",
    "requested": "out",
    "approved": "asked",
    "rejected": "asked",
    "medium_appeared": "out asked agreed away signed",
    "medium_missing": "out asked agreed away signed",
    "medium_failed": "out asked agreed away signed",
    "sanitised": "agreed",
    "verified": "agreed",
    "validated": "agreed",
    "destroyed": "agreed",
    "witnessed": "agreed",
    "retained": "out asked agreed",
    "held": "out asked agreed away signed lost",
    "hold_released": "out asked agreed away signed lost",
    "exception_opened": "out asked agreed away signed lost",
    "exception_closed": "out asked agreed away signed lost",
    "collected": "agreed",
    "received": "away",
    "certified": "signed",
    "disposed": "signed",
    "handed_over": "agreed",
    "reinstated": "out asked agreed",
    "missing": "out asked agreed away signed",
    "found": "lost",
    "written_off": "lost",
    "seen": "away signed lost ended",
    "corrected": "out asked agreed away signed lost ended back",
}
_DECIDED: Final = (
    "approved rejected validated destroyed witnessed retained hold_released exception_closed "
    "received certified handed_over written_off corrected"
)
_EXPLAINED: Final = (
    "withdrawn held hold_released exception_closed reinstated found written_off corrected"
)
_HELD_UP: Final = (
    "approved sanitised destroyed retained collected disposed handed_over reinstated written_off"
)
_ENDS: Final = {
    ("donate", "donated"),
    ("sale", "sold"),
    ("transfer", "transferred"),
    ("return_lessor", "returned"),
    ("internal_reuse", "reused"),
}


def human(actor: str) -> bool:
    """Whether an actor is a person's account."""
    return actor != "system" and not actor.startswith("machine:")


def thing_of(ghost: Ghost, event: Any) -> Thing:
    """The medium that a step is on."""
    return ghost.things.get(event.medium) or Thing(kind="unknown")


def _apart(ghost: Ghost, event: Any, who: str) -> bool:
    wipe = thing_of(ghost, event).wipe
    return wipe is None or who not in {wipe[2], wipe[3]}


def _covered(ghost: Ghost, event: Any, rules: Rules) -> bool:
    value = max(ghost.value, getattr(event, "value_pence", 0))
    return event.role == "governors" or (event.role == "slt" and value <= 250_000)


def _lessens(ghost: Ghost, event: Any) -> bool:
    outcome = getattr(event, "outcome", "lost")
    return outcome == "never_there" or (bool(ghost.approver) and outcome in {"lost", "elsewhere"})


def _another_closes(ghost: Ghost, event: e.ExceptionClosed, rules: Rules) -> bool:
    opener = ghost.open.get(event.exception, ("", "", ""))[2]
    if not human(opener):
        opener = ghost.asker or ghost.starter
    return event.actor != opener


def _assessed(ghost: Ghost, event: e.WrittenOff, rules: Rules) -> bool:
    if event.breach != "no_personal_data" or ghost.personal == "no":
        return True
    things = ghost.things.values()
    return (bool(things) or ghost.nothing) and all(
        not thing.certified and empty_enough(thing, ghost.route, rules) for thing in things
    )


# Name, steps, property. Names begin with the invariant that the property restates.
PROPERTIES: Final[tuple[tuple[str, str, Property], ...]] = (
    ("I1 order", "*", lambda g, v, r: g.phase in _PHASES[tag_of(v)].split()),
    ("I1 numbered", "*", lambda g, v, r: v.seq == g.seq + 1),
    ("I1 forward in time", "*", lambda g, v, r: v.at >= g.at),
    ("I1 by the rules named", "*", lambda g, v, r: v.rules == r.version),
    ("I1 persons decide", _DECIDED, lambda g, v, r: human(v.actor)),
    ("I1 with a reason", _EXPLAINED, lambda g, v, r: bool(v.reason.strip())),
    ("I1 opened once", "held", lambda g, v, r: v.hold not in g.holds),
    (
        "I1 opened once",
        "exception_opened medium_missing",
        lambda g, v, r: v.exception not in g.open,
    ),
    ("I1 not in the future", "sanitised verified", lambda g, v, r: v.finished_at <= v.at),
    (
        "I1 not in the future",
        "certified",
        lambda g, v, r: all(line.finished_at <= v.at for line in v.lines),
    ),
    ("I2 approver apart", "approved", lambda g, v, r: v.actor != g.asker),
    ("I2 role covers", "approved written_off", _covered),
    (
        "I2 minuted",
        "approved written_off retained exception_closed",
        lambda g, v, r: v.role != "governors" or bool(v.minute and v.evidence),
    ),
    ("I2 verifier apart", "verified", lambda g, v, r: _apart(g, v, v.verifier)),
    (
        "I2 verifier speaks",
        "verified",
        lambda g, v, r: v.verifier[:8] == "machine:" or (v.verifier == v.actor and human(v.actor)),
    ),
    ("I2 validator apart", "validated", lambda g, v, r: _apart(g, v, v.actor)),
    (
        "I2 witness apart",
        "destroyed",
        lambda g, v, r: v.witness != v.actor and human(v.witness),
    ),
    ("I2 witness asked", "destroyed", lambda g, v, r: v.awaits_witness),
    (
        "I2 of this destruction",
        "witnessed",
        lambda g, v, r: v.destruction == (thing_of(g, v).said or (0, ""))[0],
    ),
    (
        "I2 witness speaks",
        "witnessed",
        lambda g, v, r: v.actor == (thing_of(g, v).said or (0, v.actor))[1],
    ),
    ("I2 not seen with a reason", "witnessed", lambda g, v, r: v.seen or bool(v.reason)),
    (
        "I2 destructions seen",
        "collected",
        lambda g, v, r: not any(thing.said for thing in g.things.values()),
    ),
    (
        "I2 receiver apart",
        "received",
        lambda g, v, r: g.asker not in {v.receiver, v.actor},
    ),
    ("I2 receiver speaks", "received", lambda g, v, r: v.receiver == v.actor),
    ("I2 confirmer apart", "certified", lambda g, v, r: v.entered_by != v.confirmed_by),
    ("I2 confirmer speaks", "certified", lambda g, v, r: v.confirmed_by == v.actor),
    (
        "I2 recipient apart",
        "handed_over",
        lambda g, v, r: v.recipient not in {g.asker, g.approver, v.actor},
    ),
    (
        "I2 outsider vouched",
        "handed_over",
        lambda g, v, r: v.outsider or v.recipient.startswith("usr_"),
    ),
    (
        "I2 writer-off apart",
        "written_off",
        lambda g, v, r: v.actor not in {g.loser, g.asker, g.starter},
    ),
    (
        "I2 releaser apart",
        "hold_released",
        lambda g, v, r: v.actor != (g.asker or g.starter),
    ),
    (
        "I2 keeper apart",
        "retained",
        lambda g, v, r: not g.approver or v.actor != g.asker,
    ),
    (
        "I2 keeper apart",
        "exception_closed",
        lambda g, v, r: not _lessens(g, v) or v.actor != (g.asker or g.starter),
    ),
    (
        "I2 lessened by who may approve",
        "retained exception_closed",
        lambda g, v, r: not _lessens(g, v) or _covered(g, v, r),
    ),
    ("I2 closer apart", "exception_closed", _another_closes),
    (
        "I2 offers",
        "requested",
        lambda g, v, r: (
            v.route != "sale" or v.value_pence < 10_000 or len({o.evidence for o in v.offers}) > 2
        ),
    ),
    ("I2 goes as approved", "collected", lambda g, v, r: g.route == "waste"),
    (
        "I2 goes as approved",
        "handed_over",
        lambda g, v, r: (g.route, v.outcome) in _ENDS,
    ),
    (
        "I12 shown",
        "verified destroyed received certified handed_over",
        lambda g, v, r: bool(v.evidence),
    ),
    (
        "I12 shown or explained",
        "sanitised medium_failed",
        lambda g, v, r: bool(v.evidence or v.reason),
    ),
    (
        "I12 two correct",
        "corrected",
        lambda g, v, r: v.second != v.actor and human(v.second),
    ),
    ("I12 corrects a step", "corrected", lambda g, v, r: 1 <= v.corrects < v.seq),
    ("I13 nothing under a hold", _HELD_UP, lambda g, v, r: not g.holds),
    (
        "I13 nothing given up under a hold",
        "exception_closed",
        lambda g, v, r: not g.holds or v.outcome in {"found", "resolved", "mistaken"},
    ),
    ("I13 only what is held", "hold_released", lambda g, v, r: v.hold in g.holds),
    (
        "I13 released by whom",
        "hold_released",
        lambda g, v, r: v.role in {"slt", "dsl", "business_manager", "admin"},
    ),
    ("I14 nobody asks for a loss", "requested", lambda g, v, r: v.route not in {"lost", "stolen"}),
    ("I14 discovered", "missing", lambda g, v, r: v.discovered_at <= v.at),
    (
        "I14 encryption told",
        "missing",
        lambda g, v, r: {one.serial for one in v.encryption} >= g.answered_for(),
    ),
    ("I14 assessed", "written_off", _assessed),
    ("I15 licences", "requested", lambda g, v, r: v.licences_checked),
    ("I16 lives on", "retained", lambda g, v, r: v.entry != g.asset),
)
