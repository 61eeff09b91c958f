"""Whatever is done to a few entries in whatever order, what is kept of them agrees with itself."""

from collections import Counter
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.allocation import handovers, people
from inventory.allocation import services as loans
from inventory.allocation.services import Terms
from inventory.assets import services
from inventory.assets.beside import text_of
from inventory.assets.errors import RegisterError
from inventory.assets.folding import Change, fold
from inventory.assets.states import GONE
from inventory.assets.writing import By, values_of
from inventory.identity import merging
from inventory.ids import new_id
from inventory.models import Allocation, Asset, AssetEvent, AssetTally, AssetText
from inventory.places import contents
from inventory.places.services import add_pool, add_room, create_site
from inventory.rollover import services as rollover
from inventory.rollover.planning import Asked

NOW = 1_795_400_000
KINDS = ("laptop", "laptop", "trolley", "trolley")
THING = st.integers(0, len(KINDS) - 1)
WHERE = st.integers(0, 6)
DEED = st.one_of(
    st.tuples(st.sampled_from(["give", "put in", "lend"]), THING, WHERE),
    st.tuples(st.sampled_from(["take back", "take out", "extend", "withdraw"]), THING, THING),
    st.tuples(st.sampled_from(["merge", "part", "name", "lose", "bring"]), THING, THING),
    st.tuples(st.sampled_from(["undo", "undo give", "undo year"]), st.integers(0, 9), THING),
    st.tuples(st.just("year"), WHERE, WHERE),
)


class World:
    """A school with four things, two people, two rooms and a set."""

    def __init__(self) -> None:
        self.site = create_site(name="Hill School", at=NOW)
        self.number = 0
        by = self.by()
        rows = [{"tag": f"T-{n}", "kind": kind} for n, kind in enumerate(KINDS)]
        self.things = services.add_many(self.site, rows, by=by)
        self.rooms = [add_room(self.site, name, by=by) for name in ("Oak", "Elm")]
        self.pool = add_pool(self.site, "Year 4", by=by)
        self.people = [people.add_person(self.site, n, "staff", by=by) for n in ("Jo", "Sam")]
        self.where = [*self.people, *self.rooms, self.pool, *self.things[2:]]
        self.years: list[str] = []

    def by(self) -> By:
        self.number += 1
        at = NOW + self.number
        return By("user_1", at, batch=new_id("batch", at))

    def do(self, deed: tuple[str, int, int]) -> None:
        verb, first, second = deed
        try:
            DEEDS[verb](self, first, second)
        except RegisterError:
            pass

    def batch(self, back: int) -> str:
        known = AssetEvent.objects.exclude(batch="").values_list("batch", flat=True)
        newest = sorted(set(known), reverse=True)
        return newest[back % len(newest)]

    def give(self, thing: int, to: int) -> None:
        terms = Terms(take=True)
        handovers.give(self.site, [self.things[thing]], self.where[to], by=self.by(), terms=terms)

    def lend(self, thing: int, to: int) -> None:
        terms = Terms(take=True, due_on="2026-12-01", goes_home=True)
        handovers.give(self.site, [self.things[thing]], self.where[to], by=self.by(), terms=terms)

    def put_in(self, thing: int, to: int) -> None:
        contents.put_in(self.site, self.where[to], [self.things[thing]], by=self.by())

    def extend(self, thing: int, _: int) -> None:
        for loan in Allocation.objects.filter(asset=self.things[thing], until=None):
            by = self.by()
            loans.extend(self.site, loan.id, f"2027-01-{by.at % 28 + 1:02}", by=by)

    def year(self, source: int, to: int) -> None:
        source_id, to_id = self.where[source], self.where[to]
        hand = source_id.startswith("pers_")
        asked = Asked(hands={source_id: to_id}) if hand else Asked(places={source_id: to_id})
        if not hand or to_id.startswith("pers_"):
            self.years.append(rollover.carry_out(self.site, asked, by=self.by()))

    def undo_year(self, back: int, _: int) -> None:
        if self.years:
            rollover.undo(self.site, self.years[back % len(self.years)], by=self.by())

    def check(self) -> None:
        rows = {row.id: row for row in Asset.objects.all()}
        for row in rows.values():
            events = AssetEvent.objects.filter(asset=row).order_by("seq")
            assert fold(Change(e.seq, e.before, e.after) for e in events) == values_of(row)
            self.check_loan(row)
            if row.state not in GONE and row.parent_id:
                assert rows[row.parent_id].state not in GONE, "kept in what is gone"
            above, steps = row.parent_id, 0
            while above:
                assert above != row.id, "kept in itself"
                assert steps < 9
                above, steps = rows[above].parent_id, steps + 1
        texts = dict(AssetText.objects.values_list("asset_id", "text"))
        assert texts == {row.id: text_of(row) for row in rows.values()}
        tallies = AssetTally.objects.exclude(n=0).values_list("state", "kind", "n")
        counted = Counter((row.state, row.kind) for row in rows.values())
        assert {(state, kind): n for state, kind, n in tallies} == counted

    def check_loan(self, row: Asset) -> None:
        open_ones = list(Allocation.objects.filter(asset=row, until=None))
        assert len(open_ones) <= 1
        told = [
            (one.person_id or one.room_id or one.pool_id or one.trolley_id, one.due_on)
            for one in open_ones
        ]
        assert told == ([(row.holder, row.due_on)] if row.holder else [])
        assert row.holder or not row.due_on
        assert not (row.holder and row.state in GONE), "given out, and gone"
        assert row.holder != row.id


DEEDS: dict[str, Callable[[World, int, int], object]] = {
    "give": World.give,
    "lend": World.lend,
    "put in": World.put_in,
    "extend": World.extend,
    "year": World.year,
    "undo year": World.undo_year,
    "take back": lambda w, a, b: loans.take_back(w.site, [w.things[a], w.things[b]], by=w.by()),
    "take out": lambda w, a, _: services.change(w.site, w.things[a], {"parent": ""}, by=w.by()),
    "withdraw": lambda w, a, _: services.withdraw(w.site, w.things[a], by=w.by()),
    "merge": lambda w, a, b: merging.merge(w.site, w.things[a], w.things[b], by=w.by()),
    "part": lambda w, a, _: merging.unmerge(w.site, w.things[a], by=w.by()),
    "name": lambda w, a, b: services.change(w.site, w.things[a], {"name": f"n{b}"}, by=w.by()),
    "lose": lambda w, a, _: services.move(w.site, [w.things[a]], "lost", by=w.by()),
    "bring": lambda w, a, _: services.move(w.site, [w.things[a]], "in_use", by=w.by()),
    "undo": lambda w, a, _: services.undo(w.site, w.batch(a), by=w.by()),
    "undo give": lambda w, a, _: handovers.undo(w.site, w.batch(a), by=w.by()),
}


class AnyOrder(TestCase):
    @settings(max_examples=10)
    @given(st.lists(DEED, min_size=4, max_size=12))
    def test_history_loans_counts_and_texts_agree_after_any_deeds(
        self, deeds: list[tuple[str, int, int]]
    ) -> None:
        world = World()
        for deed in deeds:
            world.do(deed)
        world.check()
