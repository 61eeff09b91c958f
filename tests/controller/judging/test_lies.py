"""A computer whose administrator makes it lie (T3): what no lie turns into a pass, what does, and
that the page on security says both."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from checks.catalogue import catalogue
from checks.facts import encode_section
from checks.hardware.facts import HardwareFacts
from checks.policy import DEFAULT_POLICY, policy_hash
from controller.fleet import services
from controller.fleet.models import Device, Fork, Report, Verdict
from inventory.models import Asset, AssetMark
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine, Reply
from tests.controller.judging import lies
from tests.controller.judging.conftest import JudgeNow
from wire import dsse
from wire.report import Content, NowSection, Result
from wire.sections import ref

SECURITY = (Path(__file__).parents[3] / "SECURITY.md").read_text("utf-8")


@pytest.fixture
def laptop(controller: Controller) -> Machine:
    """A teacher's laptop that was let in."""
    return _let_in(controller, "staff-1")


def _let_in(controller: Controller, name: str) -> Machine:
    machine = controller.machine(name)
    Device.objects.filter(id=machine.device).update(platform="windows")
    services.set_profile(machine.device, "staff", actor="system", at=NOW)
    return machine


def draft(
    machine: Machine, told: lies.Told | None = None, results: Sequence[Result] = ()
) -> tuple[Content, list[NowSection]]:
    """The honest facts with some told otherwise, as a report carries them."""
    said = {kind: body for kind, body in {**lies.honest(), **(told or {})}.items() if body}
    steady = {kind: encode_section(body) for kind, body in said.items() if not _drifts(kind)}
    machine.bodies = {kind.section: data for kind, data in steady.items()}
    content = Content(
        policy=policy_hash(DEFAULT_POLICY),
        catalogue=catalogue().hash,
        sections=[ref(kind.section, kind.schema, data) for kind, data in steady.items()],
        results=list(results),
    )
    now = [
        NowSection(
            section=kind.section, schema=kind.schema, body=encode_section(said[kind]).decode()
        )
        for kind in said
        if _drifts(kind)
    ]
    return content, now


def _drifts(kind: type) -> bool:
    return kind.__name__.endswith("Now")


def tell(machine: Machine, told: lies.Told | None = None, results: Sequence[Result] = ()) -> Reply:
    """Report, and send what is asked for."""
    content, now = draft(machine, told, results)
    reply = machine.door.post(machine.report(content, now=now))
    machine.supply(reply.receipt.need)
    return reply


def verdicts(machine: Machine) -> dict[str, Verdict]:
    """What the controller says of it, by check."""
    return {v.check_id: v for v in Verdict.objects.filter(device_id=machine.device)}


def test_the_honest_laptop_passes_everything_that_the_corpus_lies_about(
    laptop: Machine, judge_now: JudgeNow
) -> None:
    tell(laptop)
    judge_now()
    seen = verdicts(laptop)
    checks = sorted({check for _, checks in lies.CAUGHT.values() for check in checks})
    assert {check: seen[check].status for check in checks} == dict.fromkeys(checks, "pass")


@pytest.mark.parametrize("name", lies.CAUGHT)
def test_no_lie_of_the_corpus_is_a_pass(name: str, laptop: Machine, judge_now: JudgeNow) -> None:
    lie, checks = lies.CAUGHT[name]
    tell(laptop, lie())
    judge_now()
    seen = verdicts(laptop)
    assert {seen[check].status for check in checks} <= {"unknown", "fail"}


@pytest.mark.parametrize("name", lies.BELIEVED)
def test_a_lie_that_keeps_to_one_story_is_believed_and_said_to_be_its_own_word(
    name: str, laptop: Machine, judge_now: JudgeNow
) -> None:
    lie, check = lies.BELIEVED[name]
    tell(laptop, lie())
    judge_now()
    verdict = verdicts(laptop)[check]
    assert (verdict.status, verdict.assurance) == ("pass", "self-reported")


def test_results_that_contradict_the_facts_are_noted_and_not_believed(
    laptop: Machine, judge_now: JudgeNow
) -> None:
    services.set_profile(laptop.device, "", actor="system", at=NOW)
    claim = Result(check="session-overnight", status="pass", severity="medium", says="today-only")
    tell(laptop, lies.signed_in(NOW - 20 * lies.DAY), [claim])
    judge_now()
    verdict = verdicts(laptop)["session-overnight"]
    assert (verdict.status, verdict.agent_status) == ("fail", "pass")


def test_another_computers_serial_number_is_a_doubt_for_a_person_and_never_becomes_its_own(
    controller: Controller, laptop: Machine, judge_now: JudgeNow
) -> None:
    tell(laptop)
    judge_now()
    thief = _let_in(controller, "staff-2")
    own = Device.objects.get(id=thief.device).asset_id
    tell(thief)
    judge_now()
    device = Device.objects.get(id=thief.device)
    assert (device.asset_id, device.asset_doubt) == (own, "claimed")
    assert set(AssetMark.objects.values_list("asset_id", flat=True)) == {
        Device.objects.get(id=laptop.device).asset_id
    }
    assert Asset.objects.get(id=own).serial == ""
    tell(thief, lies.put(HardwareFacts, serial="X1Y2Z3A4", uuid=None, board_serial=None))
    judge_now()
    assert Device.objects.get(id=thief.device).asset_doubt == ""


def test_good_sections_of_another_computer_cannot_be_named_without_having_them(
    controller: Controller, laptop: Machine, judge_now: JudgeNow
) -> None:
    tell(laptop)
    thief = _let_in(controller, "staff-2")
    content, now = draft(thief)
    reply = thief.door.post(thief.report(content, now=now))
    assert set(reply.receipt.need) == {dsse.digest(body) for body in thief.bodies.values()}
    judge_now()
    assert verdicts(thief) == {}


def test_an_old_good_report_sent_again_changes_nothing(
    laptop: Machine, judge_now: JudgeNow
) -> None:
    content, now = draft(laptop)
    good = laptop.report(content, now=now)
    laptop.supply(laptop.door.post(good).receipt.need)
    lie, (check, *_) = lies.CAUGHT["a screen that locks after no time at all"]
    tell(laptop, lie())
    judge_now()
    assert verdicts(laptop)[check].status == "fail"
    assert laptop.door.post(good).receipt.status == "duplicate"
    judge_now()
    assert verdicts(laptop)[check].status == "fail"
    assert Report.objects.filter(device_id=laptop.device).count() == 2


def test_another_story_for_a_number_already_told_is_kept_as_evidence_and_not_believed(
    laptop: Machine, judge_now: JudgeNow
) -> None:
    lie, (check, *_) = lies.CAUGHT["a screen that locks after no time at all"]
    tell(laptop, lie())
    content, now = draft(laptop)
    second = laptop.draft(content, now=now, seq=1, prev="")
    reply = laptop.door.post(laptop.sign(second, advance=False))
    assert reply.problem.code == "fork"
    judge_now()
    assert verdicts(laptop)[check].status == "fail"
    assert Fork.objects.filter(device_id=laptop.device).count() == 1


def test_a_number_that_skips_the_reports_of_bad_nights_is_asked_for_them(laptop: Machine) -> None:
    tell(laptop)
    content, now = draft(laptop)
    reply = laptop.door.post(
        laptop.sign(laptop.draft(content, now=now, seq=9, prev="sha256:" + "0" * 64), advance=False)
    )
    assert reply.problem.code == "gap"


def test_each_lie_stands_on_the_page_about_security_where_it_belongs() -> None:
    section = " ".join(SECURITY[SECURITY.index("## What a lying computer can") :].split())
    caught, believed = section.partition("**Believed**")[::2]
    believed = believed.partition(" ## ")[0]
    assert [name for name in lies.CAUGHT if f"*{name}*" not in caught] == []
    assert [name for name in lies.BELIEVED if f"*{name}*" not in believed] == []
