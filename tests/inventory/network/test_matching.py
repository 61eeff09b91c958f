"""What is one thing, by serial, engine id and own addresses; never by order, name or address."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.network.matching import Marks, Match, match

A, B, C = "00:1b:17:00:00:01", "00:1b:17:00:00:02", "00:1b:17:00:00:03"


def marks(serial: str = "", engine: str = "", *macs: str) -> Marks:
    return Marks(frozenset(serial.split()), engine, frozenset(macs))


def parts(things: list[Marks], **known: Marks) -> list[tuple[tuple[int, ...], tuple[str, ...]]]:
    return [(one.things, one.known) for one in match(things, known).matches]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (marks("CN1"), marks("CN1"), True),
        (marks("CN1"), marks("CN2"), False),
        (marks("CN1", "80aa", A), marks("CN1", "80bb", A), True),
        (marks("CN1", "80aa", A), marks("CN1", "80aa", B), True),
        # Everything but the number is another's: a number that many have.
        (marks("CN1", "80aa", A), marks("CN1", "80bb", B), False),
        (marks("", "80aa"), marks("", "80aa"), True),
        # An engine id that was copied with the configuration.
        (marks("CN1", "80aa"), marks("CN2", "80aa"), False),
        (marks("", "80aa", A), marks("", "80aa", B), False),
        (marks("", "", A, B), marks("", "", B, C), True),
        (marks("CN1", "", A), marks("CN2", "", A), False),
        (marks("CN1", "80aa", A), marks("", "", A), True),
        (marks("CN1 CN2"), marks("CN2 CN3"), True),
    ],
)
def test_two_things_are_one_by_the_surest_mark_and_not_against_it(
    one: Marks, other: Marks, same: bool
) -> None:
    assert (len(match([one, other], {}).matches) == 1) is same
    assert (match([one], {"known": other}).matches[0].known == ("known",)) is same


def test_what_has_nothing_to_know_it_by_is_not_matched() -> None:
    found = match([Marks(), marks("CN1")], {"x": Marks()})
    assert (found.matches, found.unclear) == ((Match((1,), ()),), (0,))


def test_what_fits_two_that_are_not_one_is_given_to_neither() -> None:
    two = {"x": marks("CN1", "", A), "y": marks("CN2", "", B)}
    found = match([marks("", "", A, B)], two)
    assert (found.matches, found.unclear) == ((), (0,))


def test_a_third_thing_with_a_number_many_have_is_a_third_thing() -> None:
    two = {"x": marks("CN1", "80aa", A), "y": marks("CN1", "80bb", B)}
    assert parts([marks("CN1", "80cc", C)], **two) == [((0,), ())]
    assert parts([marks("CN1", "80bb", B)], **two) == [((0,), ("y",))]


def test_two_rows_that_turn_out_to_be_one_are_named_the_surest_first() -> None:
    two = {"a": marks("", "80aa"), "b": marks("CN1")}
    assert parts([marks("CN1", "80aa")], **two) == [((0,), ("b", "a"))]


SOME = st.builds(
    marks,
    st.sampled_from(["", "CN1", "CN2", "CN1 CN2"]),
    st.sampled_from(["", "80aa", "80bb"]),
    st.sampled_from([A, B, C]),
)


@given(st.lists(SOME, max_size=7), st.lists(SOME, max_size=4), st.randoms(use_true_random=False))
def test_the_order_decides_nothing(
    things: list[Marks], known: list[Marks], dice: random.Random
) -> None:
    ids = {f"k{n}": told for n, told in enumerate(known)}
    order = list(range(len(things)))
    dice.shuffle(order)
    first = match(things, ids)
    other = match([things[n] for n in order], dict(reversed(ids.items())))
    back = [(tuple(sorted(order[n] for n in one.things)), one.known) for one in other.matches]
    assert sorted(back) == [(one.things, one.known) for one in first.matches]
    assert sorted(order[n] for n in other.unclear) == list(first.unclear)


@given(st.lists(SOME, max_size=6))
def test_what_was_told_once_is_known_again(things: list[Marks]) -> None:
    first = match(things, {})
    ids = {
        f"k{n}": Marks(
            frozenset().union(*(things[t].serials for t in one.things)),
            max((things[t].engine for t in one.things), default=""),
            frozenset().union(*(things[t].macs for t in one.things)),
        )
        for n, one in enumerate(first.matches)
    }
    again = match(things, ids)
    assert all(one.known for one in again.matches)
