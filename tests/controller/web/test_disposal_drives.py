"""Forms about a drive that turns up, is not there or is kept, and about what does not fit."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from controller.people.models import User
from controller.people.roles import Role
from inventory.models import Asset
from tests.controller.disposal.walking import DRIVE, SERIAL, Walk, entry
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.test_disposal import manager, text, until_approved, walk

__all__ = ["manager", "walk"]
NEW = {"serial": "S5ST-NF0R-1234", "kind": "ssd_sata", "make": "Samsung"}
TODAY = datetime.datetime.fromtimestamp(school.NOW, datetime.UTC).date()
DUE = (TODAY + datetime.timedelta(days=7)).isoformat()


def misses(walk: Walk, client: Client, who: User, serial: str = SERIAL, due: str = DUE) -> int:
    said = {"owner": who.id, "due": due}
    return int(walk.sends(client, f"drives/{serial}/miss", **said).status_code)


def open_one(walk: Walk) -> str:
    return str(walk.row.exceptions.get(closed_at=None).name)


def test_a_drive_found_later_leads_back_to_wiping_and_is_asked_for_proof(
    walk: Walk, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands = signed_in(technician)
    until_approved(walk, hands, signed_in(slt))
    assert "goes back to being wiped" in text(hands.get(f"{walk.path}appear/"))
    assert walk.sends(hands, "appear", **NEW).status_code == 302
    assert walk.row.state == "sanitising"
    added = walk.row.media.get(key="S5STNF0R1234")
    assert (added.kind, added.serial) == ("ssd_sata", "S5ST-NF0R-1234")
    again = walk.sends(hands, "appear", **NEW)
    assert again.status_code == 422
    assert again.context["refused"].code == "known_medium"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"serial": ""}, "Write its serial number"),
        ({"serial": "To be filled by O.E.M."}, "tells no two drives apart"),
        ({"kind": "<b>"}, "Say what kind of drive"),
        ({"size": "lots"}, "Write the size as whole bytes"),
        ({"size": str(2**53)}, "less than or equal to"),
    ],
)
def test_a_drive_that_cannot_be_added_is_refused_and_what_was_typed_stays(
    walk: Walk, technician: User, signed_in: SignedIn, said: dict[str, str], sentence: str
) -> None:
    hands = signed_in(technician)
    walk.start(hands)
    answer = walk.sends(hands, "appear", **{**NEW, "make": "Sam<i>sung", **said})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert "Sam&lt;i&gt;sung" in text(answer)
    assert not walk.row.media.exists()


def test_a_missing_drive_stops_it_until_somebody_else_says_it_was_found(
    walk: Walk, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands, office = signed_in(technician), signed_in(slt)
    until_approved(walk, hands, office)
    assert misses(walk, hands, slt) == 302
    page = text(hands.get(walk.path))
    assert "a drive is not there" in page
    assert "Whoever opened this, or asked for the disposal, cannot close it" in page
    told = {"exception": open_one(walk), "outcome": "found", "reason": "In the spares drawer"}
    own = walk.sends(hands, "close_exception", **told)
    assert own.status_code == 422
    assert own.context["refused"].code == "same_closer"
    assert "In the spares drawer" in text(own)
    assert walk.sends(office, "close_exception", **told).status_code == 302
    assert walk.row.media.get().state == "untouched"
    assert "Found, and here again" in text(office.get(walk.path))


def test_a_drive_is_given_up_as_lost_only_with_its_assessment(
    walk: Walk, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands, office = signed_in(technician), signed_in(slt)
    until_approved(walk, hands, office)
    misses(walk, hands, slt)
    told = {"exception": open_one(walk), "outcome": "lost", "reason": "Nobody knows"}
    bare = walk.sends(office, "close_exception", **told)
    assert bare.context["refused"].code == "lost_unproven"
    paper = SimpleUploadedFile("assessment.txt", b"Encrypted; not reportable.\n")
    done = walk.sends(office, "close_exception", evidence=paper, **told)
    assert done.status_code == 302
    assert walk.row.media.get().state == "lost"


def test_a_missing_drive_is_elsewhere_only_in_an_entry_of_this_school(
    place: Place, walk: Walk, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands, office = signed_in(technician), signed_in(slt)
    entry(place.site, tag="SPARE-1", kind="drive", serial=SERIAL)
    entry(school.make_site("Elsewhere"), tag="THEIRS-1", kind="drive")
    until_approved(walk, hands, office)
    misses(walk, hands, slt)
    told = {"exception": open_one(walk), "outcome": "elsewhere", "reason": "Moved in June"}
    for named, said in (
        ("", "Write the tag or serial number"),
        ("THEIRS-1", "Nothing here has the tag"),
        ("DX-0042", "This is not how it can end"),
    ):
        answer = walk.sends(office, "close_exception", entry=named, **told)
        assert answer.status_code == 422
        assert said in text(answer)
    assert walk.sends(office, "close_exception", entry="spare-1", **told).status_code == 302
    assert walk.row.media.get().state == "gone"


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 302), (90, 302), (91, 422)], ids=str)
def test_a_search_ends_between_today_and_ninety_days_on(
    walk: Walk, technician: User, signed_in: SignedIn, days: int, status: int
) -> None:
    hands = signed_in(technician)
    walk.start(hands)
    walk.inspect(hands, DRIVE)
    due = (TODAY + datetime.timedelta(days=days)).isoformat()
    assert misses(walk, hands, technician, due=due) == status


def test_a_kept_drive_becomes_an_entry_and_whoever_asked_cannot_keep_it(
    walk: Walk, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands, office = signed_in(technician), signed_in(slt)
    until_approved(walk, hands, office)
    own = walk.sends(hands, f"drives/{SERIAL}/retain")
    assert own.context["refused"].code == "same_keeper"
    assert not Asset.objects.filter(kind="drive").exists()
    stale = office.post(f"{walk.path}drives/{SERIAL}/retain/", {"seq": 1})
    assert "Somebody else was faster" in text(stale)
    assert not Asset.objects.filter(kind="drive").exists()
    assert walk.sends(office, f"drives/{SERIAL}/retain").status_code == 302
    kept = Asset.objects.get(kind="drive")
    assert (kept.serial, kept.make) == (DRIVE["serial"], DRIVE["make"])
    assert walk.row.media.get().state == "retained"
    assert "Kept by the school" in text(office.get(walk.path))


def test_a_kept_drive_may_live_on_in_an_entry_it_has(
    place: Place, walk: Walk, technician: User, signed_in: SignedIn
) -> None:
    hands = signed_in(technician)
    entry(place.site, tag="SPARE-1", kind="drive", name="Spare one", serial=SERIAL)
    walk.start(hands)
    walk.inspect(hands, DRIVE)
    own = walk.sends(hands, f"drives/{SERIAL}/retain", entry="DX-0042")
    assert own.context["refused"].code == "no_entry"
    assert walk.sends(hands, f"drives/{SERIAL}/retain", entry="SPARE-1").status_code == 302
    assert "Its entry is Spare one" in text(hands.get(walk.path))


def test_another_schools_drives_are_not_there(
    walk: Walk, technician: User, stranger: User, signed_in: SignedIn
) -> None:
    hands, other = signed_in(technician), signed_in(stranger)
    walk.start(hands)
    walk.inspect(hands, DRIVE)
    for step in ("appear", "close_exception", f"drives/{SERIAL}/miss", f"drives/{SERIAL}/retain"):
        assert walk.sends(other, step).status_code == 404
    assert hands.get(f"{walk.path}drives/NOSUCHDRIVE1/miss/").status_code == 404


def test_what_was_approved_shrinks_only_by_somebody_who_could_have_approved_it(
    place: Place, walk: Walk, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands, office = signed_in(technician), signed_in(slt)
    until_approved(walk, hands, office)
    colleague = school.make_person(place.site, Role.TECHNICIAN, "tom")
    other = signed_in(colleague)
    kept = walk.sends(other, f"drives/{SERIAL}/retain")
    assert (kept.status_code, kept.context["refused"].code) == (422, "may_not_lessen")
    assert "said by the head or a senior leader" in text(other.get(walk.path))
    misses(walk, hands, technician)
    said = {"exception": open_one(walk), "outcome": "lost", "reason": "Nobody knows"}
    paper = SimpleUploadedFile("assessment.txt", b"Low risk: it was encrypted\n")
    lost = walk.sends(other, "close_exception", **said, evidence=paper)
    assert (lost.status_code, lost.context["refused"].code) == (422, "may_not_lessen")
    assert "Nobody knows" in text(lost)
    found = walk.sends(other, "close_exception", **{**said, "outcome": "found"})
    assert found.status_code == 302
    event = walk.row.events.order_by("-seq")[0]
    assert b'"role":"technician"' in bytes(event.body)


def test_a_drive_of_a_wrong_report_is_said_never_to_have_been_in_it(
    walk: Walk, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands, office = signed_in(technician), signed_in(slt)
    until_approved(walk, hands, office)
    walk.sends(hands, "appear", **NEW)
    assert misses(walk, hands, technician, serial="S5STNF0R1234") == 302
    assert "It never was in it" in text(office.get(f"{walk.path}close_exception/"))
    said = {"exception": open_one(walk), "outcome": "never_there"}
    assert "Say why" in text(walk.sends(office, "close_exception", **said, reason=""))
    said["reason"] = "The docking station reported it"
    own = walk.sends(hands, "close_exception", **said)
    assert own.context["refused"].code == "may_not_lessen"
    assert walk.sends(office, "close_exception", **said).status_code == 302
    assert walk.row.media.get(key="S5STNF0R1234").state == "never_there"
    body = text(office.get(walk.path))
    assert "Reported, never in it" in body
    assert "The docking station reported it" in body


def test_of_a_drive_that_somebody_saw_it_is_not_even_offered(
    walk: Walk, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands, office = signed_in(technician), signed_in(slt)
    until_approved(walk, hands, office)
    misses(walk, hands, technician)
    assert "never was in it" not in text(office.get(f"{walk.path}close_exception/"))
    said = {"exception": open_one(walk), "outcome": "never_there", "reason": "Not here"}
    assert walk.sends(office, "close_exception", **said).status_code == 422
    assert walk.row.media.get().state == "missing"


def test_what_governors_approved_is_kept_by_their_minute_and_its_paper(
    walk: Walk, technician: User, slt: User, signed_in: SignedIn
) -> None:
    hands, office = signed_in(technician), signed_in(slt)
    walk.start(hands)
    walk.inspect(hands, DRIVE)
    walk.request(hands, value="3000")
    minute = {"minute": "FGB 7", "evidence": SimpleUploadedFile("fgb.txt", b"Agreed\n")}
    assert walk.approve(office, **minute).status_code == 302
    path = f"drives/{SERIAL}/retain"
    assert "governors’ minute" in text(office.get(f"{walk.path}{path}/"))
    for said, code in (({}, "may_not_lessen"), ({"minute": "FGB 8"}, "no_minute")):
        answer = walk.sends(office, path, **said)
        assert answer.context["refused"].code == code
    paper = SimpleUploadedFile("fgb8.txt", b"Keep it\n")
    assert walk.sends(office, path, minute="FGB 8", evidence=paper).status_code == 302
    assert "Minute: FGB 8" in text(office.get(walk.path))
