"""The list of what a school owns: filters, search, pages, and nothing of another school."""

from collections import Counter

import pytest

from inventory.assets import queries, services
from inventory.assets.queries import (
    Asked,
    by_state,
    chosen,
    count,
    found,
    history,
    listed,
    one,
    read,
)
from inventory.assets.writing import By
from inventory.models import Asset
from inventory.places.services import add_room, create_site

NOW = 1_795_400_000
TODAY = "2026-11-22"
BY = By("user_1", NOW)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


def tags(site: str, asked: Asked) -> list[str]:
    return [row["tag"] for row in listed([site], asked, TODAY).rows]


@pytest.fixture
def stocked(site: str) -> str:
    """A few things of different kinds."""
    room = add_room(site, "Oak", by=BY)
    rows: list[dict[str, object]] = [
        {
            "tag": "1",
            "kind": "laptop",
            "name": "Y4-01",
            "make": "HP",
            "serial": "5CD1",
            "room": room,
        },
        {
            "tag": "2",
            "kind": "laptop",
            "name": "Y4-02",
            "make": "Dell",
            "warranty_until": "2026-11-21",
        },
        {"tag": "3", "kind": "projector", "name": "Hall", "make": "Epson", "warranty_until": TODAY},
        {"tag": "4", "kind": "other", "name": "100% _odd_", "cost_pence": 0, "notes": "Straße"},
    ]
    made = services.add_many(site, rows, by=BY)
    services.change(site, made[0], {"room": room}, by=BY)
    services.move(site, [made[2]], "stored", by=BY)
    return site


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["4", "3", "1", "2"]),
        ({"q": "hp y4"}, ["1"]),
        ({"q": "5cd1"}, ["1"]),
        ({"q": "% _"}, ["4"]),
        ({"q": "STRASSE"}, ["4"]),
        ({"q": "nothing"}, []),
        ({"kind": "laptop,projector"}, ["3", "1", "2"]),
        ({"kind": "spaceship"}, ["4", "3", "1", "2"]),
        ({"state": "stored"}, ["3"]),
        ({"gap": "no_room"}, ["4", "3", "2"]),
        ({"gap": "no_cost"}, ["3", "1", "2"]),
        ({"due": "warranty_over"}, ["2"]),
        ({"sort": "tag"}, ["1", "2", "3", "4"]),
        ({"room": "room_nowhere"}, []),
    ],
)
def test_what_is_asked_for_is_listed(stocked: str, query: dict[str, str], found: list[str]) -> None:
    asked = read(query)
    assert tags(stocked, asked) == found
    assert count([stocked], asked, TODAY) == len(found)


@pytest.mark.parametrize("sort", ["name", "tag", "newest", "room"])
def test_pages_hold_each_entry_once_forwards_and_backwards(site: str, sort: str) -> None:
    rooms = [add_room(site, f"R{n}", by=BY) for n in range(3)]
    rows: list[dict[str, object]] = [
        {"tag": f"{n:03}", "name": f"n{n % 5}", "room": rooms[n % 4] if n % 4 < 3 else ""}
        for n in range(23)
    ]
    services.add_many(site, rows, by=BY)
    asked, seen, pages = read({"sort": sort}), [], []
    while True:
        shown = listed([site], asked, TODAY, size=5)
        seen += [row["id"] for row in shown.rows]
        pages.append(shown)
        if not shown.next:
            break
        asked = read({"sort": sort, "after": shown.next})
    assert len(seen) == len(set(seen)) == 23
    back = listed([site], read({"sort": sort, "before": pages[1].previous}), TODAY, size=5)
    assert [row["id"] for row in back.rows] == [row["id"] for row in pages[0].rows]


def test_nothing_of_another_school_is_listed_counted_or_told(stocked: str) -> None:
    other = create_site(name="Dale School", at=NOW)
    theirs = services.add(other, {"tag": "X", "name": "Y4-99"}, by=BY)
    assert "X" not in tags(stocked, Asked(search="y4"))
    assert one([stocked], theirs) is None
    assert history([stocked], theirs) == []
    assert sum(by_state([stocked]).values()) == 4
    assert listed([], Asked(), TODAY).rows == []


def test_an_entry_is_told_with_its_history_newest_first(site: str) -> None:
    made = services.add(site, {"tag": "1"}, by=BY)
    services.change(site, made, {"tag": "2"}, by=BY)
    told = one([site], made)
    assert told is not None
    assert (told["id"], told["tag"], told["seq"]) == (made, "2", 2)
    assert [(past.seq, past.after.get("tag")) for past in history([site], made)] == [
        (2, "2"),
        (1, "1"),
    ]


def test_kept_numbers_are_those_of_the_rows_after_every_kind_of_change(stocked: str) -> None:
    batch = By("user_1", NOW, batch="batch_1")
    made = services.add_many(stocked, [{"tag": "9", "kind": "tablet"}, {"tag": "10"}], by=batch)
    services.change(stocked, made[1], {"kind": "drive"}, by=BY)
    services.move(stocked, made, "repair", by=BY)
    services.withdraw(stocked, made[0], by=BY)
    services.undo(stocked, "batch_1", by=BY)
    rows = Asset.objects.values_list("state", "kind")
    assert by_state([stocked]) == Counter(rows)
    for asked in (Asked(), Asked(kinds=("laptop",)), Asked(states=("stored", "withdrawn"))):
        assert count([stocked], asked, TODAY) == chosen([stocked], asked, TODAY).count()


@pytest.mark.parametrize("most", [0, 1, 2, 3, 500])
@pytest.mark.parametrize("search", ["y4", "4", "zebra", "hp y4"])
def test_a_great_many_found_are_listed_like_few_and_counted_to_a_limit(
    stocked: str, search: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(search=search)
    wanted = listed([stocked], asked, TODAY).rows
    every = count([stocked], asked, TODAY)
    assert every == len(wanted)
    monkeypatch.setattr(queries, "MOST_COUNTED", most)
    page, number = found([stocked], asked, TODAY)
    assert page.rows == wanted
    assert number == min(every, most + 1)


def test_what_is_gone_does_not_hide_that_there_are_more(
    stocked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = services.add_many(stocked, [{"tag": f"m{n}", "notes": "maple"} for n in range(9)], by=BY)
    for asset in made[:6]:
        services.withdraw(stocked, asset, by=BY)
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    assert found([stocked], Asked(search="maple"), TODAY)[1] == 3
    monkeypatch.setattr(queries, "MOST_COUNTED", 3)
    assert found([stocked], Asked(search="maple"), TODAY)[1] == 3


def test_a_word_that_was_corrected_finds_nothing_any_more(stocked: str) -> None:
    made = services.add(stocked, {"tag": "77", "notes": "maple trolley"}, by=BY)
    services.change(stocked, made, {"notes": "oak trolley"}, by=BY)
    assert tags(stocked, Asked(search="maple")) == []
    assert tags(stocked, Asked(search="OAK")) == ["77"]
