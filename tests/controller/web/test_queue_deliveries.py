"""Computers of a delivery stand first in the queue, and come in as the entries beside them."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from controller.fleet import letting_in
from controller.fleet.models import Device
from controller.fleet.services import FleetError
from controller.people.models import User
from inventory.assets.writing import By
from inventory.deliveries import services
from inventory.models import Asset
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

BY = By("user_1", school.NOW - school.DAY)


def deliver(place: Place, *serials: str, name: str = "Year 5 laptops") -> str:
    """A delivery with these serial numbers, tags WB-0101 and on."""
    tags = f"WB-[0101-{100 + len(serials):04d}]"
    planned = services.plan(place.site.id, name, "\n".join(serials), tags)
    return services.enter(place.site.id, planned, {"kind": "laptop"}, by=BY)


def ask(place: Place, name: str, serial: str, **fields: object) -> Device:
    """A computer that waits."""
    factors = {"serial": [serial], "uuid": [str(uuid.uuid5(uuid.NAMESPACE_DNS, name))]}
    told = {"state": "pending", "head_seq": 0, "last_seen_at": None, "factors": factors, **fields}
    device = school.make_device(place.site, name, **told)
    device.save()
    return device


def entry(place: Place, tag: str) -> str:
    return Asset.objects.get(site=place.site, tag=tag).id


def test_those_of_a_delivery_stand_first_beside_the_entry_they_would_become(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    deliver(place, "5CG0001X", "5CG0002X", "5CG0003X")
    ask(place, "NEW-2", "5cg-0002x", enrolled_at=school.NOW)
    ask(place, "WB-0103", "SOMETHING-ELSE")
    answer = signed_in(technician).get("/waiting/")
    queue, body = answer.context["queue"], answer.content.decode()
    [group] = queue.deliveries
    assert [(one.card.name, one.tag) for one in group.arrivals] == [("NEW-2", "WB-0102")]
    # A name that is a tag of the delivery says nothing.
    assert {card.name for card in queue.rows} == {"WB-0103", place.waiting.name}
    assert "From delivery “Year 5 laptops”. It would become" in body
    assert body.index("NEW-2") < body.index(place.waiting.name)
    for word in group.arrivals[0].card.words:
        assert f"<span>{word}</span>" in body


def test_a_group_comes_in_in_one_step_as_its_entries_and_is_counted(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    delivery = deliver(place, "5CG0001X", "5CG0002X", "5CG0003X")
    both = [ask(place, f"NEW-{n}", f"5CG000{n}X") for n in (1, 2)]
    client = signed_in(technician)
    page = f"/register/deliveries/{delivery}/"
    assert client.get(page).context["page"].waiting == 2
    [group] = client.get("/waiting/").context["queue"].deliveries
    sent = {"arrival": [one.value for one in group.arrivals]}
    answer = client.post("/waiting/delivered/", sent, follow=True)
    assert "2 computers are let in." in answer.content.decode()
    bound = Device.objects.filter(id__in=[one.id for one in both]).order_by("name")
    tags = list(bound.values_list("state", "asset__tag", "approved_by"))
    assert tags == [("active", f"WB-010{n}", technician.id) for n in (1, 2)]
    # Let in is not reporting: nobody has heard from them.
    assert "0 of 3 arrived, 0 reporting" in client.get(page).content.decode()
    Device.objects.filter(id=both[0].id).update(last_seen_at=school.NOW)
    assert "0 of 3 arrived, 1 reporting" in client.get(page).content.decode()


def test_two_that_show_one_serial_number_wait_singly_and_say_so(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    deliver(place, "5CG0001X")
    both = [ask(place, name, "5CG0001X") for name in ("NEW", "PUPIL")]
    client = signed_in(technician)
    answer = client.get("/waiting/")
    assert answer.context["queue"].deliveries == []
    assert answer.content.decode().count("Another computer that waits shows the same marks.") == 2
    sent = {"arrival": [f"{both[1].id}:{entry(place, 'WB-0101')}"]}
    body = client.post("/waiting/delivered/", sent, follow=True).content.decode()
    assert "1 computer was not let in" in body
    assert Device.objects.get(id=both[1].id).state == "pending"


def test_an_entry_with_a_computer_or_that_had_one_is_expected_no_more(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    deliver(place, "5CG0001X", "5CG0002X")
    for tag, state in (("WB-0101", "active"), ("WB-0102", "revoked")):
        school.make_device(place.site, tag, asset_id=entry(place, tag), state=state).save()
    ask(place, "NEW-1", "5CG0001X")
    ask(place, "NEW-2", "5CG0002X")
    assert signed_in(technician).get("/waiting/").context["queue"].deliveries == []


def test_it_comes_in_as_what_was_seen_or_not_at_all(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    deliver(place, "5CG0001X", "5CG0002X")
    device = ask(place, "NEW-1", "5CG0001X")
    sent = {"arrival": [f"{device.id}:{entry(place, 'WB-0102')}", "dev_1", ":"]}
    body = signed_in(technician).post("/waiting/delivered/", sent, follow=True).content.decode()
    assert "3 computers were not let in" in body
    with pytest.raises(FleetError, match="what was expected changed meanwhile"):
        letting_in.let_in_as(device.id, "asset_other", actor=technician.id, at=school.NOW)
    assert Device.objects.get(id=device.id).state == "pending"
    nothing = signed_in(technician).post("/waiting/delivered/", {}, follow=True)
    assert "Tick at least one computer first." in nothing.content.decode()


def test_two_people_who_confirm_at_once_let_each_in_once(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    deliver(place, "5CG0001X")
    device = ask(place, "NEW-1", "5CG0001X")
    value = {"arrival": [f"{device.id}:{entry(place, 'WB-0101')}"]}
    client = signed_in(technician)
    client.post("/waiting/delivered/", value)
    body = client.post("/waiting/delivered/", value, follow=True).content.decode()
    assert "1 computer was not let in" in body
    assert Device.objects.get(id=device.id).state == "active"


def test_another_schools_delivery_expects_nobody_here(
    place: Place, elsewhere: Place, stranger: User, technician: User, signed_in: SignedIn
) -> None:
    deliver(elsewhere, "5CG0001X")
    device = ask(place, "NEW-1", "5CG0001X")
    assert signed_in(technician).get("/waiting/").context["queue"].deliveries == []
    mine = ask(elsewhere, "NEW-2", "5CG0001X")
    value = {"arrival": [f"{mine.id}:{entry(elsewhere, 'WB-0101')}"]}
    signed_in(technician).post("/waiting/delivered/", value)
    assert Device.objects.get(id=mine.id).state == "pending"
    signed_in(stranger).post("/waiting/delivered/", value)
    assert Device.objects.get(id=mine.id).state == "active"
    assert Device.objects.get(id=device.id).state == "pending"


def test_queries_of_queue_and_deliveries_do_not_grow_with_what_waits(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    counts: list[dict[str, int]] = []
    for serials in (["A1001X", "A1002X"], [f"B2{n:03d}X" for n in range(30)]):
        Asset.objects.filter(site=place.site).update(tag="")
        delivery = deliver(place, *serials)
        for serial in serials[1:]:
            ask(place, serial, serial)
        found = {}
        for path in ("/waiting/", "/register/deliveries/", f"/register/deliveries/{delivery}/"):
            with CaptureQueriesContext(connection) as context:
                assert client.get(path).status_code == 200
            found[path.removesuffix(f"{delivery}/")] = len(context)
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= 26
