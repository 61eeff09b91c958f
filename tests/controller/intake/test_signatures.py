"""libsodium beside OpenSSL: what intake accepts, every other verifier accepts too."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from controller.intake import signatures
from tests.wire import curve
from wire import keys
from wire.errors import WireError

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = keys.public_bytes(KEY)
ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the base point (RFC 8032, 5.1)."""


@given(st.binary(max_size=2_000))
def test_both_sign_alike_and_accept_each_other(message: bytes) -> None:
    signature = signatures.Key(KEY).sign(message)
    assert signature == KEY.sign(message)
    assert signatures.fits(PUBLIC, signature, message)
    assert keys.fits(PUBLIC, signature, message)


@given(st.integers(0, 64 * 8 - 1), st.binary(max_size=64))
def test_no_flipped_bit_is_accepted(bit: int, message: bytes) -> None:
    altered = bytearray(KEY.sign(message))
    altered[bit // 8] ^= 1 << bit % 8
    assert not signatures.fits(PUBLIC, bytes(altered), message)


@given(st.binary(max_size=70), st.binary(max_size=40), st.binary(max_size=40))
def test_nothing_at_random_is_accepted_nor_breaks_it(
    signature: bytes, public: bytes, message: bytes
) -> None:
    assert not signatures.fits(public, signature, message)


def test_a_signature_cut_short_does_not_go_on_in_the_message() -> None:
    signature = KEY.sign(b"m")
    for cut in (0, 32, 63):
        assert not signatures.fits(PUBLIC, signature[:cut], signature[cut:] + b"m")
    assert not signatures.fits(PUBLIC, signature + b"m", b"")


def test_a_key_that_goes_on_or_ends_early_is_nobodys() -> None:
    signature = KEY.sign(b"m")
    assert signatures.fits(PUBLIC, signature, b"m")
    for public in (PUBLIC + b"x", PUBLIC * 2, PUBLIC[:31], b""):
        assert not signatures.fits(public, signature, b"m")
        assert not _fits_here(public, signature, b"m")


def test_the_second_spelling_of_a_signature_is_refused() -> None:
    signature = KEY.sign(b"m")
    s = int.from_bytes(signature[32:], "little") + ORDER
    again = signature[:32] + s.to_bytes(32, "little")
    assert not signatures.fits(PUBLIC, again, b"m")
    assert not keys.fits(PUBLIC, again, b"m")


def test_a_key_of_small_order_signs_nothing() -> None:
    for point in curve.small_order():
        for public in curve.all_encodings(point):
            for message in (b"", b"m", bytes(64)):
                for first in (public, bytes([1]) + bytes(31)):
                    signature = first + bytes(32)
                    assert not signatures.fits(public, signature, message)
                    assert not _fits_here(public, signature, message)


def _fits_here(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        return keys.fits(public, signature, message)
    except WireError:
        return False
