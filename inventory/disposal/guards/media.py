"""Guards on the set of media: known by serial, inspected, complete (I3, I4, I16)."""

from inventory.disposal import events, serials
from inventory.disposal.now import Medium, Now
from inventory.disposal.refusing import Refused
from inventory.disposal.rules import Rules
from inventory.disposal.spelling import media_of

OnMedium = (
    events.MediumMissing
    | events.MediumFailed
    | events.Sanitised
    | events.Verified
    | events.Validated
    | events.Destroyed
    | events.Witnessed
    | events.Retained
)
"""Steps on one medium of the set."""
Finds = events.Withdrawn | events.Inspected | events.MediumAppeared
"""Steps that bring media in."""


def usable_serials(now: Now, event: Finds, rules: Rules) -> None:
    """A medium is told by a serial that tells it apart (§5.3)."""
    for found in media_of(event):
        if not found.serial or serials.key(found.serial) != found.serial:
            raise Refused("no_serial", serial=found.serial)


def each_once(now: Now, event: Finds, rules: Rules) -> None:
    """Nothing counts one medium twice (I10)."""
    seen = set()
    for found in media_of(event):
        if found.serial in seen:
            raise Refused("serial_twice", serial=found.serial)
        seen.add(found.serial)


def not_known(now: Now, event: events.MediumAppeared, rules: Rules) -> None:
    """What appears was not there before, or was said to be gone; what was destroyed cannot appear
    (I3)."""
    known = now.media.get(event.medium.serial)
    if known is not None and not known.gone:
        raise Refused("known_medium", serial=known.serial, state=known.state)


def known(now: Now, event: OnMedium, rules: Rules) -> None:
    """A step on a medium is on one of the set (I3)."""
    if event.medium not in now.media:
        raise Refused("unknown_medium", serial=event.medium)


def here(now: Now, event: OnMedium, rules: Rules) -> None:
    """Nothing more happens to what is destroyed, kept, missing or elsewhere (I3, I6); a destruction
    that nobody confirmed is confirmed, or recorded again before another witness."""
    medium = now.media.get(event.medium)
    again = isinstance(event, events.Destroyed | events.Witnessed)
    if medium is not None and not medium.leaves and not (again and medium.unconfirmed):
        raise Refused("medium_not_here", serial=medium.serial, state=medium.state)


def inspection_says(now: Now, event: events.Inspected, rules: Rules) -> None:
    """An inspection lists media or says that there is none (I4)."""
    if bool(event.media) == event.none_confirmed:
        raise Refused("says_nothing")


def inspection_complete(now: Now, event: events.Inspected, rules: Rules) -> None:
    """What reports know and the inspection does not is missing, not forgotten (I3, I4)."""
    listed = {found.serial for found in event.media}
    absent = sorted(s for s, m in now.media.items() if m.leaves and s not in listed)
    if absent:
        raise Refused("not_all_inspected", serials=", ".join(absent))


def inspected(now: Now, event: events.Approved, rules: Rules) -> None:
    """The set is frozen from reports and an inspection (I3, I4), as the rules ask."""
    wanted = rules.approving.inspection == "always" and now.personal_data != "no"
    if wanted and not now.inspected:
        raise Refused("not_inspected")


def none_confirmed(now: Now, event: events.Approved, rules: Rules) -> None:
    """No medium is a finding of an inspection, never a gap in a report (I4, T6)."""
    if now.personal_data != "no" and not now.media and not now.none_confirmed:
        raise Refused("no_media_known")


def set_as_seen(now: Now, event: events.Approved, rules: Rules) -> None:
    """Approval freezes the very set that the approver saw (I3)."""
    current = sorted(serial for serial, medium in now.media.items() if not medium.gone)
    if sorted(event.media) != current:
        raise Refused("set_changed", serials=", ".join(current) or "none")


def not_failed(
    now: Now,
    event: events.Sanitised | events.Verified | events.Validated,
    rules: Rules,
) -> None:
    """A failed medium is only ever destroyed (I6, T7)."""
    medium = now.media.get(event.medium)
    if medium is not None and medium.failed:
        raise Refused("failed_medium", serial=medium.serial)


def lives_on(now: Now, event: events.Retained, rules: Rules) -> None:
    """A medium that is kept is an entry of its own; nothing vanishes (I16)."""
    if event.entry == now.asset:
        raise Refused("no_entry", serial=event.medium)


def keeper_apart(now: Now, event: events.Retained, rules: Rules) -> None:
    """What the approver saw does not shrink by the requester's word alone (I2, I3)."""
    if now.approved_at is not None and event.actor == now.requester:
        raise Refused("same_keeper", serial=event.medium)


def medium_of(now: Now, event: OnMedium) -> Medium | None:
    """The medium that a step is on; None where `known` refuses the step anyway."""
    return now.media.get(event.medium)
