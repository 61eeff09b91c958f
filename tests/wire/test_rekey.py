"""A device's new key counts only if the old key and the new one both say so."""

import base64

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.wire import samples
from tests.wire.refusals import ACCEPTED, code
from wire import dsse, keys, rekey, sealed, types

NONCE = "00112233445566778899aabbccddeeff"


def signed(changed: rekey.Rekey, key: Ed25519PrivateKey) -> dsse.Parsed:
    """A payload as somebody else might sign it."""
    return dsse.parse(sealed.seal(changed, types.REKEY, key))


def test_both_keys_agree_on_device_place_and_key() -> None:
    found = samples.handover(dsse.parse(samples.REKEY_SIGNED))
    assert (found.device, found.seq) == (samples.DEVICE, 418)
    assert keys.from_text(found.public_key) == samples.NEW_PUBLIC


def test_a_changed_device_number_key_or_nonce_is_not_what_the_old_key_signed() -> None:
    for changes in (
        {"device": "dev_01JD9Z3K4M5N6P7Q8R9S0T1V2X"},
        {"seq": 419},
        {"nonce": "f" * 32},
    ):
        changed = msgspec.structs.replace(samples.REKEY, **changes)
        parsed = signed(changed, samples.NEW_KEY)
        assert code(lambda: samples.handover(parsed)) == "bad_signature"  # noqa: B023 - called at once


def test_a_stranger_cannot_put_a_key_of_their_own_in() -> None:
    theirs = msgspec.structs.replace(
        samples.REKEY, public_key=keys.to_text(samples.STRANGER_PUBLIC)
    )
    parsed = signed(theirs, samples.STRANGER_KEY)
    assert code(lambda: samples.handover(parsed)) == "bad_signature"
    # Nor take over a key that somebody else holds.
    assert code(lambda: rekey.open_rekey(signed(samples.REKEY, samples.STRANGER_KEY))) == (
        "bad_signature"
    )


def test_the_old_key_alone_hands_nothing_over() -> None:
    same = rekey.sign_rekey(samples.DEVICE, 418, NONCE, samples.DEVICE_KEY, samples.DEVICE_KEY)
    assert code(lambda: samples.handover(dsse.parse(same))) == "bad_key"


def test_a_signature_over_a_report_is_no_handover() -> None:
    found = rekey.open_rekey(dsse.parse(samples.REKEY_SIGNED))
    other = base64.b64encode(dsse.parse(samples.FIRST_SIGNED).sig).decode()
    borrowed = msgspec.structs.replace(found, old_signature=other)
    assert code(lambda: rekey.check_handover(borrowed, samples.DEVICE_PUBLIC)) == "bad_signature"
    assert code(lambda: rekey.check_handover(found, samples.DEVICE_PUBLIC)) == ACCEPTED
    assert code(lambda: rekey.open_rekey(dsse.parse(samples.FIRST_SIGNED))) == "bad_type"


def test_the_old_signature_has_one_spelling() -> None:
    found = samples.REKEY
    loose = found.old_signature[:-3] + chr(ord(found.old_signature[-3]) + 1) + "=="
    respelled = msgspec.structs.replace(found, old_signature=loose)
    assert base64.b64decode(loose) == base64.b64decode(found.old_signature)
    assert code(lambda: rekey.check_handover(respelled, samples.DEVICE_PUBLIC)) == "not_canonical"
