"""What people paste from a receipt or a certificate."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.assets.errors import RegisterError
from inventory.collections.differing import due_at, known, said
from inventory.collections.papers import KINDS, PAPERS, Difference
from inventory.collections.typed import MOST_LINES, Certified, Received, certified, received


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("WD-WX12345", Certified("WD-WX12345")),
        ("  WD-WX12345\t HS-1 ", Certified("WD-WX12345", "HS-1")),
        ("WD-WX12345; HS-1; destroyed", Certified("WD-WX12345", "HS-1", destroyed=True)),
        ("WD-WX12345, shredded", Certified("WD-WX12345", "", destroyed=True)),
        ("WD-WX12345 | HS-1 | Erased", Certified("WD-WX12345", "HS-1", destroyed=False)),
        ("WD-WX12345; HS-1; NOT WIPED", Certified("WD-WX12345", "HS-1", done=False)),
        ("WD-WX12345; failed", Certified("WD-WX12345", "", done=False)),
        ("WD-WX12345; Unfailed", Certified("WD-WX12345", "Unfailed")),
    ],
)
def test_a_line_of_a_certificate_is_read(text: str, told: Certified) -> None:
    assert certified(f"\n{text}\n\n") == (told,)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("A1234567\n; HS-1", "Line 2: it begins without a serial number."),
        ("A1234567; HS-1; HS-2; wiped", "Line 1: write the serial number, then the asset tag"),
        ("A1234567\n" + "x" * 65, "Line 2: a number has 64 characters at most."),
        ("A1234567\n" * (MOST_LINES + 1), "At most 500 lines."),
    ],
)
def test_a_line_that_cannot_be_is_named(text: str, sentence: str) -> None:
    with pytest.raises(RegisterError, match=sentence):
        certified(text)


def test_a_thing_of_a_receipt_is_read_with_its_drives() -> None:
    assert received("HS-1; WD-WX12345; S3Z9NB0K\nHS-2\n;STICK-0001") == (
        Received("HS-1", ("WD-WX12345", "S3Z9NB0K")),
        Received("HS-2"),
        Received("", ("STICK-0001",)),
    )


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read_or_refused_in_a_sentence(text: str) -> None:
    for read in (certified, received):
        with suppress(RegisterError):
            assert len(read(text)) <= len(text.splitlines())


def test_every_difference_has_words_a_day_and_a_kind_of_exception() -> None:
    assert set(known().kinds) == set(KINDS)
    assert set(known().papers) == set(PAPERS)
    for kind in KINDS:
        one = Difference("receipt", kind, "WDWX12345", "hs-1", "OTHER")
        sentence = said(one, what="WD-WX12345", other="Firm")
        assert sentence.endswith((".", "”.", "(I6)."))
        assert "{" not in sentence + known().kinds[kind].do
        assert due_at(one, 0) >= 86_400
