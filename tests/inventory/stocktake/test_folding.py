"""A count is the fold of its scans: tried as plain values, in every order two people make."""

from hypothesis import given
from hypothesis import strategies as st

from inventory.stocktake.folding import Due, Scan, fold

OAK, ELM = "croom_oak", "croom_elm"
DUE = (
    Due(OAK, "desk"),
    Due(OAK, "trolley"),
    Due(OAK, "ipad1", "trolley"),
    Due(OAK, "case", "trolley"),
    Due(OAK, "stick", "case"),
    Due(ELM, "lamp"),
)


def scan(asset: str, room: str = OAK, kind: str = "seen", by: str = "u1", text: str = "") -> Scan:
    return Scan(room, kind, asset, text or asset, 100, by)


def test_what_is_expected_and_seen_is_found_and_the_rest_is_missing() -> None:
    room = fold([scan("desk")], DUE).room(OAK)
    assert room.found == ["desk"]
    assert room.missing == ["trolley", "ipad1", "case", "stick"]
    assert room.expected == 5


def test_a_trolley_counts_with_everything_in_it_however_deep() -> None:
    tally = fold([scan("trolley")], DUE)
    assert tally.room(OAK).found == ["trolley", "ipad1", "case", "stick"]
    assert tally.seen["stick"].trolley == "case"
    assert tally.seen["trolley"].trolley == ""


def test_whoever_looks_into_a_trolley_counts_each_thing_in_it() -> None:
    looked = [scan("trolley"), scan("trolley", kind="open"), scan("ipad1")]
    room = fold(looked, DUE).room(OAK)
    assert (room.found, room.missing) == (["trolley", "ipad1"], ["desk", "case", "stick"])
    shut = fold([*looked, scan("trolley", kind="shut")], DUE).room(OAK)
    assert shut.missing == ["desk"]


def test_a_trolley_in_another_room_takes_its_content_along() -> None:
    tally = fold([scan("trolley", ELM)], DUE)
    assert tally.room(OAK).elsewhere == ["trolley", "ipad1", "case", "stick"]
    assert sorted(tally.room(ELM).moved) == ["case", "ipad1", "stick", "trolley"]


def test_a_trolley_whose_own_room_was_not_begun_brings_what_the_register_says() -> None:
    tally = fold([scan("cart", ELM)], DUE, {"cart": ["tablet"]})
    assert sorted(tally.room(ELM).moved) == ["cart", "tablet"]


def test_what_was_seen_twice_stands_where_it_was_seen_last() -> None:
    tally = fold([scan("lamp", ELM), scan("lamp", OAK)], DUE)
    assert tally.room(OAK).moved == ["lamp"]
    assert (tally.room(ELM).elsewhere, tally.room(ELM).missing) == (["lamp"], [])


def test_a_mistake_is_taken_back_in_its_own_room_only() -> None:
    seen = [scan("lamp", ELM), scan("lamp", OAK, "gone")]
    assert fold(seen, DUE).room(ELM).found == ["lamp"]
    assert fold([*seen, scan("lamp", ELM, "gone")], DUE).room(ELM).missing == ["lamp"]


def test_what_nobody_knows_is_listed_once_until_it_is_known_or_taken_back() -> None:
    strange = [scan("", text="X 9"), scan("", text="x  9", by="u2"), scan("", text="Y")]
    assert [one.text for one in fold(strange, DUE).room(OAK).strange] == ["X 9", "Y"]
    known = [*strange, scan("new", text="X 9"), scan("", kind="gone", text="y")]
    assert fold(known, DUE).room(OAK).strange == []
    assert fold(known, DUE).room(OAK).moved == ["new"]


def test_a_thing_lives_where_it_was_seen_and_nowhere_after_a_second_thought() -> None:
    lives = [scan("lamp"), scan("lamp", kind="lives")]
    assert fold(lives, DUE).lives == {"lamp": OAK}
    assert fold([*lives, scan("lamp", kind="stays")], DUE).lives == {}
    assert fold([*lives, scan("lamp", ELM)], DUE).lives == {}
    assert fold([scan("lamp", kind="lives")], DUE).lives == {}


def test_who_counted_is_named_once_for_each_room() -> None:
    scans = [scan("desk"), scan("ipad1", by="u2"), scan("case"), scan("lamp", ELM, by="u3")]
    assert fold(scans, DUE).counters == {OAK: ["u1", "u2"], ELM: ["u3"]}


ASSETS = ("desk", "trolley", "ipad1", "case", "stick", "lamp", "other", "")
SCANS = st.builds(
    scan,
    st.sampled_from(ASSETS),
    st.sampled_from([OAK, ELM]),
    st.sampled_from(["seen", "gone", "open", "shut", "lives", "stays", "with"]),
    st.sampled_from(["u1", "u2"]),
    st.sampled_from(["A", "B"]),
)


@given(st.lists(SCANS, max_size=30))
def test_everything_expected_is_found_elsewhere_or_missing_and_never_two_of_them(
    scans: list[Scan],
) -> None:
    tally = fold(scans, DUE)
    rooms = tally.rooms([OAK, ELM])
    for name, due in ((OAK, 5), (ELM, 1)):
        room = rooms[name]
        sorted_ = [*room.found, *room.elsewhere, *room.missing]
        assert (len(sorted_), len(set(sorted_)), room.expected) == (due, due, due)
    assert {a for room in rooms.values() for a in (*room.found, *room.moved)} == set(tally.seen)


@given(st.lists(SCANS, max_size=20), st.data())
def test_scans_that_come_twice_count_once(scans: list[Scan], data: st.DataObject) -> None:
    seen = [one for one in scans if one.kind == "seen"]
    again = data.draw(st.integers(0, max(0, len(seen) - 1)))
    twice = [*seen[: again + 1], *seen[again : again + 1], *seen[again + 1 :]]
    assert fold(seen, DUE) == fold(twice, DUE)
