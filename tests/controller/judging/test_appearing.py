"""A drive that a computer on its way out reports, and its disposal does not list: through the real
intake and the real judges (I3)."""

from typing import Any

import pytest

from checks.hardware.facts import Disk
from controller import clock
from controller.fleet.models import Device
from controller.judging.appearing import follow_all
from inventory.assets.errors import RegisterError
from inventory.disposal import services
from inventory.disposal.values import FoundMedium
from inventory.models import Disposal, DisposalEvent
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import Machine
from tests.controller.judging.bodies import hardware
from tests.controller.judging.conftest import JudgeNow
from tests.inventory.disposal import journey
from tests.inventory.disposal.journey import HEAD, NOW, TECHNICIAN, by
from tests.inventory.disposal.stored import check

OWN = Disk("sda", "WD-WCC4E1111", None, "WD", "Blue", 5 * 10**11, True, "sata", False)
SECOND = Disk("nvme0", "S3Z9-NB0K2222", None, "Samsung", "980", 10**11, False, "nvme", False)
KEY = "S3Z9NB0K2222"
LATER = NOW + 3_600

pytestmark = pytest.mark.django_db


class Leaving:
    """A computer of the school whose entry is on its way out."""

    def __init__(self, controller: Controller, judge_now: JudgeNow, commits: Any) -> None:
        clock.use(lambda: LATER)
        self.site, self.judge_now, self.commits = controller.site, judge_now, commits
        self.machine: Machine = controller.machine(serial="PF2K9QXA", uuid="4c4c4544-0042-3510")
        self.asset = str(Device.objects.values_list("asset_id", flat=True).get())

    def tells(self, *disks: Disk, judged: bool = True, **seen: object) -> None:
        """It reports these drives; `judged`: and is looked at."""
        content = self.machine.content({"hardware": hardware(disks=list(disks), **seen)})
        reply = self.machine.door.post(self.machine.report(content))
        self.machine.supply(reply.receipt.need)
        if judged:
            with self.commits(execute=True):
                self.judge_now()


@pytest.fixture
def leaving(
    controller: Controller, judge_now: JudgeNow, django_capture_on_commit_callbacks: Any
) -> Leaving:
    return Leaving(controller, judge_now, django_capture_on_commit_callbacks)


def state() -> str:
    return Disposal.objects.get().state


def appeared() -> list[str]:
    rows = DisposalEvent.objects.filter(type="medium_appeared")
    return list(rows.order_by("seq").values_list("actor", flat=True))


@pytest.mark.parametrize(
    ("stage", "then"),
    [
        ("withdrawn", "withdrawn"),
        ("approved", "sanitising"),
        ("ready", "sanitising"),
    ],
)
def test_a_second_drive_that_is_reported_is_taken_in_once_and_leads_back_from_ready(
    leaving: Leaving, stage: str, then: str
) -> None:
    disks = () if stage == "ready" else (journey.DISK,)
    one = getattr(journey, stage)(leaving.site, leaving.asset, *disks)
    for _ in range(3):
        leaving.tells(OWN, SECOND)
    assert (state(), appeared()) == (then, ["system"])
    now = check(one)
    assert set(now.media) == {"WDWCC4E1111", KEY}
    assert now.media[KEY].size_bytes == 10**11


@pytest.mark.parametrize(
    "more",
    [
        Disk("sdb", "STICK12345", None, None, "Stick", 10**9, False, "usb", True),
        Disk("sdb", "DOCK123456", None, None, "Dock", 10**12, True, "usb", False),
        Disk("sdb", None, None, None, "Reader", 10**9, False, "sata", False),
        Disk("sdb", "0000000000", None, None, "Cheap", 10**9, False, "sata", False),
    ],
)
def test_sticks_docks_and_drives_without_a_number_of_their_own_change_nothing(
    leaving: Leaving, more: Disk
) -> None:
    journey.ready(leaving.site, leaving.asset)
    leaving.tells(OWN, more)
    assert (state(), appeared()) == ("ready", [])


def test_a_drive_that_a_later_report_leaves_out_is_accused_of_nothing(leaving: Leaving) -> None:
    one = journey.ready(leaving.site, leaving.asset)
    leaving.tells()
    assert (state(), check(one).exceptions) == ("ready", {})


def test_a_computer_that_shows_anothers_marks_says_nothing_of_this_entry(
    leaving: Leaving, controller: Controller
) -> None:
    one = journey.ready(leaving.site, leaving.asset)
    controller.machine("pc-2", serial="ABCD1234")
    leaving.tells(OWN, SECOND, serial="ABCD1234")
    assert Device.objects.get(id=leaving.machine.device).asset_doubt == "claimed"
    assert (appeared(), follow_all(leaving.site)) == ([], 0)
    journey.drives_away(leaving.site, one)
    assert state() == "collected"


def test_what_a_crash_left_behind_is_taken_in_at_night(leaving: Leaving) -> None:
    journey.ready(leaving.site, leaving.asset)
    leaving.tells(OWN, SECOND, judged=False)
    assert appeared() == []
    assert (follow_all(leaving.site), follow_all(leaving.site)) == (1, 0)
    assert state() == "sanitising"


def test_nothing_is_collected_past_a_drive_that_was_reported_and_not_judged_yet(
    leaving: Leaving,
) -> None:
    one = journey.ready(leaving.site, leaving.asset)
    leaving.tells(OWN, SECOND, judged=False)
    with pytest.raises(RegisterError, match=f"reported the drive {KEY} on ") as error:
        journey.drives_away(leaving.site, one)
    assert error.value.code == "drive_reported"
    assert state() == "ready"


def test_an_inspection_or_an_approval_does_not_pass_over_what_was_reported(
    leaving: Leaving,
) -> None:
    site = leaving.site
    one = journey.withdrawn(site, leaving.asset, journey.DISK)
    leaving.tells(OWN, SECOND, judged=False)
    own = FoundMedium(serial="WDWCC4E1111", kind="hdd_ata")
    second = FoundMedium(serial=KEY, kind="ssd_nvme")
    with pytest.raises(RegisterError, match="tick it, or add it"):
        services.inspect(site, one, media=[own], by=by(TECHNICIAN, 1), seen=1)
    services.inspect(site, one, media=[own, second], by=by(TECHNICIAN, 1), seen=1)
    services.request(site, one, journey.ASKED, by=by(TECHNICIAN, 2), seen=2)
    third = Disk("sdc", "THIRD12345", None, None, None, 10**9, False, "sata", False)
    leaving.tells(OWN, SECOND, third, judged=False)
    with pytest.raises(RegisterError, match="THIRD12345"):
        services.approve(site, one, journey.SLT, by=by(HEAD, 3), seen=3)


def test_a_batch_costs_one_question_where_nothing_leaves(
    leaving: Leaving, django_assert_num_queries: Any
) -> None:
    from controller.judging import appearing

    leaving.tells(OWN, SECOND, judged=False)
    (judged,), devices = leaving.judge_now(), list(Device.objects.all())
    with django_assert_num_queries(1):
        appearing.look([(device, judged) for device in devices] * 8)
