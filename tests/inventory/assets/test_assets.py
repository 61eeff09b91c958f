"""Entries of the register: added, changed, moved, undone; history and row always agree."""

import pytest
from django.db.models import CharField
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.assets import services
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.fields import FIELDS, clean
from inventory.assets.folding import Change, HistoryError, fold
from inventory.assets.states import MOVES, STATES, State, check_move
from inventory.assets.writing import By, values_of
from inventory.identity import recognising
from inventory.ids import new_id
from inventory.models import Asset, AssetEvent, AssetMark, Event
from inventory.places.services import add_pool, add_room, create_site, end_room

NOW = 1_795_400_000
BY = By("user_1", NOW)
BATCH = By("user_1", NOW, batch="batch_1")

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


def row(asset_id: str) -> Asset:
    return Asset.objects.get(id=asset_id)


def folded(asset_id: str) -> dict[str, object]:
    events = AssetEvent.objects.filter(asset_id=asset_id).order_by("seq")
    return fold(Change(e.seq, e.before, e.after) for e in events)


def test_an_entry_holds_what_was_said_and_its_history_says_who(site: str) -> None:
    room = add_room(site, "Oak class", by=BY)
    made = services.add(
        site,
        {
            "tag": "HS-001",
            "kind": "laptop",
            "serial": " 5CD1234XYZ ",
            "room": room,
            "cost_pence": 45_000,
        },
        by=BY,
    )
    entry = row(made)
    assert (entry.tag, entry.serial, entry.room_id, entry.cost_pence) == (
        "HS-001",
        "5CD1234XYZ",
        room,
        45_000,
    )
    assert entry.fixed_by_person == ["cost_pence", "kind", "room", "serial", "tag"]
    (event,) = AssetEvent.objects.filter(asset=entry)
    assert (event.seq, event.actor, event.source, event.before) == (1, "user_1", "person", {})
    assert folded(made) == values_of(entry)


def test_a_change_is_an_event_with_before_and_after_and_no_change_is_none(site: str) -> None:
    made = services.add(site, {"tag": "1", "name": "old"}, by=BY)
    assert services.change(site, made, {"name": "new", "tag": "1"}, by=BY)
    assert not services.change(site, made, {"name": "new"}, by=BY)
    last = AssetEvent.objects.filter(asset_id=made).latest("seq")
    assert (last.seq, last.before, last.after) == (2, {"name": "old"}, {"name": "new"})


def test_two_people_at_one_entry_lose_nothing(site: str) -> None:
    made = services.add(site, {"name": "a"}, by=BY)
    services.change(site, made, {"name": "b", "notes": "hers"}, by=BY, seen=1)
    with pytest.raises(StaleError) as stale:
        services.change(site, made, {"name": "c", "make": "HP"}, by=BY, seen=1)
    assert stale.value.fields == ["name"]
    assert (row(made).name, row(made).make) == ("b", "")


def test_a_tag_is_one_entrys_in_a_school_and_free_in_another(site: str) -> None:
    services.add(site, {"tag": "HS-1"}, by=BY)
    other = create_site(name="Dale School", at=NOW)
    services.add(other, {"tag": "HS-1"}, by=BY)
    for rows in ([{"tag": "HS-1"}], [{"tag": "HS-2"}, {"tag": "HS-2"}]):
        with pytest.raises(RegisterError) as refused:
            services.add_many(site, rows, by=BATCH)
        assert refused.value.code == "tag_taken"
    assert Asset.objects.filter(site_id=site).count() == 1


def test_a_delivery_is_one_step_in_the_ledger_and_one_to_undo(site: str) -> None:
    before = Event.objects.count()
    made = services.add_many(site, [{"tag": f"HS-{n}"} for n in range(30)], by=BATCH)
    assert Event.objects.count() == before + 1
    services.change(site, made[3], {"name": "changed since"}, by=BY)
    undone = services.undo(site, "batch_1", by=BY)
    assert (undone.done, undone.kept) == (29, [made[3]])
    assert row(made[0]).state == "withdrawn"
    assert row(made[3]).state == "in_use"
    assert services.add(site, {"tag": "HS-0"}, by=BY)
    assert all(folded(one) == values_of(row(one)) for one in made)


def test_a_step_that_changed_one_entry_twice_is_undone_in_order(site: str) -> None:
    made = services.add(site, {"name": "first"}, by=BY)
    services.change(site, made, {"name": "second"}, by=BATCH)
    services.change(site, made, {"name": "third"}, by=BATCH)
    assert services.undo(site, "batch_1", by=BY).done == 2
    assert row(made).name == "first"


def test_what_another_school_owns_is_not_found(site: str) -> None:
    other = create_site(name="Dale School", at=NOW)
    made, room = services.add(other, {}, by=BY), add_room(other, "Hall", by=BY)
    with pytest.raises(RegisterError):
        services.change(site, made, {"name": "x"}, by=BY)
    with pytest.raises(RegisterError):
        services.add(site, {"room": room}, by=BY)


def test_a_room_that_is_no_more_takes_nothing_and_a_full_one_does_not_end(site: str) -> None:
    room = add_room(site, "Hall", by=BY)
    made = services.add(site, {"room": room}, by=BY)
    with pytest.raises(RegisterError, match="somewhere else"):
        end_room(site, room, by=BY)
    services.change(site, made, {"room": ""}, by=BY)
    end_room(site, room, by=BY)
    with pytest.raises(RegisterError):
        services.change(site, made, {"room": room}, by=BY)
    assert add_room(site, "Hall", by=BY) != room


def test_two_pools_of_one_name_are_refused(site: str) -> None:
    add_pool(site, "Year 4 iPads", by=BY)
    with pytest.raises(RegisterError):
        add_pool(site, " Year  4 iPads", by=BY)


def test_only_trolleys_hold_things_and_nothing_holds_itself(site: str) -> None:
    trolley, other = (services.add(site, {"kind": "trolley"}, by=BY) for _ in range(2))
    laptop = services.add(site, {"kind": "laptop", "parent": trolley}, by=BY)
    with pytest.raises(RegisterError):
        services.add(site, {"parent": laptop}, by=BY)
    services.change(site, other, {"parent": trolley}, by=BY)
    for inside in (trolley, other):
        with pytest.raises(RegisterError):
            services.change(site, trolley, {"parent": inside}, by=BY)
    with pytest.raises(RegisterError):
        services.withdraw(site, trolley, by=BY)
    services.change_many(site, {laptop: {"parent": ""}, other: {"parent": ""}}, by=BATCH)
    services.withdraw(site, trolley, by=BY)


@pytest.mark.parametrize("before", STATES)
def test_every_step_of_a_life_is_allowed_or_refused_with_what_is_possible(before: State) -> None:
    for after in STATES:
        if after in MOVES[before]:
            check_move(before, after)
        else:
            with pytest.raises(RegisterError, match="can become"):
                check_move(before, after)
    assert "disposed" not in MOVES[before]


def test_nothing_leaves_by_a_move_and_what_is_gone_stays_gone(site: str) -> None:
    made = services.add(site, {}, by=BY)
    services.move(site, [made], "retired", by=BY)
    with pytest.raises(RegisterError):
        services.move(site, [made], "disposed", by=BY)
    services.withdraw(site, made, by=BY)
    with pytest.raises(RegisterError):
        services.move(site, [made], "in_use", by=BY)


def test_a_report_fills_what_nobody_entered_and_what_was_let_go(site: str) -> None:
    made = services.add(site, {"name": "Office PC"}, by=BY)
    report = {"name": "DESKTOP-1", "model": "ProDesk"}
    assert recognising.update_from_report(made, report, actor="dev_1", at=NOW)
    assert (row(made).name, row(made).model) == ("Office PC", "ProDesk")
    services.release(site, made, ["name"], by=BY)
    assert recognising.update_from_report(made, report, actor="dev_1", at=NOW)
    assert row(made).name == "DESKTOP-1"
    assert folded(made) == values_of(row(made))


def test_a_serial_typed_in_recognises_a_computer_and_a_corrected_one_no_more(site: str) -> None:
    made = services.add(site, {"serial": "5CD-1234-XYZ", "kind": "laptop"}, by=BY)
    looks = recognising.Looks("n", "m", "windows", {"serial": ["5cd1234xyz"]})
    found = recognising.recognise(site, looks, bound=(), actor="dev_1", at=NOW)
    assert found.asset_id == made
    services.change(site, made, {"serial": "5CD9999ABC"}, by=BY)
    assert list(
        AssetMark.objects.filter(asset_id=made, entered=True).values_list("value", flat=True)
    ) == ["5CD9999ABC"]


def test_a_placeholder_typed_in_is_kept_as_text_and_recognises_nothing(site: str) -> None:
    made = services.add(site, {"serial": "To be filled by O.E.M."}, by=BY)
    assert row(made).serial == "To be filled by O.E.M."
    assert not AssetMark.objects.filter(asset_id=made).exists()


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("name", "  Oak\tclass \u202e7\x00 ", "Oak class 7"),
        ("notes", "a \r\n  b\x1b[31m", "a\n  b[31m"),
        ("cost_pence", None, None),
        ("cost_pence", "", None),
        ("cost_pence", 0, 0),
        ("bought_on", "2026-09-01", "2026-09-01"),
        ("bought_on", None, ""),
        ("name", "e\u0301", "é"),
    ],
)
def test_a_value_is_kept_plain(name: str, value: object, kept: object) -> None:
    assert clean(name, value) == kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "x" * 256),
        ("name", 7),
        ("kind", "spaceship"),
        ("bought_on", "01/09/2026"),
        ("bought_on", "2026-02-30"),
        ("bought_on", "1969-12-31"),
        ("bought_on", "2100-01-02"),
        ("bought_on", "\u0662\u0660\u0662\u0666-09-01"),
        ("cost_pence", -1),
        ("cost_pence", True),
        ("cost_pence", "45.00"),
        ("cost_pence", 1.5),
        ("nonsense", "x"),
        ("state", "disposed"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(name: str, value: object) -> None:
    with pytest.raises(RegisterError) as refused:
        clean(name, value)
    assert refused.value.field == name


def test_every_field_has_a_column_and_a_room_of_its_length() -> None:
    for name, field in FIELDS.items():
        column = Asset._meta.get_field(name)
        if field.kind in ("text", "choice", "date"):
            assert isinstance(column, CharField)
            assert column.max_length == field.longest, name


def test_a_history_with_a_gap_or_a_lie_is_found() -> None:
    with pytest.raises(HistoryError, match="missing"):
        fold([Change(2, {}, {"name": "x"})])
    with pytest.raises(HistoryError, match="something else"):
        fold([Change(1, {}, {"name": "x"}), Change(2, {"name": "y"}, {"name": "z"})])


WORDS = st.text(alphabet="abc \x00\u202e", max_size=4)
DEEDS = st.lists(
    st.one_of(
        st.tuples(
            st.just("change"),
            st.fixed_dictionaries({}, optional={"name": WORDS, "make": WORDS, "notes": WORDS}),
        ),
        st.tuples(st.just("report"), st.fixed_dictionaries({"name": WORDS, "model": WORDS})),
        st.tuples(st.just("release"), st.sampled_from(["name", "make"])),
        st.tuples(st.just("move"), st.sampled_from(["stored", "in_use", "lost", "repair"])),
        st.tuples(st.just("undo"), st.just("")),
    ),
    max_size=8,
)


class AnyHistory(TestCase):
    @settings(max_examples=40)
    @given(DEEDS)
    def test_whatever_happens_the_row_is_the_fold_of_its_events(
        self, deeds: list[tuple[str, object]]
    ) -> None:
        site = create_site(name="Hill School", at=NOW)
        made = services.add(site, {"name": "x"}, by=BY)
        batch = ""
        for verb, what in deeds:
            try:
                if verb == "change":
                    batch = new_id("batch", NOW)
                    services.change(site, made, what, by=By("user_1", NOW, batch=batch))  # type: ignore[arg-type]  # by verb
                elif verb == "report":
                    recognising.update_from_report(made, what, actor="dev_1", at=NOW)  # type: ignore[arg-type]  # by verb
                elif verb == "release":
                    services.release(site, made, [str(what)], by=BY)
                elif verb == "move":
                    services.move(site, [made], what, by=BY)  # type: ignore[arg-type]  # by verb
                elif batch:
                    services.undo(site, batch, by=BY)
            except RegisterError:
                pass
            assert folded(made) == values_of(row(made))
