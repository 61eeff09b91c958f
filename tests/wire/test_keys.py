"""Which keys may be used, and what they are called: against RFC 8032 and the curve itself."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from tests.wire import curve, samples
from tests.wire.refusals import ACCEPTED, code
from wire import dsse, keys
from wire.errors import WireError

# RFC 8032 §7.1: secret key, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]
SMALL_ORDER = sorted(
    encoding for point in curve.small_order() for encoding in curve.all_encodings(point)
)


def bad(raw: bytes) -> bool:
    """Say whether a key is refused."""
    answer = code(lambda: keys.load_public(raw))
    assert answer in {ACCEPTED, "bad_key"}
    return answer == "bad_key"


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_the_vectors_of_rfc_8032_sign_and_verify(
    secret: str, public: str, message: str, signature: str
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    assert keys.public_bytes(key) == bytes.fromhex(public)
    assert key.sign(bytes.fromhex(message)).hex() == signature
    keys.load_public(bytes.fromhex(public)).verify(bytes.fromhex(signature), bytes.fromhex(message))


def test_there_are_fourteen_encodings_of_the_eight_points_of_small_order() -> None:
    assert len(curve.small_order()) == 8
    assert len(set(SMALL_ORDER)) == 14
    assert {
        int.from_bytes(raw, "little") & (2**255 - 1) for raw in SMALL_ORDER
    } == keys.SMALL_ORDER_Y


@pytest.mark.parametrize("raw", SMALL_ORDER, ids=lambda raw: raw.hex())
def test_a_key_of_small_order_is_refused(raw: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(raw)  # the library takes it: that is why we look
    assert bad(raw)


def test_with_the_neutral_key_one_signature_fits_everything_and_we_refuse_it() -> None:
    """The reason for the list: `R = neutral, S = 0` verifies whatever was said."""
    neutral, signature = curve.encode(curve.NEUTRAL), curve.encode(curve.NEUTRAL) + bytes(32)
    for message in (b"", b"a", b"let me in"):
        Ed25519PublicKey.from_public_bytes(neutral).verify(signature, message)
    parsed = dsse.Parsed(b"{}", "application/x", keys.key_id(neutral), signature)
    with pytest.raises(WireError) as refused:
        dsse.verify(parsed, "application/x", neutral)
    assert refused.value.code == "bad_key"


@pytest.mark.parametrize("y", range(curve.P, 2**255))
@pytest.mark.parametrize("sign", [0, 1])
def test_every_second_name_of_a_point_is_refused(y: int, sign: int) -> None:
    assert bad((y | sign << 255).to_bytes(32, "little"))


@pytest.mark.parametrize("y", range(2, 60))
def test_bytes_that_are_no_point_are_refused_and_points_are_not(y: int) -> None:
    raw = y.to_bytes(32, "little")
    assert bad(raw) == (not curve.roots_of(y))


@given(st.binary(max_size=40))
def test_any_bytes_are_a_good_key_or_a_bad_key(raw: bytes) -> None:
    assert bad(raw) or len(raw) == 32


@given(st.binary(min_size=32, max_size=32))
def test_every_honest_key_is_good(seed: bytes) -> None:
    public = keys.public_bytes(Ed25519PrivateKey.from_private_bytes(seed))
    assert not bad(public)
    assert keys.from_text(keys.to_text(public)) == public


def test_a_new_key_is_a_new_key_each_time() -> None:
    made = {keys.public_bytes(keys.generate()) for _ in range(8)}
    assert len(made) == 8
    assert not any(bad(public) for public in made)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AAAA",
        "é" * 44,
        keys.to_text(samples.DEVICE_PUBLIC)[:-1],
        keys.to_text(samples.DEVICE_PUBLIC) + "\n",
        keys.to_text(samples.DEVICE_PUBLIC).replace("+", "-").replace("/", "_") + "=",
        keys.to_text(bytes(32)),
        # The same 32 bytes with a stray bit in the last character.
        keys.to_text(samples.DEVICE_PUBLIC)[:-2]
        + chr(ord(keys.to_text(samples.DEVICE_PUBLIC)[-2]) + 1)
        + "=",
    ],
)
def test_a_key_in_a_payload_has_one_spelling(text: str) -> None:
    with pytest.raises(WireError) as refused:
        keys.from_text(text)
    assert refused.value.code == "bad_key"


def test_a_signature_with_a_raised_s_is_refused() -> None:
    """S + L is the classic second signature for the same message."""
    good = samples.DEVICE_KEY.sign(b"message")
    s = int.from_bytes(good[32:], "little")
    for times in (1, 2, 7):
        raised = s + times * curve.L
        if raised < 2**256:
            with pytest.raises(InvalidSignature):
                keys.load_public(samples.DEVICE_PUBLIC).verify(
                    good[:32] + raised.to_bytes(32, "little"), b"message"
                )


def test_a_key_id_looks_like_openssh_and_tells_keys_apart() -> None:
    named = keys.key_id(samples.DEVICE_PUBLIC)
    assert named.startswith("SHA256:")
    assert len(named) == 50
    assert named != keys.key_id(samples.CONTROLLER_PUBLIC)


def test_a_pin_is_sixteen_bytes_of_one_key() -> None:
    assert len(keys.pin(samples.CONTROLLER_PUBLIC)) == keys.PIN_BYTES
    assert keys.pin(samples.CONTROLLER_PUBLIC) != keys.pin(samples.DEVICE_PUBLIC)


def test_the_words_are_always_the_same_four_and_differ_between_keys() -> None:
    assert keys.words(samples.DEVICE_PUBLIC) == "stork ladder canyon chimney"
    assert keys.words(samples.DEVICE_PUBLIC) != keys.words(samples.CONTROLLER_PUBLIC)


def _nearly_the_same(a: str, b: str) -> bool:
    """Say whether one letter typed, dropped or changed makes one word the other."""
    if abs(len(a) - len(b)) > 1:
        return False
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) == 1
    longer, shorter = sorted((a, b), key=len, reverse=True)
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def test_no_two_words_of_the_list_are_easily_mistaken() -> None:
    listed = keys.word_list()
    assert len(listed) == len(set(listed)) == 512
    assert list(listed) == sorted(listed)
    assert all(word.isascii() and word.islower() and 4 <= len(word) <= 8 for word in listed)
    assert len({word[:4] for word in listed}) == 512, "four letters tell any two apart"
    close = [(a, b) for a in listed for b in listed if a < b and _nearly_the_same(a, b)]
    assert close == []
