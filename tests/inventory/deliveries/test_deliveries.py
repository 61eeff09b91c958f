"""A delivery: entered in one step, ticked as it arrives, taken back as a whole; what collides is
named."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.deliveries import queries, runs, services
from inventory.models import Asset, DeliveryItem, Event
from inventory.places.services import create_site

NOW = 1_795_400_000
BY = By("user_1", NOW)
SERIALS = "\n".join(f"5CG12{n:04d}X" for n in range(30))


def test_a_run_of_tags_keeps_its_leading_zeros() -> None:
    assert runs.tags("WB-[0098-0102]", 5) == ["WB-0098", "WB-0099", "WB-0100", "WB-0101", "WB-0102"]
    assert runs.tags("[9-11]", 3) == ["9", "10", "11"]
    assert runs.tags("A[07-07]B", 1) == ["A07B"]
    assert runs.tags("X-1, X-2 X-3", 3) == ["X-1", "X-2", "X-3"]
    assert runs.tags("  ", 2) == ["", ""]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("WB-[0101-0130]", 29),
        ("WB-[0101-0130]", 31),
        ("WB-[0130-0101]", 30),
        ("WB-[099-0101]", 3),
        ("WB-[1-999999999999]", 5),
        ("WB-[1-2][3-4]", 2),
        ("WB-[1-", 1),
        ("WB-[a-b]", 2),
        ("X x", 2),
        ("X-1", 2),
    ],
)
def test_a_run_that_does_not_fit_is_refused(text: str, number: int) -> None:
    with pytest.raises(RegisterError):
        runs.tags(text, number)


@given(st.text(max_size=40), st.integers(1, 600))
def test_whatever_is_typed_as_tags_gives_as_many_or_is_refused(text: str, number: int) -> None:
    with contextlib.suppress(RegisterError):
        assert len(runs.tags(text, number)) == number


@pytest.mark.parametrize(
    "text",
    [
        '"5CG0001X","HP ProBook 440, 14 inch"\n"5CG0002X","HP ProBook 440, 14 inch"',
        '"HP ProBook, 14 inch";x;"Serial No."\n"HP; ProBook";;5CG0001X\n"HP";1;5CG0002X',
        'Item,Serial Number\n"ProBook, 14",5CG0001X\n"ProBook, 14",\'5CG0002X\'',
        "Model\tS/N\nProBook, 14\t5CG0001X\nProBook, 14\t5CG0002X",
        '"5CG0001X\n5CG0002X',
        "5CG0001X ,449.00\n\n5CG0002X; 449",
    ],
)
def test_a_suppliers_list_is_read_with_its_commas_and_headings(text: str) -> None:
    assert runs.serials(text) == ["5CG0001X", "5CG0002X"]


def test_a_line_without_the_column_of_serial_numbers_is_passed_over() -> None:
    assert runs.serials("Item,Serial\nProBook,5CG0001X\nDelivery") == ["5CG0001X"]


@given(st.text(max_size=200))
def test_whatever_is_pasted_as_serials_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(RegisterError):
        assert 1 <= len(runs.serials(text)) <= runs.MOST


def test_serials_are_the_first_column_of_what_was_pasted_and_placeholders_are_none() -> None:
    assert runs.serials("5CG1\tHP ProBook\n\n 5CG2 ,x\r\n") == ["5CG1", "5CG2"]
    for bad in ("5CG1\nTo be filled by O.E.M.", "5CG1\n5cg-1", "", "\n".join(["x"] * 501)):
        with pytest.raises(RegisterError):
            runs.serials(bad)


@pytest.fixture
def site(db: None) -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def delivery(site: str) -> str:
    planned = services.plan(site, "Year 5 laptops", SERIALS, "HS-[0101-0130]")
    common = {"kind": "laptop", "make": "HP", "cost_pence": 44_900, "warranty_until": "2029-08-31"}
    return services.enter(site, planned, common, by=BY)


def test_thirty_things_are_entered_in_one_step(site: str, delivery: str) -> None:
    rows = Asset.objects.filter(site_id=site).order_by("tag")
    assert rows.count() == 30
    assert (rows[0].tag, rows[0].serial, rows[0].state) == ("HS-0101", "5CG120000X", "stored")
    assert {row.cost_pence for row in rows} == {44_900}
    (listed,) = queries.deliveries([site])
    assert (listed["name"], listed["expected"], listed["arrived"]) == ("Year 5 laptops", 30, 0)
    assert Event.objects.filter(verb="delivery.enter", subject=delivery).count() == 1


def test_what_arrives_is_ticked_by_serial_or_tag_and_strangers_are_named(
    site: str, delivery: str
) -> None:
    scanned = "5cg12-0000x\nhs-0102\n\nNOT-OURS\nHS-0101\n"
    assert services.arrive(site, delivery, scanned, by=BY) == ["NOT-OURS"]
    assert services.arrive(site, delivery, "HS-0102", by=By("user_2", NOW + 9)) == []
    found = queries.one([site], delivery)
    assert found is not None
    assert [row["tag"] for row in found["items"] if row["arrived_at"]] == ["HS-0101", "HS-0102"]
    assert DeliveryItem.objects.get(asset__tag="HS-0102").arrived_by == "user_1"
    assert queries.deliveries([site])[0]["arrived"] == 2


def test_what_is_in_the_register_already_is_named_before_anything_is_entered(
    site: str, delivery: str
) -> None:
    with pytest.raises(RegisterError, match="5CG-12 0003X"):
        services.plan(site, "again", "5CG-12 0003X\nNEW1", "")
    with pytest.raises(RegisterError, match="HS-0130"):
        services.plan(site, "again", "NEW1\nNEW2", "HS-[0130-0131]")
    assert Asset.objects.count() == 30


def test_two_who_enter_the_same_delivery_enter_it_once(site: str) -> None:
    planned = services.plan(site, "Year 5", SERIALS, "")
    services.enter(site, planned, {"kind": "laptop"}, by=BY)
    with pytest.raises(RegisterError):
        services.enter(site, planned, {"kind": "laptop"}, by=By("user_2", NOW))
    assert Asset.objects.count() == 30


def test_all_of_it_is_taken_back_but_what_was_changed_since(site: str, delivery: str) -> None:
    kept = Asset.objects.get(tag="HS-0105").id
    assets.change(site, kept, {"notes": "in use by the head"}, by=By("user_2", NOW + 5))
    assets.change(site, kept, {"tag": "HEAD-1"}, by=By("user_2", NOW + 6))
    assert services.undo(site, delivery, by=By("user_1", NOW + 9)) == [kept]
    assert Asset.objects.exclude(state="withdrawn").count() == 1
    assert queries.deliveries([site])[0]["expected"] == 1
    planned = services.plan(site, "once more", "5CG120000X", "HS-0101")
    services.enter(site, planned, {"kind": "laptop"}, by=By("user_1", NOW + 20))


def test_another_schools_delivery_is_not_there(site: str, delivery: str) -> None:
    other = create_site(name="Dale School", at=NOW)
    assert queries.one([other], delivery) is None
    with pytest.raises(RegisterError):
        services.arrive(other, delivery, "HS-0101", by=BY)
    with pytest.raises(RegisterError):
        services.undo(other, delivery, by=BY)
    assert services.plan(other, "theirs", "5CG120000X", "HS-0101").rows
