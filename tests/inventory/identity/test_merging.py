"""Two entries made one and apart again: nothing is lost on the way there or back."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.assets import services
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.folding import Change, fold
from inventory.assets.writing import By, values_of
from inventory.identity import recognising
from inventory.identity.merging import merge, unmerge
from inventory.models import Asset, AssetEvent, AssetMark
from inventory.places.services import create_site

NOW = 1_795_400_000
BY = By("user_1", NOW)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


def values(asset_id: str) -> dict[str, object]:
    return values_of(Asset.objects.get(id=asset_id))


def folded(asset_id: str) -> dict[str, object]:
    events = AssetEvent.objects.filter(asset_id=asset_id).order_by("seq")
    return fold(Change(e.seq, e.before, e.after) for e in events)


def seen_as(site: str, serial: str) -> str | None:
    looks = recognising.Looks("n", "m", "windows", {"serial": [serial]})
    found = recognising.recognise(site, looks, bound=(), actor="dev_1", at=NOW)
    return found.asset_id


@pytest.fixture
def paper(site: str) -> str:
    """What a spreadsheet says of a laptop: no serial number."""
    return services.add(site, {"tag": "HS-1", "kind": "laptop", "cost_pence": 40_000}, by=BY)


@pytest.fixture
def machine(site: str) -> str:
    """What the laptop itself said."""
    looks = recognising.Looks("Y4-1", "ProBook", "windows", {"serial": ["5CD1234XYZ"]}, "HP")
    made = recognising.recognise(site, looks, bound=(), actor="dev_1", at=NOW).asset_id
    assert made is not None
    return made


def test_the_one_that_stays_takes_what_it_did_not_know(site: str, paper: str, machine: str) -> None:
    merge(site, paper, machine, by=BY)
    kept = values(paper)
    assert (kept["tag"], kept["serial"], kept["make"], kept["cost_pence"]) == (
        "HS-1",
        "5CD1234XYZ",
        "HP",
        40_000,
    )
    assert values(machine)["merged_into"] == paper
    assert seen_as(site, "5CD1234XYZ") == paper


@pytest.mark.parametrize("swapped", [False, True], ids=["paper-stays", "machine-stays"])
def test_apart_again_both_are_as_they_were(
    site: str, paper: str, machine: str, swapped: bool
) -> None:
    stays, goes = (machine, paper) if swapped else (paper, machine)
    before = values(stays), values(goes)
    merge(site, stays, goes, by=BY)
    assert unmerge(site, goes, by=BY) == stays
    after = values(stays), values(goes)
    for was, now in zip(before, after, strict=True):
        assert was == now
    assert seen_as(site, "5CD1234XYZ") == machine
    assert all(folded(one) == values(one) for one in (stays, goes))


def test_what_a_computer_said_follows_its_reports_and_what_was_typed_stays_typed(
    site: str, paper: str, machine: str
) -> None:
    services.change(site, machine, {"make": "Hewlett-Packard"}, by=BY)
    merge(site, paper, machine, by=BY)
    assert values(paper)["fixed_by_person"] == ["cost_pence", "kind", "make", "tag"]
    says = {"make": "HP", "model": "ProBook 440 G9"}
    recognising.update_from_report(machine, says, actor="dev_1", at=NOW)
    kept = values(paper)
    assert (kept["make"], kept["model"]) == ("Hewlett-Packard", "ProBook 440 G9")


def test_whoever_looked_at_an_older_state_of_either_is_told_and_nothing_is_merged(
    site: str, paper: str, machine: str
) -> None:
    seen = {one: Asset.objects.get(id=one).seq for one in (paper, machine)}
    for changed in (paper, machine):
        services.change(site, changed, {"notes": f"by somebody else: {changed}"}, by=BY)
        with pytest.raises(StaleError):
            merge(site, paper, machine, by=BY, seen=seen)
        seen[changed] += 1
    merge(site, paper, machine, by=BY, seen=seen)


def test_what_was_changed_since_stays_changed(site: str, paper: str, machine: str) -> None:
    merge(site, paper, machine, by=BY)
    services.change(site, paper, {"make": "Hewlett-Packard"}, by=BY)
    unmerge(site, machine, by=BY)
    assert values(paper)["make"] == "Hewlett-Packard"
    assert values(paper)["serial"] == ""
    assert values(machine)["make"] == "HP"


def test_a_tag_that_somebody_else_took_meanwhile_is_not_taken_back(
    site: str, paper: str, machine: str
) -> None:
    merge(site, machine, paper, by=BY)
    services.change(site, machine, {"tag": "HS-9"}, by=BY)
    services.add(site, {"tag": "HS-1"}, by=BY)
    unmerge(site, paper, by=BY)
    assert values(paper)["tag"] == ""


def test_one_thing_is_not_merged_twice_nor_with_itself_nor_across_schools(
    site: str, paper: str, machine: str
) -> None:
    other = create_site(name="Dale School", at=NOW)
    theirs = services.add(other, {}, by=BY)
    for stays, goes in ((paper, paper), (paper, theirs), (theirs, paper)):
        with pytest.raises(RegisterError):
            merge(site, stays, goes, by=BY)
    merge(site, paper, machine, by=BY)
    for stays, goes in ((paper, machine), (machine, paper)):
        with pytest.raises(RegisterError):
            merge(site, stays, goes, by=BY)
    with pytest.raises(RegisterError):
        unmerge(site, paper, by=BY)


def marks_of(asset_id: str) -> set[tuple[str, str]]:
    """What recognises an entry now."""
    return set(AssetMark.objects.filter(asset=asset_id, resting=False).values_list("kind", "value"))


def test_a_mark_of_two_that_were_merged_stays_when_one_is_parted(site: str, paper: str) -> None:
    twins = [services.add(site, {"kind": "laptop"}, by=BY) for _ in range(2)]
    for twin in twins:
        recognising.learn_marks(twin, {"serial": ["5CD1234XYZ"]})
        merge(site, paper, twin, by=BY)
    unmerge(site, twins[0], by=BY)
    assert marks_of(paper) == {("serial", "5CD1234XYZ")}


def test_correcting_the_paper_leaves_what_the_computer_showed(
    site: str, paper: str, machine: str
) -> None:
    merge(site, paper, machine, by=BY)
    services.change(site, paper, {"serial": "5CD1234XYZ-typo"}, by=BY)
    assert ("serial", "5CD1234XYZ") in marks_of(paper)
    assert seen_as(site, "5CD1234XYZ") == paper


def test_what_a_merged_entrys_computer_shows_later_goes_the_same_way_and_comes_back(
    site: str, paper: str, machine: str
) -> None:
    merge(site, paper, machine, by=BY)
    recognising.learn_marks(machine, {"serial": ["5CD1234XYZ"], "board_serial": ["PWBXQ01C6J"]})
    both = {("serial", "5CD1234XYZ"), ("board_serial", "PWBXQ01C6J")}
    assert (marks_of(paper), marks_of(machine)) == (both, set())
    unmerge(site, machine, by=BY)
    assert (marks_of(paper), marks_of(machine)) == (set(), both)


_TYPED = st.sampled_from(["", "5CD1234XYZ", "5CD9999ABC"])
_SHOWN = st.lists(st.sampled_from(["5CD1234XYZ", "PF2ABCDE"]), max_size=2)


class MarksTest(TestCase):
    """Rolled back after each example."""

    @settings(max_examples=25)
    @given(
        st.lists(st.tuples(_TYPED, _SHOWN), min_size=3, max_size=3),
        st.lists(st.sampled_from([(0, 1), (0, 2), (1, 2), (2, 0)]), min_size=1, max_size=3),
        st.data(),
    )
    def test_no_mark_is_lost_by_merging_and_each_is_back_after_parting(
        self,
        made: list[tuple[str, list[str]]],
        pairs: list[tuple[int, int]],
        data: st.DataObject,
    ) -> None:
        site = create_site(name="Hill School", at=NOW)
        ids = [services.add(site, {"serial": typed}, by=BY) for typed, _ in made]
        for asset_id, (_, shown) in zip(ids, made, strict=True):
            recognising.learn_marks(asset_id, {"serial": shown})
        before = [marks_of(one) for one in ids]
        merged: list[str] = []
        for stays, goes in pairs:
            with contextlib.suppress(RegisterError):
                merge(site, ids[stays], ids[goes], by=BY)
                merged.append(ids[goes])
            assert set().union(*map(marks_of, ids)) == set().union(*before)
        while merged:
            self._part(site, merged, data)
            assert set().union(*map(marks_of, ids)) == set().union(*before)
        assert [marks_of(one) for one in ids] == before

    @staticmethod
    def _part(site: str, merged: list[str], data: st.DataObject) -> None:
        """One of those whose own whole is not part of another one."""
        into = {one: Asset.objects.get(id=one).merged_into for one in merged}
        free = [one for one in merged if into[one] not in into]
        goes = data.draw(st.sampled_from(free))
        unmerge(site, goes, by=BY)
        merged.remove(goes)
