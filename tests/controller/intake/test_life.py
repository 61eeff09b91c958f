"""A computer's life: asks, is let in or turned away, reports, is withdrawn, is seen again (T18).

What a withdrawn key signs is evidence and nothing else; only such a signature raises the alarm
(O35).
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from controller import clock, keyfiles
from controller.data import datafolder
from controller.fleet import services
from controller.fleet.forks import cures
from controller.fleet.models import Device, Report, Sighting
from controller.intake import sightings
from inventory.ledger.models import Event
from tests.controller.intake.conftest import Controller, InlineWriter, build
from tests.controller.intake.machine import NOW, Machine
from tests.controller.intake.test_three_devices import _undone

DAY = 86_400


def withdrawn(controller: Controller) -> Machine:
    machine = controller.machine()
    controller.door.post(machine.report())
    services.revoke(machine.device, actor="user_1", at=NOW, reason="sold")
    return machine


def test_a_withdrawn_computers_reports_are_bounded_evidence_and_one_event(
    controller: Controller,
) -> None:
    machine = withdrawn(controller)
    before = Device.objects.values("head_seq", "last_seen_at", "n_pass", "judge_due").get()
    for night in range(40):
        clock.use(lambda night=night: NOW + night * DAY)  # type: ignore[misc]  # a day later each
        reply = controller.door.post(machine.report())
        assert (reply.problem.code, reply.problem.retry_after_seconds) == ("revoked", 86_400)
    assert Sighting.objects.count() == sightings.MOST
    assert Report.objects.count() == 1
    assert Device.objects.values("head_seq", "last_seen_at", "n_pass", "judge_due").get() == before
    assert Device.objects.get().n_sighted == 40
    assert Event.objects.filter(verb="device.sighted").count() == 1


def test_it_is_said_again_after_a_week_of_silence_though_somebody_knew(
    controller: Controller,
) -> None:
    machine = withdrawn(controller)
    controller.door.post(machine.report())
    cures.know_sighting(machine.device, actor="user_1", at=NOW, reason="in the office")
    clock.use(lambda: NOW + DAY)
    controller.door.post(machine.report())
    assert Device.objects.get().sighting_known
    clock.use(lambda: NOW + 9 * DAY)
    controller.door.post(machine.report())
    assert not Device.objects.get().sighting_known
    assert Event.objects.filter(verb="device.sighted").count() == 2


@pytest.mark.parametrize("claim", ["another key", "bent"])
def test_who_cannot_sign_as_the_withdrawn_computer_raises_nothing(
    controller: Controller, claim: str
) -> None:
    gone = withdrawn(controller)
    stranger = Machine(controller.door, device=gone.device, seq=gone.seq, prev=gone.prev)
    envelope = stranger.report() if claim == "another key" else gone.report()[:-90] + b"A" * 90
    controller.door.post(envelope)
    assert Sighting.objects.count() == 0
    assert Device.objects.get().sighted_at is None


def test_a_serial_of_a_withdrawn_computer_in_a_new_request_raises_nothing(
    controller: Controller,
) -> None:
    factors = {"serial": "PF2K9QXA", "uuid": "4c4c4544-0042-3510-8054-b7c04f4b5931"}
    gone = controller.machine(**factors)
    services.revoke(gone.device, actor="user_1", at=NOW, reason="sold")
    Machine(controller.door, factors=factors).join(controller.code())
    assert Sighting.objects.count() == 0


class Life(RuleBasedStateMachine):
    """One computer, and a model of four lines."""

    @initialize()
    def set_up(self) -> None:
        """A computer that has asked."""
        self.time = NOW
        clock.use(lambda: self.time)
        self.undo = _undone()
        self.undo.__enter__()
        self.folder = TemporaryDirectory()
        data = Path(self.folder.name) / "data"
        datafolder.prepare(data)
        keyfiles.make_keys(data)
        self.controller = build(data, InlineWriter)
        self.machine = Machine(self.controller.door)
        self.machine.join(self.controller.code())
        self.state, self.stored, self.seen = "pending", 0, 0

    def teardown(self) -> None:
        """Undo everything."""
        if hasattr(self, "undo"):
            self.undo.__exit__(None, None, None)
            self.folder.cleanup()
            clock.use(None)

    @rule()
    def reports(self) -> None:
        """It reports, whatever it is."""
        self.time += 120
        stood = (self.machine.seq, self.machine.prev)
        reply = self.controller.door.post(self.machine.report())
        if self.state == "active":
            self.stored += 1
            assert reply.receipt.status == "accepted"
            return
        self.seen += self.state == "revoked"
        self.machine.seq, self.machine.prev = stood
        assert reply.problem.code == self.state

    @precondition(lambda self: self.state == "pending")
    @rule()
    def is_let_in(self) -> None:
        """A person lets it in."""
        services.approve(self.machine.device, actor="user_1", at=self.time)
        self.state = "active"

    @precondition(lambda self: self.state == "pending")
    @rule()
    def is_turned_away(self) -> None:
        """A person turns it away."""
        services.refuse(self.machine.device, actor="user_1", at=self.time, reason="not ours")
        self.state = "refused"

    @precondition(lambda self: self.state == "active")
    @rule()
    def is_withdrawn(self) -> None:
        """It is lost, sold or broken."""
        services.revoke(self.machine.device, actor="user_1", at=self.time, reason="lost")
        self.state = "revoked"

    @precondition(lambda self: self.state in ("active", "refused", "revoked"))
    @rule()
    def a_step_back_is_refused(self) -> None:
        """Nobody comes back by the same key."""
        if self.state == "active":
            return
        with pytest.raises(services.FleetError):
            services.approve(self.machine.device, actor="user_1", at=self.time)

    @invariant()
    def the_rows_say_so(self) -> None:
        """State, reports and sightings are those of the model."""
        if not hasattr(self, "machine"):
            return
        device = Device.objects.get(id=self.machine.device)
        assert (device.state, device.head_seq) == (self.state, self.stored)
        assert device.n_sighted == self.seen
        assert Sighting.objects.filter(device=device).count() == min(self.seen, sightings.MOST)


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=4,
    stateful_step_count=10,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestLife = pytest.mark.django_db(TestLife)
