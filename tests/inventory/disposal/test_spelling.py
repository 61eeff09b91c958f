"""Events have one spelling, and what does not fit its limits is no event (I1, I12)."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.disposal.spelling import KINDS, LIMIT, decode, encode, tag_of
from inventory.disposal.states import STATES
from inventory.disposal.steps import STEPS, WORDS, offered, possible
from inventory.disposal.values import FoundMedium
from tests.inventory.disposal.scenes import scenes
from tests.inventory.disposal.telling import HDD, Story, received
from wire.errors import WireError

EVENTS = [event for scene in scenes() for event in scene.steps]
ONE = Story().does("withdrawn").history[0]


def test_every_kind_of_event_is_written_and_read_back() -> None:
    tried = {}
    for event in EVENTS:
        serials = str(msgspec.to_builtins(event))
        if " " not in event.actor and "'serial': ''" not in serials:
            tried[tag_of(event)] = decode(encode(event)) == event
    assert tried == dict.fromkeys(KINDS, True)


def test_steps_states_and_words_name_the_same_things() -> None:
    assert set(STEPS) == set(WORDS) == set(KINDS)
    assert {state for states in STEPS.values() for state in states} == set(STATES)


def test_what_can_be_done_next_is_said_in_words() -> None:
    assert offered(None) == "take it out of use"
    assert "approve" in offered("requested")
    assert offered("disposed") == "nothing"
    assert possible("disposed") == ("seen", "corrected")


def test_it_is_sorted_and_has_no_blanks() -> None:
    data = encode(ONE)
    keys = list(msgspec.json.decode(data))
    assert keys == sorted(keys)
    assert b'": ' not in data


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'{"actor"', b'{ "actor"'),
        (b'"seq":1', b'"seq":1.0'),
        (b'"seq":1', b'"seq":-1'),
        (b'"seq":1,', b'"seq":1,"seq":1,'),
        (b'"type":"withdrawn"', b'"type":"wished"'),
        (b'"reason":', b'"raison":'),
        (b"Too old", b"Too\\u0020old"),
        (b"Too old", "Too\u202eold".encode()),
        (b"Too old", b"Too\\nold"),
        (b"Too old", b"x" * 501),
        (b"WDWCC4E1111", b"wdwcc4e1111"),
        (b"hdd_ata", b"hdd"),
        (b'"withdrawn"}', b'"withdrawn"}\n'),
        (b'"withdrawn"}', b'"withdrawn"'),
        (b"Too old", b"x" * LIMIT),
    ],
    ids=range(15),
)
def test_any_other_spelling_is_refused(before: bytes, after: bytes) -> None:
    data = encode(ONE)
    assert before in data
    with pytest.raises(WireError):
        decode(data.replace(before, after, 1))


@pytest.mark.parametrize("data", [b"", b"null", b"{}", b"[]", b"\xff", b"{" * 10_000])
def test_what_is_no_event_at_all_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode(data)


@pytest.mark.parametrize(
    "said",
    [
        {"reason": "x" * 501},
        {"actor": ""},
        {"tag": "a\u202eb"},
        {"found": (HDD,) * 65},
        {"at": -1},
        {"seq": 100_001},
        {"personal_data": "perhaps"},
        {"found": (FoundMedium(serial="", kind="usb"),)},
        {"found": (FoundMedium(serial="ABC123", kind="usb", size_bytes=-1),)},
    ],
)
def test_what_could_not_be_read_back_is_not_written(said: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        encode(msgspec.structs.replace(ONE, **said))


@given(st.data())
def test_a_changed_byte_gives_another_event_or_none(data: st.DataObject) -> None:
    event = data.draw(st.sampled_from(received(HDD).does("certified").does("disposed").history))
    whole = bytearray(encode(event))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] = data.draw(st.integers(0, 255).filter(lambda new: new != whole[at]))
    try:
        other = decode(bytes(whole))
    except WireError:
        return
    assert other != event
    assert encode(other) == bytes(whole)
