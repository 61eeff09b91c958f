"""Codes on labels: nobody guesses one, anybody can read one out, a lost sheet leads nowhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.identity.merging import merge
from inventory.labels import codes, services
from inventory.labels.queries import asset_of, have_codes, labelled
from inventory.models import Event, LabelCode
from inventory.places.services import create_site

NOW = 1_795_400_000
BY = By("user_1", NOW)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
made_up = st.text(ALPHABET, min_size=10, max_size=10)


@given(made_up)
def test_a_code_is_read_as_people_type_it(code: str) -> None:
    assert codes.read(code) == code
    assert codes.read(codes.said(code).lower()) == code
    assert codes.read(f" {code[:3]} {code[3:]} ") == code
    assert codes.read(code.replace("0", "o").replace("1", "l")) == code


@given(st.text(max_size=60))
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    found = codes.read(text)
    assert found == "" or (len(found) == 10 and set(found) <= set(ALPHABET))


@pytest.mark.parametrize("text", ["", "A" * 9, "A" * 11, "U" * 10, "é" * 10, "A" * 10_000])
def test_too_short_too_long_and_other_letters_are_no_code(text: str) -> None:
    assert codes.read(text) == ""


def test_a_thousand_codes_are_a_thousand_different_ones_of_fifty_bits() -> None:
    made = {codes.make() for _ in range(1_000)}
    assert len(made) == 1_000
    assert {len(code) for code in made} == {10}
    assert set("".join(made)) == set(ALPHABET)


@pytest.fixture
def site(db: None) -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def laptops(site: str) -> list[str]:
    rows = [{"tag": f"HS-{n}", "kind": "laptop", "serial": f"5CG0000{n}"} for n in range(3)]
    return assets.add_many(site, rows, by=BY)


def test_printing_twice_gives_the_same_codes_and_says_so_twice(
    site: str, laptops: list[str]
) -> None:
    first = services.codes_for(site, laptops[:2], by=BY)
    again = services.codes_for(site, laptops, by=BY)
    assert {one: again[one] for one in first} == first
    assert have_codes([site], laptops) == again
    assert Event.objects.filter(verb="labels.print").count() == 2
    assert asset_of(site, codes.said(first[laptops[0]])) == laptops[0]


def test_a_label_says_the_school_the_kind_and_the_tag_and_nothing_else(
    site: str, laptops: list[str]
) -> None:
    code = services.codes_for(site, laptops[:1], by=BY)[laptops[0]]
    found = labelled(code.lower())
    assert found is not None
    assert found.__struct_fields__ == ("site", "school", "asset", "kind", "tag")
    assert (found.school, found.kind, found.tag) == ("Hill School", "laptop", "HS-0")


def test_a_void_code_leads_nowhere_and_the_next_printing_makes_another(
    site: str, laptops: list[str]
) -> None:
    old = services.codes_for(site, laptops, by=BY)
    assert services.void(site, laptops[:2], by=BY) == 2
    assert services.void(site, laptops[:2], by=BY) == 0
    assert [labelled(old[one]) is None for one in laptops] == [True, True, False]
    new = services.codes_for(site, laptops, by=BY)
    assert [new[one] != old[one] for one in laptops] == [True, True, False]
    assert LabelCode.objects.count() == 5


def test_a_label_of_an_entry_that_was_another_leads_to_the_one_that_counts(
    site: str, laptops: list[str]
) -> None:
    code = services.codes_for(site, laptops[:1], by=BY)[laptops[0]]
    merge(site, laptops[1], laptops[0], by=BY)
    assert asset_of(site, code) == laptops[1]
    assets.withdraw(site, laptops[1], by=BY)
    assert asset_of(site, code) == ""


def test_another_schools_code_is_none_here(site: str, laptops: list[str]) -> None:
    code = services.codes_for(site, laptops[:1], by=BY)[laptops[0]]
    other = create_site(name="Dale School", at=NOW)
    assert asset_of(other, code) == ""
    assert have_codes([other], laptops) == {}
    with pytest.raises(RegisterError):
        services.codes_for(other, laptops, by=BY)
    with pytest.raises(RegisterError):
        services.void(other, laptops, by=BY)


def test_no_label_of_nothing_and_none_of_what_is_gone(site: str, laptops: list[str]) -> None:
    assets.withdraw(site, laptops[0], by=BY)
    for wanted in ([], laptops, ["asset_nowhere"]):
        with pytest.raises(RegisterError):
            services.codes_for(site, wanted, by=BY)
    assert LabelCode.objects.count() == 0
