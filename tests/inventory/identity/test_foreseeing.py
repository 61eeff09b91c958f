"""What is foreseen of a computer is what the register says when it is let in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.assets import services
from inventory.assets.writing import By
from inventory.identity.candidates import Asked
from inventory.identity.foreseeing import foresee
from inventory.identity.recognising import Looks, recognise
from inventory.places.services import create_site

NOW = 1_795_400_000
SERIALS = st.lists(st.sampled_from(["5CG0001X", "5CG0002X", "n/a"]), max_size=2)
UUIDS = st.lists(
    st.sampled_from([f"4c4c4544-0044-4a10-8051-c3c04f4d513{n}" for n in (1, 2)]), max_size=2
)
MACS = st.lists(st.sampled_from(["00:1b:21:0a:0b:0c", "00:1b:21:0a:0b:0d"]), max_size=1)
FACTORS = st.fixed_dictionaries({"serial": SERIALS, "uuid": UUIDS, "mac": MACS})


class TestForeseeing(TestCase):
    """With a database that is put back after each example."""

    @settings(max_examples=40)
    @given(known=st.lists(FACTORS, max_size=3), asks=FACTORS, live=st.integers(0, 3))
    def test_it_is_what_recognising_does(
        self, known: list[dict[str, list[str]]], asks: dict[str, list[str]], live: int
    ) -> None:
        site = create_site(name="Willowbrook", at=NOW)
        entries: list[str] = []
        for factors in known:
            looks = Looks("PC", "M", "windows", factors)
            found = recognise(site, looks, bound=(), actor="dev_1", at=NOW).asset_id
            entries += [found] if found else []
        if entries:
            gone = services.add(site, {"tag": "X", "serial": "5CG0002X"}, by=By("user_1", NOW))
            services.withdraw(site, gone, by=By("user_1", NOW))
        bound = set(entries[:live])
        [seen] = foresee({"one": Asked(site, asks)}, bound).values()
        looks = Looks("PC", "M", "windows", asks)
        done = recognise(site, looks, bound=bound, actor="dev_2", at=NOW)
        assert seen.doubt == done.doubt
        assert seen.asset_id == ("" if done.created else done.asset_id or "")


@pytest.mark.django_db
def test_one_schools_entries_fit_no_computer_of_another() -> None:
    ours, theirs = (create_site(name=name, at=NOW) for name in ("Willowbrook", "St Aldhelm’s"))
    made = services.add(theirs, {"serial": "5CG0001X"}, by=By("user_1", NOW))
    asked = {one: Asked(one, {"serial": ["5CG0001X"]}) for one in (ours, theirs)}
    seen = foresee(asked, set())
    assert (seen[ours].asset_id, seen[theirs].asset_id) == ("", made)
