"""Walking through the list shows every computer once, in order, forwards and backwards."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from controller.fleet.listing import ORDERS, PAGE_SIZE
from controller.fleet.models import Device
from controller.people.models import User
from inventory import paging
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

ORDERS_BY = {
    "worst": ["-worst", "-n_fail", "name", "id"],
    "name": ["name", "id"],
}


@pytest.fixture
def many(place: Place) -> Place:
    """160 computers with many equal names, counts and times, and some that never reported."""
    Device.objects.bulk_create(
        school.make_device(
            place.site,
            f"PC-{number % 40:02d}",
            salt=number,
            worst=number % 5,
            n_fail=number % 5 and number % 3 + 1,
            last_seen_at=None if number % 7 == 0 else school.NOW - (number % 20) * 3600,
        )
        for number in range(160)
    )
    return place


def walk(client: Client, sort: str, rel: str, start: str = "") -> list[list[str]]:
    """Follow the link to the next (or previous) page until there is none."""
    pages, address = [], f"/computers/?sort={sort}{start}"
    while address:
        answer = client.get(address)
        pages.append([row.id for row in answer.context["page"].rows])
        cursor = getattr(answer.context["page"], rel)
        side = "after" if rel == "next" else "before"
        address = f"/computers/?sort={sort}&{side}={cursor}" if cursor else ""
        assert len(pages) < 10
    return pages


@pytest.mark.parametrize("sort", sorted(ORDERS))
def test_each_computer_is_shown_once_on_the_way_down(
    sort: str, many: Place, technician: User, signed_in: SignedIn
) -> None:
    seen = [name for page in walk(signed_in(technician), sort, "next") for name in page]
    assert len(seen) == len(set(seen)) == 161
    if sort in ORDERS_BY:
        rows = Device.objects.filter(state="active", site=many.site)
        assert seen == list(rows.order_by(*ORDERS_BY[sort]).values_list("id", flat=True))


@pytest.mark.parametrize("sort", sorted(ORDERS))
def test_the_way_back_shows_the_same_pages(
    sort: str, many: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    down = walk(client, sort, "next")
    last = client.get(f"/computers/?sort={sort}").context["page"].next
    for _ in down[2:]:
        last = client.get(f"/computers/?sort={sort}&after={last}").context["page"].next
    up = walk(client, sort, "previous", f"&after={last}")
    assert [row for page in reversed(up) for row in page] == [row for page in down for row in page]


def test_those_that_never_reported_are_the_longest_silent(
    many: Place, technician: User, signed_in: SignedIn
) -> None:
    rows = signed_in(technician).get("/computers/?sort=heard").context["page"].rows
    assert [row.last_seen_at for row in rows[:23]] == [None] * 23


def test_a_computer_that_leaves_between_two_pages_hides_no_other(
    many: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    first = client.get("/computers/?sort=name").context["page"]
    everything = [row for page in walk(client, "name", "next") for row in page]
    Device.objects.filter(id=first.rows[3].id).update(state="revoked")
    second = client.get(f"/computers/?sort=name&after={first.next}").context["page"]
    assert [row.id for row in second.rows] == everything[PAGE_SIZE : 2 * PAGE_SIZE]


@pytest.mark.parametrize(
    "cursor", ["x", "%00", "AAAA", "W251bGwsICJcdWQ4MDAiXQ", "WzEsMl0", "bnVsbA", "9" * 3000]
)
def test_a_link_that_cannot_be_read_shows_the_first_page(
    cursor: str, many: Place, technician: User, signed_in: SignedIn
) -> None:
    answer = signed_in(technician).get(f"/computers/?sort=heard&after={cursor}")
    assert answer.status_code == 200
    assert not answer.context["page"].previous


@given(st.text(max_size=120))
def test_no_cursor_makes_a_page_fail(text: str) -> None:
    for order in ORDERS.values():
        found = paging.decode(text, order)
        assert found is None or len(found) == len(order)


@given(st.integers(-(2**70), 2**70) | st.text(max_size=20) | st.none() | st.booleans())
def test_only_values_of_the_right_kind_come_out_of_a_cursor(value: object) -> None:
    key = paging.Key("n_fail", int)
    row = type("Row", (), {"n_fail": value})()
    found = paging.decode(paging.encode(row, [key]), [key])
    right = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    assert found == ((value,) if right else None)


def test_the_next_link_keeps_what_was_asked_for(
    many: Place, technician: User, signed_in: SignedIn
) -> None:
    body = signed_in(technician).get("/computers/?q=PC&sort=name").content.decode()
    link = body.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    asked = parse_qs(urlsplit(link).query)
    assert asked["q"] == ["PC"]
    assert asked["sort"] == ["name"]
    assert "after" in asked
