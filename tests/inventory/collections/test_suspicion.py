"""A serial number that a bridge shows with its letters swapped in pairs is suspect, never equal."""

from hypothesis import given
from hypothesis import strategies as st

from inventory.disposal.serials import key as mark
from inventory.disposal.serials import suspect


@given(st.text("ABC123 -", min_size=6, max_size=21), st.text("ABC123 -", min_size=6, max_size=21))
def test_suspicion_is_mutual_and_never_of_equals(one: str, other: str) -> None:
    assert suspect(one, other) == suspect(other, one)
    assert not suspect(one, one.lower())


@given(st.text("AB-1239XZ", min_size=8, max_size=19), st.booleans())
def test_whatever_a_bridge_swaps_is_suspected(serial: str, left: bool) -> None:
    field = serial.rjust(20) if left else serial.ljust(20)
    swapped = "".join(field[i + 1] + field[i] for i in range(0, 20, 2)).strip()
    if mark(serial) and mark(swapped) and mark(serial) != mark(swapped):
        assert suspect(serial, swapped)
