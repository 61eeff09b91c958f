"""Tokens: good until their day, ended with the account of whoever made them, shown once."""

import pytest

from controller.api import tokens
from controller.api.models import Token
from controller.api.scopes import Scope
from controller.api.tokens import DAYS, Wanted
from controller.people.models import User
from controller.people.roles import Role
from controller.personal.erasure import erase
from inventory.assets.errors import RegisterError
from inventory.models import Event
from tests.controller.api.programs import ENTRIES, EVERY, Program, let_in, said
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn


def test_a_token_is_good_until_its_day_and_not_a_second_longer(place: Place, admin: User) -> None:
    made = tokens.make(
        place.site.id, Wanted("MIS", EVERY, 30), actor=admin.id, at=school.NOW - 30 * school.DAY + 1
    )
    header = f"Bearer {made.secret}"
    assert tokens.caller(header, school.NOW).id == made.id
    with pytest.raises(Exception, match="token that is good"):
        tokens.caller(header, school.NOW + 1)


def test_ended_it_opens_nothing_and_the_ledger_says_who(place: Place, admin: User) -> None:
    program = let_in(place, admin)
    key = program.get("/api/v1/token")["id"]
    assert tokens.end(place.site.id, key, actor=admin.id, at=school.NOW)
    assert not tokens.end(place.site.id, key, actor=admin.id, at=school.NOW)
    assert program.ask("GET", ENTRIES).status_code == 401
    verbs = Event.objects.filter(subject=key).order_by("seq").values_list("verb", "actor")
    assert list(verbs) == [("program.let_in", admin.id), ("program.end", admin.id)]


@pytest.mark.parametrize("how", ["closed", "erased", "no role"])
def test_it_ends_with_the_account_of_whoever_made_it(how: str, place: Place, admin: User) -> None:
    school.make_person(place.site, Role.ADMIN, "another")
    program = let_in(place, admin)
    assert program.ask("GET", ENTRIES).status_code == 200
    if how == "closed":
        User.objects.filter(id=admin.id).update(is_active=False)
    elif how == "erased":
        erase(admin.id, actor="system", at=school.NOW)
    else:
        admin.memberships.all().delete()
    assert program.ask("GET", ENTRIES).status_code == 401


def test_it_never_does_more_than_its_owner_may_now(place: Place, admin: User) -> None:
    program = let_in(place, admin)
    admin.memberships.all().delete()
    school.add_role(admin, place.site, Role.SLT)
    assert program.get("/api/v1/token")["scopes"] == ["register:read"]
    assert program.ask("GET", "/api/v1/people").status_code == 403


def test_only_a_digest_is_kept_and_its_last_use_to_the_hour(place: Place, admin: User) -> None:
    wanted = Wanted("MIS", EVERY, 30)
    made = tokens.make(place.site.id, wanted, actor=admin.id, at=school.NOW)
    row = Token.objects.get(id=made.id)
    assert made.secret not in str(vars(row))
    assert row.last_used_at is None
    header = f"bearer {made.secret}"
    for later, used in [(0, 0), (3_599, 0), (3_600, 3_600)]:
        tokens.caller(header, school.NOW + later)
        row.refresh_from_db()
        assert row.last_used_at == school.NOW + used


def test_so_often_a_minute_and_no_more(
    place: Place, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "PER_MINUTE", 3)
    program, other = let_in(place, admin), let_in(place, admin)
    for _ in range(3):
        tokens.caller(program.headers["Authorization"], school.NOW)
    answer = program.ask("GET", "/api/v1/token")
    assert said(answer) == (429, "too_often")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert other.ask("GET", "/api/v1/token").status_code == 200
    assert tokens.caller(program.headers["Authorization"], school.NOW + 60).name == "MIS"


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted(" \u202e", EVERY, 30), "name"),
        (Wanted("MIS", [], 30), "scopes"),
        (Wanted("MIS", EVERY, 31), "days"),
    ],
)
def test_a_token_needs_a_name_a_scope_and_an_end(
    place: Place, admin: User, wanted: Wanted, field: str
) -> None:
    with pytest.raises(RegisterError) as refused:
        tokens.make(place.site.id, wanted, actor=admin.id, at=school.NOW)
    assert refused.value.field == field


def test_the_page_shows_a_token_once_and_ends_it(
    place: Place, elsewhere: Place, admin: User, signed_in: SignedIn
) -> None:
    browser = signed_in(admin)
    form = {"name": "MIS <b>", "scopes": ["register:read"], "days": "30"}
    answer = browser.post("/register/programs/", form)
    made = answer.context["made"]
    assert made.secret in answer.content.decode()
    assert "MIS <b>" not in answer.content.decode()
    assert Program(made.secret).ask("GET", ENTRIES).status_code == 200
    assert made.secret not in browser.get("/register/programs/").content.decode()
    other = signed_in(school.make_person(elsewhere.site, Role.ADMIN, "other"))
    assert other.post(f"/register/programs/{made.id}/end/").status_code == 404
    answer = browser.post(f"/register/programs/{made.id}/end/", follow=True)
    assert [row.state for row in answer.context["rows"]] == ["ended"]
    assert Program(made.secret).ask("GET", ENTRIES).status_code == 401


def test_a_form_that_is_refused_comes_back_filled(admin: User, signed_in: SignedIn) -> None:
    form = {"name": "", "scopes": ["loans:read"], "days": str(DAYS[2])}
    answer = signed_in(admin).post("/register/programs/", form)
    assert "Say which program it is for." in answer.content.decode()
    assert answer.context["wanted"].scopes == [Scope.LOANS_READ]
    assert answer.context["wanted"].days == DAYS[2]
    assert not Token.objects.exists()
