"""Joining: codes, proofs, the queue, and what a person decides."""

import base64
import threading

import pytest
from django.apps import apps

from controller import clock
from controller.fleet import services
from controller.fleet.models import Device, JoinCode
from controller.intake import joining
from controller.intake.reading import Request
from inventory.models import Asset, Event
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Chunks, Machine
from wire import dsse, keys
from wire.enrolment import JoinCode as Code


def test_a_new_computer_waits_until_a_person_lets_it_in(controller: Controller) -> None:
    machine = Machine(controller.door, name="Reception")
    reply = machine.join(controller.code(profile="office"))
    assert (reply.status, reply.enrolment.status) == (202, "pending")
    assert reply.enrolment.words == keys.words(machine.public)
    device = Device.objects.get(id=machine.device)
    assert (device.name, device.state, device.profile) == ("Reception", "pending", "office")
    services.approve(machine.device, actor="user_1", at=NOW)
    standing = controller.door.ask("GET", f"/v1/enrol/{machine.device}")
    assert standing.enrolment.status == "active"
    assert standing.enrolment.request == reply.enrolment.request


def test_the_same_request_twice_is_one_computer_and_one_use(controller: Controller) -> None:
    machine = Machine(controller.door)
    code = controller.code(max_uses=1)
    envelope = machine.introduction(code)
    first = controller.door.post(envelope, path="/v1/enrol")
    again = controller.door.post(envelope, path="/v1/enrol")
    assert first.enrolment.device == again.enrolment.device
    assert (first.status, again.status) == (202, 200)
    assert JoinCode.objects.get(id=code.token).uses == 1


def test_a_key_that_joined_cannot_join_again_in_other_words(controller: Controller) -> None:
    machine = Machine(controller.door)
    machine.join(controller.code())
    reply = machine.join(controller.code())
    assert (reply.status, reply.problem.code) == (409, "already_enrolled")


def test_a_code_with_a_wrong_secret_says_nothing_about_the_code(controller: Controller) -> None:
    real = controller.code(max_uses=1)
    Machine(controller.door, name="first").join(real)
    made_up = Code(token="tok_01BX5ZZKBKACTAV9WEVGEMMVRZ", secret=bytes(16), pin=real.pin)
    wrong = Code(token=real.token, secret=bytes(16), pin=real.pin)
    replies = [Machine(controller.door).join(code) for code in (made_up, wrong)]
    assert len({(r.status, r.problem.code, r.problem.sentence) for r in replies}) == 1
    assert replies[0].problem.code == "bad_token"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("expired", "has expired"),
        ("used", "used up"),
        ("withdrawn", "was withdrawn"),
    ],
)
def test_whoever_holds_a_code_is_told_what_became_of_it(
    controller: Controller, spoil: str, words: str
) -> None:
    code = controller.code(max_uses=1, days=1)
    if spoil == "used":
        Machine(controller.door).join(code)
    if spoil == "withdrawn":
        services.revoke_join_code(code.token, actor="system", at=NOW)
    if spoil == "expired":
        clock.use(lambda: NOW + 86_400)
    reply = Machine(controller.door).join(code)
    assert (reply.status, reply.problem.code) == (403, "bad_token")
    assert words in reply.problem.sentence


def test_a_hello_older_than_ten_minutes_starts_the_exchange_again(controller: Controller) -> None:
    machine = Machine(controller.door)
    envelope = machine.introduction(controller.code())
    clock.use(lambda: NOW + 601)
    assert controller.door.post(envelope, path="/v1/enrol").problem.code == "bad_nonce"


def test_a_nonce_of_ones_own_making_is_refused(controller: Controller) -> None:
    machine = Machine(controller.door)
    envelope = machine.introduction(
        controller.code(), nonce=NOW.to_bytes(8, "big").hex() + "0" * 48
    )
    assert controller.door.post(envelope, path="/v1/enrol").problem.code == "bad_nonce"


def test_the_standing_of_an_unknown_and_of_a_withdrawn_computer_look_alike(
    controller: Controller,
) -> None:
    machine = controller.machine()
    services.revoke(machine.device, actor="system", at=NOW)
    gone = controller.door.ask("GET", f"/v1/enrol/{machine.device}")
    never = controller.door.ask("GET", "/v1/enrol/dev_01BX5ZZKBKACTAV9WEVGEMMVRZ")
    odd = controller.door.ask("GET", "/v1/enrol/dev_\x00")
    assert {reply.problem.code for reply in (gone, never, odd)} == {"not_found"}


def test_neither_the_database_nor_the_wire_holds_the_secret_of_a_code(
    controller: Controller,
) -> None:
    code = controller.code()
    envelope = Machine(controller.door).introduction(code)
    assert controller.door.post(envelope, path="/v1/enrol").status == 202
    rows = [row for model in apps.get_models() for row in model._base_manager.values()]
    assert any(code.token in str(row) for row in rows)
    kept = b"".join(str(row).encode() for row in rows) + b"".join(
        bytes(value) for row in rows for value in row.values() if isinstance(value, bytes)
    )
    for place in (kept, envelope, dsse.parse(envelope).payload):
        for secret in spellings(code.secret):
            assert secret not in place


def spellings(secret: bytes) -> list[bytes]:
    """A secret as bytes, hex, base64, base32, and as Python prints bytes."""
    return [
        secret,
        secret.hex().encode(),
        base64.b64encode(secret).rstrip(b"="),
        base64.urlsafe_b64encode(secret).rstrip(b"="),
        base64.b32encode(secret).rstrip(b"="),
        repr(secret)[2:-1].encode(),
    ]


def test_a_code_lets_sixty_a_minute_ask(controller: Controller) -> None:
    code = controller.code()
    replies = [Machine(controller.door, name=f"m{n}").join(code) for n in range(61)]
    assert [reply.status for reply in replies[:60]] == [202] * 60
    assert replies[60].problem.code == "slow_down"
    clock.use(lambda: NOW + 61)
    assert Machine(controller.door).join(code).status == 202


def test_a_code_that_pupils_read_cannot_bury_the_queue(
    controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "MOST_WAITING", 3)
    code = controller.code()
    replies = [Machine(controller.door, name=f"m{n}").join(code) for n in range(4)]
    assert [reply.status for reply in replies] == [202] * 3 + [429]
    assert replies[3].problem.retry_after_seconds
    assert replies[0].enrolment.device
    services.refuse(replies[0].enrolment.device, actor="user_x", at=NOW)
    assert Machine(controller.door).join(code).status == 202
    assert Machine(controller.door).join(controller.code()).status == 202, "another code is free"


def test_an_address_that_fails_too_often_waits_and_a_good_one_does_not(
    controller: Controller,
) -> None:
    code = controller.code()
    wrong = Code(token=code.token, secret=bytes(16), pin=code.pin)
    codes = [Machine(controller.door).join(wrong).problem.code for _ in range(31)]
    assert codes == ["bad_token"] * 30 + ["slow_down"]
    controller.door.address = "192.0.2.8"
    assert Machine(controller.door).join(code).status == 202


def test_a_header_about_the_address_is_believed_only_from_our_own_proxies(
    controller: Controller,
) -> None:
    head = {"x-forwarded-for": "1.1.1.1, 192.0.2.9"}
    request = Request("POST", "/v1/enrol", head, "10.0.0.1:5000", Chunks(b""))
    intake = controller.door.intake
    assert intake._address(request) == "10.0.0.1"
    intake._proxies = 1
    assert intake._address(request) == "192.0.2.9"
    intake._proxies = 3
    assert intake._address(request) == "10.0.0.1"


def test_every_decision_is_in_the_ledger_without_a_name(controller: Controller) -> None:
    machine = Machine(controller.door, name="Mrs Patel's laptop")
    machine.join(controller.code(label="Mrs Patel"))
    services.approve(machine.device, actor="user_9", at=NOW, reason="Mrs Patel rang")
    services.set_profile(machine.device, "staff", actor="user_9", at=NOW)
    services.revoke(machine.device, actor="user_9", at=NOW)
    events = list(Event.objects.order_by("seq"))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    verbs = [event.verb for event in events]
    assert verbs == [
        "site.create",
        "join_code.create",
        "device.enrol",
        "asset.create",
        "device.approve",
        "device.profile",
        "device.revoke",
    ]
    columns = str(list(Event.objects.values()))
    assert "Patel" not in columns
    assert Event.objects.get(verb="device.approve").note.text == "Mrs Patel rang"


@pytest.mark.django_db(transaction=True)
def test_the_last_use_of_a_code_is_spent_exactly_once(running: Controller) -> None:
    from django.db import connection

    code = running.code(max_uses=1)
    won: list[bool] = []
    start = threading.Barrier(8)

    def race() -> None:
        start.wait()
        won.append(services.spend_join_code(code.token, NOW))
        connection.close()

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]
    assert JoinCode.objects.get(id=code.token).uses == 1


@pytest.mark.django_db(transaction=True)
def test_many_computers_at_once_with_one_use_left_are_one_computer(running: Controller) -> None:
    code = running.code(max_uses=1)
    envelopes = [Machine(running.door, name=f"m{n}").introduction(code) for n in range(6)]
    statuses: list[int] = []
    start = threading.Barrier(len(envelopes))

    def race(envelope: bytes) -> None:
        start.wait()
        statuses.append(running.door.post(envelope, path="/v1/enrol").status)

    threads = [threading.Thread(target=race, args=(envelope,)) for envelope in envelopes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [202] + [403] * 5
    assert Device.objects.count() == 1


def test_a_computer_already_in_the_register_is_recognised_by_its_serial(
    controller: Controller,
) -> None:
    one = controller.machine(
        "old name", serial="5CD1234XYZ", uuid="4c4c4544-0044-3010-8052-b4c04f4e3132"
    )
    services.revoke(one.device, actor="system", at=NOW)
    two = controller.machine(
        "new name", serial="5CD1234XYZ", uuid="4c4c4544-0044-3010-8052-b4c04f4e3132"
    )
    first, second = (Device.objects.get(id=m.device).asset_id for m in (one, two))
    assert first == second
    assert Asset.objects.count() == 1


def test_an_asset_whose_computer_holds_a_live_key_is_not_given_to_another(
    controller: Controller,
) -> None:
    owner = controller.machine("owner", serial="5CD1234XYZ")
    claimant = controller.machine("claimant", serial="5CD1234XYZ")
    device = Device.objects.get(id=claimant.device)
    assert (device.asset_id, device.asset_doubt) == (None, "claimed")
    assert Device.objects.get(id=owner.device).asset_id is not None


def test_placeholders_match_nobody(controller: Controller) -> None:
    for name in ("one", "two"):
        controller.machine(
            name, serial="To Be Filled By O.E.M.", uuid="0" * 32, macs="02:00:00:00:00:01"
        )
    assert Asset.objects.count() == 2
    assert all(Device.objects.values_list("weak_binding", flat=True))
