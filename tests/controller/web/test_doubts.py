"""What a person sees and says where nobody else can tell which entry a computer is, and of two
entries that are one thing."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from controller.fleet.models import Device
from controller.people.models import User
from controller.people.roles import Role
from inventory.assets import services
from inventory.assets.writing import By
from inventory.models import Asset, AssetEvent, AssetMark
from inventory.models import Event as LedgerEvent
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn, waiting

SERIAL = "5CD1234XYZ"
HOSTILE = "<script>alert(1)</script>\u202egnp"
DOUBTS = "/register/doubts/"


def entry(place: Place, **values: object) -> str:
    return services.add(place.site.id, {"kind": "laptop", **values}, by=By("user_1", school.NOW))


def doubted(place: Place, why: str = "ambiguous", **fields: object) -> Device:
    told = {"asset_doubt": why, "factors": {"serial": [SERIAL], "mac": ["3c:52:82:0a:1b:01"]}}
    device = school.make_device(place.site, f"Y4-{Device.objects.count()}", **told)
    for field, value in fields.items():
        setattr(device, field, value)
    device.save()
    return device


def say(client: Client, device: Device, decision: str, reason: str = "") -> int:
    data = {"decision": decision, "reason": reason}
    return client.post(f"{DOUBTS}{device.id}/", data).status_code


def test_both_candidates_stand_beside_the_computer_with_what_agrees_and_what_does_not(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    one = entry(place, serial=SERIAL, name="Y4-99", tag="WB-1")
    two = entry(place, serial=SERIAL, tag="WB-2")
    device = doubted(place)
    (doubt,) = signed_in(technician).get(DOUBTS).context["doubts"]
    heads = [(head.id, head.tag, head.live) for head in doubt.heads]
    assert sorted(heads, key=str) == sorted([(one, "WB-1", None), (two, "WB-2", None)], key=str)
    first = [head.tag for head in doubt.heads].index("WB-1")
    order = [0, 1 + first, 2 - first]  # made in one second, they are in no order
    told = {
        line.title: [(line.cells[n].text, line.cells[n].how) for n in order] for line in doubt.lines
    }
    assert told["Serial number"] == [(SERIAL, ""), (SERIAL, "agrees"), (SERIAL, "agrees")]
    assert told["Name"] == [(device.name, ""), ("Y4-99", "differs"), ("", "")]
    assert told["Tag"] == [("", ""), ("WB-1", ""), ("WB-2", "")]


def test_it_is_this_one(place: Place, technician: User, signed_in: SignedIn) -> None:
    one, _ = entry(place, serial=SERIAL, tag="WB-1"), entry(place, serial=SERIAL, tag="WB-2")
    device = doubted(place)
    assert say(signed_in(technician), device, f"this:{one}", "the label says so") == 302
    device.refresh_from_db()
    assert (device.asset_id, device.asset_doubt) == (one, "")
    assert AssetMark.objects.filter(asset=one, kind="mac").count() == 1
    told = LedgerEvent.objects.get(verb="device.entry")
    assert (told.actor, told.subject) == (technician.id, device.id)
    assert signed_in(technician).get(DOUBTS).context["doubts"] == []


def test_it_is_a_new_thing(place: Place, technician: User, signed_in: SignedIn) -> None:
    known = {entry(place, serial=SERIAL), entry(place, serial=SERIAL)}
    device = doubted(place)
    assert say(signed_in(technician), device, "new") == 302
    device.refresh_from_db()
    assert device.asset_id not in {*known, None}
    made = AssetEvent.objects.get(asset_id=device.asset_id)
    assert (made.actor, made.after["serial"]) == (technician.id, SERIAL)
    assert Asset.objects.get(id=device.asset_id).fixed_by_person == []


def test_a_live_computers_entry_is_given_away_only_by_who_may_withdraw_and_says_why(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    theirs = entry(place, serial=SERIAL)
    other = school.make_device(place.site, "OLD-ONE", asset_id=theirs)
    other.save()
    device = doubted(place, "claimed")
    office = signed_in(school.make_person(place.site, Role.BUSINESS_MANAGER))
    (doubt,) = office.get(DOUBTS).context["doubts"]
    assert (doubt.heads[0].live.name, doubt.may_withdraw) == ("OLD-ONE", False)
    assert say(office, device, f"gone:{theirs}", "sold") == 400
    client = signed_in(technician)
    assert say(client, device, f"gone:{theirs}") == 400
    assert say(client, device, f"this:{theirs}", "sold") == 400
    other.refresh_from_db()
    assert other.state == "active"
    assert say(client, device, f"gone:{theirs}", "set up again") == 302
    other.refresh_from_db()
    device.refresh_from_db()
    assert (other.state, device.asset_id) == ("revoked", theirs)


def test_what_was_typed_is_still_there_when_a_decision_is_refused(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    theirs = entry(place, serial=SERIAL)
    school.make_device(place.site, "OLD-ONE", asset_id=theirs).save()
    device = doubted(place, "claimed")
    data = {"decision": f"this:{theirs}", "reason": "I looked at <b>it</b>"}
    body = signed_in(technician).post(f"{DOUBTS}{device.id}/", data).content.decode()
    assert "I looked at &lt;b&gt;it&lt;/b&gt;" in body
    assert "OLD-ONE reports as this entry" in body


@pytest.mark.parametrize(
    "decision", ["", "this:", "this:asset_1", "else", "gone:new", "new:x", "renew"]
)
def test_what_is_no_decision_changes_nothing(
    decision: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    device = doubted(place)
    assert say(signed_in(technician), device, decision) == 400
    device.refresh_from_db()
    assert device.asset_doubt == "ambiguous"


def test_two_people_who_decide_at_once_are_told_that_it_is_decided(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    device, client = doubted(place), signed_in(technician)
    assert say(client, device, "new") == 302
    assert say(client, device, "new") == 302
    assert Asset.objects.count() == 1
    assert "Somebody has said already" in client.get(DOUBTS).content.decode()


def test_another_schools_entry_and_computer_are_not_there(
    place: Place, elsewhere: Place, technician: User, signed_in: SignedIn
) -> None:
    theirs = entry(elsewhere, serial=SERIAL)
    their_device, device = doubted(elsewhere), doubted(place)
    client = signed_in(technician)
    assert client.get(f"{DOUBTS}?school=all").context["doubts"][0].heads == []
    assert say(client, device, f"this:{theirs}") == 400
    assert say(client, their_device, "new") == 404
    mine = entry(place)
    assert client.get(f"/register/{mine}/merge/?with={theirs}").context["pair"] is None
    assert client.post(f"/register/{mine}/merge/", {"other": theirs}).status_code == 404
    found = client.get(f"/register/{mine}/merge/?q={SERIAL}").context["found"]
    assert found == []


def test_what_a_computer_calls_itself_is_text(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    entry(place, serial=SERIAL, name=HOSTILE)
    doubted(place, name=HOSTILE, model=HOSTILE, factors={"serial": [SERIAL], "mac": [HOSTILE]})
    body = signed_in(technician).get(DOUBTS).content.decode()
    assert "<script>alert" not in body
    assert "\u202e" not in body


def test_doubts_are_a_tab_with_their_number_only_while_there_are_any(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    assert "Doubts" not in client.get("/register/checks/").content.decode()
    doubted(place)
    doubted(place, state="revoked")
    listed = client.get("/register/")
    assert waiting(listed)["register_doubts"] == 1
    assert {tab.label: tab.count for tab in listed.context["tabs"]}["Checks"] == 1
    assert "Doubts" in client.get("/register/checks/").content.decode()
    slt = signed_in(school.make_person(place.site, Role.SLT))
    assert "register_doubts" not in waiting(slt.get("/register/checks/"))


def test_ten_doubts_cost_as_many_questions_as_one(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, counted = signed_in(technician), []
    for number in (1, 9):
        for n in range(number):
            serial = f"SN{number}{n:04d}"
            two = [entry(place, serial=serial) for _ in range(2)]
            school.make_device(place.site, f"L{number}{n}", asset_id=two[0]).save()
            doubted(place, "claimed", factors={"serial": [serial]})
        client.get(DOUBTS)
        with CaptureQueriesContext(connection) as caught:
            assert len(client.get(DOUBTS).context["doubts"]) in (1, 10)
        counted.append(len(caught))
    assert counted[0] == counted[1]


def test_two_entries_are_found_looked_at_made_one_and_parted_again(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    paper, machine = entry(place, tag="WB-1"), entry(place, serial=SERIAL, name="Y4-1")
    client = signed_in(technician)
    path = f"/register/{paper}/merge/"
    assert path in client.get(f"/register/{paper}/").content.decode()
    assert [one.id for one in client.get(f"{path}?q={SERIAL}").context["found"]] == [machine]
    pair = client.get(f"{path}?with={machine}").context["pair"]
    assert [head.id for head in pair.heads] == [paper, machine]
    data = {"other": machine, "stays": paper, "seq": 1, "other_seq": 1, "reason": "one label"}
    assert client.post(path, data).headers["Location"] == f"/register/{paper}/"
    assert Asset.objects.get(id=paper).serial == SERIAL
    assert "Part them again" in client.get(f"/register/{machine}/").content.decode()
    assert client.post(f"/register/{machine}/part/").status_code == 302
    assert Asset.objects.get(id=paper).serial == ""


def test_whoever_looked_at_an_older_entry_is_told_what_changed_and_nothing_is_merged(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    paper, machine = entry(place, tag="WB-1"), entry(place, serial=SERIAL)
    services.change(place.site.id, paper, {"serial": "OTHER-1"}, by=By("user_2", school.NOW))
    data = {"other": machine, "stays": paper, "seq": 1, "other_seq": 1, "reason": "one label"}
    answer = signed_in(technician).post(f"/register/{paper}/merge/", data)
    body = answer.content.decode()
    assert answer.status_code == 400
    assert "Somebody else changed one of the two" in body
    assert "one label" in body
    assert Asset.objects.get(id=machine).state == "in_use"


@pytest.mark.parametrize("stays", ["", "asset_" + "0" * 26, "x"])
def test_only_one_of_the_two_can_stay(
    stays: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    paper, machine = entry(place), entry(place)
    data = {"other": machine, "stays": stays, "seq": 1, "other_seq": 1}
    assert signed_in(technician).post(f"/register/{paper}/merge/", data).status_code == 400
    assert not Asset.objects.filter(state="merged").exists()


def test_an_entry_that_is_gone_is_not_merged(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    paper, gone = entry(place), entry(place)
    services.withdraw(place.site.id, gone, by=By("user_1", school.NOW))
    client = signed_in(technician)
    assert client.get(f"/register/{gone}/merge/").status_code == 404
    assert (
        "cannot be joined" in client.get(f"/register/{paper}/merge/?with={gone}").content.decode()
    )
