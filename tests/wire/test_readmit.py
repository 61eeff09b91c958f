"""What a computer must show to be known again after a restore: each gap in it is a refusal."""

from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.wire import samples
from tests.wire.refusals import ACCEPTED, code
from tests.wire.test_roots import many
from wire import canonical, dsse, enrolment, keys, limits, readmit, receipt, rekey, roots, types

CONTROLLERS = [samples.STRANGER_PUBLIC, samples.CONTROLLER_PUBLIC]
OTHER = "dev_01JD9Z3K4M5N6P7Q8R9S0T1V2X"


def asks(**changes: str) -> readmit.Readmit:
    """A sound request of a computer that changed its key since, or one with something else."""
    return msgspec.structs.replace(samples.READMIT, **changes)


def answer(key: Ed25519PrivateKey = samples.CONTROLLER_KEY, **changes: Any) -> str:
    """The controller's word that the computer was let in, or another one."""
    said = msgspec.structs.replace(samples.LET_IN, **changes)
    return enrolment.sign_enrolment(said, key).decode()


def receipted(key: Ed25519PrivateKey = samples.CONTROLLER_KEY, **changes: Any) -> str:
    """The newest receipt it holds."""
    return receipt.sign_receipt(msgspec.structs.replace(samples.NAMING, **changes), key).decode()


def handed(
    device: str = samples.DEVICE,
    old: Ed25519PrivateKey = samples.DEVICE_KEY,
    new: Ed25519PrivateKey = samples.NEW_KEY,
) -> str:
    """A handover between two keys."""
    return rekey.sign_rekey(device, 418, samples.READMIT.nonce, old, new).decode()


def proven(asked: readmit.Readmit, controllers: list[bytes] = CONTROLLERS) -> str:
    """How it was answered."""
    return code(lambda: readmit.prove(asked, controllers))


def test_what_is_proven_is_what_was_signed() -> None:
    found = readmit.prove(asks(receipt=receipted()), CONTROLLERS)
    assert found.enrol == samples.ENROL
    assert found.digest == dsse.digest(samples.ENROL_SIGNED)
    assert found.parsed == dsse.parse(samples.ENROL_SIGNED)
    assert found.let_in_at == samples.LET_IN.at
    assert (found.welcome_at, found.site) == (samples.NAMING.received_at, samples.NAMING.site)


def test_what_it_does_not_hold_it_leaves_out() -> None:
    wanted = ("device", "public_key", "nonce", "enrol", "enrolment")
    found = readmit.Readmit(**{name: getattr(samples.READMIT, name) for name in wanted})
    assert (found.handover, found.receipt, found.roots) == ("", "", "")


def test_messages_as_long_as_any_fit_into_it() -> None:
    most = msgspec.structs.replace(
        samples.ROOTS,
        policy_signers=many(limits.ROOT_KEYS),
        scope_signers=many(limits.ROOT_KEYS),
        addresses=[f"https://{letter * 180}.example" for letter in "abcdefgh"],
    )
    carried = asks(roots=roots.sign_roots(most, samples.RECOVERY_KEY).decode())
    assert len(carried.roots) > 3 * limits.STRING
    signed = readmit.sign_readmit(carried, samples.NEW_KEY)
    assert readmit.open_readmit(dsse.parse(signed)) == carried
    assert proven(carried) == ACCEPTED


def test_without_a_receipt_nothing_says_when_it_was_last_welcome() -> None:
    found = readmit.prove(asks(receipt=""), CONTROLLERS)
    assert (found.welcome_at, found.site) == (0, "")


def test_the_key_that_was_let_in_needs_no_handover() -> None:
    first = asks(public_key=keys.to_text(samples.DEVICE_PUBLIC), handover="")
    assert proven(first) == ACCEPTED


GAPS: dict[str, tuple[dict[str, str], str]] = {
    "answer-to-another": ({"enrolment": answer(request=samples.a_digest("x"))}, "unproven"),
    "answer-of-another": ({"enrolment": answer(device=OTHER)}, "unproven"),
    "for-another": ({"device": OTHER}, "unproven"),
    "still-waiting": ({"enrolment": answer(status="pending")}, "unproven"),
    "turned-away": ({"enrolment": answer(status="refused")}, "unproven"),
    "answered-by-itself": ({"enrolment": answer(samples.NEW_KEY)}, "bad_signature"),
    "a-receipt-for-an-answer": ({"enrolment": receipted()}, "bad_type"),
    "no-answer": ({"enrolment": ""}, "malformed"),
    "no-enrolment": ({"enrol": ""}, "malformed"),
    "another-message-for-it": ({"enrol": samples.FIRST_SIGNED.decode()}, "bad_type"),
    "no-handover": ({"handover": ""}, "unproven"),
    "handover-of-another": ({"handover": handed(OTHER)}, "unproven"),
    "handover-by-another": ({"handover": handed(old=samples.STRANGER_KEY)}, "bad_signature"),
    "handover-to-another": ({"handover": handed(new=samples.HEIR_KEY)}, "unproven"),
    "no-handover-at-all": ({"handover": receipted()}, "bad_type"),
    "anothers-receipt": ({"receipt": receipted(device=OTHER)}, "unproven"),
    "a-receipt-of-its-own": ({"receipt": receipted(samples.NEW_KEY)}, "bad_signature"),
    "no-receipt-at-all": ({"receipt": answer()}, "bad_type"),
}


@pytest.mark.parametrize("gap", GAPS)
def test_no_gap_is_passed_over(gap: str) -> None:
    changes, refusal = GAPS[gap]
    assert proven(asks()) == ACCEPTED
    assert proven(asks(**changes)) == refusal


def test_only_the_controllers_own_keys_count() -> None:
    assert proven(asks(), [samples.STRANGER_PUBLIC]) == "bad_signature"
    assert proven(asks(), []) == "bad_signature"


def test_it_is_signed_by_the_key_it_names() -> None:
    signed = readmit.sign_readmit(asks(), samples.NEW_KEY)
    assert readmit.open_readmit(dsse.parse(signed)) == asks()
    assert code(lambda: readmit.sign_readmit(asks(), samples.DEVICE_KEY)) == "bad_key"
    anyway = dsse.sign(canonical.encode(asks()), types.READMIT, samples.DEVICE_KEY)
    assert code(lambda: readmit.open_readmit(dsse.parse(anyway))) == "bad_signature"
    other = dsse.sign(canonical.encode(asks()), types.REKEY, samples.NEW_KEY)
    assert code(lambda: readmit.open_readmit(dsse.parse(other))) == "bad_type"
