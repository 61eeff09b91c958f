"""Computers get the policy of their school: named in every receipt, served to whoever asks."""

import pytest

from controller.fleet import services
from controller.intake.room import IntakeRoom
from controller.policy import publishing
from controller.roots import files
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW
from tests.controller.policy.conftest import STRICT
from wire import dsse
from wire import policy as signed


def forget(room: IntakeRoom) -> None:
    """As if the few seconds for which the policy is remembered had passed."""
    room._policies.look()


def test_a_receipt_names_what_was_signed_the_school_and_the_purpose(
    controller: Controller,
) -> None:
    machine = controller.machine()
    first = controller.door.post(machine.report()).receipt
    assert (first.policy, first.site, first.profile) == ("", controller.site, "")
    row = publishing.use(
        controller.data,
        publishing.draft(controller.site, STRICT, NOW),
        actor="system",
        at=NOW,
    )
    services.set_profile(machine.device, "office", actor="system", at=NOW)
    forget(controller.room)
    envelope = machine.report()
    for _ in range(2):  # the second is a duplicate
        told = controller.door.post(envelope).receipt
        assert (told.policy, told.profile) == (row.envelope_digest, "office")


def test_anybody_gets_the_policy_as_it_was_signed(controller: Controller) -> None:
    path = f"/v1/policy?site={controller.site}"
    nothing = controller.door.ask("GET", path)
    assert (nothing.status, nothing.body) == (204, b"")
    rules = publishing.draft(controller.site, STRICT, NOW)
    row = publishing.use(controller.data, rules, actor="system", at=NOW)
    forget(controller.room)
    reply = controller.door.ask("GET", path)
    assert (reply.status, reply.body) == (200, bytes(row.envelope))
    assert reply.headers["Etag"] == f'"{dsse.digest(reply.body)}"'
    assert signed.open_rules(reply.body, files.current(controller.data))[0] == rules


@pytest.mark.parametrize(
    "rest",
    ["", "?", "?site=", "?site=hill", "?school=1", "?site=site_x&x=1", "/", "/x", "?site=%00"],
)
def test_any_other_question_is_not_found(controller: Controller, rest: str) -> None:
    assert controller.door.ask("GET", f"/v1/policy{rest}").problem.code == "not_found"


def test_a_school_there_is_not_looks_like_one_without_a_policy(controller: Controller) -> None:
    reply = controller.door.ask("GET", "/v1/policy?site=site_" + "0" * 26)
    assert (reply.status, reply.body) == (204, b"")
