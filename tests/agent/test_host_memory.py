"""What an agent remembers of its own machine, through its doors: its enrolment, its hours on."""

import time

import pytest

from agent import files, presence, room
from agent.hosts import connected
from agent.hosts.local import LocalHost
from agent.state import Identity, State
from checks.online import Stretch
from checks.room import Room
from tests.agent.doors import Door

IDENTITY = Identity(
    device="dev_x",
    controller="",
    addresses=[],
    trust="pins",
    spki=[],
    enrolled="",
    words="",
    enrolled_at=1_795_000_000,
)


OWN = pytest.mark.parametrize("door", ["local", "taped", "recorded"], indirect=True)
"""Whoever looks over SSH has no agent there, and so none of its memory."""


@OWN
def test_enrolment_is_dated_by_the_agents_own_folder_wherever_that_lies(
    door: Door, memory: State
) -> None:
    assert door(lambda host: host.enrolled_at()) is None
    memory.remember(IDENTITY)
    assert door(lambda host: host.enrolled_at()) == 1_795_000_000
    files.replace(memory.root / "identity.json", b"{}")
    assert door(lambda host: host.enrolled_at()) == "cannot: parse-error"


@OWN
def test_hours_switched_on_are_those_of_this_start_and_of_the_ledger(
    door: Door, memory: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connected, "connected", lambda _: True)
    # Else a machine that has been on for a day needs nothing earlier.
    monkeypatch.setattr(presence, "LONGEST_NEED_SECONDS", 365 * 86_400)
    first = door(lambda host: host.online())
    assert isinstance(first, list)
    assert len(first) == 1
    at = int(time.time())
    earlier = presence.Sample("an earlier start", at - 40 * 86_400, 3_600, 2_700, True)
    presence.keep(memory.key, earlier)
    both = door(lambda host: host.online())
    assert isinstance(both, list)
    assert both[0] == Stretch(earlier.at - 3_600, earlier.at, 2_700)
    assert len(both) == 2
    assert presence.load(memory.key).last == earlier, "looking writes nothing"
    files.replace(memory.key / presence.NAME, b"{")
    assert door(lambda host: host.online()) == "cannot: parse-error"


@OWN
def test_room_of_earlier_days_is_what_the_record_holds(door: Door, memory: State) -> None:
    assert door(lambda host: host.room()) == []
    room.keep(memory.key, 20_779 * 86_400, {"system:9:0": 5})
    assert door(lambda host: host.room()) == [Room(20_779, {"system:9:0": 5})]
    files.replace(memory.key / room.NAME, b"{")
    assert door(lambda host: host.room()) == "cannot: parse-error"


def test_without_a_network_no_hour_counts(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connected, "connected", lambda _: False)
    assert door(lambda host: host.online()) == []


def test_an_agent_without_a_folder_is_not_enrolled_and_remembers_this_start_only() -> None:
    host = LocalHost(b"k" * 32)
    assert host.enrolled_at() is None
    assert len(host.online()) <= 1
