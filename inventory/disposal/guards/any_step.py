"""Guards on every step: order, clock, rules, state, holds, exceptions, reasons (I1, I10, I12,
I13)."""

from typing import Final

from inventory.disposal import events
from inventory.disposal.event import Step
from inventory.disposal.events import Event
from inventory.disposal.now import Now
from inventory.disposal.refusing import Refused
from inventory.disposal.rules import Rules
from inventory.disposal.spelling import tag_of
from inventory.disposal.steps import STEPS, offered

HELD_BACK: Final[tuple[type[Step], ...]] = (
    events.Approved,
    events.Sanitised,
    events.Destroyed,
    events.Retained,
    events.Collected,
    events.Disposed,
    events.HandedOver,
    events.Reinstated,
    events.WrittenOff,
)
"""What a hold stops (I13). What happened elsewhere, such as a receipt, is still written down."""
WAITING: Final[tuple[type[Step], ...]] = (
    events.Approved,
    events.Collected,
    events.Disposed,
    events.HandedOver,
    events.WrittenOff,
)
"""What an open exception stops (I3, I10). Work on other media goes on."""
PERSONS: Final[tuple[type[Step], ...]] = (
    events.Approved,
    events.Rejected,
    events.Validated,
    events.Destroyed,
    events.Witnessed,
    events.Retained,
    events.HoldReleased,
    events.ExceptionClosed,
    events.Received,
    events.Certified,
    events.HandedOver,
    events.WrittenOff,
    events.Corrected,
)
"""What a person decides or vouches for, never a machine (SP 800-88r2 §4.5.2)."""
REASONED: Final[tuple[type[Step], ...]] = (
    events.Withdrawn,
    events.Held,
    events.HoldReleased,
    events.ExceptionClosed,
    events.Reinstated,
    events.Found,
    events.WrittenOff,
    events.Corrected,
)


def is_person(actor: str) -> bool:
    """Whether an actor is a person's account, not a machine's key nor the system."""
    return actor != "system" and not actor.startswith("machine:")


def next_number(now: Now, event: Event, rules: Rules) -> None:
    """Events count from 1 without gaps, so that none is lost, doubled or moved (I1)."""
    if event.seq != now.seq + 1:
        raise Refused("other_number", is_=event.seq, next=now.seq + 1)


def clock(now: Now, event: Event, rules: Rules) -> None:
    """Time does not run backwards (I1)."""
    if event.at < now.at:
        raise Refused("clock_back")


def not_in_future(
    now: Now, event: events.Sanitised | events.Verified | events.Certified, rules: Rules
) -> None:
    """Nothing ended after it was recorded (I1)."""
    ends = (
        [line.finished_at for line in event.lines]
        if isinstance(event, events.Certified)
        else [event.finished_at]
    )
    if max(ends) > event.at:
        raise Refused("in_future")


def same_rules(now: Now, event: Event, rules: Rules) -> None:
    """A step is judged by the rules that it names (I1)."""
    if event.rules != rules.version:
        raise Refused("other_rules")


def begun(now: Now, event: Event, rules: Rules) -> None:
    """A disposal begins with `Withdrawn` of a thing in the register, once (I1, T1)."""
    if isinstance(event, events.Withdrawn):
        if now.state is not None:
            raise Refused("not_now", state=now.state, next=offered(now.state))
    elif now.state is None:
        raise Refused("not_begun")


def state(now: Now, event: Event, rules: Rules) -> None:
    """Steps follow `STEPS`; what has ended stays ended (§5.2, I12)."""
    if now.state is None or isinstance(event, events.Withdrawn):
        return
    if now.state not in STEPS[tag_of(event)]:
        if now.ended:
            raise Refused("ended")
        raise Refused("not_now", state=now.state.replace("_", " "), next=offered(now.state))


def hold(now: Now, event: Event, rules: Rules) -> None:
    """A hold stops wiping itself, not only release (I13)."""
    if now.holds:
        raise Refused("held")


def exception(now: Now, event: Event, rules: Rules) -> None:
    """An open exception stops every step towards the door (I3, I10)."""
    if now.exceptions:
        open_ones = sorted(now.exceptions.values(), key=lambda one: one.id)
        said = [f"{one.kind.replace('_', ' ')} {one.medium}".strip() for one in open_ones]
        raise Refused("exception_open", open=", ".join(said))


def person(now: Now, event: Event, rules: Rules) -> None:
    """Decisions are a person's (I1, I2)."""
    if not is_person(event.actor):
        raise Refused("needs_person")


def reason(now: Now, event: Event, rules: Rules) -> None:
    """What is decided freely says why (I1)."""
    if not str(getattr(event, "reason", "")).strip():
        raise Refused("no_reason")


def reason_or_evidence(
    now: Now,
    event: events.Sanitised | events.MediumFailed,
    rules: Rules,
) -> None:
    """What comes without a file, typed by hand, says why (I12)."""
    if not event.evidence and not event.reason.strip():
        raise Refused("no_evidence")


def reason_of_decision(now: Now, event: events.Validated | events.Witnessed, rules: Rules) -> None:
    """Who does not accept a wipe, or did not see a destruction, says why."""
    agreed = event.seen if isinstance(event, events.Witnessed) else event.decision == "approved"
    if not agreed and not event.reason.strip():
        raise Refused("no_reason")


def evidence(
    now: Now,
    event: (
        events.Verified | events.Destroyed | events.Received | events.Certified | events.HandedOver
    ),
    rules: Rules,
) -> None:
    """These are only as good as their file (I12, T4, T5)."""
    if not event.evidence:
        raise Refused("no_evidence")


def fresh_id(
    now: Now,
    event: events.Held | events.ExceptionOpened | events.MediumMissing,
    rules: Rules,
) -> None:
    """A hold or an exception is opened once (I1)."""
    new = event.hold if isinstance(event, events.Held) else event.exception
    if new in now.holds or new in now.exceptions:
        raise Refused("used_id")


def second_person(now: Now, event: events.Corrected, rules: Rules) -> None:
    """A correction is two people's (I2, I12)."""
    if event.second == event.actor or not is_person(event.second):
        raise Refused("same_second")


def corrects_something(now: Now, event: events.Corrected, rules: Rules) -> None:
    """A correction names a step that there is (I12)."""
    if not 1 <= event.corrects <= now.seq:
        raise Refused("no_such_event")
