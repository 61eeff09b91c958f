"""`caretaker network`: what is there, what it is, and what somebody says of it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from controller import clock
from controller.commands import main, shared
from inventory.models import Asset, DhcpServer, NetworkDevice, NetworkMac
from inventory.network import finding
from inventory.network.rounds import take
from inventory.places.services import create_site
from tests.inventory.network import surveys
from tests.inventory.network.surveys import AP, CONSOLE, CORE, NOW, STRANGER, whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(shared, "ready", lambda _options: None)
    clock.use(lambda: NOW + 3_600)
    made = create_site(name="Hill School", at=NOW)
    take(made, whole(), NOW + 3_600)
    yield made
    clock.use(None)


def says(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main.main(["network", *words]) == 0
    return capsys.readouterr().out


def document(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    return json.loads(says(capsys, *words, "--format", "json"))


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main.main(["network", *words]) == 1
    return capsys.readouterr().err


def test_what_nobody_knows_is_listed_with_its_place(
    site: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = says(capsys, "list")
    assert STRANGER in told
    assert "name-10.20.0.2 port 9" in told
    assert "games-console" in told
    found = document(capsys, "list")
    assert found["schema"] == "caretaker.network/1"
    assert {row["address"] for row in found["rows"]} >= {STRANGER, CONSOLE}


@pytest.mark.parametrize(
    ("view", "word"),
    [
        ("equipment", "CN65FP42R3"),
        ("rounds", surveys.SCANNER),
        ("servers", "10.20.0.0/24"),
        ("guest", "Nothing of the kind"),
        ("wireless", "Nothing of the kind"),
    ],
)
def test_every_view_can_be_listed(
    site: str, capsys: pytest.CaptureFixture[str], view: str, word: str
) -> None:
    assert word in says(capsys, "list", view)
    assert document(capsys, "list", view)["view"] == view


def test_a_thing_is_found_by_whatever_it_is_called(site: str) -> None:
    switch = NetworkDevice.objects.get(address="10.20.0.1")
    for word in ("cn65fp42r3", "name-10.20.0.1", "10.20.0.1", CORE.upper(), switch.id):
        assert finding.things(site, word) == [switch.id], word
    mac = NetworkMac.objects.get(address=STRANGER)
    assert finding.things(site, STRANGER.replace(":", "-")) == [mac.id]
    assert finding.things(site, "nothing") == finding.things(site, " ") == []
    assert finding.things("site_2", STRANGER) == []


def test_one_thing_is_shown(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "name-10.20.0.2 port 9" in says(capsys, "show", CONSOLE)
    assert document(capsys, "show", AP)["kind"] == "access-point"
    assert document(capsys, "show", DhcpServer.objects.get().id)["address"] == "10.20.0.1"


def test_somebody_says_what_a_thing_is_and_takes_it_back(
    site: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--reason", "the photographer", "--until", "2026-12-18")
    assert says(capsys, "acknowledge", STRANGER, "guest", *words) == "Noted.\n"
    assert STRANGER not in says(capsys, "list")
    assert "the photographer" in says(capsys, "show", STRANGER)
    says(capsys, "acknowledge", STRANGER, "nothing")
    assert not NetworkMac.objects.filter(trust="guest").exists()


def test_what_is_lacking_is_said(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Say why" in refused(capsys, "acknowledge", STRANGER, "known")
    assert "last day" in refused(capsys, "acknowledge", STRANGER, "guest", "--reason", "x")
    assert "caretaker network list" in refused(capsys, "show", "no-such-thing")


def test_a_server_is_acknowledged_by_its_id(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    server = DhcpServer.objects.get().id
    says(capsys, "acknowledge", server, "known", "--reason", "our router")
    assert DhcpServer.objects.get().trust == "known"


def test_an_entry_is_made_and_taken_back(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = says(capsys, "enter", "CN65FP42R3", "--name", "Core switch")
    entry = Asset.objects.get()
    assert (entry.name, entry.serial, entry.kind) == ("Core switch", "CN65FP42R3", "network_switch")
    assert entry.id in told
    assert "caretaker network undo" in told
    says(capsys, "undo", "CN65FP42R3")
    assert Asset.objects.get().state == "withdrawn"
