"""Lost and stolen: the 72 hours, what was last reported with its day, one paper, found, given up
(S27, I14)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.fleet.models import Device
from controller.losses.pack import clock
from controller.people.models import User
from controller.people.roles import Role
from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.disposal.events import Missing
from inventory.models import Asset, Disposal, WatchedMark
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.doors.losses import a_loss, a_thing
from tests.inventory.disposal.stored import check

PATH = "/register/disposal/lost/"
SENT = {"kind": "stolen", "discovered": "2026-11-22T06:30", "reason": "Window broken", "seen": "0"}
HOUR = 3_600


def missing_since(at: int) -> Missing:
    return Missing(
        seq=2, at=at, actor="user_1", rules="r", kind="lost", discovered_at=at, encryption=()
    )


@pytest.mark.parametrize(
    ("passed", "hours", "over"),
    [(0, 72, False), (71 * HOUR, 1, False), (72 * HOUR, 0, False), (72 * HOUR + 1, 0, True)],
)
def test_the_clock_counts_from_the_discovery(passed: int, hours: int, over: bool) -> None:
    found = clock(missing_since(school.NOW), school.NOW + passed)
    assert (found.hours, found.over, found.due_at) == (hours, over, school.NOW + 72 * HOUR)


@given(st.integers(0, 400 * HOUR))
def test_the_clock_is_never_both_over_and_running(passed: int) -> None:
    found = clock(missing_since(school.NOW), school.NOW + passed)
    assert found.over == (passed > 72 * HOUR)
    assert found.hours >= 0


def test_a_theft_is_reported_listed_and_watched(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    asset = a_thing(place)
    assets.change(
        place.site.id,
        asset,
        {"serial": "PF2K9QXA", "imei": "356938035643809"},
        by=By("system", school.NOW),
    )
    reply = client.post(f"{PATH}{asset}/", SENT)
    one = Disposal.objects.get()
    assert reply.headers["Location"] == f"/register/disposal/{one.id}/lost/"
    assert check(one.id).state == "missing"
    assert Asset.objects.get(id=asset).state == "stolen"
    assert WatchedMark.objects.filter(kind="serial", value="PF2K9QXA").exists()
    (row,) = client.get(PATH).context["rows"]
    assert (row.clock.discovered_at, row.clock.hours) == (school.NOW - 62 * 60, 70)
    known = dict(client.get(reply.headers["Location"]).context["page"].rows)
    assert known["Serial number"] == "PF2K9QXA"
    assert known["IMEI"] == "356938035643809"
    assert known["Bought, cost"] == "day not entered, £449.99"
    assert known["Drive encryption"] == "unknown: not reported"
    assert known["Passcode"] == "unknown: not reported"


def test_what_its_own_agent_last_reported_stands_with_its_day(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, asset = signed_in(technician), a_thing(place)
    Device.objects.filter(id=place.device.id).update(asset_id=asset)
    client.post(f"{PATH}{asset}/", SENT)
    one = Disposal.objects.get()
    known = dict(client.get(f"/register/disposal/{one.id}/lost/").context["page"].rows)
    assert known["Last heard from"] == "22 November 2026, 06:32"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": ""}, "Say whether it is lost or stolen."),
        ({"discovered": ""}, "the 72 hours count from then"),
        ({"discovered": "2026-11-23T06:30"}, "that is to come"),
        ({"discovered": "0001-01-01T00:00"}, "Give the year"),
        ({"discovered": "yesterday"}, "Give the day and the time"),
        ({"reason": ""}, "Say what happened"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(
    place: Place, technician: User, signed_in: SignedIn, wrong: dict[str, str], said: str
) -> None:
    asset = a_thing(place)
    sent = {**SENT, "reason": "<b>Window</b>"} | wrong
    body = signed_in(technician).post(f"{PATH}{asset}/", sent).content.decode()
    assert said in body
    if "reason" not in wrong:
        assert "&lt;b&gt;Window&lt;/b&gt;" in body
    assert not Disposal.objects.exists()


def test_the_pack_is_one_pdf(place: Place, technician: User, signed_in: SignedIn) -> None:
    one = a_loss(place)
    reply = signed_in(technician).get(f"/register/disposal/{one}/lost/pack/")
    assert reply.headers["Content-Type"] == "application/pdf"
    assert reply.content.startswith(b"%PDF")


def test_found_again_it_is_out_of_use_and_watched_no_more(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    one = a_loss(place)
    sent = {"reason": "In the minibus", "seen": "2"}
    path = f"/register/disposal/{one}/lost/"
    stale = signed_in(technician).post(f"{path}found/", sent | {"seen": "1"})
    assert "Somebody else was faster" in stale.content.decode()
    assert signed_in(technician).post(f"{path}found/", sent).status_code == 302
    assert check(one).state == "withdrawn"
    assert not WatchedMark.objects.exists()
    assert "settled since" in signed_in(technician).get(path).content.decode()


def test_the_head_gives_up_what_the_technician_reported_and_not_their_own_report(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    asset = a_thing(place)
    office = school.make_person(place.site, Role.BUSINESS_MANAGER)
    signed_in(office).post(f"{PATH}{asset}/", SENT)
    path = f"/register/disposal/{Disposal.objects.get().id}/lost/"
    sent = {"breach": "reported", "value": "449.99", "reason": "Not found", "seen": "2"}
    refused = signed_in(office).post(f"{path}write-off/", sent)
    assert "I2" in refused.content.decode()
    assert 'value="Not found"' in refused.content.decode()
    assert signed_in(technician).post(f"{path}write-off/", sent).status_code == 403
    head = school.make_person(place.site, Role.SLT)
    assert signed_in(head).post(f"{path}write-off/", sent).status_code == 302
    assert Asset.objects.get(id=asset).state == "disposed"


def test_the_head_reports_a_loss_and_that_it_was_found_without_waiting_for_a_technician(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    client, asset = signed_in(slt), a_thing(place)
    assert f"{PATH}{asset}/" in client.get(f"/register/{asset}/").content.decode()
    client.post(f"{PATH}{asset}/", SENT)
    one = Disposal.objects.get()
    assert one.state == "missing"
    client.post(f"/register/disposal/{one.id}/lost/found/", {"reason": "Bus", "seen": "2"})
    assert check(one.id).state == "withdrawn"


def test_what_was_only_marked_is_listed_to_be_recorded(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    asset = a_thing(place)
    assets.move(place.site.id, [asset], "lost", by=By("system", school.NOW))
    client = signed_in(technician)
    assert f"{PATH}{asset}/" in client.get(PATH).content.decode()
    client.post(f"{PATH}{asset}/", SENT)
    assert client.get(PATH).context["marked"] == []


def test_a_loss_and_its_story_lead_to_each_other(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, one = signed_in(technician), a_loss(place)
    story, loss = f"/register/disposal/{one}/", f"/register/disposal/{one}/lost/"
    assert f'href="{loss}"' in client.get(story).content.decode()
    assert f'href="{story}"' in client.get(loss).content.decode()
