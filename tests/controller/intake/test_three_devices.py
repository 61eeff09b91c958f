"""Three computers report in any order, twice, forked or with gaps; a model says what must come.

The property that matters most: nothing signed by one computer changes anything about another.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from controller import clock, keyfiles
from controller.data import datafolder
from controller.fleet.models import Device, Held, Report, Verdict, Wanted
from inventory.ledger import log
from tests.controller.intake.conftest import Controller, InlineWriter, build
from tests.controller.intake.machine import NOW, Machine
from wire import dsse

DEVICES = st.integers(0, 2)


@contextmanager
def _undone() -> Iterator[None]:
    """A transaction that leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class ThreeDevices(RuleBasedStateMachine):
    """The model: per device, the envelopes accepted so far, in order."""

    @initialize()
    def set_up(self) -> None:
        """A controller and three computers that were let in."""
        self.time = NOW
        clock.use(lambda: self.time)
        self.undo = _undone()
        self.undo.__enter__()
        self.folder = TemporaryDirectory()
        data = Path(self.folder.name) / "data"
        datafolder.prepare(data)
        keyfiles.make_keys(data)
        self.controller: Controller = build(data, InlineWriter)
        self.machines: list[Machine] = [self.controller.machine(f"m{n}") for n in range(3)]
        self.accepted: list[list[bytes]] = [[], [], []]

    def teardown(self) -> None:
        """Undo everything."""
        if hasattr(self, "undo"):
            self.undo.__exit__(None, None, None)
            self.folder.cleanup()
            clock.use(None)

    def _everything_about(self, number: int) -> object:
        device = self.machines[number].device
        return [
            list(model.objects.filter(**{key: device}).order_by("pk").values())
            for model, key in (
                (Device, "id"),
                (Report, "device_id"),
                (Held, "device_id"),
                (Wanted, "device_id"),
                (Verdict, "device_id"),
            )
        ]

    @contextmanager
    def _only(self, number: int) -> Iterator[None]:
        """Whatever happens inside may change one device only."""
        self.time += 120  # the limits on how often a device may report are tested elsewhere
        others = [other for other in range(3) if other != number]
        before = [self._everything_about(other) for other in others]
        yield
        assert [self._everything_about(other) for other in others] == before

    @rule(number=DEVICES, body=st.integers(0, 2), supplies=st.booleans())
    def report(self, number: int, body: int, supplies: bool) -> None:
        """The next honest report."""
        machine = self.machines[number]
        with self._only(number):
            content = machine.content({"locking": b'{"n":%d}' % body})
            envelope = machine.report(content, created_at=self.time)
            reply = self.controller.door.post(envelope)
            assert reply.receipt.status == "accepted"
            self.accepted[number].append(envelope)
            if supplies:
                assert all(put.status == 204 for put in machine.supply(reply.receipt.need))

    @rule(number=DEVICES, which=st.integers(0, 20))
    def again(self, number: int, which: int) -> None:
        """An accepted report again."""
        if not self.accepted[number]:
            return
        with self._only(number):
            envelope = self.accepted[number][which % len(self.accepted[number])]
            assert self.controller.door.post(envelope).receipt.status == "duplicate"

    @rule(number=DEVICES, back=st.integers(0, 3))
    def fork(self, number: int, back: int) -> None:
        """A copy of the key tells another story from some place on."""
        machine = self.machines[number]
        if machine.seq <= back:
            return
        seq = machine.seq - back
        prev = dsse.digest(self.accepted[number][seq - 2]) if seq > 1 else ""
        with self._only(number):
            draft = machine.draft(seq=seq, prev=prev, boot="copy", created_at=self.time)
            reply = self.controller.door.post(machine.sign(draft, advance=False))
            assert reply.problem.code == "fork"

    @rule(number=DEVICES, ahead=st.integers(2, 4))
    def gap(self, number: int, ahead: int) -> None:
        """A report from the future of the chain."""
        machine = self.machines[number]
        with self._only(number):
            seq = machine.seq + ahead
            draft = machine.draft(seq=seq, prev=dsse.digest(b"?"), created_at=self.time)
            reply = self.controller.door.post(machine.sign(draft, advance=False))
            assert reply.problem.code == "gap"
            assert reply.problem.head is not None
            assert reply.problem.head.seq == machine.seq

    @rule(number=DEVICES, other=DEVICES)
    def in_anothers_name(self, number: int, other: int) -> None:
        """One computer signs as another."""
        if number == other:
            return
        liar, victim = self.machines[number], self.machines[other]
        before = self._everything_about(other)
        draft = victim.draft(created_at=self.time)
        envelope = liar.sign(draft, advance=False)
        assert self.controller.door.post(envelope).problem.code == "unknown_key"
        assert self._everything_about(other) == before

    @rule(number=DEVICES, other=DEVICES)
    def supply_for_another(self, number: int, other: int) -> None:
        """One computer sends what another was asked for, under its own id."""
        if number == other:
            return
        wanted = list(Wanted.objects.filter(device_id=self.machines[other].device))
        mine = set(
            Wanted.objects.filter(device_id=self.machines[number].device).values_list(
                "digest", flat=True
            )
        )
        with self._only(number):
            for want in wanted:
                if want.digest in mine:
                    continue
                reply = self.machines[number].put(b'{"n":0}', want.digest)
                assert reply.problem.code == "not_needed"

    @invariant()
    def the_chain_is_what_was_accepted(self) -> None:
        """Rows and heads are the model's."""
        for machine, envelopes in zip(
            getattr(self, "machines", []), getattr(self, "accepted", []), strict=True
        ):
            stored = Report.objects.filter(device_id=machine.device).order_by("seq")
            written = list(log.lines(self.controller.site))
            digests = [dsse.digest(envelope) for envelope in envelopes]
            places = [line for line in stored.values_list("line", flat=True) if line is not None]
            lines = [written[line] for line in places]
            assert [line.split(" ", 2)[2] for line in lines] == [
                f"report {machine.device} {seq} {digest}" for seq, digest in enumerate(digests, 1)
            ]
            assert list(stored.values_list("seq", flat=True)) == list(range(1, len(digests) + 1))
            device = Device.objects.get(id=machine.device)
            assert (device.head_seq, device.head_hash) == (len(digests), (digests or [""])[-1])


TestThreeDevices = ThreeDevices.TestCase
TestThreeDevices.settings = settings(
    max_examples=8,
    stateful_step_count=20,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestThreeDevices = pytest.mark.django_db(TestThreeDevices)
