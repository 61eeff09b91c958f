"""Hours a computer surely had since something was due: never one too many."""

from hypothesis import given
from hypothesis import strategies as st

from checks.catalogue import UNITS, catalogue
from checks.online import LONGEST_NEED_SECONDS, Stretch, since

DUE, SEEN = 1_000_000, 1_100_000


def test_a_stretch_after_the_moment_counts_whole_and_one_before_it_not_at_all() -> None:
    after, before = Stretch(DUE, DUE + 2_700, 2_700), Stretch(DUE - 2_700, DUE, 2_700)
    assert since([after], DUE, SEEN) == 2_700
    assert since([before], DUE, SEEN) == 0
    assert since([before, after, after], DUE, SEEN) == 5_400
    assert since([], DUE, SEEN) == 0


def test_of_a_stretch_around_the_moment_only_what_cannot_have_come_before_counts() -> None:
    awake = Stretch(DUE - 600, DUE + 3_000, 3_600)
    assert since([awake], DUE, SEEN) == 3_000
    slept = Stretch(DUE - 600, DUE + 90_000, 3_600)
    assert since([slept], DUE, SEEN) == 3_000
    assert since([Stretch(DUE - 600, DUE + 90_000, 600)], DUE, SEEN) == 0
    assert since([Stretch(DUE - 600, DUE + 90_000, 601)], DUE, SEEN) == 1


def test_nobody_was_on_for_longer_than_the_time_that_went_by() -> None:
    assert since([Stretch(DUE, DUE + 10, 5_000)], DUE, SEEN) == 10
    assert since([Stretch(DUE, SEEN, SEEN - DUE)] * 3, DUE, SEEN) == SEEN - DUE
    assert since([Stretch(DUE, SEEN, 500)], SEEN + 1, SEEN) == 0


NUMBERS = st.integers(DUE - 200_000, SEEN + 200_000)
STRETCHES = st.lists(st.builds(Stretch, NUMBERS, NUMBERS, st.integers(-10, 300_000)), max_size=5)


@given(STRETCHES, NUMBERS, NUMBERS, st.integers(0, 100_000))
def test_a_later_moment_never_leaves_more_hours(
    stretches: list[Stretch], due: int, seen: int, later: int
) -> None:
    assert 0 <= since(stretches, due + later, seen) <= since(stretches, due, seen)
    assert since(stretches, due, seen) <= max(0, seen - due)


def test_no_check_may_ask_for_more_hours_than_are_remembered() -> None:
    asked = [
        (declared.max or 0) * UNITS[declared.unit][1]
        for _, _, check, _ in catalogue().judged()
        for name, declared in check.thresholds.items()
        if name == "online_seconds"
    ]
    assert asked
    assert 0 < max(asked) <= LONGEST_NEED_SECONDS
