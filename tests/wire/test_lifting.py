"""What is lifted out of a text is put back to the letter, and nobody else's values fit it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.refusals import code
from wire import lifting
from wire.errors import WireError

HEX = "0123456789abcdef"
DIGITS = "0123456789"
SPELLINGS = st.one_of(
    st.text(HEX, min_size=15, max_size=65),
    st.sampled_from((16, 32, 64)).flatmap(lambda n: st.text(HEX, min_size=n, max_size=n)),
    st.text(DIGITS, max_size=18),
    st.integers(0, 10**16).map(str),
    st.integers(1_700_000_000, 1_800_000_000).map(str),
    st.uuids().map(str),
    st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=25, max_size=27),
    st.sampled_from(("0", "-12", "12.50", "%d", "%", "%%b", "null", "DEADBEEF" * 8)),
)
AROUND = st.sampled_from(("", '"', ":", ",", "[", "]", "}", '\\"', "_", "sha256:", "a", "é", " "))
TEXTS = st.lists(st.tuples(AROUND, SPELLINGS, AROUND)).map(
    lambda parts: "".join(map("".join, parts)).encode()
)


@given(TEXTS)
def test_any_text_comes_back_to_the_letter(text: bytes) -> None:
    lifted = lifting.lift(text)
    assert lifted is not None
    assert lifting.lower(*lifted) == text


@pytest.mark.parametrize(
    ("text", "left", "taken"),
    [
        ('"sha256:' + "ab" * 32 + '"', b'"sha256:\x01"', 32),
        ('"nonce":"' + "0f" * 16 + '"', b'"nonce":"\x02"', 16),
        ('"3f1b5c0a-9c3e-4f0e-8a57-0d9a6c1b2e4f"', b'"\x03"', 16),
        ('"dev_01JD9Z3K4M5N6P7Q8R9S0T1V2W"', b'"dev_\x04"', 16),
        ('"at":1795310100,"in":[1795310000]', b'"at":\x05,"in":[\x05]', 7),
        ('{"bytes":74914603008}', b'{"bytes":\x06}', 5),
        ('\\"28188\\"', b'\\"\x06\\"', 3),
        ('"user":"4ce8f1355421e404"', b'"user":"\x07"', 8),
        ('{"v":1,"x":-12,"y":012,"z":0.12}', b'{"v":1,"x":-12,"y":012,"z":0.12}', 0),
    ],
    ids=["digest", "nonce", "uuid", "ulid", "times", "number", "quoted", "alias", "none"],
)
def test_what_packs_badly_leaves_one_byte_behind(text: str, left: bytes, taken: int) -> None:
    lifted = lifting.lift(text.encode())
    assert lifted is not None
    assert (lifted[0], len(lifted[1])) == (left, taken)


@pytest.mark.parametrize("mark", range(1, 8))
def test_a_text_that_uses_such_a_byte_itself_is_not_lifted(mark: int) -> None:
    assert lifting.lift(b'{"a":' + bytes([mark])) is None


@given(st.lists(st.sampled_from([*range(1, 8), 10, 37, 98])).map(bytes), st.binary(max_size=200))
def test_any_values_fit_a_text_or_are_refused(text: bytes, values: bytes) -> None:
    said = code(lambda: lifting.lower(text, values))
    assert said in ("accepted", "malformed")


@given(TEXTS, st.binary(min_size=1, max_size=3))
def test_a_value_too_many_or_too_few_is_refused(text: bytes, more: bytes) -> None:
    lifted = lifting.lift(text)
    assert lifted is not None
    left, values = lifted
    with pytest.raises(WireError):
        lifting.lower(left, values + more)
    if values:
        with pytest.raises(WireError):
            lifting.lower(left, values[:-1])
