"""Which devices a round asks over SSH, and what it says of those it does not."""

import time
from pathlib import Path

import pytest

from agent.survey import held, scope
from agent.survey.pace import Pace
from agent.survey.parts import Alive, Asked
from agent.survey.ssh import round as ssh_round
from agent.survey.ssh import run
from checks.surveys.lan import Problem
from tests.agent.survey import test_ssh_devices
from tests.agent.survey.test_ssh_devices import Switch
from wire import scope as signed
from wire.credentials import Login, SnmpV2
from wire.secret import Secret

switch = test_ssh_devices.switch

PIN = "SHA256:" + "a" * 43
MAC = "00:1b:0c:11:22:01"
NOW = 1_795_400_000


def asked(folder: Path, alive: dict[str, str], *, now: int = NOW, **other: object) -> Asked:
    """A round in 10.20.0.0/24, of which .9 is left alone; and on this machine, for a test alone."""
    said = signed.Scope(
        site="site_1",
        version=1,
        issued_at=NOW - 1,
        expires_at=NOW + 86_400,
        authorised_by="Ann Other",
        role="Head teacher",
        contact="office",
        scanner="dev_1",
        subnets=["10.20.0.0/24"],
        exclude=["10.20.0.9", "00:de:ad"],
        hours=signed.Hours(begins_minute=0, ends_minute=1440, timezone="Europe/London"),
        credentials=[
            signed.Credential(id="switches", kind="ssh", addresses=["10.20.0.0/28"]),
            signed.Credential(id="printers", kind="snmp-v2c", addresses=["10.20.0.0/24"]),
        ],
    )
    made = scope._understood(said, "sha256:" + "0" * 64)
    assert isinstance(made, scope.Scope)
    return Asked(
        scope=made,
        alive=[Alive(address, mac) for address, mac in alive.items()],
        pace=Pace(time.monotonic, time.sleep),
        key=folder,
        now=lambda: now,
        closes_at=NOW + 3_600,
        told=lambda _: None,
    )


def pinned(folder: Path, *addresses: str) -> None:
    held.typed(folder, "dev_1", "switches", Login("audit", Secret("word"), Secret("")))
    for address in addresses:
        held.pin(folder, address, PIN)


def test_only_what_is_pinned_named_and_there_is_asked(tmp_path: Path) -> None:
    pinned(tmp_path, "10.20.0.2", "10.20.0.3", "10.20.0.9", "10.20.0.20", "10.21.0.2")
    there = {f"10.20.0.{n}": MAC for n in (2, 4, 9, 20)} | {"10.21.0.2": MAC}
    targets, problems = ssh_round.planned(asked(tmp_path, there))
    assert [one.address for one in targets] == ["10.20.0.2"]
    # .4 has no pinned key; .20 and the other subnet have no login: nobody asked for them.
    assert problems == [Problem("10.20.0.3", "ssh", "no-answer")]


def test_what_the_scope_bars_by_its_mac_is_left_alone(tmp_path: Path) -> None:
    pinned(tmp_path, "10.20.0.2")
    targets, problems = ssh_round.planned(asked(tmp_path, {"10.20.0.2": "00:de:ad:00:00:01"}))
    assert (targets, problems) == ([], [Problem("10.20.0.2", "ssh", "excluded")])


@pytest.mark.parametrize("kind", [None, SnmpV2(Secret("word"))])
def test_a_login_that_is_not_held_is_said(tmp_path: Path, kind: SnmpV2 | None) -> None:
    held.pin(tmp_path, "10.20.0.2", PIN)
    if kind is not None:
        held.typed(tmp_path, "dev_1", "switches", kind)
    targets, problems = ssh_round.planned(asked(tmp_path, {"10.20.0.2": MAC}))
    assert (targets, problems) == ([], [Problem("10.20.0.2", "ssh", "no-credential")])


def test_when_the_hours_are_over_nobody_is_asked(tmp_path: Path) -> None:
    pinned(tmp_path, "10.20.0.2")
    told = run(asked(tmp_path, {"10.20.0.2": MAC}, now=NOW + 3_600))
    assert told.problems == [Problem("10.20.0.2", "ssh", "outside-hours")]
    assert told.questions == 0


def test_a_switch_is_asked_at_its_pace_and_what_it_refused_is_said(
    switch: Switch, tmp_path: Path
) -> None:
    came = ssh_round._one(asked(tmp_path, {}), switch.target())
    assert came.equipment is not None
    assert came.code == "unreadable"  # it knows no `show ip arp`
    assert came.questions == len(switch.typed())


def test_a_switch_that_shows_another_key_is_a_problem_of_the_round(
    switch: Switch, tmp_path: Path
) -> None:
    came = ssh_round._one(asked(tmp_path, {}), switch.target(pin=PIN))
    assert (came.equipment, came.code, came.questions) == (None, "host-key-changed", 0)
    assert switch.typed() == []


def test_a_device_that_breaks_the_library_costs_itself_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise IndexError("secret canary")  # as paramiko does for packets that are cut short

    monkeypatch.setattr(ssh_round, "ask", broken)
    pinned(tmp_path, "10.20.0.2", "10.20.0.3")
    told = run(asked(tmp_path, {"10.20.0.2": MAC, "10.20.0.3": MAC}))
    assert told.problems == [Problem(f"10.20.0.{n}", "ssh", "crashed") for n in (2, 3)]
    assert "canary" not in caplog.text
