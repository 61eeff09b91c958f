"""Two entries made one and apart again: nothing is lost on the way there or back."""

import pytest

from inventory.assets import services
from inventory.assets.errors import RegisterError
from inventory.assets.folding import Change, fold
from inventory.assets.writing import By, values_of
from inventory.identity import recognising
from inventory.identity.merging import merge, unmerge
from inventory.models import Asset, AssetEvent
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
        assert {**was, "fixed_by_person": 0} == {**now, "fixed_by_person": 0}
    assert seen_as(site, "5CD1234XYZ") == machine
    assert all(folded(one) == values(one) for one in (stays, goes))


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
