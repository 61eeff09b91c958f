"""Facts from a machine that means harm: they become verdicts like any other and stop nobody's."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.catalogue import catalogue
from controller.fleet.models import Device, Verdict
from controller.judging import child, feeder
from controller.judging.messages import Case, Judged, SectionBody
from controller.judging.policies import SitePolicies
from controller.judging.process import JudgingProcess
from inventory.models import Asset
from tests.controller.intake.conftest import Controller
from tests.controller.judging.bodies import hardware, locking
from tests.controller.judging.conftest import JudgeNow
from tests.controller.judging.test_process import _case

HOSTILE = [
    "\x00",
    "a\x00b\x1b[31mred\x1b]52;c;cGF5\x07",
    "<script>alert(1)</script>",
    "\u202efdp.exe",
    "=cmd|' /C calc'!A0",
    "x" * 10_000,
    "\n\r\t",
    "e\u0301" * 300,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_is_kept_clean_and_short(
    controller: Controller, judge_now: JudgeNow, text: str
) -> None:
    machine = controller.machine("pc")
    seen = {"host_name": text, "make": text, "model": text, "serial": text, "uuid": text}
    machine.supply(
        controller.door.post(
            machine.report(machine.content({"hardware": hardware(**seen)}))
        ).receipt.need
    )
    (judged,) = judge_now()
    assert not judged.failed
    device = Device.objects.get(id=machine.device)
    asset = Asset.objects.get()
    for kept in (device.name, device.model, asset.name, asset.make, asset.serial, asset.uuid):
        assert len(kept) <= 255
        assert not any(ord(one) < 32 or one in "\x7f\u202e" for one in kept)
    assert Verdict.objects.filter(device=device).exists()


@given(st.text(max_size=300))
def test_no_string_in_facts_comes_out_with_anything_that_steers_a_terminal(text: str) -> None:
    try:
        body = hardware(host_name=text, model=text, serial=text)
    except (UnicodeEncodeError, ValueError):
        return  # a lone surrogate: JSON cannot carry it
    case = _with(_case(), [SectionBody("hardware", 1, body)])
    judged = child.judge(case, catalogue())
    for kept in [*judged.looks.values(), *(v for vs in judged.factors.values() for v in vs)]:
        assert not any(ord(one) < 32 or 0x7F <= ord(one) < 0xA0 for one in kept)


def _with(case: Case, sections: list[SectionBody]) -> Case:
    import msgspec

    return msgspec.structs.replace(case, sections=sections)


@pytest.mark.django_db(transaction=True)
def test_verdicts_the_database_will_not_take_hold_up_nobody_else(controller: Controller) -> None:
    machines = [controller.machine(f"m{n}") for n in range(3)]
    for machine in machines:
        envelope = machine.report(machine.content({"locking": locking(600)}))
        machine.supply(controller.door.post(envelope).receipt.need)
    delivered: list[str] = []

    def deliver(judged: Sequence[Judged]) -> bool:
        if any(one.device == machines[1].device and not one.failed for one in judged):
            return False
        delivered.extend(f"{one.device} {bool(one.failed)}" for one in judged)
        return True

    process = JudgingProcess()
    try:
        feeder.judge_batch(process, SitePolicies(), deliver)
    finally:
        process.close()
    wanted = [(machine.device, n == 1) for n, machine in enumerate(machines)]
    assert sorted(delivered) == sorted(f"{device} {failed}" for device, failed in wanted)
