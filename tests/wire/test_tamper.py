"""The tamper matrix: every byte of every message, changed in every small way; nothing gets through.

A message that no longer is, byte for byte, what its owner signed must be refused by the function
that opens it, with the digest of the bytes as the one name a receipt can give them.
"""

import base64
import itertools
import json
from collections.abc import Iterator, Sequence

import pytest

from tests.wire import samples
from tests.wire.refusals import refusal
from tests.wire.sample import Sample
from tests.wire.samples import SAMPLES
from wire import dsse, keys

ONE_OF_EACH = {
    SAMPLES[name].kind: name
    for name in sorted(SAMPLES, key=lambda name: len(SAMPLES[name].envelope), reverse=True)
}
"""The shortest sample of each payload type."""


def opens(sample: Sample, data: bytes) -> bool:
    """Say whether `data` is taken for a message of this sample's kind."""
    return refusal(lambda: sample.open(dsse.parse(data))) is None


def damaged(data: bytes, bits: Sequence[int] = range(8)) -> Iterator[bytes]:
    """Give every copy of `data` with one bit flipped, or one byte gone, doubled or swapped with
    the next.
    """
    for i, byte in enumerate(data):
        for bit in bits:
            yield data[:i] + bytes([byte ^ 1 << bit]) + data[i + 1 :]
        yield data[:i] + data[i + 1 :]
        yield data[: i + 1] + data[i:]
        if data[i : i + 1] != data[i + 1 : i + 2] and i + 1 < len(data):
            yield data[:i] + data[i + 1 : i + 2] + data[i : i + 1] + data[i + 2 :]


def relabelled(payload: bytes, kind: str, signature: dict[str, str]) -> bytes:
    """Put any payload, type and signature into a canonical envelope."""
    envelope = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": kind,
        "signatures": [signature],
    }
    return json.dumps(envelope, separators=(",", ":"), sort_keys=True).encode()


def signature_of(sample: Sample) -> dict[str, str]:
    """Give the signature object of a sample."""
    found: dict[str, str] = json.loads(sample.envelope)["signatures"][0]
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_the_message_itself_is_accepted(name: str) -> None:
    assert opens(SAMPLES[name], SAMPLES[name].envelope)


@pytest.mark.parametrize("name", SAMPLES)
def test_no_damaged_envelope_is_accepted(name: str) -> None:
    sample = SAMPLES[name]
    # A message that carries others is long; all their bits are flipped in samples of their own.
    bits = range(8) if len(sample.envelope) <= 2_048 else (0, 5)
    tried = accepted = 0
    for data in damaged(sample.envelope, bits):
        tried += 1
        accepted += opens(sample, data)
    assert tried >= (len(bits) + 2) * len(sample.envelope)
    assert accepted == 0


@pytest.mark.parametrize("name", ONE_OF_EACH.values(), ids=str)
def test_no_damaged_payload_is_accepted_in_a_sound_envelope(name: str) -> None:
    sample = SAMPLES[name]
    payload, signature = dsse.parse(sample.envelope).payload, signature_of(sample)
    for data in damaged(payload, bits=(0, 5)):  # the envelope's flips are all eight of these
        assert not opens(sample, relabelled(data, sample.kind, signature))


@pytest.mark.parametrize("name", SAMPLES)
def test_no_truncated_or_extended_envelope_is_accepted(name: str) -> None:
    sample = SAMPLES[name]
    for length in range(len(sample.envelope)):
        assert not opens(sample, sample.envelope[:length])
    for more in (b" ", b"\n", b"\0", b"}", b",", sample.envelope):
        assert not opens(sample, sample.envelope + more)
        assert not opens(sample, more + sample.envelope)


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(SAMPLES, 2)))
def test_no_message_passes_for_another_and_no_signature_fits_another(one: str, other: str) -> None:
    mine, theirs = SAMPLES[one], SAMPLES[other]
    payload = dsse.parse(mine.envelope).payload
    if mine.kind != theirs.kind:
        assert not opens(mine, theirs.envelope)
        assert not opens(mine, relabelled(payload, theirs.kind, signature_of(mine)))
        assert not opens(theirs, relabelled(payload, theirs.kind, signature_of(mine)))
    assert not opens(mine, relabelled(payload, mine.kind, signature_of(theirs)))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_stranger_cannot_sign_a_message_again(name: str) -> None:
    sample = SAMPLES[name]
    payload, owner = dsse.parse(sample.envelope).payload, signature_of(sample)["keyid"]
    forged = dsse.sign(payload, sample.kind, samples.STRANGER_KEY)
    assert not opens(sample, forged)
    signature = json.loads(forged)["signatures"][0]
    assert not opens(sample, relabelled(payload, sample.kind, signature | {"keyid": owner}))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_32_byte_pattern_of_small_order_signs_nothing(name: str) -> None:
    """R and S of the universal forgery, under the owner's name."""
    sample = SAMPLES[name]
    payload, owner = dsse.parse(sample.envelope).payload, signature_of(sample)["keyid"]
    for y in keys.SMALL_ORDER_Y:
        forged = base64.b64encode(y.to_bytes(32, "little") + bytes(32)).decode()
        assert not opens(sample, relabelled(payload, sample.kind, {"keyid": owner, "sig": forged}))


def respelled(payload: bytes) -> Iterator[bytes]:
    """Give other JSON spellings of the same payload, as its own signer might write them."""
    value = json.loads(payload)
    yield json.dumps(value).encode()
    yield json.dumps(value, indent=1).encode()
    yield (
        json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=True).encode() + b" "
    )
    yield json.dumps(dict(reversed(value.items())), separators=(",", ":")).encode()
    yield payload[:-1] + b',"aa":1}'
    yield payload[:-1] + b',"v":1}'
    yield b'{"v":1,' + payload[1:]
    yield payload.replace(b'"v":1', b'"v":1.0')
    yield payload.replace(b'"v":1', b'"v":1e0')
    yield payload.replace(b'"v":1', b'"v":2')
    yield payload.replace(b'"v":1', b'"\\u0076":1')
    yield b"\xef\xbb\xbf" + payload


@pytest.mark.parametrize("name", SAMPLES)
def test_the_right_key_over_another_spelling_is_refused(name: str) -> None:
    """A signature is no excuse: one meaning, one spelling, whoever signs."""
    sample = SAMPLES[name]
    signer = {
        keys.key_id(keys.public_bytes(key)): key
        for key in (
            samples.DEVICE_KEY,
            samples.CONTROLLER_KEY,
            samples.RECOVERY_KEY,
            samples.NEW_KEY,
            samples.SIGNER_KEY,
        )
    }[signature_of(sample)["keyid"]]
    payload = dsse.parse(sample.envelope).payload
    for other in respelled(payload):
        assert other != payload
        assert not opens(sample, dsse.sign(other, sample.kind, signer))
