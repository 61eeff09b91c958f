"""The envelope: DSSE's own vector, one spelling, and verification before belief."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from hypothesis import given
from hypothesis import strategies as st

from tests.wire import samples
from tests.wire.refusals import code
from wire import dsse, keys, limits
from wire.errors import WireError

KIND = "application/x.test"
ENVELOPE = dsse.sign(b'{"a":1}', KIND, samples.DEVICE_KEY)


def code_of(data: bytes) -> str:
    """Say with which code an envelope is refused, or `accepted`."""
    return code(lambda: dsse.verify(dsse.parse(data), KIND, samples.DEVICE_PUBLIC))


def changed(**fields: Any) -> bytes:
    """Write the good envelope with some fields changed, canonically."""
    envelope: dict[str, Any] = json.loads(ENVELOPE) | fields
    return json.dumps(envelope, separators=(",", ":"), sort_keys=True).encode()


def test_the_vector_of_the_dsse_specification() -> None:
    encoded = dsse.pae("http://example.com/HelloWorld", b"hello world")
    assert encoded == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    signature = base64.b64decode(
        "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="
    )
    public = ec.EllipticCurvePublicNumbers(
        46950820868899156662930047687818585632848591499744589407958293238635476079160,
        5640078356564379163099075877009565129882514886557779369047442380624545832820,
        ec.SECP256R1(),
    ).public_key()
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    public.verify(utils.encode_dss_signature(r, s), encoded, ec.ECDSA(hashes.SHA256()))


def test_lengths_in_the_signed_bytes_count_bytes_not_characters() -> None:
    assert dsse.pae("é", "łł".encode()) == b"DSSEv1 2 \xc3\xa9 4 \xc5\x82\xc5\x82"
    assert dsse.pae("", b"") == b"DSSEv1 0  0 "


@given(st.binary(max_size=2000), st.text("abcxyz./+-", min_size=1, max_size=60))
def test_what_is_signed_verifies_and_is_unchanged(payload: bytes, kind: str) -> None:
    parsed = dsse.parse(dsse.sign(payload, kind, samples.DEVICE_KEY))
    assert dsse.verify(parsed, kind, samples.DEVICE_PUBLIC) == payload
    assert parsed.keyid == keys.key_id(samples.DEVICE_PUBLIC)


@given(st.text(max_size=12), st.binary(max_size=12), st.text(max_size=12), st.binary(max_size=12))
def test_no_two_messages_have_the_same_signed_bytes(a: str, x: bytes, b: str, y: bytes) -> None:
    assert (dsse.pae(a, x) == dsse.pae(b, y)) == ((a, x) == (b, y))


def test_a_message_of_another_type_is_refused_though_its_signature_fits() -> None:
    with pytest.raises(WireError) as refused:
        dsse.verify(dsse.parse(ENVELOPE), KIND + "2", samples.DEVICE_PUBLIC)
    assert refused.value.code == "bad_type"


def test_another_key_does_not_verify() -> None:
    with pytest.raises(WireError) as refused:
        dsse.verify(dsse.parse(ENVELOPE), KIND, samples.STRANGER_PUBLIC)
    assert refused.value.code == "bad_signature"


def test_a_stranger_who_borrows_the_key_id_is_refused() -> None:
    forged = json.loads(dsse.sign(b'{"a":2}', KIND, samples.STRANGER_KEY))
    forged["signatures"][0]["keyid"] = keys.key_id(samples.DEVICE_PUBLIC)
    assert code_of(json.dumps(forged, separators=(",", ":")).encode()) == "bad_signature"


def test_another_key_id_over_a_good_signature_is_refused() -> None:
    """DSSE leaves keyid unsigned; were it free, a stranger could change an envelope's digest."""
    named = json.loads(ENVELOPE)
    named["signatures"][0]["keyid"] = keys.key_id(samples.STRANGER_PUBLIC)
    assert code_of(json.dumps(named, separators=(",", ":")).encode()) == "bad_signature"


SIGNATURE = json.loads(ENVELOPE)["signatures"][0]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (ENVELOPE, "accepted"),
        (changed(signatures=[]), "schema"),
        (changed(signatures=[SIGNATURE, SIGNATURE]), "schema"),
        (changed(signatures=SIGNATURE), "schema"),
        (changed(extra=1), "schema"),
        (changed(signatures=[SIGNATURE | {"cert": "x"}]), "schema"),
        (changed(signatures=[{"sig": SIGNATURE["sig"]}]), "schema"),
        (changed(signatures=[SIGNATURE | {"keyid": ""}]), "schema"),
        (changed(payloadType=""), "schema"),
        (changed(payloadType="a b"), "schema"),
        (changed(payloadType="x" * 101), "schema"),
        (changed(payload=None), "schema"),
        (changed(payload="eyJhIjoxfQ"), "malformed"),
        (changed(payload="eyJhIjoxfQ="), "malformed"),
        (changed(payload="eyJhIjoxfQ==="), "malformed"),
        (changed(payload="eyJhIjoxfR=="), "not_canonical"),
        (changed(payload="eyJhIjox fQ=="), "malformed"),
        (changed(payload="eyJhIjox\nfQ=="), "not_canonical"),
        (changed(payload="eyJhIjo_fQ=="), "malformed"),
        (changed(payload="eyJhIjox=fQ="), "malformed"),
        (changed(payload="é"), "not_canonical"),
        (changed(payload=""), "bad_signature"),
        (json.dumps(json.loads(ENVELOPE)).encode(), "not_canonical"),
        (ENVELOPE + b"\n", "not_canonical"),
        (ENVELOPE + ENVELOPE, "malformed"),
        (b"[" + ENVELOPE + b"]", "schema"),
        (b"", "malformed"),
        (b"null", "schema"),
        (b"<!doctype html><title>Blocked</title>", "malformed"),
    ],
)
def test_an_envelope_has_one_spelling(data: bytes, expected: str) -> None:
    assert code_of(data) == expected


def test_url_safe_base64_of_the_same_payload_is_refused() -> None:
    """DSSE allows it; we do not, because two spellings would be two digests of one report."""
    payload = b'{"a":"\xc3\xbf\xc3\xbf>>>???"}'
    good = json.loads(dsse.sign(payload, KIND, samples.DEVICE_KEY))
    assert set(good["payload"]) & set("+/")
    good["payload"] = base64.urlsafe_b64encode(payload).decode()
    assert code_of(json.dumps(good, separators=(",", ":")).encode()) == "malformed"


def test_a_payload_may_have_64_kib_and_no_byte_more() -> None:
    largest = dsse.sign(b"x" * limits.PAYLOAD, KIND, samples.DEVICE_KEY)
    assert len(largest) <= limits.ENVELOPE
    assert code_of(largest) == "accepted"
    with pytest.raises(WireError) as refused:
        dsse.sign(b"x" * (limits.PAYLOAD + 1), KIND, samples.DEVICE_KEY)
    assert refused.value.code == "too_large"
    for more in (1, 2):  # base64 rounds up, so the envelope's own length does not show these
        padded = b"x" * (limits.PAYLOAD + more)
        assert code_of(changed(payload=base64.b64encode(padded).decode())) == "too_large"
    assert code_of(b" " * (limits.ENVELOPE + 1)) == "too_large"


def test_a_type_may_have_a_hundred_characters() -> None:
    parsed = dsse.parse(dsse.sign(b"", "x" * 100, samples.DEVICE_KEY))
    assert dsse.verify(parsed, "x" * 100, samples.DEVICE_PUBLIC) == b""


def test_a_digest_names_its_algorithm() -> None:
    assert dsse.digest(b"") == (
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
