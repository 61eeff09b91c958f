"""Ports that a scope names: tried once each, on equipment that is known, and on no printer ever."""

import itertools
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.survey import doors
from agent.survey.doors import AwayError
from agent.survey.pace import Pace
from agent.survey.parts import Alive, Asked, Told
from checks.surveys.equipment import Equipment, Kind, Printing
from checks.surveys.lan import MOST_DOORS
from checks.unseen import Unseen
from tests.agent.survey.test_running import device
from tests.scopes import AT, held
from wire.scope import Service

SWITCH, PRINTER, MAC = "10.20.0.2", "10.20.0.3", "00:1b:a9:00:00:01"
TELNET, HTTP = Service(name="telnet", port=23), Service(name="http", port=80)


class Wire:
    """Answers at some ports; remembers who was tried."""

    def __init__(self, *answering: tuple[str, int]) -> None:
        self.answering = {*answering}
        self.tried: list[tuple[str, int]] = []
        self.away: set[str] = set()

    def __call__(self, address: str, port: int, seconds: float) -> bool:
        assert 0 < seconds < 10
        self.tried.append((address, port))
        if address in self.away:
            raise AwayError
        return (address, port) in self.answering


def kind(address: str, what: Kind, **more: Any) -> Equipment:
    return msgspec.structs.replace(device(address), kind=what, **more)


def went(
    wire: Wire, equipment: Sequence[Equipment], *, now: int = AT, ends: int = AT + 9, **scope: Any
) -> Told:
    plain = {"subnets": ["10.20.0.0/24"], "services": [TELNET, HTTP]}
    ticks = itertools.count()
    asked = Asked(
        scope=held(**{**plain, **scope}),
        alive=[Alive(SWITCH, MAC), Alive("10.20.0.50", "3c:2e:f9:00:00:50")],
        pace=Pace(lambda: next(ticks) * 1e-6, lambda _: None, {"service": 1e9}),
        key=Path("key"),
        now=lambda: now,
        closes_at=ends,
        told=lambda _: None,
        equipment=equipment,
    )
    return doors.doors(asked, wire)


def test_each_named_port_of_known_equipment_is_tried_once_and_told() -> None:
    wire = Wire((SWITCH, 23))
    told = went(wire, [kind(SWITCH, "switch")])
    assert not isinstance(told.doors, Unseen)
    assert [(one.mac, one.name, one.port, one.open) for one in told.doors] == [
        (MAC, "telnet", 23, True),
        (MAC, "http", 80, False),
    ]
    assert (wire.tried, told.questions) == ([(SWITCH, 23), (SWITCH, 80)], 2)


def test_no_printer_is_ever_tried_nor_what_nobody_has_identified() -> None:
    wire = Wire()
    prints = Printing("HP", "", None, None)
    things = [
        kind(PRINTER, "printer"),
        kind(SWITCH, "unknown"),
        kind(SWITCH, "server", printing=prints),
    ]
    assert went(wire, things).doors == []
    assert went(wire, []).doors == []
    assert wire.tried == []


def test_where_the_scope_names_no_port_nobody_looked() -> None:
    wire = Wire()
    assert went(wire, [kind(SWITCH, "switch")], services=[]).doors == Unseen("unsupported")
    assert wire.tried == []


@pytest.mark.parametrize("exclude", [[SWITCH], [MAC], ["00:1b:a9"], ["10.20.0.0/28"]])
def test_what_the_scope_bars_is_not_tried(exclude: list[str]) -> None:
    wire = Wire()
    assert went(wire, [kind(SWITCH, "switch")], exclude=exclude).doors == []
    assert went(wire, [kind("10.99.0.1", "switch")]).doors == []
    assert wire.tried == []


def test_when_the_hours_end_the_rest_is_said_and_not_tried() -> None:
    wire = Wire()
    told = went(wire, [kind(SWITCH, "switch")], now=AT + 9)
    assert ([(one.about, one.code) for one in told.problems], wire.tried) == (
        [(SWITCH, "outside-hours")],
        [],
    )


def test_no_way_to_a_thing_is_not_a_closed_port() -> None:
    wire = Wire()
    wire.away.add(SWITCH)
    told = went(wire, [kind(SWITCH, "switch")])
    assert told.doors == []
    assert [(one.about, one.question, one.code) for one in told.problems] == [
        (SWITCH, "service", "no-answer")
    ]


def test_more_than_a_section_holds_is_cut_and_said() -> None:
    many = [Service(name=f"s{n}", port=2_000 + n) for n in range(16)]
    things = [kind(f"10.20.0.{n}", "switch") for n in range(1, 255)]
    told = went(Wire(), things, services=many)
    assert not isinstance(told.doors, Unseen)
    assert len(told.doors) == MOST_DOORS
    assert [one.code for one in told.problems] == ["too-large"]


def test_a_real_connection_says_nothing_and_reads_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert doors.tried("127.0.0.1", port, 2)
        line, _ = server.accept()
        with line:
            line.settimeout(2)
            assert line.recv(10) == b""
    assert not doors.tried("127.0.0.1", port, 2)
