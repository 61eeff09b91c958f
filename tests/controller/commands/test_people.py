"""`caretaker people add|list|role|password`: how a head teacher comes to an account; and how the
school comes to its name."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from controller.commands import main, shared
from controller.people.models import User
from controller.people.roles import Role
from controller.people.services import create_account, first_password
from inventory.models import Event, Site
from inventory.places.services import create_site

NOW = 1_795_400_000
OWN = "brass-otter-lantern-9"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> str:
    """A school with one administrator; settings and database are in force already."""
    monkeypatch.setattr(shared, "ready", lambda _options: None)
    site = create_site(name="Hill School", at=NOW)
    create_account(username="admin", password=OWN, site_id=site, roles=[Role.ADMIN])
    return site


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main.main(["people", *words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def signs_in(username: str, password: str) -> str:
    """Where they stand after signing in; empty for nowhere."""
    client = Client()
    client.post("/sign-in/", {"login": username, "password": password}, secure=True)
    return str(client.get("/", secure=True).headers.get("Location", "in"))


def verbs(user: User) -> list[str]:
    return list(
        Event.objects.filter(subject=user.id).order_by("seq").values_list("verb", flat=True)
    )


def test_a_head_teacher_gets_an_account_signs_in_and_chooses_a_password(
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = told(capsys, "add", "head", "--role", "slt", "--name", "Helen Marsh")
    head = User.objects.get(id=made["id"])
    assert signs_in("head", made["password"]) == "/account/password/"
    assert [one.role for one in head.memberships.all()] == ["slt"]
    assert verbs(head) == ["person.add"]
    assert made["password"] not in str(Event.objects.values_list())


def test_who_forgot_a_password_gets_one_again_and_the_old_one_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    admin = User.objects.get(username="admin")
    elsewhere = Client()
    elsewhere.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    new = told(capsys, "password", "admin")["password"]
    assert signs_in("admin", OWN).startswith("/sign-in/")
    assert signs_in("admin", new) == "/account/password/"
    assert elsewhere.get("/", secure=True).headers["Location"].startswith("/sign-in/")
    assert verbs(admin) == ["person.password"]


def test_roles_are_given_and_taken_and_each_change_is_one_event(
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = told(capsys, "add", "head", "--role", "slt")
    changed = told(capsys, "role", "head", "--give", "auditor", "--take", "slt")
    assert changed["roles"] == ["auditor"]
    told(capsys, "role", "head", "--give", "auditor")
    assert verbs(User.objects.get(id=made["id"])) == ["person.add", "person.roles"]


def test_a_school_keeps_its_last_administrator(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["people", "role", "admin", "--take", "admin"]) == 1
    assert "give somebody else that role first" in capsys.readouterr().err
    told(capsys, "add", "second", "--role", "admin")
    assert told(capsys, "role", "admin", "--take", "admin")["roles"] == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["add", "admin", "--role", "slt"], "There is an account admin already"),
        (["add", "a b", "--role", "slt"], "Enter a valid username"),
        (["add", "x", "--role", "slt", "--email", "nonsense"], "Enter a valid email address"),
        (["role", "admin"], "Say which role"),
        (["role", "nobody", "--give", "slt"], "caretaker people list"),
    ],
)
def test_a_mistake_is_one_sentence_and_changes_nothing(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["people", *words]) != 0
    said = capsys.readouterr()
    assert said.out == ""
    assert says in said.err
    assert User.objects.count() == 1


def test_the_list_says_who_may_sign_in_as_what(capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "add", "head", "--role", "slt", "--role", "dsl")
    assert main.main(["people", "list"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if " head " in line]
    assert "dsl, slt" in line


def test_a_school_is_called_by_its_name_and_the_log_knows_when_that_began(
    site: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["setup", "school", "St Mary's \x1b[31m& All Saints"]) == 0
    assert Site.objects.get(id=site).name == "St Mary's [31m& All Saints"
    assert Event.objects.filter(subject=site, verb="site.rename").count() == 1
    assert main.main(["setup", "school", "x" * 81]) == 64
    assert main.main(["setup", "school", " "]) == 64
    assert "1 to 80 letters" in capsys.readouterr().err


def test_a_first_password_can_be_read_out_and_not_guessed() -> None:
    made = {first_password() for _ in range(500)}
    assert len(made) == 500
    for one in made:
        assert re.fullmatch(r"([a-hj-km-np-z2-9]{4}-){3}[a-hj-km-np-z2-9]{4}", one), one
