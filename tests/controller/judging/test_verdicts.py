"""Verdicts: made from stored facts, written only where they changed, counted as written."""

import importlib
from collections import Counter, defaultdict

import msgspec
import pytest
from django.apps import apps

from controller import clock
from controller.fleet import services, standings
from controller.fleet.models import Device, PastVerdict, Standing, Tally, Verdict
from controller.judging import apply as applying
from controller.judging.messages import Answer, Judged, failed
from controller.judging.policies import SitePolicies
from controller.policy import publishing
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine
from tests.controller.judging.bodies import locking
from tests.controller.judging.conftest import JudgeNow
from wire.report import Result

CHECK = "lock-idle-timeout"


def _report(controller: Controller, machine: Machine, bodies: dict[str, bytes]) -> None:
    envelope = machine.report(machine.content(bodies))
    machine.supply(controller.door.post(envelope).receipt.need)


def _verdict(machine: Machine, check: str = CHECK) -> Verdict:
    return Verdict.objects.get(device_id=machine.device, check_id=check)


def _recount() -> dict[tuple[str, str], int]:
    rows = Verdict.objects.filter(device__state="active").values_list("check_id", "status")
    return dict(Counter(rows))


def _tally() -> dict[tuple[str, str], int]:
    return {
        (check, status): n
        for check, status, n in Tally.objects.values_list("check_id", "status", "n")
        if n
    }


def _standings() -> dict[str, str]:
    """What each computer's kept set of results says."""
    sets = dict(Standing.objects.values_list("id", "results"))
    rows = Device.objects.values_list("id", "standing")
    return {device: sets[standing] for device, standing in rows if standing is not None}


def _results() -> dict[str, str]:
    found: dict[str, list[standings.Result]] = defaultdict(list)
    for device, *result in Verdict.objects.values_list(
        "device_id", "check_id", "status", "severity"
    ):
        found[device].append((result[0], result[1], result[2]))
    return {device: standings.told(results) for device, results in found.items()}


def test_facts_become_verdicts_with_the_versions_they_were_made_under(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine()
    services.set_profile(machine.device, "office", actor="system", at=NOW)
    _report(controller, machine, {"locking": locking(600)})
    judge_now()
    verdict = _verdict(machine)
    assert verdict.status == "pass"
    assert verdict.assurance == "self-reported"
    assert verdict.agent_version == "0.1.0"
    assert verdict.policy.startswith("sha256:")
    assert verdict.catalogue.startswith("sha256:")
    device = Device.objects.get(id=machine.device)
    assert not device.judge_due
    assert device.n_pass == Verdict.objects.filter(device=device, status="pass").count()


def test_a_change_closes_an_interval_and_opens_the_next(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine()
    services.set_profile(machine.device, "office", actor="system", at=NOW)
    _report(controller, machine, {"locking": locking(600)})
    judge_now()
    clock.use(lambda: NOW + 86_400)
    _report(controller, machine, {"locking": locking(36_000)})
    judge_now()
    assert (_verdict(machine).status, _verdict(machine).since) == ("fail", NOW + 86_400)
    past = PastVerdict.objects.get(device_id=machine.device, check_id=CHECK)
    assert (past.status, past.since, past.until) == ("pass", NOW, NOW + 86_400)
    assert Device.objects.get(id=machine.device).worst > 0


def test_the_same_facts_again_write_no_verdict(controller: Controller, judge_now: JudgeNow) -> None:
    machine = controller.machine()
    _report(controller, machine, {"locking": locking(600)})
    judge_now()
    before = list(Verdict.objects.order_by("check_id").values())
    clock.use(lambda: NOW + 86_400)
    services.set_profile(machine.device, "office", actor="system", at=NOW)
    services.set_profile(machine.device, "", actor="system", at=NOW)
    judge_now()
    assert list(Verdict.objects.order_by("check_id").values()) == before
    assert not PastVerdict.objects.exists()


def test_the_counts_are_what_a_recount_gives_after_every_change(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machines = [controller.machine(f"m{n}") for n in range(3)]
    for turn, seconds in enumerate([600, 36_000, 600, 0]):
        clock.use(lambda turn=turn: NOW + turn * 3_600)  # type: ignore[misc]  # bound per turn
        for machine in machines[turn % 2 :]:
            _report(controller, machine, {"locking": locking(seconds)})
        judge_now()
        assert _tally() == _recount()
        assert _standings() == _results()
    services.revoke(machines[0].device, actor="system", at=clock.now())
    assert _tally() == _recount()
    assert _standings() == _results()
    assert not Verdict.objects.filter(device_id=machines[0].device).exists()
    assert PastVerdict.objects.filter(device_id=machines[0].device).exists()


def test_computers_with_the_same_results_share_one_set(
    controller: Controller, judge_now: JudgeNow
) -> None:
    for n in range(3):
        _report(controller, controller.machine(f"m{n}"), {"locking": locking(600)})
    judge_now()
    assert len(_standings()) == 3
    assert Standing.objects.count() == 1


def test_what_was_judged_before_there_were_sets_gets_them(
    controller: Controller, judge_now: JudgeNow
) -> None:
    for n, seconds in enumerate((600, 600, 36_000)):
        _report(controller, controller.machine(f"m{n}"), {"locking": locking(seconds)})
    judge_now()
    Device.objects.update(standing=None)
    Standing.objects.all().delete()
    importlib.import_module("controller.fleet.migrations.0008_standings").keep_sets(apps, None)
    assert _standings() == _results()
    assert len(_standings()) == 3


def test_verdicts_on_older_facts_never_hide_that_newer_ones_wait(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine()
    _report(controller, machine, {"locking": locking(600)})
    (judged,) = judge_now()
    _report(controller, machine, {"locking": locking(36_000)})
    applying.apply([judged], NOW)
    assert Device.objects.get(id=machine.device).judge_due


def test_verdicts_of_a_device_that_left_meanwhile_are_dropped(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine()
    _report(controller, machine, {"locking": locking(600)})
    (judged,) = judge_now()
    services.revoke(machine.device, actor="system", at=NOW)
    applying.apply([judged], NOW)
    assert not Verdict.objects.exists()
    assert _tally() == {}


def test_a_check_that_is_no_longer_made_is_closed(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine()
    _report(controller, machine, {"locking": locking(600)})
    (judged,) = judge_now()
    fewer = Judged(
        **{
            **{field: getattr(judged, field) for field in judged.__struct_fields__},
            "verdicts": [Answer(CHECK, "pass", "high", "gone", "{}", "")],
        }
    )
    applying.apply([fewer], NOW + 60)
    assert Verdict.objects.filter(device_id=machine.device).count() == 1
    assert _tally() == _recount()
    assert _standings() == _results()


def test_a_section_that_breaks_its_own_schema_is_noted_and_never_passes(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine()
    _report(controller, machine, {"locking": b'{"rules":"nonsense"}'})
    judge_now()
    assert Device.objects.get(id=machine.device).malformed == ["locking"]
    assert _verdict(machine).status == "unknown"


@pytest.mark.parametrize(
    ("ours", "said", "noted"),
    [
        pytest.param("", {}, True, id="nobody-said-what-it-is-for"),
        pytest.param("office", {"profile": "office"}, True, id="the-same-purpose"),
        pytest.param("office", {}, False, id="not-told-yet"),
        pytest.param("office", {"profile": "pupil"}, False, id="told-before-it-changed"),
        pytest.param("", {"ruled": "expired"}, True, id="past-its-date-but-the-same"),
        pytest.param("", {"ruled": "not_understood"}, False, id="only-part-of-the-policy"),
        pytest.param("", {"policy": "sha256:" + "0" * 64}, False, id="another-policy"),
    ],
)
def test_an_agent_that_judged_otherwise_by_the_same_rules_is_noted(
    controller: Controller, judge_now: JudgeNow, ours: str, said: dict[str, str], noted: bool
) -> None:
    machine = controller.machine()
    if ours:
        services.set_profile(machine.device, ours, actor="system", at=NOW)
    content = machine.content({"locking": locking(36_000)})
    claim = Result(check=CHECK, status="pass", severity="high", says="fine")
    content = msgspec.structs.replace(content, results=[claim], **said)
    machine.supply(controller.door.post(machine.report(content)).receipt.need)
    judge_now()
    verdict = _verdict(machine)
    assert verdict.status != "pass"
    assert verdict.agent_status == ("pass" if noted else "")


def test_a_policy_that_changed_judges_the_stored_facts_again(
    controller: Controller, judge_now: JudgeNow
) -> None:
    from checks.policy import Ask, Policy

    machine = controller.machine()
    services.set_profile(machine.device, "office", actor="system", at=NOW)
    _report(controller, machine, {"locking": locking(600)})
    judge_now()
    assert _verdict(machine).status == "pass"
    stricter = Policy(
        version=1,
        decisions=[Ask(check=CHECK, setting=_setting(), value=300, by="slt", reason="exams")],
    )
    rules = publishing.draft(controller.site, stricter, NOW + 60)
    publishing.use(controller.data, rules, actor="user_1", at=NOW + 60)
    judge_now()
    assert _verdict(machine).status != "pass"
    device = Device.objects.get(id=machine.device)
    assert SitePolicies().digest(controller.site) == device.judged_policy


def _setting() -> str:
    """The name of the idle threshold, as the catalogue has it."""
    from checks.catalogue import catalogue

    domain = catalogue().domain_of(CHECK)
    assert domain is not None
    return next(t.name for t in domain.thresholds[CHECK] if t.stricter == "lower")


def test_what_cannot_be_judged_is_unknown_and_never_the_last_good_verdict(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine()
    services.set_profile(machine.device, "office", actor="system", at=NOW)
    _report(controller, machine, {"locking": locking(600)})
    (judged,) = judge_now()
    assert _verdict(machine).status == "pass"
    applying.apply([failed(judged.device, judged.turn, judged.seq, "it died")], NOW + 60)
    assert (_verdict(machine).status, _verdict(machine).says) == ("unknown", "could-not-judge")
    device = Device.objects.get(id=machine.device)
    assert (device.n_pass, device.n_fail, device.n_warn) == (0, 0, 0)
    assert device.n_unknown == Verdict.objects.filter(device=device).count() > 0
    assert _tally() == _recount()
