"""Every guard by name, with the steps it stands before; a test takes one out and looks."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple, get_args

from inventory.disposal import events as e
from inventory.disposal.event import Step
from inventory.disposal.events import Event
from inventory.disposal.guards import any_step, deciding, leaving, media, wiping
from inventory.disposal.now import Now
from inventory.disposal.rules import Rules

Check = Callable[[Now, Any, Rules], None]
"""Raises Refused, or does nothing."""
Table = Mapping[type[Step], tuple[Check, ...]]


class Guard(NamedTuple):
    """One guard; `on` are the steps before which it stands."""

    check: Check
    on: tuple[type[Step], ...]

    @property
    def name(self) -> str:
        """`wiping.verifier_apart`"""
        return f"{self.check.__module__.rpartition('.')[2]}.{self.check.__name__}"


ALL: Final[tuple[type[Step], ...]] = get_args(Event)
_ON_MEDIUM: Final[tuple[type[Step], ...]] = get_args(media.OnMedium)
_FINDS: Final[tuple[type[Step], ...]] = get_args(media.Finds)

GUARDS: Final = (
    # Order matters only for which sentence is said first.
    Guard(any_step.begun, ALL),
    Guard(any_step.state, ALL),
    Guard(any_step.next_number, ALL),
    Guard(any_step.clock, ALL),
    Guard(any_step.same_rules, ALL),
    Guard(any_step.person, any_step.PERSONS),
    Guard(any_step.hold, any_step.HELD_BACK),
    Guard(any_step.exception, any_step.WAITING),
    Guard(any_step.reason, any_step.REASONED),
    Guard(any_step.reason_or_evidence, (e.Sanitised, e.MediumFailed)),
    Guard(any_step.reason_of_decision, (e.Validated, e.Witnessed)),
    Guard(any_step.evidence, (e.Verified, e.Destroyed, e.Received, e.Certified, e.HandedOver)),
    Guard(any_step.fresh_id, (e.Held, e.ExceptionOpened, e.MediumMissing)),
    Guard(any_step.not_in_future, (e.Sanitised, e.Verified, e.Certified)),
    Guard(any_step.second_person, (e.Corrected,)),
    Guard(any_step.corrects_something, (e.Corrected,)),
    Guard(media.usable_serials, _FINDS),
    Guard(media.each_once, _FINDS),
    Guard(media.not_known, (e.MediumAppeared,)),
    Guard(media.known, _ON_MEDIUM),
    Guard(media.here, _ON_MEDIUM),
    Guard(media.not_failed, (e.Sanitised, e.Verified, e.Validated)),
    Guard(media.lives_on, (e.Retained,)),
    Guard(media.keeper_apart, (e.Retained,)),
    Guard(deciding.may_lessen, (e.Retained, e.ExceptionClosed)),
    Guard(media.inspection_says, (e.Inspected,)),
    Guard(media.inspection_complete, (e.Inspected,)),
    Guard(deciding.route_asked, (e.Requested,)),
    Guard(deciding.licences_checked, (e.Requested,)),
    Guard(deciding.enough_offers, (e.Requested,)),
    Guard(deciding.approver_apart, (e.Approved,)),
    Guard(deciding.role_covers, (e.Approved, e.WrittenOff)),
    Guard(deciding.minuted, (e.Approved, e.WrittenOff, e.Retained, e.ExceptionClosed)),
    Guard(media.none_confirmed, (e.Approved,)),
    Guard(media.inspected, (e.Approved,)),
    Guard(media.set_as_seen, (e.Approved,)),
    Guard(wiping.offsite_allowed, (e.Sanitised, e.Destroyed)),
    Guard(wiping.wiped_since, (e.Sanitised,)),
    Guard(wiping.after_doubt, (e.Sanitised,)),
    Guard(wiping.later_wipe, (e.Sanitised,)),
    Guard(wiping.level_reached, (e.Sanitised,)),
    Guard(wiping.hidden_areas, (e.Sanitised,)),
    Guard(wiping.was_encrypted, (e.Sanitised,)),
    Guard(wiping.keys_gone, (e.Sanitised,)),
    Guard(wiping.of_last_wipe, (e.Verified, e.Validated)),
    Guard(wiping.read_after, (e.Verified,)),
    Guard(wiping.verifier_apart, (e.Verified,)),
    Guard(wiping.verifier_speaks, (e.Verified,)),
    Guard(wiping.method_fits, (e.Verified,)),
    Guard(wiping.sample_allowed, (e.Verified,)),
    Guard(wiping.sample_bound, (e.Verified,)),
    Guard(wiping.read_whole, (e.Verified,)),
    Guard(wiping.size_known, (e.Verified,)),
    Guard(wiping.validator_apart, (e.Validated,)),
    Guard(wiping.verified_first, (e.Validated,)),
    Guard(wiping.strong_enough, (e.Validated,)),
    Guard(wiping.witness_apart, (e.Destroyed,)),
    Guard(wiping.witness_asked, (e.Destroyed,)),
    Guard(wiping.of_this_destruction, (e.Witnessed,)),
    Guard(wiping.witness_speaks, (e.Witnessed,)),
    Guard(deciding.hold_is_open, (e.HoldReleased,)),
    Guard(deciding.may_release, (e.HoldReleased,)),
    Guard(deciding.releaser_apart, (e.HoldReleased,)),
    Guard(deciding.missing_by_step, (e.ExceptionOpened,)),
    Guard(deciding.exception_is_open, (e.ExceptionClosed,)),
    Guard(deciding.closer_apart, (e.ExceptionClosed,)),
    Guard(deciding.outcome_fits, (e.ExceptionClosed,)),
    Guard(deciding.given_up_apart, (e.ExceptionClosed,)),
    Guard(deciding.held_stays, (e.ExceptionClosed,)),
    Guard(deciding.never_seen, (e.ExceptionClosed,)),
    Guard(deciding.loss_assessed, (e.ExceptionClosed,)),
    Guard(leaving.route_is_waste, (e.Collected,)),
    Guard(leaving.ready_or_offsite, (e.Collected,)),
    Guard(leaving.destructions_seen, (e.Collected,)),
    Guard(leaving.papers_in_force, (e.Collected,)),
    Guard(leaving.manifest_complete, (e.Collected,)),
    Guard(leaving.same_contractor, (e.Received, e.Certified)),
    Guard(leaving.receiver_apart, (e.Received,)),
    Guard(leaving.receiver_speaks, (e.Received,)),
    Guard(leaving.accepts, (e.Received,)),
    Guard(leaving.receipt_lists, (e.Received,)),
    Guard(leaving.confirmer_apart, (e.Certified,)),
    Guard(leaving.confirmer_speaks, (e.Certified,)),
    Guard(leaving.lines_left, (e.Certified,)),
    Guard(leaving.lines_once, (e.Certified,)),
    Guard(leaving.lines_of_failed, (e.Certified,)),
    Guard(leaving.lines_succeeded, (e.Certified,)),
    Guard(leaving.lines_after_collection, (e.Certified,)),
    Guard(leaving.lines_reach, (e.Certified,)),
    Guard(leaving.outcome_of_route, (e.HandedOver,)),
    Guard(leaving.recipient_apart, (e.HandedOver,)),
    Guard(leaving.outsider_vouched, (e.HandedOver,)),
    Guard(leaving.all_proven, (e.Disposed, e.HandedOver)),
    Guard(leaving.all_certified, (e.Disposed,)),
    Guard(leaving.on_no_other_entry, (e.Disposed,)),
    Guard(leaving.reconciled, (e.Disposed,)),
    Guard(deciding.discovered_by_now, (e.Missing,)),
    Guard(deciding.encryption_told, (e.Missing,)),
    Guard(deciding.writer_off_apart, (e.WrittenOff,)),
    Guard(deciding.assessed, (e.WrittenOff,)),
)


def table(guards: Iterable[Guard]) -> Table:
    """Guards by the step they stand before."""
    every = tuple(guards)
    return {kind: tuple(g.check for g in every if kind in g.on) for kind in ALL}


TABLE: Final[Table] = table(GUARDS)
LATER: Final = ("wiping.witness_asked", "deciding.may_lessen", "leaving.outsider_vouched")
"""What was asked for only after histories without it were stored; those stay as they are."""


def without(*names: str) -> Table:
    """The table with some guards taken out, for tests of the others."""
    unknown = set(names) - {guard.name for guard in GUARDS}
    if unknown:
        raise KeyError(f"There are no such guards: {sorted(unknown)}.")
    return table(guard for guard in GUARDS if guard.name not in names)
