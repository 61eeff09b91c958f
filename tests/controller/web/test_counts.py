"""The pages of a count: what they say, to whom, at what cost, and what they never show."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from controller.people.models import User
from controller.people.roles import Role
from inventory.assets import services as register
from inventory.assets.writing import By
from inventory.models import Asset, CountedRoom, CountScan, StockTake
from inventory.places.services import add_room
from inventory.stocktake import services
from inventory.stocktake.services import NOWHERE
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

BY = By("system", school.NOW)
HOSTILE = "<script>alert(1)</script>\u202egnp"


class Counting:
    """A room of Willowbrook that is being counted, and somebody with a phone in it."""

    def __init__(self, place: Place, client: Client, number: int = 3, room: str = "Oak") -> None:
        self.site, self.client = place.site.id, client
        self.room = add_room(self.site, room, by=BY)
        tag = "WB" if room == "Oak" else room
        rows = [
            {"tag": f"{tag}-{n}", "kind": "laptop", "name": f"Laptop {n}", "room": self.room}
            for n in range(number)
        ]
        self.made = register.add_many(self.site, rows, by=BY)
        self.take = services.begin(self.site, "Autumn", [self.room, NOWHERE], by=BY)
        self.counted = CountedRoom.objects.get(room=self.room).id
        services.begin_room(self.site, self.counted, by=BY)
        self.path = f"/register/counts/rooms/{self.counted}/"
        self.keys = 0

    def scan(self, text: str, client: Client | None = None, **more: str) -> dict[str, str]:
        self.keys += 1
        data = {"text": text, "key": f"k{self.keys}", "how": "camera"} | more
        headers = {"accept": "application/json"}
        answer = (client or self.client).post(f"{self.path}scan/", data, headers=headers)
        told: dict[str, str] = json.loads(answer.content)
        return told | {"status": str(answer.status_code)}

    def tap(self, mark: str, thing: str) -> int:
        self.keys += 1
        data = {"mark": mark, "thing": thing, "key": f"k{self.keys}"}
        return int(self.client.post(f"{self.path}mark/", data).status_code)

    def page(self) -> str:
        return str(self.client.get(self.path).content.decode())


@pytest.fixture
def oak(place: Place, technician: User, signed_in: SignedIn) -> Counting:
    return Counting(place, signed_in(technician))


def test_a_count_is_begun_from_its_page_and_says_what_was_wrong(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    room = add_room(place.site.id, "Oak", by=BY)
    body = client.get("/register/counts/").content.decode()
    assert "Count of November 2026" in body
    answer = client.post("/register/counts/begin/", {"name": "Autumn"}, follow=True)
    assert "Tick the rooms" in answer.content.decode()
    answer = client.post("/register/counts/begin/", {"name": "Autumn", "room": [room, NOWHERE]})
    assert answer.headers["Location"] == f"/register/counts/{StockTake.objects.get().id}/"


def test_a_scan_is_answered_in_words_for_whoever_holds_the_phone(oak: Counting) -> None:
    lamp = register.add(oak.site, {"tag": "LAMP", "kind": "other"}, by=BY)
    assert oak.scan("wb-0") == {
        "outcome": "found",
        "head": "Found",
        "tone": "good",
        "say": "Laptop 0, WB-0.",
        "thing": oak.made[0],
        "status": "200",
    }
    assert oak.scan("WB-0")["say"] == "Laptop 0, WB-0: Tariq Aziz counted it here, today 07:32."
    register.move(oak.site, [lamp], "lost", by=BY)
    moved = oak.scan("lamp")
    assert (moved["tone"], moved["thing"]) == ("warn", lamp)
    assert moved["say"].endswith("The register has no room for it. The register says: lost.")
    assert oak.scan("4711")["head"] == "Not in the register"
    assert oak.scan("  ")["outcome"] == "empty"


def test_a_trolley_is_counted_as_one_and_can_be_looked_into(oak: Counting) -> None:
    trolley = {"tag": "T-1", "kind": "trolley", "name": "Y4 trolley", "room": oak.room}
    other = services.begin(oak.site, "Second", [oak.room], by=BY)
    cart = register.add(oak.site, trolley, by=BY)
    rows = [{"tag": f"P{n}", "kind": "tablet", "parent": cart} for n in range(16)]
    inside = register.add_many(oak.site, rows, by=BY)
    oak.counted = CountedRoom.objects.get(take=other).id
    oak.path = f"/register/counts/rooms/{oak.counted}/"
    oak.client.post(f"{oak.path}begin/")
    assert oak.scan("T-1")["say"] == "Y4 trolley, T-1, with 16 things in it."
    assert "16 of 16 in it" in oak.page()
    oak.tap("open", cart)
    for tablet in inside[:15]:
        oak.tap("seen", tablet)
    body = oak.page()
    assert "15 of 16 in it, each counted by itself" in body
    assert "16 of 20</strong> found" in body


def test_a_computer_that_reported_last_night_is_seen_by_the_network_and_not_found(
    oak: Counting, place: Place
) -> None:
    school.make_device(place.site, "L0", asset_id=oak.made[0]).save()
    late = school.NOW - 9 * school.DAY
    school.make_device(place.site, "L1", asset_id=oak.made[1], last_seen_at=late).save()
    body = oak.page()
    assert body.count("Seen by the network") == 1
    assert "0 of 3</strong> found" in body


@pytest.mark.parametrize(
    ("data", "status"),
    [({"text": "WB-0"}, 400), ({"text": "WB-0", "key": "k" * 41}, 400), ({"key": "k"}, 200)],
)
def test_what_a_phone_never_sends_is_answered_and_counts_nothing(
    oak: Counting, data: dict[str, str], status: int
) -> None:
    headers = {"accept": "application/json"}
    answer = oak.client.post(f"{oak.path}scan/", data, headers=headers)
    assert answer.status_code == status
    assert answer.json()["say"]
    assert not CountScan.objects.exists()


def test_a_closed_room_refuses_a_late_scan_with_a_sentence(oak: Counting) -> None:
    oak.client.post(f"{oak.path}close/")
    told = oak.scan("WB-0")
    assert (told["status"], told["head"]) == ("409", "Not counted")
    assert "Open it again" in told["say"]
    oak.client.post(f"{oak.path}open/")
    assert oak.scan("WB-0")["outcome"] == "found"


def test_a_tap_that_makes_no_sense_changes_nothing(oak: Counting, elsewhere: Place) -> None:
    for mark, thing in (("with", oak.made[0]), ("seen", ""), ("seen", elsewhere.entry)):
        assert oak.tap(mark, thing) == 302
    assert not CountScan.objects.exists()


def test_what_cannot_be_entered_comes_back_with_what_was_typed(oak: Counting) -> None:
    oak.scan("NEW-1")
    form = oak.client.get(f"{oak.path}new/", {"text": "NEW-1"}).content.decode()
    assert 'value="NEW-1"' in form
    data = {"text": "NEW-1", "key": "f1", "kind": "laptop", "tag": "WB-1", "name": "Mine"}
    body = oak.client.post(f"{oak.path}add/", data).content.decode()
    assert "The tag WB-1 is in use already." in body
    assert 'value="Mine"' in body
    answer = oak.client.post(f"{oak.path}add/", data | {"tag": "NEW-1"})
    assert answer.status_code == 302
    assert Asset.objects.get(tag="NEW-1").room_id == oak.room


def test_somebody_who_only_reads_sees_the_room_without_buttons(
    oak: Counting, slt: User, signed_in: SignedIn
) -> None:
    body = signed_in(slt).get(oak.path).content.decode()
    assert "Still to find" in body
    assert "<video" not in body
    assert "I see it" not in body
    assert "zxing" not in body


def test_only_the_counting_page_may_ask_for_the_camera(oak: Counting) -> None:
    policy = oak.client.get(oak.path).headers["Permissions-Policy"]
    assert "camera=(self)" in policy
    assert "camera=()" in oak.client.get("/register/counts/").headers["Permissions-Policy"]
    assert "zxing" not in oak.client.get("/register/").content.decode()


def test_whoever_counted_alone_is_told_who_signs_and_the_head_does(
    oak: Counting, place: Place, slt: User, signed_in: SignedIn
) -> None:
    keeper = school.make_person(place.site, Role.BUSINESS_MANAGER)
    oak.scan("WB-0", signed_in(keeper))
    oak.client.post(f"{oak.path}close/")
    path = f"/register/counts/{oak.take}/"
    signed = {"signature_name": "B Manager", "signature_agreed": "yes"}
    early = signed_in(keeper).post(f"{path}sign/", signed)
    assert "Finish the count first" in early.content.decode()
    oak.client.post(f"{path}finish/")
    body = signed_in(keeper).post(f"{path}sign/", signed).content.decode()
    assert "You counted everything yourself" in body
    head = signed_in(slt)
    assert (
        "Tick that the typed name"
        in head.post(f"{path}sign/", {"signature_name": "Helen Marsh"}).content.decode()
    )
    told = {"signature_name": "Helen Marsh", "signature_agreed": "yes"}
    assert head.post(f"{path}sign/", told).status_code == 302
    body = head.get(path).content.decode()
    assert "Helen Marsh" in body
    assert "not what was signed" not in body
    CountedRoom.objects.filter(id=oak.counted).update(result={"name": "Oak"})
    assert "not what was signed" in head.get(path).content.decode()


def test_the_head_of_another_school_cannot_sign(
    oak: Counting, elsewhere: Place, signed_in: SignedIn
) -> None:
    theirs = signed_in(school.make_person(elsewhere.site, Role.SLT))
    assert theirs.post(f"/register/counts/{oak.take}/sign/").status_code == 404


def test_what_is_lost_is_marked_in_one_step_and_its_entry_says_when_it_was_counted(
    oak: Counting,
) -> None:
    oak.scan("WB-0")
    oak.client.post(f"{oak.path}close/")
    path = f"/register/counts/{oak.take}/"
    oak.client.post(f"{path}finish/")
    body = oak.client.post(f"{path}lost/", {"thing": oak.made[1:]}, follow=True).content.decode()
    assert "2 things are marked as lost" in body
    entry = oak.client.get(f"/register/{oak.made[0]}/").content.decode()
    assert re.search(r"Last counted.*by Tariq Aziz", entry, re.DOTALL)


def test_the_sheet_to_count_by_hand_has_a_box_for_each_thing_in_walking_order(
    oak: Counting,
) -> None:
    body = oak.client.get(f"/register/counts/{oak.take}/sheet/").content.decode()
    assert body.count("paper-box") == 3
    assert body.index("Oak <span") < body.index("In no room <span")


def test_what_was_scanned_and_typed_is_text_on_every_page(oak: Counting) -> None:
    oak.scan(HOSTILE)
    register.change(oak.site, oak.made[0], {"name": HOSTILE}, by=BY)
    bodies = [oak.page(), oak.client.get(f"/register/counts/{oak.take}/sheet/").content.decode()]
    oak.client.post(f"{oak.path}close/")
    oak.client.post(f"/register/counts/{oak.take}/finish/")
    bodies.append(oak.client.get(f"/register/counts/{oak.take}/").content.decode())
    for body in bodies:
        assert "<script>alert" not in body
        assert "\u202e" not in body
        assert "alert(1)" in body


@pytest.mark.parametrize("page", ["", "rooms", "take", "sheet"])
def test_a_page_of_a_count_costs_the_same_whatever_is_in_it(
    page: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, counted = signed_in(technician), []
    for number in (2, 60):
        oak = Counting(place, client, number, "Oak" if number == 2 else "Elm")
        for one in oak.made[: number // 2]:
            oak.tap("seen", one)
        paths = {"": "", "rooms": f"rooms/{oak.counted}/", "take": f"{oak.take}/"}
        paths["sheet"] = f"{oak.take}/sheet/"
        path = f"/register/counts/{paths[page]}"
        client.get(path)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        counted.append(len(caught))
    assert counted[0] == counted[1]
