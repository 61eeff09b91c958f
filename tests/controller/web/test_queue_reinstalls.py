"""Computers that are set up anew come back together as what they were, and whoever only claims to
be one waits by itself with the doubt named."""

import uuid
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from controller.fleet import arrivals, letting_in, returning
from controller.fleet.models import Device, Verdict
from controller.fleet.services import FleetError, revoke
from controller.people.models import User
from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.identity.recognising import learn_marks
from inventory.ledger.models import Event
from inventory.models import Reinstall, ReinstallItem
from inventory.places.services import add_room
from inventory.reinstalls import services
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

SAID = school.NOW - 7_200
BY = By("user_1", school.NOW - 9 * school.DAY)


def factors(serial: str, board: str = "") -> dict[str, list[str]]:
    return {"serial": [serial], "uuid": [str(uuid.uuid5(uuid.NAMESPACE_DNS, board or serial))]}


def reporting(place: Place, serial: str, **fields: object) -> Device:
    """A computer that reports as its entry; it was heard from before anything was expected."""
    asset = assets.add(place.site.id, {"tag": serial, "serial": serial}, by=BY)
    learn_marks(asset, factors(serial))
    told = {"asset_id": asset, "factors": factors(serial), "last_seen_at": SAID - 1, **fields}
    device = school.make_device(place.site, f"OLD-{serial}", **told)
    device.save()
    return device


def ask(place: Place, serial: str, **fields: object) -> Device:
    """One that waits with another key."""
    told = {"state": "pending", "head_seq": 0, "last_seen_at": None, "factors": factors(serial)}
    told |= {"enrolled_at": school.NOW - 60, "join_code": place.code, **fields}
    device = school.make_device(place.site, f"NEW-{serial}", **told)
    device.save()
    return device


def expect(place: Place, olds: Sequence[Device], **fields: int) -> str:
    by = By("user_1", fields.get("at", SAID), reason="Windows 11 in the suite")
    ends_at = fields.get("ends_at", school.NOW + school.DAY)
    ids = [str(old.asset_id) for old in olds]
    return services.expect(place.site.id, ids, place="", ends_at=ends_at, by=by)


def group(place: Place) -> list[str]:
    """Names of those that stand together."""
    pending = Device.objects.filter(site=place.site, state="pending")
    queue = arrivals.queue(pending, school.NOW)
    return [one.card.name for back in queue.back for one in back.returning]


def doubts(place: Place, device: Device) -> tuple[str, ...]:
    pending = Device.objects.filter(site=place.site, state="pending")
    queue = arrivals.queue(pending, school.NOW)
    return next(card.doubts for card in queue.rows if card.id == device.id)


def value(new: Device, old: Device) -> dict[str, str]:
    return {"arrival": f"{new.id}:{old.asset_id}:{old.id}"}


def test_a_person_sees_both_side_by_side_and_how_it_asked(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    old = reporting(place, "5CG0001X", profile="staff")
    expect(place, [old])
    new = ask(place, "5CG0001X")
    body = signed_in(technician).get("/waiting/").content.decode()
    assert group(place) == [new.name]
    for said in ("Expected back: re-installed.", old.name, "Windows 11 in the suite"):
        assert said in body
    for word in new.words.split():
        assert f"<span>{word}</span>" in body
    assert "with “Year 5 trolley”" in body
    assert "not since it is expected" in body
    assert Device.objects.get(id=new.id).state == "pending"


def test_it_takes_the_place_of_the_old_one_whose_evidence_counts_no_more(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    old = reporting(place, "5CG0001X", profile="board", profile_source="person", n_pass=9)
    old.joined_profile = "staff"
    old.save()
    school.insert([
        Verdict(
            site=place.site, device=old, check_id="lock-idle-timeout", status="pass",
            severity="high", says="locks", args={}, since=school.NOW, assurance="self-reported",
        )
    ])  # fmt: skip
    request = expect(place, [old])
    new, client = ask(place, "5CG0001X"), signed_in(technician)
    body = client.post("/waiting/back/", value(new, old), follow=True).content.decode()
    assert "1 computer is let in." in body
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state, new.asset_id) == ("revoked", "active", old.asset_id)
    assert (new.profile, new.profile_source, new.joined_profile) == ("board", "person", "staff")
    assert Verdict.objects.count() == 0
    assert (new.n_pass, new.head_seq, new.last_seen_at) == (0, 0, None)
    told = list(Event.objects.filter(actor=technician.id).values_list("verb", flat=True))
    assert told == ["reinstall.back", "device.revoke", "device.approve", "device.profile"]
    item = ReinstallItem.objects.get(request_id=request)
    assert (item.device, item.replaced, item.back_by) == (new.id, old.id, technician.id)


def test_the_pages_of_entry_and_old_computer_say_so(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    old = reporting(place, "5CG0001X")
    request = expect(place, [old])
    new, client = ask(place, "5CG0001X", judged_at=None), signed_in(technician)
    client.post("/waiting/back/", value(new, old))
    entry = client.get(f"/register/{old.asset_id}/").content.decode()
    assert "What it reported before counts no more, and nothing is known of it until it" in entry
    assert "Replaced: it was set up anew" in client.get(f"/computers/{old.id}/").content.decode()
    page = client.get(f"/register/setting-up/{request}/").content.decode()
    assert "1 of 1 back." in page
    # Undo: the new one is withdrawn; the right one then waits by itself.
    revoke(new.id, actor=technician.id, at=school.NOW)
    again = ask(place, "5CG0001X", salt="again")
    assert group(place) == []
    assert doubts(place, again) == ()


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        ({"last_seen_at": SAID}, returning.ALIVE),
        ({"last_seen_at": school.NOW}, returning.ALIVE),
        ({"fork_since": SAID - 9}, returning.FORKED),
        ({"state": "revoked"}, returning.NOBODY),
    ],
)
def test_an_old_computer_that_is_not_plainly_gone_is_replaced_by_nobody(
    change: dict[str, object], doubt: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    old = reporting(place, "5CG0001X", **change)
    expect(place, [old])
    new = ask(place, "5CG0001X")
    assert (group(place), doubts(place, new)) == ([], (doubt,))
    client = signed_in(technician)
    body = client.post("/waiting/back/", value(new, old), follow=True).content.decode()
    assert "1 computer was not let in" in body
    assert Device.objects.get(id=new.id).state == "pending"
    assert Device.objects.get(id=old.id).state == old.state


@pytest.mark.parametrize(
    "shown",
    [
        {"serial": ["5CG0001X"]},
        {"serial": ["5CG0001X"], "uuid": ["03000200-0400-0500-0006-000700080009"]},
        {"uuid": factors("5CG0001X")["uuid"], "serial": ["To be filled by O.E.M."]},
        factors("5CG0001X", board="another"),
        factors("5CG0001X") | {"serial": ["5CG0001X", "5CG0009X"]},
        factors("5CG0009X", board="5CG0001X"),
    ],
)
def test_who_shows_one_of_both_marks_or_more_waits_by_itself(
    shown: dict[str, list[str]], place: Place
) -> None:
    expect(place, [reporting(place, "5CG0001X")])
    new = ask(place, "5CG0001X", factors=shown)
    assert group(place) == []
    assert returning.ONE_MARK in doubts(place, new)


def test_a_board_uuid_that_two_entries_have_proves_nothing(place: Place) -> None:
    old, other = reporting(place, "5CG0001X"), reporting(place, "5CG0002X")
    learn_marks(str(other.asset_id), {"uuid": factors("5CG0001X")["uuid"]})
    expect(place, [old])
    new = ask(place, "5CG0001X")
    assert (group(place), doubts(place, new)) == ([], (returning.SEVERAL,))


def test_a_pupil_who_knows_the_marks_is_seen_beside_the_real_one(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    old = reporting(place, "5CG0001X")
    expect(place, [old])
    pupil, real = ask(place, "5CG0001X", salt="pupil"), ask(place, "5CG0001X", salt="real")
    assert group(place) == []
    assert doubts(place, pupil) == doubts(place, real) == (returning.TWICE,)
    # Who has the serial number alone spoils the group as well, and nobody comes in by it.
    pupil.factors = {"serial": ["5CG0001X"]}
    pupil.save()
    assert group(place) == []
    # A disk that was copied holds the key of a computer that is here.
    pupil.delete()
    Device.objects.filter(id=real.id).update(was=old.id, was_signed=True)
    assert doubts(place, real) == (returning.COPIED,)
    body = signed_in(technician).get("/waiting/").content.decode()
    assert "its disk was copied or kept" in body


def test_a_pupil_who_was_let_in_by_mistake_is_found_out_by_the_real_one(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    old = reporting(place, "5CG0001X")
    expect(place, [old])
    pupil, client = ask(place, "5CG0001X", salt="pupil"), signed_in(technician)
    client.post("/waiting/back/", value(pupil, old))
    # The real one was only switched off: its old key speaks again, and is said on the page.
    Device.objects.filter(id=old.id).update(sighted_at=school.NOW, n_sighted=1)
    assert "taken out of service" in client.get("/waiting/").content.decode()
    # Or it was set up anew: it is in no group, and let in it is claimed to be another's.
    real = ask(place, "5CG0001X", salt="real")
    assert group(place) == []
    client.post("/waiting/let-in/", {"device": [real.id], "profile": ""})
    real.refresh_from_db()
    assert (real.asset_id, real.asset_doubt) == (None, "claimed")


def test_nothing_comes_in_by_itself_and_expecting_ends_by_itself(place: Place) -> None:
    olds = [reporting(place, serial) for serial in ("5CG0001X", "5CG0002X")]
    expect(place, [olds[0]], ends_at=school.NOW)
    stopped = expect(place, [olds[1]])
    services.stop(place.site.id, stopped, by=By("user_1", SAID + 1))
    for serial in ("5CG0001X", "5CG0002X"):
        ask(place, serial)
    assert group(place) == []
    assert set(Device.objects.filter(name__startswith="NEW").values_list("state")) == {("pending",)}
    Reinstall.objects.filter(ends_at=school.NOW).update(ends_at=school.NOW + 1)
    assert group(place) == ["NEW-5CG0001X"]


def test_what_changed_between_looking_and_confirming_is_looked_at_again(place: Place) -> None:
    old = reporting(place, "5CG0001X")
    expect(place, [old])
    new = ask(place, "5CG0001X")
    pending = Device.objects.filter(site=place.site, state="pending")
    expected = arrivals.look(pending, school.NOW).expected[str(old.asset_id)]
    Device.objects.filter(id=old.id).update(last_seen_at=school.NOW)
    with pytest.raises(FleetError):
        letting_in.let_back(new.id, old.id, expected, actor="user_2", at=school.NOW)
    Device.objects.filter(id=old.id).update(last_seen_at=SAID - 1)
    late = school.NOW + 2 * school.DAY
    with pytest.raises(FleetError):  # it ended meanwhile
        letting_in.let_back(new.id, old.id, expected, actor="user_2", at=late)
    letting_in.let_back(new.id, old.id, expected, actor="user_2", at=school.NOW)
    with pytest.raises(FleetError):  # somebody else was quicker
        letting_in.let_back(new.id, old.id, expected, actor="user_3", at=school.NOW)
    assert Event.objects.filter(verb="device.revoke").count() == 1
    assert Event.objects.filter(verb="reinstall.back").count() == 1


def test_another_schools_computers_are_expected_and_let_in_by_nobody_here(
    place: Place, elsewhere: Place, technician: User, stranger: User, signed_in: SignedIn
) -> None:
    old = reporting(elsewhere, "5CG0001X")
    expect(elsewhere, [old])
    here, there = ask(place, "5CG0001X"), ask(elsewhere, "5CG0001X")
    assert (group(place), doubts(place, here)) == ([], ())
    assert group(elsewhere) == [there.name]
    signed_in(technician).post("/waiting/back/", value(there, old))
    signed_in(technician).post("/waiting/back/", value(here, old))
    assert Device.objects.get(id=old.id).state == "active"
    form = {"entry": [old.asset_id], "reason": "mine", "until": "2026-11-30"}
    answer = signed_in(technician).post("/register/setting-up/", form)
    assert answer.context["wrong"].code == "gone"
    signed_in(stranger).post("/waiting/back/", value(there, old))
    assert Device.objects.get(id=there.id).state == "active"


def test_a_room_is_expected_by_ticks_with_a_day_and_a_reason(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    room = add_room(place.site.id, "Suite", by=BY)
    olds = [reporting(place, serial) for serial in ("5CG0001X", "5CG0002X")]
    for old in olds:
        assets.change(place.site.id, str(old.asset_id), {"room": room}, by=BY)
    assets.add(place.site.id, {"tag": "DESK", "room": room}, by=BY)
    client, path = signed_in(technician), "/register/setting-up/"
    listed = client.get(path, {"place": room}).context["listed"]
    assert ([one.tag for one in listed.things], listed.others) == (["5CG0001X", "5CG0002X"], 1)
    form = {"place": room, "entry": [olds[0].asset_id], "reason": "<b>Windows", "until": "x"}
    for until, reason in (("2026-12-24", "a"), ("2026-11-21", "a"), ("x", "a"), ("2026-11-30", "")):
        answer = client.post(path, {**form, "until": until, "reason": reason})
        assert answer.context["wrong"] is not None
        assert [one.ticked for one in answer.context["listed"].things] == [True, False]
    answer = client.post(path, {**form, "until": "2026-12-21"}, follow=True)
    assert [item.tag for item in answer.context["page"].items] == ["5CG0001X"]
    assert "&lt;b&gt;Windows" in answer.content.decode()
    assert Event.objects.get(verb="reinstall.expect").actor == technician.id
    stopped = client.post(f"{answer.request['PATH_INFO']}stop/", follow=True)
    assert "None of these is expected any more." in stopped.content.decode()


def test_queries_do_not_grow_with_what_comes_back(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    counts = []
    for first, number in ((0, 2), (10, 12)):
        serials = [f"5CG{n:04d}X" for n in range(first, first + number)]
        request = expect(place, [reporting(place, serial) for serial in serials])
        for serial in serials[1:]:
            ask(place, serial)
        for path in ("/waiting/", f"/register/setting-up/{request}/", "/register/setting-up/"):
            with CaptureQueriesContext(connection) as context:
                assert client.get(path).status_code == 200
            counts.append(len(context))
    assert all(more <= few for few, more in zip(counts[:3], counts[3:], strict=True))
