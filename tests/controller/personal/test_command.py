"""`caretaker people export|erase`: a new file for its owner alone, and one clear sentence."""

import json
from pathlib import Path

import pytest

from controller.commands import main, shared
from controller.people.models import User
from controller.people.roles import Role
from controller.people.services import create_account
from inventory.places.services import create_site

NOW = 1_795_400_000
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and database are in force already."""
    monkeypatch.setattr(shared, "ready", lambda _options: None)


@pytest.fixture
def head() -> User:
    site = create_site(name="Hill School", at=NOW)
    return create_account(
        username="head", password="x" * 20, site_id=site, roles=[Role.ADMIN], name="Head Teacher"
    )


def test_an_export_is_a_new_file_for_its_owner_alone(head: User, tmp_path: Path) -> None:
    out = tmp_path / "person.json"
    assert main.main(["people", "export", "head", "--out", str(out)]) == 0
    document = json.loads(out.read_text("utf-8"))
    assert document["schema"] == "caretaker.person/1"
    assert document["account"]["id"] == head.id
    assert out.stat().st_mode & 0o777 == 0o600


def test_an_export_never_replaces_a_file(
    head: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "person.json"
    out.write_text("the school's own", "utf-8")
    assert main.main(["people", "export", head.id, "--out", str(out)]) == 1
    assert out.read_text("utf-8") == "the school's own"
    assert "name a new file" in capsys.readouterr().err


def test_an_unknown_person_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["people", "erase", "nobody"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_last_administrator_needs_a_second_word(
    head: User, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["people", "erase", "head"]) == 1
    assert "--even-last-admin" in capsys.readouterr().err
    assert main.main(["people", "erase", "head", "--even-last-admin"]) == 0
    head.refresh_from_db()
    assert head.erased_at is not None
    assert main.main(["people", "erase", head.id]) == 0
    assert "erased before" in capsys.readouterr().out


def test_words_that_still_hold_the_name_are_listed(
    head: User, capsys: pytest.CaptureFixture[str]
) -> None:
    from controller.fleet.services import create_join_code

    site = head.memberships.get().site_id
    code = create_join_code(site_id=site, actor="system", at=NOW, label="For head teacher's room")
    assert main.main(["people", "erase", "head", "--even-last-admin"]) == 0
    assert f"fleet.JoinCode  {code.id}" in capsys.readouterr().out
