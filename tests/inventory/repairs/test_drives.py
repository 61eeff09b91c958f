"""A drive that was replaced in a repair: an entry of its own, a disposal of its own, and both led
back to the computer it was in (S28, I14, I16)."""

from collections.abc import Callable

import pytest

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.disposal import lists, spelling
from inventory.disposal.events import Missing, Withdrawn
from inventory.disposal.media import Proposed
from inventory.models import Asset, Away, AwayDrive, Disposal, DisposalMedium, Event
from inventory.places.services import create_site
from inventory.repairs import drives
from inventory.repairs.comparing import Changed, Inside
from inventory.repairs.services import Sent, answer, back, send
from tests.inventory.at_once import at_once
from tests.inventory.disposal.stored import check

NOW = 1_795_400_000
BY = By("user_1", NOW)
LATER = By("user_2", NOW + 86_400)
OLD = "WD-WX11A22"
TOLD = Proposed(OLD, "WDWX11A22", "", "hdd_ata", "WD", "Blue", 500_107_862_016, None, ())
WAS = Inside("BOARD1", (OLD, "S3Z9NB0K"), (TOLD,), "off", NOW - 60)


@pytest.fixture
def site(db: None) -> str:
    return create_site(name="Hill School", at=NOW)


def returned(site: str, *, personal: str = "yes", before: Inside = WAS) -> str:
    """A laptop that was away and is back; the id of that."""
    tag = f"HS-{Asset.objects.filter(site=site).count()}"
    laptop = assets.add(site, {"tag": tag, "kind": "laptop"}, by=BY)
    away = send(site, laptop, Sent("Fixit Ltd", "in", personal), by=BY, before=before)
    back(site, laptop, "in_use", by=BY)
    return away


def events(disposal: str) -> list[object]:
    found = lists.one({Disposal.objects.get(id=disposal).site_id}, disposal)
    assert found is not None
    return [spelling.decode(one.body) for one in found.links]


def test_what_is_left_is_gone_and_not_entered_however_it_is_spelled() -> None:
    differs = Changed(gone=("DISK1", "DISK2"), new=("DISK8", "DISK9"))
    assert differs.left(["disk-1"]) == ("DISK2",)
    assert not differs.settled(["DISK1"])
    assert differs.settled(["DISK1", "DISK2"])
    assert not Changed(gone=("DISK1",), board_before="A").settled(["DISK1"])
    assert not Changed(gone=("DISK1",), new=("DISK8", "DISK9")).settled(["DISK1"])
    assert not Changed().settled([])


def test_one_that_is_kept_is_an_entry_in_store_and_nothing_leaves(site: str) -> None:
    away = returned(site)
    entry = drives.place_old(site, away, OLD, "kept", by=LATER)
    row = Asset.objects.get(id=entry)
    assert (row.kind, row.state, row.serial) == ("drive", "stored", OLD)
    assert (row.make, row.model, row.personal_data) == ("WD", "Blue", "yes")
    assert not Disposal.objects.exists()
    (told,) = drives.replaced([site], [away])[away]
    assert (told.entry, told.place, told.disposal, told.by) == (entry, "kept", "", "user_2")
    origin = drives.origin([site], entry)
    assert origin is not None
    assert origin.asset == Away.objects.get(id=away).asset_id
    assert Event.objects.filter(verb="repair.drive", subject=origin.asset).count() == 1


@pytest.mark.parametrize("place", ["going", "theirs"])
def test_one_that_goes_has_a_disposal_that_lists_the_drive_itself(site: str, place: str) -> None:
    away = returned(site)
    entry = drives.place_old(site, away, OLD, place, by=LATER)
    leaving = Disposal.objects.get(asset=entry)
    medium = DisposalMedium.objects.get(disposal=leaving)
    assert (medium.key, medium.kind, medium.size_bytes) == ("WDWX11A22", "hdd_ata", 500_107_862_016)
    first = events(leaving.id)[0]
    assert isinstance(first, Withdrawn)
    assert first.personal_data == "yes"
    assert "Fixit" not in first.reason, "the signed record names nobody"
    assert check(leaving.id).state == "withdrawn"
    (told,) = drives.replaced([site], [away])[away]
    assert (told.disposal, told.state) == (leaving.id, "withdrawn")


def test_one_that_nobody_knows_of_is_a_loss_with_how_it_was_encrypted(site: str) -> None:
    away = returned(site)
    entry = drives.place_old(site, away, OLD, "unknown", by=LATER)
    leaving = Disposal.objects.get(asset=entry)
    assert check(leaving.id).state == "missing"
    assert Asset.objects.get(id=entry).state == "lost"
    told = events(leaving.id)[-1]
    assert isinstance(told, Missing)
    assert told.discovered_at == LATER.at
    assert [(one.state, one.reported_at) for one in told.encryption] == [("off", NOW - 60)]


def test_nobodys_word_makes_a_drive_empty_and_what_is_not_known_of_it_stays_open(
    site: str,
) -> None:
    away = returned(site, personal="no", before=Inside("", (OLD,)))
    entry = drives.place_old(site, away, OLD, "theirs", by=LATER)
    leaving = Disposal.objects.get(asset=entry)
    assert leaving.personal_data == "unknown"
    medium = DisposalMedium.objects.get(disposal=leaving)
    assert (medium.key, medium.kind) == ("WDWX11A22", "unknown")


def test_a_drive_that_has_an_entry_already_gets_no_second_one(site: str) -> None:
    known = assets.add(site, {"kind": "drive", "serial": "wdwx11a22"}, by=BY)
    assert drives.place_old(site, returned(site), OLD, "going", by=LATER) == known
    assert Disposal.objects.get().asset_id == known
    assert drives.place_old(site, returned(site), OLD, "theirs", by=LATER) == known
    assert Disposal.objects.count() == 1, "what is on its way out goes on"


def test_where_it_is_is_said_once_and_only_of_what_was_in_it(site: str) -> None:
    away = returned(site)
    drives.place_old(site, away, OLD, "kept", by=LATER)
    for serial, place in ((OLD, "going"), ("DISK9", "kept"), ("S3Z9NB0K", "nowhere")):
        with pytest.raises(RegisterError):
            drives.place_old(site, away, serial, place, by=LATER)
    assert AwayDrive.objects.count() == Asset.objects.filter(kind="drive").count() == 1
    assert not Disposal.objects.exists()


def test_another_school_says_and_sees_nothing(site: str) -> None:
    other, away = create_site(name="Other School", at=NOW), returned(site)
    with pytest.raises(RegisterError):
        drives.place_old(other, away, OLD, "kept", by=LATER)
    entry = drives.place_old(site, away, OLD, "kept", by=LATER)
    assert drives.replaced([other], [away]) == {}
    assert drives.origin([other], entry) is None


def test_words_do_not_answer_for_a_drive_and_the_last_drive_answers_for_itself(site: str) -> None:
    away = returned(site)
    with pytest.raises(RegisterError) as refused:
        answer(site, away, "Shredded", left=[OLD], by=LATER)
    assert refused.value.code == "drives_first"
    drives.place_old(site, away, OLD, "kept", by=LATER)
    assert Away.objects.get(id=away).answered_at is None
    drives.place_old(site, away, "S3Z9NB0K", "kept", settles=True, by=LATER)
    row = Away.objects.get(id=away)
    assert (row.answered_at, row.answered_by) == (LATER.at, "user_2")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_say_where_it_is_at_once_one_makes_an_entry() -> None:
    site = create_site(name="Hill School", at=NOW)
    away = returned(site)

    def say(place: str) -> Callable[[], object]:
        return lambda: drives.place_old(site, away, OLD, place, by=LATER)

    found = at_once(say("going"), say("kept"), said=lambda error: error.code)
    assert found == ["answered", "done"]
    assert Asset.objects.filter(kind="drive").count() == 1
