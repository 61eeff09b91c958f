"""Answers forks, and notes what withdrawn keys still sign, inside the transaction of intake.

The store has compared heads and kept what must be kept; here the rare rest is looked up: whose
hardware it is, how often it happened, what a person said. Nothing here changes a head.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from controller.fleet.forks import rule
from controller.fleet.models import Device, Fork, Report
from controller.intake import sightings
from controller.intake.hardware import home
from controller.intake.outcomes import Outcome, Refused
from controller.intake.plan import Arrival
from inventory.ghosts.services import Proof
from inventory.ledger import services as ledger

RETRY_SECONDS: Final = 3_600
"""So soon a computer that waits for a person asks again: then one click cures it."""
VERBS: Final = {"rolled_back": "device.rollback", "copied": "device.copy", "fork": "device.fork"}


def settle(batch: Sequence[Arrival], outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The same outcomes, forks answered by the rule."""
    return [_one(arrival, outcome) for arrival, outcome in zip(batch, outcomes, strict=True)]


def _one(arrival: Arrival, outcome: Outcome) -> Outcome:
    if not isinstance(outcome, Refused):
        return outcome
    if outcome.code == "revoked":
        seq, at = arrival.report.seq, arrival.received_at
        proof = Proof(seq, arrival.digest, arrival.packed)
        sightings.keep(arrival.device, proof, arrival.report.binding, at)
    if outcome.code != "fork":
        return outcome
    answer = _answer(arrival)
    wait = RETRY_SECONDS if answer == "fork" else None
    return Refused(answer, head=outcome.head, retry_after_seconds=wait)


def _answer(arrival: Arrival) -> rule.Answer:
    """The same envelope again gets the same answer, unless it still waits for a person."""
    device = Device.objects.select_for_update().get(id=arrival.device)
    fork = Fork.objects.filter(device=device, digest=arrival.digest).first()
    if fork is not None and fork.answer in ("rolled_back", "copied"):
        told: rule.Answer = msgspec.convert(fork.answer, rule.Answer)
        return told
    answer = rule.decide(arrival.report.binding, _standing(device, arrival))
    if fork is None and answer == "rolled_back":  # counted, so it is kept however many there are
        fork = Fork(site_id=device.site_id, device=device, digest=arrival.digest)
        fork.seq, fork.received_at = arrival.report.seq, arrival.received_at
        fork.envelope = arrival.packed
    if fork is not None and fork.answer != answer:
        _keep(fork, answer, device, arrival)
    _mark(device, answer, arrival.received_at)
    return answer


def _standing(device: Device, arrival: Arrival) -> rule.Standing:
    since = arrival.received_at - rule.TERM_SECONDS
    counted = Fork.objects.filter(device=device, answer="rolled_back", by_person=False)
    return rule.Standing(
        weak=device.weak_binding,
        home=home(device),
        rollbacks=counted.filter(received_at__gt=since).count(),
        cure=msgspec.convert(device.fork_cure, rule.Cure),
    )


def _keep(fork: Fork, answer: rule.Answer, device: Device, arrival: Arrival) -> None:
    """Both envelopes side by side, so that the proof stands when the other's report is pruned."""
    place = min(fork.seq, device.head_seq)
    held = Report.objects.filter(device=device, seq=place).values_list("envelope", flat=True)
    fork.held = held.first() or b""
    fork.answer = answer
    fork.by_person = bool(device.fork_cure)
    fork.same_hardware = answer == "rolled_back"
    fork.save()
    ledger.append(
        site_id=device.site_id,
        at=arrival.received_at,
        actor=device.id,
        verb=VERBS[answer],
        subject=device.id,
        before={"seq": device.head_seq, "hash": device.head_hash},
        after={"seq": fork.seq, "hash": fork.digest},
    )


def _mark(device: Device, answer: rule.Answer, at: int) -> None:
    """Whether a person is waited for; what a person said counts once."""
    if device.fork_cure:
        device.fork_cure, device.fork_since = "", None
    elif answer == "fork" and device.fork_since is None:
        device.fork_since = at
    else:
        return
    device.save(update_fields=["fork_cure", "fork_since"])
