"""How disposals are spoken of: every value has words, every event a line, and no trade term."""

import re
from typing import Any, get_args

import msgspec
import pytest

from controller.disposal.happened import actors, digests, happened
from controller.disposal.saying import Names, bound, listed, pounds, read_back, size
from controller.disposal.words import words
from controller.wording.words import words as common
from inventory.disposal import states
from inventory.disposal.events import Event
from inventory.disposal.spelling import tag_of
from tests.controller.disposal.made import NAMES, every_event

HOSTILE = "<script>\u202e=1+1\x1b]52;c;x\x07"


def test_every_value_of_a_disposal_has_words_and_no_other_has() -> None:
    known = words()
    assert set(known.states) == set(states.STATES)
    assert set(known.routes) == set(states.ROUTES)
    assert set(known.media) == set(states.MEDIUM_KINDS)
    assert set(known.personal_data) == set(get_args(states.PersonalData))
    assert set(known.holds) == set(get_args(states.HoldKind))
    assert set(known.levels) == set(states.LEVELS)
    assert set(known.methods) == set(get_args(states.VerifyMethod))
    assert set(known.techniques) == set(get_args(states.Technique))
    assert set(known.found) == set(get_args(states.VerifyResult))
    assert set(known.decisions) == set(get_args(states.Decision))
    assert set(known.destroyed) == set(get_args(states.DestroyMethod))
    assert set(known.places) == set(get_args(states.Place))
    assert set(known.differences) == set(get_args(states.ExceptionKind))
    assert set(known.standings) == set(get_args(states.MediumState))
    assert set(known.events) == {tag_of(one) for one in every_event()}


def test_only_what_is_accounted_for_has_the_good_tone() -> None:
    good = {name for name, label in words().standings.items() if label.tone == "good"}
    assert good == {"done", "certified", "destroyed", "retained"}


def test_no_word_is_one_of_the_trade() -> None:
    terms = "|".join(map(re.escape, common().not_for_everyone["terms"]))
    # The levels are the names of NIST SP 800-88, and a certificate has to name them.
    said = msgspec.to_builtins(words()) | {"levels": {}}
    said["honest"].pop("clear")

    def texts(value: Any) -> list[str]:
        if isinstance(value, dict):
            icons = {"icon", "tone"}
            return [t for k, v in value.items() if k not in icons for t in texts(v)]
        return [str(value)]

    found = re.compile(rf"(?<![\w-])({terms})(?![\w-])", re.IGNORECASE).findall(
        "\n".join(texts(said))
    )
    assert found == []


@pytest.mark.parametrize("event", every_event(), ids=tag_of)
def test_every_event_is_a_line_with_a_person_and_never_a_bare_id(event: Event) -> None:
    line = happened(event, NAMES)
    text = " ".join([line.label.label, line.who, *line.said])
    assert line.who == NAMES.people[event.actor]
    assert not re.search(r"\b(user|dev|contractor|coll|asset|machine)_?[:_]", text)
    assert set(actors(event)) <= set(NAMES.people) | {"machine:dev_bench"}
    assert [one.sha256 for one in line.files] == digests(event)


@pytest.mark.parametrize("event", every_event(), ids=tag_of)
def test_what_a_person_or_a_drive_says_is_shown_harmless(event: Event) -> None:
    names = {"people": dict.fromkeys(NAMES.people, HOSTILE), "drives": {"S1AAAAAA": HOSTILE}}
    line = happened(event, msgspec.structs.replace(NAMES, **names))
    text = " ".join([line.who, *line.said])
    assert "\u202e" not in text
    assert "\x1b" not in text


def test_of_a_correction_nobody_is_said_to_have_agreed_who_was_only_named() -> None:
    [event] = [one for one in every_event() if tag_of(one) == "corrected"]
    said = " ".join(happened(event, NAMES).said)
    assert "is named as the second person" in said
    assert "together with" not in said


def test_whoever_left_is_said_to_have_left_and_a_computer_is_a_computer() -> None:
    names = Names(people={"user_a": "Ann"}, machines={"dev_bench": "BENCH-1"})
    assert names.who("user_b") == "somebody who has left"
    assert names.who("machine:dev_bench") == "the computer BENCH-1, by its own key"
    assert names.who("machine:dev_gone") == "a computer, by its own key"
    assert names.who("system") == "Caretaker itself"


def test_numbers_are_said_as_people_say_them() -> None:
    assert [pounds(0), pounds(1_250), pounds(2_500_00)] == ["£0", "£12.50", "£2,500"]
    assert [size(0), size(512_110_190_592), size(1_000_204_886_016)] == ["", "512 GB", "1.0 TB"]
    assert [size(33_554_432), size(999_999_999), size(1)] == ["34 MB", "1.0 GB", "1 bytes"]
    assert [bound(1_000_000), bound(46_000), bound(1)] == ["0.1 %", "0.0046 %", "0.0001 %"]
    assert [listed([]), listed(["a"]), listed(["a", "b", "c"])] == ["", "a", "a, b and c"]


def test_a_sample_says_what_it_leaves_open_and_a_full_reading_does_not() -> None:
    assert "at most 0.1 % of it is not empty" in read_back("sample", 1_000_000)
    assert read_back("full", 0) == "read back in full"
