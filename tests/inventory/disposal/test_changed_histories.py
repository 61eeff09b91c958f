"""A true history with one thing changed is refused, or is as true as the first (§5.5).

Changed means: an event dropped, doubled, moved, or one value in it altered, as somebody would who
got at the rows and could renumber and sign them anew. What comes of it is judged by `holding`,
which looks at the events only.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
import pytest

from inventory.disposal.events import Event
from inventory.disposal.now import NOTHING, Now
from inventory.disposal.reducing import apply, fold
from inventory.disposal.refusing import Refused
from inventory.disposal.rules import Rules, rulebook
from inventory.disposal.spelling import decode, encode
from inventory.disposal.values import FoundMedium
from tests.inventory.disposal import holding
from tests.inventory.disposal.telling import (
    HDD,
    OFFICE,
    SSD,
    START,
    STICK,
    Story,
    approved,
    changed_rules,
    ready,
    received,
)
from tests.inventory.disposal.watching import Ghost, follow, state_of
from wire import canonical
from wire.errors import WireError

_OFFSITE: Final = changed_rules(wiping={"offsite": True})
_KEYED: Final = FoundMedium(serial=SSD.serial, kind="ssd_nvme", encrypted_since=START)


def _key_story() -> Story:
    erased = {"technique": "crypto_erase", "level": "purge", "keys_destroyed": True}
    story = approved(_KEYED, route="donate").does("sanitised", medium=SSD, **erased)
    story.does("verified", medium=SSD, method="device_log").does("validated", medium=SSD)
    return story.does("handed_over")


def _awkward_story() -> Story:
    story = approved(HDD, SSD).does("held").does("hold_released").wiped(SSD)
    story.does("medium_failed", medium=HDD).destroyed(HDD)
    story.does("medium_appeared").does("medium_missing", medium=STICK)
    story.does("exception_closed", outcome="elsewhere", entry="asset_3")
    return story.does("collected").does("received").does("certified").does("disposed")


STORIES: Final = {
    "waste": received(HDD).does("certified").does("disposed").does("seen"),
    "by key": _key_story(),
    "awkward": _awkward_story(),
    "offsite": approved(HDD, rules=_OFFSITE)
    .does("collected")
    .does("received")
    .does("certified")
    .does("disposed"),
    "lost": Story().does("withdrawn").does("missing").does("written_off", actor=OFFICE),
    "kept": ready(HDD)
    .does("retained", medium=HDD, actor=OFFICE)
    .does("reinstated")
    .does("corrected"),
}
BOOK: Final = rulebook(_OFFSITE)


def _renumbered(history: Sequence[Event]) -> list[Event]:
    return [
        msgspec.structs.replace(event, seq=number) for number, event in enumerate(history, start=1)
    ]


def _rearranged(history: Sequence[Event]) -> Iterator[list[Event]]:
    """One event dropped, doubled, or changed places with the next."""
    whole = list(history)
    for at in range(len(whole)):
        yield whole[:at] + whole[at + 1 :]
        yield whole[: at + 1] + whole[at:]
        if at:
            yield [*whole[: at - 1], whole[at], whole[at - 1], *whole[at + 1 :]]


def _others(value: Any) -> tuple[Any, ...]:
    """Values to put in the place of one."""
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (0, value - 1, value + 1, 10**10)
    if isinstance(value, str):
        people = ("usr_technician", "usr_head", "machine:dev_1")
        return ("", "OTHER1", *people) if value.startswith(("usr_", "machine:")) else ("", "OTHER1")
    if isinstance(value, list):
        return ([], value * 2)
    return (0, "OTHER1")


def _altered(event: Event) -> Iterator[bytes]:
    """The event with one value altered, as bytes."""
    plain = msgspec.json.decode(encode(event))
    inner = [one for value in plain.values() if isinstance(value, list) for one in value]
    parts = [plain, *(one for one in inner if isinstance(one, dict))]
    for part, name in [(one, name) for one in parts for name in one if name != "seq"]:
        kept = part[name]
        for other in _others(kept):
            if other != kept:
                part[name] = other
                yield canonical.encode(plain)
        part[name] = kept


class _Judge:
    """Takes events one by one, and says whether the machine and the properties agree."""

    def __init__(self, now: Now = NOTHING, ghost: Ghost | None = None) -> None:
        self.now, self.ghost = now, ghost or Ghost()

    def take(self, event: Event) -> None:
        """Raises Refused; fails where a step is accepted that should not be."""
        rules = _rules(event)
        self.now = apply(self.now, event, rules)
        assert not list(holding.broken(self.ghost, event, rules)), event
        self.ghost = follow(self.ghost, event)
        assert self.now.state in state_of(self.ghost, rules), event


def _rules(event: Event) -> Rules:
    if event.rules not in BOOK:
        raise Refused("other_rules")
    return BOOK[event.rules]


def _refused(history: Sequence[Event], judge: _Judge | None = None) -> bool:
    judge = judge or _Judge()
    try:
        for event in history:
            judge.take(event)
    except Refused:
        return True
    return False


@pytest.mark.parametrize("name", STORIES)
def test_the_history_itself_is_true(name: str) -> None:
    assert not _refused(STORIES[name].history)


@pytest.mark.parametrize("name", STORIES)
def test_dropped_doubled_or_moved_events_are_refused_by_their_numbers(name: str) -> None:
    history = STORIES[name].history
    for changed in _rearranged(history):
        # What is cut off at the end only shows by the chain's head, which rows keep.
        if changed != history[:-1]:
            with pytest.raises(Refused):
                fold(changed, BOOK)


@pytest.mark.parametrize("name", STORIES)
def test_renumbered_they_are_refused_or_as_true_as_before(name: str) -> None:
    changed = [_renumbered(history) for history in _rearranged(STORIES[name].history)]
    refused = sum(_refused(history) for history in changed)
    assert refused > len(changed) / 3


@pytest.mark.parametrize("name", STORIES)
def test_one_altered_value_is_refused_or_leaves_a_true_history(name: str) -> None:
    history = STORIES[name].history
    tried = refused = 0
    judge = _Judge()
    for at, event in enumerate(history):
        for data in _altered(event):
            tried += 1
            try:
                other = decode(data)
            except WireError:
                refused += 1
                continue
            rest = [other, *history[at + 1 :]]
            refused += _refused(rest, _Judge(judge.now, judge.ghost))
        judge.take(event)
    assert refused > tried / 3
