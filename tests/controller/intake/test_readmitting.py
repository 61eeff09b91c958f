"""A restored controller knows again who joined after its backup, by their proof and nobody else."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from controller.backup import restored
from controller.fleet import services
from controller.fleet.models import Device, Enrolment
from controller.roots import files
from controller.roots.recovery import Recovery
from inventory.models import Asset, Event
from inventory.places.services import create_site
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine, Reply
from wire import dsse, enrolment, keys, readmit, rekey, roots

NONCE = "0123456789abcdef" * 2
DAY = 86_400


class Late:
    """A computer that joined, reported, and is forgotten again with the backup."""

    def __init__(self, controller: Controller, *, reports: int = 2) -> None:
        self.controller, self.machine = controller, controller.machine(uuid="u-1")
        self.enrol = self._asked()
        self.answer = controller.door.ask("GET", f"/v1/enrol/{self.machine.device}").body
        self.sent = [self.machine.report() for _ in range(reports)]
        replies = [controller.door.post(envelope) for envelope in self.sent]
        assert all(reply.status == 202 for reply in replies)
        self.receipt = replies[-1].body if replies else b""

    def _asked(self) -> bytes:
        from controller.fleet import packed
        from wire import types

        kept = Enrolment.objects.get(device=self.machine.device)
        return packed.envelope(bytes(kept.envelope), types.ENROL, self.machine.public)

    def forget(self, *, made_at: int = NOW - DAY, at: int = NOW) -> None:
        """The backup is older than this computer."""
        Device.objects.filter(id=self.machine.device).delete()
        restored.save(self.controller.data, restored.Restored(made_at=made_at, at=at))

    def proof(self, **changes: Any) -> readmit.Readmit:
        """What it shows."""
        made = readmit.Readmit(
            device=self.machine.device,
            public_key=keys.to_text(self.machine.public),
            nonce=NONCE,
            enrol=self.enrol.decode(),
            enrolment=self.answer.decode(),
            receipt=self.receipt.decode(),
        )
        return msgspec.structs.replace(made, **changes)

    def ask(self, **changes: Any) -> Reply:
        """Show it."""
        envelope = readmit.sign_readmit(self.proof(**changes), self.machine.key)
        return self.controller.door.post(envelope, path="/v1/readmit")


@pytest.fixture
def late(controller: Controller) -> Late:
    return Late(controller)


def test_it_is_active_again_as_itself_and_its_reports_follow(late: Late) -> None:
    before = Device.objects.get(id=late.machine.device)
    late.forget()
    assert late.controller.door.post(late.sent[0]).problem.code == "unknown_key"
    reply = late.ask()
    assert (reply.status, reply.enrolment.status) == (200, "active")
    assert reply.enrolment.request == dsse.digest(late.enrol)
    device = Device.objects.get(id=late.machine.device)
    for name in ("site_id", "name", "key_id", "words", "factors", "weak_binding", "join_code_id"):
        assert getattr(device, name) == getattr(before, name)
    assert device.asset_id is not None
    assert Asset.objects.filter(id=device.asset_id).exists()
    assert [late.controller.door.post(one).status for one in late.sent] == [202, 202]
    event = Event.objects.get(verb="device.readmit")
    assert (event.actor, event.subject) == (device.id, device.id)


def test_asked_again_it_is_answered_alike_and_noted_once(late: Late) -> None:
    late.forget()
    assert late.ask().enrolment == late.ask().enrolment
    assert Event.objects.filter(verb="device.readmit").count() == 1


def test_it_need_not_have_reported_yet(controller: Controller) -> None:
    late = Late(controller, reports=0)
    late.forget()
    assert late.ask().enrolment.status == "active"


def test_a_computer_that_the_backup_has_waiting_is_let_in(late: Late) -> None:
    late.forget()
    assert late.ask().status == 200
    Device.objects.filter(id=late.machine.device).update(state="pending", asset=None)
    assert late.ask().enrolment.status == "active"
    assert Event.objects.filter(verb="device.readmit").count() == 2


@pytest.mark.parametrize("state", ["pending", "active"])
def test_an_entry_that_joined_in_another_way_is_not_its_own(late: Late, state: str) -> None:
    late.forget()
    assert late.ask().status == 200
    Enrolment.objects.filter(device=late.machine.device).update(digest=f"sha256:{'0' * 64}")
    Device.objects.filter(id=late.machine.device).update(state=state)
    assert late.ask().problem.code == "unknown_key"


def test_without_a_restore_nobody_comes_in_by_a_proof(late: Late) -> None:
    late.forget()
    (late.controller.data / restored.NAME).unlink()
    assert late.ask().problem.code == "unknown_key"
    (late.controller.data / restored.NAME).write_text("{")
    assert late.ask().problem.code == "unknown_key"


@pytest.mark.parametrize("epoch", [(NOW + 2 * DAY, NOW + 3 * DAY), (NOW - 9 * DAY, NOW - 2 * DAY)])
def test_who_was_not_let_in_between_backup_and_restore_is_unknown(
    late: Late, epoch: tuple[int, int]
) -> None:
    made_at, at = epoch
    late.forget(made_at=made_at, at=at)
    assert late.ask().problem.code == "unknown_key"


def test_who_is_known_to_have_been_withdrawn_stays_out(late: Late) -> None:
    late.forget()
    found = restored.load(late.controller.data)
    assert found is not None
    gone = msgspec.structs.replace(found, withdrawn=[late.machine.device])
    restored.save(late.controller.data, gone)
    assert late.ask().problem.code == "unknown_key"


@pytest.mark.parametrize("state", ["revoked", "refused"])
def test_what_the_backup_knows_of_it_stands(late: Late, state: str) -> None:
    restored.save(late.controller.data, restored.Restored(made_at=NOW - DAY, at=NOW))
    Device.objects.filter(id=late.machine.device).update(state=state)
    reply = late.ask()
    said = reply.problem.code if state == "revoked" else reply.enrolment.status
    assert said == state


def _text(envelope: bytes) -> str:
    return envelope.decode()


def forged_answer(late: Late) -> Reply:
    """By a key of its own."""
    said = enrolment.open_enrolment(dsse.parse(late.answer), late.controller.door.public)
    return late.ask(enrolment=_text(enrolment.sign_enrolment(said, keys.generate())))


def pending_answer(late: Late) -> Reply:
    """It was never let in."""
    other = Machine(late.controller.door, name="other")
    joined = other.join(late.controller.code())
    return late.ask(enrolment=_text(joined.body))


def anothers_answer(late: Late) -> Reply:
    """Somebody else was let in."""
    other = Late(late.controller)
    return late.ask(enrolment=_text(other.answer))


def anothers_receipt(late: Late) -> Reply:
    """Somebody else was welcome."""
    other = Late(late.controller)
    return late.ask(receipt=_text(other.receipt))


def anothers_key(late: Late) -> Reply:
    """The proof of one, shown by another key."""
    late.machine.key = keys.generate()
    return late.ask()


def anothers_name(late: Late) -> Reply:
    """Another id than the answer says."""
    return late.ask(device="dev_01BX5ZZKBKACTAV9WEVGEMMVRZ")


def a_handover_it_has_no_part_in(late: Late) -> Reply:
    """From a key it never had."""
    new = keys.generate()
    said = rekey.sign_rekey(late.machine.device, 1, NONCE, keys.generate(), new)
    late.machine.key = new
    return late.ask(handover=_text(said))


def nonsense(late: Late) -> Reply:
    """Text that is no envelope."""
    return late.ask(enrol="{}")


@pytest.mark.parametrize(
    "lie",
    [
        *(forged_answer, pending_answer, anothers_answer, anothers_receipt),
        *(anothers_key, anothers_name, a_handover_it_has_no_part_in, nonsense),
    ],
)
def test_whoever_proves_nothing_learns_nothing(late: Late, lie: Callable[[Late], Reply]) -> None:
    late.forget()
    reply = lie(late)
    assert (reply.status, reply.problem.code) == (401, "unknown_key")
    assert not Device.objects.filter(id=late.machine.device).exists()


def test_a_key_that_another_computer_has_is_not_let_in(late: Late) -> None:
    restored.save(late.controller.data, restored.Restored(made_at=NOW - DAY, at=NOW))
    Device.objects.filter(id=late.machine.device).update(key_id="SHA256:other")
    other = Machine(late.controller.door, name="other", key=late.machine.key)
    assert other.join(late.controller.code()).status == 202
    Device.objects.filter(id=late.machine.device).delete()
    assert late.ask().problem.code == "unknown_key"


def test_one_with_a_newer_key_comes_back_with_the_old_one_and_hands_over_again(
    late: Late,
) -> None:
    old, new = late.machine.key, keys.generate()
    said = rekey.sign_rekey(late.machine.device, 3, NONCE, old, new)
    assert late.controller.door.post(said, path="/v1/rekey").status == 200
    late.forget()
    late.machine.key = new
    assert late.ask().problem.code == "unknown_key", "nothing binds this key to the computer"
    assert late.ask(handover=_text(said)).enrolment.status == "active"
    assert late.controller.door.post(said, path="/v1/rekey").problem.code == "gap"
    assert [late.controller.door.post(one).status for one in late.sent] == [202, 202]
    assert late.controller.door.post(said, path="/v1/rekey").status == 200
    assert late.controller.door.post(late.machine.report()).status == 202


def test_in_a_trust_its_receipt_or_its_code_says_to_which_school_it_belongs(late: Late) -> None:
    create_site(name="Vale School", at=NOW)
    code = Device.objects.get(id=late.machine.device).join_code
    assert code is not None
    late.forget()
    assert late.ask().status == 200, "the code is in the backup"
    late.forget()
    code.delete()
    assert late.ask().status == 200, "the receipt names the school"
    late.forget()
    assert late.ask(receipt="").problem.code == "unknown_key", "nobody can say"


def newer_list(late: Late, *controllers: str) -> str:
    """Ours in force is version 2; this one, signed by the same recovery key, comes after it."""
    data, recovery = late.controller.data, Recovery.generate()
    held = msgspec.structs.replace(
        files.current(data), recovery=keys.to_text(recovery.public), version=2
    )
    files.put(data, roots.sign_roots(held, recovery.signing))
    newer = msgspec.structs.replace(held, version=3, controllers=list(controllers))
    return _text(roots.sign_roots(newer, recovery.signing))


def text_of(key: Ed25519PrivateKey) -> str:
    return keys.to_text(keys.public_bytes(key))


def test_a_list_of_keys_newer_than_the_backups_says_whose_word_counts(late: Late) -> None:
    newer = newer_list(late, text_of(keys.generate()))
    late.forget()
    assert late.ask(roots=newer).problem.code == "unknown_key", "our key was stolen since"
    forger = Recovery.generate()
    held = files.current(late.controller.data)
    theirs = msgspec.structs.replace(held, version=3, recovery=keys.to_text(forger.public))
    forged = roots.sign_roots(theirs, forger.signing)
    assert late.ask(roots=_text(forged)).enrolment.status == "active", "anybody's list is none"
    assert files.current(late.controller.data).version == 2, "and nothing is taken over"


def test_let_in_by_a_key_that_came_after_the_backup_it_brings_the_list_that_names_it(
    late: Late,
) -> None:
    rotated = keys.generate()
    newer = newer_list(late, text_of(rotated))
    said = enrolment.open_enrolment(dsse.parse(late.answer), late.controller.door.public)
    late.answer, late.receipt = enrolment.sign_enrolment(said, rotated), b""
    late.forget()
    assert late.ask().problem.code == "unknown_key"
    assert late.ask(roots=newer).enrolment.status == "active"


def test_revoked_after_it_came_back_its_proof_is_worth_nothing(late: Late) -> None:
    late.forget()
    assert late.ask().status == 200
    services.revoke(late.machine.device, actor="system", at=NOW)
    assert late.ask().problem.code == "revoked"
