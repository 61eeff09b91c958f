"""What was said to be gone and is found in it after all is part of the set again, with nothing of
it proven: it never leaves unseen (I3, I5, I16)."""

import functools
from typing import Any

import pytest

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.disposal import insides, services
from inventory.disposal.media import Reported
from inventory.disposal.refusing import Refused
from inventory.disposal.values import FoundMedium
from inventory.places.services import create_site
from tests.inventory.disposal.journey import ASKED, DISK, NOW, SLT, by, file, withdrawn
from tests.inventory.disposal.journey import HEAD as HELEN
from tests.inventory.disposal.journey import SSD as DRIVE
from tests.inventory.disposal.journey import TECHNICIAN as TARIQ
from tests.inventory.disposal.stored import check
from tests.inventory.disposal.telling import (
    FILE,
    HDD,
    OFFICE,
    SSD,
    START,
    Story,
    approved,
    ready,
    received,
)

HDD_SEEN = FoundMedium(serial="WDWCC4E1111", kind="hdd_ata", size_bytes=5 * 10**11)
OUTCOMES = ("lost", "elsewhere", "never_there")


def _explained(outcome: str) -> Story:
    """Before the approval, somebody says why one of two drives is not in it."""
    story = Story().does("withdrawn", found=(HDD, SSD)).does("medium_missing", medium=SSD)
    story.does("inspected", media=(HDD,), none_confirmed=False)
    entry = "asset_9" if outcome == "elsewhere" else ""
    return story.does("exception_closed", outcome=outcome, entry=entry, evidence=(FILE,))


def _kept() -> Story:
    return Story().does("withdrawn", found=(HDD, SSD)).does("retained", medium=SSD, role="")


def _destroyed() -> Story:
    story = approved(HDD, SSD).destroyed(SSD)
    return story.does("missing", discovered_at=START).does("found")


@pytest.mark.parametrize("said", [*OUTCOMES, "retained", "destroyed"])
def test_a_drive_that_an_inspection_finds_again_does_not_leave_unproven(said: str) -> None:
    other = {"retained": _kept, "destroyed": _destroyed}.get(said)
    story = other() if other else _explained(said)
    story.does("inspected", media=(HDD, SSD), none_confirmed=False)
    medium = story.now.media[SSD.serial]
    assert (medium.state, medium.leaves, medium.handled) == ("untouched", True, True)
    story.does("requested", route="donate").does("approved").wiped(HDD)
    with pytest.raises(Refused):
        story.does("handed_over")
    assert story.wiped(SSD).does("handed_over").now.state == "donated"


@pytest.mark.parametrize("outcome", ["lost", "elsewhere"])
def test_a_drive_that_turns_up_after_it_was_explained_opens_what_was_ready(outcome: str) -> None:
    story = ready(HDD, SSD).does("medium_missing", medium=SSD, actor=OFFICE)
    wiped_before = story.now.at
    story.does("exception_closed", outcome=outcome, entry="asset_9", evidence=(FILE,))
    assert story.now.state == "ready"
    story.does("medium_appeared", medium=SSD)
    assert (story.now.state, story.now.media[SSD.serial].leaves) == ("sanitising", True)
    with pytest.raises(Refused) as refused:
        story.does("sanitised", medium=SSD, finished_at=wiped_before)
    assert refused.value.code == "doubted_wipe"


def test_one_that_turns_up_at_the_company_is_an_exception_and_on_no_list() -> None:
    story = received(HDD, SSD).does("medium_missing", medium=SSD, actor=OFFICE)
    story.does("exception_closed", outcome="lost", evidence=(FILE,))
    story.does("medium_appeared", medium=SSD)
    assert story.now.media[SSD.serial].late
    assert [one.kind for one in story.now.exceptions.values()] == ["medium_extra"]


def test_a_drive_that_is_there_does_not_appear_again() -> None:
    for story in (approved(HDD), approved(HDD).destroyed(HDD)):
        with pytest.raises(Refused) as refused:
            story.does("medium_appeared", medium=HDD)
        assert refused.value.code == "known_medium"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outcome", "after", "again"),
    [("lost", 1, True), ("lost", 0, False), ("never_there", 1, False)],
)
def test_a_drive_its_computer_tells_after_it_was_given_up_is_told_again(
    outcome: Any, after: int, again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = create_site(name="Hill School", at=NOW)
    laptop = assets.add(site, {"tag": "HS-1", "kind": "laptop"}, by=by(TARIQ))
    one = withdrawn(site, laptop, DISK, DRIVE)
    file(site)
    services.miss(site, one, medium=DRIVE.serial, by=by(OFFICE, 2), seen=None)
    services.inspect(site, one, media=[HDD_SEEN], by=by(TARIQ, 3), seen=None)
    [name] = check(one).exceptions
    settled = services.Settled(
        exception=name, outcome=outcome, reason="Not there", evidence=(FILE,), role="slt"
    )
    services.close_exception(site, one, settled, by=by(HELEN, 4), seen=None)
    heard_at = NOW + 4 * 60 + after
    told = {laptop: Reported(heard_at, (DISK, DRIVE))}
    monkeypatch.setattr(insides, "import_string", lambda _: lambda _sites, _ids: told)
    found = insides.unlisted(site, insides.listed({laptop: one}), heard_at)
    assert [drive.serial for each in found.values() for drive in each.media] == (
        [SSD.serial] if again else []
    )
    services.request(site, one, ASKED, by=by(TARIQ, 5), seen=None)
    approve = functools.partial(services.approve, site, one, SLT, by=by(HELEN, 6), seen=None)
    if not again:
        approve()
        return
    with pytest.raises(RegisterError) as refused:
        approve()
    assert refused.value.code == "drive_reported"
    (new,) = found[laptop].media
    services.appear(site, one, medium=new, by=by("system", 6), seen=None)
    assert check(one).media[SSD.serial].leaves
    approve()
