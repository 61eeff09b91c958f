"""Which devices a round asks over SNMP, with what, and what it says of those that were silent."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.survey import held, scope
from agent.survey.pace import Pace
from agent.survey.parts import Alive, Asked, Told
from agent.survey.snmp import engine, run
from agent.survey.snmp import round as snmp_round
from agent.survey.snmp.silence import FILE, REST, Silence
from checks.snmp.collecting import collect
from checks.surveys.lan import Problem
from checks.unseen import Unseen
from tests.agent.survey.snmpd import AUTH, COMMUNITY, PRIV, Device, Oid, snmpd, table, text
from wire import scope as signed
from wire.credentials import SnmpV2, SnmpV3
from wire.secret import Secret

NOW = 1_795_400_000
MAC = "00:00:5e:00:53:01"
CANARIES = (COMMUNITY, AUTH, PRIV)


class Wire:
    """Where the round believes devices to be, and where on this machine they are."""

    def __init__(self) -> None:
        """Nobody is anywhere."""
        self.ports: dict[str, int] = {}

    def line(self, *args: Any, **more: Any) -> engine.Line:
        """As `engine.Line`."""
        round_, of, address, _ = args
        return engine.Line(round_, of, "127.0.0.1", self.ports.get(address, 9), **more)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    found = Wire()
    monkeypatch.setattr(snmp_round, "Line", found.line)
    monkeypatch.setattr(engine, "TIMEOUT", 0.2)
    return found


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with snmpd(tmp_path_factory.mktemp("snmpd"), COMMUNITY, "private") as found:
        yield found


def asked(folder: Path, *alive: str, now: int = NOW, **more: Any) -> Told:
    """One round in 10.20.0.0/24, of which .9 is left alone."""
    said = signed.Scope(
        site="site_1",
        version=1,
        issued_at=NOW - 1,
        expires_at=NOW + 10 * REST,
        authorised_by="Ann Other",
        role="Head teacher",
        contact="office",
        scanner="dev_1",
        subnets=["10.20.0.0/24"],
        exclude=["10.20.0.9", "00:de:ad"],
        hours=signed.Hours(begins_minute=0, ends_minute=1440, timezone="Europe/London"),
        credentials=[
            signed.Credential(id="new", kind="snmp-v3", addresses=["10.20.0.0/28"]),
            signed.Credential(id="old", kind="snmp-v2c", addresses=["10.20.0.0/24"]),
        ],
        **more,
    )
    made = scope._understood(said, "sha256:" + "0" * 64)
    assert isinstance(made, scope.Scope)
    return run(
        Asked(
            scope=made,
            alive=[Alive(address, MAC) for address in alive],
            pace=Pace(time.monotonic, time.sleep, {"snmp": 100_000.0}),
            key=folder,
            now=lambda: now,
            closes_at=NOW + 10 * REST,
            told=lambda _: None,
        )
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scanner that holds both credentials."""
    held.typed(tmp_path, "dev_1", "old", SnmpV2(Secret(COMMUNITY)))
    held.typed(
        tmp_path, "dev_1", "new", SnmpV3("three", "sha256", Secret(AUTH), "aes256", Secret(PRIV))
    )
    return tmp_path


SYSTEM: dict[Oid, Any] = {(1, 3, 6, 1, 2, 1, 1, 5, 0): text(b"old switch")}


def test_each_device_is_asked_with_the_first_credential_it_lets_in(
    folder: Path, wire: Wire, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Device(table(SYSTEM)) as old:
        wire.ports = {"10.20.0.2": port, "10.20.0.3": old.port, "10.20.0.9": old.port}
        told = asked(folder, "10.20.0.2", "10.20.0.3", "10.20.0.9", "10.21.0.1")
    found = {one.address: one for one in told.equipment}
    assert found.keys() == {"10.20.0.2", "10.20.0.3"}
    assert (found["10.20.0.2"].way, found["10.20.0.2"].credential) == ("snmp-v3", "new")
    assert (found["10.20.0.3"].way, found["10.20.0.3"].credential) == ("snmp-v2c", "old")
    assert found["10.20.0.3"].default_community == Unseen("deferred")
    assert told.problems == []
    assert told.questions > 10
    shown = msgspec.json.encode(told).decode() + repr(told) + caplog.text
    assert not any(canary in shown for canary in CANARIES)


def test_what_never_answered_is_no_problem_and_rests_after_three_rounds(
    folder: Path, wire: Wire
) -> None:
    silent = Device(lambda *_: None)
    with silent:
        wire.ports = {"10.20.0.200": silent.port}
        for _ in range(3):
            assert asked(folder, "10.20.0.200").problems == []
        tries = len(silent.asked)
        assert asked(folder, "10.20.0.200").questions == 0
        assert len(silent.asked) == tries
        assert asked(folder, "10.20.0.200", now=NOW + REST).questions > 0


def test_what_answered_before_and_is_silent_now_is_a_problem(folder: Path, wire: Wire) -> None:
    with Device(table(SYSTEM)) as old:
        wire.ports = {"10.20.0.200": old.port}
        assert len(asked(folder, "10.20.0.200").equipment) == 1
    told = asked(folder, "10.20.0.200")
    assert told.equipment == []
    assert told.problems == [Problem("10.20.0.200", "snmp", "no-answer")]


def test_a_wrong_privacy_key_is_told_from_nobody_there(
    tmp_path: Path, wire: Wire, port: int
) -> None:
    held.typed(tmp_path, "dev_1", "old", SnmpV2(Secret("wrong")))
    wrong = SnmpV3("one", "sha1", Secret(AUTH), "aes128", Secret("wrong-privacy"))
    held.typed(tmp_path, "dev_1", "new", wrong)
    wire.ports = {"10.20.0.2": port}
    assert asked(tmp_path, "10.20.0.2").problems == [
        Problem("10.20.0.2", "snmp", "wrong-privacy-key")
    ]


def test_a_wrong_password_is_named_whatever_else_is_tried(
    tmp_path: Path, wire: Wire, port: int
) -> None:
    held.typed(tmp_path, "dev_1", "old", SnmpV2(Secret("wrong")))
    wrong = SnmpV3("one", "sha1", Secret("wrong-password"), "aes128", Secret(PRIV))
    held.typed(tmp_path, "dev_1", "new", wrong)
    wire.ports = {"10.20.0.2": port}
    assert asked(tmp_path, "10.20.0.2").problems == [Problem("10.20.0.2", "snmp", "wrong-password")]


def test_everybodys_communities_are_tried_only_where_the_scope_says_so(
    folder: Path, wire: Wire, port: int
) -> None:
    with Device(table(SYSTEM)) as old:
        wire.ports = {"10.20.0.2": port, "10.20.0.3": old.port}
        told = asked(folder, "10.20.0.2", "10.20.0.3", default_communities=True)
    found = {one.address: one.default_community for one in told.equipment}
    assert found == {"10.20.0.2": "private", "10.20.0.3": "none"}


def test_a_credential_that_nobody_typed_here_is_said(tmp_path: Path, wire: Wire) -> None:
    told = asked(tmp_path, "10.20.0.2")
    assert told.problems == [
        Problem("new", "snmp", "no-credential"),
        Problem("old", "snmp", "no-credential"),
    ]
    assert told.questions == 0


def test_one_device_that_sets_off_anything_costs_itself_alone(
    folder: Path, wire: Wire, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.ports = {"10.20.0.2": port}
    real = collect

    def breaks(live: Any) -> Any:
        if wire.ports.pop("10.20.0.2", None):
            raise RuntimeError(COMMUNITY)
        return real(live)

    monkeypatch.setattr(snmp_round, "collect", breaks)
    told = asked(folder, "10.20.0.2")
    assert told.problems == [Problem("10.20.0.2", "snmp", "crashed")]


def test_a_damaged_list_of_the_silent_is_a_new_one(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"{]")
    assert not Silence(tmp_path).resting("10.20.0.2", NOW)
