"""Computers that say goodbye: taken off by a person, which is another state than silence (S15).

Only a report accepted into the computer's own chain says so, so nobody else can. The next report
under the same key, if there is one, takes it back: `store` clears the column with every head.
"""

from collections.abc import Sequence

from controller.fleet.models import Device
from controller.intake.outcomes import Outcome, Taken
from controller.intake.plan import Arrival
from inventory.ledger import services as ledger
from wire import itself


def note(batch: Sequence[Arrival], outcomes: Sequence[Outcome]) -> None:
    """Mark the devices whose newest report is their last; inside the transaction of intake."""
    for arrival, outcome in zip(batch, outcomes, strict=True):
        if isinstance(outcome, Taken) and outcome.status == "accepted":
            said = itself.heard(arrival.report.now, itself.Leaving)
            if said is not None:
                _left(arrival, said.how)


def _left(arrival: Arrival, how: str) -> None:
    device = Device.objects.select_for_update().get(id=arrival.device)
    if device.head_seq == arrival.report.seq:
        device.left_at, device.left_how = arrival.received_at, how
        device.save(update_fields=["left_at", "left_how"])
    ledger.append(
        site_id=device.site_id,
        at=arrival.received_at,
        actor=device.id,
        verb="device.leave",
        subject=device.id,
        after={"how": how, "seq": arrival.report.seq, "hash": arrival.digest},
    )
