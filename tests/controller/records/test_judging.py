"""The register judged when the night ends: what is kept, what changes, what is let go."""

import pytest

from checks.policy import Ask, Policy
from controller.fleet.models import Device
from controller.judging.ending import end_night
from controller.judging.watch import NightClosing
from controller.people.models import User
from controller.policy import publishing
from controller.records import judging
from controller.records.models import PastRecordVerdict, RecordCount, RecordVerdict
from inventory.allocation import people
from inventory.allocation.services import Terms, allocate
from inventory.assets import services
from inventory.assets.writing import By
from inventory.imports.sheets import read
from inventory.managed import services as managed
from inventory.managed.adapters import adapters, guess
from inventory.places.services import add_room
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.inventory.managed.sheets import JAMF

DAY = school.DAY
NOW = school.NOW
WHOLE = {
    "tag": "WB-1",
    "kind": "laptop",
    "serial": "5CD1234XYZ",
    "bought_on": "2024-09-01",
    "review_on": "2027-09-01",
}


def by(user: User) -> By:
    return By(user.id, NOW - DAY)


def add(place: Place, user: User, **values: object) -> str:
    return services.add(place.site.id, {**WHOLE, **values}, by=by(user))


def stands(subject: str) -> dict[str, str]:
    rows = RecordVerdict.objects.filter(subject=subject)
    return {row.check_id: f"{row.status} {row.says}" for row in rows}


def counts(place: Place, name: str) -> dict[str, int]:
    rows = RecordCount.objects.filter(site=place.site, check_id=name)
    return {row.status: row.n for row in rows}


def test_an_entry_is_judged_by_what_the_register_says_of_it(place: Place, technician: User) -> None:
    room = add_room(place.site.id, "Oak", by=by(technician))
    lent = add(place, technician, room=room)
    maya = people.add_person(place.site.id, "Maya", "staff", by=by(technician))
    terms = Terms(due_on="2026-11-20")
    allocate(place.site.id, [lent], maya, by=by(technician), terms=terms)
    bare = services.add(place.site.id, {"name": "A box"}, by=by(technician))
    judging.judge_site(place.site.id, NOW)
    assert stands(lent) == {
        "asset-registered": "pass complete",
        "asset-allocated": "fail overdue",
        "asset-last-seen": "not-applicable does-not-report",
    }
    row = RecordVerdict.objects.get(subject=lent, check_id="asset-allocated")
    assert row.args == {"days": 2}
    assert stands(bare)["asset-registered"] == "fail incomplete"
    assert stands(bare)["asset-allocated"] == "fail nobody"
    assert counts(place, "asset-registered") == {"pass": 1, "fail": 1}
    assert counts(place, "entries")["fail"] == 2


def test_a_computer_that_reports_is_waited_for(place: Place, technician: User) -> None:
    silent, heard = add(place, technician), add(place, technician, tag="WB-2", serial="X2345678")
    for asset_id, age in ((silent, 61 * DAY), (heard, DAY)):
        made = school.make_device(place.site, f"D-{age}", asset_id=asset_id)
        made.last_seen_at = NOW - age
        made.save()
    judging.judge_site(place.site.id, NOW)
    assert stands(silent)["asset-last-seen"] == "fail out-of-sight"
    assert stands(heard)["asset-last-seen"] == "pass heard"
    # Neither told what is installed on it.
    assert stands(place.site.id)["asset-software-inventory"] == "fail not-known"


def test_a_computer_that_was_withdrawn_does_not_count_as_heard(
    place: Place, technician: User
) -> None:
    asset_id = add(place, technician)
    made = school.make_device(place.site, "GONE", asset_id=asset_id)
    made.last_seen_at = NOW - DAY
    made.state = "revoked"
    made.save()
    judging.judge_site(place.site.id, NOW)
    assert stands(asset_id)["asset-last-seen"] == "not-applicable does-not-report"


def test_tablets_are_unknown_until_a_sheet_says_something(place: Place, technician: User) -> None:
    ipad = add(place, technician, kind="tablet")
    judging.judge_site(place.site.id, NOW)
    found = stands(ipad)
    assert {found[one].partition(" ")[0] for one in ("mdm-enrolled", "os-supported")} == {"unknown"}
    assert counts(place, "tablets") == {"unknown": 1}


def test_judging_again_writes_nothing_while_nothing_changes(place: Place, technician: User) -> None:
    asset_id = add(place, technician)
    judging.judge_site(place.site.id, NOW)
    before = list(RecordVerdict.objects.order_by("subject", "check_id").values())
    judging.judge_site(place.site.id, NOW + DAY)
    assert list(RecordVerdict.objects.order_by("subject", "check_id").values()) == before
    assert not PastRecordVerdict.objects.exists()
    assert stands(asset_id)


def test_an_interval_ends_when_the_answer_changes_and_not_when_its_numbers_do(
    place: Place, technician: User
) -> None:
    asset_id = add(place, technician)
    device = school.make_device(place.site, "D-1", asset_id=asset_id)
    device.last_seen_at = NOW - 61 * DAY
    device.save()
    judging.judge_site(place.site.id, NOW)
    judging.judge_site(place.site.id, NOW + DAY)
    row = RecordVerdict.objects.get(subject=asset_id, check_id="asset-last-seen")
    assert (row.since, row.args) == (NOW, {"age": 62 * DAY})
    Device.objects.filter(id=device.id).update(last_seen_at=NOW + DAY)
    judging.judge_site(place.site.id, NOW + 2 * DAY)
    (past,) = PastRecordVerdict.objects.filter(subject=asset_id)
    assert (past.says, past.since, past.until) == ("out-of-sight", NOW, NOW + 2 * DAY)
    assert stands(asset_id)["asset-last-seen"] == "pass heard"


def test_what_is_gone_is_judged_no_more_and_its_past_is_kept(
    place: Place, technician: User
) -> None:
    asset_id = add(place, technician)
    judging.judge_site(place.site.id, NOW)
    services.withdraw(place.site.id, asset_id, by=By(technician.id, NOW + 1))
    judging.judge_site(place.site.id, NOW + DAY)
    assert stands(asset_id) == {}
    assert PastRecordVerdict.objects.filter(subject=asset_id, until=NOW + DAY).exists()
    assert counts(place, "asset-registered") == {}


def test_past_verdicts_go_after_their_years(place: Place, technician: User) -> None:
    asset_id = add(place, technician)
    judging.judge_site(place.site.id, NOW)
    services.withdraw(place.site.id, asset_id, by=By(technician.id, NOW + 1))
    judging.judge_site(place.site.id, NOW + DAY)
    kept = (PastRecordVerdict.keep_for.days or 0) * DAY
    assert judging.prune(place.site.id, NOW + DAY + kept) == 0
    assert judging.prune(place.site.id, NOW + DAY + kept + 1) > 0
    assert not PastRecordVerdict.objects.exists()


def test_a_schools_own_numbers_hold(
    place: Place, technician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset_id = add(place, technician)
    made = school.make_device(place.site, "D-1", asset_id=asset_id)
    made.last_seen_at = NOW - 20 * DAY
    made.save()
    wish = Ask("asset-last-seen", "warn_seconds", 30 * DAY, "head teacher")
    ours = Policy(name="Ours", version=1, decisions=[wish])
    judging.judge_site(place.site.id, NOW)
    assert stands(asset_id)["asset-last-seen"] == "warn silent"
    assert not judging.is_outdated(place.site.id)
    monkeypatch.setattr(judging, "in_force", lambda _site: ours)
    assert judging.is_outdated(place.site.id)
    NightClosing().turn(NOW)
    assert not judging.is_outdated(place.site.id)
    assert stands(asset_id)["asset-last-seen"] == "pass heard"
    assert publishing.in_force(place.site.id).decisions == []


def test_a_register_that_was_never_judged_waits_for_its_first_night(place: Place) -> None:
    assert not judging.is_outdated(place.site.id)


def test_the_night_judges_the_register(place: Place, technician: User) -> None:
    asset_id = add(place, technician)
    end_night(place.site.id, NOW)
    assert stands(asset_id)["asset-registered"] == "fail incomplete"


def test_another_schools_register_is_left_alone(
    place: Place, elsewhere: Place, technician: User
) -> None:
    theirs = services.add(elsewhere.site.id, WHOLE, by=by(technician))
    add(place, technician)
    judging.judge_site(place.site.id, NOW)
    assert stands(theirs) == {}
    assert judging.judge_entry(place.site.id, theirs, NOW) == []


def test_an_ipad_is_judged_by_the_list_of_its_management(place: Place, technician: User) -> None:
    listed = add(place, technician, kind="tablet", serial="TABLET0001")
    missed = add(place, technician, kind="tablet", serial="TABLET0099", tag="WB-2")
    sheet = read(JAMF.replace("2026-11-21", "2026-06-17").encode())
    columns = guess(adapters()["jamf-school"], sheet.headers)
    wanted = managed.Wanted()
    managed.take(place.site.id, sheet, "jamf-school", columns, wanted, by=By(technician.id, NOW))
    judging.judge_site(place.site.id, NOW)
    assert stands(listed)["os-supported"] == "pass current"
    assert stands(missed)["mdm-enrolled"] == "fail not-listed"
    judging.judge_site(place.site.id, NOW + 15 * DAY)
    assert stands(listed)["mdm-enrolled"] == "unknown import-again"
