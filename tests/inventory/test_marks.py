"""Which marks tell one computer from another, and which are nobody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.marks import KINDS, normalise


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("serial", "To Be Filled By O.E.M."),
        ("serial", "........."),
        ("serial", "XXXXXXXXXX"),
        ("serial", "0"),
        ("serial", "System Serial Number"),
        ("serial", " "),
        ("serial", "123456789"),
        ("uuid", "00000000-0000-0000-0000-000000000000"),
        ("uuid", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"),
        ("uuid", "03000200-0400-0500-0006-000700080009"),
        ("uuid", "2"),
        ("mac", "00:00:00:00:00:00"),
        ("mac", "02:42:ac:11:00:02"),
        ("mac", "00:50:56:C0:00:01"),
        ("mac", "01:00:5e:00:00:01"),
        ("mac", "nonsense"),
    ],
)
def test_a_placeholder_is_no_mark(kind: str, value: str) -> None:
    assert normalise(kind, value) == ""


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("serial", "5cd-1234 xyz", "5CD1234XYZ"),
        ("serial", "AB1.2CD", "ab12cd"),
        ("mac", "3C-52-82-0A-1B-2C", "3c:52:82:0a:1b:2c"),
        ("uuid", "4C4C4544-0044-3010-8052-B4C04F4E3132", "4c4c4544004430108052b4c04f4e3132"),
        # Old firmware swaps the bytes of the first three fields.
        ("uuid", "4c4c4544-0044-3010-8052-b4c04f4e3132", "44454c4c-4400-1030-8052-b4c04f4e3132"),
    ],
)
def test_two_spellings_of_one_mark_are_equal(kind: str, one: str, other: str) -> None:
    assert normalise(kind, one) == normalise(kind, other) != ""


@given(st.sampled_from(KINDS), st.text(max_size=200))
def test_any_string_from_a_computer_is_borne(kind: str, value: str) -> None:
    mark = normalise(kind, value)
    assert len(mark) <= 128
    assert mark == "" or normalise(kind, mark) == mark
