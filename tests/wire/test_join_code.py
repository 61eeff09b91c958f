"""A join code survives being typed, read out and pasted; anything else is refused with the
reason.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire import samples
from tests.wire.refusals import ACCEPTED, code
from wire.errors import WireError
from wire.join_code import JoinCode, _check_of

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TEXT = str(samples.CODE)
codes = st.builds(
    JoinCode,
    token=st.builds(
        lambda first, rest: f"tok_{first}{rest}",
        st.sampled_from("01234567"),
        st.text(CROCKFORD, min_size=25, max_size=25),
    ),
    secret=st.binary(min_size=16, max_size=16),
    pin=st.binary(min_size=16, max_size=16),
)


def refusal(text: str) -> str:
    """Give the sentence a text is refused with."""
    with pytest.raises(WireError) as refused:
        JoinCode.parse(text)
    assert refused.value.code == "bad_join_code"
    return refused.value.sentence


@given(codes)
def test_a_code_reads_back_as_itself(right: JoinCode) -> None:
    assert JoinCode.parse(str(right)) == right


def test_a_code_is_86_letters_digits_and_dots() -> None:
    assert len(TEXT) == 86
    assert set(TEXT) <= set(CROCKFORD + ".")
    assert TEXT.startswith("CT1.")


@pytest.mark.parametrize(
    "typed",
    [
        TEXT.lower(),
        f"  {TEXT}\r\n",
        TEXT.replace(".", ""),
        TEXT.replace(".", " - "),
        TEXT.replace(".", "–"),
        TEXT.replace("0", "O").replace("1", "l"),
        TEXT.replace("0", "o").replace("1", "I"),
        "\n".join(TEXT[i : i + 20] for i in range(0, len(TEXT), 20)),
        " ".join(TEXT),
        f"“{TEXT}”",
        f'"{TEXT}"',
        f"\ufeff{TEXT}\u200b",
        TEXT + ".",
    ],
)
def test_the_ways_people_and_programs_change_a_code_do_not_matter(typed: str) -> None:
    assert JoinCode.parse(typed) == samples.CODE


def test_each_kind_of_mistake_is_named() -> None:
    assert "empty" in refusal("  \n")
    assert "starts with CT1" in refusal("https://caretaker.school.example/")
    assert "update first" in refusal(TEXT.replace("CT1", "CT2"))
    assert "cut short: 80 " in refusal(TEXT[:-3])
    assert "too long" in refusal(TEXT + "A")
    assert "“U”" in refusal(TEXT[:-1] + "u")
    assert "typing mistake" in refusal(TEXT[:-1] + ("A" if TEXT[-1] != "A" else "B"))
    assert "only the code" in refusal(TEXT * 10)


@given(codes, st.data())
def test_a_wrong_letter_hardly_ever_reads_as_another_code(
    right: JoinCode, draw: st.DataObject
) -> None:
    """Ten bits of check: a slip passes once in a thousand, and then the secret or pin is wrong
    anyway.
    """
    text = str(right)
    place = draw.draw(st.integers(4, len(text) - 1))
    letter = draw.draw(st.sampled_from(CROCKFORD))
    typed = text[:place] + letter + text[place + 1 :]
    try:
        read = JoinCode.parse(typed)
    except WireError:
        return
    assert read == right if typed == text else read != right


def test_every_single_slip_in_one_code_is_counted() -> None:
    passed = 0
    for place in range(4, len(TEXT)):
        for letter in CROCKFORD:
            if letter != TEXT[place] != ".":
                try:
                    JoinCode.parse(TEXT[:place] + letter + TEXT[place + 1 :])
                except WireError:
                    continue
                passed += 1
    assert passed <= 8, "of 2,480 slips about 2.4 pass ten bits"


@given(st.text(max_size=120))
def test_any_text_is_a_code_or_is_refused_in_one_printable_sentence(text: str) -> None:
    assert code(lambda: JoinCode.parse(text)) in {ACCEPTED, "bad_join_code"}


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_part_beyond_128_bits_is_refused_even_under_a_right_check(part: int) -> None:
    """26 letters could say 130 bits; the two too many must not pass, nor break the arithmetic."""
    parts = [TEXT[4:30], TEXT[31:57], TEXT[58:84]]
    assert JoinCode.parse("CT1" + "".join(parts) + _check_of("".join(parts))) == samples.CODE
    parts[part] = "8" + parts[part][1:]
    assert "typing mistake" in refusal("CT1" + "".join(parts) + _check_of("".join(parts)))


def test_512_characters_are_looked_at_and_no_more() -> None:
    assert JoinCode.parse(TEXT.ljust(512)) == samples.CODE
    assert "only the code" in refusal(TEXT.ljust(513))


def test_a_refusal_never_quotes_the_secret() -> None:
    secret = TEXT.split(".")[2]
    for typed in (TEXT[:-3], TEXT + "A", TEXT[:-1] + "u", "x" + TEXT, TEXT[:-1] + "9"):
        assert secret not in refusal(typed)


def test_a_printed_object_hides_the_secret() -> None:
    for shown in (repr(samples.CODE), f"{[samples.CODE]}"):
        assert TEXT.split(".")[2] not in shown
        assert samples.SECRET.hex() not in shown
        assert "x00\\x11" not in shown


@pytest.mark.parametrize(
    ("token", "secret", "pin"),
    [
        ("01JD9YBXRZ8QK2M4N6P8R0S2T4", bytes(16), bytes(16)),
        ("tok_01JD9YBXRZ8QK2M4N6P8R0S2T", bytes(16), bytes(16)),
        ("tok_81JD9YBXRZ8QK2M4N6P8R0S2T4", bytes(16), bytes(16)),
        ("tok_01JD9YBXRZ8QK2M4N6P8R0S2TU", bytes(16), bytes(16)),
        ("tok_01JD9YBXRZ8QK2M4N6P8R0S2T4", bytes(15), bytes(16)),
        ("tok_01JD9YBXRZ8QK2M4N6P8R0S2T4", bytes(16), bytes(32)),
        ("", bytes(16), bytes(16)),
    ],
)
def test_no_code_is_made_of_wrong_parts(token: str, secret: bytes, pin: bytes) -> None:
    with pytest.raises(WireError):
        JoinCode(token, secret, pin)
