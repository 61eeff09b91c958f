"""An unseen fact refuses every question; only its own kind compares with it."""

from collections.abc import Callable

import msgspec
import pytest

from checks.facts import MalformedSectionError, decode_section, encode_section
from checks.locking.facts import LockingFacts, LockingNow, Rule
from checks.unseen import BlindError, Maybe, NotHere, Unseen, each, known

DENIED = Unseen("denied")
RULE = Rule("u", "gnome", 300, True, 0, True, False)
FACTS = LockingFacts(rules=[RULE], machine_idle_seconds=None)


@pytest.mark.parametrize(
    "question",
    [
        lambda: bool(DENIED),
        lambda: DENIED == 0,
        lambda: DENIED != 0,
        lambda: DENIED in (0, 1),
        lambda: hash(DENIED),
        lambda: list(DENIED),
        lambda: known(DENIED),
        lambda: not DENIED,
        lambda: DENIED < 5,
        lambda: DENIED <= 5,
        lambda: DENIED + 5,
        lambda: 5 - DENIED,
        lambda: len(DENIED),
        lambda: "a" in DENIED,
        lambda: DENIED[0],
    ],
    ids=[
        "bool",
        "eq",
        "ne",
        "in",
        "hash",
        "iter",
        "known",
        "not",
        "lt",
        "ge",
        "add",
        "sub",
        "len",
        "has",
        "item",
    ],
)
def test_using_an_unseen_fact_in_any_way_raises(question: Callable[[], object]) -> None:
    with pytest.raises(BlindError) as caught:
        question()
    assert caught.value.reason == "denied"


def test_known_returns_what_was_seen_even_when_that_is_nothing() -> None:
    nothing: Maybe[int | None] = None
    assert known(nothing) is None
    assert known(0) == 0


def test_each_counts_blind_items_and_keeps_the_others() -> None:
    items: list[Maybe[int]] = [1, DENIED, 3]
    assert each(items, known) == ([1, 3], ["denied"])


def test_a_section_survives_the_wire_byte_for_byte() -> None:
    body = encode_section(FACTS)
    assert encode_section(decode_section(body, 1, LockingFacts)) == body


@pytest.mark.parametrize("body", [Unseen("crashed"), NotHere("no desktop is installed")])
def test_a_section_nobody_could_see_or_that_does_not_exist_survives_the_wire(
    body: Unseen | NotHere,
) -> None:
    data = encode_section(body)
    again = decode_section(data, 1, LockingFacts)
    assert type(again) is type(body)
    assert encode_section(again) == data


class Grown(LockingNow, frozen=True):
    """The next schema: one more field than an older agent sends."""

    schema = 2
    added: Maybe[int | None] = Unseen("unsupported")


def test_a_field_missing_from_an_older_section_is_unseen_and_re_encodes_identically() -> None:
    old = encode_section(LockingNow(sessions=[]))
    grown = decode_section(old, 1, Grown)
    assert isinstance(grown, Grown)
    assert isinstance(grown.added, Unseen)
    assert encode_section(grown) == old


def test_a_newer_section_is_read_as_far_as_we_can() -> None:
    new = encode_section(Grown(sessions=[], added=7))
    read = decode_section(new, 2, LockingNow)
    assert isinstance(read, LockingNow)
    assert known(read.sessions) == []


def test_a_newer_section_with_values_we_do_not_know_is_unseen_not_refused() -> None:
    new = encode_section(FACTS).replace(b'"gnome"', b'"cosmic"')
    read = decode_section(new, LockingFacts.schema + 1, LockingFacts)
    assert isinstance(read, Unseen)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data + b" ",
        lambda data: data.replace(b'"gnome"', b'"cosmic"'),
        lambda data: data.replace(b'"rules"', b'"extra":1,"rules"'),
        lambda data: data[:-1],
        lambda _data: b"\xff",
        lambda _data: b"[" * 100_000,
        lambda _data: b'{"unseen":"because"}',
        lambda _data: b'{"unseen":"denied","more":1}',
    ],
    ids=["space", "value", "field", "cut", "bytes", "deep", "reason", "more"],
)
def test_a_section_of_our_own_schema_must_be_canonical(damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(MalformedSectionError):
        decode_section(damage(encode_section(FACTS)), 1, LockingFacts)


def test_unseen_on_the_wire_is_its_reason() -> None:
    assert msgspec.json.encode(DENIED) == b'{"unseen":"denied"}'
