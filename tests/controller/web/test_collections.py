"""Pages of collections: booked, put together, described, printed, handed over."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from controller import clock
from controller.people.models import User
from controller.people.roles import Role
from inventory.assets.writing import By
from inventory.collections import services
from inventory.collections.services import Wanted
from inventory.models import Asset, Collection, CollectionLine, ContractorPaper, Disposal
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.inventory.collections.things import ready
from tests.inventory.contractors.firms import enter
from tests.inventory.disposal.journey import NOW

URL = "/register/collections/"
BY = By("system", NOW + 3_600)
TODAY = "2026-11-23"
HOSTILE = '<script>alert(1)</script>#image("/etc/passwd")\u202egnp'


@pytest.fixture(autouse=True)
def monday(standing_clock: None) -> None:
    """An hour after the things of these tests were wiped."""
    clock.use(lambda: NOW + 3_600)


def booked(place: Place, *things: str, seal: str = "") -> str:
    """The address of a collection with these on its list."""
    firm = enter(place.site.id, BY)
    wanted = Wanted(TODAY, seals=seal)
    made = services.book(place.site.id, firm, "recycle", wanted, by=BY, today=TODAY)
    if things:
        services.choose(place.site.id, made, things, seen=1, by=BY)
    return f"{URL}{made}/"


def hand_over(client: Client, address: str, **changes: str) -> str:
    """What the page says after it was sent with everything ticked."""
    row = Collection.objects.get()
    told = {"seq": str(row.seq), "day": TODAY, "driver": "Sam Carter", "vehicle": "AB12 CDE"}
    told |= {"note_kind": "consignment", "note_number": "HWCN-7", "driver_checked": "on"}
    told |= {"signature_name": "Helen Marsh", "signature_agreed": "yes"}
    for line in CollectionLine.objects.filter(open=True):
        told[f"went-{line.id}"] = "yes"
        told[f"seen-{line.id}"] = str(Disposal.objects.get(id=line.disposal).seq)
    return client.post(f"{address}day/", told | changes, follow=True).content.decode()


def test_it_is_booked_put_together_and_handed_over(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    one, firm = ready(place.site.id, "HS-1", "WD-WCC4E1111"), enter(place.site.id, BY)
    client = signed_in(technician)
    told = {"firm": firm, "handover": "recycle", "day": "23/11/2026", "place": "Hall"}
    answer = client.post(f"{URL}new/", told)
    made = str(answer["Location"]).removesuffix("choose/")
    assert "WD-WCC4E1111" in client.get(f"{made}choose/").content.decode()
    assert client.post(f"{made}choose/", {"seq": "1", "disposal": one}).status_code == 302
    line = CollectionLine.objects.get()
    said = {"seq": "2", f"code-{line.id}": "160213*", f"battery-{line.id}": "in"}
    assert client.post(f"{made}lines/", said | {f"seal-{line.id}": "S-1"}).status_code == 302
    assert "Handed over: 1 thing." in hand_over(client, made)
    page = client.get(made).content.decode()
    for word in ("HWCN-7", "Sam Carter", "AB12 CDE", "CBDU54597", "the signature", "S-1"):
        assert word in page
    assert "Took place" in client.get(f"{URL}?show=collected").content.decode()
    assert client.get(f"{made}day/").status_code == 302
    signature = client.get(f"/register/signatures/{Collection.objects.get().signature}/")
    assert b"Helen Marsh" in signature.content


def test_a_booking_with_a_paper_out_of_date_is_refused_with_which(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    firm = enter(place.site.id, BY)
    ContractorPaper.objects.filter(kind="guarantee").update(valid_to="2026-11-22")
    told = {"firm": firm, "handover": "recycle", "day": TODAY, "place": "Hall"}
    answer = signed_in(technician).post(f"{URL}new/", told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“Written guarantee that data is destroyed” ended on 22 November 2026" in page
    assert 'value="Hall"' in page
    assert not Collection.objects.exists()


def test_nothing_typed_is_lost_where_something_is_wrong(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    address, client = booked(place, ready(place.site.id, "HS-1")), signed_in(technician)
    line = CollectionLine.objects.get()
    said = {"seq": "2", f"code-{line.id}": "160", f"seal-{line.id}": "S-77"}
    answer = client.post(f"{address}lines/", said)
    assert answer.status_code == 422
    assert "A waste code has six digits" in answer.content.decode()
    assert 'value="S-77"' in answer.content.decode()
    for changes, sentence in (
        ({"signature_agreed": ""}, "Tick that the typed name is your signature."),
        ({"signature_name": ""}, "Sign first"),
        ({"note_kind": "transfer"}, "it goes on a consignment note"),
        ({"driver": ""}, "Say who drove"),
        ({"seq": "1"}, "Somebody else changed this meanwhile"),
        ({"note_number": ""}, "number is on their note"),
    ):
        page = hand_over(client, address, **changes)
        assert sentence in page
        assert "AB12 CDE" in page
    assert Collection.objects.get().state == "booked"


def test_the_head_may_hand_over_at_the_gate_and_a_reader_may_not(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    address = booked(place, ready(place.site.id, "HS-1"))
    dsl = signed_in(school.make_person(place.site, Role.DSL))
    assert dsl.get(f"{address}day/").status_code == 403
    assert "They are here" not in dsl.get(address).content.decode()
    assert "Handed over: 1 thing." in hand_over(signed_in(slt), address)


def test_hostile_words_are_only_words_on_pages_and_on_paper(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    one = ready(place.site.id, "HS-1")
    Asset.objects.update(name=HOSTILE)
    address, client = booked(place, one, seal=HOSTILE), signed_in(technician)
    for path in ("", "choose/", "list/", "day/", "change/"):
        page = client.get(address + path).content.decode()
        assert "<script>alert" not in page
        assert "\u202e" not in page
    answer = client.get(f"{address}list.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_a_driver_is_forgotten_only_when_that_is_meant(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    address, client = booked(place, ready(place.site.id, "HS-1")), signed_in(technician)
    hand_over(client, address)
    client.post(f"{address}driver/", {})
    assert Collection.objects.get().driver == "Sam Carter"
    client.post(f"{address}driver/", {"sure": "yes"})
    assert Collection.objects.get().driver == ""
    assert "erased" in client.get(address).content.decode()


def test_pages_ask_no_more_for_many_things(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, numbers = signed_in(technician), []
    first = booked(place, ready(place.site.id, "HS-1", "WD-WCC4E1111"))
    for number in range(2):
        if number:
            more = [ready(place.site.id, f"HS-9{n}", f"WD-WCC4E99{n}") for n in range(3)]
            held = [line.disposal for line in CollectionLine.objects.all()]
            made = Collection.objects.get()
            services.choose(place.site.id, made.id, [*held, *more], seen=made.seq, by=BY)
        asked = []
        for path in (URL, first, f"{first}choose/", f"{first}day/", f"{first}list/"):
            client.get(path)
            with CaptureQueriesContext(connection) as found:
                client.get(path)
            asked.append(len(found))
        numbers.append(asked)
    assert numbers[0] == numbers[1]
