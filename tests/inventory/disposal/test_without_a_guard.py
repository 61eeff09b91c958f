"""Each guard is needed: with it taken out, some step is accepted that breaks a named property.

`CAUGHT` says in which scene, and by which property. A guard that is not listed fails here, and so
does one that could be taken out without anybody noticing.
"""

from typing import Final

import pytest

from inventory.disposal.guards.table import GUARDS, without
from tests.inventory.disposal.exploring import explore
from tests.inventory.disposal.scenes import scenes

CAUGHT: Final[dict[str, tuple[str, str]]] = {
    "any_step.begun": ("asking lightly", "I1 order"),
    "any_step.state": ("offsite flash", "I1 order"),
    "any_step.next_number": ("asking", "I1 numbered"),
    "any_step.clock": ("asking", "I1 forward in time"),
    "any_step.same_rules": ("asking", "I1 by the rules named"),
    "any_step.person": ("handing over", "I1 persons decide"),
    "any_step.hold": ("losing", "I13 nothing under a hold"),
    "any_step.exception": ("signed for", "I3 nothing open"),
    "any_step.reason": ("handing over", "I1 with a reason"),
    "any_step.reason_or_evidence": ("wiping", "I12 shown or explained"),
    "any_step.reason_of_decision": ("wiping", "I5 not accepted with a reason"),
    "any_step.evidence": ("handing over", "I12 shown"),
    "any_step.fresh_id": ("losing", "I1 opened once"),
    "any_step.not_in_future": ("leaving", "I1 not in the future"),
    "any_step.second_person": ("handing over", "I12 two correct"),
    "any_step.corrects_something": ("handing over", "I12 corrects a step"),
    "media.usable_serials": ("asking", "I3 told apart"),
    "media.each_once": ("asking", "I10 each once"),
    "media.not_known": ("certified", "I3 new"),
    "media.known": ("handing over", "I3 of this set"),
    "media.here": ("handing over", "I3 here"),
    "media.not_failed": ("offsite", "I6 failed is only destroyed"),
    "media.keeper_apart": ("wiping", "I2 keeper apart"),
    "media.lives_on": ("wiping", "I16 lives on"),
    "media.inspection_says": ("asking", "I4 says one"),
    "media.inspection_complete": ("asking lightly", "I4 says all"),
    "deciding.route_asked": ("asking", "I14 nobody asks for a loss"),
    "deciding.licences_checked": ("asking", "I15 licences"),
    "deciding.enough_offers": ("asking", "I2 offers"),
    "deciding.approver_apart": ("asking", "I2 approver apart"),
    "deciding.role_covers": ("asking", "I2 role covers"),
    "deciding.minuted": ("asking", "I2 minuted"),
    "media.none_confirmed": ("asking lightly", "I4 none confirmed"),
    "media.inspected": ("asking", "I4 looked"),
    "media.set_as_seen": ("asking lightly", "I3 frozen as seen"),
    "wiping.offsite_allowed": ("wiping", "I9 offsite by rule"),
    "wiping.wiped_since": ("asking", "I5 since withdrawn"),
    "wiping.after_doubt": ("wiping", "I5 after what spoke against it"),
    "wiping.later_wipe": ("wiping", "I5 newest wipe"),
    "wiping.level_reached": ("wiping", "I5 reached"),
    "wiping.hidden_areas": ("wiping", "I5 nothing hidden"),
    "wiping.was_encrypted": ("flash", "I5 was encrypted"),
    "wiping.keys_gone": ("encrypted", "I5 keys gone"),
    "wiping.of_last_wipe": ("encrypted", "I5 of the last wipe"),
    "wiping.read_after": ("wiping", "I5 read after it"),
    "wiping.verifier_apart": ("wiping", "I2 verifier apart"),
    "wiping.verifier_speaks": ("wiping", "I2 verifier speaks"),
    "wiping.method_fits": ("encrypted", "I5 method shows it"),
    "wiping.sample_allowed": ("wiping", "I5 sample only by rule"),
    "wiping.sample_bound": ("flash", "I5 sample large enough"),
    "wiping.read_whole": ("wiping", "I5 read to the end"),
    "wiping.validator_apart": ("wiping", "I2 validator apart"),
    "wiping.size_known": ("sizes", "I5 read a known size"),
    "wiping.verified_first": ("encrypted", "I5 accepted on a reading"),
    "wiping.strong_enough": ("flash", "I5 accepted where it will do"),
    "wiping.witness_apart": ("wiping", "I2 witness apart"),
    "wiping.witness_asked": ("wiping", "I2 witness asked"),
    "wiping.of_this_destruction": ("wiping", "I2 of this destruction"),
    "wiping.witness_speaks": ("wiping", "I2 witness speaks"),
    "deciding.held_stays": ("holding back", "I13 nothing given up under a hold"),
    "deciding.may_lessen": ("holding back", "I2 lessened by who may approve"),
    "deciding.never_seen": ("holding back", "I3 never seen"),
    "deciding.given_up_apart": ("holding back", "I2 keeper apart"),
    "deciding.hold_is_open": ("holding back", "I13 only what is held"),
    "deciding.may_release": ("holding back", "I13 released by whom"),
    "deciding.releaser_apart": ("holding back", "I2 releaser apart"),
    "deciding.missing_by_step": ("holding back", "I3 missing on the medium"),
    "deciding.exception_is_open": ("signed for", "I10 only what is open"),
    "deciding.closer_apart": ("leaving", "I2 closer apart"),
    "deciding.outcome_fits": ("holding back", "I3 closes as it can"),
    "deciding.loss_assessed": ("holding back", "I3 lost with a paper"),
    "leaving.route_is_waste": ("handing over", "I2 goes as approved"),
    "leaving.ready_or_offsite": ("leaving", "I5 nothing unproven is collected"),
    "leaving.destructions_seen": ("offsite", "I2 destructions seen"),
    "leaving.papers_in_force": ("leaving", "I7 papers in force"),
    "leaving.manifest_complete": ("offsite", "I10 manifest"),
    "leaving.same_contractor": ("leaving", "I8 same collection"),
    "leaving.receiver_apart": ("leaving", "I2 receiver apart"),
    "leaving.receiver_speaks": ("leaving", "I2 receiver speaks"),
    "leaving.accepts": ("leaving", "I8 accepts"),
    "leaving.receipt_lists": ("offsite", "I8 lists"),
    "leaving.confirmer_apart": ("leaving", "I2 confirmer apart"),
    "leaving.confirmer_speaks": ("leaving", "I2 confirmer speaks"),
    "leaving.lines_left": ("signed for", "I10 left with it"),
    "leaving.lines_once": ("offsite flash", "I10 certified once"),
    "leaving.lines_of_failed": ("offsite", "I6 failed is not certified wiped"),
    "leaving.lines_succeeded": ("leaving", "I9 done"),
    "leaving.lines_after_collection": ("leaving", "I9 after collection"),
    "leaving.lines_reach": ("leaving", "I9 reached"),
    "leaving.outcome_of_route": ("handing over", "I2 goes as approved"),
    "leaving.recipient_apart": ("handing over", "I2 recipient apart"),
    "leaving.outsider_vouched": ("handing over", "I2 outsider vouched"),
    "leaving.all_proven": ("offsite flash", "I5 nothing unproven leaves"),
    "leaving.all_certified": ("leaving", "I9 certified"),
    "leaving.on_no_other_entry": ("leaving", "I10 on no other entry"),
    "leaving.reconciled": ("signed for", "I10 all agree"),
    "deciding.discovered_by_now": ("losing", "I14 discovered"),
    "deciding.encryption_told": ("signed for", "I14 encryption told"),
    "deciding.writer_off_apart": ("losing", "I2 writer-off apart"),
    "deciding.assessed": ("losing", "I14 assessed"),
}


def test_every_guard_is_on_the_list() -> None:
    assert {guard.name for guard in GUARDS} == set(CAUGHT)
    assert len(GUARDS) == len(CAUGHT)


@pytest.mark.parametrize("guard", CAUGHT)
def test_without_it_a_property_breaks(guard: str) -> None:
    name, broken = CAUGHT[guard]
    scene = next(scene for scene in scenes() if scene.name == name)
    assert broken in explore(scene, without(guard), until=broken).broken
