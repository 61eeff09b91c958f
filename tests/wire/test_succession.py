"""A former key vouches for one new key of one device, and for nothing else."""

import msgspec
import pytest

from tests.wire import samples
from wire import keys, succession
from wire.enrolment import Enrol
from wire.errors import WireError

FORMER = keys.generate()
PUBLIC = keys.public_bytes(FORMER)
NONCE = "0123456789abcdef" * 2
NEW = keys.from_text(samples.ENROL.public_key)


def asking(**changes: str) -> Enrol:
    """A request that the former key vouches for, or one that was changed afterwards."""
    device = "dev_01JD9ZK3V5N8Q2R4T6W8Y0A1B2"
    good = msgspec.structs.replace(
        samples.ENROL,
        token=device,
        was=device,
        nonce=NONCE,
        proof=succession.prove(FORMER, device, NONCE, NEW),
    )
    return msgspec.structs.replace(good, **changes)


def test_the_former_key_vouches_also_when_it_is_not_the_newest() -> None:
    assert succession.is_vouched(asking())
    succession.check(asking(), [PUBLIC])
    succession.check(asking(), [keys.public_bytes(keys.generate()), PUBLIC])


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "f" * 32},
        {"token": "dev_01JD9ZK3V5N8Q2R4T6W8Y0A1B3", "was": "dev_01JD9ZK3V5N8Q2R4T6W8Y0A1B3"},
        {"public_key": keys.to_text(keys.public_bytes(keys.generate()))},
        {"proof": "0" * 128},
        {"proof": samples.ENROL.proof},
    ],
    ids=["nonce", "device", "key", "zeros", "mac"],
)
def test_nothing_else_passes(changes: dict[str, str]) -> None:
    with pytest.raises(WireError) as refused:
        succession.check(asking(**changes), [PUBLIC])
    assert refused.value.code == "bad_token"


def test_no_key_vouches_for_itself_and_no_stranger_for_anyone() -> None:
    itself = asking(public_key=keys.to_text(PUBLIC))
    device = itself.token
    proof = succession.prove(FORMER, device, NONCE, PUBLIC)
    with pytest.raises(WireError):
        succession.check(msgspec.structs.replace(itself, proof=proof), [PUBLIC])
    with pytest.raises(WireError):
        succession.check(asking(), [keys.public_bytes(keys.generate())])


def test_a_request_with_a_join_code_is_not_taken_for_a_vouched_one() -> None:
    assert not succession.is_vouched(samples.ENROL)
    assert not succession.is_vouched(asking(token="tok_01JD9ZK3V5N8Q2R4T6W8Y0A1B2"))
