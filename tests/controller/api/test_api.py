"""What a program may read and change with its token, and what it is told where it may not."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from controller.api.models import Token
from controller.api.scopes import Scope
from controller.people.models import User
from inventory.allocation import people
from inventory.allocation.services import Terms, allocate
from inventory.assets import services
from inventory.assets.fields import FIELDS
from inventory.assets.writing import By
from inventory.documents.services import keep
from inventory.models import AssetEvent
from inventory.places.services import add_pool, add_room
from tests.controller.api.programs import ENTRIES, Program, let_in, said
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.inventory.documents import files

BY = By("system", school.NOW)
NEEDED = {
    ("GET", "/api/v1/entries"): Scope.REGISTER_READ,
    ("POST", "/api/v1/entries"): Scope.REGISTER_WRITE,
    ("GET", "/api/v1/entries/{entry}"): Scope.REGISTER_READ,
    ("PATCH", "/api/v1/entries/{entry}"): Scope.REGISTER_WRITE,
    ("GET", "/api/v1/rooms"): Scope.REGISTER_READ,
    ("GET", "/api/v1/pools"): Scope.REGISTER_READ,
    ("GET", "/api/v1/people"): Scope.PEOPLE_READ,
    ("GET", "/api/v1/loans"): Scope.LOANS_READ,
}


@pytest.mark.parametrize(("method", "path"), NEEDED, ids=str)
def test_each_address_takes_its_own_scope_and_no_other(
    method: str, path: str, place: Place, admin: User
) -> None:
    path, scope = path.format(entry=place.entry), NEEDED[method, path]
    others = let_in(place, admin, [one for one in Scope if one != scope])
    assert said(others.ask(method, path, {"fields": {}})) == (403, "no_scope")
    mine = let_in(place, admin, [scope])
    assert mine.ask(method, path, {"fields": {}}).status_code in {200, 201, 428}


HEADERS = ("", "Bearer", "Bearer x", "Basic YTpi", f"Bearer ct_{'a' * 43}", f"Bearer ct_{'é' * 43}")


@pytest.mark.parametrize(("method", "path"), [*NEEDED, ("GET", "/api/v1/token")], ids=str)
def test_without_a_good_token_nothing_opens_and_a_cookie_is_none(
    method: str, path: str, place: Place, admin: User, signed_in: SignedIn
) -> None:
    stranger = Program("")
    stranger.client = signed_in(admin)
    path = path.format(entry=place.entry)
    for header in HEADERS:
        answer = stranger.ask(method, path, {"fields": {}}, {"Authorization": header})
        assert said(answer) == (401, "no_token")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_list_pages_through_everything_once(place: Place, program: Program) -> None:
    rows = [{"tag": f"T{n:03}", "name": f"N{n:03}"} for n in range(25)]
    made = services.add_many(place.site.id, rows, by=BY)
    seen, after = [], ""
    while True:
        page = program.get(f"{ENTRIES}?limit=10&sort=tag&after={after}")
        seen += [entry["id"] for entry in page["entries"]]
        after = page["next"]
        if after is None:
            break
    assert seen == made
    assert set(page["entries"][0]["fields"]) == set(FIELDS)


def test_filters_are_those_of_the_page(place: Place, program: Program) -> None:
    room = add_room(place.site.id, "Oak", by=BY)
    in_oak = services.add(place.site.id, {"tag": "A", "kind": "laptop", "room": room}, by=BY)
    away = services.add(place.site.id, {"tag": "B", "kind": "tablet"}, by=BY)
    services.move(place.site.id, [away], "repair", by=BY)
    for asked, found in [
        (f"room={room}", [in_oak]),
        ("kind=laptop,tablet", [in_oak, away]),
        ("state=repair", [away]),
        ("gap=no_room&kind=tablet", [away]),
        ("q=nothing+like+this", []),
    ]:
        ids = [entry["id"] for entry in program.get(f"{ENTRIES}?sort=tag&{asked}")["entries"]]
        assert ids == found, asked


WRONG = (
    *("state=on+fire", "kind=laptop,spaceship", "kind=", "gap=x", "sort=price", "due=a,b"),
    *("after=zzz", "limit=0", "limit=201", "limit=x", "limit=%D9%A3", "limit=-1", "colour=red"),
    *("q=a&q=b", "q=%00", "q=" + "x" * 101, "room=" + "r" * 33),
)


def test_a_filter_that_is_not_understood_lists_nothing(program: Program) -> None:
    for asked in WRONG:
        answer = program.ask("GET", f"{ENTRIES}?{asked}")
        assert said(answer) == (400, "bad_parameter"), asked


def test_a_new_entry_is_that_programs_and_its_page_says_so(
    place: Place, admin: User, program: Program, signed_in: SignedIn
) -> None:
    answer = program.ask("POST", ENTRIES, {"fields": {"tag": "P-1", "cost_pence": 100}})
    entry = json.loads(answer.content)
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    assert answer.headers["Location"] == f"{ENTRIES}/{entry['id']}"
    assert (entry["fields"]["tag"], entry["fields"]["cost_pence"]) == ("P-1", 100)
    page = signed_in(admin).get(f"/register/{entry['id']}/").context["page"]
    assert page.past[0].who == "the program MIS"
    (event,) = AssetEvent.objects.filter(asset_id=entry["id"])
    assert event.actor == Token.objects.get().id


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"tag": "DOOR-1"}, (409, "tag_taken")),
        ({"colour": "red"}, (422, "no_field")),
        ({"bought_on": "1/9/2026"}, (422, "bad_value")),
        ({"cost_pence": -1}, (422, "bad_value")),
        ({"cost_pence": 10**30}, (422, "bad_value")),
        ({"room": "room_elsewhere"}, (422, "not_found")),
        ({"name": 5}, (422, "bad_value")),
        ({"name": "x" * 256}, (422, "bad_value")),
    ],
)
def test_what_the_register_refuses_is_a_problem_with_its_field(
    place: Place, program: Program, fields: dict[str, Any], problem: tuple[int, str]
) -> None:
    assert place.entry
    answer = program.ask("POST", ENTRIES, {"fields": fields})
    assert said(answer) == problem
    assert json.loads(answer.content)["field"] == min(fields)


@pytest.mark.parametrize(
    "sent",
    [[], {}, {"fields": []}, {"fields": {"name": []}}, {"fields": {}, "state": "lost"}, "x"],
)
def test_what_is_no_such_json_is_refused(program: Program, sent: object) -> None:
    assert said(program.ask("POST", ENTRIES, sent)) == (400, "bad_json")


def test_other_bodies_are_refused_too(program: Program) -> None:
    deep = b'{"fields":' + b"[" * 50_000
    for body, kind, problem in [
        (b"{}", "text/plain", (415, "not_json")),
        (deep, "application/json", (400, "bad_json")),
        (b"\xff\xfe", "application/json", (400, "bad_json")),
        (b" " * (128 * 1024 + 1), "application/json", (413, "too_large")),
        (b" " * (300 * 1024), "application/json", (413, "too_large")),
    ]:
        answer: Any = program.client.generic("POST", ENTRIES, body, kind, headers=program.headers)
        assert said(answer) == problem


def test_a_change_takes_the_version_that_was_seen(place: Place, program: Program) -> None:
    path, change = f"{ENTRIES}/{place.entry}", {"fields": {"name": "Mine", "make": "HP"}}
    assert said(program.ask("PATCH", path, change)) == (428, "no_if_match")
    for wrong in ("1", 'W/"1"', "*", '"x"', '"' + "9" * 10 + '"'):
        answer = program.ask("PATCH", path, change, {"If-Match": wrong})
        assert said(answer) == (400, "bad_if_match")
    answer = program.ask("PATCH", path, change, {"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert program.ask("GET", path).headers["ETag"] == '"2"'


def test_whoever_was_slower_is_told_what_changed(place: Place, program: Program) -> None:
    path = f"{ENTRIES}/{place.entry}"
    services.change(place.site.id, place.entry, {"name": "Hers", "notes": "new"}, by=BY)
    answer = program.ask("PATCH", path, {"fields": {"name": "Mine"}}, {"If-Match": '"1"'})
    assert said(answer) == (412, "stale")
    problem = json.loads(answer.content)
    assert (problem["seq"], problem["both"]) == (2, ["name"])
    assert problem["changed_since"]["name"] == "Hers"
    assert program.get(path)["fields"]["name"] == "Hers"


def test_one_entry_has_its_history_and_its_papers(place: Place, program: Program) -> None:
    keep(place.site.id, "document", "Invoice.pdf", files.PDF, asset_id=place.entry, by=BY)
    entry = program.get(f"{ENTRIES}/{place.entry}")
    assert [event["verb"] for event in entry["history"]] == ["asset.attach", "asset.create"]
    assert [paper["name"] for paper in entry["papers"]] == ["Invoice.pdf"]
    assert entry["earlier_events"] == 0


def test_rooms_pools_people_and_loans(place: Place, program: Program) -> None:
    site = place.site.id
    room, pool = add_room(site, "Oak", by=BY), add_pool(site, "Y4 iPads", by=BY)
    maya = people.add_person(site, "Maya Jones", "staff", by=BY, reference="S-7")
    allocate(site, [place.entry], maya, by=BY, terms=Terms(due_on="2026-12-18"))
    assert [one["id"] for one in program.get("/api/v1/rooms")["rooms"]] == [room]
    assert [one["id"] for one in program.get("/api/v1/pools")["pools"]] == [pool]
    (person,) = program.get("/api/v1/people")["people"]
    assert (person["id"], person["name"], person["reference"]) == (maya, "Maya Jones", "S-7")
    (loan,) = program.get("/api/v1/loans")["loans"]
    assert (loan["entry"], loan["holder"], loan["due_on"]) == (place.entry, maya, "2026-12-18")
    assert said(program.ask("GET", "/api/v1/loans?after=x")) == (400, "bad_parameter")


def test_another_schools_things_do_not_exist(
    place: Place, elsewhere: Place, program: Program
) -> None:
    theirs, missing = elsewhere.entry, "asset_" + "0" * 26
    headers = {"If-Match": '"1"'}
    for method, sent in [("GET", None), ("PATCH", {"fields": {"name": "x"}})]:
        answers = [
            program.ask(method, f"{ENTRIES}/{one}", sent, headers) for one in (theirs, missing)
        ]
        assert {said(answer) for answer in answers} == {(404, "not_found")}
        assert answers[0].content == answers[1].content
    add_room(elsewhere.site.id, "Oak", by=BY)
    people.add_person(elsewhere.site.id, "Their Teacher", "staff", by=BY)
    for name in ("entries", "rooms", "pools", "people", "loans"):
        assert program.get(f"/api/v1/{name}")[name] == []


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1/", "/api/v1/nothing", "/api/v2/entries"]
)
def test_there_is_nothing_else(path: str, program: Program) -> None:
    assert said(program.ask("GET", path)) == (404, "not_found")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_are_a_problem_too(method: str, program: Program) -> None:
    answer = program.ask(method, ENTRIES)
    assert said(answer) == (405, "no_method")
    assert answer.headers["Allow"] == "GET, HEAD, POST"


def test_a_list_costs_the_same_whatever_its_length(place: Place, program: Program) -> None:
    counted = []
    for number in (1, 60):
        rows = [{"tag": f"{number}-{n}"} for n in range(number)]
        services.add_many(place.site.id, rows, by=BY)
        program.get(ENTRIES)
        with CaptureQueriesContext(connection) as caught:
            program.get(ENTRIES)
        counted.append(len(caught))
    assert counted == [3, 3]


def test_every_address_of_programs_stands_in_this_table() -> None:
    names = {str(one.name) for one in _patterns() if str(one.name).startswith("api_")}
    assert names == {
        *("api_description", "api_token", "api_entries", "api_entry", "api_rooms", "api_pools"),
        *("api_people", "api_loans", "api_nothing"),
    }


def _patterns() -> list[Any]:
    found, left = [], list(get_resolver().url_patterns)
    while left:
        one = left.pop()
        inside = getattr(one, "url_patterns", None)
        left += inside or []
        found += [] if inside is not None else [one]
    return found
