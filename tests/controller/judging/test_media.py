"""A stick from the register's page to the verdict: asked for, approved, put in force, plugged in,
and over."""

from pathlib import Path

import msgspec
import pytest

from agent.collect.reading import read_domain
from agent.collect.round import pack
from agent.hosts.recorded import RecordedHost
from checks.catalogue import catalogue
from checks.policy import Policy
from checks.removable_media.named import CHECK
from controller.fleet.models import Device, Verdict
from controller.media.proposal import proposal
from controller.policy import publishing
from inventory.assets.writing import By
from inventory.media import services
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine
from tests.controller.judging.conftest import JudgeNow

RECORDINGS = Path(__file__).parents[2] / "checks" / "recordings" / "removable_media"
TODAY, OVER = "2026-11-23", "2027-01-01"
STICK = {
    "label": "USB-014",
    "kind": "stick",
    "model": "SanDisk Ultra",
    "serial": "EXAMPLE0001",
    "usb": "0781:5581",
    "holder_id": "",
    "encrypted": "",
    "use": "assembly films",
    "until": "2026-12-31",
}
ASKS, DECIDES = By("user_1", NOW), By("user_2", NOW)


def publish(controller: Controller, today: str) -> None:
    """Put in force what the register says."""
    found = proposal(controller.site, "slt", today)
    assert found.changes
    rules = publishing.draft(controller.site, found.policy, NOW)
    publishing.use(controller.data, rules, actor="user_2", at=NOW)


def look(machine: Machine, policy: Policy, case: str, *, older: bool = False) -> None:
    """A round of an agent that holds a policy, on a computer with the stick in it."""
    domain = next(one for one in catalogue().domains if one.name == "removable_media")
    with RecordedHost.open(RECORDINGS / f"{case}.json") as host:
        packed = pack(read_domain(host, domain, policy))
    content = msgspec.structs.replace(machine.content({}), sections=packed.refs)
    machine.bodies = {str(number): body for number, body in enumerate(packed.bodies.values())}
    now = [_older(one) for one in packed.now] if older else packed.now
    reply = machine.door.post(machine.report(content, now=now))
    machine.supply(reply.receipt.need)


def _older(now: object) -> object:
    """As an agent from before there was a list by serial number says it."""
    body = msgspec.json.decode(now.body)  # type: ignore[attr-defined]  # a NowSection
    for one in body["attached"]:
        del one["named"]
    plain = msgspec.json.encode(body, order="sorted").decode()
    return msgspec.structs.replace(now, schema=3, body=plain)  # type: ignore[type-var]  # likewise


def verdict() -> tuple[str, str]:
    """How the check stands."""
    row = Verdict.objects.get(check_id=CHECK)
    return row.status, row.says


def again(judge_now: JudgeNow) -> tuple[str, str]:
    """Judge everything by the policy of now."""
    judge_now()
    return verdict()


CASE = "linux-gnome-default-stick-in-bad"


@pytest.mark.usefixtures("data")
def test_a_stick_passes_once_it_is_approved_published_and_looked_for_and_fails_when_it_is_over(
    controller: Controller, judge_now: JudgeNow
) -> None:
    site, machine = controller.site, controller.machine()
    look(machine, publishing.in_force(site), CASE)
    assert again(judge_now) == ("fail", "attached-one")
    one = services.keep(site, STICK, by=ASKS, today=TODAY)
    services.decide(site, one, "approved", seen=1, by=DECIDES, today=TODAY)
    assert again(judge_now) == ("fail", "attached-one"), "approved, and not in force"
    publish(controller, TODAY)
    assert Device.objects.get(id=machine.device).judge_due
    assert again(judge_now) == ("unknown", "list-not-looked"), "nobody looked by this list yet"
    look(machine, publishing.in_force(site), CASE)
    assert again(judge_now) == ("pass", "approved")
    publish(controller, OVER)
    assert again(judge_now) == ("fail", "attached-one"), "what was named is named no more"
    look(machine, publishing.in_force(site), CASE)
    assert again(judge_now) == ("fail", "attached-one")


def test_another_stick_stays_a_finding_and_an_older_agent_accuses_nobody(
    controller: Controller, judge_now: JudgeNow
) -> None:
    site, machine = controller.site, controller.machine()
    one = services.keep(site, {**STICK, "serial": "EXAMPLE0002"}, by=ASKS, today=TODAY)
    services.decide(site, one, "approved", seen=1, by=DECIDES, today=TODAY)
    publish(controller, TODAY)
    look(machine, publishing.in_force(site), CASE)
    assert again(judge_now) == ("fail", "attached-one")
    look(machine, publishing.in_force(site), CASE, older=True)
    assert again(judge_now) == ("unknown", "list-not-looked")
