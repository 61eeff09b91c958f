"""Words people read: durations, sizes and dates in English, and device strings made harmless."""

import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.catalogue import Check, catalogue
from checks.words import clean, date, duration, sentence, size


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (90, "90 seconds"),
        (60, "1 minute"),
        (900, "15 minutes"),
        (5_400, "1 hour 30 minutes"),
        (86_400, "1 day"),
        (90_000, "1 day 1 hour"),
        (86_400 * 12 + 3_600, "12 days"),
    ],
)
def test_a_duration_reads_as_people_say_it(seconds: int, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("count", "words"), [(512, "512 bytes"), (256_000_000_000, "256 GB"), (1_500, "1.5 kB")]
)
def test_a_size_reads_as_on_the_box(count: int, words: str) -> None:
    assert size(count) == words


def test_a_date_is_a_day_and_an_impossible_one_says_so() -> None:
    assert date(1_795_305_600) == "22 November 2026"
    assert date(10**18) == "an impossible date"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("\x1b]52;c;aGk=\x07x", "]52;c;aGk=x"),
        ("a\u202eb", "ab"),
        ("a\x00b\r\nc", "ab c"),
        ("  two\t words ", "two words"),
    ],
    ids=["plain", "osc52", "bidi", "control", "space"],
)
def test_a_device_string_is_shown_without_what_could_harm(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(st.text(max_size=3_000))
def test_no_device_string_ever_shows_a_control_or_format_character(text: str) -> None:
    shown = clean(text)
    assert len(shown) <= 80
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp") for c in shown)


def example(template: str) -> Check:
    check = next(iter(catalogue().judged()))[2]
    return msgspec.structs.replace(check, sentences={"x": template})


@pytest.mark.parametrize(
    "hostile", ["{seconds.__class__}", "{0}", "%s", "{name!r}", "<script>", "{}" * 50]
)
def test_a_device_string_is_never_a_template(hostile: str) -> None:
    said = sentence(example("Found {name} here."), "x", {"name": hostile})
    assert said == f"Found {clean(hostile)} here."


def test_a_gap_nobody_filled_is_a_question_mark_not_a_crash() -> None:
    assert sentence(example("Found {name} after {n:duration}."), "x", {}) == "Found ? after ?."


def test_every_sentence_of_every_check_can_be_filled_with_anything() -> None:
    for _, _, check, _ in catalogue().judged():
        for key in check.sentences:
            assert sentence(check, key, {"seconds": 5, "limit": "x"})
