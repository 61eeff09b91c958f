"""What is typed for a scanner is sealed at once, readable there alone, and in no row, line or
message of ours (O20)."""

import logging
from pathlib import Path

import pytest
from django.apps import apps
from django.core import serializers

from controller.fleet.models import Scanner, SealedCredential
from controller.intake import scanners
from controller.surveys import credentials
from controller.surveys.credentials import Place
from controller.surveys.publishing import ScopeError
from inventory.places.services import create_site
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine
from tests.controller.surveys.conftest import KEY, tells
from wire import credentials as sealing
from wire import dsse, keys
from wire.credentials import Login, SnmpV2, SnmpV3
from wire.secret import Secret

CANARY = "zwitscher-7f3a"
V3 = SnmpV3("reader", "sha256", Secret(CANARY), "aes128", Secret(f"{CANARY}-b"))


@pytest.fixture(autouse=True)
def looks_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sealed is looked up each time, and not every two seconds."""
    monkeypatch.setattr(scanners, "_FRESH_SECONDS", 0.0)


def place(controller: Controller, scanner: Machine, name: str = "switches") -> Place:
    return Place(controller.site, scanner.device, name)


def add(controller: Controller, where: Place, opened: sealing.Opened = V3) -> None:
    credentials.add(controller.data, where, opened, actor="system", at=NOW)


def fetched(controller: Controller, scanner: Machine) -> list[sealing.SealedSecret]:
    """As the scanner gets them."""
    named = controller.door.post(scanner.report()).receipt.credentials
    assert isinstance(named, str)
    path = f"/v1/credentials?named={named.removeprefix('sha256:')}"
    parsed = dsse.parse(controller.door.ask("GET", path).body)
    message = sealing.open_credentials(parsed, controller.door.public)
    assert (message.device, message.site) == (scanner.device, controller.site)
    return message.sealed


def test_the_scanner_gets_what_was_typed_and_can_read_it(
    controller: Controller, scanner: Machine
) -> None:
    controller.door.post(tells(scanner))
    add(controller, place(controller, scanner))
    add(controller, place(controller, scanner, "old"), SnmpV2(Secret(CANARY)))
    first, second = fetched(controller, scanner)
    assert [first.id, second.id] == ["old", "switches"]
    assert sealing.unseal(second, KEY, scanner.device) == V3


def test_typing_it_again_replaces_it_and_removing_it_says_so(
    controller: Controller, scanner: Machine
) -> None:
    controller.door.post(tells(scanner))
    add(controller, place(controller, scanner))
    other = Login("audit", Secret(CANARY), Secret(""))
    add(controller, place(controller, scanner), other)
    (one,) = fetched(controller, scanner)
    assert sealing.unseal(one, KEY, scanner.device) == other
    credentials.remove(controller.data, place(controller, scanner), actor="system", at=NOW)
    assert fetched(controller, scanner) == []
    with pytest.raises(ScopeError, match="no such credential"):
        credentials.remove(controller.data, place(controller, scanner), actor="system", at=NOW)


def test_nothing_can_be_sealed_before_the_scanner_told_its_key(
    controller: Controller, scanner: Machine
) -> None:
    with pytest.raises(ScopeError, match="has not told its key yet"):
        add(controller, place(controller, scanner))
    assert credentials.ready(controller.site) == []
    controller.door.post(tells(scanner))
    assert credentials.ready(controller.site) == [(scanner.device, "office-1")]


def test_a_scanner_with_a_new_key_needs_it_typed_again(
    controller: Controller, scanner: Machine
) -> None:
    controller.door.post(tells(scanner))
    add(controller, place(controller, scanner))
    (found,) = credentials.held(controller.site)
    assert found.readable
    controller.door.post(tells(scanner, sealing=sealing.public_of(bytes(range(1, 33)))))
    (found,) = credentials.held(controller.site)
    assert not found.readable


def test_another_schools_scanner_is_none(controller: Controller, scanner: Machine) -> None:
    controller.door.post(tells(scanner))
    other = create_site(name="Valley School", at=NOW)
    theirs = Place(other, scanner.device, "switches")
    with pytest.raises(ScopeError, match="one of the school's computers"):
        add(controller, theirs)
    with pytest.raises(ScopeError, match="one of the school's computers"):
        credentials.remove(controller.data, theirs, actor="system", at=NOW)
    assert credentials.held(other) == []


@pytest.mark.parametrize("name", ["", "two words", "../etc", "x" * 49, "-x", "<b>"])
def test_a_name_that_no_scope_can_say_is_refused(
    controller: Controller, scanner: Machine, name: str
) -> None:
    controller.door.post(tells(scanner))
    with pytest.raises(ScopeError, match="letters, digits"):
        add(controller, place(controller, scanner, name))


def test_more_than_fits_one_message_is_refused_and_nothing_changes(
    controller: Controller, scanner: Machine
) -> None:
    controller.door.post(tells(scanner))
    for number in range(32):
        add(controller, place(controller, scanner, f"c{number:02d}"))
    before = Scanner.objects.get().credentials_digest
    with pytest.raises(ScopeError, match="at most 32"):
        add(controller, place(controller, scanner, "c32"))
    assert Scanner.objects.get().credentials_digest == before
    assert SealedCredential.objects.count() == 32


def test_with_a_new_controller_key_the_message_is_signed_again(
    controller: Controller, scanner: Machine
) -> None:
    controller.door.post(tells(scanner))
    add(controller, place(controller, scanner))
    before = Scanner.objects.get().credentials_digest
    credentials.resign(controller.data, NOW + 1)
    after = Scanner.objects.get()
    assert after.credentials_digest != before
    assert dsse.parse(bytes(after.credentials)).keyid == keys.key_id(controller.door.public)


def test_no_row_no_log_line_and_no_error_holds_a_secret(
    controller: Controller, scanner: Machine, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    controller.door.post(tells(scanner))
    add(controller, place(controller, scanner))
    wrong = SnmpV3("-", "sha256", Secret(CANARY), "aes128", Secret(CANARY))
    with pytest.raises(ScopeError) as raised:
        add(controller, place(controller, scanner, "other"), wrong)
    shown = [str(raised.value), repr(raised.value), caplog.text]
    shown += [
        serializers.serialize("json", one._default_manager.all()) for one in apps.get_models()
    ]
    shown += [repr(bytes(one.credentials)) for one in Scanner.objects.all()]
    assert all(CANARY not in one for one in shown)
    for file in controller.data.rglob("*"):
        if file.is_file():
            assert CANARY.encode() not in file.read_bytes()
