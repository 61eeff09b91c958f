"""A computer that goes home is judged as one that is carried, whatever its case looks like (S1)."""

import msgspec
import pytest

from checks.encryption.facts import EncryptionFacts, Volume
from checks.facts import encode_section
from controller.fleet import services
from controller.fleet.models import Device, Verdict
from controller.fleet.purposes import follow
from inventory.allocation import people
from inventory.allocation.handovers import give
from inventory.allocation.services import Terms, take_back
from inventory.assets.writing import By
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW
from tests.controller.judging.bodies import hardware
from tests.controller.judging.conftest import JudgeNow
from wire.report import Result

BY = By("user_1", NOW)
CHECK = "disk-encrypted"
PLAIN = encode_section(EncryptionFacts(volumes=[Volume("system", "off")]))


@pytest.mark.parametrize("portable", [True, False])
def test_a_desktop_lent_home_is_asked_what_a_laptop_is_asked(
    controller: Controller, judge_now: JudgeNow, portable: bool
) -> None:
    machine = controller.machine()
    services.set_profile(machine.device, "pupil", actor="system", at=NOW)
    bodies = {"encryption": PLAIN, "hardware": hardware(portable=portable)}
    content = machine.content(bodies)
    agents = Result(check=CHECK, status="pass", severity="high", says="encrypted")
    content = msgspec.structs.replace(content, results=[agents], profile="pupil")
    machine.supply(controller.door.post(machine.report(content)).receipt.need)
    judge_now()
    assert verdict() == ("fail" if portable else "warn", "pass")
    device = Device.objects.get(id=machine.device)
    assert device.asset_id
    pupil = people.add_person(controller.site, "Sam Lee", "pupil", by=BY)
    give(controller.site, [device.asset_id], pupil, by=BY, terms=Terms(goes_home=True))
    follow(controller.site, [device.asset_id], actor="user_1", at=NOW)
    judge_now()
    # Its own agent was not asked as strictly, so that it differs is no lie.
    assert verdict() == ("fail", "pass" if portable else "")
    take_back(controller.site, [device.asset_id], by=BY)
    follow(controller.site, [device.asset_id], actor="user_1", at=NOW)
    judge_now()
    assert verdict() == ("fail" if portable else "warn", "pass")


def verdict() -> tuple[str, str]:
    """How it stands, and what its agent said where that differs."""
    row = Verdict.objects.get(check_id=CHECK)
    return row.status, row.agent_status
