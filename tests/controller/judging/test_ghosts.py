"""What was disposed of, lost or stolen is seen: through the real intake and the real judges, in
both directions: certain for its own key, to be checked for anything anybody may claim (I11, O35).
"""

from typing import Any

import pytest
from django.db import transaction

from checks.hardware.facts import Disk, NetworkCard
from controller import clock
from controller.fleet import gone, packed, services
from controller.fleet.models import Device, Report, Verdict
from controller.judging.ending import end_night
from inventory.assets import services as assets
from inventory.assets.writing import By, Step, write
from inventory.ghosts import services as ghosts
from inventory.ledger.models import Event
from inventory.models import Asset, GhostAlarm, WatchedMark
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine
from tests.controller.judging.bodies import hardware
from tests.controller.judging.conftest import JudgeNow
from wire import dsse, enrolment, keys, succession, types

DAY = 86_400
STRONG = {"serial": "PF2K9QXA", "uuid": "4c4c4544-0042-3510-8054-b7c04f4b5931"}

pytestmark = pytest.mark.django_db


def disk(serial: str | None, wwn: str | None = None, *, removable: bool = False) -> Disk:
    return Disk("sda", serial, wwn, None, None, 10**9, False, "sata", removable)


def facts(machine: Machine, **seen: Any) -> None:
    """Report what is in it, and supply every body."""
    content = machine.content({"hardware": hardware(**seen)})
    reply = machine.door.post(machine.report(content))
    machine.supply(reply.receipt.need)


def goes(machine: Machine, state: str, at: int = NOW + DAY) -> str:
    """Somebody says that the entry of this computer is lost, or its disposal ends."""
    clock.use(lambda: at)
    site, asset = Device.objects.values_list("site_id", "asset_id").get(id=machine.device)
    by = By("user_1", at)
    if state != "disposed":
        assets.move(site, [str(asset)], state, by=by)  # type: ignore[arg-type]  # one of them
    else:
        with transaction.atomic():
            row = Asset.objects.select_for_update().get(id=asset)
            write(site, [Step(row, "asset.dispose", {"state": "disposed"})], by)
    gone.follow(site, [str(asset)], actor="user_1", at=at)  # a test commits nothing by itself
    clock.use(lambda: at + DAY)
    return str(asset)


def alarm() -> GhostAlarm:
    return GhostAlarm.objects.get()


@pytest.mark.parametrize("state", ["lost", "stolen"])
def test_a_missing_computer_that_reports_is_certain_and_stays_missing(
    controller: Controller, state: str
) -> None:
    machine = controller.machine(**STRONG)
    controller.door.post(machine.report())
    asset = goes(machine, state)
    history = Event.objects.filter(subject=asset).count()
    envelope = machine.report()
    assert controller.door.post(envelope).receipt.status == "accepted"
    row = alarm()
    assert (row.way, row.sure, row.doubt, row.was) == ("key", True, "", state)
    assert (row.asset_id, row.source, row.seq) == (asset, machine.device, 2)
    assert row.digest == dsse.digest(envelope)
    public = bytes(Device.objects.get().public_key)
    assert packed.envelope(bytes(row.envelope), types.REPORT, public) == envelope
    assert Asset.objects.get(id=asset).state == state
    assert Event.objects.filter(subject=asset).count() == history + 1


def test_a_disposed_computer_is_withdrawn_and_its_own_key_is_certain(
    controller: Controller,
) -> None:
    machine = controller.machine(**STRONG)
    controller.door.post(machine.report())
    asset = goes(machine, "disposed")
    assert Device.objects.get().state == "revoked"
    stood = Device.objects.values("head_seq", "last_seen_at", "n_pass").get()
    assert controller.door.post(machine.report()).problem.code == "revoked"
    assert (alarm().way, alarm().sure, alarm().was) == ("key", True, "disposed")
    assert Asset.objects.get(id=asset).state == "disposed"
    assert Device.objects.values("head_seq", "last_seen_at", "n_pass").get() == stood
    assert (Report.objects.count(), Verdict.objects.count()) == (1, 0)


def test_it_reports_every_night_and_is_one_alarm(controller: Controller) -> None:
    machine = controller.machine(**STRONG)
    controller.door.post(machine.report())
    goes(machine, "stolen")
    envelope = machine.report()
    for night in range(2, 22):
        clock.use(lambda night=night: NOW + night * DAY)  # type: ignore[misc]  # a day later each
        controller.door.post(envelope)
        controller.door.post(envelope)  # its answer was lost
        envelope = machine.report()
    assert (alarm().n, alarm().first_at, alarm().last_at) == (20, NOW + 2 * DAY, NOW + 21 * DAY)
    assert Event.objects.filter(verb="ghost.seen").count() == 1


def test_what_somebody_answered_is_quiet_until_a_week_of_silence_ends(
    controller: Controller,
) -> None:
    machine = controller.machine(**STRONG)
    controller.door.post(machine.report())
    goes(machine, "stolen")
    controller.door.post(machine.report())
    ghosts.answer(controller.site, alarm().id, "Police know", actor="user_1", at=NOW + 2 * DAY)
    clock.use(lambda: NOW + 3 * DAY)
    controller.door.post(machine.report())
    assert alarm().n == 2
    clock.use(lambda: NOW + 11 * DAY)
    controller.door.post(machine.report())
    assert GhostAlarm.objects.filter(answered_at=None).count() == 1


@pytest.mark.parametrize(
    ("factors", "doubt"),
    [({}, "weak"), ({"serial": "PF2K9QXA"}, "weak"), ({"serial": "0123456789"}, "weak")],
)
@pytest.mark.parametrize("state", ["lost", "disposed"])
def test_a_weak_binding_accuses_nobody(
    controller: Controller, factors: dict[str, str], doubt: str, state: str
) -> None:
    machine = controller.machine(**factors)
    controller.door.post(machine.report())
    goes(machine, state)
    controller.door.post(machine.report())
    assert (alarm().sure, alarm().doubt) == (False, doubt)


@pytest.mark.parametrize("state", ["lost", "disposed"])
def test_its_key_on_other_hardware_is_perhaps_its_drive(controller: Controller, state: str) -> None:
    machine = controller.machine(**STRONG)
    controller.door.post(machine.report())
    goes(machine, state)
    controller.door.post(machine.report(binding=dsse.digest(b"another board")))
    assert (alarm().way, alarm().sure, alarm().doubt) == ("key", False, "moved")


def test_a_copy_of_a_lost_disk_is_possible_only(controller: Controller) -> None:
    machine = controller.machine(**STRONG)
    controller.door.post(machine.report())
    goes(machine, "lost")
    seq, prev = machine.seq, machine.prev
    controller.door.post(machine.report())
    first = alarm()
    assert first.sure
    machine.seq, machine.prev = seq, prev
    assert controller.door.post(machine.report()).problem.code in {"fork", "copied", "rolled_back"}
    assert (alarm().n, alarm().sure) == (2, True)


def test_a_fork_alone_is_possible_only(controller: Controller) -> None:
    machine = controller.machine(**STRONG)
    controller.door.post(machine.report())
    controller.door.post(machine.report())
    goes(machine, "lost")
    machine.seq, machine.prev = 1, dsse.digest(b"another first")
    controller.door.post(machine.report())
    assert (alarm().sure, alarm().doubt) == (False, "fork")


@pytest.mark.parametrize("claim", ["another key", "bent"])
def test_who_cannot_sign_as_it_raises_nothing(controller: Controller, claim: str) -> None:
    lost = controller.machine(**STRONG)
    controller.door.post(lost.report())
    goes(lost, "lost")
    stranger = Machine(controller.door, device=lost.device, seq=lost.seq, prev=lost.prev)
    envelope = stranger.report() if claim == "another key" else lost.report()[:-90] + b"A" * 90
    controller.door.post(envelope)
    assert not GhostAlarm.objects.exists()


@pytest.mark.parametrize("mark", ["serial", "uuid", "mac"])
def test_a_request_that_claims_its_marks_is_to_be_checked(
    controller: Controller, mark: str
) -> None:
    machine = controller.machine(**STRONG, mac="a4:4c:c8:11:22:33")
    asset = goes(machine, "stolen")
    factors = {**STRONG, "mac": "a4:4c:c8:11:22:33"}
    other = Machine(controller.door, name="new", factors={mark: factors[mark]})
    other.join(controller.code())
    assert (alarm().way, alarm().sure, alarm().asset_id) == ("join", False, asset)
    assert [kind for kind, _ in alarm().marks] == [mark]
    assert Asset.objects.get(id=asset).state == "stolen"


def test_let_in_as_the_entry_it_claims_it_is_still_to_be_checked_and_revives_nothing(
    controller: Controller,
) -> None:
    machine = controller.machine(**STRONG)
    asset = goes(machine, "stolen")
    again = Machine(controller.door, name="new", factors=STRONG)
    again.join(controller.code())
    Device.objects.filter(id=machine.device).update(left_at=NOW)
    services.approve(again.device, actor="user_1", at=NOW + 2 * DAY)
    assert Device.objects.get(id=again.device).asset_id == asset
    controller.door.post(again.report())
    found = set(GhostAlarm.objects.values_list("way", "sure", "doubt"))
    assert found == {("join", False, ""), ("key", False, "later")}
    assert Asset.objects.get(id=asset).state == "stolen"


@pytest.mark.parametrize("state", ["lost", "disposed"])
def test_a_copy_of_its_disk_that_asks_to_be_one_of_its_own_is_to_be_checked(
    controller: Controller, state: str
) -> None:
    machine = controller.machine(**STRONG)
    asset = goes(machine, state)
    key = keys.generate()
    public, nonce = keys.public_bytes(key), "a-copy-of-its-disk"
    enrol = enrolment.Enrol(
        token=machine.device,
        public_key=keys.to_text(public),
        nonce=nonce,
        proof=succession.prove(machine.key, machine.device, nonce, public),
        created_at=NOW,
        agent="0.1.0",
        host_name="copy",
        platform="linux",
        factors=[],
        was=machine.device,
    )
    controller.door.post(enrolment.sign_enrol(enrol, key), path="/v1/enrol")
    assert (alarm().way, alarm().sure, alarm().asset_id) == ("key", False, asset)


@pytest.mark.parametrize("seen", ["serial", "mac"])
def test_another_computers_report_that_shows_its_marks_is_to_be_checked(
    controller: Controller, judge_now: JudgeNow, seen: str
) -> None:
    card = NetworkCard("eth0", "wired", "a4:4c:c8:11:22:33", permanent=True)
    machine = controller.machine(**STRONG, mac="a4:4c:c8:11:22:33")
    asset = goes(machine, "disposed")
    other = controller.machine("pc-2", serial="ABCD1234", uuid="9" + STRONG["uuid"][1:])
    shown: dict[str, Any] = {"serial": "pf2k-9qxa"} if seen == "serial" else {"cards": [card]}
    facts(other, **shown)
    judge_now()
    assert (alarm().way, alarm().sure, alarm().asset_id) == ("report", False, asset)
    assert (alarm().source, alarm().seq) == (other.device, 1)
    assert alarm().envelope
    facts(other, **shown)
    Device.objects.filter(id=other.device).update(judge_due=True)
    judge_now()
    assert alarm().n == 2


@pytest.mark.parametrize("named", [("S3Z1-NB0K", None), (None, "0x5002538d00001234")])
def test_the_drive_of_a_disposed_computer_inside_another_is_to_be_checked(
    controller: Controller, judge_now: JudgeNow, named: tuple[str | None, str | None]
) -> None:
    machine = controller.machine(**STRONG)
    facts(machine, disks=[disk(*named)])
    asset = goes(machine, "disposed")
    other = controller.machine("pc-2", serial="ABCD1234", uuid="9" + STRONG["uuid"][1:])
    facts(other, disks=[disk("OWN00001"), disk(*named, removable=True)])
    judge_now()
    assert (alarm().way, alarm().sure, alarm().asset_id) == ("drive", False, asset)


def test_a_lost_computers_own_drive_in_itself_says_nothing_more(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine(**STRONG)
    facts(machine, serial="PF2K9QXA", disks=[disk("S3Z1NB0K")])
    goes(machine, "lost")
    facts(machine, serial="PF2K9QXA", disks=[disk("S3Z1NB0K")])
    judge_now()
    assert alarm().way == "key"


def test_computers_that_are_here_raise_nothing(controller: Controller, judge_now: JudgeNow) -> None:
    one, two = controller.machine(**STRONG), controller.machine("pc-2", serial="ABCD1234")
    goes(two, "retired")
    for machine in (one, two):
        facts(machine, serial="PF2K9QXA", disks=[disk("S3Z1NB0K")])
    judge_now()
    assert not GhostAlarm.objects.exists()


def test_found_again_it_reports_as_before(controller: Controller) -> None:
    machine = controller.machine(**STRONG)
    asset = goes(machine, "lost")
    assets.move(controller.site, [asset], "stored", by=By("user_1", NOW + 2 * DAY))
    assert controller.door.post(machine.report()).receipt.status == "accepted"
    assert not GhostAlarm.objects.exists()


def test_a_crash_between_the_disposal_and_what_follows_is_caught_up_with_at_night(
    controller: Controller,
) -> None:
    machine = controller.machine(**STRONG)
    facts(machine, disks=[disk("S3Z1NB0K")])
    asset = Device.objects.get().asset_id
    Asset.objects.filter(id=asset).update(state="disposed")
    end_night(controller.site, NOW + DAY)
    assert Device.objects.get().state == "revoked"
    assert WatchedMark.objects.filter(kind="drive", value="S3Z1NB0K").exists()


def test_a_whole_batch_costs_one_question_more(
    controller: Controller,
    django_assert_num_queries: Any,
) -> None:
    from controller.intake import ghosts as intake
    from controller.intake.outcomes import Taken
    from controller.intake.plan import Arrival

    machines = [controller.machine(f"pc-{n}", serial=f"SERIAL{n:04d}") for n in range(8)]
    batch = [
        Arrival(m.device, m.draft(), "sha256:x", b"", "", None, NOW)  # a report each
        for m in machines
    ]
    taken = [
        Taken(
            device=m.device,
            seq=1,
            status="accepted",
            received_at=NOW,
            need=[],
            policy="",
            site=controller.site,
            profile="",
        )
        for m in machines
    ]
    with django_assert_num_queries(1):
        intake.note(batch, taken)
