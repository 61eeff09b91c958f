"""The recovery key on paper: what is printed can be typed in again, and a slip is found."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.roots.recovery import GROUPS, Recovery, RecoveryKeyError

KEY = Recovery(bytes(range(32)))


def refused(text: str) -> str:
    """The sentence, which must not repeat what was typed."""
    with pytest.raises(RecoveryKeyError) as error:
        Recovery.parse(text)
    said = str(error.value)
    groups = [group for group in re.split(r"[\W_]+", text) if len(group) == 5]
    assert not any(group in said for group in groups)
    return said


def test_one_key_is_printed_the_same_for_ever() -> None:
    assert str(KEY) == (
        "CR1-000G5-40R4C-0M30A-E209S-185GM-R38EW-1W81K-24GKF-2GAHC-C5RRY-34D18-P70XM-3RFGH"
    )
    assert KEY.public.hex() == "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"


@given(seed=st.binary(min_size=32, max_size=32))
def test_what_is_printed_reads_back(seed: bytes) -> None:
    printed = Recovery(seed)
    assert len(printed.groups()) == GROUPS
    assert Recovery.parse(str(printed)) == printed
    assert Recovery.parse(" ".join(printed.groups())) == printed


@pytest.mark.parametrize(
    "respell",
    [
        str.lower,
        lambda text: text.replace("-", "\n   "),
        lambda text: text.replace("-", ""),
        lambda text: text.replace("0", "O").replace("1", "l"),
        lambda text: f"  {text.replace('-', ' – ')}.\r\n",
    ],
    ids=["lower-case", "lines", "run-together", "look-alikes", "dashes"],
)
def test_how_it_was_typed_does_not_matter(respell: object) -> None:
    assert callable(respell)
    assert Recovery.parse(respell(str(KEY))) == KEY


@given(place=st.integers(0, GROUPS - 1), at=st.integers(0, 4), by=st.integers(1, 31))
def test_a_slip_gives_no_key_or_another_one_never_a_crash(place: int, at: int, by: int) -> None:
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    groups = KEY.groups()
    letter = alphabet[(alphabet.index(groups[place][at]) + by) % 32]
    groups[place] = groups[place][:at] + letter + groups[place][at + 1 :]
    said = ""
    try:
        found = Recovery.parse(" ".join(groups))
    except RecoveryKeyError as error:
        said = str(error)
    else:
        assert found != KEY
    assert not said or f"group {place + 1} " in said


def test_a_wrong_letter_is_found_in_its_group() -> None:
    groups = KEY.groups()
    groups[6] = "Q" + groups[6][1:]
    assert "group 7 of" in refused(" ".join(groups))


def test_two_groups_in_each_others_place_are_noticed() -> None:
    groups = KEY.groups()
    groups[2], groups[3] = groups[3], groups[2]
    assert "slip in group" in refused(" ".join(groups))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "No recovery key"),
        ("CR1", "cut short"),
        (str(KEY)[:-6], "cut short"),
        (str(KEY) + "-ABCDE", "too long"),
        ("CT1.01M813CFGR4GCBYMPGMM20YZ6D.0CAT6MTBN24D2GZFN59QYDD8ZB", "join code"),
        ("x" * 2_000, "far too long"),
        ("é" * 65, "slip in group 1 "),
    ],
    ids=["nothing", "mark", "group-missing", "group-more", "join-code", "page", "accents"],
)
def test_what_is_no_recovery_key_is_named(text: str, words: str) -> None:
    assert words in refused(text)


def test_it_never_shows_itself_by_accident() -> None:
    assert repr(KEY) == "Recovery(hidden)"


def test_the_key_for_backups_is_another_one_that_follows_from_it() -> None:
    assert KEY.backup_public != KEY.public
    assert Recovery.parse(str(KEY)).backup_public == KEY.backup_public
