"""A school is counted: what is frozen, what a scan comes to, what the end changes, who signs."""

import pytest

from inventory.assets import services as register
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.labels import services as labels
from inventory.models import Asset, CountedRoom, CountScan, Event, Expected, StockTake
from inventory.places.services import add_room, create_site
from inventory.stocktake import finishing, queries, services
from inventory.stocktake.services import NOWHERE, Answer, Scanned

NOW = 1_795_400_000
KEEPER, HELPER, HEAD = (By(f"user_{n}", NOW) for n in (1, 2, 3))

pytestmark = pytest.mark.django_db


class School:
    """A school with two rooms, a trolley of three, a desk computer, a lamp, something nowhere."""

    def __init__(self) -> None:
        self.site = create_site(name="Hill School", at=NOW)
        self.oak = add_room(self.site, "Oak", by=KEEPER)
        self.elm = add_room(self.site, "Elm", by=KEEPER)
        self.desk = self.add("HS-1", room=self.oak, serial="5CD 123-XY")
        self.trolley = self.add("T-1", room=self.oak, kind="trolley")
        self.inside = [self.add(f"HS-1{n}", parent=self.trolley) for n in range(3)]
        self.lamp = self.add("HS-2", room=self.elm)
        self.loose = self.add("HS-3")
        rooms = [self.oak, self.elm, NOWHERE]
        self.take = services.begin(self.site, "Autumn", rooms, by=KEEPER)
        found = CountedRoom.objects.filter(take=self.take)
        self.counted = {row.room_id or "": row.id for row in found}
        self.keys = 0

    def add(self, tag: str, **values: object) -> str:
        return register.add(self.site, {"tag": tag, "kind": "laptop", **values}, by=KEEPER)

    def begin(self, room: str) -> str:
        services.begin_room(self.site, self.counted[room], by=KEEPER)
        return self.counted[room]

    def scan(self, room: str, text: str, by: By = KEEPER, key: str = "") -> Answer:
        self.keys += 1
        scanned = Scanned(text, key or f"k{self.keys}", "camera")
        return services.scan(self.site, self.counted[room], scanned, by=by)

    def mark(self, room: str, kind: str, asset: str, text: str = "") -> None:
        self.keys += 1
        told = Scanned(text, f"k{self.keys}", "tick")
        services.mark(self.site, self.counted[room], kind, told, asset, by=KEEPER)

    def close(self, *rooms: str) -> None:
        for room in rooms:
            services.close_room(self.site, self.counted[room], by=KEEPER)

    def room(self, room: str) -> queries.Room:
        found = queries.room([self.site], self.counted[room])
        assert found is not None
        return found

    def whole(self) -> queries.Take:
        found = queries.take([self.site], self.take)
        assert found is not None
        return found


@pytest.fixture
def hill() -> School:
    return School()


def refused(code: str, do: object, *arguments: object, **named: object) -> str:
    with pytest.raises(RegisterError) as caught:
        do(*arguments, **named)  # type: ignore[operator]  # a service
    assert caught.value.code == code
    return caught.value.sentence


def test_a_room_expects_what_stands_in_it_and_what_is_kept_in_that(hill: School) -> None:
    register.move(hill.site, [hill.inside[0]], "repair", by=KEEPER)
    hill.begin(hill.oak)
    due = set(Expected.objects.values_list("asset_id", "trolley"))
    inside = {(one, hill.trolley) for one in hill.inside[1:]}
    assert due == {(hill.desk, ""), (hill.trolley, ""), *inside}
    hill.begin(NOWHERE)
    assert Expected.objects.filter(counted=hill.counted[NOWHERE]).get().asset_id == hill.loose


def test_what_is_expected_is_frozen_when_the_room_is_begun(hill: School) -> None:
    hill.begin(hill.oak)
    hill.add("HS-9", room=hill.oak)
    register.change(hill.site, hill.desk, {"room": hill.elm}, by=KEEPER)
    hill.begin(hill.oak)  # somebody else taps "begin" too
    hill.begin(hill.elm)
    assert Expected.objects.filter(counted=hill.counted[hill.oak]).count() == 5
    assert [e.asset_id for e in Expected.objects.filter(counted=hill.counted[hill.elm])] == [
        hill.lamp
    ]


@pytest.mark.parametrize(
    "text", ["HS-1", "hs-1", " HS-1\r\n", "5CD123XY", "5cd 123-xy", "\u200bHS-1"]
)
def test_a_tag_or_a_serial_is_found_as_people_and_scanners_write_it(
    hill: School, text: str
) -> None:
    hill.begin(hill.oak)
    assert hill.scan(hill.oak, text) == Answer("found", text.strip(" \r\n\u200b"), hill.desk)


def test_our_own_label_is_found_by_its_address(hill: School) -> None:
    hill.begin(hill.oak)
    code = labels.codes_for(hill.site, [hill.desk], by=KEEPER)[hill.desk]
    address = f"HTTPS://caretaker.example/L/{code.lower()}"
    assert hill.scan(hill.oak, address).asset == hill.desk
    elsewhere = f"https://caretaker.example/l/{'0' * 10}"
    assert hill.scan(hill.oak, elsewhere).outcome == "strange"


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "\0"])
def test_an_empty_scan_says_nothing(hill: School, text: str) -> None:
    hill.begin(hill.oak)
    assert hill.scan(hill.oak, text).outcome == "empty"
    assert not CountScan.objects.exists()


def test_a_scan_may_say_anything_and_is_kept_short_and_visible(hill: School) -> None:
    hill.begin(hill.oak)
    for text in ("x" * 100_000, "http://[", "<script>\x07\u202e", "a\nb", "To be filled by O.E.M."):
        assert hill.scan(hill.oak, text).outcome == "strange"
    kept = CountScan.objects.values_list("text", flat=True)
    assert max(map(len, kept)) == 128
    assert all(text.isprintable() for text in kept)


def test_what_comes_twice_is_said_with_who_saw_it_first_and_counts_once(hill: School) -> None:
    hill.begin(hill.oak)
    hill.scan(hill.oak, "HS-1", HELPER)
    again = hill.scan(hill.oak, "5CD123XY")
    assert (again.outcome, again.before) == ("twice", (hill.counted[hill.oak], NOW, HELPER.actor))
    assert hill.scan(hill.oak, "X1").outcome == "strange"
    assert hill.scan(hill.oak, "x1").outcome == "twice"
    assert CountScan.objects.count() == 2


def test_a_scan_that_is_sent_again_answers_the_same_and_counts_once(hill: School) -> None:
    hill.begin(hill.oak)
    answers = [hill.scan(hill.oak, "HS-1", key="same") for _ in range(3)]
    assert {answer.outcome for answer in answers} == {"found"}
    assert CountScan.objects.count() == 1
    refused("bad_value", hill.scan, hill.oak, "HS-1", key="k" * 41)


def test_what_is_expected_elsewhere_is_amber_with_its_place(hill: School) -> None:
    hill.begin(hill.oak)
    assert hill.scan(hill.oak, "HS-2").outcome == "moved"
    (thing,) = [one for one in hill.room(hill.oak).things if one.is_ == "moved"]
    assert (thing.asset, thing.place) == (hill.lamp, "Elm")
    hill.begin(hill.elm)
    (thing,) = hill.room(hill.elm).things
    assert (thing.is_, thing.seen_in) == ("elsewhere", "Oak")


def test_two_things_with_one_serial_are_never_guessed(hill: School) -> None:
    other = hill.add("HS-4", room=hill.oak, serial="5CD123XY")
    hill.begin(hill.oak)
    answer = hill.scan(hill.oak, "5CD123XY")
    assert (answer.outcome, set(answer.others)) == ("unclear", {hill.desk, other})
    assert not CountScan.objects.exists()


def test_a_closed_room_takes_nothing_until_it_is_opened_again(hill: School) -> None:
    refused("not_begun", hill.scan, hill.oak, "HS-1")
    hill.begin(hill.oak)
    hill.close(hill.oak)
    refused("closed", hill.scan, hill.oak, "HS-1")
    services.reopen_room(hill.site, hill.counted[hill.oak], by=HELPER)
    assert hill.scan(hill.oak, "HS-1").outcome == "found"


def test_what_the_register_does_not_know_becomes_an_entry_there_and_counted(hill: School) -> None:
    counted = hill.begin(hill.oak)
    hill.scan(hill.oak, "NEW-7")
    told = Scanned("NEW-7", "form", "typed")
    values = {"tag": "NEW-7", "kind": "laptop"}
    made = services.add_to_register(hill.site, counted, told, values, by=KEEPER)
    assert services.add_to_register(hill.site, counted, told, values, by=KEEPER) == made
    assert Asset.objects.get(id=made).room_id == hill.oak
    room = hill.room(hill.oak)
    assert (room.strange, [t.asset for t in room.things if t.is_ == "moved"]) == ((), [made])
    taken = {"tag": "HS-1"}
    refused(
        "tag_taken",
        services.add_to_register,
        hill.site,
        counted,
        Scanned("Z", "f2"),
        taken,
        by=KEEPER,
    )


def test_the_end_moves_what_lives_here_now_in_one_step_and_nothing_else(hill: School) -> None:
    for room in (hill.oak, hill.elm):
        hill.begin(room)
    hill.scan(hill.elm, "T-1")
    hill.scan(hill.oak, "HS-2")
    hill.mark(hill.elm, "lives", hill.trolley)
    before = Asset.objects.get(id=hill.desk).seq
    refused("open_rooms", finishing.finish, hill.site, hill.take, by=KEEPER)
    hill.close(hill.oak, hill.elm)
    finishing.finish(hill.site, hill.take, by=KEEPER)
    rooms = dict(Asset.objects.values_list("id", "room_id"))
    assert (rooms[hill.trolley], rooms[hill.lamp]) == (hill.elm, hill.elm)
    assert Asset.objects.get(id=hill.desk).seq == before
    assert Asset.objects.get(id=hill.desk).state == "in_use"  # missing, and nothing follows
    take = hill.whole()
    assert register.undo(hill.site, take.batch, by=KEEPER).done == 4  # and what is in it
    assert Asset.objects.get(id=hill.trolley).room_id == hill.oak


def test_the_result_says_what_was_found_moved_and_missing_as_it_was_then(hill: School) -> None:
    hill.begin(hill.oak)
    hill.scan(hill.oak, "T-1", HELPER)
    hill.scan(hill.oak, "HS-2")
    hill.scan(hill.oak, "WHAT")
    hill.mark(hill.oak, "lives", hill.lamp)
    hill.close(hill.oak)
    finishing.finish(hill.site, hill.take, by=KEEPER)
    result = hill.whole().result[hill.counted[hill.oak]]
    assert (result["expected"], result["found"], result["moved"], result["missing"]) == (5, 4, 1, 1)
    lines = {line["asset"]: line for line in result["lines"]}
    assert lines[hill.desk]["is"] == "missing"
    assert (lines[hill.lamp]["place"], lines[hill.lamp]["lives"]) == ("Elm", True)
    assert lines[hill.inside[0]]["trolley"] == hill.trolley
    assert [one["text"] for one in result["strange"]] == ["WHAT"]
    assert sorted(result["counters"]) == [KEEPER.actor, HELPER.actor]
    assert hill.whole().result[hill.counted[hill.elm]]["lines"] == []


def finished(hill: School, *counters: By) -> None:
    hill.begin(hill.oak)
    for number, by in enumerate(counters):
        hill.scan(hill.oak, f"HS-1{number}", by)
    hill.close(hill.oak)
    finishing.finish(hill.site, hill.take, by=KEEPER)


def test_whoever_counted_alone_does_not_sign(hill: School) -> None:
    finished(hill, KEEPER)
    said = refused("only_counter", finishing.sign, hill.site, hill.take, "K", by=KEEPER)
    assert "head" in said
    finishing.sign(hill.site, hill.take, "Helen Marsh", by=HEAD)
    refused("signed", finishing.sign, hill.site, hill.take, "Again", by=HEAD)
    assert (hill.whole().state, hill.whole().signed_name) == ("signed", "Helen Marsh")


def test_one_of_two_counters_may_sign_and_nobody_signs_an_empty_count(hill: School) -> None:
    finished(hill, KEEPER, HELPER)
    finishing.sign(hill.site, hill.take, "Keeper", by=KEEPER)
    assert finishing.why_not([], HEAD.actor).startswith("Nothing was counted")
    refused("bad_value", finishing.sign, hill.site, hill.take, " ", by=HEAD)


def test_a_count_is_signed_only_when_it_is_finished(hill: School) -> None:
    refused("not_finished", finishing.sign, hill.site, hill.take, "Helen", by=HEAD)
    refused("nothing", finishing.finish, hill.site, hill.take, by=KEEPER)


def test_what_was_signed_stays_and_a_change_behind_it_shows(hill: School) -> None:
    finished(hill, KEEPER)
    finishing.sign(hill.site, hill.take, "Helen Marsh", by=HEAD)
    register.change(hill.site, hill.desk, {"name": "Another name"}, by=KEEPER)
    assert hill.whole().as_signed
    refused("finished", hill.scan, hill.oak, "HS-1")
    refused("finished", services.reopen_room, hill.site, hill.counted[hill.oak], by=KEEPER)
    refused("finished", services.stop, hill.site, hill.take, by=KEEPER)
    room = CountedRoom.objects.get(id=hill.counted[hill.oak])
    room.result["lines"].pop()
    room.save()
    assert not hill.whole().as_signed


def test_each_step_is_in_the_ledger_and_scans_are_covered_by_their_rooms_closing(
    hill: School,
) -> None:
    finished(hill, KEEPER)
    finishing.sign(hill.site, hill.take, "Helen Marsh", by=HEAD)
    verbs = Event.objects.filter(subject=hill.take).order_by("seq").values_list("verb", flat=True)
    closing = ["count.close_room", "count.finish", "count.sign"]
    assert list(verbs) == ["count.begin", "count.room", *closing]


def test_only_what_this_count_missed_and_can_be_lost_is_marked_lost(hill: School) -> None:
    retired = hill.add("HS-8", room=hill.oak)
    register.move(hill.site, [retired], "retired", by=KEEPER)
    finished(hill, KEEPER)
    asked = [hill.desk, hill.lamp, retired]
    done, step = finishing.mark_lost(hill.site, hill.take, asked, by=HEAD)
    states = dict(Asset.objects.values_list("id", "state"))
    assert (done, states[hill.desk], states[hill.lamp]) == (1, "lost", "in_use")
    register.undo(hill.site, step, by=HEAD)
    assert Asset.objects.get(id=hill.desk).state == "in_use"
    refused("nothing", finishing.mark_lost, hill.site, hill.take, [retired], by=HEAD)


def test_an_entry_knows_when_and_by_whom_it_was_last_counted(hill: School) -> None:
    assert queries.last_counted([hill.site], hill.desk) is None
    hill.begin(hill.oak)
    hill.scan(hill.oak, "T-1", HELPER)
    assert queries.last_counted([hill.site], hill.inside[0]) is None
    hill.close(hill.oak)
    finishing.finish(hill.site, hill.take, by=KEEPER)
    assert queries.last_counted([hill.site], hill.inside[0]) == (NOW, HELPER.actor)
    assert queries.last_counted(["site_other"], hill.trolley) is None


def test_a_count_that_was_given_up_says_nothing_of_anything(hill: School) -> None:
    hill.begin(hill.oak)
    hill.scan(hill.oak, "HS-1")
    services.stop(hill.site, hill.take, by=KEEPER)
    assert queries.last_counted([hill.site], hill.desk) is None
    refused("stopped", hill.scan, hill.oak, "HS-1")
    refused("stopped", finishing.finish, hill.site, hill.take, by=KEEPER)


def test_another_schools_count_room_and_things_do_not_exist(hill: School) -> None:
    other = create_site(name="Vale", at=NOW)
    theirs = add_room(other, "Ash", by=KEEPER)
    stranger = register.add(other, {"tag": "V-1", "room": theirs}, by=KEEPER)
    counted = hill.begin(hill.oak)
    told = Scanned("V-1", "k-x")
    assert hill.scan(hill.oak, "V-1").outcome == "strange"
    refused("not_found", services.scan, other, counted, told, by=KEEPER)
    refused("not_found", hill.mark, hill.oak, "seen", stranger)
    refused("not_found", services.begin, hill.site, "Mine", [theirs], by=KEEPER)
    refused("not_found", finishing.finish, other, hill.take, by=KEEPER)
    assert queries.take([other], hill.take) is None
    assert queries.room([other], counted) is None
    assert queries.takes([other]) == []


@pytest.mark.parametrize("name", ["", "  ", "n" * 81])
def test_a_count_has_a_name_and_rooms(hill: School, name: str) -> None:
    refused("bad_value", services.begin, hill.site, name, [hill.oak], by=KEEPER)
    refused("nothing", services.begin, hill.site, "Name", [], by=KEEPER)
    assert StockTake.objects.count() == 1
