"""What is certain and what is only possible, and when a sighting is news (I11, O35)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.ghosts.rule import QUIET_SECONDS, Before, Doubt, Signed, doubt_of, is_news

SURE = Signed(weak=False, forked=False, same=True, since=100, gone_at=200)
MARKS = frozenset({("serial", "PF2K9QXA")})


@pytest.mark.parametrize(
    ("changed", "doubt"),
    [
        ({}, ""),
        ({"since": 200}, ""),
        ({"since": 201}, "later"),
        ({"weak": True}, "weak"),
        ({"forked": True}, "fork"),
        ({"same": False}, "moved"),
    ],
)
def test_only_its_own_key_on_its_own_hardware_is_certain(
    changed: dict[str, bool | int], doubt: Doubt
) -> None:
    fields = {name: getattr(SURE, name) for name in Signed.__struct_fields__}
    assert doubt_of(Signed(**(fields | changed))) == doubt


@given(st.booleans(), st.booleans(), st.booleans(), st.integers(0, 9), st.integers(0, 9))
def test_no_signature_that_a_copy_could_make_is_certain(
    weak: bool, forked: bool, same: bool, since: int, gone_at: int
) -> None:
    certain = not doubt_of(Signed(weak, forked, same, since, gone_at))
    assert certain == (not weak and not forked and same and since <= gone_at)


def before(**changed: object) -> Before:
    fields: dict[str, object] = {"sure": True, "marks": MARKS, "last_at": 0, "answered": True}
    return Before(**(fields | changed))  # type: ignore[arg-type]  # as Before has them


def test_what_was_never_seen_is_news_and_what_waits_for_an_answer_is_none() -> None:
    assert is_news(None, sure=False, marks=MARKS, at=1)
    open_one = before(answered=False, sure=False)
    for sure in (True, False):
        assert not is_news(open_one, sure=sure, marks={("mac", "x")}, at=10**9)


def test_what_was_answered_is_no_news_every_night() -> None:
    for night in range(7):
        assert not is_news(before(last_at=night), sure=True, marks=MARKS, at=night + 86_400)


def test_its_own_key_is_news_again_after_a_week_of_silence_and_a_claim_is_not() -> None:
    edge = QUIET_SECONDS
    assert not is_news(before(), sure=True, marks=MARKS, at=edge - 1)
    assert is_news(before(), sure=True, marks=MARKS, at=edge)
    assert not is_news(before(sure=False), sure=False, marks=MARKS, at=10 * edge)


def test_a_new_mark_or_certainty_is_news_though_somebody_answered() -> None:
    assert is_news(before(), sure=False, marks={*MARKS, ("mac", "a44cc8112233")}, at=1)
    assert is_news(before(sure=False), sure=True, marks=MARKS, at=1)
    assert not is_news(before(), sure=False, marks=set(), at=1)
