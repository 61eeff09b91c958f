"""Which serials tell two drives apart, and which are only alike (§5.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.disposal.serials import LONGEST, key, same, suspect


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("WD-WCC4E1234567", "WDWCC4E1234567"),
        ("  s3z9nb0k123456x \0", "S3Z9NB0K123456X"),
        ("0025_3856_91B0_1F3A.", "0025385691B01F3A"),
        ("AB12CD", "AB12CD"),
        ("AB12C", ""),
        ("0123456789", ""),
        ("To Be Filled By O.E.M.", ""),
        ("Unknown", ""),
        ("XXXXXX", ""),
        ("??????", ""),
        ("00000000", ""),
        ("", ""),
        ("A1" * (LONGEST // 2), "A1" * (LONGEST // 2)),
        ("A1" * (LONGEST // 2) + "B", ""),
    ],
)
def test_it_is_compared_as_capital_letters_and_digits(raw: str, plain: str) -> None:
    assert key(raw) == plain


def test_two_spellings_are_one_drive_and_two_placeholders_none() -> None:
    assert same("WD-WCC4E1234567", "wdwcc4e1234567")
    assert not same("WD-WCC4E1234567", "WD-WCC4E1234568")
    assert not same("Unknown", "Unknown")


def test_bytes_swapped_in_pairs_are_suspect_and_never_the_same() -> None:
    assert suspect("WDWCC4E1234567", "DWCW4C1E325476")
    assert suspect("DWCW4C1E325476", "WDWCC4E1234567")
    assert not same("WDWCC4E1234567", "DWCW4C1E325476")
    assert not suspect("WDWCC4E1234567", "WDWCC4E1234567")
    assert not suspect("Unknown", "nUnkwon")


@given(st.text(max_size=80))
def test_a_key_is_its_own_key(raw: str) -> None:
    assert key(key(raw)) == key(raw)
    assert key(raw) == "" or 6 <= len(key(raw)) <= LONGEST
