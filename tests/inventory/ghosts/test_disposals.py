"""What a disposal lets go of is watched from the moment it is collected, and its story says when it
was seen again (I11, I15)."""

from typing import Any

import pytest

from controller import clock
from controller.fleet.models import Device
from inventory.assets import services as assets
from inventory.disposal import services as disposals
from inventory.ghosts import services
from inventory.models import Asset, DisposalEvent, GhostAlarm, Site, WatchedMark
from inventory.places.services import create_site
from tests.controller.web import school
from tests.inventory.disposal import journey
from tests.inventory.disposal.journey import HEAD, NOW, TECHNICIAN, by
from tests.inventory.disposal.stored import check

DAY = 86_400
SERIAL = "PF2K9QXA"


@pytest.fixture
def site(db: None) -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def laptop(site: str) -> str:
    values = {"tag": "HS-1", "kind": "laptop", "serial": SERIAL}
    return assets.add(site, values, by=by(TECHNICIAN))


def watched(asset: str) -> set[str]:
    rows = WatchedMark.objects.filter(asset=asset).exclude(kind="entry")
    return set(rows.values_list("kind", flat=True))


@pytest.mark.parametrize("stage", ["withdrawn", "approved", "ready"])
def test_what_is_still_in_the_cupboard_is_not_watched(site: str, laptop: str, stage: str) -> None:
    getattr(journey, stage)(site, laptop)
    assert watched(laptop) == set()


@pytest.mark.parametrize("stage", ["collected", "received", "disposed"])
def test_what_was_collected_is_watched_with_its_drive_and_its_story_says_it_was_seen(
    site: str, laptop: str, stage: str, django_capture_on_commit_callbacks: Any
) -> None:
    one = getattr(journey, stage)(site, laptop)
    assert watched(laptop) == {"serial", "drive"}
    state = Asset.objects.get(id=laptop).state
    clock.use(lambda: NOW + DAY)
    with django_capture_on_commit_callbacks(execute=True):
        (alarm,) = services.sighted(site, {"serial": [SERIAL]}, NOW + DAY, "switch 2")
    assert GhostAlarm.objects.get().was == state
    assert Asset.objects.get(id=laptop).state == state
    now = check(one)
    assert (now.state, now.seen_again) == (stage, 1)
    clock.use(None)
    assert alarm.encode() in bytes(DisposalEvent.objects.latest("seq").body)


def test_a_drive_that_went_along_is_known_in_another_computer(site: str, laptop: str) -> None:
    journey.disposed(site, laptop)
    (hit,) = services.look_up(site, services.marks_of({}, ["wd-wcc4e1111"]))
    assert hit.asset == laptop


def test_its_drive_is_that_of_the_disposal_and_not_what_the_computer_said_last(
    site: str, laptop: str
) -> None:
    device = school.make_device(Site.objects.get(id=site), "HS-1", asset_id=laptop, state="active")
    device.save()
    school.hold_facts(device, "hardware", {"disks": [{"serial": "KEPTBYUS1", "wwn": None}]})
    journey.collected(site, laptop)
    drives = WatchedMark.objects.filter(kind="drive").values_list("value", flat=True)
    assert list(drives) == ["WDWCC4E1111"]
    assert Device.objects.filter(asset=laptop).count() == 1


@pytest.mark.parametrize("kind", ["lost", "stolen"])
def test_what_is_missing_is_watched_until_it_is_found(site: str, laptop: str, kind: Any) -> None:
    loss = disposals.Loss(kind=kind, discovered_at=NOW)
    one = disposals.report_lost(site, laptop, loss, by=by(TECHNICIAN)).disposal
    assert "serial" in watched(laptop)
    disposals.find(site, one, reason="In the hall", by=by(HEAD, 5), seen=2)
    assert watched(laptop) == set()
    assert Asset.objects.get(id=laptop).state == "retired"


def test_what_was_written_off_stays_watched_from_the_day_it_went(site: str, laptop: str) -> None:
    loss = disposals.Loss(kind="stolen", discovered_at=NOW)
    one = disposals.report_lost(site, laptop, loss, by=by(TECHNICIAN)).disposal
    given_up = disposals.Assessment(
        role="slt", value_pence=9_900, breach="not_reportable", reason="Gone"
    )
    disposals.write_off(site, one, given_up, by=by(HEAD, 5), seen=2)
    assert Asset.objects.get(id=laptop).state == "disposed"
    (hit,) = services.look_up(site, services.marks_of({"serial": [SERIAL]}))
    assert hit.gone_at == NOW
