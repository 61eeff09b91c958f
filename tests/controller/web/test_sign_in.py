"""Signing in and out, the first password, and what guessers meet."""

import pytest
from django.core.cache import cache
from django.test import Client

from controller.people import services as people
from controller.people.models import User
from controller.people.roles import Role
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.school import PASSWORD


def sign_in(client: Client, who: str, password: str) -> int:
    """Fill in the form."""
    answer = client.post("/sign-in/", {"login": who, "password": password})
    return int(answer.status_code)


@pytest.fixture
def newcomer(place: Place) -> User:
    """Somebody whose password was printed by quickstart."""
    return people.create_account(
        username="admin",
        password=PASSWORD,
        site_id=place.site.id,
        roles=[Role.ADMIN],
        email="Head@Willowbrook.example",
    )


def test_one_signs_in_by_user_name_or_by_mail_address(newcomer: User) -> None:
    assert sign_in(Client(), "admin", PASSWORD) == 302
    assert sign_in(Client(), "head@willowbrook.example", PASSWORD) == 302


def test_a_wrong_password_and_a_wrong_name_look_the_same(newcomer: User) -> None:
    answers = [
        Client().post("/sign-in/", {"login": who, "password": "wrong"}).content.decode()
        for who in ("admin", "nobody")
    ]
    texts = [answer.split("note-error")[1].split("</p>")[0] for answer in answers]
    assert texts[0] == texts[1]


def test_five_wrong_passwords_close_the_account_for_a_while(newcomer: User) -> None:
    client = Client()
    for _ in range(5):
        assert sign_in(client, "admin", "wrong") == 200
    answer = client.post("/sign-in/", {"login": "admin", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    assert answer.status_code in {200, 429}


def test_wrong_passwords_for_invented_names_do_not_open_a_closed_account(newcomer: User) -> None:
    for _ in range(5):
        sign_in(Client(), "admin", "wrong")
    for number in range(2_000):
        cache.set(f"invented-{number}", [0.0], 300)
    client = Client()
    client.post("/sign-in/", {"login": "admin", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_one_guessed_account_does_not_close_the_school(newcomer: User, technician: User) -> None:
    guesser = Client()
    for _ in range(6):
        sign_in(guesser, "admin", "wrong")
    assert sign_in(Client(), technician.username, PASSWORD) == 302


def test_the_first_password_must_be_changed_before_anything_else(
    newcomer: User, signed_in: SignedIn
) -> None:
    client = signed_in(newcomer)
    for path in ("/", "/computers/", "/computers.csv", "/waiting/", "/join-codes/"):
        assert client.get(path).headers["Location"] == "/account/password/"


def test_choosing_a_password_opens_the_pages_and_ends_the_old_one(
    newcomer: User, signed_in: SignedIn
) -> None:
    client = signed_in(newcomer)
    new = "quiet-lamp-seven-otters"
    answer = client.post(
        "/account/password/",
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
    )
    assert answer.headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert sign_in(Client(), "admin", PASSWORD) == 200
    assert sign_in(Client(), "admin", new) == 302


@pytest.mark.parametrize("bad", ["short-one", "password1234"])
def test_a_password_that_guessers_know_is_refused(
    bad: str, newcomer: User, signed_in: SignedIn
) -> None:
    answer = signed_in(newcomer).post(
        "/account/password/",
        {"old_password": PASSWORD, "new_password1": bad, "new_password2": bad},
    )
    newcomer.refresh_from_db()
    assert answer.status_code == 200
    assert newcomer.must_change_password


def test_signing_out_needs_a_form_and_ends_the_session(
    technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    assert client.get("/sign-out/").status_code == 200
    assert client.get("/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("path", ["/signup/", "/accounts/signup/", "/admin/", "/password/reset/"])
def test_there_is_no_way_to_make_an_account_or_reset_one_from_outside(path: str, db: None) -> None:
    assert Client().get(path).status_code == 404


def test_passwords_are_hashed_with_argon2(technician: User) -> None:
    assert technician.password.startswith("argon2$argon2id$")


def test_a_closed_account_stays_out(technician: User) -> None:
    inside, outside = Client(), Client()
    sign_in(inside, technician.username, PASSWORD)
    assert inside.get("/").status_code == 200
    technician.is_active = False
    technician.save()
    sign_in(outside, technician.username, PASSWORD)
    assert [inside.get("/").status_code, outside.get("/").status_code] == [302, 302]


def test_a_link_that_sends_people_away_after_sign_in_is_not_followed(technician: User) -> None:
    answer = Client().post(
        "/sign-in/?next=https://evil.example/",
        {
            "login": technician.username,
            "password": PASSWORD,
            "next": "https://evil.example/",
        },
    )
    assert answer.headers["Location"] == "/"


def test_signing_in_leaves_no_message_in_the_way(technician: User) -> None:
    client = Client()
    sign_in(client, technician.username, PASSWORD)
    assert "Successfully" not in client.get("/").content.decode()
