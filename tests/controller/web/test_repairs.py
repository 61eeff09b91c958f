"""Pages of what is away for repair: a drive that is not the old one stands there until somebody
says what became of it."""

import pytest

from controller.fleet.models import Device, Held
from controller.people.models import User
from inventory.assets import services
from inventory.assets.writing import By
from inventory.models import Asset, Away, Disposal, DisposalMedium
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.test_leaving import SSD, hardware, hold

BY = By("user_1", school.NOW - school.DAY)
SENT = {"repairer": "Fixit Ltd", "drive": "in", "personal_data": "no", "expected_on": "2026-11-21"}


def disk(serial: str, *, removable: bool = False) -> dict[str, object]:
    return {"name": "sda", "serial": serial, "wwn": None, "removable": removable}


def reports(device: Device, at: int, *serials: str, board: object = "BOARD1") -> None:
    """What is in it, as a report would say."""
    Held.objects.filter(device=device).delete()
    disks = [disk(one) for one in serials] + [disk("STICK", removable=True)]
    school.hold_facts(device, "hardware", {"board_serial": board, "disks": disks})
    Device.objects.filter(id=device.id).update(last_seen_at=at)


def laptop(place: Place) -> str:
    made = services.add(place.site.id, {"tag": "WB-1", "name": "Front desk"}, by=BY)
    Device.objects.filter(id=place.device.id).update(asset_id=made)
    reports(place.device, school.NOW - school.DAY, "DISK1")
    return made


def test_a_changed_drive_is_a_job_until_somebody_says_where_the_old_one_is(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, asset = signed_in(technician), laptop(place)
    path = f"/register/repairs/{asset}/"
    client.post(f"{path}send/", SENT)
    page = client.get("/register/repairs/").context["page"]
    assert [(row.repairer, row.overdue) for row in page.away] == [("Fixit Ltd", True)]
    client.post(f"{path}back/", {"state": "in_use"})
    page = client.get("/register/repairs/").context["page"]
    assert [(row.said, row.waits) for row in page.changed] == [([], True)]
    reports(place.device, school.NOW + 60, "DISK9")
    said = ["Drive DISK1 is not in it any more.", "Drive DISK9 is new in it."]
    assert client.get(path).context["page"].job.said == said
    away = Away.objects.get().id
    body = client.post(f"{path}answer/", {"away": away, "answer": "Shredded"}).content.decode()
    assert "Say first, for each old drive, where it is now" in body
    refused = client.post(f"{path}drive/", {"away": away, "serial": "DISK1", "place": ""})
    assert "Say where the old drive is now." in refused.content.decode()
    assert not Asset.objects.filter(kind="drive").exists()
    client.post(f"{path}drive/", {"away": away, "serial": "DISK1", "place": "kept"})
    assert client.get("/register/repairs/").context["page"].changed == []
    drive = Asset.objects.get(kind="drive")
    assert (drive.serial, drive.state) == ("DISK1", "stored")
    body = client.get(path).content.decode()
    assert f'href="/register/{drive.id}/"' in body
    assert "came back and is kept" in body


def test_an_old_drive_that_goes_and_its_computer_lead_to_each_other(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, asset = signed_in(technician), laptop(place)
    path = f"/register/repairs/{asset}/"
    client.post(f"{path}send/", SENT | {"personal_data": "yes"})
    client.post(f"{path}back/", {"state": "in_use"})
    reports(place.device, school.NOW + 60, "DISK9")
    away = Away.objects.get().id
    client.post(f"{path}drive/", {"away": away, "serial": "DISK1", "place": "theirs"})
    drive, leaving = Asset.objects.get(kind="drive"), Disposal.objects.get()
    assert (drive.state, drive.personal_data, leaving.asset_id) == ("retired", "yes", drive.id)
    body = client.get(path).content.decode()
    assert f'href="/register/disposal/{leaving.id}/"' in body
    assert f'href="/register/disposal/{leaving.id}/"' in (
        client.get(f"/register/{drive.id}/").content.decode()
    )
    for page in (f"/register/{drive.id}/", f"/register/disposal/{leaving.id}/"):
        assert f'href="{path}"' in client.get(page).content.decode(), page


def test_what_the_computer_told_of_its_drive_before_it_went_stands_in_the_drives_disposal(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, asset = signed_in(technician), laptop(place)
    hold(place.device, hardware([SSD]))
    path = f"/register/repairs/{asset}/"
    client.post(f"{path}send/", SENT)
    client.post(f"{path}back/", {"state": "in_use"})
    reports(place.device, school.NOW + 60, "DISK9")
    sent = {"away": Away.objects.get().id, "serial": SSD.serial, "place": "going"}
    client.post(f"{path}drive/", sent)
    medium = DisposalMedium.objects.get()
    assert (medium.kind, medium.make, medium.size_bytes) == ("hdd_ata", "WD", 5 * 10**11)


def test_a_board_needs_words_once_each_old_drive_has_its_entry(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, asset = signed_in(technician), laptop(place)
    path = f"/register/repairs/{asset}/"
    client.post(f"{path}send/", SENT)
    client.post(f"{path}back/", {"state": "in_use"})
    reports(place.device, school.NOW + 60, "DISK9", board="BOARD2")
    away = Away.objects.get().id
    client.post(f"{path}drive/", {"away": away, "serial": "DISK1", "place": "kept"})
    assert "What became of it" in client.get(path).content.decode()
    client.post(f"{path}answer/", {"away": away, "answer": "<b>Board</b> under warranty"})
    assert client.get("/register/repairs/").context["page"].changed == []
    assert "&lt;b&gt;Board&lt;/b&gt; under warranty" in client.get(path).content.decode()


@pytest.mark.parametrize("serial", ["DISK9", "", "<b>", "DISK1\0", "x" * 5_000])
def test_only_a_drive_that_is_gone_gets_an_entry(
    place: Place, technician: User, signed_in: SignedIn, serial: str
) -> None:
    client, asset = signed_in(technician), laptop(place)
    path = f"/register/repairs/{asset}/"
    client.post(f"{path}send/", SENT)
    client.post(f"{path}back/", {"state": "in_use"})
    reports(place.device, school.NOW + 60, "DISK9")
    sent = {"away": Away.objects.get().id, "serial": serial, "place": "going"}
    assert "Somebody else has said already" in client.post(f"{path}drive/", sent).content.decode()
    assert not Disposal.objects.exists()


def test_one_that_comes_back_as_it_was_is_no_job(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, asset = signed_in(technician), laptop(place)
    path = f"/register/repairs/{asset}/"
    client.post(f"{path}send/", SENT)
    client.post(f"{path}back/", {"state": "stored"})
    reports(place.device, school.NOW + 60, "disk-1", board={"unseen": "denied"})
    assert client.get("/register/repairs/").context["page"].changed == []
    assert client.get(path).context["page"].job is None
    assert Asset.objects.get(id=asset).state == "stored"


def test_what_was_forgotten_is_asked_for_and_nothing_typed_is_lost(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, asset = signed_in(technician), laptop(place)
    sent = {**SENT, "repairer": "<b>Fixit</b>", "drive": ""}
    body = client.post(f"/register/repairs/{asset}/send/", sent).content.decode()
    assert "Say whether its drive goes along." in body
    assert 'value="&lt;b&gt;Fixit&lt;/b&gt;"' in body
    assert Asset.objects.get(id=asset).state == "in_use"


def test_an_entry_that_somebody_else_changed_is_not_sent_unseen(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, asset = signed_in(technician), laptop(place)
    seen = client.get(f"/register/repairs/{asset}/").context["page"].seq
    services.move(place.site.id, [asset], "stored", by=BY)
    body = client.post(f"/register/repairs/{asset}/send/", SENT | {"seen": str(seen)})
    assert "Somebody else changed this" in body.content.decode()
    assert not Away.objects.exists()


def test_facts_that_cannot_be_read_compare_as_nothing(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, asset = signed_in(technician), laptop(place)
    Held.objects.all().delete()
    school.hold_facts(place.device, "hardware", {"disks": [1, {"serial": 5}], "board_serial": []})
    assert client.get(f"/register/repairs/{asset}/").context["page"].inside.drives == ()
